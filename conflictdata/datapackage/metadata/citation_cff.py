"""Citation files of a version: CITATION.cff and .zenodo.json.

Zenodo ignores the first if the second exists, so one module writes both.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from conflictdata.datapackage.metadata.dataset import PackageMetadata

MESSAGE = "Please cite the version that you used, and for single claims the pages that they come from."


def render_cff(dataset: PackageMetadata) -> str:
    """Return CITATION.cff, by the Citation File Format 1.2.0.

    Once a version has a DOI, it belongs under `doi`.
    """
    return render_yaml(build_citation(dataset))


def build_citation(dataset: PackageMetadata) -> dict[str, Any]:
    """Return the citation as a document of the Citation File Format."""
    return {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": dataset.title,
        "version": dataset.version,
        "date-released": dataset.released_on.isoformat(),
        "authors": [{"name": dataset.author}],
        "license": dataset.licence["name"],
        "keywords": dataset.keywords,
        "abstract": dataset.description,
    }


def render_yaml(document: dict[str, Any]) -> str:
    """Return a document as YAML. Keys keep their order; dates stay text."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)


def render_zenodo(dataset: PackageMetadata) -> str:
    """Return .zenodo.json, the metadata of a deposit on Zenodo."""
    document = {
        "title": dataset.title,
        "upload_type": "dataset",
        "description": dataset.description,
        "version": dataset.version,
        "publication_date": dataset.released_on.isoformat(),
        "creators": [{"name": dataset.author}],
        "access_right": "open",
        "license": dataset.licence["name"].lower(),
        "keywords": dataset.keywords,
        "notes": MESSAGE,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
