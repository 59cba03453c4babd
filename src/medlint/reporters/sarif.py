"""The report as SARIF 2.1.0, for code scanning services.

Suppressed findings are left out: services open them again as alerts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from medlint import __version__
from medlint.blanks import blanks_in
from medlint.findings import Severity
from medlint.reporters import NOTICE, as_json, lines_of, place_of, spliced
from medlint.reporters.json_report import approvals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.document import LineIndex, Span
    from medlint.findings import Failure, FileReport, Finding, Report, Rewrite
    from medlint.reporters import View
    from medlint.rules import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "note"}
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.SUGGESTION: "recommendation",
}


_RESULTS = "\0results"


def render(report: Report, view: View) -> str:
    """Return the report as SARIF."""
    return "".join(pieces(report, view))


def pieces(report: Report, view: View) -> Iterator[str]:
    """Yield the report as SARIF, finding by finding."""
    found = sorted({f.rule: f for file in report.files for f in file.each()}.items())
    numbers = {rule: number for number, (rule, _) in enumerate(found)}
    results = (
        (as_json(_result(finding, file, numbers, view)),)
        for file in report.files
        for finding in file.each()
    )
    yield from spliced(_data(report, view, found), _RESULTS, results)
    yield "\n"


def _data(report: Report, view: View, found: Iterable[tuple[str, Finding]]) -> dict[str, Any]:
    """Return all but the results; `found` are the rules with a finding of each."""
    driver = {
        "name": "medlint",
        "version": __version__,
        "semanticVersion": __version__,
        "shortDescription": {"text": "A linter for marketing copy about health."},
        "fullDescription": {"text": f"A linter for marketing copy about health. {NOTICE}"},
        "rules": [_rule(rule, finding, view.rules or {}) for rule, finding in found],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(report.failures, view)],
                "results": _RESULTS,
                **_approvals(report),
            }
        ],
    }


def _approvals(report: Report) -> dict[str, Any]:
    """Say which approved claims silenced what; as results they would be opened as alerts."""
    approved = approvals(report)
    return {"properties": {"approved": approved}} if approved else {}


def _rule(rule_id: str, finding: Finding, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Describe a rule; the tool's own rules are in no ruleset and speak through a finding."""
    rule = rules.get(rule_id)
    severities = rule.severity.values() if rule else (finding.severity,)
    severity = max(severities, key=lambda each: each.rank)
    sources = rule.sources if rule else finding.sources
    advice = (rule.advice if rule else finding.advice) or "See `medlint explain`."
    laws = "".join(f"\n- [{source.title}]({source.url})" for source in sources)
    text = "".join(f"\n{source.title}: {source.url}" for source in sources)
    described: dict[str, Any] = {
        "id": rule_id,
        "name": "".join(part.capitalize() for part in rule_id.split("-")),
        "shortDescription": {"text": rule_id.replace("-", " ").capitalize()},
        "fullDescription": {"text": advice},
        "help": {
            "text": f"{advice}{text}\n\n{NOTICE}",
            "markdown": f"{advice}\n{laws}\n\n{NOTICE}",
        },
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "category": finding.category.value,
            "tags": ["health-claims", finding.category.value],
            "problem.severity": _PROBLEMS[severity],
        },
    }
    if sources:
        described["helpUri"] = sources[0].url
    return described


def _result(
    finding: Finding, file: FileReport, numbers: Mapping[str, int], view: View
) -> dict[str, Any]:
    lines = lines_of(file)
    artifact = {"uri": _uri(file.path, view.base)}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.advice)))},
        "locations": [{**_location(artifact, finding.span, lines), **_place(file, finding.span)}],
        "partialFingerprints": {
            # The key by which code scanning knows an alert again.
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "medlint/v1": finding.fingerprint,
        },
    }
    if finding.evidence:
        result["relatedLocations"] = [
            {
                "id": n,
                **_location(artifact, item.span, lines),
                **_place(file, item.span),
                "message": {"text": item.match},
            }
            for n, item in enumerate(finding.evidence)
        ]
    # Blanks are for the author to fill; the text of a file that is none cannot be edited.
    fixes = [r for r in finding.rewrites if r.edits and not blanks_in(r.text)]
    if fixes and not (file.document and file.document.is_extracted):
        result["fixes"] = [_fix(rewrite, artifact, lines) for rewrite in fixes]
    return result


def _location(artifact: Mapping[str, str], span: Span, lines: LineIndex) -> dict[str, Any]:
    region = _region(span, lines)
    return {"physicalLocation": {"artifactLocation": dict(artifact), "region": region}}


def _place(file: FileReport, span: Span) -> dict[str, Any]:
    """Name the place where the artifact is no text, and a region of lines says little."""
    place = place_of(file, span.start)
    return {"logicalLocations": [{"name": place}]} if place else {}


def _region(span: Span, lines: LineIndex) -> dict[str, int]:
    line, column = lines.position(span.start)
    end_line, end_column = lines.position(span.end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _fix(rewrite: Rewrite, artifact: Mapping[str, str], lines: LineIndex) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span, lines), "insertedContent": {"text": edit.text}}
        for edit in rewrite.edits
    ]
    change = {"artifactLocation": dict(artifact), "replacements": replacements}
    return {"description": {"text": rewrite.text}, "artifactChanges": [change]}


def _invocation(failures: Iterable[Failure], view: View) -> dict[str, Any]:
    notifications = [_notification(failure, view) for failure in failures]
    invocation: dict[str, Any] = {"executionSuccessful": not notifications}
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return invocation


def _notification(failure: Failure, view: View) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": failure.error}}
    if failure.rule:
        notification["associatedRule"] = {"id": failure.rule}
    if failure.path:
        location = {"artifactLocation": {"uri": _uri(failure.path, view.base)}}
        notification["locations"] = [{"physicalLocation": location}]
    return notification


def _uri(path: str, base: Path) -> str:
    """Return the address of a path: relative below `base`, otherwise of the file system."""
    place = Path(path)
    if place.is_absolute() and base.is_absolute() and place.is_relative_to(base):
        place = place.relative_to(base)
    # On Windows “C:”, whose colon stays, or “//server/share”, whose slashes are the address's.
    drive = place.drive.replace("\\", "/") if place.is_absolute() else ""
    text = quote(place.as_posix().removeprefix(drive), safe="/", errors="surrogateescape")
    if not place.is_absolute():
        return text
    if drive.startswith("//"):
        return f"file:{quote(drive)}{text}"
    return f"file:///{drive}{text}" if drive else f"file://{text}"
