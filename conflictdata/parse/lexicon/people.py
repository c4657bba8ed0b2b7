"""Nouns that name people, by group; and nouns of things that a number may count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeopleGroup:
    """The group of people that a noun names.

    Attributes:
        category: Category of the exchange format.
        word: Group word of docs/seeds-reference.md. Empty if no group word covers the noun.
    """

    category: str
    word: str = ""


CIVILIAN = PeopleGroup("civilian", "civilians")
CHILD = PeopleGroup("children", "children")
BOY, GIRL = PeopleGroup("children", "boys"), PeopleGroup("children", "girls")
WOMAN, MAN = PeopleGroup("women", "women"), PeopleGroup("men", "men")
SOLDIER = PeopleGroup("soldiers", "soldiers")
OFFICER = PeopleGroup("officers", "officers")
FIGHTER = PeopleGroup("fighters", "fighters")
POLICE = PeopleGroup("police", "police")
JOURNALIST = PeopleGroup("journalists", "journalists")
MEDIC = PeopleGroup("health_workers", "health_workers")
AID = PeopleGroup("aid_workers", "aid_workers")
RESCUER = PeopleGroup("other", "rescuers")
STUDENT = PeopleGroup("other", "students")
DETAINEE = PeopleGroup("other", "detainees")
PATIENT = PeopleGroup("other", "patients")
OTHER = PeopleGroup("other")
TOTAL = PeopleGroup("total")
ELDERLY = PeopleGroup("total", "elderly")
ADULT = PeopleGroup("total", "adults")

# Plural forms, by group; the singular forms follow from them. A word listed twice belongs to the later group.
_TABLE: tuple[tuple[PeopleGroup, str], ...] = (
    (CIVILIAN, """civilians residents villagers locals noncombatants inhabitants townspeople townsfolk bystanders
        islanders passersby passers-by dwellers homeowners householders onlookers"""),
    (CHILD, """children kids minors infants babies toddlers teenagers teens youngsters newborns juveniles adolescents
        schoolchildren preschoolers kindergartners"""),
    (BOY, "boys schoolboys"),
    (GIRL, "girls schoolgirls"),
    (WOMAN, "women females housewives grandmothers mothers wives widows businesswomen ladies brides laywomen servicewomen"),
    (MAN, "men males fathers husbands grandfathers widowers grooms"),
    (SOLDIER, """soldiers troops servicemen conscripts reservists peacekeepers paratroopers marines
        guardsmen recruits airmen sailors commandos paramilitaries jawans gendarmes personnel troopers
        infantrymen deserters cadets sentries tankmen servicepeople gis rangers servicemembers occupiers legionnaires
        draftees artillerymen gunners riflemen enlistees seamen paras corpsmen privates peshmerga"""),
    (OFFICER, """officers commanders generals colonels leaders captains majors lieutenants brigadiers sergeants
        ringleaders commandants admirals warlords corporals"""),
    (FIGHTER, """militants fighters rebels gunmen insurgents guerrillas guerillas terrorists jihadists jihadis khwarij khawarij extremists
        combatants militiamen operatives attackers bombers assailants separatists mercenaries islamists bandits
        infiltrators members mujahideen mujahedeen raiders snipers secessionists defectors warriors hijackers
        radicals taliban talibans partisans assassins irregulars contras vigilantes kidnappers dissidents naxals
        maoists naxalites cadres ultras invaders perpetrators belligerents houthis mutineers putschists
        gangsters insurrectionists revolutionaries fedayeen salafists loyalists abductors captors ambushers
        shooters traffickers auxiliaries"""),
    (POLICE, "policemen policewomen police cops constables inspectors superintendents patrolmen"),
    (JOURNALIST, """journalists reporters cameramen photojournalists photographers correspondents broadcasters videographers
        newsmen"""),
    (MEDIC, """medics doctors paramedics nurses physicians surgeons midwives pharmacists vaccinators orderlies dentists
        anaesthetists pediatricians paediatricians"""),
    (AID, "humanitarians"),
    (RESCUER, "rescuers firefighters firemen lifeguards deminers"),
    (STUDENT, "students pupils schoolmates seminarians undergraduates classmates"),
    (DETAINEE, "detainees inmates prisoners convicts"),
    (PATIENT, "patients"),
    (OTHER, """workers employees staff staffers guards bodyguards drivers teachers farmers fishermen shopkeepers
        worshippers worshipers passengers settlers officials politicians activists demonstrators protesters
        protestors pilgrims tourists engineers labourers laborers miners contractors lawyers judges clerics
        priests nuns imams monks diplomats shepherds herders herdsmen traders merchants vendors commuters
        travellers travelers migrants refugees tutors professors academics scientists volunteers crew crewmen
        pilots technicians builders cooks cleaners shoppers mourners spectators athletes players musicians
        elders chiefs tribesmen ministers lawmakers mps councillors councilors mayors aides advisers advisors
        spies agents suspects criminals missionaries churchgoers congregants seafarers truckers carpenters
        butchers barbers bakers lecturers electricians supporters partygoers revellers revelers backpackers
        loggers woodcutters hunters collaborators informants informers executives businessmen interpreters
        translators pastors rabbis ambassadors gamekeepers custodians caretakers watchmen guides porters
        sweepers mechanics dockers nomads pastoralists evacuees returnees preachers deputies colleagues comrades
        peasants cyclists motorcyclists motorists pedestrians schoolteachers headteachers headmasters governors
        prosecutors magistrates tailors singers poets writers artists actors filmmakers bloggers researchers
        scholars economists accountants bankers cashiers waiters waitresses chefs gardeners janitors plumbers
        welders masons fishers hikers trekkers campers bathers holidaymakers vacationers visitors guests fans
        footballers candidates campaigners organisers organizers unionists envoys consuls attaches negotiators
        mediators observers senators legislators parliamentarians delegates secretaries clerks bureaucrats
        administrators managers directors owners landlords tenants growers ranchers cowherds shepherdesses
        smugglers looters thieves robbers hackers dealers hawkers peddlers customers patrons buyers sawyers
        quarrymen oilmen prospectors deckhands trawlermen boatmen ferrymen skippers stewards stewardesses
        bishops deacons evangelists catechists novices seers healers mullahs ayatollahs sheikhs rulers monarchs
        townsmen tribespeople defenders whistleblowers orphans invalids stampeders rioters truckdrivers
        collectors mahouts geologists archaeologists surveyors trainees apprentices interns attendees
        breadwinners"""),
    (TOTAL, """people persons others foreigners individuals victims relatives siblings brothers sisters parents sons
        daughters cousins nationals citizens hostages captives survivors grandchildren nephews nieces
        expatriates expats abductees youths humans souls kin neighbours neighbors friends twins couple occupants
        minorities compatriots countrymen muslims christians jews hindus kurds sunnis shias shiites alawites
        yazidis druze rohingya grandparents grandsons granddaughters uncles aunts westerners southerners
        northerners sikhs copts buddhists catholics"""),
    (TOTAL, """palestinians israelis syrians iraqis afghans ukrainians russians lebanese yemenis americans britons
        sudanese somalis nigerians pakistanis indians turks iranians egyptians libyans frenchmen nepalis chinese
        japanese poles belgians greeks norwegians finns koreans argentines brazilians mexicans cubans colombians
        venezuelans rwandans ugandans burundians tanzanians malaysians indonesians bangladeshis tajiks uzbeks
        kazakhs austrians czechs hungarians romanians bulgarians serbs croats bosnians albanians germans
        italians spaniards dutchmen swedes danes canadians australians kenyans ethiopians eritreans malians
        congolese armenians azerbaijanis georgians chechens algerians tunisians moroccans jordanians saudis
        kuwaitis arabs bedouins hazaras fulani tutsis hutus filipinos thais haitians ghanaians senegalese
        cameroonians chadians gazans kashmiris tigrayans amharas oromos darfuris baloch pashtuns punjabis
        sindhis tibetans uighurs uyghurs burmese nepalese vietnamese cambodians guatemalans hondurans
        salvadorans peruvians ecuadorians bolivians chileans zimbabweans zambians mozambicans angolans namibians
        ivorians liberians burkinabe nigeriens mauritanians cypriots slovaks slovenes macedonians kosovars
        moldovans belarusians latvians lithuanians estonians turkmens azeris irishmen englishmen scots welshmen
        portuguese swiss bahrainis qataris emiratis omanis"""),
    (ADULT, "adults"),
    (ELDERLY, "pensioners retirees"),
)  # fmt: skip

# Endings of a plural and of its singular, the longest first.
_SINGULAR_ENDINGS = (("women", "woman"), ("men", "man"), ("children", "child"), ("wives", "wife"), ("thieves", "thief"), ("people", "person"),
                     ("esses", "ess"), ("passersby", "passerby"), ("passers-by", "passer-by"), ("ies", "y"), ("s", ""))  # fmt: skip
# Plurals whose singular means something else, or is mainly an adjective ("a radical change", "twin blasts").
_NO_SINGULAR = frozenset(
    "others humans minorities souls radicals irregulars ultras paras contras troops gis twins swiss monitors natives privates".split()
)


def _make_singular(plural: str) -> str:
    ending, singular_ending = next(((e, o) for e, o in _SINGULAR_ENDINGS if plural.endswith(e)), ("", ""))
    return plural[: len(plural) - len(ending)] + singular_ending if ending and plural not in _NO_SINGULAR else ""


PLURAL: dict[str, PeopleGroup] = {word: group for group, line in _TABLE for word in line.split()}
SINGULAR: dict[str, PeopleGroup] = {
    _make_singular(word): group for word, group in PLURAL.items() if _make_singular(word)
}

# For two nouns, or a modifier and a noun: (modifier, head) decides instead of the head. `*` is any head.
MODIFIED: dict[tuple[str, str], PeopleGroup] = {
    (modifier, head): group
    for modifiers, heads, group in (
        ("ira provisional uvf uda loyalist republican", "volunteers volunteer members member", FIGHTER),
        ("police constabulary", "officers officer members member personnel men man recruits recruit cadets cadet commanders commander officials official "
         "trainees trainee chief chiefs guards guard", POLICE),
        ("army military navy naval commissioned", "officers officer commanders commander chief chiefs", OFFICER),
        ("armed army military navy troop force forces enlisted", "personnel members member men man staff", SOLDIER),
        ("border coast republican revolutionary presidential national", "guards guard", SOLDIER),
        ("security", "personnel forces members force officers officer men agents", SOLDIER),
        ("service", "members member personnel men women", SOLDIER),
        ("aid relief humanitarian un ngo u.n. unrwa charity", "workers worker staff staffers employees employee volunteers", AID),
        ("health medical healthcare hospital ambulance health-care clinic", "workers worker staff personnel employees professionals crew crews "
         "volunteers practitioners providers drivers driver technicians", MEDIC),
        ("media press", "workers worker staff personnel professionals", JOURNALIST),
        ("tv television news", "crew journalists journalist", JOURNALIST),
        ("aid", "responders responder", MEDIC),
        ("rescue defence defense defenders", "workers worker staff personnel volunteers members crew crews", RESCUER),
        ("prison security", "guards guard", OTHER),
        ("family household community tribe board club tribal jury village", "members member", TOTAL),
        ("parliament council party board cabinet crew", "members member", OTHER),
        ("staff crew", "members member", OTHER),
        ("female women", "*", WOMAN),
        ("male", "civilians fighters prisoners", MAN),
        ("civilian", "men man people persons deaths fatalities victims casualties dead lives", CIVILIAN),
        ("civil", "casualties deaths victims fatalities", CIVILIAN),
        ("military army", "deaths fatalities casualties losses dead", SOLDIER),
        ("community tribal religious opposition party village political social indigenous rights student union trade farm peasant business "
         "spiritual church youth labour labor local civic clan faith", "leaders leader chiefs chief", OTHER),
        ("qaeda taliban terror terrorist terrorism militant insurgent rebel jihadist is isis isil hamas hezbollah", "suspects suspect", FIGHTER),
        ("gang cartel mafia clan", "members member leaders leader", FIGHTER),
        ("child", "*", CHILD),
        ("elderly old", "people persons", ELDERLY),
    )
    for modifier in modifiers.split()
    for head in heads.split()
}  # fmt: skip

MODIFIERS = frozenset(modifier for modifier, _ in MODIFIED)

# Adjectives that name a group, before "people" or alone.
ADJECTIVES: dict[str, PeopleGroup] = {
    "civilian": CIVILIAN,
    "female": WOMAN,
    "women": WOMAN,
    "child": CHILD,
    "military": SOLDIER,
}
# "members of the same family" are not fighters: the words after "of", or before, decide. The first matching line wins.
MEMBERS: tuple[tuple[frozenset[str], PeopleGroup], ...] = tuple(
    (frozenset(words.split()), group)
    for words, group in (
        (
            "family families tribe tribes community communities public household minority ethnic faith congregation wedding clan",
            TOTAL,
        ),
        ("police", POLICE),
        (
            "security army military forces navy guard guards troops paramilitary gendarmerie regiment battalion brigade",
            SOLDIER,
        ),
        ("media press", JOURNALIST),
        (
            "parliament council party cabinet staff crew board club church orchestra team union committee assembly",
            OTHER,
        ),
    )
)
# Staff of one of these are aid workers.
AGENCIES = frozenset("un u.n. ngo unrwa unicef wfp unhcr msf oxfam humanitarian aid relief charity crescent irc ocha médecins medecins "
                     "caritas icrc ifrc undp".split())  # fmt: skip
# Words that name a group only through the organisation that mentions them.
STAFF = frozenset(
    "members member staff staffers staffer workers worker employees employee volunteers volunteer colleagues colleague personnel".split()
)

# Captured, seized or lost, they are no captives: "captured 40 customers".
NOT_CAPTIVES = frozenset(
    "viewers customers voters subscribers users fans listeners readers shareholders followers clients consumers shoppers buyers sponsors".split()
)
# A number before one of these counts no people, whatever verb is near it.
# Of whom somebody "had" some.
KIN = frozenset(
    "children child sons son daughters daughter grandchildren grandchild great-grandchildren brothers brother sisters sister siblings stepchildren".split()
)
THINGS = frozenset(
    """
    airstrike airstrikes strike strikes raid raids attack attacks bombing bombings blast blasts explosion explosions incident incidents
    clash clashes battle battles rocket rockets missile missiles drone drones uav uavs shell shells mortar mortars bomb bombs mine mines
    tank tanks vehicle vehicles car cars truck trucks lorry bus buses aircraft plane planes jet jets helicopter helicopters warplane
    warplanes ship ships boat boats vessel vessels tanker tankers bulldozer bulldozers ambulance ambulances
    building buildings house houses home homes school schools hospital hospitals clinic clinics mosque mosques church churches shop shops
    village villages town towns city cities district districts province provinces region regions area areas camp camps base bases
    checkpoint checkpoints outpost outposts post posts position positions site sites target targets tunnel tunnels bridge bridges
    facility facilities location locations neighbourhood neighbourhoods neighborhood neighborhoods country countries state states
    governorate governorates municipality municipalities county counties settlement settlements front fronts side sides street
    day days week weeks month months year years hour hours minute minutes decade decades second seconds night nights time times
    evening morning afternoon weekend century centuries quarter
    kilometre kilometres kilometer kilometers km mile miles metre metres meter meters foot feet yard yards acre acres hectare hectares
    ton tons tonne tonnes kg kilogram kilograms pound pounds litre litres liter liters gallon gallons barrel barrels round rounds
    dollar dollars euro euros shekel shekels ruble rubles rouble roubles rupee rupees lira million billion cent cents usd
    percent per-cent percentage per point points degree degrees
    weapon weapons rifle rifles gun guns launcher launchers grenade grenades bullet bullets warhead warheads battery batteries
    animal animals cow cows cattle sheep goat goats donkey donkeys mule mules buffalo buffaloes chickens camel camels livestock horses dogs dog
    family families household households group groups organisation organisations organization organizations agency agencies
    brigade brigades battalion battalions division divisions unit units company companies squad squads convoy convoys
    faction factions militia militias party parties army armies force troupe tribe tribes clan clans team teams cell cells gang gangs
    wave waves case cases count counts charge charges report reports violation violations sortie sorties operation operations
    phase phases stage stages step steps round rounds hostage-deal deal deals resolution resolutions article articles
    seat seats vote votes bed beds item items trip trips flight flights room rooms flat flats apartment apartments floor floors storey
    tent tents shelter shelters centre centres center centers grave graves part parts piece pieces type types way ways thing things
    reason reasons condition conditions demand demands ceasefire truce offensive offensives war wars conflict conflicts
    assault assaults ambush ambushes shooting shootings massacre massacres
    arrest arrests protest protests demonstration demonstrations crossing crossings road roads
    highway market markets border borders statement statements source deaths-rate pm am gmt local-time tanks cargo container
    warehouse warehouses factory factories plant plants station stations power document documents photo photos video videos
    hotel hotels university universities building-site generator generators pickup pickups motorcycle motorcycles motorbike bicycle
    bike van minibus taxi train trains suv apc apcs humvee humvees turbine dam dams farm farms field fields tree trees
    court courts law laws minibuses attempt attempts blow blows crime crimes offence offences term terms sentence sentences
    letter letters result place move handful pair lot series string spate series-of letter bit number majority minority half third
    fraction rest remainder
    warrant warrants licence licences foxes birds wolves elephants whales fish goods shares pupils-hours
    job jobs bag bags nationality nationalities votes seats goals matches games medals prizes headlines hearts
    """.split()
)

RELATIVES = frozenset(
    "wife husband son daughter mother father brother sister child baby sibling grandson granddaughter grandmother grandfather grandchild "
    "niece nephew cousin uncle aunt fiancee fiance driver bodyguard infant toddler friend colleague neighbour neighbor partner companion".split()
)
# A thing after people is what the number counts ("three police stations"), except for these ("20 people days before").
TIMES = frozenset(
    "day days week weeks month months year years hour hours minute minutes night nights morning evening afternoon weekend times time".split()
)
_SOURCE = (
    "source sources official officials spokesman spokesperson spokeswoman witness witnesses report reports statement"
)
SPEAKERS = frozenset(_SOURCE.split())
# Plural endings of occupations and groups, for words that no table lists.
ENDINGS = ("ers", "ors", "ists", "men", "women", "ians", "ants", "ees", "folk", "mates", "children", "goers")
