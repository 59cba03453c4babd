"""Reports of long runs: kept on disk, and what they say is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint import stow
from medlint.api import Linter, Options
from medlint.batch import packed
from medlint.config import Config
from medlint.packed import PackedReport
from medlint.stow import Stowage

if TYPE_CHECKING:
    from medlint.findings import FileReport


@pytest.fixture(scope="module")
def reports(mini_folder: Path) -> list[FileReport]:
    """Return packed reports of several drafts."""
    linter = Linter(
        Config.default(Path.cwd()), Options(no_config=True, rulesets=(str(mini_folder),))
    )
    found = []
    for number in range(6):
        report = packed(linter.lint_source("A miracle. Größer.\n" * number, f"{number}.md")).report
        assert report is not None
        found.append(report)
    return found


def told(report: FileReport) -> tuple[object, ...]:
    """Return all that reporters ask of a report."""
    assert report.document is not None
    counts = (report.count(), report.fixable, report.suppressed, report.words, report.balance)
    return report, report.findings, tuple(report.each()), report.document.source, counts


def test_what_is_stowed_comes_back_whole(
    reports: list[FileReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones stay in memory, the others are read from the file when asked for."""
    monkeypatch.setattr(stow, "IN_MEMORY", 400)
    stowage = Stowage()
    stowed = [stowage.stow(report) for report in reports]
    assert [one is other for one, other in zip(stowed, reports, strict=True)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    for one, other in reversed(list(zip(stowed, reports, strict=True))):
        assert told(one) == told(other)
        assert isinstance(one, PackedReport)
        assert isinstance(other, PackedReport)
        assert one.data == (one.body, one.text) == other.data


def test_without_a_place_to_write_reports_stay(
    reports: list[FileReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No temporary folder, or a disk that is full in the middle: nothing is lost."""

    class Full:
        """A file on a disk with little room."""

        def seek(self, _: int) -> None:
            """Go nowhere."""

        def close(self) -> None:
            """Be gone."""

        def write(self, data: bytes) -> int:
            """Write a part."""
            return len(data) // 2

    def nowhere(**_: object) -> object:
        raise FileNotFoundError

    monkeypatch.setattr(stow, "IN_MEMORY", 0)
    for make in (nowhere, lambda **_: Full()):
        monkeypatch.setattr(tempfile, "TemporaryFile", make)
        stowage = Stowage()
        assert all(stowage.stow(report) is report for report in reports)


def test_short_runs_write_nothing(
    reports: list[FileReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an empty file."""
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: 1 / 0)
    stowage = Stowage()
    assert all(stowage.stow(report) is report for report in reports)
