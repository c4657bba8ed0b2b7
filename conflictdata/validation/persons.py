"""Lists of the names of persons, which are refused: the package counts people and names none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

REASON = (
    "holds a list of persons by name, and is not read. The package counts people and names none: a list of victims is "
    "personal data of them and of their families. Give a table of counts"
)

# Names of columns, in small letters without signs.
_NAMES = re.compile(
    r"(?:(?:ar|arabic|en|english|full|first|last|family|given|victim|martyr|deceased|father|mother|grandfather)?s?name"
    r"(?:ar|arabic|en|english|ofvictim|ofmartyr)?|surname|patronymic|nameofthe(?:victim|deceased|martyr))"
)
_ATTRIBUTES = {
    "age", "sex", "gender", "dob", "dateofbirth", "birthdate", "birthday", "yearofbirth", "born", "nationalid", "idnumber",
    "nationality", "occupation", "profession", "maritalstatus", "causeofdeath", "dateofdeath", "deathdate", "placeofdeath",
    "rank", "notes",
}  # fmt: skip


def is_names_list(columns: Iterable[str]) -> bool:
    """Return whether a table of no known dataset lists persons: a column with their names, and one about each of them."""
    folded = {re.sub(r"[\W_]+", "", column.lower()) for column in columns}
    named = {name for name in folded if _NAMES.fullmatch(name)}
    return bool(named) and bool(folded & _ATTRIBUTES or len(named) > 1)
