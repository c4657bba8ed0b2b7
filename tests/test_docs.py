"""The pages for people: claims exist, links work, hard cases are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_hard_cases_who import HARD_CASES

import conflictdata as cd

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]


def _find_anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _find_anchors(file), f"{page.name}: {target}"


def test_claims_named_in_the_coding_manual_exist() -> None:
    named = set(
        re.findall(r"`([a-z0-9_]+-\d{4}-\d\d-\d\d(?:-\d+)?\.\d+)`", (ROOT / "docs/coding.md").read_text("utf-8"))
    )
    assert len(named) > 50
    assert named <= set(cd.load("claims").claim_id)


def test_the_coding_manual_has_every_hard_case_once() -> None:
    rows = re.findall(r"^\| ([a-z_]+) \| .+ \| .+ \| `.+` \|$", (ROOT / "docs/coding.md").read_text("utf-8"), re.M)
    assert sorted(rows) == sorted(HARD_CASES)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_no_page_makes_a_toll_out_of_the_largest_number_of_several_pages(page: Path) -> None:
    """An example shows the claims themselves.

    Nobody claims the largest of several claims' bounds.
    """
    examples = re.findall(r"^```(?:python|sh)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    largest = re.compile(r"\b(low|best|high)\b\W+max\b|\bmax\W+(low|best|high)\b|\b(low|best|high) ~ .*\bmax\b", re.I)
    assert [found[0] for example in examples if (found := largest.search(example))] == []


@pytest.mark.parametrize("page", ["README.md", "docs/recipes.md"])
def test_an_example_of_the_toll_of_the_offensive_goes_on_to_its_end(page: str) -> None:
    """An example of the toll shows every page of its last day."""
    printed = (ROOT / page).read_text(encoding="utf-8")
    toll = cd.load("casualties", columns=["claim_id", "toll_id", "as_of", "outcome"])
    points = toll[(toll.toll_id == "sohr.syria_2024_offensive.2024-11-27") & (toll.outcome == "killed")]
    last = points[points.as_of >= "2024-12-08"]  # a page without a day for the statement has its own day
    assert len(last) > 1
    assert [claim for claim in last.claim_id if claim not in printed] == []
