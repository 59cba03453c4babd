"""What `medlint check` does once its options are known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medlint.api import Linters, read_bytes
from medlint.batch import Job, gather, run
from medlint.commands.common import (
    complain,
    is_terminal,
    options_from,
    read_input,
    tell,
    usage_error,
    write_data,
)
from medlint.commands.drafts import Asked, find, lint, recorded
from medlint.config import absolute
from medlint.records import replace
from medlint.reporters import DOCUMENT_FORMATS, NOTICE, annotator, counted
from medlint.walk import STDIN, is_report

if TYPE_CHECKING:
    from medlint.walk import Found


def check(paths: tuple[str, ...], values: dict[str, Any]) -> int:
    """Lint drafts and report; return the exit code. `values` are the options, by their names."""
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
        raise usage_error(message)
    if not found.paths or len(found.paths) > 1:
        complain(found.failures)
        what = f"{len(found.paths)} were given" if found.paths else "none was given"
        message = f"--format {form} writes comments into one draft; {what}."
        raise usage_error(message)
    (path,) = found.paths
    shown = (asked.stdin_filename or STDIN) if path == STDIN else path
    if Path(shown).suffix.lower() != f".{form}":
        message = f"--format {form} needs a draft of that format; {shown} is none."
        raise usage_error(message)
    if output is None and is_terminal(sys.stdout):
        message = f"--format {form} writes no text: say where to with --output FILE.{form}."
        raise usage_error(message)
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
                tell(f"{counted(len(file.findings), 'finding')}. {NOTICE}")
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
    raise usage_error(message)


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
        raise usage_error(message)
    if any(absolute(Path(path)) == place for path in found.paths if path != STDIN):
        message = f"--audit {audit} is one of the drafts; choose another file."
        raise usage_error(message)
    check(audit)


def _same(draft: Path, output: Path) -> bool:
    """Tell whether two paths lead to one file, by a link perhaps."""
    if absolute(draft) == absolute(output):
        return True
    try:
        return output.samefile(draft)
    except OSError:
        return False
