"""Words by which a text says who says so."""

from __future__ import annotations

SAY = frozenset(
    """said says say told reported reports report announced announces confirmed confirms confirm stated states claimed claims added adds
    estimated estimates estimate recorded records documented documents counted noted acknowledged declared revealed tweeted wrote posted
    believes believe put puts warned disclosed admitted alleged insisted explained testified verified tallied accused tell announce
    claim updated condemned cited maintains maintain indicated asserted
    """.split()
)
# Verbs that hand the figure on from somebody else.
CITING = frozenset("citing quoting cited quoted cites quotes quoting".split())
SAY_ONLY = SAY - frozenset(
    "report reports put puts records documents estimate claims claim estimates posted states condemned announce".split()
)
BETWEEN = frozenset("has have had also later earlier then previously now reportedly further meanwhile separately initially since again itself on "
                    "monday tuesday wednesday thursday friday saturday sunday today yesterday officially both".split())  # fmt: skip
INSIDE = frozenset("of for in from at on with ' 's - and & . / to ( )".split())
NOT_BEFORE = frozenset(
    "that as while and but which who when where , : ; \" “ ” ' ‘ ’ killed wounded injured dead because after before if".split()
)
PRONOUNS = frozenset("it he she they we i".split())
# Subjects of such verbs that claim nothing.
NO_CLAIMANT = frozenset("there who which that what this these those toll death strike attack".split())
WRAPPINGS = (
    ("data", "from"), ("data", "released", "by"), ("figures", "from"), ("figures", "released", "by"), ("data", "by"), ("figures", "by"), ("a", "statement", "by"),
    ("a", "statement", "from"), ("a", "tally", "by"), ("a", "report", "by"), ("a", "report", "from"), ("reports", "from"), ("reports", "by"), ("the", "latest", "figures", "from"),
    ("data", "compiled", "by"), ("figures", "compiled", "by"), ("a", "count", "by"), ("information", "from"), ("estimates", "by"), ("estimates", "from"),
    ("a", "tally", "from"), ("a", "tally", "compiled", "by"), ("a", "statement", "issued", "by"), ("statistics", "from"), ("records", "kept", "by"),
    ("the", "latest", "data", "from"), ("a", "toll", "by"), ("a", "new", "report", "by"), ("a", "new", "report", "from"), ("a", "count", "from"),
    ("figures", "published", "by"), ("data", "published", "by"), ("data", "collected", "by"), ("estimates", "of"), ("a", "report", "in"), ("reports", "in"),
)  # fmt: skip
MEDIA = frozenset("reuters afp ap upi xinhua dpa efe ansa tass interfax cnn bbc aljazeera newspaper newspapers agency newswire broadcaster tv television radio "
                  "website outlet daily times post press news journal telegraph guardian channel network magazine dawn sputnik".split())  # fmt: skip
OUT_OF_NAME = frozenset(
    "as which who that when while because after told since adding but where during about via".split()
)
