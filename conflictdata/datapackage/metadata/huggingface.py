"""A dataset card: README.md for the Hugging Face Hub, one configuration per table."""

from __future__ import annotations

from typing import Any

import yaml

from conflictdata.datapackage.metadata.dataset import PackageMetadata

# The size categories of the hub, by number of rows.
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)


def render(dataset: PackageMetadata) -> str:
    """Return the card: YAML front matter and a page."""
    front = yaml.safe_dump(_build_front_matter(dataset), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{front}---\n\n{_render_page(dataset)}"


def choose_size_category(rows: int) -> str:
    """Return the hub's size category."""
    return next((word for limit, word in SIZES if rows < limit), "100M<n<1B")


def _build_front_matter(dataset: PackageMetadata) -> dict[str, Any]:
    first = dataset.tables[0]
    configs: list[dict[str, Any]] = [
        {"config_name": t.name, "data_files": t.parquet.path, **({"default": True} if t is first else {})}
        for t in dataset.tables
    ]
    return {
        "pretty_name": dataset.title,
        "license": dataset.licence["name"].lower(),
        "language": list(dataset.languages),
        "size_categories": [choose_size_category(first.rows)],
        "tags": [k.replace(" ", "-") for k in dataset.keywords],
        "configs": configs,
    }


def _render_page(dataset: PackageMetadata) -> str:
    rows = "\n".join(f"| `{t.name}` | {t.rows:,} | {t.title} |" for t in dataset.tables)
    return f"""# {dataset.title}

{dataset.package["description"]}

**{dataset.caution}** Show the claimant, the window and the qualifier next to each number, and name the version: this is {dataset.version}, of {dataset.released_on.isoformat()}.

```python
from datasets import load_dataset

toll = load_dataset("<repository>", "{dataset.tables[0].name}", split="train")
```

| configuration | rows | what it holds |
|---|---|---|
{rows}

Each release has the data dictionary in its README, the rules that were asked with their counts in `rules.json`, and how to cite it in `CITATION.cff`. No private person is named; texts of the pages are not redistributed.
Licence: {dataset.licence["title"]}.
"""
