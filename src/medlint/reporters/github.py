"""The report as GitHub annotations, with what goes beyond GitHub's limit as plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import Severity
from medlint.reporters import NOTICE, counted, lines_of, one_line, place_of
from medlint.reporters.text import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.findings import Failure, FileReport, Finding, Report
    from medlint.reporters import View

# GitHub shows ten annotations of each type a step and drops the others.
LIMIT = 10

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "notice"}


def render(report: Report, view: View) -> str:
    """Return the report as workflow commands."""
    return "".join(pieces(report, view))


def pieces(report: Report, view: View) -> Iterator[str]:
    """Yield the report as workflow commands, one after another."""
    failures = 0
    for failure in report.failures:
        # Printed in any case: a failure that nobody sees would pass for a clean file.
        yield f"{_failure(failure)}\n"
        failures += 1
    annotated = 0
    for command, file, finding in _sorted_out(report, failures):
        if command:
            annotated += 1
            yield f"{_annotation(command, file, finding)}\n"
    if annotated < report.count():
        more = counted(report.count() - annotated, "more finding")
        yield f"{more}. GitHub shows {LIMIT} annotations of each kind; not annotated:\n"
        for command, file, finding in _sorted_out(report, failures):
            if not command:
                yield f"{line(file, finding)}\n"
    if not view.quiet:
        yield f"{counted(report.count(), 'finding')}. {NOTICE}\n"


def _sorted_out(report: Report, failures: int) -> Iterator[tuple[str, FileReport, Finding]]:
    """Yield the findings, each with the command that annotates it, nothing beyond the limit."""
    left = dict.fromkeys(_COMMANDS.values(), LIMIT)
    left["error"] -= failures
    for file in report.files:
        for finding in file.each():
            command = _COMMANDS[finding.severity]
            if left[command] > 0:
                left[command] -= 1
                yield command, file, finding
            else:
                yield "", file, finding


def _annotation(command: str, file: FileReport, finding: Finding) -> str:
    lines = lines_of(file)
    row, column = lines.position(finding.span.start)
    end_row, end_column = lines.position(finding.span.end)
    properties: dict[str, str | int] = {"title": f"medlint ({finding.rule})"}
    properties |= {"file": file.path, "line": row}
    if end_row == row:
        properties |= {"col": column, "endLine": end_row, "endColumn": end_column}
    else:
        # GitHub refuses columns in an annotation of several lines.
        properties |= {"endLine": end_row}
    advice = f"\n{finding.advice}" if finding.advice else ""
    place = place_of(file, finding.span.start)
    if place:
        advice += f"\nIn {place}."
    return _command(command, properties, one_line(finding.message) + advice)


def _failure(failure: Failure) -> str:
    title = f"medlint ({failure.rule})" if failure.rule else "medlint"
    return _command("error", {"title": title, "file": failure.path}, failure.error)


def _command(command: str, properties: dict[str, str | int], message: str) -> str:
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{command} {written}::{_data(message)}"


def _data(text: str) -> str:
    # Logs show colours and the like, so no other control character may pass.
    return one_line(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
