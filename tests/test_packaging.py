"""The wheel and the source archive: reproducible, complete, and at home anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import generate

pytestmark = pytest.mark.slow

DRAFT = "Our clinic's stem cell therapy cures arthritis.\n"


def run(
    *command: object, cwd: Path | None = None, umask: int = -1, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command away from the checkout, with nothing of it on the path."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        umask=umask,
        env={**inherited, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def tracked() -> list[str]:
    """Return what is the project's in this checkout, new files included."""
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=generate.ROOT)
    if listed.returncode:
        pytest.skip("this is no checkout")
    names = filter(None, listed.stdout.split("\0"))
    return sorted(name for name in names if (generate.ROOT / name).exists())


def build(project: Path, out: Path, *, umask: int = 0o022, **environment: str) -> tuple[Path, Path]:
    """Build a project's wheel and source archive."""
    command = (sys.executable, "-m", "hatchling", "build", "-d", out)
    built = run(*command, cwd=project, umask=umask, **environment)
    assert built.returncode == 0, built.stderr
    (wheel,), (archive,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, archive


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build a copy of the checkout; return the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("built")
    for name in tracked():
        (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(generate.ROOT / name, folder / "copy" / name)
    return build(folder / "copy", folder / "dist", PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a fresh environment, and return that one's Python."""
    folder = tmp_path_factory.mktemp("wheel")
    home = folder / "fresh"
    assert run(sys.executable, "-m", "venv", "--without-pip", home).returncode == 0
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    assert run(*pip, built[0]).returncode == 0
    # Its dependencies are those of the tests; .pth files in there are not followed, so an
    # editable medlint is not seen.
    (site,) = run(python, "-c", "import site; print(site.getsitepackages()[-1])").stdout.split()
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def test_another_build_gives_the_same_bytes(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Built from the source archive, elsewhere, later and under other settings: the same files."""
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path / "other", filter="data")
    (project,) = (tmp_path / "other").iterdir()
    other: Any = {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Asia/Tokyo"}
    again = build(project, tmp_path / "dist", umask=0o077, **other)
    assert [path.name for path in again] == [path.name for path in built]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_the_source_archive_holds_the_project(built: tuple[Path, Path]) -> None:
    """Everything that belongs to the project, and nothing else, is in it."""
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {*tracked(), "PKG-INFO"}


def test_nothing_tells_where_it_was_built(built: tuple[Path, Path]) -> None:
    """No file of the wheel holds a path of the machine that built it."""
    places = [str(place).encode() for place in (generate.ROOT, built[0].parents[1], Path.home())]
    with ZipFile(built[0]) as wheel:
        telling = [
            (name, place)
            for name in wheel.namelist()
            for place in places
            if len(place) > 1 and place in wheel.read(name)
        ]
    assert telling == []


def test_the_wheel_holds_what_it_needs(installed: Path) -> None:
    """The package, its rules and their compiled form are in the wheel; tests and tools are not."""
    code = (
        "import medlint.loader as l, json, importlib.util as u, pathlib as p;"
        "print(json.dumps([l.shipped_folder().parent == p.Path(l.__file__).parent,"
        " len(list(l._COMPILED.glob('*.rules'))),"
        " [n for n in ('generate', 'tasks', 'hatch_build') if u.find_spec(n)]]))"
    )
    assert run(installed, "-I", "-c", code).stdout.strip() == "[true, 1, []]"
    page = (
        "import medlint.web as w, pathlib as p;"
        "print(*{f.suffix for f in p.Path(w.__file__).with_name('page').iterdir()})"
    )
    suffixes = run(installed, "-I", "-c", page).stdout.split()
    assert set(suffixes) == {".css", ".html", ".js", ".svg"}


def test_the_wheel_asks_for_what_is_tested(built: tuple[Path, Path]) -> None:
    """What the tests run with is within the bounds that the wheel declares."""
    with ZipFile(built[0]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        lines = wheel.read(name).decode().splitlines()
    wanted = [Requirement(line.split(": ")[1]) for line in lines if line.startswith("Requires-D")]
    needed = [one for one in wanted if one.marker is None]
    assert len(needed) >= 7
    assert [str(one) for one in needed if version(one.name) not in one.specifier] == []


def test_the_wheel_runs_and_reads_the_compiled_rules(installed: Path, tmp_path: Path) -> None:
    """An installed wheel lints at once: it compiles nothing and leaves nothing in the cache."""
    draft, cache = tmp_path / "draft.md", tmp_path / "cache"
    draft.write_text(DRAFT, "utf-8")
    done = run(
        *(installed, "-I", "-m", "medlint", "--no-config", "--quiet", "--select", "cure", draft),
        MEDLINT_CACHE_DIR=str(cache),
    )
    assert (done.returncode, done.stderr, cache.exists()) == (1, "", False)
    assert done.stdout.count("draft.md:1:") == 1
    page = run(installed, "-I", "-m", "medlint", "--no-config", "--format", "html", draft)
    assert (page.returncode, page.stdout.startswith("<!doctype html>")) == (1, True)


def test_the_program_runs_in_any_folder_and_locale(installed: Path, tmp_path: Path) -> None:
    """The `medlint` of the wheel reads UTF-8 where the system's text is ASCII, and says the same.

    Only what the output cannot hold is escaped.
    """
    (tmp_path / "naïve").mkdir()
    (tmp_path / "naïve" / "draft.md").write_text(f"A naïve “draft”.\n\n{DRAFT}", "utf-8")
    command = (installed.with_name("medlint"), "--no-config", "draft.md")
    settings: Any = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "MEDLINT_CACHE_DIR": "/none"}
    plain, usual = (
        run(*command, cwd=tmp_path / "naïve", **settings, PYTHONUTF8=utf8) for utf8 in ("0", "1")
    )
    assert (plain.returncode, plain.stderr) == (usual.returncode, usual.stderr) == (1, "")
    assert plain.stdout.isascii()
    assert plain.stdout.encode().decode("unicode-escape") == usual.stdout
    assert "draft.md:3:1: error: “Our clinic's stem cell therapy cures arthritis” " in usual.stdout


USER = """
from pathlib import Path
from typing import assert_type

from medlint import api
from medlint.config import Config
from medlint.errors import MedlintError
from medlint.findings import Category, FileReport, Finding, Rewrite, RewriteKind, Severity, Source


def worst(text: str) -> Severity | None:
    report = api.lint_text(text, path="draft.md")
    assert_type(report, FileReport)
    assert_type(report.findings, tuple[Finding, ...])
    return max((finding.severity for finding in report.findings), default=None)


def safe(path: Path) -> list[tuple[str, Category, int, str]]:
    found = []
    for finding in api.lint_path(path).findings:
        assert_type(finding.rewrites, tuple[Rewrite, ...])
        assert_type(finding.sources, tuple[Source, ...])
        for rewrite in finding.rewrites:
            if rewrite.kind is RewriteKind.SAFE:
                found.append((finding.rule, finding.category, finding.span.start, rewrite.text))
    return found


def many(texts: dict[str, str]) -> int:
    options = api.Options(no_config=True, rulesets=("core", "us"), fail_on=Severity.ERROR)
    linter = api.Linter(Config.default(Path.cwd()), options)
    try:
        checked = [linter.lint_source(text, name) for name, text in texts.items()]
    except MedlintError:
        return 2
    assert_type(checked, list[api.Checked])
    return int(any(one.fails for one in checked))
"""


def test_types_are_seen_from_outside(installed: Path, tmp_path: Path) -> None:
    """A strict project that uses the library passes, and a wrong use of it does not."""
    (tmp_path / "user.py").write_text(dedent(USER), "utf-8")
    wrong = 'from medlint import api\n\napi.lint_text(b"bytes").findings[0].colour\n'
    (tmp_path / "wrong.py").write_text(wrong, "utf-8")
    command = (sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--no-error-summary")
    done = run(*command, "--python-executable", installed, "user.py", cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("", 0)
    done = run(*command, "--python-executable", installed, "wrong.py", cwd=tmp_path)
    assert done.returncode == 1
    codes = {line.rpartition("[")[2] for line in done.stdout.splitlines()}
    assert codes == {"arg-type]", "attr-defined]"}
