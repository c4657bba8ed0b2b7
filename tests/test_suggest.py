"""The question "Did you mean …?": one place, one wording, in bounded time."""

import re
import time
from pathlib import Path

import pytest

from conflictdata._utils.suggest import ask_whether, find_close, find_closest, find_nearest_ids, suggest

PACKAGE = Path(__file__).parents[1] / "conflictdata"
NAMES = {
    "sohr": ["sohr", "Syrian Observatory for Human Rights", "SOHR"],
    "ocha": ["ocha", "United Nations Office for the Coordination of Humanitarian Affairs"],
    "israeli_army": ["israeli_army", "Israel Defense Forces", "IDF"],
    "lebanon_health": ["lebanon_health", "Ministry of Public Health (Lebanon)"],
    "afp": ["afp", "Agence France-Presse"],
}
# Written before there was one place for it.
_ELSEWHERE = {"rules/integrity.py", "rules/locations.py", "authoring/issue_form.py"}
_OWN_SEARCH = {f"authoring/{name}.py" for name in ("compose", "issue_form", "issue_form_correction")}


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ((), ""),
        (("",), ""),
        (("killed",), "Did you mean 'killed'?"),
        (("a", "b"), "Did you mean 'a' or 'b'?"),
        (("a", "b", "c"), "Did you mean 'a', 'b' or 'c'?"),
        (("sohr (Syrian Observatory)", "afp"), "Did you mean 'sohr' (Syrian Observatory) or 'afp'?"),
        (("people's_guard",), 'Did you mean "people\'s_guard"?'),
    ],
)
def test_the_question(words, question):
    assert ask_whether(*words) == question


def test_the_nearest_word_or_none():
    assert suggest("kiled", ["killed", "injured"]) == "Did you mean 'killed'?"
    assert suggest("fatalities", ["killed", "injured"]) == "Did you mean 'killed'?"
    assert suggest("xyz", ["killed", "injured"]) == ""
    assert find_close("figurs", ["claims", "figures", "figure"], least=0.6, most=2) == ["figures", "figure"]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("shor", "sohr"),
        ("syrian observatory", "sohr"),
        ("observatory human rights syrian", "sohr"),
        ("Israeli Army", "israeli_army"),
        ("isreali army", "israeli_army"),
        ("agence france presse", "afp"),
        ("Agence Françe-Presse", "afp"),
        ("Lebanon health ministry", "lebanon_health"),
    ],
)
def test_the_nearest_id_by_its_names(word, nearest):
    assert find_nearest_ids(word, NAMES)[0] == nearest


@pytest.mark.parametrize("word", ["", "   ", "x", "reuters", "_" * 50, "👾"])
def test_no_id_is_near(word):
    assert find_nearest_ids(word, NAMES) == []


def test_a_very_long_word_takes_no_time():
    began = time.process_time()

    assert find_closest("a" * 1_000_000, ["killed", "a" * 20]) == ""
    assert find_nearest_ids("ab " * 300_000, NAMES) == []
    assert time.process_time() - began < 5


def test_no_other_module_searches_or_asks():
    """rapidfuzz was used for one of these searches, and difflib for the others."""
    code = {p.relative_to(PACKAGE).as_posix(): p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}

    assert {name for name, text in code.items() if "get_close_matches" in text} - _OWN_SEARCH == {"_utils/suggest.py"}
    assert {name for name, text in code.items() if re.search(r"f\"[^\"]*[Dd]id you mean", text)} - _ELSEWHERE == {
        "_utils/suggest.py"
    }
    assert not [name for name, text in code.items() if "rapidfuzz" in text]
