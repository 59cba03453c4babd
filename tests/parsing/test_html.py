"""HTML: what a browser shows, with exact places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.document import Comment, ListPlace, Span
from medlint.parsing import parse

if TYPE_CHECKING:
    from conftest import Covered, Outline


def removals(source: str) -> list[str | None]:
    """Return the source of each block's removal."""
    return [
        source[block.removal.start : block.removal.end] if block.removal else None
        for block in parse(source, path="x.html").blocks
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_phrase_is_found_through_markup(covered: Covered, line_end: str) -> None:
    """Tags, entities and line ends inside a phrase belong to its span."""
    source = f"<p>a <b>mira&shy;cle{line_end}  c&#117;re</b>&nbsp;for 😀 all</p>"
    document = parse(source, path="x.html")
    assert [block.text for block in document.blocks] == ["a miracle cure for 😀 all"]
    assert covered(document, "a miracle cure") == f"a <b>mira&shy;cle{line_end}  c&#117;re"
    assert covered(document, "for 😀") == "for 😀"


def test_elements_have_kinds(outline: Outline) -> None:
    """Every element that holds text gives its kind of block."""
    text = (
        "<!doctype html><html><head><title>Our &amp; clinic</title>"
        '<meta name="description" content="Get &quot;well&quot;">'
        "<meta content='Join us now' property=og:description><meta name=author content=Doe></head>"
        "<body><h2>Risks</h2><p>Some <em>text</em>.</p><ul><li>item</li></ul>"
        "<table><caption>Prices</caption><tr><th>one</th><td>two</td></tr></table>"
        "<blockquote><p>It healed me.</p></blockquote>"
        "<figure><img src=x alt='A knee' title=Before><figcaption>A cap</figcaption></figure>"
        '<a href="x" aria-label="Book a visit">Book</a></body></html>'
    )
    assert outline(text, ".html") == [
        ("title", "Our & clinic"),
        ("meta", 'Get "well"'),
        ("meta", "Join us now"),
        ("heading", "Risks"),
        ("paragraph", "Some text."),
        ("list-item", "item"),
        ("caption", "Prices"),
        ("table-cell", "one"),
        ("table-cell", "two"),
        ("quotation", "It healed me."),
        ("alt", "A knee"),
        ("title", "Before"),
        ("caption", "A cap"),
        ("alt", "Book a visit"),
        ("paragraph", "Book"),
    ]


def test_attributes_have_exact_places(covered: Covered) -> None:
    """A phrase in an attribute covers the raw value, entities and all."""
    source = "<img\n  src='a>b'\n  alt=\"No &lt;more&gt; pain\" title=joy>"
    document = parse(source, path="x.html")
    assert [block.text for block in document.blocks] == ["No <more> pain", "joy"]
    assert covered(document, "<more> pain") == "&lt;more&gt; pain"
    assert covered(document, "joy") == "joy"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>if (a < b) cure('</p>')</script>",
        "<style>p > a { cure: x }</style>",
        "<pre>cure <b>x</b></pre>",
        "<template><p>cure</p></template>",
        "<noscript><img alt='cure'></noscript>",
        "<svg><title>cure</title><path/></svg>",
        "<textarea>cure <p></textarea>",
        "<p hidden>cure <b>x</b>",
        "<div hidden><div>cure</div> cure</div>",
        "<div style='color: red; DISPLAY : none'>cure</div>",
        "<div style='visibility:hidden'>cure<img alt='cure'></div>",
        "<div aria-hidden=true>cure</div>",
        "<input type=hidden title='cure'>",
        "<!-- cure -->",
        "<?php cure ?>",
    ],
)
def test_what_is_not_shown_is_not_linted(outline: Outline, hidden: str) -> None:
    """Scripts, styles, code, hidden elements and comments are left out; the rest is not."""
    text = f"<p>before</p>{hidden}<p>after</p>"
    assert outline(text, ".html") == [("paragraph", "before"), ("paragraph", "after")]


def test_inline_code_holds_its_neighbours_apart(outline: Outline) -> None:
    """Words around code do not become neighbours; a hidden span leaves no trace."""
    text = "<p>no <code>x</code> risk <span hidden>at</span> all</p>"
    assert outline(text, ".html") == [("paragraph", "no \ufffc risk all")]


def test_implied_end_tags(outline: Outline) -> None:
    """Paragraphs, items, cells and terms end where HTML says so without an end tag."""
    text = (
        "<p>one<p>two<ul><li>a<li>b<ul><li>c</ul><li>d</ul>"
        "<table><tr><td>e<td>f<tr><th>g</table><dl><dt>h<dd>i<dt>j</dl>k"
    )
    assert outline(text, ".html") == [
        ("paragraph", "one"),
        ("paragraph", "two"),
        ("list-item", "a"),
        ("list-item", "b"),
        ("list-item", "c"),
        ("list-item", "d"),
        ("table-cell", "e"),
        ("table-cell", "f"),
        ("table-cell", "g"),
        ("paragraph", "h"),
        ("paragraph", "i"),
        ("paragraph", "j"),
        ("paragraph", "k"),
    ]


def test_a_hidden_item_ends_where_the_next_begins(outline: Outline) -> None:
    """A hidden element without an end tag hides itself only."""
    text = "<ul><li hidden>a <ul><li>b</ul><li>c</ul><p hidden>d<p>e"
    assert outline(text, ".html") == [("list-item", "c"), ("paragraph", "e")]


def test_lists_nest_and_know_their_lead_in() -> None:
    """A paragraph that ends in a colon introduces the list behind it."""
    source = (
        "<p>Benefits:</p>\n<ul>\n<li>knee:\n<ol><li>less pain</li></ol></li>\n<li>hip</li></ul>"
    )
    blocks = parse(source, path="x.html").blocks
    outer = ListPlace(0, lead_in=0)
    assert [(block.text, block.place) for block in blocks] == [
        ("Benefits:", None),
        ("knee:", outer),
        ("less pain", ListPlace(1, depth=1, parent=0, lead_in=1)),
        ("hip", outer),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<ul>\n  <li>a</li>\n  <li><b>b</b></li>\n</ul>",
            ["<li>a</li>\n  ", "<li><b>b</b></li>\n"],
        ),
        ("<ul><li>a\n<li>b</ul>", ["<li>a\n", "<li>b"]),
        ("<ul><li><p>a</p><p>b</p></li></ul>", [None, None]),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", [None, "<li>b</li>"]),
        ("<p>● a<br>● <b>b</b><br>● c</p>", ["● a<br>", "● <b>b</b><br>", "● c"]),
        ("<p>● a<br>● <b>b</b></p>", ["● a<br>", None]),
    ],
)
def test_a_removal_leaves_valid_html(source: str, expected: list[str | None]) -> None:
    """An item goes with its tags and the blanks behind; one that holds more stays."""
    assert removals(source) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<p>Enjoy:<br>● less pain<br>● more sleep</p>",
        "<p>Enjoy:<br/>\n- less pain<br/>\n- more sleep</p>",
        "<p>Enjoy:\n● less pain\n● more sleep</p>",
        "<p>\n                Enjoy:<br>\n              - less pain<br>\n\t\t- more sleep</p>",
        "<p>Enjoy:</p><p>• less pain</p><p>• more sleep</p>",
        "<p>Enjoy:</p><div>&bull; less pain</div><div>&bull;&nbsp;more sleep</div>",
        "<p>Enjoy:</p><ul><li>• less pain<li>• more sleep</ul>",
        "Enjoy:<br>1) less pain<br>2) more sleep",
    ],
)
def test_pasted_bullets_make_a_list(text: str) -> None:
    """However bullets were pasted into HTML, they are items of one list with a lead-in."""
    place = ListPlace(0, lead_in=0)
    assert [(block.text, block.place) for block in parse(text, path="x.html").blocks] == [
        ("Enjoy:", None),
        ("less pain", place),
        ("more sleep", place),
    ]


def test_breaks_end_sentences_and_two_end_paragraphs() -> None:
    """One <br> ends a sentence, two end the paragraph."""
    blocks = parse("<p>No surgery<br>No downtime<br><br>No pain</p>", path="x.html").blocks
    assert [[b.text[s.start : s.end] for s in b.sentences] for b in blocks] == [
        ["No surgery", "No downtime"],
        ["No pain"],
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("relief<sup>1,2</sup> now", "relief[1,2] now"),
        ("relief.<sup>[3]</sup> Now", "relief.[3] Now"),
        ("10<sup>6</sup> cells", "106 cells"),
        ("the 1<sup>st</sup> one", "the 1st one"),
        ("Curex<sup>®</sup> heals", "Curex heals"),
        ("CO<sub>2</sub>", "CO2"),
    ],
)
def test_raised_text(html: str, text: str) -> None:
    """A raised reference becomes one in brackets, lest it stick to the word."""
    (block,) = parse(html, path="x.html").blocks
    assert block.text == text


def test_signs_that_are_no_markup_are_text(outline: Outline) -> None:
    """Loose "<" and "&" and an unclosed tag hide nothing."""
    assert outline("a < b & c <3 d <unclosed e", ".html") == [
        ("paragraph", "a < b & c <3 d <unclosed e")
    ]
    assert outline('<a title="x>We cure.</a> <b>all</b>', ".html") == [
        ("paragraph", "We cure. all")
    ]


def test_comments_have_places() -> None:
    """A comment keeps its range and inner text."""
    source = "<p>a<!-- medlint-disable-line cure --></p>"
    assert parse(source, path="x.html").comments == (
        Comment(Span(4, 38), "medlint-disable-line cure"),
    )


def test_front_matter_is_read(outline: Outline) -> None:
    """A template's front matter is linted, and its fences are no text."""
    assert outline("---\ntitle: Our cure\n---\n<p>a</p>", ".html") == [
        ("front-matter", "Our cure"),
        ("paragraph", "a"),
    ]


def test_misnested_tags_do_no_harm(outline: Outline) -> None:
    """Stray and crossed end tags end no more than they can."""
    text = "</li></div><div><ul><li>a</div>b</ul><b><p>c</b>d</p></blockquote>e"
    assert [block for _, block in outline(text, ".html")] == ["a", "b", "cd", "e"]
