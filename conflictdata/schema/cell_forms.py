r"""Regular expressions for the text of cells, for every engine. `\z` is the end of the text."""

ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"

WHOLE = r"^(?:0|-?[1-9][0-9]{0,17})\z"

REAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\z"

# A key that is a whole number, without zeros before it: UCDP's codebooks call its keys integers, so that 0330 is 330.
NUMBER_KEY = "(?:0|[1-9][0-9]*)"

# Characters that nobody sees, and emoji.
HIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\n\r\t\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"

# Lists the white space of Unicode, because \s matches only ASCII in some engines.
_SPACE = "[\\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"

OUTER_SPACE = rf"^{_SPACE}|{_SPACE}\z"

FORMULA = r"^[=+\-@]"

# A Latin letter next to a Greek or Cyrillic one. Most of them look alike.
_LATIN, _GREEK_OR_CYRILLIC = "[A-Za-z\u00c0-\u024f]", "[\u0370-\u03ff\u0400-\u052f]"

MIXED_SCRIPTS = f"{_LATIN}{_GREEK_OR_CYRILLIC}|{_GREEK_OR_CYRILLIC}{_LATIN}"
