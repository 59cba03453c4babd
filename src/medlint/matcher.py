"""Runs compiled patterns over the tokens of a sentence.

Each sentence is tagged once with the symbols of its words and phrases; patterns are looked up by
their rarest symbol, so a sentence pays only for the rules whose words it holds.
"""

from __future__ import annotations

import marshal
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from medlint.opcodes import ANY_WORD, CARRIED, CLAUSE_START, END, GAP, GROUP, NUMBER, START, WORDS
from medlint.parsing.clauses import clause_ids
from medlint.parsing.tokens import COMMON_IN_CAPITALS, Tokens, tokenize
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


# Where a symbol starts, and the token indexes where it may end, the longest first.
Places: TypeAlias = dict[int, tuple[int, ...]]
# A matched element: (first token, end token).
Part: TypeAlias = tuple[int, int]

_CARRIERS = frozenset("it they this these them its their he she".split())
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty"
    " fifty hundred hundreds thousand thousands million millions dozen dozens several few".split()
)
# A gap may step over a bracket or relative clause of at most this many tokens.
_DETOUR = 14
_NOWHERE: Places = {}
_NO_TAGS: dict[int, Places] = {}
_CLAUSE_OPENERS = frozenset(": —".split())


@dataclass(frozen=True, slots=True)
class PatternIndex:
    """Patterns looked up by their rarest symbol.

    `by_symbol` maps a symbol to pattern numbers; the others are parallel: `required` are the
    symbols and `sets` the word sets without which a pattern cannot match.
    """

    by_symbol: dict[int, tuple[int, ...]]
    codes: tuple[tuple[int, ...], ...]
    required: tuple[tuple[int, ...], ...]
    sets: tuple[tuple[int, ...], ...]
    binds: tuple[tuple[tuple[str, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a spelling.

    `given` are the symbols it gives, `sets` the word sets it belongs to. `runs` maps what may
    follow it, joined by blanks, to a place in the tagger's `given`; a beginning that is no run
    itself has -1.
    """

    given: tuple[int, ...] = ()
    sets: frozenset[int] = frozenset()
    runs: Mapping[str, int] = field(default_factory=dict)


_UNKNOWN = Word()


@dataclass(frozen=True, slots=True)
class Tagger:
    """What turns tokens into symbols.

    `words` holds what is known of each spelling, packed: a place in `given` (or -1), word sets and
    runs; a draft uses few of them, and only those are unpacked. `given` are lists of symbols;
    `groups` are what opcodes of groups name (word set or -1, symbols); `levels` are composite terms
    in the order they build on each other, each with the symbols that its patterns give; `hiding`
    are the symbols of look-alikes; `number` and `carried` what numbers and pronouns give.
    """

    words: dict[str, bytes]
    given: tuple[tuple[int, ...], ...]
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    levels: tuple[tuple[PatternIndex, tuple[tuple[int, ...], ...]], ...]
    hiding: tuple[int, ...]
    number: tuple[int, ...] = (NUMBER,)
    carried: tuple[int, ...] = (CARRIED,)
    _unpacked: dict[str, Word] = field(default_factory=dict, init=False, compare=False, repr=False)

    def word(self, spelling: str) -> Word:
        """Return what is known of a spelling."""
        known = self._unpacked.get(spelling)
        if known is None:
            packed = self.words.get(spelling)
            if packed is None:
                return _UNKNOWN
            known = self._unpacked[spelling] = self._unpack(packed)
        return known

    def _unpack(self, packed: bytes) -> Word:
        given, sets, runs = marshal.loads(packed)  # noqa: S302 - our own plain data
        return Word(self.given[given] if given >= 0 else (), frozenset(sets), runs)


@dataclass(slots=True)
class Tagged:
    """A sentence as patterns see it; `tags` grows only while it is being tagged.

    `tagger` holds the groups that opcodes name. `members` are the word sets that each token belongs
    to, and `sets` those of all; `hidden` are the tokens inside look-alikes, which no longer count
    as words of a set. The tokens before `first` belong to the
    lead-in that a list item completes: "We treat:" and "knee pain". `cues` are the tags of
    guards, which see look-alikes as plain words; they are added when a match first asks for them.
    """

    tokens: Tokens
    clauses: tuple[int, ...]
    tags: dict[int, Places]
    tagger: Tagger
    members: tuple[frozenset[int], ...]
    sets: frozenset[int]
    hidden: frozenset[int] = frozenset()
    first: int = 0
    unmasked: dict[int, Places] = field(default_factory=dict)
    cues: dict[int, Places] | None = None
    # Where the elements of opcodes below GAP stand; each is looked up once.
    standing: dict[int, Places] = field(default_factory=dict)

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
        return {
            position: (position + 1,)
            for position, sets in enumerate(self.members)
            if number in sets and position not in self.hidden
        }

    def _members(self, number: int) -> Places:
        words, symbols = self.tagger.groups[number]
        found: Places = dict(self.places(WORDS - words)) if words >= 0 else {}
        for symbol in symbols:
            for start, ends in self.tags.get(symbol, _NOWHERE).items():
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
    """A pattern's match: its number and its matched elements in order."""

    pattern: int
    parts: tuple[Part, ...]

    @property
    def start(self) -> int:
        """The first matched token."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The token after the last matched one."""
        return self.parts[-1][1]


def tag(  # noqa: PLR0913 - a stretch of text and what stands before it
    tagger: Tagger,
    text: str,
    start: int,
    end: int,
    *,
    carried: bool = False,
    lead_in: str = "",
) -> Tagged:
    """Tokenise `text[start:end]` and tag it.

    `carried` says that a pronoun may stand for the therapy of the sentence before; `lead_in` is
    the sentence that a list item completes, whose tokens come first.
    """
    tokens = tokenize(text, start, end)
    first = 0
    if lead_in:
        lead = tokenize(lead_in.rstrip(": "))
        first = len(lead)
        tokens = _joined(lead, tokens, start)
    tags: dict[int, Places] = {}
    _tag_words(tagger, tokens, tags, carried=carried)
    members = tuple(map(partial(_memberships, tagger), tokens.norms, tokens.surfaces))
    tagged = Tagged(
        tokens,
        clause_ids(tokens),
        tags,
        tagger,
        members,
        frozenset().union(*members),
        first=first,
    )
    for index, gives in tagger.levels:
        # Collected first: a level's patterns must not see each other's tags half-made.
        tagged.standing.clear()
        for match in tuple(find(index, tagged)):
            _add(tags, gives[match.pattern], match.start, match.end)
    tagged.unmasked = dict(tags)
    tagged.hidden = _hide(tagger.hiding, tags)
    # What was looked up for the levels may have changed with them.
    tagged.standing.clear()
    return tagged


def _joined(lead: Tokens, tokens: Tokens, start: int) -> Tokens:
    """Put a lead-in's tokens before an item's; they have no place of their own in its text."""
    nowhere = (start,) * len(lead)
    return Tokens(
        lead.norms + tokens.norms,
        lead.surfaces + tokens.surfaces,
        nowhere + tokens.starts,
        nowhere + tokens.ends,
        lead.is_word + tokens.is_word,
    )


def _memberships(tagger: Tagger, norm: str, surface: str) -> frozenset[int]:
    """Return the word sets that a token belongs to, in small letters or as it stands."""
    sets = tagger.word(norm).sets
    return sets if surface == norm else sets | tagger.word(surface).sets


def _tag_words(tagger: Tagger, tokens: Tokens, tags: dict[int, Places], *, carried: bool) -> None:
    given = tagger.given
    shouting = all(surface == surface.upper() for surface in tokens.surfaces)
    norms = tokens.norms
    names = _names(tokens, shouting=shouting)
    for position, norm in enumerate(norms):
        name = names[position]
        word = tagger.word(norm)
        _add(tags, word.given, position, position + 1)
        for end, known in _runs(word.runs, norms, position):
            _add(tags, given[known], position, end)
        if names is not norms:
            word = tagger.word(name)
            if name != norm:
                _add(tags, word.given, position, position + 1)
            for end, known in _runs(word.runs, names, position):
                _add(tags, given[known], position, end)
        if norm[0].isdigit() or norm in _NUMBER_WORDS:
            _add(tags, tagger.number, position, position + 1)
        elif carried and norm in _CARRIERS:
            _add(tags, tagger.carried, position, position + 1)


def _names(tokens: Tokens, *, shouting: bool) -> tuple[str, ...]:
    """Return the spellings with names in capitals as they stand; the norms where there are none.

    In a line all in capitals a word that is also a name ("AIDS DIGESTION") is the word.
    """
    if not any(map(_is_name, tokens.surfaces)):
        return tokens.norms
    return tuple(
        surface if _is_name(surface) and not (shouting and norm in COMMON_IN_CAPITALS) else norm
        for surface, norm in zip(tokens.surfaces, tokens.norms, strict=True)
    )


def _is_name(surface: str) -> bool:
    return surface[:2].isupper() or surface[1:2] == "."


def _runs(
    runs: Mapping[str, int], spellings: tuple[str, ...], start: int
) -> Iterator[tuple[int, int]]:
    """Yield (end token, number) for each known run of words from `start` on."""
    if not runs:
        return
    rest = ""
    for position in range(start + 1, len(spellings)):
        rest = f"{rest} {spellings[position]}" if rest else spellings[position]
        known = runs.get(rest)
        if known is None:
            return
        if known >= 0:
            yield position + 1, known


def _add(tags: dict[int, Places], symbols: tuple[int, ...], start: int, end: int) -> None:
    for symbol in symbols:
        places = tags.get(symbol)
        if places is None:
            tags[symbol] = {start: (end,)}
            continue
        ends = places.get(start)
        if ends is None:
            places[start] = (end,)
        elif end not in ends:
            places[start] = tuple(sorted((*ends, end), reverse=True))


def _hide(hiding: tuple[int, ...], tags: dict[int, Places]) -> frozenset[int]:
    """Take away what starts or ends inside a look-alike without covering all of it.

    Returns:
        The tokens inside look-alikes of several words.
    """
    masks = [
        (start, ends[0])
        for symbol in hiding
        if symbol in tags
        for start, ends in tags[symbol].items()
    ]
    if not masks:
        return frozenset()
    for symbol in [symbol for symbol in tags if symbol not in hiding]:
        kept: Places = {}
        for start, ends in tags[symbol].items():
            left = tuple(end for end in ends if not _masked(masks, start, end))
            if left:
                kept[start] = left
        if kept:
            tags[symbol] = kept
        else:
            del tags[symbol]
    return frozenset(
        position for start, end in masks if end - start > 1 for position in range(start, end)
    )


def _masked(masks: list[Part], start: int, end: int) -> bool:
    return any(
        start < mask_end and mask_start < end and not (start <= mask_start and mask_end <= end)
        for mask_start, mask_end in masks
    )


def tag_cues(index: PatternIndex, gives: tuple[tuple[int, ...], ...], tagged: Tagged) -> None:
    """Add the cues of all guards to a tagged sentence, once."""
    if tagged.cues is not None:
        return
    plain = replace(tagged, tags=tagged.unmasked, hidden=frozenset(), standing={})
    cues: dict[int, Places] = {}
    for match in find(index, plain):
        _add(cues, gives[match.pattern], match.start, match.end)
    tagged.cues = cues


def find(index: PatternIndex, tagged: Tagged) -> Iterator[Match]:
    """Yield the matches of all patterns, at most one for each pattern and start."""
    symbols, words = frozenset(tagged.tags), tagged.sets
    by_symbol, required, sets = index.by_symbol, index.required, index.sets
    numbers = {number for symbol in symbols & by_symbol.keys() for number in by_symbol[symbol]}
    for number in sorted(numbers):
        if symbols.issuperset(required[number]) and words.issuperset(sets[number]):
            yield from _matches(number, index.codes[number], tagged)


def _matches(number: int, code: tuple[int, ...], tagged: Tagged) -> Iterator[Match]:
    for opcode in code:
        if opcode <= GROUP and not tagged.places(opcode):
            return
    for start in _starts(code, tagged):
        parts: list[Part] = []
        if _follow(code, 0, start, tagged, parts):
            yield Match(number, tuple(parts))


def _starts(code: tuple[int, ...], tagged: Tagged) -> Iterable[int]:
    first = code[0]
    if first >= 0 or first <= WORDS:
        return tagged.places(first)
    if first == START:
        return (_first_word(tagged),)
    if first == CLAUSE_START:
        openers = [
            position + 1
            for position, norm in enumerate(tagged.tokens.norms)
            if norm in _CLAUSE_OPENERS
        ]
        return (_first_word(tagged), *openers)
    return range(len(tagged.tokens))


def _first_word(tagged: Tagged) -> int:
    for position in range(tagged.first, len(tagged.tokens)):
        if tagged.tokens.is_word[position]:
            return position
    return tagged.first


def _follow(
    code: tuple[int, ...], step: int, position: int, tagged: Tagged, parts: list[Part]
) -> bool:
    """Match `code[step:]` from a token on; on success `parts` holds the elements."""
    count = len(tagged.tokens.norms)
    while step < len(code):
        opcode = code[step]
        if opcode >= 0 or opcode <= WORDS:
            ends = tagged.places(opcode).get(position)
            if ends is None:
                return False
            if len(ends) > 1 and step + 1 < len(code):
                return _follow_any(code, step, position, ends, tagged, parts)
            parts.append((position, ends[0]))
            position = ends[0]
        elif opcode <= GAP:
            return _follow_gap(code, step, position, tagged, parts)
        elif opcode == ANY_WORD:
            if position >= count or not tagged.tokens.is_word[position]:
                return False
            parts.append((position, position + 1))
            position += 1
        elif opcode == END and any(tagged.tokens.is_word[position:]):
            return False
        step += 1
    return bool(parts)


def _follow_any(  # noqa: PLR0913, PLR0917 - the state of `_follow`, and the ends to try
    code: tuple[int, ...],
    step: int,
    position: int,
    ends: tuple[int, ...],
    tagged: Tagged,
    parts: list[Part],
) -> bool:
    kept = len(parts)
    for end in ends:
        parts.append((position, end))
        if _follow(code, step + 1, end, tagged, parts):
            return True
        del parts[kept:]
    return False


def _follow_gap(
    code: tuple[int, ...], step: int, position: int, tagged: Tagged, parts: list[Part]
) -> bool:
    clauses, is_word = tagged.clauses, tagged.tokens.is_word
    left = GAP - code[step]
    # After "^^" the clause is the one that begins here, not the one before the colon.
    clause = clauses[position - 1] if parts else clauses[min(position, len(clauses) - 1)]
    following = code[step + 1]
    candidates = tagged.places(following) if following >= 0 or following <= WORDS else None
    kept = len(parts)
    for here in range(position, min(len(clauses), position + left + _DETOUR)):
        if clauses[here] != clause:
            continue
        if candidates is None or here in candidates:
            if _follow(code, step + 1, here, tagged, parts):
                return True
            del parts[kept:]
        if is_word[here]:
            left -= 1
            if left < 0:
                return False
    return False
