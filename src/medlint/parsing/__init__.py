"""Parsing: from a draft's text to a `Document`, one file per input format.

A format is a function `parse(source, path) -> Document` in a file of its own; where drafts are no
text files, its function takes bytes. Others come from packages through entry points of the group
"medlint.formats": the entry point's name is the format's, and the function may have an attribute
`suffixes`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from medlint.errors import InputError
from medlint.parsing.decode import decode

if TYPE_CHECKING:
    from medlint.document import Document

# Each format's suffixes, and where its parser is: imported when the first draft needs it.
FORMATS: dict[str, tuple[tuple[str, ...], str]] = {
    "plain": ((".txt", ".text"), "medlint.parsing.plain:parse"),
    "markdown": (
        (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".qmd"),
        "medlint.parsing.markdown:parse",
    ),
    "html": ((".html", ".htm", ".xhtml"), "medlint.parsing.html:parse"),
}
# Formats whose files are no text; their parsers take bytes.
BINARY_FORMATS: dict[str, tuple[tuple[str, ...], str]] = {
    "docx": ((".docx",), "medlint.parsing.docx:parse"),
}
ENTRY_POINTS = "medlint.formats"
_SURROGATE = re.compile("[\ud800-\udfff]")


class Parser(Protocol):
    """What a format is: a pure function from a draft's text to its model."""

    def __call__(self, source: str, path: str) -> Document:
        """Parse `source`; `path` is for messages."""


class BytesParser(Protocol):
    """What a format of files that are no text is: a pure function from bytes to the model."""

    def __call__(self, data: bytes, path: str) -> Document:
        """Parse `data`; `path` is for messages."""


def parse(source: str, *, path: str, format: str | None = None) -> Document:  # noqa: A002 - the word users know
    """Parse a draft in the format named, or in the one its path's suffix tells.

    Raises:
        InputError: The format is unknown, or the draft is broken.
    """
    name = format_of(path) if format is None else format
    if name in BINARY_FORMATS:
        message = f"{path}: is no text but a file of the format {name}; give its bytes"
        raise InputError(message)
    parser = _parser(name, path)
    if not source.isascii():
        surrogate = _SURROGATE.search(source)
        if surrogate is not None:
            message = (
                f"{path}: half a surrogate pair at position {surrogate.start()}: this is no valid"
                " text; save the file as UTF-8"
            )
            raise InputError(message)
    try:
        return parser(source, path)
    except RecursionError:
        message = f"{path}: nested too deep to read; split the file or flatten its nesting"
        raise InputError(message) from None


def parse_bytes(data: bytes, *, path: str, format: str | None = None) -> Document:  # noqa: A002
    """Parse a draft's bytes, whether its format is a text or not.

    Raises:
        InputError: The format is unknown, or the bytes cannot be decoded or parsed.
    """
    name = format_of(path) if format is None else format
    if name not in BINARY_FORMATS:
        return parse(decode(data, path), path=path, format=name)
    module, _, function = BINARY_FORMATS[name][1].partition(":")
    read: BytesParser = getattr(import_module(module), function)
    return read(data, path)


def is_binary(path: str, format: str | None = None) -> bool:  # noqa: A002
    """Tell whether a draft's format is none of text.

    Raises:
        InputError: No format has this path's suffix.
    """
    return (format_of(path) if format is None else format) in BINARY_FORMATS


def known_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the formats that come with medlint."""
    known = {**FORMATS, **BINARY_FORMATS}
    return tuple(suffix for suffixes, _ in known.values() for suffix in suffixes)


def format_of(path: str) -> str:
    """Return the name of the format that a path's suffix tells.

    Raises:
        InputError: No format has this suffix.
    """
    lower = path.lower()
    for name, (suffixes, _) in (*FORMATS.items(), *BINARY_FORMATS.items()):
        if lower.endswith(suffixes):
            return name
    plugged_in = _plug_ins()
    for name, parser in plugged_in.items():
        if lower.endswith(tuple(getattr(parser, "suffixes", (f".{name}",)))):
            return name
    known = [*known_suffixes(), *(f".{name}" for name in plugged_in)]
    message = (
        f"{path}: unknown format; known suffixes are {', '.join(known)}; "
        "rename it, or pipe it in with --stdin-filename"
    )
    raise InputError(message)


def _parser(name: str, path: str) -> Parser:
    entry = FORMATS.get(name)
    if entry is not None:
        module, _, function = entry[1].partition(":")
        parser: Parser = getattr(import_module(module), function)
        return parser
    plugged_in = _plug_ins()
    if name in plugged_in:
        return plugged_in[name]
    known = ", ".join([*FORMATS, *BINARY_FORMATS, *plugged_in])
    message = f'{path}: unknown format "{name}"; known formats are {known}'
    raise InputError(message)


def _plug_ins() -> dict[str, Parser]:
    """Return the parsers that other packages offer, by format name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, rarely needed

    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return {point.name: point.load() for point in found}
