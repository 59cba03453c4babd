"""Runs compiled patterns over a tagged sentence.

Patterns are looked up by their rarest symbol and the rarest after it, so a sentence pays only for
the rules whose words it holds. The loops here are where a run spends most of its time: they work
on plain dicts and tuples, and call as little as they can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from medlint.opcodes import ANY_WORD, CLAUSE_START, END, GAP, START, WORDS
from medlint.parsing.clauses import closing_clause
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from medlint.indexes import Elements, Pattern, PatternIndex, Word
    from medlint.parsing.tokens import Tokens


# Where a symbol starts, and the token indexes where it may end, the longest first.
Places: TypeAlias = dict[int, tuple[int, ...]]
# A matched element: (first token, end token).
Part: TypeAlias = tuple[int, int]
# A gap may step over a bracket or relative clause of at most this many tokens.
_DETOUR = 14
_NOWHERE: Places = {}
_UNBOUND: dict[str, Part] = {}
# Where a word stands that stands once: most do, and all that they give shares these.
_SINGLE: tuple[Places, ...] = tuple({position: (position + 1,)} for position in range(64))
_CLAUSE_OPENERS = frozenset(": —".split())


@dataclass(slots=True)
class Tagged:
    """A sentence as patterns see it; `tags` grows only while it is being tagged.

    `words_at` says where each spelling stands, in small letters and as written; `known` are those
    of which something is known, and `further` the symbols that no word gives by itself. `present`
    are all symbols, with those that look-alikes hid; `hidden` are the tokens inside look-alikes,
    which no longer count as words of a set. The tokens before `first` belong to the lead-in that a
    list item completes: "We treat:" and "knee pain"; `words` counts the others, without
    punctuation. `unmasked` are the tags as they were before look-alikes hid some, and `cues` those
    of guards, which see look-alikes as plain words; they are added when a match first asks for
    them. Places are shared: none is changed once it is there.
    """

    tokens: Tokens
    clauses: tuple[int, ...]
    tags: dict[int, Places]
    elements: Elements
    words_at: dict[str, Places]
    known: list[Word]
    further: set[int]
    present: set[int]
    hidden: frozenset[int] = frozenset()
    first: int = 0
    words: int = 0
    unmasked: dict[int, Places] = field(default_factory=dict)
    cues: dict[int, tuple[Part, ...]] | None = None
    # Where the elements of opcodes below GAP stand; each is looked up once.
    standing: dict[int, Places] = field(default_factory=dict)
    # What was found in it, by the name of the index.
    found: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    # What it comes to by itself, by the number of a score rule.
    points: dict[int, int] = field(default_factory=dict)

    def places(self, opcode: int) -> Places:
        """Return where a symbol, word set or group stands."""
        if opcode >= 0:
            return self.tags.get(opcode, _NOWHERE)
        known = self.standing.get(opcode)
        if known is None:
            known = self.standing[opcode] = self._looked_up(opcode)
        return known

    def _looked_up(self, opcode: int) -> Places:
        spellings, symbols = self.elements.parts(opcode)
        tags, hidden = self.tags, self.hidden
        found: list[Places] = []
        if not spellings.isdisjoint(self.words_at):
            found = [places for word, places in self.words_at.items() if word in spellings]
            if hidden and not all(map(hidden.isdisjoint, found)):
                found = [
                    {start: ends for start, ends in places.items() if start not in hidden}
                    for places in found
                ]
        if symbols:
            found += [tags[symbol] for symbol in symbols if symbol in tags]
        return merged(found) if found else _NOWHERE

    def cue_parts(self, symbol: int) -> tuple[Part, ...]:
        """Return where a guard's symbol stands, the longest at each place, in order."""
        return self.cues.get(symbol, ()) if self.cues else ()

    def has(self, symbol: int) -> bool:
        """Tell whether the sentence holds a symbol."""
        return symbol in self.tags

    def parts(self, symbol: int) -> tuple[Part, ...]:
        """Return where a symbol stands, the longest at each place, in order."""
        return parts_of(self.tags.get(symbol, _NOWHERE))


def parts_of(places: Places) -> tuple[Part, ...]:
    """Return the longest part at each place, in order."""
    parts = [(start, ends[0]) for start, ends in places.items()]
    return tuple(sorted(parts) if len(parts) > 1 else parts)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern's match: the pattern and its matched elements in order."""

    pattern: Pattern
    parts: tuple[Part, ...]

    @property
    def owner(self) -> Any:
        """What the pattern belongs to; each index has owners of its own kind."""
        return self.pattern[4]

    @property
    def bound(self) -> dict[str, Part]:
        """The matched element of each name that the pattern binds."""
        names = self.pattern[3]
        return {name: self.parts[ordinal] for name, ordinal in names} if names else _UNBOUND

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


def single(position: int) -> Places:
    """Return the places of what stands at one token only."""
    return _SINGLE[position] if position < len(_SINGLE) else {position: (position + 1,)}


def merged(several: list[Places]) -> Places:
    """Return where any of several things stands."""
    if len(several) <= 1:
        return several[0] if several else _NOWHERE
    found = several[0].copy()
    for places in several[1:]:
        if found.keys().isdisjoint(places):
            found |= places
            continue
        for start, ends in places.items():
            known = found.get(start)
            if known is None:
                found[start] = ends
            elif known != ends:
                found[start] = tuple(sorted({*known, *ends}, reverse=True))
    return found


def find(index: PatternIndex, tagged: Tagged) -> Iterator[Match]:
    """Yield the matches of all patterns, at most one for each pattern and start."""
    opening = _first_word(tagged)
    for pattern in _possible(index, tagged):
        code = pattern[2]
        first = code[0]
        if first == START:
            # Half of all patterns begin so, and most of them fail at their first element.
            second = code[1]
            if second >= 0 and opening not in tagged.tags.get(second, _NOWHERE):
                continue
            starts: Iterable[int] = (opening,)
        elif first >= 0 or first <= WORDS:
            places = tagged.places(first)
            if len(code) == 1:
                for part in parts_of(places):
                    yield Match(pattern, (part,))
                continue
            if not places or _breaks_off(places, code[1], tagged.tags):
                continue
            starts = sorted(places) if len(places) > 1 else places
        else:
            starts = _starts(first, tagged)
        for start in starts:
            parts: list[Part] = []
            if _follow(code, 0, start, tagged, parts):
                yield Match(pattern, tuple(parts))


def _breaks_off(places: Places, second: int, tags: dict[int, Places]) -> bool:
    """Tell at a glance that a pattern's second element does not follow its first."""
    if second < 0:
        return False
    following = tags.get(second)
    if following is None:
        return True
    if len(places) > 1:
        return False
    ((_, ends),) = places.items()
    return len(ends) == 1 and ends[0] not in following


def _possible(index: PatternIndex, tagged: Tagged) -> Iterable[Pattern]:
    """Return the patterns that the sentence may hold, in order, each once."""
    present, by_word = tagged.present, index.by_word
    holds = present.issuperset
    possible: dict[int, Pattern] = {}
    looked_up = [by_word.get(word.spelling) or index.of_word(word) for word in tagged.known]
    looked_up += map(index.of_symbol, index.by_symbol.keys() & tagged.further)
    for alone, pairs in looked_up:
        # What is looked up by one symbol needs no other.
        for pattern in alone:
            possible[pattern[0]] = pattern
        if not pairs:
            continue
        for second in pairs.keys() & present:
            for pattern in pairs[second]:
                if holds(pattern[1]):
                    possible[pattern[0]] = pattern
    return map(possible.__getitem__, sorted(possible)) if len(possible) > 1 else possible.values()


def _starts(edge: int, tagged: Tagged) -> Iterable[int]:
    """Return where a pattern may begin that begins with an edge, a gap or any word."""
    if edge == START:
        return (_first_word(tagged),)
    if edge == CLAUSE_START:
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


def _follow(  # noqa: C901, PLR0911, PLR0912 - a call costs more than a step
    code: tuple[int, ...], step: int, position: int, tagged: Tagged, parts: list[Part]
) -> bool:
    """Match `code[step:]` from a token on; on success `parts` holds the elements.

    Elements are looked up as they are reached: most patterns fail at their second one.
    """
    tags, standing = tagged.tags, tagged.standing
    last = len(code)
    while step < last:
        opcode = code[step]
        if opcode >= 0:
            places = tags.get(opcode)
        elif opcode <= WORDS:
            places = standing.get(opcode)
            if places is None:
                places = tagged.places(opcode)
        elif opcode <= GAP:
            return _follow_gap(code, step, position, tagged, parts)
        else:
            if opcode == ANY_WORD:
                is_word = tagged.tokens.is_word
                if position >= len(is_word) or not is_word[position]:
                    return False
                parts.append((position, position + 1))
                position += 1
            elif opcode == END and any(tagged.tokens.is_word[position:]):
                return False
            step += 1
            continue
        ends = places.get(position) if places else None
        if ends is None:
            return False
        step += 1
        if len(ends) > 1 and step < last:
            kept = len(parts)
            for end in ends:
                parts.append((position, end))
                if _follow(code, step, end, tagged, parts):
                    return True
                del parts[kept:]
            return False
        parts.append((position, ends[0]))
        position = ends[0]
    return bool(parts)


def _follow_gap(
    code: tuple[int, ...], step: int, position: int, tagged: Tagged, parts: list[Part]
) -> bool:
    following: Container[int] | None = None
    left = GAP - code[step]
    step += 1
    opcode = code[step]
    if opcode >= 0 or opcode <= WORDS:
        following = tagged.places(opcode)
        if not following:
            return False
    clauses, is_word = tagged.clauses, tagged.tokens.is_word
    count = len(clauses)
    reach = position + left + _DETOUR
    # After "^^" the clause is the one that begins here, not the one before the colon.
    clause = clauses[position - 1] if parts else clauses[min(position, count - 1)]
    kept = len(parts)
    for here in range(position, min(count, reach)):
        if clauses[here] != clause:
            continue
        if following is None or here in following:
            if _follow(code, step, here, tagged, parts):
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
        and _follow(code, step, count, tagged, parts)
        and closing_clause(tagged.tokens) == clause
    )
