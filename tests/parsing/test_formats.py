"""Choosing a parser, and what every parser holds to."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.document import Document, ListPlace
from medlint.errors import InputError
from medlint.parsing import format_of, known_suffixes, parse
from medlint.parsing.builder import DocumentBuilder
from medlint.parsing.normalise import PLACEHOLDER, normalise

if TYPE_CHECKING:
    from conftest import Outline

LONG = "Our clinic has offered care to people with pain of many kinds for more than a few years."
PLAIN = f"""What We Offer
{LONG}
Common improvements include:
● Reduced stiffness
● Better sleep
● Reduced stiffness
Ask your doctor.
"""
MARKDOWN = f"""## What *We* Offer

{LONG}

Common improvements include:

- Reduced stiffness
- Better **sleep**
- Reduced&nbsp;stiffness

Ask your [doctor](x).
"""
HTML = f"""<h2>What <i>We</i> Offer</h2>
<p>{LONG}
<p>Common improvements include:</p>
<ul><li>Reduced stiffness</li><li>Better <b>sleep</b><li>Reduced&#32;stiffness</ul>
<div>Ask your <a href="x">doctor</a>.</div>
"""


def read_nothing(source: str, path: str) -> Document:
    """Parse a format that only this test knows."""
    return DocumentBuilder(source, path, "nothing").finish()


read_nothing.suffixes = (".nothing", ".void")  # type: ignore[attr-defined]


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer a format through an entry point."""
    point = EntryPoint("nothing", f"{__name__}:read_nothing", "medlint.formats")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda **wanted: EntryPoints([point] if wanted == {"group": "medlint.formats"} else []),
    )


def test_the_three_formats_agree(outline: Outline) -> None:
    """The same draft gives the same blocks in plain text, Markdown and HTML."""
    expected = [
        ("heading", "What We Offer"),
        ("paragraph", LONG),
        ("paragraph", "Common improvements include:"),
        ("list-item", "Reduced stiffness"),
        ("list-item", "Better sleep"),
        ("list-item", "Reduced stiffness"),
        ("paragraph", "Ask your doctor."),
    ]
    drafts = ((PLAIN, ".txt"), (MARKDOWN, ".md"), (HTML, ".html"))
    assert [outline(text, suffix) for text, suffix in drafts] == [expected] * 3
    for text, suffix in drafts:
        document = parse(text, path=f"x{suffix}")
        assert [b.place for b in document.blocks if b.place] == [ListPlace(0, lead_in=2)] * 3
        assert [b.level for b in document.blocks] == [2, 0, 0, 0, 0, 0, 0]
        assert [b.section for b in document.blocks] == [1] * 7


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.txt", "plain"),
        ("a.TEXT", "plain"),
        ("dir.md/a.markdown", "markdown"),
        ("README.md", "markdown"),
        ("a.html", "html"),
        ("a.b.HTM", "html"),
        ("a.xhtml", "html"),
    ],
)
def test_the_suffix_tells_the_format(path: str, name: str) -> None:
    """Suffixes count without case."""
    assert format_of(path) == name
    assert parse("a", path=path).format == name


def test_a_named_format_wins() -> None:
    """A format by name does not look at the path."""
    assert parse("# a", path="x.txt", format="markdown").blocks[0].kind == "heading"


def test_an_unknown_suffix_is_refused() -> None:
    """The error lists what is known."""
    known = ", ".join(known_suffixes())
    message = (
        f"x.odt: unknown format; known suffixes are {known}; "
        "rename it, or pipe it in with --stdin-filename"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parse("a", path="x.odt")


def test_an_unknown_format_is_refused() -> None:
    """The error lists the formats' names."""
    message = 'x.md: unknown format "word"; known formats are plain, markdown, html, docx'
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parse("a", path="x.md", format="word")


@pytest.mark.usefixtures("plugged_in")
def test_other_packages_may_offer_formats() -> None:
    """An entry point adds a format under its name and suffixes."""
    assert parse("a", path="x.void").format == "nothing"
    assert parse("a", path="x.md", format="nothing").format == "nothing"


def test_only_the_parser_needed_is_imported() -> None:
    """A plain draft loads neither pyromark nor YAML nor another format's parser."""
    code = (
        "import sys; from medlint.parsing import parse; parse('We cure.', path='x.txt');"
        "print(sorted({'pyromark', 'yaml', 'tomllib', 'html', 'medlint.parsing.html',"
        "'medlint.parsing.markdown', 'importlib.metadata', 'unicodedata'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_half_a_surrogate_pair_is_refused() -> None:
    """What cannot be written as UTF-8 is no draft."""
    with pytest.raises(InputError, match=r"^x\.md: half a surrogate pair at position 2: "):
        parse("a \ud800", path="x.md")


MARKUP = [
    *"ab.:-*_`>#|[]()<&;!\\\"'=~\t ",
    *("\n", "\r\n", "\r", "\n\n", "- ", "* ", "1. ", "● ", "> ", "# ", "---\n", "+++\n", "```\n"),
    *("<p>", "</p>", "<ul><li>", "</li>", "<br>", "<!--", "-->", "<b title='x y'>", "</b>", "<td>"),
    *(
        "<div hidden>",
        "</div>",
        "<script>",
        "</script>",
        "<code>",
        "&amp;",
        "&shy;",
        "&#65;",
        "![a](b 'c')",
    ),
    *(
        "a: b\n",
        "title = 'x y'\n",
        "é",
        "😀",
        "e\u0301",
        "\u00ad",
        "\u2019",
        "\u2014",
        "[^1]",
        "| a | b |\n|-|-|\n",
    ),
    *("Word", "a cure", "such as:", "We help.", "\f"),
]


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@settings(deadline=None, max_examples=150)
@given(pieces=st.lists(st.sampled_from(MARKUP), max_size=40))
def test_any_text_parses_into_sound_blocks(suffix: str, pieces: list[str]) -> None:
    """No text raises but broken front matter; positions are sound and lead to what they map."""
    source = "".join(pieces)
    try:
        document = parse(source, path=f"x{suffix}")
    except InputError as error:
        assert "broken front matter" in str(error)  # noqa: PT017
        return
    for index, block in enumerate(document.blocks):
        assert block.text == normalise(block.text)
        assert block.text != ""
        assert block.offsets.text_length == len(block.text)
        assert 0 <= block.span.start <= block.span.end <= len(source)
        assert 0 <= block.section < len(document.sections)
        assert (block.level > 0) == (block.kind == "heading")
        covered = [i for s in block.sentences for i in range(s.start, s.end)]
        assert {i for i, c in enumerate(block.text) if c != " "} <= set(covered)
        for letters in re.finditer("[A-Za-z]+", block.text):
            span = block.source_span(*letters.span())
            if PLACEHOLDER not in block.text and "&" not in source[span.start : span.end]:
                assert letters[0][0] in source[span.start : span.end]
        if block.removal is not None:
            assert block.removal.start <= block.span.start
            assert block.span.end <= block.removal.end <= len(source)
        if block.place is not None and block.place.lead_in is not None:
            assert block.place.lead_in < index
            assert document.blocks[block.place.lead_in].text.endswith(":")
    for comment in document.comments:
        assert comment.text in source[comment.span.start : comment.span.end]


@pytest.mark.parametrize(
    ("suffix", "unit"),
    [
        (".md", ">"),
        (".md", "- "),
        (".md", "● a\n"),
        (".md", "["),
        (".md", "<b>x</b> "),
        (".md", "<div>a\n"),
        (".md", "> <div>a\n"),
        (".html", "<div>a"),
        (".html", "<ul><li>a"),
        (".html", "<blockquote>"),
        (".html", "<!--"),
        (".html", '<a x="'),
        (".html", "</div>"),
        (".html", "<div hidden>"),
        (".html", "a<br>"),
        (".txt", "<!--"),
        (".txt", "- a\n"),
        (".txt", "Abc\n"),
        (".txt", "a. "),
        (".txt", "www."),
        (".txt", "\u0441a"),
    ],
)
def test_time_is_linear(suffix: str, unit: str) -> None:
    """Deep nesting, unclosed markup and endless lines take time in proportion to their length."""

    def seconds(count: int) -> float:
        source = unit * count
        # The collector would walk over all that other tests have left in memory.
        gc.disable()
        try:
            start = process_time()
            parse(source, path=f"x{suffix}")
            return process_time() - start
        finally:
            gc.enable()

    small, large = min(seconds(1500) for _ in range(3)), seconds(12_000)
    assert large < max(small, 0.002) * 8 * 4


@pytest.mark.parametrize(
    "source",
    [
        "---\na: " + "[" * 3000 + "]" * 3000 + "\n---\n",
        "+++\na = " + "[" * 9000 + "]" * 9000 + "\n+++\n",
    ],
)
def test_nesting_that_no_parser_takes_is_refused(source: str) -> None:
    """Front matter nested thousands deep is an input error, not a crash."""
    message = "x.md: nested too deep to read; split the file or flatten its nesting"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parse(source, path="x.md")


def test_a_panic_of_the_markdown_parser_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash inside the Markdown parser is reported like any unreadable draft."""
    panic = type("PanicException", (BaseException,), {})("index out of bounds")

    def give_up(*_: object, **__: object) -> None:
        raise panic

    monkeypatch.setattr("pyromark.events_with_range", give_up)
    with pytest.raises(
        InputError, match=r"^x\.md: the Markdown parser gave up \(index out of bounds"
    ):
        parse("a", path="x.md")
