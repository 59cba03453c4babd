"""What a terminal shows of a review: pure text, drawn anew for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.blanks import blanks_in
from medlint.config import ELSEWHERE
from medlint.findings import Balance, Category, FileReport, RewriteKind
from medlint.reporters import counted, one_line
from medlint.reporters.text import noted, painter, shown, wrapped
from medlint.review.session import Act, Session, acts, pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.findings import Finding, Rewrite
    from medlint.reporters import View

MOST_REWRITES = 9
_BOLD, _DIM, _NOTE = "1", "2", "36"
_MOST_EVIDENCE = 3
_KINDS = {
    Category.MISSING_RISK: "risks",
    Category.MISSING_STATUS: "status",
    Category.MISSING_TYPICALITY: "typicality",
}
KEYS = (
    ("1-9", "take that rewrite; blanks are asked for"),
    ("e", "edit the sentence here"),
    ("E", "edit it in your editor (VISUAL or EDITOR)"),
    ("s", "skip: not now, and not when you come back, unless with --again"),
    ("a", "allow this place, with a reason: a comment goes into the draft"),
    ("p", "allow these words everywhere, with a reason: .medlint.yaml says so"),
    ("l", "show the law in full"),
    ("u", "undo the last step"),
    ("n", "go on to the next draft"),
    ("q", "quit; go on another day where you left off"),
    ("?", "this help"),
)


def card(session: Session, finding: Finding, view: View, note: str = "") -> str:
    """Return the screen for a finding; `note` tells what the last key did."""
    file = _file(session)
    paint = painter(view)
    done = sum(acts(session).values())
    left = len(pending(session))
    head = f"{one_line(file.path)}: {done} done, {left} left"
    lines = [paint(head, _DIM), ""]
    lines += shown(file, finding, view)
    lines += noted(file, finding, _notes(session, finding), view)
    lines.append("")
    for number, rewrite in enumerate(finding.rewrites[:MOST_REWRITES], 1):
        start = f"  {paint(str(number), _BOLD)}  "
        text = f"{one_line(rewrite.text)}{_remark(rewrite)}"
        # Wrapping counts two columns behind the label.
        lines += wrapped(start, f"  {number}", text, view)
    if finding.rewrites:
        lines.append("")
    if note:
        lines += [*(paint(line, _NOTE) for line in _paragraph(note, view)), ""]
    lines += _menu(finding, view)
    return "\n".join(lines) + "\n"


def asking(rewrite: Rewrite, view: View) -> list[str]:
    """Return a rewrite whose blanks are about to be asked for; nothing where it has none."""
    if not blanks_in(rewrite.text):
        return []
    return ["", *_paragraph(one_line(rewrite.text), view)]


def law(finding: Finding, view: View) -> str:
    """Return the sources of a finding with their addresses."""
    lines = [painter(view)(f"What “{finding.rule}” rests on", _BOLD), ""]
    for source in finding.sources:
        unchecked = "" if source.checked else " (not compared with its text)"
        lines += _paragraph(f"{source.title}{unchecked}", view)
        lines += [f"  {source.url}", ""]
    if not finding.sources:
        lines += ["This rule names no source.", ""]
    return "\n".join(lines) + "\n"


def help_page(view: View) -> str:
    """Return the keys with what they do."""
    paint = painter(view)
    lines = [paint("Keys", _BOLD), ""]
    for key, text in KEYS:
        lines += wrapped(
            f"  {paint(key, _BOLD)}{' ' * (3 - len(key))}  ", f"  {key:<3}", text, view
        )
    lines += ["", *_paragraph("Every step is written to the draft at once.", view)]
    return "\n".join(lines) + "\n\n"


def summary(session: Session) -> str:
    """Return what became of a draft, in a line."""
    counts = acts(session)
    done = ", ".join(
        f"{count} {act}" for act, count in counts.items() if count and act != Act.SKIPPED
    )
    left = len(session.findings)
    skipped = left - len(pending(session))
    text = f"{one_line(session.document.path)}: {done or 'nothing changed'}; "
    text += f"{counted(left, 'finding')} left"
    return f"{text}, {skipped} skipped." if skipped else f"{text}."


def _paragraph(text: str, view: View) -> list[str]:
    from textwrap import wrap  # noqa: PLC0415  pipes never need it

    return wrap(text, max(view.width, 40), break_on_hyphens=False)


def _menu(finding: Finding, view: View) -> Iterator[str]:
    count = min(len(finding.rewrites), MOST_REWRITES)
    numbers = "" if not count else "1 take  " if count == 1 else f"1-{count} take  "
    keys = "e edit  s skip  a allow  p phrase  l law  u undo  q quit  ? help"
    yield from _paragraph(numbers + keys, view)


def _notes(session: Session, finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.advice:
        yield "why", one_line(finding.advice)
    if finding.sources:
        more = len(finding.sources) - 1
        yield "law", finding.sources[0].title + (f" (and {more} more: l)" if more else "")
    for item in finding.evidence[:_MOST_EVIDENCE]:
        row, _ = session.document.lines.position(item.span.start)
        yield "see", f"line {row}: “{one_line(item.match)}”"
    if len(finding.evidence) > _MOST_EVIDENCE:
        yield "see", f"{len(finding.evidence) - _MOST_EVIDENCE} more like it"
    if finding.category in ELSEWHERE:
        kind = _KINDS[finding.category]
        yield "whole", f"`medlint disclose --kind {kind}` prints a disclosure to fill in"


def _remark(rewrite: Rewrite) -> str:
    if blanks_in(rewrite.text) or not rewrite.edits:
        # Whoever fills a blank, or finds the words a place, has read them.
        return ""
    remarks = {
        RewriteKind.SAFE: "",
        RewriteKind.UNSAFE: " (changes the meaning)",
        RewriteKind.DISPLAY: " (if it is true)",
    }
    return remarks[rewrite.kind]


def _file(session: Session) -> FileReport:
    document = session.document
    return FileReport(
        path=document.path,
        words=0,
        balance=Balance(),
        findings=session.findings,
        document=document,
    )
