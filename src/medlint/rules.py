"""The rule model: what a ruleset says, parsed into types.

A *rule* is data. Its *check* is compiled by `medlint.checks`; nothing here matches text.
"""

from __future__ import annotations

import marshal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from medlint.document import BlockKind
from medlint.findings import Product, RewriteKind, Severity
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medlint.checks import Check
    from medlint.checks.points import Points
    from medlint.findings import Category, RulesetInfo, Source
    from medlint.guards import Guard
    from medlint.indexes import PatternIndex
    from medlint.lexicon import Lexicon
    from medlint.tagging import Tagger

ALL_KINDS = tuple(BlockKind)


class Tier(StrEnum):
    """How much a rule needs before it speaks.

    STRONG fires anywhere; WEAK needs a second cue in the sentence or a promotional surrounding.
    """

    STRONG = "strong"
    WEAK = "weak"


class GuardAction(StrEnum):
    """What a guard does to a match."""

    DROP = "drop"
    DOWNGRADE = "downgrade"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Example:
    """A rule's example: plain text, and the spans in it that must be flagged.

    `spans` holds (start, end) in code points of `text`; it is empty for an `allows` example.
    `line` is the 1-based line in the rule file.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    line: int = 0


class Replaces(StrEnum):
    """What a rewrite takes the place of.

    With NOTHING it is added after the sentence; with PRAISE the adjectives that `blanks` calls
    praise are left out, where a noun follows them; with STORY the sentences go too in which the
    same person's story is told on.
    """

    SENTENCE = "sentence"
    STORY = "story"
    MATCH = "match"
    PRAISE = "praise"
    NOTHING = "nothing"


class Setting(StrEnum):
    """Where a rewrite reads well: a lead-in is a sentence before a list, text is anything else."""

    TEXT = "text"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    TABLE_CELL = "table-cell"
    LEAD_IN = "lead-in"


@dataclass(frozen=True, slots=True)
class Wording:
    """A rewrite as a rule has it, with names and blanks; an empty `where` fits every setting."""

    text: str
    replaces: Replaces = Replaces.SENTENCE
    where: tuple[Setting, ...] = ()
    kind: RewriteKind = RewriteKind.DISPLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a ruleset.

    `severity` maps a product status to a severity; the entry for `auto` is the default.
    `guards` maps a guard's name to what it does to this rule's matches. `products` is empty where
    the rule holds for all; with `page` it asks for more than a fragment, which sells for lack of
    anything else. `path` and `line` say where the rule stands, for messages.
    """

    id: str
    category: Category
    severity: Mapping[Product, Severity]
    tier: Tier
    check: Check
    message: str
    where: tuple[BlockKind, ...] = ALL_KINDS
    guards: Mapping[str, GuardAction]
    products: tuple[Product, ...] = ()
    page: bool = False
    enabled: bool = True
    advice: str = ""
    # Rewrites as (text, what they replace, settings, kind); most findings read a few of them.
    worded: tuple[tuple[str, str, tuple[str, ...], str], ...] = ()
    sources: tuple[Source, ...] = ()
    # Thousands of texts, packed, for only rule tests and manuals read them: what is flagged and
    # what is allowed, each as (text, spans, line), and the phrases of a phrase check.
    texts: bytes = b""
    ruleset: str = ""
    path: str = ""
    line: int = 0

    @property
    def rewrites(self) -> tuple[Wording, ...]:
        """Wordings to use instead, the best one first."""
        return tuple(
            Wording(text, Replaces(replaces), tuple(map(Setting, where)), RewriteKind(kind))
            for text, replaces, where, kind in self.worded
        )

    @property
    def flags(self) -> tuple[Example, ...]:
        """Examples in which something must be flagged."""
        return tuple(Example(*each) for each in self._texts()[0])

    @property
    def allows(self) -> tuple[Example, ...]:
        """Near misses that must stay silent."""
        return tuple(Example(*each) for each in self._texts()[1])

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of a phrase check; its patterns stand for them in the check."""
        phrases: tuple[str, ...] = self._texts()[2]
        return phrases

    def _texts(self) -> tuple[Any, Any, Any]:
        return marshal.loads(self.texts) if self.texts else ((), (), ())  # noqa: S302 - our own data

    def severity_for(self, product: Product) -> Severity:
        """Return the severity for a product status, or the rule's default."""
        return self.severity.get(product, self.severity[Product.AUTO])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """Everything that loading a list of rulesets gives, ready for the engine.

    Owners are (rule number, role, phrase number) in `patterns`, symbols in `guard_patterns`, and
    (cue number, weight) in `register`, promotional cues above zero. `benefits` are the categories
    whose findings count as benefit statements. `scores` holds (rule number, points) for each rule
    that adds points up or weighs what is disclosed.
    """

    infos: tuple[RulesetInfo, ...]
    rules: tuple[Rule, ...]
    lexicon: Lexicon
    tagger: Tagger
    patterns: PatternIndex
    guards: tuple[Guard, ...]
    guard_patterns: PatternIndex
    register: PatternIndex
    benefits: tuple[Category, ...]
    scores: tuple[tuple[int, Points], ...]
    sources: Mapping[str, Source]

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
