"""Turn a "Correct a figure" form into a draft: a patch, or a superseding claim.

CONTRIBUTING.md keeps two cases apart. If the coder mistyped the page, the figure is corrected in place, and the history
of the file records it. If the claimant corrected itself, the page with the correction gets a new claim that
`supersedes` the old one, with a reason. The old claim does not change.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from conflictdata.authoring.compose import (
    TODO,
    WRONG_DAY,
    Registers,
    SeedLine,
    clean_comment,
    format_flow_scalar,
    is_day,
    make_day_line,
    read_registers,
    render_form_seed,
)
from conflictdata.authoring.issue_form import FIGURE_KEYS, SLIP, Filled
from conflictdata.authoring.issue_form_source import format_remarks, make_address_line
from conflictdata.findings import UsageError
from conflictdata.readers.text import read_text
from conflictdata.readers.yaml import parse_yaml
from conflictdata.schema.fields import CLAIM_ID, ID
from conflictdata.schema.vocabularies import AXIS
from conflictdata.seeds import quantity
from conflictdata.seeds.figures import is_outcome

_RECORD = re.compile(rf"(?P<claim>{CLAIM_ID})(?P<path>(?:\.{ID}){{0,9}})\Z")
_LISTS = ("including", "besides", *(f"by {axis}" for axis in AXIS.values))
_WINDOW = ("event", "since", "until", "during", "standing", "projected")
_SLUG = re.compile(r"[^a-z0-9_]")

Pairs = list[tuple[yaml.Node, yaml.Node]]


@dataclass
class _Spot:
    """A record in its file.

    Attributes:
        path: the seed file.
        text: what it holds.
        claim: the block of the claim.
        node: the block or the number of the record itself.
        steps: the keys that lead from the claim to a figure: outcome, list, name, list, name.
    """

    path: Path
    text: str
    claim: yaml.Node
    node: yaml.Node
    steps: list[str] = field(default_factory=list)


def draft_correction(filled: Filled, seeds: Path) -> str:
    """The draft of a correction: a patch for `git apply`, or a seed file with a claim that supersedes.

    Args:
        filled: the form.
        seeds: the folder of seeds that holds the record.

    Raises:
        UsageError: the record is not there, has another value than the form says, or the new value cannot stand.
    """
    spot = _find_record(filled.text("record"), seeds)
    key = filled.text("key")
    if (key in FIGURE_KEYS) != bool(spot.steps):
        wanted = "a figure's id" if key in FIGURE_KEYS else "a claim's id"
        raise UsageError(
            f"line {filled.answers['record'].line}: {key!r} is corrected by {wanted}, not by {filled.text('record')!r}"
        )
    old = _find_value(spot, key)
    _compare(filled, old)
    _check_new(filled, read_registers(seeds))
    return (
        _render_patch(filled, spot, old, seeds)
        if filled.text("case") == SLIP
        else _draft_superseding_page(filled, spot, read_registers(seeds))
    )


def _find_record(record: str, seeds: Path) -> _Spot:
    """The record of an id. The id never becomes a path: it has to have the form of an id first."""
    hit = _RECORD.match(record)
    if not hit:
        raise UsageError(
            f"{record[:80]!r} is no id of a figure or claim, such as telesur_english-2024-12-05.1.killed.civilians"
        )
    source, _, number = hit["claim"].rpartition(".")
    found = sorted((seeds / "sources").glob(f"*/{source}.yaml"))
    if not found:
        known = [path.stem for path in (seeds / "sources").glob("*/*.yaml")]
        raise UsageError(f"{seeds / 'sources'} has no page {source!r}{_suggest(source, known)}")
    text, faults = read_text(found[0], str(found[0]))
    tree, troubles = parse_yaml(text or "", str(found[0]))
    if text is None or tree is None or faults or troubles:
        raise UsageError(f"{found[0]} has faults of its own: {(faults or troubles)[0].message}; mend them first")
    claims = _get(yaml.compose(text, Loader=yaml.BaseLoader), "claims")
    claim = _get(claims, number) if claims else None
    if claim is None:
        raise UsageError(
            f"{found[0]} has no claim {number}{_suggest(number, [k.value for k, _ in _list_pairs(claims)])}"
        )
    spot = _Spot(found[0], text, claim, claim)
    for name in hit["path"].split(".")[1:]:
        _enter_figure(spot, name)
    return spot


def _suggest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; perhaps {close[0]!r}" if close else ""


def _list_pairs(node: yaml.Node | None) -> Pairs:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    return next((value for name, value in _list_pairs(node) if name.value == key), None)


def _enter_figure(spot: _Spot, name: str) -> None:
    """One name of a figure's path further in."""
    known = {}
    if not spot.steps:
        known = {
            _format_outcome(key.value): ([key.value], value)
            for key, value in _list_pairs(spot.claim)
            if is_outcome(key.value)
        }
    for word, members in _list_pairs(spot.node) if spot.steps else []:
        if word.value in _LISTS:
            known |= {_SLUG.sub("_", k.value.lower()): ([word.value, k.value], v) for k, v in _list_pairs(members)}
    if name not in known:
        raise UsageError(
            f"{spot.path}:{spot.node.start_mark.line + 1}: no figure {name!r} here{_suggest(name, [*known])}"
        )
    steps, spot.node = known[name]
    spot.steps += steps


def _format_outcome(key: str) -> str:
    """An outcome as ids have it: `injured (cases)` is `injured_cases`."""
    return key.replace(" (", "_").rstrip(")")


def _find_value(spot: _Spot, key: str) -> yaml.ScalarNode:
    """The value that is to be corrected."""
    value = spot.node if key == "n" and isinstance(spot.node, yaml.ScalarNode) else _get(spot.node, key)
    if not isinstance(value, yaml.ScalarNode):
        place = f"{spot.path}:{spot.node.start_mark.line + 1}"
        raise UsageError(f"{place}: the record has no {key!r}; add it by hand")
    if value.start_mark.line != value.end_mark.line:
        raise UsageError(
            f"{spot.path}:{value.start_mark.line + 1}: the value runs over several lines; change it by hand"
        )
    return value


def _compare(filled: Filled, old: yaml.ScalarNode) -> None:
    has, said, new = old.value, filled.text("old"), filled.text("new")
    if has == new:
        raise UsageError(f"the data have {new!r} already: perhaps it was mended since the form was sent")
    if has != said:
        raise UsageError(
            f"line {filled.answers['old'].line}: the data have {has!r}, the form says {said!r}: read the page again"
        )


def _check_new(filled: Filled, known: Registers) -> None:
    """The new value as its column allows it, where that can be said without the page."""
    new, key = filled.text("new"), filled.text("key")
    checks: dict[str, Callable[[str], str]] = {
        "n": _check_quantity,
        "as_of": lambda text: "" if is_day(text) else WRONG_DAY,
        "claimant": lambda text: _check_id(text, known.actors.ids, known.actors.find_nearest(text)),
        "via": lambda text: _check_id(text, known.actors.ids, known.actors.find_nearest(text)),
        "location": lambda text: _check_id(text, known.locations.ids, known.locations.find_nearest(text)),
    }
    if key in checks and (fault := checks[key](new)):
        raise UsageError(f"line {filled.answers['new'].line}: {fault}")


def _check_quantity(text: str) -> str:
    try:
        quantity.parse_quantity(text)
    except quantity.NotAQuantity as fault:
        return f"{fault}. {fault.hint}".strip()
    return ""


def _check_id(text: str, ids: frozenset[str], near: str) -> str:
    return "" if text in ids else f"{text!r} is no id of the register{f'; perhaps {near}' if near else ''}"


def _render_patch(filled: Filled, spot: _Spot, old: yaml.ScalarNode, seeds: Path) -> str:
    """A patch that changes this one value, with the reason above it."""
    new = filled.text("new")
    start, end = old.start_mark, old.end_mark
    lines = re.findall(r"[^\n]*\n|[^\n]+", spot.text)
    line = lines[start.line]
    changed = [*lines]
    changed[start.line] = line[: start.column] + format_flow_scalar(new) + line[end.column :]
    _check_only_change(spot.text, "".join(changed), old.value, new)
    name = (Path(seeds.resolve().name) / spot.path.relative_to(seeds)).as_posix()
    diff = difflib.unified_diff(lines, changed, f"a/{name}", f"b/{name}")
    head = [
        f"{filled.text('record')}: {filled.text('key')}, {old.value} becomes {new}",
        filled.text("reason"),
        filled.text("url"),
    ]
    body = "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in diff)
    return "".join(f"# {clean_comment(text)}\n" for text in [*head, *format_remarks(filled)]) + body


def _check_only_change(before: str, after: str, old: str, new: str) -> None:
    """Fails where the change would reach further than one value."""
    was, now = (list(_iterate_scalars(yaml.compose(text, Loader=yaml.BaseLoader))) for text in (before, after))
    differ = [(a, b) for a, b in zip(was, now, strict=False) if a != b]
    if len(was) != len(now) or differ != [(old, new)]:
        raise UsageError("the new value cannot be put in the place of the old one; change it by hand")


def _iterate_scalars(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value
    elif isinstance(node, yaml.SequenceNode):
        for member in node.value:
            yield from _iterate_scalars(member)
    for key, value in _list_pairs(node):
        yield from _iterate_scalars(key)
        yield from _iterate_scalars(value)


def _draft_superseding_page(filled: Filled, spot: _Spot, known: Registers) -> str:
    """A seed for the page that carries the correction."""
    page = [
        known.actors.make_line("publisher", filled.text("publisher"))
        if filled.text("publisher")
        else SeedLine("publisher", TODO),
        SeedLine("kind", "article", "article, statement or report"),
        make_address_line("url", filled.text("url")),
        make_day_line("published", filled.text("published")),
        SeedLine("published_basis", "page"),
        SeedLine("language", TODO, "a code such as en"),
        SeedLine("access", TODO, "full_text, excerpt or title"),
    ]
    return render_form_seed(
        _make_comments(filled, spot),
        [*page, SeedLine("claims", below=[SeedLine("1", below=[*_draft_claim(filled, spot)])])],
    )


def _make_comments(filled: Filled, spot: _Spot) -> Iterator[str]:
    yield f'A draft made from a filled form "{filled.form.name}". Each {TODO} is for a person to decide, with the page open.'
    yield f"{TODO}: save it as seeds/sources/{spot.path.parent.name}/<publisher>-<published>.yaml; {filled.text('record')} stays as it is."
    yield from format_remarks(filled)


def _draft_claim(filled: Filled, spot: _Spot) -> Iterator[SeedLine]:
    """A claim of the same window and place that takes the old one's part."""
    new = {filled.text("key"): filled.text("new")}
    was = {key.value: value.value for key, value in _list_pairs(spot.claim) if isinstance(value, yaml.ScalarNode)}
    yield SeedLine("claimant", new.get("claimant") or was.get("claimant", TODO))
    yield from (SeedLine(word, was[word]) for word in _WINDOW if word in was)
    yield SeedLine(
        "as_of",
        new.get("as_of") or TODO,
        "" if "as_of" in new else f"the old claim counts up to {was.get('as_of', '?')}",
    )
    yield SeedLine("location", new.get("location") or was.get("location", TODO))
    yield SeedLine("supersedes", _RECORD.match(filled.text("record"))["claim"])  # type: ignore[index]
    yield SeedLine("reason", filled.text("reason"))
    if spot.steps:
        yield _draft_figure(spot.steps, filled)
    else:
        yield from (_draft_total(key.value, value) for key, value in _list_pairs(spot.claim) if is_outcome(key.value))


def _draft_total(key: str, value: yaml.Node) -> SeedLine:
    """The total of an outcome, to be read again on the new page."""
    n = value if isinstance(value, yaml.ScalarNode) else _get(value, "n")
    return SeedLine(key, TODO, f"the old claim has {n.value}" if isinstance(n, yaml.ScalarNode) else "the number")


def _draft_figure(steps: list[str], filled: Filled) -> SeedLine:
    """The figures on the way to the corrected one; the others are read on the new page."""
    key, *further = steps
    if not further:
        value = filled.text("new") if filled.text("key") == "n" else TODO
        corrected = [SeedLine("n", value, "" if value != TODO else "the number")]
        if filled.text("key") != "n":
            corrected.append(SeedLine(filled.text("key"), filled.text("new")))
        return SeedLine(
            key,
            below=[
                *corrected,
                *(
                    []
                    if filled.text("key") == "printed"
                    else [SeedLine("printed", TODO, "the words around the number")]
                ),
            ],
        )
    word, *inner = further
    why = f"`{word}` on the old page: the whole list, if the new one gives it" if word.startswith("by ") else ""
    relation = "including" if word.startswith("by ") else word
    return SeedLine(
        key,
        below=[
            SeedLine("n", TODO, "the number on the new page"),
            SeedLine(relation, todo=why, below=[_draft_figure(inner, filled)]),
        ],
    )
