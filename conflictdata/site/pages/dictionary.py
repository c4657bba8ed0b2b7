"""The dictionary: a page per table, with an anchor per column."""

from __future__ import annotations

from collections.abc import Iterator

from conflictdata.site.layout import Crumb, Page
from conflictdata.site.records import SiteTables


def iterate_dictionary_pages(records: SiteTables) -> Iterator[Page]:
    """Yield a page per table, and the list of all."""
    bundle = records.bundle
    resources = {resource["name"]: resource for resource in bundle.package["resources"]}
    tables = []
    for name in bundle.tables:
        resource, schema = resources.get(name, {}), bundle.schemas[name]
        count = len(records.list_rows(name))
        tables.append(
            {
                "name": name,
                "title": resource.get("title", name),
                "description": resource.get("description", ""),
                "rows": count,
                "columns": len(schema["fields"]),
            }
        )
        context = {
            "crumbs": [Crumb("Dictionary", "dictionary/index.html")],
            "name": name,
            "lead": resource.get("description", ""),
            "rows": count,
            "key": bundle.get_key(name),
            "references": {column: (target, other) for column, target, other in bundle.list_references(name)},
            "fields": bundle.list_fields(name),
        }
        yield Page(f"dictionary/{name}.html", "dictionary.html.jinja", name, context, "Download")
    yield Page("dictionary/index.html", "dictionary_index.html.jinja", "Dictionary", {"tables": tables}, "Download")
