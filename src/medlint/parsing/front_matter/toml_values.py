"""The text values of front matter in TOML, with their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.parsing.front_matter.values import OWN_KEY, broken, is_prose, unescaped
from medlint.parsing.lines import split_at

if TYPE_CHECKING:
    from medlint.document import ListPlace
    from medlint.parsing.builder import DocumentBuilder

_TOKEN = re.compile(
    r"(?P<comment>\#[^\r\n]*)"
    r'|(?P<text>"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+')"
    r"|(?P<sign>[\[\]{}=,.])"
    r"|(?P<line_end>\r\n|[\r\n])"
    r"|(?P<bare>[^\s\[\]{}=,.\"'#]+)",
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([ \t]*(?:\r\n|\r|\n)\s*)|(.))",
    re.DOTALL,
)
_LINE_OF_ERROR = re.compile(r"\(at line (\d+)")


def read(builder: DocumentBuilder, text: str, begin: int) -> None:
    """Read TOML.

    Raises:
        InputError: it is broken.
    """
    from medlint import toml  # noqa: PLC0415 - for drafts with TOML front matter only

    try:
        builder.front_matter = toml.loads(text)
    except ValueError as error:
        line = _LINE_OF_ERROR.search(str(error))
        cause = str(error).split(" (at ")[0]
        raise broken(builder, begin, int(line[1]) - 1 if line else 0, cause) from None
    _Reader(builder, text, begin).run()


class _Reader:
    """Finds the places of text values in TOML that is known to be valid."""

    def __init__(self, builder: DocumentBuilder, text: str, begin: int) -> None:
        self._builder = builder
        self._text = text
        self._begin = begin
        self._table: list[str] = []
        self._table_counts: dict[str, int] = {}
        self._parts: list[str] = []
        # Open arrays and inline tables: path, next index (None for a table), place.
        self._nests: list[tuple[list[str], int | None, ListPlace | None]] = []
        self._expects = "key"

    def run(self) -> None:
        """Walk over the tokens."""
        for match in _TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind == "comment":
                start, end = match.start() + self._begin, match.end() + self._begin
                self._builder.comment(start, end, match[0][1:])
            elif kind == "line_end":
                if not self._nests:
                    self._expects, self._parts = "key", []
            elif kind == "sign":
                self._sign(match[0])
            elif self._expects in ("key", "header"):
                token = match[0]
                is_text = kind == "text"
                self._parts.append(_text_of(token) if is_text else token)
            elif self._expects == "value":
                if kind == "text":
                    self._value(match)
                self._expects = "next"

    def _sign(self, sign: str) -> None:
        if self._expects == "header":
            self._header(sign)
        elif sign == "=" and self._expects == "key":
            self._expects = "value"
        elif sign == "[" and self._expects == "key":
            self._expects, self._parts = "header", []
        elif sign == "[" and self._expects == "value":
            parent = self._nests[-1][2] if self._nests else None
            array = self._builder.list_place(parent, led=False)
            self._nests.append((self._path(), 0, array))
        elif sign == "{" and self._expects == "value":
            self._nests.append((self._path(), None, None))
            self._expects, self._parts = "key", []
        elif sign in "]}" and self._nests:
            self._nests.pop()
            self._expects = "next"
        elif sign == "," and self._nests:
            path, index, place = self._nests[-1]
            if index is None:
                self._expects, self._parts = "key", []
            else:
                self._nests[-1] = (path, index + 1, place)
                self._expects = "value"

    def _header(self, sign: str) -> None:
        """Read a table's name; an array of tables has two brackets and counts its tables."""
        if sign == "[":
            self._expects = "header"
            self._parts = [""]
        elif sign == "]":
            parts = self._parts
            if parts and not parts[0]:
                parts = parts[1:]
                name = ".".join(parts)
                count = self._table_counts.get(name, -1) + 1
                self._table_counts[name] = count
                parts = [*parts, str(count)]
            self._table = parts
            self._expects = "next"

    def _path(self) -> list[str]:
        """Return the path of the value that comes now."""
        if not self._nests:
            return self._table + self._parts
        path, index, _ = self._nests[-1]
        return path + (self._parts if index is None else [str(index)])

    def _value(self, match: re.Match[str]) -> None:
        path = self._path()
        value = _text_of(match[0])
        if path[:1] == [OWN_KEY] or not is_prose(value):
            return
        start, end = match.span()
        width = _quote_width(match[0])
        first, last = start + width, end - width
        if match[0][0] == '"':
            pieces = split_at(self._text, first, last, _ESCAPE, unescaped)
        else:
            pieces = [(self._text[first:last], first, last - first)]
        begin = self._begin
        place = self._nests[-1][2] if self._nests else None
        shifted = [(text, at + begin, length) for text, at, length in pieces]
        self._builder.value(shifted, ".".join(path), place)


def _quote_width(token: str) -> int:
    return 3 if token.startswith(('"""', "'''")) else 1


def _text_of(token: str) -> str:
    """Return the text that a TOML string stands for."""
    width = _quote_width(token)
    inner = token[width:-width]
    return inner if token[0] == "'" else _ESCAPE.sub(unescaped, inner)
