"""Croissant, a description from which machine-learning tools load tables.

Source: https://docs.mlcommons.org/croissant/
"""

from __future__ import annotations

import json
from typing import Any

from conflictdata.datapackage.metadata.dataset import PackageFile, PackageMetadata, PackageTable

VERSION = "http://mlcommons.org/croissant/1.1"
TYPES = {
    "string": "sc:Text",
    "integer": "cr:Int64",
    "number": "cr:Float64",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}
# The terms of the Croissant specification, in any order.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "annotation": "cr:annotation",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "excludes": "cr:excludes",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "readLines": "cr:readLines",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    "unArchive": "cr:unArchive",
    "value": "cr:value",
}


def render(dataset: PackageMetadata) -> str:
    """Return the Croissant text.

    Records refer to the Parquet files, which have types. The CSV files are listed too.
    """
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": dataset.package["name"],
        "alternateName": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "datePublished": dataset.released_on.isoformat(),
        "license": dataset.licence["path"],
        "creator": {"@type": "sc:Organization", "name": dataset.author},
        "keywords": dataset.keywords,
        "url": dataset.package["id"],
        "citeAs": f"{dataset.author} ({dataset.released_on.year}). {dataset.title}, version {dataset.version}.",
        "rai:dataCollection": dataset.method,
        "rai:dataLimitations": dataset.caution,
        "rai:personalSensitiveInformation": "No private person is named. The subject is death and injury in war.",
        **_describe_collections(dataset),
        "distribution": [_describe_file(file) for t in dataset.tables for file in (t.csv, t.parquet)],
        "recordSet": [_describe_records(table) for table in dataset.tables],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _describe_collections(dataset: PackageMetadata) -> dict[str, Any]:
    """Name the collections, each of which has a Croissant file of its own."""
    parts = [
        {
            "@type": "sc:Dataset",
            "name": item["name"],
            "description": f"{item['title']}. {item['caution']}",
            "license": item["licenses"][0]["path"],
            "url": f"{item['path'].rpartition('/')[0]}/croissant.json",
        }
        for item in dataset.collections
    ]
    return {"hasPart": parts} if parts else {}


def _describe_file(file: PackageFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": "application/x-parquet" if file.path.endswith(".parquet") else file.mediatype,
        "sha256": file.sha256,
    }


def _describe_records(table: PackageTable) -> dict[str, Any]:
    # No `references` between tables: mlcroissant 1.1 reports a table that refers to itself as a cycle. For a table that
    # both refers and is referred to, it yields column names for values. The Table Schemas have the foreign keys.
    key = table.schema["primaryKey"]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{column}"} for column in ([key] if isinstance(key, str) else key)],
        "field": [_describe_field(table, field) for field in table.schema["fields"]],
    }


def _describe_field(table: PackageTable, field: dict[str, Any]) -> dict[str, Any]:
    name = field["name"]
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{name}",
        "name": name,
        "description": field["description"],
        "dataType": TYPES[field["type"]],
        "source": {"fileObject": {"@id": table.parquet.path}, "extract": {"column": name}},
    }
