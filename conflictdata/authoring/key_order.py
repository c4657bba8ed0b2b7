"""How a seed file is laid out: for each kind of block its keys in order, and what may stand on one line. Tables only."""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH = 120  # characters up to which a leaf stands on one line
INDENT = 2


@dataclass(frozen=True)
class BlockShape:
    """What one kind of block looks like.

    Attributes:
        order: its known keys in order. A key that is not known stays behind the one that it was written after.
        dates: keys that hold a day, or two with `/` between them.
        texts: keys that hold free text.
        one_line: whether such a block stands on one line where nothing is nested in it and it fits.
        by_key: whether its pairs stand in order of their keys; else they stay as written.
        below: the shape of a block under a key.
        other: the shape of a block under any other key.
        apart: keys with an empty line before them.
        is_list: whether it is no block but a list of blocks, each of the shape `other`.
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
    "publisher kind url archive_url copied_from published published_basis accessed language access sha256 licence note "
    "claims"
)
_CLAIM = _split_words(
    "claimant via conflict event since until during standing projected as_of period_precision as_of_precision basis "
    "location perpetrator certainty method status supersedes reason conflicts_with part_of ids note"
)  # then the outcomes, as written
_FIGURE = _split_words("n who actor label role sex age cause location perpetrator since until during printed")
_EVENT = _split_words(
    "type date date_precision location initiator target party summary said denied status merged_into ids note"
)
_WAIVER = _split_words("rule record found reason note by on")

SHAPES: dict[str, BlockShape] = {
    "page": BlockShape(
        _PAGE, frozenset(("published", "accessed")), frozenset(("licence", "note")),
        below={"claims": "claims"}, apart=frozenset(("claims",)),
    ),
    "claims": BlockShape(other="claim"),
    "claim": BlockShape(
        _CLAIM, frozenset(("since", "until", "during", "standing", "projected", "as_of")),
        frozenset(("method", "reason", "note")), below={"ids": "ids"}, other="figure",
    ),
    # The lists of a figure (`by ...`, `including`, `besides`) follow its words, as written.
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
    """The shape of a block that stands under a key of a block of this shape; without a key, that of the file's own."""
    if key is None:
        return SHAPES[shape].other if SHAPES[shape].is_list else shape
    return SHAPES[shape].below.get(key, SHAPES[shape].other)
