"""Globs as in .gitignore files, from anyone: what is no glob, or would take for ever, is told.

A glob becomes a regular expression that tries every way to share a name out among its wildcards;
few wildcards keep that short.
"""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pathspec import GitIgnoreSpec

MOST_STARS = 3
MOST_DOUBLE_STARS = 3
LONGEST = 1000


def matcher(globs: Iterable[str]) -> Callable[[str], bool]:
    """Return a test of paths against globs, written as in a .gitignore file.

    Raises:
        ValueError: a glob is not well formed, or has too many wildcards.
    """
    return _compiled(tuple(globs)).match_file


def ignore_file(text: str) -> Callable[[str], bool | None]:
    """Return what a .gitignore file says of a path: ignored, not ignored, or nothing.

    Lines that are no globs mean nothing, as to Git.
    """
    lines = text.splitlines()
    try:
        spec = _compiled(lines)
    except ValueError:
        spec = _compiled(filter(_is_right, lines))
    return lambda path: spec.check_file(path).include


def _is_right(glob: str) -> bool:
    with suppress(ValueError):
        return _compiled((glob,)) is not None
    return False


def _compiled(globs: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  slow to import, seldom needed

    globs = tuple(globs)
    for glob in globs:
        _refuse_endless(glob)
    with warnings.catch_warnings():
        # "[[a-z]" means what it always meant; Python warns that it may not for ever.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return GitIgnoreSpec.from_lines(globs)
        except re.error as error:
            # A range such as [z-a].
            raise ValueError(str(error)) from None


def _refuse_endless(glob: str) -> None:
    if glob.startswith("#"):
        return
    if len(glob) > LONGEST:
        message = f"it is longer than {LONGEST:,} characters"
        raise ValueError(message)
    parts = glob.split("/")
    if sum("**" in part for part in parts) > MOST_DOUBLE_STARS:
        message = f"it has more than {MOST_DOUBLE_STARS} “**”"
        raise ValueError(message)
    if any(part.count("*") > MOST_STARS for part in parts):
        message = f"it has more than {MOST_STARS} “*” between two slashes"
        raise ValueError(message)
