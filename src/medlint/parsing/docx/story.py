"""Reading one story of a Word document: the body, the notes, a header or a footer.

Tracked changes are read as accepted: insertions count, deletions do not, and a deleted paragraph
mark joins two paragraphs. A `StoryReader` takes the events of a part and collects paragraphs in
reading order, what stands in a text box behind the paragraph that holds the box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.parsing.docx.fields import Fields
from medlint.parsing.docx.model import (
    END,
    LINE_BREAK,
    OBJECT,
    Atom,
    Container,
    Control,
    Edge,
    Kind,
    Mark,
    Paragraph,
    Run,
)
from medlint.parsing.docx.styles import Properties
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from medlint.parsing.docx.styles import Styles

_LEFT_OUT = frozenset({"w:moveFrom", "w:rt", "w:sdtPr", "w:sdtEndPr", "w:ffData"})
_DELETIONS = frozenset({"w:del", "w:moveFrom"})
_CHARACTERS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:noBreakHyphen": "\u2011",
    "w:softHyphen": "\u00ad",
}
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_NOT_READ = {
    "w:altChunk": "holds text imported from another file, which only Word can read",
    "w:subDoc": "is a master document; its text is in other files, and only Word joins them",
}


@dataclass(slots=True)
class _OpenRun:
    """A run being read; `depth` is that of its children, `number` that of the outermost run."""

    depth: int
    number: int
    properties: Properties = field(default_factory=Properties)


@dataclass(slots=True)
class _Table:
    number: int
    row: int = 0
    cell: int = 0
    skipped: bool = False


class StoryReader:
    """Takes the events of a story's part.

    `fields` tells whether field codes and generated text are told from the rest; without, a story
    whose fields are broken is read with everything in it.
    """

    def __init__(
        self, styles: Styles, fail: Callable[[str], object], label: str = "", *, fields: bool = True
    ) -> None:
        """Begin a story; `label` names it, and is empty for the body."""
        self.paragraphs: list[Paragraph] = []
        self.runs: list[Run] = []
        self.footnotes: list[str] = []
        self.endnotes: list[str] = []
        self.notes: dict[str, Container] = {}
        self.note_marks: dict[tuple[str, str], Mark] = {}
        self.edges: list[Edge] = []
        self.starts: dict[str, Mark] = {}
        self.ends: dict[str, Mark] = {}
        self.references: dict[str, Mark] = {}
        self._styles = styles
        self._fail = fail
        self._reads_fields = fields
        self._names: list[str] = []
        self._skipping = 0
        self._containers = [Container(label)]
        self._open: list[Paragraph] = []
        self._runs: list[_OpenRun] = []
        self._tables: list[_Table] = []
        self._fields = Fields()
        self._target: Properties | None = None
        self._choices: list[int] = []
        self._controls: list[Control] = []
        self._flow_depth = 0
        self._wrapped_from = 0
        self._text: list[str] | None = None
        self._preserves = False
        self._preserves_all = False
        self._section = 1
        self._boxes = 0
        self._pictures = 0
        self._note = ""
        self._starts = self._start_table()
        self._ends = self._end_table()

    def _start_table(self) -> dict[str, Callable[[Mapping[str, str], int], None]]:
        return {
            "w:p": self._start_paragraph,
            "w:pPr": self._start_paragraph_properties,
            "w:rPr": self._start_run_properties,
            "w:r": self._start_run,
            "w:t": self._start_text,
            "w:instrText": self._start_text,
            "w:br": self._line_break,
            "w:cr": self._line_break,
            "w:sym": self._symbol,
            "w:tbl": self._start_table_element,
            "w:tr": self._start_row,
            "w:tc": self._start_cell,
            "w:txbxContent": self._start_box,
            "w:fldChar": self._field_character,
            "w:fldSimple": self._start_simple_field,
            "w:footnote": self._start_note,
            "w:endnote": self._start_note,
            "w:footnoteReference": self._footnote_reference,
            "w:endnoteReference": self._endnote_reference,
            "w:headerReference": self._header,
            "w:footerReference": self._footer,
            "w:commentRangeStart": self._comment_start,
            "w:commentRangeEnd": self._comment_end,
            "w:commentReference": self._comment_reference,
            "wp:docPr": self._picture,
            "dgm:relIds": self._diagram,
            "w:sdt": self._start_control,
            "mc:AlternateContent": self._alternatives,
        }

    def _end_table(self) -> dict[str, Callable[[int], None]]:
        return {
            "w:p": self._end_paragraph,
            "w:pPr": self._end_properties,
            "w:rPr": self._end_properties,
            "w:r": self._end_run,
            "w:t": self._end_text,
            "w:instrText": self._end_instruction,
            "w:tbl": self._end_table_element,
            "w:tc": self._end_container,
            "w:txbxContent": self._end_container,
            "w:fldSimple": self._end_simple_field,
            "w:footnote": self._end_container,
            "w:endnote": self._end_container,
            "w:sectPr": self._end_section,
            "w:sdt": self._end_control,
            "mc:AlternateContent": self._end_alternatives,
        }

    @property
    def fields_are_broken(self) -> bool:
        """Whether a field never ended, so that too much counted as its instruction."""
        return self._fields.is_open

    # Events

    def start(self, name: str, attributes: Mapping[str, str], position: int) -> None:
        """Take a start tag."""
        if self._skipping:
            self._skipping += 1
            return
        names = self._names
        if len(self._runs) == 1 and len(names) == self._runs[0].depth:
            run = self.runs[-1]
            run.has_properties = run.has_properties or (name == "w:rPr" and not run.children)
            run.children.append(position)
        if self._is_left_out(name):
            self._skipping = 1
            return
        handler = self._starts.get(name)
        if handler is not None:
            handler(attributes, position)
        elif self._target is not None:
            self._target.take(name, attributes)
        elif name in _CHARACTERS:
            if names and names[-1] == "w:r":
                self._add(Kind.TEXT, _CHARACTERS[name])
        elif not names:
            self._preserves_all = attributes.get("xml:space") == "preserve"
        names.append(name)

    def end(self, name: str, position: int) -> None:
        """Take an end tag."""
        if self._skipping:
            self._skipping -= 1
            return
        self._names.pop()
        handler = self._ends.get(name)
        if handler is not None:
            handler(position)
        if len(self._names) == self._flow_depth and name != "w:r":
            # The end of what stands in a paragraph of the body, with runs or without.
            for run in self.runs[self._wrapped_from :]:
                run.wrapper = run.wrapper or position
            self._wrapped_from = len(self.runs)

    def text(self, text: str) -> None:
        """Take text."""
        if self._text is not None and not self._skipping:
            self._text.append(text)

    def _is_left_out(self, name: str) -> bool:
        """Tell whether an element is not shown; note what its mere presence says."""
        if name in _NOT_READ:
            self._fail(f"{_NOT_READ[name]}; open it in Word, save it whole, and check that")
        parent = self._names[-1] if self._names else ""
        if name in _DELETIONS and parent in {"w:rPr", "w:trPr"}:
            if parent == "w:trPr" and self._tables:
                self._tables[-1].skipped = True
            elif self._names[-2:-1] == ["w:pPr"] and self._open:
                self._open[-1].mark_deleted = True
            return True
        if name == "w:cellDel":
            self._containers[-1].skipped = True
        if name in {"w:p", "w:tbl"}:
            return self._containers[-1].skipped
        if name == "w:tc":
            return bool(self._tables) and self._tables[-1].skipped
        if name in {"mc:Choice", "mc:Fallback"} and self._choices:
            # Word writes a shape twice: the first way is the one that it shows.
            self._choices[-1] += 1
            return self._choices[-1] > 1
        if name == "m:oMath":
            self._add(Kind.OBJECT, OBJECT)
            return True
        return name in _LEFT_OUT or name == "w:del" or name.endswith("Change")

    # Paragraphs

    def _start_paragraph(self, _: Mapping[str, str], __: int) -> None:
        container = self._containers[-1]
        if not self._runs:
            self._flow_depth = len(self._names) + 1
            self._wrapped_from = len(self.runs)
            for control in self._controls:
                control.paragraphs += 1
        paragraph, container.joined = container.joined, None
        if paragraph is None:
            paragraph = self._new_paragraph(container)
        else:
            paragraph.properties = Properties()
            paragraph.mark_deleted = False
        self._open.append(paragraph)

    def _new_paragraph(self, container: Container) -> Paragraph:
        paragraph = Paragraph(container, len(self.paragraphs), note=self._note)
        self.paragraphs.append(paragraph)
        return paragraph

    def _end_paragraph(self, _: int) -> None:
        paragraph = self._open.pop()
        if not self._runs:
            self._flow_depth = 0
        if paragraph.mark_deleted:
            self._containers[-1].joined = paragraph

    def _start_paragraph_properties(self, _: Mapping[str, str], __: int) -> None:
        self._target = self._open[-1].properties if self._open else None

    def _start_run_properties(self, _: Mapping[str, str], __: int) -> None:
        # Those of a paragraph concern its mark alone.
        is_run = bool(self._runs) and self._names[-1] == "w:r"
        self._target = self._runs[-1].properties if is_run else None

    def _end_properties(self, _: int) -> None:
        inside = self._names[-1] == "w:pPr" and bool(self._open)
        self._target = self._open[-1].properties if inside else None

    # Runs

    def _start_run(self, _: Mapping[str, str], position: int) -> None:
        if not self._runs:
            self.runs.append(Run(position))
        self._runs.append(_OpenRun(len(self._names) + 1, len(self.runs) - 1))

    def _end_run(self, position: int) -> None:
        self._runs.pop()
        if not self._runs:
            self.runs[-1].tag = position
            if len(self._names) == self._flow_depth:
                self._wrapped_from = len(self.runs)

    def _start_text(self, attributes: Mapping[str, str], _: int) -> None:
        self._text = []
        self._preserves = self._preserves_all or attributes.get("xml:space") == "preserve"

    def _end_text(self, _: int) -> None:
        text = "".join(self._text or ())
        self._text = None
        if not self._preserves:
            text = text.strip(" \t\r\n")
        raised = bool(self._runs) and self._runs[-1].properties.raised
        self._add(Kind.RAISED if raised else Kind.TEXT, text, splits=True)

    def _line_break(self, _: Mapping[str, str], __: int) -> None:
        self._add(Kind.BREAK, LINE_BREAK)

    def _symbol(self, attributes: Mapping[str, str], _: int) -> None:
        try:
            character = chr(int(attributes.get("w:char", ""), 16))
        except (ValueError, OverflowError):
            character = OBJECT
        self._add(Kind.TEXT, OBJECT if "\ud800" <= character <= "\udfff" else character)

    def _footnote_reference(self, attributes: Mapping[str, str], _: int) -> None:
        self._note_reference("footnote", attributes, self.footnotes)

    def _endnote_reference(self, attributes: Mapping[str, str], _: int) -> None:
        self._note_reference("endnote", attributes, self.endnotes)

    def _note_reference(self, kind: str, attributes: Mapping[str, str], notes: list[str]) -> None:
        if self._is_hidden():
            return
        note = attributes.get("w:id", "")
        if note not in notes:
            notes.append(note)
            self.note_marks[kind, note] = self._mark(at_end=False)
        # As a citation on a web page is read: "[1]" behind the word.
        self._add(Kind.TEXT, f"[{notes.index(note) + 1}]")

    def _add(self, kind: Kind, text: str, *, splits: bool = False) -> None:
        """Add text to the open paragraph, unless it is hidden."""
        if not text or not self._open or self._is_hidden():
            return
        paragraph = self._open[-1]
        if self._runs and self._is_bold():
            paragraph.bold += sum(not character.isspace() for character in text)
        self._note_atom(paragraph, len(text), splits=splits)
        paragraph.add(kind, text)

    def _note_atom(self, paragraph: Paragraph, length: int, *, splits: bool) -> None:
        if not self._runs:
            return
        is_direct = len(self._runs) == 1
        child = len(self.runs[-1].children) - 1 if is_direct else None
        start = paragraph.length
        number = self._runs[0].number
        paragraph.atoms.append(Atom(start, start + length, number, child, splits and is_direct))

    def _is_hidden(self) -> bool:
        if self._reads_fields and not self._fields.are_shown:
            return True
        if not self._runs:
            return False
        own = self._runs[-1].properties
        if own.hidden is not None:
            return own.hidden
        by_style = self._styles.hides(own.style)
        if by_style is not None:
            return by_style
        style = self._open[-1].properties.style if self._open else ""
        return bool(self._styles.hides(style or self._styles.default))

    def _is_bold(self) -> bool:
        own = self._runs[-1].properties
        if own.bold is not None:
            return own.bold
        by_style = self._styles.resolve(own.style)[0].bold if own.style else None
        if by_style is not None:
            return by_style
        style = self._open[-1].properties.style
        return bool(self._styles.resolve(style or self._styles.default)[0].bold)

    # Tables, boxes, notes

    def _start_table_element(self, _: Mapping[str, str], __: int) -> None:
        container = self._containers[-1]
        container.tables += 1
        self._tables.append(_Table(container.tables))

    def _end_table_element(self, _: int) -> None:
        self._tables.pop()

    def _start_row(self, _: Mapping[str, str], __: int) -> None:
        if self._tables:
            table = self._tables[-1]
            table.row, table.cell, table.skipped = table.row + 1, 0, False

    def _start_cell(self, _: Mapping[str, str], __: int) -> None:
        table = self._tables[-1] if self._tables else _Table(0)
        table.cell += 1
        label = f"table {table.number}, row {table.row}, cell {table.cell}"
        self._containers.append(Container(label, self._containers[-1], is_cell=True))

    def _start_box(self, _: Mapping[str, str], __: int) -> None:
        self._boxes += 1
        self._containers.append(
            Container(f"text box {self._boxes}", self._containers[-1], is_box=True)
        )

    def _start_note(self, attributes: Mapping[str, str], _: int) -> None:
        is_line = attributes.get("w:type") in _SEPARATORS
        self._note = attributes.get("w:id", "")
        container = Container("", self._containers[-1], skipped=is_line)
        self._containers.append(container)
        self.notes[self._note] = container

    def _end_container(self, _: int) -> None:
        self._containers.pop()

    def _header(self, attributes: Mapping[str, str], _: int) -> None:
        self._edge("header", attributes)

    def _footer(self, attributes: Mapping[str, str], _: int) -> None:
        self._edge("footer", attributes)

    def _edge(self, name: str, attributes: Mapping[str, str]) -> None:
        which = {"first": "first-page ", "even": "even-page "}.get(attributes.get("w:type", ""), "")
        section = f" of section {self._section}" if self._section > 1 else ""
        self.edges.append(Edge(attributes.get("r:id", ""), f"{which}{name}{section}"))

    def _end_section(self, _: int) -> None:
        self._section += 1

    # Fields

    def _field_character(self, attributes: Mapping[str, str], _: int) -> None:
        self._fields.take(attributes.get("w:fldCharType", ""))

    def _start_simple_field(self, attributes: Mapping[str, str], _: int) -> None:
        self._fields.begin(attributes.get("w:instr", ""), has_result=True)

    def _end_simple_field(self, _: int) -> None:
        self._fields.end()

    def _end_instruction(self, _: int) -> None:
        self._fields.instruct("".join(self._text or ()))
        self._text = None

    # Pictures and shapes

    def _picture(self, attributes: Mapping[str, str], _: int) -> None:
        """Take a picture's alternative text as a paragraph of its own."""
        texts = dict.fromkeys(attributes.get(key, "").strip() for key in ("descr", "title"))
        self._pictures += 1
        if self._is_hidden():
            return
        for text in filter(None, texts):
            label = f"alternative text of picture {self._pictures}"
            paragraph = self._new_paragraph(Container(label, self._containers[-1]))
            paragraph.is_alternative = True
            self._note_atom(paragraph, len(text), splits=False)
            paragraph.add(Kind.TEXT, text)

    def _diagram(self, attributes: Mapping[str, str], _: int) -> None:
        if not self._is_hidden():
            paragraph = self._new_paragraph(Container("diagram", self._containers[-1]))
            paragraph.diagram = attributes.get("r:dm", "")
            self._note_atom(paragraph, 0, splits=False)

    def _alternatives(self, _: Mapping[str, str], __: int) -> None:
        self._choices.append(0)

    def _end_alternatives(self, _: int) -> None:
        self._choices.pop()

    def _start_control(self, _: Mapping[str, str], __: int) -> None:
        if not self._open:
            self._controls.append(Control(len(self.runs)))

    def _end_control(self, _: int) -> None:
        if self._open or not self._controls:
            return
        control = self._controls.pop()
        if control.paragraphs == 1:
            for run in self.runs[control.first_run :]:
                run.is_boxed = True

    # Comments

    def _mark(self, *, at_end: bool) -> Mark:
        if self._open:
            return self._open[-1].index, self._open[-1].length
        number = len(self.paragraphs)
        return (number - 1, END) if at_end and number else (number, 0)

    def _comment_start(self, attributes: Mapping[str, str], _: int) -> None:
        self.starts.setdefault(attributes.get("w:id", ""), self._mark(at_end=False))

    def _comment_end(self, attributes: Mapping[str, str], _: int) -> None:
        self.ends.setdefault(attributes.get("w:id", ""), self._mark(at_end=True))

    def _comment_reference(self, attributes: Mapping[str, str], _: int) -> None:
        self.references.setdefault(attributes.get("w:id", ""), self._mark(at_end=True))
