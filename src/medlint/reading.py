"""Reads a document sentence by sentence, each with what it leans on.

A pronoun may stand for a therapy named before, a list item completes its lead-in, and a short
answer its question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from medlint.checks.view import SentenceView
from medlint.document import BlockKind
from medlint.opcodes import CARRIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import Block, Document
    from medlint.matcher import Tagged
    from medlint.rules import Ruleset

# An answer of at most this many words is read together with its question.
_ANSWER_WORDS = 4
# What may ask, as a block of its own: a heading, or a line such as "Q: Does it hurt?".
_ASKING = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH})
# The line above a list is a label up to so many words; what introduces the lists of a group stands
# at most so many blocks before the label of each.
_LABEL_WORDS = 3
# A line without a full stop over a list is its caption up to so many words.
_CAPTION_WORDS = 8
_GROUP_REACH = 80
# Every item is read with its lead-in; what is longer introduces nothing.
_LONGEST_LEAD_IN = 600


class Tag(Protocol):
    """Tags a sentence, as `Tagger.tagged` does."""

    def __call__(self, text: str, *, carried: bool, lead_in: str) -> Tagged:
        """Return the sentence with its tags."""


def tagged_sentences(
    document: Document, ruleset: Ruleset, tag: Tag | None = None
) -> tuple[SentenceView, ...]:
    """Tag every sentence of a document.

    Pronouns carry a therapy over from the sentence before; list items are read with their lead-in,
    and short answers with their question ("Does it hurt? Not at all."). `tag` tags a sentence in
    the place of the ruleset's tagger.
    """
    return tuple(reading(document, ruleset, tag))


def reading(document: Document, ruleset: Ruleset, tag: Tag | None = None) -> Iterator[SentenceView]:
    """Tag one sentence of a document after another, as `tagged_sentences` does."""
    tag = tag or ruleset.tagger.tagged
    carriers = ruleset.lexicon.carriers
    # Blocks that name a therapy.
    naming: set[int] = set()
    leads: dict[int, str] = {}
    for number, block in enumerate(document.blocks):
        carried = not naming.isdisjoint(_leading_blocks(document, number))
        for ordinal, sentence in enumerate(block.sentences):
            tagged = tag(
                block.text[sentence.start : sentence.end],
                carried=carried,
                lead_in=_question(document, number, ordinal)
                or ("" if ordinal else _lead_in(document, number, leads)),
            )
            yield SentenceView(number, ordinal, sentence, tagged)
            named = not tagged.tags.keys().isdisjoint(carriers)
            if named:
                naming.add(number)
            carried = named or (carried and tagged.has(CARRIED))


def _lead_in(document: Document, number: int, leads: dict[int, str]) -> str:
    """Return the sentence that a list item completes: a line with a colon, a heading, a caption.

    `leads` remembers it for the list's further items.
    """
    place = document.blocks[number].place
    if place is None:
        return ""
    known = leads.get(place.list_id)
    if known is not None:
        return known
    lead = document.blocks[place.lead_in if place.lead_in is not None else number - 1]
    introduces = place.lead_in is not None or (
        number and (lead.kind is BlockKind.HEADING or _is_caption(lead))
    )
    text = _last_sentence(lead) if introduces else ""
    if place.lead_in is not None and _is_label(lead):
        text = " ".join(filter(None, (_outer_lead_in(document, place.lead_in), text)))
    if len(text) > _LONGEST_LEAD_IN:
        text = ""
    leads[place.list_id] = text
    return text


def _outer_lead_in(document: Document, label: int) -> str:
    """Return the sentence that introduces a group of lists, of which each has a mere label.

    "We treat many conditions, including:", above "Infections:" with a list and "Joints:" with one.
    """
    for block in reversed(document.blocks[max(label - _GROUP_REACH, 0) : label]):
        if block.place is None and not _is_label(block):
            return _last_sentence(block).rstrip(": ") if block.text.endswith(":") else ""
    return ""


def _is_label(block: Block) -> bool:
    return block.text.endswith(":") and block.text.count(" ") < _LABEL_WORDS


def _is_caption(block: Block) -> bool:
    """Tell whether a line stands over a list like a heading: "Symptoms may include", in bold."""
    text = block.text
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.sentences) == 1
        and text[-1:] not in {".", "!"}
        and text.count(" ") < _CAPTION_WORDS
    )


def _last_sentence(block: Block) -> str:
    if not block.sentences:
        return ""
    last = block.sentences[-1]
    return block.text[last.start : last.end]


def _question(document: Document, number: int, ordinal: int) -> str:
    """Return the question that a short answer completes: the sentence or the block before."""
    block = document.blocks[number]
    sentence = block.sentences[ordinal]
    if block.text.count(" ", sentence.start, sentence.end) >= _ANSWER_WORDS:
        return ""
    if not ordinal:
        if not number or document.blocks[number - 1].kind not in _ASKING:
            return ""
        block = document.blocks[number - 1]
    if not block.sentences:
        return ""
    asked = block.sentences[ordinal - 1]
    return block.text[asked.start : asked.end] if block.text[asked.end - 1] == "?" else ""


def _leading_blocks(document: Document, number: int) -> set[int]:
    """Return the blocks that may name what a pronoun means: the one before, the heading above."""
    block = document.blocks[number]
    before = {number - 1}
    if block.place is not None and block.place.lead_in is not None:
        before.add(block.place.lead_in)
    heading = document.sections[block.section].heading if document.sections else None
    if heading is not None:
        before.add(heading)
    return before
