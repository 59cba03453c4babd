"""Checks many drafts, in one process or several, in the order they were given.

Every draft is checked on its own: what goes wrong with one becomes a failure and the others
still get their turn.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from medlint.api import Checked, Input, Linters, Options, failures_of, read_bytes
from medlint.digest import sha256
from medlint.errors import ConfigError, MedlintError, RulesetError
from medlint.findings import Failure, Report
from medlint.packed import PackedReport, pack, pack_text
from medlint.recall import Recall
from medlint.records import dataclass, replace
from medlint.runcache import RunCache
from medlint.stow import Stowage
from medlint.walk import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medlint.findings import FileReport, RulesetInfo

# A further process pays for itself with this many bytes of drafts: it has to start, to load the
# rules and to unpack what of them the drafts need, which takes as long as checking 100 to 300 kB,
# sparse text taking least.
SHARE = 500_000
# Groups of drafts that wait for each process; what is done must not pile up either.
_WAITING = 4
# The command line collects garbage seldom; a long run must not pile it up.
_CLEARED = 64
# More than this many help nobody, and would exhaust the machine.
MOST_PROCESSES = 64
# Windows waits for no more processes than this at once.
_MOST_ON_WINDOWS = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to do with each draft, in a form that another process understands.

    `fix` writes safe fixes; `diff` only works out what they would change; `unsafe` adds the fixes
    that change the meaning. `stdin` holds the bytes of standard input and `stdin_name` the path
    that they are taken for. `whole` keeps the parsed drafts for reports that show their text.
    `audit` asks for what a record of the run needs. `cache` is the folder of the run cache; None
    for none.
    """

    options: Options
    fix: bool = False
    diff: bool = False
    unsafe: bool = False
    stdin: bytes = b""
    stdin_name: str = ""
    whole: bool = False
    audit: bool = False
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave: the report, whether findings fail it, and what fixes changed.

    `stdin` is the fixed text of standard input, where fixes changed it. `inputs`, each with
    its report, are there where the job asked for them.
    """

    report: Report
    fails: bool
    diff: str = ""
    fixed: int = 0
    stdin: bytes | None = None
    inputs: tuple[tuple[Input, FileReport | None], ...] = ()


class Worker:
    """Checks one draft after another; one for each process."""

    def __init__(self, job: Job, linters: Linters | None = None) -> None:
        """Prepare for a job; rules are loaded with the first draft."""
        self.job = job
        self.linters = linters or Linters(job.options)
        self._read = Input(path="")
        self._count = 0
        self._recall = (
            None if job.cache is None else Recall(job.options, self.linters, RunCache(job.cache))
        )

    def check(self, path: str) -> Checked:
        """Check one draft; whatever goes wrong becomes a failure."""
        self._count += 1
        if not self._count % _CLEARED:
            gc.collect(0)
        is_stdin = path == STDIN
        shown = (self.job.stdin_name or STDIN) if is_stdin else path
        self._read = Input(path=shown)
        checked = self._checked(shown, is_stdin=is_stdin)
        if self.job.audit:
            checked = replace(checked, input=replace(self._read, settings=checked.settings))
        if self.job.whole:
            return checked
        # A record of the run names what was dismissed, which is not packed.
        return _light(checked) if self.job.audit else packed(checked)

    def _checked(self, shown: str, *, is_stdin: bool) -> Checked:
        try:
            return self._check(shown, is_stdin=is_stdin)
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

    def known(self, path: str) -> Checked | None:
        """Return what the run cache has of a draft, if that is all there is to do about it."""
        if self._recall is None or path == STDIN:
            return None
        try:
            data = read_bytes(Path(path))
            return self._remembered(self._recall.key(path, data), path, data)
        except Exception:  # noqa: BLE001  told when the draft is checked
            return None

    def _remembered(self, key: bytes | None, path: str, data: bytes) -> Checked | None:
        if self._recall is None or key is None:
            return None
        if self.job.unsafe:
            return None
        known = self._recall.get(key, path, data, whole=self.job.whole)
        to_fix = self.job.fix or self.job.diff
        if known is None or (to_fix and known.report is not None and known.report.fixable):
            return None
        return known

    def _check(self, shown: str, *, is_stdin: bool) -> Checked:
        if is_stdin or self._recall is None:
            data = self.job.stdin if is_stdin else read_bytes(Path(shown))
            return self._linted(shown, data, is_stdin=is_stdin)
        data = read_bytes(Path(shown))
        key = self._recall.key(shown, data)
        known = self._remembered(key, shown, data)
        if known is not None:
            return known
        checked = self._linted(shown, data, is_stdin=False)
        if key is None or checked.diff:
            return checked
        light = packed(checked)
        self._recall.put(key, light, data, shown)
        return checked if self.job.whole else light

    def _linted(self, shown: str, data: bytes, *, is_stdin: bool) -> Checked:
        # Standard input is Markdown unless its name says otherwise.
        form = "markdown" if is_stdin and not Path(self.job.stdin_name).suffix else None
        place = Path(shown)
        if self.job.audit:
            self._read = replace(self._read, sha256=sha256(data).hexdigest())
        linter = self.linters.linter_for(Path(os.path.abspath(place)).parent)  # noqa: PTH100
        if not self.job.fix and not self.job.diff:
            return linter.lint_bytes(data, shown, format=form)
        checked = linter.fix_bytes(data, shown, format=form, unsafe=self.job.unsafe)
        if checked.changed is not None and not self.job.diff and not is_stdin:
            from medlint import fixes  # noqa: PLC0415  only here

            fixes.write(place, checked.changed, expected=data)
        if self.job.audit and checked.changed is not None:
            changed = sha256(checked.changed).hexdigest()
            self._read = replace(self._read, changed=changed, fixes=checked.fixed)
        return checked if is_stdin else replace(checked, changed=None)


def run(
    job: Job, paths: Sequence[str], *, jobs: int = 0, linters: Linters | None = None
) -> Iterator[Checked]:
    """Check drafts, giving each result in the order of `paths`.

    `jobs` is how many processes there may be, 0 as many as there are processors; there are fewer
    where the drafts hold too little text for them. Linters that are loaded already serve this
    process.
    """
    worker = Worker(job, linters)
    most = min(jobs or _processors(), MOST_PROCESSES)
    if sys.platform == "win32":
        most = min(most, _MOST_ON_WINDOWS)
    # Standard input stays in this process.
    if STDIN in paths or _worth(paths, most) <= 1:
        yield from map(worker.check, paths)
        return
    stowage = Stowage()
    known = [_stowed(worker.known(path), stowage) for path in paths]
    unknown = [path for path, found in zip(paths, known, strict=True) if found is None]
    count = _worth(unknown, most)
    if count <= 1:
        rest: Iterator[Checked] = map(worker.check, unknown)
    else:
        rest = iter(_in_processes(worker, unknown, count))
    for number, found in enumerate(known):
        known[number] = None
        yield from islice(rest, 1) if found is None else (found,)


def gather(results: Iterable[Checked], failures: Iterable[Failure] = ()) -> Result:
    """Join the results of a run; `failures` are those from before it."""
    stowage = Stowage()
    files: list[FileReport] = []
    # One configuration concerns many drafts, and is wrong once.
    found = dict.fromkeys(failures)
    rulesets: dict[RulesetInfo, None] = {}
    diffs: list[str] = []
    inputs: list[tuple[Input, FileReport | None]] = []
    fails, fixed, stdin = False, 0, None
    for checked in results:
        if checked.report is not None:
            files.append(stowage.stow(checked.report))
        found.update(dict.fromkeys(checked.failures))
        rulesets.update(dict.fromkeys(checked.rulesets))
        fails = fails or checked.fails
        diffs.append(checked.diff)
        fixed += checked.fixed
        stdin = checked.changed if stdin is None else stdin
        if checked.input is not None:
            inputs.append((checked.input, checked.report))
    report = Report(files=tuple(files), failures=tuple(found), rulesets=tuple(rulesets))
    return Result(report, fails, "".join(diffs), fixed, stdin, tuple(inputs))


def setups(report: Report, linters: Linters) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what held for each draft of a report, for one to be kept; the drafts must be whole."""
    found = {}
    for file in report.files:
        if file.document is not None:
            folder = Path(os.path.abspath(file.path)).parent  # noqa: PTH100
            found[file.path] = linters.linter_for(folder).setup(file.document)
    return found


def packed(checked: Checked) -> Checked:
    """Leave of a report what reporters need, packed: thousands of them stay in memory.

    What answers for findings is not packed; few configurations approve of claims.
    """
    report = checked.report
    if report is None or report.document is None or isinstance(report, PackedReport):
        return checked
    if report.approvals:
        return _light(checked)
    text = pack_text(report.document.source)
    # The settings have served: a record of the run has them with its input.
    return replace(checked, report=PackedReport(report.path, pack(report), text), settings=None)


def _light(checked: Checked) -> Checked:
    """Leave of the document what reporters need: its source, for lines and columns."""
    report = checked.report
    if report is None or report.document is None or isinstance(report, PackedReport):
        return checked
    document = replace(report.document, blocks=(), sections=(), comments=(), front_matter={})
    return replace(checked, report=replace(report, document=document), settings=None)


def _stowed(checked: Checked | None, stowage: Stowage) -> Checked | None:
    if checked is None or checked.report is None:
        return checked
    return replace(checked, report=stowage.stow(checked.report))


def _worth(paths: Sequence[str], most: int) -> int:
    """Return how many processes drafts are worth, by the text in them."""
    most = min(most, len(paths))
    if most <= 1:
        return most
    size = 0
    for path in paths:
        # What cannot be looked at is told when it is checked.
        with suppress(OSError):
            size += os.stat(path).st_size  # noqa: PTH116  a path object takes longer than the call
        if size >= most * SHARE:
            return most
    return size // SHARE


def _processors() -> int:
    """Return how many processors there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# The worker of this process, where it is one of several.
_worker: Worker | None = None
# The linters of the process that this one is forked from, with the rules loaded.
_inherited: Linters | None = None


def _start(job: Job) -> None:
    import signal  # noqa: PLC0415  only here

    # Ctrl-C reaches every process of the terminal; only the first one has something to say.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    global _worker  # noqa: PLW0603  the pool gives its workers no other memory
    _worker = Worker(job, _inherited)


def _check_all(paths: Sequence[str]) -> list[Checked]:
    assert _worker is not None  # noqa: S101  _start ran first
    return [_worker.check(path) for path in paths]


def _bequeath(worker: Worker, paths: Sequence[str]) -> None:
    """Load the rules of the first draft for the processes that are forked from this one."""
    global _inherited  # noqa: PLW0603  nothing else reaches them unpickled
    _inherited = worker.linters
    # What is wrong with rules or configuration is told with the drafts.
    with suppress(MedlintError):
        worker.linters.linter_for(Path(os.path.abspath(paths[0])).parent)  # noqa: PTH100


def _in_processes(worker: Worker, paths: Sequence[str], count: int) -> Iterator[Checked]:
    """Check drafts in `count` processes; what a dying process held is a failure."""
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415  slow to import
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_start_method  # noqa: PLC0415

    job = worker.job
    size = max(1, min(32, len(paths) // (count * 4)))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    if get_start_method() == "fork":
        _bequeath(worker, paths)
    pool = ProcessPoolExecutor(count, initializer=_start, initargs=(job,))

    def submit(chunk: Sequence[str]) -> Future[list[Checked]]:
        try:
            return pool.submit(_check_all, chunk)
        except BrokenProcessPool as error:
            broken: Future[list[Checked]] = Future()
            broken.set_exception(error)
            return broken

    waiting: deque[Future[list[Checked]]] = deque()
    left = iter(chunks)
    try:
        for chunk in chunks:
            waiting.extend(map(submit, islice(left, count * _WAITING - len(waiting))))
            future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                text = "the process that checked this file died; try --jobs 1"
                for path in chunk:
                    given = Input(path=path) if job.audit else None
                    yield Checked(failures=(Failure(path=path, error=text),), input=given)
    finally:
        globals()["_inherited"] = None
        # Also where Ctrl-C has ended the workers: what looks after them would otherwise close its
        # pipe while Python, on its way out, writes to it.
        pool.shutdown(cancel_futures=True)
