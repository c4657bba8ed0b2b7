"""Words that begin or end a clause with a day of its own, and words of saying before a day."""

from __future__ import annotations

import re

CLAUSE_BEFORE = re.compile(
    r"\b(?:after|before|since|until|ago|earlier|following|while|but|which|who|whose|where|when|that|said|says|reported|told|announced|confirmed|"
    r"added|accused|claimed|accuses|claims|estimates|puts?|demanding|release of|ahead of|funerals?|burial|anniversary)\b|, and\b|;"
)
CLAUSE_AFTER = re.compile(
    r"\b(?:after|before|since|until|ago|earlier|following|while|but|which|who|whose|where|ahead of|scheduled|funerals?|burial|anniversary|"
    r"in what|protests? (?:on|in)|began|sentenced|convicted|arrested|released|said|says|told|announced|such as|like the|the ones? [a-z]+ed)\b|, and\b|;"
)
SAYING_BEFORE = re.compile(
    r"\b(?:said|reported|announced|stated|estimated|published|issued|released|dated|broadcast|posted|aired|told \w+(?: \w+)?|statement|speaking|report|interview) (?:on |late |early |(?:here )?on )?$"
)
