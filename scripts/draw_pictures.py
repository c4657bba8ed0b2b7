"""Draw the pictures of the README and the docs into docs/pictures, in light and dark.

python scripts/draw_pictures.py
"""

from __future__ import annotations

from pathlib import Path

import conflictdata as cd

FOLDER = Path(__file__).parents[1] / "docs/pictures"
TOLL = "sohr.syria_2024_offensive.2024-11-27"
PARTS = ("civilians", "syria_government_side", "syria_opposition")
STRIKES = ("2024-12-01-idlib-strikes", "2024-12-01-aleppo-hospital-strike")


def main() -> None:
    """Draw all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        print(cd.plots.timeline(TOLL, parts=PARTS, scheme=scheme).save(FOLDER / f"toll-{scheme}.svg"))
        print(cd.plots.compare(STRIKES, scheme=scheme).save(FOLDER / f"strikes-{scheme}.svg"))


if __name__ == "__main__":
    main()
