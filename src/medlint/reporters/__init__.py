"""Output formats: one file each, with a function `render(report, view)`.

A reporter is pure: it gives the output as text and neither prints nor looks around. One that can
give it file by file has a function `pieces(report, view)` too, so that the output of a long run
need not be in memory as a whole.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from medlint.findings import Standing
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from medlint.document import LineIndex
    from medlint.findings import Approval, FileReport, Report
    from medlint.rules import Rule

PLAIN_WIDTH = 80
# Days within which the end of an approval is worth a word.
SOON = 30
NOTICE = "Not legal advice; no findings is not compliance."

# Imported when asked for: a run needs one of them. Those that show a draft's text need its blocks.
FORMATS = {
    "text": "medlint.reporters.text",
    "json": "medlint.reporters.json_report",
    "sarif": "medlint.reporters.sarif",
    "github": "medlint.reporters.github",
    "html": "medlint.reporters.html_report",
}
WHOLE = frozenset({"html"})
# Those that write into the draft itself: each a function `annotate(data, file)` of bytes.
DOCUMENT_FORMATS = {"docx": "medlint.reporters.docx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a report is to be shown.

    `terminal` asks for the view with source lines, `color` for colours in it, `quiet` for
    findings alone. `base` is the folder that relative addresses count from; `rules` are the rules
    by id, for formats that carry their help. `today` is the day that a report to be kept bears, and
    `setups` what held for each draft by path, as names and values to read.
    """

    terminal: bool = False
    color: bool = False
    width: int = PLAIN_WIDTH
    quiet: bool = False
    base: Path = Path()
    rules: Mapping[str, Rule] | None = None
    today: date | None = None
    setups: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


class Render(Protocol):
    """What a reporter's `render` is."""

    def __call__(self, report: Report, view: View) -> str:
        """Return the report as text, ending with a line end unless it is empty."""


class Annotate(Protocol):
    """What an `annotate` is."""

    def __call__(self, data: bytes, file: FileReport) -> bytes:
        """Return the draft, whose bytes are `data`, with its report written into it."""


def annotator(name: str) -> Annotate:
    """Return what writes a report into a draft; the name is one of `DOCUMENT_FORMATS`."""
    annotate: Annotate = import_module(DOCUMENT_FORMATS[name]).annotate
    return annotate


def reporter(name: str) -> Render:
    """Return the reporter of a format; the name is one of `FORMATS`."""
    render: Render = import_module(FORMATS[name]).render
    return render


def pieces(name: str, report: Report, view: View) -> Iterable[str]:
    """Return the output of a format in pieces that may be written one after another."""
    module = import_module(FORMATS[name])
    made: Iterable[str] = (
        module.pieces(report, view) if hasattr(module, "pieces") else (module.render(report, view),)
    )
    return made


def as_json(data: Any, line: str = "\n") -> str:
    """Return data as `json.dumps` gives it with an indentation of 2; keys are strings.

    The standard library's own layout is slow, and leaves garbage with every call. `line` begins a
    line where the data stand.
    """
    encode = _encoder()
    inner = f"{line}  "
    if isinstance(data, dict) and data:
        parts = (f"{encode(key)}: {as_json(value, inner)}" for key, value in data.items())
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}"
    if isinstance(data, list | tuple) and data:
        return f"[{inner}{f',{inner}'.join(as_json(each, inner) for each in data)}{line}]"
    return encode(data)


@cache
def _encoder() -> Callable[[Any], str]:
    from json import JSONEncoder  # noqa: PLC0415  the formats for people need none

    return JSONEncoder(ensure_ascii=False).encode


def spliced(data: Any, marker: str, items: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield data as `as_json` gives it, with a list of items in the place of a marker.

    Each item is JSON laid out the same way, in pieces, and made when its turn comes.
    """
    before, _, after = as_json(data).partition(as_json(marker))
    line = before.rpartition("\n")[2]
    outer = "\n" + " " * (len(line) - len(line.lstrip()))
    inner = f"{outer}  "
    yield before
    opening = "["
    for item in items:
        yield opening + inner
        # Line ends inside strings are written as escapes, so every one here is the layout's.
        yield from (piece.replace("\n", inner) for piece in item)
        opening = ","
    yield f"[]{after}" if opening == "[" else f"{outer}]{after}"


def lines_of(file: FileReport) -> LineIndex:
    """Return the line index of a file's source, which every position in a report needs."""
    if file.document is None:
        message = f"the report of {file.path} came without its source"
        raise ValueError(message)
    return file.document.lines


def place_of(file: FileReport, offset: int) -> str:
    """Return what the place of an offset is called, nothing where its line says it all."""
    return file.document.place(offset) if file.document is not None else ""


def one_line(text: str) -> str:
    """Return text that came out of a draft as one line that no terminal takes for a command."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _shown(c) for c in text)


def _shown(character: str) -> str:
    # Blanks that are not printable (no-break, ideographic) still separate words.
    return " " if character.isspace() else "\ufffd"


def ends_soon(approval: Approval, today: date | None) -> bool:
    """Tell whether an approval in force ends within a month."""
    if today is None or approval.standing(today) is not Standing.IN_FORCE:
        return False
    return (approval.expires - today).days <= SOON


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return “1 finding” or “3 findings”."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
