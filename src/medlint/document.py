"""The text model: what a parser makes of a draft, with the way back to the source.

All positions are code points. "Source" positions count in the decoded file; "text" positions
count in a block's normalised text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping


class BlockKind(StrEnum):
    """What a block is in the draft; rules name these in `where`."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    TABLE_CELL = "table-cell"
    QUOTATION = "quotation"
    CAPTION = "caption"
    ALT = "alt"
    TITLE = "title"
    META = "meta"
    FRONT_MATTER = "front-matter"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Sorted runs that lead from a block's text back to the source.

    Run `i` covers text from `text_starts[i]` up to the next run's start (or `text_length`) and
    source from `source_starts[i]` for `source_lengths[i]` code points. A run whose two lengths
    differ (an entity, a folded line wrap) is atomic: any part of it maps to the whole.
    """

    text_starts: tuple[int, ...]
    source_starts: tuple[int, ...]
    source_lengths: tuple[int, ...]
    text_length: int

    def source_span(self, start: int, end: int) -> Span:
        """Return the source range of the text range `start:end`.

        An empty range maps to an empty range at the same place.
        """
        if not self.text_starts:
            return Span(0, 0)
        first = max(bisect_right(self.text_starts, start) - 1, 0)
        begin = self._position(first, start, at_end=False)
        if end <= start:
            return Span(begin, begin)
        last = max(bisect_left(self.text_starts, end) - 1, first)
        return Span(begin, self._position(last, end, at_end=True))

    def part(self, start: int, end: int) -> OffsetMap:
        """Return the map of `text[start:end]`."""
        if not self.text_starts:
            return self
        first = max(bisect_right(self.text_starts, start) - 1, 0)
        last = max(bisect_left(self.text_starts, end), first + 1)
        # A run that is cut maps its part; an atomic one still maps as a whole.
        spans = [
            self.source_span(max(begin, start), min(stop, end))
            for begin, stop in zip(
                self.text_starts[first:last],
                (*self.text_starts[first + 1 : last], self.text_length),
                strict=True,
            )
        ]
        return OffsetMap(
            tuple(max(begin - start, 0) for begin in self.text_starts[first:last]),
            tuple(span.start for span in spans),
            tuple(span.end - span.start for span in spans),
            end - start,
        )

    def _position(self, run: int, text_position: int, *, at_end: bool) -> int:
        text_start = self.text_starts[run]
        following = run + 1
        text_end = (
            self.text_starts[following] if following < len(self.text_starts) else self.text_length
        )
        source_start = self.source_starts[run]
        source_length = self.source_lengths[run]
        if text_end - text_start == source_length:
            return source_start + text_position - text_start
        return source_start + source_length if at_end else source_start


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block: a range of the block's text, without outer blanks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a list item stands.

    `list_id` is unique within the document and differs for nested lists; `parent` is the
    `list_id` of the list around it; `depth` counts from 0; `lead_in` is the index of the block
    that introduces the list, if one does.
    """

    list_id: int
    depth: int = 0
    parent: int | None = None
    lead_in: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that reads as one piece.

    `text` is normalised for matching; `offsets` leads back to the source; `level` is a heading's
    level (1 to 6) and otherwise 0; `section` indexes `Document.sections`; `key` is the path of a
    front-matter value ("seo.description").
    """

    kind: BlockKind
    text: str
    offsets: OffsetMap
    sentences: tuple[Sentence, ...]
    section: int = 0
    level: int = 0
    place: ListPlace | None = None
    key: str = ""
    # An item's whole extent with its marker and line end, which is what its removal would delete.
    removal: Span | None = None

    def source_span(self, start: int, end: int) -> Span:
        """Return the source range of `text[start:end]`."""
        return self.offsets.source_span(start, end)

    @property
    def span(self) -> Span:
        """The source range of the whole block's text."""
        return self.offsets.source_span(0, len(self.text))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what follows it, up to the next heading of its level or above.

    `heading` indexes `Document.blocks`; the first section has none and level 0. `parent` indexes
    `Document.sections`.
    """

    heading: int | None
    level: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the source: its whole range and its text without the delimiters."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """What the source from `start` on is called where lines mean nothing to a reader."""

    start: int
    name: str


@dataclass(frozen=True, slots=True)
class LineIndex:
    r"""Line starts of a source, where "\n", "\r\n" and a lone "\r" each end a line."""

    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, source: str) -> LineIndex:
        """Index the lines of `source`."""
        starts = [0]
        position = 0
        for line in source.splitlines(keepends=True):
            position += len(line)
            # str.splitlines also breaks at form feeds and Unicode separators, which editors
            # show inside a line.
            if line[-1] in "\r\n":
                starts.append(position)
        return cls(tuple(starts), len(source))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a code point offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


@dataclass(frozen=True)
class Document:
    """A parsed draft; immutable.

    `path` is what the user called it; `format` the parser's name. `front_matter` is the parsed
    data (empty where there is none). `is_extracted` tells that the file is no text and `source` was
    taken out of it; `places` then name its parts, in order.
    """

    path: str
    format: str
    source: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    comments: tuple[Comment, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    is_extracted: bool = False

    def place(self, offset: int) -> str:
        """Return what the place of an offset is called, nothing where its line says it all."""
        number = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[number - 1].name if number else ""

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the source."""
        return LineIndex.of(self.source)

    @cached_property
    def words(self) -> int:
        """How many words the linted text has."""
        return sum(len(block.text.split()) for block in self.blocks)
