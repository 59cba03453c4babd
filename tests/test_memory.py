"""Memory stays small: measured on processes of their own, on Linux, where the figures repeat."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import medlint

SOURCES = Path(medlint.__file__).parents[1]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measured on Linux only")
MEGABYTE = 1_000_000
# The process that checks, and its peak in bytes behind its exit code.
SCRIPT = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "medlint", *sys.argv[1:]])
_, status, used = os.wait4(pid, 0)
sys.stderr.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss * 1024}")
"""


def peak(folder: Path, *arguments: str) -> float:
    """Return the megabytes that a run over a folder's drafts takes at most."""
    command = [sys.executable, "-c", SCRIPT, "check", "--no-config", "--no-cache", *arguments]
    done = subprocess.run(
        [*command, "."],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONHASHSEED": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    code, most = done.stderr.split()
    assert code == "1"
    return int(most) / MEGABYTE


def claims(first: int, count: int) -> str:
    """Return sentences that claim something, no two of them alike."""
    return " ".join(
        f"In week {number} our stem cell therapy cured {number} patients of arthritis and pain."
        for number in range(first, first + count)
    )


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return what a run over one short draft takes, with the rules compiled before."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "a.md").write_text(claims(0, 1), "utf-8")
    peak(folder, "--jobs", "1")
    return peak(folder, "--jobs", "1")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_many_posts_take_little_more_than_one(tmp_path: Path, one: float, form: str) -> None:
    """Neither sentences nor findings of a post outlive it, in any format that is written."""
    for number in range(60):
        (tmp_path / f"{number}.md").write_text(claims(number * 70, 70), "utf-8")
    assert peak(tmp_path, "--jobs", "1", "--format", form) < one + 35


@pytest.mark.slow
@pytest.mark.parametrize("between", [" ", "\n\n"])
def test_a_long_text_takes_a_small_multiple_of_itself(
    tmp_path: Path, one: float, between: str
) -> None:
    """On one line or in paragraphs: much less than what its tagged sentences would."""
    text = between.join(claims(number * 5, 5) for number in range(600))
    (tmp_path / "long.txt").write_text(text, "utf-8")
    assert peak(tmp_path) < one + 25 + 60 * len(text) / MEGABYTE
