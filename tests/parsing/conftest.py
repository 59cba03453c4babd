"""What the parsing tests share: short ways to parse and to show what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from medlint.parsing import parse

if TYPE_CHECKING:
    from medlint.document import Document


class Outline(Protocol):
    """Parses a text and lists (kind, text) of its blocks."""

    def __call__(self, text: str, suffix: str) -> list[tuple[str, str]]:
        """Parse `text` as the format that `suffix` tells."""


class Covered(Protocol):
    """Returns the source that a phrase of a document covers."""

    def __call__(self, document: Document, phrase: str) -> str:
        """Find `phrase` in the blocks of `document`, where it stands once."""


@pytest.fixture
def outline() -> Outline:
    """Return a function that lists a draft's blocks."""

    def outline_(text: str, suffix: str) -> list[tuple[str, str]]:
        return [(block.kind.value, block.text) for block in parse(text, path=f"x{suffix}").blocks]

    return outline_


@pytest.fixture
def covered() -> Covered:
    """Return a function that tells what a phrase covers in the source."""

    def covered_(document: Document, phrase: str) -> str:
        places = [
            (block, block.text.index(phrase)) for block in document.blocks if phrase in block.text
        ]
        assert len(places) == 1, f"{phrase!r} stands in {len(places)} blocks"
        block, start = places[0]
        span = block.source_span(start, start + len(phrase))
        return document.source[span.start : span.end]

    return covered_
