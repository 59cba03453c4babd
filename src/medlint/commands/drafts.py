"""What the commands that go over drafts share: finding them, checking them, and the report."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medlint.api import failures_of
from medlint.batch import Job, Result, gather, run, setups
from medlint.commands.common import (
    complain,
    is_terminal,
    read_input,
    run_cache,
    split,
    tell,
    wants_color,
    width,
    write,
    write_bytes,
)
from medlint.config import absolute
from medlint.errors import MedlintError
from medlint.records import replace
from medlint.reporters import PLAIN_WIDTH, WHOLE, View, one_line, pieces
from medlint.walk import STDIN, Excludes, Found, Walker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from medlint.api import Checked, Linters
    from medlint.rules import Rule

# A run this short needs no progress bar.
_PATIENCE = 2.0


class Asked:
    """What a command line asks of a run over drafts, beside rules and configuration."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Take what a command's options say, by their names; a command need not have them all."""
        self.form: str = values.get("form", "text")
        self.output: Path | None = values.get("output")
        self.stdin_filename: str = values.get("stdin_filename") or ""
        self.exclude: tuple[str, ...] = values["exclude"]
        self.force_exclude: bool = values["force_exclude"]
        self.quiet: bool = values.get("quiet", False)
        self.color: str = values["color"]
        self.jobs: int = values.get("jobs", 0)
        self.uses_cache: bool = not values.get("no_cache")
        self.fix: bool = values.get("fix", False)
        self.diff: bool = values.get("diff", False)
        self.unsafe: bool = values.get("unsafe", False)
        self.audit: Path | None = values.get("audit")


def find(paths: Iterable[str], linters: Linters, asked: Asked) -> Found:
    """Return the drafts that paths stand for, without those that are excluded.

    No path stands for the current folder.
    """
    paths = tuple(paths) or (".",)
    here = Path.cwd()
    given = Excludes(here, split(asked.exclude))

    def excludes_for(folder: Path) -> tuple[Excludes, ...]:
        try:
            config = linters.config_for(folder)
        except MedlintError:
            # Said again, and louder, when the drafts of this folder are linted.
            return (given,)
        return (given, Excludes(config.root, config.exclude))

    walker = Walker(excludes_for, force_exclude=asked.force_exclude)
    name = asked.stdin_filename
    if name and walker.leaves_out(Path(name)):
        paths = tuple(path for path in paths if path != STDIN)
    return walker.find(paths)


def lint(found: Found, linters: Linters, asked: Asked) -> tuple[int, Result]:
    """Check drafts, fix them where that is asked for, and report; return the exit code too."""
    has_stdin = STDIN in found.paths
    is_recorded = asked.audit is not None
    job = Job(
        options=linters.options,
        fix=asked.fix,
        diff=asked.diff,
        unsafe=asked.unsafe,
        stdin=read_input() if has_stdin else b"",
        stdin_name=asked.stdin_filename,
        whole=asked.form in WHOLE,
        audit=is_recorded,
        # A record names what was dismissed, which the cache does not keep.
        cache=run_cache() if asked.uses_cache and not is_recorded else None,
    )
    results = run(job, found.paths, jobs=asked.jobs, linters=linters)
    result = gather(_with_progress(results, len(found.paths), quiet=asked.quiet), found.failures)
    complain(result.report.failures)
    for folder in found.empty:
        shown = one_line(folder)
        tell(f"medlint: {shown}: no drafts here; nothing was checked")
    if asked.diff:
        code = 2 if result.report.failures else int(bool(result.diff))
        with recorded(result, job, linters, asked.audit, code):
            write(result.diff, asked.output, utf8=True)
        return code, result
    code = 2 if result.report.failures else int(result.fails)
    with recorded(result, job, linters, asked.audit, code):
        _report(result, job, linters, asked, has_stdin=has_stdin)
    return code, result


@contextmanager
def recorded(
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


def _with_progress(results: Iterator[Checked], total: int, *, quiet: bool) -> Iterator[Checked]:
    """Pass results on; on a terminal, show a bar once it takes longer than a moment."""
    if quiet or not is_terminal(sys.stderr):
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
    import click  # noqa: PLC0415  most runs are over by now

    with click.progressbar(length=total, label="Checking", file=sys.stderr) as bar:
        bar.update(done)
        for checked in results:
            bar.update(1)
            yield checked


def _report(result: Result, job: Job, linters: Linters, asked: Asked, *, has_stdin: bool) -> None:
    """Write the report, and the fixed text where that was standard input."""
    output, form = asked.output, asked.form
    rules: dict[str, Rule] = {}
    if form == "sarif":
        rules = _rules(result, linters)
    to_terminal = output is None and (is_terminal(sys.stdout) or asked.color == "always")
    view = View(
        terminal=to_terminal,
        color=output is None and wants_color(asked.color, sys.stdout),
        width=width() if to_terminal else PLAIN_WIDTH,
        quiet=asked.quiet,
        base=Path.cwd(),
        rules=rules,
        today=job.options.today,
        setups=setups(result.report, linters) if form in WHOLE else {},
    )
    text = pieces(form, result.report, view)
    if result.fixed and not asked.quiet:
        fixes = "1 fix" if result.fixed == 1 else f"{result.fixed} fixes"
        tell(f"Applied {fixes}.")
    if job.fix and has_stdin:
        # Standard output carries the fixed draft; the report steps aside.
        write_bytes(job.stdin if result.stdin is None else result.stdin)
        if output is None:
            sys.stderr.writelines(text)
            sys.stderr.flush()
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
