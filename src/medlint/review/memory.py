"""Remembers which findings of a draft were skipped, so that a review can go on another day.

A finding is known by its fingerprint, which outlives changes elsewhere in the draft. The file lies
beside the compiled rulesets in the user's cache folder; it holds fingerprints, and no text.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from medlint.config import absolute
from medlint.digest import sha256
from medlint.loader import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

_LENGTH = 16
_HEX = frozenset("0123456789abcdef")


def recall(draft: Path) -> frozenset[str]:
    """Return the fingerprints that were skipped in a draft; a damaged file counts as none."""
    try:
        lines = _place(draft).read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(line for line in lines if len(line) == _LENGTH and set(line) <= _HEX)


def remember(draft: Path, skipped: frozenset[str]) -> bool:
    """Keep the fingerprints skipped in a draft; tell whether that could be done."""
    place = _place(draft)
    try:
        if not skipped:
            place.unlink(missing_ok=True)
            return True
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            temporary.write_text("".join(f"{each}\n" for each in sorted(skipped)), "ascii")
            temporary.replace(place)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _place(draft: Path) -> Path:
    name = sha256(str(absolute(draft)).encode("utf-8", "surrogatepass")).hexdigest()
    return cache_folder() / "reviews" / f"{name}.txt"
