"""Bullets and numbers at the start of a line, and the lists that lines with them make.

Writers paste lists as text: "● Relief", "1) Rest", a dash. Every format meets them, inside
Markdown and HTML paragraphs too.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from re import Match

    from medlint.document import ListPlace

# A piece of a block: decoded text, where it starts in the source, how long it is there.
Piece = tuple[str, int, int]

# The text of a piece that stands for a line's end: a mere wrap, or one that the writer set.
WRAP = "\n"
BREAK = "\x1e"

_MARKER_REACH = 12
_TAB = 4
_SAME_INDENT = 2


class Weight(IntEnum):
    """How sure a marker is.

    STRONG marks an item wherever a line begins with it ("●"); FAIR marks one at the start of a
    paragraph ("-", "1."); FAINT needs company, for it may be a dash in running text.
    """

    FAINT = 0
    FAIR = 1
    STRONG = 2


@dataclass(frozen=True, slots=True)
class Marker:
    """What begins a list item: its family, its length with blanks, and its place in a count.

    Lines of one list share a `family`; `ordinal` is 0 for bullets.
    """

    family: str
    length: int
    weight: Weight
    ordinal: int = 0


# Bullets that need no blank behind them, by family. Word's symbol font leaves private-use ones.
_BULLETS = {
    "disc": "●•∙·⚫🔵🟢🔹🔸\uf0b7",
    "ring": "◦○⚪",
    "square": "▪■□▫◾◼\uf0a7",
    "check": "✓✔☑✅\uf0fc",
    "cross": "✗✘❌",
    "arrow": "‣►▸▶➤➢➜➔→⇒👉➡\uf0d8",
    "star": "★☆✦✪⭐❖◆",
}
# Stars in a row rate something: they belong to the words, and make an item only among others.
RATING = re.compile(r"[★☆⭐]\ufe0f?[★☆⭐]")
_FAMILY_OF = {bullet: family for family, bullets in _BULLETS.items() for bullet in bullets}
_MARKER = re.compile(
    rf"\s*(?:(?P<bullet>[{''.join(_FAMILY_OF)}])\ufe0f?[ \t\xa0]*(?=\S)"
    r"|(?P<dash>-|\*|\+)[ \t\xa0]+(?=\S)"
    r"|(?P<long_dash>[–‐‑−⁃])[ \t\xa0]+(?=\S)"  # noqa: RUF001
    r"|(?P<ring>o)\t[ \t\xa0]*(?=\S)"
    r"|\(?(?P<number>\d{1,3})[.)][ \t\xa0]+(?=\S)"
    r"|\(?(?P<roman>[ivx]{2,5})\)[ \t\xa0]+(?=\S)"
    r"|\(?(?P<letter>[A-Za-z])\)[ \t\xa0]+(?=\S))"
)
_ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12}
STRONG_LINE = re.compile(rf"[\n\r][ \t\xa0]*[{''.join(_FAMILY_OF)}]")


def split_at(
    source: str, start: int, end: int, escape: re.Pattern[str], decode: Callable[[Match[str]], str]
) -> list[Piece]:
    """Return `source[start:end]` as pieces, each escape in it as a piece of what it stands for."""
    pieces: list[Piece] = []
    done = start
    for match in escape.finditer(source, start, end):
        first, last = match.span()
        pieces.append((source[done:first], done, first - done))
        pieces.append((decode(match), first, last - first))
        done = last
    pieces.append((source[done:end], done, end - done))
    return [piece for piece in pieces if piece[0]]


def find_marker(text: str, start: int = 0) -> Marker | None:
    """Return the marker at `start`, leading blanks included in its length, or None.

    Stars that rate are no part of the marker.
    """
    match = _MARKER.match(text, start)
    if match is None:
        return None
    length = match.end() - start
    kind = match.lastgroup
    if kind == "bullet" and RATING.match(text, match.start(kind)):
        return Marker("rating", match.start(kind) - start, Weight.FAINT)
    if kind in ("bullet", "ring"):
        return Marker(_FAMILY_OF.get(match["bullet"], "ring"), length, Weight.STRONG)
    if kind == "dash":
        return Marker(match["dash"], length, Weight.FAIR)
    if kind == "long_dash":
        return Marker("-", length, Weight.FAINT)
    family = "number" if kind == "number" else "letter"
    return Marker(family, length, Weight.FAIR, _ordinal(match))


def _ordinal(match: Match[str]) -> int:
    """Return where a number or letter stands in its count."""
    if match["number"]:
        return int(match["number"])
    if match["roman"]:
        return _ROMAN.get(match["roman"], 99)
    letter = match["letter"].lower()
    # "i)" is a letter after "h)", and otherwise a first roman number.
    return 1 if letter == "i" else ord(letter) - ord("a") + 1


def indent_of(blanks: str) -> int:
    """Return how many columns leading white space takes."""
    return len(blanks.expandtabs(_TAB)) if "\t" in blanks else len(blanks)


@dataclass(frozen=True, slots=True)
class _Level:
    indent: int
    family: str
    place: ListPlace


class ListStack:
    """The lists that consecutive item lines open, by indentation and kind of bullet."""

    __slots__ = ("_levels", "_open")

    def __init__(self, open_list: Callable[[ListPlace | None], ListPlace]) -> None:
        """Take a function that makes the place of a new list inside a given one."""
        self._levels: list[_Level] = []
        self._open = open_list

    @property
    def is_open(self) -> bool:
        """Whether an item would continue a list."""
        return bool(self._levels)

    def clear(self) -> None:
        """End all lists: something else than an item followed."""
        self._levels.clear()

    def place(self, indent: int, family: str) -> ListPlace:
        """Return the place of the next item, opening or leaving lists on the way."""
        levels = self._levels
        while levels and levels[-1].indent >= indent + _SAME_INDENT:
            levels.pop()
        # Other bullets at the same indentation are a nested list, as pasted text often has
        # them, unless an outer list has these.
        for index in range(len(levels) - 1, -1, -1):
            level = levels[index]
            if abs(level.indent - indent) >= _SAME_INDENT:
                break
            if level.family == family:
                del levels[index + 1 :]
                return level.place
        place = self._open(levels[-1].place if levels else None)
        levels.append(_Level(indent, family, place))
        return place


# Lines of a paragraph


@dataclass(frozen=True, slots=True)
class Segment:
    """Some lines of a paragraph: an item with its marker, or text without one."""

    pieces: list[Piece]
    marker: Marker | None
    start: int


def head(pieces: Sequence[Piece]) -> str:
    """Return the first characters of a line: its indentation, and as far as a marker may reach."""
    found: list[str] = []
    reach = 0
    for text, _, _ in pieces:
        blanks = 0 if reach else len(text) - len(text.lstrip())
        found.append(text[: blanks + _MARKER_REACH])
        reach += len(found[-1]) - blanks
        if reach >= _MARKER_REACH:
            break
    return "".join(found)


def _cut(pieces: list[Piece], count: int) -> list[Piece]:
    """Return `pieces` without their first `count` characters."""
    for index, (text, start, length) in enumerate(pieces):
        if len(text) > count:
            rest = (text[count:], start + count, length - count)
            kept = rest if len(text) == length else (text[count:], start, length)
            return [kept, *pieces[index + 1 :]]
        count -= len(text)
    return []


def _lines(pieces: Iterable[Piece]) -> list[tuple[list[Piece], bool]]:
    """Split pieces at line ends; each line says whether a hard break precedes it.

    Line ends in a row ("<br>" and the end of its source line) count as one.
    """
    lines: list[tuple[list[Piece], bool]] = []
    line: list[Piece] = []
    hard = is_filled = False
    for piece in pieces:
        line.append(piece)
        is_end = piece[0] in (WRAP, BREAK)
        if not is_end:
            is_filled = is_filled or not piece[0].isspace()
        elif is_filled:
            lines.append((line, hard))
            line, hard, is_filled = [], piece[0] == BREAK, False
        else:
            hard = hard or piece[0] == BREAK
    return [*lines, (line, hard)] if line else lines


def split_lines(pieces: list[Piece], *, continues: bool) -> list[Segment]:
    """Split a paragraph into items and text, by the bullets its lines begin with.

    `continues` says that a list of such items stands right before.
    """
    lines = _lines(pieces)
    markers = [find_marker(head(line)) for line, _ in lines]
    counts: dict[str, int] = {}
    for marker in markers:
        if marker is not None:
            counts[marker.family] = counts.get(marker.family, 0) + 1
    segments: list[Segment] = []
    previous = ""
    for (line, hard), found in zip(lines, markers, strict=True):
        marker = found
        if marker is not None and marker.weight is not Weight.STRONG:
            first = not segments
            company = counts[marker.family] > 1 or previous.endswith(":") or (first and continues)
            if not company and (marker.weight is Weight.FAINT or not (first or hard)):
                marker = None
        if marker is not None:
            rest = _cut(line, marker.length)
            begin = _marker_start(line)
            segments.append(Segment(rest, marker, begin))
        elif segments and not (hard and segments[-1].marker and _begins_anew(line)):
            segments[-1].pieces.extend(line)
        else:
            segments.append(Segment(list(line), None, line[0][1]))
        previous = "".join(text for text, _, _ in line[-3:]).rstrip()
    return segments


def _marker_start(line: Sequence[Piece]) -> int:
    """Return the source position of a line's marker, after its indentation."""
    for text, start, length in line:
        stripped = text.lstrip()
        if stripped:
            return start + (len(text) - len(stripped) if len(text) == length else 0)
    return line[0][1]


def _begins_anew(line: Sequence[Piece]) -> bool:
    """Tell whether a line after a hard break begins something new: not with a small letter."""
    return not head(line).lstrip()[:1].islower()
