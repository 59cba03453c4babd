"""The report as comments in the draft itself: a Word document with one for each finding.

Nothing else changes: parts without comments are copied byte for byte, and the others differ by
the marks alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from medlint.errors import InputError
from medlint.parsing.docx.reading import read
from medlint.records import dataclass
from medlint.reporters.docx import anchors, comments
from medlint.reporters.docx.archive import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medlint.document import Document, Span
    from medlint.findings import FileReport
    from medlint.parsing.docx.reading import WordText
    from medlint.reporters.docx.anchors import Anchor

__all__ = ["annotate"]


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment to be made: what it says, where it is fastened, and what it is about."""

    lines: tuple[str, ...]
    anchor: Anchor
    span: Span


def annotate(data: bytes, file: FileReport) -> bytes:
    """Return a Word document with a comment for each finding.

    `data` are the bytes that `file` is the report of. Comments that an earlier run made are not
    made again.

    Raises:
        InputError: the bytes are no Word document.
        FixError: its archive cannot be written anew.
    """
    word = read(data, file.path)
    if file.document is None or file.document.source != word.source:
        message = f"{file.path}: is not what was checked; run medlint again"
        raise InputError(message)
    new = _without_known(_comments(word, file, file.document), word)
    if not new:
        return data
    first = _next_id(word)
    numbered = [(first + number, comment) for number, comment in enumerate(new)]
    text_style = word.styles.named("annotation text")
    mark_style = word.styles.named("annotation reference")
    places = [(key, comment.anchor) for key, comment in numbered]
    changes = comments.parts(
        word, [(key, comment.lines) for key, comment in numbered], (text_style, mark_style)
    )
    body = anchors.marked(word, places, mark_style)
    changes[word.main] = comments.restored(word.package.read(word.main), body)
    return rewritten(word.package, changes)


def _comments(word: WordText, file: FileReport, document: Document) -> list[_Comment]:
    made: list[_Comment] = []
    for finding in file.findings:
        anchor = anchors.find(word, finding.span) or anchors.body_start(word)
        if anchor is None:
            message = f"{file.path}: has no paragraph that a comment could stand at; add one"
            raise InputError(message)
        lines = comments.saying(finding, document, names_place=not anchor.is_exact)
        if not made:
            lines = (*lines, comments.notice())
        made.append(_Comment(lines, anchor, finding.span))
    return made


def _without_known(made: Sequence[_Comment], word: WordText) -> list[_Comment]:
    """Leave out what an earlier run has said about the same words."""
    own = [comment for comment in word.comments if comment.author == comments.AUTHOR]
    exact = Counter((comment.text, comment.span) for comment in own)
    loose = Counter(comment.text for comment in own)
    left = []
    for comment in made:
        text = "\n".join(comment.lines)
        key = (text, comment.span)
        if (exact[key] if comment.anchor.is_exact else loose[text]) > 0:
            exact[key] -= 1
            loose[text] -= 1
        else:
            left.append(comment)
    return left


def _next_id(word: WordText) -> int:
    """Return the first id from which on none is taken, by a comment or by a mark without one."""
    keys: Iterable[str] = (
        *(comment.id for comment in word.comments),
        *(
            key
            for story in word.stories
            for marks in (story.reader.starts, story.reader.ends, story.reader.references)
            for key in marks
        ),
    )
    return max((int(key) for key in keys if key.isascii() and key.isdigit()), default=-1) + 1
