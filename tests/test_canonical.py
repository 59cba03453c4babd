"""Plain data written in one form only."""

from __future__ import annotations

import marshal
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint import canonical

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=[]), max_size=6)
    | st.binary(max_size=6)
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(SCALARS, inner, max_size=4)
        | st.frozensets(SCALARS, max_size=4)
    ),
    max_leaves=20,
)


def read(data: bytes) -> Any:
    """Read as a run does."""
    return marshal.loads(data)  # noqa: S302 - made here


def shape(value: object) -> object:
    """Return a value with its types and the order of its dicts."""
    if isinstance(value, tuple):
        return ("tuple", *map(shape, value))
    if isinstance(value, dict):
        return ("dict", *((shape(key), shape(item)) for key, item in value.items()))
    return type(value).__name__, value


@given(PLAIN)
def test_what_is_written_is_read(value: object) -> None:
    """`marshal` gives back equal data of the same types, in the same order."""
    assert shape(read(canonical.dumps(value))) == shape(value)


@given(PLAIN)
def test_one_form_for_equal_data(value: object) -> None:
    """Who holds a part beside, and whether a string is interned, leaves no trace."""
    written = canonical.dumps(value)
    copied = read(written)
    held = [copied, sys.intern("held")]
    assert canonical.dumps(copied) == written
    assert held[0] == value


@pytest.mark.parametrize("length", [0, 1, 255, 256, 70_000])
def test_tuples_of_any_length(length: int) -> None:
    """Short and long tuples are written alike to readers."""
    value = tuple(range(length))
    assert read(canonical.dumps((value, value))) == (value, value)


def test_parts_stay_one_object() -> None:
    """What was one tuple, dict, frozenset or text is one again, and is written once."""
    inner = ("some long text", {"a": 1.5}, frozenset(("x", "y")))
    value = (inner, {"k": inner}, b"some bytes", "some long text", b"some bytes")
    first, table, data, text, same_data = read(canonical.dumps(value))
    assert (first, table, data, text) == value[:4]
    assert first is table["k"]
    assert text is first[0]
    assert data is same_data
    assert canonical.dumps(value).count(b"some long text") == 1


def test_the_form_is_that_of_every_supported_python() -> None:
    """The bytes are fixed: another Python, or another machine, writes the same."""
    pair = ("é", 300)
    value = (pair, pair, {"a": None, True: -1}, frozenset(("b", "a")), 2.5, 1 << 40, b"\xff")
    assert canonical.dumps(value).hex() == (
        "2907a9027502000000c3a9692c01000072000000007bf501000000614e5469ffffffff30"
        "3e0200000072010000007501000000626700000000000004406c03000000000000000004"
        "7301000000ff"
    )
