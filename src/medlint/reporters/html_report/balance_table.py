"""Draws the balance: statements of benefit to the left, of material risk to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.reporters import counted
from medlint.reporters.html_report.markup import BREAK, Html, element, lines

if TYPE_CHECKING:
    from medlint.document import Document
    from medlint.findings import Balance, SectionBalance


def balance_table(balance: Balance, document: Document, prefix: str) -> Html:
    """Return the balance in words, and by section where there is something to compare."""
    sentence = element(
        "p",
        element("strong", counted(balance.benefits, "benefit statement")),
        " against ",
        element("strong", counted(balance.risks, "material risk")),
        ".",
    )
    stated = [
        (number, section)
        for number, section in enumerate(balance.sections)
        if section.benefits or section.risks
    ]
    if not stated:
        return sentence
    head = element(
        "tr",
        element("th", "Section", scope="col"),
        element("th", "Benefit statements", scope="col", class_="benefits", colspan="2"),
        element("th", "Material risks", scope="col", class_="risks", colspan="2"),
    )
    largest = max(max(section.benefits, section.risks) for _, section in stated)
    rows = [_row(number, section, largest, document, prefix) for number, section in stated]
    silent = len(balance.headed) - len(stated)
    note = (
        element("p", f"{counted(silent, 'section')} without either left out.", class_="note")
        if silent
        else ""
    )
    columns = ("section", "bar", "count", "count", "bar")
    table = element(
        "table",
        element("colgroup", *(element("col", class_=name) for name in columns)),
        BREAK,
        element("thead", head),
        BREAK,
        element("tbody", BREAK, lines(rows)),
        class_="balance",
    )
    return lines([sentence, table, note])


def _row(
    number: int, section: SectionBalance, largest: int, document: Document, prefix: str
) -> Html:
    heading: str = section.heading or "Before the first heading"
    sections = document.sections
    if number < len(sections) and sections[number].heading is not None:
        heading = element("a", heading, href=f"#{prefix}b{sections[number].heading}")
    return element(
        "tr",
        element("th", heading, scope="row"),
        element("td", _bar(section.benefits, largest, "benefit"), class_="bar"),
        element("td", str(section.benefits), class_="count"),
        element("td", str(section.risks), class_="count"),
        element("td", _bar(section.risks, largest, "risk"), class_="bar"),
    )


def _bar(count: int, largest: int, kind: str) -> Html:
    """Return a bar; the figure beside it says the same to those who cannot see it."""
    width = round(100 * count / largest)
    bar = element(
        "rect", class_=kind, x=100 - width if kind == "benefit" else 0, width=width, height=10
    )
    return element("svg", bar, viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")
