"""tasks.py: what it says when it cannot work, and when it has nothing to set up."""

from __future__ import annotations

import runpy
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import generate

if TYPE_CHECKING:
    from pathlib import Path

TASKS = generate.ROOT / "tasks.py"


@pytest.fixture
def tasks(tmp_path: Path) -> dict[str, Any]:
    """Return the script's names, working on an empty folder."""
    names = runpy.run_path(str(TASKS))
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    scripts = tmp_path / ".venv/bin"
    own = names["set_up"].__globals__
    own.update(
        ROOT=tmp_path,
        VENV=tmp_path / ".venv",
        SCRIPTS=scripts,
        PYTHON=scripts / "python",
        STAMP=tmp_path / ".venv/medlint-setup.txt",
    )
    return own


def test_unknown_task_shows_the_tasks() -> None:
    """A task that does not exist is answered with those that do, and exit code 2."""
    done = subprocess.run(
        [sys.executable, TASKS, "dmeo"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "python3 tasks.py demo" in done.stderr


def test_old_python_is_told(
    tasks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under an older Python, the message names what is needed; 1 would mean findings."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["tasks.py", "demo"])
    with pytest.raises(SystemExit) as ended:
        tasks["main"]()
    assert ended.value.code == 2
    assert "needs Python 3.11 or newer; this is 3.9" in capsys.readouterr().err


def test_missing_venv_is_told(
    tasks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Python comes without venv, the message says how to get it."""
    monkeypatch.setattr(tasks["importlib"].util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        tasks["set_up"]("")
    assert ended.value.code == 2
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_set_up_runs_once(tasks: dict[str, Any]) -> None:
    """The environment is filled once, again for another extra, and anew for other needs."""
    commands: list[str] = []

    def run(*command: object, output: object = None) -> int:
        assert output is sys.stderr
        commands.append("venv" if "venv" in command else str(command[-1]))
        tasks["SCRIPTS"].mkdir(parents=True, exist_ok=True)
        tasks["PYTHON"].touch()
        return 0

    tasks["run"] = run
    root = str(tasks["ROOT"])
    for extra in ("", "", "dev", "", "dev"):
        tasks["set_up"](extra)
    assert commands == ["venv", root, f"{root}[dev]"]
    (tasks["ROOT"] / "pyproject.toml").write_text("# changed", "utf-8")
    tasks["set_up"]("")
    tasks["set_up"]("")
    assert commands[3:] == ["venv", root]


def test_failed_installation_is_tried_again(tasks: dict[str, Any]) -> None:
    """What pip could not install does not count as set up."""
    codes = iter([0, 1, 0, 0])

    def run(*_: object, output: object) -> int:
        assert output is sys.stderr
        tasks["SCRIPTS"].mkdir(parents=True, exist_ok=True)
        return next(codes)

    tasks["run"] = run
    with pytest.raises(SystemExit) as ended:
        tasks["set_up"]("")
    assert ended.value.code == 2
    tasks["set_up"]("")
    assert next(codes, "all used") == "all used"


def test_the_lowest_versions_are_those_of_pyproject(tasks: dict[str, Any]) -> None:
    """Lower bounds of what runs and builds, of every extra but the developers', each once."""
    project = """
        [build-system]
        requires = ["hatchling>=1.27", "Some-Lib>=2.0.1,<3"]
        [project]
        dependencies = ["click[colour]>=8.1.7,<9", "Some-Lib >= 2.0.1, <3"]
        [project.optional-dependencies]
        web = ["serving>=0.5"]
        docx = []
        dev = ["pytest>=8"]
    """
    assert tasks["lowest_versions"](project) == [
        "Some-Lib==2.0.1",
        "click==8.1.7",
        "hatchling==1.27",
        "serving==0.5",
    ]


def test_a_dependency_without_a_lower_bound_is_told(
    tasks: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not said cannot be tested."""
    project = """
        [build-system]
        requires = ["hatchling"]
        [project]
        dependencies = ["click<9"]
    """
    with pytest.raises(SystemExit) as ended:
        tasks["lowest_versions"](project)
    assert ended.value.code == 2
    assert "say from which version on: click<9, hatchling" in capsys.readouterr().err
