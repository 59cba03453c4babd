"""From bytes to text."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.errors import InputError
from medlint.parsing.decode import LONGEST_LINE, decode


@pytest.mark.parametrize(
    "data",
    [
        "a café\r\n".encode(),
        codecs.BOM_UTF8 + "a café\r\n".encode(),
        codecs.BOM_UTF16_LE + "a café\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "a café\r\n".encode("utf-16-be"),
    ],
)
def test_text_is_decoded_without_its_byte_order_mark(data: bytes) -> None:
    """UTF-8 and UTF-16 give the same text; line ends stay, the mark goes."""
    assert decode(data, "x.md") == "a café\r\n"


def test_nothing_is_an_empty_text() -> None:
    """An empty file is a draft without words."""
    assert decode(b"", "x.md") == ""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"one\r\ntwo\rcaf\xe9 here",
            "x.md:3: byte 0xe9 at position 12 is not valid UTF-8; save the file as UTF-8",
        ),
        (
            b"PK\n\0\x01",
            (
                "x.md:2: NUL byte at position 3: a binary file, or UTF-16 without a byte order"
                " mark; save the file as UTF-8 or leave it out with exclude"
            ),
        ),
        (
            b"\0\xff",
            (
                "x.md:1: NUL byte at position 0: a binary file, or UTF-16 without a byte order"
                " mark; save the file as UTF-8 or leave it out with exclude"
            ),
        ),
        (
            codecs.BOM_UTF16_LE + "a\n\U0001f600\0".encode("utf-16-le"),
            (
                "x.md:2: NUL character at byte position 10: a binary file; save the file as UTF-8"
                " or leave it out with exclude"
            ),
        ),
        (
            codecs.BOM_UTF16_LE + "a\n".encode("utf-16-le") + b"\0\xd8",
            "x.md:2: byte 0x00 at position 6 is not valid UTF-16; save the file as UTF-8",
        ),
        (
            codecs.BOM_UTF32_LE + "a".encode("utf-32-le"),
            "x.md:1: UTF-32 at byte 0 is not supported; save the file as UTF-8",
        ),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    """The error names file, line, byte, cause and way out."""
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        decode(data, "x.md")


@given(st.binary(max_size=40))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    """No bytes end in another exception, and what is decoded encodes back."""
    try:
        text = decode(data, "x.md")
    except InputError:
        return
    plain = data.removeprefix(codecs.BOM_UTF8)
    assert text.encode() == plain or text.encode("utf-16-le") in (data[2:], _swapped(data[2:]))


def _swapped(data: bytes) -> bytes:
    return data.decode("utf-16-be", "replace").encode("utf-16-le", "replace")


def test_a_line_without_end_is_refused() -> None:
    """A line longer than prose ever is would take minutes; it is named with its length."""
    data = b"short\r\n" + b"x" * (LONGEST_LINE + 1) + b"\nshort"
    message = (
        "x.md:2: a line of 10000001 characters; medlint reads lines of up to 10000000: break it, or"
        " leave the file out with exclude"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        decode(data, "x.md")


def test_many_lines_may_be_longer_than_one() -> None:
    """The limit is on lines, not on files."""
    data = b"x" * LONGEST_LINE + b"\n" + b"y" * 10
    assert len(decode(data, "x.md")) == LONGEST_LINE + 11
