"""Words for what happened to people: verbs by form, adjectives, nouns, phrases."""

from __future__ import annotations


def _build_table(**lines: str) -> dict[str, str]:
    return {word: outcome for outcome, line in lines.items() for word in line.split()}


# Past forms: passive if a form of "be" or the counted noun comes before, active if the counted noun follows.
PAST = _build_table(
    killed="killed murdered executed massacred assassinated slaughtered beheaded martyred lynched hanged liquidated eliminated butchered decapitated "
    "slayed electrocuted felled",
    injured="injured wounded hurt maimed hospitalised hospitalized harmed",
    abducted="abducted kidnapped snatched",
    captured="captured seized recaptured",
    detained="detained arrested imprisoned apprehended interned jailed",
    displaced="displaced uprooted dispossessed",
    losses_unspecified="neutralised neutralized",
)
# Participles and adjectives that only apply to people named before them.
BACK = _build_table(
    killed="slain dead deceased lifeless dies died perished drowned succumbed suffocated asphyxiated kia",
    injured="wia",
    missing="missing disappeared vanished unaccounted mia",
    displaced="homeless fled",
)
PRESENT = _build_table(
    killed="kill kills killing murdering executing massacring assassinating slaughtering beheading eliminate eliminates eliminating liquidate lynching hanging die dying "
    "perish murders executes assassinates",
    injured="injure injures injuring wound wounds wounding hurting hurts maiming",
    abducted="abduct abducts abducting kidnap kidnaps kidnapping",
    captured="capture captures capturing seizing seize seizes",
    detained="detain detains detaining arrests arresting arrest",
    displaced="displace displaces displacing uprooting uproots flee flees fleeing",
    losses_unspecified="neutralising neutralizing neutralise neutralize",
)
INTRANSITIVE = frozenset(
    "die died dies dying perish perished succumbed drowned suffocated asphyxiated fled flee flees fleeing missing vanished disappeared".split()
)
BASE = frozenset(
    "kill murder execute eliminate liquidate die perish injure wound hurt abduct kidnap capture seize detain arrest displace flee neutralise neutralize".split()
)
# Before "and killed" they share its auxiliary: "were ambushed and killed".
PARTICIPLES = frozenset("shot beaten hit struck taken burnt bound torn found held caught driven thrown".split())
# Things can be taken too: with these verbs the counted noun must be a known word for people.
OF_THINGS = frozenset("snatched captured seized recaptured capture captures capturing seizing seize seizes neutralised eliminated eliminate eliminates eliminating liquidate liquidated destroyed "
                      "neutralized lost losing loses hit".split())  # fmt: skip

# Phrases. `back`: the people come before; `ahead`: they follow.
_CONDITION = "|".join(
    f"in {a}{b} {noun}"
    for a, noun in (("", "condition"), ("a ", "condition"), ("an ", "condition"), ("", "conditions"))
    for b in "critical serious grave stable moderate severe fair unstable".split()
)
_LIVES = "|".join(
    f"{verb} the {life} of"
    for verb in "claimed claiming claim claims took take taking taken cost costing costs".split()
    for life in ("life", "lives")
)
PHRASES: dict[tuple[str, ...], tuple[str, str]] = {
    tuple(words.split()): (outcome, side)
    for outcome, side, lines in (
        ("killed", "back", "shot dead|shot and killed|killed and mortally wounded|killed or mortally wounded|killed and died of wounds|killed or died of wounds|mortally wounded|gunned down|shot to death|beaten to death|hacked to death|burned to death|burnt to death|"
         "stabbed to death|bludgeoned to death|clubbed to death|slashed to death|knifed to death|had their throats cut|had their throats slit|had his throat cut|had his throat slit|had her throat cut|had her throat slit|throats cut|throats slit|put to death|burned alive|burnt alive|blown up|lost their lives|lost his life|lost her life|lose their lives|"
         "losing their lives|confirmed dead|pronounced dead|presumed dead|feared dead|found dead|found beheaded|found executed|found murdered|found decapitated|declared dead|believed dead|left dead|"
         "reported dead|wiped out|stoned to death|crushed to death|tortured to death|starved to death|killed dead|blown to pieces|"
         "presumed killed|feared killed|reported killed|confirmed killed|declared killed|among the dead|among the killed|among those killed|"
         "among the fatalities|among the victims killed|met their deaths|died of their wounds|embraced martyrdom|attained martyrdom|embrace martyrdom|breathed their last|laid down their lives|"
         "fell as martyrs|fell as a martyr|fell in combat|fell in battle|fell in action|fell in the fighting|fell in fighting|lay dead|met their death|"
         "lost his or her life|turned up dead|sent to hell|dispatched to hell|embraced shahadat|lost lives|shot to pieces|fell victim|were lost|are lost|was lost|sacrificed their lives|sacrificed his life|gave their lives|gave his life|gave her life|laid down his life|laid his life|laid their lives|laid down her life|"
         "mown down|mowed down|cut down by|paid with their lives|in a mass grave|in mass graves|from a mass grave|from mass graves"),
        ("killed", "ahead", "shot dead|shot and killed|gunned down|claimed the lives of|claims the lives of|claiming the lives of|claim the lives of|cost the lives of|costs the lives of|costing the lives of|took the lives of|takes the lives of|taking the lives of|taken the lives of|lost the lives of|losing the lives of|ended the lives of|ending the lives of|end the lives of|loss of the lives of|mourn the lives of|the death of|"
         f"{_LIVES}|"
         "the deaths of|death of|deaths of|killing of|killings of|murder of|murders of|massacre of|execution of|assassination of|slaughter of|"
         "beheading of|slit the throats of|slit the throat of|cut the throats of|bodies of|body of|corpses of|remains of|bones of|skeletons of|cadavers of|skulls of|burial of|executions of|murders of|loss of|lost|losing|hacked to death|beat to death|burned to death|shooting dead|gunning down|hacking to death|beating to death|burning to death|"
         "stabbing to death|bludgeoned to death|clubbed to death|slashed to death|bludgeoning to death|clubbing to death|slashing to death|wiping out|shoot dead|gun down|finish off|finished off|finishing off|"
         "hacked|hacking|slashed|slashing|bludgeoned|bludgeoning|clubbed|clubbing|stabbed|stabbing|stabbed to death|wiped out|deaths including|left dead|bombing dead|put to death|martyrdom of|slaying of|drowning of"),
        ("injured", "back", "sustained injuries|sustained injury|sustain injuries|sustaining injuries|sustained wounds|sustained serious injuries|"
         "sustained minor injuries|received injuries|receiving injuries|received wounds|suffered injuries|suffered injury|suffered wounds|"
         "suffered serious injuries|suffered minor injuries|suffered shrapnel wounds|suffering injuries|sustained shrapnel wounds|"
         "sustained bullet injuries|suffered burns|suffered gunshot wounds|sustained gunshot wounds|sustained bullet wounds|"
         f"{_CONDITION}|in intensive care|fighting for their lives|fighting for her life|fighting for his life|remain in hospital|remained in hospital|were in hospital|was in hospital|are in hospital|is in hospital|"
         "among the injured|among the wounded|among those injured|among those wounded|treated for injuries|treated for wounds|treated at|taken to hospital|"
         "rushed to hospital|admitted to hospital|shot and wounded|shot and injured|critically ill|lost limbs|being treated|"
         "were critical|was critical|treated in hospital|treated for shock|sought medical attention|sought medical treatment|sought medical care|"
         "required medical attention|needed medical attention|required hospital treatment|needed hospital treatment"),
        ("injured", "ahead", "injuries to|injury to|wounding of|shot and wounded|shot and injured|injuring of|injury of|injuries of|injuries"),
        ("killed_or_injured", "back", "among the casualties|among the victims"),
        ("killed_or_injured", "ahead", "casualties of|casualties among"),
        ("missing", "back", "never found|never seen again|nowhere to be found|unaccounted for|went missing|gone missing|not been seen since|not been heard from|missing in action|"
         "among the missing|among those missing|presumed missing|reported missing|declared missing|listed as missing|yet to be located|yet to be found|yet to be traced|yet to be accounted for"),
        ("missing", "ahead", "disappearance of|disappearances of|whereabouts of"),
        ("abducted", "back", "victims of kidnapping|victims of kidnappings|victims of abduction|taken hostage|taken hostages|held hostage|taken captive|held captive|held in captivity|held hostages|taken as hostages|"
         "taken away|dragged away|among the hostages|being held in gaza|in captivity|in the hands of|still held|still being held"),
        ("abducted", "ahead", "abduction of|abductions of|kidnapping of|kidnappings of|took hostage|took as hostages|taking hostage|"
         "held hostage|holding hostage|taken hostage|carried off|made off with|making off with|took captive|hostage-taking of|took away|taken away|led away|carried away"),
        ("captured", "back", "taken prisoner|taken prisoners|held prisoner|made prisoner|made prisoners|made prisoners of war|taken as prisoners|caught alive|captured alive|taken alive"),
        ("captured", "ahead", "took prisoner|taking prisoner|capture of|taken prisoner"),
        ("detained", "back", "taken into custody|rounded up|placed under arrest|put in jail|thrown in jail|held in detention|in detention|"
         "under arrest|behind bars|in jails|in prisons|under detention|in custody|remain in custody|sent to prison"),
        ("detained", "ahead", "arrest of|arrests of|detention of|detentions of|rounded up|rounding up"),
        ("displaced", "back", "forced to flee|forced from their homes|forced out of their homes|driven from their homes|fled their homes|"
         "fleeing their homes|left their homes|forced to leave|forced to leave their homes|forced to evacuate|had to flee|had to leave their homes|compelled to flee|obliged to flee|also evacuated|since been evacuated|made homeless|left homeless|rendered homeless|forced from home|"
         "evacuated from their homes|been evacuated|were evacuated|abandoned their homes|flee their homes|lost their homes|been uprooted|"
         "driven out of their homes|forced to abandon their homes|fled from their homes|fled the fighting|crossed into|"
         "sought refuge|taken refuge|took refuge|taking refuge|internally displaced|fled the country|forced to relocate|have fled|had fled|leave their homes|registered as refugees|become refugees|became refugees|sought asylum|become displaced|became displaced"),
        ("displaced", "ahead", "displacement of|forced from their homes|driven from their homes|made homeless|exodus of|uprooting of|flight of|"
         "sent fleeing|evacuation of|driving from their homes|evacuated|forced|forcing|drove|driving|driven|rendered homeless|created|creating"),
    )
    for words in lines.split("|")
}  # fmt: skip
# These phrases can apply either way ("shot dead"), so both sides are kept.
BOTH = {("shot", "dead"), ("bludgeoned", "to", "death"), ("clubbed", "to", "death"), ("slashed", "to", "death"), ("rendered", "homeless"), ("shot", "and", "killed"), ("gunned", "down"), ("shot", "and", "wounded"), ("shot", "and", "injured"),
        ("hacked", "to", "death"), ("burned", "to", "death"), ("stabbed", "to", "death"), ("wiped", "out"), ("rounded", "up"),
        ("held", "hostage"), ("taken", "hostage"), ("put", "to", "death"), ("forced", "from", "their", "homes"),
        ("driven", "from", "their", "homes"), ("made", "homeless"), ("taken", "prisoner"), ("left", "dead"), ("taken", "away"), ("led", "away")}  # fmt: skip
# "hacked 15 people to death": the verb means death only if these two words follow.
# "forced 3,000 people to flee": the verb means displacement only if one of these words follows the people.
NEEDS_FLIGHT = frozenset("forced forcing drove driving driven evacuated created creating".split())
TO_DEATH = frozenset("hacked hacking slashed slashing bludgeoned bludgeoning clubbed clubbing stabbed stabbing".split())
FLIGHT = frozenset(
    "flee leave evacuate homes home abandon relocate homeless villages houses areas refugees displaced idps".split()
)

# A phrase that reports harm only if one of the words follows it.
NEEDS_AFTER: dict[tuple[str, ...], frozenset[str]] = {
    ("treated", "at"): frozenset("hospital hospitals clinic clinics infirmary medical".split()),
    ("whereabouts", "of"): frozenset("unknown unclear unconfirmed".split()),
}

# Nouns with an outcome: "31 wounded", "six deaths", "97 hostages".
NOUNS = _build_table(
    killed="deaths death fatalities fatality dead deceased bodies body corpses corpse killed martyrs martyr killings slain lives life remains "
    "cadavers cadaver skeletons skeleton executions murders assassinations beheadings lynchings",
    injured="injuries wounded injured injury wounds woundings maimings",
    killed_or_injured="casualties casualty victims victim",
    abducted="hostages hostage captives captive abductees abductions kidnappings",
    captured="prisoners-of-war pows pow",
    missing="missing disappearances",
    displaced="displaced idps idp evacuees",
)
# Nouns of what happened, not of whom it happened to: "310 deaths" are killed, whatever verb follows.
EVENT_NOUNS = frozenset(
    "deaths death fatalities fatality killings executions murders assassinations beheadings lynchings injuries injury woundings disappearances abductions "
    "kidnappings".split()
)
PLAIN_EVENTS = frozenset(
    "deaths death fatalities fatality injuries injury killings executions murders assassinations beheadings".split()
)  # they count people wherever they occur
COMMITTING = frozenset("carried committed conducted perpetrated series wave spate string responsible accused suspected linked involved blamed charged cases incidents".split())  # fmt: skip
# What happened to "victims", by the words around them.
TAKEN_VICTIMS = frozenset("kidnap kidnapped kidnapping abduction abducted".split())
DEAD_VICTIMS = frozenset(
    "killed dead died murdered massacre massacred buried burial funeral funerals exhumed identified bodies genocide executed torture executions torture".split()
)
EXHUMED = frozenset(
    "exhumation re-exhumation exhumed remains bodies corpses burial graves skeletons funeral identification".split()
)
OTHER_VICTIMS = frozenset(
    "rape raped sexual abused tortured gender-based abuse trafficking crsv violence fraud violations harassment slavery crime crimes landmine-survivors".split()
)
TENDING = frozenset(
    "assists carries carry carrying carried treat treats treating holds comforts mourns helps helping assist assisting tends tending evacuates".split()
)
AFFECTING = frozenset("affecting affected interviewed interviewing questioned assisted assisting supported helped helping represented representing treated lists "
                      "compensated registered listed support assist assistance reached spoke".split())  # fmt: skip
# Nouns with an outcome only if one of these verbs is near.
BODY_VERBS = frozenset(
    "leaves left leaving leave picked found recovered recovering retrieved retrieving pulled brought buried burying bury discovered exhumed exhuming identified unidentified unearthed dug seen lay lying "
    "lie strewn washed morgue morgues hospital hospitals mortuary handed return returned received receive transferred unclaimed dumped removed counted "
    "burned burnt charred decomposed decomposing bullet-riddled mutilated withheld withhold floating collected dead rubble grave graves killed remain remains "
    "taken took arrived evacuated repatriated corpses left hanging exchanged exchange died soldiers victims delivered uncovered carried recover retrieve "
    "beheaded headless piled roadside river bore scattered bound executed swap swapped handover under carrying held hold holding stored "
    "fighters hostages children civilians beach beaches street streets road roads scattered".split()
)
# Before "body": an organisation, a planet, a splinter.
BODIES_OF_THINGS = frozenset(
    "public peak governing professional statutory regulatory advisory industry student trade heavenly celestial foreign sporting elected legislative "
    "substantial growing expanding wider vast considerable".split()
)
NEEDS_VERB: dict[str, frozenset[str]] = {
    "lives": frozenset(
        "claimed claiming claim claims cost costing lost losing lose took taking taken loss toll".split()
    ),
    "bodies": BODY_VERBS,
    "body": BODY_VERBS,
    "life": frozenset("claimed claiming claim claims cost costing lost losing took taking taken loss".split()),
}
CAPTIVES = frozenset("hostages hostage captives captive prisoners prisoner abductees detainees".split())
# After the people counted: they are not casualties.
SPARED = frozenset("escaped survived surrendered defected regained escape survive survives surviving escaping unharmed unhurt uninjured "
                   "deserted".split())  # fmt: skip
HELD = frozenset(("held", "holding", "remaining", "captivity"))
SHELTER = frozenset(
    "shelters shelter sheltering hosts hosting host houses housing home accommodating sheltered hosted feeding serving".split()
)
TAKEN = frozenset(
    "took take takes taking taken seized held hold holds holding captured capturing capture grabbed snatched".split()
)
FREED = frozenset("release released releasing releases free freed freeing frees rescue rescued rescuing exchange exchanged exchanging swap "
                  "swapped return returned handed hand recover liberated liberate exchanges swaps".split())  # fmt: skip

# Tolls without a verb of harm: the number follows one of the connecting words.
TOLLS = frozenset("toll tolls tally".split())
TOLL_LINKS = frozenset("to at of is was were reached reaches reaching exceeds exceeded exceed surpassed surpasses passed topped tops hit hits eclipsed totals neared nears nearing varied varies ranged ranges ranging stands "
                       "stood remained remains above past as are crossed over from by: : than include included includes including totalled totaled "
                       "totalling totaling numbered number be be: now".split())  # fmt: skip

# A toll named by its people: "deaths rose to 20", "Injured: 12".
COUNTED = frozenset(
    "casualties fatalities deaths dead wounded victims injured killed missing displaced hurt abductions kidnappings".split()
)
TOLL_VERBS = frozenset("are is was were stands stood rose at had has reached to now climbed passed topped surpassed hit exceed eclipsed neared varied ranged rises rise increased grew "
                       "remain remained jumped numbered totalled totaled as exceeded".split())  # fmt: skip
COMPARING = frozenset(
    (("compared", "to"), ("compared", "with"), ("against", "just"), ("from", "just"), ("than", "the"))
)
SINGULAR_EVENTS = {
    "injury": "injured",
    "death": "killed",
    "fatality": "killed",
    "casualty": "killed_or_injured",
    "abduction": "abducted",
}
THINGS_LOST = frozenset(
    "equipment tank material financial economic aircraft job vehicle armour crop revenue property".split()
)
RAISING = frozenset("raising raises raised bringing brings brought taking takes pushing pushed pushes".split())
# Before a bare number: the number restates an earlier figure.
STATING = frozenset((("spoke", "of"), ("number", "at"), ("figure", "at"), ("count", "at"), ("it", "at"), ("number", "as"), ("figure", "as"),
                     ("had", "counted"), ("had", "given"), ("had", "announced")))  # fmt: skip

AUXILIARY = frozenset(
    "be been being is are was were have has had having got get getting remain remained remains".split()
)
ADVERBS = frozenset(
    """
    also reportedly allegedly then later already now still since so far been just only both all critically seriously severely
    badly slightly lightly fatally subsequently previously immediately instantly initially either again meanwhile apparently believed
    presumed feared confirmed reported officially likely probably possibly currently forcibly internally deliberately indiscriminately
    moderately gravely brutally mistakenly today yesterday overnight themselves ultimately eventually together summarily
    heavily gravely newly tragically brutally accidentally said thought known to have has had being have verified least at each either shortly
    recently alone unlawfully simultaneously additionally separately individually never mortally injured-and outright
""".split()
)
NEGATIONS = frozenset(
    "not never no without n't neither nor nobody none cannot avoid avoided prevent prevented rather nobody denied deny denies denying".split()
)
MODALS = frozenset("would could will can should shall might must ll".split())
HYPOTHETIC = frozenset("if unless threatened threatens threaten threatening threat threats plan plans planned planning plot plotted plotting plots "
                       "vowed vow vows vowing intended intends intend intent aimed aims aim aiming expected expects expect expecting forecast forecasts predicted predicts "
                       "warned-of risk risks risked risking capable designed attempt attempted attempting tried trying try "
                       "ordered offered prepare prepared preparing wants want wanted hoped hoping hopes could would pledged urged bid foiled "
                       "thwarted attempts attempted supposed ready suspected-of".split())  # fmt: skip
DISASTERS = frozenset("flood floods flooding earthquake earthquakes quake cyclone storm storms landslide landslides mudslide tsunami drought hurricane "
                      "typhoon volcano wildfire wildfires heatwave".split())  # fmt: skip
REWARD = frozenset("reward rewards bounty bounties offered offers offering demanded demands wanted".split())
DENY = frozenset(
    "rejected rejects rejecting dismissed dismisses dismissing denied denies denying refuted refutes".split()
)
TO_HAVE = frozenset("have be been".split())
BELIEVED = frozenset("believed reported reportedly feared presumed thought known said confirmed estimated understood alleged considered assumed verified found "
                     "appear appears appeared claimed suspected".split())  # fmt: skip
# Words that state the outcome before the number, in lists: "killed 310, wounded 1,204".
STATED = _build_table(
    killed="killed dead deaths fatalities kia slain",
    injured="wounded injured injuries wia",
    missing="missing mia disappeared",
    captured="prisoners captured pows",
    abducted="hostages abducted kidnapped",
    displaced="displaced",
    detained="detained arrested",
    killed_or_injured="casualties",
)
# "lost 30 men" counts dead, "lost 30 tanks" does not: one of these words must follow.
LOST = frozenset(
    "lives life soldiers men troops fighters policemen servicemen officers militants members civilians people comrades own policeman policewomen guards marines rebels militants insurgents personnel staff workers colleagues".split()
)
