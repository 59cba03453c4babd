"""The text model: ranges, the way back to the source, lines and places."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint import (
    blanks,
    document,
    engine,
    findings,
    fixes,
    guards,
    matcher,
    patterns,
    register,
    results,
    rules,
    suppress,
    tagging,
)
from medlint.checks import view
from medlint.document import (
    Block,
    BlockKind,
    Document,
    LineIndex,
    OffsetMap,
    Place,
    Sentence,
    Span,
)
from medlint.matcher import Tagged
from medlint.parsing import lines, tokens
from medlint.register import Score

if TYPE_CHECKING:
    from types import ModuleType

SPANS = st.builds(Span, st.integers(0, 9), st.integers(0, 9))


@given(SPANS, SPANS)
def test_spans_are_compared_by_their_code_points(one: Span, other: Span) -> None:
    """Overlapping means a shared code point; containing means every one, and both ends inside."""
    mine, theirs = (set(range(span.start, span.end)) for span in (one, other))
    if mine and theirs:
        assert one.overlaps(other) is bool(mine & theirs)
    inside = one.start <= other.start and other.end <= one.end
    assert one.contains(other) is inside
    assert sorted([one, other]) == sorted([one, other], key=lambda span: (span.start, span.end))


def test_spans_that_only_touch_do_not_overlap() -> None:
    """The end of a range is no part of it."""
    others = (Span(0, 1), Span(0, 2), Span(4, 6), Span(5, 6))
    assert [Span(2, 4).overlaps(other) for other in others] == [False] * 4
    others = (Span(0, 3), Span(2, 3), Span(2, 4), Span(3, 4), Span(3, 6), Span(0, 6))
    assert [Span(2, 4).overlaps(other) for other in others] == [True] * 6
    assert [Span(2, 4).contains(other) for other in (Span(2, 4), Span(1, 3), Span(3, 5))] == [
        True,
        False,
        False,
    ]


# "one two" from "one", an entity of five for the blank, and "two"; then "!" for "..." at the end.
OFFSETS = OffsetMap((0, 3, 4, 7), (10, 13, 18, 21), (3, 5, 3, 3), 8)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ((0, 8), (10, 24)),
        ((0, 3), (10, 13)),
        ((1, 2), (11, 12)),
        ((2, 5), (12, 19)),
        # Any part of what does not match one to one is the whole of it.
        ((3, 4), (13, 18)),
        ((3, 5), (13, 19)),
        ((2, 4), (12, 18)),
        ((7, 8), (21, 24)),
        ((6, 8), (20, 24)),
        # Empty ranges stay empty, and keep their place.
        ((0, 0), (10, 10)),
        ((2, 2), (12, 12)),
        ((4, 4), (18, 18)),
        ((5, 4), (19, 19)),
        ((8, 8), (21, 21)),
    ],
)
def test_the_way_back_to_the_source(part: tuple[int, int], expected: tuple[int, int]) -> None:
    """Each range of a text has its range of the source."""
    assert OFFSETS.source_span(*part) == Span(*expected)


def test_a_text_without_runs_stands_nowhere() -> None:
    """An empty block maps to the beginning."""
    assert OffsetMap((), (), (), 0).source_span(0, 0) == Span(0, 0)
    assert OffsetMap((), (), (), 0).source_span(2, 5) == Span(0, 0)


def test_a_block_knows_its_source() -> None:
    """Its span is that of its whole text, and parts of it are counted in its text."""
    block = Block(BlockKind.PARAGRAPH, "one two!", OFFSETS, (Sentence(0, 8),))
    assert (block.span, block.source_span(4, 7)) == (Span(10, 24), Span(18, 21))
    defaults = (block.section, block.level, block.place, block.key, block.removal)
    assert defaults == (0, 0, None, "", None)


@given(st.text("ab\n\r\x0b\x0c\x1c\x85\u2028é", max_size=30))
def test_lines_end_where_editors_end_them(source: str) -> None:
    """Only LF, CRLF and CR end a line; every offset has its line and column, from 1."""
    starts = [0]
    for place, sign in enumerate(source, start=1):
        if sign == "\n" or (sign == "\r" and source[place : place + 1] != "\n"):
            starts.append(place)
    lines = LineIndex.of(source)
    assert (lines.starts, lines.length) == (tuple(starts), len(source))
    for offset in range(len(source) + 1):
        line = bisect_right(starts, offset)
        assert lines.position(offset) == (line, offset - starts[line - 1] + 1)


def test_places_go_on_to_the_next() -> None:
    """What stands before the first place has no name."""
    source = "x" * 10
    made = Document("a.docx", "docx", source, (), (), places=(Place(2, "body"), Place(6, "note 1")))
    assert [made.place(offset) for offset in (0, 1, 2, 5, 6, 9)] == [
        "",
        "",
        "body",
        "body",
        "note 1",
        "note 1",
    ]
    assert Document("a.md", "markdown", source, (), ()).place(3) == ""


def test_a_document_counts_the_words_of_its_blocks() -> None:
    """Blanks around words count for nothing; a document without blocks has none."""
    offsets = OffsetMap((), (), (), 0)
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, text, offsets, ()) for text in ("one two", "", " three ")
    )
    made = Document("a.md", "markdown", "one\ntwo", blocks, ())
    assert (made.words, made.lines.starts) == (3, (0, 4))
    assert replace(made, blocks=()).words == 0
    defaults = (made.comments, made.front_matter, made.places, made.is_extracted)
    assert defaults == ((), {}, (), False)


VALUES = [blanks, document, engine, findings, fixes, guards, results, rules, suppress, view]
# What is added to while something is worked out.
GROWING = {Score, Tagged}
# Only a document keeps what is worked out from it.
OPEN = {Document}


@pytest.mark.parametrize("module", [*VALUES, lines, matcher, patterns, register, tagging, tokens])
def test_values_cannot_be_changed(module: ModuleType) -> None:
    """What one part hands to another is fixed and takes no further attributes."""
    kinds = dataclasses_of(module)
    assert kinds != []
    for kind in kinds:
        empty = object.__new__(kind)
        assert hasattr(empty, "__dict__") is (kind in OPEN)
        if kind in GROWING or not fields(kind):
            continue
        with pytest.raises(FrozenInstanceError):
            setattr(empty, fields(kind)[0].name, None)


@pytest.mark.parametrize("module", VALUES)
def test_values_of_many_fields_are_made_by_name(module: ModuleType) -> None:
    """Where fields are many or alike in kind, none is given by its position."""
    named = {
        name
        for kind in dataclasses_of(module)
        for name in [kind.__name__]
        if all(field.kw_only for field in fields(kind))
    }
    assert named == NAMED.get(module, set())


NAMED = {
    engine: {"Outcome"},
    findings: {
        *("Finding", "Dismissal", "Approval", "ApprovalUse", "Failure", "FileReport", "Report"),
    },
    guards: {"Guard"},
    results: {"Silenced"},
    rules: {"Rule", "Ruleset"},
    view: {"Candidate", "DocumentView"},
}


def dataclasses_of(module: ModuleType) -> list[Any]:
    """Return the dataclasses that a module offers to others."""
    ours: list[Any] = [
        kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and name[0] != "_"
    ]
    return [kind for kind in ours if is_dataclass(kind)]
