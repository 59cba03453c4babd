"""Draws one draft: what held for it, its balance, its text with the findings beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from medlint.findings import Severity
from medlint.reporters import counted, lines_of
from medlint.reporters.html_report.balance_table import balance_table
from medlint.reporters.html_report.cards import CardView
from medlint.reporters.html_report.markup import BREAK, Html, element, lines
from medlint.reporters.html_report.page_text import TextView
from medlint.reporters.html_report.passages import PAGE_WIDE, Places, passages, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from medlint.document import Document
    from medlint.findings import FileReport
    from medlint.reporters import View
    from medlint.reporters.html_report.passages import Placed

_LEGEND = element(
    "p",
    "Marked in the text: ",
    *(
        piece
        for severity in reversed(Severity)
        for piece in (element("mark", severity.value, class_=f"{severity} lane-0"), " ")
    ),
    "The numbers lead to the findings beside.",
    class_="legend",
)


def heading_of(number: int) -> str:
    """Return the id of a draft's heading."""
    return f"d{number}"


def draft_section(file: FileReport, number: int, view: View) -> Html:
    """Return everything about a draft, the `number`-th of the report."""
    document = file.document
    if document is None:
        message = f"the report of {file.path} came without its source"
        raise ValueError(message)
    identity = heading_of(number)
    return element(
        "section",
        BREAK,
        element("h2", file.path, id=identity),
        BREAK,
        lines(_parts(file, document, f"{identity}-", view)),
        class_="draft",
        aria_labelledby=identity,
    )


def _parts(file: FileReport, document: Document, prefix: str, view: View) -> Iterator[Html]:
    yield _facts(file, view)
    yield element("h3", "Balance")
    yield balance_table(file.balance, document, prefix)
    placed, outside = place(document, file.findings)
    places = Places(document)
    cards = CardView(file.findings, places, lines_of(file), prefix)
    wide = [n for n, finding in enumerate(file.findings, 1) if finding.category in PAGE_WIDE]
    if wide:
        yield element("h3", "About the whole page")
        yield element("div", cards.render(wide, "Findings about the whole page"), class_="wide")
    yield element("h3", "Text and findings")
    if file.findings:
        yield _LEGEND
    text = TextView(document, placed, prefix)
    yield from _rows(document, placed, text, cards)
    rest = [n for n in outside if n not in wide]
    if rest:
        yield element("h3", "In comments and settings")
        yield element("div", cards.render(rest, "Findings outside the text"), class_="wide")


def _rows(
    document: Document, placed: Mapping[int, tuple[Placed, ...]], text: TextView, cards: CardView
) -> Iterator[Html]:
    if not document.blocks:
        yield element("p", "The draft holds no text.", class_="note")
    for passage in passages(document, placed):
        words = element("div", text.render(passage.blocks), class_="text")
        beside = cards.render(passage.findings, "Findings in this passage")
        yield element(
            "div", words, beside, class_="passage" if passage.findings else "passage clean"
        )


def _facts(file: FileReport, view: View) -> Html:
    by_severity = Counter(finding.severity for finding in file.findings)
    tally = ", ".join(counted(by_severity[each], each.value) for each in reversed(Severity))
    facts = [("Words", f"{file.words:,}"), ("Findings", tally if file.findings else "none")]
    if file.suppressed:
        facts.append(("Suppressed", f"{file.suppressed:,}, by comments or allowed phrases"))
    facts += view.setups.get(file.path, ())
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in facts),
        class_="facts",
    )
