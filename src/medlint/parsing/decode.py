"""From bytes to text."""

from __future__ import annotations

import codecs
import re

from medlint.document import LineIndex
from medlint.errors import InputError

_LINE_END = re.compile(rb"\r\n|\r|\n")
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_WAY_OUT = "save the file as UTF-8"
# Code points; prose has no such lines, and one would keep a writer waiting for minutes.
LONGEST_LINE = 10_000_000
_OVERLONG = re.compile(rf"[^\r\n]{{{LONGEST_LINE + 1},}}")


def decode(data: bytes, path: str) -> str:
    """Return the text of a draft: UTF-8, or UTF-16 with a byte order mark, which is dropped.

    Raises:
        InputError: The bytes are neither, or no text at all, or a line is longer than
            `LONGEST_LINE`.
    """
    if data.startswith(_UTF_32):
        message = f"{path}:1: UTF-32 at byte 0 is not supported; {_WAY_OUT}"
        raise InputError(message)
    encoding = _UTF_16.get(data[:2])
    if encoding is not None:
        text = _decode(data, 2, encoding, path)
    else:
        text = _decode(data, 3 if data.startswith(codecs.BOM_UTF8) else 0, "utf-8", path)
    refuse_long_lines(text, path)
    return text


def refuse_long_lines(text: str, path: str) -> None:
    """Refuse text with a line longer than `LONGEST_LINE`.

    Raises:
        InputError: There is one.
    """
    overlong = _OVERLONG.search(text) if len(text) > LONGEST_LINE else None
    if overlong is not None:
        line, _ = LineIndex.of(text).position(overlong.start())
        message = (
            f"{path}:{line}: a line of {len(overlong[0])} characters; medlint reads lines of up to"
            f" {LONGEST_LINE}: break it, or leave the file out with exclude"
        )
        raise InputError(message)


def _decode(data: bytes, skipped: int, encoding: str, path: str) -> str:
    name = encoding.upper()[:6].rstrip("-")
    try:
        text = data[skipped:].decode(encoding) if skipped else data.decode(encoding)
    except UnicodeDecodeError as error:
        position = error.start + skipped
        if b"\0" in data[:position] and name == "UTF-8":
            raise _binary(data, path) from None
        value = data[position : position + 1].hex()
        message = (
            f"{path}:{_line(data, position, encoding)}: byte 0x{value} at position {position} is"
            f" not valid {name}; {_WAY_OUT}"
        )
        raise InputError(message) from None
    if "\0" in text:
        raise _binary(data, path) if name == "UTF-8" else _null_character(text, path)
    return text


def _binary(data: bytes, path: str) -> InputError:
    position = data.index(b"\0")
    return InputError(
        f"{path}:{_line(data, position, 'utf-8')}: NUL byte at position {position}: a binary file,"
        f" or UTF-16 without a byte order mark; {_WAY_OUT} or leave it out with exclude"
    )


def _null_character(text: str, path: str) -> InputError:
    position = text.index("\0")
    before = text[:position].replace("\r\n", "\n").replace("\r", "\n")
    return InputError(
        f"{path}:{before.count(chr(10)) + 1}: NUL character at byte position "
        f"{len(text[:position].encode('utf-16-le')) + 2}: a binary file; {_WAY_OUT} or leave it"
        " out with exclude"
    )


def _line(data: bytes, position: int, encoding: str) -> int:
    """Return the 1-based line of a byte position."""
    before = data[:position]
    if encoding != "utf-8":
        before = before[2:].decode(encoding, "replace").encode("utf-8", "replace")
    return sum(1 for _ in _LINE_END.finditer(before)) + 1
