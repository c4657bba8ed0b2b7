"""Words by which a text names its claimants."""

from __future__ import annotations

REPORTING_VERBS = frozenset(
    """said says say told reported reports report announced announces confirmed confirms confirm stated states claimed claims added adds
    estimated estimates estimate recorded records documented documents counted noted acknowledged declared revealed tweeted wrote posted
    believes believe put puts warned disclosed admitted alleged insisted explained testified verified tallied accused tell announce
    claim updated condemned cited maintains maintain indicated asserted established registered concluded listed logged named identified
    detailed highlighted highlights maintained affirmed affirms acknowledges admits alleges asserts investigated insists declares reveals notes warns concedes conceded calculated calculates
    """.split()
)
# "Kenya, meanwhile, said": an aside that says nothing of the speaker
ASIDES = frozenset("meanwhile however too also therefore though instead".split())
# A medium's people, who are not the medium: "Reuters sources", "an AFP photographer"
OF_MEDIA = frozenset(
    "source sources correspondent correspondents reporter reporters photographer photographers journalist journalists witness witnesses".split()
)
# "the toll given by the ministry"
GIVEN_BEFORE = frozenset("toll tolls figure figures number count tally estimate estimates".split())
# "the office is reporting that"
STATED = frozenset("reported announced stated said confirmed".split())  # "This was reported by the governor"
CONTINUOUS = frozenset("reporting saying claiming estimating confirming documenting detailing".split())
ISSUING = frozenset("issued released published".split())  # a report, a statement
# Verbs that report a number only if one of these words follows.
REPORTING_VERBS_WITH: dict[str, frozenset[str]] = {
    verb: frozenset(words.split())
    for verbs, words in (
        ("gave gives giving", "toll tolls figure figures number count tally"),
        ("spoke speaks speak", "of"),
        ("pointed points", "out"),
        (
            "complained cautioned argued emphasised emphasized informed mentioned recalled recounted remarked replied stressed suggested indicates indicate underlined lamented relayed observed commented",
            "that",
        ),
        ("presented", "toll tolls figure figures number numbers"),
        ("gathered collected has", "evidence"),
        ("received receives", "reports information"),
        ("published released issued", "list figures toll names tally data statistics"),
        ("raised lowered revised", "its their the"),
        ("continued continues found finds show shows showed demonstrated demonstrates", "that"),
    )
    for verb in verbs.split()
}
# "recorded by the UN" names the source; "claimed by the group" names the perpetrator.
RECORDED = frozenset(
    "recorded documented verified reported confirmed registered compiled collected counted tallied".split()
)
# "45 deaths documented in March": before one of these the verb has no speaker.
NO_CLAIMANT_BEFORE = frozenset("during since between across from".split())
# "the ministry's latest update brings the toll to 40", "figures from the ministry show": the owner is the claimant.
# Nouns of what a source publishes: the source follows ("fresh estimates from the ministry", "figures recorded by the mission").
PUBLISHED = frozenset(
    "estimate estimates figure figures data count counts tally report reports statistics statement statements information record records numbers toll tolls database "
    "update updates bulletin bulletins survey analysis compilation briefing communique list lists research documentation".split()
)
_PUBLISHING = "released issued published compiled provided gathered kept given collated prepared shared cited maintained quoted obtained received produced"
PUBLISHING = RECORDED | frozenset(_PUBLISHING.split())
RECORDS = frozenset(
    "update updates figures data tally count toll bulletin statistics records estimates database".split()
)
SHOWING = frozenset(
    "show shows showed put puts bring brings brought indicate indicates suggest suggests stands stood stand revealed reveal says say".split()
)
# Verbs that pass on somebody else's figure.
CITING = frozenset("citing quoting cited quoted cites quotes cite".split())
PURE_REPORTING_VERBS = REPORTING_VERBS - frozenset(
    "report reports put puts records documents estimate claims claim estimates posted states condemned announce".split()
)
BETWEEN_NAME_AND_VERB = frozenset("first never has have had also later earlier then previously now reportedly further meanwhile separately initially since again itself on "
                    "monday tuesday wednesday thursday friday saturday sunday today yesterday officially both just".split())  # fmt: skip
INSIDE_NAME = frozenset("of for in from at on with ' 's - and & . / to ( )".split())
NAME_BARRIERS = frozenset(
    "that as while and but which who when where , : ; \" “ ” ' ‘ ’ killed wounded injured dead because after before if".split()
)
PRONOUNS = frozenset("it he she they we i".split())
# Subjects of such verbs that are not claimants.
NO_CLAIMANT = frozenset(
    "there who which that what this these those toll death strike attack all both some many nobody none".split()
)
# A name that ends in one of these is not a claimant: "an attack claimed by", "a video posted online".
NOT_CLAIMANT_NOUNS = frozenset("""attack attacks strike strikes bombing bombings bomb bombs car blast blasts explosion video videos footage photo photos image images toll
                         tolls incident incidents casualties deaths people victims war conflict fighting clashes violence shelling raid raids offensive
                         civilians children killings cases violations siege drone missile rocket ambush massacre incursion incursions clash killing torture abduction invasion coup siege operation
                         ordeal plight story stories tragedy suffering deadliest bloodiest worst largest biggest heaviest highest level insecurity""".split())  # fmt: skip
_WRAPPINGS = (
    ("data", "from"), ("data", "released", "by"), ("figures", "from"), ("figures", "released", "by"), ("data", "by"), ("figures", "by"), ("a", "statement", "by"),
    ("a", "statement", "from"), ("a", "tally", "by"), ("a", "report", "by"), ("a", "report", "from"), ("reports", "from"), ("reports", "by"), ("the", "latest", "figures", "from"),
    ("data", "compiled", "by"), ("figures", "compiled", "by"), ("a", "count", "by"), ("information", "from"), ("estimates", "by"), ("estimates", "from"),
    ("a", "tally", "from"), ("a", "tally", "compiled", "by"), ("a", "statement", "issued", "by"), ("statistics", "from"), ("records", "kept", "by"),
    ("the", "latest", "data", "from"), ("a", "toll", "by"), ("a", "list", "drawn", "up", "by"), ("a", "list", "compiled", "by"), ("a", "list", "by"), ("a", "list", "from"), ("a", "new", "report", "by"), ("a", "new", "report", "from"), ("a", "count", "from"),
    ("figures", "published", "by"), ("data", "published", "by"), ("data", "collected", "by"), ("estimates", "of"), ("a", "report", "in"), ("reports", "in"),
)  # fmt: skip
WRAPPINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    first: tuple(words for words in _WRAPPINGS if words[0] == first) for first in {words[0] for words in _WRAPPINGS}
}
MEDIA = frozenset("reuters afp ap upi xinhua dpa efe ansa tass interfax cnn bbc aljazeera newspaper newspapers agency newswire broadcaster tv television radio "
                  "website outlet daily times post press news journal telegraph guardian channel network magazine dawn sputnik".split())  # fmt: skip
OUT_OF_NAME = frozenset(
    "as which who that when while because after told since adding but where during about via between before".split()
)
OFFICES = frozenset("office ministry official officials service".split())
# A verb that may come before its subject: ", said the mayor".
INVERTED = frozenset(
    "said says reports reported announced confirmed added say stated claimed told declared explained".split()
)
# After one of these a reporting verb has no subject: "was reported", "the reported".
NO_SUBJECT_AFTER = frozenset("be been being is are was were not to by the a of its their no an 's".split())
# Verbs that end the subject of a sentence without figures.
OTHER_VERBS = frozenset(
    "visited came went saw held gave met runs keeps kept sent took wrote spoke began put issued does did".split()
)
# "it" and "they" may refer to these; "he" and "she" only together with one of the heads ("the ministry's spokesman").
BODIES = frozenset("ministry observatory army agency office officials group military forces media police hospital authority authorities un defence "
                   "network".split())  # fmt: skip
HEADS = frozenset("spokesman spokesperson spokeswoman minister chief director".split())
TITLES = HEADS | frozenset("official president governor mayor leader resident doctor general mr dr gen col".split())
