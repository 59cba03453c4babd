"""Front matter: every text value where it stands, the data as it is."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from medlint.document import Comment, ListPlace, Span
from medlint.errors import InputError
from medlint.parsing import parse
from medlint.parsing.normalise import normalise

if TYPE_CHECKING:
    from conftest import Covered


def values(source: str) -> list[tuple[str, str]]:
    """Return (key, text) of the front-matter blocks."""
    blocks = parse(source, path="x.md").blocks
    return [(block.key, block.text) for block in blocks if block.kind == "front-matter"]


YAML = """---
# top
title: "A \\u201cmiracle\\u201d cure\\x21"   # behind
slug: a-miracle-cure
url: https://example.org/a
image: /img/a knee.jpg
date: 2026-01-02
count: 12
seo:
  description: >-
    Folded text
    on two lines

    and more
  note: |
    No surgery
    No downtime # no comment
faq:
  - {q: 'It''s safe?', a: plain words
      wrapped}
benefits: [less pain, more sleep]
tagged: !!str &anchor some words
again: *anchor
emoji: 😀 works é well
medlint: {product: approved, note: some words}
---
Body text.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_yaml_values_of_any_depth(line_end: str) -> None:
    """Text values have their path; tokens, addresses, files, dates and our own key are left out."""
    assert values(YAML.replace("\n", line_end)) == [
        ("title", 'A "miracle" cure!'),
        ("seo.description", "Folded text on two lines and more"),
        ("seo.note", "No surgery No downtime # no comment"),
        ("faq.0.q", "It's safe?"),
        ("faq.0.a", "plain words wrapped"),
        ("benefits.0", "less pain"),
        ("benefits.1", "more sleep"),
        ("tagged", "some words"),
        ("emoji", "😀 works é well"),
    ]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ('miracle" cure!', "miracle\\u201d cure\\x21"),
        ("two lines and more", "two lines\n\n    and more"),
        ("surgery No", "surgery\n    No"),
        ("It's safe", "It''s safe"),
        ("words wrapped", "words\n      wrapped"),
        ("some words", "some words"),
        ("works é well", "works é well"),
    ],
)
def test_yaml_values_have_exact_places(covered: Covered, phrase: str, expected: str) -> None:
    """Escapes, folded lines and characters of several bytes do not shift a span."""
    assert covered(parse(YAML, path="x.md"), phrase) == expected


def test_the_data_is_kept() -> None:
    """The parsed data goes into the document, dates and our own key included."""
    data = parse(YAML, path="x.md").front_matter
    assert data == yaml.safe_load(YAML.split("---\n")[1])
    assert data["date"] == dt.date(2026, 1, 2)
    assert data["medlint"] == {"product": "approved", "note": "some words"}


def test_yaml_comments() -> None:
    """Comments are kept with their places; a "#" inside a value is none."""
    assert parse(YAML, path="x.md").comments == (
        Comment(Span(4, 9), "top"),
        Comment(Span(YAML.index("# behind"), YAML.index("# behind") + 8), "behind"),
    )


def test_list_values_are_lists() -> None:
    """Values of one list share a place, for the search for duplicates; nothing removes them."""
    blocks = parse("---\na: [one two, three four]\nb:\n- five six\n---\n", path="x.md").blocks
    assert [(block.text, block.place, block.removal) for block in blocks] == [
        ("one two", ListPlace(0), None),
        ("three four", ListPlace(0), None),
        ("five six", ListPlace(1), None),
    ]


def test_lines_of_a_literal_value_are_sentences() -> None:
    """Line ends that YAML keeps end a sentence, as a hard break does."""
    (block,) = parse("---\na: |\n  No surgery\n  No downtime\n---\n", path="x.md").blocks
    assert [block.text[s.start : s.end] for s in block.sentences] == ["No surgery", "No downtime"]


TOML = """+++
# top
title = "A \\u201cmiracle\\u201d cure"  # behind
slug = "a-cure"
date = 2026-01-02T10:00:00.5Z
ratio = 3.5
[seo]
description = \"\"\"
Folded \\
   text
here\"\"\"
a.b = 'literal "text" here'
c = '''
more text '' here'''
[[faq]]
q = "Is it safe?"
x = { y = "in line", n = [1, 2] }
"quoted key" = ["one two", "three four", # inside
  ["five six"]]
[[faq]]
q = "Does it hurt?"
[medlint]
note = "some words"
+++
Body text.
"""


def test_toml_values_of_any_depth() -> None:
    """Text values of tables, arrays and inline tables have their path."""
    assert values(TOML) == [
        ("title", 'A "miracle" cure'),
        ("seo.description", "Folded text here"),
        ("seo.a.b", 'literal "text" here'),
        ("seo.c", "more text '' here"),
        ("faq.0.q", "Is it safe?"),
        ("faq.0.x.y", "in line"),
        ("faq.0.quoted key.0", "one two"),
        ("faq.0.quoted key.1", "three four"),
        ("faq.0.quoted key.2.0", "five six"),
        ("faq.1.q", "Does it hurt?"),
    ]
    assert parse(TOML, path="x.md").front_matter == tomllib.loads(TOML.split("+++\n")[1])


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ('miracle" cure', "miracle\\u201d cure"),
        ("Folded text here", "Folded \\\n   text\nhere"),
        ('literal "text"', 'literal "text"'),
        ("more text", "more text"),
        ("five six", "five six"),
    ],
)
def test_toml_values_have_exact_places(covered: Covered, phrase: str, expected: str) -> None:
    """Escapes and trimmed line ends do not shift a span."""
    assert covered(parse(TOML, path="x.md"), phrase) == expected


def test_toml_comments() -> None:
    """Comments are kept, inside arrays too."""
    comments = parse(TOML, path="x.md").comments
    assert [(TOML[c.span.start : c.span.end], c.text) for c in comments] == [
        ("# top", "top"),
        ("# behind", "behind"),
        ("# inside", "inside"),
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "---\ntitle: a\nbad: [one\n---\n",
            r"4: .*expected ',' or '\]'.*",
        ),
        (
            "---\ndate: 2026-13-45\n---\n",
            r"2: month must be in 1\.\.12(, not 13)?",
        ),
        (
            "+++\na = 1\nb = = 2\n+++\n",
            "3: Invalid value",
        ),
    ],
)
def test_broken_front_matter_is_refused(source: str, message: str) -> None:
    """The error names file, line and cause."""
    line, cause = message.split(": ", 1)
    expected = rf"^x\.md:{line}: broken front matter: {cause}; correct it, or remove the fences "
    with pytest.raises(InputError, match=expected):
        parse(source, path="x.md")


@pytest.mark.parametrize(
    "source",
    [
        "---\n\nSome prose here.\n\n---\n\nMore prose.\n",
        "---\nSome prose, no key.\n---\n",
        "---\ntitle: never closed\n",
        "--- \n- one: item\n---\n",
    ],
)
def test_rules_are_no_fences(source: str) -> None:
    """Thematic breaks around prose, a list or an open end are Markdown."""
    document = parse(source, path="x.md")
    assert document.front_matter == {}
    assert document.blocks != ()
    assert {block.kind.value for block in document.blocks} & {"front-matter"} == set()


def test_an_alias_bomb_is_read_once() -> None:
    """Aliases are not expanded: a value stands once in the source."""
    levels = "".join(f"l{i}: &l{i} [*l{i - 1}, *l{i - 1}]\n" for i in range(1, 60))
    assert values(f"---\nl0: &l0 [one two]\n{levels}---\n") == [("l0.0", "one two")]


@given(
    st.text(st.sampled_from("ab \n\t\"'\\é😀:#"), min_size=1, max_size=30),
    st.sampled_from(['"', "'", None, "|", ">"]),
    st.integers(20, 90),
)
def test_any_yaml_value_has_its_text_and_place(text: str, style: str | None, width: int) -> None:
    """However a value is written, its block has its text, and covers source in the value."""
    value = f"one {text} two"
    data = yaml.safe_dump(
        {"k": value},
        default_style=style,
        width=width,
        allow_unicode=True,  # type: ignore[arg-type]
    )
    source = f"---\n{data}---\n"
    document = parse(source, path="x.md")
    (block,) = document.blocks
    assert block.text == normalise(value)
    assert source[block.source_span(0, 3).start :].startswith("one")
    start = block.source_span(len(block.text) - 3, len(block.text)).start
    assert source[start:].startswith("two")
