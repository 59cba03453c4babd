"""Whether a name is that of what is sold, or of what it acts on or is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.naming.words import (
    ADJECTIVE_ENDS,
    APART,
    BEFORE_AGENTS,
    BEFORE_NAMES,
    BELONGING,
    CHANGING,
    COUNTED,
    GENERIC,
    LINKING,
    MEASURED,
    OWN_ARTICLES,
    POINTING,
    PRONOUN_SUBJECTS,
    USUAL,
)

if TYPE_CHECKING:
    from medlint.naming.sentence import Sentence

# "Exosomes and skin rejuvenation": the second is what the first is sold for.
_EFFECTS = frozenset(("rejuvenation", "regeneration"))
_BEFORE_ADJECTIVES = frozenset(("a", "an", "the", "our"))
# What a name of what is done to comes to, rather than one that does something.
_STOPS = frozenset((",", ".", "and", "or"))


def acts(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a name can be that of what is sold, rather than of what it acts on."""
    first, norms = sentence.tagged.first, sentence.tagged.tokens.norms
    if sentence.praises(start) and norms[end - 1] not in GENERIC:
        # A "non-surgical facelift" is not called a facelift.
        return False
    if norms[end - 1] in _EFFECTS or not USUAL.isdisjoint(norms[start:end]):
        return False
    if end - start == 1 and norms[start].endswith("ic") and norms[start] not in COUNTED:
        # "The drops are homeopathic" names no product.
        return False
    is_verb = end - start == 1 and norms[start].endswith("s") and start > first
    if is_verb and norms[start - 1] in PRONOUN_SUBJECTS:
        # In "it cleanses the skin" no cleanses are sold.
        return False
    return start < first or _is_placed(sentence, start, end)


def _is_placed(sentence: Sentence, start: int, end: int) -> bool:
    """Tell by what stands before a name whether it may act."""
    first, norms = sentence.tagged.first, sentence.tagged.tokens.norms
    place = start - 1
    while place >= first and _describes(sentence, place):
        place -= 1
    if place < first:
        return True
    word = norms[place]
    if word in {",", "and"}:
        # "With no additives, fillers or colours" goes on with an enumeration.
        return end < len(norms) and norms[end] not in _STOPS
    if word in LINKING and place + 1 < start and norms[start - 1] not in POINTING - CHANGING:
        # What something is said to be is no name of it: "it is a regenerative therapy".
        return CHANGING.isdisjoint(norms[place + 1 : start])
    if word in {"of", "in"}:
        # "The king of herbs" is another name.
        noun = norms[place - 1]
        return place == first or (noun in BELONGING if word == "of" else noun not in MEASURED)
    if word == "as":
        return norms[place - 1] == "such"
    return word in BEFORE_AGENTS or not sentence.tagged.tokens.is_word[place]


def is_apart(sentence: Sentence, start: int) -> bool:
    """Tell whether the clause before a name compares it with what is sold."""
    tokens = sentence.tagged.tokens
    for place in range(start - 1, sentence.tagged.first - 1, -1):
        if not tokens.is_word[place]:
            return False
        if tokens.norms[place] in APART:
            return True
    return False


def _describes(sentence: Sentence, place: int) -> bool:
    """Tell whether a word before a name belongs to it: "a well-made brain supplement"."""
    norms = sentence.tagged.tokens.norms
    word = norms[place]
    if word in OWN_ARTICLES or word in BEFORE_NAMES or word.endswith(ADJECTIVE_ENDS):
        return True
    if word.isdigit() or sentence.praises(place):
        return True
    known = word in BEFORE_AGENTS or not sentence.tagged.tokens.is_word[place]
    before = norms[max(place - 2, sentence.tagged.first) : place]
    return not known and not word.endswith("s") and not _BEFORE_ADJECTIVES.isdisjoint(before)
