"""`score`: words that claim nothing alone and something together.

A sentence of a page that sells, and that makes a claim elsewhere, is found when the points of its
words, of its concepts and of what stands around it add up. It is meant for what no wording covers,
so a rule of this type should be a suggestion. The other way round it casts doubt on a weak rule's
finding that nothing else in its sentence bears out.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the schema reads the types of fields
from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.checks.terms import places_of_terms, terms_in
from medlint.checks.view import Candidate, Hit, Place
from medlint.document import BlockKind
from medlint.matcher import Match
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.checks.points import Points
    from medlint.checks.view import SentenceView
    from medlint.indexes import Pattern
    from medlint.matcher import Part, Tagged
    from medlint.patterns import Sequence

ROLE = "score"
# Where half of a page's sentences claim, more of them say nothing more about one.
_MOST_OF_PAGE = 0.5
# Words and signs of a short sentence.
_SHORT = 4
# Rules that find something in a sentence beside the first, as many as count.
_MOST_FURTHER = 3
_CLOSING = frozenset(".!?…:;,\"'")
# A score is no pattern of the index.
_NO_PATTERN: Pattern = (-1, (), (), (), None)


class PagePart(StrEnum):
    """Where on a page a sentence stands: the first two, the fifths of a page, the last three."""

    OPENING = "opening"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Around:
    """Where a sentence stands.

    `claims` are those of the four sentences around it that make a claim, `share` the page's
    sentences that do, 0 to 1; `rules` is how many rules find something in the sentence itself.
    A draft of a few sentences has no parts.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    claims: int = 0
    share: float = 0.0
    rules: int = 0
    part: PagePart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Concepts and words that add up to a claim."""

    points: Mapping[str, int] = field(
        metadata={"doc": "Concepts with their points; negative ones speak against a claim."}
    )
    terms: Mapping[str, int] = field(
        default_factory=dict,
        metadata={
            "doc": "Words and signs in lower case, and two or three side by side, with their "
            "points; `^` and `$` are the edges of the sentence, `_` is any word between two, and "
            "`{therapy}` stands for the words of a concept: “your own”, “^ our”, “{therapy} can”."
        },
    )
    blocks: Mapping[BlockKind, int] = field(
        default_factory=dict, metadata={"doc": "Kinds of blocks with points for standing in one."}
    )
    parts: Mapping[PagePart, int] = field(
        default_factory=dict,
        metadata={
            "doc": "Parts of a page of ten sentences or more with points for standing in one: the "
            "two sentences that open it, its fifths, the three that close it."
        },
    )
    least: int = field(metadata={"doc": "How many points make a finding."})
    doubt: int | None = field(
        default=None,
        metadata={
            "doc": "Where a sentence comes to fewer points, findings of weak rules in it are "
            "dropped, on a page that sells. Without it, none are."
        },
    )
    sells: int | None = field(
        default=None,
        metadata={
            "doc": "A page sells where its most telling sentences (half of all, at most eight) "
            "come to so many points on average. Without it, the register's cues decide."
        },
    )
    instead_of: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": "Other score rules, whose findings this one takes over where its own points "
            "come to `least`, and further beyond than those of others that do."
        },
    )
    brief: bool = field(
        default=False,
        metadata={
            "doc": "Weigh drafts of fewer than 40 words, each as a whole, in place of the "
            "sentences of pages."
        },
    )
    guarded: bool = field(
        default=True,
        metadata={
            "doc": "Ask guards about each telling word. false: only about cues in other sentences; "
            "points that were fitted to much text know denials by their words."
        },
    )
    neighbours: int = field(
        default=0,
        metadata={"doc": "Points for each of the four sentences around that makes a claim."},
    )
    page: int = field(
        default=0,
        metadata={
            "doc": "Points for each tenth of the page's sentences that make a claim, up to half."
        },
    )
    found: int = field(
        default=0, metadata={"doc": "Points where another rule finds a claim in the sentence."}
    )
    further: int = field(
        default=0, metadata={"doc": "Points for each further rule that does, up to three."}
    )
    short: int = field(
        default=0, metadata={"doc": "Points for a sentence of up to four words and signs."}
    )
    words: int = field(default=5, metadata={"doc": "Sentences of fewer words are left alone."})

    def phrases(self) -> Iterable[tuple[str, int, Sequence]]:
        """Return nothing: points are counted, not matched."""
        return ()

    def head_start(self, around: Around) -> int:
        """Return the points that a sentence has for where it stands, before its words are read."""
        total = self.blocks.get(around.kind, 0) + self.neighbours * around.claims
        total += round(self.page * 10 * min(around.share, _MOST_OF_PAGE))
        if around.part:
            total += self.parts.get(around.part, 0)
        if around.rules:
            total += self.found + self.further * min(around.rules - 1, _MOST_FURTHER)
        return total

    def candidate(self, points: Points, view: SentenceView, head_start: int) -> Candidate | None:
        """Return a sentence that comes to enough; its match are the telling words.

        Args:
            points: the points of symbols.
            view: the sentence.
            head_start: the points that it has already.
        """
        if view.tagged.words < self.words:
            return None
        counted = self.counted(points, view.tagged)
        if head_start + sum(each for _, each, _ in counted) < self.least:
            return None
        telling = {place for _, each, places in counted if each > 0 for place in places}
        if not telling:
            return None
        match = Match(_NO_PATTERN, _outermost(sorted(telling)))
        return Candidate(place=_said(view), hit=Hit(view, ROLE, 0, match, {}))

    def own(self, points: Points, tagged: Tagged) -> int:
        """Return what a sentence comes to by itself: what is counted in it, without the places."""
        first, tags, terms = tagged.first, tagged.tags, points.terms(tagged.tokens.norms)
        total = sum(
            points.concepts[symbol]
            for symbol in tags.keys() & points.concepts.keys()
            if not first or max(tags[symbol]) >= first
        )
        total += sum(map(terms.__getitem__, terms.keys() & terms_in(tagged, points.named)))
        words = len(tagged.tokens) - first
        return total + self.short if 0 < words <= _SHORT else total

    def counted(self, points: Points, tagged: Tagged) -> list[tuple[int | str, int, list[Part]]]:
        """Return what counts in a sentence: symbol or word, its points, and where it stands."""
        found: list[tuple[int | str, int, list[Part]]] = []
        for symbol in tagged.tags.keys() & points.concepts.keys():
            places = [part for part in tagged.parts(symbol) if part[0] >= tagged.first]
            if places:
                found.append((symbol, points.concepts[symbol], places))
        told = places_of_terms(tagged, points.named)
        terms = points.terms(tagged.tokens.norms)
        found += [(term, terms[term], [told[term]]) for term in terms.keys() & told.keys()]
        if self.short and 0 < len(tagged.tokens) - tagged.first <= _SHORT:
            found.append(("short", self.short, []))
        return found


def _said(view: SentenceView) -> Place:
    """Return a sentence from its first word to its last, without what closes it."""
    tagged = view.tagged
    last = len(tagged.tokens)
    while last > tagged.first + 1 and tagged.tokens.norms[last - 1] in _CLOSING:
        last -= 1
    return Place(view.block, *view.text_range(tagged.first, last))


def _outermost(parts: list[Part]) -> tuple[Part, ...]:
    """Leave out what lies inside a part before it, and cut what overlaps it."""
    kept: list[Part] = []
    for start, end in parts:
        begin = max(start, kept[-1][1]) if kept else start
        if begin < end:
            kept.append((begin, end))
    return tuple(kept)
