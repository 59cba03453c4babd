"""Runs programs in turn and says what they took.

Processor time counts, for a machine that does other things too drags out the clock's time more than
the processor's; and programs run in turn, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# ru_maxrss counts kilobytes, on macOS bytes.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
_SHOWN = 400


class FailedError(Exception):
    """A program did not do its work."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took: seconds of processors and by the clock, bytes of its largest process."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run, on how many bytes; `share` is how much of the corpus that is.

    `codes` are the exit codes of a run that went well, any where there are none.
    """

    name: str
    words: tuple[str, ...]
    size: int = 0
    share: float = 1.0
    codes: frozenset[int] = frozenset({0, 1})


@dataclass(frozen=True, slots=True)
class Timing:
    """A program with what its runs took, and its runs on a short text that took their turns."""

    program: Program
    runs: tuple[Taken, ...]
    start: Timing | None = None

    @property
    def cpu(self) -> float:
        """The median of processor time, in seconds."""
        return median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        """The median of time by the clock, in seconds."""
        return median(run.wall for run in self.runs)

    @property
    def least(self) -> float:
        """The least processor time, in seconds: what repeats best."""
        return min(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        """The most memory that a process of any run held, in bytes."""
        return max(run.peak for run in self.runs)

    @property
    def per_megabyte(self) -> float | None:
        """Seconds of processor time for a million bytes beyond those of the short run.

        So that a program that is given little text is not charged for its start by the megabyte.
        None where it took no longer.
        """
        if self.start is None:
            return None
        more = self.program.size - self.start.program.size
        longer = self.cpu - self.start.cpu
        return longer / more * 1e6 if more > 0 and longer > 0 else None


def run(program: Program, folder: Path, environment: Mapping[str, str]) -> Taken:
    """Run a program once, in a folder.

    Raises:
        FailedError: it cannot be started, or its exit code says that it failed.
    """
    with TemporaryFile() as said:
        start = perf_counter()
        try:
            process = subprocess.Popen(  # noqa: S603
                program.words,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        except OSError as error:
            message = f"{program.name} cannot be started: {error}"
            raise FailedError(message) from error
        # subprocess would keep the resources to itself.
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code < 0 or (program.codes and code not in program.codes):
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()[-_SHOWN:]
            shown = shlex.join(program.words[:4])
            message = f"{program.name} failed with {code} ({shown} …): {text}"
            raise FailedError(message)
    return Taken(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * _PEAK_UNIT)


def in_turn(
    programs: Sequence[Program], runs: int, folder: Path, environment: Mapping[str, str]
) -> dict[str, Timing]:
    """Run every program so many times, one after the other, and return their timings by name.

    A program that fails is left out with a word.
    """
    taken: dict[str, list[Taken]] = {program.name: [] for program in programs}
    failed: set[str] = set()
    for _ in range(runs):
        for program in programs:
            if program.name in failed:
                continue
            try:
                taken[program.name].append(run(program, folder, environment))
            except FailedError as error:
                say(f"left out: {error}")
                failed.add(program.name)
    return {
        program.name: Timing(program, tuple(taken[program.name]))
        for program in programs
        if program.name not in failed
    }


def total(paths: Iterable[Path]) -> int:
    """Return how many bytes some files hold."""
    return sum(path.stat().st_size for path in paths)


def say(text: str) -> None:
    """Tell the user how it goes, beside the results."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
