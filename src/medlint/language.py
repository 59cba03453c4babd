"""Whether a draft is English at all: what is not goes unchecked, never reported clean."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medlint.document import Document

_FUNCTION_WORDS = frozenset(
    "the of and to a in is that for it with as on be are this by or from your you our we can have"
    " not at an which has will their they i may these after was were been but all more when what"
    " how who if about no there".split()
)
_LEAST_WORDS = 25
# Blocks of fewer words are headings, names and labels.
_LEAST_PROSE = 6
_LEAST_SHARE = 0.09
# "Uses include asthma, gout, …": one sentence may be mostly names.
_SHORT_SAMPLE = 60
_LEAST_SHARE_SHORT = 0.04
_LEAST_LETTERS = 20
_LEAST_LATIN = 0.5
_LAST_LATIN = "\u024f"
_SAMPLE_BLOCKS = 200


def why_not_english(document: Document) -> str | None:
    """Return why a draft cannot be checked, or None where it reads as English.

    Short drafts and lists of names have few function words; they get the benefit of the doubt.
    """
    sample = document.blocks[:_SAMPLE_BLOCKS]
    if _is_foreign("".join(block.text for block in sample)):
        return "the text is not in the Latin script; medlint checks English"
    counts = [_counts(block.text) for block in sample]
    words = sum(each for each, _ in counts)
    if words < _LEAST_WORDS:
        return None
    least = _LEAST_SHARE if words >= _SHORT_SAMPLE else _LEAST_SHARE_SHORT
    if sum(known for _, known in counts) < words * least:
        return "the text does not read as English; medlint checks English"
    return None


# Of a draft that is being written, one block changes.
@lru_cache(maxsize=2 * _SAMPLE_BLOCKS)
def _counts(text: str) -> tuple[int, int]:
    """Return how many words a block of prose has, and how many of them are function words."""
    words = text.lower().split()
    if len(words) < _LEAST_PROSE:
        return 0, 0
    return len(words), sum(word.strip(".,;:!?()\"'") in _FUNCTION_WORDS for word in words)


def _is_foreign(text: str) -> bool:
    """Tell whether most letters of a text are not Latin."""
    if text.isascii():
        return False
    letters = tuple(filter(str.isalpha, text))
    latin = sum(letter <= _LAST_LATIN for letter in letters)
    return len(letters) >= _LEAST_LETTERS and latin < len(letters) * _LEAST_LATIN
