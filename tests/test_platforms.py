"""Other systems: what Windows, macOS and bare containers do differently, acted out here."""

from __future__ import annotations

import errno
import io
import ntpath
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import medlint
from medlint import batch, loader, walk
from medlint.api import Options
from medlint.batch import Job
from medlint.commands import common
from medlint.config import Config, Name
from medlint.errors import ConfigError, MedlintError
from medlint.walk import Walker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SOURCES = Path(medlint.__file__).parents[1]
DRAFT = "Our “miracle” cures ALS, naïvely.\n\n- less pain\n- less pain\n"


@pytest.fixture
def folder(tmp_path: Path, mini_folder: Path) -> Path:
    """Return a folder with a name that is not ASCII, a configuration and one draft."""
    place = tmp_path / "Entwürfe"
    place.mkdir()
    settings = f"# für alle\nrulesets: ['{mini_folder}']\n"
    (place / ".medlint.yaml").write_text(settings, "utf-8")
    (place / "münchen.md").write_text(DRAFT, "utf-8")
    return place


@pytest.fixture
def plain_locale(folder: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Return a function that runs medlint where no text is UTF-8 unless somebody says so."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTHON", "LANG"))},
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONPATH": str(SOURCES),
        "MEDLINT_CACHE_DIR": str(folder.parent / "cache"),
    }
    # Whatever is opened without an encoding ends the run.
    python = (sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning:medlint")

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [*python, "-m", "medlint", *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, input=stdin, capture_output=True, check=False
        )

    return run


def test_a_locale_without_utf8_changes_no_finding(
    plain_locale: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """Drafts, settings and names are read as UTF-8; what the output cannot hold is escaped."""
    done = plain_locale(".", "--quiet")
    name = rb"m\ufffd\ufffdnchen.md"
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.splitlines() == [
        name + rb":1:6: warning: \u201cmiracle\u201d is hype. [magic-word]",
        name + rb":1:15: error: \u201ccures ALS\u201d promises a cure. [cure-verb]",
        name + rb":4:3: warning: \u201cless pain\u201d stands in this list already."
        b" [repeated-item]",
    ]


@pytest.mark.parametrize("form", ["json", "sarif", "github", "html"])
def test_every_format_is_utf8_where_it_has_to_be(
    plain_locale: Callable[..., subprocess.CompletedProcess[bytes]], form: str
) -> None:
    """Formats that other programs read are UTF-8 in every locale."""
    done = plain_locale("--format", form, "--stdin-filename", "a.md", "-", stdin=DRAFT.encode())
    assert (done.returncode, done.stderr) == (1, b"")
    assert ("naïvely" in done.stdout.decode()) is (form == "html")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("check", "--help"), 0),
        (("rules",), 0),
        (("explain", "cure-verb"), 0),
        (("explain", "--text", "Our miracle cures ALS."), 0),
        (("--diff", "."), 1),
        (("--fix", "."), 1),
        (("init", "."), 2),
        (("init", ".."), 0),
        (("gone-naïve.md",), 2),
    ],
)
def test_every_command_speaks_in_a_locale_without_utf8(
    plain_locale: Callable[..., subprocess.CompletedProcess[bytes]],
    arguments: tuple[str, ...],
    code: int,
) -> None:
    """No command ends in a traceback because of a character."""
    done = plain_locale(*arguments)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


def test_a_fix_in_a_locale_without_utf8_keeps_the_rest(
    plain_locale: Callable[..., subprocess.CompletedProcess[bytes]], folder: Path
) -> None:
    """A draft is written back in UTF-8, byte for byte but for what was fixed."""
    plain_locale("--fix", ".")
    assert (folder / "münchen.md").read_text("utf-8") == DRAFT.replace("- less pain\n", "", 1)


def test_new_processes_that_inherit_nothing_give_the_same_report(folder: Path) -> None:
    """Windows and macOS start workers from scratch instead of copying this process."""
    for number in range(6):
        (folder / f"{number}.md").write_text("A miracle.\n" * number, "utf-8")
    script = folder.parent / "start.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "from medlint import batch\n"
        "from medlint.cli import run\n"
        "batch.SHARE = 1\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    sys.exit(run(sys.argv[1:]))\n",
        "utf-8",
    )
    outputs = [
        subprocess.run(
            [sys.executable, script, ".", "--format", "json", "--jobs", jobs],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            check=False,
        )
        for jobs in ("1", "2")
    ]
    assert [done.stderr for done in outputs] == [b"", b""]
    assert outputs[0].stdout == outputs[1].stdout
    assert [done.returncode for done in outputs] == [1, 1]


def test_windows_gets_no_more_processes_than_it_can_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Above 61, a pool of processes cannot be made on Windows."""
    counts = []

    def pretend(_: batch.Worker, paths: Sequence[str], count: int) -> Iterator[str]:
        counts.append(count)
        return iter(paths)

    monkeypatch.setattr(batch, "_in_processes", pretend)
    # The drafts need not be there.
    monkeypatch.setattr(batch, "SHARE", 0)
    for platform in ("linux", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        for wanted in (2, 100):
            list(batch.run(Job(options=Options()), ["a.md"] * 300, jobs=wanted))
    assert counts == [2, batch.MOST_PROCESSES, 2, 61]


@pytest.mark.parametrize(
    ("system", "number", "message"),
    [
        ("posix", errno.EPIPE, None),
        ("nt", errno.EINVAL, None),
        (
            "posix",
            errno.EINVAL,
            "standard output: cannot be written: Invalid argument; use --output",
        ),
        (
            "nt",
            errno.ENOSPC,
            "standard output: cannot be written: No space left on device; use --output",
        ),
    ],
)
def test_a_reader_that_went_away_is_no_error_on_any_system(
    monkeypatch: pytest.MonkeyPatch, system: str, number: int, message: str | None
) -> None:
    """Windows calls a pipe that nobody reads an invalid argument."""

    class Closed(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, _: Any) -> int:
            raise OSError(number, os.strerror(number))

    told = None
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", SimpleNamespace(flush=lambda: None, buffer=Closed()))
        patched.setattr(common, "_discard_output", lambda: None)
        patched.setattr(os, "name", system)
        try:
            common.write_bytes(b"x")
        except MedlintError as error:
            told = str(error)
    assert told == message


def test_junctions_are_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' junctions are folders to `is_dir`, and may lead back to where they stand."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "loop").mkdir()
    for name in ("a.md", "sub/b.md", "loop/c.md"):
        (tmp_path / name).write_text("", "utf-8")

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self._entry, self.name = entry, entry.name

        def is_dir(self, *, follow_symlinks: bool = True) -> bool:
            return self._entry.is_dir(follow_symlinks=follow_symlinks)

        def stat(self, *, follow_symlinks: bool) -> SimpleNamespace:
            assert not follow_symlinks
            return SimpleNamespace(st_reparse_tag=0xA0000003 if self.name == "loop" else 0)

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda place: list(map(Entry, scandir(place))))
    found = []
    for on_windows in (True, False):
        monkeypatch.setattr(walk, "_ON_WINDOWS", on_windows)
        paths = Walker(lambda _: ()).find([str(tmp_path)]).paths
        found.append([PurePosixPath(path).relative_to(tmp_path).as_posix() for path in paths])
    assert found == [["a.md", "sub/b.md"], ["a.md", "loop/c.md", "sub/b.md"]]


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/u/Local"}, "/u/Local/medlint"),
        ("win32", {"HOME": "/u"}, "/u/AppData/Local/medlint"),
        ("darwin", {"HOME": "/u"}, "/u/Library/Caches/medlint"),
        ("linux", {"HOME": "/u"}, "/u/.cache/medlint"),
        ("linux", {"HOME": "/u", "XDG_CACHE_HOME": "/c"}, "/c/medlint"),
        ("linux", {"HOME": "/u", "MEDLINT_CACHE_DIR": "/m"}, "/m"),
    ],
)
def test_each_system_has_its_place_for_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: str
) -> None:
    """The cache lies where the system wants it, unless a variable moves it."""
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME", "MEDLINT_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert loader.cache_folder() == Path(expected)


def test_a_user_without_a_home_still_gets_a_report(
    monkeypatch: pytest.MonkeyPatch, small_rulesets: Path
) -> None:
    """In a container without one, nothing is kept and nothing fails."""

    def none() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME", "MEDLINT_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", none)
    monkeypatch.setattr(loader, "_COMPILED", small_rulesets / "none")
    rules = [loader.load((str(small_rulesets / "core"),)).rules for _ in range(2)]
    assert rules[0] == rules[1]
    assert not loader.cache_folder().exists()


def test_problems_in_files_on_a_drive_are_sorted_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The colon of “C:” ends no path."""
    monkeypatch.setattr(os.path, "splitdrive", ntpath.splitdrive)
    places = (r"C:\b.yaml:2", r"C:\a.yaml:10", r"C:\a.yaml:9")
    names = tuple(Name("unknown", place) for place in places)
    with pytest.raises(ConfigError) as told:
        Config(root=Path(), base=Path(), names=names).checked(frozenset())
    lines = [line.partition(": there")[0] for line in str(told.value).splitlines()]
    assert lines == [r"C:\a.yaml:9", r"C:\a.yaml:10", r"C:\b.yaml:2"]
