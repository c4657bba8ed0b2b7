"""A small made-up seeds folder without errors, for tests to break."""

from __future__ import annotations

from pathlib import Path

ACTORS = """\
actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
agency,A news agency,news_agency,,,,,,,
government,The government,state,SYR,,,,,,
guard,The guard,armed_forces,SYR,government,,,,,
observatory,An observatory,monitor,GBR,,,,,,
paper,A newspaper,news_media,,,,,,,
rebels,The rebels,armed_group,SYR,,,,,,
unspecified,Nobody in particular,unspecified,,,,,,,
"""
LOCATIONS = """\
location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
syria,Syria,country,SYR,,,35.0,38.5,6,
town,A town,settlement,SYR,Hama,syria,35.13,36.75,2,
village,A village,settlement,SYR,Hama,syria,35.37,36.69,2,
"""
ALIASES = "entity_kind,entity_id,alias,language\nactor,rebels,The opposition,en\n"
CONFLICTS = "conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata\nwar,A war,2024-01-01,,SYR,,\n"
EVENTS = """\
2024-06-01-raid:
  type: attack_on_civilians
  date: 2024-06-01
  location: town
  initiator: rebels
  target: government
  summary: A raid on a town.
  said: {paper-2024-06-02: observatory}
"""
SOURCE = """\
publisher: paper
url: https://example.org/1
published: 2024-06-02
language: en
access: full_text

claims:
  1:
    claimant: observatory
    via: agency
    since: 2024-05-01
    as_of: 2024-06-02
    location: syria
    killed:
      n: at least 60
      printed: at least 60 people
      by party:
        civilians: {n: 30, including: {children: 7}}
        rebels: 20
        government:
          n: 10
          including:
            officers: 2
  2:
    claimant: observatory
    event: 2024-06-01-raid
    during: 2024-06-01
    as_of: 2024-06-02
    location: town
    perpetrator: rebels
    killed: {n: 8, who: civilians}
    injured: about 20
"""
NAME = "sources/war/paper-2024-06-02.yaml"


def write_seedbox(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write the folder, with some files replaced or added, and return it."""
    contents: dict[str, str | bytes] = {
        "reference/actors.csv": ACTORS,
        "reference/locations.csv": LOCATIONS,
        "reference/aliases.csv": ALIASES,
        "reference/conflicts.csv": CONFLICTS,
        "events/war.yaml": EVENTS,
        NAME: SOURCE,
        "release.yaml": "version: 1.0.0\ndate: 2024-07-01\n",
    }
    for name, content in {**contents, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
