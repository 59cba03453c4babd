"""Reports made by hand, with everything in them that is hard to show."""

from __future__ import annotations

from medlint.document import Document, Span
from medlint.findings import (
    Balance,
    Category,
    Edit,
    Evidence,
    Failure,
    FileReport,
    Finding,
    Report,
    Rewrite,
    RewriteKind,
    RulesetInfo,
    SectionBalance,
    Severity,
    Source,
)

LAW = Source("test.law", "Test Act, section 1", "https://example.org/act#1")
SOURCE = "# Our clinic\n\nOur 🧪 therapy cures\nALS for good.\n\n- less pain\n- less pain\n"


def finding_at(words: str, source: str = SOURCE, last: bool = False, **values: object) -> Finding:  # noqa: FBT001, FBT002
    """Return a finding of some words of a source."""
    start = source.rindex(words) if last else source.index(words)
    defaults: dict[str, object] = {
        "rule": "cure-verb",
        "category": Category.CURE,
        "severity": Severity.ERROR,
        "span": Span(start, start + len(words)),
        "match": " ".join(words.split()),
        "message": f"“{' '.join(words.split())}” promises a cure.",
        "fingerprint": f"{start:016x}",
    }
    return Finding(**{**defaults, **values})  # type: ignore[arg-type]


def file_of(*findings: Finding, path: str = "draft.md", source: str = SOURCE) -> FileReport:
    """Return the report of a source with these findings."""
    return FileReport(
        path=path,
        words=len(source.split()),
        balance=Balance(
            14, 0, (SectionBalance(None, 0, 2, 0), SectionBalance("Our clinic", 1, 12, 0))
        ),
        findings=findings,
        suppressed=2,
        document=Document(path, "markdown", source, (), ()),
    )


def full_report() -> Report:
    """Return a report with two findings and two failures."""
    cure = finding_at(
        "cures\nALS",
        advice="Say what was measured.",
        rewrites=(Rewrite(RewriteKind.DISPLAY, "Whether this helps is not known."),),
        sources=(LAW,),
    )
    start = SOURCE.rindex("- less pain\n")
    copy = finding_at(
        "less pain",
        last=True,
        rule="repeated-item",
        category=Category.DUPLICATE_ITEM,
        severity=Severity.WARNING,
        message="“less pain” stands in this list already.",
        evidence=(Evidence(Span(start - 10, start - 1), "less pain"),),
        rewrites=(
            Rewrite(RewriteKind.SAFE, "Remove the copy.", (Edit(Span(start, len(SOURCE)), ""),)),
        ),
    )
    return Report(
        files=(file_of(cure, copy),),
        failures=(
            Failure(path="gone.md", error="cannot be read: No such file or directory"),
            Failure(path="draft.md", rule="slow-rule", error="ran out of time"),
        ),
        rulesets=(RulesetInfo("core", "1"), RulesetInfo("us", "2")),
    )
