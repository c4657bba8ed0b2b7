"""The question "Did you mean …?": one place, one wording, in bounded time."""

import re
import time
from pathlib import Path

import pytest

from conflictdata._utils.suggest import ask_whether, find_close, find_closest, suggest

PACKAGE = Path(__file__).parents[1] / "conflictdata"
# Written before there was one place for it.
_ELSEWHERE = {"rules/integrity.py", "rules/country_codes.py"}


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


def test_a_very_long_word_takes_no_time():
    began = time.process_time()

    assert find_closest("a" * 1_000_000, ["killed", "a" * 20]) == ""
    assert time.process_time() - began < 5


def test_no_other_module_searches_or_asks():
    """rapidfuzz was used for one of these searches, and difflib for the others."""
    code = {p.relative_to(PACKAGE).as_posix(): p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}

    assert {name for name, text in code.items() if "get_close_matches" in text} == {"_utils/suggest.py"}
    assert {name for name, text in code.items() if re.search(r"f\"[^\"]*[Dd]id you mean", text)} - _ELSEWHERE == {
        "_utils/suggest.py"
    }
    assert not [name for name, text in code.items() if "rapidfuzz" in text]
