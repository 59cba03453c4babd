"""Many drafts: in order, in one process or several, each on its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from medlint import batch
from medlint.api import Checked, Options
from medlint.batch import Job, Result, Worker, gather, run
from medlint.findings import Failure, Report, RulesetInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration for the small rules."""
    monkeypatch.chdir(tmp_path)
    # The least text is worth a process here.
    monkeypatch.setattr(batch, "SHARE", 1)
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n")
    return tmp_path


def checked(paths: Sequence[str], jobs: int = 1, **job: object) -> Result:
    """Check drafts and gather what they give."""
    return gather(run(Job(options=Options(), **job), paths, jobs=jobs))  # type: ignore[arg-type]


def drafts(folder: Path, count: int) -> list[str]:
    """Write drafts, some of them broken, and return their names in a mixed order."""
    names = [f"{number * 7 % count:03}.md" for number in range(count)]
    for number, name in enumerate(names):
        text = b"A miracle cures ALS.\n" * (number % 3) if number % 5 else b"\xff\xfe\xfd"
        (folder / name).write_bytes(text)
    return [*names, "gone.md"]


def test_several_processes_give_what_one_gives(folder: Path) -> None:
    """The same report in the order of the paths, failures and sources included."""
    paths = drafts(folder, 40)
    one, several = checked(paths), checked(paths, jobs=2)
    assert several == one
    assert [file.path for file in one.report.files] == [p for p in paths if p in _readable(one)]
    assert len(one.report.failures) == 9
    sources = [[f.document.source for f in r.report.files if f.document] for r in (one, several)]
    assert sources[0] == sources[1]
    assert len(sources[0]) == 32


def _readable(result: Result) -> set[str]:
    return {file.path for file in result.report.files}


def test_the_amount_of_text_limits_the_processes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where more are allowed, none is started that costs more than it saves."""
    started: list[int] = []

    def processes(_: Worker, __: Sequence[str], count: int) -> list[object]:
        started.append(count)
        return []

    monkeypatch.setattr(batch, "_in_processes", processes)
    monkeypatch.setattr(batch, "_processors", lambda: 4)
    monkeypatch.setattr(batch, "SHARE", 3_000)
    (folder / "a.md").write_text("Fine.\n" * 100)
    for count, jobs in ((9, 0), (10, 0), (19, 0), (30, 0), (30, 1), (30, 2), (9, 2), (40, 99)):
        list(run(Job(options=Options()), ["a.md"] * count, jobs=jobs))
    assert started == [2, 3, 4, 2, 8]


def test_a_failure_keeps_no_other_draft_from_its_turn(folder: Path) -> None:
    """Undecodable, missing and special files fail alone."""
    (folder / "a.md").write_text("A miracle.\n")
    (folder / "b.md").write_bytes(b"\x00\x01\x02")
    os.mkfifo(folder / "c.md")
    (folder / "d.md").write_text("Fine.\n")
    result = checked(["gone.md", "b.md", "c.md", "a.md", "d.md"])
    assert [file.path for file in result.report.files] == ["a.md", "d.md"]
    assert [failure.path for failure in result.report.failures] == ["gone.md", "b.md", "c.md"]
    assert result.report.failures[0].error == "cannot be read: No such file or directory"
    assert result.report.failures[2].error == "is not a regular file"
    assert result.report.rulesets == (RulesetInfo("mini", "1"),)


def test_an_unexpected_error_is_a_failure_of_that_draft(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a mistake in medlint itself leaves the other drafts checked."""
    (folder / "a.md").write_text("A miracle.\n")
    worker = Worker(Job(options=Options()))
    monkeypatch.setattr(worker.linters, "linter_for", lambda _: 1 / 0)
    assert worker.check("a.md").failures == (
        Failure(
            path="a.md",
            error=(
                "medlint failed on this file (ZeroDivisionError: division by zero); "
                "please report it"
            ),
        ),
    )


def test_a_wrong_configuration_is_told_once(folder: Path) -> None:
    """Its drafts go unchecked, those under another configuration do not."""
    for name in ("a.md", "b.md", "good/c.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("A miracle.\n")
    (folder / ".medlint.yaml").replace(folder / "good" / ".medlint.yaml")
    (folder / ".medlint.yaml").write_text("prodct: x\nfail-on: loud\n")
    result = checked(["a.md", "b.md", "good/c.md"])
    assert [file.path for file in result.report.files] == ["good/c.md"]
    assert [(failure.path, failure.error[:21]) for failure in result.report.failures] == [
        (".medlint.yaml", "line 1: unknown key “"),
        (".medlint.yaml", "line 2: “fail-on” can"),
    ]


def test_fixes_are_written_and_a_dry_run_writes_nothing(folder: Path) -> None:
    """--fix changes the file and reports what is left; --diff only shows."""
    path = folder / "a.md"
    path.write_bytes(b"- less pain\r\n- less pain\r\n")
    dry = checked(["a.md"], diff=True)
    assert path.read_bytes() == b"- less pain\r\n- less pain\r\n"
    assert dry.diff == "--- a/a.md\n+++ b/a.md\n@@ -1,2 +1 @@\n - less pain\r\n-- less pain\r\n"
    fixed = checked(["a.md"], fix=True)
    assert path.read_bytes() == b"- less pain\r\n"
    assert (fixed.fixed, fixed.report.count(), fixed.stdin) == (1, 0, None)


def test_standard_input_is_fixed_in_memory(folder: Path) -> None:
    """Its fixed text is part of the result, under the name it was given."""
    job = {"fix": True, "stdin": b"- a b c\n- a b c\n", "stdin_name": "x.md"}
    result = checked(["-"], **job)
    assert result.stdin == b"- a b c\n"
    assert [file.path for file in result.report.files] == ["x.md"]
    assert list(folder.iterdir()) == [folder / ".medlint.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "matches"),
    [
        ("", b"*miracle*", ["miracle"]),
        ("draft", b"*miracle*", ["miracle"]),
        ("x.html", b"<p>mira&shy;cle</p>", ["miracle"]),
        ("x.odt", b"miracle", None),
    ],
)
@pytest.mark.usefixtures("folder")
def test_standard_input_is_markdown_unless_its_name_says_otherwise(
    name: str, text: bytes, matches: list[str] | None
) -> None:
    """The name decides the format, and an unknown one is a failure."""
    result = checked(["-"], stdin=text, stdin_name=name)
    found = [[f.match for f in file.findings] for file in result.report.files]
    assert found == ([] if matches is None else [matches])
    assert bool(result.report.failures) is (matches is None)


def die(_: Sequence[str]) -> None:
    """End this process without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_leaves_its_drafts_unchecked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was not answered for is a failure, and the run goes on to its end."""
    monkeypatch.setattr(batch, "_check_all", die)
    (folder / "a.md").write_text("Fine.\n")
    result = checked(["a.md", "a.md"], jobs=2)
    error = "the process that checked this file died; try --jobs 1"
    assert result.report == Report(files=(), failures=(Failure(path="a.md", error=error),))


def test_neither_jobs_nor_the_hash_seed_matter(folder: Path) -> None:
    """The report is the same to the last byte, whatever processes find it in whatever order."""
    for name in drafts(folder, 24):
        path = folder / name
        if path.exists():
            path.write_bytes(path.read_bytes() + b"\n- less pain\n- less pain\n\nAIDS and MS.\n")
    script = "from medlint import batch, cli; batch.SHARE = 1; cli.main()"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, "--format", "json", "--jobs", jobs, "--no-cache"],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=False,
        ).stdout
        for seed, jobs in (("0", "1"), ("1", "2"), ("2", "3"))
    }
    (output,) = outputs
    assert output.count(b'"repeated-item"') == 19


def test_drafts_wait_for_processes_in_small_numbers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done does not pile up in memory before anybody asks for it."""
    handed: list[str] = []

    class Pool:
        """Runs what it is given at once."""

        def __init__(self, *_: object, **__: object) -> None:
            """Begin with nothing."""

        def submit(self, _: object, chunk: Sequence[str]) -> Future[list[Checked]]:
            """Check a group of drafts."""
            handed.extend(chunk)
            done: Future[list[Checked]] = Future()
            done.set_result([Checked() for _ in chunk])
            return done

        def shutdown(self, **_: object) -> None:
            """Be gone."""

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    monkeypatch.setattr("medlint.batch._bequeath", lambda *_: None)
    paths = drafts(folder, 2000)
    results = run(Job(options=Options()), paths, jobs=2)
    next(results)
    assert len(handed) == 2 * 4 * 32
    assert 1 + sum(1 for _ in results) == len(paths) == len(handed)
    assert handed == paths


def test_processes_inherit_the_rules_where_they_can(folder: Path) -> None:
    """They are loaded once before the processes part, and no longer kept than that."""
    (folder / "a.md").write_text("A miracle.\n")
    seen: list[object] = []

    def start(paths: Sequence[str]) -> list[Checked]:
        seen.append(batch._inherited)  # noqa: SLF001  what a forked process finds
        return [Checked() for _ in paths]

    worker = Worker(Job(options=Options()))
    batch._bequeath(worker, ["a.md"])  # noqa: SLF001
    start(["a.md"])
    assert seen == [worker.linters]
    assert worker.linters.linter_for(folder).ruleset.infos == (RulesetInfo("mini", "1"),)
    (folder / ".medlint.yaml").write_text("prodct: x\n")
    batch._bequeath(Worker(Job(options=Options())), ["a.md"])  # noqa: SLF001  told with the draft
    checked(["a.md"] * 9, jobs=2)
    assert batch._inherited is None  # noqa: SLF001
