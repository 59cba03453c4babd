"""Paragraphs without an end: read as several, cut between sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.document import Block, BlockKind, OffsetMap, Span
from medlint.parsing import builder, parse
from medlint.parsing.normalise import TextWriter


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Return the text of each block."""
    return [block.text for block in blocks]


@pytest.mark.parametrize(("name", "mark"), [("x.txt", ""), ("x.md", "*"), ("x.html", "")])
def test_a_paragraph_is_cut_between_sentences(
    monkeypatch: pytest.MonkeyPatch, name: str, mark: str
) -> None:
    """Every sentence is there once, with the way back to its place in the source."""
    monkeypatch.setattr(builder, "LONGEST_BLOCK", 100)
    sentences = [f"Sentence {number} says  {mark}so much{mark} &amp; more." for number in range(40)]
    document = parse(" ".join(sentences), path=name)
    assert len(document.blocks) > 10
    found = []
    for block in document.blocks:
        assert block.offsets.text_length == len(block.text)
        assert (block.kind, block.section) == (BlockKind.PARAGRAPH, 0)
        assert len(block.text) <= 100
        for sentence in block.sentences:
            span = block.source_span(sentence.start, sentence.end)
            found.append(document.source[span.start : span.end])
    assert found == sentences


def test_many_short_sentences_are_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little room they take."""
    monkeypatch.setattr(builder, "MOST_SENTENCES", 3)
    document = parse("We run. " * 8, path="x.txt")
    assert texts(document.blocks) == ["We run. We run. We run."] * 2 + ["We run. We run."]


def test_the_rest_of_an_item_is_a_paragraph_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no second item, and the item's removal would leave it behind."""
    monkeypatch.setattr(builder, "MOST_SENTENCES", 2)
    for name in ("x.md", "x.txt"):
        document = parse("- One. Two. Three.\n- Four.\n", path=name)
        shown = [(block.kind, block.text, block.removal is None) for block in document.blocks]
        assert shown == [
            (BlockKind.LIST_ITEM, "One. Two.", True),
            (BlockKind.PARAGRAPH, "Three.", True),
            (BlockKind.LIST_ITEM, "Four.", False),
        ]


@given(
    pieces=st.lists(
        st.tuples(st.text("ab ﬁ\u00ad", min_size=1, max_size=5), st.integers(0, 3)), max_size=6
    ),
    data=st.data(),
)
def test_a_part_of_a_map_leads_where_the_whole_does(
    pieces: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Every range of the part has the source range that it has in the whole."""
    writer = TextWriter()
    position = 0
    for text, gap in pieces:
        position += gap
        writer.add(text, position, len(text))
        position += len(text)
    text, offsets = writer.finish()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = offsets.part(start, end)
    assert part.text_length == end - start
    for first in range(end - start):
        for last in range(first + 1, end - start + 1):
            expected = offsets.source_span(start + first, start + last)
            assert part.source_span(first, last) == expected


def test_a_part_of_an_empty_map_is_empty() -> None:
    """As the whole."""
    empty = OffsetMap((), (), (), 0)
    assert empty.part(0, 0).source_span(0, 0) == Span(0, 0)
