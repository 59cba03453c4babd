"""HTML that cannot be broken out of: whatever is not `Html` already is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

# Joiners make one emoji of several and spell some scripts; they act on nothing around them.
_JOINERS = "\u200c\u200d"
_VOID = frozenset({"col", "input", "meta", "rect"})


class Html(str):
    """Text that is HTML already; nothing else goes into a page unescaped."""

    __slots__ = ()


# Line ends of the page's own source; one in a text is a blank.
BREAK = Html("\n")

Attribute: TypeAlias = str | int | bool | None


def element(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """Return an element; children that are not `Html` are escaped, as all attributes are.

    An underscore in an attribute's name is a hyphen, one at its end (`class_`) nothing. True gives
    a bare attribute, None and False none.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{safe(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    start = f"<{name}{written}>"
    return Html(start if name in _VOID else f"{start}{joined(children)}</{name}>")


def joined(children: Iterable[str], separator: str = "") -> Html:
    """Return pieces one behind the other; those that are not `Html` are escaped."""
    return Html(_html(separator).join(map(_html, children)))


def lines(children: Iterable[str]) -> Html:
    """Return pieces on lines of their own, for those who read or compare the source."""
    return Html("".join(f"{_html(child)}\n" for child in children))


def safe(text: str) -> Html:
    """Return text escaped, without characters that would turn or hide what follows."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in _JOINERS else _shown(c) for c in text)
    return Html(escape(text))


def _html(text: str) -> Html:
    return text if isinstance(text, Html) else safe(text)


def _shown(character: str) -> str:
    return " " if character.isspace() else "\ufffd"
