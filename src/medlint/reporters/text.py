"""The report for people: one line a finding for pipes, source lines and carets for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import RewriteKind, Severity
from medlint.reporters import NOTICE, counted, lines_of, one_line, place_of
from medlint.reporters.snippet import Marked, mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.findings import FileReport, Finding, Report, Rewrite
    from medlint.reporters import View

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.SUGGESTION: "36"}
_BOLD = "1"
_DIM = "2"
_MAX_EVIDENCE = 3
# From here on, a page's balance is worth looking at section by section.
_LONG_PAGE = 200
_FEW_SECTIONS = 2


def render(report: Report, view: View) -> str:
    """Return the report as text."""
    blocks: list[str] = []
    for file in report.files:
        if view.terminal:
            blocks += [_shown(file, finding, view) + "\n" for finding in file.findings]
        else:
            blocks += [line(file, finding) for finding in file.findings]
    if not view.quiet:
        if blocks and not view.terminal:
            blocks.append("")
        blocks += _summary(report, view)
    return "".join(f"{block}\n" for block in blocks)


def line(file: FileReport, finding: Finding) -> str:
    """Return a finding as one line that grep and editors understand."""
    row, column = lines_of(file).position(finding.span.start)
    message = one_line(finding.message)
    place = place_of(file, finding.span.start)
    if place:
        message += f" ({one_line(place)})"
    return f"{one_line(file.path)}:{row}:{column}: {finding.severity}: {message} [{finding.rule}]"


def _shown(file: FileReport, finding: Finding, view: View) -> str:
    """Return a finding with its place in the source and what to do about it."""
    paint = _painter(view)
    row, column = lines_of(file).position(finding.span.start)
    head = f"{finding.severity}[{finding.rule}]"
    color = _COLORS[finding.severity]
    source = file.document.source if file.document else ""
    rows = mark(source, lines_of(file), finding.span, view.width)
    margin = max((len(str(row.number)) for row in rows), default=1)
    blank = " " * margin
    place = place_of(file, finding.span.start)
    place = f" ({one_line(place)})" if place else ""
    bar = paint("|", _DIM)
    output = [
        *_wrapped(f"{paint(head, f'{_BOLD};{color}')}: ", head, one_line(finding.message), view),
        f"{blank}{paint('-->', _DIM)} {one_line(file.path)}:{row}:{column}{place}",
        f"{blank} {bar}",
    ]
    for marked in rows:
        output += _source_rows(marked, margin, bar, color, view)
    output.append(f"{blank} {bar}")
    for label, text in _notes(file, finding):
        output += _wrapped(
            f"{blank} {paint('=', _DIM)} {paint(label, _BOLD)}: ", f"{blank} = {label}", text, view
        )
    return "\n".join(output)


def _source_rows(marked: Marked, margin: int, bar: str, color: str, view: View) -> Iterator[str]:
    paint = _painter(view)
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


def _wrapped(label: str, bare: str, text: str, view: View) -> Iterator[str]:
    """Wrap text behind a label; `bare` is the label without colours, for its width."""
    from textwrap import wrap  # noqa: PLC0415  pipes never need it

    indent = len(bare) + 2
    # A label that is long, or a terminal that is narrow, leaves too little for a column.
    if view.width - indent < 30:  # noqa: PLR2004
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
    paint = _painter(view)
    files = counted(len(report.files), "file")
    if report.count():
        by_severity = ", ".join(
            paint(counted(report.count(severity), severity.value), _COLORS[severity])
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


class _Painter:
    """Puts text in colour, or leaves it."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text


def _painter(view: View) -> _Painter:
    return _Painter(color=view.color)
