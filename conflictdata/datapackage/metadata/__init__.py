"""Metadata for data search: Croissant, schema.org, a dataset card, citation files.

All are generated from one description.
"""

from __future__ import annotations

from pathlib import Path

from conflictdata.datapackage.metadata import citation_cff, croissant, huggingface, schemaorg
from conflictdata.datapackage.metadata.dataset import read_metadata

FORMS = {
    "croissant.json": croissant.render,
    "dataset.jsonld": schemaorg.render,
    "HF_README.md": huggingface.render,
    "CITATION.cff": citation_cff.render_cff,
    ".zenodo.json": citation_cff.render_zenodo,
}


def render_files(folder: Path) -> dict[str, str]:
    """Return the metadata files of a built package, by name.

    Args:
        folder: Folder that contains `datapackage.json`.

    Returns:
        `croissant.json` (Croissant 1.1), `dataset.jsonld` (schema.org/Dataset), `HF_README.md` (a dataset card:
        README.md of a repository on the Hugging Face Hub), `CITATION.cff` and `.zenodo.json`. The same package gives
        the same texts.

    Raises:
        UsageError: If the package cannot be read.
    """
    dataset = read_metadata(folder)
    return {name: render(dataset) for name, render in FORMS.items()}
