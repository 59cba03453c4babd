"""The terms of a score: a word, two or three side by side, or two with any word between them.

`^` and `$` are the edges of a sentence, `_` is any word, and `{therapy}` stands for the words that
name a therapy: "^ our", "your own", "your _ will", "{therapy} can help".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from medlint.checks.points import ANY_SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from medlint.matcher import Tagged

OPENS, CLOSES = "^", "$"
BRACE = "{"
_ANY_BETWEEN = " _ "
# A word, edge or name in braces, and the tokens that it stands for.
_Item: TypeAlias = tuple[str, int, int]


def terms_in(tagged: Tagged, named: Mapping[int, str]) -> set[str]:
    """Return the terms in a sentence.

    Args:
        tagged: the sentence; its lead-in is left out.
        named: what stands for a concept, by symbol: "{therapy}".
    """
    words = (OPENS, *tagged.tokens.norms[tagged.first :], CLOSES)
    found = set(words[1:-1])
    found.update(_joined(words))
    if named.keys() & tagged.tags.keys():
        said = [item[0] for item in _with_names(tagged, named)]
        found.update(term for term in _joined(said) if BRACE in term)
    return found


def names_in(terms: Iterable[str]) -> frozenset[str]:
    """Return the concepts that terms name in braces."""
    words = (word for term in terms if BRACE in term for word in term.split(" "))
    return frozenset(word[1:-1] for word in words if word.startswith(BRACE))


def by_word(terms: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return the points of terms by the first word of each, which a sentence has to hold."""
    found: dict[str, dict[str, int]] = {}
    for term, points in terms.items():
        items = (item for item in term.split(" ") if item not in {OPENS, CLOSES, "_"})
        word = next((item for item in items if not item.startswith(BRACE)), ANY_SENTENCE)
        found.setdefault(word, {})[term] = points
    return found


def _joined(words: Sequence[str]) -> Iterator[str]:
    following, further = words[1:], words[2:]
    yield from map(" ".join, zip(words, following, strict=False))
    yield from map(" ".join, zip(words, following, further, strict=False))
    yield from map(_ANY_BETWEEN.join, zip(words, further, strict=False))


def places_of_terms(tagged: Tagged, named: Mapping[int, str]) -> dict[str, tuple[int, int]]:
    """Return the terms in a sentence with where each stands first: start and end in tokens."""
    found: dict[str, tuple[int, int]] = {}
    for word, start, end in _with_names(tagged, {})[1:-1]:
        found.setdefault(word, (start, end))
    for known, is_told in (({}, bool), (named, _has_name)):
        items = _with_names(tagged, known)
        for number, (word, start, _) in enumerate(items):
            for term, end in _opened(word, items[number + 1 : number + 3]):
                if is_told(term):
                    found.setdefault(term, (start, end))
    return found


def _opened(word: str, following: Sequence[_Item]) -> Iterator[tuple[str, int]]:
    """Yield the terms of several words that one opens, with their ends."""
    if not following:
        return
    second, _, end = following[0]
    yield f"{word} {second}", end
    if len(following) > 1:
        third, _, end = following[1]
        yield f"{word} {second} {third}", end
        yield f"{word}{_ANY_BETWEEN}{third}", end


def _has_name(term: str) -> bool:
    return BRACE in term


def _with_names(tagged: Tagged, named: Mapping[int, str]) -> list[_Item]:
    """Return a sentence's words, with names in braces for the longest that concepts cover."""
    first, norms = tagged.first, tagged.tokens.norms
    parts = sorted(
        (
            (end - start, start, end, named[symbol])
            for symbol in named.keys() & tagged.tags.keys()
            for start, end in tagged.parts(symbol)
            if start >= first
        ),
        reverse=True,
    )
    named_at: dict[int, tuple[int, str]] = {}
    taken: set[int] = set()
    for _, start, end, name in parts:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            named_at[start] = end, name
    items = [(OPENS, first, first)]
    place = first
    while place < len(norms):
        end, said = named_at.get(place, (place + 1, norms[place]))
        items.append((said, place, end))
        place = end
    return [*items, (CLOSES, place, place)]
