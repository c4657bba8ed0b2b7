"""Nouns that name people, by what they say about them; and nouns that a number may stand before without counting people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """What a noun says of the people counted.

    Attributes:
        category: the category of the exchange format.
        word: the group word of docs/seeds.md, or empty where no group word covers the noun.
    """

    category: str
    word: str = ""


CIVILIAN = Group("civilian", "civilians")
CHILD = Group("children", "children")
BOY, GIRL = Group("children", "boys"), Group("children", "girls")
WOMAN, MAN = Group("women", "women"), Group("men", "men")
SOLDIER = Group("soldiers", "soldiers")
OFFICER = Group("officers", "officers")
FIGHTER = Group("fighters", "fighters")
POLICE = Group("police", "police")
JOURNALIST = Group("journalists", "journalists")
MEDIC = Group("health_workers", "health_workers")
AID = Group("aid_workers", "aid_workers")
RESCUER = Group("other", "rescuers")
STUDENT = Group("other", "students")
DETAINEE = Group("other", "detainees")
PATIENT = Group("other", "patients")
OTHER = Group("other")
TOTAL = Group("total")
ELDERLY = Group("total", "elderly")
ADULT = Group("total", "adults")

# Plural forms on the left of the stroke, singular ones on its right.
_TABLE: tuple[tuple[Group, str], ...] = (
    (CIVILIAN, "civilians residents villagers locals noncombatants inhabitants townspeople townsfolk bystanders islanders / "
               "civilian resident villager local noncombatant inhabitant bystander passerby"),
    (CHILD, "children kids minors infants babies toddlers teenagers teens youngsters newborns juveniles adolescents / "
            "child kid minor infant baby toddler teenager teen youngster newborn adolescent"),
    (BOY, "boys / boy"),
    (GIRL, "girls schoolgirls / girl schoolgirl"),
    (BOY, "schoolboys / schoolboy"),
    (CHILD, "schoolchildren / schoolchild"),
    (WOMAN, "women females housewives grandmothers / woman female housewife grandmother"),
    (MAN, "men males / man male"),
    (SOLDIER, "soldiers troops servicemen servicewomen conscripts reservists peacekeepers paratroopers marines guardsmen recruits airmen "
              "sailors commandos paramilitaries jawans gendarmes personnel troopers infantrymen cadets sentries tankmen servicepeople "
              "gis rangers / "
              "soldier trooper serviceman servicewoman conscript reservist peacekeeper paratrooper marine guardsman recruit airman sailor "
              "commando paramilitary jawan gendarme cadet sentry servicemember"),
    (OFFICER, "officers commanders generals colonels leaders captains majors lieutenants brigadiers sergeants chiefs ringleaders "
              "commandants admirals / "
              "officer commander general colonel leader captain major lieutenant brigadier sergeant commandant"),
    (FIGHTER, "militants fighters rebels gunmen insurgents guerrillas guerillas terrorists jihadists jihadis extremists combatants "
              "militiamen operatives attackers bombers assailants separatists mercenaries islamists bandits infiltrators members "
              "mujahideen mujahedeen raiders snipers secessionists defectors warriors hijackers radicals taliban talibans partisans "
              "assassins irregulars contras paras vigilantes kidnappers hostage-takers dissidents naxals maoists naxalites "
              "cadres ultras invaders perpetrators belligerents / "
              "militant fighter rebel gunman insurgent guerrilla guerilla terrorist jihadist jihadi extremist combatant militiaman "
              "operative attacker bomber assailant separatist mercenary islamist bandit infiltrator raider sniper "
              "assassin maoist naxal naxalite"),
    (POLICE, "policemen policewomen police cops constables inspectors superintendents deputies / policeman policewoman cop constable inspector superintendent"),
    (JOURNALIST, "journalists reporters cameramen photojournalists photographers correspondents camerapersons / "
                 "journalist reporter cameraman photojournalist photographer correspondent"),
    (MEDIC, "medics doctors paramedics nurses physicians surgeons midwives / medic doctor paramedic nurse physician surgeon midwife"),
    (AID, "humanitarians humanitarian-workers / humanitarian"),
    (RESCUER, "rescuers firefighters firemen / rescuer firefighter fireman"),
    (STUDENT, "students pupils schoolmates seminarians / student pupil seminarian"),
    (DETAINEE, "detainees inmates prisoners / detainee inmate prisoner"),
    (PATIENT, "patients / patient"),
    (OTHER, "workers employees staff staffers guards bodyguards drivers teachers farmers fishermen shopkeepers worshippers worshipers "
            "passengers settlers officials politicians activists demonstrators protesters protestors pilgrims tourists engineers "
            "labourers laborers miners contractors lawyers judges clerics priests nuns imams monks diplomats shepherds herders herdsmen "
            "traders merchants vendors commuters travellers travelers migrants refugees tutors professors academics scientists "
            "volunteers crew crewmen pilots technicians builders cooks cleaners shoppers mourners spectators athletes players musicians "
            "elders chiefs tribesmen ministers lawmakers mps councillors mayors aides advisers advisors spies agents suspects criminals "
            "missionaries churchgoers congregants seafarers truckers carpenters butchers barbers bakers lecturers electricians "
            "supporters partygoers festival-goers revellers revelers backpackers loggers woodcutters hunters collaborators "
            "informants informers executives businessmen interpreters translators pastors rabbis ambassadors gamekeepers "
            "worshippers custodians caretakers watchmen guides porters sweepers electricians mechanics cadres dockers "
            "nomads pastoralists hostages-takers evacuees returnees / "
            "worker employee staffer guard bodyguard driver teacher farmer fisherman shopkeeper worshipper worshiper passenger settler "
            "official politician activist demonstrator protester protestor pilgrim tourist engineer labourer laborer miner contractor "
            "lawyer judge cleric priest nun imam monk diplomat shepherd herder herdsman trader merchant vendor migrant refugee tutor "
            "professor academic scientist volunteer crewman pilot technician builder cook cleaner shopper mourner elder tribesman "
            "minister lawmaker councillor mayor aide adviser advisor spy agent suspect criminal missionary "
            "lecturer businessman interpreter translator pastor rabbi watchman caretaker porter mechanic preacher cleric"),
    (TOTAL, "people persons others foreigners individuals victims relatives siblings brothers sisters parents sons daughters cousins nationals "
            "citizens hostages captives survivors adults members-of-family grandchildren nephews nieces wives husbands mothers fathers "
            "expatriates expats abductees youths humans souls kin migrants neighbours neighbors friends twins couple "
            "occupants minorities compatriots countrymen tribespeople muslims christians jews hindus kurds sunnis shias shiites alawites "
            "yazidis druze rohingya palestinians israelis syrians iraqis afghans ukrainians russians lebanese yemenis americans britons "
            "sudanese somalis nigerians pakistanis indians turks iranians egyptians libyans frenchmen nepalis chinese japanese poles belgians greeks norwegians finns koreans argentines brazilians mexicans cubans colombians venezuelans rwandans ugandans burundians tanzanians malaysians indonesians bangladeshis tajiks uzbeks kazakhs austrians czechs hungarians romanians bulgarians serbs croats bosnians albanians britons germans italians spaniards dutchmen swedes danes canadians australians kenyans ethiopians eritreans malians congolese armenians azerbaijanis georgians chechens algerians tunisians moroccans jordanians saudis kuwaitis arabs bedouins hazaras fulani tutsis hutus "
            "filipinos thais / "
            "person foreigner individual relative sibling brother sister parent son daughter cousin national citizen hostage captive survivor adult "
            "grandchild nephew niece wife husband mother father expatriate youth grandson granddaughter uncle aunt "
            "muslim christian jew hindu kurd sunni shia shiite alawite yazidi palestinian israeli syrian iraqi afghan ukrainian russian "
            "yemeni american briton somali nigerian pakistani indian turk iranian egyptian libyan frenchman german nepali filipino "
            "neighbour neighbor friend dane canadian australian dutchman italian spaniard swede jordanian saudi kuwaiti kenyan "
            "ethiopian eritrean malian pole belgian greek norwegian finn thai korean japanese chinese argentine brazilian mexican cuban colombian venezuelan rwandan ugandan burundian tanzanian malaysian indonesian bangladeshi tajik uzbek kazakh austrian czech hungarian romanian bulgarian serb croat bosnian albanian arab bedouin cameroonian congolese burmese armenian azerbaijani georgian chechen algerian tunisian moroccan"),
    (ADULT, "adults / adult"),
    (ELDERLY, "pensioners / pensioner"),
)  # fmt: skip


def _forms(side: int) -> dict[str, Group]:
    return {word: group for group, line in _TABLE for word in line.split(" / ")[side].split()}


PLURAL: dict[str, Group] = _forms(0)
SINGULAR: dict[str, Group] = _forms(1)

# Where two nouns, or a modifier and a noun, stand together: (modifier, head) decides instead of the head. `*` is any head.
MODIFIED: dict[tuple[str, str], Group] = {
    (modifier, head): group
    for modifiers, heads, group in (
        ("police security-police", "officers officer members personnel men man recruits cadets commanders officials trainees", POLICE),
        ("army military navy naval commissioned", "officers officer commanders commander", OFFICER),
        ("armed-forces army military navy troop", "personnel members men man staff", SOLDIER),
        ("security", "personnel forces members force officers officer men agents", SOLDIER),
        ("service", "members member personnel men women", SOLDIER),
        ("aid relief humanitarian un ngo u.n. unrwa charity", "workers worker staff staffers employees employee volunteers", AID),
        ("health medical healthcare hospital ambulance health-care clinic", "workers worker staff personnel employees professionals crew crews "
         "volunteers practitioners providers drivers driver technicians", MEDIC),
        ("media press", "workers worker staff personnel professionals", JOURNALIST),
        ("tv television news", "crew journalists journalist", JOURNALIST),
        ("rescue defence defense defenders", "workers worker staff personnel volunteers members crew crews", RESCUER),
        ("prison security", "guards guard", OTHER),
        ("family household community tribe board club parliament council party tribal cabinet jury clan crew village", "members member", TOTAL),
        ("parliament council party board cabinet crew", "members member", OTHER),
        ("staff crew", "members member", OTHER),
        ("female women", "*", WOMAN),
        ("male", "civilians fighters prisoners", MAN),
        ("civilian", "men man people persons deaths fatalities victims casualties dead lives", CIVILIAN),
        ("child", "*", CHILD),
        ("elderly old", "people persons", ELDERLY),
        ("young", "boys boy", BOY),
    )
    for modifier in modifiers.split()
    for head in heads.split()
}  # fmt: skip

# Adjectives before "people" or before nothing that say who they are.
ADJECTIVES: dict[str, Group] = {"civilian": CIVILIAN, "female": WOMAN, "women": WOMAN, "child": CHILD}

# A number before one of these counts no people, whatever verb is near.
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
    animal animals cow cows cattle sheep goat goats camel camels livestock horses dogs dog
    family families household households group groups organisation organisations organization organizations agency agencies
    brigade brigades battalion battalions division divisions unit units company companies squad squads convoy convoys
    faction factions militia militias party parties army armies force troupe tribe tribes clan clans team teams cell cells gang gangs
    wave waves case cases count counts charge charges report reports violation violations sortie sorties operation operations
    phase phases stage stages step steps round rounds hostage-deal deal deals resolution resolutions article articles
    seat seats vote votes bed beds item items trip trips flight flights room rooms flat flats apartment apartments floor floors storey
    tent tents shelter shelters centre centres center centers grave graves part parts piece pieces type types way ways thing things
    reason reasons condition conditions demand demands ceasefire truce offensive offensives war wars conflict conflicts
    assault assaults ambush ambushes shooting shootings massacre massacres killing killings murder murders abduction abductions
    kidnapping kidnappings arrest arrests protest protests demonstration demonstrations crossing crossings road roads
    highway market markets border borders statement statements source deaths-rate pm am gmt local-time tanks cargo container
    warehouse warehouses factory factories plant plants station stations power document documents photo photos video videos
    hotel hotels university universities building-site generator generators pickup pickups motorcycle motorcycles motorbike bicycle
    bike van minibus taxi train trains suv apc apcs humvee humvees turbine dam dams farm farms field fields tree trees
    court courts law laws minibuses attempt attempts blow blows crime crimes offence offences term terms sentence sentences
    letter letters result place move handful pair lot series string spate series-of letter bit number majority minority half third
    fraction rest remainder
    """.split()
)

KIN = frozenset(
    "wife husband son daughter mother father brother sister child baby sibling parents grandson granddaughter grandmother grandfather "
    "niece nephew cousin uncle aunt fiancee driver bodyguard infant toddler".split()
)
_SOURCE = (
    "source sources official officials spokesman spokesperson spokeswoman witness witnesses report reports statement"
)
SPEAKERS = frozenset(_SOURCE.split())
# Endings of occupations and groups that no table lists, in the plural.
ENDINGS = ("ers", "ors", "ists", "men", "women", "ians", "ants", "ees", "folk", "mates", "children", "goers")
