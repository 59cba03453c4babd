"""What a superscript says: a citation, a trade mark, the end of an ordinal number."""

from __future__ import annotations

import re

_CITATION = re.compile(r"\[?[\d*†‡§][\d,;\s*†‡§–-]{0,11}\]?")  # noqa: RUF001
_TRADE_MARKS = frozenset({"®", "™", "tm", "sm", "℠"})
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def raised(text: str, before: str) -> str:
    """Return a raised text as it reads behind the character `before`, if there is one.

    A citation comes in brackets, a trade mark goes, and other words do not stick to the one before.
    """
    stripped = text.strip()
    if not before or before.isspace() or stripped.lower() in _ORDINALS or before.isdigit():
        return text
    if stripped.lower() in _TRADE_MARKS:
        return ""
    if _CITATION.fullmatch(stripped):
        return f"[{stripped.strip('[]')}]"
    return f" {text}"
