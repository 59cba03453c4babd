"""The report for people: one line a finding for pipes, source lines and carets for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import RewriteKind, Severity
from medlint.reporters import NOTICE, counted, ends_soon, lines_of, one_line, place_of
from medlint.reporters.snippet import Marked, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.findings import FileReport, Finding, Report, Rewrite
    from medlint.reporters import View

COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.SUGGESTION: "36"}
_BOLD = "1"
_DIM = "2"
_MAX_EVIDENCE = 3
# From here on, a page's balance is worth looking at section by section.
_LONG_PAGE = 200
_FEW_SECTIONS = 2
# Columns that a text behind a label needs at the least.
_NARROWEST = 30


def render(report: Report, view: View) -> str:
    """Return the report as text."""
    return "".join(pieces(report, view))


def pieces(report: Report, view: View) -> Iterator[str]:
    """Yield the report as text, finding by finding."""
    for file in report.files:
        for finding in file.each():
            if view.terminal:
                yield f"{_shown(file, finding, view)}\n\n"
            else:
                yield f"{line(file, finding)}\n"
    if view.quiet:
        return
    if report.count() and not view.terminal:
        yield "\n"
    for each in _summary(report, view):
        yield f"{each}\n"


def line(file: FileReport, finding: Finding) -> str:
    """Return a finding as one line that grep and editors understand."""
    row, column = lines_of(file).position(finding.span.start)
    message = one_line(finding.message)
    place = place_of(file, finding.span.start)
    if place:
        message += f" ({one_line(place)})"
    return f"{one_line(file.path)}:{row}:{column}: {finding.severity}: {message} [{finding.rule}]"


def shown(file: FileReport, finding: Finding, view: View) -> Iterator[str]:
    """Return a finding's message with its place in the source, in lines."""
    paint = painter(view)
    row, column = lines_of(file).position(finding.span.start)
    head = f"{finding.severity}[{finding.rule}]"
    color = COLORS[finding.severity]
    source = file.document.source if file.document else ""
    rows = mark(source, lines_of(file), finding.span, view.width)
    margin = _margin(rows)
    blank = " " * margin
    place = place_of(file, finding.span.start)
    place = f" ({one_line(place)})" if place else ""
    bar = paint("|", _DIM)
    yield from wrapped(
        f"{paint(head, f'{_BOLD};{color}')}: ", head, one_line(finding.message), view
    )
    yield f"{blank}{paint('-->', _DIM)} {one_line(file.path)}:{row}:{column}{place}"
    yield f"{blank} {bar}"
    for marked in rows:
        yield from _source_rows(marked, margin, bar, color, view)
    yield f"{blank} {bar}"


def noted(
    file: FileReport, finding: Finding, notes: Iterable[tuple[str, str]], view: View
) -> Iterator[str]:
    """Return notes, each a label with its text, in lines that stand below a finding's source."""
    paint = painter(view)
    rows = mark(
        file.document.source if file.document else "", lines_of(file), finding.span, view.width
    )
    blank = " " * _margin(rows)
    for label, text in notes:
        start = f"{blank} {paint('=', _DIM)} {paint(label, _BOLD)}: "
        yield from wrapped(start, f"{blank} = {label}", text, view)


def _shown(file: FileReport, finding: Finding, view: View) -> str:
    """Return a finding with its place in the source and what to do about it."""
    notes = _notes(file, finding)
    return "\n".join((*shown(file, finding, view), *noted(file, finding, notes, view)))


def _margin(rows: Iterable[Marked]) -> int:
    return max((len(str(row.number)) for row in rows), default=1)


def _source_rows(marked: Marked, margin: int, bar: str, color: str, view: View) -> Iterator[str]:
    paint = painter(view)
    if marked.skipped:
        yield f"{'…':>{margin}} {bar}"
    yield f"{paint(f'{marked.number:>{margin}}', _DIM)} {bar} {marked.text}".rstrip()
    carets = paint("^" * marked.width, f"{_BOLD};{color}")
    yield f"{' ' * margin} {bar} {' ' * marked.indent}{carets}"


def _notes(file: FileReport, finding: Finding) -> Iterator[tuple[str, str]]:
    """Return what stands below the source: evidence, advice, a rewrite, the law."""
    lines = lines_of(file)
    for item in finding.evidence[:_MAX_EVIDENCE]:
        row, _ = lines.position(item.span.start)
        place = place_of(file, item.span.start) or f"line {row}"
        yield "see", f"{one_line(place)}: “{one_line(item.match)}”"
    if len(finding.evidence) > _MAX_EVIDENCE:
        yield "see", f"{len(finding.evidence) - _MAX_EVIDENCE} more like it"
    if finding.advice:
        yield "advice", one_line(finding.advice)
    if finding.rewrites:
        first = finding.rewrites[0]
        yield "fix" if _is_safe(first) else "instead", one_line(first.text)
    if finding.sources:
        more = len(finding.sources) - 1
        yield "law", finding.sources[0].title + (f" (and {more} more)" if more else "")


def wrapped(label: str, bare: str, text: str, view: View) -> Iterator[str]:
    """Wrap text behind a label; `bare` is the label without colours, for its width."""
    from textwrap import wrap  # noqa: PLC0415  pipes never need it

    indent = len(bare) + 2
    # A label that is long, or a terminal that is narrow, leaves too little for a column.
    if view.width - indent < _NARROWEST:
        indent = 4
    first, *rest = wrap(
        text,
        max(view.width, 40),
        initial_indent=" " * (len(bare) + 2),
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    ) or [" " * (len(bare) + 2)]
    yield label + first[len(bare) + 2 :]
    yield from rest


def _summary(report: Report, view: View) -> Iterator[str]:
    paint = painter(view)
    files = counted(len(report.files), "file")
    if report.count():
        by_severity = ", ".join(
            paint(counted(report.count(severity), severity.value), COLORS[severity])
            if report.count(severity)
            else counted(0, severity.value)
            for severity in reversed(Severity)
        )
        fixable = sum(file.fixable for file in report.files)
        hint = f"; {fixable} can be fixed with --fix" if fixable else ""
        yield f"{counted(report.count(), 'finding')} ({by_severity}) in {files}{hint}."
    else:
        # Not “no findings”: that would sound like a verdict.
        yield f"No findings in {files}." if report.files else "Nothing was checked."
    suppressed = sum(file.suppressed for file in report.files)
    if suppressed:
        were = "was" if suppressed == 1 else "were"
        yield f"{suppressed:,} more {were} suppressed by comments or allowed phrases."
    if any(file.approvals for file in report.files):
        yield from _approvals(report, view)
    benefits = sum(file.balance.benefits for file in report.files)
    risks = sum(file.balance.risks for file in report.files)
    if report.files:
        statements = counted(benefits, "benefit statement")
        yield f"Balance: {statements}, {counted(risks, 'material risk')}."
        if view.terminal:
            yield from _by_section(report, view)
    if report.failures:
        failures = counted(len(report.failures), "failure")
        yield paint(f"{failures}: what standard error names went unchecked.", "31")
    yield NOTICE


def _approvals(report: Report, view: View) -> Iterator[str]:
    """Return what approved claims silenced, which end soon, and which none of the drafts holds."""
    found = report.approvals()
    used = {each: sum(len(use.findings) for _, use in uses) for each, uses in found.items()}
    silenced = sum(used.values())
    if silenced:
        were = "was" if silenced == 1 else "were"
        yield f"{silenced:,} more {were} silenced by approved claims:"
        for approval, count in used.items():
            if count:
                ends = f"expires {approval.expires}"
                if ends_soon(approval, view.today):
                    ends = painter(view)(f"expires soon: {approval.expires}", "33")
                answering = one_line(f"{approval.approver}; {approval.reference}")
                yield f"  “{one_line(approval.text)}” ({answering}; {ends})"
    # One draft is not expected to hold every claim of the house.
    idle = sum(not any(use.places for _, use in uses) for uses in found.values())
    if idle and len(report.files) > 1:
        yield f"{counted(idle, 'approved claim')} of the configuration not in any of these files."


def _by_section(report: Report, view: View) -> Iterator[str]:
    """Return the balance of each section that states anything, where that tells more.

    It does on one long page whose benefits stand in several sections.
    """
    if len(report.files) != 1 or report.files[0].words < _LONG_PAGE:
        return
    sections = [each for each in report.files[0].balance.sections if each.benefits or each.risks]
    if sum(bool(each.benefits) for each in sections) < _FEW_SECTIONS:
        return
    room = max(view.width - len("  999 : 99   "), 20)
    for each in sections:
        heading = one_line(each.heading or "(before the first heading)")
        shown = heading if len(heading) <= room else heading[: room - 1].rstrip() + "…"
        yield f"  {each.benefits:>3} : {each.risks:<2}  {shown}"


def _is_safe(rewrite: Rewrite) -> bool:
    return rewrite.kind is RewriteKind.SAFE and bool(rewrite.edits)


class Painter:
    """Puts text in colour, or leaves it."""

    def __init__(self, *, color: bool) -> None:
        """Choose whether there is colour."""
        self._color = color

    def __call__(self, text: str, code: str) -> str:
        """Return the text in the colour of an ANSI code."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text


def painter(view: View) -> Painter:
    """Return what paints in this view."""
    return Painter(color=view.color)
