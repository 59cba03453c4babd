"""Lints an edited document, reusing what the edit left alone.

What a block's sentences match, and what guards let pass of it, depends on the sentences of that
block and of the next one (the answer to a question may stand there), on what they lean on, and on
the page's product: that much is looked at again where it changed. Register, score rules and
document checks look at the whole page each time, over what is known of its blocks. The outcome is
the one of a fresh run, except that it does not tell what was silenced.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from medlint.checks import Frame, Phrase
from medlint.checks.view import Hit, Place
from medlint.document import Span
from medlint.engine import Outcome, Run
from medlint.findings import Edit, Evidence
from medlint.language import why_not_english
from medlint.reading import tagged_sentences
from medlint.records import changed, dataclass, field
from medlint.results import Kept, fingerprinted, in_order, worded_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medlint.checks.view import SentenceView
    from medlint.config import Settings
    from medlint.document import Block, Document
    from medlint.findings import Finding, Product, Rewrite
    from medlint.matcher import Tagged
    from medlint.rules import Rule, Ruleset
    from medlint.scoring import ScoreRule

# What the result of a block depends on: kind, text, sentences, and the tagged sentences of it and
# of the next block (by identity; the memory keeps them alive).
_Key: TypeAlias = tuple[str, str, tuple[int, ...], tuple[int, ...], tuple[int, ...]]
# A rule, a block (by token), a sentence of it, and how many claims stand around that.
_Scored: TypeAlias = tuple[str, int, int, int]


_TOKENS = count(1)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was kept, with a number that tells it from all else wherever it moves."""

    kept: Kept
    token: int


@dataclass(frozen=True, slots=True)
class _BlockMemory:
    """What a block gave where it stood, by rule number.

    `hits` are the matches of rules that look further than the sentence, `kept` is what guards let
    pass of the others'. `token` stays the same wherever the block moves.
    """

    number: int
    views: tuple[SentenceView, ...]
    following: tuple[Tagged, ...]
    hits: Mapping[int, list[Hit]]
    kept: Mapping[int, list[_Known]]
    token: int


@dataclass(frozen=True, slots=True)
class _Worded:
    """The findings of a block, with their sentences."""

    block: Block
    source: str
    findings: tuple[tuple[Finding, str], ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a run leaves for the next one; it holds for its ruleset, settings and product."""

    ruleset: Ruleset
    settings: Settings
    product: Product
    tagged: Mapping[tuple[str, bool, str], Tagged] = field(default_factory=dict)
    blocks: Mapping[_Key, _BlockMemory] = field(default_factory=dict)
    scored: Mapping[_Scored, _Known | None] = field(default_factory=dict)
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    worded: Mapping[tuple[int, ...], _Worded] = field(default_factory=dict)
    signed: Mapping[int, tuple[Finding, int, Finding]] = field(default_factory=dict)


def lint(
    document: Document, ruleset: Ruleset, settings: Settings, memory: Memory | None = None
) -> tuple[Outcome, Memory | None]:
    """Lint a document as `engine.lint` does; return the outcome and what the next run may reuse.

    Args:
        document: the draft.
        ruleset: the rules.
        settings: what holds for the draft.
        memory: what the run before left, of this draft or another.
    """
    unchecked = why_not_english(document)
    if unchecked:
        return Outcome(unchecked=unchecked), memory
    if memory is None or memory.ruleset is not ruleset or memory.settings != settings:
        memory = None
    run = _Rerun(document, ruleset, settings, memory)
    return run.outcome(), run.memory()


class _Rerun(Run):
    """A run that asks the memory first, and fills the next one."""

    def __init__(
        self, document: Document, ruleset: Ruleset, settings: Settings, memory: Memory | None
    ) -> None:
        self._old = memory or Memory(ruleset, settings, settings.product)
        self._tagged: dict[tuple[str, bool, str], Tagged] = {}
        self._blocks: dict[_Key, _BlockMemory] = {}
        self._places: dict[int, _BlockMemory] = {}
        self._standing: dict[str, list[Kept]] = {}
        self._scored: dict[_Scored, _Known | None] = {}
        self._known: dict[int, _Known] = {}
        self._worded: dict[tuple[int, ...], _Worded] = {}
        # Findings by identity, each with its ordinal and with its fingerprint.
        self._signatures: dict[int, tuple[Finding, int, Finding]] = {}
        super().__init__(document, ruleset, settings)

    def memory(self) -> Memory:
        """Return what the next run may reuse."""
        return Memory(
            self.ruleset,
            self.settings,
            self.product,
            self._tagged,
            self._blocks,
            self._scored,
            self.forms,
            self._worded,
            self._signatures,
        )

    def read(self) -> tuple[SentenceView, ...]:
        """Tag the sentences that the memory does not hold."""
        return tagged_sentences(self.document, self.ruleset, self._tag)

    def _tag(self, text: str, *, carried: bool, lead_in: str) -> Tagged:
        key = (text, carried, lead_in)
        known = self._tagged.get(key) or self._old.tagged.get(key)
        if known is None:
            known = self.ruleset.tagger.tagged(text, carried=carried, lead_in=lead_in)
        self._tagged[key] = known
        return known

    def gather(self) -> dict[int, list[Hit]]:
        """Return the matches of all rules; of blocks that are known, those found before."""
        texts = {block.text for block in self.document.blocks}
        self.forms.update((text, form) for text, form in self._old.forms.items() if text in texts)
        hits: dict[int, list[Hit]] = {}
        views: dict[int, list[SentenceView]] = {}
        for view in self.sentences:
            views.setdefault(view.block, []).append(view)
        for number, own in views.items():
            memory = self._block(number, tuple(own))
            for rule, found in memory.hits.items():
                hits.setdefault(rule, []).extend(found)
            for rule, passed in memory.kept.items():
                standing = self._standing.setdefault(self.ruleset.rules[rule].id, [])
                for known in passed:
                    self._known[id(known.kept)] = known
                    standing.append(known.kept)
                # That there are any is all that the stages ask.
                hits.setdefault(rule, []).append(_hit_of(passed[0]))
        return hits

    def _block(self, number: int, views: tuple[SentenceView, ...]) -> _BlockMemory:
        block = self.document.blocks[number]
        following = tuple(self._by_block.get(number + 1, ()))
        key: _Key = (
            block.kind.value,
            block.text,
            tuple(view.sentence.start for view in views),
            tuple(id(view.tagged) for view in views),
            tuple(map(id, following)),
        )
        memory = self._old.blocks.get(key) if self._old.product is self.product else None
        if memory is None:
            memory = self._looked_at(number, views, following)
        elif memory.number != number:
            memory = _moved_block(memory, number, views)
        self._blocks[key] = self._places[number] = memory
        return memory

    def _looked_at(
        self, number: int, views: tuple[SentenceView, ...], following: tuple[Tagged, ...]
    ) -> _BlockMemory:
        """Match a block, and ask the guards where no rule looks further than the sentence."""
        hits: dict[int, list[Hit]] = {}
        kept: dict[int, list[_Known]] = {}
        for each, found in self.hits_in(views).items():
            rule = self.ruleset.rules[each]
            if not isinstance(rule.check, Phrase | Frame):
                hits[each] = found
            elif self._active(rule):
                passed = super().rule_stage(rule, tuple(found))
                if passed:
                    kept[each] = [_Known(item, next(_TOKENS)) for item in passed]
        return _BlockMemory(number, views, following, hits, kept, next(_TOKENS))

    def rule_stage(self, rule: Rule, hits: tuple[Hit, ...]) -> list[Kept]:
        """Return what one rule makes of its hits, for most rules known block by block."""
        if isinstance(rule.check, Phrase | Frame):
            return self._standing.get(rule.id, [])
        return super().rule_stage(rule, hits)

    def scored(self, score: ScoreRule, view: SentenceView, head_start: int) -> Kept | None:
        """Return what a score comes to; the same sentence with the same head start is known."""
        block = self._places[view.block]
        key = (score.rule.id, block.token, view.ordinal, head_start)
        if key in self._old.scored:
            known = self._old.scored[key]
            if known is not None and known.kept.candidate.place.block != view.block:
                known = _moved(known, view)
        else:
            kept = super().scored(score, view, head_start)
            known = None if kept is None else _Known(kept, next(_TOKENS))
        self._scored[key] = known
        if known is None:
            return None
        self._known[id(known.kept)] = known
        return known.kept

    def worded(self, kept: Iterable[Kept]) -> tuple[Finding, ...]:
        """Return what was found as findings; those of a block that is known move with it."""
        by_block: dict[int, list[Kept]] = {}
        for item in kept:
            by_block.setdefault(item.candidate.place.block, []).append(item)
        worded = (
            pair for number, items in by_block.items() for pair in self._findings(number, items)
        )
        return in_order(worded, self._signed)

    def _findings(self, number: int, kept: list[Kept]) -> tuple[tuple[Finding, str], ...]:
        block = self.document.blocks[number]
        span = block.span
        source = self.document.source[span.start : span.end]
        tokens = [self._known.get(id(item)) for item in kept]
        # What a document check found is worded anew: it rests on other blocks too.
        key = tuple(item.token for item in tokens if item)
        is_known = len(key) == len(kept)
        known = self._old.worded.get(key) if is_known else None
        shift = _shift(known.block, block) if known and known.source == source else None
        if known is None or shift is None:
            findings, _ = worded_findings(
                self.document, kept, self.settings, self.product, self.fitter()
            )
            known = _Worded(block, source, tuple(findings))
        elif shift:
            moved = tuple((self._shifted(each, shift), text) for each, text in known.findings)
            known = _Worded(block, source, moved)
        if is_known:
            self._worded[key] = known
        return known.findings

    def _signed(self, finding: Finding, key: str, ordinal: int) -> Finding:
        place = id(finding)
        known = self._signatures.get(place) or self._old.signed.get(place)
        if known is None or known[0] is not finding or known[1] != ordinal:
            known = (finding, ordinal, fingerprinted(finding, key, ordinal))
        self._signatures[place] = known
        return known[2]

    def _shifted(self, finding: Finding, by: int) -> Finding:
        """Return a finding elsewhere, with the fingerprint that it will have again most likely."""
        _, ordinal, signed = self._old.signed[id(finding)]
        moved = _shifted(signed, by)
        self._signatures[id(moved)] = (moved, ordinal, moved)
        return moved

    def _silence(self, rule: Rule, place: Place, by: str) -> None:
        """Forget what was silenced: of known blocks it would be missing."""


def _moved_block(
    memory: _BlockMemory, number: int, views: tuple[SentenceView, ...]
) -> _BlockMemory:
    """Return what a block gave, for its new place in the document."""
    hits = {
        rule: [_moved_hit(hit, views[hit.sentence.ordinal]) for hit in found]
        for rule, found in memory.hits.items()
    }
    kept = {
        rule: [_moved(known, views[_hit_of(known).sentence.ordinal]) for known in items]
        for rule, items in memory.kept.items()
    }
    return _BlockMemory(number, views, memory.following, hits, kept, memory.token)


def _moved(known: _Known, view: SentenceView) -> _Known:
    """Return what was kept of a sentence, elsewhere; it rests on nothing but its hit."""
    kept = known.kept
    place = Place(view.block, kept.candidate.place.start, kept.candidate.place.end)
    candidate = changed(kept.candidate, place=place, hit=_moved_hit(_hit_of(known), view))
    return _Known(Kept(kept.rule, candidate, kept.lowered), known.token)


def _moved_hit(hit: Hit, view: SentenceView) -> Hit:
    return Hit(view, hit.role, hit.phrase, hit.match, hit.binds)


def _hit_of(known: _Known) -> Hit:
    hit = known.kept.candidate.hit
    assert hit is not None  # noqa: S101  what rests on one sentence has one
    return hit


def _shift(old: Block, new: Block) -> int | None:
    """Return how far a block's source has moved; None where the ways to it differ."""
    before, after = old.offsets, new.offsets
    if before.text_starts != after.text_starts or before.source_lengths != after.source_lengths:
        return None
    pairs = zip(before.source_starts, after.source_starts, strict=True)
    shifts = {position - earlier for earlier, position in pairs}
    return shifts.pop() if len(shifts) == 1 else None


def _shifted(finding: Finding, by: int) -> Finding:
    return changed(
        finding,
        span=_moved_span(finding.span, by),
        rewrites=tuple(_shifted_rewrite(each, by) for each in finding.rewrites),
        evidence=tuple(
            Evidence(_moved_span(each.span, by), each.match) for each in finding.evidence
        ),
    )


def _shifted_rewrite(rewrite: Rewrite, by: int) -> Rewrite:
    if not rewrite.edits:
        return rewrite
    edits = tuple(Edit(_moved_span(each.span, by), each.text) for each in rewrite.edits)
    return changed(rewrite, edits=edits)


def _moved_span(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
