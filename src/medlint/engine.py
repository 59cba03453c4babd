"""Runs a compiled ruleset over a document.

Pure: the same document, ruleset and settings give the same outcome, in the same order.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from medlint.checks import DuplicateItems, Frame, Metric, Near, Pattern, Phrase, Requires
from medlint.checks.phrase import sentence_candidates
from medlint.checks.view import Candidate, DocumentView, Hit, Place, SentenceView
from medlint.document import BlockKind
from medlint.findings import Balance, Category, Failure, Product
from medlint.guards import governing_cue
from medlint.language import why_not_english
from medlint.matcher import find, tag, tag_cues
from medlint.opcodes import CARRIED
from medlint.records import dataclass
from medlint.register import (
    CLAIM_WEIGHT,
    HEDGED_CLAIM_WEIGHT,
    WEAK_CLAIM_WEIGHTS,
    ClaimWeights,
    read_register,
)
from medlint.results import Kept, Silenced, build_findings
from medlint.rules import GuardAction, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.config import Settings
    from medlint.document import Document
    from medlint.findings import Finding
    from medlint.register import Register
    from medlint.rules import Rule, Ruleset

# The strictest status that a page's therapies carry is what an undeclared page goes by.
_STATUS_ORDER = (
    Product.UNAPPROVED,
    Product.INVESTIGATIONAL,
    Product.SUPPLEMENT,
    Product.DEVICE,
    Product.APPROVED,
    Product.SERVICE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What linting one document gave, before suppressions.

    `unchecked` says why the document was not checked at all; `silenced` lists the matches that a
    guard, the register or a stronger claim kept back.
    """

    findings: tuple[Finding, ...] = ()
    balance: Balance = field(default_factory=Balance)
    failures: tuple[Failure, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    unchecked: str | None = None


def lint(document: Document, ruleset: Ruleset, settings: Settings) -> Outcome:
    """Lint a document."""
    unchecked = why_not_english(document)
    if unchecked:
        return Outcome(unchecked=unchecked)
    return Run(document, ruleset, settings).outcome()


def tagged_sentences(document: Document, ruleset: Ruleset) -> tuple[SentenceView, ...]:
    """Tag every sentence of a document; pronouns carry a therapy over from the one before."""
    views: list[SentenceView] = []
    carriers = ruleset.lexicon.carriers
    # Blocks that name a therapy.
    naming: set[int] = set()
    leads: dict[int, str] = {}
    for number, block in enumerate(document.blocks):
        carried = not naming.isdisjoint(_leading_blocks(document, number))
        for ordinal, sentence in enumerate(block.sentences):
            tagged = tag(
                ruleset.tagger,
                block.text,
                sentence.start,
                sentence.end,
                carried=carried,
                lead_in="" if ordinal else _lead_in(document, number, leads),
            )
            views.append(SentenceView(number, ordinal, sentence, tagged))
            named = any(map(tagged.has, carriers))
            if named:
                naming.add(number)
            carried = named or (carried and tagged.has(CARRIED))
    return tuple(views)


def _lead_in(document: Document, number: int, leads: dict[int, str]) -> str:
    """Return the sentence that a list item completes: a line with a colon, or a heading.

    `leads` remembers it for the list's further items.
    """
    place = document.blocks[number].place
    if place is None:
        return ""
    known = leads.get(place.list_id)
    if known is not None:
        return known
    lead = document.blocks[place.lead_in if place.lead_in is not None else number - 1]
    introduces = place.lead_in is not None or (number and lead.kind is BlockKind.HEADING)
    text = ""
    if introduces and lead.sentences:
        last = lead.sentences[-1]
        text = lead.text[last.start : last.end]
    leads[place.list_id] = text
    return text


def _leading_blocks(document: Document, number: int) -> set[int]:
    """Return the blocks that may name what a pronoun means: the one before, the heading above."""
    block = document.blocks[number]
    before = {number - 1}
    if block.place is not None and block.place.lead_in is not None:
        before.add(block.place.lead_in)
    heading = document.sections[block.section].heading if document.sections else None
    if heading is not None:
        before.add(heading)
    return before


class Run:
    """One document's run; holds what the stages share."""

    def __init__(self, document: Document, ruleset: Ruleset, settings: Settings) -> None:
        """Tag the document and gather the matches of all rules."""
        self.document = document
        self.ruleset = ruleset
        self.settings = settings
        self.sentences = tagged_sentences(document, ruleset)
        self.product = self._product()
        self.silenced: list[Silenced] = []
        self.failures: list[Failure] = []
        self._blocks: dict[int, tuple[SentenceView, ...]] = {}
        self.hits = self._gather()

    def outcome(self) -> Outcome:
        """Run every stage."""
        kept = self.sentence_stage()
        register = self.register(kept)
        kept = self.by_register(kept, register)
        kept += self.document_stage(kept, register)
        findings, yielded = build_findings(self.document, kept, self.settings, self.product)
        self.silenced += yielded
        return Outcome(
            findings=findings,
            balance=self._balance(kept),
            failures=tuple(self.failures),
            silenced=tuple(self.silenced),
        )

    def _product(self) -> Product:
        if self.settings.product is not Product.AUTO:
            return self.settings.product
        found = {
            status
            for symbol, status in self.ruleset.lexicon.statuses.items()
            if any(view.tagged.has(symbol) for view in self.sentences)
        }
        return next((status for status in _STATUS_ORDER if status.value in found), Product.SERVICE)

    def _active(self, rule: Rule) -> bool:
        if rule.products and self.product not in rule.products:
            return False
        switched_off = (
            self.settings.rules.get(rule.id, self.settings.rules.get(rule.category.value)) is False
        )
        # A rule that is not selected still counts towards what a document check rests on.
        return (rule.enabled and not switched_off) or self.settings.is_on(rule)

    def _gather(self) -> dict[int, list[Hit]]:
        hits: dict[int, list[Hit]] = {}
        index, owners = self.ruleset.patterns, self.ruleset.owners
        rules = self.ruleset.rules
        for view in self.sentences:
            kind = self.document.blocks[view.block].kind
            for match in find(index, view.tagged):
                rule, role, phrase = owners[match.pattern]
                if match.parts[-1][0] < view.tagged.first:
                    # The lead-in says it by itself; it is found where it stands.
                    continue
                if kind not in rules[rule].where:
                    continue
                binds = {name: match.parts[ordinal] for name, ordinal in index.binds[match.pattern]}
                hits.setdefault(rule, []).append(Hit(view, role, phrase, match, binds))
        return hits

    def sentence_stage(self) -> list[Kept]:
        """Return what was found sentence by sentence and let pass by its guards."""
        kept: list[Kept] = []
        for number, rule in enumerate(self.ruleset.rules):
            if not self._active(rule) or isinstance(rule.check, Requires | DuplicateItems | Metric):
                continue
            hits = self.hits.get(number, [])
            if not hits and not isinstance(rule.check, Pattern):
                continue
            kept += self.rule_stage(rule, tuple(hits))
        return kept

    def rule_stage(self, rule: Rule, hits: tuple[Hit, ...]) -> list[Kept]:
        """Return what one rule makes of its hits."""
        return [
            kept
            for candidate in self._candidates(rule, hits)
            for kept in self._guarded(rule, candidate)
        ]

    def _candidates(self, rule: Rule, hits: tuple[Hit, ...]) -> Iterator[Candidate]:
        if isinstance(rule.check, Phrase | Frame):
            by_sentence: dict[tuple[int, int], list[Hit]] = {}
            for hit in hits:
                key = (hit.sentence.block, hit.sentence.ordinal)
                by_sentence.setdefault(key, []).append(hit)
            for group in by_sentence.values():
                yield from sentence_candidates(tuple(group))
            return
        if isinstance(rule.check, Near | Pattern):
            view = DocumentView(document=self.document, sentences=self.sentences, hits=hits)
            for candidate in self._evaluated(rule, view):
                if view.block(candidate.place).kind in rule.where:
                    yield candidate

    def _evaluated(self, rule: Rule, view: DocumentView) -> tuple[Candidate, ...]:
        """Run a check; what goes wrong in it becomes a failure that names rule and file."""
        if isinstance(rule.check, Phrase | Frame):
            return ()
        try:
            return tuple(rule.check.evaluate(view))
        except TimeoutError:
            error = "the rule ran out of time on this file; simplify its regex"
        except Exception as problem:  # noqa: BLE001 - one broken rule must not hide the others
            error = f"the rule failed: {type(problem).__name__}: {problem}"
        self.failures.append(Failure(path=self.document.path, rule=rule.id, error=error))
        return ()

    def _block_sentences(self, block: int) -> tuple[SentenceView, ...]:
        if not self._blocks:
            grouped: dict[int, list[SentenceView]] = {}
            for view in self.sentences:
                grouped.setdefault(view.block, []).append(view)
            self._blocks = {number: tuple(views) for number, views in grouped.items()}
        views = self._blocks.get(block, ())
        for view in views:
            tag_cues(self.ruleset.guard_patterns, self.ruleset.guard_owners, view.tagged)
        return views

    def _guarded(self, rule: Rule, candidate: Candidate) -> Iterator[Kept]:
        hit = candidate.hit
        lowered = ""
        if hit is not None:
            views = self._block_sentences(hit.sentence.block)
            block = tuple(view.tagged for view in views)
            present = frozenset().union(*(tagged.cues or () for tagged in block))
            for guard in self.ruleset.guards:
                action = rule.guards.get(guard.name, GuardAction.KEEP)
                if action is GuardAction.KEEP or guard.cue not in present:
                    continue
                around = block
                if guard.question and hit.sentence.ordinal == len(block) - 1:
                    # The answer to a heading stands in the block below it.
                    below = self._block_sentences(hit.sentence.block + 1)
                    around = (*block, *(view.tagged for view in below))
                cue = governing_cue(guard, around, hit.sentence.ordinal, hit.match.parts)
                if cue is None:
                    continue
                if action is GuardAction.DROP:
                    start, end = cue.part
                    surfaces = around[hit.sentence.ordinal + cue.offset].tokens.surfaces
                    text = " ".join(surfaces[start:end])
                    self._silence(rule, candidate.place, f"guard {guard.name}: “{text}”")
                    return
                lowered = lowered or guard.name
        yield Kept(rule, candidate, lowered=bool(lowered))

    def _silence(self, rule: Rule, place: Place, by: str) -> None:
        block = self.document.blocks[place.block]
        self.silenced.append(
            Silenced(
                rule=rule.id,
                category=rule.category,
                span=block.source_span(place.start, place.end),
                by=by,
            )
        )

    def register(self, kept: Iterable[Kept]) -> Register:
        """Read the page's register, with what was claimed as promotion."""
        strong: dict[tuple[int, int], float] = {}
        weak: dict[tuple[int, int], float] = {}
        for item in kept:
            hit = item.candidate.hit
            if hit is None:
                continue
            key = (hit.sentence.block, hit.sentence.ordinal)
            if item.rule.tier is Tier.STRONG:
                strong[key] = CLAIM_WEIGHT
            else:
                weight = WEAK_CLAIM_WEIGHTS[item.rule.severity_for(Product.AUTO)]
                if item.lowered:
                    weight = min(weight, HEDGED_CLAIM_WEIGHT)
                weak[key] = max(weight, weak.get(key, 0.0))
        weak = {key: weight for key, weight in weak.items() if key not in strong}
        claims = ClaimWeights(self._by_section(strong), self._by_section(weak))
        return read_register(self.ruleset.register, self.document, self.sentences, claims)

    def _by_section(self, weights: Mapping[tuple[int, int], float]) -> dict[int, float]:
        sections: dict[int, float] = {}
        for (block, _), weight in weights.items():
            section = self.document.blocks[block].section
            sections[section] = sections.get(section, 0.0) + weight
        return sections

    def by_register(self, kept: list[Kept], register: Register) -> list[Kept]:
        """Keep weak matches only with a second cue in the sentence or where the page sells."""
        strong = {
            (item.candidate.hit.sentence.block, item.candidate.hit.sentence.ordinal)
            for item in kept
            if item.rule.tier is Tier.STRONG and item.candidate.hit is not None
        }
        result = []
        for item in kept:
            hit = item.candidate.hit
            place = item.candidate.place
            if (
                item.rule.tier is Tier.STRONG
                or register.promotes(self.document.blocks[place.block].section)
                or (hit is not None and register.has_cue(hit.sentence))
                or (hit is not None and (hit.sentence.block, hit.sentence.ordinal) in strong)
            ):
                result.append(item)
            else:
                self._silence(item.rule, place, "tier weak: the text around it informs")
        return result

    def document_stage(self, kept: list[Kept], register: Register | None = None) -> list[Kept]:
        """Return what document checks find, given what stands so far.

        The phrases that give a weak check its cause count only where the page sells; without a
        register, everywhere.
        """
        claims = _claims(kept)
        result: list[Kept] = []
        for number, rule in enumerate(self.ruleset.rules):
            if not isinstance(rule.check, Requires | DuplicateItems | Metric):
                continue
            if not self._active(rule) or rule.category.value in self.settings.disclosed_elsewhere:
                continue
            options = self.settings.options.get(
                rule.id, self.settings.options.get(rule.category.value, {})
            )
            view = DocumentView(
                document=self.document,
                sentences=self.sentences,
                hits=self._speaking(rule, tuple(self.hits.get(number, ())), register),
                claims=claims,
                synonyms=self.ruleset.lexicon.synonyms,
                options=options,
            )
            result += [Kept(rule, candidate) for candidate in self._evaluated(rule, view)]
        return result

    def _speaking(
        self, rule: Rule, hits: tuple[Hit, ...], register: Register | None
    ) -> tuple[Hit, ...]:
        if rule.tier is Tier.STRONG or register is None:
            return hits
        return tuple(
            hit
            for hit in hits
            if hit.role != "if"
            or register.promotes(self.document.blocks[hit.sentence.block].section)
            or register.has_cue(hit.sentence)
        )

    def _balance(self, kept: Iterable[Kept]) -> Balance:
        benefits = {
            (item.candidate.hit.sentence.block, item.candidate.hit.sentence.ordinal)
            for item in kept
            if item.candidate.hit is not None and item.rule.category in self.ruleset.benefits
        }
        risks: set[tuple[int, int]] = set()
        for number, rule in enumerate(self.ruleset.rules):
            if rule.category is not Category.MISSING_RISK:
                continue
            for role, sign in (("then", True), ("not", False)):
                found = {
                    (hit.sentence.block, hit.sentence.ordinal)
                    for hit in self.hits.get(number, ())
                    if hit.role == role
                }
                risks = risks | found if sign else risks - found
        return Balance(len(benefits), len(risks))


def _claims(kept: Iterable[Kept]) -> dict[str, tuple[Place, ...]]:
    """Group what was found by category, one place a sentence, in order."""
    by_category: dict[str, dict[tuple[int, int], Place]] = {}
    for item in kept:
        hit = item.candidate.hit
        if hit is None:
            continue
        places = by_category.setdefault(item.rule.category.value, {})
        places.setdefault((hit.sentence.block, hit.sentence.ordinal), item.candidate.place)
    return {
        category: tuple(
            sorted(places.values(), key=lambda place: (place.block, place.start, place.end))
        )
        for category, places in by_category.items()
    }
