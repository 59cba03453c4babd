"""Plain text, as writers paste it from web pages and word processors.

A file is hard-wrapped (blank lines and short lines separate paragraphs) or has one paragraph a
line; its line lengths decide. Headings and lists are told by their looks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from medlint.document import BlockKind, Span
from medlint.parsing.builder import DocumentBuilder
from medlint.parsing.lines import WRAP, Marker, Piece, Weight, find_marker, indent_of
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medlint.document import Document

# What editors and word processors end a line with, form feeds and manual line breaks included.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_DIRECTIVE = re.compile(r"[ \t]*\.\.[ \t]+(medlint-.*)")
_WORDLESS = re.compile(r"[\W_]*")
_UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,}|~{3,}|\*{3,})[ \t]*")
_FIRST_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")  # noqa: RUF001 - typographic quotes
_BLANKS = " \t\xa0"

_WIDEST_WRAP = 130
_WRAPPED_SHARE = 0.5
_FILLED_SHARE = 0.8
_RAGGED = 0.9
_HEADING_LENGTH = 90
_HEADING_WORDS = 12
_MOST_HEADINGS = 3
_FEWEST_ITEMS = 2


@dataclass(slots=True)
class _Line:
    """A line without comments: `text` stands at `start`; `end` lies behind its line end.

    `indent` counts columns; `blank_above` says that a blank line or the file's start precedes.
    """

    text: str
    start: int
    begin: int
    end: int
    indent: int
    marker: Marker | None
    pieces: list[Piece]
    blank_above: bool = False


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; `marker` makes them a list item."""

    lines: list[_Line]
    marker: Marker | None
    is_heading: bool = False
    is_item: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def parse(source: str, path: str) -> Document:
    """Parse plain text."""
    builder = DocumentBuilder(source, path, "plain")
    lines = _read_lines(source, builder)
    wrapped = _is_wrapped(lines)
    paragraphs = _paragraphs(lines, wrapped=wrapped)
    _find_headings(paragraphs)
    for paragraph in paragraphs:
        _write(paragraph, builder)
    return builder.finish()


# Lines


def _read_lines(source: str, builder: DocumentBuilder) -> list[_Line]:
    """Split the source into lines with text, noting comments on the way."""
    gaps = _comments(source, builder)
    gap_ends = [end for _, end in gaps]
    lines: list[_Line] = []
    blank_above = True
    begin = 0
    while begin < len(source):
        match = _LINE_END.search(source, begin)
        stop, end = match.span() if match else (len(source), len(source))
        pieces = _pieces(source, begin, stop, gaps, gap_ends)
        text = "".join(piece[0] for piece in pieces)
        stripped = text.strip()
        directive = _DIRECTIVE.fullmatch(text)
        if directive is not None:
            builder.comment(begin, stop, directive[1])
        elif stripped:
            lines.append(_line(text, begin, end, pieces, blank_above=blank_above))
            blank_above = False
        elif stop == begin or source[begin:stop].isspace():
            blank_above = True
        if match is not None and match[0] == "\f":
            blank_above = True
        begin = end
    return lines


def _comments(source: str, builder: DocumentBuilder) -> list[tuple[int, int]]:
    """Note HTML comments and return their ranges; one that nobody closes is text."""
    gaps = []
    start = source.find("<!--")
    while start >= 0:
        close = source.find("-->", start + 4)
        if close < 0:
            break
        builder.comment(start, close + 3, source[start + 4 : close])
        gaps.append((start, close + 3))
        start = source.find("<!--", close + 3)
    return gaps


def _pieces(
    source: str, begin: int, stop: int, gaps: list[tuple[int, int]], gap_ends: list[int]
) -> list[Piece]:
    """Return what stands between `begin` and `stop` outside comments."""
    if not gaps:
        return [(source[begin:stop], begin, stop - begin)]
    pieces: list[Piece] = []
    index = bisect_right(gap_ends, begin)
    while index < len(gaps) and gaps[index][0] < stop:
        gap_start, gap_end = gaps[index]
        if gap_start > begin:
            pieces.append((source[begin:gap_start], begin, gap_start - begin))
        begin = max(begin, gap_end)
        index += 1
    if begin < stop:
        pieces.append((source[begin:stop], begin, stop - begin))
    return pieces


def _line(text: str, begin: int, end: int, pieces: list[Piece], *, blank_above: bool) -> _Line:
    stripped = text.lstrip()
    blanks = text[: len(text) - len(stripped)]
    start = pieces[0][1] + len(blanks) if pieces else begin
    marker = None if _WORDLESS.fullmatch(stripped) else find_marker(text)
    return _Line(
        stripped.rstrip(), start, begin, end, indent_of(blanks), marker, pieces, blank_above
    )


# Wrapping


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Tell whether an editor broke the lines of paragraphs at a width.

    In wrapped text the next line's first word would not have fitted; slogans and lists pasted
    without bullets have room left.
    """
    long_lines = sum(len(line.text) > _WIDEST_WRAP for line in lines)
    if long_lines * 20 > len(lines):
        return False
    pairs = flowing = filled = wrapping = 0
    for chunk in _chunks(lines):
        width = max(len(line.text) for line in chunk)
        for line, following in pairwise(chunk):
            if following.marker is not None:
                continue
            fills = _fills(line, following, width)
            flows = _flows(line, following)
            pairs += 1
            flowing += flows
            filled += flows and fills
            wrapping += flows or fills
    return flowing > 0 and filled >= flowing * _FILLED_SHARE and wrapping >= pairs * _WRAPPED_SHARE


def _chunks(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Split lines at blank ones."""
    chunks: list[list[_Line]] = []
    for line in lines:
        if line.blank_above or not chunks:
            chunks.append([])
        chunks[-1].append(line)
    return chunks


def _fills(line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the following line's first word had no room on this line."""
    word = _FIRST_WORD.match(following.text)
    return len(line.text) + 1 + (len(word[0]) if word else 0) > width


def _flows(line: _Line, following: _Line) -> bool:
    """Tell whether a sentence goes on from one line to the next."""
    return following.text[:1].islower() and _SENTENCE_END.search(line.text) is None


# Paragraphs


def _paragraphs(lines: Sequence[_Line], *, wrapped: bool) -> list[_Paragraph]:
    """Join lines into paragraphs and items."""
    paragraphs: list[_Paragraph] = []
    for chunk in _chunks(lines):
        width = max(len(line.text) for line in chunk) * _RAGGED
        open_one: _Paragraph | None = None
        for line in chunk:
            if open_one is not None and _UNDERLINE.fullmatch(line.text) and not open_one.marker:
                open_one.is_heading = len(open_one.lines) == 1 and _is_short(open_one.text)
                open_one = None
                continue
            if _WORDLESS.fullmatch(line.text):
                open_one = None
                continue
            if open_one is not None and _continues(open_one, line, width, wrapped=wrapped):
                open_one.lines.append(line)
                continue
            open_one = _Paragraph([line], _item_marker(line, open_one, wrapped=wrapped))
            paragraphs.append(open_one)
    return paragraphs


def _item_marker(line: _Line, before: _Paragraph | None, *, wrapped: bool) -> Marker | None:
    marker = line.marker
    if marker is None or before is None or not wrapped:
        return marker
    return marker if _interrupts(marker, before) else None


def _interrupts(marker: Marker, before: _Paragraph) -> bool:
    """Tell whether a marker inside wrapped text begins an item, not a line by chance."""
    if marker.weight is Weight.STRONG or before.marker is not None:
        return True
    return before.lines[-1].text.endswith(":") or (
        marker.weight is Weight.FAIR and marker.ordinal in (0, 1)
    )


def _continues(before: _Paragraph, line: _Line, width: float, *, wrapped: bool) -> bool:
    """Tell whether a line goes on with the paragraph above it."""
    last = before.lines[-1]
    if line.marker is not None and (not wrapped or _interrupts(line.marker, before)):
        return False
    if before.marker is not None and line.indent > before.lines[0].indent:
        return True
    if not wrapped:
        return False
    if _flows(last, line):
        return True
    return not last.text.endswith(":") and _fills(last, line, int(width))


# Headings


def _find_headings(paragraphs: Sequence[_Paragraph]) -> None:
    """Mark headings, and short lines that are items which lost their bullets."""
    _find_numbered_headings(paragraphs)
    index = 0
    while index < len(paragraphs):
        run = index
        while run < len(paragraphs) and _looks_like_heading(paragraphs[run]):
            run += 1
        if run == index:
            index += 1
            continue
        _judge_run(paragraphs, index, run)
        index = run


def _find_numbered_headings(paragraphs: Sequence[_Paragraph]) -> None:
    """Mark "1. What is PRP?" above its paragraph: a heading, where an item would have company."""
    for index in range(len(paragraphs) - 1):
        paragraph, following = paragraphs[index], paragraphs[index + 1]
        if paragraph.marker is None or paragraph.marker.family != "number" or following.marker:
            continue
        above = paragraphs[index - 1] if index else None
        if above is not None and (above.marker is not None or above.text.endswith(":")):
            continue
        if _is_short_title(paragraph) and not _looks_like_heading(following):
            paragraph.is_heading = True


def _judge_run(paragraphs: Sequence[_Paragraph], begin: int, end: int) -> None:
    """Decide what the short lines `begin:end`, one below another, are."""
    run = paragraphs[begin:end]
    above = paragraphs[begin - 1] if begin else None
    if above is not None and above.text.endswith(":") and not run[0].lines[0].blank_above:
        items = _leading_items(run)
        if len(items) >= _FEWEST_ITEMS:
            for paragraph in items:
                paragraph.is_item = True
            run = run[len(items) :]
    if len(run) > _MOST_HEADINGS:
        run = _judge_menu(run, is_opening=not begin, is_last=end == len(paragraphs))
    elif end == len(paragraphs):
        return
    for paragraph in run:
        paragraph.is_heading = True


def _judge_menu(
    run: Sequence[_Paragraph], *, is_opening: bool, is_last: bool
) -> Sequence[_Paragraph]:
    """Mark the items of many short lines in a row and return the headings among them.

    The first line heads the menu, and the last one what follows. At the top of a page it is a
    title with an address or a navigation.
    """
    last = run[-1].lines[0]
    heads_more = not is_last and (last.blank_above or last.text.endswith("?"))
    headings = [run[-1]] if heads_more else []
    items = run[1:-1] if heads_more else run[1:]
    if is_opening or any(item.lines[0].text.endswith("?") for item in items):
        return headings
    for paragraph in items:
        paragraph.is_item = True
    return [run[0], *headings]


def _leading_items(run: Sequence[_Paragraph]) -> Sequence[_Paragraph]:
    """Return the lines of a run that a lead-in introduces: up to a blank line or a title."""
    count = 1
    while count < len(run) and not run[count].lines[0].blank_above:
        count += 1
    titled = _is_title(run[count - 1].text) and not all(
        _is_title(line.text) for line in run[:count]
    )
    return run[: count - 1] if titled else run[:count]


def _is_title(text: str) -> bool:
    """Tell whether a line is in title case, short words aside."""
    words = [word for word in text.split() if word[:1].isalpha()]
    large = [word for word in words if len(word) > 3]  # noqa: PLR2004 - "of", "and", "for" are small
    return len(words) > 1 and bool(large) and all(word[0].isupper() for word in large)


def _looks_like_heading(paragraph: _Paragraph) -> bool:
    if paragraph.is_heading:
        return False
    return paragraph.marker is None and _is_short_title(paragraph)


def _is_short_title(paragraph: _Paragraph) -> bool:
    if len(paragraph.lines) > 1:
        return False
    text = paragraph.lines[0].text
    marker = find_marker(text) if paragraph.marker is not None else None
    if marker is not None:
        text = text[marker.length :]
    if not text or not _is_short(text):
        return False
    if text[0].islower() or text[0] in "\"'“‘(<[#@":  # noqa: RUF001 - typographic quotes
        return False
    return text.rstrip("\"'”’)")[-1:] not in ".,;:…—–-" and _has_letter(text)  # noqa: RUF001


def _is_short(text: str) -> bool:
    return len(text) <= _HEADING_LENGTH and len(text.split()) <= _HEADING_WORDS


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)


# Output


def _write(paragraph: _Paragraph, builder: DocumentBuilder) -> None:
    """Hand a paragraph to the builder."""
    pieces = _joined(paragraph)
    marker = paragraph.marker
    if paragraph.is_heading:
        builder.write(BlockKind.HEADING, pieces, level=2)
    elif marker is None and not paragraph.is_item:
        builder.write(BlockKind.PARAGRAPH, pieces)
    else:
        first, last = paragraph.lines[0], paragraph.lines[-1]
        removal = Span(first.begin, last.end)
        family = marker.family if marker else ""
        builder.write_item(pieces, family, first.indent, removal)


def _joined(paragraph: _Paragraph) -> list[Piece]:
    """Return a paragraph's pieces without its marker, its lines joined by wraps."""
    cut = paragraph.marker.length if paragraph.marker else 0
    pieces: list[Piece] = []
    for line in paragraph.lines:
        if pieces:
            pieces.append((WRAP, pieces[-1][1] + pieces[-1][2], 0))
        for text, start, length in line.pieces:
            taken = min(cut, length)
            cut -= taken
            pieces.append((text[taken:], start + taken, length - taken))
    return pieces
