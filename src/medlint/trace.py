"""One rule alone, and one sentence in full: what rule authors look at.

`medlint test` asks what a single rule finds in an example; `medlint explain --text` shows what a
sentence means to medlint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.checks import DOCUMENT_CHECKS, Frame, Score
from medlint.checks.phrase import ANY
from medlint.concepts import ACTION_FORMS
from medlint.config import Settings
from medlint.engine import Run, lint
from medlint.matcher import find
from medlint.parsing import parse
from medlint.reading import tagged_sentences
from medlint.records import dataclass, replace
from medlint.scoring import claims_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.view import SentenceView
    from medlint.document import Document
    from medlint.engine import Outcome
    from medlint.matcher import Match
    from medlint.rules import Rule, Ruleset

# Examples are linted as Markdown, so that a rule can show a list or a heading.
_FORMAT = "markdown"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rule makes of one text.

    `spans` holds (start, end) of its findings in code points of the text, in order; `phrases` the
    numbers of the rule's phrases that matched; `silenced` what each dropped match fell to.
    """

    spans: tuple[tuple[int, int], ...]
    phrases: frozenset[int]
    silenced: tuple[str, ...]


def try_rule(rule: Rule, text: str, ruleset: Ruleset) -> Trial:
    """Run one rule on a text that counts as promotional.

    Guards apply. The other rules matter only to document checks, which rest on their findings.

    Raises:
        InputError: the text is no Markdown draft (its front matter is broken, say).
    """
    document = parse(text, path="example", format=_FORMAT)
    number = ruleset.rules.index(rule)
    alone = replace(rule, enabled=True, products=())
    rules = tuple(
        alone if position == number else other for position, other in enumerate(ruleset.rules)
    )
    run = Run(document, replace(ruleset, rules=rules), Settings())
    hits = tuple(run.hits.get(number, ()))
    if isinstance(rule.check, DOCUMENT_CHECKS):
        found = [item for item in run.document_stage(run.sentence_stage()) if item.rule is alone]
    elif isinstance(rule.check, Score):
        claims = claims_in(run.sentence_stage(), run.sentences)
        found = [item for item in run.score_stage(claims) if item.rule is alone]
    else:
        found = run.rule_stage(alone, hits)
    spans = {
        (span.start, span.end)
        for item in found
        for place in (item.candidate.place,)
        for span in (document.blocks[place.block].source_span(place.start, place.end),)
    }
    return Trial(
        spans=_outermost(spans),
        phrases=frozenset(
            item.candidate.hit.phrase for item in found if item.candidate.hit is not None
        ),
        silenced=tuple(item.by for item in run.silenced if item.rule == rule.id),
    )


def _outermost(spans: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Merge overlapping spans into the longest, as a report does."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if result and start < result[-1][1]:
            last_start, last_end = result[-1]
            if end - start > last_end - last_start:
                result[-1] = (start, end)
            continue
        result.append((start, end))
    return tuple(result)


def explain_text(text: str, ruleset: Ruleset, settings: Settings, path: str = "text.md") -> str:
    """Describe what a text means to medlint: clauses, concepts, matches and what silenced them."""
    document = parse(text, path=path, format=_FORMAT)
    views = tagged_sentences(document, ruleset)
    outcome = lint(document, ruleset, settings)
    if outcome.unchecked:
        return f"not checked: {outcome.unchecked}"
    lines: list[str] = []
    for view in views:
        lines += _explained(document, view, ruleset, outcome)
    page = [
        f"  {finding.severity.value} {finding.rule}: {finding.message}"
        for finding in outcome.findings
        if not any(_inside(document, view, finding.span.start) for view in views)
    ]
    return "\n".join([*lines, *page]) + "\n"


def _inside(document: Document, view: SentenceView, offset: int) -> bool:
    block = document.blocks[view.block]
    span = block.source_span(view.sentence.start, view.sentence.end)
    return span.start <= offset < span.end


def _explained(
    document: Document, view: SentenceView, ruleset: Ruleset, outcome: Outcome
) -> Iterator[str]:
    block = document.blocks[view.block]
    yield f"{block.kind.value}: {block.text[view.sentence.start : view.sentence.end]}"
    yield "  clauses"
    for words in _clauses(view):
        yield f"    | {words}"
    concepts = _concepts(view, ruleset, block.text)
    if concepts:
        width = max(len(words) for words, _ in concepts)
        yield "  concepts"
        for words, names in concepts:
            yield f"    {words:<{width}}  {names}"
    frames = _frames(view, ruleset, block.text)
    if frames:
        yield "  frames"
        yield from (f"    {line}" for line in frames)
    found = [finding for finding in outcome.findings if _inside(document, view, finding.span.start)]
    scores = {rule.id for rule in ruleset.rules if isinstance(rule.check, Score)}
    points = _points(view, ruleset) if scores.issuperset(each.rule for each in found) else ()
    if points:
        yield "  points, without those for where it stands"
        yield from (f"    {line}" for line in points)
    yield "  findings" if found else "  findings: none"
    for finding in found:
        named = f"{finding.severity.value} {finding.rule} [{finding.category.value}]"
        yield f"    {named} “{finding.match}”"
        yield f"      {finding.message}"
    silenced = [item for item in outcome.silenced if _inside(document, view, item.span.start)]
    if silenced:
        yield "  silenced"
    for item in dict.fromkeys(silenced):
        match = " ".join(document.source[item.span.start : item.span.end].split())
        yield f"    {item.rule} “{match}” by {item.by}"
    yield ""


def _points(view: SentenceView, ruleset: Ruleset) -> list[str]:
    """Describe what each score comes to: its points, the least, and what gives and takes them."""
    names = ruleset.lexicon.names
    lines = []
    for number, points in ruleset.scores:
        rule = ruleset.rules[number]
        if not isinstance(rule.check, Score):
            continue
        counted = rule.check.counted(points, view.tagged)
        total = sum(each for _, each, _ in counted)
        if total <= 0 or view.tagged.words < rule.check.words:
            continue
        told = [
            (names[key] if isinstance(key, int) else f"“{key}”", each) for key, each, _ in counted
        ]
        told.sort(key=lambda item: (-item[1], item[0]))
        said = ", ".join(f"{name} {each}" for name, each in told)
        lines.append(f"{rule.id} {total} of {rule.check.least}: {said}")
    return lines


def _narrowest(names: list[str]) -> list[str]:
    """Leave out an action and its wider forms where a narrower form is named too."""
    wider = set()
    for name in names:
        concept, dot, form = name.partition(".")
        while dot and form:
            form = ACTION_FORMS[form]
            wider.add(f"{concept}.{form}" if form else concept)
    return [name for name in names if name not in wider]


def _frames(view: SentenceView, ruleset: Ruleset, text: str) -> list[str]:
    """Describe the frames in a sentence: rule, construction, and the words that fill it.

    Of frames that differ only in how much of the agent they hold, the longest is shown.
    """
    longest: dict[tuple[str, str, int], Match] = {}
    for match in find(ruleset.patterns, view.tagged):
        number, role, phrase = match.owner
        rule = ruleset.rules[number]
        if not isinstance(rule.check, Frame) or role != ANY or match.start < view.tagged.first:
            continue
        form = rule.check.forms[phrase % len(rule.check.forms)]
        key = (rule.id, form.value, match.end)
        if key not in longest or match.start < longest[key].start:
            longest[key] = match
    return [
        f"{rule} ({form}): "
        + " · ".join(text[slice(*view.text_range(*part))] for part in match.parts)
        for (rule, form, _), match in longest.items()
    ]


def _clauses(view: SentenceView) -> list[str]:
    tokens, ids = view.tagged.tokens, view.tagged.clauses
    grouped: dict[int, list[str]] = {}
    for surface, clause in zip(tokens.surfaces, ids, strict=True):
        grouped.setdefault(clause, []).append(surface)
    return [" ".join(words) for _, words in sorted(grouped.items())]


def _concepts(view: SentenceView, ruleset: Ruleset, text: str) -> list[tuple[str, str]]:
    """Return (words, concept names) for each tagged stretch, in order."""
    by_part: dict[tuple[int, int], list[str]] = {}
    for symbol in view.tagged.tags:
        name = ruleset.lexicon.names.get(symbol)
        if name is None:
            continue
        for part in view.tagged.parts(symbol):
            by_part.setdefault(part, []).append(name)
    result = []
    for part, names in sorted(by_part.items()):
        start, end = view.text_range(*part)
        result.append((text[start:end], ", ".join(sorted(_narrowest(names)))))
    return result
