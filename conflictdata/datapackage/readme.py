"""The README of a package: summary, how to load it, data dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conflictdata.datapackage.about import OURS, About
from conflictdata.datapackage.descriptor import get_collection_path
from conflictdata.datapackage.version import Release
from conflictdata.schema.dictionary import render_dictionary
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import read_description

_TEMPLATE = """<!-- Generated with the package. Not edited by hand. -->

# {title}

{caution}Version {version}, released on {day}. {summary}

## How not to add up

{sums}

## Tables and rows

| table | rows | what it holds |
|---|---:|---|
{tables}

## How to load it

`csv/` and `parquet/` hold the same tables. `datapackage.json` describes them (Data Package, version 2), `schemas/` has a
Table Schema for each.

{installed}```python
pandas.read_parquet("parquet/casualties.parquet")
pandas.read_csv("csv/casualties.csv", dtype="string", keep_default_na=False, na_values=[""])  # only an empty cell is missing
polars.read_parquet("parquet/casualties.parquet")
```

```sql
SELECT toll_id, as_of, qualifier, low, best, high FROM 'parquet/casualties.parquet'  -- DuckDB: the points of tolls
WHERE current = 'yes' AND relation = 'total' AND population = 'everybody' AND outcome = 'killed' ORDER BY toll_id, as_of;
```

CSV: RFC 4180 with `\\n`, UTF-8, ISO dates, an empty cell is missing. Parquet: dates are `date32`, counts nullable `int64`;
each table and column carries its description.

## How to read a figure

Bounds hold what was said and no more: *at least 8* has `low` 8 and nothing else, *about 8* has `best` 8, *up to 8* has `high` 8,
*8* has all three. *Dozens* has a qualifier and no number. Empty is never zero.

Figures of one claim form a tree. A `part` belongs to a list that leaves nobody out, and the list is checked against its
parent; a `subset` may overlap others and is never added; an `additional` figure lies outside its parent.

Columns hold what is printed, not what was meant; doubts are in `note`, contradictions between pages in `claim_links`, and what
breaks a rule and was accepted in `flags`.

{collections}{sections}## Licence

{licence}. {licence_note}

{dictionary}"""

# The Python package contains our data only, so the README of an import leaves this section out.
_INSTALLED = """With the Python package, from any folder and without a network:

```python
import conflictdata as cd

cd.load("casualties", current=True)                          # pandas, nullable dtypes; without corrected rows
cd.load("claims", engine="polars", columns=["claim_id", "as_of"])
cd.describe("figures")
```

With anything else:

"""

_COLLECTION = """With the Python package, from any folder and without a network:

```python
import conflictdata as cd

cd.load("casualties", collection="{name}", current=True)     # pandas, nullable dtypes; without corrected rows
cd.describe("figures", collection="{name}")
cd.cite("apa", collection="{name}")
```

Ids are keys within this collection. Name it with each number: {name}, {title}.

With anything else:

"""

_OTHERS = """## Collections

`collections/` holds parsed records of other makers. Each is a data package with these tables, a licence and a README of its own. Its ids
are keys within it, and its numbers are not part of the tables above: never add the two up.

| collection | what it holds | licence |
|---|---|---|
{rows}

"""


def render_readme(
    release: Release, rows: Mapping[str, int], about: About = OURS, collections: Sequence[About] = ()
) -> str:
    """Return the text of README.md.

    Args:
        release: Version and day.
        rows: Number of rows per table.
        about: Metadata of the package.
        collections: Metadata of its collections.
    """
    tables = "\n".join(f"| [{t}](#{t}) | {rows[t]:,} | {read_description(t)} |" for t in TABLES)
    return _TEMPLATE.format(
        title=about.title, version=release.version, day=release.released_on.isoformat(), summary=about.summary,
        tables=tables, sums="\n".join(f"- {line}" for line in HOW_NOT_TO_ADD_UP), sections=about.sections, licence=_format_licence(about.licence), licence_note=about.licence_note,
        installed=_render_installed(about), dictionary=render_dictionary(), collections=_render_collections(collections),
        caution=f"**{about.caution}**\n\n" if about.caution else "",
    )  # fmt: skip


def _render_installed(about: About) -> str:
    if about.collection:
        return _COLLECTION.format(name=about.collection, title=about.title)
    return "" if about.imported else _INSTALLED


def _render_collections(collections: Sequence[About]) -> str:
    rows = "\n".join(
        f"| [{part.collection}]({get_collection_path(part.collection)}/README.md) | {part.title}. {part.caution} | {part.licence['name']} |"
        for part in collections
    )
    return _OTHERS.format(rows=rows) if rows else ""


def _format_licence(licence: Mapping[str, str]) -> str:
    return f"[{licence['title']}]({licence['path']})" if licence.get("path") else licence["title"]
