"""`medlint check`: lint drafts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters, read_bytes
from medlint.batch import Job, gather, run
from medlint.commands.common import (
    complain,
    drafts_argument,
    fail_on_option,
    is_terminal,
    options_from,
    read_input,
    run_options,
    write_data,
)
from medlint.commands.drafts import Asked, find, lint, recorded
from medlint.config import absolute
from medlint.reporters import DOCUMENT_FORMATS, FORMATS, NOTICE, annotator, counted
from medlint.walk import STDIN, is_report

if TYPE_CHECKING:
    from medlint.walk import Found


@click.command(name="check")
@drafts_argument
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, *DOCUMENT_FORMATS)),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@fail_on_option("Exit with 1 from this severity on.")
@run_options
@click.option(
    "--no-cache",
    is_flag=True,
    envvar="MEDLINT_NO_CACHE",
    help="Check every draft, also those that have not changed.",
)
@click.option("--fix", is_flag=True, help="Apply the fixes that cannot change what is claimed.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--audit",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append a record of the run to this file, as a line of JSON.",
)
@click.option(
    "--today", metavar="DATE", help="Judge approved claims as of this day.  [default: today]"
)
def command(paths: tuple[str, ...], **values: Any) -> int:
    """Lint drafts: files, folders, or standard input (-).

    Without a PATH, the current folder. Exits with 1 if there are findings at or above --fail-on,
    with 2 if something could not be checked.
    """
    linters = Linters(options_from(values))
    asked = Asked(values)
    found = _spare_drafts(asked.output, find(paths, linters, asked))
    _spare_audit(asked.audit, asked.output, found)
    if asked.form in DOCUMENT_FORMATS:
        return _annotate(found, linters, asked)
    code, _ = lint(found, linters, asked)
    return code


def _annotate(found: Found, linters: Linters, asked: Asked) -> int:
    """Write one draft with its findings as comments in it."""
    form, output = asked.form, asked.output
    if asked.fix or asked.diff:
        message = f"--format {form} changes nothing but comments; leave out --fix and --diff."
        raise click.UsageError(message)
    if not found.paths or len(found.paths) > 1:
        complain(found.failures)
        what = f"{len(found.paths)} were given" if found.paths else "none was given"
        message = f"--format {form} writes comments into one draft; {what}."
        raise click.UsageError(message)
    (path,) = found.paths
    shown = (asked.stdin_filename or STDIN) if path == STDIN else path
    if Path(shown).suffix.lower() != f".{form}":
        message = f"--format {form} needs a draft of that format; {shown} is none."
        raise click.UsageError(message)
    if output is None and is_terminal(sys.stdout):
        message = f"--format {form} writes no text: say where to with --output FILE.{form}."
        raise click.UsageError(message)
    # The draft is read once, so that comments go where it was checked.
    data = read_input() if path == STDIN else read_bytes(Path(path))
    job = Job(options=linters.options, stdin=data, stdin_name=shown, audit=asked.audit is not None)
    result = gather(run(job, (STDIN,), linters=linters), found.failures)
    complain(result.report.failures)
    code = 2 if result.report.failures else int(result.fails)
    with recorded(result, job, linters, asked.audit, code):
        for file in result.report.files:
            write_data(annotator(form)(data, file), output)
            if not asked.quiet:
                click.echo(f"{counted(len(file.findings), 'finding')}. {NOTICE}", err=True)
    return code


def _spare_drafts(output: Path | None, found: Found) -> Found:
    """Refuse to write the report over a draft; an earlier report among the drafts is none."""
    if output is None:
        return found
    drafts = tuple(path for path in found.paths if path == STDIN or not _same(Path(path), output))
    if len(drafts) == len(found.paths):
        return found
    if is_report(output):
        return replace(found, paths=drafts)
    message = f"--output {output} is one of the drafts; choose another file."
    raise click.UsageError(message)


def _spare_audit(audit: Path | None, output: Path | None, found: Found) -> None:
    """Refuse to record a run in a draft or the report, and make sure that it can be recorded.

    Raises:
        MedlintError: the file cannot be written.
    """
    if audit is None:
        return
    from medlint.audit import check  # noqa: PLC0415  few runs are recorded

    place = absolute(audit)
    if output is not None and absolute(output) == place:
        message = f"--audit and --output are both {audit}; choose another file."
        raise click.UsageError(message)
    if any(absolute(Path(path)) == place for path in found.paths if path != STDIN):
        message = f"--audit {audit} is one of the drafts; choose another file."
        raise click.UsageError(message)
    check(audit)


def _same(draft: Path, output: Path) -> bool:
    """Tell whether two paths lead to one file, by a link perhaps."""
    if absolute(draft) == absolute(output):
        return True
    try:
        return output.samefile(draft)
    except OSError:
        return False
