"""`score`: words that claim nothing alone and something together.

A sentence of a page that sells is found when the points of its concepts, and of claims around it,
add up. It is meant for what no wording covers, so a rule of this type should be a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the schema reads the types of fields
from dataclasses import field
from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, Hit, hit_place
from medlint.matcher import Match
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.checks.view import SentenceView
    from medlint.indexes import Pattern
    from medlint.matcher import Part
    from medlint.patterns import Sequence

ROLE = "score"
# A score is no pattern of the index.
_NO_PATTERN: Pattern = (-1, (), (), (), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Concepts that add up to a claim."""

    points: Mapping[str, int] = field(
        metadata={"doc": "Concepts with their points; negative ones speak against a claim."}
    )
    least: int = field(metadata={"doc": "How many points make a finding."})
    neighbours: int = field(
        default=0,
        metadata={"doc": "Points for each of the four sentences around that makes a claim."},
    )
    around: int = field(
        default=0,
        metadata={"doc": "How many of the four sentences around must make a claim."},
    )
    words: int = field(default=5, metadata={"doc": "Sentences of fewer words are left alone."})

    def phrases(self) -> Iterable[tuple[str, int, Sequence]]:
        """Return nothing: points are counted, not matched."""
        return ()

    def candidate(
        self, points: Mapping[int, int], view: SentenceView, claims: int
    ) -> Candidate | None:
        """Return what a sentence comes to, from its first telling word to its last.

        Args:
            points: the points of symbols.
            view: the sentence.
            claims: how many of the four sentences around it make a claim.
        """
        tagged = view.tagged
        if tagged.words < self.words or claims < self.around:
            return None
        total = claims * self.neighbours
        telling: set[Part] = set()
        for symbol in tagged.tags.keys() & points.keys():
            places = [part for part in tagged.parts(symbol) if part[0] >= tagged.first]
            if places:
                total += points[symbol]
                telling.update(places if points[symbol] > 0 else ())
        if total < self.least or not telling:
            return None
        parts = _outermost(sorted(telling))
        hit = Hit(view, ROLE, 0, Match(_NO_PATTERN, parts), {})
        return Candidate(place=hit_place(hit), hit=hit)


def _outermost(parts: list[Part]) -> tuple[Part, ...]:
    """Leave out what lies inside a part before it, and cut what overlaps it."""
    kept: list[Part] = []
    for start, end in parts:
        begin = max(start, kept[-1][1]) if kept else start
        if begin < end:
            kept.append((begin, end))
    return tuple(kept)
