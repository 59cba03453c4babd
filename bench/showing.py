"""Writes tables, as plain text and in Markdown, and a bar chart as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 760
_LABEL, _BAR, _ROW, _HEAD = 190, 440, 24, 46
# Dark and light pages both have their colours; a picture by itself follows the reader's system.
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}"
    ".own{fill:#0b6bcb}.peer{fill:#8c959f}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.own{fill:#4aa3ff}.peer{fill:#6e7681}}"
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first column is left-aligned, the others hold figures."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def text(self) -> str:
        """Return it for a terminal."""
        lines = (self.headings, *self.rows)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        body = "\n".join(
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for number, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )
        return f"{self.title}\n\n{body}\n"

    def markdown(self) -> str:
        """Return it for a page."""
        rule = ("---", *("---:" for _ in self.headings[1:]))
        rows = "\n".join(f"| {' | '.join(row)} |" for row in (self.headings, rule, *self.rows))
        note = f"{self.note}\n\n" if self.note else ""
        return f"## {self.title}\n\n{note}{rows}\n"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its name, how long it is, and what stands beside it."""

    name: str
    value: float
    label: str
    own: bool = False


def chart(panels: Sequence[tuple[str, Sequence[Bar]]], about: str) -> str:
    """Return bar charts, one below the other, as an SVG picture; lengths are logarithmic."""
    parts: list[str] = []
    top = 0
    for title, bars in panels:
        parts.append(f'<text class="title" x="8" y="{top + 26}">{escape(title)}</text>')
        lengths = _lengths([bar.value for bar in bars])
        for number, (bar, length) in enumerate(zip(bars, lengths, strict=True)):
            y = top + _HEAD + number * _ROW
            kind = "own" if bar.own else "peer"
            parts.append(
                f'<text x="{_LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(bar.name)}</text>'
                f'<rect class="{kind}" x="{_LABEL}" y="{y}" width="{length}" height="17" rx="2"/>'
                f'<text x="{_LABEL + length + 6}" y="{y + 13}">{escape(bar.label)}</text>'
            )
        top += _HEAD + len(bars) * _ROW
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 12}"'
        f' viewBox="0 0 {WIDTH} {top + 12}" role="img" aria-labelledby="about">\n'
        f'<title id="about">{escape(about)}</title>\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def _lengths(values: Sequence[float]) -> list[int]:
    """Return the lengths of bars: the greatest value fills the space, a tenth of it less."""
    if not values:
        return []
    low = log10(min(values)) - 0.3
    span = log10(max(values)) - low
    return [round(_BAR * (log10(value) - low) / span) for value in values]
