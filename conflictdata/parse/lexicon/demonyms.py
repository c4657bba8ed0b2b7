"""Adjectives of states, with their ISO 3166-1 alpha-3 codes.

`Syrian soldiers` are those of one army.
"""

from __future__ import annotations

DEMONYMS: dict[str, str] = {
    "afghan": "AFG", "american": "USA", "armenian": "ARM", "azerbaijani": "AZE", "burkinabe": "BFA", "burmese": "MMR", "cameroonian": "CMR",
    "colombian": "COL", "congolese": "COD", "egyptian": "EGY", "ethiopian": "ETH", "indian": "IND", "iranian": "IRN", "iraqi": "IRQ",
    "israeli": "ISR", "jordanian": "JOR", "lebanese": "LBN", "libyan": "LBY", "malian": "MLI", "myanmar": "MMR", "nigerian": "NGA",
    "nigerien": "NER", "pakistani": "PAK", "russian": "RUS", "rwandan": "RWA", "saudi": "SAU", "somali": "SOM", "sudanese": "SDN",
    "syrian": "SYR", "turkish": "TUR", "ukrainian": "UKR", "us": "USA", "yemeni": "YEM",
}  # fmt: skip
