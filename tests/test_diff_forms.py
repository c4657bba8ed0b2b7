"""The formats of a comparison; hostile text stays text.

The golden files are in `tests/messages/diff/`. `CONFLICTDATA_GOLDEN=write pytest tests/test_diff_forms.py` rewrites them;
read them as the reviewer.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sample
from diff_example import apply_changes, build_packages, count_rows, list_rows, write_after, write_before
from report_readers import read_html, read_markdown
from sample_reports import HOSTILE

import conflictdata as cd
from conflictdata.comparison import FORMS, Snapshot, SnapshotInfo, diff, read_snapshot, render
from conflictdata.comparison.forms.page import _divide_rows
from conflictdata.findings import UsageError

GOLDEN = Path(__file__).parent / "messages" / "diff"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"
ENDINGS = {"text": "txt", "json": "json", "markdown": "md", "html": "html"}


def render_diff(found: cd.Diff, form: str, **options: Any) -> str:
    return "".join(render(found, form, **options))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> cd.Diff:
    """Return one change of each kind, and two of vocabularies, between two packages."""
    old, new = build_packages(tmp_path_factory.mktemp("example"))
    sides = read_snapshot(old, name="1.0.0"), read_snapshot(new, name="1.1.0")
    return diff(*sides, retired=new.parent / "seeds/after/retired.csv")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_worked_example_reads_as_it_did(form: str, example: cd.Diff) -> None:
    # The look of the page may change; its text may not.
    text = re.sub(r"(?s)<style>.*</style>", "<style></style>", render_diff(example, form))
    golden = GOLDEN / f"example.{ENDINGS[form]}"
    if WRITE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert golden.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_differs(form: str) -> None:
    text = render_diff(diff(sample.make_tables(), sample.make_tables()), form)
    if form == "json":
        assert not json.loads(text)["differs"]
    else:
        assert "nothing differs" in text.lower()
        assert "Removed" not in text


@pytest.mark.slow
def test_the_text_of_json_is_the_document(example: cd.Diff) -> None:
    assert json.loads(render_diff(example, "json")) == example.to_dict()


@pytest.mark.slow
def test_the_json_of_packages_leads_from_one_to_the_other(tmp_path: Path, example: cd.Diff) -> None:
    old, new = (read_snapshot(make(tmp_path / make.__name__)).tables for make in (write_before, write_after))
    document = json.loads(render_diff(example, "json"))
    assert apply_changes(dict(old), document) == {table: count_rows(list_rows(frame)) for table, frame in new.items()}


KEYS = {
    "": [
        "diff_version", "old", "new", "differs", "bump", "next_version", "reasons", "counts", "following", "schema", "tolls",
        "reordered", "unretired", "collections", "changes",
    ],
    "changes": [
        "kind", "table", "record", "key", "was", "copy", "subject", "about", "label", "old", "new", "reason", "replaced_by",
        "follows", "row", "cells",
    ],
    "tolls": ["toll_id", "what", "old", "new", "points"],
    "schema": ["what", "where", "level", "old", "new", "vocabulary"],
    "reasons": ["level", "what", "count"],
}  # fmt: skip


@pytest.mark.parametrize("part", KEYS)
def test_the_keys_of_json_are_those_of_the_docs(part: str, example: cd.Diff) -> None:
    document = example.to_dict()
    for item in document[part] if part else [document]:
        assert list(item) == KEYS[part]
    docs = (Path(__file__).parents[1] / "docs/review-reference.md").read_text(encoding="utf-8")
    assert [name for name in KEYS[part] if f"`{name}`" not in docs] == []


def add_actors(number: int) -> cd.Diff:
    """Return a comparison with this number of added actors."""
    actors = pl.concat([sample.make_tables()["actors"][:1]] * number)
    new = actors.with_columns(
        actor_id=pl.concat_str(pl.lit("actor_"), pl.int_range(pl.len()).cast(pl.String).str.zfill(4))
    )
    return diff({}, {"actors": new})


def test_text_shows_50_rows_and_says_where_the_others_are() -> None:
    text = render_diff(add_actors(60), "text")
    assert text.count("  + actor") == 50
    assert "... and 10 more; `--report json=FILE` writes all" in text
    assert "... and 10 more, all in diff.json" in render_diff(add_actors(60), "text", whole="diff.json")
    assert render_diff(add_actors(60), "text", cap=None).count("  + actor") == 60


def test_markdown_shows_50_rows_and_fits_a_comment() -> None:
    text = render_diff(add_actors(3000), "markdown", whole="diff.json")
    assert text.count("| `+` |") == 50
    assert "… and 2,950 more, all in diff.json" in text
    assert len(text) < 60_000


def test_html_shows_50_rows_and_has_all() -> None:
    shown, folded = render_diff(add_actors(60), "html").split("<details>")
    assert (shown.count('class="sign added"'), folded.count('class="sign added"')) == (50, 10)
    assert "<summary>10 more</summary>" in folded


@pytest.mark.parametrize(
    ("totals", "quotas"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([100, 0, 0], [50, 0, 0]),
        ([100, 100, 100], [18, 16, 16]),
        ([100, 5, 100], [29, 5, 16]),
        ([5, 100, 2], [5, 43, 2]),
    ],
)
def test_no_section_hides_another(totals: list[int], quotas: list[int]) -> None:
    assert _divide_rows(totals, 50) == quotas


SPELT = {name: text for name, text in HOSTILE.items() if name != "half a pair"}  # polars cannot store half of a pair


@pytest.fixture(scope="module")
def hostile() -> cd.Diff:
    """Return hostile text on both sides.

    In names, notes, ids, reasons, columns and vocabularies.
    """
    old, new = sample.make_tables(), sample.make_tables()
    texts = list(SPELT.values())
    for number, tables in enumerate((old, new)):
        for table in ("actors", "claims", "sources", "aliases", "figures", "flags"):
            frame = tables[table]
            cells = [
                c for c, t in frame.schema.items() if t == pl.String and c not in ("claim_id", "figure_id", "status")
            ]
            tables[table] = frame.with_columns(
                pl.Series(c, [texts[(n + row + number) % len(texts)] for row in range(frame.height)])
                for n, c in enumerate(cells)
            )
    extra = pl.DataFrame({"claim_id": ["<b>x</b>.1"], "note": [texts[0]], "status": ["active"]})
    new["claims"] = pl.concat([new["claims"], extra], how="diagonal")
    schema: Any = {"fields": [{"name": "<i>a</i>"}], "title": texts[0]}
    info = SnapshotInfo(texts[2], "package", texts[0], unread=(texts[2],), errors=2)
    sides = (
        Snapshot(info, t, {"<u>t</u>": schema | {"description": d}}) for t, d in ((old, texts[3]), (new, texts[4]))
    )
    return diff(*sides, retired={})


TAGS = {
    "h2",
    "h3",
    "p",
    "br",
    "strong",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "blockquote",
    "span",
}


def test_markdown_of_hostile_text_has_no_markup_of_its_own(hostile: cd.Diff) -> None:
    text = render_diff(hostile, "markdown")
    page = read_markdown(text)
    assert {tag.lstrip("/") for tag, _ in page.tags} <= TAGS
    assert page.links == []
    assert not any(attributes for tag, attributes in page.tags if tag not in ("td", "th")), "columns may be aligned"
    assert not re.search(r"(?i)\bhttps?:|www\.|javascript:", text)
    assert not any(re.search(r"@\w|#\d", node) for node in page.nodes), "nobody is called"
    assert "<script>alert(1)</script>" in page.text


def test_html_of_hostile_text_has_no_markup_of_its_own(hostile: cd.Diff) -> None:
    text = render_diff(hostile, "html")
    page, calm = read_html(text), read_html(render_diff(add_actors(60), "html"))
    own = set(calm.names) | {"details", "summary", "ul", "li", "br"}
    assert set(page.names) <= own
    assert page.names["script"] == page.names["img"] == 0
    assert page.links == []
    assert "default-src 'none'" in text
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_what_cannot_be_seen_is_written_out(form: str, hostile: cd.Diff) -> None:
    text = render_diff(hostile, form, cap=None)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text)
    assert r"\u202e" in text.replace("\\\\u202e", r"\u202e").replace("&#92;", "\\")


def test_json_of_hostile_text_is_what_was_there(hostile: cd.Diff) -> None:
    document = json.loads(render_diff(hostile, "json"))
    values = {
        v for change in document["changes"] for v in [*change["row"].values(), *(c["new"] for c in change["cells"])]
    }
    assert set(SPELT.values()) & values


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no form 'pdf'; there are text, json, markdown, html"):
        render_diff(add_actors(1), "pdf")


def test_a_sign_says_what_a_colour_says(example: cd.Diff) -> None:
    from conflictdata.comparison.forms.text import STYLES, render_lines

    coloured = {
        (line.plain.strip()[0], str(span.style)) for line in render_lines(example, cap=None) for span in line.spans
    }
    assert {(sign, style) for sign, style in STYLES.items()} <= coloured
    assert not {(sign, style) for sign, style in coloured if style in STYLES.values()} - set(STYLES.items())
