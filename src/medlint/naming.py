"""What a sentence is about, in its own words: what fills the blanks that the draft itself tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.opcodes import CARRIED
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.lexicon import Lexicon
    from medlint.matcher import Tagged

# What joins the parts of an enumeration, and how many such words may stand between two parts.
_JOINING = frozenset(", and or / & your the a an".split())
_MOST_JOINING = 2
# A longer list of complaints is left to the author.
_LONGEST = 90
_DETERMINERS = frozenset("our this these the a an".split())
# In "our advanced cell therapy", "our" may stand this many words before the name.
_OUR_REACH = 3
# Pronouns that open a claim, and whether they are plural.
_PRONOUNS = {"it": False, "this": False, "they": True, "these": True}
# Heads of names that take an article in the singular.
_COUNTED = frozenset(
    "app bath bed booster boost capsule chamber cleanse cream device diet drip facial filler"
    " formula gel graft gummy implant infusion injection lamp laser lens mask massage mat method"
    " pack patch peel pill plan procedure product program programme protocol retreat scan serum"
    " session shot spray supplement system tablet technique test tonic transplant".split()
)
_SINGULAR_ENDS = ("ss", "us", "is", "'s", "diabetes", "herpes", "shingles", "measles", "rabies")
_PLURALS = frozenset("people teeth feet men women children bacteria".split())
_HEAD_ENDS = (" of ", " for ", " with ", " in ", " to ")
_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# A word of so many letters is capitalised in a line only where the line is in title case.
_LONG_WORD = 4


@dataclass(frozen=True, slots=True)
class Value:
    """What fills a blank: words of the draft, and whether a verb after them is in the plural."""

    text: str
    plural: bool = False


@dataclass(slots=True, kw_only=True)
class Naming:
    """A sentence that a rewrite replaces.

    `text` is its block's, in which the sentence begins at `base`; `match` are the tokens of the
    finding, where it has any.
    """

    tagged: Tagged
    text: str
    base: int
    lexicon: Lexicon
    match: tuple[int, int] | None

    def value(self, blank: str, *, bare: bool = False) -> Value | None:
        """Return what fills a blank where the sentence leaves no doubt.

        With `bare`, only the words of the finding are looked at, and no article is added.
        """
        symbols = self.lexicon.blanks.get(blank)
        if symbols is None:
            return None
        carriers = self.lexicon.carriers
        is_carried = any(symbol in carriers for symbol in symbols)
        for symbol in symbols:
            if symbol not in self.tagged.tags:
                continue
            found = self._candidates(symbol, is_promoted=is_carried)
            chosen = self._chosen(found, bare=bare)
            if chosen is not None:
                return self._worded(*chosen, bare=bare or not is_carried)
            if found:
                return None
        return self._pronoun() if is_carried and not bare else None

    def _candidates(self, symbol: int, *, is_promoted: bool) -> list[tuple[int, int]]:
        """Return where a concept is named, enumerations as one, from left to right."""
        places = self._longest(symbol)
        if places and not is_promoted:
            # The "knee pain" of "our knee pain programme" is no complaint by itself.
            promoted = [each for other in self.lexicon.carriers for each in self._longest(other)]
            places = [
                (start, end)
                for start, end in places
                if not any(first <= start and end <= last for first, last in promoted)
            ]
        joined: list[tuple[int, int]] = []
        for start, end in places:
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            elif joined and self._joins(joined[-1][1], start):
                joined[-1] = joined[-1][0], end
            else:
                joined.append((start, end))
        return joined

    def _longest(self, symbol: int) -> list[tuple[int, int]]:
        places = self.tagged.tags.get(symbol, {})
        return sorted((start, max(ends)) for start, ends in places.items())

    def _joins(self, end: int, start: int) -> bool:
        if start - end > _MOST_JOINING or end <= self.tagged.first - 1 < start:
            return False
        return all(word in _JOINING for word in self.tagged.tokens.norms[end:start])

    def _chosen(self, found: list[tuple[int, int]], *, bare: bool) -> tuple[int, int] | None:
        """Return the only candidate of the finding's words, of the sentence, or of its lead-in."""
        first = self.tagged.first
        low, high = self.match or (first, len(self.tagged.tokens))
        inside = [(start, end) for start, end in found if low <= start and end <= high]
        own = [(start, end) for start, end in found if start >= first]
        for places in (inside,) if bare else (inside, own, found):
            if places:
                texts = {self._text(*place).lower() for place in places}
                return places[0] if len(texts) == 1 else None
        return None

    def _text(self, start: int, end: int) -> str:
        tokens = self.tagged.tokens
        if start < self.tagged.first:
            return " ".join(tokens.surfaces[start:end]).replace(" ,", ",")
        return self.text[self.base + tokens.starts[start] : self.base + tokens.ends[end - 1]]

    def _worded(self, start: int, end: int, *, bare: bool) -> Value | None:
        text = self._text(start, end)
        if len(text) > _LONGEST:
            return None
        first = start in {0, self.tagged.first}
        text = self.relaxed(text, text if first else "")
        plural = is_plural(text)
        if bare:
            return Value(text, plural)
        article = self._determiner(start)
        if not article and not plural and _head(text) in _COUNTED:
            article = "the"
        if article and text.split(" ", 1)[0] not in _DETERMINERS:
            text = f"{article} {text}"
        return Value(text, plural)

    def _determiner(self, start: int) -> str:
        """Return the article or the like that stands before a name."""
        tokens = self.tagged.tokens
        for back in range(1, _OUR_REACH + 1):
            place = start - back
            if place < 0 or not tokens.is_word[place]:
                return ""
            word = tokens.norms[place]
            if word == "our" or (back == 1 and word in _DETERMINERS):
                return word
        return ""

    def _pronoun(self) -> Value | None:
        """Return the pronoun that opens the claim, where it stands for what is sold."""
        if self.match is None:
            return None
        start = self.match[0]
        word = self.tagged.tokens.norms[start]
        if word not in _PRONOUNS or start not in self.tagged.tags.get(CARRIED, {}):
            return None
        return Value(word, _PRONOUNS[word])

    def relaxed(self, text: str, opening: str) -> str:
        """Return words of the draft as they read within a sentence.

        In title case every word may lose its capital, elsewhere the first one, if the words open
        the sentence: `opening` begins with it then. Names keep theirs.
        """
        if self._in_title_case():
            return _LETTERS.sub(lambda match: _small(match[0]), text)
        if opening and self.text.startswith(opening, self.base):
            return _LETTERS.sub(lambda match: _small(match[0]), text, count=1)
        return text

    def _in_title_case(self) -> bool:
        surfaces = self.tagged.tokens.surfaces[self.tagged.first :]
        words = [word for word in surfaces if len(word) >= _LONG_WORD and word.isalpha()]
        return len(words) > 1 and all(word[0].isupper() for word in words)


def _small(word: str) -> str:
    """Return a word in small letters if only its first is a capital and it is no name."""
    return word.lower() if word[1:].islower() and not word.endswith("'s") else word


def _head(text: str) -> str:
    """Return the last word of a name, before "of" and the like."""
    for sign in _HEAD_ENDS:
        text = text.partition(sign)[0]
    return text.rpartition(" ")[2]


def is_plural(text: str) -> bool:
    """Tell whether a name takes a verb in the plural."""
    if " and " in text or " & " in text:
        return True
    head = _head(text).lower()
    if head in _PLURALS:
        return True
    return head.endswith("s") and not head.endswith(_SINGULAR_ENDS)
