"""Tokens: words as rules see them, at their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.parsing.tokens import DASH, Tokens, tokenize

TEXT = st.text(
    alphabet=st.sampled_from("abcXYZ019éß'-—.,;:!?()[]%/ \t\nn't's"), max_size=60
) | st.text(max_size=60)


def norms(text: str) -> list[str]:
    """Return the spellings of a text's tokens."""
    return list(tokenize(text).norms)


def test_tokens_carry_every_field() -> None:
    """A token has its spelling in lower case, its surface, its place and whether it is a word."""
    expected = Tokens(
        norms=("we", "can", "not", ","),
        surfaces=("We", "ca", "n't", ","),
        starts=(0, 3, 5, 8),
        ends=(2, 5, 8, 9),
        is_word=(True, True, True, False),
    )
    assert tokenize("We can't,") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("won't", ["will", "not"]),
        ("can't", ["can", "not"]),
        ("shan't", ["shall", "not"]),
        ("doesn't", ["does", "not"]),
        ("we'll", ["we", "will"]),
        ("we've", ["we", "have"]),
        ("you're", ["you", "are"]),
        ("I'm", ["i", "am"]),
        ("they'd", ["they", "would"]),
        ("it's", ["it", "is"]),
        ("let's", ["let", "us"]),
        ("patient's", ["patient", "'s"]),
        ("o'clock", ["o'clock"]),
    ],
)
def test_contractions_are_written_out(text: str, expected: list[str]) -> None:
    """A contraction is two words in full; a possessive stays one; "o'clock" stays whole."""
    assert norms(text) == expected


def test_an_editors_bracket_is_part_of_the_word() -> None:
    """Quotations change a word's first letter; "[sic]", "[a] b" and "[1]st" stay apart."""
    assert tokenize("It [P]revents clots") == Tokens(
        norms=("it", "prevents", "clots"),
        surfaces=("It", "Prevents", "clots"),
        starts=(0, 3, 14),
        ends=(2, 13, 19),
        is_word=(True, True, True),
    )
    assert norms("[sic] [a] b [1]st [A]B [T]o [h]elp") == (
        ["[", "sic", "]", "[", "a", "]", "b", "[", "1", "]", "st", "[", "a", "]", "b", "to", "help"]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stem-cell", ["stem", "cell"]),
        ('the "best" clinic', ["the", "best", "clinic"]),
        ("pain - gone", ["pain", DASH, "gone"]),
        ("pain--gone", ["pain", DASH, "gone"]),
        ("100%", ["100", "%"]),
        ("1,000.5 mg", ["1,000.5", "mg"]),
        ("U.S. clinics", ["u.s.", "clinics"]),
        ("5mg", ["5mg"]),
        ("", []),
    ],
)
def test_punctuation(text: str, expected: list[str]) -> None:
    """Hyphens and quotation marks are transparent; dashes, numbers and signs are tokens."""
    assert norms(text) == expected


def test_possessive_is_no_word() -> None:
    """The possessive "'s" does not count as a word."""
    assert tokenize("the clinic's way").is_word == (True, True, False, True)


def test_a_part_of_a_text_keeps_its_positions() -> None:
    """Positions count in the whole text, and nothing outside the part is read."""
    expected = Tokens(("two",), ("two",), (4,), (7,), (True,))
    assert tokenize("one two three", 4, 7) == expected


def _without_brackets(text: str, surface: str) -> str:
    return text.replace("[", "").replace("]", "") if len(surface) > 1 else text


@given(TEXT)
def test_surfaces_stand_where_they_say(text: str) -> None:
    """Each surface is the text at its place, and places ascend without overlap.

    Dashes aside, and the brackets around a letter that an editor changed: "[P]revents".
    """
    tokens = tokenize(text)
    places = list(zip(tokens.starts, tokens.ends, strict=True))
    shown = [
        DASH if surface == DASH else _without_brackets(text[start:end], surface)
        for surface, (start, end) in zip(tokens.surfaces, places, strict=True)
    ]
    assert shown == list(tokens.surfaces)
    flat = [position for place in places for position in place]
    assert flat == sorted(flat)
    assert all(start < end for start, end in places)


@given(TEXT, st.integers(0, 30), st.integers(0, 30))
def test_a_part_never_reaches_outside(text: str, one: int, other: int) -> None:
    """The tokens of a part lie inside it."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    tokens = tokenize(text, start, end)
    assert all(start <= place for place in tokens.starts)
    assert all(place <= end for place in tokens.ends)


@given(TEXT)
def test_fields_are_parallel(text: str) -> None:
    """All fields have one entry a token, and no spelling is empty."""
    tokens = tokenize(text)
    lengths = {
        len(field)
        for field in (tokens.norms, tokens.surfaces, tokens.starts, tokens.ends, tokens.is_word)
    }
    assert lengths == {len(tokens)}
    assert all(tokens.norms)
