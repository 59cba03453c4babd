"""Shows where medlint's time goes, by stage.

    python bench/stages.py [PATH ...]

Without a path, it reads made-up posts, claim-dense and sparse ones. Drafts are checked twice: first
as they are, then with a timer around each stage's functions, whose time is that of the stage
without the stages that it calls. What the timers cost is said below the table.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

import corpora
from measuring import say, total
from medlint import batch
from medlint.api import Linters, Options
from medlint.reporters import View, reporter
from medlint.walk import suffixes
from showing import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Each stage's functions: what is looked up where it is called. The functions may change their
# places; one that is gone counts towards the stage that it was called from, and is named.
STAGES: dict[str, tuple[str, ...]] = {
    "load rules": ("medlint.loader:load",),
    "read": ("medlint.batch:read_bytes", "medlint.parsing:decode"),
    "parse": ("medlint.linter:parse_bytes",),
    "normalise": (
        "medlint.parsing.builder:TextWriter.add",
        "medlint.parsing.builder:TextWriter.finish",
    ),
    "sentences": ("medlint.parsing.builder:split_sentences",),
    "tokens": ("medlint.tagging:tokenize",),
    "concepts": ("medlint.engine:tagged_sentences",),
    "prefilter": ("medlint.matcher:_possible",),
    "match": ("medlint.engine:matches",),
    "guards": ("medlint.engine:Run._guarded", "medlint.engine:tag_cues"),
    "rules and register": ("medlint.engine:lint",),
    "findings": ("medlint.engine:build_findings", "medlint.engine:weigh"),
    "suppressions": ("medlint.suppress:allow", "medlint.suppress:apply"),
    "report": ("medlint.reporters.text:render",),
}
OTHER = "everything else"
_POSTS = 20


@dataclass(slots=True)
class Stopwatch:
    """Adds up processor time by stage; the time of a stage inside another counts for it alone."""

    clock: Callable[[], float] = process_time
    spent: Counter[str] = field(default_factory=Counter)
    _open: list[str] = field(default_factory=lambda: [OTHER])
    _since: float = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._since = self.clock()

    def _switch(self) -> None:
        now = self.clock()
        self.spent[self._open[-1]] += now - self._since  # type: ignore[assignment]
        self._since = now

    def enter(self, stage: str) -> None:
        """Count for a stage from now on."""
        self._switch()
        self._open.append(stage)

    def leave(self) -> None:
        """Count for what was before again."""
        self._switch()
        self._open.pop()

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return a function that counts for a stage; of a generator, the making of each item."""

        @wraps(function)
        def call(*given: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                return function(*given, **named)
            finally:
                self.leave()

        @wraps(function)
        def items(*given: Any, **named: Any) -> Iterator[Any]:
            iterator = function(*given, **named)
            while True:
                self.enter(stage)
                try:
                    item = next(iterator)
                except StopIteration:
                    return
                finally:
                    self.leave()
                yield item

        return items if inspect.isgeneratorfunction(function) else call


@contextmanager
def watched(watch: Stopwatch) -> Iterator[list[str]]:
    """Put timers around the functions of all stages; give the names of those that are gone."""
    before: list[tuple[Any, str, Any]] = []
    gone: list[str] = []
    try:
        for stage, names in STAGES.items():
            for name in names:
                module, _, path = name.partition(":")
                *outer, last = path.split(".")
                owner: Any = import_module(module)
                for part in outer:
                    owner = getattr(owner, part, None)
                function = getattr(owner, last, None)
                if function is None:
                    gone.append(name)
                    continue
                before.append((owner, last, function))
                setattr(owner, last, watch.timed(function, stage))
        yield gone
    finally:
        for owner, last, function in reversed(before):
            setattr(owner, last, function)


def check(paths: Sequence[str]) -> int:
    """Check drafts as the command does, in this process; return how long the report is."""
    job = batch.Job(options=Options(no_config=True))
    linters = Linters(job.options)
    result = batch.gather(batch.run(job, paths, jobs=1, linters=linters))
    for failure in result.report.failures:
        say(f"{failure.path}: {failure.error}")
    return len(reporter("text")(result.report, View(base=Path.cwd())))


def stages(paths: Sequence[str]) -> tuple[Table, list[str], float]:
    """Return a table of stages, what functions are gone, and how much longer timers make it."""
    # The rules are compiled, and modules imported, before anything is timed.
    check(paths[:1])
    start = process_time()
    check(paths)
    bare = process_time() - start
    watch = Stopwatch()
    with watched(watch) as gone:
        watch.start()
        check(paths)
        # What is open at the end is counted too.
        watch.enter(OTHER)
        watch.leave()
    return table(watch.spent, len(paths), total(map(Path, paths))), gone, spent_more(watch, bare)


def spent_more(watch: Stopwatch, bare: float) -> float:
    """Return the share by which timers made it longer."""
    return sum(watch.spent.values()) / bare - 1


def table(spent: Counter[str], drafts: int, size: int) -> Table:
    """Return a table of stages, in the order in which they come."""
    whole = sum(spent.values())
    rows = [
        (
            stage,
            f"{spent[stage] * 1e3 / drafts:.2f}",
            f"{spent[stage] * 1e6 / size:.2f}",
            f"{spent[stage] / whole:.1%}",
        )
        for stage in (*STAGES, OTHER)
    ]
    rows.append(("all", f"{whole * 1e3 / drafts:.2f}", f"{whole * 1e6 / size:.2f}", "100.0%"))
    title = f"{drafts} drafts, {size:,} bytes: processor time"
    return Table(title, ("stage", "ms a draft", "s for 1 MB", "share"), tuple(rows))


def main() -> int:
    """Print the table for the drafts given, or for made-up ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    given: list[Path] = parser.parse_args().paths
    os.environ["MEDLINT_NO_CACHE"] = "1"
    with TemporaryDirectory() as name:
        groups = {"": drafts(given)}
        if not given:
            folder = Path(name)
            groups = {
                kind: corpora.write_posts(folder / kind, kind, _POSTS) for kind in corpora.DENSITIES
            }
        for kind, paths in groups.items():
            if not paths:
                say("no drafts here; nothing was timed")
                return 2
            shown, gone, more = stages(list(map(str, paths)))
            sys.stdout.write(f"{kind} {shown.text()}".lstrip())
            sys.stdout.write(f"\nWith the timers, it took {more:+.0%}.\n\n")
            for each in gone:
                say(f"{each} is gone: its time counts for what called it; see STAGES")
    return 0


def drafts(given: Sequence[Path]) -> list[Path]:
    """Return the drafts that are given or lie in folders that are."""
    return [
        path
        for each in given
        for path in (sorted(each.rglob("*")) if each.is_dir() else [each])
        if not each.is_dir() or path.suffix in suffixes()
    ]


if __name__ == "__main__":
    sys.exit(main())
