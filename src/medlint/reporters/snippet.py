"""Source lines with the place to look at: tabs, wide characters and long lines included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.records import dataclass, replace

if TYPE_CHECKING:
    from medlint.document import LineIndex, Span

_TAB = 4
_ELLIPSIS = "…"
# Room for the line number, the bar and blanks beside the text.
_GUTTER = 10
_NARROWEST = 30


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of source as shown, with `width` carets to put under it after `indent` columns.

    `skipped` tells that lines between the one before and this one are not shown.
    """

    number: int
    text: str
    indent: int
    width: int
    skipped: bool = False


def mark(source: str, lines: LineIndex, span: Span, width: int) -> tuple[Marked, ...]:
    """Return the lines of a span with their carets: the first, and the last if it is another."""
    first, _ = lines.position(span.start)
    last, _ = lines.position(max(span.end - 1, span.start))
    room = max(width - _GUTTER, _NARROWEST)
    rows = [_row(source, lines, first, span, room)]
    if last > first:
        row = _row(source, lines, last, span, room)
        rows.append(replace(row, skipped=last > first + 1))
    return tuple(rows)


def _row(source: str, lines: LineIndex, number: int, span: Span, room: int) -> Marked:
    begin = lines.starts[number - 1]
    end = lines.starts[number] if number < len(lines.starts) else len(source)
    start = max(span.start, begin)
    # A line may hold megabytes; more than a few windows around the start are never shown.
    low = max(begin, start - 4 * room)
    high = min(end, start + 8 * room)
    text = source[low:high].rstrip("\r\n")
    if span.start < begin:
        # The rest of a span that began above: its carets start with the words.
        start += len(text) - len(text.lstrip())
    start -= low
    stop = max(min(span.end - low, len(text)), start)
    cells = _cells(text)
    before, marked, after = _window(
        "".join(cells[:start]), "".join(cells[start:stop]), "".join(cells[stop:]), room
    )
    return Marked(number, before + marked + after, columns(before), max(columns(marked), 1))


def _cells(text: str) -> list[str]:
    """Return each character as a terminal may show it."""
    cells = []
    column = 0
    for character in text:
        if character == "\t":
            shown = " " * (_TAB - column % _TAB)
        elif character.isprintable() or _width(character) == 0:
            shown = character
        else:
            shown = " " if character.isspace() else "\ufffd"
        cells.append(shown)
        column += columns(shown)
    return cells


def _window(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a long line around what is marked; a third of the room stands before it."""
    if columns(before + marked + after) <= room:
        return before, marked, after
    marked = _clip(marked, room - 2)
    left = min(columns(before), max((room - columns(marked)) // 3, room - columns(marked + after)))
    before = _clip_start(before, max(left, 0))
    return before, marked, _clip(after, max(room - columns(before + marked), 0))


def _clip(text: str, room: int) -> str:
    """Cut text at its end, at a word if one ends near."""
    if columns(text) <= room:
        return text
    kept = ""
    used = 0
    for character in text:
        used += _width(character)
        if used > room - 1:
            break
        kept += character
    return re.sub(r"(?<=\S)\s+\S{0,12}\Z", "", kept) + _ELLIPSIS if room > 0 else ""


def _clip_start(text: str, room: int) -> str:
    if columns(text) <= room:
        return text
    kept: list[str] = []
    used = 0
    for character in reversed(text):
        used += _width(character)
        if used > room - 1:
            break
        kept.append(character)
    return (
        _ELLIPSIS + re.sub(r"\A\S{0,12}\s+(?=\S)", "", "".join(reversed(kept))) if room > 0 else ""
    )


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if character.isascii():
        return 1
    import unicodedata  # noqa: PLC0415  most lines are ASCII

    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    # Joiners and variation selectors show nothing; other format characters must not act.
    if character in "\u200b\u200c\u200d\u2060\ufeff\u00ad" or "\ufe00" <= character <= "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
