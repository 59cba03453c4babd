"""Puts what was measured into tables, a page of the manual, and a picture."""

from __future__ import annotations

import os
import platform
from math import log
from typing import TYPE_CHECKING

import corpora
from peers import VALE_RULES
from sections import AGAIN, BARE, ONE_JOB, QUARTER, TWO_JOBS
from showing import Bar, Table, chart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from measuring import Timing
    from sections import Results

# How much less time than these peers a megabyte should take, as issue and manual promise.
_FASTER = {"proselint": 10, "textlint": 10, "Vale": 10, "alex": 30, "harper": 30}
_COLD = {"proselint": 0.75, "Vale": 0.5}
_AGAIN, _TWO_JOBS, _TRIPLE, _PEAK = 10, 1.6, 1.4, 150
_MEBIBYTE = 1 << 20
_PAGE = """# Benchmarks

<!-- Written by `python bench/compare.py --write`. -->

![Processor time of medlint and of other linters](benchmarks.svg)

medlint reads tokens, concepts and grammatical frames of every sentence, and pays for it: on
claim-dense text where no sentence comes twice it reads {speed:.2f} MB a second on one processor of
the machine below. The goal of 1 MB a second is {reached}.

{tables}
## How this was measured

- {machine}.
- The figures are processor time (user and system, of all processes), medians of {runs} runs;
  for cold starts of {cold_runs}. All programs ran in turn, each in a process of its own, its start
  included. Ratios carry over to other machines better than seconds do.
- The drafts are made up and the same at every run: {posts:,} Markdown posts of {post:,} bytes and
  {plain:.2f} MB of plain text of each kind. Of the sentences, {dense} % claim something in
  claim-dense drafts and {sparse} % in sparse ones; hardly one comes twice.
- medlint ran with its default rules{fresh}. The peers ran with their own rules, so they are a
  yardstick for speed and no equal load; textlint with textlint-rule-write-good, and Vale, where it
  is installed, with {vale} patterns. Peers that were not installed are not listed.
- *s for 1 MB* is the time beyond that of a single post, run in turn too, divided by the text beyond
  it; *s* is all of it. A dash means that the difference is lost in the noise.
- Where *part* is less than 1, the program is too slow for the whole text in the time given, and
  its figure for a megabyte is that of the part. Programs whose time grows faster than the text
  would do worse on all of it.
- *Memory* is that of the largest process. Two processes gain by the clock only where two processors
  are free.

`python bench/compare.py` repeats it (`--posts`, `--plain`, `--big`, `--runs` say how much);
`python bench/stages.py` shows where medlint's time goes.
"""


def tables(results: Results) -> list[Table]:
    """Return everything that was measured as tables, the goals first."""
    kinds = {
        **{f"Posts, {kind}": timings for kind, timings in results.posts.items()},
        **{f"Plain text, {kind}": timings for kind, timings in results.plain.items()},
    }
    return [
        goals(results),
        _cold(results),
        *(_throughput(title, timings) for title, timings in kinds.items()),
        _rules(results),
    ]


def page(results: Results) -> str:
    """Return the page of the manual."""
    speed = _speed(results)
    return _PAGE.format(
        speed=speed,
        reached="reached" if speed >= 1 else "not reached",
        tables="\n".join(table.markdown() for table in tables(results)),
        machine=_machine(),
        runs=results.size.runs,
        cold_runs=results.size.runs + 2,
        posts=results.size.posts,
        post=corpora.POST_SIZE,
        plain=results.size.plain / corpora.MEGABYTE,
        dense=corpora.DENSITIES["dense"],
        sparse=corpora.DENSITIES["sparse"],
        fresh=", and without remembered reports but for the rows that say so"
        if results.again
        else "",
        vale=VALE_RULES,
    )


def picture(results: Results) -> str:
    """Return the picture for the manual: a cold start, and a megabyte of posts of each kind."""
    panels = [
        (
            "One post of 6 KB from an empty process: processor time, ms (logarithmic)",
            [
                Bar(name, timing.cpu, f"{timing.cpu * 1e3:.0f}", own=name == ONE_JOB)
                for name, timing in results.cold.items()
            ],
        )
    ]
    panels += [
        (
            f"Posts, {kind}: processor time for a megabyte, s (logarithmic)",
            [
                Bar(name, value, _seconds(value), own=name == ONE_JOB)
                for name, value in _costs(timings).items()
                if value and name not in (TWO_JOBS, AGAIN)
            ],
        )
        for kind, timings in results.posts.items()
    ]
    return chart(panels, "Processor time of medlint and of other linters, as in the tables")


def goals(results: Results) -> Table:
    """Return what the project wants and what was measured; missing peers are left out."""
    rows = [
        (what, goal, f"{value:.2f}{unit}", "yes" if reached else "**no**")
        for what, goal, value, unit, reached in _goals(results)
    ]
    note = "What the project asks of itself, on claim-dense posts unless a row says otherwise."
    return Table("Goals", ("", "goal", "measured", "reached"), tuple(rows), note)


def _goals(results: Results) -> Iterator[tuple[str, str, float, str, bool]]:
    """Return what is asked for, the goal, what was measured, its unit, and if it is reached."""
    own = results.cold[ONE_JOB]
    for name, most in _COLD.items():
        if name in results.cold:
            ratio = own.cpu / results.cold[name].cpu
            yield f"cold start, in {name}s", f"≤ {most}", ratio, "", ratio <= most
    for kind, timings in results.posts.items():
        costs = _costs(timings)
        for name, least in _FASTER.items():
            cost, own_cost = costs.get(name), costs[ONE_JOB]
            if cost and own_cost:
                ratio = cost / own_cost
                yield f"times as fast as {name}, {kind}", f"≥ {least}", ratio, "", ratio >= least
    dense = results.posts["dense"]
    speed = _speed(results)
    yield "text in a second, one processor", "≥ 1 MB", speed, " MB", speed >= 1
    gain = dense[ONE_JOB].wall / dense[TWO_JOBS].wall
    yield "two processes, by the clock", f"≥ {_TWO_JOBS}", gain, "", gain >= _TWO_JOBS
    if results.again:
        gain = dense[ONE_JOB].cpu / dense[AGAIN].cpu
        yield "times as fast when nothing changed", f"≥ {_AGAIN}", gain, "", gain >= _AGAIN
    growth = triple(results)
    yield "time with three times the rules", f"≤ {_TRIPLE}", growth, "", growth <= _TRIPLE
    peak = max(timing.peak for timing in _own(results)) / _MEBIBYTE
    yield "memory at most", f"≤ {_PEAK} MB", peak, " MB", peak <= _PEAK


def triple(results: Results) -> float:
    """Return how much longer three times the rules take, over the whole range measured."""
    fewest, most = min(results.rules), max(results.rules)
    growth = results.rules[most][1].cpu / results.rules[fewest][1].cpu
    return float(growth ** (log(3) / log(most / fewest)))


def _own(results: Results) -> Iterator[Timing]:
    for timings in (results.cold, *results.posts.values(), *results.plain.values()):
        yield from (timing for name, timing in timings.items() if name.startswith(ONE_JOB))


def _cold(results: Results) -> Table:
    own, bare = results.cold[ONE_JOB], results.cold[BARE]
    rows = tuple(
        (
            name,
            f"{timing.cpu * 1e3:.0f}",
            f"{timing.cpu / bare.cpu:.1f}",
            f"{own.cpu / timing.cpu:.2f}",
            f"{timing.peak / _MEBIBYTE:.0f}",
        )
        for name, timing in results.cold.items()
    )
    headings = ("", "ms", "times bare Python", "medlint takes times", "memory, MB")
    note = "One claim-dense post of 6 KB, from an empty process."
    return Table("Cold start", headings, rows, note)


def _speed(results: Results) -> float:
    """Return how many megabytes of claim-dense posts medlint reads in a second."""
    cost = results.posts["dense"][ONE_JOB].per_megabyte
    return 1 / cost if cost else 0.0


def _costs(timings: Mapping[str, Timing]) -> dict[str, float | None]:
    return {name: timing.per_megabyte for name, timing in timings.items()}


def _throughput(title: str, timings: Mapping[str, Timing]) -> Table:
    costs = _costs(timings)
    own = costs[ONE_JOB]
    rows = tuple(
        (
            f"{name} of the text" if name == QUARTER else name,
            f"{timing.program.share:.2g}",
            _seconds(cost) if cost else "-",
            f"{cost / own:.2f}" if cost and own else "-",
            f"{timing.cpu:.2f}",
            f"{timing.wall:.2f}",
            f"{timing.peak / _MEBIBYTE:.0f}",
        )
        for (name, timing), cost in zip(timings.items(), costs.values(), strict=True)
    )
    headings = ("", "part", "s for 1 MB", "times medlint", "s", "s by the clock", "memory, MB")
    return Table(title, headings, rows)


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _rules(results: Results) -> Table:
    rows = tuple(
        (f"{count:,}", f"{one.cpu * 1e3:.0f}", f"{posts.cpu:.2f}")
        for count, (one, posts) in results.rules.items()
    )
    note = (
        "Made-up rules of one phrase each, compiled before and with nothing else loaded. As many of"
        f"\nthem match in each row ({corpora.MATCHING_RULES}), and all share words with the text."
    )
    headings = ("rules", "one post, ms", "several posts, s")
    return Table("Number of rules", headings, rows, note)


def _machine() -> str:
    """Say what was measured on, in general terms."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.system()} on {platform.machine()}, {cores} processor cores,"
        f" {platform.python_implementation()} {platform.python_version()}; other work was going on"
    )
