"""The page as text: where each finding stands in it, and the passages that it is shown in."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.findings import Category
from medlint.parsing.normalise import PLACEHOLDER
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from medlint.document import Block, Document, Span
    from medlint.findings import Finding

# What a finding of these says is about the page, wherever it begins.
PAGE_WIDE = frozenset(
    {
        Category.MISSING_RISK,
        Category.MISSING_STATUS,
        Category.MISSING_TYPICALITY,
        Category.READABILITY,
    }
)
# Characters after which a passage with findings ends, so that its cards stay beside it, and after
# which one without lets the next findings begin their own.
_FULL = 320
_LONG = 160


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding, by its number in the draft, at a range of a block's text."""

    number: int
    finding: Finding
    start: int
    end: int

    @property
    def is_page_wide(self) -> bool:
        """Whether it is about the page and only begins here."""
        return self.finding.category in PAGE_WIDE


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that are shown side by side with the findings in them."""

    blocks: tuple[int, ...]
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a block's text with the findings that cover it, one to a lane.

    `ending` are those that end with it.
    """

    start: int
    end: int
    covering: tuple[tuple[int, Placed], ...]
    ending: tuple[Placed, ...]


class Places:
    """Finds the block of a source range, and the range in its text."""

    def __init__(self, document: Document) -> None:
        """Sort the blocks by where they begin in the source."""
        self._blocks = document.blocks
        spans = sorted((block.span, number) for number, block in enumerate(document.blocks))
        self._spans = spans
        self._starts = [span.start for span, _ in spans]

    def find(self, span: Span) -> tuple[int, int, int] | None:
        """Return block, start and end; None for what is in no block, such as a comment."""
        # From the innermost outwards: a picture's text stands within a paragraph's range.
        for place_ in range(bisect_right(self._starts, span.start) - 1, -1, -1):
            around, number = self._spans[place_]
            if around.contains(span):
                found = text_range(self._blocks[number], span)
                if found is not None:
                    return (number, *found)
        return None


def text_range(block: Block, span: Span) -> tuple[int, int] | None:
    """Return the range of a block's text that a source range covers, if it covers any."""
    start = end = None
    first = bisect_right(block.offsets.source_starts, span.start) - 1
    for run in _runs(block, max(first, 0)):
        if run.source_start >= span.end:
            break
        if run.source_end <= span.start:
            continue
        if start is None:
            start = run.start + (max(span.start - run.source_start, 0) if run.is_exact else 0)
        end = run.end - (max(run.source_end - span.end, 0) if run.is_exact else 0)
    return None if start is None or end is None or start >= end else (start, end)


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a block's text with its range in the source."""

    start: int
    end: int
    source_start: int
    source_end: int

    @property
    def is_exact(self) -> bool:
        """Whether text and source go character by character."""
        return self.end - self.start == self.source_end - self.source_start


def _runs(block: Block, first: int) -> Iterator[_Run]:
    """Yield the runs of a block from one of them on."""
    offsets = block.offsets
    starts = offsets.text_starts
    for n in range(first, len(starts)):
        end = starts[n + 1] if n + 1 < len(starts) else offsets.text_length
        source_start = offsets.source_starts[n]
        yield _Run(starts[n], end, source_start, source_start + offsets.source_lengths[n])


def as_written(block: Block, source: str, start: int, end: int) -> str:
    """Return part of a block's text with the writer's own quotation marks, dashes and letters."""
    pieces = []
    for run in _runs(block, max(bisect_right(block.offsets.text_starts, start) - 1, 0)):
        first, last = max(start, run.start), min(end, run.end)
        if first >= last:
            break
        if run.is_exact:
            begin = run.source_start - run.start
            pieces.append(source[begin + first : begin + last])
        elif block.text[first:last] == PLACEHOLDER:
            pieces.append(source[run.source_start : run.source_end])
        else:
            pieces.append(block.text[first:last])
    return "".join(pieces)


def place(
    document: Document, findings: Sequence[Finding]
) -> tuple[Mapping[int, tuple[Placed, ...]], tuple[int, ...]]:
    """Return the findings of each block, and the numbers (from 1) of those outside any."""
    places = Places(document)
    by_block: dict[int, list[Placed]] = {}
    outside = []
    for number, finding in enumerate(findings, 1):
        found = places.find(finding.span)
        if found is None:
            outside.append(number)
            continue
        block, start, end = found
        by_block.setdefault(block, []).append(Placed(number, finding, start, end))
    return {block: tuple(placed) for block, placed in by_block.items()}, tuple(outside)


def passages(document: Document, placed: Mapping[int, tuple[Placed, ...]]) -> tuple[Passage, ...]:
    """Cut a page into passages: within a section, and short where there are findings."""
    result: list[Passage] = []
    blocks: list[int] = []
    found: list[int] = []
    length = 0
    for number, block in enumerate(document.blocks):
        own = [each.number for each in placed.get(number, ()) if not each.is_page_wide]
        new_section = blocks and block.section != document.blocks[blocks[-1]].section
        full = length >= _FULL and found
        if new_section or full or (own and not found and length >= _LONG):
            result.append(Passage(tuple(blocks), tuple(found)))
            blocks, found, length = [], [], 0
        blocks.append(number)
        found += own
        length += len(block.text)
    if blocks:
        result.append(Passage(tuple(blocks), tuple(found)))
    return tuple(result)


def segments(length: int, placed: Sequence[Placed]) -> Iterator[Segment]:
    """Cut a block's text where findings begin and end; findings that overlap get lanes."""
    beginning: dict[int, list[tuple[int, Placed]]] = {}
    for lane, each in _lanes(placed):
        beginning.setdefault(each.start, []).append((lane, each))
    ending: dict[int, list[Placed]] = {}
    for each in placed:
        ending.setdefault(each.end, []).append(each)
    covering: list[tuple[int, Placed]] = []
    cuts = sorted({0, length, *(each.start for each in placed), *ending})
    for start, end in pairwise(cuts):
        covering = [pair for pair in covering if pair[1].end > start]
        covering += beginning.get(start, ())
        covering.sort(key=lambda pair: pair[0])
        yield Segment(start, end, tuple(covering), tuple(ending.get(end, ())))


def _lanes(placed: Sequence[Placed]) -> Iterator[tuple[int, Placed]]:
    """Give each finding the first lane that is free where it begins.

    What is about the whole page is numbered where it begins, and not marked.
    """
    free: list[int] = []
    marked = (each for each in placed if not each.is_page_wide)
    for each in sorted(marked, key=lambda p: (p.start, -p.end, p.number)):
        lane = next((n for n, end in enumerate(free) if end <= each.start), len(free))
        free[lane : lane + 1] = [each.end]
        yield lane, each


def is_extra(block: Block) -> bool:
    """Tell whether a block is not running text but a title, a description, a picture's text."""
    return block.kind in {
        BlockKind.ALT,
        BlockKind.CAPTION,
        BlockKind.FRONT_MATTER,
        BlockKind.META,
        BlockKind.TITLE,
    }
