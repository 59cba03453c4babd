"""Clauses: what gaps stay inside and guards end with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.parsing.clauses import clause_ids, closing_clause
from medlint.parsing.tokens import tokenize


def clauses(text: str) -> list[str]:
    """Return the words of each clause, in the order of their ids."""
    tokens = tokenize(text)
    grouped: dict[int, list[str]] = {}
    for norm, clause in zip(tokens.norms, clause_ids(tokens), strict=True):
        grouped.setdefault(clause, []).append(norm)
    return [" ".join(words) for _, words in sorted(grouped.items())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PRP relieves pain", ["prp relieves pain"]),
        ("It hurts; it heals", ["it hurts ;", "it heals"]),
        ("Benefits: less pain", ["benefits :", "less pain"]),
        ("No pain — no gain", ["no pain —", "no gain"]),
        ("No pain - no gain", ["no pain —", "no gain"]),
        ("Less pain • More life", ["less pain •", "more life"]),
        ("Less pain | More life", ["less pain |", "more life"]),
        ("Less pain · More life", ["less pain ·", "more life"]),
        ("It is old but it works", ["it is old", "but it works"]),
        ("It is cheap because we care", ["it is cheap", "because we care"]),
        ("It helps and you will walk", ["it helps", "and you will walk"]),
        ("We treat knees, hips and hands", ["we treat knees , hips and hands"]),
        ("If you have pain, we can help", ["if you have pain ,", "we can help"]),
        ("Although rare, it can occur", ["although rare ,", "it can occur"]),
        ("We wait while you are resting", ["we wait", "while you are resting"]),
        ("It calms while reducing pain", ["it calms while reducing pain"]),
        ("PRP (from your blood) heals", ["prp heals", "( from your blood )"]),
        ("PRP, which is new, heals", ["prp , heals", "which is new ,"]),
        ("", []),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    """Clauses end at conjunctions with a new subject, hard signs, brackets and relative clauses."""
    assert clauses(text) == expected


def test_the_outer_clause_goes_on_after_a_bracket() -> None:
    """The id before a bracket comes again after it."""
    ids = clause_ids(tokenize("PRP ( new ) heals"))
    assert ids == (0, 1, 1, 1, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("PRP heals", 0),
        ("PRP heals (it is new)", 0),
        ("PRP heals (it is new", 1),
        ("PRP heals:", 1),
        ("PRP heals: it is new (now)", 1),
        ("PRP heals but (now)", 1),
        ("PRP heals, which is new", 1),
    ],
)
def test_the_closing_clause(text: str, expected: int) -> None:
    """It is the one that would go on behind the last token."""
    assert closing_clause(tokenize(text)) == expected


def test_an_unclosed_bracket_lasts_to_the_end() -> None:
    """A bracket that never closes keeps its clause."""
    assert clause_ids(tokenize("PRP (new heals")) == (0, 1, 1, 1)


WORDS = st.lists(st.sampled_from("prp new heals knee pain well".split()), min_size=1, max_size=4)


@given(WORDS, WORDS, WORDS)
def test_an_inserted_bracket_changes_nothing_around_it(
    before: list[str], inside: list[str], after: list[str]
) -> None:
    """Whatever stands in brackets is one clause of its own; the words around it are another."""
    ids = clause_ids(tokenize(" ".join((*before, "(", *inside, ")", *after))))
    assert ids == (*[0] * len(before), *[1] * (len(inside) + 2), *[0] * len(after))


@given(
    st.lists(
        st.sampled_from(
            "it they the pain PRP is can heals but and or , ; : — ( ) which while if ? not".split()
        ),
        max_size=25,
    ).map(" ".join)
)
def test_every_token_has_a_clause(text: str) -> None:
    """There is one id a token, and no more clauses are opened than there are tokens."""
    tokens = tokenize(text)
    ids = clause_ids(tokens)
    assert len(ids) == len(tokens)
    assert all(0 <= clause <= len(tokens) for clause in ids)


@given(st.text(max_size=80))
def test_any_text_has_clauses(text: str) -> None:
    """Any text at all can be split into clauses."""
    tokens = tokenize(text)
    assert len(clause_ids(tokens)) == len(tokens)
