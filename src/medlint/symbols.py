"""Numbers for what patterns are made of, and how words and terms give them.

A *symbol* stands for a set of words, a concept (in one of its forms) or a group of alternatives.
The table collects which single words, which word sequences and which composite patterns give which
symbols, and which symbols imply others.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from medlint.opcodes import (
    ANY_WORD,
    CARRIED,
    CLAUSE_START,
    END,
    GAP,
    GROUP,
    NUMBER,
    START,
    WORDS,
)
from medlint.patterns import AnyWord, ConceptRef, Edge, Gap, Group, Words
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from medlint.patterns import Element, Sequence

_EDGES = {"^": START, "$": END, "^^": CLAUSE_START}
_MAX_PRODUCT = 64
# How often a composite term occurs, and a number or pronoun, in a text of as many words as the
# examples of all rules have. An estimate: it only decides what is looked up first.
_COMPOSITE_WEIGHT = 5
_COMMON_WEIGHT = 2_000


@dataclass(frozen=True, slots=True)
class Linear:
    """A compiled sequence: opcodes, what it needs, and what each bound name refers to.

    `needs` are all symbols that any element rests on; `binds` holds (name, ordinal of the matched
    element).
    """

    code: tuple[int, ...]
    needs: frozenset[int]
    binds: tuple[tuple[str, int], ...]


def _word_sets(sequence: Sequence) -> list[frozenset[str]] | None:
    """Return the spellings of a run of words; None for other sequences, and for too many runs."""
    sets = [element.spellings for element in sequence if isinstance(element, Words)]
    few = prod(map(len, sets)) <= _MAX_PRODUCT or len(sets) == 1
    return sets if few and len(sets) == len(sequence) else None


@dataclass(slots=True)
class SymbolTable:
    """Hands out symbols while rulesets are compiled.

    `counts` says how often words occur in some text of the kind that will be linted.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    ids: dict[Hashable, int] = field(default_factory=dict)
    sets: dict[frozenset[str], int] = field(default_factory=dict)
    # The same by number.
    spellings: list[frozenset[str]] = field(default_factory=list)
    # A group is matched through what it consists of: a word set (or -1) and symbols.
    groups: dict[Group, int] = field(default_factory=dict)
    members: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    words: dict[str, set[int]] = field(default_factory=dict)
    # What spellings with capitals give wherever they are written so, in names or not.
    cased: dict[str, set[int]] = field(default_factory=dict)
    runs: dict[tuple[str, ...], set[int]] = field(default_factory=dict)
    composites: list[tuple[Linear, int]] = field(default_factory=list)
    implied: dict[int, set[int]] = field(default_factory=dict)
    weights: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reserve the built-in symbols."""
        self.ids["number"], self.ids["carried"] = NUMBER, CARRIED
        self.weights.update({NUMBER: _COMMON_WEIGHT, CARRIED: _COMMON_WEIGHT})

    def symbol(self, key: Hashable) -> int:
        """Return the symbol of a key, new or old."""
        return self.ids.setdefault(key, len(self.ids))

    def concept(self, name: str, form: str = "") -> int:
        """Return the symbol of a concept in one of its forms."""
        if name == "number":
            return NUMBER
        return self.symbol(("concept", name, form))

    def imply(self, narrow: int, wide: int) -> None:
        """Let every occurrence of `narrow` count as one of `wide`."""
        if narrow != wide:
            self.implied.setdefault(narrow, set()).add(wide)

    def provide(self, symbol: int, sequence: Sequence) -> None:
        """Let an occurrence of `sequence` give `symbol`."""
        if len(sequence) == 1:
            only = sequence[0]
            if isinstance(only, Words):
                self._provide_words(symbol, only.spellings)
                return
            if isinstance(only, ConceptRef):
                self.imply(self.concept(only.name, only.form), symbol)
                return
            if isinstance(only, Group):
                for option in only.options:
                    self.provide(symbol, option)
                return
        sets = _word_sets(sequence)
        if sets is None:
            self.composites.append((self.linear(sequence), symbol))
            self._weigh(symbol, _COMPOSITE_WEIGHT)
            return
        # In order: what is compiled must not hang on how sets are hashed.
        for run in product(*map(sorted, sets)):
            self.runs.setdefault(run, set()).add(symbol)
        # A run is no more frequent than its rarest word.
        self._weigh(symbol, min(map(self.word_frequency, sets)) // 2 + 1)

    def provide_plain(self, symbol: int, sequence: Sequence) -> bool:
        """Let an occurrence of words in small letters give `symbol`; other sequences are left."""
        sets = _word_sets(sequence)
        if sets is None or any(word != word.lower() for spellings in sets for word in spellings):
            return False
        self.provide(symbol, sequence)
        return True

    def _provide_words(self, symbol: int, spellings: Iterable[str]) -> None:
        for word in sorted(spellings):
            self.words.setdefault(word, set()).add(symbol)
        self._weigh(symbol, self.word_frequency(spellings))

    def _weigh(self, symbol: int, weight: int) -> None:
        self.weights[symbol] = self.weights.get(symbol, 0) + weight

    def word_frequency(self, spellings: Iterable[str]) -> int:
        """Estimate how often any word of a set occurs."""
        return sum(1 + self.counts.get(word.lower(), 0) for word in spellings)

    def word_set(self, spellings: frozenset[str]) -> int:
        """Return the number of a word set, new or old."""
        number = self.sets.setdefault(spellings, len(self.sets))
        if number == len(self.spellings):
            self.spellings.append(spellings)
        return number

    def group(self, group: Group) -> int:
        """Return the number of a group, new or old."""
        known = self.groups.get(group)
        if known is not None:
            return known
        spellings: set[str] = set()
        symbols: set[int] = set()
        self._collect(group, spellings, symbols)
        words = frozenset(spellings)
        number = self.word_set(words) if words else -1
        self.members.append((number, tuple(sorted(symbols))))
        self.groups[group] = len(self.members) - 1
        return self.groups[group]

    def _collect(self, group: Group, spellings: set[str], symbols: set[int]) -> None:
        for option in group.options:
            only = option[0] if len(option) == 1 else None
            if isinstance(only, Words):
                spellings |= only.spellings
            elif isinstance(only, ConceptRef):
                symbols.add(self.concept(only.name, only.form))
            elif isinstance(only, Group):
                self._collect(only, spellings, symbols)
            else:
                own = self.symbol(("options", group))
                self.provide(own, option)
                symbols.add(own)

    def linear(self, sequence: Sequence) -> Linear:
        """Compile a sequence."""
        code = []
        needs: set[int] = set()
        binds = []
        ordinal = 0
        for element in sequence:
            opcode = self._opcode(element)
            code.append(opcode)
            if isinstance(element, Gap | Edge):
                continue
            if opcode >= 0:
                needs.add(opcode)
            elif opcode <= GROUP:
                needs.update(self.members[GROUP - opcode][1])
            if isinstance(element, ConceptRef) and element.bind:
                binds.append((element.bind, ordinal))
            ordinal += 1
        return Linear(
            code=tuple(code),
            needs=frozenset(needs),
            binds=tuple(binds),
        )

    def _opcode(self, element: Element) -> int:
        if isinstance(element, Gap):
            return GAP - element.words
        if isinstance(element, AnyWord):
            return ANY_WORD
        if isinstance(element, Edge):
            return _EDGES[element.sign]
        if isinstance(element, Words):
            return WORDS - self.word_set(element.spellings)
        if isinstance(element, Group):
            return GROUP - self.group(element)
        return self.concept(element.name, element.form)

    def own_symbol(self, opcode: int) -> int:
        """Return a symbol for a word set or group; what belongs to it will give that."""
        key = ("element", opcode)
        known = key in self.ids
        symbol = self.symbol(key)
        if known:
            return symbol
        number, symbols = self.members[GROUP - opcode] if opcode <= GROUP else (WORDS - opcode, ())
        for each in symbols:
            self.imply(each, symbol)
        for word in sorted(self.spellings[number]) if number >= 0 else ():
            table = self.words if word == word.lower() else self.cased
            table.setdefault(word, set()).add(symbol)
        return symbol

    def closure(self) -> dict[int, tuple[int, ...]]:
        """Return, for each symbol that implies others, itself and all of them."""
        return {symbol: tuple(sorted(self._reach(symbol))) for symbol in self.implied}

    def _reach(self, symbol: int) -> set[int]:
        reached = {symbol}
        pending = [symbol]
        while pending:
            for wider in self.implied.get(pending.pop(), ()):
                if wider not in reached:
                    reached.add(wider)
                    pending.append(wider)
        return reached

    def frequencies(self, closure: dict[int, tuple[int, ...]]) -> dict[int, int]:
        """Estimate how often each symbol occurs, to look patterns up by their rarest one."""
        totals = dict(self.weights)
        for narrow, reached in closure.items():
            own = self.weights.get(narrow, 0)
            for wide in reached:
                # A symbol is among those it reaches; an estimate may count it twice.
                totals[wide] = totals.get(wide, 0) + own
        return totals
