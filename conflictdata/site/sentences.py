"""Sentences about records: claims, leads, attributions. They are plain text; templates escape them."""

from __future__ import annotations

from conflictdata.site.records import Row, SiteTables
from conflictdata.site.wording import (
    CAUSES,
    NOUNS,
    OUTCOMES,
    add_article,
    capitalize_first,
    describe_people,
    describe_quantity,
    describe_window,
    is_plural,
    join_words,
    place_phrase,
    strip_brackets,
)

_ARMED = frozenset(("armed_group", "armed_forces", "militia", "coalition", "security_forces"))


def name_claimant(records: SiteTables, actor_id: str) -> str:
    """Return a claimant with its article, as a sentence needs it."""
    actor = records.find_row("actors", actor_id)
    return add_article(actor["name"], actor["kind"]) if actor else actor_id


def order_roots(rows: list[Row]) -> list[Row]:
    """Return totals in the order of the outcomes: killed first."""
    order = list(OUTCOMES)
    return sorted(rows, key=lambda row: order.index(row["outcome"]) if row["outcome"] in order else len(order))


def describe_claim(records: SiteTables, claim: Row) -> str:
    """Return a claim as a sentence: who says, through whom, how many, where, which days."""
    if claim["claim_id"] not in records.sentences:
        records.sentences[claim["claim_id"]] = _write_claim(records, claim)
    return records.sentences[claim["claim_id"]]


def _write_claim(records: SiteTables, claim: Row) -> str:
    roots = order_roots(records.list_roots(claim["claim_id"]))
    subject, verb = _describe_claimant(records, claim)
    if not roots:
        return f"{subject} {verb} something about casualties. It gives no number."
    place = place_phrase(records.find_row("locations", roots[0]["location_id"]))
    where = " ".join(filter(None, [place, describe_window(roots[0], claim["period_precision"])]))
    is_projected = claim["scope"] == "projection"
    clauses = _describe_outcomes(records, [r for r in roots if r["outcome"] not in _COUNTED], is_projected)
    losses = [_describe_losses(records, r) for r in roots if r["outcome"] == "losses_unspecified"]
    counts = [_describe_count(r) for r in roots if r["outcome"] == "other"]
    sentences = []
    if clauses:
        sentences.append(f"{subject} {verb} that {clauses} {where}".strip() + ".")
    if losses:
        start, where = (
            ("It also gives", "") if sentences else (f"{subject} {'give' if verb == 'say' else 'gives'}", where)
        )
        sentences.append(f"{start} {join_words(losses)} {where}".strip() + ", without dividing killed and injured.")
    if counts:
        start, where = (
            ("It also counts", "") if sentences else (f"{subject} {'count' if verb == 'say' else 'counts'}", where)
        )
        sentences.append(f"{start} {join_words(counts)} {where}".strip() + ".")
    if all(describe_quantity(row).prefix == "number not stated" for row in roots):
        sentences.append("It gives no number.")
    return " ".join(sentences)


_COUNTED = frozenset(("other", "losses_unspecified"))


def _describe_claimant(records: SiteTables, claim: Row) -> tuple[str, str]:
    """Return the subject of a claim's sentence with the relay, and its verb."""
    actor, relay = records.find_row("actors", claim["claimant_id"]), claim["relayed_via"]
    if actor is None or actor["kind"] == "unspecified":
        source = records.find_row("sources", claim["source_id"])
        speaker = relay or (source["publisher_id"] if source else "")
        name = capitalize_first(name_claimant(records, speaker)) if speaker else "The page"
        return f"{name}, without naming a source,", "says"
    passed = f", relayed by {name_claimant(records, relay)}," if relay else ""
    plural = is_plural(actor["name"])
    verbs = ("expect", "expects") if claim["scope"] == "projection" else ("say", "says")
    return f"{capitalize_first(add_article(actor['name'], actor['kind']))}{passed}", verbs[0 if plural else 1]


def _describe_outcomes(records: SiteTables, rows: list[Row], is_projected: bool) -> str:
    """Return totals as clauses, with a shared cause once at the end."""
    causes = {row["cause"] for row in rows}
    shared = causes.pop() if len(causes) == 1 and len(rows) > 1 else None
    clauses = [_describe_outcome(records, row, is_projected, with_cause=shared is None) for row in rows]
    ending = f" {CAUSES[shared]}" if shared in CAUSES and shared != "unknown" else ""
    return join_words(clauses) + ending


def _describe_outcome(records: SiteTables, row: Row, is_projected: bool, *, with_cause: bool) -> str:
    """Return one total as a clause: `at least 727 people were killed`."""
    quantity = describe_quantity(row)
    is_one = row["qualifier"] == "exact" and quantity.size == 1
    noun = name_people(records, row, one=is_one)
    outcome = OUTCOMES.get(row["outcome"], row["outcome"])
    be = "will be" if is_projected else "was" if is_one else "were"
    if row["unit"] == "bodies" and row["outcome"] == "killed":
        noun, outcome = f"{'body' if is_one else 'bodies'} of the killed", "counted"
    verb = "returned" if outcome == "returned" and not is_projected else f"{be} {outcome}"
    cause = f" {CAUSES[row['cause']]}" if with_cause and row["cause"] in CAUSES and row["cause"] != "unknown" else ""
    amounts = {"number not stated": "", "most": "most of the ", "many": "many ", "several": "several "}
    amount = f"{quantity} " if quantity.number else amounts.get(quantity.prefix, f"{quantity.prefix} of ")
    return f"{amount}{noun} {verb}{cause}"


def _describe_losses(records: SiteTables, row: Row) -> str:
    quantity = describe_quantity(row)
    people = name_people(records, row)
    if quantity.number:
        return f"losses of {quantity} {people}"
    if quantity.prefix == "number not stated":
        return "losses" if people == "people" else f"losses among {people}"
    return f"losses of {quantity.prefix} {people}"


def _describe_count(row: Row) -> str:
    """Return a total that is not an outcome of people: `about 2,000 people (soldiers who crossed into Iraq)`."""
    quantity = describe_quantity(row)
    noun = NOUNS.get(row["unit"], ("", row["unit"]))[0 if quantity.size == 1 else 1]
    what = f"{quantity} {noun}" if quantity.number else noun
    return f"{what} ({row['label']})" if row["label"] else what


def name_people(records: SiteTables, row: Row, *, one: bool = False) -> str:
    """Return the people of a total: `people`, `civilians`, `members of the Syrian Democratic Forces`."""
    which = 0 if one else 1
    people = describe_people(row)
    actor = records.find_row("actors", row["actor_id"])
    noun = people[which] if people else NOUNS.get(row["unit"], ("", row["unit"]))[which]
    if row["unit"] not in ("persons",) and people:
        noun = f"{NOUNS[row['unit']][which]} of {people[1]}"
    if actor is not None:
        is_armed = actor["kind"] in _ARMED and (
            people is None or (row["role"] is None and row["age"] is None and row["sex"] is None)
        )
        base = ("member" if one else "members") if is_armed else noun
        return f"{base} of {add_article(_choose_plain_name(actor), actor['kind'])}"
    if people is None and row["label"]:
        return f"{noun} ({row['label']})"
    return noun


def _choose_plain_name(actor: Row) -> str:
    """Return the name of an actor for a sentence: the short one if the long one needs brackets."""
    name = str(actor["name"])
    return str(actor["short_name"]) if actor.get("short_name") and strip_brackets(name) != name else name


def name_group(records: SiteTables, row: Row, parent: Row | None = None) -> str:
    """Return the group of a figure, as far as it differs from its parent: `officers`, `in Idlib city`."""
    if row["label"]:
        return str(row["label"])
    people = describe_people(row, parent)
    actor = row["actor_id"] if parent is None or parent["actor_id"] != row["actor_id"] else None
    words = []
    if actor:
        name = records.find_name("actors", actor)
        implied = people is None or (row["role"] is None and row["age"] is None and row["sex"] is None)
        words.append(name if implied else f"{people[1]} of {strip_brackets(name)}" if people else name)
    elif people:
        words.append(people[1])
    if parent is not None:
        words += _name_differences(records, row, parent)
    if words:
        return ", ".join(words)
    if parent is None:
        return str(OUTCOMES.get(row["outcome"], row["outcome"]))
    return str(row["path"]).rpartition(" > ")[2].replace("_", " ")


def name_structured_group(records: SiteTables, row: Row, parent: Row) -> str:
    """Return the group of a figure without the words of its page, so that pages agree: `civilians`, `HTS`.

    Returns:
        Empty if the figure has no status, role, sex, age or actor that differs from its parent's.
    """
    people = describe_people(row, parent)
    actor = row["actor_id"] if parent["actor_id"] != row["actor_id"] else None
    if actor is None:
        return people[1] if people else ""
    name = records.find_name("actors", actor, short=True)
    narrowed = row["role"] is not None or row["age"] is not None or row["sex"] is not None
    return f"{people[1]} of {name}" if people and narrowed else name


def _name_differences(records: SiteTables, row: Row, parent: Row) -> list[str]:
    """Return place, cause and days of a figure if they differ from its parent's."""
    words = []
    if row["location_id"] != parent["location_id"]:
        words.append(place_phrase(records.find_row("locations", row["location_id"])))
    if row["cause"] and row["cause"] != parent["cause"]:
        words.append(str(CAUSES.get(row["cause"], row["cause"])))
    if (row["period_start"], row["period_end"]) != (parent["period_start"], parent["period_end"]):
        words.append(describe_window(row))
    return [word for word in words if word]


def describe_perpetrators(records: SiteTables, actor_ids: list[str]) -> str:
    """Return perpetrators in words: `Russia and the Syrian government`."""
    return join_words([name_claimant(records, id_) for id_ in actor_ids])
