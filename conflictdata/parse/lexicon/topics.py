"""Words that show what a whole text is about, if it has no word of war."""

from __future__ import annotations

from conflictdata.parse.lexicon.causes import HELPERS, VIOLENCE

# Forces also rescue, report and have accidents; the others have a second meaning. They show no violence by themselves.
SHOWING_NOTHING = HELPERS | frozenset(
    "armed resistance brigade brigades commander commanders civilian civilians captive captives captivity operations veteran mob".split()
)
# They are acts of war as often as of crime.
VIOLENT_ACTS = frozenset(
    """
    attack attacks attacked attacking attackers attacker assault assaults assaulted shooting shootings shooter shooters stabbed stabbing hacked
    murders murdered kidnapped kidnapping kidnappings kidnap abducted abduction abductions abducting gunman violence violent
    assailant assailants hostage hostages executed execution executions executing torture
    tortured raid raids raided weapons gunned slaughtered lynched lynching riot riots rioting unrest shootout beheaded gunfire explosives
    crackdown kidnapper kidnappers abductors shot shots
    """.split()
)
_VERBS_OF_HARM = frozenset(("killing", "killings"))
_BLASTS = frozenset("explosion explosions exploded blast blasts detonated fired firing".split())  # or an accident
# War, unless the text names a disaster, an accident or a sport.
FIGHTING = frozenset(
    "fight fighting fought battle battles combat strike strikes struck raiders forces targeted enemy offensive mines cruiser".split()
)
# They show that the text is about a war, though not that an act of it harmed the people.
PARTIES = frozenset(
    "forces palestinian palestinians israeli settlers settler security russian ukrainian idps displaced unrest".split()
)
NAMES = frozenset(("epicenter", "epicentre"))  # of shops too
SIDES = frozenset(
    "between armed civilian civilians israeli russian soldiers troops police".split()
)  # beside a word of fighting: war
WAR = VIOLENCE - SHOWING_NOTHING - VIOLENT_ACTS - _VERBS_OF_HARM - FIGHTING - _BLASTS - {"gunman"}
# Of these, those that mean the crime of a person as often as an act of war.
PERSONAL_ACTS = frozenset(
    "gunman shotgun handgun stabbed stabbing murders murdered murder slashing hacked shooter shootings shooting".split()
)
ANY_VIOLENCE = WAR | VIOLENT_ACTS
# Beside violent acts, these mean a crime of a person, or its statistics.
CRIMES = frozenset(
    """
    homicide homicides manslaughter burglary burglaries robbery robberies robbed detectives detective jury jurors serial domestic
    parole plea pleaded felony sheriff nightclub ex-husband ex-wife ex-boyfriend girlfriend boyfriend husband stepfather neighbour neighbor
    burglars murdering strangling strangled muggings mugging rape rapes theft thefts vandalism nypd lapd drive-by knife burglar
    """.split()
)
COURTS = frozenset(
    "court courts trial judge sentenced convicted conviction acquitted lawyer lawyers charged defendant defendants inquest coroner classroom campus school schools student students grade sheriff suspect college university shopper shoppers".split()
)
# A sentence with one of these is about a crime or a trial; schools and universities are hit in wars too.
OF_TRIALS = (
    CRIMES
    | COURTS
    | frozenset(
        "murder prosecutor prosecutors indicted indictment jail bail verdict homicide femicide detectives".split()
    )
) - frozenset(
    "rape rapes domestic campus school schools student students grade college university classroom lawyer lawyers neighbour neighbor husband suspect".split()
)
TRAINING = frozenset(("training", "exercise", "trainer", "trainee"))  # an accident of soldiers in peace
MANY = 2  # words of one kind that show the topic of a text without a word of violence
MOST = 3  # words of sport or business beside words such as "attack" and "shot"
_TOPICS: dict[str, str] = {
    "an accident": """bus buses minibus minibuses truck trucks highway overpass expressway driver drivers passenger passengers motorcycle motorcycles
        motorbike boat boats canoe kayak yacht vessel sank sinking sinks ship ships river swimmers swimming divers diving helicopter plane planes aircraft jet
        pilot pilots runway cockpit turbulence aviation elevator scaffolding crane bridge collapse collapsed collapsing collapses building roof escalator
        wreck gorge ravine cliff ditch embankment coach coaches van vans tanker tankers petrol electrocuted lightning hikers hiker tourists expedition circus flames burned burnt acres hectares firefighters smoke inferno gas asphyxiated
        suffocated refinery factory shaft tunnel construction skydivers tipped ski slope swept dam rubble coastguard wreckage
        crew crews drove swerved pier harbour overturned runway motorcyclist cyclist cyclists""",
    "a natural disaster": """storm storms monsoon magnitude richter lava ash meteor snow temperatures weather winds waves surge levee
        rain rainy mud wind water waters fires evacuation evacuations forecasters""",
    "a disease or hunger": """patient patients outbreak symptoms surgery transplant medication drug smoking tobacco alcohol
        obesity births maternal suicides quarantine diabetes stroke aids hiv mosquito mosquitoes
        contaminated sanitation ventilators tested positive epidemiology laboratories admitted""",
    "sport": """game games season coach match matches league cup goal goals scored score squad tournament race races jockey fans championship
        athlete athletes team teams referee penalty stadium inning pitcher trophy club clubs roster bench concussion lineup rider riders
        marathon boxer boxing relegation""",
    "business or a game": """jobs job company companies shares profit profits customers customer sales stock stocks market markets
        unemployment bankruptcy investors firm firms salary wages voters polls votes seats seat election ballots subscribers store stores
        level levels boss players' console unemployed airline airlines banks""",
    "animals": """bull bulls animal animals crocodile crocodiles hippo lion lions leopard snake snakes hyenas poacher elephant elephants whale whales dolphin dolphins dog dogs cattle sheep livestock bird birds fish wildlife poachers rhino rhinos
        tiger tigers horse horses bee bees cow cows pig pigs poultry chickens turtle turtles shark sharks bear bears wolf wolves species""",
    "a work of fiction": """film films movie movies episode novel novels album albums actor actors actress series plot theatre concert
        singer band television""",
}  # fmt: skip
TOPICS: dict[str, str] = {word: kind for kind, words in _TOPICS.items() for word in words.split()}
ANY_TOPIC = frozenset(TOPICS)
