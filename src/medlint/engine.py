"""Runs a compiled ruleset over a document.

Pure: the same document, ruleset and settings give the same outcome, in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.balance import weigh
from medlint.checks import DuplicateItems, Frame, Metric, Near, Pattern, Phrase, Requires, Score
from medlint.checks.phrase import sentence_candidates
from medlint.checks.view import Candidate, DocumentView, Hit, Place, hit_place
from medlint.findings import Balance, Failure, Product
from medlint.guards import cue_beside, governing_cue
from medlint.language import why_not_english
from medlint.matcher import matches
from medlint.reading import tagged_sentences
from medlint.records import changed, dataclass, field
from medlint.register import (
    CLAIM_WEIGHT,
    HEDGED_CLAIM_WEIGHT,
    WEAK_CLAIM_WEIGHTS,
    ClaimWeights,
    read_register,
)
from medlint.results import Kept, Silenced, build_findings
from medlint.rewriting import Fitter
from medlint.rules import GuardAction, Tier
from medlint.scoring import ScoreRule, added, claims_in, doubtful, weighed
from medlint.tagging import tag_cues

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from medlint.checks.view import SentenceView
    from medlint.config import Settings
    from medlint.document import Document
    from medlint.findings import Finding
    from medlint.guards import Guard
    from medlint.matcher import Tagged
    from medlint.register import Register
    from medlint.rules import Rule, Ruleset
    from medlint.scoring import Claims

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


@dataclass(frozen=True, slots=True)
class CuedBlock:
    """A block's sentences with the guards' cues tagged, and the cues that any of them holds."""

    sentences: tuple[Tagged, ...]
    present: frozenset[int]


class Run:
    """One document's run; holds what the stages share."""

    def __init__(self, document: Document, ruleset: Ruleset, settings: Settings) -> None:
        """Tag the document and gather the matches of all rules."""
        self.document = document
        self.ruleset = ruleset
        self.settings = settings
        self.sentences = self.read()
        self.named = self._named()
        self.product = self._product()
        self.silenced: list[Silenced] = []
        self.failures: list[Failure] = []
        self._by_block = self.by_block()
        self._cued: dict[int, CuedBlock] = {}
        self._scores: tuple[ScoreRule, ...] | None = None
        self._cue_symbols = frozenset(
            symbol for guard in ruleset.guards for symbol in guard.symbols
        )
        # The forms of list items, which several rules compare.
        self.forms: dict[str, tuple[str, ...]] = {}
        self._points_of = dict(ruleset.scores)
        self.hits = self.gather()

    def outcome(self) -> Outcome:
        """Run every stage."""
        kept = self.sentence_stage()
        register = self.register(kept)
        kept = self.by_register(kept, register)
        claims = claims_in(kept, self.sentences)
        added = self.score_stage(claims, register)
        kept = self.undoubted(kept, claims, register)
        kept += added
        kept += self.document_stage(kept, register)
        return Outcome(
            findings=self.worded(kept),
            balance=weigh(self.document, self.ruleset, self.hits, kept),
            failures=tuple(self.failures),
            silenced=tuple(self.silenced),
        )

    def read(self) -> tuple[SentenceView, ...]:
        """Return the document's sentences, tagged."""
        return tagged_sentences(self.document, self.ruleset)

    def by_block(self) -> Mapping[int, Sequence[Tagged]]:
        """Return the tagged sentences of each block."""
        found: dict[int, list[Tagged]] = {}
        for view in self.sentences:
            found.setdefault(view.block, []).append(view.tagged)
        return found

    def cued(self) -> Iterable[SentenceView]:
        """Return the sentences as the register asks them for its cues."""
        return self.sentences

    def worded(self, kept: Iterable[Kept]) -> tuple[Finding, ...]:
        """Return what was found as findings."""
        findings, yielded = build_findings(
            self.document, kept, self.settings, self.product, self.fitter()
        )
        self.silenced += yielded
        return findings

    def fitter(self) -> Fitter:
        """Return what fits rewrites into the document."""
        return Fitter(self.document, self._by_block, self.ruleset.lexicon)

    def _named(self) -> dict[Product, int]:
        """Return how often therapies of each status are named; of a declared product, just that."""
        if self.settings.product is not Product.AUTO:
            return {self.settings.product: 1}
        named: dict[Product, int] = {}
        for view in self.sentences:
            self.count_named(named, view.tagged)
        return named

    def count_named(self, named: dict[Product, int], tagged: Tagged) -> None:
        """Add how often a sentence names therapies of each status."""
        statuses = self.ruleset.lexicon.statuses
        for symbol in statuses.keys() & tagged.tags.keys():
            status = Product(statuses[symbol])
            named[status] = named.get(status, 0) + len(tagged.tags[symbol])

    def _product(self) -> Product:
        if self.settings.product is not Product.AUTO:
            return self.settings.product
        return next((status for status in _STATUS_ORDER if status in self.named), Product.SERVICE)

    def _active(self, rule: Rule) -> bool:
        if rule.products and self.product not in rule.products:
            return False
        switched_off = (
            self.settings.rules.get(rule.id, self.settings.rules.get(rule.category.value)) is False
        )
        # A rule that is not selected still counts towards what a document check rests on.
        return (rule.enabled and not switched_off) or self.settings.is_on(rule)

    def gather(self) -> dict[int, list[Hit]]:
        """Return the matches of all rules, by number, in the order of sentences."""
        return self.hits_in(self.sentences)

    def hits_in(self, sentences: Iterable[SentenceView]) -> dict[int, list[Hit]]:
        """Return the matches of all rules in some sentences, by number."""
        hits: dict[int, list[Hit]] = {}
        index, rules = self.ruleset.patterns, self.ruleset.rules
        for view in sentences:
            kind = self.document.blocks[view.block].kind
            first = view.tagged.first
            for match in matches(index, view.tagged):
                rule, role, phrase = match.owner
                if kind not in rules[rule].where:
                    continue
                if match.parts[-1][0] < first:
                    # The lead-in says it by itself; it is found where it stands.
                    continue
                hits.setdefault(rule, []).append(Hit(view, role, phrase, match, match.bound))
        return hits

    def sentence_stage(self) -> list[Kept]:
        """Return what was found sentence by sentence and let pass by its guards."""
        kept: list[Kept] = []
        for number, rule in enumerate(self.ruleset.rules):
            hits = self.hits.get(number, ())
            if not hits and not isinstance(rule.check, Pattern):
                continue
            if isinstance(rule.check, Requires | DuplicateItems | Metric):
                continue
            if self._active(rule):
                kept += self.rule_stage(rule, tuple(hits))
        return kept

    def rule_stage(self, rule: Rule, hits: tuple[Hit, ...]) -> list[Kept]:
        """Return what one rule makes of its hits."""
        guards = self._guards(rule)
        return [
            kept
            for candidate in self._candidates(rule, hits)
            if (kept := self._guarded(rule, guards, candidate)) is not None
        ]

    def _guards(self, rule: Rule) -> list[tuple[Guard, GuardAction]]:
        return [
            (guard, rule.guards[guard.name])
            for guard in self.ruleset.guards
            if rule.guards.get(guard.name, GuardAction.KEEP) is not GuardAction.KEEP
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
        if isinstance(rule.check, Phrase | Frame | Score):
            return ()
        try:
            return tuple(rule.check.evaluate(view))
        except TimeoutError:
            error = "the rule ran out of time on this file; simplify its regex"
        except Exception as problem:  # noqa: BLE001 - one broken rule must not hide the others
            error = f"the rule failed: {type(problem).__name__}: {problem}"
        self.failures.append(Failure(path=self.document.path, rule=rule.id, error=error))
        return ()

    def _cued_block(self, number: int) -> CuedBlock:
        """Return a block's sentences with the guards' cues; they are looked for once."""
        known = self._cued.get(number)
        if known is None:
            sentences = tuple(self._by_block.get(number, ()))
            for tagged in sentences:
                tag_cues(self.ruleset.guard_patterns, self._cue_symbols, tagged)
            present = frozenset().union(*(tagged.cues or () for tagged in sentences))
            known = self._cued[number] = CuedBlock(sentences, present)
        return known

    def _guarded(
        self, rule: Rule, guards: Iterable[tuple[Guard, GuardAction]], candidate: Candidate
    ) -> Kept | None:
        """Return a candidate, lowered where a guard says so; None where one silences it."""
        hit = candidate.hit
        if hit is None:
            return Kept(rule, candidate)
        block = self._cued_block(hit.sentence.block)
        lowered: list[Guard] = []
        weakened = False
        for guard, action in guards:
            if guard.cue not in block.present:
                continue
            around = block.sentences
            if guard.question and hit.sentence.ordinal == len(around) - 1:
                # The answer to a heading stands in the block below it.
                around += self._cued_block(hit.sentence.block + 1).sentences
            cue = governing_cue(guard, around, hit.sentence.ordinal, hit.match.parts)
            if cue is None:
                continue
            if action is GuardAction.DROP:
                start, end = cue.part
                surfaces = around[hit.sentence.ordinal + cue.offset].tokens.surfaces
                text = " ".join(surfaces[start:end])
                self._silence(rule, candidate.place, f"guard {guard.name}: “{text}”")
                return None
            if not cue.offset:
                lowered.append(guard)
            weakened = True
        if rule.tier is Tier.WEAK and len(lowered) > 1 and any(each.limits for each in lowered):
            # A hedge with a stated limit: "may relieve migraine, but more research is needed".
            self._silence(rule, candidate.place, _named(lowered))
            return None
        return Kept(rule, candidate, lowered=weakened)

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
        register = read_register(self.ruleset.register, self.document, self.cued(), claims)
        return weighed(self, claims_in(kept, self.sentences), register)

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
            if item.rule.page and register.is_fragment:
                self._silence(item.rule, place, "page: the draft is too short to sell")
            elif (
                item.rule.tier is Tier.STRONG
                or register.promotes(self.document.blocks[place.block].section)
                or (hit is not None and register.has_cue(hit.sentence))
                or (hit is not None and (hit.sentence.block, hit.sentence.ordinal) in strong)
            ):
                result.append(item)
            else:
                self._silence(item.rule, place, "tier weak: the text around it informs")
        return result

    def score_stage(self, claims: Claims, register: Register | None = None) -> list[Kept]:
        """Return the sentences whose words add up to a claim."""
        return added(self, claims, register)

    def undoubted(self, kept: list[Kept], claims: Claims, register: Register) -> list[Kept]:
        """Leave out findings of weak rules in sentences whose words come to no claim."""
        doubted = doubtful(self, claims, register)
        return self.without(kept, doubted) if doubted else kept

    def without(self, kept: list[Kept], doubtful: Container[tuple[int, int]]) -> list[Kept]:
        """Leave out what was found in some sentences, by (block, ordinal)."""
        left = []
        for item in kept:
            hit = item.candidate.hit
            if hit is not None and (hit.sentence.block, hit.sentence.ordinal) in doubtful:
                self._silence(item.rule, item.candidate.place, "points: too few for a claim")
            else:
                left.append(item)
        return left

    def sells(self, view: SentenceView, register: Register | None) -> bool:
        """Tell whether a sentence stands where the page sells; without a register all do."""
        return register is None or register.promotes(self.document.blocks[view.block].section)

    def scores(self) -> tuple[ScoreRule, ...]:
        """Return the score rules that are on."""
        if self._scores is None:
            rules = self.ruleset.rules
            self._scores = tuple(
                ScoreRule(number, rule, rule.check, points)
                for number, points in self.ruleset.scores
                if isinstance((rule := rules[number]).check, Score) and self._active(rule)
            )
        return self._scores

    def own_points(self, score: ScoreRule, view: SentenceView) -> int:
        """Return what a sentence comes to by itself; it is counted once."""
        return score.own(view.tagged)

    def denied(self, rule: Rule, view: SentenceView) -> bool:
        """Tell whether another sentence denies a whole one: "It cures gout. That is a myth."."""
        block = self._cued_block(view.block)
        last = len(view.tagged.tokens)
        return any(
            guard.cue in block.present
            and cue_beside(guard, block.sentences, view.ordinal, ((last - 1, last),)) is not None
            for guard, action in self._guards(rule)
            if action is GuardAction.DROP
        )

    def scored(self, score: ScoreRule, view: SentenceView, head_start: int) -> Kept | None:
        """Return a sentence whose words add up to a claim that its guards, if any, let pass.

        A guard may stand between them: "many people use it, which does not show that it works".
        """
        candidate = score.check.candidate(score.points, view, head_start)
        if candidate is None or candidate.hit is None:
            return None
        if not score.check.guarded:
            if self.denied(score.rule, view):
                return None
            return self._renamed(score, view, Kept(score.rule, candidate))
        guards = self._guards(score.rule)
        for part in candidate.hit.match.parts:
            match = changed(candidate.hit.match, parts=(part,))
            lone = changed(candidate, hit=changed(candidate.hit, match=match))
            if self._guarded(score.rule, guards, lone) is None:
                return None
        kept = self._guarded(score.rule, guards, candidate)
        return kept and self._renamed(score, view, kept)

    def _renamed(self, score: ScoreRule, view: SentenceView, kept: Kept) -> Kept:
        """Return a score's finding as that of the rule that takes it over, if one does."""
        kind = self.document.blocks[view.block].kind
        better: tuple[int, Rule] | None = None
        for other in self.scores():
            if score.rule.id not in other.check.instead_of or kind not in other.rule.where:
                continue
            beyond = self.own_points(other, view) - other.check.least
            if beyond >= 0 and (better is None or beyond > better[0]):
                better = beyond, other.rule
        return changed(kept, rule=better[1]) if better else kept

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
                forms=self.forms,
                named=self.named,
                points=self._points_of.get(number),
            )
            result += [Kept(rule, candidate) for candidate in self._evaluated(rule, view)]
        return result

    def _speaking(
        self, rule: Rule, hits: tuple[Hit, ...], register: Register | None
    ) -> tuple[Hit, ...]:
        """Leave out causes that a guard denies, or that a weak rule finds in informing text."""
        weighed = rule.tier is Tier.WEAK and register is not None
        guards = [pair for pair in self._guards(rule) if pair[1] is GuardAction.DROP]
        return tuple(
            hit
            for hit in hits
            if hit.role != "if"
            or (
                (not weighed or register is None or self._promoted(hit, register))
                and self._guarded(rule, guards, Candidate(place=hit_place(hit), hit=hit))
            )
        )

    def _promoted(self, hit: Hit, register: Register) -> bool:
        section = self.document.blocks[hit.sentence.block].section
        return register.promotes(section) or register.has_cue(hit.sentence)


def _named(guards: Iterable[Guard]) -> str:
    return "guards " + " and ".join(guard.name for guard in guards)


def _claims(kept: Iterable[Kept]) -> dict[str, tuple[Place, ...]]:
    """Group what was found by category and by rule, one place a sentence, in order."""
    grouped: dict[str, dict[tuple[int, int], Place]] = {}
    for item in kept:
        hit, place = item.candidate.hit, item.candidate.place
        # What a regular expression finds belongs to no one sentence.
        where = (hit.sentence.block, hit.sentence.ordinal) if hit else (place.block, ~place.start)
        for name in (item.rule.category.value, item.rule.id):
            grouped.setdefault(name, {}).setdefault(where, place)
    return {
        name: tuple(
            sorted(places.values(), key=lambda place: (place.block, place.start, place.end))
        )
        for name, places in grouped.items()
    }
