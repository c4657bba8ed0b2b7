"""The way of a document through the steps, one sentence at a time; cost is linear in its length."""

from __future__ import annotations

from collections import deque
from datetime import date

from conflictdata.parse import antecedents, claimants, gazetteer, hierarchy, times
from conflictdata.parse.consistency import review
from conflictdata.parse.groups import groups as groups_of
from conflictdata.parse.lexicon.calendar import BEGUN, LAUNCHED
from conflictdata.parse.lexicon.outcomes import NOUNS, TOLLS
from conflictdata.parse.lexicon.people import TOTAL, Group
from conflictdata.parse.linker import Linker
from conflictdata.parse.mentions import Mention, mentions
from conflictdata.parse.model import Document, Doubt, Draft, Reading, Window
from conflictdata.parse.names import Attribution
from conflictdata.parse.predicates import CUES, predicates
from conflictdata.parse.sentences import sentences
from conflictdata.parse.tokens import Sentence

REMEMBERED = 24  # linked numbers of earlier sentences that a part may belong to
MOST_NUMBERS = 100  # in one sentence; beyond it no prose
MOST_LAUNCHES = 500
_WORDS = CUES | frozenset(NOUNS) | TOLLS | frozenset(("remainder", "rest", "others"))
_RESTATING = frozenset("reported spoke counted figure number".split())
SHORT = 14  # words of a sentence that only restates a figure: "Earlier it had reported nine."
_BLANK = str.maketrans(dict.fromkeys(".,;:!?()[]{}\"'“”‘’–—-/…", " "))


def parse_text(text: str, *, published: date | None = None, publisher: str = "", name: str = "") -> Reading:
    """Parses a text; see `parse_document`."""
    return parse_document(Document(text, published, publisher, name))


def parse_document(document: Document) -> Reading:
    """Drafts the casualty claims of a document.

    Returns:
        The drafts in the order of the text, and the doubts. Any text gives a result; every offset holds its number.
    """
    return _Reader(document).read()


class _Reader:
    """The state that one document needs: what earlier sentences said."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.drafts: list[Draft] = []
        self.outcomes: set[str] = set()
        self.doubts: list[Doubt] = []
        self.launches: list[tuple[int, int]] = []  # sentences that tell how an offensive began
        self.earlier: deque[Mention] = deque(maxlen=REMEMBERED)
        self.group: Group | None = None  # the last group of the sentence before
        self.said: deque[Attribution] = deque(maxlen=12)
        self.skipped: deque[tuple[int, int]] = deque(maxlen=3)

    def read(self) -> Reading:
        text = self.document.text
        for begin, stop in sentences(text):
            words = text[begin:stop].lower().translate(_BLANK).split()
            if not LAUNCHED.isdisjoint(words) and not BEGUN.isdisjoint(words) and len(self.launches) < MOST_LAUNCHES:
                self.launches.append((begin, stop))
            restates = self.earlier and len(words) < SHORT and not _RESTATING.isdisjoint(words)
            if _WORDS.isdisjoint(words) and not restates:
                self.skipped.append((begin, stop))
                continue
            self._sentence(Sentence(text, begin, stop))
        return Reading(self.document, self.drafts, review(self.document, self.drafts, self.launches) + self.doubts)

    def _sentence(self, s: Sentence) -> None:
        found = mentions(s)
        if not found or len(found) > MOST_NUMBERS:
            if len(found) > MOST_NUMBERS:
                self._doubt(s, 0, len(s), "more numbers than a sentence holds: not read")
            self.skipped.append((s.begin, s.stop))
            return
        verbs = predicates(s)
        Linker(s, verbs, found, next((m.outcome for m in reversed(self.earlier) if m.parent is None), "")).run()
        hierarchy.parts(s, found, self.earlier)
        groups = groups_of(s, found, self.group)
        linked = [m for m in found if m.outcome and not m.refused]
        if not linked:
            self.skipped.append((s.begin, s.stop))
        else:
            self._claims(s, found, groups)
        for m in found:
            if not m.outcome or m.refused:
                self._left_out(s, m, bool(verbs))

    def _claims(self, s: Sentence, found: list[Mention], groups: dict[int, Group]) -> None:
        said = self._attributions(s)
        inside = {k for a in said for k in range(a.first, a.last)}
        window = times.window(s, self.document.published)
        places = gazetteer.place_ids(s.low)
        for i, m in enumerate(found):
            if not m.outcome or m.refused or (m.number.kind == "article" and m.number.first in inside):
                continue
            draft = self._draft(s, m, groups.get(i, TOTAL), said, window)
            draft.places = places
            m.place = len(self.drafts)
            self.drafts.append(draft)
            self.earlier.append(m)
            self.outcomes.add(m.outcome)
        tops = (groups[i] for i in reversed(groups) if found[i].parent is None and not found[i].opened)
        self.group = next(tops, None)
        for m in self.earlier:  # a whole may follow its part, even in a later sentence
            if m.parent is not None and m.parent.place >= 0:
                draft = self.drafts[m.place]
                draft.parent, draft.relation = m.parent.place, "subset"

    def _attributions(self, s: Sentence) -> list[Attribution]:
        said = claimants.attributions(s)
        if any(a.pronoun or len(a.text.split()) <= 2 for a in said):
            for begin, stop in self.skipped:
                before = Sentence(self.document.text, begin, stop)
                opening = antecedents.subject(before)
                self.said.extend(claimants.attributions(before) or ([opening] if opening else []))
            self.skipped.clear()
        return said

    def _draft(self, s: Sentence, m: Mention, group: Group, said: list[Attribution], window: Window) -> Draft:
        n = m.number
        draft = Draft(
            s.start[n.first],
            s.end[(n.stop or n.last) - 1],
            s.phrase(m.first, max(m.last, m.shown)),
            m.outcome,
            n.qualifier,
            n.value,
            n.top,
            group,
            s.phrase(*m.noun.words),
            window=window,
            sentence=(s.begin, s.stop),
            how=m.how,
        )
        who = claimants.covering(s, said, n.first)
        if who is not None:
            draft.claimant = antecedents.resolve(who, [*self.said, *said])
            if who not in self.said:
                self.said.append(who)
        if m.parent is None and (n.more or m.noun.others) and m.outcome in self.outcomes:
            draft.relation = "additional"
        return draft

    def _left_out(self, s: Sentence, m: Mention, near: bool) -> None:
        if not near or m.number.kind in ("article", "both"):
            return
        self._doubt(
            s,
            m.number.first,
            m.number.last,
            m.refused or "a number near casualty words, left out: no outcome could be tied to it",
        )

    def _doubt(self, s: Sentence, first: int, last: int, reason: str) -> None:
        if len(self.doubts) < 1_000:
            start, end = s.start[first], s.end[last - 1]
            self.doubts.append(Doubt(start, end, self.document.text[start : min(end, start + 60)], reason))
