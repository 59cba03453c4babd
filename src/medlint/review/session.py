"""A review as a chain of states, each made from the one before by a step.

Nothing is ever changed in place, so undoing a step is going back to the state before it. A step
that cannot be taken raises, and the state stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from medlint import fixes, suppress
from medlint.blanks import filled, replaced
from medlint.document import Span
from medlint.errors import FixError
from medlint.findings import Category, Edit, FileReport, Finding, Rewrite
from medlint.records import dataclass, field, replace
from medlint.review.allowing import block_of, commented
from medlint.review.placing import with_paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.blanks import Blank
    from medlint.document import Document

# Lints a source; raises a MedlintError where it cannot be checked.
Lint = Callable[[str], FileReport]


class Act(StrEnum):
    """What a step did."""

    TAKEN = "taken"
    EDITED = "edited"
    ALLOWED = "allowed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are fine wherever they stand, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A draft under review.

    `findings` are those of `source` that no comment and no phrase of this review takes out.
    `cursor` is where the next finding is looked for; `skipped` holds fingerprints. No phrase allows
    what the `page_wide` rules find. `act` is the step that led here, from the state `before`.
    """

    source: str
    document: Document = field(compare=False, repr=False)
    findings: tuple[Finding, ...]
    cursor: int = 0
    skipped: frozenset[str] = frozenset()
    page_wide: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()
    act: Act | None = None
    before: Session | None = field(default=None, repr=False)


def start(
    source: str,
    lint: Lint,
    skipped: frozenset[str] = frozenset(),
    page_wide: frozenset[str] = frozenset(),
) -> Session:
    """Begin a review; `skipped` holds the fingerprints of findings not to be asked about."""
    report = lint(source)
    return Session(
        source=source,
        document=_document(report),
        findings=report.findings,
        skipped=skipped,
        page_wide=page_wide,
    )


def pending(session: Session) -> tuple[Finding, ...]:
    """Return the findings that still want an answer."""
    return tuple(each for each in session.findings if each.fingerprint not in session.skipped)


def current(session: Session) -> Finding | None:
    """Return the finding to ask about: the next one behind the cursor, then from the start."""
    waiting = pending(session)
    behind = (each for each in waiting if each.span.start >= session.cursor)
    return next(behind, waiting[0] if waiting else None)


def told_apart(rewrite: Rewrite) -> Rewrite:
    """Return a rewrite in which no two blanks share a name.

    “Of [number] people, [number] improved” asks for two facts: the second is “number (2)”.
    """

    def renamed(texts: Iterable[str]) -> Iterator[str]:
        seen: dict[str, int] = {}

        def numbered(blank: Blank) -> str:
            seen[blank.name] = count = seen.get(blank.name, 0) + 1
            return f"[{blank.name}]" if count == 1 else f"[{blank.name} ({count})]"

        for text in texts:
            yield replaced(text, numbered)

    ordered = sorted(rewrite.edits, key=lambda edit: edit.span)
    texts = renamed(edit.text for edit in ordered)
    edits = tuple(Edit(edit.span, text) for edit, text in zip(ordered, texts, strict=True))
    return Rewrite(rewrite.kind, next(renamed((rewrite.text,))), edits)


def take(
    session: Session, finding: Finding, rewrite: Rewrite, values: Mapping[str, str], lint: Lint
) -> Session:
    """Apply a rewrite with its blanks filled.

    Raises:
        FixError: a blank is empty, or the rewrite has no place in the draft.
        InputError: the draft with it cannot be checked.
    """
    done = filled(rewrite, {name: _one_line(value) for name, value in values.items()})
    if not done.edits:
        message = "this rewrite names no place in the draft; edit the words yourself"
        raise FixError(message)
    source = fixes.replaced(session.source, done.edits)
    cursor = min(edit.span.start for edit in done.edits)
    # A removal may end the draft before the place of its finding.
    return _stepped(session, Act.TAKEN, source, min(cursor, finding.span.start), lint)


def edit(session: Session, span: Span, text: str, lint: Lint) -> Session:
    """Put the author's own words in the place of a range of the source.

    Raises:
        FixError: they are the words that stand there.
        InputError: the draft with them cannot be checked.
    """
    source = fixes.replaced(session.source, (Edit(span, text),))
    if source == session.source:
        message = "the words are as they were"
        raise FixError(message)
    return _stepped(session, Act.EDITED, source, span.start, lint)


def insert(session: Session, finding: Finding, text: str, lint: Lint) -> Session:
    """Put what a draft leaves out in a paragraph behind the claim that owes it.

    Raises:
        FixError: there is nothing to say, or no place for it.
    """

    def findings_of(source: str) -> tuple[Document, tuple[Finding, ...]]:
        return _linted(source, session, lint)

    if not text.strip():
        message = "an empty paragraph discloses nothing"
        raise FixError(message)
    source, cursor = with_paragraph(session.document, finding, text.strip(), findings_of)
    return _stepped(session, Act.EDITED, source, min(cursor, finding.span.start), lint)


def skip(session: Session, finding: Finding) -> Session:
    """Leave a finding for another day; the draft stays as it is."""
    return replace(
        session,
        cursor=finding.span.start,
        skipped=session.skipped | {finding.fingerprint},
        act=Act.SKIPPED,
        before=session,
    )


def allow(session: Session, finding: Finding, reason: str, lint: Lint) -> Session:
    """Answer for a finding by a comment in the draft.

    Raises:
        FixError: there is no reason, or no comment can stand there.
    """

    def findings_of(source: str) -> tuple[Document, tuple[Finding, ...]]:
        return _linted(source, session, lint)

    _refuse_suppression(finding)
    source = commented(session.document, session.findings, finding, _required(reason), findings_of)
    return _stepped(session, Act.ALLOWED, source, finding.span.start, lint)


def allow_phrase(
    session: Session, finding: Finding, words: str, reason: str, lint: Lint
) -> Session:
    """Answer for words wherever they stand, by the configuration.

    Raises:
        FixError: there is no reason, or the words do not cover the finding.
    """
    _refuse_suppression(finding)
    if not suppress.answerable(finding, session.page_wide):
        message = (
            "what is about the page as a whole cannot be allowed by a phrase; "
            "a comment can answer for it"
        )
        raise FixError(message)
    phrase = Phrase(_one_line(words), _required(reason))
    if not phrase.text or _without(session.document, (finding,), (phrase,), session.page_wide):
        message = f"the phrase must hold “{finding.match}” as it stands in the draft"
        raise FixError(message)
    changed = replace(session, phrases=(*session.phrases, phrase))
    stepped = _stepped(changed, Act.ALLOWED, session.source, finding.span.start, lint)
    return replace(stepped, before=session)


def undo(session: Session) -> Session:
    """Return the state before the last step, or this one where there was none."""
    return session.before or session


def acts(session: Session) -> dict[Act, int]:
    """Count the steps that led here."""
    counts = dict.fromkeys(Act, 0)
    state: Session | None = session
    while state is not None:
        if state.act is not None:
            counts[state.act] += 1
        state = state.before
    return counts


def sentence_of(document: Document, finding: Finding) -> Span:
    """Return the source range of the sentences that a finding stands in."""
    block = block_of(document, finding)
    if block is None:
        return finding.span
    spans = [block.source_span(each.start, each.end) for each in block.sentences]
    touched = [span for span in spans if span.overlaps(finding.span)]
    if not touched:
        return finding.span
    return Span(min(finding.span.start, touched[0].start), max(finding.span.end, touched[-1].end))


def _stepped(session: Session, act: Act, source: str, cursor: int, lint: Lint) -> Session:
    document, findings = _linted(source, session, lint)
    return replace(
        session,
        source=source,
        document=document,
        findings=findings,
        cursor=cursor,
        act=act,
        before=session,
    )


def _linted(source: str, session: Session, lint: Lint) -> tuple[Document, tuple[Finding, ...]]:
    """Lint a source, and leave out what the phrases of a review allow."""
    report = lint(source)
    document = _document(report)
    return document, _without(document, report.findings, session.phrases, session.page_wide)


def _document(report: FileReport) -> Document:
    if report.document is None:
        message = f"the report of {report.path} came without its text"
        raise ValueError(message)
    return report.document


def _without(
    document: Document,
    findings: tuple[Finding, ...],
    phrases: tuple[Phrase, ...],
    page_wide: frozenset[str],
) -> tuple[Finding, ...]:
    texts = tuple(phrase.text for phrase in phrases)
    return suppress.allow(document, findings, texts, page_wide).findings


def _refuse_suppression(finding: Finding) -> None:
    if finding.category is Category.SUPPRESSION:
        message = "a comment that suppresses nothing cannot be allowed; edit it away"
        raise FixError(message)


def _required(reason: str) -> str:
    text = _one_line(reason)
    if not text:
        message = "allowing needs a reason; nothing was allowed"
        raise FixError(message)
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
