"""What may stand in a ruleset's files: one dataclass a file type, read by `schema`."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - `schema` reads the hints at run time
from enum import StrEnum
from typing import Any

from medlint.checks import CHECK_TYPES
from medlint.document import BlockKind  # noqa: TC001 - `schema` reads the hints at run time
from medlint.findings import Category, Product, RewriteKind, Severity
from medlint.guards import Direction, Reach
from medlint.records import dataclass, field
from medlint.rules import GuardAction, Replaces, Setting, Tier


class Inflect(StrEnum):
    """How a concept's terms inflect."""

    NOUN = "noun"
    VERB = "verb"


class Disclosure(StrEnum):
    """What a disclosure is about."""

    RISKS = "risks"
    STATUS = "status"
    EVIDENCE = "evidence"
    TYPICALITY = "typicality"
    CONNECTION = "connection"


def _doc(text: str, **more: Any) -> dict[str, Any]:
    return {"doc": text, **more}


_HIDDEN = {"hidden": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteEntry:
    """A rewrite that needs more than its text."""

    text: str = field(
        metadata=_doc("Its wording, with {names} of the check and [blanks] for the author.")
    )
    replaces: Replaces = field(
        default=Replaces.SENTENCE,
        metadata=_doc(
            "The sentence; story: with it, those in which the same person's story is told on; the"
            " match; praise: its adjectives of praise, which are left out; or nothing: then it is"
            " added after the sentence."
        ),
    )
    where: tuple[Setting, ...] = field(
        default=(), metadata=_doc("Where it reads well, and comes first; default everywhere.")
    )
    kind: RewriteKind = field(
        default=RewriteKind.DISPLAY,
        metadata=_doc("unsafe: it states nothing that the author must confirm."),
    )
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """A rule as written."""

    id: str = field(metadata=_doc("Names what is flagged, in lower case with hyphens."))
    category: Category = field(
        default=Category.TREATMENT_CLAIM, metadata=_doc("What the finding is about.")
    )
    severity: Severity | Mapping[Product, Severity] = field(
        default=Severity.WARNING, metadata=_doc("A severity, or one by product status.")
    )
    tier: Tier = field(
        default=Tier.STRONG,
        metadata=_doc("weak: needs a second cue in the sentence or a page that sells."),
    )
    page: bool = field(
        default=False,
        metadata=_doc("true: a weak rule that a draft of a few words gives no cause for."),
    )
    where: tuple[BlockKind, ...] = field(default=(), metadata=_doc("Block kinds; default all."))
    products: tuple[Product, ...] = field(
        default=(), metadata=_doc("Product statuses the rule holds for; default all.")
    )
    check: Any = field(metadata=_doc("What to look for.", variants=CHECK_TYPES))
    guards: Mapping[str, GuardAction] = field(
        default_factory=dict, metadata=_doc("Changes to the default guards.")
    )
    enabled: bool = field(default=True, metadata=_doc("Whether the rule is on by default."))
    message: str = field(metadata=_doc("One sentence; {match} and bound names are filled in."))
    advice: str = field(default="", metadata=_doc("What to do about it."))
    rewrites: tuple[str | RewriteEntry, ...] = field(
        default=(), metadata=_doc("Wording to use instead, the best one first.")
    )
    sources: tuple[str, ...] = field(default=(), metadata=_doc("Ids from sources.yaml."))
    flags: tuple[str, ...] = field(
        default=(), metadata=_doc("Examples; what must be flagged stands between « ».")
    )
    allows: tuple[str, ...] = field(default=(), metadata=_doc("Near misses that must stay silent."))
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEntry:
    """A change to a rule of an extended ruleset."""

    severity: Severity | Mapping[Product, Severity] | None = field(
        default=None, metadata=_doc("The new severity, or one by product status.")
    )
    tier: Tier | None = field(default=None, metadata=_doc("The new tier."))
    enabled: bool | None = field(default=None, metadata=_doc("Whether the rule is on."))
    add: tuple[str, ...] = field(default=(), metadata=_doc("Phrases to add to its `any`."))
    guards: Mapping[str, GuardAction] = field(
        default_factory=dict, metadata=_doc("Further changes to its guards.")
    )
    advice: str = field(default="", metadata=_doc("Advice to use instead."))
    rewrites: tuple[str | RewriteEntry, ...] = field(default=(), metadata=_doc("Rewrites to add."))
    sources: tuple[str, ...] = field(default=(), metadata=_doc("Sources to add."))
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetEntry:
    """ruleset.yaml."""

    name: str = field(metadata=_doc("The ruleset's name: its folder's."))
    version: str = field(metadata=_doc("Its version, in quotes."))
    about: str = field(default="", metadata=_doc("One sentence."))
    jurisdiction: str = field(
        default="",
        metadata=_doc("Whose law it is, in a word or two; of several laws the stricter holds."),
    )
    extends: tuple[str, ...] = field(
        default=(), metadata=_doc("Shipped rulesets by name, or folders beside this one.")
    )
    default_guards: Mapping[str, GuardAction] = field(
        default_factory=dict, metadata=_doc("What guards do unless a rule says otherwise.")
    )
    blanks: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata=_doc("What fills a blank of rewrites where the sentence names it: concepts."),
    )
    overrides: Mapping[str, OverrideEntry | bool] = field(
        default_factory=dict, metadata=_doc("Changes to rules of extended rulesets; off: none.")
    )
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """An entry of sources.yaml."""

    id: str = field(metadata=_doc("As rules cite it."))
    title: str = field(metadata=_doc("Act, section, title, year."))
    url: str = field(metadata=_doc("Where its text stands."))
    checked: bool = field(
        default=True, metadata=_doc("false: the citation was not compared with its text.")
    )
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptEntry:
    """An entry of a lexicon file."""

    concept: str = field(metadata=_doc("Its name, in lower case with hyphens."))
    about: str = field(default="", metadata=_doc("One sentence."))
    terms: tuple[str | tuple[str, ...], ...] = field(
        default=(), metadata=_doc("Phrases; a list within holds names of one thing.")
    )
    inflect: Inflect | None = field(
        default=None, metadata=_doc("noun: plurals too; verb: all verb forms too.")
    )
    includes: tuple[str, ...] = field(default=(), metadata=_doc("Narrower concepts."))
    verbs: tuple[str, ...] = field(default=(), metadata=_doc("An action's verbs, in base form."))
    nouns: tuple[str, ...] = field(default=(), metadata=_doc("An action's nouns."))
    adjectives: tuple[str, ...] = field(default=(), metadata=_doc("An action's adjectives."))
    status: Product | None = field(default=None, metadata=_doc("A therapy's product status."))
    hides: bool = field(default=False, metadata=_doc("true: look-alikes that count for nothing."))
    outweighs: tuple[str, ...] = field(
        default=(), metadata=_doc("Concepts whose terms do not count inside terms of this one.")
    )
    carries: bool = field(
        default=False, metadata=_doc("true: a pronoun of the next sentence may stand for it.")
    )
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardEntry:
    """An entry of guards.yaml."""

    guard: str = field(metadata=_doc("Its name, as rules use it."))
    about: str = field(default="", metadata=_doc("One sentence."))
    direction: Direction = field(
        default=Direction.FORWARD, metadata=_doc("Where the match lies as seen from the cue.")
    )
    reach: Reach = field(default=Reach.CLAUSE, metadata=_doc("How far a cue reaches."))
    cues: tuple[str, ...] = field(metadata=_doc("Phrases."))
    pseudo: tuple[str, ...] = field(default=(), metadata=_doc("Look like cues and are none."))
    terminators: tuple[str, ...] = field(default=(), metadata=_doc("End a cue's scope."))
    affirmed: tuple[str, ...] = field(
        default=(),
        metadata=_doc("Open the next sentence where it makes the claim after all: no cue counts."),
    )
    within: int = field(default=0, metadata=_doc("How many words a cue reaches; 0: no limit."))
    limits: bool = field(
        default=False,
        metadata=_doc("true: drops a weak rule's match that another guard lowers too."),
    )
    cancels: bool = field(default=False, metadata=_doc("true: two cues undo each other."))
    opening: bool = field(
        default=False, metadata=_doc("true: a cue that the match begins with counts, too.")
    )
    whole: bool = field(
        default=False, metadata=_doc("true: a cue between the words of a match does not count.")
    )
    own: bool = field(
        default=False,
        metadata=_doc("true: a cue in the lead-in or question does not count below it."),
    )
    question: bool = field(
        default=False, metadata=_doc("true: cues open yes/no questions, which claim nothing.")
    )
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueEntry:
    """A group of register cues."""

    weight: float = field(metadata=_doc("How much each phrase says."))
    any: tuple[str, ...] = field(metadata=_doc("Phrases."))
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceEntry:
    """What the balance counts as benefits."""

    benefits: tuple[Category, ...] = field(
        default=(), metadata=_doc("Findings of these categories are benefit statements.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """register.yaml."""

    promotional: tuple[CueEntry, ...] = field(
        default=(), metadata=_doc("What pages that sell say.")
    )
    informational: tuple[CueEntry, ...] = field(
        default=(), metadata=_doc("What pages that inform say.")
    )
    balance: BalanceEntry = field(default=BalanceEntry(), metadata=_doc("What the balance counts."))
    line: int = field(default=0, metadata=_HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry:
    """An entry of disclosure-blocks.yaml."""

    disclosure: Disclosure = field(metadata=_doc("What it is about."))
    products: tuple[Product, ...] = field(metadata=_doc("Product statuses that owe it."))
    when: str = field(default="", metadata=_doc("Which pages owe it, if not all."))
    title: str = field(default="", metadata=_doc("Its heading."))
    text: tuple[str, ...] = field(
        default=(),
        metadata=_doc(
            'Paragraphs, in brackets what the author fills in; "- " begins an item. Without '
            "it and without “nothing”, the wording of the rulesets that this one extends."
        ),
    )
    nothing: str = field(default="", metadata=_doc("Instead of a text: why nothing is owed."))
    note: str = field(default="", metadata=_doc("What the author should know, or do with it."))
    blanks: Mapping[str, str] = field(
        default_factory=dict, metadata=_doc("An example for each blank of the text.")
    )
    sources: tuple[str, ...] = field(metadata=_doc("Ids from sources.yaml."))
    line: int = field(default=0, metadata=_HIDDEN)


# File name to what it holds; a lexicon folder's files hold concepts, all others rules.
FILE_TYPES: dict[str, Any] = {
    "ruleset.yaml": RulesetEntry,
    "sources.yaml": tuple[SourceEntry, ...],
    "guards.yaml": tuple[GuardEntry, ...],
    "register.yaml": RegisterEntry,
    "disclosure-blocks.yaml": tuple[BlockEntry, ...],
}
LEXICON_TYPE: Any = tuple[ConceptEntry, ...]
RULES_TYPE: Any = tuple[RuleEntry, ...]
