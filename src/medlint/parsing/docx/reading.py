"""From a Word document's bytes to its text, with the way back to parts and runs.

The text has a line for each paragraph that has any: the body first, what stands in a text box
behind the paragraph that holds the box, then footnotes, endnotes, headers and footers. It is what
positions in reports count in.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from medlint.document import BlockKind, Span
from medlint.parsing.decode import refuse_long_lines
from medlint.parsing.docx import markup
from medlint.parsing.docx.model import Atom, Kind, Paragraph
from medlint.parsing.docx.package import Package
from medlint.parsing.docx.story import StoryReader
from medlint.parsing.docx.styles import Look, Styles, read_styles
from medlint.parsing.lines import find_marker
from medlint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from medlint.parsing.docx.model import Mark
    from medlint.parsing.docx.package import Relation

_HEADING_LENGTH = 90
_HEADING_WORDS = 12
_LOWEST_HEADING = 6
_SHOWN_HEADING = 60


@dataclass(slots=True)
class Story:
    """A part with text: its name, its bytes as UTF-8, and what was read from it."""

    part: str
    data: bytes
    reader: StoryReader


@dataclass(slots=True)
class Line:
    """A paragraph with text, where it stands in the whole text, what it is, and its place.

    `reference` is where the body refers to the note that the paragraph belongs to.
    """

    paragraph: Paragraph
    story: int
    start: int
    end: int
    look: Look
    place: str = ""
    reference: Span | None = None


@dataclass(frozen=True, slots=True)
class WordComment:
    """A comment that the document has: who wrote it, what it says, and the words it is about."""

    id: str
    author: str
    text: str
    span: Span


@dataclass(slots=True)
class WordText:
    """A Word document that was read."""

    package: Package
    main: str
    strict: bool
    styles: Styles
    stories: list[Story] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    source: str = ""
    comments: tuple[WordComment, ...] = ()
    comments_part: str = ""


def read(data: bytes, path: str) -> WordText:
    """Read a Word document.

    Raises:
        InputError: it is broken, encrypted, hostile, or not wholly in this file.
    """
    package = Package(data, path)
    main, strict = package.main()
    relations = package.relations(main)
    parts = {relation.kind: relation.target for relation in relations}
    styles = read_styles(
        _optional(package, parts.get("styles")), _optional(package, parts.get("numbering")), path
    )
    word = WordText(package, main, strict, styles)
    body = _story(package, main, styles)
    word.stories.append(body)
    word.lines += _lines(word, body.reader.paragraphs)
    for kind, ids in (("footnote", body.reader.footnotes), ("endnote", body.reader.endnotes)):
        if ids:
            _read_notes(word, kind, parts.get(f"{kind}s", f"{kind}s"), ids)
    _read_edges(word, body, relations)
    _place(word.lines)
    word.source = "".join(f"{line.paragraph.text}\n" for line in word.lines)
    refuse_long_lines(word.source, path)
    word.comments_part = parts.get("comments", "")
    comments = _optional(package, word.comments_part)
    if comments is not None:
        word.comments = tuple(_comments(word, comments, path))
    return word


def _optional(package: Package, name: str | None) -> bytes | None:
    return package.read(name) if name else None


def _story(package: Package, part: str, styles: Styles, label: str = "") -> Story:
    where = f"{package.path}: {part}"
    data = markup.as_utf8(package.read(part), where)
    reader = StoryReader(styles, package.fail, label)
    markup.read(data, reader, where)
    if reader.fields_are_broken:
        # One without an end would hide the rest of the story.
        reader = StoryReader(styles, package.fail, label, fields=False)
        markup.read(data, reader, where)
    return Story(part, data, reader)


def _read_notes(word: WordText, kind: str, part: str, ids: Sequence[str]) -> None:
    """Read the notes that the body refers to, in the order of their references."""
    story = _story(word.package, part, word.styles)
    word.stories.append(story)
    position = _positions(word, 0)
    by_note: dict[str, list[Paragraph]] = {}
    for paragraph in story.reader.paragraphs:
        by_note.setdefault(paragraph.note, []).append(paragraph)
    for number, note in enumerate(ids, 1):
        container = story.reader.notes.get(note)
        if container is not None:
            container.label = f"{kind} {number}"
        start = position(word.stories[0].reader.note_marks[kind, note])
        reference = Span(start, start + len(f"[{number}]"))
        lines = _lines(word, by_note.get(note, ()))
        for line in lines:
            line.reference = reference
        word.lines += lines


def _read_edges(word: WordText, body: Story, relations: Iterable[Relation]) -> None:
    """Read headers and footers, each once however many sections have it."""
    targets = {relation.id: relation.target for relation in relations}
    done = set()
    for edge in body.reader.edges:
        part = targets.get(edge.relation)
        if part is None:
            word.package.fail(f"names a {edge.label} that it does not hold; open it in Word and"
                              " save it")  # fmt: skip
        if part not in done:
            done.add(part)
            story = _story(word.package, part, word.styles, edge.label)
            word.stories.append(story)
            word.lines += _lines(word, story.reader.paragraphs)


# Lines


def _lines(word: WordText, paragraphs: Iterable[Paragraph]) -> list[Line]:
    """Return a line for each paragraph with text, behind those that there are."""
    number = len(word.stories) - 1
    position = word.lines[-1].end + 1 if word.lines else 0
    lines = []
    for paragraph in _with_diagrams(word, paragraphs):
        if not paragraph.text.strip():
            continue
        look = word.styles.look(paragraph.properties)
        end = position + paragraph.length
        lines.append(Line(paragraph, number, position, end, look))
        position = end + 1
    _find_bold_headings(lines)
    return lines


def _with_diagrams(word: WordText, paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Put the texts of diagrams where the diagrams stand."""
    for paragraph in paragraphs:
        if not paragraph.diagram:
            yield paragraph
            continue
        part = word.stories[-1].part
        targets = {each.id: each.target for each in word.package.relations(part)}
        target = targets.get(paragraph.diagram)
        if target is None:
            continue
        reader = _DiagramReader()
        where = f"{word.package.path}: {target}"
        markup.read(markup.as_utf8(word.package.read(target), where), reader, where)
        for text in reader.texts:
            inner = Paragraph(paragraph.container, paragraph.index)
            inner.add(Kind.TEXT, text)
            inner.atoms += (Atom(0, len(text), atom.run, None, splits=False)
                            for atom in paragraph.atoms)  # fmt: skip
            yield inner


class _DiagramReader:
    """Reads the texts of a diagram: one for each of its paragraphs."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._inside = False

    def start(self, name: str, _: Mapping[str, str], __: int) -> None:
        self._inside = name == "a:t"

    def end(self, name: str, _: int) -> None:
        self._inside = False
        if name == "a:p":
            self.texts.append("".join(self._pieces))
            self._pieces.clear()

    def text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


def _find_bold_headings(lines: Sequence[Line]) -> None:
    """Take short bold paragraphs above others for headings, as many writers make them."""
    last = {id(line.paragraph.container): line for line in lines}
    level = 1
    for line in lines:
        if line.look.kind is BlockKind.HEADING:
            level = line.look.level
            continue
        # A heading has something below it.
        is_last = last[id(line.paragraph.container)] is line
        if not is_last and _is_bold_heading(line.paragraph, line.look):
            line.look = replace(
                line.look, kind=BlockKind.HEADING, level=min(level + 1, _LOWEST_HEADING)
            )


def _is_bold_heading(paragraph: Paragraph, look: Look) -> bool:
    if look.kind is not BlockKind.PARAGRAPH or paragraph.container.is_cell:
        return False
    if any(kind is not Kind.TEXT for kind, _ in paragraph.pieces):
        return False
    text = paragraph.text.strip()
    return (
        len(text) <= _HEADING_LENGTH
        and len(text.split()) <= _HEADING_WORDS
        and paragraph.bold >= sum(not character.isspace() for character in text)
        and not text[0].islower()
        and text[-1] not in ".,;:…!"
        and find_marker(text) is None
        and any(map(str.isalpha, text))
    )


def _place(lines: Sequence[Line]) -> None:
    """Say in words where each line stands."""
    heading = ""
    body = 0
    counts: dict[int, int] = {}
    for line in lines:
        container = line.paragraph.container
        name = container.name
        if not name:
            body += 1
            name = f"paragraph {body}"
        else:
            number = counts[id(container)] = counts.get(id(container), 0) + 1
            name += f", paragraph {number}" if number > 1 else ""
        if line.look.kind is BlockKind.HEADING:
            heading = _shown(line.paragraph.text)
        in_body = line.story == 0
        line.place = f"{name}, under “{heading}”" if in_body and heading else name
        if line.look.kind is BlockKind.HEADING:
            line.place = f"{name}, heading"


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN_HEADING else f"{words[: _SHOWN_HEADING - 1].rstrip()}…"


# Comments


def _comments(word: WordText, data: bytes, path: str) -> Iterator[WordComment]:
    reader = _CommentsReader()
    where = f"{path}: its comments"
    markup.read(markup.as_utf8(data, where), reader, where)
    spans: dict[str, Span] = {}
    for number, story in enumerate(word.stories):
        spans = {**_spans(word, number, story.reader), **spans}
    for key, author, text in reader.comments:
        yield WordComment(key, author, text, spans.get(key, Span(0, 0)))


def _spans(word: WordText, number: int, reader: StoryReader) -> dict[str, Span]:
    """Return what the comments of a story are about, by their ids."""
    position = _positions(word, number)
    spans = {}
    for key in {**reader.starts, **reader.references}:
        start = position(reader.starts.get(key) or reader.references[key])
        last = reader.ends.get(key)
        spans[key] = Span(start, max(position(last), start) if last else start)
    return spans


def _positions(word: WordText, number: int) -> Callable[[Mark], int]:
    """Return a function that tells where the marks of a story are in the whole text."""
    lines = {line.paragraph.index: line for line in reversed(word.lines) if line.story == number}
    order = sorted(lines)

    def position(mark: Mark) -> int:
        line = lines.get(mark[0])
        if line is not None:
            return min(line.start + mark[1], line.end)
        # A paragraph without text has no line: what follows it begins there.
        following = bisect_right(order, mark[0])
        if following < len(order):
            return lines[order[following]].start
        return lines[order[-1]].end if order else 0

    return position


class _CommentsReader:
    """Reads the comments' part: id, author and text of each."""

    def __init__(self) -> None:
        self.comments: list[tuple[str, str, str]] = []
        self._key = self._author = ""
        self._pieces: list[str] = []
        self._inside = False
        self._deleted = 0

    def start(self, name: str, attributes: Mapping[str, str], _: int) -> None:
        if name == "w:comment":
            self._key = attributes.get("w:id", "")
            self._author = attributes.get("w:author", "")
            self._pieces.clear()
        elif name == "w:del":
            self._deleted += 1
        elif name in {"w:tab", "w:br", "w:cr"} and self._pieces:
            self._pieces.append(" ")
        self._inside = name == "w:t"

    def end(self, name: str, _: int) -> None:
        self._inside = False
        if name == "w:comment":
            text = "".join(self._pieces).strip()
            self.comments.append((self._key, self._author, text))
        elif name == "w:del":
            self._deleted -= 1
        elif name == "w:p":
            self._pieces.append("\n")

    def text(self, text: str) -> None:
        if self._inside and not self._deleted:
            self._pieces.append(text)
