"""The wheel: it installs, runs without a network, and needs no first compile."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import generate

pytestmark = pytest.mark.slow


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command away from the checkout, with nothing of it on the path."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)),
        env={**inherited, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it in a fresh environment, and return that one's Python."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        *(sys.executable, "-m", "pip", "wheel", generate.ROOT, "--no-deps"),
        *("--no-build-isolation", "--no-index", "--wheel-dir", folder),
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    home = folder / "fresh"
    assert run(sys.executable, "-m", "venv", "--without-pip", home).returncode == 0
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    assert run(*pip, wheel).returncode == 0
    # Its dependencies are those of the tests; .pth files in there are not followed, so an
    # editable medlint is not seen.
    (site,) = run(python, "-c", "import site; print(site.getsitepackages()[-1])").stdout.split()
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def test_wheel_runs_and_reads_the_compiled_rules(installed: Path, tmp_path: Path) -> None:
    """An installed wheel lints at once: it compiles nothing and leaves nothing in the cache."""
    draft, cache = tmp_path / "draft.md", tmp_path / "cache"
    draft.write_text("Our clinic's stem cell therapy cures arthritis.\n", "utf-8")
    done = run(
        *(installed, "-I", "-m", "medlint", "--no-config", "--quiet", "--select", "cure", draft),
        MEDLINT_CACHE_DIR=str(cache),
    )
    assert (done.returncode, done.stderr, cache.exists()) == (1, "", False)
    assert done.stdout.count("draft.md:1:") == 1
    page = run(installed, "-I", "-m", "medlint", "--no-config", "--format", "html", draft)
    assert (page.returncode, page.stdout.startswith("<!doctype html>")) == (1, True)


def test_wheel_holds_what_it_needs(installed: Path) -> None:
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
