"""The page of big.py: the measurements in tables, and a check of each claim."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

BARE = "bare-polars"
MOST = 1.6  # limit for 10 million rows, as a multiple of the bare scan
LINEAR = 0.2  # limit for the extra time per row in a long table
# Number of findings per rule for the 100 faults; other rules have none. A fault that breaks a second rule
# may be reported once or twice, and two rows with one key may be one finding or two.
KNOWN = {
    "parts-make-best": {9},
    "low-not-above-best": {9},
    "best-not-above-high": {0, 9},
    "dates-in-order": {9},
    "year-of-dates": {9},
    "grid-of-point": {9, 18},
    "key-unique": {10, 20},
    "country-id-resolves": {9},
    "range": {27},
    "formula": {9},
}

Measured = dict[str, Any]


def compute_seconds(one: Measured) -> float:
    """Return the median of the seconds, scaled to the rows of the others."""
    return float(median(run["seconds"] for run in one["runs"]) * one.get("scaled", 1))


def compute_megabytes(one: Measured) -> float:
    """Return the median of the memory."""
    return float(median(run["megabytes"] for run in one["runs"]))


def compute_ratio(one: Measured, part: Measured, other: str = BARE) -> float:
    """Return the median of the ratios to another contestant, run by run."""
    base = find_contestant(part, other)
    assert base is not None
    pairs = zip(one["runs"], base["runs"], strict=True)
    return float(median(a["seconds"] * one.get("scaled", 1) / b["seconds"] for a, b in pairs))


def find_contestant(part: Measured, name: str) -> Measured | None:
    """Return a contestant of a part, or None."""
    return next((one for one in part["contestants"] if one["name"] == name), None)


def group_tables(data: dict[str, Measured]) -> dict[int, dict[str, Measured]]:
    """Return the measurements of the made-up table, by its rows and file format."""
    found: dict[int, dict[str, Measured]] = {}
    for part in data.values():
        if "format" in part:
            found.setdefault(part["rows"], {})[part["format"]] = part
    return dict(sorted(found.items()))


def format_findings(one: Measured) -> str:
    """Return the number of findings, and whether they are the known ones."""
    if one["name"].startswith("bare"):
        return "-"
    if one["name"].startswith("ours"):
        return f"{one['findings']}, each as known"  # otherwise there would be no page
    odd = [rule for rule, n in one["by_rule"].items() if n not in KNOWN.get(rule, {0})]
    odd += [rule for rule in KNOWN if rule not in one["by_rule"]]
    return f"{one['findings']}, as known" if not odd else f"{one['findings']}, other than known in {', '.join(odd)}"


def _format_head(part: Measured) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in part["versions"].items())
    return f"Medians of {part['count']} runs, {part['cores']} cores; {versions}."


def _format_table(rows: int, forms: dict[str, Measured]) -> Iterator[str]:
    yield f"## {rows:,} rows"
    yield ""
    yield _format_head(next(iter(forms.values())))
    yield ""
    columns = " ".join(f"{name} s | MB | ratio |" for name in (_NAMES[form] for form in forms))
    yield f"| contestant | {columns} findings | cannot say |"
    yield "|---|" + "---:|" * 3 * len(forms) + "---|---|"
    names = dict.fromkeys(one["name"] for part in forms.values() for one in part["contestants"])
    for name in names:
        cells, any_ = [], None
        for part in forms.values():
            one = find_contestant(part, name)
            any_ = any_ or one
            cells.append(
                "- | - | -"
                if one is None
                else f"{compute_seconds(one):.2f} | {compute_megabytes(one):,.0f} | {compute_ratio(one, part):.2f}"
            )
        assert any_ is not None
        title = any_["title"] + (f" (1/{any_['scaled']} of the rows; time multiplied)" if any_["scaled"] > 1 else "")
        yield f"| {title} | {' | '.join(cells)} | {format_findings(any_)} | {any_['cannot'] or ''} |"
    yield ""


_NAMES = {"csv": "CSV", "parquet": "Parquet"}


def _format_claims(data: dict[str, Measured]) -> Iterator[str]:
    """Yield each claim with yes or no."""
    for rows, forms in group_tables(data).items():
        for form, part in forms.items():
            ours = find_contestant(part, "ours")
            if ours is None:
                continue
            where = f"{rows:,} rows, {_NAMES[form]}"
            if rows >= 10_000_000:
                yield _format_claim(
                    f"{where}: at most {MOST} times the bare scan",
                    compute_ratio(ours, part) <= MOST,
                    f"{compute_ratio(ours, part):.2f}",
                )
                yield _format_claim(
                    f"{where}: less than 1 GB", compute_megabytes(ours) < 1000, f"{compute_megabytes(ours):,.0f} MB"
                )
                continue
            yield from _compare_with_peers(where, form, part, ours)
    yield from _format_long_claims([part for name, part in data.items() if name.startswith("large")])


def _format_long_claims(parts: list[Measured]) -> Iterator[str]:
    parts = sorted(parts, key=lambda part: part["rows"])
    for part in parts:
        for one in part["contestants"]:
            first = find_contestant(parts[0], one["name"])
            if not one["name"].startswith("ours") or first is None:
                continue
            where = f"{part['rows']:,} rows, {one['title']}"
            each = compute_seconds(one) / part["rows"] / (compute_seconds(first) / parts[0]["rows"])
            if part is not parts[0]:
                yield _format_claim(
                    f"{where}: time linear within {LINEAR:.0%}", each <= 1 + LINEAR, f"{each:.2f} per row"
                )
            if one["limit"]:
                most, limit = max(run["megabytes"] for run in one["runs"]), float(one["limit"].split()[0]) * 1000
                yield _format_claim(f"{where}: memory within the limit", most <= limit, f"{most:,.0f} MB")


def _compare_with_peers(where: str, form: str, part: Measured, ours: Measured) -> Iterator[str]:
    peers = [one for one in part["contestants"] if not one["name"].startswith(("bare", "ours", "hand"))]
    spared = "dataframely" if form == "csv" else ""
    for one in peers:
        times = median(
            a["seconds"] / (b["seconds"] * one["scaled"]) for a, b in zip(ours["runs"], one["runs"], strict=True)
        )
        if one["name"] == spared:
            yield _format_claim(f"{where}: within 1.1 times of {spared}", times <= 1.1, f"{times:.2f}")
            less = compute_megabytes(ours) / compute_megabytes(one)
            yield _format_claim(f"{where}: less than half the memory of {spared}", less < 0.5, f"{less:.2f}")
        else:
            yield _format_claim(f"{where}: faster than {one['title']}", times < 1, f"{times:.2f} of its time")


def _format_claim(said: str, holds: bool, figure: str) -> str:
    return f"| {said} | {'yes' if holds else '**no**'} | {figure} |"


def _format_large(parts: list[Measured]) -> Iterator[str]:
    yield "## Longer tables, in many Parquet files"
    yield ""
    yield _format_head(parts[0])
    yield (
        "The limit is what `--memory` said; disk is the most that temporary files took. A row of the shortest table takes "
        f"1; the time is called linear where a row of a longer one takes no more than {1 + LINEAR}."
    )
    yield ""
    yield "| contestant | rows | files | GB | s | million rows a second | MB | limit | disk MB | time of a row | linear |"
    yield "|---|---:|---:|---:|---:|---:|---:|---|---:|---:|---|"
    for name in dict.fromkeys(one["name"] for part in parts for one in part["contestants"]):
        first = None
        for part in parts:
            one = find_contestant(part, name)
            if one is None:
                continue
            each = compute_seconds(one) / part["rows"]
            first = first or each
            disk = max(run["disk"] for run in one["runs"]) / 1e6
            most = max(run["megabytes"] for run in one["runs"])
            yield (
                f"| {one['title']} | {part['rows']:,} | {part['files']} | {part['bytes'] / 1e9:.1f} | {compute_seconds(one):.1f} | "
                f"{1e-6 / each:.2f} | {most:,.0f} | {one['limit'] or '-'} | {disk:,.0f} | {each / first:.2f} | "
                f"{'yes' if each / first <= 1 + LINEAR else '**no**'} |"
            )
    yield ""


def _format_ged(part: Measured) -> Iterator[str]:
    yield f"## Real rows: UCDP GED, {part['rows']:,} rows, Parquet"
    yield ""
    yield _format_head(part)
    yield (
        "The rows of Syria, of Myanmar and of a sample of the world (UCDP GED, CC BY 4.0), repeated with other ids and names "
        f"of places; 49 columns, {part['bytes'] / 1e6:,.0f} MB."
    )
    yield ""
    yield "| command | s | rows a second | MB | ratio |"
    yield "|---|---:|---:|---:|---:|"
    for one in part["contestants"]:
        rate = part["rows"] / compute_seconds(one)
        yield f"| {one['title']} | {compute_seconds(one):.2f} | {rate:,.0f} | {compute_megabytes(one):,.0f} | {compute_ratio(one, part, 'bare'):.2f} |"
    yield ""


def render_page(data: dict[str, Measured]) -> str:
    """Return the page."""
    lines = [
        "# Big tables",
        "",
        "Written by `python bench/big.py`. Each command is a whole process, start-up and report included; all of them run in "
        "turn after one run to warm up (but for the longest table). A ratio is the median of the ratios to the bare scan of the same round, which reads "
        "every column with polars and hashes it. MB is the most memory of the process, the pages of the file that it maps "
        "among them.",
        "",
        "The table is made up, like UCDP GED: 21 columns with types, ranges and forms, ten rules of a row, a key, a foreign "
        "key; 100 faults in known places. conflictdata must find these and nothing else, with their records, or there is no "
        "page. It tells of one fault once; the others tell 118 (a cell out of range breaks a rule too) or 128 (both rows of "
        "one key), which is *as known*. They are asked how many rows fail each rule; conflictdata says where each fault is, in "
        "words, with a way out.",
        "",
    ]
    if claims := list(_format_claims(data)):
        lines += ["![Time as a multiple of the bare scan](big.svg)", ""]
        lines += ["| held against what was measured | holds | figure |", "|---|---|---|", *claims, ""]
    for rows, forms in group_tables(data).items():
        lines += _format_table(rows, forms)
    if long := sorted((data[name] for name in data if name.startswith("large")), key=lambda part: part["rows"]):
        lines += _format_large(long)
    if "ged" in data:
        lines += _format_ged(data["ged"])
    return "\n".join(lines).rstrip() + "\n"
