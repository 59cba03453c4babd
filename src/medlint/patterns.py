"""The phrase language: from text that a compliance officer can read to plain sequences.

A *phrase* is parsed and multiplied out into *sequences* of elements without alternatives; groups
of plain words stay one element. Sequences know nothing of symbols or tokens: `compiler` gives
them numbers, `matcher` runs them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from medlint.inflection import inflections
from medlint.limits import LONGEST_PHRASE
from medlint.parsing.tokens import is_capitalised_name, tokenize
from medlint.records import dataclass
from medlint.spelling import spelling_variants

MAX_SEQUENCES = 512
LONG_GAP = 6
SHORT_GAP = 2
_MAX_DEPTH = 20


class PhraseError(ValueError):
    """A phrase is not of the phrase language; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Words:
    """One token, by any of its spellings; those in capitals match capitals only."""

    spellings: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConceptRef:
    """Any term of a concept; `form` narrows an action, `bind` names the matched text."""

    name: str
    form: str = ""
    bind: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Any of several sequences of words and concepts."""

    options: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `words` words, within the clause."""

    words: int


@dataclass(frozen=True, slots=True)
class AnyWord:
    """Exactly one word."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The start ("^") or end ("$") of the sentence; "^^" also after a colon or dash."""

    sign: str


Element: TypeAlias = Words | ConceptRef | Group | Gap | AnyWord | Edge
Sequence: TypeAlias = tuple[Element, ...]

_LEXEME = re.compile(
    r"\\(?P<escaped>.)"
    r"|(?P<gap>(?<![^\s(\[|])\.{2,3}(?![^\s)\]|]))"
    r"|(?P<brace>\{[^{}]*\})"
    r"|(?P<sign>\^\^|[()\[\]|^~$])"
    r"|(?P<space>\s+)"
    r"|(?P<text>(?:(?!(?<![^\s(\[|])\.{2,3}(?![^\s)\]|]))[^()\[\]|^~${}\\\s])+)"
    r"|(?P<stray>.)"
)
_REFERENCE = re.compile(
    r"\{(?:(?P<bind>[a-z][a-z0-9_]*):)?(?P<name>[a-z][a-z0-9-]*)(?:\.(?P<form>[a-z]+))?\}"
)
_CLOSERS = {"(": ")", "[": "]"}
_EDGES = frozenset(("^", "^^", "$"))


# A ruleset's phrases are checked first and compiled afterwards.
@lru_cache(maxsize=65_536)
def parse_phrase(phrase: str) -> tuple[Sequence, ...]:
    """Parse a phrase and multiply it out.

    Returns:
        The plain sequences the phrase stands for, without repeats, at most `MAX_SEQUENCES`.

    Raises:
        PhraseError: the phrase is malformed, empty, matches nothing but gaps, or is too large.
    """
    if len(phrase) > LONGEST_PHRASE:
        message = f"a phrase may have {LONGEST_PHRASE:,} characters; split it"
        raise PhraseError(message)
    parser = _Parser(phrase)
    sequences = parser.alternatives(closer="")
    cleaned = tuple(dict.fromkeys(_tidied(sequence) for sequence in sequences))
    for sequence in cleaned:
        if not any(isinstance(element, Words | ConceptRef | Group) for element in sequence):
            message = "a phrase needs at least one word or concept in each of its forms"
            raise PhraseError(message)
        if any(_is_misplaced(sequence, place) for place in range(len(sequence))):
            message = "“^” belongs at the beginning and “$” at the end"
            raise PhraseError(message)
    return cleaned


def _is_misplaced(sequence: Sequence, place: int) -> bool:
    element = sequence[place]
    if not isinstance(element, Edge):
        return False
    return place != (len(sequence) - 1 if element.sign == "$" else 0)


def _tidied(sequence: Sequence) -> Sequence:
    """Drop gaps at either end, where they would match nothing in particular."""
    first, last = 0, len(sequence)
    while first < last and isinstance(sequence[first], Gap):
        first += 1
    while last > first and isinstance(sequence[last - 1], Gap):
        last -= 1
    return sequence[first:last]


class _Parser:
    """Recursive descent over one phrase."""

    def __init__(self, phrase: str) -> None:
        self._lexemes = [
            (str(found.lastgroup), found.group(found.lastgroup or 0))
            for found in _LEXEME.finditer(phrase)
        ]
        self._next = 0
        self._depth = 0

    def alternatives(self, closer: str) -> list[Sequence]:
        """Read sequences separated by "|" up to `closer` (the end of the phrase if empty)."""
        options: list[Sequence] = []
        while True:
            options += self._sequence(closer)
            if len(options) > MAX_SEQUENCES:
                raise PhraseError(_too_many())
            if self._next >= len(self._lexemes):
                if closer:
                    message = f"“{closer}” is missing"
                    raise PhraseError(message)
                return options
            _, sign = self._lexemes[self._next]
            self._next += 1
            if sign == closer:
                return options

    def _sequence(self, closer: str) -> list[Sequence]:
        parts: list[list[Sequence]] = []
        while self._next < len(self._lexemes):
            kind, value = self._lexemes[self._next]
            if kind == "sign" and value in {"|", closer}:
                if value == "|" and not closer:
                    message = "“|” belongs inside ( ) or [ ]"
                    raise PhraseError(message)
                break
            self._next += 1
            if kind != "space":
                parts.append(self._part(kind, value))
        return _multiplied(parts)

    def _part(self, kind: str, value: str) -> list[Sequence]:
        if kind == "gap":
            return [(Gap(LONG_GAP if len(value) > SHORT_GAP else SHORT_GAP),)]
        if kind == "brace":
            return [(_reference(value),)]
        if kind == "text":
            return [self._words(value)]
        if kind == "escaped":
            return [(Words(frozenset((value,))),)]
        if value in _CLOSERS:
            return self._group(value)
        if value in _EDGES:
            return [(Edge(value),)]
        message = f"“{value}” is out of place"
        raise PhraseError(message)

    def _group(self, opener: str) -> list[Sequence]:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            message = "brackets are nested too deep"
            raise PhraseError(message)
        options = self.alternatives(_CLOSERS[opener])
        self._depth -= 1
        if self._take_tilde():
            options = [_first_inflected(option) for option in options]
        if opener == "[":
            return [(), *_grouped(options)]
        return _grouped(options)

    def _words(self, text: str) -> Sequence:
        words = _literals(text)
        if not words:
            message = f"“{text}” has no word"
            raise PhraseError(message)
        if self._take_tilde():
            return (*words[:-1], _inflected(words[-1]))
        return words

    def _take_tilde(self) -> bool:
        if self._next < len(self._lexemes) and self._lexemes[self._next] == ("sign", "~"):
            self._next += 1
            return True
        return False


# A hundred thousand words of phrases are some ten thousand different ones.
@lru_cache(maxsize=65_536)
def _literals(text: str) -> tuple[Words, ...]:
    tokens = tokenize(text)
    return tuple(map(_literal, tokens.surfaces, tokens.norms))


def _literal(surface: str, norm: str) -> Words:
    """Names in capitals ("FDA", "MSCs") match capitals only; other words match in any case."""
    if is_capitalised_name(surface):
        return Words(frozenset((surface,)))
    return Words(frozenset(spelling_variants(norm)))


@lru_cache(maxsize=65_536)
def _inflected(words: Words) -> Words:
    forms = (form for word in words.spellings for form in inflections(word))
    return Words(frozenset(variant for form in forms for variant in spelling_variants(form)))


def _first_inflected(option: Sequence) -> Sequence:
    """Inflect an option by its first word: "(heal|bring back)~"."""
    if not option or not isinstance(option[0], Words):
        message = "“~” after a group needs options that begin with a word"
        raise PhraseError(message)
    return (_inflected(option[0]), *option[1:])


def _reference(brace: str) -> Element:
    found = _REFERENCE.fullmatch(brace)
    if not found:
        message = (
            f"“{brace}” is not a concept: write {{concept}}, {{concept.form}} or {{name:concept}}"
        )
        raise PhraseError(message)
    name, form, bind = found["name"], found["form"] or "", found["bind"] or ""
    if name == "word" and not form and not bind:
        return AnyWord()
    return ConceptRef(name, form, bind)


def _grouped(options: list[Sequence]) -> list[Sequence]:
    """Keep plain alternatives as one element; only those with gaps, edges or names multiply."""
    if len(options) == 1:
        return options
    plain = tuple(option for option in options if option and _is_plain(option))
    rest = [option for option in options if not (option and _is_plain(option))]
    if len(plain) <= 1:
        return options
    if all(len(option) == 1 and isinstance(option[0], Words) for option in plain):
        spellings = frozenset().union(
            *(element.spellings for (element,) in plain if isinstance(element, Words))
        )
        return [(Words(spellings),), *rest]
    return [(Group(plain),), *rest]


def _is_plain(sequence: Sequence) -> bool:
    return all(
        isinstance(element, Words | Group) or (isinstance(element, ConceptRef) and not element.bind)
        for element in sequence
    )


def _multiplied(parts: list[list[Sequence]]) -> list[Sequence]:
    size = 1
    for options in parts:
        size *= len(options)
        if size > MAX_SEQUENCES:
            raise PhraseError(_too_many())
    return [tuple(element for part in chosen for element in part) for chosen in product(*parts)]


def _too_many() -> str:
    return f"the phrase stands for more than {MAX_SEQUENCES} plain ones; split it"


def bound_names(sequence: Sequence) -> frozenset[str]:
    """Return the names that a sequence binds."""
    return frozenset(
        element.bind for element in sequence if isinstance(element, ConceptRef) and element.bind
    )
