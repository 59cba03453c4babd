"""Plain text: paragraphs, headings and lists by their looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.document import Comment, ListPlace, Section, Span
from medlint.parsing import parse

if TYPE_CHECKING:
    from conftest import Covered, Outline

PARAGRAPH = "Our clinic offers treatments for many kinds of pain, and our doctors answer questions."


def test_each_line_is_a_paragraph(outline: Outline) -> None:
    """Without wrapping, blank lines are not needed between paragraphs."""
    text = f"{PARAGRAPH}\nShort one here.\n{PARAGRAPH}\n"
    assert outline(text, ".txt") == [
        ("paragraph", PARAGRAPH),
        ("paragraph", "Short one here."),
        ("paragraph", PARAGRAPH),
    ]


def test_wrapped_lines_are_joined(outline: Outline) -> None:
    """In a hard-wrapped file blank lines separate paragraphs."""
    text = (
        "Stem cell therapy is offered by many clinics and promises a miracle\n"
        "cure for knees, hips and backs, which no trial has shown so far to be\n"
        "more than hope.\n"
        "\n"
        "A second paragraph follows here and is wrapped at the same width as the\n"
        "first was.\n"
    )
    assert outline(text, ".txt") == [
        (
            "paragraph",
            (
                "Stem cell therapy is offered by many clinics and promises a miracle cure for"
                " knees, hips and backs, which no trial has shown so far to be more than hope."
            ),
        ),
        (
            "paragraph",
            "A second paragraph follows here and is wrapped at the same width as the first was.",
        ),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_phrase_over_a_wrap_is_found_where_it_stands(covered: Covered, line_end: str) -> None:
    """The span of a phrase that a wrap splits covers both lines, whatever ends them."""
    document = parse(f"This is a miracle{line_end}cure for all of you.", path="x.txt")
    assert covered(document, "miracle cure") == f"miracle{line_end}cure"


def test_slogans_are_not_joined(outline: Outline) -> None:
    """Short lines with room left were not wrapped by an editor."""
    text = "no pain\nno downtime\nno scars or stitches\n"
    assert [kind for kind, _ in outline(text, ".txt")] == ["paragraph"] * 3


def test_a_short_line_above_a_paragraph_is_a_heading(outline: Outline) -> None:
    """A title has no full stop and heads what follows; questions are titles too."""
    text = (
        f"Understanding Pain\n{PARAGRAPH}\nWhat is PRP?\n{PARAGRAPH}\nA short sentence.\nComments\n"
    )
    assert outline(text, ".txt") == [
        ("heading", "Understanding Pain"),
        ("paragraph", PARAGRAPH),
        ("heading", "What is PRP?"),
        ("paragraph", PARAGRAPH),
        ("paragraph", "A short sentence."),
        ("paragraph", "Comments"),
    ]


def test_headings_open_sections() -> None:
    """Each heading begins a section of level 2."""
    document = parse(f"{PARAGRAPH}\nRisks\n{PARAGRAPH}\n", path="x.txt")
    assert document.sections == (Section(None, 0, None), Section(1, 2, 0))
    assert [block.section for block in document.blocks] == [0, 1, 1]


def test_two_titles_may_follow_each_other(outline: Outline) -> None:
    """A heading with a heading of its own below keeps both."""
    text = f"Our Methods\nFirst Step\n{PARAGRAPH}\n"
    assert [kind for kind, _ in outline(text, ".txt")] == ["heading", "heading", "paragraph"]


def test_a_menu_at_the_top_is_no_heading(outline: Outline) -> None:
    """Many short lines below each other are short paragraphs."""
    text = f"Knee pain\nHip pain\nBack pain\nNeck pain\nElbow pain\n{PARAGRAPH}\n"
    assert [kind for kind, _ in outline(text, ".txt")] == ["paragraph"] * 6


def test_items_that_lost_their_bullets_follow_a_heading(outline: Outline) -> None:
    """Many short lines below a paragraph are a heading with its items, up to the next heading."""
    text = (
        "We look after knees and backs, and we have done so for many years.\n"
        "Conditions\nArthritis\nSciatica\nTennis elbow\nWhat does it cost?\n"
        "A first visit takes an hour and is followed by a written plan.\n"
    )
    assert outline(text, "draft.txt") == [
        ("paragraph", "We look after knees and backs, and we have done so for many years."),
        ("heading", "Conditions"),
        ("list-item", "Arthritis"),
        ("list-item", "Sciatica"),
        ("list-item", "Tennis elbow"),
        ("heading", "What does it cost?"),
        ("paragraph", "A first visit takes an hour and is followed by a written plan."),
    ]


def test_items_that_lost_their_bullets_follow_a_colon(outline: Outline) -> None:
    """Short lines after a lead-in are list items; a title in title case ends them."""
    text = (
        "Common improvements include:\nReduced stiffness\nBetter sleep\nReduced stiffness\n"
        f"Patient Eligibility and Costs\n{PARAGRAPH}\n"
    )
    assert outline(text, ".txt") == [
        ("paragraph", "Common improvements include:"),
        ("list-item", "Reduced stiffness"),
        ("list-item", "Better sleep"),
        ("list-item", "Reduced stiffness"),
        ("heading", "Patient Eligibility and Costs"),
        ("paragraph", PARAGRAPH),
    ]


def test_an_underlined_line_is_a_heading(outline: Outline) -> None:
    """A line of signs below a title is decoration and proves the title."""
    text = f"Our promise to you.\n===\n{PARAGRAPH}\n----------\n{PARAGRAPH}\n"
    assert [kind for kind, _ in outline(text, ".txt")] == ["heading", "paragraph", "paragraph"]


def test_a_numbered_title_is_a_heading(outline: Outline) -> None:
    """In a listicle each number heads a paragraph."""
    text = f"1. Less pain\n{PARAGRAPH}\n2. More sleep\n{PARAGRAPH}\n"
    assert outline(text, ".txt") == [
        ("heading", "Less pain"),
        ("paragraph", PARAGRAPH),
        ("heading", "More sleep"),
        ("paragraph", PARAGRAPH),
    ]


@pytest.mark.parametrize(
    "marker",
    [
        "●",
        "•",
        "◦",
        "▪",
        "‣",
        "·",
        "-",
        "*",
        "\u2013",
        "+",
        "✓",
        "✔",
        "✔\ufe0f",
        "✅",
        "1.",
        "1)",
        "a)",
        "(a)",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_bullets_begin_items(marker: str, gap: str) -> None:
    """Every usual bullet and number makes an item, with and without a blank line above."""
    document = parse(f"You will enjoy:{gap}{marker} less pain\n{marker} more sleep\n", path="x.txt")
    assert [(block.kind.value, block.text, block.place) for block in document.blocks] == [
        ("paragraph", "You will enjoy:", None),
        ("list-item", "less pain", ListPlace(0, lead_in=0)),
        ("list-item", "more sleep", ListPlace(0, lead_in=0)),
    ]


def test_a_pasted_bullet_needs_no_blank(outline: Outline) -> None:
    """A round bullet sticks to its item in text pasted from a PDF."""
    assert outline("●Less pain\n●More sleep\n", ".txt") == [
        ("list-item", "Less pain"),
        ("list-item", "More sleep"),
    ]


def test_indentation_nests() -> None:
    """Deeper items are a list of their own inside the list around them."""
    text = "- joints such as:\n  - knee\n\t- ankle\n- back\n"
    blocks = parse(text, path="x.txt").blocks
    inner = ListPlace(1, depth=1, parent=0, lead_in=0)
    assert [(block.text, block.place) for block in blocks] == [
        ("joints such as:", ListPlace(0)),
        ("knee", inner),
        ("ankle", ListPlace(2, depth=2, parent=1)),
        ("back", ListPlace(0)),
    ]
    assert [block.removal for block in blocks] == [
        None,
        None,
        Span(27, 36),
        Span(36, 43),
    ]


def test_other_bullets_nest_at_the_same_indentation() -> None:
    """Text from a word processor loses indentation, but not the kind of bullet."""
    blocks = parse("• joints\no\tknee\no\tankle\n• back\n", path="x.txt").blocks
    assert [(block.text, block.place.depth if block.place else -1) for block in blocks] == [
        ("joints", 0),
        ("knee", 1),
        ("ankle", 1),
        ("back", 0),
    ]


def test_an_item_s_removal_takes_its_lines() -> None:
    """A wrapped item goes with its marker, its further lines and its line end."""
    source = "- less pain\n- more sleep, as far\n  as we know\n- more fun"
    document = parse(source, path="x.txt")
    removed = [block.removal for block in document.blocks]
    assert [source[span.start : span.end] for span in removed if span] == [
        "- less pain\n",
        "- more sleep, as far\n  as we know\n",
        "- more fun",
    ]
    assert document.blocks[1].text == "more sleep, as far as we know"


def test_a_paragraph_between_items_ends_the_list() -> None:
    """Lists with text between them are two lists."""
    blocks = parse(f"- one\n{PARAGRAPH}\n- two\n", path="x.txt").blocks
    assert [block.place.list_id for block in blocks if block.place] == [0, 1]


def test_a_dash_or_number_inside_wrapped_text_is_text(outline: Outline) -> None:
    """A wrapped line may begin with a dash or a number by chance."""
    text = (
        "The treatment of the knee with your own blood takes no longer than about\n"
        "12. Most people rest a little and then go home again, where they sleep\n"
        "\u2013 as we advise everybody to do \u2013 for a night or perhaps two of them, and\n"
        "come back.\n"
    )
    assert [kind for kind, _ in outline(text, ".txt")] == ["paragraph"]


def test_comments_are_kept_and_not_linted() -> None:
    """HTML comments and directives after two dots are comments; other lines are text."""
    source = (
        "<!-- medlint-disable cure -->\nWe cure you<!-- x -->.\n"
        ".. medlint-enable cure\n.. and more.\n"
    )
    document = parse(source, path="x.txt")
    assert [block.text for block in document.blocks] == ["We cure you.", ".. and more."]
    assert document.comments == (
        Comment(Span(0, 29), "medlint-disable cure"),
        Comment(Span(41, 51), "x"),
        Comment(Span(53, 75), "medlint-enable cure"),
    )
    block = document.blocks[0]
    assert block.source_span(8, 12) == Span(38, 52)


def test_a_comment_over_lines_joins_nothing(outline: Outline) -> None:
    """What a comment over several lines hides is gone, the rest stays."""
    assert outline("Before.\n<!-- one\ntwo -->\nAfter.\n", ".txt") == [
        ("paragraph", "Before."),
        ("paragraph", "After."),
    ]


def test_columns_do_not_shift() -> None:
    """Tabs, emoji, combining marks and a carriage return count as they are."""
    source = "\U0001f600 cafe\u0301\tcure.\r\n\tA second cure.\r\n"
    document = parse(source, path="x.txt")
    first, second = document.blocks
    assert (first.text, second.text) == ("\U0001f600 caf\u00e9 cure.", "A second cure.")
    start = first.source_span(7, 11).start
    assert document.lines.position(start) == (1, 9)
    assert document.lines.position(second.source_span(9, 13).start) == (2, 11)


def test_a_form_feed_parts_paragraphs(outline: Outline) -> None:
    """A page break ends a line as a line end does."""
    assert outline("One is here.\fTwo is here.", ".txt") == [
        ("paragraph", "One is here."),
        ("paragraph", "Two is here."),
    ]


def test_markdown_marks_are_plain_text(outline: Outline) -> None:
    """A .txt file has no Markdown."""
    assert outline("# Not a *heading*, a line.\n", ".txt") == [
        ("paragraph", "# Not a *heading*, a line.")
    ]


def test_addresses_are_no_text(outline: Outline) -> None:
    """Words in a web address are not the writer's words."""
    assert outline("See https://example.org/cure-all, or www.example.org/cure.\n", ".txt") == [
        ("paragraph", "See \ufffc, or \ufffc.")
    ]


def test_hash_tags_are_no_heading(outline: Outline) -> None:
    """A line of hash tags above a paragraph is no title."""
    assert outline(f"#painfree #newlife\n{PARAGRAPH}\n", ".txt") == [
        ("paragraph", "#painfree #newlife"),
        ("paragraph", PARAGRAPH),
    ]
