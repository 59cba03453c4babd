"""What a check sees of a document, and what it says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medlint.checks.points import Points
    from medlint.document import Block, Document, Sentence
    from medlint.findings import Product, Rewrite
    from medlint.matcher import Match, Tagged
    from medlint.parsing.tokens import Tokens


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with its tags; `block` and `ordinal` say where it stands in the document."""

    block: int
    ordinal: int
    sentence: Sentence
    tagged: Tagged

    @property
    def tokens(self) -> Tokens:
        """The sentence's tokens."""
        return self.tagged.tokens

    @property
    def clauses(self) -> tuple[int, ...]:
        """The clause that each token belongs to."""
        return self.tagged.clauses

    def text_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the block-text range of the tokens `start:end`."""
        tokens, offset = self.tokens, self.sentence.start
        return offset + tokens.starts[start], offset + tokens.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of one of a rule's phrases: which one, in which role."""

    sentence: SentenceView
    role: str
    phrase: int
    match: Match
    binds: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """A range of a block's text."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a check found, before guards, tiers and merging.

    `hit` is set for what was found in one sentence. `values` fill the message; `phrase` is the
    number of the rule's phrase that matched.
    """

    place: Place
    hit: Hit | None = None
    evidence: tuple[Place, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as document-level checks see it.

    `hits` are the rule's own; `claims` are the places of the findings kept so far, by category and
    by rule, in order; `synonyms` maps a name to the words it stands for; `options` are the rule's
    settings from the configuration. `forms` remembers the normal forms of items that were compared;
    `named` counts how often therapies of each status are named. `points` are those of a rule that
    weighs what sentences disclose.
    """

    document: Document
    sentences: tuple[SentenceView, ...]
    hits: tuple[Hit, ...]
    claims: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    synonyms: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[Product, int] = field(default_factory=dict)
    points: Points | None = None

    def block(self, place: Place) -> Block:
        """Return the block of a place."""
        return self.document.blocks[place.block]


def hit_place(hit: Hit) -> Place:
    """Return the text that a hit covers."""
    start, end = hit.sentence.text_range(hit.match.start, hit.match.end)
    return Place(hit.sentence.block, start, end)
