"""Which actors are on the side of a claimant, and what the words of a phrase tell about the side."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from conflictdata.rules.base import Frames, Row
from conflictdata.schema.views import STATUS_OF_KIND

# Kinds of claimants that speak for a state, and kinds of actors that fight for one.
_STATE_VOICES = ("government_body", "party_media", "armed_forces", "security_forces", "state", "unnamed")
STATE_FORCES = ("armed_forces", "security_forces", "state")
FORCES = tuple(STATUS_OF_KIND)

_START = r"(?:^|[^\w])"
# The claimant's own people. Without a subject, `lost three fighters` is what the claimant says of itself.
_OWN = re.compile(
    r"^(?:the |a |an )?(?:(?:it|we|has|had|have|also|admitted|confirmed|acknowledged|announced) )*"
    r"(?:lost|losing|(?:the )?loss of|suffer\w*|sustain\w*) "
    rf"|{_START}(?:(?:it|we) (?:(?:has|had|have|also) )*(?:lost|suffered|sustained)|our|own|ours)(?:$|[^\w])"
    rf"|{_START}(?:its|their)(?: [\w-]+)? (?:soldier|troop|fighter|servicem|member|personnel|officer|men(?:$|[^\w])|combatant|forces|martyr)"
    rf"|{_START}(?:martyr(?!ed by)|nuestr[oa]s?|sus (?:soldados|combatientes|efectivos)|(?:nos|ses) (?:soldats|combattants|hommes)"
    r"|unsere[rn]? |eigene[rn]? |seine[rn]? (?:soldaten|kämpfer)|(?:nostri|suoi|propri) (?:soldati|combattenti|uomini)"
    r"|наши|своих|полегл|захисник|şehit|askerimiz|askerlerimiz)"
    r"|شهيد|شهداء|استشهاد|جنودنا|مقاتلينا|مقاتلاتنا|من مقاتليه|جنوده",
    re.IGNORECASE,
)
_ENEMY = re.compile(
    rf"{_START}(?:terroris|terörist|militant|extremis|enem[yi]|insurgent|gunm[ae]n|mercenar|invader|occupier|occupying|takfir|"
    r"neutrali[sz]ed|eliminated|liquidated|etkisiz|enemig|ennemi|nemic[oi]|feind|терорист|террорист|боевик|бойовик|бандит|оккупант|окупант|"
    r"враг|ворог|противник|attackers|assailants|atacantes|assaillants|angreifer)|إرهابي|العدو|المسلحين",
    re.IGNORECASE,
)
_SOLDIERS = re.compile(
    rf"{_START}(?:soldier|troop|servicem|conscript|recruit|police officer|policem|security personnel|border guard|soldad|soldat|солдат|военнослуж|військовосл|asker|tentara|vojni|στρατιώτ)|جندي|جنود",
    re.IGNORECASE,
)
_FIGHTERS = re.compile(
    rf"{_START}(?:fighter|guerrilla|mujahid|combatient|combattant|combattent|kämpfer|savaşçı)|مقاتل", re.IGNORECASE
)
_ARMY_NAME = re.compile(
    r"^([^\W\d_]{4,}) (?:armed forces|army|military|defence forces|defense forces|government forces|ground forces)",
    re.IGNORECASE,
)


def _find_name(name: str, plain: str) -> bool:
    """Return whether a text has a name, but not as that of a backer: `pro-Iranian`, `Turkish-backed`."""
    return name in plain and bool(  # quicker than the pattern, and most names are not in a text
        re.search(
            rf"(?<!\w)(?<!pro-)(?<!anti-){re.escape(name)}(?:s|i|n|'s)?(?!\w)(?!-(?:back|align|alli|led|support|affiliat))",
            plain,
        )
    )


def says_own(text: str) -> bool:
    """Return whether a text speaks of the claimant's own people, and not of an enemy."""
    return bool(_OWN.search(text)) and not _ENEMY.search(text)


def says_enemy(text: str) -> bool:
    """Return whether a text speaks of an enemy, and not of the claimant's own people."""
    return bool(_ENEMY.search(text)) and not _OWN.search(text)


def says_soldiers(text: str) -> bool:
    """Return whether a text has a word for the soldiers of a state, and none for fighters or enemies."""
    return bool(_SOLDIERS.search(text)) and not _FIGHTERS.search(text) and not _ENEMY.search(text)


def says_fighters(text: str) -> bool:
    """Return whether a text has a word for fighters that no army uses for its soldiers, and none for soldiers or enemies."""
    return bool(_FIGHTERS.search(text)) and not _SOLDIERS.search(text) and not _ENEMY.search(text)


def _collect(frames: Frames, table: str, *columns: str) -> list[Row]:
    return frames[table].select(*columns).unique().collect().to_polars().to_dicts()


@dataclass
class Sides:
    """The actors of the register, for questions about sides.

    Attributes:
        actors: Each actor, by id.
        families: The ancestors of each actor, itself included.
        present: Actors of each conflict.
        names: Names of each actor, in small letters.
        allies: Pairs of actors that some claim names together as perpetrators.
    """

    actors: dict[str, Row]
    families: dict[str, set[str]] = field(default_factory=dict)
    present: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    allies: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def read(cls, frames: Frames) -> Sides:
        """Return the sides of the actors in the frames."""
        columns = ("actor_id", "name", "short_name", "kind", "country", "active_from", "active_to")
        rows = _collect(frames, "actors", *columns)
        times = Counter(row["actor_id"] for row in rows)
        # Which of two actors with one id is meant, nobody knows.
        sides = cls({row["actor_id"]: row for row in rows if times[row["actor_id"]] == 1})
        for row in _collect(frames, "actor_ancestors", "actor_id", "ancestor_id"):
            sides.families.setdefault(row["actor_id"], set()).add(row["ancestor_id"])
        for row in _collect(frames, "conflict_actors", "conflict_id", "actor_id"):
            sides.present.setdefault(row["conflict_id"], set()).add(row["actor_id"])
        for actor, row in sides.actors.items():
            sides.names[actor] = {str(row[c]).lower() for c in ("name", "short_name") if row[c]}
            if row["kind"] in FORCES and (hit := _ARMY_NAME.match(str(row["name"]))):
                sides.names[actor].add(hit[1].lower())
        for row in _collect(frames, "aliases", "entity_kind", "entity_id", "alias"):
            if row["entity_kind"] == "actor" and row["entity_id"] in sides.actors and row["alias"]:
                sides.names[row["entity_id"]].add(row["alias"].lower())
        together: dict[str, set[str]] = {}
        for row in _collect(frames, "claim_perpetrators", "claim_id", "actor_id"):
            together.setdefault(row["claim_id"], set()).add(row["actor_id"])
        sides.allies = {pair for named in together.values() for pair in itertools.permutations(named, 2)}
        return sides

    def is_force(self, actor: str | None) -> bool:
        """Return whether an actor fights."""
        return actor in self.actors and self.actors[str(actor)]["kind"] in FORCES

    def is_related(self, one: str, other: str) -> bool:
        """Return whether two actors are of one family."""
        return bool(self.families.get(one, {one}) & self.families.get(other, {other}))

    def list_own(self, claimant: str, conflict: str, day: Any) -> set[str]:
        """Return the forces of a conflict on the side of a claimant, on a day."""
        if claimant not in self.actors:
            return set()
        forces = {
            actor for actor in self.present.get(conflict, ()) if self.is_force(actor) and self._is_active(actor, day)
        }
        speaker = self.actors[claimant]
        own = {actor for actor in forces if self.is_related(actor, claimant)}
        if speaker["kind"] in _STATE_VOICES and speaker["country"]:
            own |= {
                actor
                for actor in forces
                if self.actors[actor]["country"] == speaker["country"] and self.actors[actor]["kind"] in STATE_FORCES
            }
        return own

    def is_own(self, actor: str, own: set[str]) -> bool:
        """Return whether an actor is of the family of one of a claimant's own forces."""
        return any(self.is_related(actor, one) for one in own)

    def is_ally(self, actor: str, own: set[str]) -> bool:
        """Return whether an actor is named together with one of a claimant's own forces."""
        return any((actor, one) in self.allies for one in own)

    def find_named(self, text: str, conflict: str, coded: str) -> str | None:
        """Return the one force of a conflict that a text names, if it does not name the coded one, or one of its family.

        A name inside the name of another one does not count.
        """
        plain = text.lower()
        named: dict[str, set[str]] = {}
        for actor in self.present.get(conflict, set()) | {coded}:
            if not self.is_force(actor):
                continue
            for name in self.names[actor]:
                if len(name) > 2 and _find_name(name, plain):
                    named.setdefault(name, set()).add(actor)
        longest = {name: who for name, who in named.items() if not any(name != n and name in n for n in named)}
        actors = set().union(*longest.values()) if longest else set()
        if not actors or any(self.is_related(actor, coded) for actor in actors) or len(actors) > 1:
            return None
        return min(actors)

    def _is_active(self, actor: str, day: Any) -> bool:
        first, last = self.actors[actor]["active_from"], self.actors[actor]["active_to"]
        return day is None or not ((first and day < first) or (last and day > last))
