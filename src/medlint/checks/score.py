"""`score`: words that claim nothing alone and something together.

A sentence of a page that sells, and that makes a claim elsewhere, is found when the points of its
words, of its concepts and of the claims around it add up. It is meant for what no wording covers,
so a rule of this type should be a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the schema reads the types of fields
from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, Hit, Place
from medlint.document import BlockKind  # noqa: TC001 - the schema reads the types of fields
from medlint.matcher import Match
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.checks.view import SentenceView
    from medlint.indexes import Pattern
    from medlint.matcher import Part, Tagged
    from medlint.patterns import Sequence

ROLE = "score"
# Where half of a page's sentences claim, more of them say nothing more about one.
_MOST_OF_PAGE = 0.5
# How many sentences around one count.
_AROUND = 4
_CLOSING = frozenset(".!?…:;,\"'")
# A score is no pattern of the index.
_NO_PATTERN: Pattern = (-1, (), (), (), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Concepts that add up to a claim."""

    points: Mapping[str, int] = field(
        metadata={"doc": "Concepts with their points; negative ones speak against a claim."}
    )
    terms: Mapping[str, int] = field(
        default_factory=dict,
        metadata={"doc": "Single words and signs, in lower case, with their points."},
    )
    blocks: Mapping[BlockKind, int] = field(
        default_factory=dict, metadata={"doc": "Kinds of blocks with points for standing in one."}
    )
    least: int = field(metadata={"doc": "How many points make a finding."})
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
    words: int = field(default=5, metadata={"doc": "Sentences of fewer words are left alone."})

    def phrases(self) -> Iterable[tuple[str, int, Sequence]]:
        """Return nothing: points are counted, not matched."""
        return ()

    def head_start(self, kind: BlockKind, claims: int, share: float) -> int:
        """Return the points that a sentence has before its words are read.

        Args:
            kind: the kind of its block.
            claims: how many of the four sentences around it make a claim.
            share: the share of the page's sentences that do, 0 to 1.
        """
        page = round(self.page * 10 * min(share, _MOST_OF_PAGE))
        return self.blocks.get(kind, 0) + self.neighbours * claims + page

    def best_start(self, kind: BlockKind) -> int:
        """Return the most points that a sentence of such a block can have before."""
        claims = _AROUND if self.neighbours > 0 else 0
        return self.head_start(kind, claims, 1.0 if self.page > 0 else 0.0)

    def candidate(
        self, points: Mapping[int, int], view: SentenceView, head_start: int
    ) -> Candidate | None:
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

    def counted(
        self, points: Mapping[int, int], tagged: Tagged
    ) -> list[tuple[int | str, int, list[Part]]]:
        """Return what counts in a sentence: symbol or word, its points, and where it stands."""
        found: list[tuple[int | str, int, list[Part]]] = []
        for symbol in tagged.tags.keys() & points.keys():
            places = [part for part in tagged.parts(symbol) if part[0] >= tagged.first]
            if places:
                found.append((symbol, points[symbol], places))
        said = tagged.tokens.norms[tagged.first :]
        for word in self.terms.keys() & set(said):
            start = tagged.first + said.index(word)
            found.append((word, self.terms[word], [(start, start + 1)]))
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
