"""Parsing: from a draft's text to a `Document`, one file per input format.

A format is a function `parse(source, path) -> Document` in a file of its own. Others come from
packages through entry points of the group "medlint.formats": the entry point's name is the
format's, and the function may have an attribute `suffixes`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from medlint.errors import InputError

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
ENTRY_POINTS = "medlint.formats"
_SURROGATE = re.compile("[\ud800-\udfff]")


class Parser(Protocol):
    """What a format is: a pure function from a draft's text to its model."""

    def __call__(self, source: str, path: str) -> Document:
        """Parse `source`; `path` is for messages."""


def parse(source: str, *, path: str, format: str | None = None) -> Document:  # noqa: A002 - the word users know
    """Parse a draft in the format named, or in the one its path's suffix tells.

    Raises:
        InputError: The format is unknown, or the draft is broken.
    """
    name = format_of(path) if format is None else format
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


def known_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the formats that come with medlint."""
    return tuple(suffix for suffixes, _ in FORMATS.values() for suffix in suffixes)


def format_of(path: str) -> str:
    """Return the name of the format that a path's suffix tells.

    Raises:
        InputError: No format has this suffix.
    """
    lower = path.lower()
    for name, (suffixes, _) in FORMATS.items():
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
    known = ", ".join([*FORMATS, *plugged_in])
    message = f'{path}: unknown format "{name}"; known formats are {known}'
    raise InputError(message)


def _plug_ins() -> dict[str, Parser]:
    """Return the parsers that other packages offer, by format name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, rarely needed

    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return {point.name: point.load() for point in found}
