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
# The patterns below are compiled when a quotation or the like is first met.
# "… again," she says. "I can walk."
_SAYS = r"says|said|adds|recalls|reports|writes|explains|shares|remembers|tells us|told us"
# A quotation with its stars, with words that say who speaks, and with what is quoted after them.
_QUOTATION = (
    r'[★☆⭐\ufe0f ]*"[^"]+"((?: [\w.\'-]+,?){1,4}[.!]?'
    rf'|,? (?:\w+ )?(?:{_SAYS})\b[^"]{{0,80}})?(?:(?<=[.!,:]) ?"[^"]+")?'
)
_GOES_ON = rf'" ?(?:[\w.]+ ){{0,3}}(?:{_SAYS})\b[^"]*[.,:]$'
# A thing, and what it is for or does: "vitamin drips for lasting energy". What stands behind a
# comma goes first, and "suited to you" belongs to the thing.
_END = r"(?:[^.:;!?]|\.(?=\d))+"
_TAILS = tuple(
    rf"(?:[^.:;!?]{{1,30}}: )?[^.:;!?]*?\w{{3,}}(?<!ed)(?<!due)"
    rf"({comma} (?:for|to|that|which) {_END})"
    for comma in (",", "")
)
# What goes on behind "to" or "for" and is no thing: "collagen helps to rebuild".
_LEADING = frozenset(
    "help helps shown known work works able proven aim aims seem seems need needs want wants likely"
    " tend tends begin begins continue serve serves good best great ideal perfect right enough time"
    " how what way ways easy hard free safe effective made meant chosen taken given here there"
    " potential ability power".split()
)
_NO_THINGS = frozenset(
    "is are was were be been has have had can could may might will would should do does did you we"
    " it they he she i found find finds suggest suggests show shows shown that which who while when"
    " help helps used".split()
)
# What is left of a sentence has this many blanks at least, and a longer text is not looked through:
# every "to" in it may be the one.
_LEAST_LEFT, _LONGEST_THING = 4, 400
# "We use PRP to restore cartilage" says what is done, too.
_WE_USE = (
    r"(?:[^.:;!?]{1,60}[, ])?[Ww]e (?:also |now )?(?:use|offer|provide|combine|give|perform|add)\b"
)
# Who tells a story, or who it is told of.
_TELLERS = frozenset("i i'm i've i'd my me myself".split())
_TOLD_OF = frozenset("he she his her him hers himself herself".split())
_INTRODUCED = (
    r"\b(?:Mr|Mrs|Ms|Miss)\b\.? [A-Z]|\b[A-Z][a-z]+, (?:an? |aged? )?\d|\b(?:one|our|a|an)"
    r" (?:\w+ ){0,4}(?:patients?|clients?|man|woman|lady|gentleman|mother|father|girl|boy)\b"
)
# Who said what a quotation says, after it: "Joyce, 61", "— Paul".
_SIGNED = (
    r" ?(?:[—~-] ?(?:[A-Z]\.){1,3}(?= ?$)|[—~-] ?[A-Z](?:[^.!?]|\b[A-Z]\.(?! ?$)){1,60}"
    r"|[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}"
    r"(?:, (?:\d{1,3}|[\w .-]{2,30})| [A-Z]\.)|[A-Z]\. [A-Z][\w'-]+)\.?(?= ?$)"
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
        first, last = _told_on(block, first, last)
    return first, last


def _told_on(block: Block, first: int, last: int) -> tuple[int, int]:
    """Take in the other half of a quotation that is broken off to say who speaks."""
    text, sentences = block.text, block.sentences
    if first:
        before = sentences[first - 1]
        opens = text[sentences[first].start] == '"'
        if opens and re.compile(_GOES_ON).search(text, before.start, before.end):
            first -= 1
            while (
                first
                and last - first < _MOST_QUOTED
                and text.count('"', sentences[first].start, before.end) % 2
            ):
                first -= 1
    if last + 1 < len(sentences):
        here, after = sentences[last], sentences[last + 1]
        if text[after.start] == '"' and re.compile(_GOES_ON).search(text, here.start, here.end):
            last += 1
            while (
                last + 1 < len(sentences)
                and last - first < _MOST_QUOTED
                and text.count('"', after.start, sentences[last].end) % 2
            ):
                last += 1
    return first, last


def story_of(site: Site) -> Site:
    """Return a site with the sentences around it in which the same person's story is told."""
    block = site.block
    if site.setting != "text" or site.quoted or not site.whole:
        return site
    first, last = ordinal_of(block, site.start), ordinal_of(block, site.end - 1)
    sentences = block.sentences
    persons = _TELLERS if _persons(block, first, last) & _TELLERS else _TOLD_OF
    while last + 1 < len(sentences) and last - first + 1 < _MOST_QUOTED:
        if not _persons(block, last + 1, last + 1) & persons:
            break
        last += 1
    while first and last - first + 1 < _MOST_QUOTED:
        told = _persons(block, first - 1, first - 1) & persons
        begun = _persons(block, first, first) & _TOLD_OF and re.compile(_INTRODUCED).search(
            block.text, sentences[first - 1].start, sentences[first].start
        )
        if not (told or begun):
            break
        first -= 1
    start = site.start if first == ordinal_of(block, site.start) else sentences[first].start
    end = max(site.end, block.sentences[last].end)
    story = Site(block, start, end, _setting(block, start, end))
    return story if _is_whole(story.text) else site


def tail_of(site: Site, place: Place) -> tuple[int, int] | None:
    """Return what an item says its thing is for, if the claim at a place reaches into that.

    "Vitamin drips for lasting energy" is a thing without its last three words.
    """
    if site.end - site.start > _LONGEST_THING:
        return None
    if site.setting != "list-item" and not re.match(_WE_USE, site.text):
        return None
    item = site.text.rstrip(".;,")
    found = next(filter(None, (re.fullmatch(tail, item) for tail in _TAILS)), None)
    if found is None:
        return None
    start, end = site.start + found.start(1), site.start + found.end(1)
    head, tail = item[: found.start(1)], item[found.start(1) :]
    if site.setting == "list-item" and not _is_thing(head, tail):
        return None
    if site.setting != "list-item" and head.count(" ") < _LEAST_LEFT:
        # "We also use TMS." says nothing.
        return None
    before = head.rpartition(" ")[2].lower()
    return (
        (start, end) if place.start < end and start < place.end and before not in _LEADING else None
    )


def _is_thing(head: str, tail: str) -> bool:
    """Tell whether what is left of an item is a thing, with a label or without."""
    _, sign, thing = head.rpartition(": ")
    words = thing.lower().replace(",", "").split()
    if any(word in _NO_THINGS for word in words):
        return False
    return not sign or (
        len(words) <= LINE_WORDS
        and tail.lstrip(", ").startswith(("to ", "for "))
        and not any(word.endswith("ed") for word in words)
    )


def _persons(block: Block, first: int, last: int) -> frozenset[str]:
    """Return who is spoken of in sentences, in pronouns."""
    words = block.text[block.sentences[first].start : block.sentences[last].end].lower().split()
    return (_TELLERS | _TOLD_OF) & {word.strip('.,;:!?"()') for word in words}


def _is_whole(text: str) -> bool:
    """Tell whether no quotation and no bracket begins or ends in a text without its other half."""
    return (
        text.count('"') % 2 == 0
        and text.count("(") == text.count(")")
        and text.count("[") == text.count("]")
    )


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
    quotation = re.compile(_QUOTATION).fullmatch(text, start, end) if '"' in text else None
    if quotation and re.fullmatch(r"(?: [A-Z]\.)?", quotation[1] or ""):
        # "… did." T. Okafor is split behind the T.
        signed = re.compile(_SIGNED).match(text, quotation.start(1) if quotation[1] else end)
        end = signed.end() if signed else end
    label = LABEL.match(text, start, end)
    if label is not None and label.end() <= place.start:
        if label.end() > start and (label[1] == "Q" or label[0][0] == "#"):
            setting = "heading"
        start = label.end()
    whole = last - first < _MOST_QUOTED and _is_whole(text[start:end])
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
