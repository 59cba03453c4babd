"""GitHub annotations: escaped, within GitHub's limit, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import file_of, finding_at

from medlint.findings import Failure, Report, Severity
from medlint.reporters import NOTICE, View, reporter

if TYPE_CHECKING:
    from medlint.findings import Finding


def rendered(report: Report, *, quiet: bool = False) -> list[str]:
    """Return the lines of a report."""
    return reporter("github")(report, View(quiet=quiet)).splitlines()


def test_annotations_name_their_place(report: Report) -> None:
    """Failures first; a place of several lines has no columns, as GitHub wants it."""
    assert rendered(report) == [
        "::error title=medlint,file=gone.md::cannot be read: No such file or directory",
        "::error title=medlint (slow-rule),file=draft.md::ran out of time",
        (
            "::error title=medlint (cure-verb),file=draft.md,line=3,endLine=4"
            "::“cures ALS” promises a cure.%0ASay what was measured."
        ),
        (
            "::warning title=medlint (repeated-item),file=draft.md,line=7,col=3,endLine=7,"
            "endColumn=12::“less pain” stands in this list already."
        ),
        f"2 findings. {NOTICE}",
    ]


def test_nothing_in_a_draft_becomes_a_command() -> None:
    """Percent signs, line ends, commas and colons are escaped where they would act."""
    report = Report(
        files=(file_of(finding_at("cures", message="100%\n::error::x", advice="")),),
        failures=(Failure(path="a,b:c%.md", error="one\r\ntwo"),),
    )
    assert rendered(report, quiet=True) == [
        "::error title=medlint,file=a%2Cb%3Ac%25.md::one%0D%0Atwo",
        (
            "::error title=medlint (cure-verb),file=draft.md,line=3,col=15,endLine=3,endColumn=20"
            "::100%25 ::error::x"
        ),
    ]


def test_what_github_would_drop_is_printed_in_full() -> None:
    """Ten annotations of each kind; the others follow as plain lines, counted."""

    def many(severity: Severity, count: int) -> list[Finding]:
        return [finding_at("cures", severity=severity, rule=f"rule-{n}") for n in range(count)]

    findings = many(Severity.ERROR, 12) + many(Severity.SUGGESTION, 11)
    lines = rendered(Report(files=(file_of(*findings),)), quiet=True)
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert lines[-4:] == [
        "3 more findings. GitHub shows 10 annotations of each kind; not annotated:",
        "draft.md:3:15: error: “cures” promises a cure. [rule-10]",
        "draft.md:3:15: error: “cures” promises a cure. [rule-11]",
        "draft.md:3:15: suggestion: “cures” promises a cure. [rule-10]",
    ]
