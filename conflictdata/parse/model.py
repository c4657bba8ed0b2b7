"""What the parser hands over: the document, drafts of figures, doubts. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from conflictdata.parse.lexicon.people import TOTAL, PeopleGroup


@dataclass(frozen=True)
class Document:
    """A text to be read.

    Attributes:
        text: the text; all offsets count its characters.
        published: the day of publication, if it is known.
        publisher: id of the publisher in the actors table, or empty.
        name: a file name or an id.
        digest: SHA-256 of the bytes as they were read.
    """

    text: str
    published: date | None = None
    publisher: str = ""
    name: str = ""
    digest: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the text as UTF-8."""
        return self.digest or sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something that was not understood, or that a reviewer should look at.

    Attributes:
        start, end: where in the text.
        text: what stands there.
        reason: what is doubtful.
    """

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Window:
    """When the people counted were hit.

    Attributes:
        kind: `event`, `interval` or `cumulative`.
        start, end: days, where the text and the day of publication fix them.
        precision: `day`, `month`, `year` or `approximate`.
        words: the words of the text, or empty.
    """

    kind: str = "event"
    start: date | None = None
    end: date | None = None
    precision: str = "day"
    words: str = ""


@dataclass(slots=True)
class DraftFigure:
    """A draft of one figure.

    Attributes:
        start, end: offsets of the bare number; `printed`: the phrase around it.
        outcome, qualifier: words of the vocabularies. value, top: the number, `top` for a range; for a vague word the floor.
        group: what the noun says of the people. noun: its words. actor: id of the party whose people they are, or empty.
        parent: place of the whole in the list of drafts. relation: total, part, subset or additional.
        claimant: who says so, in the words of the text. claimant_id, location: ids of the tables, or empty.
        places: the ids that the first place name of the sentence may mean.
        window: when. doubts: what a reviewer should look at. how: the rule that found it.
    """

    start: int
    end: int
    printed: str
    outcome: str
    qualifier: str
    value: int
    top: int | None = None
    group: PeopleGroup = TOTAL
    noun: str = ""
    actor: str = ""
    parent: int | None = None
    relation: str = "total"
    claimant: str = ""
    claimant_id: str = ""
    location: str = ""
    places: tuple[str, ...] = ()
    window: Window = field(default_factory=Window)
    sentence: tuple[int, int] = (0, 0)
    notes: list[str] = field(default_factory=list)
    rule: str = ""

    @property
    def best(self) -> int | None:
        """The number, where the words give one."""
        return None if self.qualifier in ("several", "dozens", "hundreds", "thousands") else self.value


@dataclass(frozen=True)
class ParseResult:
    """The result of parsing a document: drafts in the order of the text, doubts about the whole."""

    document: Document
    drafts: list[DraftFigure]
    notes: list[ReviewNote]
