"""Measures the rules on a labelled corpus, sentence by sentence.

A corpus is JSON lines: {"id", "text" or "file", "labels": [{"start", "end", "category",
"borderline"?}], "doc_labels"?, "kind"?, "format"?, "product"?}; files count from the corpus.

A label or finding belongs to a sentence when they share at least half of either. A sentence is
labelled when a firm label belongs to it, and borderline when only borderline ones do: then it
counts neither for nor against. A label outside every linted sentence is a miss of its own.
Disclosures that are missing are compared document by document, as are duplicate items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medlint import engine
from medlint.config import ELSEWHERE
from medlint.corpus import Entry, Label, read_corpus
from medlint.errors import InputError
from medlint.findings import Category, Failure
from medlint.parsing import parse
from medlint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from medlint.config import Settings
    from medlint.document import Document, Span
    from medlint.findings import Finding
    from medlint.results import Silenced
    from medlint.rules import Ruleset

# Findings about the page or the tool are no claims of a sentence.
_NO_CLAIMS = frozenset((*ELSEWHERE, Category.READABILITY, Category.SUPPRESSION))
_HONEST = "honest"


@dataclass(slots=True)
class Tally:
    """Hits, misses and false alarms of one kind."""

    hits: int = 0
    misses: int = 0
    alarms: int = 0

    @property
    def precision(self) -> float:
        """The share of what was flagged that is labelled; 1 where nothing was flagged."""
        return _share(self.hits, self.hits + self.alarms)

    @property
    def recall(self) -> float:
        """The share of what is labelled that was flagged; 1 where nothing is labelled."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.hits, 2 * self.hits + self.misses + self.alarms)

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.hits += other.hits
        self.misses += other.misses
        self.alarms += other.alarms

    def data(self) -> dict[str, float]:
        """Return the tally with its measures as plain data."""
        measures = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        rounded = {name: round(value, 4) for name, value in measures.items()}
        return {"hits": self.hits, "misses": self.misses, "alarms": self.alarms, **rounded}


@dataclass(slots=True)
class Unit:
    """A sentence (or a label outside every sentence) with what is labelled and found there."""

    span: Span
    firm: set[Category] = field(default_factory=set)
    borderline: set[Category] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    is_linted: bool = True

    @property
    def found(self) -> set[Category]:
        """The categories found in the sentence."""
        return {finding.category for finding in self.findings}


@dataclass(slots=True)
class EntryResult:
    """What measuring one entry gave."""

    entry: Entry
    words: int
    units: tuple[Unit, ...]
    document: Document
    silenced: tuple[Silenced, ...]
    found_documents: frozenset[Category]
    duplicates: Tally

    @property
    def sentences(self) -> Tally:
        """The entry's sentences."""
        tally = Tally()
        for unit in self.units:
            if unit.firm:
                tally.hits += bool(unit.findings)
                tally.misses += not unit.findings
            elif not unit.borderline:
                tally.alarms += bool(unit.findings)
        return tally


def evaluate(corpus: Path, ruleset: Ruleset, settings: Settings) -> dict[str, Any]:
    """Measure rules on a corpus and return every figure, miss and false alarm as plain data.

    Raises:
        InputError: the corpus cannot be read, or a line of it is wrong.
    """
    results: list[EntryResult] = []
    failures: list[Failure] = []
    for entry in read_corpus(corpus):
        try:
            result, failed = _measure(entry, ruleset, settings)
        except InputError as error:
            failures.append(Failure(path=entry.id, error=str(error)))
            continue
        results.append(result)
        failures += failed
    return _summed(results, failures)


def _measure(
    entry: Entry, ruleset: Ruleset, settings: Settings
) -> tuple[EntryResult, tuple[Failure, ...]]:
    if entry.product is not None:
        settings = replace(settings, product=entry.product)
    document = parse(entry.text, path=entry.path, format=entry.format)
    outcome = engine.lint(document, ruleset, settings)
    if outcome.unchecked is not None:
        raise InputError(outcome.unchecked)
    claims = [f for f in outcome.findings if f.category not in _NO_CLAIMS]
    result = EntryResult(
        entry=entry,
        words=document.words,
        units=_units(document, entry.labels, claims),
        document=document,
        silenced=outcome.silenced,
        found_documents=frozenset(f.category for f in outcome.findings if f.category in ELSEWHERE),
        duplicates=_duplicates(entry.labels, claims),
    )
    return result, outcome.failures


def _units(
    document: Document, labels: Sequence[Label], findings: Iterable[Finding]
) -> tuple[Unit, ...]:
    units = [
        Unit(block.source_span(sentence.start, sentence.end))
        for block in document.blocks
        for sentence in block.sentences
    ]
    for label in labels:
        places = [unit for unit in units if belongs(label.span, unit.span)]
        if not places:
            places = [Unit(label.span, is_linted=False)]
            units += places
        for unit in places:
            (unit.borderline if label.borderline else unit.firm).add(label.category)
    for finding in findings:
        for unit in units:
            if unit.is_linted and belongs(finding.span, unit.span):
                unit.findings.append(finding)
    return tuple(units)


def belongs(span: Span, sentence: Span) -> bool:
    """Tell whether the two share at least half of either."""
    shared = min(span.end, sentence.end) - max(span.start, sentence.start)
    shorter = min(span.end - span.start, sentence.end - sentence.start)
    return shared > 0 and 2 * shared >= shorter


def _duplicates(labels: Sequence[Label], findings: Iterable[Finding]) -> Tally:
    wanted = [label for label in labels if label.category is Category.DUPLICATE_ITEM]
    found = [f.span for f in findings if f.category is Category.DUPLICATE_ITEM]
    tally = Tally()
    for label in wanted:
        if label.borderline:
            continue
        is_found = any(belongs(label.span, span) for span in found)
        tally.hits += is_found
        tally.misses += not is_found
    tally.alarms = sum(not any(belongs(label.span, span) for label in wanted) for span in found)
    return tally


def _summed(results: Sequence[EntryResult], failures: Sequence[Failure]) -> dict[str, Any]:
    overall, duplicates = Tally(), Tally()
    for result in results:
        overall.add(result.sentences)
        duplicates.add(result.duplicates)
    hits = [u for r in results for u in r.units if u.firm and u.findings]
    agreed = sum(not unit.firm.isdisjoint(unit.found) for unit in hits)
    honest = [result for result in results if result.entry.kind == _HONEST]
    return {
        "schema": 1,
        "entries": [_entry(result) for result in results],
        "words": sum(result.words for result in results),
        "sentences": overall.data(),
        "category_agreement": round(_share(agreed, len(hits)), 4),
        "categories": _by_category(results),
        "alarms_per_1000_words": {"all": _alarm_rate(results), "honest": _alarm_rate(honest)},
        "documents": _by_document(results),
        "duplicates": duplicates.data(),
        "misses": [_miss(r, u) for r in results for u in r.units if u.firm and not u.findings],
        "alarms": [
            _alarm(r, u)
            for r in results
            for u in r.units
            if u.findings and not u.firm and not u.borderline
        ],
        "failures": [{"path": f.path, "rule": f.rule, "error": f.error} for f in failures],
    }


def _by_category(results: Iterable[EntryResult]) -> dict[str, Any]:
    """Count by category; a borderline label makes its own category neutral there."""
    tallies: dict[Category, Tally] = {}
    for unit in (unit for result in results for unit in result.units):
        if unit.borderline and not unit.firm:
            continue
        found = unit.found
        for category in unit.firm | found:
            tally = tallies.setdefault(category, Tally())
            if category in unit.firm:
                tally.hits += category in found
                tally.misses += category not in found
            elif category not in unit.borderline:
                tally.alarms += 1
    return {
        category.value: tallies[category].data() for category in Category if category in tallies
    }


def _by_document(results: Iterable[EntryResult]) -> dict[str, Any]:
    """Compare the disclosures said to be missing with the labels, entries without any left out."""
    labelled = [result for result in results if result.entry.doc_labels is not None]
    data: dict[str, Any] = {}
    right = 0
    for category in ELSEWHERE:
        tally = Tally()
        for result in labelled:
            wanted = category in (result.entry.doc_labels or ())
            found = category in result.found_documents
            right += wanted is found
            tally.hits += wanted and found
            tally.misses += wanted and not found
            tally.alarms += found and not wanted
        wrong = tally.misses + tally.alarms
        accuracy = round(_share(len(labelled) - wrong, len(labelled)), 4)
        data[category.value] = {**tally.data(), "accuracy": accuracy}
    data["all"] = {"accuracy": round(_share(right, len(labelled) * len(ELSEWHERE)), 4)}
    return data


def _entry(result: EntryResult) -> dict[str, Any]:
    expected = result.entry.doc_labels
    return {
        "id": result.entry.id,
        "kind": result.entry.kind,
        "words": result.words,
        "sentences": result.sentences.data(),
        "duplicates": result.duplicates.data(),
        "documents": {
            "expected": None if expected is None else sorted(expected),
            "found": sorted(category.value for category in result.found_documents),
        },
    }


def _alarm_rate(results: Sequence[EntryResult]) -> float:
    words = sum(result.words for result in results)
    alarms = sum(result.sentences.alarms for result in results)
    return round(1000 * alarms / words, 2) if words else 0.0


def _place(result: EntryResult, unit: Unit) -> dict[str, Any]:
    line, column = result.document.lines.position(unit.span.start)
    text = " ".join(result.document.source[unit.span.start : unit.span.end].split())
    return {
        "entry": result.entry.id,
        "path": result.entry.path,
        "line": line,
        "column": column,
        "start": unit.span.start,
        "end": unit.span.end,
        "text": text,
    }


def _miss(result: EntryResult, unit: Unit) -> dict[str, Any]:
    """Describe a miss with whatever kept a match back there."""
    kept_back = [s for s in result.silenced if belongs(s.span, unit.span)]
    by = [{"rule": s.rule, "category": s.category.value, "by": s.by} for s in kept_back]
    return {
        **_place(result, unit),
        "categories": sorted(unit.firm),
        "linted": unit.is_linted,
        "silenced": [item for n, item in enumerate(by) if item not in by[:n]],
    }


def _alarm(result: EntryResult, unit: Unit) -> dict[str, Any]:
    findings = [
        {
            "rule": f.rule,
            "category": f.category.value,
            "severity": f.severity.value,
            "match": f.match,
        }
        for f in unit.findings
    ]
    return {**_place(result, unit), "findings": findings}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
