"""The lowest versions of libraries: that they are what runs, and that they build the wheel."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

import generate

WANTED = Path(sys.prefix) / "medlint-lowest.txt"

pytestmark = pytest.mark.skipif(
    not WANTED.is_file(), reason="only with the lowest versions: python3 tasks.py lowest"
)


def test_the_lowest_versions_are_in_use() -> None:
    """Each library is the oldest that pyproject.toml allows."""
    pins = dict(pin.split("==") for pin in WANTED.read_text("utf-8").split())
    assert len(pins) >= 8
    used = {name: Version(version(name)) for name in pins}
    assert used == {name: Version(pin) for name, pin in pins.items()}


def test_the_lowest_versions_build_the_wheel(tmp_path: Path) -> None:
    """The build needs nothing newer than it says."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(
        command, cwd=generate.ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert [path.suffix for path in tmp_path.iterdir()] == [".whl"]
