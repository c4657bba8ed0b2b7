"""The JSON Schemas for editors.

All seeds pass. The schemas refuse what `validate` refuses, as far as JSON Schema can express it.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from depth import count_examples
from editorview import is_read_differently, parse_as_editor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from conflictdata.datapackage.version import Release
from conflictdata.devtools.example_world import PAGE, RELEASED, WAR
from conflictdata.devtools.seed_schemas import SCHEMAS, render_files
from conflictdata.findings import Finding
from conflictdata.rules import load_rules
from conflictdata.rules.base import VERDICT
from conflictdata.schema.columns import make_empty_frame
from conflictdata.schema.tables import MODELS
from conflictdata.schema.vocabularies import VOCABULARIES
from conflictdata.seeds import events, figures, ledgers, sources
from conflictdata.seeds.group_words import GROUPS
from conflictdata.validation.cells import check_cells
from conflictdata.validation.evaluate import RuleContext
from conflictdata.validation.pipeline import read_seeds_target, validate_target

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"

FILES = {name: sorted(ROOT.glob(where)) for name, (where, _) in SCHEMAS.items()}


@functools.cache
def load_schema(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8"))


@functools.cache
def make_validator(name: str) -> Draft7Validator:
    return Draft7Validator(load_schema(name))


def list_refusals(name: str, text: str) -> list[str]:
    """Return the schema's errors for a text, as an editor shows them."""
    return [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
        for e in make_validator(name).iter_errors(parse_as_editor(text))
    ]


@pytest.mark.parametrize("path", render_files())
def test_the_committed_schemas_are_those_of_the_models(path):
    assert (ROOT / path).read_text(encoding="utf-8") == render_files()[path], "run `conflictdata publish --repository`"


def test_no_other_schema_of_seeds_is_kept():
    assert {p.name for p in (ROOT / "schemas").glob("seed-*")} == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_draft_7(name):
    Draft7Validator.check_schema(load_schema(name))
    assert load_schema(name)["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "not edited by hand" in load_schema(name)["$comment"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_seed_passes(name):
    assert FILES[name]
    assert {p.name: found for p in FILES[name] if (found := list_refusals(name, p.read_text(encoding="utf-8")))} == {}


def test_all_pages_were_tried():
    assert len(FILES["seed-source.schema.json"]) == len(list((SEEDS / "sources").rglob("*.yaml"))) >= 254


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEMAS)
def test_another_reader_passes_every_seed(name):
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(ROOT / "schemas" / name),
        *map(str, FILES[name]),
    ]

    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_mapping_in_the_docs_is_that_of_the_schemas():
    text = (ROOT / "docs/seeds.md").read_text(encoding="utf-8")
    (settings_,) = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S)]

    assert settings_["yaml.schemas"] == {f"./schemas/{name}": where for name, (where, _) in SCHEMAS.items()}


def find_patterns(tree: Any) -> list[str]:
    found = []
    if isinstance(tree, dict):
        found += [tree["pattern"]] if isinstance(tree.get("pattern"), str) else []
        found += list(tree.get("patternProperties", {}))
        found += [p for value in tree.values() for p in find_patterns(value)]
    if isinstance(tree, list):
        found += [p for value in tree for p in find_patterns(value)]
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_patterns_are_those_that_editors_know(name):
    for pattern in find_patterns(load_schema(name)):
        assert not re.search(r"\(\?[^:!=]|\\Z|\\A|\\d|\\z", pattern), pattern
        assert "^" in pattern
        assert "$" in pattern


def find_definition(name: str) -> dict[str, Any]:
    return load_schema("seed-source.schema.json")["definitions"][name]


def test_the_keys_are_those_of_the_reader():
    page, event = load_schema("seed-source.schema.json"), load_schema("seed-events.schema.json")["definitions"]["event"]

    assert set(page["properties"]) == {*sources.PAGE, "claims"}
    assert set(find_definition("claim")["properties"]) == sources._KNOWN_KEYS
    assert set(find_definition("attributes")["properties"]) == figures.KEYS
    assert set(event["properties"]) == events._KEYS
    assert set(load_schema("seed-waivers.schema.json")["items"]["properties"]) == {*ledgers.WAIVER, ledgers.FOUND}
    assert set(find_definition("list")["properties"]) == set(GROUPS)


def find_enums(tree: Any) -> list[tuple[list[Any], list[str]]]:
    found = []
    if isinstance(tree, dict):
        found += [(tree["enum"], tree["enumDescriptions"])] if "enum" in tree else []
        found += [e for value in tree.values() for e in find_enums(value)]
    if isinstance(tree, list):
        found += [e for value in tree for e in find_enums(value)]
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_word_has_its_meaning(name):
    for terms, meanings in find_enums(load_schema(name)):
        assert len(terms) == len(meanings)
        assert all(meanings)


def test_the_words_are_those_of_the_vocabularies():
    claim = find_definition("claim")["properties"]

    assert claim["basis"]["enum"] == list(VOCABULARIES["basis"].values)
    assert claim["basis"]["enumDescriptions"] == [t.definition for t in VOCABULARIES["basis"].terms]
    assert find_definition("attributes")["properties"]["cause"]["enum"] == list(VOCABULARIES["cause"].values)


def test_every_key_says_what_it_holds():
    blocks = [
        load_schema("seed-source.schema.json"), find_definition("claim"), find_definition("attributes"), find_definition("list"),
        load_schema("seed-events.schema.json")["definitions"]["event"], load_schema("seed-waivers.schema.json")["items"],
        load_schema("seed-release.schema.json"),
    ]  # fmt: skip
    for found in blocks:
        for key, value in found["properties"].items():
            assert value.get("description") or value == {"$ref": "#/definitions/share"}, key


# ---- agreement with validate -------------------------------------------------------------------------------------

HEAD = "publisher: paper\nurl: https://example.org/news/2\npublished: 2024-06-02\nlanguage: en\naccess: full_text\nclaims:\n  1:\n"
CLAIM = HEAD + "    claimant: observatory\n    as_of: 2024-06-02\n    location: town\n"

# Rules that the schemas express too: if one of them fails, the schema refuses.
SAID = (
    "claims.correction-has-reason", "claims.retraction-has-reason", "claims.stock-is-one-day", "claim_links.key-unique",
    "claim_perpetrators.key-unique", "events.merged-names-target", "event_actors.key-unique", "sources.url-is-address",
    "sources.archive-url-is-address", "sources.url-without-login", "figures.qualifier-fits-bounds",
)  # fmt: skip

# Beyond JSON Schema: bytes and YAML itself (an editor reports these on its own); other records; duplicate
# names; the order of keys; depth.
UNSAID = {
    "seed.duplicate-name", "seed.duplicate-source", "seed.file-name", "seed.missing-table", "seed.order", "seed.retired-id",
}  # fmt: skip


def is_beyond_schema(finding: Finding, tree: Any) -> bool:
    """Return whether a finding is beyond a schema."""
    if finding.rule in UNSAID or finding.rule.startswith(("file.", "yaml.")):
        return True
    if finding.rule == "seed.name":  # a table decides whether a name is an actor's
        return re.fullmatch("[a-z0-9][a-z0-9_]*", finding.value) is not None
    if finding.rule == "seed.quantity" and re.search("does not rise", finding.message):
        return True
    if finding.rule == "cells.pattern" and finding.fields == ("figure_id",):  # too deep
        return True
    return _is_spelling(finding.value, tree)


def _is_spelling(value: str, tree: Any) -> bool:
    """Return whether an editor reads a number that the reader keeps as spelt.

    Such as 012, 1e3, 0x1F, +5.
    """
    if not isinstance(parse_as_editor(value) if value.strip() and ":" not in value else None, (int, float)):
        return False
    return value != str(parse_as_editor(value))


def find_by_validate(name: str, text: str) -> tuple[list[Finding], set[str], Path]:
    """Validate a file alone.

    Returns:
        The findings of reading and of cells, the rules above that fail, and the seeds folder.
    """
    folder = Path(tempfile.mkdtemp(dir=_make_folder()))
    file = {"seed-source": PAGE, "seed-events": "events/war.yaml", "seed-waivers": "waivers.yaml"}[
        name.partition(".")[0]
    ]
    page = CLAIM + "    during: 2024-06-01\n    injured: 20\n"
    for where, content in {**WAR, PAGE: page, file: text}.items():
        (folder / where).parent.mkdir(parents=True, exist_ok=True)
        (folder / where).write_text(content, encoding="utf-8")
    subject = read_seeds_target(folder)
    found = [f for f in subject.findings if f.place and f.place.file.endswith(file)]
    tables = {table: make_empty_frame(table) for table in MODELS}
    for table, sheet in subject.sheets.items():
        tables[table], faults, _ = check_cells(table, sheet.frame)
        places = [
            (fault, sheet.place(fault.row, (fault.column,))) for fault in faults if fault.rule != "cells.required"
        ]
        found += [
            Finding(fault.rule, "error", fault.message, "", table, "", (fault.column,), fault.value, place)
            for fault, place in places
            if place.file.endswith(file)
        ]
    return found, _list_failing(tables), folder


def _list_failing(tables: dict[str, Any]) -> set[str]:
    frames = RuleContext(tables, RELEASED)
    failing = set()
    for id_ in SAID:
        rule = load_rules()[id_]
        judged = (
            frames[rule.view or rule.table].with_columns(rule.check.alias(VERDICT))
            if rule.is_row_rule
            else rule.check(frames)
        )
        if (~judged.collect().to_polars()[VERDICT].cast(bool)).any():
            failing.add(id_)
    return failing


@functools.cache
def _make_folder() -> str:
    return tempfile.mkdtemp(prefix="conflictdata-editor-")


def check_agreement(name: str, text: str) -> None:
    """Assert that a schema and `validate` agree.

    The schema refuses a file only if `validate` does, and whenever it can express the rule.
    """
    tree = parse_as_editor(text)
    result = list_refusals(name, text)
    found, failing, folder = find_by_validate(name, text)
    if result and not found and not failing and not is_read_differently(tree):
        report = validate_target(read_seeds_target(folder), released_on=RELEASED).report
        assert report.errors, f"the schema says {result} of\n{text}"
    if not result:
        assert [(f.rule, f.message) for f in found if not is_beyond_schema(f, tree)] == [], text
        assert failing == set(), text


QUANTITIES = """
727 | at least 727 | more than 300 | about 600 | nearly 100 | up to 600 | 100 to 200 | several | unstated | "727" | 0 | more than 0
10000000000 | 62% | about 62% | 99.5% | 100% | 100.0% | 0.5%
""".replace("\n", "|").split("|")
NO_QUANTITIES = """
-1 | 7.5 | 48,000 | 1_000 | 12+ | 5-8 | at least | at least 0 | about 0 | at least 07 | 200%% | 101% | 100.5% | 10000000001 | >5 | dozen
Many | ７２７ | [5] | at  least 5 | true | "727 " | n/a | ~500 | 100 to | 05%
""".replace("\n", "|").split("|")


def strip(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


@pytest.mark.parametrize("quantity", strip(QUANTITIES))
def test_a_quantity_passes(quantity):
    text = (
        f"{CLAIM}    during: 2024-06-01\n    injured:\n      n: 800\n      including:\n        children: {quantity}\n"
    )

    assert list_refusals("seed-source.schema.json", text) == []
    check_agreement("seed-source.schema.json", text)


@pytest.mark.parametrize("quantity", strip(NO_QUANTITIES))
def test_what_is_no_quantity_is_refused(quantity):
    text = (
        f"{CLAIM}    during: 2024-06-01\n    injured:\n      n: 800\n      including:\n        children: {quantity}\n"
    )

    assert list_refusals("seed-source.schema.json", text)
    check_agreement("seed-source.schema.json", text)


@pytest.mark.parametrize("year", range(1899, 2030))
def test_the_days_of_a_year_are_those_of_the_calendar(year):
    import datetime as dt

    day = make_validator("seed-release.schema.json").evolve(
        schema=load_schema("seed-release.schema.json")["properties"]["date"]
    )
    for month in range(14):
        for number in (0, 1, 28, 29, 30, 31, 32):
            text = f"{year:04d}-{month:02d}-{number:02d}"
            try:
                exists = dt.date.fromisoformat(text) >= dt.date(1900, 1, 1)
            except ValueError:
                exists = False
            assert day.is_valid(text) == exists, text


REFUSED = {
    "no window": "killed: 8",
    "two windows": "since: 2024-05-01\nduring: 2024-06-01\nkilled: 8",
    "until without since": "during: 2024-06-01\nuntil: 2024-06-02\nkilled: 8",
    "until beside an event": "event: 2024-06-01-raid\nuntil: 2024-06-02\ninjured: 8",
    "since with a span": "since: 2024-05-01/2024-06-01\nkilled: 8",
    "a level over days": "standing: 2024-05-01/2024-06-01\nkilled: 8",
    "no figure": "during: 2024-06-01",
    "an unknown unit": "during: 2024-06-01\nkilled: 8\ninjured (treatments): 3",
    "an unknown key": "during: 2024-06-01\nkilled: {n: 8, includes: {men: 3}}",
    "a term with a capital": "during: 2024-06-01\nbasis: Recorded\nkilled: 8",
    "a correction without its reason": "during: 2024-06-01\nsupersedes: paper-2024-06-01.1\nkilled: 8",
    "a retraction without its reason": "during: 2024-06-01\nstatus: retracted\nkilled: 8",
    "a share of nothing": "during: 2024-06-01\nkilled: 62%",
    "a share of nothing in a block": "during: 2024-06-01\nkilled: {n: 62%}",
    "a list for a figure": "during: 2024-06-01\nkilled: [8]",
    "a name with a capital": "during: 2024-06-01\nkilled: {n: 8, by sex: {Men: 8}}",
    "no group word": "during: 2024-06-01\nkilled: {n: 8, who: civilian}",
    "an empty value": "during: 2024-06-01\nvia:\nkilled: 8",
    "an id with a space": 'during: 2024-06-01\nvia: "agency "\nkilled: 8',
    "two perpetrators, one twice": "during: 2024-06-01\nperpetrator: [rebels, rebels]\nkilled: 8",
    "a formula": 'during: 2024-06-01\nkilled: {n: 8, label: "=1+1"}',
    "a todo": "during: 2024-06-01\nmethod: TODO how they count\nkilled: 8",
    "a long text": f"during: 2024-06-01\nmethod: {'x' * 281}\nkilled: 8",
    "a key of a key in another scheme": "during: 2024-06-01\nids: {ucdp: {id: 5, how: exact}}\nkilled: 8",
    "no key in another scheme": "during: 2024-06-01\nids: {ucdp: []}\nkilled: 8",
    "a day that is none": "during: 2023-02-29\nkilled: 8",
}


@pytest.mark.sample(6)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_in_a_claim_is_an_error(name):
    text = CLAIM + "".join(f"    {line}\n" for line in REFUSED[name].split("\n"))

    assert list_refusals("seed-source.schema.json", text)
    check_agreement("seed-source.schema.json", text)


ACCEPTED = {
    "an event": "event: 2024-06-01-raid\ninjured: 8",
    "an event and its days": "event: 2024-06-01-raid\nduring: 2024-06-01\ninjured: 8",
    "an event and a running toll": "event: 2024-06-01-raid\nsince: 2024-06-01\ninjured: 8",
    "another unit": "during: 2024-06-01\ninjured (cases): 8",
    "a number for a label": "during: 2024-06-01\nkilled: {n: 8, label: 1948}",
    "a quoted number": 'during: 2024-06-01\nkilled: {n: "8", including: {men: "5"}}',
    "a level on a day": "standing: 2024-06-01/2024-06-01\ndisplaced: 8",
    "a tree": "during: 2024-06-01\nkilled: {n: 8, by sex: {men: {n: 5, including: {officers: 1}}, women: 3}, besides: {boys: 2}}",
    "keys in other schemes": "during: 2024-06-01\nids: {ucdp_ged: [5, {id: 6, match: partial}]}\nkilled: 8",
    "a list of perpetrators": "during: 2024-06-01\nperpetrator: [rebels, army]\ncertainty: alleged\nkilled: 8",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_in_a_claim_is_clean(name):
    text = CLAIM + "".join(f"    {line}\n" for line in ACCEPTED[name].split("\n"))

    assert list_refusals("seed-source.schema.json", text) == []
    assert find_by_validate("seed-source.schema.json", text)[:2] == ([], set())


@pytest.mark.parametrize("word", ["null", "~", "true"])
def test_words_that_yaml_reads_otherwise_are_quoted_for_editors(word):
    plain = f"{CLAIM}    during: 2024-06-01\n    killed: {{n: 8, label: {word}}}\n"

    assert list_refusals("seed-source.schema.json", plain)
    assert list_refusals("seed-source.schema.json", plain.replace(f"label: {word}", f'label: "{word}"')) == []


@pytest.mark.parametrize(("text", "good"), [("1.0.0", True), ("1.0", False), ("1.02.0", False), ("v1.0.0", False)])
def test_the_version_is_checked_as_in_publishing(text, good):
    assert (list_refusals("seed-release.schema.json", f'version: "{text}"\ndate: 2024-07-01\n') == []) == good
    try:
        Release(text, RELEASED)
    except ValueError:
        assert not good
    else:
        assert good


# ---- random files: real ones, changed ---------------------------------------------------------------------

VALUES = [
    "8", "0", "-3", "012", "1e3", "7.5", "48,000", "at least 8", "at least 0", "about 62%", "62%", "5 to 3", "3 to 5", "dozens", "tens of thousands", "tens_of_thousands",
    "unstated", "2024-06-01", "2024-6-1", "2024-02-30", "2024-05-01/2024-06-01", "2024-06-01/", "1066-10-14", "town", "rebels",
    "observatory", "Rebels", '"town "', '" "', "", '""', "paper-2024-06-01.1", "paper-2024-06-01", "2024-06-01-raid", "active",
    "merged", "retracted", "recorded", "civilians", "women", "male", "child", "officer", "airstrike", "1948", "A note.", '"=A1"',
    '"@me"', "TODO", "true", "null", "en", "english", "https://example.org/a", "ftp://example.org/a", "https://me@example.org/a",
    "urn:document:a.txt", "[]", "[rebels, army]", "[rebels, rebels]", "[[rebels]]", "{}", "{n: 3}", "{men: 3}", "{id: 3}",
    "{n: 3, label: a group}", "{id: 3, match: partial}", "{id: 3, how: well}", "{paper-2024-06-01: rebels}", "{a b: 3}", "{1: 3}",
]  # fmt: skip
OTHER_KEYS = [
    "Killed",
    "include",
    "by",
    "by gender",
    "killed (bodies)",
    "injured (treatments)",
    "x",
    "2",
    "0",
    "first",
    "men",
    "a b",
    "n",
]

BASES = {
    "seed-source.schema.json": [
        CLAIM + "    since: 2024-05-01\n    killed:\n      n: at least 60\n      printed: at least 60 people\n      by party:\n"
        "        civilians: {n: 30, including: {children: 7}}\n        rebels: 20\n        army: {n: 10, besides: {guard: 2}}\n",
        CLAIM + "    event: 2024-06-01-raid\n    perpetrator: [rebels, army]\n    certainty: alleged\n    ids: {ucdp_ged: 5}\n"
        "    injured (cases): about 20\n    missing: {n: 4, who: civilians, location: town}\n",
        CLAIM + "    during: 2024-06-01\n    supersedes: paper-2024-06-01.1\n    reason: Recounted.\n    displaced: 3000 to 4000\n",
        "kind: report\n" + CLAIM + "    standing: 2024-06-01\n    via: agency\n    note: Counted twice.\n    displaced (families): 70\n",
    ],
    "seed-events.schema.json": [
        WAR["events/war.yaml"],
        "2024-06-01-raid:\n  type: battle\n  date: 2024-06-01/2024-06-02\n  date_precision: 2\n  location: town\n  party: [rebels, army]\n"
        "  summary: A fight.\n  said: {paper-2024-06-01: [observatory, ministry]}\n  denied: {paper-2024-06-02: army}\n"
        "2024-06-01-siege:\n  type: battle\n  date: 2024-06-01\n  location: town\n  summary: A siege.\n  status: merged\n"
        "  merged_into: 2024-06-01-raid\n  said: {paper-2024-06-01: observatory}\n",
    ],
    "seed-waivers.schema.json": [
        "- rule: figures.parts-cover-parent\n  record: paper-2024-06-02.1.injured\n  found: 8 for 9\n  reason: The page says so.\n  by: maintainers\n"
        "  on: 2024-06-20\n",
    ],
}  # fmt: skip


class Raw:
    """A value as written."""

    def __init__(self, text: str) -> None:
        self.text = text


def parse_tree(text: str) -> Any:
    """Return blocks, lists and values as written, to be changed."""
    import yaml

    def build(node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return {key.value: build(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [build(item) for item in node.value]
        return Raw(node.value)

    return build(yaml.compose(text, Loader=yaml.BaseLoader))


def format_tree(tree: Any, margin: str = "") -> str:
    """Return a tree in block style, with values as written."""
    if isinstance(tree, Raw):
        return f" {tree.text}\n"
    if not tree:
        return " {}\n" if isinstance(tree, dict) else " []\n"
    if isinstance(tree, dict):
        return "\n" + "".join(f"{margin}{key}:{format_tree(value, margin + '  ')}" for key, value in tree.items())
    return "\n" + "".join(
        f"{margin}-{format_tree(item, margin + '  ').replace(chr(10) + margin + '  ', ' ', 1)}" for item in tree
    )


def find_blocks(tree: Any) -> list[Any]:
    found = [tree] if isinstance(tree, (dict, list)) and tree else []
    for value in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []:
        found += find_blocks(value)
    return found


def find_keys(name: str) -> list[str]:
    found = set(OTHER_KEYS)
    for definition_ in [
        load_schema(name),
        *load_schema(name).get("definitions", {}).values(),
        load_schema(name).get("items", {}),
    ]:
        found |= set(definition_.get("properties", {}))
    return sorted(found)


@st.composite
def changed(draw: st.DrawFn, name: str) -> str:
    tree = parse_tree(draw(st.sampled_from(BASES[name])))
    for _ in range(draw(st.integers(0, 2))):
        block = draw(st.sampled_from(find_blocks(tree) or [{}]))
        value = Raw(draw(st.sampled_from(VALUES)))
        if isinstance(block, list):
            block[draw(st.integers(0, len(block) - 1))] = value
            continue
        key = draw(st.sampled_from(sorted(block))) if block else "x"
        match draw(st.sampled_from(["value", "drop", "rename", "add", "add", "value"])):
            case "value":
                block[key] = value
            case "drop":
                block.pop(key, None)
            case "rename":
                new = draw(st.sampled_from(find_keys(name)))
                items = [(new if k == key else k, v) for k, v in block.items() if k != new or k == key]
                block.clear()
                block.update(items)
            case "add":
                block.setdefault(draw(st.sampled_from(find_keys(name))), value)
    text = format_tree(tree).lstrip("\n")
    return text if isinstance(tree, dict) and tree else text.lstrip(" ")


@pytest.mark.parametrize("name", BASES)
def test_the_files_to_be_changed_are_clean(name):
    for text in BASES[name]:
        assert list_refusals(name, text) == []
        assert find_by_validate(name, text)[:2] == ([], set())
        assert parse_as_editor(format_tree(parse_tree(text))) == parse_as_editor(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", BASES)
def test_a_changed_file_is_refused_by_both_or_by_neither(name):
    @settings(max_examples=count_examples(8, 500), deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(name))
    def agreed(text: str) -> None:
        check_agreement(name, text)

    agreed()
