"""Takes out the findings that approved claims answer for, and says which approvals have lapsed.

An approved claim is compared as it was written: every letter, sign and number, save that its first
letter may be large or small, and that quotation marks, dashes and blanks count as one of each. An
approved phrase is of the phrase language, without gaps: what stands in a gap nobody approved.

A finding is taken out where all of it, its evidence included, stands inside the words of one
approval. What a page leaves out, repeats, or is hard to read is about more than a claim, and stays.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from medlint.checks import DOCUMENT_CHECKS
from medlint.config import ELSEWHERE, nearest
from medlint.findings import ApprovalUse, Category, Finding, Severity, Standing
from medlint.opcodes import NUMBER
from medlint.parsing.normalise import normalise
from medlint.patterns import ConceptRef, Edge, Group, Words, parse_phrase
from medlint.reading import tagged_sentences
from medlint.records import dataclass
from medlint.suppress import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Sequence as SequenceOf
    from datetime import date

    from medlint.checks.view import SentenceView
    from medlint.document import Document, Span
    from medlint.findings import Approval
    from medlint.matcher import Tagged
    from medlint.patterns import Element, Sequence
    from medlint.rules import Ruleset

_CLAUSE_OPENERS = frozenset(": —".split())
_RULES = {Standing.EXPIRED: "expired-approval", Standing.PENDING: "pending-approval"}


@dataclass(frozen=True, slots=True)
class Approved:
    """What approvals leave of a draft's findings, and what each of them did."""

    findings: tuple[Finding, ...]
    uses: tuple[ApprovalUse, ...]


def apply(
    document: Document,
    findings: Iterable[Finding],
    approvals: SequenceOf[Approval],
    ruleset: Ruleset,
    today: date | None,
) -> Approved:
    """Take out the findings that an approval in force answers for; the first one that does counts.

    Each approval gets its use, in the order given, whether the draft needs it or not.
    """
    places = _Places(document, ruleset)
    standing = [(each, each.standing(today), places.of(each)) for each in approvals]
    counting = [
        (number, approval, spans)
        for number, (approval, state, spans) in enumerate(standing)
        if state is Standing.IN_FORCE and spans
    ]
    beyond = _beyond_claims(ruleset)
    kept = []
    silenced: dict[int, list[Finding]] = {}
    for finding in findings:
        taker = next(
            (
                number
                for number, approval, spans in counting
                if finding.rule not in beyond and _covering(approval, spans, finding) is not None
            ),
            None,
        )
        if taker is None:
            kept.append(finding)
        else:
            silenced.setdefault(taker, []).append(finding)
    uses = tuple(
        ApprovalUse(
            approval=approval,
            standing=state,
            places=spans,
            findings=tuple(silenced.get(number, ())),
        )
        for number, (approval, state, spans) in enumerate(standing)
    )
    return Approved(tuple(kept), uses)


def lapsed(
    document: Document,
    findings: Iterable[Finding],
    uses: Iterable[ApprovalUse],
    ruleset: Ruleset,
    today: date | None,
) -> tuple[Finding, ...]:
    """Return a finding for each claim whose approval would answer for a finding, were it in force.

    `findings` are those that are left in the end: where another approval, a comment or an allowed
    phrase answers for the words, there is nothing to say.
    """
    beyond = _beyond_claims(ruleset)
    left = [finding for finding in findings if finding.rule not in beyond]
    found = [
        _lapse(document, use, span, today)
        for use in uses
        if use.standing is not Standing.IN_FORCE
        for span in use.places
        if any(_covering(use.approval, (span,), finding) for finding in left)
    ]
    return tuple(numbered(sorted(found, key=lambda finding: finding.sort_key)))


def _beyond_claims(ruleset: Ruleset) -> frozenset[str]:
    """Return the rules that no approved claim answers for: of the whole page, or of repetition."""
    return frozenset(rule.id for rule in ruleset.rules if isinstance(rule.check, DOCUMENT_CHECKS))


def problems(approvals: Iterable[Approval], ruleset: Ruleset) -> list[str]:
    """Return a line for everything in approvals that does not fit the rules."""
    symbols = _symbols(ruleset)
    beyond = _beyond_claims(ruleset)
    page_wide = beyond | _page_wide_categories(ruleset, beyond)
    found = []
    for approval in approvals:
        found += [
            f"{approval.where}: “{name}” is about the whole page; an approved claim cannot answer "
            "for it"
            for name in approval.rules
            if name in page_wide
        ]
        if approval.is_phrase:
            names = sorted({_key(each) for each in _references(parse_phrase(approval.text))})
            found += [
                f"{approval.where}: the approved phrase “{approval.text}” names an unknown concept "
                f"“{name}”{nearest(name, symbols)}"
                for name in names
                if name not in symbols
            ]
    return found


def _page_wide_categories(ruleset: Ruleset, beyond: frozenset[str]) -> frozenset[str]:
    of_claims = {rule.category for rule in ruleset.rules if rule.id not in beyond}
    wide = {rule.category for rule in ruleset.rules if rule.id in beyond}
    always = {*ELSEWHERE, Category.DUPLICATE_ITEM, Category.READABILITY, Category.SUPPRESSION}
    return frozenset(each.value for each in always | (wide - of_claims))


def _covering(approval: Approval, spans: Iterable[Span], finding: Finding) -> Span | None:
    """Return the place of an approval's words that all of a finding stands in."""
    if approval.rules and not {finding.rule, finding.category.value} & {*approval.rules}:
        return None
    if finding.category is Category.SUPPRESSION:
        return None
    return next(
        (
            span
            for span in spans
            if span.contains(finding.span)
            and all(span.contains(item.span) for item in finding.evidence)
        ),
        None,
    )


def _lapse(document: Document, use: ApprovalUse, span: Span, today: date | None) -> Finding:
    approval = use.approval
    answering = f"{approval.approver}; {approval.reference}"
    if today is None:
        cause = f"could not be judged, for no day was given ({answering})."
    elif use.standing is Standing.EXPIRED:
        cause = f"expired on {approval.expires} ({answering})."
    else:
        cause = f"counts from {approval.date} only ({answering})."
    words = " ".join(document.source[span.start : span.end].split())
    return Finding(
        rule=_RULES[use.standing],
        category=Category.SUPPRESSION,
        severity=Severity.SUGGESTION,
        span=span,
        match=words,
        message=f"The approval of “{words}” {cause}",
        advice=f"Have the claim reviewed and renew its entry ({approval.where}), or change it."
        if use.standing is Standing.EXPIRED
        else f"Wait with the claim, or correct its entry ({approval.where}).",
    )


# Where the words stand


class _Places:
    """Finds approved words in one draft; its sentences are tagged when a phrase asks for them."""

    def __init__(self, document: Document, ruleset: Ruleset) -> None:
        self._document = document
        self._ruleset = ruleset
        # A house may have hundreds of approvals, and a draft few of them.
        self._whole = "\n".join(block.text for block in document.blocks)
        self._sentences: _Sentences | None = None

    def of(self, approval: Approval) -> tuple[Span, ...]:
        """Return where an approval's words stand, in order."""
        found = self._phrase(approval.text) if approval.is_phrase else self._claim(approval.text)
        return tuple(sorted(dict.fromkeys(found)))

    def _claim(self, text: str) -> Iterator[Span]:
        needle, pattern = _exact(text)
        if needle not in self._whole:
            return
        for block in self._document.blocks:
            if needle in block.text:
                for match in pattern.finditer(block.text):
                    yield block.source_span(match.start(), match.end())

    def _phrase(self, text: str) -> Iterator[Span]:
        if self._sentences is None:
            self._sentences = _Sentences(self._document, self._ruleset)
        for sequence in parse_phrase(text):
            for view in self._sentences.that_may_hold(sequence):
                for start, end in _matches(sequence, view.tagged, self._sentences.concepts):
                    block = self._document.blocks[view.block]
                    yield block.source_span(*view.text_range(start, end))


class _Sentences:
    """A draft's sentences, looked up by their words and concepts."""

    def __init__(self, document: Document, ruleset: Ruleset) -> None:
        self.concepts = _symbols(ruleset)
        self._views = tagged_sentences(document, ruleset)
        self._by_word: dict[str, set[int]] = {}
        self._by_symbol: dict[int, set[int]] = {}
        for number, view in enumerate(self._views):
            tokens = view.tagged.tokens
            for word in {*tokens.norms, *tokens.surfaces}:
                self._by_word.setdefault(word, set()).add(number)
            for symbol in view.tagged.tags:
                self._by_symbol.setdefault(symbol, set()).add(number)

    def that_may_hold(self, sequence: Sequence) -> list[SentenceView]:
        """Return the sentences with all words and concepts of a sequence, in order."""
        left = set(range(len(self._views)))
        for element in sequence:
            if isinstance(element, Words):
                known = element.spellings & self._by_word.keys()
                left &= set().union(*(self._by_word[word] for word in known))
            elif isinstance(element, ConceptRef):
                left &= self._by_symbol.get(self.concepts[_key(element)], set())
        return [self._views[number] for number in sorted(left)]


@lru_cache(maxsize=4096)
def _exact(claim: str) -> tuple[str, re.Pattern[str]]:
    """Return a word to look for first, and the expression that a claim stands for."""
    words = normalise(claim).split()
    first, rest = words[0], words[1:]
    letter = first[0]
    # A name in capitals keeps them.
    if letter.isalpha() and first[1:] == first[1:].lower():
        head = f"[{letter.lower()}{letter.upper()}]{re.escape(first[1:])}"
    else:
        head = re.escape(first)
    body = r"\s+".join((head, *map(re.escape, rest)))
    # Not inside a longer word, number or percentage: "3" is not approved in "3.5" or "3%".
    pattern = rf"(?<!\w)(?<!\w['-])(?<!\d[.,]){body}(?!['-]?\w|[.,]\d|\s?%)"
    return max((first[1:], *rest), key=len), re.compile(pattern)


def _symbols(ruleset: Ruleset) -> dict[str, int]:
    """Return the symbols of concepts, each by its name and form."""
    return {"number": NUMBER, **{name: number for number, name in ruleset.lexicon.names.items()}}


def _key(reference: ConceptRef) -> str:
    return f"{reference.name}.{reference.form}" if reference.form else reference.name


def _references(sequences: Iterable[Sequence]) -> Iterator[ConceptRef]:
    for sequence in sequences:
        for element in sequence:
            if isinstance(element, ConceptRef):
                yield element
            elif isinstance(element, Group):
                yield from _references(element.options)


def _matches(
    sequence: Sequence, tagged: Tagged, concepts: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    """Yield the token ranges of a sequence, the longest from each place."""
    # What stands before `first` is the lead-in of a list, which has its own place.
    for start in range(tagged.first, len(tagged.tokens)):
        end = max(_ends(sequence, 0, start, tagged, concepts), default=start)
        if end > start:
            yield start, end


def _ends(
    sequence: Sequence, step: int, position: int, tagged: Tagged, concepts: Mapping[str, int]
) -> Iterator[int]:
    """Yield where `sequence[step:]` may end if it begins at a token."""
    if step == len(sequence):
        yield position
        return
    for end in _element_ends(sequence[step], position, tagged, concepts):
        yield from _ends(sequence, step + 1, end, tagged, concepts)


def _element_ends(
    element: Element, position: int, tagged: Tagged, concepts: Mapping[str, int]
) -> Iterable[int]:
    if isinstance(element, Edge):
        return (position,) if _is_edge(element, position, tagged) else ()
    if position >= len(tagged.tokens):
        return ()
    if isinstance(element, Words):
        tokens = tagged.tokens
        here = {tokens.norms[position], tokens.surfaces[position]}
        return () if element.spellings.isdisjoint(here) else (position + 1,)
    if isinstance(element, Group):
        return tuple(
            end
            for option in element.options
            for end in _ends(option, 0, position, tagged, concepts)
        )
    if isinstance(element, ConceptRef):
        return tagged.tags.get(concepts[_key(element)], {}).get(position, ())
    return ()


def _is_edge(edge: Edge, position: int, tagged: Tagged) -> bool:
    is_word = tagged.tokens.is_word
    if edge.sign == "$":
        return not any(is_word[position:])
    if not any(is_word[tagged.first : position]):
        return True
    return edge.sign == "^^" and tagged.tokens.norms[position - 1] in _CLAUSE_OPENERS
