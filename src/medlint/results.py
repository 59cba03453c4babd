"""From what checks found to findings: merging, yielding, wording, fingerprints."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from medlint.digest import sha256
from medlint.findings import (
    Category,
    Evidence,
    Finding,
    Product,
    Severity,
)
from medlint.limits import LONGEST_QUOTE
from medlint.records import changed, dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from medlint.checks.view import Candidate, Place
    from medlint.config import Settings
    from medlint.document import Document, Span
    from medlint.rewriting import Fitter
    from medlint.rules import Rule

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# A treatment claim says no more than the stronger claim around it.
_STRONGER = frozenset((Category.CURE, Category.ABSOLUTE_EFFICACY))
_FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A candidate that its guards let pass; `lowered` where one of them weakened it."""

    rule: Rule
    candidate: Candidate
    lowered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A match that was kept back: by which guard and cue, tier or stronger claim."""

    rule: str
    category: Category
    span: Span
    by: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding in the making, still in block positions."""

    kept: tuple[Kept, ...]
    place: Place
    severity: Severity


def build_findings(
    document: Document,
    kept: Iterable[Kept],
    settings: Settings,
    product: Product,
    fitter: Fitter,
) -> tuple[tuple[Finding, ...], tuple[Silenced, ...]]:
    """Merge what overlaps within a category and word the findings.

    Returns:
        The findings in order, and the matches that yielded to a stronger claim.
    """
    worded, yielded = worded_findings(document, kept, settings, product, fitter)
    return in_order(worded), yielded


def worded_findings(
    document: Document,
    kept: Iterable[Kept],
    settings: Settings,
    product: Product,
    fitter: Fitter,
) -> tuple[list[tuple[Finding, str]], tuple[Silenced, ...]]:
    """Merge what overlaps and word the findings, each with its sentence; blocks do not mix."""
    drafts = _drafts(kept, settings, product)
    merged = _merged(drafts)
    standing, yielded = _yielding(document, merged)
    worded = [
        (_finding(document, draft, fitter), _sentence_text(document, draft.place))
        for draft in standing
    ]
    return worded, yielded


def in_order(
    worded: Iterable[tuple[Finding, str]],
    signed: Callable[[Finding, str, int], Finding] | None = None,
) -> tuple[Finding, ...]:
    """Put findings in order and give each its fingerprint.

    It is the same after edits elsewhere in the file, so a baseline survives them: a hash of rule,
    normalised sentence and ordinal. `signed` gives it to a finding in the place of `fingerprinted`.
    """
    signed = signed or fingerprinted
    seen: dict[str, int] = {}
    result = []
    for finding, sentence in sorted(worded, key=lambda pair: pair[0].sort_key):
        key = signature(finding, sentence)
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        result.append(signed(finding, key, ordinal))
    return tuple(result)


def signature(finding: Finding, sentence: str) -> str:
    """Return what a finding's fingerprint rests on beside its ordinal."""
    words = " ".join(finding.match.lower().split())
    return f"{finding.rule}\0{sentence}\0{words}"


def leading(
    document: Document, kept: Iterable[Kept], settings: Settings, product: Product
) -> list[Kept]:
    """Return what gives findings their words: what merged with or yielded to others does not."""
    standing, _ = _yielding(document, _merged(_drafts(kept, settings, product)))
    return [draft.kept[0] for draft in standing]


def _drafts(kept: Iterable[Kept], settings: Settings, product: Product) -> list[_Draft]:
    drafts = []
    for item in kept:
        rule = item.rule
        if not settings.is_on(rule):
            continue
        usual = rule.severity_for(product)
        severity = settings.severity(rule.id, rule.category, usual)
        if severity is None:
            continue
        if item.lowered:
            severity = severity.lowered()
        drafts.append(_Draft((item,), item.candidate.place, severity))
    return drafts


def _merged(drafts: list[_Draft]) -> list[_Draft]:
    """Join drafts of one category that overlap: longest span, strictest severity."""
    result: list[_Draft] = []
    open_drafts: dict[tuple[Category, int, str], _Draft] = {}

    def key(draft: _Draft) -> tuple[int, int, int, str]:
        return (draft.place.block, draft.place.start, -draft.place.end, draft.kept[0].rule.id)

    for draft in sorted(drafts, key=key):
        first = draft.kept[0]
        # A document check's finding is about the page; it merges with no other rule's.
        own = first.rule.id if first.candidate.hit is None else ""
        group = (first.rule.category, draft.place.block, own)
        standing = open_drafts.get(group)
        if standing is None or standing.place.end <= draft.place.start:
            if standing is not None:
                result.append(standing)
            open_drafts[group] = draft
            continue
        open_drafts[group] = _joined(standing, draft)
    result += open_drafts.values()
    return result


def _joined(one: _Draft, other: _Draft) -> _Draft:
    def length(draft: _Draft) -> int:
        return draft.place.end - draft.place.start

    lead, second = (one, other) if length(one) >= length(other) else (other, one)
    severity = max(one.severity, other.severity, key=lambda severity: severity.rank)
    return _Draft((*lead.kept, *second.kept), lead.place, severity)


def _yielding(
    document: Document, drafts: list[_Draft]
) -> tuple[list[_Draft], tuple[Silenced, ...]]:
    """Drop treatment claims that stand in the clause of a cure or an absolute promise."""
    stronger = {
        clause
        for draft in drafts
        if draft.kept[0].rule.category in _STRONGER
        for clause in _clauses(draft)
    }
    standing = []
    yielded = []
    for draft in drafts:
        rule = draft.kept[0].rule
        if rule.category is not Category.TREATMENT_CLAIM or stronger.isdisjoint(_clauses(draft)):
            standing.append(draft)
            continue
        block = document.blocks[draft.place.block]
        yielded.append(
            Silenced(
                rule=rule.id,
                category=rule.category,
                span=block.source_span(draft.place.start, draft.place.end),
                by="a stronger claim in the same clause",
            )
        )
    return standing, tuple(yielded)


def _clauses(draft: _Draft) -> set[tuple[int, int, int]]:
    clauses = set()
    for item in draft.kept:
        hit = item.candidate.hit
        if hit is None:
            continue
        sentence = hit.sentence
        ids = sentence.clauses
        clauses |= {(sentence.block, sentence.ordinal, ids[start]) for start, _ in hit.match.parts}
    return clauses


def _order(document: Document, draft: _Draft) -> tuple[int, int, int, str, str]:
    """Return what a draft's finding will be sorted by, which is its `sort_key`."""
    place, rule = draft.place, draft.kept[0].rule
    span = document.blocks[place.block].source_span(place.start, place.end)
    return span.start, -span.end, -draft.severity.rank, rule.category.value, rule.id


def _finding(document: Document, draft: _Draft, fitter: Fitter) -> Finding:
    lead = draft.kept[0]
    rule = lead.rule
    block = document.blocks[draft.place.block]
    values = values_of(document, lead)
    sources = rule.sources
    if len(draft.kept) > 1:
        sources = tuple(
            dict.fromkeys(source for item in draft.kept for source in item.rule.sources)
        )
    evidence = dict.fromkeys(
        _evidence(document, place) for item in draft.kept for place in item.candidate.evidence
    )
    fitted = fitter.rewrites(rule, draft.place, lead.candidate.hit, values)
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=draft.severity,
        span=block.source_span(draft.place.start, draft.place.end),
        match=values["match"],
        message=worded(rule.message, values),
        advice=worded(rule.advice, values),
        rewrites=(*lead.candidate.rewrites, *fitted),
        evidence=tuple(evidence),
        sources=sources,
    )


def values_of(document: Document, item: Kept) -> dict[str, str]:
    """Return what fills the names of a rule's wordings."""
    place, hit = item.candidate.place, item.candidate.hit
    text = document.blocks[place.block].text
    values = {"match": text[place.start : place.end]}
    if hit is not None:
        for name, part in hit.binds.items():
            start, end = hit.sentence.text_range(*part)
            values[name] = text[start:end]
    return {**values, **item.candidate.values}


def _evidence(document: Document, place: Place) -> Evidence:
    block = document.blocks[place.block]
    return Evidence(block.source_span(place.start, place.end), block.text[place.start : place.end])


def worded(template: str, values: Mapping[str, str]) -> str:
    """Fill a template's names; a name without a value stays as it stands."""
    if "{" not in template:
        return template
    return _NAME.sub(lambda found: _quoted(values.get(found[1], found[0])), template)


def _quoted(text: str) -> str:
    """Cut what a message quotes: a pattern may match megabytes."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def fingerprinted(finding: Finding, key: str, ordinal: int) -> Finding:
    """Return a finding with the fingerprint of what it says, the how-manieth it is."""
    digest = sha256(f"{key}\0{ordinal}".encode(errors="surrogatepass")).hexdigest()
    return changed(finding, fingerprint=digest[:_FINGERPRINT_LENGTH])


def _sentence_text(document: Document, place: Place) -> str:
    """Return the normalised sentence that a place begins in."""
    block = document.blocks[place.block]
    number = bisect_right(block.sentences, place.start, key=lambda sentence: sentence.start)
    sentence = block.sentences[max(number - 1, 0)]
    return " ".join(block.text[sentence.start : sentence.end].lower().split())
