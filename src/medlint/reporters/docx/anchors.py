"""Where a comment is fastened: marks in and between the runs of a Word document's body.

Only runs that a finding begins or ends in are written anew, and only where it does so in their
middle are they split.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import IntEnum
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from medlint.parsing.docx.markup import STRICT_WORD, WORD
from medlint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medlint.document import Span
    from medlint.parsing.docx.model import Atom, Run
    from medlint.parsing.docx.reading import Line, Story, WordText

_TAG = re.compile(rb"<([^\s/>]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_ANY_RUN = re.compile(rb"<(?:([^\s/>:]+):)?r[\s/>]")

# Where a run is cut: before a character of one of its children. The first two are its outside.
Cut = tuple[int, int]
BEFORE: Cut = (-1, 0)
AFTER: Cut = (1 << 30, 0)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The range of runs that a comment is about; `is_exact` tells whether it is the very words."""

    first: int
    start: Cut
    last: int
    end: Cut
    is_exact: bool = True


class _Kind(IntEnum):
    """The three marks of a comment, in the order in which they stand at one place."""

    START = 0
    END = 1
    REFERENCE = 2


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark of a comment in a run."""

    cut: Cut
    number: int
    kind: _Kind


@dataclass(frozen=True, slots=True)
class Words:
    """How elements of Word are spelt in a part: their prefix, or a declaration that brings one."""

    prefix: str
    declaration: str = ""

    @classmethod
    def of(cls, prefix: bytes | None, *, strict: bool) -> Words:
        """Return the spelling for a part whose elements have a prefix, or none."""
        if prefix:
            return cls(prefix.decode())
        # Without a prefix there, attributes could not have one.
        return cls("w", f' xmlns:w="{STRICT_WORD if strict else WORD}"')

    def empty(self, name: str, **attributes: str) -> str:
        """Return an element without content; attributes are Word's."""
        return self._tag(name, attributes) + "/>"

    def element(self, name: str, content: str, **attributes: str) -> str:
        """Return an element with content."""
        return f"{self._tag(name, attributes)}>{content}</{self.prefix}:{name}>"

    def _tag(self, name: str, attributes: dict[str, str]) -> str:
        quoted = {'"': "&quot;"}
        written = "".join(
            f' {self.prefix}:{key}="{escape(value, quoted)}"' for key, value in attributes.items()
        )
        return f"<{self.prefix}:{name}{self.declaration}{written}"


def find(word: WordText, span: Span) -> Anchor | None:
    """Return where a comment about a range of the text is fastened; None: nowhere of its own."""
    starts = [line.start for line in word.lines]
    first = _line(word, starts, span.start)
    last = _line(word, starts, max(span.end - 1, span.start))
    if first is None or last is None:
        return None
    if first.reference is not None:
        # Word takes comments in a note, but LibreOffice then does not open the document.
        anchor = find(word, first.reference)
        return replace(anchor, is_exact=False) if anchor is not None else None
    if first.story or last.story:
        return None
    begin = _atom(first, span.start - first.start)
    end = _atom(last, max(span.end - 1, span.start) - last.start)
    if begin is None or end is None:
        return None
    exact = begin.child is not None and end.child is not None
    start_cut = _cut(first, begin, span.start - first.start, at_end=False)
    end_cut = _cut(last, end, span.end - last.start, at_end=True)
    if span.start >= span.end:
        end_cut = start_cut
    return Anchor(begin.run, start_cut, end.run, end_cut, exact)


def _line(word: WordText, starts: Sequence[int], position: int) -> Line | None:
    number = bisect_right(starts, position)
    return word.lines[number - 1] if number else None


def _atom(line: Line, position: int) -> Atom | None:
    """Return the characters of a run at a position, or those nearest to it."""
    atoms = line.paragraph.atoms
    following = (atom for atom in atoms if atom.end > position)
    return next(following, atoms[-1] if atoms else None)


def _cut(line: Line, atom: Atom, position: int, *, at_end: bool) -> Cut:
    """Return where the atom's run is cut for a mark at a position of the line."""
    own = [each for each in line.paragraph.atoms if each.run == atom.run]
    if atom.child is None:
        return AFTER if at_end else BEFORE
    if at_end and position >= own[-1].end:
        return AFTER
    if not at_end and position <= own[0].start:
        return BEFORE
    if at_end and (position >= atom.end or not atom.splits):
        return atom.child + 1, 0
    if position <= atom.start or not atom.splits:
        return atom.child, 0
    return atom.child, position - atom.start


def body_start(word: WordText) -> Anchor | None:
    """Return the point before the body's first words, for what cannot have comments itself."""
    for line in word.lines:
        if line.story == 0 and line.paragraph.atoms:
            run = line.paragraph.atoms[0].run
            return Anchor(run, BEFORE, run, BEFORE, is_exact=False)
    return None


def marked(word: WordText, anchors: Iterable[tuple[int, Anchor]], style: str) -> bytes:
    """Return the body's part with the marks of comments, given by their ids.

    `style` is the character style of a comment's reference, if the document has one.
    """
    story = word.stories[0]
    runs = story.reader.runs
    marks: dict[int, list[_Mark]] = {}
    outside: dict[int, list[_Mark]] = {}
    for key, anchor in anchors:
        marks.setdefault(anchor.first, []).append(_Mark(anchor.start, key, _Kind.START))
        marks.setdefault(anchor.last, []).append(_Mark(anchor.end, key, _Kind.END))
        position, number, cut = _reference_place(story, anchor)
        mark = _Mark(cut, key, _Kind.REFERENCE)
        if number is None:
            outside.setdefault(position, []).append(mark)
        else:
            marks.setdefault(number, []).append(mark)
    texts = texts_of(word, 0, marks)
    edits: list[tuple[int, int, bytes]] = []
    for index, own in marks.items():
        writer = RunWriter(story, runs[index], texts.get(index, {}), word.strict, style)
        edits.append((runs[index].start, writer.end, writer.write(own)))
    for position, own in outside.items():
        # Any run of the story tells how names are spelt in it.
        writer = RunWriter(story, runs[0], {}, word.strict, style)
        edits.append((position, position, writer.marks(own)))
    output = []
    done = 0
    for begin, end, content in sorted(edits, key=lambda edit: edit[:2]):
        output += [story.data[done:begin], content]
        done = end
    return b"".join((*output, story.data[done:]))


def _reference_place(story: Story, anchor: Anchor) -> tuple[int, int | None, Cut]:
    """Return where a comment's reference stands: at a position, or else at a cut of a run.

    It stands behind the last words, but outside of links, insertions, fields and content controls:
    rejecting a change must not delete it, and LibreOffice loses text before one in a control.
    """
    runs = story.reader.runs
    run = runs[anchor.last]
    if run.is_boxed:
        free = [n for n, each in enumerate(runs) if not each.is_boxed and not each.wrapper]
        following = bisect_right(free, anchor.last)
        if following < len(free):
            return 0, free[following], BEFORE
        if free:
            return 0, free[-1], AFTER
    if run.wrapper:
        return story.data.index(b">", run.wrapper) + 1, None, AFTER
    return 0, anchor.last, anchor.end


def texts_of(word: WordText, story: int, runs: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return the texts of the children of a story's runs, by run and child."""
    wanted = set(runs)
    texts: dict[int, dict[int, str]] = {}
    for line in word.lines:
        if line.story != story:
            continue
        whole = line.paragraph.text
        for atom in line.paragraph.atoms:
            if atom.run in wanted and atom.child is not None:
                texts.setdefault(atom.run, {})[atom.child] = whole[atom.start : atom.end]
    return texts


class RunWriter:
    """Writes one run anew: with marks in it, or in pieces."""

    def __init__(
        self,
        story: Story,
        run: Run,
        texts: dict[int, str],
        strict: bool,  # noqa: FBT001 - passed on as it came
        style: str = "",
    ) -> None:
        """Take the run, the texts of its children, and the style of a comment's reference."""
        self._data = story.data
        self._run = run
        self._texts = texts
        self._style = style
        self.end = story.data.index(b">", run.tag) + 1
        found = _ANY_RUN.match(story.data, run.start)
        self.words = Words.of(found[1] if found else None, strict=strict)

    def write(self, marks: Sequence[_Mark]) -> bytes:
        """Return the run with marks in it, split where one stands in its middle."""
        run = self._run
        cuts = sorted({mark.cut for mark in marks} | {BEFORE, AFTER})
        pieces: list[bytes] = []
        for number, cut in enumerate(cuts):
            pieces.append(self.marks([mark for mark in marks if mark.cut == cut]))
            if cut == AFTER:
                break
            following = cuts[number + 1]
            if (cut, following) == (BEFORE, AFTER):
                pieces.append(self._data[run.start : self.end])
            else:
                pieces.append(self._piece(cut, following))
        return b"".join(pieces)

    def marks(self, here: Sequence[_Mark]) -> bytes:
        """Return the marks of one place: those of comments that end here come first."""
        starting = {mark.number for mark in here if mark.kind is _Kind.START}
        ending = {mark.number for mark in here if mark.kind is not _Kind.START}
        order = sorted(
            here,
            key=lambda mark: (
                mark.number in starting,
                mark.number not in ending,
                mark.number,
                mark.kind,
            ),
        )
        return "".join(map(self._mark, order)).encode()

    def _mark(self, mark: _Mark) -> str:
        words, key = self.words, str(mark.number)
        if mark.kind is _Kind.START:
            return words.empty("commentRangeStart", id=key)
        if mark.kind is _Kind.END:
            return words.empty("commentRangeEnd", id=key)
        look = words.element("rPr", words.empty("rStyle", val=self._style)) if self._style else ""
        return words.element("r", look + words.empty("commentReference", id=key))

    def _piece(self, start: Cut, end: Cut) -> bytes:
        """Return a run with what stands between two cuts."""
        return self._with_head(self.inside(start, end))

    def wrapped(self, content: bytes) -> bytes:
        """Return a run of the same look with other content; without any, nothing."""
        return self._with_head(content) if content else b""

    def _with_head(self, content: bytes) -> bytes:
        data, run = self._data, self._run
        head = data[run.start : run.children[1 if run.has_properties else 0]]
        return b"".join((head, content, data[run.tag : self.end]))

    def inside(self, start: Cut, end: Cut) -> bytes:
        """Return what stands between two cuts, formatting left aside."""
        run = self._run
        first = 1 if run.has_properties else 0
        inside = []
        for child in range(first, len(run.children)):
            begin = start[1] if child == start[0] else 0
            stop = end[1] if child == end[0] else None
            if child < start[0] or child > end[0] or stop == 0:
                continue
            text = self._texts.get(child, "")
            if begin == 0 and stop is None:
                inside.append(self._whole(child))
            else:
                inside.append(self._text(child, text[begin:stop]))
        return b"".join(inside)

    def _whole(self, child: int) -> bytes:
        children = (*self._run.children, self._run.tag)
        return self._data[children[child] : children[child + 1]]

    def _text(self, child: int, text: str) -> bytes:
        found = _TAG.match(self._data, self._run.children[child])
        name = found[1].decode() if found else "w:t"
        return f'<{name} xml:space="preserve">{escape(text)}</{name}>'.encode()
