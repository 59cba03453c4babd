"""The report as JSON, for editors and scripts; docs/schema/report.schema.json describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medlint import __version__
from medlint.findings import Severity
from medlint.reporters import NOTICE, as_json, lines_of, place_of, spliced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import LineIndex
    from medlint.findings import ApprovalUse, Balance, FileReport, Finding, Report, Rewrite
    from medlint.reporters import View

SCHEMA = 1


# What stands for lists that are written item by item.
_FILES, _FINDINGS = "\0files", "\0findings"


def render(report: Report, view: View) -> str:
    """Return the report as JSON."""
    return "".join(pieces(report, view))


def pieces(report: Report, view: View) -> Iterator[str]:  # noqa: ARG001  every reporter is called alike
    """Yield the report as JSON, finding by finding."""
    yield from spliced({**_data(report), "files": _FILES}, _FILES, map(_pieces, report.files))
    yield "\n"


def _pieces(file: FileReport) -> Iterator[str]:
    findings = ((as_json(each),) for each in _findings(file))
    return spliced({**_file(file), "findings": _FINDINGS}, _FINDINGS, findings)


def data(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        **_data(report),
        "files": [{**_file(file), "findings": [*_findings(file)]} for file in report.files],
    }


def _data(report: Report) -> dict[str, Any]:
    """Return all but the files, with their place among the rest."""
    approved = approvals(report)
    return {
        "schema": SCHEMA,
        "medlint": __version__,
        "rulesets": [{"name": info.name, "version": info.version} for info in report.rulesets],
        "files": None,
        "failures": [
            {"path": failure.path, "rule": failure.rule, "error": failure.error}
            for failure in report.failures
        ],
        # Only where the configuration holds any.
        **({"approved": approved} if approved else {}),
        "summary": {
            "files": len(report.files),
            "findings": report.count(),
            **{severity.value: report.count(severity) for severity in reversed(Severity)},
            "suppressed": sum(file.suppressed for file in report.files),
        },
        "notice": NOTICE,
    }


def approvals(report: Report) -> list[dict[str, Any]]:
    """Return the approvals that held for any file, each with what it did, as plain data."""
    return [
        {
            "kind": "phrase" if approval.is_phrase else "claim",
            "text": approval.text,
            "reference": approval.reference,
            "approver": approval.approver,
            "date": approval.date.isoformat(),
            "expires": approval.expires.isoformat(),
            "standing": uses[0][1].standing.value,
            "where": approval.where,
            "used": [_use(file, use) for file, use in uses if use.places],
        }
        for approval, uses in report.approvals().items()
    ]


def _use(file: FileReport, use: ApprovalUse) -> dict[str, Any]:
    lines = lines_of(file)
    return {
        "path": file.path,
        "places": [
            {"start": _position(span.start, lines), "end": _position(span.end, lines)}
            for span in use.places
        ],
        "silenced": [
            {
                "rule": finding.rule,
                "category": finding.category.value,
                "severity": finding.severity.value,
                "start": _position(finding.span.start, lines),
                "end": _position(finding.span.end, lines),
                "match": finding.match,
                "fingerprint": finding.fingerprint,
            }
            for finding in use.findings
        ],
    }


def _file(file: FileReport) -> dict[str, Any]:
    """Return all but the findings of a file."""
    document = file.document
    is_extracted = document is not None and document.is_extracted
    return {
        "path": file.path,
        # Where the file is no text, positions count in what was taken out of it.
        **({"text": document.source} if document is not None and is_extracted else {}),
        "words": file.words,
        "balance": _balance(file.balance),
        "findings": None,
    }


def _findings(file: FileReport) -> Iterator[dict[str, Any]]:
    lines = lines_of(file)
    for finding in file.each():
        yield {**_finding(finding, lines), **_place(file, finding)}


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "benefits": balance.benefits,
        "risks": balance.risks,
        "sections": [
            {
                "heading": section.heading,
                "level": section.level,
                "benefits": section.benefits,
                "risks": section.risks,
            }
            for section in balance.headed
        ],
    }


def _finding(finding: Finding, lines: LineIndex) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "category": finding.category.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "advice": finding.advice,
        "start": _position(finding.span.start, lines),
        "end": _position(finding.span.end, lines),
        "match": finding.match,
        "rewrites": [_rewrite(rewrite) for rewrite in finding.rewrites],
        "evidence": [
            {"start": item.span.start, "end": item.span.end, "match": item.match}
            for item in finding.evidence
        ],
        "sources": [
            {"id": source.id, "title": source.title, "url": source.url}
            for source in finding.sources
        ],
        "fingerprint": finding.fingerprint,
    }


def _place(file: FileReport, finding: Finding) -> dict[str, str]:
    place = place_of(file, finding.span.start)
    return {"place": place} if place else {}


def _position(offset: int, lines: LineIndex) -> dict[str, int]:
    line, column = lines.position(offset)
    return {"offset": offset, "line": line, "column": column}


def _rewrite(rewrite: Rewrite) -> dict[str, Any]:
    return {
        "kind": rewrite.kind.value,
        "text": rewrite.text,
        "edits": [
            {"start": edit.span.start, "end": edit.span.end, "text": edit.text}
            for edit in rewrite.edits
        ],
    }
