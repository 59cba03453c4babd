"""Applies the rewrites that cannot change what is claimed, and writes drafts back safely."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from medlint.errors import FixError
from medlint.findings import RewriteKind
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from medlint.document import Span
    from medlint.findings import Edit, Finding

MAX_ROUNDS = 10

# Tried in this order; the first that gives the very bytes back is the draft's encoding.
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252", "latin-1")
_MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A source with its safe rewrites applied, and how many there were."""

    source: str
    count: int


def converge(source: str, lint: Callable[[str], Iterable[Finding]]) -> Fixed:
    """Apply safe rewrites and lint again until there are none left.

    `lint` returns the findings of a source with suppressed ones taken out. Rewrites that undo one
    another end after `MAX_ROUNDS` rounds.
    """
    total = 0
    for _ in range(MAX_ROUNDS):
        done = apply(source, lint(source))
        if not done.count:
            break
        source = done.source
        total += done.count
    return Fixed(source, total)


def apply(source: str, findings: Iterable[Finding]) -> Fixed:
    """Apply the safe rewrite of each finding once.

    Of rewrites that overlap or are the same, the first is applied; the others may come back
    when the result is linted.
    """
    chosen: list[Edit] = []
    count = 0
    for edits in sorted(filter(None, map(_safe_edits, findings)), key=_place):
        if _collides(edits, chosen) or not _inside(edits, source):
            continue
        for edit in edits:
            insort(chosen, edit, key=_span)
        count += 1
    pieces = []
    position = 0
    for edit in chosen:
        pieces += [source[position : edit.span.start], edit.text]
        position = edit.span.end
    return Fixed("".join(pieces) + source[position:], count)


def _safe_edits(finding: Finding) -> tuple[Edit, ...]:
    """Return the edits of a finding's first safe rewrite, without those that change nothing."""
    safe = (r.edits for r in finding.rewrites if r.kind is RewriteKind.SAFE and r.edits)
    return tuple(sorted(next(safe, ()), key=lambda edit: (edit.span, edit.text)))


def _place(edits: tuple[Edit, ...]) -> tuple[int, int, str]:
    return edits[0].span.start, edits[0].span.end, edits[0].text


def _collides(edits: tuple[Edit, ...], chosen: list[Edit]) -> bool:
    """Tell whether an edit meets another; two insertions at one place meet too.

    What is chosen stands in order and apart, so an edit can meet its neighbours only.
    """
    for number, edit in enumerate(edits):
        place = bisect_left(chosen, edit.span, key=_span)
        around = (*chosen[max(place - 1, 0) : place + 1], *edits[:number])
        if any(_meet(edit, other) for other in around):
            return True
    return False


def _span(edit: Edit) -> Span:
    return edit.span


def _meet(one: Edit, other: Edit) -> bool:
    return one.span.overlaps(other.span) or one.span.start == other.span.start


def _inside(edits: tuple[Edit, ...], source: str) -> bool:
    return all(0 <= e.span.start <= e.span.end <= len(source) for e in edits)


def diff(before: str, after: str, path: str) -> str:
    """Return the change as a unified diff, empty where there is none."""
    from difflib import unified_diff  # noqa: PLC0415  only --diff needs it

    lines = unified_diff(
        _lines(before), _lines(after), fromfile=f"a/{path}", tofile=f"b/{path}", n=3
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    # Only "\n" ends a line for the tools that read diffs.
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def encode(source: str, like: bytes, before: str) -> bytes:
    """Return a source as bytes in the encoding of the draft it came from.

    `like` are the draft's bytes and `before` its decoded text.

    Raises:
        FixError: no encoding gives those bytes back, or it cannot hold the new text.
    """
    for encoding in _ENCODINGS:
        mark = _MARKS.get(encoding, b"")
        try:
            if mark + before.encode(encoding) == like:
                return mark + source.encode(encoding)
        except UnicodeEncodeError:
            continue
    message = "its encoding cannot be written back; save it as UTF-8 first"
    raise FixError(message)


def write(path: Path, data: bytes, *, expected: bytes) -> None:
    """Replace a file's contents in one step, keeping its permissions.

    A link stays a link: the file it leads to is replaced.

    Raises:
        FixError: the file no longer holds `expected`, or cannot be written; it is as it was.
    """
    import tempfile  # noqa: PLC0415  only --fix needs it

    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
        if not os.access(target, os.W_OK):
            message = f"{path}: is read-only; the file is as it was"
            raise FixError(message)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as temporary:
                temporary.write(data)
                temporary.flush()
                os.fsync(handle)
            os.chmod(name, mode & 0o7777)  # noqa: PTH101  the name comes from mkstemp
            if target.read_bytes() != expected:
                message = f"{path}: changed while it was being checked; run medlint again"
                raise FixError(message)
            os.replace(name, target)  # noqa: PTH105
            name = ""
        finally:
            if name:
                os.unlink(name)  # noqa: PTH108
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}; the file is as it was"
        raise FixError(message) from error
