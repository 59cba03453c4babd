"""Compiles concepts, guards, register cues and rules into one program of plain data.

The program is built of numbers, strings, tuples, dicts and frozensets only, so that it can be
written with `marshal` and read back without running anything.
"""

from __future__ import annotations

import marshal
from itertools import chain
from typing import TYPE_CHECKING, Any

from medlint.concepts import ACTION_FORMS, Concept
from medlint.inflection import plural, verb_forms
from medlint.limits import DEEPEST_CONCEPTS
from medlint.opcodes import CARRIED, GROUP, NUMBER, WORD_KEY, WORDS
from medlint.patterns import PhraseError, Words, parse_phrase
from medlint.records import dataclass, field
from medlint.spelling import spelling_variants
from medlint.symbols import Linear, SymbolTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from medlint.indexes import Pattern
    from medlint.patterns import Sequence

CARRIED_KEY = "carried"
# Word sets and groups that come more often than this in the examples of all rules tell nothing:
# sentences are not tagged with them, but searched for them where all else of a pattern is there.
_TELLING = 200


class ConceptError(ValueError):
    """A concept is wrong: it contains itself, or one of its terms is no phrase."""


@dataclass(slots=True)
class IndexBuilder:
    """Collects patterns of one kind with their owners."""

    linears: list[Linear] = field(default_factory=list)
    owners: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, linear: Linear, owner: tuple[Any, ...]) -> None:
        """Add a pattern that belongs to `owner`."""
        self.linears.append(linear)
        self.owners.append(owner)


@dataclass(slots=True)
class Compiler:
    """Turns parsed phrases into numbered patterns over one symbol table."""

    concepts: Mapping[str, Concept]
    table: SymbolTable = field(default_factory=SymbolTable)
    # The symbols of telling word sets and groups, by their opcodes.
    telling: dict[int, int] = field(default_factory=dict)
    _often: _Frequencies | None = None

    def add_concepts(self) -> None:
        """Register every concept's terms and forms.

        Raises:
            ConceptError: a term is no phrase; the message names the concept and the term.
        """
        for concept in self.concepts.values():
            try:
                self._add_concept(concept)
            except PhraseError as error:
                message = f"{concept.path}:{concept.line}: concept “{concept.name}”: {error}"
                raise ConceptError(message) from None

    def _add_concept(self, concept: Concept) -> None:
        symbol = self.table.concept(concept.name)
        if concept.is_action:
            for form, wider in ACTION_FORMS.items():
                self.table.imply(
                    self.table.concept(concept.name, form), self.table.concept(concept.name, wider)
                )
        for narrower in concept.includes:
            self._include(concept, self.concepts[narrower])
        for name in (name for names in concept.terms for name in names):
            for sequence in parse_phrase(name):
                self._provide(symbol, sequence, concept.inflect)
        self._add_forms(concept)

    def _include(self, concept: Concept, narrower: Concept) -> None:
        for form in ("", *ACTION_FORMS):
            if not form or concept.is_action or narrower.is_action:
                self.table.imply(
                    self.table.concept(narrower.name, form), self.table.concept(concept.name, form)
                )

    def _add_forms(self, concept: Concept) -> None:
        for noun in concept.nouns:
            for sequence in parse_phrase(noun):
                self._provide(self.table.concept(concept.name, "noun"), sequence, "noun")
        for adjective in concept.adjectives:
            for sequence in parse_phrase(adjective):
                self.table.provide(self.table.concept(concept.name, "adjective"), sequence)
        for verb in concept.verbs:
            self._add_verb(concept.name, verb)

    def _add_verb(self, name: str, verb: str) -> None:
        for sequence in parse_phrase(verb):
            first = sequence[0]
            if not isinstance(first, Words):
                message = f"the verb “{verb}” must begin with a plain word"
                raise PhraseError(message)
            for form in ("base", "past", "ing"):
                spellings = _verb_spellings(first.spellings, form)
                self.table.provide(
                    self.table.concept(name, form), (Words(spellings), *sequence[1:])
                )

    def _provide(self, symbol: int, sequence: Sequence, inflect: str) -> None:
        self.table.provide(symbol, sequence)
        if inflect == "noun" and isinstance(sequence[-1], Words):
            many = frozenset(
                variant
                for word in sequence[-1].spellings
                for variant in spelling_variants(plural(word))
            )
            self.table.provide(symbol, (*sequence[:-1], Words(many)))
        elif inflect == "verb" and isinstance(sequence[0], Words):
            for form in ("base", "past", "ing"):
                spellings = _verb_spellings(sequence[0].spellings, form)
                self.table.provide(symbol, (Words(spellings), *sequence[1:]))

    def linear(self, sequence: Sequence) -> Linear:
        """Compile a rule's or guard's sequence."""
        return self.table.linear(sequence)

    def levels(self) -> list[dict[int, bytes]]:
        """Order composite terms so that each finds the symbols it builds on.

        Raises:
            ConceptError: a concept is built on itself.
        """
        closure = self.table.closure()
        depth = _Depths(self.table.composites, closure, self._built_wrong).depths()
        by_level: dict[int, IndexBuilder] = {}
        for (linear, symbol), level in zip(self.table.composites, depth, strict=True):
            gives = closure.get(symbol, (symbol,))
            by_level.setdefault(level, IndexBuilder()).add(linear, gives)
        return [self.index(builder) for _, builder in sorted(by_level.items())]

    def _built_wrong(self, symbols: list[int], problem: str) -> ConceptError:
        names = self.names()
        path = list(dict.fromkeys(names[symbol] for symbol in symbols if symbol in names))
        concept = self.concepts[path[0].partition(".")[0]]
        trail = " → ".join((*path, path[0]))
        return ConceptError(
            f"{concept.path}:{concept.line}: concept “{concept.name}” {problem}: {trail}"
        )

    def settle(self, builders: Iterable[IndexBuilder]) -> None:
        """Give symbols to the word sets and groups that tell whether a pattern may match.

        Call it once all patterns are known, before any index is made.
        """
        often = self._frequencies()
        composites = (linear for linear, _ in self.table.composites)
        patterns = (linear for builder in builders for linear in builder.linears)
        hidden = self._hidden()
        for linear in chain(composites, patterns):
            elements = often.elements(linear)
            telling = [each for each in elements[1:] if often.of(each)[0] <= _TELLING]
            for opcode in (elements[0], *often.members(elements[0]), *telling):
                # What a look-alike takes away, it takes away from groups as well.
                if opcode < 0 and hidden.isdisjoint(often.members(opcode)):
                    self.telling[opcode] = self.table.own_symbol(opcode)

    def _frequencies(self) -> _Frequencies:
        """Return estimates made before any of `telling` had its symbol, for they weigh on them."""
        if self._often is None:
            self._often = _Frequencies(self.table, self.table.closure())
        return self._often

    def _hidden(self) -> set[int]:
        """Return the symbols of look-alikes, and those that do not count inside other terms."""
        outweighed = (inner for _, inner in self._outweighing(self.table.closure()))
        return {*self._hiding(), *chain.from_iterable(outweighed)}

    def _hiding(self) -> tuple[int, ...]:
        return tuple(
            self.table.concept(concept.name) for concept in self.concepts.values() if concept.hides
        )

    def index(self, builder: IndexBuilder) -> dict[int, bytes]:
        """Return patterns with their owners by their rarest symbol, packed."""
        often = self._frequencies()
        alone: dict[int, list[Pattern]] = {}
        pairs: dict[int, dict[int, list[Pattern]]] = {}
        for number, (linear, owner) in enumerate(zip(builder.linears, builder.owners, strict=True)):
            anchors, further = self._needs(linear, often)
            code = tuple(self.telling.get(opcode, opcode) for opcode in linear.code)
            pattern = (number, further[1:], code, linear.binds, owner)
            for symbol in anchors:
                if further:
                    seconds = pairs.setdefault(symbol, {})
                    seconds.setdefault(further[0], []).append(pattern)
                else:
                    alone.setdefault(symbol, []).append(pattern)
        return {
            symbol: packed(
                (
                    tuple(alone.get(symbol, ())),
                    {second: tuple(each) for second, each in pairs.get(symbol, {}).items()},
                )
            )
            for symbol in dict.fromkeys((*alone, *pairs))
        }

    def _needs(
        self, linear: Linear, often: _Frequencies
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the symbols of a pattern's rarest element, and the others that it needs."""
        rarest, *others = often.elements(linear)
        anchors = (rarest,) if rarest in self.telling else often.members(rarest)
        anchors = tuple(self.telling.get(opcode, opcode) for opcode in anchors)
        further = (self.telling.get(opcode, opcode) for opcode in others)
        return anchors, tuple(each for each in further if each >= 0 and each not in anchors)

    def tagger(self) -> dict[str, Any]:
        """Return the tagging tables as plain data; call it after every index is made."""
        levels = self.levels()
        closure = self.table.closure()
        return {
            "words": self._words(closure),
            "sets": tuple(packed(tuple(sorted(spellings))) for spellings in self.table.sets),
            "groups": tuple(self.table.members),
            "levels": tuple(levels),
            "hiding": self._hiding(),
            "outweighing": self._outweighing(closure),
            "names": self._names(),
            "number": closure.get(NUMBER, (NUMBER,)),
            "carried": closure.get(CARRIED, (CARRIED,)),
        }

    def _words(self, closure: dict[int, tuple[int, ...]]) -> dict[str, bytes]:
        """Pack what is known of each spelling, and all that begin alike together."""
        given = {word: _closed(symbols, closure) for word, symbols in self.table.words.items()}
        cased = {word: tuple(sorted(symbols)) for word, symbols in self.table.cased.items()}
        runs = _runs(self.table.runs, closure)
        alike: dict[str, dict[str, bytes]] = {}
        for word in dict.fromkeys((*given, *cased, *runs)):
            # Many runs give the same.
            lists: dict[tuple[int, ...], int] = {(): 0}
            numbered = {
                rest: lists.setdefault(symbols, len(lists))
                for rest, symbols in runs.get(word, {}).items()
            }
            known = (given.get(word, ()), cased.get(word, ()), numbered, tuple(lists))
            alike.setdefault(word[:WORD_KEY], {})[word] = packed(known)
        return {key: packed(words) for key, words in alike.items()}

    def _outweighing(
        self, closure: dict[int, tuple[int, ...]]
    ) -> tuple[tuple[int, dict[int, None]], ...]:
        found = []
        for concept in self.concepts.values():
            if not concept.outweighs:
                continue
            inner = {self.table.concept(name) for name in concept.outweighs}
            narrower = {symbol for symbol, wide in closure.items() if not inner.isdisjoint(wide)}
            hidden = dict.fromkeys(sorted(inner | narrower))
            found.append((self.table.concept(concept.name), hidden))
        return tuple(found)

    def _names(self) -> dict[str, None]:
        """Return the spellings with capitals that words and runs consist of."""
        spellings = {*self.table.words, *(word for run in self.table.runs for word in run)}
        return dict.fromkeys(sorted(word for word in spellings if word != word.lower()))

    def names(self) -> dict[int, str]:
        """Return the names of concept symbols, for explanations."""
        return {
            symbol: key[1] + (f".{key[2]}" if key[2] else "")
            for key, symbol in self.table.ids.items()
            if isinstance(key, tuple) and key and key[0] == "concept"
        }


def _verb_spellings(words: Iterable[str], form: str) -> frozenset[str]:
    return frozenset(
        variant
        for word in words
        for spelling in getattr(verb_forms(word), form)
        for variant in spelling_variants(spelling)
    )


def _closed(symbols: Iterable[int], closure: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({wide for symbol in symbols for wide in closure.get(symbol, (symbol,))}))


def _runs(
    runs: dict[tuple[str, ...], set[int]], closure: dict[int, tuple[int, ...]]
) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return what each run gives, by its first word; the beginning of a longer one gives none."""
    by_first: dict[str, dict[str, tuple[int, ...]]] = {}
    for (first, *rest), symbols in runs.items():
        given = by_first.setdefault(first, {})
        for length in range(1, len(rest)):
            given.setdefault(" ".join(rest[:length]), ())
        given[" ".join(rest)] = _closed(symbols, closure)
    return by_first


class _Frequencies:
    """Estimates how often the elements of patterns occur."""

    def __init__(self, table: SymbolTable, closure: dict[int, tuple[int, ...]]) -> None:
        self._table = table
        self._symbols = table.frequencies(closure)
        self._spellings = table.spellings
        self._known: dict[int, tuple[int, int]] = {}

    def elements(self, linear: Linear) -> list[int]:
        """Return the opcodes of symbols, word sets and groups of a pattern, the rarest first."""
        return sorted({each for each in linear.code if each >= 0 or each <= WORDS}, key=self.of)

    def of(self, opcode: int) -> tuple[int, int]:
        """Return how often an element occurs, and its opcode, so that none are alike."""
        known = self._known.get(opcode)
        if known is None:
            often = sum(map(self._often, self.members(opcode)))
            known = self._known[opcode] = (often, opcode)
        return known

    def members(self, opcode: int) -> tuple[int, ...]:
        """Return the opcodes of symbols and word sets that a group consists of, or its own."""
        if opcode > GROUP:
            return (opcode,)
        number, symbols = self._table.members[GROUP - opcode]
        return (*symbols, WORDS - number) if number >= 0 else symbols

    def _often(self, opcode: int) -> int:
        if opcode >= 0:
            return self._symbols.get(opcode, 0)
        return self._table.word_frequency(self._spellings[WORDS - opcode])


class _Depths:
    """Finds how many levels of composite terms each one rests on."""

    def __init__(
        self,
        composites: list[tuple[Linear, int]],
        closure: dict[int, tuple[int, ...]],
        circle: Callable[[list[int], str], ConceptError],
    ) -> None:
        self._composites = composites
        self._circle = circle
        self._depth: dict[int, int] = {}
        self._open: list[int] = []
        self._providers: dict[int, list[int]] = {}
        for number, (_, symbol) in enumerate(composites):
            for wide in closure.get(symbol, (symbol,)):
                self._providers.setdefault(wide, []).append(number)

    def depths(self) -> list[int]:
        """Return each composite's depth, from 0."""
        return [self._of(number) for number in range(len(self._composites))]

    def _of(self, number: int) -> int:
        known = self._depth.get(number)
        if known is not None:
            return known
        if len(self._open) > DEEPEST_CONCEPTS:
            raise self._circle([self._composites[self._open[0]][1]], "rests on others too deep")
        if number in self._open:
            numbers = self._open[self._open.index(number) :]
            raise self._circle(
                [self._composites[each][1] for each in numbers], "is built on itself"
            )
        self._open.append(number)
        linear, _ = self._composites[number]
        depth = 0
        for symbol in linear.needs:
            for provider in self._providers.get(symbol, ()):
                depth = max(depth, 1 + self._of(provider))
        self._open.pop()
        self._depth[number] = depth
        return depth


def packed(value: Any) -> bytes:
    """Pack plain data, to be unpacked only where a draft needs it."""
    # Without references, whose place hangs on what else is alive in the process.
    return marshal.dumps(value, 2)


def reserve(table: SymbolTable) -> None:
    """Make the built-in concepts known under their names."""
    table.ids[("concept", CARRIED_KEY, "")] = CARRIED
