"""Event types of ACLED, which the columns and the rules read."""

from __future__ import annotations

# Sub-events per event type. Source: the codebook.
SUB_EVENTS: dict[str, tuple[str, ...]] = {
    "Battles": ("Government regains territory", "Non-state actor overtakes territory", "Armed clash"),
    "Protests": ("Excessive force against protesters", "Protest with intervention", "Peaceful protest"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Strategic developments": (
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
        "Headquarters or base established", "Looting/property destruction", "Non-violent transfer of territory", "Other",
    ),
}  # fmt: skip

# Types of releases until 2018, which had no sub-events. The last line is how some releases wrote them.
OLD_TYPES = (
    "Battle-No change of territory", "Battle-Government regains territory", "Battle-Non-state actor overtakes territory",
    "Headquarters or base established", "Non-violent transfer of territory", "Remote violence", "Riots/Protests", "Strategic development",
    "Battle-Non-state actors overtake territory", "Violence Against Civilians",
)  # fmt: skip
