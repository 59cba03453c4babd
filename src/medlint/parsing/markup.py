"""HTML as a stream of tokens with exact source ranges, in linear time.

The standard library's parser gives attributes without their places, changes with Python's patch
releases, and takes quadratic time on unclosed comments; a report must not.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Their content is no markup and is never linted.
RAW_TEXT = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea"})

_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)(\s*+=\s*+)?")
_UNQUOTED = re.compile(r"[^\s>]*")
_TAG_END = re.compile(r"[\s/]*+>")
_COMMENT_END = re.compile(r"--!?>")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8}|#[0-9]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_CDATA = "<![CDATA["


class TokenKind(Enum):
    """What a token is."""

    TEXT = auto()
    START_TAG = auto()
    END_TAG = auto()
    COMMENT = auto()


class Attribute(NamedTuple):
    """An attribute of a start tag: where its raw value stands."""

    name: str
    start: int
    end: int


class Token(NamedTuple):
    """A piece of HTML at `start:end`; text keeps its entities."""

    kind: TokenKind
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()


def tokens(source: str, begin: int, end: int) -> Iterator[Token]:
    """Yield the tokens of `source[begin:end]` in order.

    What is no complete markup is text, so that nothing goes unchecked but what a browser hides.
    """
    return _Tokenizer(source, end).run(begin)


def decoded(source: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return `source[start:end]` as pieces (text, start, length) with entities decoded."""
    if source.find("&", start, end) < 0:
        return [(source[start:end], start, end - start)]
    from html import unescape  # noqa: PLC0415 - two thousand names, needed for entities only

    pieces = []
    done = start
    for match in _ENTITY.finditer(source, start, end):
        text = unescape(match[0])
        if text == match[0]:
            continue
        first, last = match.span()
        if first > done:
            pieces.append((source[done:first], done, first - done))
        pieces.append((text, first, last - first))
        done = last
    if done < end:
        pieces.append((source[done:end], done, end - done))
    return pieces


class _Tokenizer:
    def __init__(self, source: str, end: int) -> None:
        self._source = source
        self._end = end
        # Quotes and ends that a search missed are not searched for again: linear time.
        self._missing_quotes: set[str] = set()
        self._tags_run_on = False
        self._missing: set[str] = set()

    def run(self, begin: int) -> Iterator[Token]:
        source, end = self._source, self._end
        text_start = position = begin
        while position < end:
            opening = _OPENING.search(source, position, end)
            if opening is None:
                break
            start = opening.start()
            found = self._markup(start)
            if found is None:
                position = start + 1
                continue
            token, position = found
            if start > text_start:
                yield Token(TokenKind.TEXT, text_start, start)
            if token is not None:
                yield token
            text_start = position
        if text_start < end:
            yield Token(TokenKind.TEXT, text_start, end)

    def _markup(self, start: int) -> tuple[Token | None, int] | None:
        """Return the token at "<" and where to go on, or None if "<" is text."""
        source = self._source
        following = source[start + 1]
        if following == "!":
            return self._declaration(start)
        if following == "?" or (following == "/" and not source[start + 2 : start + 3].isalpha()):
            close = self._find(">", start)
            return None if close < 0 else (None, close + 1)
        return self._tag(start)

    def _find(self, sign: str, start: int) -> int:
        """Return where a sign comes next, or -1."""
        if sign in self._missing:
            return -1
        found = self._source.find(sign, start, self._end)
        if found < 0:
            self._missing.add(sign)
        return found

    def _declaration(self, start: int) -> tuple[Token | None, int] | None:
        source, end = self._source, self._end
        if source.startswith("<!--", start):
            for short in ("<!-->", "<!--->"):
                if source.startswith(short, start):
                    return None, start + len(short)
            close = _COMMENT_END.search(source, start + 4, end)
            # As in a browser, a comment that nobody closes hides the rest.
            stop = close.end() if close else end
            return Token(TokenKind.COMMENT, start, stop), stop
        if source.startswith(_CDATA, start):
            first = start + len(_CDATA)
            close_at = self._find("]]>", first)
            if close_at >= 0:
                return Token(TokenKind.TEXT, first, close_at), close_at + 3
        close_at = self._find(">", start)
        return None if close_at < 0 else (None, close_at + 1)

    def _tag(self, start: int) -> tuple[Token | None, int] | None:
        source = self._source
        if self._tags_run_on and self._is_cut_short(start):
            return None
        match = _NAME.match(source, start, self._end)
        if match is None:
            return None
        name = match[1].lower()
        scanned = self._attributes(match.end())
        if scanned is None:
            return None
        attributes, stop = scanned
        if source[start + 1] == "/":
            return Token(TokenKind.END_TAG, start, stop, name), stop
        token = Token(TokenKind.START_TAG, start, stop, name, tuple(attributes))
        if name in RAW_TEXT and source[stop - 2] != "/":
            close = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(
                source, stop, self._end
            )
            return token, close.start() if close else self._end
        return token, stop

    def _is_cut_short(self, start: int) -> bool:
        """Tell whether the next "<" comes before any ">"; then no end is looked for further on."""
        following = self._source.find("<", start + 1, self._end)
        return self._source.find(">", start, following if following >= 0 else self._end) < 0

    def _attributes(self, position: int) -> tuple[list[Attribute], int] | None:
        """Return a tag's attributes and its end, or None if it never ends."""
        source, end = self._source, self._end
        if self._tags_run_on:
            # One tag had no end, so quotes are off balance: the next ">" ends any tag.
            end = source.find(">", position, end) + 1
        found: list[Attribute] = []
        while True:
            close_match = _TAG_END.match(source, position, end)
            if close_match is not None:
                return found, close_match.end()
            match = _ATTRIBUTE.match(source, position, end)
            if match is None:
                self._tags_run_on = True
                return None
            position = match.end()
            name = match[1].lower()
            if match[2] is None:
                found.append(Attribute(name, position, position))
                continue
            first, last, position = self._value(position, end)
            found.append(Attribute(name, first, last))

    def _value(self, position: int, end: int) -> tuple[int, int, int]:
        """Return where an attribute's value starts and ends, and where to go on."""
        source = self._source
        quote = source[position : position + 1]
        if quote in ('"', "'") and quote not in self._missing_quotes:
            close = source.find(quote, position + 1, end)
            if close >= 0:
                return position + 1, close, close + 1
            if end == self._end:
                self._missing_quotes.add(quote)
        match = _UNQUOTED.match(source, position, end)
        last = match.end() if match else position
        # After a quote that nobody closes there is no telling what the value is.
        return position, position if quote in ('"', "'") else last, last
