"""Draws findings as cards: what is wrong, why, what to write instead, under which law."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medlint.blanks import cut
from medlint.findings import RewriteKind
from medlint.reporters.html_report.markup import BREAK, Html, element, joined, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.document import LineIndex
    from medlint.findings import Evidence, Finding, Rewrite, Source
    from medlint.reporters.html_report.passages import Places

# Findings of the whole page may rest on dozens of places, and rules on many laws.
_SHOWN = 3
GENERAL = "general"
_KINDS = {
    RewriteKind.DISPLAY: "",
    RewriteKind.UNSAFE: "changes the meaning",
    RewriteKind.SAFE: "--fix applies this",
}
# A source's id begins with the country it holds in: “us.ftc.hpcg”.
_COUNTRY = re.compile(r"([a-z]{2})\.")


def jurisdiction(source: Source) -> str:
    """Return the country or union that a source holds in, or “general”."""
    found = _COUNTRY.match(source.id)
    return found[1] if found else GENERAL


def jurisdictions(finding: Finding) -> tuple[str, ...]:
    """Return where the sources of a finding hold, in the order of the sources."""
    return tuple(dict.fromkeys(map(jurisdiction, finding.sources))) or (GENERAL,)


class CardView:
    """The cards of one draft; `prefix` begins all ids."""

    def __init__(
        self, findings: tuple[Finding, ...], places: Places, index: LineIndex, prefix: str
    ) -> None:
        """Take the findings, and what is needed to name and link places."""
        self._findings = findings
        self._places = places
        self._lines = index
        self._prefix = prefix

    def render(self, numbers: Iterable[int], label: str) -> Html:
        """Return a list of cards by their numbers; nothing where there are none."""
        cards = [element("li", self._card(number)) for number in numbers]
        if not cards:
            return Html()
        # Without its marks a list is none to some screen readers, unless it says so.
        return element("ol", BREAK, lines(cards), class_="cards", role="list", aria_label=label)

    def _card(self, number: int) -> Html:
        finding = self._findings[number - 1]
        identity = f"{self._prefix}f{number}"
        return element(
            "article",
            BREAK,
            lines(self._parts(number, finding)),
            class_=f"card {finding.severity}",
            id=identity,
            tabindex="-1",
            aria_labelledby=f"{identity}-title",
            data_severity=finding.severity.value,
            data_category=finding.category.value,
            data_jurisdiction=" ".join(jurisdictions(finding)),
        )

    def _parts(self, number: int, finding: Finding) -> Iterator[Html]:
        yield self._head(number, finding)
        title = f"{self._prefix}f{number}-title"
        yield element("p", finding.message, class_="message", id=title)
        if finding.advice:
            yield element("p", finding.advice, class_="advice")
        if finding.rewrites:
            yield _titled("Instead", "instead", map(_rewrite, finding.rewrites))
        if finding.evidence:
            yield _titled("See also", "evidence", map(self._evidence, finding.evidence))
        if finding.sources:
            yield _titled("Law and guidance", "law", map(_source, finding.sources))

    def _head(self, number: int, finding: Finding) -> Html:
        row, column = self._lines.position(finding.span.start)
        placed = self._places.find(finding.span) is not None
        sign = {"class_": f"number {finding.severity}"}
        back = f"Finding {number}, show it in the text"
        link = {"href": f"#{self._prefix}t{number}", "aria_label": back}
        return element(
            "p",
            element("a", str(number), **sign, **link)
            if placed
            else element("b", str(number), **sign),
            " ",
            element("strong", finding.severity.value, class_="severity"),
            " ",
            element("span", finding.category.value, class_="category"),
            " ",
            element("span", f"line {row}, column {column}", class_="position"),
            " ",
            element("code", finding.rule),
            class_="head",
        )

    def _evidence(self, item: Evidence) -> Html:
        row, _ = self._lines.position(item.span.start)
        found = self._places.find(item.span)
        where = f"line {row}"
        if found is not None:
            where = element("a", where, href=f"#{self._prefix}b{found[0]}")
        return joined([where, f": “{item.match}”"])


def _titled(title: str, kind: str, items: Iterable[Html]) -> Html:
    """Return a titled list; what goes beyond a few items is folded away."""
    shown = [element("li", item) for item in items]
    parts = [
        element("p", title, class_="title"),
        element("ul", joined(shown[:_SHOWN], BREAK)),
    ]
    if len(shown) > _SHOWN:
        summary = element("summary", f"{len(shown) - _SHOWN:,} more")
        parts.append(element("details", summary, element("ul", joined(shown[_SHOWN:], BREAK))))
    return element("div", joined(parts, BREAK), class_=kind)


def _rewrite(rewrite: Rewrite) -> Html:
    """Return a rewrite with the blanks marked that only the writer can fill."""
    pieces = [
        piece if isinstance(piece, str) else element("span", f"[{piece.name}]", class_="blank")
        for piece in cut(rewrite.text)
    ]
    note = _KINDS[rewrite.kind]
    return joined([*pieces, *([" ", element("span", f"({note})", class_="note")] if note else [])])


def _source(source: Source) -> Html:
    return joined([element("b", code(jurisdiction(source)), class_="where"), " ", cited(source)])


def cited(source: Source) -> Html:
    """Return a source's title, linked where its address is one of the web."""
    title: str = source.title
    if source.url.lower().startswith(("https://", "http://")):
        title = element("a", title, href=source.url, rel="noopener noreferrer")
    if source.checked:
        return joined([title])
    note = element("span", "(citation not compared with its text)", class_="note")
    return joined([title, " ", note])


def code(place: str) -> str:
    """Return a jurisdiction as people write it."""
    return place if place == GENERAL else place.upper()
