"""bench/: drafts are the same at every run, figures get into tables, and losses of speed fail."""

from __future__ import annotations

import hashlib
import json
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

import corpora
import measuring
import pages
import ratios
import sections
import showing
import stages
import yardstick
from measuring import FailedError, Program, Taken, Timing
from medlint import loader

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


def test_drafts_are_the_same_at_every_run(tmp_path: Path) -> None:
    """A post depends on nothing but its number and kind; whoever measures reads the same text."""
    paths = [path for kind in "ab" for path in corpora.write_posts(tmp_path / kind, "dense", 3)]
    texts = [path.read_bytes() for path in paths]
    assert texts[:3] == texts[3:]
    assert list(map(len, texts)) == [corpora.POST_SIZE] * 6
    assert len(set(texts)) == 3
    digest = hashlib.sha256(corpora.post(7, "sparse").encode()).hexdigest()
    assert digest[:16] == "e0229aba83e61d36"


def test_plain_text_begins_alike_at_every_size() -> None:
    """A quarter of a text is its beginning, so that times of both can be compared."""
    short, long = ("".join(corpora.plain("sparse", size)) for size in (2_000, 8_000))
    assert long.startswith(short)
    assert 8_000 <= len(long) < 9_500


def test_kinds_differ_in_what_they_claim() -> None:
    """Claim-dense posts name therapies all over, sparse ones hardly ever."""
    counts = {
        kind: sum(corpora.post(number, kind).count("therapy") for number in range(10))
        for kind in corpora.DENSITIES
    }
    assert counts["dense"] > 10 * counts["sparse"]


def test_hardly_a_sentence_comes_twice() -> None:
    """A linter that remembers sentences gains little from made-up text."""
    text = " ".join("".join(corpora.plain("dense", 100_000)).split())
    times = Counter(text.split(". "))
    assert sum(times.values()) < 1.1 * len(times)


@pytest.mark.parametrize("number", [100, 400])
def test_made_up_rules_are_rules(number: int, tmp_path: Path) -> None:
    """As many rules as asked for can be loaded, and as many of them match at any number."""
    folder = corpora.write_ruleset(tmp_path / "rules", number)
    assert len(loader.load((str(folder),), cache=False).rules) == number
    words = set(" ".join("".join(corpora.plain("dense", 200_000)).split()).split())
    possible = [each for each in corpora.phrases(number) if set(each.split()) <= words]
    assert len(possible) <= corpora.MATCHING_RULES
    assert len(set(corpora.phrases(number))) == number


def test_ratios_that_fall_by_a_third_are_told() -> None:
    """Time that grew by more than a half fails, as does what was not measured; peers never do."""
    stored = {"one post": 2.0, "posts": 4.0, "text": 1.0, "proselint, one post": 1.0}
    now = {"one post": 2.9, "posts": 6.1, "proselint, one post": 9.0, "new": 5.0}
    table, fallen = ratios.compared(now, stored)
    assert fallen == [
        "posts: speed fell to 66% of what is stored (4.00 yardsticks, now 6.10)",
        "text: was not measured",
    ]
    assert table.rows == (
        ("one post", "2.00", "2.90", "0.69"),
        ("posts", "4.00", "6.10", "0.66"),
        ("proselint, one post", "1.00", "9.00", "0.11"),
        ("new", "-", "5.00", "-"),
    )


def test_the_stored_ratios_are_those_that_are_measured(tmp_path: Path) -> None:
    """Each ratio that the short form measures is stored, and no other."""
    own = [each.name for each in ratios.programs(tmp_path) if "proselint" not in each.name]
    stored = json.loads(ratios.BASELINE.read_text("utf-8"))
    assert [ratios.YARDSTICK, *stored] == own


def test_the_yardstick_never_changes() -> None:
    """The yardstick does the same work in every version, or stored ratios would mean nothing."""
    assert yardstick.work(50) == 1_850


def test_programs_are_timed_in_turn(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each program runs as often as asked, one after the other; one that fails is left out."""
    programs = [
        Program(
            name=name,
            words=(sys.executable, "-I", "-c", f"open('log', 'a').write('{name}'); {rest}"),
            size=10,
        )
        for name, rest in (("a", "sum(range(10**6))"), ("b", "exit(3)"), ("c", "exit(1)"))
    ]
    timings = measuring.in_turn(programs, 2, tmp_path, {})
    assert (tmp_path / "log").read_text() == "abcac"
    assert list(timings) == ["a", "c"]
    assert capfd.readouterr().err.startswith("left out: b failed with 3 (")
    assert all(run.cpu > 0 and run.wall > 0 and run.peak > 1 << 20 for run in timings["a"].runs)


def test_missing_programs_are_named(tmp_path: Path) -> None:
    """A program that is not there is no traceback but a message."""
    with pytest.raises(FailedError, match="nothing cannot be started"):
        measuring.run(Program(name="nothing", words=("/does/not/exist",)), tmp_path, {})


def test_tables_line_up() -> None:
    """A table reads well in a terminal and is a table in Markdown."""
    table = showing.Table("Times", ("", "ms"), (("medlint", "9"), ("x", "120")), "Of one run.")
    assert table.text() == "Times\n\n          ms\nmedlint    9\nx        120\n"
    assert table.markdown() == (
        "## Times\n\nOf one run.\n\n|  | ms |\n| --- | ---: |\n| medlint | 9 |\n| x | 120 |\n"
    )


def test_a_chart_is_a_picture_with_a_name() -> None:
    """Bars of an SVG picture are as long as their values say, and text is escaped."""
    bars = [showing.Bar("a<b", 1, "1 s", own=True), showing.Bar("c", 100, "100 s")]
    root = ET.fromstring(showing.chart([("Time & more", bars)], "What it shows"))  # noqa: S314
    rects = [(r.get("class"), int(r.get("width", ""))) for r in root.iter(f"{SVG}rect")]
    assert [kind for kind, _ in rects] == ["own", "peer"]
    assert 0 < rects[0][1] < rects[1][1] == 440
    assert [each.text for each in root.iter(f"{SVG}text")] == [
        "Time & more", "a<b", "1 s", "c", "100 s",
    ]  # fmt: skip
    assert root.findtext(f"{SVG}title") == "What it shows"


def timing(name: str, cpu: float, size: int = 1_006_000, share: float = 1.0) -> Timing:
    """Return a timing of one run."""
    program = Program(name=name, words=(), size=size, share=share)
    return Timing(program, (Taken(cpu, cpu, 100 << 20),))


def begun(each: Timing, cpu: float) -> Timing:
    """Return a timing with that of a single post."""
    return replace(each, start=timing(each.program.name, cpu, 6_000))


def results() -> sections.Results:
    """Return results made by hand."""
    own = {name: begun(timing(name, 4.1), 0.1) for name in (sections.ONE_JOB, sections.TWO_JOBS)}
    peer = {"proselint": begun(timing("proselint", 10.2, 256_000, 0.25), 0.2)}
    cold = {
        name: timing(name, cpu, 6_000)
        for name, cpu in (
            (sections.BARE, 0.02), (sections.ONE_JOB, 0.1), ("proselint", 0.2),
        )
    }  # fmt: skip
    kinds = {kind: {**own, **peer} for kind in corpora.DENSITIES}
    return sections.Results(
        size=sections.Size(posts=10, plain=1_000_000, runs=1, budget=1),
        cold=cold,
        posts=kinds,
        plain=kinds,
        rules={100: (timing("", 0.1), timing("", 1.0)), 900: (timing("", 0.1), timing("", 4.0))},
        again=False,
    )


def test_goals_are_judged_by_what_was_measured() -> None:
    """A goal that was not reached is called so, and goals of missing peers are left out."""
    assert pages.goals(results()).rows == (
        ("cold start, in proselints", "≤ 0.75", "0.50", "yes"),
        ("times as fast as proselint, dense", "≥ 10", "10.00", "yes"),
        ("times as fast as proselint, sparse", "≥ 10", "10.00", "yes"),
        ("text in a second, one processor", "≥ 1 MB", "0.25 MB", "**no**"),
        ("two processes, by the clock", "≥ 1.6", "1.00", "**no**"),
        ("time with three times the rules", "≤ 1.4", "2.00", "**no**"),
        ("memory at most", "≤ 150 MB", "100.00 MB", "yes"),
    )


def test_the_page_says_how_much_of_the_text_a_peer_got() -> None:
    """A slow peer's figure stands for a megabyte, with the part of the text that it was given."""
    page = pages.page(results())
    assert "| proselint | 0.25 | 40.0 | 10.00 | 10.20 | 10.20 | 100 |" in page
    assert "it reads 0.25 MB a second" in page
    assert "The goal of 1 MB a second is not reached." in page
    ET.fromstring(pages.picture(results()))  # noqa: S314


def test_a_stage_inside_another_counts_for_itself() -> None:
    """Each tick of the clock counts for the innermost stage, also while a generator pauses."""
    ticks = count()
    watch = stages.Stopwatch(clock=lambda: float(next(ticks)))
    inner = watch.timed(lambda: None, "inner")
    items = watch.timed(lambda: (inner() for _ in range(2)), "outer")
    watch.start()
    assert list(items()) == [None, None]
    watch.enter(stages.OTHER)
    watch.leave()
    assert watch.spent == {stages.OTHER: 5.0, "inner": 2.0, "outer": 1.0}


def test_every_stage_is_timed(tmp_path: Path) -> None:
    """The functions of all stages are where they are looked for, and take time on a draft."""
    paths = corpora.write_posts(tmp_path / "posts", "dense", 2)
    table, gone, _ = stages.stages(list(map(str, paths)))
    assert gone == []
    assert [row[0] for row in table.rows] == [*stages.STAGES, stages.OTHER, "all"]
    assert [row[0] for row in table.rows if float(row[1]) < 0] == []
    assert float(table.rows[-1][1]) == pytest.approx(
        sum(float(row[1]) for row in table.rows[:-1]), abs=0.2
    )
