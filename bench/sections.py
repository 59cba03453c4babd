"""What is measured: a cold start, posts, plain text, checking again, and numbers of rules."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import corpora
import peers
from measuring import FailedError, Program, Timing, in_turn, run, say
from setting import environment, has_run_cache, medlint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RULES = (100, 400, 1_600, 6_400)
# So many posts show what rules cost.
_POSTS_BY_RULES = 20
ONE_JOB, TWO_JOBS, AGAIN, QUARTER = "medlint", "medlint, 2 jobs", "medlint, again", "medlint, ¼"
BARE, CLICK = "python -I -c pass", "python -I -c 'import click'"


def _base(name: str) -> str:
    """Return the program's name, of medlint without what is special."""
    return ONE_JOB if name.startswith(ONE_JOB) else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: posts, bytes of plain text, runs, and seconds for a peer's run."""

    posts: int
    plain: int
    runs: int
    budget: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was measured, each as timings by name; `again` says that reports were remembered."""

    size: Size
    cold: dict[str, Timing]
    posts: dict[str, dict[str, Timing]]
    plain: dict[str, dict[str, Timing]]
    rules: dict[int, tuple[Timing, Timing]]
    again: bool


class Bench:
    """Measures in a folder of its own."""

    def __init__(self, folder: Path, size: Size) -> None:
        """Find the peers; nothing is timed yet."""
        self.folder = folder
        self.size = size
        self.environment = environment(folder)
        self.peers = peers.found(folder / "settings")
        self.again = has_run_cache(folder)
        self._starts: dict[str, float] = {}
        self._fresh = ("--no-cache",) if self.again else ()

    def results(self) -> Results:
        """Measure everything."""
        cold = self._cold()
        self._starts = {name: timing.cpu for name, timing in cold.items()}
        posts = {kind: self._posts(kind) for kind in corpora.DENSITIES}
        plain = {kind: self._plain(kind) for kind in corpora.DENSITIES}
        return Results(
            size=self.size,
            cold=cold,
            posts=posts,
            plain=plain,
            rules={count: self._rules(count) for count in RULES},
            again=self.again,
        )

    def _cold(self) -> dict[str, Timing]:
        one = corpora.write_posts(self.folder / "one", "dense", 1)
        programs = [
            Program(name=BARE, words=(sys.executable, "-I", "-c", "pass")),
            Program(name=CLICK, words=(sys.executable, "-I", "-c", "import click")),
            peers.on(medlint(ONE_JOB, *self._fresh), one),
            *(peers.on(program, one) for program in self.peers.values()),
        ]
        # The first round compiles rules and fills the system's cache of files.
        in_turn(programs, 1, self.folder, self.environment)
        return in_turn(programs, self.size.runs + 2, self.folder, self.environment)

    def _posts(self, kind: str) -> dict[str, Timing]:
        say(f"{kind} posts")
        paths = corpora.write_posts(self.folder / kind, kind, self.size.posts)
        parts = {part: paths[: max(1, round(len(paths) * part))] for part in peers.PARTS}
        own = [
            peers.on(medlint(ONE_JOB, "--jobs", "1", *self._fresh), paths),
            peers.on(medlint(TWO_JOBS, "--jobs", "2", *self._fresh), paths),
        ]
        if self.again:
            again = peers.on(medlint(AGAIN, "--jobs", "1"), paths)
            # The first time, reports are stored.
            in_turn([again], 1, self.folder, self.environment)
            own.append(again)
        return self._compared(own, parts)

    def _plain(self, kind: str) -> dict[str, Timing]:
        say(f"{kind} plain text")
        parts: dict[float, Sequence[Path]] = {
            part: (self._text(kind, round(self.size.plain * part)),) for part in peers.PARTS
        }
        linter = medlint(ONE_JOB, "--jobs", "1", *self._fresh)
        own = [
            peers.on(linter, parts[1.0]),
            peers.on(replace(linter, name=QUARTER), parts[1 / 4], 1 / 4),
        ]
        return self._compared(own, parts)

    def _text(self, kind: str, size: int) -> Path:
        return corpora.write_plain(self.folder / f"{kind}-{size}.txt", kind, size)

    def _compared(
        self, own: list[Program], parts: Mapping[float, Sequence[Path]]
    ) -> dict[str, Timing]:
        """Time medlint and each peer, on as much as it does in its budget."""
        fitted = (
            peers.fitted(
                program,
                parts,
                self.size.budget,
                self._starts[name],
                self.folder,
                self.environment,
            )
            for name, program in self.peers.items()
            if name in self._starts
        )
        programs = [*own, *filter(None, fitted)]
        one = self.folder / "one" / "00000.md"
        short = {ONE_JOB: peers.on(medlint("", "--jobs", "1", *self._fresh), [one])}
        short |= {name: peers.on(program, [one]) for name, program in self.peers.items()}
        short = {name: replace(each, name=f"{name}, one post") for name, each in short.items()}
        taken = in_turn([*programs, *short.values()], self.size.runs, self.folder, self.environment)
        return {
            each.name: replace(taken[each.name], start=taken.get(short[_base(each.name)].name))
            for each in programs
            if each.name in taken
        }

    def _rules(self, count: int) -> tuple[Timing, Timing]:
        """Time one post and several with so many made-up rules."""
        say(f"{count} rules")
        ruleset = corpora.write_ruleset(self.folder / f"rules-{count}", count)
        dense = self.folder / "dense"
        posts = sorted(dense.iterdir())[:_POSTS_BY_RULES]
        linter = medlint("one", "--jobs", "1", *self._fresh, "--ruleset", str(ruleset))
        programs = [
            peers.on(linter, posts[:1]),
            peers.on(replace(linter, name="posts"), posts),
        ]
        try:
            # The first run compiles the rules.
            run(programs[0], self.folder, self.environment)
        except FailedError as error:
            sys.exit(str(error))
        taken = in_turn(programs, self.size.runs, self.folder, self.environment)
        return taken["one"], taken["posts"]
