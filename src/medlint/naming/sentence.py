"""A sentence as rewrites look at it: where its concepts stand, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.naming.words import (
    AFTER_NOUNS,
    DETERMINERS,
    LETTERS,
    LONG_WORD,
    NO_NOUNS,
    OUR_REACH,
    SMALL_IN_TITLES,
    small,
)
from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.lexicon import Lexicon
    from medlint.matcher import Tagged


@dataclass(slots=True, kw_only=True)
class Sentence:
    """A sentence that a rewrite replaces.

    `text` is its block's, in which the sentence begins at `base`; `match` are the tokens of the
    finding, where it has any.
    """

    tagged: Tagged
    text: str
    base: int
    lexicon: Lexicon
    match: tuple[int, int] | None

    def longest(self, symbol: int) -> list[tuple[int, int]]:
        """Return where a concept stands, from left to right, in as many words as it can."""
        places = self.tagged.tags.get(symbol, {})
        return sorted((start, max(ends)) for start, ends in places.items())

    def words(self, start: int, end: int) -> str:
        """Return tokens as the draft writes them."""
        tokens = self.tagged.tokens
        if start < self.tagged.first:
            return " ".join(tokens.surfaces[start:end]).replace(" ,", ",")
        return self.text[self.base + tokens.starts[start] : self.base + tokens.ends[end - 1]]

    def goes_on(self, end: int) -> bool:
        """Tell whether words may be the beginning of a longer name."""
        tokens = self.tagged.tokens
        return end < len(tokens) and tokens.is_word[end] and tokens.norms[end] not in NO_NOUNS

    def is_cut(self, end: int) -> bool:
        """Tell whether the name of a complaint or function goes on behind a token.

        Adverbs and numbers do not: "relieves pain naturally".
        """
        tokens = self.tagged.tokens
        if end >= len(tokens) or end == self.tagged.first or not tokens.is_word[end]:
            return False
        word = tokens.norms[end]
        return word == "of" or not (word in AFTER_NOUNS or word.endswith("ly") or word.isdigit())

    def is_whole(self, start: int, end: int) -> bool:
        """Tell whether words are no part of a compound such as "acne-prone"."""
        if start < self.tagged.first:
            return True
        tokens, text = self.tagged.tokens, self.text
        low, high = self.base + tokens.starts[start], self.base + tokens.ends[end - 1]
        return text[low - 1 : low] != "-" and text[high : high + 1] != "-"

    def praises(self, place: int) -> bool:
        """Tell whether praise begins at a token."""
        symbols = self.lexicon.blanks.get("praise", ())
        return any(place in self.tagged.tags.get(symbol, {}) for symbol in symbols)

    def determiner(self, start: int) -> str:
        """Return the article or the like that stands before a name."""
        tokens = self.tagged.tokens
        for back in range(1, OUR_REACH + 1):
            place = start - back
            if place < 0 or not tokens.is_word[place]:
                return ""
            word = tokens.norms[place]
            if word == "our" or (back == 1 and word in DETERMINERS):
                return word
        return ""

    def opens(self, start: int) -> bool:
        """Tell whether a name has a capital only because it begins something."""
        if start in {0, self.tagged.first}:
            return True
        before = self.tagged.tokens.norms[start - 1]
        return before == ":" or (start == 1 and before in DETERMINERS)

    def relaxed(self, text: str, *, opens: bool, own: bool = True) -> str:
        """Return words of the draft as they read within a sentence.

        In title case every word may lose its capital, elsewhere the first one, if the words open
        the sentence. Names keep theirs. Words that are not its `own` are those of the lead-in.
        """
        if self._in_title_case(own=own):
            return LETTERS.sub(lambda match: small(match[0]), text)
        others = text.split(" ")[1:]
        if opens and all(word.islower() or word.isupper() for word in others):
            return LETTERS.sub(lambda match: small(match[0]), text, count=1)
        return text

    def _in_title_case(self, *, own: bool) -> bool:
        first = self.tagged.first
        surfaces = self.tagged.tokens.surfaces
        surfaces = surfaces[first:] if own else surfaces[:first]
        words = [
            word
            for word in surfaces
            if len(word) >= LONG_WORD and word.isalpha() and word not in SMALL_IN_TITLES
        ]
        return len(words) > 1 and all(word[0].isupper() for word in words)
