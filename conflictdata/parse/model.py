"""Data of the parser: documents, drafts of figures, review notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from conflictdata.parse.lexicon.people import TOTAL, PeopleGroup
from conflictdata.parse.lexicon.quantities import VAGUE_QUALIFIERS

RANKS = ("claim", "number", "entry", "minor")  # kinds of review notes, those that matter most first


@dataclass(frozen=True)
class Document:
    """A text to parse.

    Attributes:
        text: The text. All offsets count its characters.
        published: Day of publication, if known.
        publisher: Actor id of the publisher, or empty.
        name: File name or id.
        digest: SHA-256 of the bytes the text was decoded from, or empty.
        conflict: Id of the conflict that the text is about, if it is declared.
        url: Address of the page, or empty.
        title: Title of the page, or empty.
        site: Name or host of the page's publisher, as the page states it, or empty.
        dated_by_page: Whether the page states its day of publication.
    """

    text: str
    published: date | None = None
    publisher: str = ""
    name: str = ""
    digest: str = ""
    conflict: str = ""
    url: str = ""
    title: str = ""
    site: str = ""
    dated_by_page: bool = False

    @property
    def sha256(self) -> str:
        """Return `digest`, or the SHA-256 of the text as UTF-8."""
        return self.digest or sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something the parser did not understand, or a reviewer should check.

    Attributes:
        start: Offset of its first character in the text.
        end: Offset after its last character.
        text: The characters between them.
        reason: Why it needs a reviewer.
        kind: `claim` (a figure may be wrong), `number` (a number that became no figure), `entry` (a name or a day that a person
            has to write) or `minor` (a date, an age and the like).
    """

    start: int
    end: int
    text: str
    reason: str
    kind: str = "claim"


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which the counted people were hit.

    Attributes:
        kind: `event`, `interval` or `cumulative`.
        start: First day, if the text and the day of publication determine it.
        end: Last day, if they determine it.
        precision: `day`, `month`, `year` or `approximate`.
        words: The words of the text, or empty.
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
        start: Offset of the bare number in the text.
        end: Offset after it.
        printed: The phrase around the number.
        outcome: An outcome of the vocabulary.
        qualifier: A qualifier of the vocabulary.
        value: The number; the minimum if the word is vague.
        top: Upper end of a range.
        group: Group of people that the noun names.
        noun: Words of the noun.
        actor: Id of the party whose people they are, or empty.
        parent: Index of the whole in the list of drafts.
        relation: `total`, `part`, `subset` or `additional`.
        claimant: The claimant in the words of the text.
        claimant_id: Actor id of the claimant, or empty.
        location: Location id, or empty.
        places: Location ids that the place name of the figure may mean.
        place_words: The place in the words of the text, if it is not in the tables.
        window: The days on which the people were hit.
        sentence: Offsets of the sentence.
        notes: Reasons to doubt the figure.
        entries: What a person has to write: names and days that the tables or the text do not settle.
        rule: The rule that linked the number.
        is_arrest: Whether the word of its outcome means an arrest.
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
    place_words: str = ""
    window: Window = field(default_factory=Window)
    sentence: tuple[int, int] = (0, 0)
    notes: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    rule: str = ""
    is_arrest: bool = False

    @property
    def best(self) -> int | None:
        """Return the number, or None if the words give only a vague one."""
        return None if self.qualifier in VAGUE_QUALIFIERS else self.value


@dataclass(frozen=True)
class ParseResult:
    """Result of parsing a document.

    Attributes:
        document: The document.
        drafts: Drafts of figures, in the order of the text.
        notes: Notes for a reviewer.
    """

    document: Document
    drafts: list[DraftFigure]
    notes: list[ReviewNote]

    def list_notes(self, *, minor: bool = False) -> list[ReviewNote]:
        """Return the notes, those that matter most first.

        Args:
            minor: Whether dates, ages and the like are listed too.
        """
        return [n for n in self.notes if minor or n.kind != "minor"]
