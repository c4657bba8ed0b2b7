"""Layout of seed files, as tables.

Per kind of block: its keys in order, and whether it may be on one line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH = 120  # characters per line, for a leaf on one line
INDENT = 2


@dataclass(frozen=True)
class BlockShape:
    """Layout of one kind of block.

    Attributes:
        order: Known keys, in order. An unknown key stays after the key that it follows.
        dates: Keys with a day, or two with `/` between them.
        texts: Keys with free text.
        one_line: Whether the block goes on one line if nothing is nested in it and it fits.
        by_key: Whether its pairs are sorted by key. If not, and `order` is empty, they stay in the order of the file.
        below: Shape of the block under a key.
        other: Shape of the block under any other key.
        apart: Keys with an empty line before them.
        is_list: Whether it is a list of blocks, each of the shape `other`.
    """

    order: tuple[str, ...] = ()
    dates: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    one_line: bool = False
    by_key: bool = False
    below: dict[str, str] = field(default_factory=dict)
    other: str = "words"
    apart: frozenset[str] = frozenset()
    is_list: bool = False


def _split_words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PAGE = _split_words(
    "publisher kind title url archive_url copied_from published published_basis accessed language access sha256 "
    "read_sha256 read_chars coverage licence note claims"
)
_CLAIM = _split_words(
    "claimant via conflict event since until during standing projected as_of period_precision as_of_precision "
    "as_of_order basis location perpetrator certainty method status supersedes reason repeats conflicts_with part_of ids note"
)  # then the outcomes, in the order of the file
_FIGURE = _split_words(
    "n who actor label role sex age cause location perpetrator since until during population toll printed"
)
_EVENT = _split_words(
    "type date date_precision location initiator target party summary said denied status merged_into ids note"
)
_WAIVER = _split_words("rule record found reason note by on")

SHAPES: dict[str, BlockShape] = {
    "page": BlockShape(
        _PAGE, frozenset(("published", "accessed")), frozenset(("title", "licence", "note")),
        below={"claims": "claims"}, apart=frozenset(("claims",)),
    ),
    "claims": BlockShape(other="claim"),
    "claim": BlockShape(
        _CLAIM, frozenset(("since", "until", "during", "standing", "projected", "as_of")),
        frozenset(("method", "reason", "note")), below={"ids": "ids"}, other="figure",
    ),
    # The lists of a figure (`by ...`, `including`, `besides`) follow these keys, in the order of the file.
    "figure": BlockShape(
        _FIGURE, frozenset(("since", "until", "during")), frozenset(("label", "printed")), one_line=True, other="list",
    ),
    "list": BlockShape(other="figure"),
    "ids": BlockShape(one_line=True, other="id"),
    "id": BlockShape(("id", "match"), one_line=True),
    "events": BlockShape(by_key=True, other="event"),
    "event": BlockShape(
        _EVENT, frozenset(("date",)), frozenset(("summary", "note")),
        below={"said": "said", "denied": "said", "ids": "ids"},
    ),
    "said": BlockShape(),
    "waivers": BlockShape(other="waiver", is_list=True),
    "waiver": BlockShape(_WAIVER, frozenset(("on",)), frozenset(("found", "reason", "note"))),
    "release": BlockShape(("version", "date"), frozenset(("date",))),
    "words": BlockShape(one_line=True),
}  # fmt: skip


def get_inner_shape(shape: str, key: str | None) -> str:
    """Return the shape of the block under a key of a block of this shape.

    Args:
        shape: The outer shape.
        key: The key. None for the outermost block of a file, or the items of a list.
    """
    if key is None:
        return SHAPES[shape].other if SHAPES[shape].is_list else shape
    return SHAPES[shape].below.get(key, SHAPES[shape].other)
