"""Checks many drafts, in one process or several, in the order they were given.

Every draft is checked on its own: what goes wrong with one becomes a failure and the others
still get their turn.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from medlint.api import Checked, Linters, Options, failures_of, read_bytes
from medlint.errors import ConfigError, MedlintError, RulesetError
from medlint.findings import Failure, Report
from medlint.records import dataclass
from medlint.walk import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Below this many drafts a second process costs more than it saves.
FEW = 150
# Windows waits for no more processes than this at once.
_MOST_ON_WINDOWS = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to do with each draft, in a form that another process understands.

    `fix` writes safe fixes; `diff` only works out what they would change. `stdin` holds the bytes
    of standard input and `stdin_name` the path that they are taken for. `whole` keeps the parsed
    drafts for reports that show their text.
    """

    options: Options
    fix: bool = False
    diff: bool = False
    stdin: bytes = b""
    stdin_name: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave: the report, whether findings fail it, and what fixes changed.

    `stdin` is the fixed text of standard input, where fixes changed it.
    """

    report: Report
    fails: bool
    diff: str = ""
    fixed: int = 0
    stdin: bytes | None = None


class Worker:
    """Checks one draft after another; one for each process."""

    def __init__(self, job: Job, linters: Linters | None = None) -> None:
        """Prepare for a job; rules are loaded with the first draft."""
        self.job = job
        self.linters = linters or Linters(job.options)

    def check(self, path: str) -> Checked:
        """Check one draft; whatever goes wrong becomes a failure."""
        is_stdin = path == STDIN
        shown = (self.job.stdin_name or STDIN) if is_stdin else path
        try:
            checked = self._check(shown, is_stdin=is_stdin)
        except (ConfigError, RulesetError) as error:
            # The draft's own front matter names the draft; anything else names its file.
            own = str(error).startswith(f"{shown}:")
            return Checked(failures=failures_of(error, shown if own else ""))
        except MedlintError as error:
            return Checked(failures=failures_of(error, shown))
        except Exception as error:  # noqa: BLE001  one draft must not keep the others from their turn
            text = (
                f"medlint failed on this file ({type(error).__name__}: {error}); please report it"
            )
            return Checked(failures=(Failure(path=shown, error=text),))
        return checked if self.job.whole else _light(checked)

    def _check(self, shown: str, *, is_stdin: bool) -> Checked:
        # Standard input is Markdown unless its name says otherwise.
        form = "markdown" if is_stdin and not Path(self.job.stdin_name).suffix else None
        place = Path(shown)
        data = self.job.stdin if is_stdin else read_bytes(place)
        linter = self.linters.linter_for(Path(os.path.abspath(place)).parent)  # noqa: PTH100
        if not self.job.fix and not self.job.diff:
            return linter.lint_bytes(data, shown, format=form)
        checked = linter.fix_bytes(data, shown, format=form)
        if is_stdin:
            return checked
        if checked.changed is not None and not self.job.diff:
            from medlint import fixes  # noqa: PLC0415  only here

            fixes.write(place, checked.changed, expected=data)
        return replace(checked, changed=None)


def run(
    job: Job, paths: Sequence[str], *, jobs: int = 0, linters: Linters | None = None
) -> Iterator[Checked]:
    """Check drafts, giving each result in the order of `paths`.

    `jobs` 0 means one process for few drafts, otherwise as many as there are processors. Linters
    that are loaded already serve this process.
    """
    wanted = jobs or (1 if len(paths) < FEW else _processors())
    # Standard input stays in this process.
    if min(wanted, len(paths)) <= 1 or STDIN in paths:
        worker = Worker(job, linters)
        yield from map(worker.check, paths)
        return
    most = _MOST_ON_WINDOWS if sys.platform == "win32" else wanted
    yield from _in_processes(job, paths, min(wanted, most, len(paths)))


def gather(results: Iterable[Checked], failures: Iterable[Failure] = ()) -> Result:
    """Join the results of a run; `failures` are those from before it."""
    done = list(results)
    found = (*failures, *(failure for checked in done for failure in checked.failures))
    report = Report(
        files=tuple(checked.report for checked in done if checked.report is not None),
        # One configuration concerns many drafts, and is wrong once.
        failures=tuple(dict.fromkeys(found)),
        rulesets=tuple(dict.fromkeys(info for checked in done for info in checked.rulesets)),
    )
    return Result(
        report,
        fails=any(checked.fails for checked in done),
        diff="".join(checked.diff for checked in done),
        fixed=sum(checked.fixed for checked in done),
        stdin=next((checked.changed for checked in done if checked.changed is not None), None),
    )


def setups(report: Report, linters: Linters) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what held for each draft of a report, for one to be kept; the drafts must be whole."""
    found = {}
    for file in report.files:
        if file.document is not None:
            folder = Path(os.path.abspath(file.path)).parent  # noqa: PTH100
            found[file.path] = linters.linter_for(folder).setup(file.document)
    return found


def _light(checked: Checked) -> Checked:
    """Leave of the document what reporters need: its source, for lines and columns."""
    report = checked.report
    if report is None or report.document is None:
        return checked
    document = replace(report.document, blocks=(), sections=(), comments=(), front_matter={})
    return replace(checked, report=replace(report, document=document))


def _processors() -> int:
    """Return how many processors there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# The worker of this process, where it is one of several.
_worker: Worker | None = None


def _start(job: Job) -> None:
    import signal  # noqa: PLC0415  only here

    # Ctrl-C reaches every process of the terminal; only the first one has something to say.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    global _worker  # noqa: PLW0603  the pool gives its workers no other memory
    _worker = Worker(job)


def _check_all(paths: Sequence[str]) -> list[Checked]:
    assert _worker is not None  # noqa: S101  _start ran first
    return [_worker.check(path) for path in paths]


def _in_processes(job: Job, paths: Sequence[str], count: int) -> Iterator[Checked]:
    """Check drafts in `count` processes; what a dying process held is a failure."""
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415  slow to import
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    size = max(1, min(32, len(paths) // (count * 4)))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    pool = ProcessPoolExecutor(count, initializer=_start, initargs=(job,))

    def submit(chunk: Sequence[str]) -> Future[list[Checked]]:
        try:
            return pool.submit(_check_all, chunk)
        except BrokenProcessPool as error:
            broken: Future[list[Checked]] = Future()
            broken.set_exception(error)
            return broken

    try:
        for future, chunk in zip(list(map(submit, chunks)), chunks, strict=True):
            try:
                yield from future.result()
            except BrokenProcessPool:
                text = "the process that checked this file died; try --jobs 1"
                yield from (Checked(failures=(Failure(path=path, error=text),)) for path in chunk)
    finally:
        pool.shutdown(wait=sys.exc_info()[0] is None, cancel_futures=True)
