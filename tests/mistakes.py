"""More than a hundred mistakes that people make in seeds.

Each is made alone, on the real pages. It has a text that occurs once in a real file, and a replacement. The expected
line is the first line that the edit changes, unless `at` names another one. If the text is missing or occurs twice, the
test stops: the seeds have changed, and the mistake needs a new place.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "seeds"

KINDS = {
    "swapped-digits": "two digits exchanged",
    "wrong-digit": "a digit mistyped, a zero too many",
    "wrong-parent": "a part moved under the wrong parent, or to the wrong level",
    "subset-as-complete": "`of whom` coded as a complete list",
    "subset-above-total": "some of them are more than all of them",
    "joint-below-sum": "killed or injured is not killed and injured",
    "separator": "1,204; 1.018; a space",
    "full-width": "a digit of another script",
    "no-break-space": "a space that is none",
    "share": "a share that is none: a fraction, a word, a share of nothing",
    "qualifier": "words around a number that are not those of the grammar, or not those of the page",
    "qualifier-dropped": "`at least` lost on the way",
    "phrase": "a printed phrase without its number, or too long",
    "location-misspelt": "a place misspelt",
    "event-mistyped": "the id of an event mistyped",
    "actor-misspelt": "an actor or a group misspelt",
    "term-capital": "a word of a vocabulary, or a key, with a capital",
    "outcome-or-unit": "an outcome or a unit in other words",
    "roles-swapped": "claimant, publisher and agency exchanged",
    "duplicated-bulletin": "one page or claim twice",
    "id-reused": "an id used for two records",
    "named-twice": "one name twice in a list",
    "tab": "a tab",
    "line-ending": "the line ending of another system",
    "right-to-left": "a right-to-left override",
    "hidden": "a character that cannot be seen, or an emoji",
    "two-scripts": "a letter of another script in a word",
    "merge-not-finished": "the marks of a merge",
    "too-long": "a text that its column does not hold",
    "accents-apart": "an accent apart from its letter",
    "space-in-id": "a space or the end of a line in an id",
    "byte-order-mark": "a byte-order mark",
    "formula": "a cell that a spreadsheet would run",
    "tracking": "a parameter that tells how the reader came to the page",
    "address": "an address that is none, or has a password in it",
    "code": "a code of a language, a country or a document that is none",
    "coordinates": "a point that lies elsewhere",
    "parent-id": "a wrong parent in a reference table",
    "year-off": "a day one year off",
    "month-and-day": "month and day exchanged",
    "day-form": "a day in another form, or none",
    "as-of": "the cut-off before the window's end, or after the page",
    "end-before-start": "the last day before the first",
    "supersedes": "a correction of the wrong claim, or without a reason",
    "link": "a link to itself, or to nothing",
    "missing-key": "a key that is not there, or has no value",
    "misspelt-key": "a key misspelt",
    "yaml": "a fault of YAML",
    "ragged-row": "a comma or a quote too many in a table",
    "out-of-order": "a record in the wrong place",
    "wrong-place": "a place far from that of the event",
    "running-toll": "a running toll coded as a day or an event",
    "wrong-side": "the people of one side coded as those of the other",
    "share-as-count": "62 for 62%",
    "window-outside": "the days of a number outside those of its claim",
    "one-slip": "a slip that shows in several places",
    "waiver": "a waiver that covers nothing, or may not",
    "event": "an event that is not whole",
    "file-name": "a file under a wrong name",
}

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        kind: Kind of mistake, a key of `KINDS`.
        name: Name, unique within its kind.
        file: File in `seeds/`. Created if it does not exist.
        edit: Converts the text of the file.
        rule: Rule that must find it.
        at: Text that occurs once in the edited file, on the expected line. Empty: the first changed line.
        found_in: File in which it must be found, if not `file`.
        line: Expected line, if the finding is about the whole file (0 or 1).
        instead_of: File removed by the edit, if the edit renames it.
    """

    kind: str
    name: str
    file: str
    edit: Edit
    rule: str
    at: str = ""
    found_in: str = ""
    line: int | None = None
    instead_of: str = ""

    @property
    def id(self) -> str:
        """Return its name in the tests and of its golden file."""
        return f"{self.kind}.{self.name}"


@cache
def find_page(source_id: str) -> str:
    """Return the file of a page, by its id."""
    (found,) = (SEEDS / "sources").glob(f"*/{source_id}.yaml")
    return found.relative_to(SEEDS).as_posix()


def _find_once(text: str, part: str) -> int:
    times = text.count(part)
    if times != 1:
        raise LookupError(f"{part!r} stands {times} times in the file; a mistake needs a place of its own")
    return text.index(part)


def swap(old: str, new: str, *more: tuple[str, str]) -> Edit:
    """Return an edit that replaces `old`, which occurs once, by `new`.

    Likewise for further pairs.
    """

    def edit(text: str) -> str:
        for before, after in ((old, new), *more):
            start = _find_once(text, before)
            text = text[:start] + after + text[start + len(before) :]
        return text

    return edit


def move(text: str, under: str, *, indent: str) -> Edit:
    """Return an edit that moves a line below another one, with another indent.

    `under` may bring its own key.
    """

    def edit(whole: str) -> str:
        whole = swap(text + "\n", "")(whole)
        return swap(under + "\n", f"{under}\n{indent}{text.strip()}\n")(whole)

    return edit


def copy_file(file: str, *changes: tuple[str, str]) -> Edit:
    """Return an edit that copies another file, with some changes."""

    def edit(_: str) -> str:
        text = (SEEDS / file).read_text(encoding="utf-8")
        return swap(*changes[0], *changes[1:])(text) if changes else text

    return edit


def add_row(row: str) -> Edit:
    """Return an edit that adds a row at the end."""
    return lambda text: f"{text}{row}\n"


def use_windows_line_ends(text: str) -> str:
    """End every line as on Windows."""
    return text.replace("\n", "\r\n")


def add_byte_order_mark(text: str) -> str:
    """Add a byte-order mark."""
    return f"\ufeff{text}"


def swap_lines(first: str) -> Edit:
    """Return an edit that swaps the line that starts with `first` and the next one."""

    def edit(text: str) -> str:
        start = _find_once(text, f"\n{first}") + 1
        one, other, *_ = text[start:].split("\n", 2)
        return swap(f"{one}\n{other}\n", f"{other}\n{one}\n")(text)

    return edit


def decompose(word: str) -> Edit:
    """Return an edit that writes the accents of a word as separate characters.

    Some keyboards and PDF files do this.
    """
    return swap(word, unicodedata.normalize("NFD", word))


ACTORS, ALIASES, LOCATIONS, CONFLICTS = (f"reference/{t}.csv" for t in ("actors", "aliases", "locations", "conflicts"))
SYRIA, UKRAINE, MYANMAR = (f"events/{c}.yaml" for c in ("syria_2024_offensive", "ukraine_2022", "myanmar"))
WAIVERS, RETIRED = "waivers.yaml", "retired.csv"
KACHIN = "            from_10_to_16: {n: 13, label: children between 10 and 16}\n"
FALLS = "figures.toll-does-not-fall"
SUM, PRINTED = "figures.parts-cover-parent", "figures.printed-holds-number"


def swap_blocks(key: str) -> Edit:
    """Return an edit that swaps the block of a top-level key and the next block."""

    def edit(text: str) -> str:
        starts = [0, *(n + 1 for n, (a, b) in enumerate(itertools.pairwise(text)) if a == "\n" and b != " ")]
        number = starts.index(_find_once(text, f"\n{key}\n") + 1)
        first, second, third = starts[number : number + 3]
        return text[:first] + text[second:third] + text[first:second] + text[third:]

    return edit


MISTAKES = (
    # --- digits
    Mistake("swapped-digits", "part", find_page("telesur_english-2024-12-05"), swap("hts: 371", "hts: 317"), SUM),
    Mistake("swapped-digits", "part_of_six", find_page("etemaad_daily-2022-03-28"), swap("men: 224", "men: 242"), SUM),
    Mistake("swapped-digits", "part_of_two", find_page("arab_news-2025-01-01"), swap("n: 3179", "n: 3197"), SUM),
    Mistake("swapped-digits", "total_with_parts", find_page("bol_uol-2024-12-03"), swap("n: 602", "n: 620"), SUM),
    Mistake("swapped-digits", "lone_total", find_page("yahoo-2024-11-29"), swap("n: 255", "n: 525"), PRINTED),
    Mistake("swapped-digits", "number_in_braces", find_page("voa-2023-02-07"), swap("n: at least 171", "n: at least 117"), PRINTED),
    Mistake("wrong-digit", "part", find_page("canale_uno-2024-11-29"), swap("{n: 135", "{n: 235"), SUM),
    Mistake("wrong-digit", "total", find_page("tag24-2024-12-05"), swap("n: 727", "n: 721"), PRINTED),
    Mistake("wrong-digit", "zero_too_many", find_page("kyiv_independent-2024-12-21"), swap("n: 84761", "n: 847610"), PRINTED),
    Mistake("wrong-digit", "peak_of_a_toll", find_page("canale_uno-2024-11-30"), swap("n: 287", "n: 827", ("printed: 287", "printed: 827")), FALLS),
    # --- tree
    Mistake("wrong-parent", "militia_under_army", find_page("telesur_english-2024-12-05"), move("        allied_militia: {n: 25, printed: 25 pro-Iranian militiamen}", "            officers: {n: 23, printed: 23 of whom were officers}", indent=" " * 12), "figures.child-within-party", at="allied_militia: {n: 25, printed: 25 pro-Iranian militiamen}"),
    Mistake("wrong-parent", "fighters_under_civilians", find_page("arab_news-2025-01-01"), move("            syrian_government: {n: unstated, label: soldiers of the old regime}", "            children: 337", indent=" " * 12), "figures.child-narrows-parent", at="syrian_government: {n: unstated"),
    Mistake("wrong-parent", "town_under_town", find_page("pledge_times-2024-12-06"), move("        maala: {n: 1, location: maala}", "            children: 3", indent=" " * 12), "figures.child-within-place", at="maala: {n: 1"),
    Mistake("wrong-parent", "perpetrator_under_another", find_page("snhr-2024-12-04"), move("        sdf: 27", "            women: 13", indent=" " * 12), "figures.child-narrows-parent", at="sdf: 27"),
    Mistake("wrong-parent", "part_under_its_sibling", find_page("kachin_news_group-2023-04-20"), swap("under_10: {n: 25, label: children under 10}\n" + KACHIN, "under_10:\n              n: 25\n              label: children under 10\n              including:\n    " + KACHIN), SUM, at="                from_10_to_16: {n: 13"),
    Mistake("wrong-parent", "children_beside_civilians", find_page("arab_news-2025-01-01"), move("            children: 337", "            extremists: {n: unstated, label: extremists}", indent=" " * 8), SUM, at="        children: 337"),
    Mistake("subset-as-complete", "of_whom", find_page("telesur_english-2024-12-05"), swap("          including:\n", "          by occupation:\n"), SUM),
    Mistake("subset-as-complete", "civilians", find_page("thejournal_ie-2024-12-05"), swap("including:\n", "by party:\n"), SUM),
    Mistake("subset-as-complete", "identified", find_page("haaretz-2024-05-14"), swap("including:\n        identified:", "by identification:\n        identified:"), SUM),
    Mistake("subset-as-complete", "nested", find_page("bianet-2025-08-07"), swap("      including:\n        civilians:", "      by party:\n        civilians:"), SUM, at="n: 9889"),
    Mistake("subset-above-total", "children", find_page("bianet_english-2024-12-09"), swap("11 civilians, including six children\n      including:\n        children: 6", "11 civilians, including six children\n      including:\n        children: 16"), "figures.subset-within-parent"),
    Mistake("subset-above-total", "women", find_page("prothom_alo-2024-12-04"), swap("women: 790", "women: 7900"), "figures.subset-within-parent"),
    Mistake("subset-above-total", "injured", find_page("trt_world-2024-11-28"), swap("children: 7", "children: 70"), "figures.subset-within-parent"),
    Mistake("joint-below-sum", "joint", find_page("sbs_ukrainian-2023-03-07"), swap("{n: 21793", "{n: 21739"), "figures.joint-outcome-covers-both"),
    Mistake("joint-below-sum", "injured", find_page("dogruhaber-2022-03-02"), swap("{n: 525", "{n: 552"), "figures.joint-outcome-covers-both"),
    # --- quantities
    Mistake("separator", "comma", find_page("kurdistan24-2025-03-11"), swap("n: at least 1225", "n: at least 1,225"), "seed.quantity"),
    Mistake("separator", "point", find_page("pledge_times-2025-03-08"), swap("n: 1018", "n: 1.018"), "seed.quantity"),
    Mistake("separator", "comma_in_braces", find_page("siasat-2025-06-24"), swap("{n: 2933,", "{n: 2,933,"), "seed.quantity"),
    Mistake("full-width", "total", find_page("o_dia-2024-12-08"), swap("n: at least 910", "n: at least ９10"), "seed.quantity"),
    Mistake("full-width", "latitude", LOCATIONS, swap("34.81,36.66", "34.８1,36.66"), "cells.number"),
    Mistake("full-width", "day", find_page("wafa_french-2024-09-23"), swap("as_of: 2024-09-23", "as_of: 2024-09-２3"), "cells.date"),
    Mistake("no-break-space", "after_words", find_page("mejor_informado-2024-12-09"), swap("at least 910", "at least\u00a0910"), "seed.quantity"),
    Mistake("no-break-space", "thousands", find_page("news_in_ukraine-2024-02-03"), swap("n: 43460", "n: 43\u00a0460"), "seed.quantity"),
    Mistake("separator", "lakh", find_page("telesur_english-2024-12-05"), swap("hts: 371", "hts: 1,70,679"), "seed.quantity"),
    Mistake("separator", "two_spaces", find_page("telesur_english-2024-12-05"), swap("n: at least 727", "n: at least  727"), "seed.quantity"),
    Mistake("separator", "space_in_quotes", find_page("devdiscourse-2024-11-29"), swap("n: 27\n", 'n: "27 "\n'), "seed.quantity"),
    Mistake("share", "fraction", find_page("macdaniels_blog-2023-10-23"), swap("more than 62%", "more than 0.62"), "seed.quantity"),
    Mistake("share", "word", find_page("borneo_bulletin-2021-11-25"), swap("nearly 60%", "nearly 60 percent"), "seed.quantity"),
    Mistake("share", "of_nothing", find_page("e_haberler-2025-02-01"), swap("n: 24", "n: 24%"), "figures.qualifier-fits-bounds"),
    Mistake("qualifier", "in_words", find_page("telesur_english-2024-12-05"), swap("hts: 371", "hts: three hundred and seventy-one"), "seed.quantity"),
    Mistake("qualifier", "plus", find_page("trt_global-2024-06-07"), swap("n: more than 104", "n: 104+"), "seed.quantity"),
    Mistake("qualifier", "over", find_page("al_bawaba-2024-11-30"), swap("more than 300", "over 300"), "seed.quantity"),
    Mistake("qualifier", "tilde", find_page("tripfoumi-2024-08-28"), swap("{n: about 110", "{n: ~110"), "seed.quantity"),
    Mistake("qualifier", "without_number", find_page("green_tea_graffiti-2021-06-06"), swap("{n: 20, printed", "{n: about, printed"), "seed.quantity"),
    Mistake("qualifier", "falling_range", find_page("airwars-2024-12-02"), swap("5 to 6", "6 to 5"), "seed.quantity"),
    Mistake("qualifier", "at_least_for_up_to", find_page("lbc-2024-06-06"), swap("{n: up to 100", "{n: at least 100"), "figures.printed-holds-qualifier"),
    Mistake("qualifier-dropped", "at_least", find_page("gaza_tribunal-2024-03-01"), swap("n: at least 112", "n: 112"), "figures.printed-holds-qualifier"),
    Mistake("qualifier-dropped", "italian", find_page("lapresse-2024-12-08"), swap("n: at least 910", "n: 910"), "figures.printed-holds-qualifier"),
    Mistake("qualifier-dropped", "about", find_page("trt_world-2024-01-20"), swap("n: about 12000", "n: 12000"), "figures.printed-holds-qualifier"),
    # --- phrases
    Mistake("phrase", "another_number", find_page("middle_east_discourse-2025-01-05"), swap("reached 101", "reached 450"), PRINTED),
    Mistake("phrase", "of_another_figure", find_page("guangming_online-2024-11-29"), swap("Four civilians were killed", "Five students were hurt"), PRINTED),
    Mistake("phrase", "too_long", find_page("dawn-2023-04-15"), swap("printed: 171 from 130 a day earlier", "printed: its death count 171 from 130 a day earlier"), "figures.printed-is-short"),
    # --- names
    Mistake("location-misspelt", "alias", find_page("tag24-2024-12-05"), swap("location: syria", "location: siria"), "claims.location-id-resolves"),
    Mistake("location-misspelt", "in_list", find_page("karar-2024-12-02"), swap("maarrat_misrin: 7", "maarat_misrin: 7"), "seed.name"),
    Mistake("location-misspelt", "of_event", UKRAINE, swap("location: hroza", "location: hrosa"), "events.location-id-resolves"),
    Mistake("location-misspelt", "of_figure", find_page("l_eco_vicentino-2024-12-01"), swap("location: atarib", "location: attarib"), "figures.location-id-resolves"),
    Mistake("event-mistyped", "plural", find_page("karar-2024-12-02"), swap("strike, 2024-12-02-idlib-strikes]", "strike, 2024-12-02-idlib-strike]"), "claim_events.event-id-resolves"),
    Mistake("event-mistyped", "letter", find_page("444_hu-2023-10-05"), swap("claimant: ukraine_president\n    event: 2023-10-05-hroza-missile-strike", "claimant: ukraine_president\n    event: 2023-10-05-hroza-missle-strike"), "claim_events.event-id-resolves"),
    Mistake("event-mistyped", "another_day", find_page("snhr-2024-12-05"), swap("event: 2024-12-03-hama", "event: 2024-12-04-hama"), "claim_events.event-id-resolves"),
    Mistake("actor-misspelt", "claimant", find_page("arab_news-2025-01-01"), swap("claimant: sohr\n    via: afp\n    conflict: syria_civil_war\n    during: 2024", "claimant: shor\n    via: afp\n    conflict: syria_civil_war\n    during: 2024"), "claims.claimant-id-resolves"),
    Mistake("actor-misspelt", "claimant_by_name", find_page("mehr_news-2025-05-17"), swap("claimant: gaza_moh\n    since", "claimant: gaza_health_ministry\n    since"), "claims.claimant-id-resolves"),
    Mistake("actor-misspelt", "via", find_page("guangming_online-2024-11-29"), swap("via: xinhua\n    event", "via: xinua\n    event"), "claims.relayed-via-resolves"),
    Mistake("actor-misspelt", "perpetrator", find_page("deutsche_welle-2024-06-06"), swap("perpetrator: rsf", "perpetrator: rfs"), "claim_perpetrators.actor-id-resolves"),
    Mistake("actor-misspelt", "party", find_page("rudaw-2024-11-29"), swap("syrian_government: {n: 21", "syrian_goverment: {n: 21"), "seed.name"),
    Mistake("actor-misspelt", "publisher", find_page("nexus_news-2025-01-25"), swap("publisher: nexus_news", "publisher: nexus_new"), "sources.id-is-page"),
    Mistake("actor-misspelt", "group_word", find_page("dglah-2024-12-03"), swap("        children: 14", "        childern: 14"), "seed.name"),
    Mistake("actor-misspelt", "who", find_page("prothom_alo-2024-12-04"), swap("civilians: {n: 47", "civillians: {n: 47"), "seed.name"),
    Mistake("term-capital", "access", find_page("ric-2024-12-23"), swap("access: excerpt", "access: Excerpt"), "cells.term"),
    Mistake("term-capital", "certainty", find_page("tass-2024-07-28"), swap("certainty: denied", "certainty: Denied"), "cells.term"),
    Mistake("term-capital", "actor_kind", ACTORS, swap("kurdistan24,Kurdistan24,,broadcaster", "kurdistan24,Kurdistan24,,Broadcaster"), "cells.term"),
    Mistake("term-capital", "outcome", find_page("the_coli_forum-2024-10-04"), swap("    killed: {n: up to 600", "    Killed: {n: up to 600"), "seed.unknown-key"),
    Mistake("term-capital", "actor", find_page("tass-2024-07-28"), swap("claimant: idf", "claimant: IDF"), "cells.pattern"),
    Mistake("outcome-or-unit", "unit", find_page("siasat-2025-06-24"), swap("injured (admissions)", "injured (admission)"), "seed.outcome"),
    Mistake("outcome-or-unit", "wounded", find_page("nexus_news-2025-01-25"), swap("    injured:", "    wounded:"), "seed.unknown-key"),
    Mistake("outcome-or-unit", "dead", find_page("medafrica_times-2021-06-08"), swap("    killed: {n: 132", "    dead: {n: 132"), "seed.unknown-key"),
    Mistake("outcome-or-unit", "brackets", find_page("aapp-2024-07-22"), swap("    detained:", "    detained(persons):"), "seed.outcome"),
    Mistake("roles-swapped", "publisher_and_claimant", find_page("kurdistan24-2025-03-11"), swap("publisher: kurdistan24", "publisher: sohr", ("claimant: sohr", "claimant: kurdistan24")), "sources.id-is-page"),
    Mistake("roles-swapped", "claimant_and_agency", find_page("eye_radio-2024-06-08"), swap("claimant: karari_rc\n    via: al_jazeera\n    event", "claimant: al_jazeera\n    via: karari_rc\n    event"), "claims.claimant-no-outlet"),
    Mistake("roles-swapped", "publisher_as_claimant", find_page("il_piccolo-2024-12-02"), swap("claimant: sohr", "claimant: il_piccolo"), "claims.claimant-no-outlet"),
    # --- twice
    Mistake("duplicated-bulletin", "second_file", "sources/syria_2024_offensive/shine-2024-12-02-2.yaml", copy_file(find_page("shine-2024-12-02")), "sources.url-once", at="url:"),
    Mistake("duplicated-bulletin", "other_address", "sources/syria_2024_offensive/telesur_english-2024-12-05-2.yaml", copy_file(find_page("telesur_english-2024-12-05"), ("urn:document:000_b61bed1787e576d8.txt", "https://www.telesurenglish.net/syria-toll")), "sources.document-once", at="sha256: b3b428"),
    Mistake("duplicated-bulletin", "claim_twice", find_page("politico_europe-2024-11-30"), add_row("  2:\n    claimant: unspecified\n    via: bbc\n    since: 2024-11-27\n    as_of: 2024-11-30\n    as_of_precision: approximate\n    location: syria\n    killed: {n: at least 277, printed: At least 277 people}"), "claims.said-once", at="  2:"),
    Mistake("duplicated-bulletin", "slash_and_www", find_page("tass-2024-09-24"), swap("https://tass.com/world/1847189", "https://www.tass.com/world/1822231/"), "sources.url-once"),
    Mistake("id-reused", "actor", ACTORS, swap("sard,Syrian Association for Relief and Development (SARD),", "saraya,Saraya,,armed_group,SYR,,,,,,\nsard,Syrian Association for Relief and Development (SARD),", ("saraya,Saraya", "sana,Saraya Ansar al-Nusra")), "actors.key-unique"),
    Mistake("id-reused", "claim", find_page("lbc-2024-06-06"), swap("\n  3:\n", "\n  2:\n"), "yaml.duplicate-key"),
    Mistake("id-reused", "event", SYRIA, swap("2024-12-03-hama-city-shelling:\n", "2024-12-02-idlib-strikes:\n  type: airstrike\n  date: 2024-12-02\n  location: saraqib\n  summary: Strikes on Saraqib.\n2024-12-03-hama-city-shelling:\n"), "yaml.duplicate-key"),
    Mistake("id-reused", "retired_claim", RETIRED, add_row("allafrica-2024-08-26.1,,2025-03-01,Coded twice."), "seed.retired-id", at="  1:", found_in=find_page("allafrica-2024-08-26")),
    Mistake("id-reused", "retired_place", RETIRED, add_row("maala,,2025-03-01,Not on any map."), "seed.retired-id", at="maala,Maala", found_in=LOCATIONS),
    Mistake("id-reused", "figure", find_page("bianet_english-2024-12-09"), swap("            women: 1\n", "            children: 1\n"), "yaml.duplicate-key"),
    Mistake("id-reused", "figure_in_two_lists", find_page("front_news-2022-05-27"), swap("        children: {n: 261", "        men: {n: 261"), "seed.duplicate-name"),
    Mistake("named-twice", "list", find_page("airwars-2024-12-04"), swap("[russia, syrian_government]", "[russia, russia]"), "claim_perpetrators.key-unique"),
    Mistake("named-twice", "same_row", ALIASES, swap("location,hroza,Groza,\n", "location,hroza,Groza,\nlocation,hroza,Groza,ru\n"), "aliases.key-unique"),
    Mistake("named-twice", "entity_gone", ALIASES, swap("location,nawa,", "location,navva,"), "aliases.entity-id-resolves"),
    # --- characters
    Mistake("tab", "in_page", find_page("shafaq_news-2024-11-30"), swap("    claimant: syr_army", "\tclaimant: syr_army"), "file.tab"),
    Mistake("tab", "in_table", ALIASES, swap("actor,icrc,ICRC,", "actor,icrc,ICRC\t,"), "file.tab"),
    Mistake("line-ending", "windows_page", find_page("dna_india-2024-12-07"), use_windows_line_ends, "file.line-ending"),
    Mistake("line-ending", "windows_table", CONFLICTS, use_windows_line_ends, "file.line-ending"),
    Mistake("line-ending", "lone_return", find_page("urdupoint-2024-12-06"), swap("as_of: 2024-12-06\n    location: syria\n", "as_of: 2024-12-06\n    location: syria\r"), "file.line-ending"),
    Mistake("right-to-left", "label", find_page("reformatorisch_dagblad-2024-12-01"), swap("acht burgers omgekomen", "acht burgers \u202eomgekomen"), "file.bidi"),
    Mistake("right-to-left", "name", ACTORS, swap("Bedouin and tribal fighters", "Bedouin and \u202etribal fighters"), "file.bidi"),
    Mistake("hidden", "zero_width", find_page("bianet_english-2024-12-09"), swap("location: ain_issa", "location: ain\u200b_issa"), "file.control-character"),
    Mistake("hidden", "left_to_right_mark", find_page("hala_canada-2024-12-01"), swap("سبعة أشخاص", "\u200eسبعة أشخاص"), "file.bidi"),
    Mistake("hidden", "soft_hyphen", ALIASES, swap("Süveyda", "Süvey\u00adda"), "file.control-character"),
    Mistake("hidden", "emoji", find_page("gma_news-2023-11-11"), swap("Lowered, because", "Lowered \U0001f614, because"), "cells.hidden-character"),
    Mistake("two-scripts", "label", find_page("keidenesia_tv-2024-11-29"), swap("empat warga sipil", "empat warg\u0430 sipil"), "cells.mixed-scripts"),
    Mistake("two-scripts", "name", ACTORS, swap(",Red Bands,", ",R\u0435d Bands,"), "cells.mixed-scripts"),
    Mistake("merge-not-finished", "page", find_page("infobae-2024-12-04"), swap("language: ", "<<<<<<< HEAD\nlanguage: "), "file.merge-mark"),
    Mistake("merge-not-finished", "table", ALIASES, swap("actor,icrc,ICRC,", "=======\nactor,icrc,ICRC,"), "file.merge-mark"),
    Mistake("hidden", "title", find_page("news_in_ukraine-2024-02-03"), swap("title: Almost", "title: Al\u200bmost"), "file.control-character"),
    Mistake("too-long", "title", find_page("news_in_ukraine-2024-02-03"), swap("title: Almost", "title: " + "Al" * 5000 + "most"), "cells.length"),
    Mistake("accents-apart", "label", find_page("gma_news-2023-11-11"), swap("Lowered, because", "Lowered (cafe\u0301), because"), "file.normal-form"),
    Mistake("accents-apart", "alias", ALIASES, decompose("Süveyda"), "file.normal-form"),
    Mistake("space-in-id", "table", LOCATIONS, swap("\nmoura,Moura", '\n"moura\n",Moura'), "cells.hidden-character"),
    Mistake("space-in-id", "page", find_page("karar-2024-12-02"), swap("    location: idlib\n    perpetrator: russia\n    conflicts_with", '    location: "idlib\\n"\n    perpetrator: russia\n    conflicts_with'), "cells.hidden-character"),
    Mistake("byte-order-mark", "page", find_page("tass-2025-04-18"), add_byte_order_mark, "file.byte-order-mark"),
    Mistake("byte-order-mark", "table", ACTORS, add_byte_order_mark, "file.byte-order-mark"),
    Mistake("formula", "name", ACTORS, swap(",Red Bands,", ",=HYPERLINK(A1),"), "cells.formula"),
    Mistake("formula", "alias", ALIASES, swap("location,morek,Morik,", "location,morek,@Morik,"), "cells.formula"),
    Mistake("space-in-id", "id", LOCATIONS, swap("\nnawa,Nawa", "\nnawa ,Nawa"), "cells.outer-space"),
    # --- addresses and codes
    Mistake("tracking", "utm", find_page("ndtv-2024-12-26"), swap("-officers-7332332", "-officers-7332332?utm_source=telegram"), "sources.url-without-tracking"),
    Mistake("tracking", "fbclid", find_page("eye_radio-2024-06-08"), swap("blamed-on-rsf/", "blamed-on-rsf/?p=1&fbclid=IwAR0abc"), "sources.url-without-tracking"),
    Mistake("address", "login", find_page("444_hu-2023-10-05"), swap("https://444.hu", "https://reader:secret@444.hu"), "sources.url-without-login"),
    Mistake("address", "no_scheme", find_page("rudaw-2024-11-29"), swap("https://rudaw.net", "rudaw.net"), "sources.url-is-address"),
    Mistake("code", "capital", find_page("mia-2024-12-02"), swap("language: en", "language: EN"), "cells.pattern"),
    Mistake("code", "country", find_page("expert_in_ua-2024-12-02"), swap("language: uk", "language: ua"), "sources.language-is-code"),
    Mistake("code", "three_letters", find_page("almjhar-2024-12-04"), swap("language: ar", "language: ara"), "sources.language-is-code"),
    Mistake("code", "cut_short", find_page("telesur_english-2024-12-05"), swap("b6f36", "b6f"), "cells.pattern"),
    Mistake("code", "two_letters", LOCATIONS, swap("nasib,Nasib border crossing,site,SYR", "nasib,Nasib border crossing,site,SY"), "cells.pattern"),
    Mistake("code", "of_conflict", CONFLICTS, swap("sudan_2023,\"War in Sudan, from 2023\",2023-04-15,,SDN", "sudan_2023,\"War in Sudan, from 2023\",2023-04-15,,SD"), "conflicts.countries-are-codes"),
    Mistake("code", "united_kingdom", ACTORS, swap("airwars,Airwars,,monitor,GBR", "airwars,Airwars,,monitor,UK"), "cells.pattern"),
    Mistake("coordinates", "exchanged", LOCATIONS, swap("35.13,36.75", "36.75,35.13"), "locations.point-in-country"),
    Mistake("coordinates", "sign_lost", LOCATIONS, swap("-1.68,29.22", "1.68,-29.22"), "locations.point-in-country"),
    Mistake("coordinates", "degrees", LOCATIONS, swap("14.4,-4.5,2", "14°24',-4.5,2"), "cells.number"),
    Mistake("parent-id", "mistyped", LOCATIONS, swap("morek,Morek,settlement,SYR,Hama,hama_north", "morek,Morek,settlement,SYR,Hama,hama_nort"), "locations.parent-id-resolves"),
    Mistake("parent-id", "another_province", LOCATIONS, swap("talbiseh,Talbiseh,settlement,SYR,Homs,homs_north", "talbiseh,Talbiseh,settlement,SYR,Homs,hama_north"), "locations.division-fits-parent"),
    Mistake("parent-id", "actor_mistyped", ACTORS, swap("armed_forces,SYR,syria_government_side,", "armed_forces,SYR,syria_goverment_side,"), "actors.parent-id-resolves"),
    Mistake("parent-id", "circle", ACTORS, swap("hts,Hayat Tahrir al-Sham,HTS,armed_group,SYR,hts_and_allies", "hts,Hayat Tahrir al-Sham,HTS,armed_group,SYR,red_bands"), "actors.parent-cycle"),
    # --- days
    Mistake("year-off", "published", find_page("pressafrik-2024-12-02"), swap("published: 2024", "published: 2023"), "sources.id-is-page"),
    Mistake("year-off", "as_of", find_page("sputnik-2024-12-06"), swap("as_of: 2024-12-05", "as_of: 2023-12-05"), "claims.window-in-order"),
    Mistake("year-off", "since", find_page("los_tiempos-2024-12-03"), swap("since: 2024-11-27", "since: 2023-11-27"), "claims.start-fits-series"),
    Mistake("year-off", "during", find_page("the_morning_telegraph-2024-12-09"), swap("during: 2024-11-01/2024-11-30", "during: 2023-11-01/2023-11-30"), "claims.days-near-page"),
    Mistake("year-off", "during_with_event", find_page("a_news-2024-12-04"), swap("during: 2024-12-01", "during: 2023-12-01"), "claims.window-meets-event"),
    Mistake("year-off", "event", SYRIA, swap("2024-12-04-morek-strike:\n  type: airstrike\n  date: 2024", "2024-12-04-morek-strike:\n  type: airstrike\n  date: 2023"), "events.id-is-day"),
    Mistake("year-off", "accessed", find_page("allafrica-2024-08-26"), swap("accessed: 2026-11-30\n", "accessed: 2023-08-28\n"), "sources.published-before-access"),
    Mistake("month-and-day", "during", find_page("shine-2024-12-02"), swap("during: 2024-12-01/2024-12-02", "during: 2024-01-12/2024-12-02"), "claims.days-near-page"),
    Mistake("month-and-day", "as_of", find_page("infobae-2024-12-04"), swap("as_of: 2024-12-04", "as_of: 2024-04-12"), "claims.window-in-order"),
    Mistake("month-and-day", "published", find_page("ilkha-2025-02-07"), swap("published: 2025-02-07", "published: 2025-07-02"), "sources.id-is-page"),
    Mistake("month-and-day", "event", MYANMAR, swap("date: 2023-04-11", "date: 2023-11-04"), "events.id-is-day"),
    Mistake("month-and-day", "since", find_page("shafaq_news-2025-03-12"), swap("since: 2025-03-06", "since: 2025-06-03"), "claims.window-in-order"),
    Mistake("day-form", "slashes", find_page("go3_noticias-2024-12-07"), swap("published: 2024-12-07", "published: 07/12/2024"), "cells.date"),
    Mistake("day-form", "dash", find_page("sbs_ukrainian-2023-03-07"), swap("during: 2023-02-01/2023-02-28", "during: 2023-02-01 - 2023-02-28"), "seed.window"),
    Mistake("day-form", "time", find_page("sbs_ukrainian-2023-03-07"), swap("as_of: 2023-02-28", "as_of: 2023-02-28T21:00:00+00:00"), "cells.date"),
    Mistake("day-form", "short", find_page("il_piccolo-2024-12-02"), swap("as_of: 2024-12-02", "as_of: 2024-12-2"), "cells.date"),
    Mistake("day-form", "no_such_day", find_page("reliefweb-2024-12-01"), swap("2024-11-30\n    as_of", "2024-11-31\n    as_of"), "cells.date"),
    Mistake("as-of", "before_window_end", find_page("europa_press-2024-12-07"), swap("as_of: 2024-12-07\n    period_precision: approximate\n    as_of_precision: approximate\n    location: syria\n", "as_of: 2024-12-06\n    period_precision: approximate\n    as_of_precision: approximate\n    location: syria\n"), "claims.as-of-after-window"),
    Mistake("as-of", "before_until", find_page("l_orient_today-2025-07-21"), swap("as_of: 2025-07-21", "as_of: 2025-07-12"), "claims.as-of-after-window"),
    Mistake("as-of", "after_page", find_page("sudtirol_news-2024-12-02"), swap("    during: 2024-12-02\n    as_of: 2024-12-02", "    during: 2024-12-02\n    as_of: 2024-12-12"), "claims.as-of-before-page"),
    Mistake("end-before-start", "during", find_page("naslovi_net-2024-12-04"), swap("2024-12-02/2024-12-04", "2024-12-04/2024-12-02"), "claims.window-in-order"),
    Mistake("end-before-start", "event", SYRIA, swap("date: 2024-11-30/2024-12-01", "date: 2024-12-01/2024-11-30"), "events.dates-in-order"),
    Mistake("end-before-start", "actor", ACTORS, swap("2017-01-28,2025-01-29", "2025-01-29,2017-01-28"), "actors.days-in-order"),
    # --- corrections
    Mistake("supersedes", "later", find_page("kurdistan24-2025-03-11"), swap("    ids: {first", "    supersedes: shafaq_news-2025-03-12.1\n    reason: Recounted.\n    ids: {first"), "claims.supersedes-older"),
    Mistake("supersedes", "mistyped", find_page("l_orient_today-2025-07-22"), swap("supersedes: l_orient_today-2025-07-21.1", "supersedes: l_orient_today-2025-07-12.1"), "claims.supersedes-resolves"),
    Mistake("supersedes", "no_reason", find_page("lbc_uk-2022-01-22"), swap("    reason: MSF raised its count of the same air strike a day after its first one, which covered a single hospital.\n", ""), "claims.correction-has-reason", at="    supersedes:"),
    Mistake("supersedes", "another_claimant", find_page("outlook_india-2024-07-27"), swap("    certainty: denied\n", "    certainty: denied\n    supersedes: siasat-2024-07-28.1\n    reason: Recounted.\n"), "claims.supersedes-family"),
    Mistake("link", "to_itself", find_page("snhr-2025-01-02"), swap("part_of: snhr-2025-01-02.2", "part_of: snhr-2025-01-02.1"), "claim_links.two-claims"),
    Mistake("link", "mistyped", find_page("mia-2024-12-02"), swap("conflicts_with: [il_piccolo-2024-12-02.1]", "conflicts_with: [il_piccolo-2024-12-20.1]"), "claim_links.other-id-resolves"),
    # --- keys
    Mistake("missing-key", "publisher", find_page("dt_next-2023-11-11"), swap("publisher: dt_next\n", ""), "seed.missing-key", line=1),
    Mistake("missing-key", "as_of", find_page("trt_world-2025-02-06"), swap("    as_of: 2025-02-04\n", ""), "seed.missing-key", at="  1:"),
    Mistake("missing-key", "event_location", MYANMAR, swap("  location: pazigyi\n", ""), "seed.missing-key", at="2023-04-11-pazigyi-strike:"),
    Mistake("missing-key", "window", find_page("uol-2024-11-29"), swap("    during: 2024-11-27/2024-11-29\n", ""), "seed.window", at="  1:"),
    Mistake("misspelt-key", "claimant", find_page("ynetnews-2024-11-28"), swap("    claimant: sohr", "    claiment: sohr"), "seed.unknown-key"),
    Mistake("misspelt-key", "publisher", find_page("rpp-2024-12-06"), swap("publisher:", "publsher:"), "seed.unknown-key"),
    Mistake("misspelt-key", "including", find_page("pledge_times-2024-12-01"), swap("          including:\n            children: 7", "          includng:\n            children: 7"), "seed.unknown-key"),
    Mistake("misspelt-key", "column", CONFLICTS, swap("countries,ucdp_id", "country,ucdp_id"), "seed.unknown-key"),
    Mistake("misspelt-key", "initiator", SYRIA, swap("2024-12-04-morek-strike:\n  type: airstrike\n  date: 2024-12-04\n  location: morek\n  initiator:", "2024-12-04-morek-strike:\n  type: airstrike\n  date: 2024-12-04\n  location: morek\n  initator:"), "seed.unknown-key"),
    Mistake("missing-key", "empty_value", find_page("cumhuriyet-2024-12-11"), swap("language: tr", "language:"), "seed.empty-value"),
    Mistake("yaml", "anchor", find_page("la_jornada-2024-12-08"), swap("claimant: sohr", "claimant: &s sohr"), "yaml.anchor"),
    Mistake("yaml", "colon_in_note", find_page("teller_report-2024-03-10"), swap("note: Machine translation of", "note: Machine translation: of"), "yaml.syntax"),
    Mistake("yaml", "quote_not_closed", find_page("wafa_french-2024-09-23"), swap('printed: 274 civils libanais', 'printed: "274 civils libanais'), "yaml.syntax"),
    Mistake("yaml", "indent", find_page("ndtv-2024-12-26"), swap("      n: 14\n", "     n: 14\n"), "yaml.syntax"),
    Mistake("yaml", "bracket", find_page("sbs_ukrainian-2023-03-07"), swap("{n: 8173, who: civilians, printed: \"8,173 killed\"}", "{n: 8173, who: civilians, printed: \"8,173 killed\""), "yaml.syntax"),
    Mistake("yaml", "key_twice", find_page("wafa_french-2024-09-23"), swap("    as_of: 2024-09-23\n", "    as_of: 2024-09-23\n    as_of: 2024-09-22\n"), "yaml.duplicate-key"),
    Mistake("ragged-row", "comma_at_end", CONFLICTS, swap("yemen,War in Yemen,2014-09-16,,YEM,230,", "yemen,War in Yemen,2014-09-16,,YEM,230,,"), "csv.width"),
    Mistake("ragged-row", "commas_in_every_row", CONFLICTS, lambda text: text.replace("\n", ",,\n"), "csv.header"),
    Mistake("ragged-row", "semicolons", CONFLICTS, lambda text: text.replace(",", ";"), "csv.separator"),
    Mistake("ragged-row", "header_alone", CONFLICTS, lambda text: text[: text.index("\n") + 1], "seed.missing-table", line=1),
    Mistake("ragged-row", "comma_in_name", LOCATIONS, swap("moura,Moura,", "moura,Moura, Mopti,"), "csv.width"),
    Mistake("ragged-row", "quote", ALIASES, swap("actor,hts,Nusra Front,en", "actor,hts,\"Nusra\" Front,en"), "csv.syntax"),
    Mistake("out-of-order", "table", LOCATIONS, swap_lines("nasib,"), "csv.order", at="nasib,"),
    Mistake("out-of-order", "events", SYRIA, swap_blocks("2024-12-01-kuweires-taken:"), "seed.order", at="2024-12-01-kuweires-taken:"),
    # --- a wrong place
    Mistake("wrong-place", "of_another_event", find_page("ndtv-2024-12-26"), swap("location: tartus", "location: damascus"), "claim_events.place-fits", at="event: 2024-12-24-tartus-ambush"),
    # --- slips that the words and other claims show
    Mistake("running-toll", "during", find_page("la_jornada-2024-12-08"), swap("since: 2024-11-27", "during: 2024-12-08"), "claims.day-fits-toll"),
    Mistake("running-toll", "event", find_page("o_dia-2024-12-08"), swap("since: 2024-11-27", "event: 2024-12-08-mustariha-drone-strike"), "claims.day-fits-toll"),
    Mistake("running-toll", "rounded", find_page("deia-2024-12-08"), swap("since: 2024-11-27", "during: 2024-12-08"), "claims.day-fits-toll"),
    Mistake("running-toll", "words", find_page("lbc-2024-11-30"), swap("since: 2024-11-27", "during: 2024-11-30"), "claims.words-fit-window"),
    Mistake("running-toll", "of_months", find_page("front_news-2022-05-27"), swap("since: 2022-02-24", "during: 2022-05-26"), "claims.day-fits-toll"),
    Mistake("wrong-side", "enemy_as_own", find_page("shafaq_news-2024-12-26"), swap("actor: sna", "actor: sdf"), "figures.side-fits-words"),
    Mistake("wrong-side", "own_as_enemy", find_page("big_news_network-2024-11-30"), swap("actor: syrian_government", "actor: syria_opposition"), "figures.side-fits-words"),
    Mistake("wrong-side", "part", find_page("yahoo-2024-12-04"), swap("        israel:\n", "        hezbollah:\n"), "figures.side-fits-words"),
    Mistake("wrong-side", "terrorists", find_page("sputnik-2024-11-29"), swap("actor: syria_opposition", "actor: syrian_government"), "figures.side-fits-words"),
    Mistake("share-as-count", "printed", find_page("the_news_wave-2023-11-11"), swap("about 70%", "about 70"), "figures.printed-is-count"),
    Mistake("share-as-count", "in_a_complete_list", find_page("borneo_bulletin-2021-11-25"), swap("nearly 60%", "nearly 60"), "figures.printed-is-count"),
    Mistake("share-as-count", "spelt", find_page("snhr-2024-12-04"), swap("n: 44%", "n: 44"), "figures.printed-is-count"),
    Mistake("share-as-count", "without_a_phrase", find_page("macdaniels_blog-2023-10-23"), swap("more than 62%", "more than 62"), "figures.part-is-count"),
    Mistake("window-outside", "total", find_page("mia-2024-12-02"), swap("\n      during: 2024-12-02\n", "\n      during: 2024-11-02\n"), "figures.window-within-claim"),
    Mistake("window-outside", "year", find_page("tag24-2024-12-05"), swap("      n: 727\n", "      n: 727\n      during: 2023-12-05\n"), "figures.window-within-claim", at="      during: 2023-12-05"),
    Mistake("window-outside", "part", find_page("canale_uno-2024-11-30"), swap("during: 2024-11-30", "during: 2024-11-03"), "figures.child-narrows-parent"),
    Mistake("window-outside", "claim", find_page("plf_pakistan-2025-08-15"), swap("since: 2023-10-07", "during: 2025-08-15"), "claims.window-holds-figures"),
    Mistake("one-slip", "conflict", find_page("uol-2024-11-29"), swap("    claimant: un_ocha\n", "    claimant: un_ocha\n    conflict: gaza_2023\n"), "claim_links.conflicts-meet", at="    conflicts_with"),
    Mistake("one-slip", "as_of_after_page_and_war", find_page("attaqwaa-2025-06-24"), swap("as_of: 2025-06-24", "as_of: 2025-06-27"), "claims.as-of-before-page"),
    Mistake("one-slip", "tab_that_indents", find_page("etemaad_daily-2022-03-28"), swap("    claimant", "\t claimant"), "file.tab"),
    Mistake("one-slip", "lakh_in_braces", find_page("gma_news-2023-11-11"), swap("more than 11000,", "more than 1,10,000,"), "seed.quantity"),
    # --- waivers, events, files
    Mistake("waiver", "unused", WAIVERS, add_row("- rule: figures.parts-cover-parent\n  record: bol_uol-2024-12-03.1.killed\n  reason: The page contradicts itself.\n  by: maintainers\n  on: 2026-11-24"), "flags.used", at="  record: bol_uol-2024-12-03.1.killed"),
    Mistake("waiver", "never_waivable", WAIVERS, add_row("- rule: claims.key-unique\n  record: bol_uol-2024-12-03.1\n  reason: Two claims.\n  by: maintainers\n  on: 2026-11-24"), "flags.waivable", at="- rule: claims.key-unique"),
    Mistake("waiver", "rule_misspelt", WAIVERS, swap("- rule: figures.child-within-party", "- rule: figures.child-in-party"), "flags.rule-exists"),
    Mistake("waiver", "record_misspelt", WAIVERS, swap("l_orient_today-2025-07-22.1.killed", "l_orient_today-2025-07-22.1.kiled"), "flags.record-exists"),
    Mistake("waiver", "values_unsaid", WAIVERS, swap("  found: fighter under armed_forces\n", ""), "flags.found-given", at="- rule: figures.child-narrows-parent"),
    Mistake("event", "no_target", SYRIA, swap("  summary: Government forces retake some areas of Hama province.\n", "  summary: Government forces retake some areas of Hama province.\n  status: merged\n"), "events.merged-names-target"),
    Mistake("event", "both_sides", SYRIA, swap("  location: saraqib\n  initiator: hts_and_allies\n  target: syrian_government\n  summary: Saraqib is reported taken.", "  location: saraqib\n  initiator: hts_and_allies\n  target: hts_and_allies\n  summary: Saraqib is reported taken."), "event_actors.one-side"),
    Mistake("event", "page_misspelt", SYRIA, swap("    babnet-2024-12-08: unspecified", "    babnett-2024-12-08: unspecified"), "event_sources.source-id-resolves"),
    Mistake("file-name", "another_day", "sources/syria_2024_offensive/dpa_afx_traderfox-2024-08-12.yaml", copy_file(find_page("dpa_afx_traderfox-2024-12-08")), "sources.id-is-page", instead_of=find_page("dpa_afx_traderfox-2024-12-08")),
    Mistake("file-name", "named_by_events", "sources/syria_2024_offensive/telesur_english-2024-12-06.yaml", copy_file(find_page("telesur_english-2024-12-05")), "sources.id-is-page", at="published: 2024-12-05", instead_of=find_page("telesur_english-2024-12-05")),
    Mistake("file-name", "with_its_day", "sources/syria_2024_offensive/telesur_english-2024-12-06.yaml", copy_file(find_page("telesur_english-2024-12-05"), ("published: 2024-12-05", "published: 2024-12-06")), "event_sources.source-id-resolves", found_in=SYRIA, at="telesur_english-2024-12-05: unspecified\n  note: The page gives no end", instead_of=find_page("telesur_english-2024-12-05")),
    Mistake("file-name", "capital", "sources/syria_2024_offensive/Dpa_afx_traderfox-2024-12-08.yaml", copy_file(find_page("dpa_afx_traderfox-2024-12-08")), "seed.file-name", instead_of=find_page("dpa_afx_traderfox-2024-12-08")),
)  # fmt: skip
