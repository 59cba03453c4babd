"""`medlint check`: lint drafts."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters, failures_of, read_bytes
from medlint.batch import Job, Result, gather, run, setups
from medlint.commands.common import (
    complain,
    is_terminal,
    options_from,
    read_input,
    rule_options,
    run_cache,
    split,
    wants_color,
    width,
    write,
    write_bytes,
    write_data,
)
from medlint.config import absolute
from medlint.errors import MedlintError
from medlint.findings import Severity
from medlint.reporters import (
    DOCUMENT_FORMATS,
    FORMATS,
    NOTICE,
    PLAIN_WIDTH,
    WHOLE,
    View,
    annotator,
    counted,
    one_line,
    pieces,
)
from medlint.walk import STDIN, Excludes, Found, Walker, is_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.api import Checked, Options
    from medlint.rules import Rule

# A run this short needs no progress bar.
_PATIENCE = 2.0


@click.command(name="check")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, *DOCUMENT_FORMATS)),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit with 1 from this severity on.  [default: warning]",
)
@rule_options
@click.option("--stdin-filename", metavar="PATH", help="What to take standard input (-) for.")
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave these out of folders; as in .gitignore."
)
@click.option("--force-exclude", is_flag=True, help="Leave them out even where named outright.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    help="Processes; 0 chooses.  [default: 0]",
)
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
    options = options_from(values, values["fail_on"])
    linters = Linters(options)
    output = values["output"]
    found = find(paths or (".",), linters, values)
    found = _spare_drafts(output, found)
    _spare_audit(values["audit"], output, found)
    if values["form"] in DOCUMENT_FORMATS:
        return _annotate(found, options, linters, values)
    code, _ = lint(found, options, linters, values)
    return code


def lint(
    found: Found,
    options: Options,
    linters: Linters,
    values: dict[str, Any],
    *,
    unsafe: bool = False,
) -> tuple[int, Result]:
    """Check drafts, fix them where that is asked for, and report; return the exit code too."""
    has_stdin = STDIN in found.paths
    recorded = values.get("audit") is not None
    job = Job(
        options=options,
        fix=values["fix"],
        diff=values["diff"],
        unsafe=unsafe,
        stdin=read_input() if has_stdin else b"",
        stdin_name=values["stdin_filename"] or "",
        whole=values["form"] in WHOLE,
        audit=recorded,
        # A record names what was dismissed, which the cache does not keep.
        cache=None if recorded or values.get("no_cache") else run_cache(),
    )
    results = run(job, found.paths, jobs=values["jobs"], linters=linters)
    result = gather(_with_progress(results, len(found.paths), values), found.failures)
    complain(result.report.failures)
    for folder in found.empty:
        shown = one_line(folder)
        click.echo(f"medlint: {shown}: no drafts here; nothing was checked", err=True)
    if values["diff"]:
        code = 2 if result.report.failures else int(bool(result.diff))
        with _recorded(result, job, linters, values.get("audit"), code):
            write(result.diff, values["output"], utf8=True)
        return code, result
    code = 2 if result.report.failures else int(result.fails)
    with _recorded(result, job, linters, values.get("audit"), code):
        _report(result, job, values, linters, has_stdin=has_stdin)
    return code, result


@contextmanager
def _recorded(
    result: Result, job: Job, linters: Linters, path: Path | None, code: int
) -> Iterator[None]:
    """Record a run once its report is out; one that could not be written is a failure like any.

    Raises:
        MedlintError: the record cannot be written.
    """
    if path is None:
        yield
        return
    from medlint import audit  # noqa: PLC0415  few runs are recorded

    try:
        yield
    except MedlintError as error:
        failures = (*result.report.failures, *failures_of(error))
        unreported = replace(result, report=replace(result.report, failures=failures))
        audit.append(path, audit.record(unreported, job, linters, 2))
        raise
    audit.append(path, audit.record(result, job, linters, code))


def _annotate(found: Found, options: Options, linters: Linters, values: dict[str, Any]) -> int:
    """Write one draft with its findings as comments in it."""
    form, output = values["form"], values["output"]
    if values["fix"] or values["diff"]:
        message = f"--format {form} changes nothing but comments; leave out --fix and --diff."
        raise click.UsageError(message)
    if not found.paths or len(found.paths) > 1:
        complain(found.failures)
        what = f"{len(found.paths)} were given" if found.paths else "none was given"
        message = f"--format {form} writes comments into one draft; {what}."
        raise click.UsageError(message)
    (path,) = found.paths
    shown = (values["stdin_filename"] or STDIN) if path == STDIN else path
    if Path(shown).suffix.lower() != f".{form}":
        message = f"--format {form} needs a draft of that format; {shown} is none."
        raise click.UsageError(message)
    if output is None and is_terminal(sys.stdout):
        message = f"--format {form} writes no text: say where to with --output FILE.{form}."
        raise click.UsageError(message)
    # The draft is read once, so that comments go where it was checked.
    data = read_input() if path == STDIN else read_bytes(Path(path))
    job = Job(options=options, stdin=data, stdin_name=shown, audit=values["audit"] is not None)
    result = gather(run(job, (STDIN,), linters=linters), found.failures)
    complain(result.report.failures)
    code = 2 if result.report.failures else int(result.fails)
    with _recorded(result, job, linters, values["audit"], code):
        for file in result.report.files:
            write_data(annotator(form)(data, file), output)
            if not values["quiet"]:
                click.echo(f"{counted(len(file.findings), 'finding')}. {NOTICE}", err=True)
    return code


def find(paths: Iterable[str], linters: Linters, values: dict[str, Any]) -> Found:
    """Return the drafts that paths stand for, without those that are excluded."""
    here = Path.cwd()
    given = Excludes(here, split(values["exclude"]))

    def excludes_for(folder: Path) -> tuple[Excludes, ...]:
        try:
            config = linters.config_for(folder)
        except MedlintError:
            # Said again, and louder, when the drafts of this folder are linted.
            return (given,)
        return (given, Excludes(config.root, config.exclude))

    walker = Walker(excludes_for, force_exclude=values["force_exclude"])
    name = values["stdin_filename"]
    if name and walker.leaves_out(Path(name)):
        paths = [path for path in paths if path != STDIN]
    return walker.find(paths)


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


def _with_progress(
    results: Iterator[Checked], total: int, values: dict[str, Any]
) -> Iterator[Checked]:
    """Pass results on; on a terminal, show a bar once it takes longer than a moment."""
    if values["quiet"] or not is_terminal(sys.stderr):
        yield from results
        return
    from time import monotonic  # noqa: PLC0415

    start = monotonic()
    for done, checked in enumerate(results, 1):
        yield checked
        if monotonic() - start > _PATIENCE and done < total:
            break
    else:
        return
    with click.progressbar(length=total, label="Checking", file=sys.stderr) as bar:
        bar.update(done)
        for checked in results:
            bar.update(1)
            yield checked


def _report(
    result: Result, job: Job, values: dict[str, Any], linters: Linters, *, has_stdin: bool
) -> None:
    """Write the report, and the fixed text where that was standard input."""
    output, form = values["output"], values["form"]
    rules: dict[str, Rule] = {}
    if form == "sarif":
        rules = _rules(result, linters)
    to_terminal = output is None and (is_terminal(sys.stdout) or values["color"] == "always")
    view = View(
        terminal=to_terminal,
        color=output is None and wants_color(values["color"], sys.stdout),
        width=width() if to_terminal else PLAIN_WIDTH,
        quiet=values["quiet"],
        base=Path.cwd(),
        rules=rules,
        today=job.options.today,
        setups=setups(result.report, linters) if form in WHOLE else {},
    )
    text = pieces(form, result.report, view)
    if result.fixed and not values["quiet"]:
        fixes = "1 fix" if result.fixed == 1 else f"{result.fixed} fixes"
        click.echo(f"Applied {fixes}.", err=True)
    if job.fix and has_stdin:
        # Standard output carries the fixed draft; the report steps aside.
        write_bytes(job.stdin if result.stdin is None else result.stdin)
        if output is None:
            click.echo("".join(text), err=True, nl=False)
            return
    write(text, output, utf8=form != "text")


def _rules(result: Result, linters: Linters) -> dict[str, Rule]:
    """Return the rules that took part, by id, for formats that carry their help."""
    folders = {absolute(Path(file.path)).parent: None for file in result.report.files}
    rules: dict[str, Rule] = {}
    for folder in folders:
        for rule in linters.linter_for(folder).ruleset.rules:
            rules.setdefault(rule.id, rule)
    return rules
