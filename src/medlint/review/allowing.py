"""Finds the place for a comment that answers for a finding.

Where a comment may stand depends on the format and on what is around it: one line too early and it
ends a list. So places are tried, the usual one first, and the draft is linted with the comment in
it: the finding must go, and everything else stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from medlint.config import ELSEWHERE
from medlint.document import Block, BlockKind, Document
from medlint.errors import FixError, MedlintError
from medlint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

# Returns a source's model and findings; raises a MedlintError where it cannot be checked.
FindingsOf = Callable[[str], tuple[Document, tuple[Finding, ...]]]

_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>[ \t]*(?:\r\n|\r|\n)?", re.IGNORECASE)
_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_BREAK = re.compile(r"\r\n|\r|\n")


def commented(
    document: Document,
    findings: tuple[Finding, ...],
    finding: Finding,
    reason: str,
    findings_of: FindingsOf,
) -> str:
    """Return the source with a comment that takes out one finding.

    `findings` are all findings of the document. Others of the same rule on the line go too.

    Raises:
        FixError: no comment can stand there.
    """
    for source in _candidates(document, finding, _safe(reason)):
        try:
            changed, left = findings_of(source)
        except MedlintError:
            continue
        if shape(changed) == shape(document) and _answers(findings, left, finding):
            return source
    message = "no comment can stand here; allow the phrase instead, or leave the rule out"
    raise FixError(message)


def block_of(document: Document, finding: Finding) -> Block | None:
    """Return the block that a finding begins in; None for one about a comment."""
    holding = (
        block
        for block in document.blocks
        if block.span.start <= finding.span.start < block.span.end
    )
    return min(holding, key=lambda block: block.span.end - block.span.start, default=None)


def _answers(before: tuple[Finding, ...], after: tuple[Finding, ...], finding: Finding) -> bool:
    """Tell whether the finding went, with none of another rule, and nothing came."""
    left = {each.fingerprint for each in after}
    gone = [each for each in before if each.fingerprint not in left]
    return (
        finding.fingerprint not in left
        and all(each.rule == finding.rule for each in gone)
        and left <= {each.fingerprint for each in before}
    )


def shape(document: Document) -> tuple[tuple[object, ...], ...]:
    """Return what a reader gets: every block, wherever in the source it stands."""
    return tuple(
        (block.kind, block.text, block.level, block.place, block.key, block.section)
        for block in document.blocks
    )


def newline_of(source: str) -> str:
    """Return the line break that a source uses."""
    found = _BREAK.search(source)
    return found[0] if found else "\n"


def _safe(reason: str) -> str:
    """Return a reason that ends neither the comment nor a table's cell."""
    return re.sub(r"-{2,}>?", "\u2013", reason.replace("<!--", "")).replace("|", "/").strip()


def _candidates(document: Document, finding: Finding, reason: str) -> Iterator[str]:
    """Yield the source with the comment in each place that it may stand, the best first."""
    source = document.source
    newline = newline_of(source)
    name = f"{finding.rule} -- {reason}"

    def inserted(position: int, text: str) -> str:
        return source[:position] + text + source[position:]

    if finding.category in ELSEWHERE:
        comment = f"medlint-disable-file {name}"
        fence = _FENCE.match(source) if document.front_matter else None
        doctype = _DOCTYPE.match(source)
        if fence:
            yield inserted(fence.end(), f"# {comment}{newline}")
        elif doctype:
            yield inserted(doctype.end(), f"<!-- {comment} -->{newline}")
        else:
            yield inserted(0, f"<!-- {comment} -->{newline}{newline}")
    begin, end = line_of(document, finding.span.start)
    line = source[begin:end]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    block = block_of(document, finding)
    if block is not None and block.kind is BlockKind.FRONT_MATTER:
        yield inserted(begin, f"{indent}# medlint-disable-next-line {name}{newline}")
        return
    beside = f" <!-- medlint-disable-line {name} -->"
    above = f"{indent}<!-- medlint-disable-next-line {name} -->{newline}"
    if document.format == "html" or _opens(document, block, begin):
        # A blank line between them, or some readers of Markdown take the text for HTML.
        yield inserted(begin, above if document.format == "html" else above + newline)
    yield inserted(begin + len(line.rstrip()), beside)
    if block is not None and begin <= block.span.end <= end:
        yield inserted(block.span.end, beside)
    yield inserted(begin, above)
    if block is not None:
        first, _ = line_of(document, block.span.start)
        _, last = line_of(document, max(block.span.end - 1, block.span.start))
        opening = f"<!-- medlint-disable {name} -->{newline}{newline}"
        closing = f"{newline}{newline}<!-- medlint-enable {finding.rule} -->"
        yield source[:first] + opening + source[first:last] + closing + source[last:]


def _opens(document: Document, block: Block | None, begin: int) -> bool:
    """Tell whether a line that begins there opens a paragraph or heading of the page itself."""
    if block is None or block.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
        return False
    lead = document.source[begin : block.span.start]
    return block.span.start >= begin and re.fullmatch(r" {0,3}(?:#+[ \t]+)?[*_]*", lead) is not None


def line_of(document: Document, position: int) -> tuple[int, int]:
    """Return where a position's line begins, and where it ends before its line break."""
    starts = document.lines.starts
    number, _ = document.lines.position(position)
    end = starts[number] if number < len(starts) else len(document.source)
    line = document.source[starts[number - 1] : end]
    return starts[number - 1], starts[number - 1] + len(line.rstrip("\r\n"))
