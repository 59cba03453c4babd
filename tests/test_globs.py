"""Globs and the files that hold them, from people who mean no good."""

from __future__ import annotations

import os
from time import process_time
from typing import TYPE_CHECKING

import pytest

from medlint.configfile import read
from medlint.errors import ConfigError
from medlint.findings import Failure
from medlint.globs import ignore_file, matcher
from medlint.walk import Excludes, Walker

if TYPE_CHECKING:
    from pathlib import Path


def walked(folder: Path) -> tuple[tuple[str, ...], tuple[Failure, ...]]:
    """Return the drafts found below a folder by their names, and the failures."""
    found = Walker(lambda _: (Excludes(folder, ()),)).find([str(folder)])
    return tuple(os.path.basename(path) for path in found.paths), found.failures  # noqa: PTH119


@pytest.mark.parametrize(
    ("glob", "cause"),
    [
        ("[z-a].md", "bad character range z-a"),
        ("*a*a*a*a*b", "it has more than 3 “*” between two slashes"),
        ("**/a/**/a/**/a/**/b", "it has more than 3 “**”"),
        ("a" * 1001, "it is longer than 1,000 characters"),
    ],
)
def test_what_is_no_glob(tmp_path: Path, glob: str, cause: str) -> None:
    """A configuration names the line; a .gitignore file leaves it out, as Git does."""
    with pytest.raises(ValueError, match="^" + cause.replace("*", r"\*")):
        matcher((glob,))
    (tmp_path / ".medlint.yaml").write_text(f"exclude: ['{glob}']\n", "utf-8")
    (problem,) = read(tmp_path / ".medlint.yaml").problems
    assert f":1: “{glob}” is no glob: {cause}" in problem
    (tmp_path / ".gitignore").write_text(f"{glob}\nb.md\n", "utf-8")
    (tmp_path / "a.md").touch()
    (tmp_path / "b.md").touch()
    assert walked(tmp_path) == (("a.md",), ())


def test_usual_globs_work() -> None:
    """Stars in each part of a path, negation and comments are as ever."""
    says = ignore_file("# *a*a*a*a*\n*.tmp\n!keep.tmp\n/build/**/*-draft-*.md\n!\n")
    assert [says(path) for path in ("x.tmp", "keep.tmp", "build/a/b/x-draft-1.md", "a.md")] == [
        *(True, False, True, None)
    ]


def test_a_bracket_in_brackets_is_one_of_the_characters() -> None:
    """Nothing is said of what another Python may make of it."""
    says = matcher(("[[a-z].md",))
    assert [says(path) for path in ("[.md", "a.md", "A.md")] == [True, True, False]


def test_long_names_take_no_time() -> None:
    """The glob with most wildcards and the longest name meet in a moment."""
    says = matcher(("*a*a*b", "**/a/**/a/**/b"))
    start = process_time()
    assert not says("a" * 255)
    assert not says("a/" * 300 + "c")
    assert process_time() - start < 5


def test_ignore_files_that_are_none(tmp_path: Path) -> None:
    """A pipe, a folder, a link in a circle; one too large is named."""
    (tmp_path / "a.md").touch()
    ignore = tmp_path / ".gitignore"
    os.mkfifo(ignore)
    assert walked(tmp_path) == (("a.md",), ())
    ignore.unlink()
    ignore.mkdir()
    assert walked(tmp_path) == (("a.md",), ())
    ignore.rmdir()
    ignore.symlink_to(".gitignore")
    assert walked(tmp_path) == (("a.md",), ())
    ignore.unlink()
    ignore.write_bytes(b"*\n" * 600_000)
    error = "is larger than 1,000,000 bytes, and was not respected"
    assert walked(tmp_path) == (("a.md",), (Failure(path=str(ignore), error=error),))
    ignore.write_bytes(b"\xff\xfe\0\n" * 1000 + b"a.md\n")
    assert walked(tmp_path) == ((), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('extends: "\\0"', "“extends” names no file: "),
        (f"extends: {'a' * 5000}.yaml", "“extends” names "),
        ("readability: {grade: 99999999999999999999}", "“grade” must be a number, not text"),
        ("readability: {grade: 101}", "“grade” must lie between 0 and 100"),
        ("readability: {grade: -1.0}", "“grade” must lie between 0 and 100"),
    ],
)
def test_odd_values_of_a_configuration(tmp_path: Path, text: str, problem: str) -> None:
    """Paths that no system takes and numbers that no float holds are problems with a line."""
    (tmp_path / ".medlint.yaml").write_text(f"{text}\n", "utf-8")
    (found,) = read(tmp_path / ".medlint.yaml").problems
    assert f".medlint.yaml:1: {problem}" in found


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (f"[tool.medlint]\na = {'9' * 5000}\n", "a number of thousands of digits"),
        (f"[tool.medlint]\na{'.a' * 5000} = 1\n", "a key of more than 50 parts"),
        (f"[tool.medlint]\na = {'[' * 9000}\n", "maximum recursion depth exceeded"),
    ],
)
def test_odd_values_of_pyproject(tmp_path: Path, toml: str, problem: str) -> None:
    """What TOML's reader would choke on is a wrong configuration."""
    (tmp_path / "pyproject.toml").write_text(toml, "utf-8")
    with pytest.raises(ConfigError, match=problem):
        read(tmp_path / "pyproject.toml")


def test_a_configuration_that_is_no_file(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ConfigError, match=r"pipe\.yaml: is no regular file$"):
        read(tmp_path / "pipe.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigError, match="is larger than 1000000 bytes"):
        read(tmp_path / "large.yaml")
