"""What checking gave, as the page shows it: the report for scripts, with a little more.

Beside every finding stands what only the page needs: where its law holds, whether it is about the
whole page, how it can be allowed, and the rewrites taken apart at their blanks.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import yaml

from medlint import loader
from medlint.blanks import cut
from medlint.config import ELSEWHERE
from medlint.findings import Category
from medlint.reporters import json_report
from medlint.reporters.html_report.cards import code, jurisdiction, jurisdictions
from medlint.reporters.html_report.passages import PAGE_WIDE
from medlint.suppress import answerable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medlint.document import Document
    from medlint.findings import Balance, Finding, Report
    from medlint.web.wanted import Allowed, Wanted


class Lines:
    """Leads from the text of a Word document to the page's, which may have empty lines too."""

    def __init__(self, text: str, source: str) -> None:
        """Pair the lines of both that have text; these are the same, one by one."""
        self._text = _starts(text)
        self._source = _starts(source)

    def __call__(self, offset: int) -> int:
        """Return where a position of the source is in the page's text."""
        line = max(bisect_right(self._source, offset) - 1, 0)
        if line >= min(len(self._text), len(self._source)):
            return offset
        return self._text[line] + offset - self._source[line]


def _starts(text: str) -> list[int]:
    starts = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            starts.append(position)
        position += len(line) + 1
    return starts


def law(name: str) -> dict[str, str]:
    """Return what the page says of a jurisdiction."""
    head = yaml.safe_load((loader.shipped_folder() / name / "ruleset.yaml").read_bytes())
    return {"name": name, "title": head["jurisdiction"], "about": head.get("about", "")}


def checked(
    report: Report,
    wanted: Wanted,
    places: Lines | None,
    page_wide: frozenset[str],
    *,
    is_changed: bool,
) -> dict[str, Any]:
    """Return a report of one draft, or of none, as data for the page.

    `places` moves positions from the draft that was checked to the page's text; no phrase allows
    what the `page_wide` rules find; `is_changed` tells that a Word document is no longer as it was
    opened.
    """
    data = json_report.data(report)
    data["changed"] = is_changed
    for file, entry in zip(report.files, data["files"], strict=True):
        entry.pop("text", None)
        entry["balance"]["sections"] = _sections(file.balance, file.document)
        for finding, card in zip(file.findings, entry["findings"], strict=True):
            _extend(card, finding, page_wide)
        if places is not None:
            _move(entry, places)
    data["empty"] = not wanted.text.strip()
    return data


def _extend(card: dict[str, Any], finding: Finding, page_wide: frozenset[str]) -> None:
    card["jurisdictions"] = [code(each) for each in jurisdictions(finding)]
    card["pageWide"] = finding.category in PAGE_WIDE
    card["allow"] = _allowance(finding, page_wide)
    for source, entry in zip(finding.sources, card["sources"], strict=True):
        entry["checked"] = source.checked
        entry["where"] = code(jurisdiction(source))
    for rewrite in card["rewrites"]:
        rewrite["parts"] = _parts(rewrite["text"])
        for edit in rewrite["edits"]:
            edit["parts"] = _parts(edit["text"])


def _allowance(finding: Finding, page_wide: frozenset[str]) -> str:
    """Return how a finding can be answered for: as a phrase, by what stands elsewhere, or not."""
    if finding.category in ELSEWHERE:
        return "elsewhere"
    if finding.category is Category.SUPPRESSION or not answerable(finding, page_wide):
        return ""
    return "phrase"


def _parts(text: str) -> list[str | dict[str, str]]:
    """Return a rewrite's text cut at its blanks, each of which is an object."""
    return [piece if isinstance(piece, str) else {"blank": piece.name} for piece in cut(text)]


def _sections(balance: Balance, document: Document | None) -> list[dict[str, Any]]:
    """Return the sections that state a benefit or a risk, with where they begin."""
    found = []
    for number, section in enumerate(balance.sections):
        if not section.benefits and not section.risks:
            continue
        start = None
        if document is not None and number < len(document.sections):
            heading = document.sections[number].heading
            start = 0 if heading is None else document.blocks[heading].span.start
        found.append(
            {
                "heading": section.heading,
                "start": start,
                "benefits": section.benefits,
                "risks": section.risks,
            }
        )
    return found


def _move(entry: dict[str, Any], places: Lines) -> None:
    for section in entry["balance"]["sections"]:
        if section["start"] is not None:
            section["start"] = places(section["start"])
    for card in entry["findings"]:
        _move_span(card["start"], card["end"], "offset", "offset", places)
        for span in (*card["evidence"], *(e for r in card["rewrites"] for e in r["edits"])):
            _move_span(span, span, "start", "end", places)


def _move_span(
    start: dict[str, Any], end: dict[str, Any], first: str, last: str, places: Lines
) -> None:
    """Move a range; its end is moved from its last character, which is on the same line."""
    begin, stop = start[first], end[last]
    start[first] = places(begin)
    end[last] = places(stop - 1) + 1 if stop > begin else places(begin)


def with_reasons(
    setup: Iterable[tuple[str, str]], allowed: Sequence[Allowed]
) -> tuple[tuple[str, str], ...]:
    """Return what held for a draft, with the reasons that were given in the page."""
    reasons = "; ".join(
        f"“{each.phrase}”: {each.reason}" if each.phrase else f"{each.category}: {each.reason}"
        for each in allowed
    )
    return (*setup, *((("Reasons given", reasons),) if reasons else ()))
