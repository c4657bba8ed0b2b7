"""schema.org/Dataset as JSON-LD, by Google's guidelines for dataset search."""

from __future__ import annotations

import json
from typing import Any

from conflictdata.datapackage.metadata.dataset import AUTHOR, CODED, PackageFile, PackageMetadata, PackageTable

METHOD = "Hand coding of published pages under a coding manual; validation by rules; contradictions of sources kept and flagged."
MAX_DESCRIPTION = 5000  # the guidelines' limit


def render(dataset: PackageMetadata, *, base: str = "") -> str:
    """Return the JSON-LD text.

    Args:
        dataset: The package.
        base: Address of the folder of the package's files, with a slash at its end. Empty: relative addresses.
    """
    publisher = {"@type": "Organization", "name": AUTHOR}
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.package["id"],
        "name": dataset.title,
        "description": dataset.description[:MAX_DESCRIPTION],
        "version": dataset.version,
        "datePublished": dataset.released_on.isoformat(),
        "license": dataset.licence["path"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": dataset.author},
        "publisher": publisher,
        "keywords": dataset.keywords,
        "inLanguage": "en",
        "temporalCoverage": f"{dataset.first_day.isoformat()}/{dataset.last_day.isoformat()}",
        "spatialCoverage": [{"@type": "Country", "identifier": code} for code in dataset.countries],
        "measurementTechnique": METHOD if dataset.method == CODED else dataset.method,
        "variableMeasured": [_describe_variable(field) for field in _find_casualties(dataset).schema["fields"]],
        **_describe_collections(dataset, base),
        "distribution": [_describe_download(t, file, base) for t in dataset.tables for file in (t.csv, t.parquet)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _describe_collections(dataset: PackageMetadata, base: str) -> dict[str, Any]:
    parts = [
        {
            "@type": "Dataset",
            "name": item["title"],
            "description": item["caution"],
            "license": item["licenses"][0]["path"],
            "url": base + item["path"],
        }
        for item in dataset.collections
    ]
    return {"hasPart": parts} if parts else {}


def _find_casualties(dataset: PackageMetadata) -> PackageTable:
    return next(t for t in dataset.tables if t.name == "casualties")


def _describe_variable(field: dict[str, Any]) -> dict[str, str]:
    return {"@type": "PropertyValue", "name": field["name"], "description": field["description"]}


def _describe_download(table: PackageTable, file: PackageFile, base: str) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": f"{table.title} ({file.path.rsplit('.', 1)[1].upper()})",
        "contentUrl": base + file.path,
        "encodingFormat": file.mediatype,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
