"""Reading a part's XML: with the standard library's expat, with names shortened, and with limits.

A document type is refused before it is read, so there are no entities to multiply and nothing to
fetch. Every position is a byte offset of the part, as UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from medlint.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Word itself gives up at some forty tables inside one another.
DEEPEST = 1000

_MAIN = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
WORD = f"{_MAIN}/wordprocessingml/2006/main"
STRICT_WORD = f"{_STRICT}/wordprocessingml/main"
_PREFIXES = {
    WORD: "w",
    STRICT_WORD: "w",
    f"{_MAIN}/drawingml/2006/main": "a",
    f"{_STRICT}/drawingml/main": "a",
    f"{_MAIN}/drawingml/2006/diagram": "dgm",
    f"{_STRICT}/drawingml/diagram": "dgm",
    f"{_MAIN}/drawingml/2006/wordprocessingDrawing": "wp",
    f"{_STRICT}/drawingml/wordprocessingDrawing": "wp",
    f"{_MAIN}/officeDocument/2006/relationships": "r",
    f"{_STRICT}/officeDocument/relationships": "r",
    f"{_MAIN}/officeDocument/2006/math": "m",
    f"{_STRICT}/officeDocument/math": "m",
    f"{_MAIN}/markup-compatibility/2006": "mc",
    f"{_MAIN}/package/2006/relationships": "",
    f"{_MAIN}/package/2006/content-types": "",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml\b[^>]*\bencoding\s*=\s*[\"']([^\"'>]*)[\"']")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KNOWN_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "utf-16"})


class Reader(Protocol):
    """What takes the events of a part."""

    def start(self, name: str, attributes: Mapping[str, str], position: int) -> None:
        """Take a start tag at `position`; names are like “w:p”."""

    def end(self, name: str, position: int) -> None:
        """Take an end tag at `position` (of the start tag, if that closes itself)."""

    def text(self, text: str) -> None:
        """Take text between tags."""


def as_utf8(data: bytes, where: str) -> bytes:
    """Return a part as UTF-8, which is what nearly all are.

    Raises:
        InputError: it is written in what no Word document may be written in.
    """
    if data.startswith(_UTF_16):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            message = f"{where} is damaged ({error}); open the file in Word and save it"
            raise InputError(message) from None
    found = _DECLARATION.match(data)
    encoding = found[1].decode("ascii", "replace") if found else "utf-8"
    if encoding.lower() not in _KNOWN_ENCODINGS:
        message = f"{where} is written in {encoding}, where Word writes UTF-8; save it with Word"
        raise InputError(message)
    return data


def read(data: bytes, reader: Reader, where: str) -> None:
    """Send the events of a part, given as UTF-8, to a reader; `where` is for messages.

    Raises:
        InputError: it is no sound XML, has a document type, or is nested too deep.
    """
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    short = _Names()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            message = f"{where} is nested {depth} elements deep; split tables inside tables"
            raise InputError(message)
        named = {short[key]: value for key, value in attributes.items()} if attributes else {}
        reader.start(short[name], named, parser.CurrentByteIndex)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(short[name], parser.CurrentByteIndex)

    def refuse(name: str, *_: object) -> None:
        message = f"{where} declares a document type ({name}), which Word never writes; not read"
        raise InputError(message)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - its second argument has no name
    except expat.ExpatError as error:
        message = (
            f"{where} is damaged (line {error.lineno}: {expat.ErrorString(error.code)}); open the"
            " file in Word, let Word repair it, and save it"
        )
        raise InputError(message) from None


class _Names(dict[str, str]):
    """Names with a known prefix in place of their namespace, each worked out once."""

    def __missing__(self, name: str) -> str:
        space, blank, local = name.rpartition(" ")
        prefix = _PREFIXES.get(space, "?") if blank else ""
        self[name] = short = f"{prefix}:{local}" if prefix else local
        return short


class _Collector:
    """Collects the attributes of one kind of element."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Mapping[str, str]] = []

    def start(self, name: str, attributes: Mapping[str, str], _: int) -> None:
        if name == self.name:
            self.found.append(attributes)

    def end(self, name: str, position: int) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def attributes_of(data: bytes, name: str, where: str) -> list[Mapping[str, str]]:
    """Return the attributes of every element of a name, in order.

    Raises:
        InputError: the part cannot be read.
    """
    collector = _Collector(name)
    read(as_utf8(data, where), collector, where)
    return collector.found
