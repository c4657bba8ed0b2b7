"""The pages for people: claims that they name exist, links lead somewhere, the list of hard cases is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_hard_cases_who import HARD_CASES

import conflictdata as cd

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]


def _anchors(page: Path) -> set[str]:
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
            assert anchor in _anchors(file), f"{page.name}: {target}"


def test_claims_named_in_the_coding_manual_exist() -> None:
    named = set(
        re.findall(r"`([a-z0-9_]+-\d{4}-\d\d-\d\d(?:-\d+)?\.\d+)`", (ROOT / "docs/coding.md").read_text("utf-8"))
    )
    assert len(named) > 50
    assert named <= set(cd.load("claims").claim_id)


def test_the_coding_manual_has_every_hard_case_once() -> None:
    rows = re.findall(r"^\| ([a-z_]+) \| .+ \| .+ \| `.+` \|$", (ROOT / "docs/coding.md").read_text("utf-8"), re.M)
    assert sorted(rows) == sorted(HARD_CASES)
