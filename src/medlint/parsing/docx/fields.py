"""Fields of a Word document: instructions, which no reader sees, and what came of them."""

from __future__ import annotations

from medlint.records import dataclass

# What these give repeats text of the document.
_GENERATED = frozenset({"TOC", "INDEX", "TOA"})


@dataclass(slots=True)
class _Field:
    """A field being read: its instruction, and whether its result has begun."""

    code: str = ""
    has_result: bool = False

    @property
    def is_shown(self) -> bool:
        return self.has_result and not _GENERATED.intersection(self.code.split()[:1])


class Fields:
    """The fields that are open at a point of a story, one inside another."""

    def __init__(self) -> None:
        """Begin outside of any field."""
        self._open: list[_Field] = []

    @property
    def is_open(self) -> bool:
        """Whether a field has begun that has not ended."""
        return bool(self._open)

    @property
    def are_shown(self) -> bool:
        """Whether text here is part of what a reader sees, and no repetition."""
        return all(field.is_shown for field in self._open)

    def take(self, kind: str) -> None:
        """Take a field character: one that begins, separates or ends."""
        if kind == "begin":
            self.begin()
        elif kind == "separate" and self._open:
            self._open[-1].has_result = True
        elif kind == "end":
            self.end()

    def begin(self, code: str = "", *, has_result: bool = False) -> None:
        """Begin a field, with its instruction and result where they come with it."""
        self._open.append(_Field(code, has_result))

    def instruct(self, code: str) -> None:
        """Add to the instruction of the innermost field."""
        if self._open:
            self._open[-1].code += code

    def end(self) -> None:
        """End the innermost field, if there is one."""
        if self._open:
            self._open.pop()
