"""The pages for people: claims exist, links work, hard cases are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_hard_cases_who import HARD_CASES

import conflictdata as cd
from conflictdata import loading
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP

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
        if anchor and file.suffix == ".md":
            assert anchor in _find_anchors(file), f"{page.name}: {target}"


def test_claims_named_in_the_coding_manual_exist() -> None:
    named = set(
        re.findall(
            r"`([a-z0-9_]+-\d{4}-\d\d-\d\d(?:-\d+)?\.\d+)`", (ROOT / "docs/coding-reference.md").read_text("utf-8")
        )
    )
    assert len(named) > 50
    assert named <= set(cd.load("claims").claim_id)


CLAIM = r"`([a-z0-9_]+-\d{4}-\d\d-\d\d(?:-\d+)?)\.(\d+)`"


def _read_claim(source: str, number: str) -> str:
    """Return the lines of one claim in its seed."""
    (file,) = ROOT.glob(f"seeds/sources/*/{source}.yaml")
    block = re.search(rf"^  {number}:\n((?:    .*\n|\n)+)", file.read_text(encoding="utf-8"), re.M)
    assert block is not None
    return block[1]


@pytest.mark.parametrize("page", ["docs/coding-reference.md", "docs/seeds-reference.md"])
def test_a_setting_before_a_claim_in_a_manual_is_in_its_seed(page: str) -> None:
    """`since: 2011-03-15` (`arab_news-2025-01-01.2`): the seed of the claim has the same."""
    found = []
    for clause in re.split(r"(?<=[a-z`*)])[.;] |\n\n", (ROOT / page).read_text(encoding="utf-8").replace("\n> ", " ")):
        for before, source, number in re.findall(rf"([^(]*)\({CLAIM}\)", clause):
            settings = re.findall(r"`([a-z_]+: [^`]+)`", before)
            found += [(source, number, setting) for setting in settings]
    assert len(found) >= (5 if page == "docs/coding-reference.md" else 0)
    assert [case for case in found if case[2] not in _read_claim(*case[:2])] == []


def test_a_number_quoted_in_an_example_of_the_coding_manual_is_in_a_claim_that_it_names() -> None:
    examples = re.findall(r"(?:^> .*\n)+", (ROOT / "docs/coding-reference.md").read_text(encoding="utf-8"), re.M)
    figures = cd.load("figures", columns=["claim_id", "low", "best", "high"]).set_index("claim_id")
    day = r"\d+(?:th)? (?:January|March|November|December)(?: \d{4})?|the \d+th"
    wrong, count = [], 0
    for example in examples:
        claims = {f"{source}.{number}" for source, number in re.findall(CLAIM, example)}
        coded = set(figures[figures.index.isin(claims)].stack().dropna())
        quoted = re.sub(day, "", " ".join(re.findall(r"\*([^*]+)\*", example)))
        numbers = [int(n.replace(",", "")) for n in re.findall(r"(?<![\w,])\d[\d,]*\b", quoted)] if claims else []
        wrong += [(sorted(claims), n) for n in numbers if n not in coded]
        count += len(numbers)
    assert count > 5
    assert wrong == []


def test_the_coding_manual_has_every_hard_case_once() -> None:
    rows = re.findall(
        r"^\| ([a-z_]+) \| .+ \| .+ \| `.+` \|$", (ROOT / "docs/coding-reference.md").read_text("utf-8"), re.M
    )
    assert sorted(rows) == sorted(HARD_CASES)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_no_page_makes_a_toll_out_of_the_largest_number_of_several_pages(page: Path) -> None:
    """An example shows the claims themselves.

    Nobody claims the largest of several claims' bounds.
    """
    examples = re.findall(r"^```(?:python|sh)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    largest = re.compile(r"\b(low|best|high)\b\W+max\b|\bmax\W+(low|best|high)\b|\b(low|best|high) ~ .*\bmax\b", re.I)
    assert [found[0] for example in examples if (found := largest.search(example))] == []


@pytest.mark.parametrize("page", ["docs/recipes.md"])
def test_an_example_of_the_toll_of_the_offensive_goes_on_to_its_end(page: str) -> None:
    """An example of the toll shows every page of its last day."""
    printed = (ROOT / page).read_text(encoding="utf-8")
    toll = cd.load("casualties", columns=["claim_id", "toll_id", "as_of", "outcome"])
    points = toll[(toll.toll_id == "sohr.syria_2024_offensive.2024-11-27") & (toll.outcome == "killed")]
    last = points[points.as_of >= "2024-12-08"]  # a page without a day for the statement has its own day
    assert len(last) > 1
    assert [claim for claim in last.claim_id if claim not in printed] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_an_example_that_takes_totals_takes_those_that_hold(page: Path) -> None:
    """Totals of a page's claims are picked by claim, toll or population, and among them those that are current."""
    text = page.read_text(encoding="utf-8")
    current = re.search(r"load\((?:\"casualties\", )?[^)]*current=True", text)
    for example in re.findall(r"^```(?:python|sh|stata)\n(.*?)^```", text, re.M | re.S):
        for line in example.splitlines():
            if re.search(r"relation\W{1,4}total|relation ?(==|=) ?['\"]total", line) and "rollup" not in example:
                assert re.search(r"toll_id|population|claim_id|claimant_id", line), line
                assert current or "current" in example or "as_of(" in example, line


def test_the_readme_of_the_package_says_how_not_to_add_up() -> None:
    for file in (loading.DATA / "README.md", *loading.DATA.glob("collections/*/README.md")):
        text = file.read_text(encoding="utf-8")
        first, _, rest = text.partition("## Tables and rows")
        dictionary = rest.partition("\n## Tables\n")[2]
        for line in HOW_NOT_TO_ADD_UP:
            assert line in first
            assert line in dictionary


def test_the_readme_ends_the_toll_where_the_claimant_ended_it() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    toll = cd.timeline("sohr.syria_2024_offensive.2024-11-27")
    last = toll[toll.last_of_day].iloc[-1]
    assert f"{last.as_of.date()} {last.wording}" in re.sub(" +", " ", text)


def test_the_readme_counts_what_is_in_the_data() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    claims, sources = cd.load("claims"), cd.load("sources")
    days = [f"{day:%B %Y}" for day in (sources.published_on.min(), sources.published_on.max())]
    assert (
        f"{len(claims)} claims by {claims.claimant_id.nunique()} claimants, from {len(sources)} pages in "
        f"{sources.language.nunique()} languages, published between {days[0]} and {days[1]}. "
        f"They are about {claims.conflict_id.nunique()} conflicts; "
        f"{(claims.conflict_id == 'syria_2024_offensive').sum()} of the claims are about the offensive in Syria" in text
    )
    assert f"**In version {cd.versions()[-1]}:**" in text


# The project does not own its name on a public index. A file or a folder of that name is fine.
BARE_NAME = re.compile(
    r"\b(?:pip3?|pipx|uv|uvx|poetry|conda|mamba)\b(?: \w+)*?"
    r" (?:install|add|run)\b[^\n`;&|]*?(?<![\w./'-])['\"]?conflictdata(?![\w/-]|\.\w)"
)
SPOKEN = (
    "*.md",
    "conflictdata/**/*",
    "docs/**/*.md",
    "bench/*.md",
    "bench/*.py",
    "action/*",
    "*.yml",
    ".github/**/*",
    "releases/make",
    "scripts/*",
)


def test_nothing_says_to_install_the_bare_name() -> None:
    for bad in (
        "pip install conflictdata",
        "pip install -q 'conflictdata[plot]'",
        'python -m pip install --upgrade "conflictdata==2.1.0"',
        "uv pip install conflictdata",
        "uv add conflictdata",
        "poetry add pandas conflictdata",
    ):
        assert BARE_NAME.search(bad), bad
    for good in (
        "pip install . && conflictdata publish",
        "pip install ADDRESS/conflictdata-2.1.0-py3-none-any.whl",
        "pip install ./conflictdata",
        ".venv/bin/pip install -q . && .venv/bin/conflictdata publish",
    ):
        assert not BARE_NAME.search(good), good
    found, files = [], 0
    for file in {file for pattern in SPOKEN for file in ROOT.glob(pattern) if file.is_file()}:
        if file.suffix in (".parquet", ".woff2", ".zip", ".gz", ".png", ".pyc") or "data/csv" in file.as_posix():
            continue
        files += 1
        found += [
            f"{file.relative_to(ROOT)}: {hit[0]}" for hit in BARE_NAME.finditer(file.read_text("utf-8", "replace"))
        ]
    assert files > 300
    assert found == []


# Words that this project does not use (plain English). A page's words may have them, in quotes or italics.
UNUSED = re.compile(r"\b(?:stands|told|mend|mends|mended|anew)\b|(?<!here )\bis no\b(?! longer)", re.I)
WORDS_OF_PAGES = re.compile(r"\*[^*\n]+\*|`[^`\n]+`|\"[^\"\n]*\"|'[^'\n]*'")
NAMES = re.compile(r"\b(?:item|self)\.told\b|\btold=|^\s*told:|\btold\.json\b")


def test_pages_do_not_use_the_words_that_readers_stumble_over() -> None:
    hand_written = [page for page in PAGES if page.name not in ("CHANGELOG.md", "dictionary.md")]
    found = [
        f"{page.relative_to(ROOT)}: {line.strip()[:100]}"
        for page in hand_written
        for line in re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S).splitlines()
        if UNUSED.search(WORDS_OF_PAGES.sub("", line.replace("**", "")))
    ]
    assert found == []


def test_comments_docstrings_and_messages_do_not_either() -> None:
    files = [
        file
        for file in sorted((ROOT / "conflictdata").rglob("*.py"))
        if not {"rules", "lexicon"} & set(file.relative_to(ROOT).parts)
    ]
    assert len(files) > 300
    found = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            # Words that the parser looks for, and a list of words, are not sentences of ours.
            words = re.sub(r"[\"'](?:stands|told)[\"']|\"[a-z ]+\"\.split", "", NAMES.sub("", line))
            if UNUSED.search(words) and ".split()" not in line:
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


# Each page is split into what to do and a reference: two pages, or two parts of a short page.
REFERENCES = sorted(page for page in (ROOT / "docs").glob("*-reference.md"))
TWO_PARTS = sorted(
    page
    for page in (ROOT / "docs").glob("*.md")
    if re.search(r"^## Reference$", page.read_text(encoding="utf-8"), re.M)
    and not page.with_name(f"{page.stem}-reference.md").exists()
)


def _read_prose(page: Path) -> str:
    """Return a page without its examples."""
    return re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda page: page.name)
def test_a_page_for_doing_is_short_and_its_reference_repeats_no_sentence_of_it(reference: Path) -> None:
    page = reference.with_name(reference.name.replace("-reference", ""))
    doing, facts = _read_prose(page), _read_prose(reference)
    assert len(doing.split()) < (800 if page.name == "coding.md" else 600)
    assert f"({reference.name})" in doing.partition("## Reference\n")[2], "its last part leads to the reference"
    assert f"({page.name})" in facts
    sentences = {text for text in re.split(r"(?<=[.:])\s+", " ".join(doing.split())) if len(text.split()) > 9}
    assert sorted(text for text in sentences if text in " ".join(facts.split())) == []


@pytest.mark.parametrize("page", TWO_PARTS, ids=lambda page: page.name)
def test_a_page_of_two_parts_is_short_and_begins_with_what_to_do(page: Path) -> None:
    assert len(_read_prose(page).split()) < 1000
    doing, facts = page.read_text(encoding="utf-8").split("\n## Reference\n")
    assert re.search(r"^ *(?:```|\d\. |- |## \d\. )", doing, re.M), "steps, or a command"
    assert re.findall(r"^## .*", facts, re.M) == [], "the headings of a reference are below it"


def test_the_split_pages_are_all_here() -> None:
    assert len(REFERENCES) >= 9
    assert {page.stem for page in TWO_PARTS} >= {
        "collections", "contribution", "large", "model", "refusals", "site", "spark", "waivers"
    }  # fmt: skip
