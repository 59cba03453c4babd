"""`medlint check`: lint drafts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medlint.api import Linters, read_bytes
from medlint.batch import Job, Result, gather, run, setups
from medlint.commands.common import (
    complain,
    is_terminal,
    options_from,
    read_input,
    rule_options,
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
    reporter,
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
@click.option("--fix", is_flag=True, help="Apply the fixes that cannot change what is claimed.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
def command(paths: tuple[str, ...], **values: Any) -> int:
    """Lint drafts: files, folders, or standard input (-).

    Without a PATH, the current folder. Exits with 1 if there are findings at or above --fail-on,
    with 2 if something could not be checked.
    """
    options = options_from(values, values["fail_on"])
    linters = Linters(options)
    output = values["output"]
    found = _find(paths or (".",), linters, values)
    found = _spare_drafts(output, found)
    if values["form"] in DOCUMENT_FORMATS:
        return _annotate(found, options, linters, values)
    has_stdin = STDIN in found.paths
    job = Job(
        options=options,
        fix=values["fix"],
        diff=values["diff"],
        stdin=read_input() if has_stdin else b"",
        stdin_name=values["stdin_filename"] or "",
        whole=values["form"] in WHOLE,
    )
    results = run(job, found.paths, jobs=values["jobs"], linters=linters)
    result = gather(_with_progress(results, len(found.paths), values), found.failures)
    complain(result.report.failures)
    for folder in found.empty:
        shown = one_line(folder)
        click.echo(f"medlint: {shown}: no drafts here; nothing was checked", err=True)
    if values["diff"]:
        write(result.diff, output, utf8=True)
        return 2 if result.report.failures else int(bool(result.diff))
    _report(result, job, values, linters)
    return 2 if result.report.failures else int(result.fails)


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
    job = Job(options=options, stdin=data, stdin_name=shown)
    result = gather(run(job, (STDIN,), linters=linters), found.failures)
    complain(result.report.failures)
    for file in result.report.files:
        write_data(annotator(form)(data, file), output)
        if not values["quiet"]:
            click.echo(f"{counted(len(file.findings), 'finding')}. {NOTICE}", err=True)
    return 2 if result.report.failures else int(result.fails)


def _find(paths: Iterable[str], linters: Linters, values: dict[str, Any]) -> Found:
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


def _report(result: Result, job: Job, values: dict[str, Any], linters: Linters) -> None:
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
    text = reporter(form)(result.report, view)
    if result.fixed and not values["quiet"]:
        fixes = "1 fix" if result.fixed == 1 else f"{result.fixed} fixes"
        click.echo(f"Applied {fixes}.", err=True)
    if job.fix and job.stdin:
        # Standard output carries the fixed draft; the report steps aside.
        write_bytes(job.stdin if result.stdin is None else result.stdin)
        if output is None:
            click.echo(text, err=True, nl=False)
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
