"""The short form: a few ratios, compared with those that were stored.

Each is the least processor time of some runs over the least of the yardstick's, which ran between
them: a slow machine slows both.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import corpora
from measuring import FailedError, Program, Taken, Timing, run, say
from peers import PEERS, on
from setting import environment, has_run_cache, medlint
from showing import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

BASELINE = Path(__file__).with_name("baseline.json")
YARDSTICK = "yardstick"
# Speed that falls by a third is time that grows by a half.
FALL = 1 / 3
_ROUNDS = 5
_LEAST_ROUNDS = 2
_PATIENCE = 25.0


def programs(folder: Path) -> list[Program]:
    """Return what is timed, the yardstick first."""
    fresh = ("--no-cache",) if has_run_cache(folder) else ()
    linter = medlint("", "--jobs", "1", *fresh)
    rules = folder / "rules"
    corpora.write_ruleset(rules, 400)
    one = corpora.write_posts(folder / "one", "dense", 1)
    dense = corpora.write_posts(folder / "dense", "dense", 6)
    sparse = corpora.write_posts(folder / "sparse", "sparse", 12)
    text = corpora.write_plain(folder / "text.txt", "dense", 40_000)
    own = medlint("", "--jobs", "1", *fresh, "--ruleset", str(rules))
    timed = {
        "one post": on(linter, one),
        "claim-dense posts": on(linter, dense),
        "sparse posts": on(linter, sparse),
        "plain text": on(linter, (text,)),
        "400 made-up rules": on(own, dense),
    }
    work = str(Path(__file__).with_name("yardstick.py"))
    found = [Program(name=YARDSTICK, words=(sys.executable, "-I", work), codes=frozenset({0}))]
    found += [
        Program(name=name, words=program.words, size=program.size)
        for name, program in timed.items()
    ]
    proselint = PEERS[0].words(folder)
    if proselint is not None:
        found.append(on(Program(name="proselint, one post", words=proselint), one))
    return found


def measured(folder: Path) -> dict[str, float]:
    """Return each ratio by name: processor time over the yardstick's.

    Raises:
        FailedError: a program failed.
    """
    timed = programs(folder)
    surroundings = environment(folder)
    for program in timed:
        # The first run compiles rules, and is not counted.
        run(program, folder, surroundings)
    taken: dict[str, list[Taken]] = {program.name: [] for program in timed}
    start = monotonic()
    for count in range(_ROUNDS):
        if count >= _LEAST_ROUNDS and monotonic() - start > _PATIENCE:
            break
        for program in timed:
            taken[program.name].append(run(program, folder, surroundings))
    timings = {each.name: Timing(each, tuple(taken[each.name])) for each in timed}
    yardstick = timings.pop(YARDSTICK).least
    return {name: round(timing.least / yardstick, 3) for name, timing in timings.items()}


def compared(now: Mapping[str, float], stored: Mapping[str, float]) -> tuple[Table, list[str]]:
    """Return a table of ratios with those stored, and what fell too far.

    A ratio of medlint's that is stored and was not measured has fallen too; peers come and go.
    """
    rows, fallen = [], []
    for name in dict.fromkeys((*stored, *now)):
        is_own = not name.startswith(tuple(peer.name for peer in PEERS))
        before, after = stored.get(name), now.get(name)
        if after is None:
            if is_own:
                fallen.append(f"{name}: was not measured")
            continue
        speed = before / after if before else None
        rows.append(
            (
                name,
                f"{before:.2f}" if before else "-",
                f"{after:.2f}",
                f"{speed:.2f}" if speed else "-",
            )
        )
        if speed is not None and before is not None and is_own and speed < 1 - FALL:
            fallen.append(
                f"{name}: speed fell to {speed:.0%} of what is stored"
                f" ({before:.2f} yardsticks, now {after:.2f})"
            )
    headings = ("", "stored", "now", "speed")
    return Table("Processor time, in yardsticks", headings, tuple(rows)), fallen


def check(folder: Path, *, update: bool) -> int:
    """Measure, print, and return 1 if a ratio fell by a third; `update` stores them instead."""
    try:
        now = measured(folder)
    except FailedError as error:
        say(str(error))
        return 2
    if update:
        own = {name: value for name, value in now.items() if not name.startswith("proselint")}
        BASELINE.write_text(json.dumps(own, indent=2) + "\n", "utf-8")
    stored = json.loads(BASELINE.read_text("utf-8")) if BASELINE.is_file() else {}
    table, fallen = compared(now, stored)
    sys.stdout.write(table.text())
    for text in fallen:
        say(text)
    if fallen:
        say(
            "python bench/stages.py shows where the time goes; if it is worth its time, store the"
            " new ratios with: python bench/compare.py --short --update"
        )
    return int(bool(fallen))
