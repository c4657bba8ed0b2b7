"""Closed vocabularies: every word that a coded column may hold, with its meaning.

Models, schemas, the data dictionary and the readers of seeds all use these lists. Other words are invalid.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """Term of a vocabulary: the stored value, a label to print, and the meaning."""

    term: str
    label: str
    definition: str


@dataclass(frozen=True)
class Vocabulary:
    """Closed list of terms. `source` names the authority that defines them, if any."""

    name: str
    title: str
    terms: tuple[Term, ...]
    source: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Return the stored values in documented order."""
        return tuple(t.term for t in self.terms)

    def __contains__(self, value: object) -> bool:
        return any(t.term == value for t in self.terms)

    def __getitem__(self, value: str) -> Term:
        for t in self.terms:
            if t.term == value:
                return t
        raise KeyError(value)


def _make_vocabulary(name: str, title: str, *terms: tuple[str, str, str], source: str = "") -> Vocabulary:
    return Vocabulary(name, title, tuple(Term(*t) for t in terms), source)


UCDP = "UCDP Georeferenced Event Dataset (GED) codebook"
SDG = "SDG indicator 16.1.2, conflict-related deaths (OHCHR technical guidance note)"

ENTITY_KIND = _make_vocabulary(
    "entity_kind",
    "What an alias names",
    ("actor", "Actor", "A party, claimant, agency or publisher of the actors table."),
    ("location", "Location", "A place of the locations table."),
)

ACTOR_KIND = _make_vocabulary(
    "actor_kind",
    "What kind of actor this is",
    ("state", "State", "A country's government or authorities as a whole, its armed forces not singled out."),
    ("armed_forces", "Armed forces", "The military of a state, or a unit of it."),
    (
        "security_forces",
        "Security forces",
        "Armed forces of the interior of a state or authority: police, gendarmerie, guards.",
    ),
    ("armed_group", "Armed group", "An organised armed group that is not a state's."),
    (
        "militia",
        "Militia",
        "Irregular fighters on the side of a state or a community, often several groups counted as one.",
    ),
    ("coalition", "Coalition", "Several armed actors that act, or are counted, as one."),
    (
        "community",
        "Community",
        "An ethnic, religious or tribal community whose members are counted as one group of victims.",
    ),
    (
        "government_body",
        "Government body",
        "A ministry, spokesperson or official of a state or de facto authority, as a claimant.",
    ),
    ("health_authority", "Health authority", "A ministry of health or other public health body, as a claimant."),
    ("united_nations", "United Nations", "An agency, mission or office of the United Nations."),
    (
        "monitor",
        "Monitor",
        "An organisation that documents casualties as its work: an observatory, a network, a database.",
    ),
    ("aid_organisation", "Aid organisation", "A humanitarian, medical or rescue organisation."),
    ("civil_society", "Civil society", "An activist group, committee, professional or victims' association."),
    ("unnamed", "Unnamed", "A kind of person quoted without a name: local sources, a medical source."),
    ("news_agency", "News agency", "A wire service whose copy others carry."),
    ("broadcaster", "Broadcaster", "A radio or television station."),
    ("news_media", "News media", "A newspaper, news site, blog or other publisher of news."),
    ("party_media", "Party media", "A medium owned or run by a belligerent or a state."),
    ("unspecified", "Unspecified", "Nobody in particular: the page does not say who."),
)

LOCATION_KIND = _make_vocabulary(
    "location_kind",
    "What kind of place this is",
    ("country", "Country", "A whole country."),
    ("admin1", "First-order division", "A governorate, province, oblast or state: the first level below the country."),
    ("area", "Area", "A loose region without agreed borders, or several places printed with one number."),
    ("settlement", "Settlement", "A city, town or village."),
    ("site", "Site", "One place in or near a settlement: a camp, hospital, bridge, base."),
)

WHOLE = _make_vocabulary(
    "whole",
    "How much of a place lies in an area",
    ("yes", "Whole", "All of it."),
    ("part", "Part", "Some of it; the area has no border that says how much."),
)

LOCATION_PRECISION = _make_vocabulary(
    "location_precision",
    "How exactly the coordinates hit the place",
    ("1", "Exact place", "The exact place is known and coded."),
    ("2", "Within about 25 km", "Near a known point, within about 25 kilometres of it."),
    ("3", "Second-order division", "Known to the second-order division (district) only."),
    ("4", "First-order division", "Known to the first-order division (province, governorate) only."),
    ("5", "Estimated point", "A linear feature or fuzzy area, coded by a representative point."),
    ("6", "Country", "Known to the country only."),
    ("7", "Sea or air", "In the air or at sea, outside any country's land."),
    source=f"{UCDP}, where_prec",
)

DATE_PRECISION = _make_vocabulary(
    "date_precision",
    "How exactly the dates are known",
    ("1", "Exact day", "The exact day is known."),
    ("2", "2 to 6 days", "Within a span of two to six days."),
    ("3", "A week", "Within a span of seven days: only the week is known."),
    ("4", "8 to 31 days", "Within a span of eight to thirty-one days: only the month is known."),
    ("5", "More than a month", "Within a span of more than a month, up to a year."),
    source=f"{UCDP}, date_prec",
)

DAY_PRECISION = _make_vocabulary(
    "day_precision",
    "How exactly one day of a claim is known",
    ("day", "Day", "The page gives the day, or it follows from the page without doubt."),
    ("month", "Month", "The page gives the month; the day is the month's first or last."),
    ("year", "Year", "The page gives the year; the day is the year's first or last."),
    ("approximate", "Approximate", "The day was worked out and may be off by some days; the note says how."),
)

SOURCE_KIND = _make_vocabulary(
    "source_kind",
    "What kind of document a source is",
    ("article", "Article", "A news text."),
    ("report", "Report", "A documentation, situation report or dataset release."),
    ("statement", "Statement", "A press release, bulletin or speech of the claimant itself."),
    ("post", "Post", "A post on social media or a forum."),
    ("caption", "Caption", "The caption of a photograph or video."),
    ("copy", "Copy", "A copy, mirror or machine translation of somebody else's text."),
)

PUBLISHED_BASIS = _make_vocabulary(
    "published_basis",
    "Where the publication date comes from",
    ("page", "On the page", "Printed on the page."),
    ("url", "From the url", "Read from the address of the page."),
    ("text", "From the text", "Named in the text that was at hand."),
    ("inferred", "Inferred", "Worked out from what the text reports; may be off by some days."),
)

SOURCE_ACCESS = _make_vocabulary(
    "source_access",
    "How much of the document the coder saw",
    ("full_text", "Full text", "The whole document."),
    ("excerpt", "Excerpt", "A part of it; the rest may hold more figures."),
    ("title", "Title", "The title alone."),
)

COVERAGE = _make_vocabulary(
    "coverage",
    "How many of the statements in the text that was read are coded",
    ("complete", "Complete", "Each statement about casualties in the text that was read."),
    ("selected", "Selected", "Some of them; the note says which are left out, and why."),
)

EVENT_TYPE = _make_vocabulary(
    "event_type",
    "What happened",
    ("battle", "Battle", "Armed clash between two parties; an offensive or its start."),
    ("shelling", "Shelling", "Artillery, mortar, rocket or missile fire."),
    ("airstrike", "Air strike", "Attack by crewed aircraft."),
    ("drone_strike", "Drone strike", "Attack by an uncrewed aircraft."),
    ("explosive_device", "Explosive device", "Mine, improvised explosive device, car bomb, explosive remnant."),
    ("suicide_attack", "Suicide attack", "Attack by somebody who means to die in it."),
    ("chemical_attack", "Chemical attack", "Attack with toxic chemicals."),
    (
        "attack_on_civilians",
        "Attack on civilians",
        "Direct violence against people who take no part in hostilities: a raid, a massacre.",
    ),
    ("execution", "Execution", "Killing of people in the killer's power."),
    ("abduction", "Abduction", "Taking of people by an armed actor."),
    ("detention", "Detention", "Arrest or holding of people by an authority."),
    ("release", "Release", "Freeing of prisoners or hostages."),
    ("territory_capture", "Capture of territory", "A party takes or retakes ground, a settlement or a site."),
    (
        "deployment",
        "Deployment",
        "A party moves forces or holds them ready, without a clash: reinforcements, defensive lines.",
    ),
    ("withdrawal", "Withdrawal", "A party leaves ground without, or after, a fight."),
    ("displacement", "Displacement", "People flee or cross a border."),
    ("political", "Political event", "A statement, alliance, agreement or change of power that bears on the fighting."),
    ("humanitarian", "Humanitarian situation", "What life is like for civilians: calm, clearing up, prices, supplies."),
)

EVENT_STATUS = _make_vocabulary(
    "event_status",
    "Whether the event record is valid",
    ("active", "Active", "The record is valid."),
    ("merged", "Merged", "The record was found to be another one's duplicate; merged_into names it."),
    ("withdrawn", "Withdrawn", "The record was coded in error."),
)

EVENT_ROLE = _make_vocabulary(
    "event_role",
    "What an actor did in an event",
    ("initiator", "Initiator", "Acted: attacked, took, withdrew, announced."),
    ("target", "Target", "Was acted upon."),
    ("party", "Party", "Took part; the source does not say on which end."),
)

STANCE = _make_vocabulary(
    "stance",
    "What a claimant says of an event",
    ("asserts", "Asserts", "Says that it happened."),
    ("denies", "Denies", "Says that it did not happen, or not so."),
)

SCOPE = _make_vocabulary(
    "scope",
    "What window the figures cover",
    ("event", "Event", "One event, or several counted together; `claim_events` names them."),
    ("period", "Period", "A closed window: a day, a month, the past 24 hours."),
    ("cumulative", "Cumulative", "A running toll from a fixed start to the as-of day; an update keeps the start."),
    ("stock", "Stock", "A level on a day, net of returns and releases: people displaced now."),
    ("projection", "Projection", "A forecast for a day that has not come."),
)

BASIS = _make_vocabulary(
    "basis",
    "What puts a person into the window",
    ("occurred", "Occurred", "The day on which it happened to the person lies in the window."),
    ("recorded", "Recorded", "The day on which it was documented lies in the window; it may have happened before."),
)

CERTAINTY = _make_vocabulary(
    "certainty",
    "How firmly the claim names the perpetrator",
    ("stated", "Stated", "The claimant says it as a fact; several named together act jointly."),
    ("alleged", "Alleged", "Said with reserve: likely, believed, reportedly, accused."),
    ("disputed", "Disputed", "The claimant itself calls the party that it names contested."),
    ("denied", "Denied", "The named party denies it on the page."),
    (
        "undetermined",
        "Undetermined",
        "The claimant leaves it open which of those named did it, or how it divides among them.",
    ),
)

CLAIM_STATUS = _make_vocabulary(
    "claim_status",
    "Whether the claim is still made",
    ("active", "Active", "The page says so, as far as the coder knows."),
    ("retracted", "Retracted", "The claimant or the publisher took it back; the reason says how."),
)

LINK_KIND = _make_vocabulary(
    "link_kind",
    "How one claim bears on another",
    ("conflicts_with", "Conflicts with", "The two cannot both be right, or give the same thing differently."),
    (
        "repeats",
        "Repeats",
        "This claim carries the other's statement on: another page, or a claimant who passes it on.",
    ),
    ("part_of", "Part of", "This claim's people are counted inside the other claim's."),
)

RELATION = _make_vocabulary(
    "relation",
    "How a figure relates to its parent",
    ("total", "Total", "The root of a tree: the whole number for one outcome and unit."),
    (
        "part",
        "Part",
        "One of a list that, by the page's words, leaves nobody out; the list is checked against the parent.",
    ),
    ("subset", "Subset", "Some of the parent ('including', 'of whom'); may overlap its siblings and is never added."),
    ("additional", "Additional", "Outside the parent ('another 15', 'in addition')."),
)

AXIS = _make_vocabulary(
    "axis",
    "By what a complete list divides its parent",
    ("party", "Party", "Civilians and the belligerents."),
    ("sex", "Sex", "Women and men."),
    ("age", "Age", "Children, adults, the elderly."),
    ("age_sex", "Age and sex", "Both at once: men, women, boys, girls, or men, women, children."),
    ("occupation", "Occupation", "Work or role: officers, medics, journalists."),
    ("rank", "Rank", "Military rank."),
    ("identification", "Identification", "Identified or not; verified or not."),
    ("location", "Location", "Places."),
    ("time", "Time", "Stretches of time."),
    ("perpetrator", "Perpetrator", "Who did it."),
    ("cause", "Cause", "By what they died or were hurt."),
    ("severity", "Severity", "How badly they were hurt."),
    ("custody", "Custody", "Held, released, sentenced."),
    ("other", "Other", "Another division; the labels say which."),
)

OUTCOME = _make_vocabulary(
    "outcome",
    "What happened to the people counted",
    ("killed", "Killed", "Died."),
    ("injured", "Injured", "Wounded or hurt, alive."),
    (
        "killed_or_injured",
        "Killed or injured",
        "One joint number for both; 'casualties' in the wide sense. Never copied to killed.",
    ),
    ("missing", "Missing", "Fate unknown."),
    ("captured", "Captured", "Fighters taken prisoner."),
    ("detained", "Detained", "Arrested or held by an authority."),
    ("abducted", "Abducted", "Taken hostage or kidnapped."),
    ("displaced", "Displaced", "Had to leave home."),
    ("returned", "Returned", "Went back home."),
    (
        "losses_unspecified",
        "Losses, unspecified",
        "'Neutralised', 'put out of action', 'losses': the words do not say what happened.",
    ),
    ("other", "Other", "Another outcome; the label says which."),
    source=f"{SDG}: killed maps to conflict-related deaths; the others lie outside the indicator",
)

UNIT = _make_vocabulary(
    "unit",
    "What is counted",
    ("persons", "Persons", "People."),
    ("bodies", "Bodies", "Bodies found, received or buried."),
    ("cases", "Cases", "Treatments; one person may be several."),
    ("admissions", "Admissions", "Arrivals at a hospital; one person may be several."),
    ("families", "Families", "Families or households."),
    ("strikes", "Strikes", "Attacks counted next to people: air strikes, shells. Only with outcome other."),
)

PERSON_STATUS = _make_vocabulary(
    "person_status",
    "Whether the people counted took part in the fighting",
    (
        "civilian",
        "Civilian",
        "Takes no part in the fighting. SDG 16.1.2 status: civilian; protected persons such as medics too, as sources count them.",
    ),
    (
        "armed_forces",
        "Armed forces",
        "Members of a state's armed or security forces. SDG 16.1.2 status: member of armed forces.",
    ),
    (
        "fighter",
        "Fighter",
        "Members of armed groups that are not a state's. SDG 16.1.2 status: person directly participating in hostilities.",
    ),
    (
        "combatant",
        "Combatant",
        "Fighting for either; which one is not known. SDG 16.1.2 status: member of armed forces or person directly participating in hostilities.",
    ),
    ("unknown", "Unknown", "The claimant counts them as of unknown status. SDG 16.1.2 status: unknown."),
    source=f"{SDG}, disaggregation by status of the person killed",
)

ROLE = _make_vocabulary(
    "role",
    "Work or position of the people counted",
    ("officer", "Officer", "Commissioned officers, commanders."),
    ("police", "Police", "Police officers."),
    ("journalist", "Journalist", "Journalists and other media workers."),
    ("health_worker", "Health worker", "Doctors, nurses, paramedics, medical staff."),
    ("rescuer", "Rescuer", "Civil defence, fire and rescue workers."),
    ("aid_worker", "Aid worker", "Humanitarian staff, UN agencies included."),
    ("student", "Student", "Pupils and students."),
    ("detainee", "Detainee", "People in custody."),
    ("patient", "Patient", "Patients of a hospital and people with them."),
    ("aid_seeker", "Aid seeker", "People hit while seeking aid."),
    ("other", "Other", "Another position; the label says which."),
)

SEX = _make_vocabulary(
    "sex",
    "Sex of the people counted",
    ("male", "Male", "Men or boys."),
    ("female", "Female", "Women or girls."),
    ("unknown", "Unknown", "The claimant counts them as of unknown sex."),
    source=f"{SDG}, disaggregation by sex",
)

AGE = _make_vocabulary(
    "age",
    "Age of the people counted",
    ("child", "Child", "Under 18 years."),
    ("adult", "Adult", "18 years and over."),
    ("elderly", "Elderly", "Old people, by the source's own measure."),
    ("unknown", "Unknown", "The claimant counts them as of unknown age."),
    source=f"{SDG}, disaggregation by age",
)

CAUSE = _make_vocabulary(
    "cause",
    "By what the people counted were killed or hurt",
    ("airstrike", "Air strike", "Aircraft or drones. SDG 16.1.2 cause: heavy weapons and explosive munitions."),
    (
        "shelling",
        "Shelling",
        "Artillery, mortars, rockets. SDG 16.1.2 cause: heavy weapons and explosive munitions.",
    ),
    ("gunfire", "Gunfire", "Small arms, snipers. SDG 16.1.2 cause: small arms and light weapons."),
    ("execution", "Execution", "Killed in the killer's power."),
    ("torture", "Torture", "Died of torture."),
    ("murder", "Murder", "Killed outside the fighting by known or unknown persons."),
    (
        "explosive_remnants",
        "Explosive remnants",
        "Mines, unexploded ordnance. SDG 16.1.2 cause: planted explosives and unexploded ordnance.",
    ),
    ("crossfire", "Crossfire", "Hit between two parties."),
    ("in_detention", "In detention", "Died in custody."),
    ("direct", "Direct", "By violence, of whatever kind."),
    (
        "indirect",
        "Indirect",
        "Hunger, disease, lack of care. SDG 16.1.2 cause, where it was brought about: denial or destruction of objects indispensable to survival.",
    ),
    ("unknown", "Unknown", "The claimant counts the cause as unknown. SDG 16.1.2 cause: unknown."),
    source=f"{SDG}, disaggregation by cause of death",
)

POPULATION = _make_vocabulary(
    "population",
    "Whom a total counts",
    ("everybody", "Everybody", "All people, whoever they were."),
    ("civilians", "Civilians", "Civilians alone."),
    ("combatants", "Combatants", "Those who fought alone, on whichever side."),
    ("one_side", "One side", "The people of one party; the detail is the actor."),
    ("demographic", "Sex or age", "One sex or age alone; the detail says which."),
    ("role", "Role", "One work or position alone; the detail is the role."),
    ("unknown", "Unknown", "People of unknown status alone."),
    (
        "singled_out",
        "Singled out",
        "One victim or group, named out of a total that is claimed elsewhere. The only one that is typed.",
    ),
)

CURRENT = _make_vocabulary(
    "current",
    "Whether a statement holds",
    (
        "yes",
        "Yes",
        "The claim is active, no other corrects it, and it is not the statement of a claim that was corrected.",
    ),
    (
        "no",
        "No",
        "Retracted, corrected, or the same statement as a claim that was corrected: `status`, `superseded_by` and `claim_links` say which.",
    ),
)

QUALIFIER = _make_vocabulary(
    "qualifier",
    "What the words around the number say of it",
    ("exact", "Exact", "A plain number: low = best = high."),
    ("at_least", "At least", "A lower bound that may be met: low alone."),
    (
        "more_than",
        "More than",
        "A lower bound, exceeded by the words; low alone. In sums the number itself is allowed.",
    ),
    ("about", "About", "Some, around, nearly exactly: best alone."),
    ("nearly", "Nearly", "Just below the number: high alone."),
    ("up_to", "Up to", "An upper bound that may be met: high alone."),
    ("range", "Range", "Between two numbers: low and high."),
    ("several", "Several", "The word alone, no bounds."),
    ("dozens", "Dozens", "The word alone, no bounds."),
    ("hundreds", "Hundreds", "The word alone, no bounds."),
    ("thousands", "Thousands", "The word alone, no bounds."),
    ("tens_of_thousands", "Tens of thousands", "The words alone, no bounds."),
    ("hundreds_of_thousands", "Hundreds of thousands", "The words alone, no bounds."),
    ("millions", "Millions", "The word alone, no bounds."),
    ("many", "Many", "The word alone, no bounds."),
    ("most", "Most", "The larger part of the parent; no bounds."),
    ("unstated", "Unstated", "Named without a number: 'the rest', or a total that the page does not print."),
)

MATCH = _make_vocabulary(
    "match",
    "How an outside record matches",
    ("exact", "Exact", "The same thing."),
    ("partial", "Partial", "Overlaps: one is a part of the other, or cut differently."),
    ("merged", "Merged", "The outside scheme has several records for this one, or one for several."),
)

VOCABULARIES: dict[str, Vocabulary] = {v.name: v for v in list(globals().values()) if isinstance(v, Vocabulary)}
