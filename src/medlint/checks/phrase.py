"""`phrase`: wording that makes a claim by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.checks.view import Candidate, hit_place
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.checks.view import Hit
    from medlint.patterns import Sequence

EXCEPT = "except"
ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Any of some phrases, unless it touches an exception."""

    any: tuple[str, ...] = field(metadata={"doc": "Phrases, any of which is a match."})
    except_: tuple[str, ...] = field(
        default=(), metadata={"doc": "Phrases; a match that touches one is none."}
    )

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield (role, phrase number, sequence) for all that must be compiled."""
        yield from numbered(ANY, self.any)
        yield from numbered(EXCEPT, self.except_)


def numbered(role: str, phrases: Iterable[str]) -> Iterator[tuple[str, int, Sequence]]:
    """Parse phrases and yield each plain sequence with its role and phrase number."""
    from medlint.patterns import parse_phrase  # noqa: PLC0415 - only compiling needs it

    for number, phrase in enumerate(phrases):
        for sequence in parse_phrase(phrase):
            yield role, number, sequence


def sentence_candidates(hits: tuple[Hit, ...]) -> Iterator[Candidate]:
    """Yield a candidate for each match that touches no exception of the same sentence."""
    exceptions = [hit.match for hit in hits if hit.role == EXCEPT]
    for hit in hits:
        if hit.role != ANY:
            continue
        touched = any(
            match.start < hit.match.end and hit.match.start < match.end for match in exceptions
        )
        if not touched:
            yield Candidate(place=hit_place(hit), hit=hit)
