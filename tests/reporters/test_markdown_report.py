"""Drafts of other formats as Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.parsing import parse, parse_bytes
from medlint.reporters.markdown import as_markdown

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_word_document_becomes_markdown() -> None:
    """Headings, lists, tables, quotations, picture texts and suppressing comments."""
    data = (EXAMPLES / "laser-brochure.docx").read_bytes()
    assert as_markdown(parse_bytes(data, path="x.docx")) == (
        """\
# Laser therapy for back pain

If your back hurts every morning, our deep-tissue laser heals damaged discs without surgery. Most \
people come to us after years of tablets.

# Why people choose us

Our patients report:

- Less stiffness after rest
- Lasting pain relief
  - in the lower back
  - in the neck and shoulders
- Less stiffness after rest

The treatment is completely safe and approved in many countries\\[1\\]. Read how a session works.

![A smiling woman touches her toes](picture)

Book this week and save 30%: only five places left!

## What it costs

| Package | What you get |
| --- | --- |
| Starter | Six sessions, guaranteed results |
| Family | Twelve sessions for two |

# What a former patient says

> “After four sessions my sciatica was gone for good.” (Dora, 61)

We were voted the best back clinic of Calder Bay in 2025. \
<!-- medlint-disable-line superiority -- the award of the Calder Bay Courier, 2025 -->

The device is cleared for the temporary relief of pain.

Calder Bay Laser Rooms

Ask us anything: 555 0142
"""
    )


@pytest.mark.parametrize("name", ["laser-brochure.docx", "iv-drip-menu.html", "knee-post.txt"])
def test_it_reads_as_before(name: str) -> None:
    """Read again, the words are the same, in the same order."""
    document = parse_bytes((EXAMPLES / name).read_bytes(), path=name)
    again = parse(as_markdown(document), path="x.md")
    words = [word for block in document.blocks for word in block.text.split()]
    assert [word for block in again.blocks for word in block.text.split()] == words


@given(st.text(st.sampled_from("ab1*_[]<>#-+=.)|~!`\\&; \U0001f600"), min_size=1, max_size=20))
def test_no_text_is_taken_for_markup(text: str) -> None:
    """Whatever a paragraph holds stays a paragraph with those words."""
    document = parse(f"<p>start</p><p>{escaped(text)}</p>", path="x.html")
    again = parse(as_markdown(document), path="x.md")
    assert [(block.kind, block.text) for block in again.blocks] == [
        (block.kind, block.text) for block in document.blocks
    ]


def escaped(text: str) -> str:
    """Return text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
