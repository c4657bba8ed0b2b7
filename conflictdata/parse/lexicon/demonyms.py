"""Adjectives of states, with their ISO 3166-1 alpha-3 codes.

`Syrian soldiers` are those of one army.
"""

from __future__ import annotations

# Names of countries besides those of the standard.
COUNTRY_NAMES: dict[str, str] = {
    "syria": "SYR", "iran": "IRN", "russia": "RUS", "palestine": "PSE", "gaza": "PSE", "palestinian": "PSE", "palestinians": "PSE", "turkey": "TUR", "congo": "COD",
    "drc": "COD", "burma": "MMR", "vietnam": "VNM", "korea": "KOR", "venezuela": "VEN", "bolivia": "BOL", "tanzania": "TZA", "moldova": "MDA", "laos": "LAO",
    "somalia": "SOM", "kyiv": "UKR", "moscow": "RUS", "kabul": "AFG", "mogadishu": "SOM", "khartoum": "SDN", "tehran": "IRN", "baghdad": "IRQ",
    "islamabad": "PAK", "bamako": "MLI", "niamey": "NER", "ouagadougou": "BFA", "addis": "ETH", "juba": "SSD", "kinshasa": "COD", "kashmir": "IND",
    "darfur": "SDN", "tigray": "ETH", "donetsk": "UKR", "kherson": "UKR", "kharkiv": "UKR",
    "jammu": "IND", "manipur": "IND", "balochistan": "PAK", "borno": "NGA", "kivu": "COD", "ituri": "COD", "helmand": "AFG", "mosul": "IRQ",
}  # fmt: skip
DEMONYMS: dict[str, str] = {
    "afghan": "AFG", "american": "USA", "armenian": "ARM", "azerbaijani": "AZE", "burkinabe": "BFA", "burmese": "MMR", "cameroonian": "CMR",
    "colombian": "COL", "congolese": "COD", "egyptian": "EGY", "ethiopian": "ETH", "indian": "IND", "iranian": "IRN", "iraqi": "IRQ",
    "israeli": "ISR", "jordanian": "JOR", "lebanese": "LBN", "libyan": "LBY", "malian": "MLI", "myanmar": "MMR", "nigerian": "NGA",
    "nigerien": "NER", "pakistani": "PAK", "russian": "RUS", "rwandan": "RWA", "saudi": "SAU", "somali": "SOM", "sudanese": "SDN",
    "syrian": "SYR", "turkish": "TUR", "ukrainian": "UKR", "us": "USA", "yemeni": "YEM",
}  # fmt: skip
