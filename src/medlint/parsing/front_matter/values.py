"""What values in YAML and in TOML have in common: which are text, and their escapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.document import LineIndex
from medlint.errors import InputError
from medlint.parsing.normalise import normalise

if TYPE_CHECKING:
    from medlint.parsing.builder import DocumentBuilder
    from medlint.parsing.lines import Piece

# Settings of the draft's own, which are no text.
OWN_KEY = "medlint"
_PROSE = re.compile(r"\S\s+\S")
_LETTER = re.compile(r"[^\W\d_]")
_FILE_NAME = re.compile(r"[\w ./\\-]+\.[A-Za-z0-9]{2,4}")
_ESCAPED_LETTERS = dict(
    zip("0abtnvfre_NLP", "\0\a\b\t\n\v\f\r\x1b\xa0\x85\u2028\u2029", strict=True)
)


def is_prose(value: str) -> bool:
    """Tell whether a value is text: not one token, a date, an address or a file name."""
    return (
        _PROSE.search(value) is not None
        and _LETTER.search(value) is not None
        and _FILE_NAME.fullmatch(value) is None
    )


def checked(pieces: list[Piece], value: str, start: int, end: int) -> list[Piece]:
    """Return `pieces` if they give `value`, or else the value as one piece."""
    if normalise("".join(piece[0] for piece in pieces)) == normalise(value):
        return pieces
    # A piece as long as its source would map character by character.
    return [(value if len(value) != end - start else f"{value} ", start, end - start)]


def broken(builder: DocumentBuilder, begin: int, line: int, cause: str) -> InputError:
    """Return the error for front matter that begins at a position; `line` counts from there."""
    line += LineIndex.of(builder.source).position(begin)[0]
    return InputError(
        f"{builder.path}:{line}: broken front matter: {cause}; correct it, or remove the fences"
        " around it"
    )


def unescaped(match: re.Match[str]) -> str:
    """Return what an escape stands for: in x, u or U and digits, of a line end, or a letter."""
    code = match[1] or match[2] or match[3]
    if code:
        return _character(code)
    if match[4]:
        return ""
    return _ESCAPED_LETTERS.get(match[5], match[5])


def _character(code: str) -> str:
    number = int(code, 16)
    # Half a surrogate pair is no text.
    return "\ufffd" if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)  # noqa: PLR2004
