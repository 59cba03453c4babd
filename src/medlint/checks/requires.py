"""`requires`: where a page says A it owes B."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from medlint.checks.near import Within
from medlint.checks.phrase import numbered
from medlint.checks.view import Candidate, Place, hit_place
from medlint.checks.weighing import Weighing  # noqa: TC001 - the schema reads the hints at run time
from medlint.document import BlockKind
from medlint.findings import Category, Product  # noqa: TC001 - the schema reads the hints at run time
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medlint import patterns
    from medlint.checks.view import DocumentView, Hit

# What is shorter has too few words to weigh, and what is longer is more than a page: of a text that
# is gone through once (`linter.LONG`), sentences are not at hand.
_LEAST_WEIGHED, _MOST_WEIGHED, MOST_CHARACTERS = 120, 10_000, 40_000
_MEETING = frozenset({"then", "once"})
# A page is chiefly about products that make up this share of all it names.
CHIEF_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What creates the duty: findings of some categories or rules, or phrases."""

    categories: tuple[Category, ...] = field(
        default=(), metadata={"doc": "Findings of these categories count."}
    )
    rules: tuple[str, ...] = field(
        default=(), metadata={"doc": "Findings of these rules count, by id."}
    )
    any: tuple[str, ...] = field(default=(), metadata={"doc": "Matches of these phrases count."})
    distinct: int = field(default=1, metadata={"doc": "How many must be there."})
    chiefly: tuple[Product, ...] = field(
        default=(),
        metadata={"doc": "Product statuses that most therapies named on the page must have."},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What meets the duty."""

    any: tuple[str, ...] = field(metadata={"doc": "Phrases that meet the duty."})
    distinct: int = field(default=1, metadata={"doc": "How many different ones it takes."})
    once: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "Phrases that meet a part of it: each counts once, whatever its words."},
    )
    not_: tuple[str, ...] = field(
        default=(), metadata={"doc": "A sentence with one of these does not count."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Requires:
    """If the document (or a section) has A, it needs B."""

    if_: Condition = field(metadata={"doc": "What creates the duty."})
    then: Duty = field(metadata={"doc": "What meets it."})
    unless: tuple[str, ...] = field(default=(), metadata={"doc": "Phrases that lift the duty."})
    within: Within = field(
        default=Within.DOCUMENT, metadata={"doc": "Where the duty must be met: document, section."}
    )

    weighed: Weighing | None = field(
        default=None,
        metadata={
            "doc": "Points of sentences that decide on pages of 120 words to 40,000 characters, "
            "where the duty is the document's; without them what meets the duty decides."
        },
    )

    def phrases(self) -> Iterator[tuple[str, int, patterns.Sequence]]:
        """Yield (role, phrase number, sequence) for all that must be compiled."""
        yield from numbered("if", self.if_.any)
        yield from numbered("then", self.then.any)
        yield from numbered("once", self.then.once)
        yield from numbered("not", self.then.not_)
        yield from numbered("unless", self.unless)

    def evaluate(self, view: DocumentView) -> Iterator[Candidate]:
        """Yield one candidate at the first claim of each scope whose duty is not met."""
        if any(hit.role == "unless" for hit in view.hits) or not self._concerns(view):
            return
        triggers = self._triggers(view)
        scopes: dict[int, list[Place]] = {}
        for place in triggers:
            section = view.block(place).section if self.within is Within.SECTION else 0
            scopes.setdefault(section, []).append(place)
        said = self._said(view)
        for section, places in scopes.items():
            is_unmet = len(said[section]) < self.then.distinct
            if len(places) < self.if_.distinct or not self._owes(view, is_unmet=is_unmet):
                continue
            yield Candidate(
                place=places[0],
                evidence=tuple(places[1:]),
                values={"count": str(len(places))},
            )

    def _owes(self, view: DocumentView, *, is_unmet: bool) -> bool:
        """Tell whether a page owes what it owes still, by its words where they are weighed."""
        if self.weighed is None or view.points is None or self.within is Within.SECTION:
            return is_unmet
        if sum(len(block.text) for block in view.document.blocks) > MOST_CHARACTERS:
            return is_unmet
        if not is_page(sentence.tokens.norms for sentence in view.sentences):
            return is_unmet
        headings = {
            number
            for number, block in enumerate(view.document.blocks)
            if block.kind is BlockKind.HEADING
        }
        return not self.weighed.meets(view.points, view.sentences, meeting(view.hits), headings)

    def _concerns(self, view: DocumentView) -> bool:
        """Tell whether the page is about what the duty is for, and names it not just in passing."""
        if not self.if_.chiefly:
            return True
        own = sum(view.named.get(status, 0) for status in self.if_.chiefly)
        return own >= CHIEF_SHARE * sum(view.named.values()) > 0

    def _triggers(self, view: DocumentView) -> list[Place]:
        names = (*self.if_.categories, *self.if_.rules)
        claims = (place for name in names for place in view.claims.get(name, ()))
        # A sentence is one statement, however many categories it falls into.
        first: dict[tuple[int, int], Place] = {}
        for place in sorted(claims, key=_position):
            first.setdefault((place.block, _sentence_end(view, place)), place)
        places = {_position(place): place for place in first.values()}
        for hit in view.hits:
            if hit.role == "if":
                place = hit_place(hit)
                places.setdefault(_position(place), place)
        return [place for _, place in sorted(places.items())]

    def _said(self, view: DocumentView) -> dict[int, set[tuple[str, ...]]]:
        """Return what meets the duty, by section; all of it in one where sections do not count."""
        met = meeting(view.hits)
        said: defaultdict[int, set[tuple[str, ...]]] = defaultdict(set)
        for hit in view.hits:
            if hit.role in _MEETING and _key(hit) in met:
                section = view.document.blocks[hit.sentence.block].section
                said[section if self.within is Within.SECTION else 0].add(_said(hit))
        return said


def meeting(hits: Iterable[Hit]) -> set[tuple[int, int]]:
    """Return (block, ordinal) of sentences that meet a duty in so many words and minimise nothing.

    Args:
        hits: the rule's own.
    """
    hits = tuple(hits)
    minimised = {_key(hit) for hit in hits if hit.role == "not"}
    return {_key(hit) for hit in hits if hit.role in _MEETING} - minimised


def _key(hit: Hit) -> tuple[int, int]:
    # Hits that are kept from before an edit have views of their own.
    return hit.sentence.block, hit.sentence.ordinal


def is_page(norms: Iterable[Sequence[str]]) -> bool:
    """Tell whether sentences make up a page whose words can be weighed."""
    return _LEAST_WEIGHED <= sum(map(len, norms)) <= _MOST_WEIGHED


def _position(place: Place) -> tuple[int, int]:
    return place.block, place.start


def _sentence_end(view: DocumentView, place: Place) -> int:
    sentences = view.block(place).sentences
    number = bisect_right(sentences, place.start, key=lambda sentence: sentence.end)
    return sentences[number].end if number < len(sentences) else 0


def _said(hit: Hit) -> tuple[str, ...]:
    """What was said, so that the same harm named twice counts once."""
    if hit.role == "once":
        return (f"phrase {hit.phrase}",)
    start, end = hit.match.parts[-1]
    return hit.sentence.tokens.norms[start:end]
