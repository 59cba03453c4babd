"""Finds where a rewrite goes: the sentence, heading, item or quotation of a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from medlint.document import BlockKind
from medlint.parsing.lines import RATING
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.checks.view import Place
    from medlint.document import Block

_SETTINGS = {
    BlockKind.HEADING: "heading",
    BlockKind.TITLE: "heading",
    BlockKind.ALT: "heading",
    BlockKind.LIST_ITEM: "list-item",
    BlockKind.TABLE_CELL: "table-cell",
}
# How many sentences a quotation may have that is replaced as a whole.
_MOST_QUOTED = 6
# A line of more words is no heading, nor the label of an item.
LINE_WORDS = 8
_HEADINGS = frozenset((BlockKind.HEADING, BlockKind.TITLE))
# What a sentence may have before it that is none of its words: "A:" of questions and answers, a
# number, the signs of a heading in plain text.
LABEL = re.compile(r"(?:#{1,6} +)?(?:\d{1,2}[.)] +)?(?:([QA])[:.)] *)?")
# A quotation with its stars, and with up to four words that say who speaks: "… again," she says.
_QUOTATION = re.compile(r'[★☆⭐\ufe0f ]*"[^"]+"((?: [\w.\'-]+,?){1,4}[.!]?)?')
# Who said what a quotation says, after it: "Joyce, 61", "— Paul".
_SIGNED = re.compile(
    r" ?(?:[—~-] ?[A-Z](?:[^.!?]|\b[A-Z]\.(?! ?$)){1,60}|[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}"
    r"(?:, (?:\d{1,3}|[A-Z][\w .-]{2,30})| [A-Z]\.))\.?(?= ?$)"
)


@dataclass(slots=True)
class Site:
    """Where a rewrite goes: a range of a block's text, and what kind of place that is.

    `whole` is false where the range ends inside a quotation or bracket; `quoted` tells that it is a
    quotation.
    """

    block: Block
    start: int
    end: int
    setting: str = ""
    whole: bool = True
    quoted: bool = False

    @property
    def text(self) -> str:
        """The words that go."""
        return self.block.text[self.start : self.end]


def ordinal_of(block: Block, position: int) -> int:
    """Return the number of the sentence that a position of the text is in."""
    number = bisect_right(block.sentences, position, key=lambda sentence: sentence.start)
    return max(number - 1, 0)


def _extent(block: Block, place: Place, ordinal: int) -> tuple[int, int]:
    """Return the first and the last sentence that a place belongs to as a whole."""
    text, sentences = block.text, block.sentences
    if block.kind in _HEADINGS:
        # "Tired of pain? How our laser helps" is one heading.
        return 0, len(sentences) - 1
    first = last = ordinal
    while last + 1 < len(sentences) and sentences[last + 1].start < place.end:
        last += 1
    if '"' in text:
        while first and text.count('"', 0, sentences[first].start) % 2:
            first -= 1
        while (
            last + 1 < len(sentences)
            and text.count('"', sentences[first].start, sentences[last].end) % 2
        ):
            last += 1
    return first, last


def site_of(block: Block, place: Place, ordinal: int) -> Site:
    """Return the sentence of a place, or the quotation that it is part of."""
    text, sentences = block.text, block.sentences
    first, last = _extent(block, place, ordinal)
    start, end = sentences[first].start, sentences[last].end
    # A sign before the words stays: "✅ Relieves pain"; stars that rate are a claim themselves.
    while (
        start < place.start
        and not (text[start].isascii() or text[start].isalnum())
        and not RATING.match(text, start)
    ):
        start += 1
    while start < place.start and start > sentences[first].start and text[start] == " ":
        start += 1
    setting = _setting(block, start, end)
    quotation = _QUOTATION.fullmatch(text, start, end)
    if quotation and not quotation[1] and (signed := _SIGNED.match(text, end)):
        end = signed.end()
    label = LABEL.match(text, start, end)
    if label is not None and label.end() <= place.start:
        if label.end() > start and (label[1] == "Q" or label[0][0] == "#"):
            setting = "heading"
        start = label.end()
    old = text[start:end]
    whole = (
        last - first < _MOST_QUOTED
        and old.count('"') % 2 == 0
        and old.count("(") == old.count(")")
        and old.count("[") == old.count("]")
    )
    return Site(block, start, end, setting, whole, quotation is not None)


def _setting(block: Block, start: int, end: int) -> str:
    if end == len(block.text) and block.text[end - 1] == ":":
        return "lead-in"
    known = _SETTINGS.get(block.kind)
    if known is not None:
        return known
    # A short line without a full stop is a heading that is not marked up as one.
    is_line = start == 0 and end == len(block.text) and block.text[-1].isalnum()
    return "heading" if is_line and block.text.count(" ") < LINE_WORDS else "text"
