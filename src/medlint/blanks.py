"""Blanks in rewrites: facts that only the author knows, as `[names in brackets]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.errors import FixError
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def _fill(text: str, values: Mapping[str, str]) -> str:
    pieces = []
    position = 0
    for blank in blanks_in(text):
        value = values.get(blank.name, "").strip()
        if not value:
            message = f"[{blank.name}] is not filled in; only the author knows this fact"
            raise FixError(message)
        pieces += [text[position : blank.start], value]
        position = blank.end
    return "".join(pieces) + text[position:]
