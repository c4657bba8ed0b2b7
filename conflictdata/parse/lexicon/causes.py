"""Words that show what harmed people: organised violence, or something else."""

from __future__ import annotations

from conflictdata.parse.lexicon.people import FIGHTER, OFFICER, PLURAL, SINGULAR, SOLDIER

# Words that belong to war alone. "Leaders" and "members" are groups of fighters elsewhere, but not here.
_ANYBODY = frozenset(
    "leaders leader members member privates captains captain officers officer personnel recruits recruit marines sailors sailor cadets cadet "
    "majors major generals general colonels invaders raiders shooters shooter attackers attacker defectors radicals warriors "
    "dissidents traffickers rangers ranger paras gunners auxiliaries cadres perpetrators perpetrator abductors kidnappers captors bandits loyalists "
    "hijackers seamen constables sergeants sentries ultras partisans bombers snipers gangsters".split()
)
_ARMED = frozenset(
    word for table in (PLURAL, SINGULAR) for word, group in table.items() if group in (SOLDIER, FIGHTER, OFFICER)
)
# Those who arrest as parties to a conflict.
ARMED = (_ARMED - _ANYBODY) | frozenset(
    "army military forces junta settlers militia houthi houthis taliban isis rebels gunmen troops coup".split()
)
STRONG = (_ARMED - _ANYBODY) | frozenset(
    """
    war wars warfare wartime conflict conflicts insurgency counterinsurgency genocide massacre massacres massacred invasion invaded occupation siege besieged
    airstrike airstrikes air-strike shelling shelled bombardment bombarded bombing bombings bombed bomb bombs bomber bombers missile missiles rocket rockets
    drone drones mortar mortars artillery howitzer grenade grenades landmine landmines mines ied ieds munitions munition ordnance shrapnel explosives
    warplane warplanes gunship gunfire crossfire gunman gunmen sniper snipers shootout ambush ambushed
    militia militias paramilitary militant insurgent rebel guerrilla jihadist terrorist terror terrorism extremist extremists armed weapons militancy
    army armies military troops troop battalion brigade brigades regiment regiments navy airforce frontline front-line battlefield combat combatant
    hostilities ceasefire truce offensive counteroffensive counter-offensive uprising rebellion mutiny coup junta separatist separatists crackdown
    executed executing execution executions beheaded beheading assassinated assassination assassinations lynched murdered murders
    abducted abduction abductions abducting kidnapped kidnapping kidnappings kidnap hostage hostages captive captives captivity
    martyred martyrs martyr martyrdom torture tortured enemy pogrom slaughtered beheadings warlord bandits banditry
    neutralised neutralized liquidated occupiers occupier prisoner-of-war pow pows kia wia mia extrajudicial extra-judicial disappearances atrocities atrocity
    hamas hezbollah taliban isis isil daesh qaeda shabaab haram wagner idf houthi houthis pkk farc eln m23 iswap ypg sdf wehrmacht nazi nazis gestapo
    torpedo torpedoed torpedoes u-boat warship warships cruiser submarine airstrikes strafed firefight gunbattle gunfight suicide-bomb intifada revolt junta resistance regime battles gunned stormtroopers
    """.split()
)
WEAK = frozenset(
    """
    attack attacks attacked attacking attackers attacker strike strikes struck raid raids raided assault assaults assaulted clash clashes clashed clashing
    battle fighting fight fought violence violent unrest riot riots rioting shot shots shooting shootings shooter shooters sectarian inter-communal intercommunal
    blast blasts explosion explosions exploded detonated fired firing stabbed stabbing hacked machete gang gangs mob lynching communal ethnic militarised
    forces operations targeted targeting cross-border reprisal reprisals retaliation vigilante vigilantes pirates cartel
    civilian civilians killing killings assailant assailants shell shells tank tanks commander commanders demilitarised herdsmen raiders invaders
    """.split()
)
VIOLENCE = STRONG | WEAK

_WORDS: dict[str, str] = {
    "a natural disaster": """earthquake earthquakes quake quakes temblor temblors seismic aftershock aftershocks tremor flood floods flooding flooded floodwaters landslide landslides mudslide
        mudslides avalanche avalanches cyclone cyclones hurricane hurricanes typhoon typhoons tornado tornadoes tsunami thunderstorm thunderstorms
        volcano volcanoes volcanic lava magma wildfire wildfires firestorm firestorms blaze blazes bushfire bushfires heatwave heatwaves drought rains rainfall torrents torrential inundated downpour blizzard
        snowstorm quake-hit flood-hit epicentre epicenter weather-related weather storms""",
    "an accident": """crash crashed crashes collision collisions collided collides derailed derailment capsized capsizing capsize overturned skidded accident accidents mishap stampede
        motorway lorry shipwreck overloaded overcrowded speeding pile-up head-on trench-collapse accidental accidentally iceberg icebergs shipwrecks motorist motorists
        pedestrian firework fireworks firecracker boiler skids skidding capsizes sailboat dinghy drown drowns drowned drowning shipwrecked train trains railway locomotive derailing airline airlines colliery coalmine miners miner coal airliner ferry paraglider skier skiers mineshaft climber climbers mountaineer mountaineers
        seatbelt bathers lifeguards trampled stampeded stampedes astronaut astronauts""",
    "a disease or hunger": """cholera measles malaria h1n1 sars swine avian covid coronavirus ebola dengue hepatitis polio influenza flu pneumonia meningitis epidemic pandemic diphtheria mpox monkeypox
        disease diseases illness sickness dysentery scurvy tuberculosis typhus typhoid malnutrition starvation starved famine hunger dehydration cancer leukaemia leukemia hypothermia heatstroke overdose
        overdoses virus vaccine vaccinated infected infection infections poisoning methanol diarrhoea diarrhea""",
    "sport": """players player footballers footballer striker strikers goalkeeper midfielder midfielders hat-trick derby matchday playoff playoffs quarterback touchdown innings wicket wickets
        batsman halftime half-time kickoff knockout offside rugby hockey basketball netball soccer tennis olympics championship championships fixture fixtures
        hamstring cruciate teammate teammates semi-final semifinal quarter-final quarterfinal winger goalless""",
    "business or a game": """viewership merger redundancies layoffs retailer shareholders carmaker automaker revenue subscribers gamer gamers bonus multiplayer box-office gameplay""",
    "an ordinary crime": """fraud bribery embezzlement burglary burglaries shoplifting gambling cocaine heroin cannabis drunk drunken tax counterfeiting
        hooliganism""",
}  # fmt: skip
# They name what an accident often befalls, but no accident.
TOPICS = frozenset(
    "train trains railway locomotive airline airlines airliner ferry miner miners coal colliery motorway pedestrian motorist motorists".split()
)
# Words of war that name no act: beside a flood or a crash they do not show that violence harmed anybody.
_NO_ACT = frozenset(
    """
        war wars warfare wartime conflict conflicts occupation invasion invaded terror terrorism resistance regime enemy armed weapons
        army armies military troops troop brigade brigades battalion regiment regiments navy airforce offensive coup uprising rebellion
        revolt mutiny junta militancy ceasefire truce crackdown cruiser submarine warship warships idf nazi nazis front-line frontline
        """.split()
) | frozenset(word for table in (PLURAL, SINGULAR) for word, group in table.items() if group in (SOLDIER, OFFICER))
# Soldiers and what they carry: they show no war by themselves.
AT_ARMS = frozenset(
    "army armies military troops troop brigade brigades battalion regiment regiments navy airforce armed weapons".split()
) | frozenset(word for table in (PLURAL, SINGULAR) for word, group in table.items() if group in (SOLDIER, OFFICER))
ACTS = (STRONG - _NO_ACT) | frozenset(
    """
    attack attacks attacked attackers strikes raid raids raided assault assaults clash clashes clashed clashing fighting fight fought
    violence violent riot riots shooting shootings gunned stabbed stabbing shot battle reprisal reprisals sectarian combat
    """.split()
)
# Acts alone, without those who do them.
ACTS_ALONE = (
    ACTS
    - _ARMED
    - frozenset(
        """militia militias paramilitary militant insurgent rebel guerrilla jihadist terrorist extremist extremists warlord bandits hamas hezbollah taliban isis isil daesh
    qaeda shabaab haram wagner houthi houthis pkk farc eln m23 iswap ypg sdf enemy separatist separatists""".split()
    )
)
CLASHES = frozenset("clash clashes clashed clashing fighting battle protesters demonstrators".split())
# Strong words that mean the crime of a person as often as an act of war.
OF_PERSONS = frozenset(
    """
    murder murders murdered kidnapped kidnapping kidnappings kidnap abducted abduction abductions abducting gunman gunmen executed execution
    executions torture tortured gunned hostage hostages weapons armed sniper executing lynched gunfire enemy captive captives captivity assassinated
    slaughtered shooter
    """.split()
)
# Two words that mean fighting, although neither does alone.
FIRE = frozenset(("under", "opened", "open", "opens", "opening"))  # before "fire"
# Soldiers also come to help: beside a word of rescue these show no violence.
HELPERS = frozenset(
    "army armies military troops troop soldiers soldier navy airforce regiment battalion marine marines".split()
)
RESCUE = frozenset(
    "rescue rescued rescuers rescuing relief assist assisted assisting evacuate evacuated helping search-and-rescue".split()
)
SPEAKING_FORCES = frozenset("army military navy airforce".split())  # before one of the next they only report
REPORTS = frozenset(
    "said says reported reports announced confirmed added told spokesman spokeswoman spokesperson statement".split()
)
# They may be acts of war or accidents: beside a word for an accident they prove nothing.
AMBIGUOUS = frozenset("blast blasts explosion explosions exploded fired firing detonated".split())
CAUSES: dict[str, str] = {word: kind for kind, words in _WORDS.items() for word in words.split()}
OTHER_CAUSES = frozenset(CAUSES)
# Two words that mean no violence, although one of them does.
PAIRS: dict[tuple[str, str], str] = {
    (first, second): kind
    for kind, pairs in {
        "a natural disaster": "heat wave|heat waves|heat related|extreme heat|excessive heat|heat exposure|cold wave|cold snap|tropical storm|forest fire|brush fire|bush fire|complex fire|creek fire|hills fire|evacuation warnings|severe storm|severe storms|winter storm|dust storm|heavy snow|lightning strike|lightning strikes",
        "a disease or hunger": "confirmed cases|suspected cases|probable cases|new cases|dengue cases|fatality rate|heart attack|heart attacks|asthma attack|panic attack|old age|natural causes|died peacefully|maternal deaths|maternal death|infant deaths|maternal mortality|heat stroke|short illness|long illness",
        "an accident": "crush at|crush while|crush during|crush outside|crush near|crowd crush|guard rail|guard rails|shark attack|dog attack|animal attack|bear attack|gas leak|gas explosion|building collapsed|buildings collapsed|house collapsed|houses collapsed|roof collapsed|bridge collapsed|wall collapsed|tower collapsed|drove off|fire broke|fire engulfed|fire swept|ski lift|cable car|chair lift|fire yesterday|boat fire|hotel fire|slum fire|room fire|block fire|mine collapsed|shaft collapsed|gold mine|coal mine|rock fall|trapped underground|boat sank|boat sinks|ferry sank|ship sank|vessel sank|dinghy sank|boat capsized|passenger bus|passenger train|express train|level crossing|gas cylinder|cooking gas|gas pipeline|gas canister|building collapse|coal mine|mine collapse|gold mine|house fire|factory fire|"
        "theatre fire|theater fire|train fire|cinema fire|school fire|dormitory fire|market fire|warehouse fire|prison fire|hostel fire|hospital fire|nightclub fire|apartment fire|river ferry|factory collapsed|condemned as|caught fire|bus driver|dense fog|steep gorge|deep gorge|deep ravine|steep ravine|roadways bus|roadside railing|bus fell|van fell|jeep fell|bus plunged|van plunged|drink driving|drunk driving|turned turtle|road traffic|road deaths|road death|traffic deaths|traffic fatalities|road accidents|roadside ditch|plunged into|plunged off|plunged down|veered off|rolled over|careered off|swerved off",
        "sport": "home win|red card|yellow card|world cup|hat trick|set pieces|clean sheet|premier league|league match|league game|hamstring injury",
        "business or a game": "market share|per player|every player|each player|high score|video game|lay off|laid off|job losses",
        "an ordinary crime": "drug dealers|drug trafficking|tax evasion|money laundering|drug smuggling|drunk driver|visa violations|traffic offences",
    }.items()
    for first, second in (pair.split() for pair in pairs.split("|"))
}  # fmt: skip
PAIR_FIRST = frozenset(first for first, _ in PAIRS)
# After "died" or "deaths": the words name the cause ("died of cholera").
CAUSE_LINKS = frozenset("of from by due to in during after when because amid with following as owing".split())
# Outcomes that police and courts bring about outside wars too.
ARREST_WORDS = frozenset(
    "arrested arrest arrests arresting detained detain detains detaining apprehended jailed imprisoned custody bars jail prison interned rounded".split()
)
# An arrest belongs to a conflict if one of these, or a word of war, is near.
OF_CONFLICT = frozenset(
    """forces troops protest protests protesters demonstrators rally crackdown unrest riot riots violence raid raids soldiers settlers palestinians political activists
    activist journalists opposition checkpoint occupied curfew suspected militants sweep clearance operation operations incursion insurgents suspects
    dissidents curfew ethnic""".split()
)
