"""What reading a story of a Word document gives: paragraphs, what holds them, and their runs."""

from __future__ import annotations

from enum import Enum, auto
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from medlint.parsing.docx.styles import Properties
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

# How a story shows a line break inside a paragraph: as Word itself does.
LINE_BREAK = "\v"
# Stands for what is no prose, such as a formula.
OBJECT = "\ufffc"

# Where a comment's mark stands: the number of a paragraph and a place in it.
Mark = tuple[int, int]
END = 1 << 60


class Kind(Enum):
    """What a piece of a paragraph is."""

    TEXT = auto()
    BREAK = auto()
    RAISED = auto()
    OBJECT = auto()


@dataclass(slots=True)
class Container:
    """What holds paragraphs: the body, a note, a cell, a text box.

    `label` names it among its like; empty for the body.
    """

    label: str
    around: Container | None = None
    is_cell: bool = False
    is_box: bool = False
    skipped: bool = False
    tables: int = 0
    joined: Paragraph | None = None

    @property
    def name(self) -> str:
        """Its name, with those of the containers around it."""
        outer = self.around.name if self.around is not None else ""
        return f"{outer}, {self.label}" if outer and self.label else outer or self.label


@dataclass(slots=True)
class Atom:
    """Some characters of a paragraph and the run that they come from.

    `child` numbers the run's children; None where the text stands deeper inside, in a text box say.
    `splits` tells whether a run may be split inside these characters.
    """

    start: int
    end: int
    run: int
    child: int | None
    splits: bool


@dataclass(slots=True)
class Paragraph:
    """A paragraph's text in pieces, each with its kind, and where its runs are.

    `note` is the id of the note that it belongs to; `diagram` the relation of a diagram that stands
    here; `bold` counts its bold characters other than blanks.
    """

    container: Container
    index: int
    properties: Properties = field(default_factory=Properties)
    pieces: list[tuple[Kind, str]] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)
    length: int = 0
    bold: int = 0
    note: str = ""
    diagram: str = ""
    is_alternative: bool = False
    mark_deleted: bool = False

    def add(self, kind: Kind, text: str) -> None:
        """Add a piece."""
        self.length += len(text)
        self.pieces.append((kind, text))

    def joined(self) -> Iterator[tuple[Kind, str]]:
        """Yield the pieces, text of one run after another as one."""
        for kind, group in groupby(self.pieces, itemgetter(0)):
            texts = (text for _, text in group)
            if kind is Kind.TEXT:
                yield kind, "".join(texts)
            else:
                yield from ((kind, text) for text in texts)

    @property
    def text(self) -> str:
        """The paragraph's text."""
        return "".join(text for _, text in self.pieces)


@dataclass(slots=True)
class Run:
    """Where an outermost run stands, in bytes: its start tag, its children, its end tag.

    `has_properties` tells whether the first child is the run's formatting. `wrapper` is the end tag
    of the outermost link, insertion or the like that the run stands in, 0 where it stands in none;
    `is_boxed` tells that its paragraph is the only one of a content control.
    """

    start: int
    children: list[int] = field(default_factory=list)
    has_properties: bool = False
    tag: int = 0
    wrapper: int = 0
    is_boxed: bool = False


@dataclass(slots=True)
class Control:
    """A content control around paragraphs: how many, and the number of its first run."""

    first_run: int
    paragraphs: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A header or footer that a section has: its relation, and what it is called."""

    relation: str
    label: str
