"""Examples of the rules: tried in a made-up war or in files of other datasets, and split into parts to show.

An example is tried again if it or the module of its rule has changed. After a change elsewhere, such as in a reader, tests
fail for messages that are out of date: delete `rules.json`, and `conflictdata publish --repository` tries all examples.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conflictdata.datasets import list_profiles
from conflictdata.datasets.rules import load_dataset_rules
from conflictdata.devtools.example_world import find_line, validate_dataset_example, validate_example
from conflictdata.findings import Finding
from conflictdata.rules import find_rules, integrity, load_rules
from conflictdata.rules.explanations import FILE, ExampleFinding, ExamplePart
from conflictdata.rules.texts import Example, RuleText
from conflictdata.validation.catalogue import load_own_texts

INTEGRITY_FILE = Path(integrity.__file__).with_suffix(".yaml")

_PAGE = "seeds/sources/war/paper-2024-06-02.yaml"
_WHERE = {
    "claim": f"in a claim of {_PAGE}",
    "claims": f"under `claims` in {_PAGE}",
    "page": f"in {_PAGE}",
    "events": "in seeds/events/war.yaml",
    "actors": "in seeds/reference/actors.csv",
    "locations": "in seeds/reference/locations.csv",
    "aliases": "in seeds/reference/aliases.csv",
    "conflicts": "in seeds/reference/conflicts.csv",
    "package": "in build/package",
}
_TABLES = {"actors", "locations", "aliases", "conflicts"}
_DATASETS = "conflictdata.datasets.rules."


@cache
def load_examples() -> dict[str, Example]:
    """Return the example of each rule, by rule id.

    Raises:
        RuntimeError: If a rule has no example.
    """
    import yaml

    loaded = yaml.safe_load(INTEGRITY_FILE.read_text(encoding="utf-8"))
    of_models = {id_: Example(**{**parts, "also": tuple(parts.get("also", ()))}) for id_, parts in loaded.items()}
    texts = {**load_own_texts(), **load_dataset_rules()}
    examples = {id_: text.example or of_models.get(id_) for id_, text in texts.items()}
    missing = sorted(id_ for id_, example in examples.items() if example is None)
    if missing:
        raise RuntimeError(f"no example beside the rule: {', '.join(missing)}")
    return {id_: _refer_to_rule(id_, example) for id_, example in examples.items() if example is not None}


def _refer_to_rule(id_: str, example: Example) -> Example:
    """Return the example, or a reference to the rule that it is of."""
    if example.of in ("", id_):
        return example
    return replace(
        example, bad={}, good={}, both={}, unseen=f"As {example.of}, of another table or column: see its examples."
    )


def load_stored() -> dict[str, Any]:
    """Return what `rules.json` holds, or an empty document if it is missing."""
    stored: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return {"rules": [], "made_from": {}, **stored}


def load_messages() -> dict[str, ExampleFinding]:
    """Return the finding of each bad example, as `rules.json` holds it."""
    known = load_examples()
    shown = {item["id"]: item["told"] for item in load_stored()["rules"] if item["told"] and item["id"] in known}
    return {id_: ExampleFinding(**finding) for id_, finding in shown.items()}


def find_messages() -> dict[str, ExampleFinding]:
    """Return the finding of each bad example. An example is tried if it or the module of its rule has changed.

    Raises:
        RuntimeError: If an example does not break its rule, or breaks another one.
    """
    stored, made_from = load_messages(), load_stored()["made_from"]
    fresh = compute_fingerprints()
    examples = {id_: example for id_, example in load_examples().items() if example.bad}
    return {
        id_: stored[id_] if id_ in stored and made_from.get(id_) == fresh[id_] else try_example(id_, example)
        for id_, example in examples.items()
    }


def compute_fingerprints() -> dict[str, str]:
    """Return a hash of the module and the example of each rule that has one, by rule id."""
    examples = load_examples()  # loads all modules of rules
    modules = _find_modules()
    sources = {name: _read_source(name) for name in {*modules.values()}}
    return {
        id_: hashlib.sha256(f"{sources[modules[id_]]}{dict(example.bad)}{dict(example.good)}".encode()).hexdigest()[:12]
        for id_, example in examples.items()
        if example.bad
    }


def _find_modules() -> dict[str, str]:
    """Return the name of the module that defines each rule, by rule id."""
    names = sorted(name for name in sys.modules if name.startswith(("conflictdata.rules.", _DATASETS)))
    return {text.id: name for name in names for text in _list_texts(name)}


def _read_source(name: str) -> str:
    """Return the source of a module of rules; of another dataset, with those that make rules for several tables."""
    shared = sorted(other for other in sys.modules if other.startswith(f"{_DATASETS}_"))
    modules = (name, *shared) if name.startswith(_DATASETS) else (name,)
    return "".join(inspect.getsource(sys.modules[each]) for each in modules)


def _list_texts(name: str) -> Iterator[RuleText]:
    module = sys.modules[name]
    yield from find_rules(module)
    yield from getattr(module, "TEXTS", ())


def try_example(id_: str, example: Example) -> ExampleFinding:
    """Return the finding of a bad example, and check the good one.

    Raises:
        RuntimeError: If the bad example gives other findings than those it names, or the good one gives any.
    """
    with TemporaryDirectory() as name:
        good, bad = Path(name, "good"), Path(name, "bad")
        good.mkdir()
        bad.mkdir()
        if findings := find_in_example(id_, example.good, good):
            raise RuntimeError(f"the good example of {id_} breaks {', '.join(f.rule for f in findings)}")
        findings = find_in_example(id_, example.bad, bad)
        broken, expected = sorted(f.rule for f in findings), sorted([example.reported_as or id_, *example.also])
        if broken != expected:
            raise RuntimeError(f"the bad example of {id_} breaks {', '.join(broken) or 'no rule'}")
        return describe_finding(example, next(f for f in findings if f.rule not in example.also), bad)


def find_in_example(id_: str, texts: Mapping[str, str], folder: Path) -> list[Finding]:
    """Return the findings for the bad or the good example of a rule, written to an empty folder."""
    if id_ in load_dataset_rules():
        return validate_dataset_example(texts, folder, _name_profile(load_dataset_rules()[id_].table))
    return validate_example(texts, folder, load_rules()[id_].requires_tables if id_ in load_rules() else ())


def _name_profile(table: str) -> str:
    return next(profile.name for profile in list_profiles() if table in {t.name for t in profile.tables})


def describe_finding(example: Example, finding: Finding, folder: Path) -> ExampleFinding:
    """Return a finding as it is shown beside the bad example that was written to a folder."""
    place, line = find_line(example.bad, finding)
    message = finding.message.replace(f"{folder.as_posix()}/", "seeds/")
    return ExampleFinding(
        place, line, finding.rule, message, finding.hint, finding.table, finding.record, finding.found
    )


def make_parts(id_: str, example: Mapping[str, str]) -> tuple[ExamplePart, ...]:
    """Convert the bad or the good example of a rule to the parts that an explanation shows."""
    if id_ in load_dataset_rules():
        return tuple(
            ExamplePart(name, f"in a file of its own, {name}", Path(name).suffix[1:], text)
            for name, text in example.items()
        )
    return tuple(
        ExamplePart(place, _describe_place(place), _detect_language(place), text) for place, text in example.items()
    )


def _describe_place(place: str) -> str:
    if place in _WHERE:
        return _WHERE[place]
    if "/" not in place and not place.endswith(".yaml") and place != "retired.csv":
        return f"in a table by itself, {place} (the other columns are filled in)"
    return f"in seeds/{place}" if place.endswith("/") else f"seeds/{place}"


def _detect_language(place: str) -> str:
    if place in _TABLES or place.endswith(".csv"):
        return "csv"
    if place == "package" or place.endswith("/"):
        return "text"
    return "yaml"
