"""Packed reports: the same report, in fewer bytes."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint import api
from medlint.api import Linter, Options
from medlint.config import Config
from medlint.document import Document, Place, Span
from medlint.findings import (
    Balance,
    Category,
    Edit,
    Evidence,
    FileReport,
    Finding,
    Report,
    Rewrite,
    RewriteKind,
    SectionBalance,
    Severity,
    Source,
)
from medlint.packed import PackedReport, pack, pack_text
from medlint.reporters import View, reporter

if TYPE_CHECKING:
    from collections.abc import Iterator

LAW = Source("x.law", "An act", "https://example.org", checked=False)
SOURCE = "\ufeffA drip\r\n\U0001f642 cures all.\r\n"
REPORT = FileReport(
    path="drafts/a\udcff.md",
    words=5,
    balance=Balance(2, 1, (SectionBalance(None, 0, 2, 0), SectionBalance("Ünder", 2, 0, 1))),
    findings=(
        Finding(
            rule="one",
            category=Category.CURE,
            severity=Severity.ERROR,
            span=Span(12, 21),
            match="cures all",
            message="“cures all” promises a cure.",
            advice="Do not.",
            rewrites=(
                Rewrite(RewriteKind.DISPLAY, "[Say] what."),
                Rewrite(RewriteKind.SAFE, "Remove.", (Edit(Span(0, 2), ""), Edit(Span(4, 4), "x"))),
            ),
            evidence=(Evidence(Span(1, 2), "A"), Evidence(Span(3, 7), "drip")),
            sources=(LAW, LAW),
            fingerprint="0123456789abcdef",
        ),
        Finding(
            rule="two",
            category=Category.HYPE,
            severity=Severity.SUGGESTION,
            span=Span(12, 21),
            match="cures all",
            message="x",
        ),
    ),
    suppressed=3,
    document=Document(
        path="drafts/a\udcff.md",
        format="docx",
        source=SOURCE,
        blocks=(),
        sections=(),
        places=(Place(0, "body"), Place(9, "note 1")),
        is_extracted=True,
    ),
)


def packed(report: FileReport) -> PackedReport:
    """Return a report packed."""
    assert report.document is not None
    return PackedReport(report.path, pack(report), pack_text(report.document.source))


def opened(report: FileReport) -> FileReport:
    """Return a report as plain objects, for comparisons."""
    return FileReport(
        path=report.path,
        words=report.words,
        balance=report.balance,
        findings=report.findings,
        suppressed=report.suppressed,
    )


@pytest.mark.parametrize("through", [lambda each: each, lambda e: pickle.loads(pickle.dumps(e))])  # noqa: S301
def test_a_packed_report_says_the_same(through: object) -> None:
    """Every field comes back, here and in another process, and the draft's text with its places."""
    report = through(packed(REPORT))  # type: ignore[operator]
    assert opened(report) == REPORT
    assert report.document == REPORT.document
    assert [report.count(severity) for severity in Severity] == [1, 0, 1]
    assert (report.count(), report.fixable) == (2, 1)
    assert report == packed(REPORT)
    assert report != packed(opened_with(words=6))


def opened_with(*, words: int) -> FileReport:
    """Return the report with another number of words."""
    return FileReport(
        path=REPORT.path,
        words=words,
        balance=REPORT.balance,
        findings=REPORT.findings,
        suppressed=REPORT.suppressed,
        document=REPORT.document,
    )


def test_a_report_without_its_text_is_not_packed() -> None:
    """Lines and columns could not be told."""
    with pytest.raises(ValueError, match="came without its source"):
        pack(opened(REPORT))


@pytest.mark.parametrize("body", [b"", b"\x00", b"N", pack(REPORT)[:-1]], ids=repr)
def test_what_is_no_packed_report_is_refused(body: bytes) -> None:
    """Whatever else stands there does not become a report."""
    with pytest.raises((ValueError, TypeError, EOFError)):
        PackedReport("a.md", body, b"")


def shipped_examples() -> Iterator[tuple[str, bytes]]:
    """Return the example drafts with their names."""
    folder = Path(__file__).parents[1] / "examples"
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".html", ".txt", ".docx"}:
            yield path.name, path.read_bytes()


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_reporters_make_no_difference(form: str) -> None:
    """Of the example drafts, each reporter says the same from packed reports."""
    linter = Linter(Config.default(Path.cwd()), Options(no_config=True))
    reports = []
    for name, data in shipped_examples():
        try:
            report = linter.lint_bytes(data, name).report
        except api.InputError:
            continue
        if report is not None:
            reports.append(report)
    assert len(reports) > 3
    view = View(terminal=form == "text")
    plain = reporter(form)(Report(files=tuple(reports)), view)
    assert reporter(form)(Report(files=tuple(map(packed, reports))), view) == plain
