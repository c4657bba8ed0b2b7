"""No hint shows the example of a format as if it were the typed value.

A known name gets its id or code.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from feed_files import read_rows, validate_together
from seedbox import ACTORS, ALIASES, EVENTS, NAME, SOURCE, write_seedbox

from conflictdata.datasets import compiled as feeds
from conflictdata.devtools.seed_schemas.files import SCHEMAS
from conflictdata.findings import Finding
from conflictdata.schema.columns import Constraint, load_compiled, load_constraints
from conflictdata.schema.languages import load_languages, suggest_language
from conflictdata.schema.pattern_hints import describe_form
from conflictdata.seeds.typed_fields import find_typed_key
from conflictdata.validation.api import validate
from conflictdata.validation.cells import check_columns
from conflictdata.validation.pipeline import read_seeds_target, validate_target

DAY = dt.date(2024, 7, 1)
OURS = [(table, c) for table in load_compiled() for c in load_constraints(table) if c.pattern]
OTHERS = [(table, c) for table in feeds.load_compiled() for c in feeds.get_constraints(table) if c.pattern]
each_form = pytest.mark.parametrize(("table", "c"), [*OURS, *OTHERS], ids=lambda part: getattr(part, "column", part))

# ---- every format, in our tables and in others ------------------------------------------------------------


@each_form
def test_every_form_has_words(table: str, c: Constraint) -> None:
    form = describe_form(c)
    assert form.noun.startswith(("a ", "an "))
    assert form.rule.endswith((".", "'."))
    assert c.pattern not in form.rule


@each_form
@pytest.mark.parametrize("value", ["No such thing!", "Ünïcode", "x" * 70, "{}", "(", "9-9"])
def test_no_hint_shows_the_example_of_a_form(table: str, c: Constraint, value: str) -> None:
    _, faults, _ = check_columns((c,), pl.DataFrame({c.column: [value]}))
    for fault in faults:
        assert fault.rule == "cells.pattern"
        assert fault.message == f"{c.column} is {value!r}, not {describe_form(c).noun}"
        # Of a language it says whose code it is.
        assert c.example not in fault.hint.replace("The code for English is 'en'.", "")
        assert fault.hint


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_editor_shows_the_example_of_a_form(name: str) -> None:
    examples = {c.example for _, c in OURS}

    def errors(tree: object) -> list[str]:
        if isinstance(tree, dict):
            own = [tree["patternErrorMessage"]] if "patternErrorMessage" in tree else []
            return own + [text for value in tree.values() for text in errors(value)]
        return [text for value in tree for text in errors(value)] if isinstance(tree, list) else []

    for text in errors(json.loads(json.dumps(SCHEMAS[name][1]()))):
        assert "looks like" not in text
        assert not {word.strip("'.") for word in text.replace("The code for English is 'en'.", "").split()} & examples


# ---- values typed in a seed ------------------------------------------------------------------------------------


def check_files(folder: Path, files: dict[str, str]) -> list[Finding]:
    return validate_target(read_seeds_target(write_seedbox(folder, files)), released_on=DAY).report.findings


def get_message(folder: Path, line: str, value: str) -> tuple[str, str]:
    """Return the message and the hint for a value in a line of the page."""
    key, _, old = line.partition(": ")
    assert SOURCE.count(f"{line}\n    via") or SOURCE.count(line) == 1
    source = SOURCE.replace(f"{key}: {old}", f"{key}: {value}", 1)
    names = "actor,rebels,Les rebelles,fr\n"
    (finding,) = check_files(
        folder, {NAME: source, "reference/aliases.csv": ALIASES.replace("actor,rebels", names + "actor,rebels", 1)}
    )
    return finding.message, finding.hint


LOOK = "An id has small letters, digits and _. Look it up in seeds/reference/{}.csv."
TYPED = [
    ("language: en", "French", "language is 'French', not an ISO 639 code", "The code for French is 'fr'."),
    ("language: en", "GREEK", "language is 'GREEK', not an ISO 639 code", "The code for GREEK is 'el'."),
    ("language: en", "en-US", "language is 'en-US', not an ISO 639 code", "Did you mean 'en'?"),
    ("language: en", "UA", "language is 'UA', not an ISO 639 code", "Did you mean 'uk'?"),
    ("language: en", "Klingon", "language is 'Klingon', not an ISO 639 code", "Write a code of small letters. The code for English is 'en'."),
    ("claimant: observatory", "An observatory", "claimant is 'An observatory', not an actor id", "The id of An observatory is 'observatory'."),
    ("claimant: observatory", "AN OBSERVATORY", "claimant is 'AN OBSERVATORY', not an actor id", "The id of AN OBSERVATORY is 'observatory'."),
    ("claimant: observatory", "The opposition", "claimant is 'The opposition', not an actor id", "The id of The opposition is 'rebels'."),
    ("claimant: observatory", "Les rebelles", "claimant is 'Les rebelles', not an actor id", "The id of Les rebelles is 'rebels'."),
    ("claimant: observatory", "The opposition!", "claimant is 'The opposition!', not an actor id", "Did you mean 'rebels'?"),
    ("claimant: observatory", "Observatory", "claimant is 'Observatory', not an actor id", "Did you mean 'observatory'?"),
    ("claimant: observatory", "Health Ministry", "claimant is 'Health Ministry', not an actor id", LOOK.format("actors")),
    ("via: agency", "Agency X", "via is 'Agency X', not an actor id", LOOK.format("actors")),
    ("perpetrator: rebels", "The Rebels", "perpetrator is 'The Rebels', not an actor id", "The id of The Rebels is 'rebels'."),
    ("    location: syria", "A village", "location is 'A village', not a location id", "The id of A village is 'village'."),
    ("event: 2024-06-01-raid", "The raid", "event is 'The raid', not an event id", "Did you mean '2024-06-01-raid'?"),
    ("event: 2024-06-01-raid", "The truce", "event is 'The truce', not an event id", "An event id is <first day>-<words>, in small letters with - between."),
    ("claimant: observatory", "Observatry", "claimant is 'Observatry', not an actor id", "Did you mean 'observatory'?"),
    ("claimant: observatory", "www.example.org", "claimant is 'www.example.org', not an actor id", "The id of www.example.org is 'paper'."),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("line", "value", "message", "hint"), TYPED, ids=[f"{t[0]}={t[1]}" for t in TYPED])
def test_a_message_names_the_key_that_was_typed(line: str, value: str, message: str, hint: str, tmp_path: Path) -> None:
    assert get_message(tmp_path, line, value) == (message, hint)


@pytest.mark.slow
def test_a_name_of_two_records_is_decided_by_the_page(tmp_path: Path) -> None:
    names = ALIASES.replace(
        "actor,rebels,The opposition,en", "actor,government,The authorities,\nactor,rebels,The authorities,"
    )
    source = SOURCE.replace("claimant: observatory\n    via", "claimant: The authorities\n    via")
    warning, error = sorted(check_files(tmp_path, {NAME: source, "reference/aliases.csv": names}), key=lambda f: f.rule)
    assert error.hint == "The authorities may be 'government' or 'rebels': write the one that the page means."
    assert (warning.rule, warning.severity) == ("aliases.one-actor", "warning")


@pytest.mark.slow
def test_an_alias_that_is_the_key_of_another_record_is_not_taken_for_it(tmp_path: Path) -> None:
    names = ALIASES.replace("The opposition,en", "GUARD,en")
    source = SOURCE.replace("claimant: observatory\n    via", "claimant: GUARD\n    via")
    (finding,) = check_files(tmp_path, {NAME: source, "reference/aliases.csv": names})
    assert finding.hint == "GUARD may be 'guard' or 'rebels': write the one that the page means."


@pytest.mark.slow
def test_events_and_links_name_their_keys(tmp_path: Path) -> None:
    events = EVENTS.replace("initiator: rebels", "initiator: The Rebels").replace(
        "paper-2024-06-02: observatory", "paper-2024-06-02: Observers"
    )
    source = SOURCE.replace("    via: agency\n", "    via: agency\n    conflicts_with: The other claim\n")
    messages = {
        f.message: f.hint
        for f in check_files(tmp_path, {NAME: source, "events/war.yaml": events})
        if f.rule == "cells.pattern"
    }

    assert messages == {
        "initiator is 'The Rebels', not an actor id": "The id of The Rebels is 'rebels'.",
        "said is 'Observers', not an actor id": LOOK.format("actors"),
        "conflicts_with is 'The other claim', not a claim id": "A claim id is <source id>.<number of the claim>.",
    }


def test_a_table_of_the_register_keeps_the_names_of_its_columns(tmp_path: Path) -> None:
    actors = ACTORS.replace(
        "guard,The guard,armed_forces,SYR,government", "guard,The guard,armed_forces,Syria,The government"
    )
    messages = {f.message: f.hint for f in check_files(tmp_path, {"reference/actors.csv": actors})}

    assert messages == {
        "country is 'Syria', not an ISO 3166-1 code": "Did you mean 'SYR'?",
        "parent_id is 'The government', not an actor id": "The id of The government is 'government'.",
    }  # fmt: skip


def test_every_key_of_the_grammar_is_found_by_its_column() -> None:
    assert find_typed_key("claims", "claimant_id") == "claimant"
    assert find_typed_key("sources", "published_on") == "published"
    assert find_typed_key("figures", "location_id") == "location"
    assert find_typed_key("flags", "record_id") == "record"
    assert find_typed_key("event_actors", "actor_id", "target") == "target"
    assert find_typed_key("event_sources", "claimant_id", "denies") == "denied"
    assert find_typed_key("actors", "country") == "country"


# ---- other tables and datasets -------------------------------------------------------------------------------


def write_tables(folder: Path, **cells: str) -> list[Path]:
    """Write claims and actors of the box as CSV, with a cell of the first replaced."""
    frames = validate_target(read_seeds_target(write_seedbox(folder / "seeds")), released_on=DAY).tables
    claims = frames["claims"].with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(text)).otherwise(pl.col(name)).alias(name) for name, text in cells.items()
    )  # fmt: skip
    paths = [folder / f"{table}.csv" for table in ("claims", "actors")]
    claims.write_csv(paths[0])
    frames["actors"].write_csv(paths[1])
    return paths


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_table_by_itself_says_how_an_id_is_written(engine: str, tmp_path: Path) -> None:
    claims, _ = write_tables(tmp_path, claimant_id="An observatory")
    (finding,) = (f for f in validate(claims, engine=engine, released_on=DAY).findings if f.rule == "cells.pattern")

    assert finding.message == "claimant_id is 'An observatory', not an actor id"
    assert finding.hint == "An id has small letters, digits and _. Look it up in the table actors."


@pytest.mark.slow
def test_tables_together_know_the_names_of_their_records(tmp_path: Path) -> None:
    report = validate(*write_tables(tmp_path, claimant_id="An observatory"), released_on=DAY)
    (finding,) = (f for f in report.findings if f.rule == "cells.pattern")

    assert finding.message == "claimant_id is 'An observatory', not an actor id"
    assert finding.hint == "The id of An observatory is 'observatory'."


def test_a_dataset_of_others_shows_no_example(tmp_path: Path) -> None:
    rows = read_rows("acled.csv")
    rows[0]["iso3"], rows[1]["event_id_cnty"] = "Atlantis", "the first"
    file = tmp_path / "acled.csv"
    pl.DataFrame(rows).write_csv(file)
    hints = {f.message: f.hint for f in validate_together(file).findings if f.rule == "cells.pattern"}

    assert hints == {
        "iso3 is 'Atlantis', not an ISO 3166-1 code": "Write the three capital letters of ISO 3166-1 alpha-3.",
        "event_id_cnty is 'the first', not an ACLED event id": "Write three capital letters and a number.",
    }


# ---- languages ---------------------------------------------------------------------------------------------------


def test_every_language_is_known_by_its_name() -> None:
    for code, name in load_languages().items():
        assert suggest_language(name) == suggest_language(f" {name.upper()} ").replace(name.upper(), name)
        assert suggest_language(name).startswith(f"The code for {name} is '")
        assert f"'{code}'" in suggest_language(name) or list(load_languages().values()).count(name) > 1


@pytest.mark.parametrize("text", ["", "?", "Klingon", "xx-YY", "e n"])
def test_what_is_no_language_gives_no_code(text: str) -> None:
    assert suggest_language(text) == ""
