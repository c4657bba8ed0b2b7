"""Parse a document one sentence at a time. The cost is linear in its length."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from datetime import date

from conflictdata.parse import antecedents, claimants, hierarchy, tables
from conflictdata.parse.causes import NO_VIOLENCE_IN_TEXT, CauseReader, SentenceCause, find_cause, is_arrest
from conflictdata.parse.certainty import find_link_doubts
from conflictdata.parse.consistency import complete_drafts, keep_drafts
from conflictdata.parse.datelines import find_dateline_end, find_inner_dateline, is_run_on
from conflictdata.parse.groups import find_groups
from conflictdata.parse.lexicon.calendar import CAMPAIGN_NOUNS, LAUNCH_VERBS
from conflictdata.parse.lexicon.outcomes import NOUNS, TOLLS
from conflictdata.parse.lexicon.people import OTHER, PLURAL, TOTAL, PeopleGroup
from conflictdata.parse.lexicon.speech import STATED
from conflictdata.parse.linker import Linker
from conflictdata.parse.mentions import Mention, find_mentions
from conflictdata.parse.mixtures import TextMixture
from conflictdata.parse.model import RANKS, Document, DraftFigure, ParseResult, ReviewNote, Window
from conflictdata.parse.names import Attribution, make_attribution
from conflictdata.parse.places import SentencePlace, choose_place, find_places
from conflictdata.parse.predicates import CUES, Predicate, find_predicates
from conflictdata.parse.sentences import split_sentences
from conflictdata.parse.tokens import Sentence
from conflictdata.parse.topics import TextTopic
from conflictdata.parse.windows import SEVERAL_DAYS, find_windows

MAX_EARLIER_MENTIONS = 24  # earlier linked numbers that a part may belong to
MOST_NUMBERS = 100  # per sentence; a sentence with more is a table, not prose
MOST_LAUNCHES = 500
_WORDS = CUES | frozenset(NOUNS) | TOLLS | frozenset(("remainder", "rest", "others"))
_RESTATING = frozenset("reported spoke counted figure number".split())
MOST_NOTES = 1_000
RUN_ON = "headlines run into the text here: whose words, day and place?"
# Reasons that need no second look.
MINOR = frozenset(
    (
        "date",
        "age",
        "age or code",
        "age or measure",
        "time",
        "times",
        "ordinal",
        "designation",
        "measure",
        "money",
        "share",
    )
)
CONTINUING = frozenset(
    (
        ("a", "further"),
        ("another",),
        ("the", "other"),
        ("the", "others"),
        ("the", "remaining"),
        ("the", "rest"),
        ("this", "includes"),
        ("the", "sex"),
        ("the", "gender"),
        ("the", "number"),
        ("the", "figure"),
        ("this", "included"),
        ("these", "include"),
        ("these", "included"),
        ("they", "include"),
        ("they", "included"),
        ("of", "those"),
        ("of", "them"),
        ("of", "these"),
        ("among", "them"),
    )
)
HARM = frozenset(("killed", "injured", "killed_or_injured", "missing", "abducted"))
SHORT = 14  # words of a sentence that only restates a figure: "Earlier it had reported nine."
_QUOTES = frozenset(('"', "“"))
_SPOKEN = re.compile(r"[”\"] [^”\"]{0,120}\.\s*$")
_BLANK = str.maketrans(dict.fromkeys(".,;:!?()[]{}\"'“”‘’–—-/…", " "))


def _rank_note(note: ReviewNote) -> tuple[int, int]:
    return RANKS.index(note.kind), note.start


def _find_noun_words(s: Sentence, m: Mention, group: PeopleGroup) -> tuple[int, int]:
    """Return the tokens of the noun; of both nouns, if two share the number and no word means both: `soldiers and militiamen`."""
    first, stop = m.noun.words
    shared = group is OTHER and s.at(stop) in ("and", "or") and m.noun.last > stop
    return (first, m.noun.last) if shared and not PLURAL.keys().isdisjoint(s.low[stop : m.noun.last]) else (first, stop)


def _drop_dateline(s: Sentence, attributions: list[Attribution], body: int) -> list[Attribution]:
    """Return the attributions without the words of a dateline: `RASHT, Iran (AP) - Rebels claimed`."""
    out = []
    for a in attributions:
        if s.start[a.first] >= body or a.at <= a.first or s.start[a.last - 1] < body:
            out.append(a)
            continue
        first = next(k for k in range(a.first, a.last) if s.start[k] >= body)
        if (own := make_attribution(s, first, a.last, a.at, a.side)) is not None:
            out.append(own)
    return out


def parse_text(text: str, *, published: date | None = None, publisher: str = "", name: str = "") -> ParseResult:
    """Parse a text. See `parse_document`."""
    return parse_document(Document(text, published, publisher, name))


def parse_document(document: Document) -> ParseResult:
    """Draft the casualty claims of a document.

    Any text gives a result.

    Returns:
        The drafts in the order of the text, and the notes for a reviewer. The offsets of each draft enclose its number.
    """
    return _DocumentParser(document).parse()


class _DocumentParser:
    """State of one document: information from its earlier sentences."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.drafts: list[DraftFigure] = []
        self.outcomes: set[str] = set()
        self.notes: list[ReviewNote] = []
        self.launches: list[tuple[int, int]] = []  # sentences that report how an offensive began
        self.earlier_mentions: deque[Mention] = deque(maxlen=MAX_EARLIER_MENTIONS)
        self.last_group: PeopleGroup | None = None  # the last group of the sentence before
        self.attributions: deque[Attribution] = deque(maxlen=12)
        self.skipped: deque[tuple[int, int]] = deque(maxlen=3)
        self.begins: list[int] = []
        self.is_under_heading = False
        self.causes: dict[int, SentenceCause] = {}
        self.topic = TextTopic()

    def parse(self) -> ParseResult:
        text = self.document.text
        for begin, stop in split_sentences(text):
            words = text[begin:stop].lower().translate(_BLANK).split()
            self.begins.append(begin)
            if (cause := find_cause(begin, words)) is not None:
                self.causes[begin] = cause
            self.topic.add(words, under_fire=cause is not None and cause.under_fire)
            if (
                not LAUNCH_VERBS.isdisjoint(words)
                and not CAMPAIGN_NOUNS.isdisjoint(words)
                and len(self.launches) < MOST_LAUNCHES
            ):
                self.launches.append((begin, stop))
            if "this" in words and not STATED.isdisjoint(words):
                self._attribute_earlier(Sentence(text, begin, stop))
            restates = self.earlier_mentions and len(words) < SHORT and not _RESTATING.isdisjoint(words)
            if _WORDS.isdisjoint(words) and not restates and not self._is_continued(words):
                self._note_table_row(begin, stop, words)
                self.skipped.append((begin, stop))
                continue
            self.is_under_heading = tables.is_heading(words, text[begin:stop])
            self._parse_sentence(Sentence(text, begin, stop))
        self._refuse_other_causes()
        notes = complete_drafts(self.document, self.drafts, self.launches) + self.notes
        return ParseResult(self.document, self.drafts, sorted(notes, key=_rank_note))

    def _attribute_earlier(self, s: Sentence) -> None:
        """Give the figures of the sentence before the claimant that this sentence names: `This was reported by the governor`."""
        before = self.begins[-2] if len(self.begins) > 1 else -1
        open_ = [d for d in self.drafts[-MAX_EARLIER_MENTIONS:] if d.sentence[0] == before and not d.claimant]
        who = claimants.find_attribution_of_earlier(s) if open_ else None
        if who is not None:
            for d in open_:
                d.claimant = who.text

    def _is_continued(self, words: list[str]) -> bool:
        """Return whether a sentence goes on counting the people of the one before: `A further 247 were soldiers`."""
        return bool(self.earlier_mentions) and len(self.skipped) == 0 and tuple(words[:2]) in CONTINUING

    def _note_table_row(self, begin: int, stop: int, words: list[str]) -> None:
        """Note the numbers of a line under a heading with casualty words."""
        if not self.is_under_heading:
            return
        if not tables.is_list_line(words, self.document.text[begin:stop]):
            self.is_under_heading = False
            return
        s = Sentence(self.document.text, begin, stop)
        for m in find_mentions(s):
            if m.number.kind not in ("article", "both"):
                kind = "minor" if m.exclusion in MINOR else "number"
                self._add_note(s, m.number.first, m.number.last, tables.UNDER_CASUALTIES, kind)

    def _refuse_other_causes(self) -> None:
        """Remove the drafts that violence did not cause, and note what is uncertain about the others."""
        harm = not HARM.isdisjoint(d.outcome for d in self.drafts)
        mixture = TextMixture(self.causes, self.begins, self.topic.trials)
        reader = CauseReader(self.document.text, self.causes, self.begins, has_harm=harm)
        reasons = [self._find_other_cause(reader, mixture, d) for d in self.drafts]
        for d, (reason, remark) in zip(self.drafts, reasons, strict=True):
            if reason:
                self.notes.append(ReviewNote(d.start, d.end, d.printed, reason, "number"))
            elif remark:
                d.notes.append(remark)
        self.drafts = keep_drafts(self.drafts, [not reason for reason, _ in reasons])
        if self.drafts and not any(c.strong or c.weak for c in self.causes.values()):
            text = self.document.text
            self.notes.append(ReviewNote(0, len(text), text[:60].strip(), NO_VIOLENCE_IN_TEXT))

    def _find_other_cause(self, reader: CauseReader, mixture: TextMixture, d: DraftFigure) -> tuple[str, str]:
        """Return why violence did not cause a draft, from the words near it or from the whole text, and a doubt."""
        reason, remark = reader.find_other_cause(d)
        if reason:
            return reason, ""
        reason, perhaps = self.topic.judge(d)
        if reason:
            return reason, ""
        reason, mixed = mixture.judge(d, self.document.text[d.start : d.end])
        return reason, remark or perhaps or mixed

    def _parse_sentence(self, s: Sentence) -> None:
        mentions = find_mentions(s)
        if not mentions or len(mentions) > MOST_NUMBERS or (len(mentions) > 1 and tables.is_row(s)):
            if len(mentions) > MOST_NUMBERS:
                self._add_note(s, 0, len(s), "more numbers than a sentence holds: not read")
            elif mentions:
                self._note_row(s, mentions)
            self.skipped.append((s.begin, s.stop))
            return
        predicates = find_predicates(s)
        Linker(s, predicates, mentions, self.earlier_mentions).run()
        hierarchy.link_parts(s, mentions, self.earlier_mentions)
        groups = find_groups(s, mentions, self.last_group)
        linked = [m for m in mentions if m.outcome and not m.exclusion]
        if not linked:
            self.skipped.append((s.begin, s.stop))
        else:
            self._draft_figures(s, mentions, predicates, groups)
        for m in mentions:
            if not m.outcome or m.exclusion:
                self._note_excluded_number(s, m)

    def _draft_figures(
        self, s: Sentence, mentions: list[Mention], predicates: list[Predicate], groups: dict[int, PeopleGroup]
    ) -> None:
        attributions = self._find_attributions(s)
        inside = {k for a in attributions for k in range(a.first, a.last)}
        opening, inner = find_dateline_end(s.text, s.begin, s.stop), find_inner_dateline(s.text, s.begin, s.stop)
        body = max(opening, inner)
        runs_on = inner > opening or is_run_on(s.text, body, s.stop)
        attributions = _drop_dateline(s, attributions, body)
        claims = [m for m in mentions if m.outcome and not m.exclusion]
        windows, unsure = find_windows(s, body, claims, self.document.published)
        places = find_places(s, attributions, next((i for i, x in enumerate(s.start) if x >= body), 0))
        doubts = find_link_doubts(s, mentions, predicates)
        for i, m in enumerate(mentions):
            if not m.outcome or m.exclusion or (m.number.kind == "article" and m.number.first in inside):
                continue
            number = claims.index(m)
            draft = self._draft_figure(s, m, groups.get(i, TOTAL), attributions, windows[number])
            if doubts[i]:
                draft.notes.append(doubts[i])
            if runs_on:
                draft.notes.append(RUN_ON)
            if unsure[number]:
                draft.notes.append(SEVERAL_DAYS)
            place = self._choose_place(s, places, mentions, m)
            draft.places, draft.place_words = (place.ids, place.words) if place is not None else ((), "")
            m.draft_index = len(self.drafts)
            self.drafts.append(draft)
            self.earlier_mentions.append(m)
            self.outcomes.add(m.outcome)
        tops = (groups[i] for i in reversed(groups) if mentions[i].parent is None and not mentions[i].opener)
        self.last_group = next(tops, None)
        for m in self.earlier_mentions:  # a whole may follow its part, even in a later sentence
            if m.parent is not None and m.parent.draft_index >= 0:
                draft = self.drafts[m.draft_index]
                draft.parent, draft.relation = m.parent.draft_index, "subset"

    def _choose_place(
        self, s: Sentence, places: list[SentencePlace], mentions: list[Mention], m: Mention
    ) -> SentencePlace | None:
        linked = [x for x in mentions if x.outcome and not x.exclusion]
        after = next((x.first for x in linked if x.first > m.first and x.parent is not m), len(s))
        return choose_place(s, places, m.first, after, linked[0].first) if places else None

    def _find_attributions(self, s: Sentence) -> list[Attribution]:
        attributions = claimants.find_attributions(s)
        if any(a.is_pronoun or len(a.text.split()) <= 2 for a in attributions):
            for begin, stop in self.skipped:
                before = Sentence(self.document.text, begin, stop)
                opening = antecedents.find_sentence_subject(before)
                self.attributions.extend(claimants.find_attributions(before) or ([opening] if opening else []))
            self.skipped.clear()
        return attributions

    def _draft_figure(
        self, s: Sentence, m: Mention, group: PeopleGroup, attributions: list[Attribution], window: Window
    ) -> DraftFigure:
        n = m.number
        draft = DraftFigure(
            s.start[n.first],
            s.end[(n.stop or n.last) - 1],
            s.extract_phrase(m.first, max(m.last, m.printed_end)),
            m.outcome,
            n.qualifier,
            n.value,
            n.top,
            group,
            s.extract_phrase(*_find_noun_words(s, m, group)),
            window=window,
            sentence=(s.begin, s.stop),
            rule=m.rule,
            is_arrest=m.outcome == "detained" and self._is_arrest(s, m),
        )
        who = claimants.find_covering_attribution(s, attributions, n.first) or self._find_speaker_before(
            s, attributions
        )
        if who is not None:
            draft.claimant = antecedents.resolve_name(who, [*self.attributions, *attributions])
            full = replace(who, text=draft.claimant, is_pronoun=False)
            if not any(a.text == full.text for a in self.attributions) or self.attributions[-1].text != full.text:
                self.attributions.append(full)
        if m.parent is None and (n.is_more or m.noun.has_others) and m.outcome in self.outcomes:
            draft.relation = "additional"
        return draft

    def _find_speaker_before(self, s: Sentence, attributions: list[Attribution]) -> Attribution | None:
        """Return who goes on speaking in a quotation: `"They came at night," said the mayor. "We found 12 dead."`."""
        if attributions or s.at(0) not in _QUOTES or len(self.begins) < 2:
            return None
        before = self.document.text[self.begins[-2] : s.start[0]]
        if not _SPOKEN.search(before) or "\n" in before[len(before.rstrip()) :]:
            return None
        hits = self._find_attributions(Sentence(self.document.text, self.begins[-2], s.start[0]))
        return next((a for a in reversed(hits) if a.side == "after" or a.is_pronoun), None)

    def _is_arrest(self, s: Sentence, m: Mention) -> bool:
        v = m.predicate
        return is_arrest(s.low[v.first : v.last] if v is not None else s.low)

    def _note_row(self, s: Sentence, mentions: list[Mention]) -> None:
        for m in mentions:
            if m.number.kind not in ("article", "both"):
                self._add_note(s, m.number.first, m.number.last, tables.IN_ROW, "number")

    def _note_excluded_number(self, s: Sentence, m: Mention) -> None:
        if m.number.kind in ("article", "both"):
            return
        reason = m.exclusion or "a number near casualty words, left out: no outcome could be tied to it"
        self._add_note(s, m.number.first, m.number.last, reason, "minor" if m.exclusion in MINOR else "number")

    def _add_note(self, s: Sentence, first: int, last: int, reason: str, kind: str = "number") -> None:
        if len(self.notes) < MOST_NOTES:
            start, end = s.start[first], s.end[last - 1]
            self.notes.append(ReviewNote(start, end, self.document.text[start : min(end, start + 60)], reason, kind))
