"""The phrase language: what a phrase stands for, and what is no phrase."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medlint.limits import LONGEST_PHRASE
from medlint.parsing.tokens import is_capitalised_name
from medlint.patterns import (
    LONG_GAP,
    MAX_SEQUENCES,
    SHORT_GAP,
    AnyWord,
    ConceptRef,
    Edge,
    Element,
    Gap,
    Group,
    PhraseError,
    Words,
    bound_names,
    parse_phrase,
)


def w(*spellings: str) -> Words:
    """Return one word by its spellings."""
    return Words(frozenset(spellings))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("no pain", [(w("no"), w("pain"))]),
        ("stem-cell", [(w("stem"), w("cell"))]),
        ("won't hurt", [(w("will"), w("not"), w("hurt"))]),
        ("100% safe", [(w("100"), w("%"), w("safe"))]),
        ("FDA", [(w("FDA"),)]),
        ("MSCs", [(w("MSCs"),)]),
        ("Dr", [(w("dr"),)]),
        ("tumour", [(w("tumour", "tumor"),)]),
        ("cure~", [(w("cure", "cures", "cured", "curing"),)]),
        ("(very|so) safe", [(w("very", "so"), w("safe"))]),
        ("[very] safe", [(w("safe"),), (w("very"), w("safe"))]),
        ("(stop|ease)~", [(w("stop", "stops", "stopped", "stopping", "ease", "eases", "eased",
                             "easing"),)]),
        ("(you|your body) will", [
            (Group(((w("you"),), (w("your"), w("body")))), w("will")),
        ]),
        ("{outcome}", [(ConceptRef("outcome"),)]),
        ("{what:outcome}", [(ConceptRef("outcome", bind="what"),)]),
        ("{improve.past}", [(ConceptRef("improve", "past"),)]),
        ("{what:improve.noun}", [(ConceptRef("improve", "noun", "what"),)]),
        ("a {word} cure", [(w("a"), AnyWord(), w("cure"))]),
        ("feel .. good", [(w("feel"), Gap(SHORT_GAP), w("good"))]),
        ("feel ... good", [(w("feel"), Gap(LONG_GAP), w("good"))]),
        ("... feel ...", [(w("feel"),)]),
        ("^ safe $", [(Edge("^"), w("safe"), Edge("$"))]),
        ("^^ safe", [(Edge("^^"), w("safe"))]),
        ("(heal|bring back)~", [(Group((
            (w("heal", "heals", "healed", "healing"),),
            (w("bring", "brings", "brought", "bringing"), w("back")),
        )),)]),
        (r"safe \(mostly\)", [(w("safe"), w("("), w("mostly"), w(")"))]),
        ("(a [b]|{x:c}) d", [
            # Alternatives that bind cannot be one element; the plain ones stay together.
            (Group(((w("a"),), (w("a"), w("b")))), w("d")),
            (ConceptRef("c", bind="x"), w("d")),
        ]),
    ],
)  # fmt: skip
def test_phrases(phrase: str, expected: list[tuple[Element, ...]]) -> None:
    """A phrase stands for these plain sequences."""
    assert list(parse_phrase(phrase)) == expected


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("", "a phrase needs at least one word or concept in each of its forms"),
        ("...", "a phrase needs at least one word or concept in each of its forms"),
        ("[very]", "a phrase needs at least one word or concept in each of its forms"),
        ("(a|b", "“)” is missing"),
        ("[a", "“]” is missing"),
        ("a|b", "“|” belongs inside ( ) or [ ]"),
        ("a) b", "“)” is out of place"),
        ("~ a", "“~” is out of place"),
        ("({x}|c)~", "“~” after a group needs options that begin with a word"),
        ("feel ^ good", "“^” belongs at the beginning and “$” at the end"),
        ("$ good", "“^” belongs at the beginning and “$” at the end"),
        ("{Out Come}", ("“{Out Come}” is not a concept: write {concept}, {concept.form} or"
         " {name:concept}")),
        ("a {b", "“{” is out of place"),
        ("(a|b) (a|b|{x}) [c] [d] " * 8, (f"the phrase stands for more than {MAX_SEQUENCES} plain"
         " ones; split it")),
    ],
)  # fmt: skip
def test_what_is_no_phrase(phrase: str, problem: str) -> None:
    """A malformed phrase says what is wrong with it."""
    with pytest.raises(PhraseError, match=f"^{re.escape(problem)}$"):
        parse_phrase(phrase)


def test_repeats_are_dropped() -> None:
    """A phrase that comes to the same sequence twice has it once."""
    assert parse_phrase("[very] [very] safe") == (
        (w("safe"),),
        (w("very"), w("safe")),
        (w("very"), w("very"), w("safe")),
    )


@pytest.mark.parametrize(
    ("surface", "expected"),
    [("FDA", True), ("MSCs", True), ("A", False), ("As", False), ("Fda", False), ("B12", True)],
)
def test_names_in_capitals(surface: str, expected: object) -> None:
    """Two capitals or more are a name, also in the plural."""
    assert is_capitalised_name(surface) is expected


def test_bound_names() -> None:
    """A sequence binds the names of its concepts."""
    (sequence,) = parse_phrase("{a:outcome} of {b:therapy} for {disease}")
    assert bound_names(sequence) == {"a", "b"}


SIGNS = st.text(alphabet=st.sampled_from("ab ()[]|{}~^$.\\:-'%\n"), max_size=24)


@given(SIGNS | st.text(max_size=40))
@example("()")
@example("[]~")
@example("\\")
@example("(|)")
@example("a .. .. b")
def test_only_phrase_errors(phrase: str) -> None:
    """Any text either is a phrase or raises PhraseError; a phrase is bounded and never empty."""
    try:
        sequences = parse_phrase(phrase)
    except PhraseError:
        return
    assert 1 <= len(sequences) <= MAX_SEQUENCES
    assert len(set(sequences)) == len(sequences)
    for sequence in sequences:
        assert not isinstance(sequence[0], Gap)
        assert not isinstance(sequence[-1], Gap)


@pytest.mark.parametrize(
    ("phrase", "count"),
    [
        ("[a] [b] [c] [d] [e] [f] [g] [h] [i] x", MAX_SEQUENCES),
        ("[a] [b] [c] [d] [e] [f] [g] [h] [i] [j] x", None),
        ("(a {o:x}|b {o:x}) [b] [c] [d] [e] [f] [g] [h] [i]", MAX_SEQUENCES),
        ("([a] [b] [c] [d] [e] [f] [g] [h] {o:x}|q [a] [b] [c] [d] [e] [f] [g] [h] {o:x})", 512),
        ("([a] [b] [c] [d] [e] [f] [g] [h] [i] {o:x}|q {o:x})", None),
        (" ".join(["x"] * (LONGEST_PHRASE // 2)) + " ", 1),
        (" ".join(["x"] * (LONGEST_PHRASE // 2)) + "  ", None),
        ("(" * 20 + "a" + ")" * 20, 1),
        ("(" * 21 + "a" + ")" * 21, None),
        ("(a) [b] " * 9 + "(a)", MAX_SEQUENCES),
    ],
)
def test_what_a_phrase_may_come_to(phrase: str, count: int | None) -> None:
    """A phrase has its limits: sequences, characters, brackets within brackets."""
    if count is None:
        with pytest.raises(PhraseError):
            parse_phrase(phrase)
    else:
        assert len(parse_phrase(phrase)) == count


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("(a|) b", [(w("a"), w("b")), (w("b"),)]),
        ("(a|b|) c", [(w("a", "b"), w("c")), (w("c"),)]),
        ("() b", [(w("b"),)]),
        ("[a|b] c", [(w("c"),), (w("a", "b"), w("c"))]),
        ("[a|..] b c", [(w("b"), w("c")), (w("a"), w("b"), w("c"))]),
        ("(a|b ^) c", None),
        ("^ (a|b) $", [(Edge("^"), w("a", "b"), Edge("$"))]),
        ("([^] a|b)", [(w("a", "b"),), (Edge("^"), w("a"))]),
        ("({x}|{y.past})", [(Group(((ConceptRef("x"),), (ConceptRef("y", "past"),))),)]),
        ("({word}|a) b", [(AnyWord(), w("b")), (w("a"), w("b"))]),
        ("{word}", None),
        ("({word}|a)", None),
        ("{o:word} a", [(ConceptRef("word", bind="o"), w("a"))]),
        ("{word.past} a", [(ConceptRef("word", "past"), w("a"))]),
        ("a ... .. b", [(w("a"), Gap(LONG_GAP), Gap(SHORT_GAP), w("b"))]),
        (".. .. a .. ..", [(w("a"),)]),
        ("^ .. a", [(Edge("^"), Gap(SHORT_GAP), w("a"))]),
        (r"\^ a", [(w("^"), w("a"))]),
        ("a (b|c)~ d", [(w("a"), w("b", "bs", "bed", "bing", "c", "cs", "ced", "cing"), w("d"))]),
        ("[cure]~ it", [(w("it"),), (w("cure", "cures", "cured", "curing"), w("it"))]),
        ("take cure~", [(w("take"), w("cure", "cures", "cured", "curing"))]),
    ],
)
def test_alternatives_and_edges(phrase: str, expected: list[tuple[Element, ...]] | None) -> None:
    """What is optional, empty, at an edge or inflected, whatever stands beside it."""
    if expected is None:
        with pytest.raises(PhraseError):
            parse_phrase(phrase)
    else:
        assert list(parse_phrase(phrase)) == expected


def test_deep_nesting_is_a_phrase_error() -> None:
    """Brackets nested beyond reason are refused in words."""
    with pytest.raises(PhraseError, match="nested"):
        parse_phrase("(" * 100 + "a" + ")" * 100)
