"""Takes out what a writer has answered for: by a comment in the draft, or by an allowed phrase.

Comments: `medlint-disable-next-line ID[, ID] -- reason`, `medlint-disable-line …`,
`medlint-disable …` up to `medlint-enable …` or the end, `medlint-disable-file …`. An ID is a rule
or a category. A line form covers a finding that touches the line; the next line is the next one
with linted text. In Word a comment stands over words: the range forms begin and end with them. A
comment that suppresses nothing, or names what does not exist, is a finding that no comment can
suppress.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING

from medlint.checks import Metric, Requires
from medlint.config import ELSEWHERE, SUPPRESSION_RULES, nearest
from medlint.digest import sha256
from medlint.document import Span
from medlint.findings import Category, Dismissal, DismissedBy, Finding, Severity
from medlint.parsing.normalise import normalise
from medlint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medlint.document import Block, Comment, Document
    from medlint.rules import Ruleset

_DIRECTIVE = re.compile(
    r"\s*medlint-(?P<verb>[a-z-]*)(?P<ids>.*?)(?:\s(?:--+|\u2014)(?=\s|\Z)(?P<reason>.*))?\Z",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"[\s,]+")
_TEXT_OF_LINE = re.compile(r"\S[^\r\n]*")

_SUPPRESSION_NAMES = {*SUPPRESSION_RULES, Category.SUPPRESSION.value}


class Verb(StrEnum):
    """What a comment asks for, spelt as behind `medlint-`."""

    NEXT_LINE = "disable-next-line"
    LINE = "disable-line"
    START = "disable"
    END = "enable"
    FILE = "disable-file"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is left of a draft's findings, and what was taken out."""

    findings: tuple[Finding, ...]
    dismissals: tuple[Dismissal, ...] = ()

    @property
    def count(self) -> int:
        """How many were taken out."""
        return len(self.dismissals)


@dataclass(slots=True)
class _Suppression:
    """One id of one comment, with the source range it covers and whether it was needed."""

    comment: Comment
    reason: str
    name: str
    verb: Verb
    covers: Span
    used: bool = False


class _Index:
    """Finds the suppressions that take a finding, however many there are."""

    def __init__(self, suppressions: Iterable[_Suppression]) -> None:
        alike: dict[tuple[str, Verb], dict[Span, list[_Suppression]]] = {}
        for each in suppressions:
            verb = Verb.LINE if each.verb is Verb.NEXT_LINE else each.verb
            alike.setdefault((each.name, verb), {}).setdefault(each.covers, []).append(each)
        self._groups = {key: _Groups(each) for key, each in alike.items()}

    def take(self, finding: Finding) -> _Suppression | None:
        """Return what suppresses a finding; all that does was needed.

        Of several that is the first one with a reason, or else the first.
        """
        taker = None
        for name in {finding.rule, finding.category.value}:
            for verb in (Verb.LINE, Verb.START, Verb.FILE):
                groups = self._groups.get((name, verb))
                # `disable … enable` covers findings that begin inside, the line forms all that
                # touch the line.
                by_start = verb is not Verb.LINE or finding.span.start == finding.span.end
                start = finding.span.start
                end = start + 1 if by_start else finding.span.end
                if groups is not None:
                    taker = _better(taker, groups.use(start, end))
        return taker


class _Groups:
    """Suppressions of one name and kind, by the range they cover."""

    def __init__(self, by_range: dict[Span, list[_Suppression]]) -> None:
        self._ranges = sorted(by_range.items(), key=lambda pair: pair[0])
        # How far any of the ranges up to each one reaches.
        self._reach = list(accumulate((span.end for span, _ in self._ranges), max))
        # Of each range that was needed, the suppression to name.
        self._used: dict[Span, _Suppression | None] = {}

    def use(self, start: int, end: int) -> _Suppression | None:
        """Mark what covers any of `start:end` as needed; return the one to name, if any does."""
        number = bisect_left(self._ranges, end, key=lambda pair: pair[0].start)
        taker = None
        while number and self._reach[number - 1] > start:
            number -= 1
            span, suppressions = self._ranges[number]
            if span.end <= start:
                continue
            if span not in self._used:
                for each in suppressions:
                    each.used = True
                    self._used[span] = _better(self._used.get(span), each)
            taker = _better(taker, self._used[span])
        return taker


def _better(one: _Suppression | None, other: _Suppression | None) -> _Suppression | None:
    """Return the one with a reason, or else the one that stands first."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda each: (not each.reason, each.comment.span.start))


def apply(
    document: Document,
    findings: tuple[Finding, ...],
    *,
    known: frozenset[str],
    active: frozenset[str],
) -> Suppressed:
    """Take out the findings that the draft's comments suppress, and report idle comments.

    `known` are all rule ids and categories; `active` those that took part in this run: a comment
    about another one is not idle.
    """
    directives = [c for c in document.comments if "medlint-" in c.text]
    if not directives:
        return Suppressed(findings)
    suppressions, problems = _read(document, directives, known)
    index = _Index(suppressions)
    kept = []
    dismissals = []
    for finding in findings:
        taker = index.take(finding)
        if taker is None:
            kept.append(finding)
        else:
            dismissals.append(_dismissal(finding, taker))
    idle = [_unused(each) for each in suppressions if not each.used and each.name in active]
    own = numbered(sorted((*problems, *idle), key=lambda finding: finding.sort_key))
    left = tuple(sorted((*kept, *own), key=lambda finding: finding.sort_key))
    return Suppressed(left, tuple(dismissals))


def _dismissal(finding: Finding, taker: _Suppression) -> Dismissal:
    return Dismissal(
        finding=finding, by=DismissedBy.COMMENT, reason=taker.reason, span=taker.comment.span
    )


def page_wide_rules(ruleset: Ruleset) -> frozenset[str]:
    """Return the rules about a page as a whole: what it leaves out, and how hard it is to read.

    No words of the page answer for what they find, whatever category a ruleset gives them. What a
    list repeats is there in words, so `duplicate-items` is none of these.
    """
    return frozenset(rule.id for rule in ruleset.rules if isinstance(rule.check, Requires | Metric))


def answerable(finding: Finding, page_wide: frozenset[str]) -> bool:
    """Tell whether a finding is about words, which a phrase can allow."""
    return finding.category not in ELSEWHERE and finding.rule not in page_wide


def allow(
    document: Document,
    findings: tuple[Finding, ...],
    phrases: Sequence[str],
    page_wide: frozenset[str],
) -> Suppressed:
    """Take out the findings whose words stand inside an allowed phrase.

    A phrase is compared without regard to case and white space, and in whole words; it must
    cover the finding, so “never cures ALS” allows “cures ALS” there and nowhere else. What
    `page_wide_rules` find cannot be allowed by a phrase.
    """
    patterns = [(phrase, _phrase(phrase)) for phrase in phrases]
    if not patterns:
        return Suppressed(findings)
    allowed = [found for block in document.blocks for found in _occurrences(block, patterns)]
    kept = []
    dismissals = []
    for finding in findings:
        taker = None
        if answerable(finding, page_wide):
            taker = next((each for each in allowed if each[1].contains(finding.span)), None)
        if taker is None:
            kept.append(finding)
            continue
        phrase, span = taker
        dismissals.append(
            Dismissal(finding=finding, by=DismissedBy.PHRASE, reason=phrase, span=span)
        )
    return Suppressed(tuple(kept), tuple(dismissals))


def _phrase(phrase: str) -> re.Pattern[str]:
    words = map(re.escape, normalise(phrase).split())
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)


def _occurrences(
    block: Block, patterns: Iterable[tuple[str, re.Pattern[str]]]
) -> Iterator[tuple[str, Span]]:
    for phrase, pattern in patterns:
        for match in pattern.finditer(block.text):
            yield phrase, block.source_span(match.start(), match.end())


def _read(
    document: Document, comments: Iterable[Comment], known: frozenset[str]
) -> tuple[list[_Suppression], list[Finding]]:
    """Read the comments in order; return what they suppress and what is wrong with them."""
    suppressions: list[_Suppression] = []
    problems: list[Finding] = []
    text_lines = _text_lines(document)
    open_ranges: dict[str, _Suppression] = {}
    for comment in comments:
        match = _DIRECTIVE.match(comment.text)
        if match is None:
            continue
        verb, names, wrong = _parts(match, known)
        problems.extend(_finding(comment, "unknown-suppression", text) for text in wrong)
        if verb is None:
            continue
        if verb is Verb.END:
            problems.extend(_close(comment, names, open_ranges))
            continue
        reason = " ".join((match["reason"] or "").split())
        for name in names:
            covers = _reach(document, text_lines, comment, verb)
            suppression = _Suppression(comment, reason, name, verb, covers)
            suppressions.append(suppression)
            if verb is Verb.START and open_ranges.setdefault(name, suppression) is not suppression:
                # Disabled already: this one adds nothing, and is reported as idle.
                suppression.covers = Span(comment.span.end, comment.span.end)
    return suppressions, problems


def _parts(match: re.Match[str], known: frozenset[str]) -> tuple[Verb | None, list[str], list[str]]:
    """Return a directive's verb, the names that exist, and what is wrong."""
    given = match["verb"]
    verbs = [verb.value for verb in Verb]
    if given not in verbs:
        hint = nearest(f"medlint-{given}", [f"medlint-{verb}" for verb in verbs])
        return None, [], [f"“medlint-{given}” is no comment that medlint knows{hint}"]
    verb = Verb(given)
    names = [name for name in _SEPARATOR.split(match["ids"]) if name]
    if not names and verb is not Verb.END:
        return verb, [], [f"“medlint-{given}” names no rule or category, so it suppresses nothing"]
    wrong = []
    for name in names:
        if name in _SUPPRESSION_NAMES:
            wrong.append(f"“{name}” cannot be suppressed by a comment; ignore it in the settings")
        elif name not in known:
            wrong.append(f"There is no rule or category “{name}”{nearest(name, known)}")
    good = [name for name in names if name in known and name not in _SUPPRESSION_NAMES]
    # After a misspelt name, a bare `enable` would end more than was meant.
    return (None if wrong and not good else verb), good, wrong


def _close(
    comment: Comment, names: list[str], open_ranges: dict[str, _Suppression]
) -> Iterator[Finding]:
    """End the open ranges of these names, or all; report an end without a beginning."""
    for name in names or list(open_ranges):
        suppression = open_ranges.pop(name, None)
        if suppression is None:
            text = f"“medlint-enable {name}” ends nothing: “{name}” is not disabled here"
            yield _finding(comment, "unused-suppression", text)
        else:
            suppression.covers = Span(suppression.covers.start, comment.span.start)


def _reach(document: Document, text_lines: Sequence[int], comment: Comment, verb: Verb) -> Span:
    """Return the source range that a comment covers."""
    end_of_file = len(document.source) + 1
    if verb is Verb.FILE:
        return Span(0, end_of_file)
    if verb is Verb.START:
        # A comment in Word stands over words, and they are meant too.
        return Span(comment.span.start, end_of_file)
    first, _ = document.lines.position(comment.span.start)
    last, _ = document.lines.position(max(comment.span.end - 1, comment.span.start))
    if verb is Verb.LINE:
        return Span(_line_span(document, first).start, _line_span(document, last).end)
    number = bisect_right(text_lines, last)
    if number == len(text_lines):
        return Span(end_of_file, end_of_file)
    return _line_span(document, text_lines[number])


def _line_span(document: Document, line: int) -> Span:
    starts = document.lines.starts
    end = starts[line] if line < len(starts) else len(document.source)
    return Span(starts[line - 1], end)


def _text_lines(document: Document) -> list[int]:
    """Return the numbers of the lines that hold linted text, in order."""
    found: set[int] = set()
    for block in document.blocks:
        offsets = block.offsets
        for start, length in zip(offsets.source_starts, offsets.source_lengths, strict=True):
            for text in _TEXT_OF_LINE.finditer(document.source, start, start + length):
                line, _ = document.lines.position(text.start())
                found.add(line)
    return sorted(found)


def _unused(suppression: _Suppression) -> Finding:
    text = f"“{suppression.name}” suppresses nothing here"
    return _finding(suppression.comment, "unused-suppression", text)


def _finding(comment: Comment, rule: str, cause: str) -> Finding:
    advice = {
        "unused-suppression": "Remove the comment, or the name from it.",
        "unknown-suppression": "Write medlint-disable-next-line, -line, -file or a pair of "
        "medlint-disable and medlint-enable, each with a rule or category; "
        "`medlint rules` lists them.",
    }
    return Finding(
        rule=rule,
        category=Category.SUPPRESSION,
        severity=Severity.SUGGESTION,
        span=comment.span,
        match=" ".join(comment.text.split()),
        message=f"{cause}." if not cause.endswith(("?", ".")) else cause,
        advice=advice[rule],
    )


def numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give each finding a fingerprint of its rule, message and how often they came before."""
    seen: dict[str, int] = {}
    for finding in findings:
        key = f"{finding.rule}\0{finding.match}\0{finding.message}"
        seen[key] = seen.get(key, 0) + 1
        digest = sha256(f"{key}\0{seen[key]}".encode("utf-8", "backslashreplace")).hexdigest()
        yield replace(finding, fingerprint=digest[:16])
