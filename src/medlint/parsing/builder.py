"""What every parser builds a document with.

A parser opens blocks, adds pieces of decoded text with their source ranges, and says where lists,
items and quotations begin and end. The builder normalises, finds sentences, sections and lists
written with plain bullets, and keeps the way back to the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from medlint.document import (
    Block,
    BlockKind,
    Comment,
    Document,
    ListPlace,
    OffsetMap,
    Section,
    Sentence,
    Span,
)
from medlint.parsing.lines import (
    BREAK,
    WRAP,
    ListStack,
    Piece,
    Segment,
    find_marker,
    head,
    indent_of,
    split_at,
    split_lines,
)
from medlint.parsing.normalise import PLACEHOLDER, TextWriter
from medlint.parsing.sentences import split_sentences
from medlint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Of a block, in characters and in sentences. What goes on for longer is no paragraph; it is cut
# between sentences, for within a block each may be weighed against every other.
LONGEST_BLOCK = 6_000
MOST_SENTENCES = 200

_HAS_BULLETS = frozenset(
    {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_CELL, BlockKind.QUOTATION}
)
_INTRODUCES = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.TABLE_CELL,
        BlockKind.QUOTATION,
        BlockKind.CAPTION,
    }
)
_ADDRESS = re.compile(r"(?<![\w.])(?:https?://|www\.)[^\s<>\"]*[^\s<>\"'.,;:!?)\]}*_]")
_OPENING_TAG = re.compile(r"<(?!br\b|img\b|wbr\b|input\b|hr\b)[A-Za-z]")


@dataclass(slots=True)
class _Draft:
    """A block in the making; its removal is known only when its item ends."""

    kind: BlockKind
    text: str
    offsets: OffsetMap
    sentences: tuple[Sentence, ...]
    section: int
    level: int
    place: ListPlace | None
    key: str
    removal: Span | None = None


@dataclass(slots=True)
class _Frame:
    """Something that holds blocks: a list, one of its items, a quotation, a cell.

    `kind` is what its next text block becomes; `place` belongs to a list or an item; `around` is
    the nearest list or item outside.
    """

    kind: BlockKind
    level: int
    first_block: int
    around: _Frame | None
    place: ListPlace | None = None
    is_item: bool = False
    has_list: bool = False


class DocumentBuilder:
    """Collects what a parser finds and makes a `Document` of it.

    Set `indent_nests` where the indentation of a line inside a paragraph is the writer's.
    """

    def __init__(self, source: str, path: str, format_name: str) -> None:
        """Begin a document; `path` is what the user called it."""
        self.source = source
        self.path = path
        self.format = format_name
        self.front_matter: Mapping[str, Any] = {}
        self.indent_nests = False
        self._blocks: list[_Draft] = []
        self._sections = [Section(None, 0, None)]
        self._open_sections = [0]
        self._comments: list[Comment] = []
        self._frames: list[_Frame] = []
        self._lists = 0
        self._loose = ListStack(self._open_loose_list)
        self._latest: int | None = None
        self._pieces: list[Piece] | None = None
        self._has_breaks = False
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._aside: list[tuple[BlockKind, Sequence[Piece], str]] = []

    # Blocks of text

    @property
    def in_text(self) -> bool:
        """Whether a text block is open."""
        return self._pieces is not None

    def start(self, kind: BlockKind | None = None, level: int = 0) -> None:
        """Open a text block, of the surrounding kind unless one is given; end an open one."""
        if self._pieces is not None:
            self.end()
        self._pieces = []
        if kind is None and self._frames:
            frame = self._frames[-1]
            kind, level = frame.kind, frame.level
        self._kind = kind or BlockKind.PARAGRAPH
        self._level = level

    def add(self, text: str, start: int, length: int) -> None:
        """Add decoded text that takes `length` code points from `start` in the source."""
        if self._pieces is None:
            self.start()
        self._pieces.append((text, start, length))  # type: ignore[union-attr]

    def placeholder(self, start: int, length: int) -> None:
        """Add what is no prose, such as inline code: words beside it are no neighbours."""
        self.add(PLACEHOLDER, start, length)

    def line_end(self, start: int, length: int, *, hard: bool) -> None:
        """End a line inside the open block; a hard break is one that the writer set."""
        if self._pieces:
            self._pieces.append((BREAK if hard else WRAP, start, length))
            self._has_breaks = True

    @property
    def last_character(self) -> str:
        """The last character of the open block so far, or nothing."""
        return self._pieces[-1][0][-1:] if self._pieces else ""

    @property
    def after_break(self) -> bool:
        """Whether nothing but blanks follows the last hard break of the open block."""
        for text, _, _ in reversed(self._pieces or ()):
            if text == BREAK:
                return True
            if text and not text.isspace():
                return False
        return False

    def end(self, limit: int | None = None) -> None:
        """End the open text block, if any; `limit` is where it ends in the source, if known."""
        pieces = self._pieces
        if pieces is None:
            return
        self._pieces = None
        has_breaks, self._has_breaks = self._has_breaks, False
        if self._kind in _HAS_BULLETS and pieces:
            if has_breaks or find_marker(head(pieces)) is not None:
                self._store_lines(pieces, limit)
            else:
                self.write(self._kind, pieces)
        else:
            self.write(self._kind, pieces, self._level)
        if self._aside:
            aside, self._aside = self._aside, []
            for kind, its_pieces, key in aside:
                self._store(kind, its_pieces, 0, None, key)

    def write(self, kind: BlockKind, pieces: Sequence[Piece], level: int = 0) -> None:
        """Add a whole block as it is, without looking for bullets in it."""
        place = None
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.is_item and kind is BlockKind.LIST_ITEM:
            place = frame.place
        if not self._store(kind, pieces, level, place, ""):
            return
        self._latest = len(self._blocks) - 1
        self._loose.clear()
        if place is not None and frame is not None:
            frame.kind = BlockKind.PARAGRAPH

    def write_item(
        self, pieces: Sequence[Piece], family: str, indent: int, removal: Span | None
    ) -> None:
        """Add an item of a list that is made of bulleted lines."""
        place = self._loose.place(indent, family)
        before = len(self._blocks)
        if self._store(BlockKind.LIST_ITEM, pieces, 0, place, ""):
            self._latest = len(self._blocks) - 1
            if self._latest == before:
                self._blocks[-1].removal = removal

    def aside(self, kind: BlockKind, pieces: Sequence[Piece], key: str = "") -> None:
        """Add a block that stands inside another, such as an image's alternative text."""
        if self._pieces is not None:
            self._aside.append((kind, pieces, key))
        else:
            self._store(kind, pieces, 0, None, key)

    def value(self, pieces: Sequence[Piece], key: str, place: ListPlace | None) -> None:
        """Add a front-matter value."""
        self._store(BlockKind.FRONT_MATTER, pieces, 0, place, key)

    def comment(self, start: int, end: int, text: str) -> None:
        """Note a comment at `start:end`; `text` is what stands between its delimiters."""
        self._comments.append(Comment(Span(start, end), text.strip()))

    # What holds blocks

    @property
    def depth(self) -> int:
        """How many lists, items, quotations and cells are open."""
        return len(self._frames)

    def open(self, kind: BlockKind, level: int = 0) -> None:
        """Begin something whose text is of `kind`."""
        self._push(kind, level)

    def open_list(self) -> None:
        """Begin a list."""
        self.end()
        self._push(BlockKind.PARAGRAPH).place = self._new_list()

    def open_item(self) -> None:
        """Begin an item of the innermost list."""
        self.end()
        frame = self._frames[-1] if self._frames else None
        place = frame.place if frame is not None and not frame.is_item else None
        item = self._push(BlockKind.LIST_ITEM)
        item.place = place or self._new_list()
        item.is_item = True

    def close(self, removal: Span | None = None) -> None:
        """End what was opened last; `removal` is an item's whole range."""
        self.end()
        self._loose.clear()
        frame = self._frames.pop()
        if not frame.is_item or frame.has_list or removal is None:
            return
        if len(self._blocks) - frame.first_block == 1:
            block = self._blocks[-1]
            if block.place is frame.place:
                block.removal = removal

    def close_to(self, depth: int) -> None:
        """End all that was opened inside the outermost `depth` things."""
        while len(self._frames) > depth:
            self.close()

    def divide(self) -> None:
        """Note a break between blocks, such as a rule: no list goes on, nothing leads in."""
        self.end()
        self._loose.clear()
        self._latest = None

    def leave_sections(self) -> None:
        """Note that what follows belongs to no heading above, as a footnote does."""
        self.end()
        del self._open_sections[1:]

    def finish(self) -> Document:
        """Return the document."""
        self.end()
        self.close_to(0)
        blocks = tuple(
            Block(
                draft.kind,
                draft.text,
                draft.offsets,
                draft.sentences,
                draft.section,
                draft.level,
                draft.place,
                draft.key,
                draft.removal,
            )
            for draft in self._blocks
        )
        comments = tuple(sorted(self._comments, key=lambda comment: comment.span))
        return Document(
            path=self.path,
            format=self.format,
            source=self.source,
            blocks=blocks,
            sections=tuple(self._sections),
            comments=comments,
            front_matter=self.front_matter,
        )

    # Inside

    def _push(self, kind: BlockKind, level: int = 0) -> _Frame:
        self.end()
        self._loose.clear()
        frame = _Frame(kind, level, len(self._blocks), self._list_frame())
        self._frames.append(frame)
        return frame

    def _list_frame(self) -> _Frame | None:
        """Return the innermost open list or item."""
        if not self._frames:
            return None
        innermost = self._frames[-1]
        return innermost if innermost.place is not None else innermost.around

    def _new_list(self) -> ListPlace:
        """Make the place of a list that begins here inside the open frames."""
        parent = self._list_frame()
        if parent is None:
            return self.list_place(None)
        parent.has_list = True
        return self.list_place(parent.place)

    def _open_loose_list(self, parent: ListPlace | None) -> ListPlace:
        if parent is None:
            return self._new_list()
        if self._latest is not None:
            self._blocks[self._latest].removal = None
        return self.list_place(parent)

    def list_place(self, parent: ListPlace | None, *, led: bool = True) -> ListPlace:
        """Make the place of a new list, introduced by the latest block if that ends in a colon."""
        list_id = self._lists
        self._lists += 1
        lead_in = self._lead_in(parent) if led else None
        if parent is None:
            return ListPlace(list_id, lead_in=lead_in)
        return ListPlace(list_id, parent.depth + 1, parent.list_id, lead_in)

    def _lead_in(self, parent: ListPlace | None) -> int | None:
        if self._latest is None:
            return None
        block = self._blocks[self._latest]
        if not block.text.endswith(":"):
            return None
        is_parent = parent is not None and block.place is parent
        return self._latest if is_parent or block.kind in _INTRODUCES else None

    def _store(
        self,
        kind: BlockKind,
        pieces: Iterable[Piece],
        level: int,
        place: ListPlace | None,
        key: str,
    ) -> bool:
        """Normalise and keep a block; return whether it has any text."""
        writer = TextWriter()
        breaks = []
        for text, start, length in pieces:
            if len(text) == length and ("://" in text or "www." in text):
                for piece, at, its_length in split_at(text, 0, length, _ADDRESS, _no_prose):
                    writer.add(piece, start + at, its_length)
                continue
            writer.add(text, start, length)
            if text == BREAK:
                breaks.append(writer.length)
        text, offsets = writer.finish()
        if not text.strip(PLACEHOLDER + " "):
            return False
        if breaks:
            breaks = [place for place in breaks if _breaks_sentence(text, place)]
        if kind is BlockKind.HEADING:
            self._open_section(level)
        sentences = split_sentences(text, tuple(breaks))
        self._keep(
            _Draft(kind, text, offsets, sentences, self._open_sections[-1], level, place, key)
        )
        return True

    def _keep(self, draft: _Draft) -> None:
        """Keep a block; one that is too long, as several."""
        if len(draft.text) <= LONGEST_BLOCK and len(draft.sentences) <= MOST_SENTENCES:
            self._blocks.append(draft)
            return
        for number, own in enumerate(_groups(draft.sentences)):
            start, end = own[0].start, own[-1].end
            part = replace(
                draft,
                text=draft.text[start:end],
                offsets=draft.offsets.part(start, end),
                sentences=tuple(Sentence(s.start - start, s.end - start) for s in own),
            )
            if number and draft.kind is BlockKind.LIST_ITEM:
                # As an item's further paragraphs.
                part.kind, part.place = BlockKind.PARAGRAPH, None
            self._blocks.append(part)

    def _open_section(self, level: int) -> None:
        sections, stack = self._sections, self._open_sections
        while len(stack) > 1 and sections[stack[-1]].level >= level:
            stack.pop()
        sections.append(Section(len(self._blocks), level, stack[-1]))
        stack.append(len(sections) - 1)

    # Lines of a paragraph

    def _store_lines(self, pieces: list[Piece], limit: int | None) -> None:
        """Store a paragraph whose lines may begin with bullets."""
        segments = split_lines(pieces, continues=self._loose.is_open)
        if len(segments) == 1 and segments[0].marker is None:
            self.write(self._kind, segments[0].pieces)
            return
        kind = self._kind
        for index, segment in enumerate(segments):
            marker = segment.marker
            if marker is None:
                self.write(kind, segment.pieces)
                if kind is BlockKind.LIST_ITEM:
                    kind = BlockKind.PARAGRAPH
                continue
            if kind is BlockKind.LIST_ITEM:
                # "<li>• relief</li>": one bullet too many, no list inside the list.
                self.write(kind, segment.pieces)
                kind = BlockKind.PARAGRAPH
                continue
            following = segments[index + 1].start if index + 1 < len(segments) else None
            indent = self._indent(segment.start) if self.indent_nests else 0
            removal = self._removal(segment, following, limit)
            self.write_item(segment.pieces, marker.family, indent, removal)

    def _indent(self, position: int) -> int:
        """Return how far a marker is indented, if only blanks stand before it."""
        source = self.source
        begin = position
        while begin and source[begin - 1] in " \t>":
            begin -= 1
        at_start = not begin or source[begin - 1] in "\r\n"
        return indent_of(source[begin:position]) if at_start else 0

    def _removal(self, segment: Segment, following: int | None, limit: int | None) -> Span | None:
        """Return the range whose removal deletes an item made of lines, if that is safe."""
        source = self.source
        last = segment.pieces[-1]
        end = last[1] + last[2]
        if following is not None:
            end = following
        elif limit is not None:
            end = limit
            if segment.start and source[segment.start - 1] not in "\r\n":
                # In a quotation the line end has to stay, or the next line's ">" moves here.
                while end > segment.start and source[end - 1] in "\r\n":
                    end -= 1
        return Span(segment.start, end) if _is_balanced(source[segment.start : end]) else None


def _groups(sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    """Yield the sentences of a block that is too long, in parts that are not."""
    first = 0
    for number, sentence in enumerate(sentences):
        is_long = sentence.end - sentences[first].start > LONGEST_BLOCK
        if number > first and (is_long or number - first >= MOST_SENTENCES):
            yield sentences[first:number]
            first = number
    yield sentences[first:]


def _is_balanced(markup: str) -> bool:
    """Tell whether removing `markup` leaves no half of a pair behind."""
    return (
        markup.count("[") == markup.count("]")
        and len(_OPENING_TAG.findall(markup)) == markup.count("</")
        and not any(markup[2:].count(mark) % 2 for mark in ("**", "__", "`", "~~"))
    )


def _no_prose(_: re.Match[str]) -> str:
    return PLACEHOLDER


def _breaks_sentence(text: str, position: int) -> bool:
    """Tell whether a line break that the writer set ends a sentence: not before small letters."""
    if position >= len(text):
        return False
    return (
        not text[position].islower() or text[max(position - 2, 0) : position].rstrip()[-1:] in ".!?"
    )
