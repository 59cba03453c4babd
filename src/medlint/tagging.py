"""Tags a sentence, once, with the symbols of its words and phrases."""

from __future__ import annotations

import marshal
from collections import OrderedDict
from typing import TYPE_CHECKING

from medlint.indexes import Word
from medlint.matcher import Tagged, find, merged, parts_of, single
from medlint.opcodes import CARRIED, NUMBER, WORD_KEY
from medlint.parsing.clauses import clause_ids
from medlint.parsing.tokens import COMMON_IN_CAPITALS, Tokens, tokenize
from medlint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.indexes import Elements, PatternIndex
    from medlint.matcher import Part, Places

_CARRIERS = frozenset("it they this these them its their he she".split())
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty"
    " fifty hundred hundreds thousand thousands million millions dozen dozens several few".split()
)


_UNKNOWN = Word("", (), (), {}, ())
# How many sentences a tagger remembers, and of how many code points at most: some 10 MB where
# every one makes a claim.
_MOST_KEPT = 120
_LONGEST_KEPT = 600


class _Lately(OrderedDict[tuple[str, bool, str], Tagged]):
    """The sentences tagged last, by text, carried and lead-in."""

    most = _MOST_KEPT


@dataclass(frozen=True, slots=True)
class Tagger:
    """What turns tokens into symbols.

    `words` holds what is known of spellings that begin alike, packed twice: by spelling, and each
    as its symbols, word sets and runs; a draft uses few of them, and only those are unpacked.
    `elements` are what opcodes of word sets and groups stand for; `levels` are composite terms
    in the order they build on each other, whose owners are the symbols that they give; `hiding`
    are the symbols of look-alikes; `outweighing` are symbols with those that do not count inside
    their terms; the keys of `names` are the spellings with capitals that terms
    consist of;
    `number` and `carried` what numbers and pronouns give.
    """

    words: dict[str, bytes]
    elements: Elements
    levels: tuple[PatternIndex, ...]
    hiding: tuple[int, ...]
    outweighing: tuple[tuple[int, dict[int, None]], ...]
    names: dict[str, None]
    number: tuple[int, ...] = (NUMBER,)
    carried: tuple[int, ...] = (CARRIED,)
    _unpacked: dict[str, Word] = field(default_factory=dict, init=False, compare=False, repr=False)
    # By their first letters: the words of a draft, each still packed.
    _opened: dict[str, dict[str, bytes]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _tagged: _Lately = field(default_factory=_Lately, init=False, compare=False, repr=False)

    def remember(self, most: int) -> None:
        """Remember so many sentences from now on: a face whose drafts come again has use of it."""
        self._tagged.most = most

    def tagged(self, text: str, *, carried: bool = False, lead_in: str = "") -> Tagged:
        """Return a sentence with its tags, as `tag` does; one seen lately is not tagged again.

        Archives repeat themselves, and of a draft that is being written a sentence changes.
        """
        key = (text, carried, lead_in)
        known = self._tagged.get(key)
        if known is None:
            known = tag(self, text, carried=carried, lead_in=lead_in)
            if len(text) <= _LONGEST_KEPT:
                self._tagged[key] = known
                if len(self._tagged) > self._tagged.most:
                    self._tagged.popitem(last=False)
        else:
            # What comes again and again, such as a footer, stays.
            self._tagged.move_to_end(key)
        return known

    def known(self, spellings: tuple[str, ...]) -> list[Word]:
        """Return what is known of each of some spellings."""
        unpacked = self._unpacked
        return [unpacked.get(spelling) or self._unpack(spelling) for spelling in spellings]

    def _unpack(self, spelling: str) -> Word:
        key = spelling[:WORD_KEY]
        alike = self._opened.get(key)
        if alike is None:
            if key not in self.words:
                return _UNKNOWN
            alike = self._opened[key] = marshal.loads(self.words[key])  # noqa: S302 - our own data
        packed = alike.get(spelling)
        if packed is None:
            return _UNKNOWN
        known = marshal.loads(packed)  # noqa: S302 - our own plain data
        word = self._unpacked[spelling] = Word(spelling, *known)
        return word


def tag(tagger: Tagger, text: str, *, carried: bool = False, lead_in: str = "") -> Tagged:
    """Tokenise a sentence and tag it.

    `carried` says that a pronoun may stand for the therapy of the sentence before; `lead_in` is
    the sentence that a list item completes, whose tokens come first.
    """
    tokens, first = read(text, lead_in)
    words = tagger.known(tokens.norms)
    words_at: dict[str, Places] = {}
    tags: dict[int, Places] = {}
    known = _tag_words(tokens, words, words_at, tags)
    further: set[int] = set()
    _tag_runs(tokens.norms, words, tags, further)
    _tag_names(tagger, tokens, tags, further)
    _tag_numbers(tagger, words_at, tags, further, carried=carried)
    known += _add_surfaces(tagger, tokens, words_at, tags)
    tagged = Tagged(
        tokens,
        clause_ids(tokens),
        tags,
        tagger.elements,
        words_at,
        known,
        further,
        set(tags),
        first=first,
        words=sum(tokens.is_word[first:]),
        unmasked=tags,
    )
    for index in tagger.levels:
        if not index.by_symbol.keys().isdisjoint(tagged.present):
            _tag_composites(index, tagged)
    _hide(tagger, tagged)
    return tagged


def read(text: str, lead_in: str = "") -> tuple[Tokens, int]:
    """Return a sentence's tokens, and how many before them are its lead-in's."""
    tokens = tokenize(text)
    if not lead_in:
        return tokens, 0
    lead = tokenize(lead_in.rstrip(": "))
    return _joined(lead, tokens), len(lead)


def _tag_composites(index: PatternIndex, tagged: Tagged) -> None:
    """Add what composite terms of one level give."""
    # Collected first: a level's patterns must not see each other's tags half-made.
    found = list(find(index, tagged))
    if found:
        tagged.standing.clear()
    for match in found:
        _add(tagged.tags, match.owner, match.start, match.end)
        tagged.further.update(match.owner)
        tagged.present.update(match.owner)


def _joined(lead: Tokens, tokens: Tokens) -> Tokens:
    """Put a lead-in's tokens before an item's; they have no place of their own in its text."""
    nowhere = (0,) * len(lead)
    return Tokens(
        lead.norms + tokens.norms,
        lead.surfaces + tokens.surfaces,
        nowhere + tokens.starts,
        nowhere + tokens.ends,
        lead.is_word + tokens.is_word,
    )


def _tag_words(
    tokens: Tokens, words: list[Word], words_at: dict[str, Places], tags: dict[int, Places]
) -> list[Word]:
    """Add where each word stands and what it gives by itself; return those that are known."""
    distinct: dict[str, Word] = {}
    for position, (norm, word) in enumerate(zip(tokens.norms, words, strict=True)):
        if norm in words_at:
            words_at[norm] = words_at[norm] | single(position)
            continue
        words_at[norm] = single(position)
        if word.spelling:
            distinct[norm] = word
    for norm, word in distinct.items():
        if word.given:
            _give(tags, word.given, words_at[norm])
    return list(distinct.values())


def _add_surfaces(
    tagger: Tagger, tokens: Tokens, words_at: dict[str, Places], tags: dict[int, Places]
) -> list[Word]:
    """Add where words with capitals stand, and what they give; return those that are known."""
    found: dict[str, Places] = {}
    for position, (norm, surface) in enumerate(zip(tokens.norms, tokens.surfaces, strict=True)):
        if surface != norm:
            found[surface] = found.get(surface, {}) | single(position)
    for surface, places in found.items():
        words_at[surface] = merged([words_at[surface], places]) if surface in words_at else places
    known = [word for word in tagger.known(tuple(found)) if word.spelling]
    for word in known:
        if word.cased:
            _give(tags, word.cased, words_at[word.spelling])
    return known


def _give(tags: dict[int, Places], symbols: Iterable[int], places: Places) -> None:
    """Add symbols that stand at the same places."""
    fresh = dict.fromkeys(symbols, places)
    # Symbols of the same words share their places, so few of these differ.
    joined: dict[int, Places] = {}
    for symbol in tags.keys() & fresh.keys():
        others = tags[symbol]
        both = joined.get(id(others))
        if both is None:
            both = joined[id(others)] = merged([others, places])
        fresh[symbol] = both
    tags.update(fresh)


def _tag_runs(
    spellings: tuple[str, ...], words: list[Word], tags: dict[int, Places], further: set[int]
) -> None:
    """Add what runs of words give, from each word on."""
    count = len(spellings)
    for start, word in enumerate(words):
        runs = word.runs
        end = start + 1
        if not runs or end >= count:
            continue
        rest = spellings[end]
        while True:
            known = runs.get(rest)
            if known is None:
                break
            end += 1
            if known:
                _add(tags, word.lists[known], start, end)
                further.update(word.lists[known])
            if end >= count:
                break
            rest = f"{rest} {spellings[end]}"


def _tag_names(tagger: Tagger, tokens: Tokens, tags: dict[int, Places], further: set[int]) -> None:
    """Add what names in capitals give, and the runs of words that hold one.

    In a line all in capitals a word that is also a name ("AIDS DIGESTION") is the word.
    """
    norms, surfaces = tokens.norms, tokens.surfaces
    if tagger.names.keys().isdisjoint(surfaces):
        return
    shouting = all(surface == surface.upper() for surface in surfaces)
    names = tuple(
        surface if _is_name(surface) and not (shouting and norm in COMMON_IN_CAPITALS) else norm
        for surface, norm in zip(surfaces, norms, strict=True)
    )
    words = tagger.known(names)
    for position, (name, norm, word) in enumerate(zip(names, norms, words, strict=True)):
        if name != norm:
            _add(tags, word.given, position, position + 1)
            further.update(word.given)
    _tag_runs(names, words, tags, further)


def _is_name(surface: str) -> bool:
    return (len(surface) > 1 and surface[:2].isupper()) or surface[1:2] == "."


def _tag_numbers(
    tagger: Tagger,
    words_at: dict[str, Places],
    tags: dict[int, Places],
    further: set[int],
    *,
    carried: bool,
) -> None:
    for norm, places in words_at.items():
        if norm[0].isdigit() or norm in _NUMBER_WORDS:
            given = tagger.number
        elif carried and norm in _CARRIERS:
            given = tagger.carried
        else:
            continue
        _give(tags, given, places)
        further.update(given)


def _add(tags: dict[int, Places], symbols: tuple[int, ...], start: int, end: int) -> None:
    """Add symbols that stand at one place; places are shared, so they are made anew."""
    place: Places = {start: (end,)}
    for symbol in symbols:
        places = tags.get(symbol)
        if places is None:
            tags[symbol] = place
            continue
        ends = places.get(start)
        if ends is None:
            tags[symbol] = places | place
        elif end not in ends:
            tags[symbol] = places | {start: tuple(sorted((*ends, end), reverse=True))}


def _hide(tagger: Tagger, tagged: Tagged) -> None:
    """Take away what starts or ends inside a look-alike without covering all of it.

    The tokens inside look-alikes of several words no longer count as words of a set either. And in
    "hearing loss" the complaint takes away the good thing.
    """
    tags = tagged.tags
    masks = _stretches(tags, tagger.hiding)
    if masks:
        tagged.tags = _without(masks, tags, tags.keys() - tagger.hiding)
        tagged.hidden = frozenset(
            position for start, end in masks for position in range(start, end) if end - start > 1
        )
    for wide, inner in tagger.outweighing:
        masks = [(start, end) for start, end in _stretches(tags, (wide,)) if end - start > 1]
        if masks:
            tagged.tags = _without(masks, tagged.tags, tagged.tags.keys() & inner.keys())
    if tagged.tags is not tags:
        # What was looked up for composite terms may have changed.
        tagged.standing.clear()


def _without(masks: list[Part], tags: dict[int, Places], symbols: set[int]) -> dict[int, Places]:
    """Return tags without what masks hide of some symbols."""
    left = tags.copy()
    # Symbols of the same words share their places.
    unhidden: dict[int, Places] = {}
    for symbol in symbols:
        places = tags[symbol]
        kept = unhidden.get(id(places))
        if kept is None:
            kept = unhidden[id(places)] = _unhidden(masks, places)
        if kept:
            left[symbol] = kept
        else:
            del left[symbol]
    return left


def _stretches(tags: dict[int, Places], symbols: tuple[int, ...]) -> list[Part]:
    """Return where symbols stand, the longest at each place."""
    return [
        (start, ends[0])
        for symbol in symbols
        if symbol in tags
        for start, ends in tags[symbol].items()
    ]


def _unhidden(masks: list[Part], places: Places) -> Places:
    kept: Places = {}
    for start, ends in places.items():
        left = tuple(end for end in ends if not _masked(masks, start, end))
        if left:
            kept[start] = left
    return kept


def _masked(masks: list[Part], start: int, end: int) -> bool:
    for mask_start, mask_end in masks:
        if start < mask_end and mask_start < end and (start > mask_start or mask_end > end):
            return True
    return False


def tag_cues(index: PatternIndex, symbols: frozenset[int], tagged: Tagged) -> None:
    """Add the cues of all guards, which give `symbols`, to a tagged sentence, once.

    Most are words, which are tagged already; the owners of the other ones are symbols too.
    """
    if tagged.cues is not None:
        return
    plain = tagged
    if tagged.tags is not tagged.unmasked:
        plain = replace(tagged, tags=tagged.unmasked, hidden=frozenset(), standing={}, found={})
    cues = {symbol: tagged.unmasked[symbol] for symbol in tagged.unmasked.keys() & symbols}
    for match in find(index, plain):
        _add(cues, match.owner, match.start, match.end)
    tagged.cues = {symbol: parts_of(places) for symbol, places in cues.items()}
