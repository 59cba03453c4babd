"""Word documents (.docx), read with nothing but the standard library.

The source of such a document is its extracted text (see `reading`); every position counts in that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.document import BlockKind, Document, Place
from medlint.parsing.builder import DocumentBuilder
from medlint.parsing.docx.model import Kind
from medlint.parsing.docx.reading import read
from medlint.parsing.raised import raised
from medlint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.parsing.docx.model import Container
    from medlint.parsing.docx.reading import Line
    from medlint.parsing.docx.styles import Look
    from medlint.parsing.lines import Piece

__all__ = ["parse"]

# In twentieths of a point: what an eye takes for the same indentation.
_SAME_INDENT = 120


def parse(data: bytes, path: str) -> Document:
    """Parse a Word document from its bytes.

    Raises:
        InputError: it is broken, encrypted, hostile, or not wholly in this file.
    """
    word = read(data, path)
    builder = DocumentBuilder(word.source, path, "docx")
    _Writer(builder).write(word.lines)
    for comment in word.comments:
        builder.comment(comment.span.start, comment.span.end, comment.text)
    document = builder.finish()
    return replace(
        document,
        # What can be deleted from the text cannot be deleted from the document behind it.
        blocks=tuple(replace(block, removal=None) for block in document.blocks),
        places=tuple(Place(line.start, line.place) for line in word.lines),
        is_extracted=True,
    )


@dataclass(slots=True)
class _List:
    """An open list: how deep its items say they are, which numbering they have."""

    look: Look


class _Writer:
    """Hands lines to the builder, and opens and closes lists and cells around them."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._lists: list[_List] = []
        self._container: Container | None = None
        self._story = 0
        self._base = 0

    def write(self, lines: Iterable[Line]) -> None:
        """Write all lines."""
        for line in lines:
            if line.paragraph.is_alternative:
                self._builder.aside(BlockKind.ALT, _plain_pieces(line))
                continue
            if line.paragraph.container is not self._container:
                self._enter(line)
            self._write(line)

    def _enter(self, line: Line) -> None:
        """Begin what holds the line, and end what held the one before."""
        builder = self._builder
        container = line.paragraph.container
        builder.close_to(0)
        self._lists.clear()
        if line.story != self._story:
            builder.leave_sections()
        if line.story != self._story or not container.is_cell:
            builder.divide()
        if container.is_cell:
            builder.open(BlockKind.TABLE_CELL)
        self._base = builder.depth
        self._container, self._story = container, line.story

    def _write(self, line: Line) -> None:
        builder, look = self._builder, line.look
        if look.kind is BlockKind.LIST_ITEM:
            self._open_item(look)
            builder.start()
        elif look.kind is BlockKind.PARAGRAPH:
            if not self._continues_item(look):
                self._close_lists()
            builder.start()
        else:
            self._close_lists()
            level = look.level if look.kind is BlockKind.HEADING else 0
            builder.start(look.kind, level)
        _write_pieces(line, builder)
        builder.end()

    def _continues_item(self, look: Look) -> bool:
        """Tell whether a paragraph without bullet is indented like the text of the item above."""
        return bool(self._lists) and look.indent >= max(self._lists[-1].look.indent, 1)

    def _close_lists(self, keep: int = 0) -> None:
        if len(self._lists) > keep:
            del self._lists[keep:]
            self._builder.close_to(self._base + 2 * keep)

    def _open_item(self, look: Look) -> None:
        """Begin an item in the list that it belongs to."""
        lists, builder = self._lists, self._builder
        while lists and _depth(look, lists[-1].look) < 0:
            self._close_lists(len(lists) - 1)
        if lists and _depth(look, lists[-1].look) == 0:
            if _is_same_list(look, lists[-1].look):
                lists[-1].look = look
                builder.close()
                builder.open_item()
                return
            self._close_lists(len(lists) - 1)
        lists.append(_List(look))
        builder.open_list()
        builder.open_item()


def _depth(look: Look, other: Look) -> int:
    """Tell how an item stands to another's list: inside (1), beside (0) or outside (-1)."""
    if look.level != other.level or look.number == other.number:
        return (look.level > other.level) - (look.level < other.level)
    # The styles “List Bullet” and “List Bullet 2” are lists of one level each.
    difference = look.indent - other.indent
    return 0 if abs(difference) <= _SAME_INDENT else (difference > 0) - (difference < 0)


def _is_same_list(look: Look, other: Look) -> bool:
    """Tell whether two items beside each other look alike; pasted ones differ in their ids."""
    return look.number == other.number or look.counts == other.counts


def _plain_pieces(line: Line) -> list[Piece]:
    return [(line.paragraph.text, line.start, line.paragraph.length)]


def _write_pieces(line: Line, builder: DocumentBuilder) -> None:
    """Add a line's text to the builder's open block."""
    position = line.start
    for kind, text in line.paragraph.joined():
        length = len(text)
        if kind is Kind.BREAK:
            builder.line_end(position, length, hard=True)
        elif kind is Kind.OBJECT:
            builder.placeholder(position, length)
        elif kind is Kind.RAISED:
            builder.add(raised(text, builder.last_character), position, length)
        else:
            builder.add(text, position, length)
        position += length
