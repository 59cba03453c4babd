"""Applies rewrites that need nobody to fill them in, and writes drafts back safely."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from medlint.blanks import blanks_in
from medlint.errors import FixError
from medlint.findings import RewriteKind
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from pathlib import Path

    from medlint.document import Span
    from medlint.findings import Edit, Finding, Rewrite

MAX_ROUNDS = 10

# Tried in this order; the first that gives the very bytes back is the draft's encoding.
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252", "latin-1")
_MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A source with rewrites applied, and how many there were."""

    source: str
    count: int


def converge(
    source: str, lint: Callable[[str], Iterable[Finding]], *, unsafe: bool = False
) -> Fixed:
    """Apply safe rewrites, or unsafe ones too, and lint again until there are none left.

    `lint` returns the findings of a source with suppressed ones taken out. Rewrites that undo one
    another end after `MAX_ROUNDS` rounds.
    """
    total = 0
    answered: frozenset[str] = frozenset()
    for _ in range(MAX_ROUNDS):
        # A finding that comes back as it was is not helped by the same rewrite again.
        findings = (each for each in lint(source) if each.fingerprint not in answered)
        chosen, edits = _chosen(source, findings, unsafe=unsafe)
        if not chosen:
            break
        source = _replaced(source, edits)
        total += len(chosen)
        if unsafe:
            answered |= {each.fingerprint for each in chosen if each.fingerprint}
    return Fixed(source, total)


def apply(source: str, findings: Iterable[Finding], *, unsafe: bool = False) -> Fixed:
    """Apply the first safe rewrite of each finding once, or the first safe or unsafe one.

    Of rewrites that overlap or are the same, the first is applied; the others may come back
    when the result is linted.
    """
    chosen, edits = _chosen(source, findings, unsafe=unsafe)
    return Fixed(_replaced(source, edits), len(chosen))


def _chosen(
    source: str, findings: Iterable[Finding], *, unsafe: bool
) -> tuple[list[Finding], list[Edit]]:
    """Return the findings whose rewrite goes in, and all edits of these rewrites."""
    kinds = {RewriteKind.SAFE, RewriteKind.UNSAFE} if unsafe else {RewriteKind.SAFE}
    wanted = [(_edits(finding, kinds), finding) for finding in findings]
    chosen: list[Finding] = []
    made: list[Edit] = []
    for edits, finding in sorted(
        (pair for pair in wanted if pair[0]), key=lambda pair: _place(pair[0])
    ):
        if not _collides(edits, made) and _inside(edits, source):
            for edit in edits:
                insort(made, edit, key=_span)
            chosen.append(finding)
    return chosen, made


def replaced(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with edits made, all or none.

    Raises:
        FixError: they meet one another or leave the source.
    """
    ordered = tuple(sorted(edits, key=lambda edit: (edit.span, edit.text)))
    if _collides(ordered, []) or not _inside(ordered, source):
        message = "this rewrite does not fit the draft; edit the words yourself"
        raise FixError(message)
    return _replaced(source, ordered)


def _replaced(source: str, edits: Iterable[Edit]) -> str:
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        pieces += [source[position : edit.span.start], edit.text]
        position = edit.span.end
    return "".join(pieces) + source[position:]


def applies(rewrite: Rewrite, kinds: Container[RewriteKind]) -> bool:
    """Tell whether a rewrite of one of the kinds can be applied as it stands."""
    if not rewrite.edits or rewrite.kind not in kinds:
        return False
    texts = (rewrite.text, *(edit.text for edit in rewrite.edits))
    return rewrite.kind is RewriteKind.SAFE or not any(map(_has_blank, texts))


def _has_blank(text: str) -> bool:
    # Words kept from the draft may hold a link in Markdown, or a footnote's mark.
    return any(
        text[blank.end : blank.end + 1] not in {"(", "["} and not blank.name.startswith("^")
        for blank in blanks_in(text)
    )


def _edits(finding: Finding, kinds: Container[RewriteKind]) -> tuple[Edit, ...]:
    """Return the edits of a finding's first rewrite of these kinds, in order."""
    fitting = (rewrite.edits for rewrite in finding.rewrites if applies(rewrite, kinds))
    return tuple(sorted(next(fitting, ()), key=lambda edit: (edit.span, edit.text)))


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
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
        if not os.access(target, os.W_OK):
            message = f"{path}: is read-only; the file is as it was"
            raise FixError(message)
        # Named before it is made: Ctrl-C may come while it is. So long a name is nobody else's, and
        # does not grow with the draft's, which may be as long as a name can be.
        name = target.with_name(f".medlint-{os.urandom(16).hex()}")
        try:
            with open(name, "xb", opener=_private) as temporary:
                temporary.write(data)
                temporary.flush()
                os.fsync(temporary.fileno())
            name.chmod(mode & 0o7777)
            if target.read_bytes() != expected:
                message = f"{path}: changed while it was being checked; run medlint again"
                raise FixError(message)
            os.replace(name, target)  # noqa: PTH105
        finally:
            # It is gone where it took the file's place, even if Ctrl-C came that moment.
            name.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror}; the file is as it was"
        raise FixError(message) from error


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else may read before it has the permissions of the draft."""
    return os.open(path, flags, 0o600)
