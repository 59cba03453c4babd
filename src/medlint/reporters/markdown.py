"""A draft of any format as Markdown: its words as they were written, under its headings and lists.

Not a report, but what the review page saves of a Word document or a page of HTML.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.reporters.html_report.passages import as_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medlint.document import Block, Document

# What would be read as markup inside a line; an underscore only at the edge of a word.
_INLINE = re.compile(r"[\\`*\[\]<>]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|!(?=\[)|~")
# What would be read as a heading, a bullet, a number, a rule at the beginning of a line.
_FIRST = re.compile(r"(?:(?=#{1,6}(?:\s|$))|(?=[-+=~|:])|(?<!.)(\d{1,9})(?=[.)](?:\s|$)))")
_CELL = re.compile(r"(?:.*, )?table (\d+), row (\d+), cell (\d+)(?:,|\Z)")
# These are about their own line; the others stand before what they are about.
_SAME_LINE = ("medlint-disable-line", "medlint-disable-next-line")
_INDENT = "  "
_EMPHASISED = frozenset({BlockKind.FRONT_MATTER, BlockKind.META, BlockKind.TITLE})


def as_markdown(document: Document) -> str:
    """Return a draft as Markdown; comments that suppress findings come along."""
    return _Writer(document).write()


class _Writer:
    """Writes one draft."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._comments = self._by_block()

    def write(self) -> str:
        paragraphs: list[str] = []
        filled = [pair for pair in enumerate(self._document.blocks) if pair[1].text.strip()]
        for (kind, _), group in groupby(filled, lambda pair: self._group(*pair)):
            blocks = list(group)
            for number, _ in blocks:
                paragraphs += map(_comment, self._before(number))
            if kind == "table":
                paragraphs.append(self._table(blocks))
            else:
                paragraphs.append("\n".join(self._line(*pair) for pair in blocks))
        return "\n\n".join(paragraphs) + "\n"

    def _group(self, number: int, block: Block) -> tuple[str, int]:
        """Return what stands together, without an empty line between."""
        cell = self._cell(block)
        if cell is not None:
            return "table", cell[0]
        if block.kind is BlockKind.LIST_ITEM and not self._before(number):
            return "list", 0
        return "", number

    # Comments

    def _by_block(self) -> dict[int, list[str]]:
        """Return the comments that suppress, by the block that each stands in or before."""
        blocks = self._document.blocks
        found: dict[int, list[str]] = {}
        for comment in self._document.comments:
            text = " ".join(comment.text.split())
            if not text.startswith("medlint-"):
                continue
            following = (n for n, each in enumerate(blocks) if each.span.end > comment.span.start)
            found.setdefault(next(following, len(blocks) - 1), []).append(text)
        return found

    def _before(self, number: int) -> list[str]:
        return [t for t in self._comments.get(number, ()) if not t.startswith(_SAME_LINE)]

    def _beside(self, number: int) -> str:
        own = (t for t in self._comments.get(number, ()) if t.startswith(_SAME_LINE))
        return "".join(f" {_comment(text)}" for text in own)

    # Blocks

    def _line(self, number: int, block: Block) -> str:
        text = self._text(block)
        return self._styled(block, text) + self._beside(number)

    def _styled(self, block: Block, text: str) -> str:
        if block.kind is BlockKind.HEADING:
            return f"{'#' * block.level} {text}"
        if block.kind is BlockKind.LIST_ITEM:
            depth = block.place.depth if block.place else 0
            return f"{_INDENT * depth}- {_first(text)}"
        if block.kind is BlockKind.QUOTATION:
            return f"> {_first(text)}"
        if block.kind is BlockKind.ALT:
            return f"![{text}](picture)"
        return f"*{text}*" if block.kind in _EMPHASISED else _first(text)

    def _text(self, block: Block) -> str:
        written = as_written(block, self._document.source, 0, len(block.text))
        return _INLINE.sub(r"\\\g<0>", " ".join(written.split()))

    def _cell(self, block: Block) -> tuple[int, int, int] | None:
        """Return table, row and cell of a block, where the document knows them."""
        if block.kind is not BlockKind.TABLE_CELL:
            return None
        found = _CELL.match(self._document.place(block.span.start))
        return (int(found[1]), int(found[2]), int(found[3])) if found else None

    def _table(self, blocks: Sequence[tuple[int, Block]]) -> str:
        rows: dict[int, dict[int, str]] = {}
        for number, block in blocks:
            place = self._cell(block)
            if place is None:
                continue
            row = rows.setdefault(place[1], {})
            text = (self._text(block) + self._beside(number)).replace("|", r"\|")
            row[place[2]] = f"{row[place[2]]}<br>{text}" if place[2] in row else text
        width = max(max(row) for row in rows.values())
        lines = [
            f"| {' | '.join(row.get(cell, '') for cell in range(1, width + 1))} |"
            for _, row in sorted(rows.items())
        ]
        return "\n".join((lines[0], f"|{' --- |' * width}", *lines[1:]))


def _first(text: str) -> str:
    """Keep the beginning of a line from being read as markup."""
    found = _FIRST.match(text)
    return text if found is None else f"{text[: found.end()]}\\{text[found.end() :]}"


def _comment(text: str) -> str:
    return f"<!-- {text.replace('-->', '—>')} -->"
