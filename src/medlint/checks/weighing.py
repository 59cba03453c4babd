"""What the sentences of a page say of a duty to disclose, beside what meets it in so many words.

No list of phrases holds all the ways to tell a risk. The words and concepts of each sentence have
points, fitted to labelled pages and sentences, and so have those of the heading that it stands
under: burns are a risk below “Is it safe?” and the complaint below “Burns and scalds”. A sentence
that comes to more than `over` counts with what it has beyond.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the schema reads the types of fields
from typing import TYPE_CHECKING

from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from medlint.checks.points import Points
    from medlint.checks.view import SentenceView
    from medlint.matcher import Tagged


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Points that tell whether sentences disclose something."""

    over: int = field(
        metadata={"doc": "A sentence counts with the points that it has beyond these."}
    )
    enough: int = field(
        metadata={"doc": "How many points, of all sentences that count, meet the duty."}
    )
    met: int = field(
        default=0,
        metadata={"doc": "Points of a sentence that meets the duty in so many words."},
    )
    number: int = field(
        default=0, metadata={"doc": "Points of a sentence with a number in figures."}
    )
    heading: int = field(default=0, metadata={"doc": "Points of a sentence that is a heading."})
    points: Mapping[str, int] = field(
        default_factory=dict, metadata={"doc": "Concepts with the points of a sentence for each."}
    )
    terms: Mapping[str, int] = field(
        default_factory=dict,
        metadata={"doc": "Words in lower case with the points of a sentence for each."},
    )
    under_points: Mapping[str, int] = field(
        default_factory=dict,
        metadata={"doc": "Concepts with the points of a sentence under a heading that has each."},
    )
    under_terms: Mapping[str, int] = field(
        default_factory=dict,
        metadata={"doc": "Words with the points of a sentence under a heading that has each."},
    )

    def meets(
        self,
        points: Points,
        sentences: Iterable[SentenceView],
        met: Container[tuple[int, int]],
        headings: Container[int],
    ) -> bool:
        """Tell whether sentences meet the duty.

        Args:
            points: those of concepts and terms.
            sentences: all of the page.
            met: (block, ordinal) of those that meet it in so many words.
            headings: the blocks that are headings.
        """
        total = under = 0
        for view in sentences:
            own = self.own(points, view.tagged) + self.met * ((view.block, view.ordinal) in met)
            if view.block in headings:
                own += self.heading
                under = _counted(points.under, view.tagged) if points.under else 0
            else:
                own += under
            total += max(0, own - self.over)
        return total >= self.enough

    def own(self, points: Points, tagged: Tagged) -> int:
        """Return what the words of a sentence come to, without those of its lead-in."""
        words = tagged.tokens.norms[tagged.first :]
        return _counted(points, tagged) + self.number * any(word[0].isdigit() for word in words)


def _counted(points: Points, tagged: Tagged) -> int:
    """Return what the concepts and words of a sentence come to."""
    first, tags = tagged.first, tagged.tags
    total = sum(
        points.concepts[symbol]
        for symbol in tags.keys() & points.concepts.keys()
        if not first or max(tags[symbol]) >= first
    )
    words = set(tagged.tokens.norms[first:])
    terms = points.terms(words)
    return total + sum(map(terms.__getitem__, terms.keys() & words))
