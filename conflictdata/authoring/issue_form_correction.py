"""Turn a "Correct a figure" form into a draft: a patch, or a superseding claim.

CONTRIBUTING.md keeps two cases apart. If the coder mistyped the page, the figure is corrected in place, and the history
of the file records it. If the claimant corrected itself, the page with the correction gets a new claim that
`supersedes` the old one, with a reason. The old claim does not change.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from conflictdata._utils.suggest import suggest
from conflictdata.authoring.append_claim import read_source
from conflictdata.authoring.compose import TODO, Commented, Value, compose, convert_to_data
from conflictdata.authoring.index import SeedIndex, read_index
from conflictdata.authoring.issue_form import FIGURE_KEYS, SLIP, FormResponse
from conflictdata.authoring.issue_form_source import (
    list_comments,
    list_remarks,
    make_address,
    make_day,
    make_quantity,
    make_reference,
    make_todo,
)
from conflictdata.findings import UsageError
from conflictdata.readers.yaml import Block, Node, Scalar, parse_yaml
from conflictdata.schema.fields import CLAIM_ID, ID
from conflictdata.schema.vocabularies import AXIS
from conflictdata.seeds.figures import is_outcome
from conflictdata.seeds.files import list_seed_files
from conflictdata.seeds.scalars import format_scalar

_RECORD = re.compile(rf"(?P<claim>{CLAIM_ID})(?P<path>(?:\.{ID}){{0,9}})\Z")
_LISTS = ("including", "besides", *(f"by {axis}" for axis in AXIS.values))
_WINDOW = ("event", "since", "until", "during", "standing", "projected")
_SLUG = re.compile(r"[^a-z0-9_]")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")


@dataclass
class _FoundRecord:
    """A record in its file.

    Attributes:
        path: The seed file.
        text: Its text.
        root: Its tree.
        claim_id: Id of the claim.
        claim: The block of the claim.
        node: The block or the number of the record itself.
        keys: The keys from the root to the node: `claims`, number, outcome, list, name, list, name.
    """

    path: Path
    text: str
    root: Block
    claim_id: str
    claim: Block
    node: Node
    keys: list[str]

    @property
    def steps(self) -> list[str]:
        """The keys from the claim to the figure. Empty for a claim."""
        return self.keys[2:]


def draft_correction(response: FormResponse, seeds: Path) -> str:
    """Draft a correction: a patch for `git apply`, or a seed file with a claim that supersedes.

    Args:
        response: The form.
        seeds: The seeds folder with the record.

    Raises:
        UsageError: If the record does not exist, has another value than the form says, or the new value is not valid.
    """
    index = read_index(seeds)
    record, key = _find_record(response.text("record"), seeds), response.text("key")
    if (key in FIGURE_KEYS) != bool(record.steps):
        expected = "a figure's id" if key in FIGURE_KEYS else "a claim's id"
        raise UsageError(f"record: to correct {key!r}, give {expected}, not {response.text('record')!r}")
    old = _find_value(record, key)
    response = replace(response, answers={**response.answers, "new": _check_values(response, old.text, index)})
    if response.text("case") == SLIP:
        return _render_patch(response, record, old, seeds)
    return _draft_superseding_page(response, record, index)


def _find_record(id_: str, seeds: Path) -> _FoundRecord:
    hit = _RECORD.match(id_)
    if not hit:
        example = "telesur_english-2024-12-05.1.killed.civilians"
        raise UsageError(f"record: {id_[:80]!r} is not an id of a figure or claim, such as {example}")
    source, _, number = hit["claim"].rpartition(".")
    pages = {seed.stem: Path(seed.path) for seed in list_seed_files(seeds) if seed.is_page}
    if source not in pages:
        raise UsageError(f"record: {seeds / 'sources'} has no page {source!r}. {suggest(source, pages)}".rstrip())
    text, root = read_source(pages[source])
    claims = root.get("claims")
    claim = claims.get(number) if isinstance(claims, Block) else None
    if not isinstance(claim, Block):
        raise UsageError(f"record: {pages[source]} has no claim {number}")
    record = _FoundRecord(pages[source], text, root, hit["claim"], claim, claim, ["claims", number])
    for name in hit["path"].split(".")[1:]:
        _enter_figure(record, name)
    return record


def _enter_figure(record: _FoundRecord, name: str) -> None:
    """Go one name of a figure's path further in."""
    pairs = record.node.pairs if isinstance(record.node, Block) else []
    if not record.steps:
        known = {k.text.replace(" (", "_").rstrip(")"): ([k.text], node) for k, node in pairs if is_outcome(k.text)}
    else:
        lists = [(key.text, node) for key, node in pairs if key.text in _LISTS and isinstance(node, Block)]
        known = {_SLUG.sub("_", k.text.lower()): ([word, k.text], n) for word, block in lists for k, n in block.pairs}
    if name not in known:
        place = f"{record.path}:{record.node.line}"
        raise UsageError(f"record: {place}: the record has no figure {name!r}. {suggest(name, known)}".rstrip())
    keys, record.node = known[name]
    record.keys += keys


def _find_value(record: _FoundRecord, key: str) -> Scalar:
    """Return the value to correct."""
    if key == "n" and isinstance(record.node, Scalar):
        return record.node
    value = record.node.get(key) if isinstance(record.node, Block) else None
    if not isinstance(value, Scalar):
        raise UsageError(f"key: {record.path}:{record.node.line}: the record has no {key!r}; add it by hand")
    return value


def _check_values(response: FormResponse, old: str, index: SeedIndex) -> str:
    """Compare the old value with the data, and check the new one as far as possible without the page.

    Returns:
        The new value; the id if it is the name of an actor or a place.
    """
    key, form_old, text = (response.text(field) for field in ("key", "old", "new"))
    if old == text:
        raise UsageError(f"new: the data have {text!r} already; perhaps it was corrected after the form was sent")
    if old != form_old:
        raise UsageError(f"old: the data have {old!r}, the form says {form_old!r}; read the page again")
    new = Commented(text)
    if key in ("claimant", "via", "location"):
        new = make_reference(index.tables["locations" if key == "location" else "actors"], text)
    elif key in ("n", "as_of"):
        new = make_quantity(text) if key == "n" else make_day(text)
    if new.beside:
        raise UsageError(f"new: {text!r}: {new.beside.removeprefix(f'{TODO}: ')}")
    return str(new.value)


def _render_patch(response: FormResponse, record: _FoundRecord, old: Scalar, seeds: Path) -> str:
    """Render a patch that changes one value, with the reason above it."""
    new = response.text("new")
    lines = record.text.splitlines(keepends=True)
    line, start = lines[old.line - 1], old.column - 1
    quoted = _QUOTED.match(line, start)
    end = quoted.end() if quoted else start + len(old.text)
    changed = [*lines]
    changed[old.line - 1] = f"{line[:start]}{format_scalar(new, in_flow=True)}{line[end:]}"
    keys = record.keys if old is record.node else [*record.keys, response.text("key")]
    if not _changes_one_value(record.root, "".join(changed), keys, new):
        raise UsageError(f"{record.path}:{old.line}: the value cannot be replaced on one line; change it by hand")
    name = (Path(seeds.resolve().name) / record.path.relative_to(seeds)).as_posix()
    title = f"{response.text('record')}: {response.text('key')}, {old.text} becomes {new}"
    head = [title, response.text("reason"), response.text("url"), *list_remarks(response)]
    diff = difflib.unified_diff(lines, changed, f"a/{name}", f"b/{name}")
    body = [row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in diff]
    return "".join([*(f"# {text}\n" for text in head), *body])


def _changes_one_value(old: Block, new_text: str, keys: list[str], value: str) -> bool:
    """Return whether a text is the old tree with one other value."""
    new, troubles = parse_yaml(new_text, "")
    if new is None or troubles:
        return False
    expected = block = convert_to_data(old)
    for key in keys[:-1]:
        block = block[key]
    block[keys[-1]] = value
    return bool(convert_to_data(new) == expected)


def _draft_superseding_page(response: FormResponse, record: _FoundRecord, index: SeedIndex) -> str:
    """Draft a seed file for the page with the correction."""
    publisher = response.text("publisher")
    path = f"seeds/sources/{record.path.parent.name}/<publisher>-<published>.yaml"
    page: dict[str, Value] = {
        "publisher": make_reference(index.tables["actors"], publisher) if publisher else TODO,
        "kind": make_todo("article", "article, statement or report"),
        "url": make_address(response.text("url")),
        "published": make_day(response.text("published")),
        "published_basis": "page",
        "language": make_todo("", "a code such as en"),
        "access": make_todo("", "full_text, excerpt or title"),
        "claims": {1: _draft_claim(response, record)},
    }
    step = f"{TODO}: save it as {path}; {response.text('record')} does not change."
    return compose(page, head=list_comments(response, step))


def _draft_claim(response: FormResponse, record: _FoundRecord) -> dict[str, Value]:
    """Draft a claim with the window and place of the old one."""
    key, new = response.text("key"), response.text("new")
    old = {key.text: value.text for key, value in record.claim.pairs if isinstance(value, Scalar)}
    claim: dict[str, Value] = {
        "claimant": old.get("claimant", TODO),
        **{window: old[window] for window in _WINDOW if window in old},
        "as_of": make_todo("", f"the old claim counts up to {old.get('as_of', '?')}"),
        "location": old.get("location", TODO),
        "supersedes": record.claim_id,
        "reason": response.text("reason"),
    }
    if record.steps:
        return claim | {record.steps[0]: _draft_figure(record.steps, key, new)}
    totals = {key.text: _make_total(value) for key, value in record.claim.pairs if is_outcome(key.text)}
    return {**claim, key: new, **totals}


def _make_total(value: Node) -> Commented:
    """Return TODO for the total of an outcome, to be read again on the new page."""
    n = value.get("n") if isinstance(value, Block) else value
    return make_todo("", f"the old claim has {n.text}" if isinstance(n, Scalar) else "the number")


def _draft_figure(steps: list[str], key: str, new: str) -> dict[str, Value]:
    """Draft the figures on the way to the corrected one. A person adds the others from the new page."""
    if len(steps) == 1:
        return {"n": make_todo("", "the number"), "printed": make_todo("", "the words around the number"), key: new}
    relation, why = steps[1], ""
    if relation.startswith("by "):
        relation, why = "including", f"{TODO}: `{relation}` on the old page: the whole list, if the new one gives it"
    inner = {steps[2]: _draft_figure(steps[2:], key, new)}
    return {"n": make_todo("", "the number on the new page"), relation: Commented(inner, why)}
