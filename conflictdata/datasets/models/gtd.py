"""Columns of the Global Terrorism Database, of all releases since 2012.

Source: its codebook. -9 and -99 mean that something is not known.
"""

from __future__ import annotations

from conflictdata.datasets.models import fields as c

_FLAG = ("0", "1", "-9")
_NUMBER = r"-?[0-9]+"

Gtd = c.make_model(
    "gtd",
    ("eventid",),
    {
        "eventid": c.code(r"[0-9]{12}", "Key of the event: year, month, day, number.", "201501010001", required=True),
        "iyear": c.count("Year.", "2015", low=1900, high=2200, required=True),
        "imonth": c.count("Month; 0 where it is not known.", "1", high=12, required=True),
        "iday": c.count("Day of the month; 0 where it is not known.", "1", high=31, required=True),
        "approxdate": c.prose("The date in words.", "January 1-3"),
        "extended": c.choice(("0", "1"), "Whether it lasted more than a day."),
        "resolution": c.prose("Day on which it ended.", "1/4/2015"),
        "country": c.code(_NUMBER, "Code of the country.", "4"),
        "country_txt": c.prose("Name of the country.", "Afghanistan"),
        "region": c.code(_NUMBER, "Code of the region.", "6"),
        "region_txt": c.prose("Name of the region.", "South Asia"),
        "provstate": c.prose("First-order division.", "Kabul"),
        "city": c.prose("City.", "Kabul"),
        "latitude": c.number("Latitude, WGS 84, degrees.", "34.5", -90, 90),
        "longitude": c.number("Longitude, WGS 84, degrees.", "69.2", -180, 180),
        "specificity": c.choice(("1", "2", "3", "4", "5"), "How exactly the place is known."),
        "vicinity": c.choice(_FLAG, "Whether it was near the city, not in it."),
        "location": c.prose("The place in words.", ""),
        "summary": c.prose("What happened.", ""),
        "crit1": c.choice(("0", "1"), "Political, economic, religious or social goal."),
        "crit2": c.choice(("0", "1"), "Intention to coerce or intimidate."),
        "crit3": c.choice(("0", "1"), "Outside the rules of war."),
        "doubtterr": c.choice(_FLAG, "Whether it is doubtful that it was terrorism."),
        "multiple": c.choice(_FLAG, "Whether it is one of several connected attacks."),
        "success": c.choice(("0", "1"), "Whether the attack took place."),
        "suicide": c.choice(("0", "1"), "Whether it was a suicide attack."),
        "attacktype1": c.choice(tuple(map(str, range(1, 10))), "Kind of attack."),
        "attacktype1_txt": c.prose("Kind of attack in words.", "Armed Assault"),
        "targtype1": c.choice(tuple(map(str, range(1, 23))), "Kind of target."),
        "targtype1_txt": c.prose("Kind of target in words.", "Police"),
        "target1": c.prose("Target.", ""),
        "natlty1_txt": c.prose("Nationality of the target.", "Afghanistan"),
        "gname": c.prose("Group that carried it out.", "Unknown"),
        "individual": c.choice(_FLAG, "Whether it was carried out by persons without a group."),
        "nperps": c.count("Number of perpetrators; -99 where it is not known.", "2", low=-99),
        "claimed": c.choice(_FLAG, "Whether a group said that it did it."),
        "weaptype1": c.choice(tuple(map(str, range(1, 14))), "Kind of weapon."),
        "weaptype1_txt": c.prose("Kind of weapon in words.", "Firearms"),
        "nkill": c.number("Killed, perpetrators among them.", "3", 0, 100_000),
        "nkillus": c.number("US citizens among the killed.", "0", 0, 100_000),
        "nkillter": c.number("Perpetrators among the killed.", "1", 0, 100_000),
        "nwound": c.number("Wounded, perpetrators among them.", "5", 0, 100_000),
        "nwoundus": c.number("US citizens among the wounded.", "0", 0, 100_000),
        "nwoundte": c.number("Perpetrators among the wounded.", "0", 0, 100_000),
        "property": c.choice(_FLAG, "Whether property was damaged."),
        "ishostkid": c.choice(_FLAG, "Whether people were taken."),
        "nhostkid": c.number("People taken; -99 where it is not known.", "0", -99, 100_000),
        "dbsource": c.prose("Who collected the event.", "START Primary Collection"),
    },
    "One row per attack.",
)  # fmt: skip

MODELS = (Gtd,)
