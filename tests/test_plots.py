"""Pictures: what they draw, without a network, and plain SVG."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from answerworld import TOLL, claim, day, figure, make_tables
from commands import run

import conflictdata as cd
from conflictdata.plots.look import PALETTES, choose_mark
from conflictdata.plots.over_time import choose_labels
from conflictdata.plots.rivals import choose_scale

SOHR = "sohr.syria_2024_offensive.2024-11-27"
STRIKES = ["2024-12-01-idlib-strikes", "2024-12-01-aleppo-hospital-strike"]
PARTS = ["civilians", "syria_government_side"]
PICTURES = Path(__file__).parents[1] / "docs/pictures"


@pytest.fixture(scope="module")
def toll() -> cd.plots.Picture:
    return cd.plots.timeline(SOHR, parts=PARTS)


@pytest.fixture(scope="module")
def strikes() -> cd.plots.Picture:
    return cd.plots.compare(STRIKES)


def read_texts(svg: str) -> list[str]:
    return [
        text
        for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
        if (text := "".join(one.itertext()))
    ]


def collect_values(spec: Any) -> list[dict[str, Any]]:
    """Return the data of all layers."""
    if isinstance(spec, dict):
        own = (
            spec["values"]
            if isinstance(spec.get("values"), list) and all(isinstance(v, dict) for v in spec["values"])
            else []
        )
        return own + [value for part in spec.values() for value in collect_values(part)]
    return [value for part in spec for value in collect_values(part)] if isinstance(spec, list) else []


@pytest.mark.slow
def test_the_svg_is_plain(strikes: cd.plots.Picture) -> None:
    for svg in (strikes.to_svg(), (PICTURES / "toll-light.svg").read_text("utf-8")):
        assert not re.search(r"style=|<script|<style|@import|url\(|<image", svg)
        assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert svg.count('role="img"') == 1
        assert set(re.findall(r"#[0-9a-f]{6}", svg)) <= set(PALETTES["light"].values())
    assert len(svg) < 80_000


@pytest.mark.slow
def test_the_same_picture_has_the_same_bytes(strikes: cd.plots.Picture) -> None:
    assert strikes.to_svg() == cd.plots.compare(STRIKES).to_svg()


def test_every_number_of_the_toll_is_drawn(toll: cd.plots.Picture) -> None:
    drawn = {(value["day"], value["n"]) for value in collect_values(toll.spec) if "day" in value}
    numbers = toll.table[toll.table.n.notna()]
    assert drawn == {(f"{row.as_of:%Y-%m-%d}", row.n) for row in numbers.itertuples()}
    texts = {value.get("text") for value in collect_values(toll.spec)}
    assert {"327", "602", "at least 910", "380", "Civilians", "Government side"} <= texts


def test_every_rival_has_its_number_in_words(strikes: cd.plots.Picture) -> None:
    texts = read_texts(strikes.to_svg())
    ranked = strikes.table[strikes.table.comparable.isin(["same", "narrower_group"])]
    for wording in ranked.wording:
        assert wording in texts
    for name in ("SOHR", "White Helmets", "OHCHR", "SNHR", "Gap", "14", "at least 3"):
        assert name in texts


def count_arrows(picture: cd.plots.Picture) -> int:
    """Return the number of open marks: a path with a tick, a shaft and a head of its own length."""
    return len(re.findall(r'd="M-8,0L8,0M0,0L0,-24', picture.to_svg()))


@pytest.mark.slow
def test_an_open_number_has_an_arrow_of_one_length() -> None:
    def draw(*words: str) -> cd.plots.Picture:
        return cd.plots.timeline(
            TOLL, data=make_tables(*(claim(i, text, as_of=day(i)) for i, text in enumerate(words, start=1)))
        )

    assert count_arrows(draw("5", "at least 9", "more than 5000")) == 2


def test_the_headings_of_small_pictures_have_one_height(toll: cd.plots.Picture) -> None:
    (row,) = [block["hconcat"] for block in toll.spec["vconcat"] if "hconcat" in block]
    headings = [panel["layer"][-1] for panel in row]
    assert [one["data"]["values"][0]["text"] for one in headings] == ["Civilians", "Government side"]
    assert len({one["encoding"]["y"]["value"] for one in headings}) == 1
    assert not any("title" in panel for panel in row)


@pytest.mark.parametrize(
    ("qualifiers", "mark"),
    [
        ("exact", "exact"), ("exact|at_least", "above"), ("more_than", "above"), ("about", "about"), ("about|exact", "exact"),
        ("nearly", "below"), ("up_to", "below"), ("range", "tick"), ("dozens", ""), (None, ""),
    ],
)  # fmt: skip
def test_the_shape_says_the_qualifier(qualifiers: str | None, mark: str) -> None:
    assert choose_mark(qualifiers) == mark
    assert choose_mark("exact", derived=True) == "sum"
    assert choose_mark("at_least", derived=True) == "above"


@pytest.mark.slow
def test_all_marks_can_be_drawn() -> None:
    words = ["5", "at least 6", "about 7", "nearly 8", "9 to 12", "dozens"]
    claims = [claim(i, text, as_of=day(i)) for i, text in enumerate(words, start=1)]
    picture = cd.plots.timeline(TOLL, data=make_tables(*claims))
    texts = read_texts(picture.to_svg())
    assert {"exact", "at least, more than: open above", "about: no bounds", "up to, nearly", "from-to"} <= set(texts)
    assert "our sum of printed parts" not in texts
    assert "Not drawn: 1 statement" in " ".join(texts)
    strike = {"scope": "event", "toll_id": None, "event_ids": "2024-01-01-strike"}
    rivals = [
        claim(i, text, **strike, claimant_id="rival" if i % 2 else "monitor") for i, text in enumerate(words, start=1)
    ]
    assert {"9 to 12", "dozens"} <= set(
        read_texts(cd.plots.compare("2024-01-01-strike", data=make_tables(*rivals)).to_svg())
    )


def test_hostile_names_are_text() -> None:
    actors = [{"actor_id": name, "name": "<b onload=x>&\"'", "kind": "monitor"} for name in ("monitor", "rival")]
    strike = {"scope": "event", "toll_id": None, "event_ids": "2024-01-01-strike"}
    data = make_tables(claim(1, "5", **strike), claim(2, "9", **strike, claimant_id="rival"), actors=actors)
    picture = cd.plots.compare("2024-01-01-strike", data=data)
    assert "<b onload=x>&\"'" in read_texts(picture.to_svg())
    assert "<b onload" not in picture.to_html()
    assert ElementTree.fromstring(picture.to_svg()) is not None


def test_a_picture_shows_itself(strikes: cd.plots.Picture) -> None:
    bundle = strikes._repr_mimebundle_()
    assert bundle["image/svg+xml"] == strikes.to_svg()
    assert "OHCHR 22" in bundle["text/plain"]
    assert isinstance(strikes.table, pd.DataFrame)


@pytest.mark.slow
def test_a_picture_is_an_altair_chart(strikes: cd.plots.Picture) -> None:
    assert strikes.to_altair().to_dict()["vconcat"]


@pytest.mark.slow
def test_saving_as_png(tmp_path: Path, strikes: cd.plots.Picture) -> None:
    assert strikes.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_saving(tmp_path: Path, strikes: cd.plots.Picture) -> None:
    page = strikes.save(tmp_path / "a.html").read_text("utf-8")
    assert page.count("<tr>") == 1 + len(strikes.table)
    assert "<script" not in page
    with pytest.raises(cd.UsageError, match=r"no picture format 'pgn'. Did you mean 'png'"):
        strikes.save(tmp_path / "a.pgn")
    with pytest.raises(cd.UsageError, match="is not a folder"):
        strikes.save(tmp_path / "nowhere/a.svg")


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 358, 559, 560, 1200])
def test_any_width(width: int) -> None:
    for picture in (cd.plots.timeline(SOHR, parts=PARTS, width=width), cd.plots.compare(STRIKES[0], width=width)):
        drawn = int(float(re.search(r'width="([\d.]+)"', picture.to_svg())[1]))  # type: ignore[index]
        assert drawn <= width + 60


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scheme": "red"}, "There are: light, dark"),
        ({"width": 12}, "from 320 to 2000"),
        ({"parts": "civilians"}, "parts is a list"),
        ({"parts": ["civilians"] * 5}, "at most 4"),
        ({"parts": ["elderly"]}, "no-group"),
        ({"outcome": "missing"}, "no-number"),
    ],
)
def test_bad_input_is_a_clear_error(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cd.plots.timeline(SOHR, **arguments)


def test_scales_and_labels() -> None:
    for highest in (0, 1, 3, 9, 22, 99, 471, 5_000, 123_456):
        top, step = choose_scale(highest)
        assert top > highest
        assert 4 <= top / step <= 6
        assert str(step).rstrip("0") in ("1", "2", "5")
    assert choose_labels([], 4) == []
    strong = [{"n": n} for n in range(12)]
    assert [value["n"] for value in choose_labels(strong, 4)] == [11, 8, 5, 2]


@pytest.mark.slow
def test_a_toll_of_one_day_and_a_sum_of_parts() -> None:
    parts = [figure(name, n, above="killed", actor_id=name) for name, n in (("army", "4"), ("militia", "2"))]
    rest = figure("civilians", "3", above="killed", person_status="civilian")
    picture = cd.plots.timeline(TOLL, parts=["side"], data=make_tables(claim(1, figure("killed", "9"), *parts, rest)))
    assert "our sum of printed parts" in read_texts(picture.to_svg())


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    done = run("plot", "compare", "--event", STRIKES[0], "--out", tmp_path / "strikes.svg")
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / "strikes.svg"))
    assert "OHCHR" in (tmp_path / "strikes.svg").read_text("utf-8")
    done = run(
        "plot", "timeline", "--toll", SOHR, "--parts", "civilians", "--scheme", "dark", "--out", tmp_path / "toll.png"
    )
    assert done.returncode == 0
    assert run("plot", "timeline", "--toll", SOHR, "--outcome", "missing", "--out", tmp_path / "x.svg").returncode == 1
    assert run("plot", "timeline", "--toll", "nobody", "--out", tmp_path / "x.svg").returncode == 2
    assert run("plot", "compare", "--event", STRIKES[0]).returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["toll-light", "toll-dark", "strikes-light", "strikes-dark"])
def test_the_pictures_of_the_readme_show_the_installed_data(name: str) -> None:
    """`python scripts/draw_pictures.py` draws them."""
    about, scheme = name.split("-")
    parts = ["civilians", "syria_government_side", "syria_opposition"]
    picture = (
        cd.plots.timeline(SOHR, parts=parts, scheme=scheme)
        if about == "toll"
        else cd.plots.compare(STRIKES, scheme=scheme)
    )
    committed = (PICTURES / f"{name}.svg").read_text("utf-8")
    assert read_texts(committed) == read_texts(picture.to_svg())
