"""Where the paragraphs of a Word document's part begin and end, in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.parsing.docx import markup
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

# What of a paragraph's properties concerns it alone; it stands behind all others.
_OWN = frozenset({"w:rPr", "w:sectPr", "w:pPrChange"})


@dataclass(slots=True)
class Extent:
    """A paragraph's range, and that of the properties that the next one may share."""

    start: int
    end: int = 0
    look_start: int = 0
    look_end: int = 0


def extents(data: bytes, where: str) -> dict[int, Extent]:
    """Return the paragraph that each run stands in, by where the run begins."""
    reader = _Reader(data)
    markup.read(data, reader, where)
    return reader.found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.found: dict[int, Extent] = {}
        self._data = data
        self._open: list[Extent] = []
        self._names: list[str] = []

    def start(self, name: str, _: Mapping[str, str], position: int) -> None:
        if name == "w:p":
            self._open.append(Extent(position))
        elif name == "w:r" and self._open:
            self.found[position] = self._open[-1]
        elif name == "w:pPr" and self._open and self._names[-1] == "w:p":
            self._open[-1].look_start = self._after(position)
        elif name in _OWN and self._names[-1:] == ["w:pPr"] and self._open:
            self._open[-1].look_end = self._open[-1].look_end or position
        self._names.append(name)

    def end(self, name: str, position: int) -> None:
        self._names.pop()
        if name == "w:p":
            self._open.pop().end = self._after(position)
        elif name == "w:pPr" and self._names[-1:] == ["w:p"]:
            self._open[-1].look_end = self._open[-1].look_end or position

    def text(self, text: str) -> None:
        pass

    def _after(self, position: int) -> int:
        return self._data.index(b">", position) + 1
