"""The builder: what parsers' calls make of blocks, lists, items, sections and removals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.document import (
    BlockKind,
    Comment,
    Document,
    ListPlace,
    OffsetMap,
    Section,
    Sentence,
    Span,
)
from medlint.parsing.builder import DocumentBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL = "Enjoy:"


class Made(DocumentBuilder):
    """A builder with short ways to give it text and to see what came out."""

    def __init__(self, source: str = "") -> None:
        """Begin a draft."""
        super().__init__(source, "x.md", "made")

    def text(self, text: str, kind: BlockKind | None = None, level: int = 0, at: int = 0) -> None:
        """Add a block of text that stands at a place of the source."""
        self.start(kind, level)
        self.add(text, at, len(text))
        self.end()

    def lines(self, source: str, limit: int | None = None) -> None:
        """Add a block of the lines of the source, whose ends the writer set."""
        self.start()
        start = source.index("\v") + 1 if "\v" in source else 0
        for line in source[start:].splitlines(keepends=True):
            text = line.rstrip("\n")
            if text:
                self.add(text, start, len(text))
            start += len(line)
            if line != text:
                self.line_end(start - 1, 1, hard=True)
        self.end(limit)

    def kinds(self) -> list[tuple[str, str]]:
        """Return kind and text of each block."""
        return [(block.kind.value, block.text) for block in self.finish().blocks]

    def places(self) -> list[tuple[str, ListPlace | None]]:
        """Return text and place of each block."""
        return [(block.text, block.place) for block in self.finish().blocks]

    def removals(self) -> list[Span | None]:
        """Return the removal of each block."""
        return [block.removal for block in self.finish().blocks]


def pieces(text: str, start: int = 0) -> Sequence[tuple[str, int, int]]:
    """Return a text as the only piece of a block."""
    return [(text, start, len(text))]


def test_a_draft_of_nothing() -> None:
    """Without calls there is one section and no block; path, format and source are as given."""
    builder = Made("source")
    builder.front_matter = {"a": 1}
    assert builder.finish() == Document(
        "x.md", "made", "source", (), (Section(None, 0, None),), front_matter={"a": 1}
    )


def test_a_block_has_all_it_was_given() -> None:
    """Text, way back, sentences, section, level and key of a block."""
    builder = Made()
    builder.text("One. Two.", BlockKind.HEADING, 3, at=7)
    builder.value([("A", 0, 1)], "seo.title", ListPlace(4))
    heading, value = builder.finish().blocks
    assert (heading.text, heading.offsets) == ("One. Two.", OffsetMap((0,), (7,), (9,), 9))
    assert heading.sentences == (Sentence(0, 4), Sentence(5, 9))
    assert (heading.kind, heading.section, heading.level, heading.place, heading.key) == (
        BlockKind.HEADING,
        1,
        3,
        None,
        "",
    )
    assert (value.kind, value.section, value.level, value.place, value.key, value.removal) == (
        BlockKind.FRONT_MATTER,
        1,
        0,
        ListPlace(4),
        "seo.title",
        None,
    )


def test_a_block_is_open_until_it_ends() -> None:
    """Text outside a block opens a paragraph; a new block ends the open one."""
    builder = Made()
    assert (builder.in_text, builder.last_character) == (False, "")
    builder.add("a", 0, 1)
    assert (builder.in_text, builder.last_character) == (True, "a")
    builder.add("bc", 1, 2)
    assert builder.last_character == "c"
    builder.start(BlockKind.CAPTION)
    assert (builder.in_text, builder.last_character) == (True, "")
    builder.add("d", 5, 1)
    builder.end()
    builder.end()
    assert builder.in_text is False
    assert builder.kinds() == [("paragraph", "abc"), ("caption", "d")]


def test_an_open_block_ends_with_the_draft() -> None:
    """What no call ended is no loss, whatever holds it."""
    builder = Made()
    builder.open(BlockKind.QUOTATION)
    builder.add("a", 0, 1)
    assert builder.depth == 1
    assert builder.kinds() == [("quotation", "a")]
    assert builder.depth == 0


def test_text_takes_the_kind_of_what_holds_it() -> None:
    """An open quotation or heading gives kind and level, unless the block has its own."""
    builder = Made()
    builder.open(BlockKind.HEADING, 2)
    builder.text("a")
    builder.text("b", BlockKind.CAPTION)
    builder.open(BlockKind.QUOTATION)
    builder.text("c")
    builder.close()
    builder.text("d", level=5)
    builder.close()
    builder.text("e", level=5)
    blocks = builder.finish().blocks
    assert [(block.kind.value, block.level, block.text) for block in blocks] == [
        ("heading", 2, "a"),
        ("caption", 0, "b"),
        ("quotation", 0, "c"),
        ("heading", 2, "d"),
        ("paragraph", 0, "e"),
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", True),
        ("a\ufffc", True),
        (".", True),
        ("", False),
        (" ", False),
        ("\ufffc", False),
        ("\ufffc \ufffc", False),
        (" \n\ufffc ", False),
    ],
)
def test_what_has_no_text_is_no_block(text: str, kept: bool) -> None:  # noqa: FBT001
    """Blanks and what is no prose make no block, and nothing that introduces a list."""
    builder = Made()
    builder.text(LABEL)
    builder.text(text)
    builder.open_list()
    builder.open_item()
    builder.text("item")
    (*before, (item, place)) = builder.places()
    assert len(before) == 1 + kept
    assert (item, place) == ("item", ListPlace(0, lead_in=None if kept else 0))


def test_the_end_of_a_line_needs_a_line() -> None:
    """A line end before any text, or outside a block, says nothing."""
    builder = Made()
    builder.line_end(0, 1, hard=True)
    builder.start()
    builder.line_end(1, 1, hard=True)
    builder.add("a", 2, 1)
    assert builder.after_break is False
    builder.line_end(3, 1, hard=False)
    assert builder.after_break is False
    builder.line_end(4, 1, hard=True)
    assert builder.after_break is True
    builder.add(" ", 5, 1)
    builder.add("", 6, 4)
    assert builder.after_break is True
    builder.add("b", 10, 1)
    assert builder.after_break is False
    builder.end()
    assert builder.after_break is False
    assert builder.kinds() == [("paragraph", "a b")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No pain\vNo gain", ["No pain", "No gain"]),
        ("No pain\vno gain", ["No pain no gain"]),
        ("no pain.\vno gain", ["no pain.", "no gain"]),
        ("no pain!\vno gain", ["no pain!", "no gain"]),
        ("no pain?\vno gain", ["no pain?", "no gain"]),
        ("no pain,\vno gain", ["no pain, no gain"]),
        ("No pain\v2 gains", ["No pain", "2 gains"]),
        ("n.\vno", ["n.", "no"]),
        (".\vno", [".", "no"]),
        ("No pain\v", ["No pain"]),
    ],
)
def test_a_line_that_the_writer_ended_is_a_sentence(text: str, expected: list[str]) -> None:
    """Unless it goes on with a small letter and had no end mark."""
    builder = Made()
    builder.start()
    first, second = text.split("\v")
    builder.add(first, 0, len(first))
    builder.line_end(len(first), 1, hard=True)
    builder.add(second, len(first) + 1, len(second))
    (block,) = builder.finish().blocks
    assert [block.text[each.start : each.end] for each in block.sentences] == expected


@pytest.mark.parametrize(
    ("text", "expected", "runs"),
    [
        ("at www.a.de now", "at \ufffc now", ((0, 3, 4), (0, 3, 11), (3, 8, 4))),
        ("http://a.de", None, ()),
        ("(see https://a.de/b_c).", "(see \ufffc).", ((0, 5, 6), (0, 5, 21), (5, 16, 2))),
        ("xwww.a.de", "xwww.a.de", ((0,), (0,), (9,))),
        ("x.www.a.de", "x.www.a.de", ((0,), (0,), (10,))),
        ("ftp://a.de", "ftp://a.de", ((0,), (0,), (10,))),
        (
            "www.a.de, www.b.de",
            "\ufffc, \ufffc",
            ((0, 1, 3), (0, 8, 10), (8, 2, 8)),
        ),
    ],
)
def test_addresses_are_one_sign(
    text: str, expected: str | None, runs: tuple[tuple[int, ...], ...]
) -> None:
    """A web address, without the marks behind it, becomes a placeholder that maps to all of it."""
    builder = Made()
    builder.text(text)
    found = [(block.text, block.offsets) for block in builder.finish().blocks]
    if expected is None:
        assert found == []
    else:
        assert found == [(expected, OffsetMap(*runs, len(expected)))]


def test_an_address_in_decoded_text_stays() -> None:
    """A piece that is not there letter for letter is mapped as a whole, so it is not cut."""
    builder = Made()
    builder.start()
    builder.add("www.a.de", 0, 20)
    (block,) = builder.finish().blocks
    assert (block.text, block.offsets) == ("www.a.de", OffsetMap((0,), (0,), (20,), 8))


def test_a_placeholder_keeps_words_apart() -> None:
    """What is no prose is one sign that leads to all of it."""
    builder = Made()
    builder.add("a", 0, 1)
    builder.placeholder(1, 9)
    builder.add("b", 10, 1)
    (block,) = builder.finish().blocks
    assert (block.text, block.source_span(1, 2)) == ("a\ufffcb", Span(1, 10))


def test_asides_follow_the_block_they_stand_in() -> None:
    """Inside an open block they wait for its end; elsewhere they are stored at once."""
    builder = Made()
    builder.aside(BlockKind.ALT, pieces("zero"))
    builder.start(BlockKind.QUOTATION)
    builder.aside(BlockKind.ALT, pieces("two:"), "k")
    builder.aside(BlockKind.TITLE, pieces("three"))
    builder.add("one", 0, 3)
    builder.end()
    builder.text("four")
    blocks = builder.finish().blocks
    assert [(block.kind.value, block.text, block.key, block.level) for block in blocks] == [
        ("alt", "zero", "", 0),
        ("quotation", "one", "", 0),
        ("alt", "two:", "k", 0),
        ("title", "three", "", 0),
        ("paragraph", "four", "", 0),
    ]


def test_comments_are_stripped_and_in_order() -> None:
    """Whatever the order they were met in."""
    builder = Made()
    builder.comment(9, 12, " b ")
    builder.comment(2, 8, "a\n")
    builder.comment(2, 5, "c")
    assert builder.finish().comments == (
        Comment(Span(2, 5), "c"),
        Comment(Span(2, 8), "a"),
        Comment(Span(9, 12), "b"),
    )


# Sections


def test_sections_nest_by_level() -> None:
    """A heading ends the sections of its level and below; the first one is never ended."""
    builder = Made()
    for level in (2, 3, 3, 1, 2, 0, 6):
        builder.text("Title", BlockKind.HEADING, level)
    builder.text("text")
    document = builder.finish()
    assert document.sections == (
        Section(None, 0, None),
        Section(0, 2, 0),
        Section(1, 3, 1),
        Section(2, 3, 1),
        Section(3, 1, 0),
        Section(4, 2, 4),
        Section(5, 0, 0),
        Section(6, 6, 6),
    )
    assert [block.section for block in document.blocks] == [1, 2, 3, 4, 5, 6, 7, 7]


def test_what_leaves_the_sections_belongs_to_none() -> None:
    """A footnote stands in the first section, and so do headings behind it."""
    builder = Made()
    builder.text("One", BlockKind.HEADING, 1)
    builder.start()
    builder.add("a", 0, 1)
    builder.leave_sections()
    builder.text("b")
    builder.text("Two", BlockKind.HEADING, 2)
    document = builder.finish()
    assert [(block.text, block.section) for block in document.blocks] == [
        ("One", 1),
        ("a", 1),
        ("b", 0),
        ("Two", 2),
    ]
    assert document.sections[2] == Section(3, 2, 0)


# Lists


@pytest.mark.parametrize("kind", list(BlockKind))
def test_what_introduces_a_list(kind: BlockKind) -> None:
    """A block of running text that ends in a colon introduces the list right behind it."""
    builder = Made()
    builder.text(LABEL, kind)
    builder.open_list()
    builder.open_item()
    builder.text("item")
    leads = kind in {"paragraph", "heading", "table-cell", "quotation", "caption"}
    assert builder.places()[-1] == ("item", ListPlace(0, lead_in=0 if leads else None))


@pytest.mark.parametrize("label", ["Enjoy", "Enjoy: this", ": Enjoy", "Enjoy:."])
def test_only_a_colon_at_the_end_introduces(label: str) -> None:
    """A colon elsewhere does not."""
    builder = Made()
    builder.text(label)
    builder.open_list()
    builder.open_item()
    builder.text("item")
    assert builder.places()[-1] == ("item", ListPlace(0))


def test_a_division_introduces_nothing() -> None:
    """After a rule a list is by itself, and pasted items begin a new list."""
    builder = Made()
    builder.start()
    builder.add(LABEL, 0, len(LABEL))
    builder.divide()
    builder.text("● a")
    builder.text("● b")
    builder.divide()
    builder.text("● c")
    assert builder.places() == [
        (LABEL, None),
        ("a", ListPlace(0)),
        ("b", ListPlace(0)),
        ("c", ListPlace(1)),
    ]


def test_asides_and_values_introduce_nothing() -> None:
    """The latest block of running text does, whatever stands between."""
    builder = Made()
    builder.text(LABEL)
    builder.aside(BlockKind.ALT, pieces("A knee"))
    builder.value(pieces("Title"), "title", None)
    builder.open_list()
    builder.open_item()
    builder.text("item")
    assert builder.places()[-1] == ("item", ListPlace(0, lead_in=0))


def test_lists_inside_items() -> None:
    """A list inside an item is deeper, knows the list around it, and may be led in by the item."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.text("knee:")
    builder.open_list()
    builder.open_item()
    builder.text("pain")
    builder.open(BlockKind.QUOTATION)
    builder.open_list()
    builder.open_item()
    builder.text("deep")
    builder.close_to(4)
    builder.close()
    builder.open_item()
    builder.text("gain")
    builder.close_to(1)
    builder.open_item()
    builder.text("hip")
    builder.close_to(0)
    builder.open_list()
    builder.open_item()
    builder.text("other")
    assert builder.places() == [
        ("knee:", ListPlace(0)),
        ("pain", ListPlace(1, 1, 0, 0)),
        ("deep", ListPlace(2, 2, 1)),
        ("gain", ListPlace(1, 1, 0, 0)),
        ("hip", ListPlace(0)),
        ("other", ListPlace(3)),
    ]


def test_an_item_of_another_list_introduces_nothing() -> None:
    """Only the item that a list stands in leads it in, for it is the list's own sentence."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.text("knee:")
    builder.close_to(0)
    builder.open_list()
    builder.open_item()
    builder.text("hip")
    assert builder.places() == [("knee:", ListPlace(0)), ("hip", ListPlace(1))]


def test_an_item_without_a_list_is_one() -> None:
    """Stray items are lists of their own; one inside another is deeper."""
    builder = Made()
    builder.open_item()
    builder.text("a")
    builder.open_item()
    builder.text("b")
    builder.close()
    builder.close()
    builder.open_item()
    builder.text("c")
    assert builder.places() == [
        ("a", ListPlace(0)),
        ("b", ListPlace(1, 1, 0)),
        ("c", ListPlace(2)),
    ]


def test_a_list_that_is_led_by_nothing() -> None:
    """A place may be made without a lead-in, as for front matter."""
    builder = Made()
    builder.text(LABEL)
    assert builder.list_place(None, led=False) == ListPlace(0)
    assert builder.list_place(ListPlace(7, 2), led=False) == ListPlace(1, 3, 7)
    assert builder.list_place(None) == ListPlace(2, lead_in=0)


def test_only_the_first_text_of_an_item_is_the_item() -> None:
    """What follows in it is a paragraph; a heading or a quotation in it has no place."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.text("Title", BlockKind.HEADING, 4)
    builder.text("a")
    builder.text("b")
    builder.close()
    builder.open_item()
    builder.open(BlockKind.QUOTATION)
    builder.text("c")
    builder.text("d", BlockKind.LIST_ITEM)
    builder.close()
    builder.text("e")
    blocks = builder.finish().blocks
    assert [(block.kind.value, block.text, block.place) for block in blocks] == [
        ("heading", "Title", None),
        ("list-item", "a", ListPlace(0)),
        ("paragraph", "b", None),
        ("quotation", "c", None),
        ("list-item", "d", None),
        ("list-item", "e", ListPlace(0)),
    ]


def test_a_list_is_no_item() -> None:
    """What stands in a list and in none of its items has no place in it."""
    builder = Made()
    builder.open_list()
    builder.text("a", BlockKind.LIST_ITEM)
    builder.text("b")
    builder.open_item()
    builder.text("c")
    assert builder.places() == [("a", None), ("b", None), ("c", ListPlace(0))]


def test_an_item_without_text_waits_for_it() -> None:
    """An image or a code line before the text of an item does not take its place."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.text("\ufffc")
    builder.text("a")
    assert builder.places() == [("a", ListPlace(0))]


# Removals

WHOLE = Span(3, 9)


def test_an_item_of_one_block_can_be_removed() -> None:
    """Its removal is what the parser says, for the item's own block and no other."""
    builder = Made()
    builder.text("before")
    builder.open_list()
    builder.open_item()
    builder.text("a")
    builder.close(WHOLE)
    builder.open_item()
    builder.text("b")
    builder.close()
    builder.close(Span(0, 99))
    builder.open(BlockKind.QUOTATION)
    builder.text("c")
    builder.close(WHOLE)
    assert builder.removals() == [None, WHOLE, None, None]


def test_an_item_that_holds_more_stays() -> None:
    """Two blocks, a list inside, or none but a heading: removing it would take more."""
    builder = Made()
    builder.open_list()
    for inside in (("a", "b"), ()):
        builder.open_item()
        for text in inside:
            builder.text(text)
        builder.close(WHOLE)
    builder.open_item()
    builder.text("Title", BlockKind.HEADING, 2)
    builder.close(WHOLE)
    builder.open_item()
    builder.text("c")
    builder.open_list()
    builder.close()
    builder.close(WHOLE)
    builder.open_item()
    builder.text("\ufffc")
    builder.close(WHOLE)
    builder.open_item()
    builder.open(BlockKind.QUOTATION)
    builder.text("d", BlockKind.LIST_ITEM)
    builder.close()
    builder.close(WHOLE)
    assert builder.removals() == [None] * 5


def test_a_list_inside_makes_no_difference_to_the_next_item() -> None:
    """The item around it stays, the items inside and behind can go."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.text("a")
    builder.open_list()
    builder.open_item()
    builder.text("b")
    builder.close(Span(1, 2))
    builder.close()
    builder.close(Span(3, 4))
    builder.open_item()
    builder.text("c")
    builder.close(Span(5, 6))
    assert builder.removals() == [None, Span(1, 2), Span(5, 6)]


# Bullets in running text


@pytest.mark.parametrize("kind", list(BlockKind))
def test_bullets_are_looked_for_in_running_text(kind: BlockKind) -> None:
    """A bullet begins an item in a paragraph, a cell or a quotation, and is text elsewhere."""
    builder = Made()
    builder.text("● a", kind)
    if kind in {"paragraph", "table-cell", "quotation"}:
        expected = ("list-item", "a")
    elif kind == "list-item":
        # One bullet too many: no list inside the item.
        expected = ("list-item", "a")
    else:
        expected = (kind.value, "● a")
    assert builder.kinds() == [expected]


def test_a_bullet_in_an_item_is_one_too_many() -> None:
    """The item stays what it is; bullets on further lines begin a list inside it."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.start()
    builder.add("● a", 0, 3)
    builder.line_end(3, 1, hard=True)
    builder.add("● b", 4, 3)
    builder.end()
    builder.text("c")
    builder.close(WHOLE)
    blocks = builder.finish().blocks
    assert [(block.kind.value, block.text, block.place) for block in blocks] == [
        ("list-item", "a", ListPlace(0)),
        ("list-item", "b", ListPlace(1, 1, 0)),
        ("paragraph", "c", None),
    ]
    assert [block.removal for block in blocks] == [None, Span(4, 7), None]


def test_lines_after_an_item_s_text_are_a_list_in_it() -> None:
    """Text, then bulleted lines, then text again, all inside one item."""
    builder = Made()
    builder.open_list()
    builder.open_item()
    builder.start()
    position = 0
    for line in ("Joints:", "● knee", "● hip", "More."):
        if position:
            builder.line_end(position - 1, 1, hard=True)
        builder.add(line, position, len(line))
        position += len(line) + 1
    builder.end()
    assert [(block.kind.value, block.text, block.place) for block in builder.finish().blocks] == [
        ("list-item", "Joints:", ListPlace(0)),
        ("list-item", "knee", ListPlace(1, 1, 0, 0)),
        ("list-item", "hip", ListPlace(1, 1, 0, 0)),
        ("paragraph", "More.", None),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Enjoy:\n● a", [("paragraph", LABEL), ("list-item", "a")]),
        ("● a\nMore.", [("list-item", "a"), ("paragraph", "More.")]),
        ("One\nTwo", [("paragraph", "One Two")]),
        ("● a\nand more", [("list-item", "a and more")]),
        ("● a", [("list-item", "a")]),
        ("Enjoy:\n● a\n● b", [("paragraph", LABEL), ("list-item", "a"), ("list-item", "b")]),
    ],
)
def test_lines_become_text_and_items(source: str, expected: list[tuple[str, str]]) -> None:
    """However few there are of either, none is lost."""
    builder = Made(source)
    builder.lines(source)
    assert builder.kinds() == expected


def test_a_list_goes_on_over_blocks_but_not_over_text() -> None:
    """Bulleted paragraphs are one list until something else stands between them."""
    builder = Made()
    for text in ("● a", "● b", "text", "● c"):
        builder.text(text)
    builder.open(BlockKind.QUOTATION)
    builder.text("● d")
    builder.close()
    builder.text("● e")
    assert [place and place.list_id for _, place in builder.places()] == [0, 0, None, 1, 2, 3]


SOURCE = "● a\n  ● b\n● c\n"


@pytest.mark.parametrize("nests", [False, True])
def test_indentation_may_be_the_writer_s(nests: bool) -> None:  # noqa: FBT001
    """Where it is, a deeper bullet nests, and the item around it can no longer be removed."""
    builder = Made(SOURCE)
    builder.indent_nests = nests
    builder.lines(SOURCE, limit=len(SOURCE))
    outer, inner = ListPlace(0), ListPlace(1, 1, 0) if nests else ListPlace(0)
    blocks = builder.finish().blocks
    assert [(block.text, block.place) for block in blocks] == [
        ("a", outer),
        ("b", inner),
        ("c", outer),
    ]
    first = None if nests else Span(0, 6)
    assert [block.removal for block in blocks] == [first, Span(6, 10), Span(10, 14)]


@pytest.mark.parametrize(
    ("before", "nested"),
    [("  ", True), ("\t", True), (">  ", True), ("> > ", True), (" ", False), ("x   ", False)],
)
def test_only_blanks_and_quotation_marks_indent(before: str, *, nested: bool) -> None:
    """What stands before a marker on its line, up to the line's start, is its indentation."""
    source = f"● a\n{before}● b"
    builder = Made(source)
    builder.indent_nests = True
    builder.text("● a", at=0)
    builder.text("● b", at=source.index("● b"))
    depths = [block.place.depth for block in builder.finish().blocks if block.place]
    assert depths == [0, int(nested)]


def test_a_marker_inside_a_line_is_not_indented() -> None:
    """It counts as one at the line's start, so little indentation before makes no difference."""
    source = " ● a\nx● b\n ● c"
    builder = Made(source)
    builder.indent_nests = True
    for text in ("● a", "● b", "● c"):
        builder.text(text, at=source.index(text))
    assert builder.places() == [(text, ListPlace(0)) for text in "abc"]


def test_a_marker_at_the_very_start_is_indented_too() -> None:
    """The start of the draft is the start of a line."""
    source = "   ● a\n● b"
    builder = Made(source)
    builder.indent_nests = True
    builder.text("● a", at=3)
    builder.text("● b", at=7)
    # The second, further left, is no item inside the first.
    assert [place for _, place in builder.places()] == [ListPlace(0), ListPlace(1)]


@pytest.mark.parametrize(
    ("source", "limit", "expected"),
    [
        # Up to the next item, up to the block's end where that is known, or its last piece.
        ("● a\n● b\n\n", 8, [(0, 4), (4, 8)]),
        ("● a\n● b\n\n", None, [(0, 4), (4, 8)]),
        ("● a\n● b", None, [(0, 4), (4, 7)]),
        # In a quotation the line end has to stay.
        ("> \v● a\r\n", 8, [(3, 6)]),
        ("> \v● a", 6, [(3, 6)]),
        ("\n\v● a\n", 6, [(2, 5)]),
    ],
)
def test_what_removing_a_bulleted_line_takes(
    source: str, limit: int | None, expected: list[tuple[int, int]]
) -> None:
    """A removal begins with the marker and ends where the next line of text begins."""
    builder = Made(source)
    builder.lines(source, limit)
    assert builder.removals() == [Span(*span) for span in expected]


@pytest.mark.parametrize(
    ("markup", "whole"),
    [
        ("a", True),
        ("a [b](c)", True),
        ("a [b", False),
        ("a b]", False),
        ("a <b>c</b>", True),
        ("a <b>c", False),
        ("a c</b>", False),
        ("a<br>b", True),
        ("a <img src=x> b", True),
        ("a <wbr> <input> <hr> b", True),
        ("a < b", True),
        ("a **b**", True),
        ("a **b", False),
        ("**a** **b", False),
        ("a __b__", True),
        ("a __b", False),
        ("a `b`", True),
        ("a `b", False),
        ("a ~~b~~", True),
        ("a ~~b", False),
    ],
)
def test_half_of_a_pair_keeps_an_item(markup: str, whole: bool) -> None:  # noqa: FBT001
    """An item whose removal would leave half a link, element or emphasis behind stays."""
    source = f"● {markup}"
    builder = Made(source)
    builder.lines(source)
    assert builder.removals() == [Span(0, len(source)) if whole else None]


def test_a_marker_s_own_stars_are_no_emphasis() -> None:
    """The first two characters of an item are not counted."""
    builder = Made("* a * b")
    builder.lines("* a * b")
    assert builder.removals() == [Span(0, 7)]
