"""Draws a draft's text: headings, lists and the rest, with findings marked and numbered."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.reporters.html_report.markup import BREAK, Html, element, joined, lines
from medlint.reporters.html_report.passages import as_written, is_extra, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from medlint.document import Block, Document
    from medlint.reporters.html_report.passages import Placed

# The draft's own headings begin below the report's.
_HEADING = 4
_LAST_HEADING = 6
# Beyond this many lines under one another, they would run into the next line of text.
_LANES = 4
_EXTRA = {
    BlockKind.ALT: "Picture text",
    BlockKind.CAPTION: "Caption",
    BlockKind.FRONT_MATTER: "Front matter",
    BlockKind.META: "Description",
    BlockKind.TITLE: "Title",
}
_GROUPS = {
    BlockKind.LIST_ITEM: "ul",
    BlockKind.TABLE_CELL: "div",
    BlockKind.QUOTATION: "blockquote",
}


class TextView:
    """One draft's text; `prefix` begins all ids, for a page may show several drafts."""

    def __init__(
        self, document: Document, placed: Mapping[int, tuple[Placed, ...]], prefix: str
    ) -> None:
        """Take the draft and the findings of its blocks."""
        self._document = document
        self._placed = placed
        self._prefix = prefix
        self._started: set[int] = set()

    def render(self, numbers: Sequence[int]) -> Html:
        """Return some of the blocks, in their order."""

        def key(number: int) -> tuple[BlockKind | None, int]:
            kind = self._document.blocks[number].kind
            # Only what forms one list, table or quotation stands together.
            return (kind, 0) if kind in _GROUPS else (None, number)

        parts = []
        for (kind, _), group in groupby(numbers, key):
            drawn = map(self._block, group)
            parts.append(
                next(drawn)
                if kind is None
                else element(_GROUPS[kind], BREAK, lines(drawn), class_=kind.value)
            )
        return lines(parts)

    def _block(self, number: int) -> Html:
        block = self._document.blocks[number]
        identity = f"{self._prefix}b{number}"
        content = joined(self._pieces(block, self._placed.get(number, ())))
        if block.kind is BlockKind.HEADING:
            return element(f"h{self._heading_level(block)}", content, id=identity)
        if block.kind is BlockKind.LIST_ITEM:
            depth = min(block.place.depth, 3) if block.place else 0
            return element("li", content, id=identity, class_=f"depth-{depth}" if depth else None)
        if is_extra(block):
            label = _EXTRA[block.kind] + (f" ({block.key})" if block.key else "")
            kind = element("span", label, ":", class_="kind")
            return element("p", kind, " ", content, id=identity, class_="extra")
        return element("p", content, id=identity)

    def _heading_level(self, block: Block) -> int:
        """Return a level that follows the one above without a gap, whatever the draft skips."""
        sections = self._document.sections
        depth = 0
        parent = sections[block.section].parent
        while parent is not None and sections[parent].heading is not None:
            depth += 1
            parent = sections[parent].parent
        return min(_HEADING + depth, _LAST_HEADING)

    def _pieces(self, block: Block, placed: Sequence[Placed]) -> Iterator[Html]:
        for segment in segments(len(block.text), placed):
            text = as_written(block, self._document.source, segment.start, segment.end)
            piece = joined([text])
            for lane, each in reversed(segment.covering):
                piece = element("mark", piece, **self._mark(lane, each))
            yield piece
            for each in segment.ending:
                yield self._number(each)

    def _mark(self, lane: int, placed: Placed) -> dict[str, str | None]:
        severity = placed.finding.severity.value
        return {
            "class_": f"{severity} lane-{min(lane, _LANES - 1)}",
            "data_f": f"{self._prefix}f{placed.number}",
            "id": self._first(placed),
        }

    def _number(self, placed: Placed) -> Html:
        finding, number = placed.finding, placed.number
        about = "about the whole page" if placed.is_page_wide else finding.category.value
        return element(
            "a",
            str(number),
            class_=f"number {finding.severity}" + (" page-wide" if placed.is_page_wide else ""),
            href=f"#{self._prefix}f{number}",
            aria_label=f"Finding {number}: {finding.severity}, {about}",
            data_f=f"{self._prefix}f{number}",
            id=self._first(placed),
        )

    def _first(self, placed: Placed) -> str | None:
        """Return the id by which a card finds its words: only their first piece has it."""
        if placed.number in self._started:
            return None
        self._started.add(placed.number)
        return f"{self._prefix}t{placed.number}"
