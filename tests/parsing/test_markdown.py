"""Markdown: text, structure and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.document import Comment, ListPlace, Section, Span
from medlint.parsing import parse

if TYPE_CHECKING:
    from conftest import Covered, Outline


def removals(source: str) -> list[str | None]:
    """Return the source of each block's removal."""
    return [
        source[block.removal.start : block.removal.end] if block.removal else None
        for block in parse(source, path="x.md").blocks
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_phrase_is_found_through_markup(covered: Covered, line_end: str) -> None:
    """Emphasis, a soft hyphen, an entity and a wrap do not hide a phrase or shift its span."""
    source = f"We offer a **mira&shy;cle{line_end}  cure** today."
    document = parse(source, path="x.md")
    assert [block.text for block in document.blocks] == ["We offer a miracle cure today."]
    assert covered(document, "miracle cure") == f"mira&shy;cle{line_end}  cure"
    assert covered(document, "a miracle") == "a **mira&shy;cle"


def test_places_count_characters_not_bytes(covered: Covered) -> None:
    """Characters of one to four bytes before a phrase do not shift it."""
    document = parse(
        "é € 😀 [_cu_**re**](x) ünd, 😀cure\u0301d.\n\n*“Wow”* pain&nbsp;free", path="x.md"
    )
    assert covered(document, "cure ünd") == "cu_**re**](x) ünd"
    assert covered(document, "pain free") == "pain&nbsp;free"
    assert document.blocks[0].text == "é € 😀 cure ünd, 😀curéd."


def test_headings_make_sections() -> None:
    """Sections nest by level, in both heading styles; anchors are no text."""
    document = parse("a\n\n# One {#one}\n\nTwo\n---\n\n### Three\n\n# Four\n\nb", path="x.md")
    assert [(block.text, block.level, block.section) for block in document.blocks] == [
        ("a", 0, 0),
        ("One", 1, 1),
        ("Two", 2, 2),
        ("Three", 3, 3),
        ("Four", 1, 4),
        ("b", 0, 4),
    ]
    assert document.sections == (
        Section(None, 0, None),
        Section(1, 1, 0),
        Section(2, 2, 1),
        Section(3, 3, 2),
        Section(4, 1, 0),
    )


def test_lists_nest_and_know_their_lead_in() -> None:
    """The paragraph before a list introduces it if it ends in a colon; an item may, too."""
    blocks = parse(
        "Benefits:\n\n1. knee:\n   - less pain\n2. hip\n\nDone.\n\n- a\n", path="x.md"
    ).blocks
    outer = ListPlace(0, lead_in=0)
    assert [(block.kind.value, block.text, block.place) for block in blocks] == [
        ("paragraph", "Benefits:", None),
        ("list-item", "knee:", outer),
        ("list-item", "less pain", ListPlace(1, depth=1, parent=0, lead_in=1)),
        ("list-item", "hip", outer),
        ("paragraph", "Done.", None),
        ("list-item", "a", ListPlace(2)),
    ]


def test_a_rule_or_code_parts_a_list_from_its_lead_in() -> None:
    """Only what stands right before a list introduces it."""
    blocks = parse("Benefits:\n\n---\n\n- a\n", path="x.md").blocks
    assert blocks[1].place == ListPlace(0)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- a\n- b\n", ["- a\n", "- b\n"]),
        ("- a\n- b", ["- a\n", "- b"]),
        ("- a\r\n\r\n- b\r\n\r\nc", ["- a\r\n", "- b\r\n", None]),
        ("- a\n  wrapped\nlazily\n- b\n", ["- a\n  wrapped\nlazily\n", "- b\n"]),
        ("- a\n  - b\n  - c\n- d\n", [None, "  - b\n", "  - c\n", "- d\n"]),
        ("> - a\n> - b\n", ["> - a\n", "> - b\n"]),
        ("- a\n\n  second paragraph\n- b\n", [None, None, "- b\n"]),
        ("- - a\n", [None]),
        ("- [ ] a\n- [x] b\n", ["- [ ] a\n", "- [x] b\n"]),
        ("- ![i](x) a\n", [None, None]),
    ],
)
def test_a_removal_leaves_valid_markdown(source: str, expected: list[str | None]) -> None:
    """An item goes with its marker, indentation and lines; one that holds more stays."""
    assert removals(source) == expected


def test_removing_an_item_leaves_the_other_blocks() -> None:
    """The draft without an item parses into the other blocks."""
    source = "> Benefits:\n>\n> - less *pain*\n>   at night\n> - more sleep\n>\n> Call us.\n"
    document = parse(source, path="x.md")
    for index, block in enumerate(document.blocks):
        if block.removal is not None:
            rest = source[: block.removal.start] + source[block.removal.end :]
            expected = [b.text for i, b in enumerate(document.blocks) if i != index]
            assert [b.text for b in parse(rest, path="x.md").blocks] == expected


def test_second_paragraphs_of_items_are_paragraphs(outline: Outline) -> None:
    """Only an item's first text is the item."""
    assert outline("- a\n\n  b\n", ".md") == [("list-item", "a"), ("paragraph", "b")]


def test_quotations_tables_and_footnotes(outline: Outline) -> None:
    """Block quotes are quotations, alerts are not; each table cell is a block."""
    text = (
        "> It *healed* me\n> fully.\n\n> [!NOTE]\n> Ask us.\n\n"
        "| a | b |\n|---|---|\n| x\\|y | **z** |\n\nAs shown.[^1]\n\n[^1]: In mice.\n"
    )
    assert outline(text, ".md") == [
        ("quotation", "It healed me fully."),
        ("paragraph", "Ask us."),
        ("table-cell", "a"),
        ("table-cell", "b"),
        ("table-cell", "x|y"),
        ("table-cell", "z"),
        ("paragraph", "As shown.[1]"),
        ("paragraph", "In mice."),
    ]


def test_code_is_not_linted(outline: Outline) -> None:
    """Code blocks are left out; inline code holds its words' neighbours apart."""
    text = "    cure\n\n```\ncure\n```\n\nno `cure` risk\n\n`cure`\n\n<code>cure</code> it\n"
    assert outline(text, ".md") == [("paragraph", "no \ufffc risk"), ("paragraph", "\ufffc it")]


def test_images_and_titles_are_blocks(covered: Covered) -> None:
    """Alternative texts and titles are blocks behind the one they stand in."""
    source = (
        'See ![a *happy* knee](k.png "No &amp; never \\"pain\\"") and [this][r].\n\n'
        "[r]: x\n  'Your new life'\n"
    )
    document = parse(source, path="x.md")
    assert [(block.kind.value, block.text) for block in document.blocks] == [
        ("paragraph", "See and this."),
        ("title", 'No & never "pain"'),
        ("alt", "a happy knee"),
        ("title", "Your new life"),
    ]
    assert covered(document, "happy knee") == "happy* knee"
    assert covered(document, "& never") == "&amp; never"
    assert covered(document, "new life") == "new life"


def test_a_definition_s_title_counts_once(outline: Outline) -> None:
    """A title that several links share stands once in the source, so once among the blocks."""
    text = '[a][r] [b][R]\n\n[r]: x "Your new life"\n'
    assert outline(text, ".md") == [("paragraph", "a b"), ("title", "Your new life")]


def test_addresses_are_no_text(outline: Outline) -> None:
    """Neither bare addresses nor those between angle brackets are linted."""
    assert outline("<https://example.org/cure> or https://example.org/cure.", ".md") == [
        ("paragraph", "\ufffc or \ufffc.")
    ]


def test_inline_html_is_read(outline: Outline) -> None:
    """Tags go, attributes with text stay, hidden text and comments are no text."""
    text = 'A <b title="Pure joy">safe</b> <span hidden>not </span>cure.<!-- c --><br>\nYes\n'
    assert outline(text, ".md") == [("paragraph", "A safe cure. Yes"), ("title", "Pure joy")]


def test_html_blocks_are_read(outline: Outline) -> None:
    """Text inside an HTML block is linted, Markdown between two blocks of HTML as well."""
    text = (
        '<div class="x">\nWe <b>cure</b> you\n<img alt="A knee">\n</div>\n\n'
        "<style>p { cure: all }</style>\n\n"
        "<blockquote>\n\nIt *healed* me.\n\n</blockquote>\n\nAfter.\n"
    )
    assert outline(text, ".md") == [
        ("paragraph", "We cure you"),
        ("alt", "A knee"),
        ("quotation", "It healed me."),
        ("paragraph", "After."),
    ]


def test_hidden_html_hides_the_markdown_inside(outline: Outline) -> None:
    """A hidden element hides what a browser hides, and nothing behind it."""
    text = "<div hidden>\n\nWe *cure* ![x](y) all.\n\n- a\n\n</div>\n\nShown.\n"
    assert outline(text, ".md") == [("paragraph", "Shown.")]


def test_an_unclosed_inline_element_hides_its_paragraph_only(outline: Outline) -> None:
    """A forgotten end tag does not take the rest of the draft away."""
    assert outline("a <code>b\n\nWe cure.\n", ".md") == [
        ("paragraph", "a"),
        ("paragraph", "We cure."),
    ]


def test_html_in_a_list_does_not_upset_it(outline: Outline) -> None:
    """Elements that open inside an item end with it."""
    text = "- a\n\n  <blockquote>b\n\n- c\n\nd\n"
    assert outline(text, ".md") == [
        ("list-item", "a"),
        ("quotation", "b"),
        ("list-item", "c"),
        ("paragraph", "d"),
    ]


def test_comments_have_places() -> None:
    """Comments are kept with their range and inner text, over lines and inside paragraphs."""
    source = "<!-- medlint-disable\n  cure -- why -->\n\nWe <!--x--> cure.\n"
    assert parse(source, path="x.md").comments == (
        Comment(Span(0, 38), "medlint-disable\n  cure -- why"),
        Comment(Span(43, 51), "x"),
    )


def test_html_in_a_quotation_is_read_without_its_marks(outline: Outline) -> None:
    """The ">" of a quotation is no text, neither between tags nor inside a comment."""
    source = "> <div>\n> We cure <!-- one\n> two --> you\n> </div>\n"
    assert outline(source, ".md") == [("quotation", "We cure you")]
    assert [comment.text for comment in parse(source, path="x.md").comments] == ["one\n> two"]


@pytest.mark.parametrize("line_end", ["\n", "  \n", "<br>\n"])
def test_pasted_bullets_make_a_list(line_end: str) -> None:
    """Bullets that Markdown does not know begin items inside a paragraph."""
    source = f"You will enjoy:{line_end}● less\n  pain{line_end}● more sleep\n"
    blocks = parse(source, path="x.md").blocks
    place = ListPlace(0, lead_in=0)
    assert [(block.text, block.place) for block in blocks] == [
        ("You will enjoy:", None),
        ("less pain", place),
        ("more sleep", place),
    ]
    assert [source[b.removal.start : b.removal.end] for b in blocks if b.removal] == [
        f"● less\n  pain{line_end}",
        "● more sleep\n",
    ]


def test_pasted_bullets_in_paragraphs_of_their_own_are_one_list() -> None:
    """Blank lines between pasted items do not part the list."""
    blocks = parse("• one\n\n• two\n\ntext\n\n• three\n", path="x.md").blocks
    assert [block.place.list_id if block.place else None for block in blocks] == [0, 0, None, 1]


def test_a_dash_at_a_line_s_start_is_a_dash(outline: Outline) -> None:
    """One wrapped line with a spaced dash is running text, two in a row are items."""
    assert outline("the cure\n\u2013 which works \u2013 is\nnew\n", ".md") == [
        ("paragraph", "the cure — which works — is new")
    ]
    assert outline("Enjoy\n\u2013 less pain\n\u2013 more sleep\n", ".md") == [
        ("paragraph", "Enjoy"),
        ("list-item", "less pain"),
        ("list-item", "more sleep"),
    ]


def test_a_hard_break_ends_a_sentence() -> None:
    """Slogans on lines of their own are sentences of their own, unless one goes on."""
    (block,) = parse("No surgery  \nNo downtime\\\nand no pain\n", path="x.md").blocks
    assert [block.text[s.start : s.end] for s in block.sentences] == [
        "No surgery",
        "No downtime and no pain",
    ]
