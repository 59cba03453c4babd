"""Writes an edited text back into the Word document that it came from, as tracked changes.

What was not edited stays byte for byte; in an edited paragraph only the words that differ are
marked as deleted and inserted, in the formatting of their place. The result is read again: if its
text is not the wanted one, there is none.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import count, takewhile
from typing import TYPE_CHECKING, NoReturn
from xml.sax.saxutils import escape

from medlint.document import BlockKind
from medlint.errors import FixError
from medlint.parsing.docx.reading import read
from medlint.records import dataclass
from medlint.reporters.docx import comments
from medlint.reporters.docx.anchors import AFTER, BEFORE, Cut, RunWriter, texts_of
from medlint.reporters.docx.archive import rewritten
from medlint.reporters.docx.extents import extents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from medlint.parsing.docx.model import Atom
    from medlint.parsing.docx.reading import Line, Story, WordText

_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)
# Beyond this many words, what lies between the first and the last difference is one change.
_MOST_WORDS = 1_500
_TEXT_TAG = re.compile(rb"(</?(?:[^\s<>/:]+:)?)t(?=[\s>/])")
_ID = re.compile(rb"[:\s]id=[\"'](\d{1,9})[\"']")
_NO_XML = re.compile("[\x00-\x08\x0c\x0e-\x1f\ufffe\uffff]")
_CHILDREN = {"\t": "tab", "\v": "br"}
_DELETABLE = frozenset("\t\v\u2011\u00ad")
_WAY_OUT = "undo the change, or make it in Word"
# Of the words that a message quotes.
_LONGEST_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Change:
    """Replace the characters `start` to `end` of a line by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of a text's lines: changes inside them, and lines added behind them.

    What is added in front of all stands behind the line -1.
    """

    changes: Mapping[int, tuple[Change, ...]]
    added: Mapping[int, tuple[str, ...]]


def revised(data: bytes, path: str, text: str) -> bytes:
    """Return a Word document with its text changed, one line for each paragraph.

    Lines without text count for nothing. Where nothing was changed, the bytes are the same.

    Raises:
        InputError: the bytes are no Word document.
        FixError: a change cannot be written into it.
    """
    word = read(data, path)
    wanted = [line for line in text.split("\n") if line.strip()]
    present = [line.paragraph.text for line in word.lines]
    if wanted == present:
        return data
    if _NO_XML.search(text):
        _fail(path, "a control character cannot stand in a Word document")
    if not word.lines:
        _fail(path, "a document without text cannot be filled here")
    plan = _compared(present, wanted)
    parts = {}
    for number, story in enumerate(word.stories):
        content = _StoryWriter(word, number).write(plan)
        if content is not None:
            parts[story.part] = comments.restored(word.package.read(story.part), content)
    result = rewritten(word.package, parts)
    if [line.paragraph.text for line in read(result, path).lines] != wanted:
        _fail(path, "a change cannot be written into the Word document")
    return result


def _fail(path: str, cause: str) -> NoReturn:
    message = f"{path}: {cause}; {_WAY_OUT}"
    raise FixError(message)


# What has changed


def _compared(present: Sequence[str], wanted: Sequence[str]) -> _Plan:
    changes: dict[int, tuple[Change, ...]] = {}
    added: dict[int, tuple[str, ...]] = {}
    matcher = SequenceMatcher(None, present, wanted, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(last - first, end - start)
        for number in range(paired):
            changes[first + number] = changes_between(
                present[first + number], wanted[start + number]
            )
        for number in range(first + paired, last):
            changes[number] = (Change(0, len(present[number]), ""),)
        if start + paired < end:
            added[first + paired - 1] = tuple(wanted[start + paired : end])
    return _Plan(changes, added)


def changes_between(old: str, new: str) -> tuple[Change, ...]:
    """Return what makes one line of another, in whole words, from left to right."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    inner, replaced = before[head : len(before) - tail], after[head : len(after) - tail]
    position = len("".join(before[:head]))
    if len(inner) + len(replaced) > _MOST_WORDS:
        return (Change(position, position + len("".join(inner)), "".join(replaced)),)
    starts = [position]
    for piece in inner:
        starts.append(starts[-1] + len(piece))
    changes: list[Change] = []
    kept = ""
    for tag, first, last, start, end in SequenceMatcher(
        None, inner, replaced, autojunk=False
    ).get_opcodes():
        text = "".join(replaced[start:end])
        if tag == "equal":
            kept = text
        elif changes and kept.isspace():
            # Words that follow each other are easier to read as one change.
            text = f"{changes[-1].text}{kept}{text}"
            changes[-1] = Change(changes[-1].start, starts[last], text)
        else:
            changes.append(Change(starts[first], starts[last], text))
    return tuple(changes)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


# Writing it


class _StoryWriter:
    """Writes the changes of one story."""

    def __init__(self, word: WordText, number: int) -> None:
        self._word = word
        self._number = number
        self._path = word.package.path
        self._story: Story = word.stories[number]
        known = (int(found[1]) for found in _ID.finditer(self._story.data))
        self._ids = count(max(known, default=0) + 1)

    def write(self, plan: _Plan) -> bytes | None:
        """Return the story's part anew, or None where nothing changes in it."""
        edits: list[tuple[int, int, bytes]] = []
        for number, line in enumerate(self._word.lines):
            if line.story != self._number:
                continue
            if number in plan.changes:
                edits += self._changed(line, plan.changes[number])
            if number in plan.added:
                edits.append(self._added(line, plan.added[number], behind=True))
            if number == 0 and -1 in plan.added:
                edits.append(self._added(line, plan.added[-1], behind=False))
        if not edits:
            return None
        output = []
        done = 0
        for start, end, content in sorted(edits, key=lambda edit: edit[:2]):
            output += [self._story.data[done:start], content]
            done = end
        return b"".join((*output, self._story.data[done:]))

    def _changed(self, line: Line, changes: Iterable[Change]) -> Iterator[tuple[int, int, bytes]]:
        """Yield what replaces the runs of a line that the changes touch."""
        by_run: dict[int, list[tuple[Change, bool]]] = {}
        for change in changes:
            atoms = [atom for atom in line.paragraph.atoms if _touches(atom, change)]
            for atom in atoms:
                self._refuse_whole(line, atom, change)
            runs = list(dict.fromkeys(atom.run for atom in atoms))
            place = runs[0] if runs else self._place(line, change.start).run
            for run in runs or [place]:
                by_run.setdefault(run, []).append((change, run == place))
        texts = texts_of(self._word, self._number, by_run)
        for run, own in by_run.items():
            writer = self._writer(run, texts.get(run, {}))
            yield self._story.reader.runs[run].start, writer.end, self._run(line, run, own, writer)

    def _refuse_whole(self, line: Line, atom: Atom, change: Change) -> None:
        """Refuse to take apart what is one thing, or to delete what is more than characters."""
        text = line.paragraph.text[atom.start : atom.end]
        if atom.child is None:
            _fail(self._path, f"“{_short(text)}” ({line.place}) cannot be changed from here")
        if not atom.splits and not (_DELETABLE.issuperset(text)):
            _fail(self._path, f"“{_short(text)}” ({line.place}) cannot be changed from here")
        if not atom.splits and not (change.start <= atom.start and atom.end <= change.end):
            _fail(self._path, f"“{_short(text)}” ({line.place}) cannot be taken apart")

    def _place(self, line: Line, position: int) -> Atom:
        """Return the characters beside which text is inserted, in their formatting."""
        near = [a for a in line.paragraph.atoms if a.start <= position <= a.end]
        direct = [atom for atom in near if atom.child is not None]
        if not direct:
            _fail(self._path, f"nothing can be inserted in {line.place}")
        return next((atom for atom in direct if atom.splits), direct[0])

    def _writer(self, run: int, texts: dict[int, str]) -> RunWriter:
        return RunWriter(self._story, self._story.reader.runs[run], texts, self._word.strict)

    def _run(
        self, line: Line, run: int, changes: Sequence[tuple[Change, bool]], writer: RunWriter
    ) -> bytes:
        """Return a run with the changes in it; those marked insert their text here."""
        atoms = [a for a in line.paragraph.atoms if a.run == run and a.child is not None]
        pieces: list[bytes] = []
        done: Cut = BEFORE
        for change, inserts in changes:
            start = _cut(atoms, max(change.start, atoms[0].start))
            end = _cut(atoms, min(change.end, atoms[-1].end))
            pieces.append(writer.wrapped(writer.inside(done, start)))
            deleted = writer.inside(start, end) if change.start < change.end else b""
            if deleted:
                content = writer.wrapped(_TEXT_TAG.sub(rb"\1delText", deleted))
                pieces.append(self._tracked(writer, "del", content))
            if inserts and change.text:
                content = writer.wrapped(_children(writer, change.text))
                pieces.append(self._tracked(writer, "ins", content))
            done = end if change.start < change.end else start
        pieces.append(writer.wrapped(writer.inside(done, AFTER)))
        return b"".join(pieces)

    def _tracked(self, writer: RunWriter, name: str, content: bytes) -> bytes:
        return writer.words.element(
            name, content.decode(), id=str(next(self._ids)), author=comments.AUTHOR
        ).encode()

    def _added(self, line: Line, texts: Sequence[str], *, behind: bool) -> tuple[int, int, bytes]:
        """Return new paragraphs beside a line's, in its look unless that is a heading."""
        atoms = [atom for atom in line.paragraph.atoms if atom.child is not None]
        if not atoms:
            _fail(self._path, f"no paragraph can be added at {line.place}")
        run = atoms[-1].run
        data = self._story.data
        where = f"{self._path}: {self._story.part}"
        extent = extents(data, where)[self._story.reader.runs[run].start]
        shares_look = behind and line.look.kind is not BlockKind.HEADING
        look = data[extent.look_start : extent.look_end].decode() if shares_look else ""
        writer = self._writer(run, {})
        words = writer.words
        made = []
        for text in texts:
            mark = words.empty("ins", id=str(next(self._ids)), author=comments.AUTHOR)
            properties = words.element("pPr", look + words.element("rPr", mark))
            children = _children(writer, text)
            content = (
                writer.wrapped(children)
                if shares_look
                else words.element("r", children.decode()).encode()
            )
            inside = properties + self._tracked(writer, "ins", content).decode()
            made.append(words.element("p", inside))
        position = extent.end if behind else extent.start
        return position, position, "".join(made).encode()


def _touches(atom: Atom, change: Change) -> bool:
    return atom.start < change.end and change.start < atom.end


def _cut(atoms: Sequence[Atom], position: int) -> Cut:
    """Return where a run is cut at a position of its line: before a child, or inside one."""
    for atom in atoms:
        if position < atom.end:
            child = atom.child or 0
            return (child, max(position - atom.start, 0))
    return (atoms[-1].child or 0) + 1, 0


def _children(writer: RunWriter, text: str) -> bytes:
    """Return text as the children of a run."""
    pieces = []
    for piece in re.split(r"(\t|\v)", text):
        if piece in _CHILDREN:
            pieces.append(writer.words.empty(_CHILDREN[piece]))
        elif piece:
            start = writer.words.element("t", escape(piece))
            pieces.append(start.replace(">", ' xml:space="preserve">', 1))
    return "".join(pieces).encode()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…"
