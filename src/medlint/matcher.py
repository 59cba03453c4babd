"""Runs compiled patterns over a tagged sentence.

Patterns are looked up by their rarest symbol and the rarest after it, so a sentence pays only for
the rules whose words it holds. The loops here are where a run spends most of its time: they work
on plain dicts and tuples, and call as little as they can.
"""

from __future__ import annotations

import marshal
from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from medlint.opcodes import ANY_WORD, CLAUSE_START, END, GAP, GROUP, START, WORDS
from medlint.parsing.clauses import closing_clause
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from medlint.parsing.tokens import Tokens


# Where a symbol starts, and the token indexes where it may end, the longest first.
Places: TypeAlias = dict[int, tuple[int, ...]]
# A matched element: (first token, end token).
Part: TypeAlias = tuple[int, int]
# A compiled pattern: its number, the further symbols and the word sets without which it cannot
# match, its opcodes, (name, ordinal of the matched element) for each bound name, and its owner.
Pattern: TypeAlias = tuple[
    int, tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[tuple[str, int], ...], Any
]

# A gap may step over a bracket or relative clause of at most this many tokens.
_DETOUR = 14
_NOWHERE: Places = {}
_NO_TAGS: dict[int, Places] = {}
_CLAUSE_OPENERS = frozenset(": —".split())


@dataclass(frozen=True, slots=True)
class PatternIndex:
    """Patterns looked up by their two rarest symbols.

    `by_symbol` maps a symbol to (the patterns that need no other, those that need a second one by
    that one), packed: a draft holds few symbols, and only their patterns are unpacked.
    """

    name: str
    by_symbol: dict[int, bytes]
    _unpacked: dict[int, tuple[tuple[Pattern, ...], dict[int, tuple[Pattern, ...]]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def patterns_of(
        self, symbol: int
    ) -> tuple[tuple[Pattern, ...], dict[int, tuple[Pattern, ...]]]:
        """Return the patterns that are looked up by a symbol."""
        known = self._unpacked.get(symbol)
        if known is None:
            known = marshal.loads(self.by_symbol[symbol])  # noqa: S302 - our own plain data
            self._unpacked[symbol] = known
        return known


@dataclass(slots=True)
class Tagged:
    """A sentence as patterns see it; `tags` grows only while it is being tagged.

    `groups` are what opcodes of groups name (word set or -1, symbols). `members` are the word sets
    that each token belongs to, and `sets` those of all; `hidden` are the tokens
    inside look-alikes, which no longer count as words of a set. The tokens before `first` belong to
    the lead-in that a list item completes: "We treat:" and "knee pain"; `words` counts the others,
    without punctuation. `unmasked` are the tags as they were before look-alikes hid some, and
    `cues` those of guards, which see look-alikes as plain words; they are added when a match first
    asks for them.
    """

    tokens: Tokens
    clauses: tuple[int, ...]
    tags: dict[int, Places]
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    members: tuple[frozenset[int], ...]
    sets: frozenset[int]
    hidden: frozenset[int] = frozenset()
    first: int = 0
    words: int = 0
    unmasked: dict[int, Places] = field(default_factory=dict)
    cues: dict[int, Places] | None = None
    # Where the elements of opcodes below GAP stand; each is looked up once.
    standing: dict[int, Places] = field(default_factory=dict)
    # What was found in it, by the name of the index.
    found: dict[str, tuple[Match, ...]] = field(default_factory=dict)

    def places(self, opcode: int) -> Places:
        """Return where a symbol, word set or group stands."""
        if opcode >= 0:
            return self.tags.get(opcode, _NOWHERE)
        known = self.standing.get(opcode)
        if known is None:
            known = self._words(WORDS - opcode) if opcode > GROUP else self._members(GROUP - opcode)
            self.standing[opcode] = known
        return known

    def _words(self, number: int) -> Places:
        if number not in self.sets:
            return _NOWHERE
        hidden = self.hidden
        return {
            position: (position + 1,)
            for position, sets in enumerate(self.members)
            if number in sets and position not in hidden
        }

    def _members(self, number: int) -> Places:
        words, symbols = self.groups[number]
        tags = self.tags
        found: Places = dict(self.places(WORDS - words)) if words >= 0 else {}
        for symbol in symbols:
            places = tags.get(symbol)
            if places is None:
                continue
            for start, ends in places.items():
                known = found.get(start)
                if known is None:
                    found[start] = ends
                elif known != ends:
                    found[start] = tuple(sorted({*known, *ends}, reverse=True))
        return found

    def cue_parts(self, symbol: int) -> tuple[Part, ...]:
        """Return where a guard's symbol stands, the longest at each place, in order."""
        return _parts((self.cues or _NO_TAGS).get(symbol))

    def has(self, symbol: int) -> bool:
        """Tell whether the sentence holds a symbol."""
        return symbol in self.tags

    def parts(self, symbol: int) -> tuple[Part, ...]:
        """Return where a symbol stands, the longest at each place, in order."""
        return _parts(self.tags.get(symbol))


def _parts(places: Places | None) -> tuple[Part, ...]:
    if not places:
        return ()
    return tuple(sorted((start, ends[0]) for start, ends in places.items()))


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern's match: the pattern and its matched elements in order."""

    pattern: Pattern
    parts: tuple[Part, ...]

    @property
    def owner(self) -> Any:
        """What the pattern belongs to; each index has owners of its own kind."""
        return self.pattern[5]

    @property
    def bound(self) -> dict[str, Part]:
        """The matched element of each name that the pattern binds."""
        return {name: self.parts[ordinal] for name, ordinal in self.pattern[4]}

    @property
    def start(self) -> int:
        """The first matched token."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The token after the last matched one."""
        return self.parts[-1][1]


def matches(index: PatternIndex, tagged: Tagged) -> tuple[Match, ...]:
    """Return the matches of all patterns; they are looked for once in a tagged sentence."""
    known = tagged.found.get(index.name)
    if known is None:
        known = tagged.found[index.name] = tuple(find(index, tagged))
    return known


def find(index: PatternIndex, tagged: Tagged) -> Iterator[Match]:
    """Yield the matches of all patterns, at most one for each pattern and start."""
    for pattern in _possible(index, tagged):
        code = pattern[3]
        steps = _steps(code, tagged)
        if steps is None:
            continue
        for start in _starts(code, steps, tagged):
            parts: list[Part] = []
            if _follow(code, steps, 0, start, tagged, parts):
                yield Match(pattern, tuple(parts))


def _possible(index: PatternIndex, tagged: Tagged) -> Iterator[Pattern]:
    """Yield the patterns whose symbols and words the sentence holds, in order, each once."""
    tags, words = tagged.tags, tagged.sets
    symbols = tags.keys()
    lists = []
    for symbol in symbols & index.by_symbol.keys():
        alone, pairs = index.patterns_of(symbol)
        if alone:
            lists.append(alone)
        if pairs:
            lists += [pairs[second] for second in pairs.keys() & symbols]
    # A pattern that begins with alternatives is looked up by each of them.
    possible: dict[int, Pattern] = {}
    for pattern in chain.from_iterable(lists):
        for symbol in pattern[1]:
            if symbol not in tags:
                break
        else:
            for each in pattern[2]:
                if each not in words:
                    break
            else:
                possible[pattern[0]] = pattern
    return map(possible.__getitem__, sorted(possible))


def _steps(code: tuple[int, ...], tagged: Tagged) -> list[Places | None] | None:
    """Return where each element of a pattern stands, None for edges, gaps and words.

    None instead of the list where one of them stands nowhere.
    """
    tags, standing = tagged.tags, tagged.standing
    steps: list[Places | None] = []
    for opcode in code:
        if opcode >= 0:
            places = tags.get(opcode)
        elif opcode > GROUP:
            steps.append(None)
            continue
        else:
            places = standing.get(opcode)
            if places is None:
                places = tagged.places(opcode)
        if not places:
            return None
        steps.append(places)
    return steps


def _starts(code: tuple[int, ...], steps: list[Places | None], tagged: Tagged) -> Iterable[int]:
    first = steps[0]
    if first is None and code[0] <= WORDS:
        first = tagged.places(code[0])
    if first is not None:
        return sorted(first) if len(first) > 1 else first
    if code[0] == START:
        return (_first_word(tagged),)
    if code[0] == CLAUSE_START:
        openers = [
            position + 1
            for position, norm in enumerate(tagged.tokens.norms)
            if norm in _CLAUSE_OPENERS
        ]
        return (_first_word(tagged), *openers)
    return range(len(tagged.tokens))


def _first_word(tagged: Tagged) -> int:
    is_word = tagged.tokens.is_word
    for position in range(tagged.first, len(is_word)):
        if is_word[position]:
            return position
    return tagged.first


def _follow(  # noqa: C901, PLR0911, PLR0912, PLR0913, PLR0917 - a call costs more than a step
    code: tuple[int, ...],
    steps: list[Places | None],
    step: int,
    position: int,
    tagged: Tagged,
    parts: list[Part],
) -> bool:
    """Match `code[step:]` from a token on; on success `parts` holds the elements."""
    last = len(code)
    while step < last:
        places = steps[step]
        if places is not None:
            ends = places.get(position)
            if ends is None:
                return False
            if len(ends) > 1 and step + 1 < last:
                kept = len(parts)
                for end in ends:
                    parts.append((position, end))
                    if _follow(code, steps, step + 1, end, tagged, parts):
                        return True
                    del parts[kept:]
                return False
            parts.append((position, ends[0]))
            position = ends[0]
        elif code[step] <= WORDS:
            members = tagged.members
            if position >= len(members) or WORDS - code[step] not in members[position]:
                return False
            if position in tagged.hidden:
                return False
            parts.append((position, position + 1))
            position += 1
        elif code[step] <= GAP:
            return _follow_gap(code, steps, step, position, tagged, parts)
        elif code[step] == ANY_WORD:
            is_word = tagged.tokens.is_word
            if position >= len(is_word) or not is_word[position]:
                return False
            parts.append((position, position + 1))
            position += 1
        elif code[step] == END and any(tagged.tokens.is_word[position:]):
            return False
        step += 1
    return bool(parts)


def _follow_gap(  # noqa: PLR0913, PLR0917 - as `_follow`
    code: tuple[int, ...],
    steps: list[Places | None],
    step: int,
    position: int,
    tagged: Tagged,
    parts: list[Part],
) -> bool:
    clauses, is_word = tagged.clauses, tagged.tokens.is_word
    count = len(clauses)
    left = GAP - code[step]
    reach = position + left + _DETOUR
    # After "^^" the clause is the one that begins here, not the one before the colon.
    clause = clauses[position - 1] if parts else clauses[min(position, count - 1)]
    step += 1
    following: Container[int] | None = steps[step]
    if following is None and code[step] <= WORDS:
        following = tagged.places(code[step])
    kept = len(parts)
    for here in range(position, min(count, reach)):
        if clauses[here] != clause:
            continue
        if following is None or here in following:
            if _follow(code, steps, step, here, tagged, parts):
                return True
            del parts[kept:]
        if is_word[here]:
            left -= 1
            if left < 0:
                return False
    # Behind the last token nothing but an edge can stand.
    return (
        following is None
        and count < reach
        and _follow(code, steps, step, count, tagged, parts)
        and closing_clause(tagged.tokens) == clause
    )
