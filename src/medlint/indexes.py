"""What is looked up while a sentence is read: patterns, words, and what opcodes stand for.

A draft holds few of the words that rules know, so all of it is packed until a draft asks for it.
"""

from __future__ import annotations

import marshal
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from medlint.opcodes import GROUP, WORDS
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

# A compiled pattern: its number, the further symbols without which it cannot match, its opcodes,
# (name, ordinal of the matched element) for each bound name, and its owner.
Pattern: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...], tuple[tuple[str, int], ...], Any]

# What is looked up by a symbol or a word: the patterns that need no second symbol, and those that
# do by that one.
LookedUp: TypeAlias = tuple[tuple[Pattern, ...], dict[int, tuple[Pattern, ...]]]

_NO_PATTERNS: LookedUp = ((), {})


@dataclass(frozen=True, slots=True)
class PatternIndex:
    """Patterns looked up by their two rarest symbols.

    `by_symbol` maps a symbol to what is looked up by it, packed: a draft holds few symbols, and
    only their patterns are unpacked. `by_word` has that of all symbols that a word gives.
    """

    name: str
    by_symbol: dict[int, bytes]
    _unpacked: dict[int, LookedUp] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    by_word: dict[str, LookedUp] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def of_symbol(self, symbol: int) -> LookedUp:
        """Return what is looked up by a symbol."""
        known = self._unpacked.get(symbol)
        if known is None:
            known = marshal.loads(self.by_symbol[symbol])  # noqa: S302 - our own plain data
            self._unpacked[symbol] = known
        return known

    def of_word(self, word: Word) -> LookedUp:
        """Return what is looked up by the symbols that a word gives."""
        given = {*word.given, *word.cased}
        several = [self.of_symbol(symbol) for symbol in self.by_symbol.keys() & given]
        if len(several) <= 1:
            known = several[0] if several else _NO_PATTERNS
        else:
            pairs: dict[int, tuple[Pattern, ...]] = {}
            for _, others in several:
                for second, patterns in others.items():
                    pairs[second] = pairs.get(second, ()) + patterns
            known = tuple(chain.from_iterable(alone for alone, _ in several)), pairs
        self.by_word[word.spelling] = known
        return known


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a spelling.

    `given` are the symbols it gives, with capitals only as a name, and `cased` those that it gives
    wherever it is written so. `runs` maps what may follow it, joined by blanks, to a place in
    `lists` of symbols; the first one, of no symbols, is that of a beginning that is no run itself.
    """

    spelling: str
    given: tuple[int, ...]
    cased: tuple[int, ...]
    runs: Mapping[str, int]
    lists: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Elements:
    """What opcodes of word sets and of groups stand for.

    `sets` are the spellings of each word set, packed, for a draft asks for few of them; `groups`
    are (word set or -1, symbols).
    """

    sets: tuple[bytes, ...]
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    _unpacked: dict[int, tuple[frozenset[str], tuple[int, ...]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def parts(self, opcode: int) -> tuple[frozenset[str], tuple[int, ...]]:
        """Return the spellings and the symbols that a word set or a group consists of."""
        known = self._unpacked.get(opcode)
        if known is None:
            words, symbols = (
                self.groups[GROUP - opcode] if opcode <= GROUP else (WORDS - opcode, ())
            )
            spellings = marshal.loads(self.sets[words]) if words >= 0 else ()  # noqa: S302 - our own
            known = self._unpacked[opcode] = (frozenset(spellings), symbols)
        return known
