"""The figure of big.py.

`python bigfigure.py FOLDER` reads big.json there, and writes big.svg and big.png.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import bigpage
from matplotlib import pyplot as plt
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullFormatter

# Colours of Okabe and Ito, which colour-blind people can distinguish.
COLOURS = {"ours": "#0072B2", "hand": "#56B4E9", "bare": "#999999", "": "#E69F00"}
KINDS = {
    "ours": "conflictdata: each with place, message, hint",
    "": "other validators: how many",
    "hand": "the same rules by hand: how many",
    "bare": "no check: read every column",
}


def get_kind(name: str) -> str:
    """Return the kind of a contestant."""
    return next(word for word in COLOURS if name.startswith(word))


def draw_panel(axes: Any, part: dict[str, Any], most: float) -> None:
    """Draw the bars of one file, the fastest on top."""
    each = sorted(part["contestants"], key=lambda one: bigpage.compute_ratio(one, part), reverse=True)
    ratios = [bigpage.compute_ratio(one, part) for one in each]
    colours = [COLOURS[get_kind(one["name"])] for one in each]
    # Bars begin at the bare scan: on the log scale, at the ratio 1.
    axes.barh(range(len(each)), [ratio - 1 for ratio in ratios], left=1, color=colours, height=0.72)
    for at, (one, ratio) in enumerate(zip(each, ratios, strict=True)):
        label_text = f"{ratio:.1f}" if ratio < 100 else f"{ratio:.0f}"
        star = " *" if one["scaled"] > 1 else ""
        axes.text(
            max(ratio, 1) * 1.06,
            at,
            f"{label_text}{star}   {bigpage.compute_megabytes(one):,.0f} MB",
            va="center",
            fontsize=9,
        )
    axes.set_yticks(range(len(each)), [one["title"] for one in each], fontsize=9.5)
    for label, one in zip(axes.get_yticklabels(), each, strict=True):
        label.set_fontweight("bold" if one["name"].startswith("ours") else "normal")
    bare = bigpage.find_contestant(part, bigpage.BARE)
    assert bare is not None
    form = bigpage._NAMES[part["format"]]
    rows = part["rows"] // 1_000_000 if part["rows"] >= 1_000_000 else part["rows"] / 1e6
    axes.set_title(
        f"{rows:g} million rows, {form} ({part['bytes'] / 1e6:,.0f} MB); bare scan {bigpage.compute_seconds(bare):.2f} s",
        loc="left", fontsize=11,
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(0.6, most * 3.2)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if t <= most * 1.5]
    axes.set_xticks(ticks)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}×"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="x", which="minor", length=0)
    axes.axvline(1, color="#444444", linewidth=1)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def draw_figure(data: dict[str, Any]) -> Any:
    """Draw a row of panels per length, and a column per format."""
    tables = bigpage.group_tables(data)
    forms = list(dict.fromkeys(form for parts in tables.values() for form in parts))
    heights = [max(len(part["contestants"]) for part in parts.values()) + 2 for parts in tables.values()]
    inches = 0.31 * sum(heights) + 1.9
    drawn, axes = plt.subplots(
        len(tables), len(forms), figsize=(7.6 * len(forms), inches), squeeze=False, height_ratios=heights,
        layout="constrained",
    )  # fmt: skip
    # Space above for the title and below for the legend and the sources.
    drawn.get_layout_engine().set(rect=(0.01, 0.75 / inches, 0.98, 1 - 1.25 / inches))
    most = max(
        bigpage.compute_ratio(one, part)
        for parts in tables.values()
        for part in parts.values()
        for one in part["contestants"]
    )
    for row, parts in zip(axes, tables.values(), strict=True):
        for place, form in zip(row, forms, strict=True):
            if form in parts:
                draw_panel(place, parts[form], most)
            else:
                place.set_axis_off()
    for place in axes[-1]:
        place.set_xlabel("time as a multiple of the bare scan with polars (log scale; shorter is better)", fontsize=9.5)
    drawn.text(
        0.01, 1 - 0.15 / inches, "Checking twelve rules and 21 columns of a big table: time against only reading it",
        fontsize=14, fontweight="bold", va="top",
    )  # fmt: skip
    drawn.legend(
        handles=[Patch(color=COLOURS[word], label=label) for word, label in KINDS.items()],
        loc="lower left", bbox_to_anchor=(0.004, 0.32 / inches), ncols=4, frameon=False, fontsize=9.5, borderaxespad=0,
    )  # fmt: skip
    parts = [part for forms_ in tables.values() for part in forms_.values()]
    scaled = any(one["scaled"] > 1 for part in parts for one in part["contestants"])
    drawn.text(
        0.01, 0.12 / inches,
        f"Whole processes run in turn, medians of {parts[0]['count']} on {parts[0]['cores']} cores; MB: most memory. "
        + ("* Time of 100,000 rows, multiplied. " if scaled else "")
        + "Made-up table like UCDP GED, with 100 faults. Source: bench/big.py, bench/big.json.",
        fontsize=8.5, color="#444444",
    )  # fmt: skip
    return drawn


def main() -> None:
    """Draw the figure."""
    folder = Path(sys.argv[1])
    data = json.loads((folder / "big.json").read_text(encoding="utf-8"))
    if not bigpage.group_tables(data):
        return
    plt.switch_backend("agg")
    plt.rcParams["svg.hashsalt"] = "conflictdata"  # otherwise its ids differ each time
    drawn = draw_figure(data)
    drawn.savefig(folder / "big.svg", metadata={"Date": None})
    drawn.savefig(folder / "big.png", dpi=110)


if __name__ == "__main__":
    main()
