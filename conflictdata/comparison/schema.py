"""Compare the descriptions of the data: resources, fields, terms, keys, texts.

Reads `datapackage.json` and the Table Schemas of both sides. `LEVEL_OF` gives the part of the version that each kind of
change raises, by the Data Package recipe (https://datapackage.org/recipes/data-package-version/).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from conflictdata.comparison.model import LEVELS, Level, SchemaChange

Json = Mapping[str, Any]

LEVEL_OF: dict[str, Level] = {
    "package renamed": "major",
    "resource removed": "major",
    "resource format changed": "major",
    "field removed": "major",
    "field added": "major",
    "field renamed": "major",
    "fields reordered": "major",
    "type changed": "major",
    "format changed": "major",
    "unit changed": "major",
    "constraint tightened": "major",
    "term removed": "major",
    "primary key changed": "major",
    "foreign key added": "major",
    "missing values changed": "major",
    "resource added": "minor",
    "constraint loosened": "minor",
    "term added": "minor",
    "foreign key changed": "minor",
    "foreign key removed": "minor",
    "text changed": "patch",
}

_PACKAGE_TEXTS = ("title", "description", "keywords", "licenses", "contributors", "sources", "homepage", "image")
_RESOURCE_FORMATS = ("format", "encoding", "dialect", "type")
_TEXTS = ("title", "description")
_FIELD_TEXTS = ("title", "description", "example")
_UPPER = ("maximum", "maxLength", "exclusiveMaximum")
_LOWER = ("minimum", "minLength", "exclusiveMinimum")


def _make_change(
    what: str, where: str | tuple[str, ...], old: Any = "", new: Any = "", vocabulary: str = ""
) -> SchemaChange:
    places = (where,) if isinstance(where, str) else where
    return SchemaChange(what, places, LEVEL_OF[what], _format_value(old), _format_value(new), vocabulary)


def _format_value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def compare_schemas(
    old: Mapping[str, Json], new: Mapping[str, Json], old_package: Json, new_package: Json
) -> tuple[SchemaChange, ...]:
    """Compare two descriptions of the data.

    Args:
        old: The old Table Schemas, by resource.
        new: The new Table Schemas, by resource.
        old_package: The old descriptor. If either descriptor is empty, descriptors are not compared.
        new_package: The new descriptor.

    Returns:
        The changes, most severe first.
    """
    changes = list(_compare_packages(old_package, new_package)) if old_package and new_package else []
    changes += [_make_change("resource removed", name) for name in old if name not in new]
    changes += [_make_change("resource added", name) for name in new if name not in old]
    for name, schema in new.items():
        if name in old:
            changes += _compare_tables(name, old[name], schema)
    return tuple(
        sorted(_merge_vocabulary_changes(changes), key=lambda c: (LEVELS.index(c.level), c.what, c.vocabulary, c.where))
    )


def _merge_vocabulary_changes(changes: Iterable[SchemaChange]) -> list[SchemaChange]:
    """Report each change of a vocabulary once, with all columns that use it."""
    where: dict[tuple[str, ...], list[str]] = {}
    for change in changes:
        what = (
            change.what,
            change.old,
            change.new,
            change.vocabulary,
            "" if change.vocabulary else "|".join(change.where),
        )
        where.setdefault(what, []).extend(change.where)
    return [_make_change(w[0], tuple(places), w[1], w[2], w[3]) for w, places in where.items()]


def _compare_packages(old: Json, new: Json) -> Iterator[SchemaChange]:
    if old.get("name") != new.get("name"):
        yield _make_change("package renamed", "name", old.get("name"), new.get("name"))
    yield from _compare_texts("datapackage", _PACKAGE_TEXTS, old, new)
    before = {r["name"]: r for r in old.get("resources", [])}
    for resource in new.get("resources", []):
        if known := before.get(resource["name"]):
            yield from _compare_properties(
                "resource format changed", resource["name"], _RESOURCE_FORMATS, known, resource
            )
            yield from _compare_texts(resource["name"], _TEXTS, known, resource)


def _compare_properties(what: str, where: str, names: Iterable[str], old: Json, new: Json) -> Iterator[SchemaChange]:
    for name in names:
        if old.get(name) != new.get(name):
            yield _make_change(what, f"{where}.{name}", old.get(name), new.get(name))


def _compare_texts(where: str, names: Iterable[str], old: Json, new: Json) -> Iterator[SchemaChange]:
    yield from _compare_properties("text changed", where, names, old, new)


def _compare_tables(table: str, old: Json, new: Json) -> Iterator[SchemaChange]:
    yield from _compare_texts(table, _TEXTS, old, new)
    yield from _compare_keys(table, old, new)
    if old.get("missingValues", [""]) != new.get("missingValues", [""]):
        yield _make_change("missing values changed", table, old.get("missingValues"), new.get("missingValues"))
    yield from _compare_columns(table, old, new)
    before, now = ({f["name"]: f for f in schema["fields"]} for schema in (old, new))
    for name, field in now.items():
        if name in before:
            yield from _compare_fields(f"{table}.{name}", before[name], field)


def find_renamed_fields(old: Json, new: Json) -> dict[str, str]:
    """Return the fields that differ only in their name, as old name to new name.

    If several new fields match, the first is used.
    """
    before, now = ({f["name"]: f for f in schema["fields"]} for schema in (old, new))
    renamed: dict[str, str] = {}
    for name in (n for n in before if n not in now):
        candidates = (f for f in now if f not in before and f not in renamed.values())
        if (match := next((f for f in candidates if _is_same_but_name(before[name], now[f])), None)) is not None:
            renamed[name] = match
    return renamed


def _compare_columns(table: str, old: Json, new: Json) -> Iterator[SchemaChange]:
    before, now = ([f["name"] for f in schema["fields"]] for schema in (old, new))
    renamed = find_renamed_fields(old, new)
    yield from (_make_change("field renamed", f"{table}.{name}", name, to) for name, to in renamed.items())
    yield from (
        _make_change("field removed", f"{table}.{name}") for name in before if name not in now and name not in renamed
    )
    fresh = [name for name in now if name not in before and name not in renamed.values()]
    yield from (_make_change("field added", f"{table}.{name}") for name in fresh)
    kept = [n for n in before if n in now], [n for n in now if n in before]
    if kept[0] != kept[1]:
        yield _make_change("fields reordered", table, ", ".join(kept[0]), ", ".join(kept[1]))


def _is_same_but_name(one: Json, other: Json) -> bool:
    return {**one, "name": ""} == {**other, "name": ""}


def _compare_keys(table: str, old: Json, new: Json) -> Iterator[SchemaChange]:
    if _make_list(old.get("primaryKey")) != _make_list(new.get("primaryKey")):
        yield _make_change("primary key changed", table, old.get("primaryKey"), new.get("primaryKey"))
    before, now = (
        {_format_columns(table, k): _format_target(k) for k in schema.get("foreignKeys") or []} for schema in (old, new)
    )
    for where in sorted({*before, *now}):
        one, other = before.get(where), now.get(where)
        if one != other:
            what = "added" if one is None else "removed" if other is None else "changed"
            yield _make_change(f"foreign key {what}", where, one, other)


def _make_list(key: Any) -> list[Any]:
    return [key] if isinstance(key, str) else list(key or [])


def _format_columns(table: str, foreign: Any) -> str:
    fields = _make_list(foreign.get("fields")) if isinstance(foreign, Mapping) else []
    return f"{table}.{'+'.join(map(str, fields))}"


def _format_target(foreign: Any) -> str:
    reference = foreign.get("reference") if isinstance(foreign, Mapping) else None
    return _format_value(reference.get("resource") or "itself") if isinstance(reference, Mapping) else ""


def _compare_fields(where: str, old: Json, new: Json) -> Iterator[SchemaChange]:
    yield from _compare_properties("type changed", where, ["type"], old, new)
    if old.get("format", "default") != new.get("format", "default"):
        yield _make_change("format changed", where, old.get("format"), new.get("format"))
    yield from _compare_properties("unit changed", where, ["unit"], old, new)
    yield from _compare_texts(where, _FIELD_TEXTS, old, new)
    yield from _compare_terms(where, old, new)
    before, now = ({k: v for k, v in (f.get("constraints") or {}).items() if k != "enum"} for f in (old, new))
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            is_tighter = _is_tightened(name, before.get(name), now.get(name))
            what = "constraint tightened" if is_tighter else "constraint loosened"
            yield _make_change(what, f"{where}.{name}", before.get(name), now.get(name))


def _is_tightened(name: str, old: Any, new: Any) -> bool:
    """Return whether a constraint rejects values that it accepted before.

    A changed pattern counts as tightened, because it may.
    """
    if isinstance(old, bool) or isinstance(new, bool):
        return bool(new)
    if old is None or new is None:
        return new is not None
    rises: Callable[[Any, Any], bool] = lambda a, b: b > a  # noqa: E731
    try:
        if name in _UPPER:
            return rises(new, old)
        return rises(old, new) if name in _LOWER else True
    except TypeError:
        return True


def _compare_terms(where: str, old: Json, new: Json) -> Iterator[SchemaChange]:
    """Yield added and removed terms, and terms with a changed description.

    The order of the terms has no effect.
    """
    lists = [(f.get("constraints") or {}).get("enum") for f in (old, new)]
    vocabulary = str(new.get("vocabulary") or old.get("vocabulary") or "")
    if (lists[0] is None) != (lists[1] is None):
        what = "constraint tightened" if lists[0] is None else "constraint loosened"
        yield _make_change(what, f"{where}.enum", lists[0], lists[1])
        return
    before, now = (set(map(_format_value, terms or [])) for terms in lists)
    yield from (_make_change("term removed", where, old=term, vocabulary=vocabulary) for term in sorted(before - now))
    yield from (_make_change("term added", where, new=term, vocabulary=vocabulary) for term in sorted(now - before))
    categories = [
        {_format_value(c.get("value")): c for c in f.get("categories") or [] if isinstance(c, Mapping)}
        for f in (old, new)
    ]
    for term in sorted(categories[0].keys() & categories[1].keys()):
        for text in ("label", "description"):
            if categories[0][term].get(text) != categories[1][term].get(text):
                yield _make_change(
                    "text changed",
                    where,
                    _format_term(term, categories[0], text),
                    _format_term(term, categories[1], text),
                    vocabulary,
                )


def _format_term(term: str, categories: Mapping[str, Json], text: str) -> str:
    return f"{term}: {_format_value(categories[term].get(text))}"
