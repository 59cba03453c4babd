"""Edits that put new words in the place of old ones and leave the markup around them whole."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from medlint.document import BlockKind, Span
from medlint.findings import Edit
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.document import Block, Document, OffsetMap

# What may stand between the words of a block; `re` compiles it when a sentence first has markup.
_MARKUP = (
    r"(?s:(?P<kept><!--.*?-->|!\[[^\[\]]*\]\([^()]*\)|\[\^[^\[\]]*\])"
    r"|</(?P<close>[A-Za-z][\w-]*)\s*>"
    r"|<(?P<open>[A-Za-z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
    r"|(?P<unlink>\]\([^()\n]*\)|\]\[[^\[\]]*\])"
    r"|(?P<link>\[)"
    r"|(?P<stress>\*+|_+|~+)"
    # What a reader does not see: soft hyphens and the like, as themselves or as entities.
    r"|&#?\w{1,32};|[\s\\>`\xad\u200b-\u200f\u2060\ufeff]+)"
)
_DROPPED_TAGS = frozenset(("br", "wbr"))
_KEPT_TAGS = frozenset(("img", "input", "hr", "area", "embed", "source", "track"))
_LINK = "["
# How long a tag before a sentence may be.
_TAG_REACH = 500
_ATTRIBUTES = frozenset((BlockKind.ALT, BlockKind.TITLE, BlockKind.META))
# The sign that escapes comes first.
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML_ATTRIBUTE = {**_HTML, '"': "&quot;", "'": "&#39;"}
_MARKDOWN = {sign: f"\\{sign}" for sign in "\\*_`<|~"}
# What a YAML value without quotation marks may not begin with.
_YAML_SIGNS = frozenset("[]{}&*!|>'\"%@`#-?:,")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Markup between words; `name` pairs what opens with what closes it, and is empty for both."""

    span: Span
    name: str = ""
    opens: bool = False


def placed(document: Document, block: Block, start: int, end: int, text: str) -> tuple[Edit, ...]:
    """Return edits that put `text` in the place of the block's text `start:end`.

    Markup inside the range goes with it where it is whole; what opens or closes beyond the range
    stays. Nothing is returned where no edit would leave the draft whole.
    """
    if not block.offsets.text_starts or end <= start:
        return ()
    whole = block.source_span(start, end)
    written = _written(document, block, whole.start, text)
    if written is None:
        return ()
    first, last = _runs(block.offsets, start, end)
    if not _has_gaps(block.offsets, first, last):
        return (Edit(whole, written),)
    pieces = _pieces(block.offsets, start, end)
    marks = _marks(document.source, pieces)
    return () if marks is None else _around(document.source, whole, marks, written)


def added(document: Document, block: Block, end: int, text: str) -> tuple[Edit, ...]:
    """Return an edit that adds a sentence after the block's text `:end`; only prose takes one.

    Nothing is added after a greeting or a question.
    """
    if block.kind is not BlockKind.PARAGRAPH or block.text[end - 1] in "!?":
        return ()
    place = block.source_span(end - 1, end).end
    written = _written(document, block, place, text)
    return () if written is None else (Edit(Span(place, place), f" {written}"),)


def _runs(offsets: OffsetMap, start: int, end: int) -> tuple[int, int]:
    """Return the first and the last run of a text range."""
    first = max(bisect_right(offsets.text_starts, start) - 1, 0)
    return first, max(bisect_left(offsets.text_starts, end) - 1, first)


def _has_gaps(offsets: OffsetMap, first: int, last: int) -> bool:
    """Tell whether anything stands between the runs of a range."""
    starts, lengths = offsets.source_starts, offsets.source_lengths
    return any(starts[run] + lengths[run] != starts[run + 1] for run in range(first, last))


def _pieces(offsets: OffsetMap, start: int, end: int) -> list[Span]:
    """Return the source ranges of a text range, a range a run."""
    first, last = _runs(offsets, start, end)
    bounds = [start, *offsets.text_starts[first + 1 : last + 1], end]
    return [offsets.source_span(begin, finish) for begin, finish in pairwise(bounds)]


def _marks(source: str, pieces: list[Span]) -> list[_Mark] | None:
    """Return the markup between pieces; None where something else stands there."""
    marks = []
    pattern = re.compile(_MARKUP)
    for before, after in pairwise(pieces):
        position = before.end
        if position > after.start:
            return None
        while position < after.start:
            match = pattern.match(source, position, after.start)
            if match is None:
                return None
            span = Span(position, match.end())
            position = span.end
            kind, found = match.lastgroup, match[match.lastgroup or 0]
            if kind == "stress":
                marks.append(_Mark(span, found, opens=_opens(source, span)))
            elif kind == "open" and found.lower() not in _DROPPED_TAGS:
                name = "" if found.lower() in _KEPT_TAGS else found.lower()
                marks.append(_Mark(span, name, opens=True))
            elif kind == "close":
                marks.append(_Mark(span, found.lower()))
            elif kind in {"link", "unlink"}:
                marks.append(_Mark(span, _LINK, opens=kind == "link"))
            elif kind == "kept":
                marks.append(_Mark(span))
    return marks


def _opens(source: str, span: Span) -> bool:
    """Tell whether stars or underscores open rather than close, by what stands around them."""
    after = source[span.end : span.end + 1]
    if not after or after.isspace():
        return False
    before = source[span.start - 1 : span.start]
    return not before or before.isspace() or (not before.isalnum() and after.isalnum())


def _around(source: str, whole: Span, marks: list[_Mark], text: str) -> tuple[Edit, ...]:
    """Return edits that keep the markup whose other half stands outside."""
    kept: list[_Mark] = []
    openers: list[_Mark] = []
    closers: list[_Mark] = []
    for mark in marks:
        if not mark.name:
            kept.append(mark)
        elif openers and openers[-1].name == mark.name and (mark.name != _LINK or not mark.opens):
            openers.pop()
        elif mark.opens:
            openers.append(mark)
        elif openers:
            return ()
        else:
            closers.append(mark)
    start, end = whole.start, whole.end
    while closers and (opening := _opening_before(source, start, closers[0].name)) is not None:
        start = opening
        del closers[0]
    while openers and (closing := _closing_after(source, end, openers[-1].name)) is not None:
        end = closing
        del openers[-1]
    if openers and closers:
        return ()
    fixed = sorted((*kept, *openers, *closers), key=lambda mark: mark.span)
    bounds = [start, *(bound for mark in fixed for bound in (mark.span.start, mark.span.end)), end]
    free = [Span(*bounds[number : number + 2]) for number in range(0, len(bounds), 2)]
    # Words after what closes, or before what opens, would leave it with nothing to stress.
    target = free[-1] if openers else free[0]
    return tuple(
        Edit(span, text if span is target else "")
        for span in free
        if span is target or span.start < span.end
    )


def _opening_before(source: str, end: int, name: str) -> int | None:
    """Return where the markup begins that opens `name` right before a position."""
    start = end - len(name)
    if name == _LINK:
        return (
            start
            if source[start - 1 : end] not in {"![", "\\["} and source[start] == _LINK
            else None
        )
    if not name[0].isalpha():
        alone = source[start - 1 : start] != name[0]
        return start if start >= 0 and alone and source.startswith(name, start) else None
    start = source.rfind("<", max(end - _TAG_REACH, 0), end)
    match = re.compile(_MARKUP).match(source, start) if start >= 0 else None
    is_it = match is not None and match.end() == end and (match["open"] or "").lower() == name
    return start if is_it else None


def _closing_after(source: str, start: int, name: str) -> int | None:
    """Return where the markup ends that closes `name` right after a position."""
    if name != _LINK and not name[0].isalpha():
        end = start + len(name)
        alone = source[end : end + 1] != name[0]
        return end if alone and source.startswith(name, start) else None
    match = re.compile(_MARKUP).match(source, start)
    if match is None:
        return None
    closes = match["unlink"] if name == _LINK else (match["close"] or "").lower() == name
    return match.end() if closes else None


def _written(document: Document, block: Block, start: int, text: str) -> str | None:
    """Return a text as the format writes it there; None where it cannot."""
    if block.kind is BlockKind.FRONT_MATTER:
        return text if _fits_value(document.source, block, start, text) else None
    if document.format == "html":
        return _escaped(text, _HTML_ATTRIBUTE if block.kind in _ATTRIBUTES else _HTML)
    if document.format == "markdown":
        if block.kind in _ATTRIBUTES and '"' in text:
            return None
        return _escaped(text, _MARKDOWN)
    return text


def _escaped(text: str, signs: dict[str, str]) -> str:
    # Hardly any text has one; looking for them is far faster than str.translate.
    for sign, written in signs.items():
        if sign in text:
            text = text.replace(sign, written)
    return text


def _fits_value(source: str, block: Block, start: int, text: str) -> bool:
    """Tell whether a front-matter value stays one with `text` in it."""
    first = block.span.start
    quote = source[first - 1 : first]
    if quote in {'"', "'"}:
        return quote not in text and "\\" not in text
    if start == first and text[:1] in _YAML_SIGNS:
        return False
    return ": " not in text and " #" not in text and not text.endswith(":")
