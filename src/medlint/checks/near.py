"""`near`: two things close together that are harmless apart."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from medlint.checks.phrase import EXCEPT, numbered
from medlint.checks.view import Candidate, Place, hit_place
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import DocumentView, Hit, SentenceView
    from medlint.patterns import Sequence

# The number of a block or section, or (block, ordinal) of a sentence.
_Scope: TypeAlias = int | tuple[int, int]


class Within(StrEnum):
    """How close two things must be."""

    SENTENCE = "sentence"
    BLOCK = "block"
    SECTION = "section"
    DOCUMENT = "document"
    # In the sentence before, which the first thing answers; it may end the block before.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The first thing with the second one near it."""

    first: tuple[str, ...] = field(metadata={"doc": "Phrases; the finding stands here."})
    second: tuple[str, ...] = field(metadata={"doc": "Phrases that must be near."})
    within: Within = field(default=Within.SENTENCE, metadata={"doc": "How near."})
    except_: tuple[str, ...] = field(
        default=(), metadata={"doc": "Phrases; a match that touches one is none."}
    )

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield (role, phrase number, sequence) for all that must be compiled."""
        yield from numbered("first", self.first)
        yield from numbered("second", self.second)
        yield from numbered(EXCEPT, self.except_)

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield a candidate for each first thing with a second one near."""
        exceptions: defaultdict[int, list[Hit]] = defaultdict(list)
        seconds: defaultdict[_Scope, list[Hit]] = defaultdict(list)
        asked = self._asked(view)
        for hit in view.hits:
            if hit.role == EXCEPT:
                exceptions[id(hit.sentence)].append(hit)
            elif hit.role == "second":
                seconds[self._scope(view, hit)].append(hit)
        for hit in view.hits:
            if hit.role != "first" or _touches(hit, exceptions[id(hit.sentence)]):
                continue
            scope = self._scope(view, hit)
            near = (other for other in seconds[asked.get(scope, scope)] if not _meets(hit, other))
            partner = next(near, None)
            if partner is None:
                continue
            if partner.sentence is hit.sentence:
                yield Candidate(place=_spanning(hit, partner), hit=hit)
            else:
                yield Candidate(place=hit_place(hit), hit=hit, evidence=(hit_place(partner),))

    def _asked(self, view: DocumentView) -> dict[_Scope, _Scope]:
        """Return which sentence each answers, where the first thing must be an answer."""
        if self.within is not Within.ANSWER or not view.sentences:
            return {}
        answers: dict[_Scope, _Scope] = {_place_of(view.sentences[0]): 0}
        for asked, answer in pairwise(view.sentences):
            answers[_place_of(answer)] = _place_of(asked)
        return answers

    def _scope(self, view: DocumentView, hit: Hit) -> _Scope:
        """Return what two things must have in common to be near."""
        if self.within in {Within.SENTENCE, Within.ANSWER}:
            return _place_of(hit.sentence)
        if self.within is Within.BLOCK:
            return hit.sentence.block
        if self.within is Within.SECTION:
            return view.document.blocks[hit.sentence.block].section
        return 0


def _place_of(view: SentenceView) -> tuple[int, int]:
    """Return where a sentence stands; after an edit, the same one may be another object."""
    return view.block, view.ordinal


def _meets(hit: Hit, other: Hit) -> bool:
    overlap = other.match.start < hit.match.end and hit.match.start < other.match.end
    return overlap and other.sentence is hit.sentence


def _touches(hit: Hit, exceptions: list[Hit]) -> bool:
    return any(_meets(hit, other) for other in exceptions)


def _spanning(hit: Hit, other: Hit) -> Place:
    first, second = hit_place(hit), hit_place(other)
    return Place(first.block, min(first.start, second.start), max(first.end, second.end))
