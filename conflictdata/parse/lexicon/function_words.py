"""Small words: ends of noun phrases, separators of clauses, openers of parts."""

from __future__ import annotations

PREPOSITIONS = frozenset(
    """in at on near by from with for to after before during since of off over under between among amid across around inside outside into onto
    through throughout against along about via per within without until till upon toward towards behind beside besides despite following
    south north east west northeast northwest southeast southwest aboard except like as than outside""".split()
)
CONJUNCTIONS = frozenset(
    "and or but nor plus while when where as because although though whereas that which who whom whose if since after before until".split()
)
# None of these may come between a subject and its verb: another clause begins there.
BARRIERS = frozenset(
    """and or but while when as where because although though whereas if since after before until ; : said says say told reported reports confirmed
    announced claims claimed added stated saying adding ? !""".split()
)
PRONOUNS = frozenset(
    "he she it they we i you him her them us his its their our this that these those there here who whom which whose what".split()
)
DETERMINERS = frozenset("the a an this that these those its his her their our another each every any some".split())
VERBS = frozenset(
    """is are was were be been being has have had having do does did will would can could may might shall should must said says say told
    including included include includes left leave leaves make makes made took take taken went came went gave got get remain remained remains
    arrived attacked fired crossed entered returned stormed launched carried hit struck targeting targeted fighting gathered living lived
    sheltering trapped stranded travelling traveling according believed suspected-to aged participated attended blew opened ambushed sustain sustained sustaining suffer suffered suffering receive received receiving lose lost losing
    comprising containing becoming became forced managed surrendered defected surrender died perished drowned fell
    """.split()
)
ADVERBS_AFTER = frozenset("today yesterday tomorrow overnight monday tuesday wednesday thursday friday saturday sunday alone so too also early late "
                          "earlier later last this reportedly allegedly apparently each daily already altogether overall mostly mainly mon tue "
                          "critically seriously severely badly slightly then there now still not instantly immediately simultaneously "
                          "respectively yet just only both either simply dead".split())  # fmt: skip
NP_STOPS = (
    frozenset(("the", "a", "an"))
    | PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | VERBS
    | ADVERBS_AFTER
    | frozenset(". , ; : ! ? ( ) [ ] \" “ ” ' ‘ / * …".split())
) - {"other"}

# "20 people, including 5 children": these words open a part of the number before.
PART_OPENERS = frozenset("including include includes included counting notably namely incl".split())
OF_THEM = frozenset("them whom which those these us".split())
ENUMERATORS = frozenset(
    ", and or ; & plus - : then well as while along with together alongside also another a further additional both".split()
)
