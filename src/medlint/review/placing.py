"""Finds the place for a paragraph of what a draft leaves out, behind the claim that owes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.errors import FixError, MedlintError
from medlint.review.allowing import block_of, line_of, newline_of, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import Block, Document
    from medlint.findings import Finding
    from medlint.review.allowing import FindingsOf

_CLOSING = re.compile(r"</(?:p|h[1-6]|ul|ol|dl|table|blockquote|figure|div)\s*>", re.IGNORECASE)
_END_OF_BODY = re.compile(r"</body\s*>", re.IGNORECASE)
# Several of these stand together: a paragraph goes behind the last one.
_TOGETHER = frozenset((BlockKind.LIST_ITEM, BlockKind.TABLE_CELL, BlockKind.QUOTATION))


def with_paragraph(
    document: Document, finding: Finding, text: str, findings_of: FindingsOf
) -> tuple[str, int]:
    """Return the source with a paragraph behind the finding's, and where the new one begins.

    Raises:
        FixError: there is no place for it.
    """
    for position, lead, piece, tail in _candidates(document, finding, text):
        source = document.source[:position] + lead + piece + tail + document.source[position:]
        try:
            changed, _ = findings_of(source)
        except MedlintError:
            continue
        if _is_added(document, changed):
            return source, position + len(lead)
    message = "no paragraph can stand behind this; edit the words yourself"
    raise FixError(message)


def _is_added(document: Document, changed: Document) -> bool:
    """Tell whether the change is one new paragraph and nothing else."""
    before, after = shape(document), shape(changed)
    if len(after) != len(before) + 1:
        return False
    new = next((n for n, each in enumerate(after) if before[n : n + 1] != (each,)), len(before))
    return (
        after[:new] + after[new + 1 :] == before and changed.blocks[new].kind is BlockKind.PARAGRAPH
    )


def _candidates(
    document: Document, finding: Finding, text: str
) -> Iterator[tuple[int, str, str, str]]:
    """Yield positions with what goes there: line breaks, the paragraph, line breaks."""
    source = document.source
    newline = newline_of(source)
    ends = [block.span.end for block in _carriers(document, finding)]
    if document.format == "html":
        from html import escape  # noqa: PLC0415  seldom needed

        piece = f"<p>{escape(text, quote=False)}</p>"
        closings = (_CLOSING.search(source, end) for end in ends)
        yield from ((each.end(), newline, piece, "") for each in closings if each)
        body = _END_OF_BODY.search(source)
        yield (body.start() if body else len(source)), newline, piece, newline
        return
    for end in ends:
        _, stop = line_of(document, max(end - 1, 0))
        yield stop, newline * 2, text, ""
    yield len(source.rstrip()), newline * 2, text, "" if source[-1:] in "\r\n" else newline


def _carriers(document: Document, finding: Finding) -> Iterator[Block]:
    """Yield the blocks that the paragraph may follow, the nearest first."""
    start = block_of(document, finding)
    if start is None or start.kind is BlockKind.FRONT_MATTER:
        return
    blocks = document.blocks
    number = blocks.index(start)
    while number < len(blocks):
        block, following = blocks[number], blocks[number + 1 : number + 2]
        together = following and block.kind in _TOGETHER and following[0].kind is block.kind
        # A heading is no place to stop: what it heads comes first.
        if not together and block.kind is not BlockKind.HEADING:
            yield block
        number += 1
