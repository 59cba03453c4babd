"""Draws the approved claims that held for a report: who answers for which, and what each did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import Standing
from medlint.reporters import counted, ends_soon
from medlint.reporters.html_report.markup import BREAK, Html, element, joined, lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from medlint.findings import Approval, ApprovalUse, FileReport, Report

    Uses = tuple[tuple[FileReport, ApprovalUse], ...]

_COLUMNS = ("Claim", "Approved by", "Reference", "Holds", "Used")


def approvals_section(report: Report, today: date | None) -> Iterator[Html]:
    """Yield the approved claims as a table; nothing where none holds for these drafts."""
    found = report.approvals()
    if not found:
        return
    head = element("tr", *(element("th", name, scope="col") for name in _COLUMNS))
    rows = [_row(approval, uses, today) for approval, uses in found.items()]
    table = element("table", element("thead", head), BREAK, element("tbody", BREAK, lines(rows)))
    title = element("h2", "Approved claims", id="approved")
    label = {"role": "group", "aria_labelledby": "approved"}
    yield element(
        "section",
        title,
        element("div", table, class_="scroll", tabindex="0", **label),
        class_="approved",
        aria_labelledby="approved",
    )


def _row(approval: Approval, uses: Uses, today: date | None) -> Html:
    words = f"“{approval.text}”"
    note = element("span", " (phrase)", class_="note") if approval.is_phrase else ""
    return element(
        "tr",
        element("th", words, note, scope="row"),
        element("td", approval.approver),
        element("td", approval.reference),
        element("td", _held(approval, uses[0][1].standing, today)),
        element("td", _used(uses)),
    )


def _held(approval: Approval, standing: Standing, today: date | None) -> Html:
    if standing is Standing.EXPIRED:
        return element("strong", f"expired on {approval.expires}")
    if standing is Standing.PENDING:
        return element("strong", f"from {approval.date} only")
    span = f"{approval.date} until {approval.expires}"
    if ends_soon(approval, today):
        return joined([f"{span}, ", element("strong", "expires soon")])
    return joined([span])


def _used(uses: Uses) -> Html:
    """Return what was silenced in which draft; a claim that is nowhere says so."""
    found = [
        joined(
            [
                element("code", file.path),
                f": {counted(len(use.places), 'place')}, ",
                f"{counted(len(use.findings), 'finding')} silenced",
            ]
        )
        for file, use in uses
        if use.places
    ]
    return lines([element("div", each) for each in found]) if found else joined(["nowhere"])
