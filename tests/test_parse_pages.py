"""Whole pages: places, days, claimants and facts told twice; files that hold no English text; doubts in every form."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from conflictdata.cli.parse import parse
from conflictdata.findings import UsageError
from conflictdata.parse import ParseResult, parse_document, parse_text
from conflictdata.parse.datelines import find_dateline_end
from conflictdata.parse.gazetteer import find_claimant_id
from conflictdata.parse.jsonl import build_record
from conflictdata.parse.language import find_language
from conflictdata.parse.model import Document
from conflictdata.parse.read import read_bytes
from conflictdata.parse.seed import render_seed
from conflictdata.parse.sentences import split_sentences
from conflictdata.parse.windows import SEVERAL_DAYS
from conflictdata.seeds.quantity import parse_quantity

DAY = date(2024, 12, 5)
app = typer.Typer(pretty_exceptions_enable=False)
app.command()(parse)


def run(*args: str | Path, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in args], input=stdin)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def read(text: str, conflict: str = "") -> ParseResult:
    return parse_document(Document(text, DAY, conflict=conflict))


# ---- days ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Over the past 24 hours", date(2024, 12, 4), DAY),
        ("Over the past 48 hours", date(2024, 12, 3), DAY),
        ("On October 19th 2019", date(2019, 10, 19), date(2019, 10, 19)),
        ("On Oct. 19, 2019", date(2019, 10, 19), date(2019, 10, 19)),
        ("On the 3rd of May 2020", date(2020, 5, 3), date(2020, 5, 3)),
        ("On 19/10/2019", date(2019, 10, 19), date(2019, 10, 19)),
        ("On 2019-10-19", date(2019, 10, 19), date(2019, 10, 19)),
        ("On 3/4/2019", None, None),
        ("On Saturday morning, 21st October 2023,", date(2023, 10, 21), date(2023, 10, 21)),
        ("From 1 January to 30 September 2019", date(2019, 1, 1), date(2019, 9, 30)),
        ("Between 20 December 2018 and 5 January 2019", date(2018, 12, 20), date(2019, 1, 5)),
        ("Between July and September 2023", date(2023, 7, 1), date(2023, 9, 30)),
        ("From October to December 2023", date(2023, 10, 1), date(2023, 12, 31)),
        ("In the first half of 2019", date(2019, 1, 1), date(2019, 6, 30)),
        ("In the third quarter of 2020", date(2020, 7, 1), date(2020, 9, 30)),
        ("In the first six months of 2010", date(2010, 1, 1), date(2010, 6, 30)),
        ("Overnight on 3-4 December", date(2024, 12, 3), date(2024, 12, 4)),
        ("In 2014-15", date(2014, 1, 1), date(2015, 12, 31)),
        ("In 2014/2016", date(2014, 1, 1), date(2016, 12, 31)),
        ("In 2003-04", None, None),
        ("Between November and March", date(2023, 11, 1), date(2024, 3, 31)),
    ],
)
def test_days(words: str, start: date | None, end: date | None) -> None:
    window = read(f"{words} rebels killed five soldiers.").drafts[0].window
    assert (window.start, window.end) == (start, end)


_DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
_FORMS = st.sampled_from(["%d %B %Y", "%B %d, %Y", "%d %b", "%B", "%Y", "%d/%m/%Y", "%B %Y", "%dth of %B"])


@settings(max_examples=150, deadline=None)
@given(
    _DAYS,
    _DAYS,
    _FORMS,
    _FORMS,
    st.sampled_from(["between {} and {}", "from {} to {}", "on {}, or on {}", "since {}, {}"]),
)
def test_no_window_is_the_wrong_way_round(a: date, b: date, one: str, two: str, link: str) -> None:
    words = link.format(a.strftime(one), b.strftime(two))
    for draft in read(f"The rebels killed five soldiers {words}.").drafts:
        window = draft.window
        assert window.start is None or window.end is None or window.start <= window.end <= max(window.end, DAY)


@pytest.mark.parametrize(
    "line",
    [
        "BEIRUT, March 7 (Agency) - ",
        "(Nairobi) – ",
        "KHARTOUM, Sudan: ",
        "JUBA, March 18 (Xinhua) -- ",
        "Damascus (AFP) - ",
        "KABUL — ",
    ],
)
def test_a_dateline_is_neither_place_nor_day(line: str) -> None:
    text = f"{line}A tank crew killed two reporters, an inquiry found."
    assert find_dateline_end(text, 0, len(text)) == len(line)
    draft = read(text).drafts[0]
    assert (draft.location, draft.place_words, draft.window.start) == ("", "", None)


def test_a_sentence_is_no_dateline() -> None:
    for text in (
        "SNHR: 92 civilians were killed.",
        "Twelve people - five of them children - were killed.",
        "UNAMA documented 20 deaths.",
    ):
        assert find_dateline_end(text, 0, len(text)) == 0


# ---- parties and places ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "actor", "location"),
    [
        ("Hamas killed 1,200 people in the attack.", "", ""),
        ("Ten al-Shabaab militants were killed near Kismayo in Somalia.", "", ""),
        ("Ten rebels were killed near Hama in Syria.", "syria_opposition", "hama"),
        ("Ten rebels were killed near Goma in Congo.", "", "goma"),
        ("An air strike on Idlib city killed nine soldiers.", "", "idlib_city"),
    ],
)
def test_names_mean_something_only_within_their_war(text: str, actor: str, location: str) -> None:
    draft = read(text).drafts[0]
    assert (draft.actor, draft.location) == (actor, location)


def test_the_declared_conflict_decides_what_a_common_noun_means() -> None:
    text = "Ten rebels were killed."
    assert read(text).drafts[0].actor == ""
    assert read(text, "syria_2024_offensive").drafts[0].actor == "syria_opposition"
    assert read(text, "sahel").drafts[0].actor == ""


@pytest.mark.parametrize(
    "text",
    [
        "The Somali National Army said 7 fighters were killed.",
        "A former Hezbollah fighter said 7 soldiers were killed.",
    ],
)
def test_a_part_of_a_longer_name_is_no_claimant(text: str) -> None:
    assert read(text).drafts[0].claimant_id == ""


def test_two_places_make_two_claims_though_no_table_has_them() -> None:
    draft = render_seed(read("Seven soldiers were injured in Mogadishu. Four rebels were killed in Kabul."))
    assert draft.count("claimant:") == 2
    assert 'location: TODO  # "Mogadishu"' in draft
    assert 'location: TODO  # "Kabul"' in draft


def test_each_number_has_its_own_place() -> None:
    drafts = read("The army killed five rebels in Idlib city and three soldiers in Damascus.").drafts
    assert [d.location for d in drafts] == ["idlib_city", "damascus"]


def test_a_capital_that_speaks_is_no_place() -> None:
    assert read("Damascus said dozens of rebels were killed.").drafts[0].location == ""


def test_a_part_of_another_day_is_no_part() -> None:
    drafts = read("On Monday the rebels killed 17 soldiers. On Sunday, five soldiers were among the dead.").drafts
    assert [d.parent for d in drafts] == [None, None]
    assert "another day" in " ".join(drafts[1].notes)


# ---- whole pages -----------------------------------------------------------------------------------------

PAGE = """Strike on Idlib market kills 45 people, monitor says

An air strike killed at least 45 people in Idlib city on Tuesday, the Syrian Observatory for Human Rights said.

The strike killed at least 45 people, including 12 children, the Britain-based war monitor said.
"""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("20 soldiers were killed in May 2023 and 45 in June 2023.", ["2023-05-01", "2023-06-01"]),
        ("In May 20 soldiers were killed, compared with 45 in June.", ["2024-05-01", "2024-06-01"]),
        ("20 soldiers and 5 rebels were killed on 2 June 2024 and 45 on 3 June 2024.", ["2024-06-02", "2024-06-02", "2024-06-03"]),
        ("The number of soldiers killed rose from 560 in 2019 to 761 in 2020.", ["2019-01-01", "2020-01-01"]),
        ("On 5 March 2023 rebels killed 12 soldiers, and on 9 March 2023 the army killed 30 rebels.", ["2023-03-05", "2023-03-09"]),
        ("Rebels killed 20 soldiers on 2 June 2024, including 5 officers, and 45 on 3 June 2024.", ["2024-06-02", "2024-06-02", "2024-06-03"]),
        ("Two soldiers were killed on 2 December 2024, bringing the toll since 7 October 2023 to 300.", ["2024-12-02", "2023-10-07"]),
        ("On 2 June 2024 shelling killed 12 rebels; on 3 June 2024, five; on 4 June 2024, none.", ["2024-06-02", "2024-06-03"]),
    ],
)  # fmt: skip
def test_each_number_has_its_own_day(text: str, days: list[str]) -> None:
    drafts = read(text).drafts
    assert [str(d.window.start) for d in drafts] == days
    assert not any(SEVERAL_DAYS in d.notes for d in drafts)


def test_a_number_without_a_day_of_its_own_is_doubted() -> None:
    drafts = read("In 2019 rebels killed 20 people; 30 were abducted; in 2020 another 60 were killed.").drafts
    assert [SEVERAL_DAYS in d.notes for d in drafts] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "Rebels killed five soldiers, the army wrote in a statement issued here Monday.",
        "Five soldiers died in the raid, the mayor confirmed the incident to the agency on Saturday.",
        "Rebels killed five soldiers, as of late last month.",
        "Residents on Monday claimed that rebels had killed five soldiers.",
        "The shelling has displaced 500 people, the agency said in a statement Tuesday.",
        "Africa Today News reports that rebels killed five soldiers.",
        "The bombing comes a week after an overnight siege in which rebels killed five soldiers.",
        "The clashes, just after the ones from last week, killed five soldiers.",
    ],
)
def test_the_day_of_a_statement_is_not_the_day_of_the_harm(text: str) -> None:
    assert read(text).drafts[0].window.start is None


def test_a_number_in_a_sentence_with_several_days_is_doubted() -> None:
    drafts = read("Two days after the raid of 2 June 2024, on 4 June 2024, rebels killed five soldiers.").drafts
    assert [SEVERAL_DAYS in d.notes for d in drafts] == [True]


def test_the_time_of_what_is_added_is_its_own() -> None:
    drafts = read("Seven rebels were killed, the army said, adding that 40 rebels had been killed last month.").drafts
    assert [str(d.window.start) for d in drafts] == ["None", "2024-11-01"]


def test_a_caption_and_the_text_below_it_with_the_same_parts_are_one_claim() -> None:
    draft = render_seed(
        read(
            "Rescuers at the site of the rocket attack that killed 12 people, including three children.\n\n"
            "The rocket attack killed 12 people, including three children, the police said. The town was under fire all night."
        )
    )
    assert draft.count("n: 12") == draft.count("n: 3") == 1


def test_headline_lead_and_body_are_one_claim() -> None:
    draft = render_seed(read(PAGE))
    assert draft.count("claimant: sohr") == draft.count("claimant:") == 1
    assert "n: at least 45" in draft
    assert "n: 12" in draft


def test_a_caption_printed_twice_is_one_claim() -> None:
    caption = "Officers at the place where gunmen killed two guards and wounded another four on Tuesday night."
    seed = render_seed(read(f"{caption}\n{caption}\n\nPolice are looking for the gunmen."))
    assert "besides" not in seed
    assert seed.count("n: 4") == 1


@pytest.mark.parametrize("people", ["sources", "correspondents"])
def test_the_people_of_an_agency_are_not_the_agency(people: str) -> None:
    draft = read(f"Reuters {people} say 30 people were killed in the clashes on the border.").drafts[0]
    assert (draft.claimant, draft.claimant_id) == (f"Reuters {people}", "")


def test_a_headline_without_a_full_stop_keeps_its_claimant_to_itself() -> None:
    head = "Red Crescent Says 18 Killed in Northern Capital Since Last Saturday"
    drafts = read(f"{head}\nAt least 18 people were killed in the shelling, nurses and residents said.").drafts
    assert [d.claimant for d in drafts] == ["Red Crescent", "nurses and residents"]


def test_an_ellipsis_in_brackets_ends_no_sentence() -> None:
    text = '"Nine people were killed in a missile attack on a mosque (…) in the district," told the agency a soldier.'
    assert len(list(split_sentences(text))) == 1


def test_a_description_is_the_claimant_named_before() -> None:
    assert {d.claimant_id for d in read(PAGE).drafts} == {"sohr"}


def test_no_group_key_is_invented() -> None:
    draft = render_seed(read("The strike killed nine people, five of them from one family."))
    assert "todo_2:" in draft
    assert "label: TODO" in draft


def test_a_word_of_magnitude_is_kept() -> None:
    assert "n: several thousand" not in render_seed(read("Rebels killed several thousand soldiers."))
    assert 'n: thousands  # "several thousand"' in render_seed(read("Rebels killed several thousand soldiers."))


@pytest.mark.parametrize("words", ["thousands", "tens of thousands", "hundreds of thousands", "millions"])
def test_words_of_an_order_are_a_quantity_of_seeds(words: str) -> None:
    text = render_seed(read(f"The war has displaced {words} of civilians."))
    assert f"n: {words}\n" in text
    assert parse_quantity(words).qualifier == words.replace(" ", "_")


HTML = (
    '<!doctype html><html lang="en"><head><title>Strike kills 12</title><link rel="canonical" href="https://www.bbc.com/news/world-1">'
    '<meta property="og:title" content="Strike kills 12"><meta property="article:published_time" content="2024-12-03T10:00:00Z"></head><body><article>'
    "<h1>Strike kills 12</h1><p>At least 12 soldiers were killed when a strike hit a base in Idlib on Monday, the Syrian Observatory for Human Rights said. The "
    "army said that it had hit rebel positions. Residents spoke of heavy bombing during the night, and rescuers worked until morning.</p></article></body></html>"
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_page_brings_its_address_day_publisher_and_title(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    file = tmp_path / "page.html"
    file.write_text(HTML, encoding="utf-8")
    _, draft = run(file, "--format", "yaml")
    for line in (
        "publisher: bbc",
        "title: Strike kills 12",
        "url: https://www.bbc.com/news/world-1",
        "published: 2024-12-03",
        "during: 2024-12-02",
    ):
        assert line in draft
    _, declared = run(
        file, "--format", "yaml", "--url", "https://example.org/a", "--published", "2024-12-04", "--publisher", "efe"
    )
    for line in ("publisher: efe", "url: https://example.org/a", "published: 2024-12-04"):
        assert line in declared


# ---- doubts ----------------------------------------------------------------------------------------------

DOUBTED = "Fifty people were killed on 3 May 2021. They had 40 strikes behind them, and 12 others were killed."


@pytest.mark.parametrize("form", ["text", "yaml", "json"])
def test_doubts_are_in_every_form_and_dates_behind_a_switch(form: str) -> None:
    _, plain = run("-", "--format", form, stdin=DOUBTED)
    _, every = run("-", "--format", form, "--all-doubts", stdin=DOUBTED)
    assert "no word of violence is near" in plain or "counts things" in plain
    assert "counts things" in plain
    assert ": date" in every or '"date"' in every
    assert ": date" not in plain
    assert '"date"' not in plain


def test_doubts_are_in_the_lines_of_a_batch(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(json.dumps({"id": "a", "text": DOUBTED}) + "\n", encoding="utf-8")
    answer = json.loads(run(file, "--jsonl")[1])
    assert "counts things" in {d["reason"] for d in answer["doubts"]}
    assert all(isinstance(c["doubts"], list) for c in answer["claims"])


def test_the_doubts_that_matter_come_first() -> None:
    kinds = [
        n.kind for n in read("Twelve people were killed in 40 houses on 3 May, the Society of Nowhere said.").notes
    ]
    assert kinds == sorted(kinds, key=("claim", "number", "entry", "minor").index)
    assert set(kinds) == {"claim", "number", "entry", "minor"}


def test_a_claim_without_a_word_of_violence_is_doubted() -> None:
    record = build_record(read("Twelve people were killed."))
    assert "no word of violence" in record["claims"][0]["doubts"][0]
    assert any("whole text" in d["reason"] for d in record["doubts"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "40 men",
                "3,000",
                "five rebels",
                "killed",
                "dead",
                "tanks",
                "in the raid",
                "were",
                "and",
                ",",
                "|",
                "\n",
                "toll",
                "2019",
            ]
        ),
        max_size=14,
    )
)
def test_no_number_near_casualty_words_is_lost(words: list[str]) -> None:
    text = "The army said. Killed " + " ".join(words)
    reading = parse_text(text, published=DAY)
    held = [(d.start, d.end) for d in reading.drafts] + [(n.start, n.end) for n in reading.notes]
    line = text[: text.find("\n")] if "\n" in text else text
    for number in ("12", "40", "3,000", "2019"):
        at = line.find(number)
        assert at < 0 or any(start <= at < end for start, end in held), (number, text)


def test_the_numbers_of_a_table_are_doubts() -> None:
    table = "Civilians killed and injured by month\nJanuary 12 34\nFebruary 15 40\nMarch | 9 | 20\n"
    reading = parse_text(table, published=DAY)
    assert reading.drafts == []
    noted = " ".join(n.text for n in reading.notes if n.kind == "number")
    assert all(number in noted for number in ("34", "40", "9", "20"))


# ---- files and languages ---------------------------------------------------------------------------------

SENTENCE = "The blast killed 12 soldiers near the café, rebels said."


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_texts_in_other_encodings_are_read(codec: str) -> None:
    document = read_bytes(SENTENCE.encode(codec), name="a.txt")
    assert document.text == SENTENCE
    assert [d.value for d in parse_document(document).drafts] == [12]


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"%PDF-1.7 ...", "pdftotext -layout"),
        (b"\x89PNG\r\n\x1a\n...", "text recognition"),
        (b"PK\x03\x04...", "Save its text"),
        (b"\x1f\x8b\x08...", "Unpack"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_files_without_text_are_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        read_bytes(data, name="file")


LANGUAGES = {
    "ar": "قتل ما لا يقل عن 42 جنديا في الهجوم", "de": "Mindestens 42 Soldaten wurden getötet, sagte die Armee.", "el": "Τουλάχιστον 42 στρατιώτες σκοτώθηκαν",
    "es": "Al menos 42 soldados murieron, según el ejército.", "fr": "Au moins 42 soldats ont été tués, a annoncé l'armée.", "hu": "Legalább 42 katona meghalt, és 22 megsebesült.",
    "id": "Sedikitnya 42 tentara tewas dan 22 luka, menurut militer.", "it": "Almeno 42 soldati sono stati uccisi.", "mr": "किमान ४२ सैनिक ठार झाले आहेत",
    "nl": "Minstens 42 soldaten werden gedood, volgens het leger.", "no": "Minst 42 soldater ble drept, sier hæren.", "pt": "Pelo menos 42 soldados foram mortos.",
    "ru": "Не менее 42 солдат были убиты", "sr": "Najmanje 42 vojnika je ubijeno, saopštila je vojska.", "tr": "En az 42 asker öldü, 22 kişi yaralandı.",
    "uk": "Щонайменше 42 солдати загинули, її поранено",
}  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_another_language_is_found_and_refused_by_name(code: str) -> None:
    assert find_language(LANGUAGES[code]) == code
    with pytest.raises(UsageError, match=r"is in [A-Z].*only English"):
        read_bytes(LANGUAGES[code].encode(), name="a.txt")


def test_english_is_never_refused() -> None:
    from parse.cases import read_cases

    assert [case.text for case in read_cases() if find_language(case.text)] == []


def test_a_batch_goes_on_after_lines_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [
        json.dumps({"id": "a", "text": SENTENCE}), "no json", json.dumps({"id": "b", "text": LANGUAGES["fr"]}), "[" * 50_000,
        json.dumps({"id": "c", "text": 3}), json.dumps({"id": "d", "text": SENTENCE}),
    ]  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")
    code, output = run(file, "--jsonl")
    answers = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [bool(a.get("error")) for a in answers] == [False, True, True, True, True, False]
    assert [a.get("line") for a in answers if "error" in a] == [2, 3, 4, 5]
    assert "French" in answers[2]["error"]


def test_a_page_of_html_has_a_limit() -> None:
    with pytest.raises(UsageError, match="characters of HTML"):
        read_bytes(b"<html><body>" + b"<p>killed 5</p>" * 400_000, name="page.html")


# ---- values that a page seems to give --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["the national police", "the National Police", "The National Guard"])
def test_a_name_of_common_words_is_not_a_newspaper(name: str) -> None:
    assert find_claimant_id(name) == ""
    assert find_claimant_id("The National") == "the_national"


def test_a_headline_over_a_city_is_its_own_sentence() -> None:
    text = "Seventy villagers killed by suspected militants of the river, curfew imposed\nTumba: The governor imposed a curfew on Wednesday after militants killed 70 people.\n"
    first, second = read(text).drafts
    assert (first.window.start, "Tumba" in first.place_words) == (None, False)
    assert "the day may be that of another event in the sentence" in second.notes


def test_people_who_have_fled_have_no_day_of_another_clause() -> None:
    (d,) = read("Over 9,000 people have fled to camps, such as the one attacked by rebels on Saturday.").drafts
    assert "the day may be that of another event in the sentence" in d.notes


def test_the_label_of_two_kinds_of_people_names_both() -> None:
    seed = render_seed(read("The militia killed 15 wounded soldiers and civilians in the hospital."))
    assert "label: soldiers and civilians" in seed
    assert "printed: 15 wounded soldiers and civilians" in seed


def test_a_shortened_phrase_does_not_end_with_a_link() -> None:
    seed = render_seed(read("The militia killed at least six badly wounded soldiers and civilians in the hospital."))
    assert "printed: at least six badly wounded soldiers\n" in seed


def test_the_stamp_of_a_stored_page_is_no_day_of_the_harm() -> None:
    (d,) = read(" date 2024-12-04 News Militia raid kills three children in the delta\n").drafts
    assert d.window.start is None
    (d,) = read("Tumba, Dec 4: At least 12 civilians were killed in a grenade attack by militants since Monday.").drafts
    assert (d.window.kind, d.window.start) == ("cumulative", date(2024, 12, 2))


def test_a_superlative_has_its_own_period() -> None:
    (d,) = read("Rebels ambushed a patrol on Monday, killing 13 soldiers in the biggest attack this year.").drafts
    assert d.window.start == date(2024, 12, 2)


def test_a_figure_in_a_quotation_without_a_speaker_is_doubted() -> None:
    (d,) = read("“Nine of our colleagues were killed by the militia, among others,”").drafts
    assert "in a quotation: who speaks?" in d.entries


def test_a_comparison_with_earlier_days_is_no_period() -> None:
    (d,) = read(
        "Rebels wounded 360 people in the bloodiest day of three attempts to take the port in two months."
    ).drafts
    assert d.window.start is None


def test_a_border_between_two_countries_is_near_both() -> None:
    (d,) = read(
        "Gunmen raided villages near the troubled border between western Niger and Mali, killing 14 people."
    ).drafts
    assert not d.location or "the place is near the one that is named" in d.notes
