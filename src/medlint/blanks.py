"""Blanks in rewrites: facts that only the author knows, as `[names in brackets]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.errors import FixError
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank of a rewrite: its name, and where its brackets begin and end in the text."""

    name: str
    start: int
    end: int


def blanks_in(text: str) -> tuple[Blank, ...]:
    """Return the blanks of a rewrite's text, from left to right.

    An opening bracket without its closing one is no blank.
    """
    found = []
    end = 0
    while (start := text.find("[", end)) >= 0 and (close := text.find("]", start)) >= 0:
        start = text.rfind("[", start, close)
        end = close + 1
        found.append(Blank(text[start + 1 : close], start, end))
    return tuple(found)


def filled(rewrite: Rewrite, values: Mapping[str, str]) -> Rewrite:
    """Return a rewrite with its blanks filled, in its text and in its edits, so it can be applied.

    `values` has a text for each blank's name. A rewrite without blanks comes back as it is.

    Raises:
        FixError: a blank was left empty; the message names it.
    """
    if not blanks_in(rewrite.text):
        return rewrite
    edits = tuple(Edit(edit.span, _fill(edit.text, values)) for edit in rewrite.edits)
    return Rewrite(RewriteKind.UNSAFE, _fill(rewrite.text, values), edits)


def cut(text: str) -> tuple[str | Blank, ...]:
    """Return a text cut at its blanks: words and blanks in their order."""
    pieces: list[str | Blank] = []
    position = 0
    for blank in blanks_in(text):
        pieces += [text[position : blank.start], blank]
        position = blank.end
    pieces.append(text[position:])
    return tuple(piece for piece in pieces if piece)


def replaced(text: str, value: Callable[[Blank], str]) -> str:
    """Return a text with a value in the place of each blank, brackets included."""
    return "".join(piece if isinstance(piece, str) else value(piece) for piece in cut(text))


def _fill(text: str, values: Mapping[str, str]) -> str:
    def value(blank: Blank) -> str:
        found = values.get(blank.name, "").strip()
        if not found:
            message = f"[{blank.name}] is not filled in; only the author knows this fact"
            raise FixError(message)
        return found

    return replaced(text, value)
