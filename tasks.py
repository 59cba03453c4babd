"""Sets up an isolated environment in .venv and runs one task in it.

    python3 tasks.py demo            lint examples/ (exits with 1: there are findings)
    python3 tasks.py test [ARGS]     run all tests; ARGS go to pytest
    python3 tasks.py lowest [ARGS]   run a part of the tests with the oldest libraries allowed
    python3 tasks.py check           linters, types and layers
    python3 tasks.py bench [ARGS]    time medlint against stored ratios; ARGS go to bench/compare.py
    python3 tasks.py docs            write the generated documentation anew
    python3 tasks.py golden          write the examples' expected reports anew

The set-up is repeated only when pyproject.toml, the Python or the folder has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOWEST = ROOT / ".venv-lowest"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
# Neighbouring tests run in one process, which has then compiled their rules already.
WORKERS = ("-n", "auto", "--dist", "worksteal")
# What meets click, pathspec, pyromark, PyYAML, regex and textstat, and whole reports.
TESTS_OF_LIBRARIES = (
    *("tests/test_cli.py", "tests/test_walk.py", "tests/test_config.py", "tests/test_schema.py"),
    *("tests/test_loader.py", "tests/test_examples.py", "tests/test_lowest.py", "tests/checks"),
    *("tests/parsing/test_markdown.py", "tests/parsing/test_front_matter.py", "-m", "not slow"),
)
# Says that the environment is ours: a key, then the extras that are installed.
STAMP = VENV / "medlint-setup.txt"


def demo(arguments: list[str]) -> int:
    """Lint the examples."""
    set_up("")
    return run(PYTHON, "-m", "medlint", *(arguments or ["examples/"]))


def test(arguments: list[str]) -> int:
    """Run all tests."""
    set_up("dev")
    return run(PYTHON, "-m", "pytest", *WORKERS, *arguments)


def lowest(arguments: list[str]) -> int:
    """Run the tests that use the libraries with the oldest of each that pyproject.toml allows."""
    set_up("dev")
    wanted = lowest_versions((ROOT / "pyproject.toml").read_text("utf-8"))
    kept = LOWEST / "medlint-lowest.txt"
    python = LOWEST / PYTHON.relative_to(VENV)
    if not kept.is_file() or kept.read_text("utf-8") != "\n".join(wanted):
        say(f"Setting up {LOWEST} with {', '.join(wanted)}")
        if run(sys.executable, "-m", "venv", "--clear", "--without-pip", LOWEST, output=sys.stderr):
            give_up(f"{LOWEST} could not be made: see above.")
        pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--python", python]
        if run(*pip, "install", "--quiet", *wanted, output=sys.stderr):
            give_up("pip could not install the lowest versions: see above.")
        link_tools(python)
        kept.write_text("\n".join(wanted), "utf-8")
    return run(python, "-m", "pytest", *WORKERS, *(arguments or [*TESTS_OF_LIBRARIES]))


def check(_: list[str]) -> int:
    """Run everything that reads the code without running it; every complaint is shown."""
    set_up("dev")
    codes = [
        run(PYTHON, "-m", "ruff", "check", "."),
        run(PYTHON, "-m", "ruff", "format", "--check", "."),
        run(PYTHON, "-m", "mypy"),
        run(PYTHON, "-m", "mypy", "bench"),
        run(SCRIPTS / ("lint-imports.exe" if os.name == "nt" else "lint-imports")),
        run(PYTHON, "-m", "yamllint", "--strict", "."),
    ]
    return int(any(codes))


def bench(arguments: list[str]) -> int:
    """Time medlint: a few ratios against stored ones, unless arguments ask for something else."""
    set_up("dev")
    return run(PYTHON, "bench/compare.py", *(arguments or ["--short"]))


def docs(_: list[str]) -> int:
    """Write the rule reference, the schemas and the README's sample anew."""
    set_up("dev")
    return run(PYTHON, "docs/generate.py", "docs")


def golden(_: list[str]) -> int:
    """Write the expected reports of the examples anew."""
    set_up("dev")
    return run(PYTHON, "docs/generate.py", "golden")


TASKS = {task.__name__: task for task in (demo, test, lowest, check, bench, docs, golden)}


def set_up(extra: str) -> None:
    """Install the project, editable, with an extra; nothing happens where it is installed."""
    key = setup_key()
    stamped = STAMP.read_text("utf-8").split(",") if STAMP.is_file() else []
    current, extras = stamped[:1] == [key] and PYTHON.exists(), stamped[1:]
    if current and extras and extra in ("", *extras):
        return
    say(f"Setting up {VENV}; the first time takes a minute.")
    if not current:
        extras = []
        make_environment(clear=bool(stamped))
        STAMP.write_text("unfinished", "utf-8")
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if run(*pip, "--editable", target, output=sys.stderr):
        give_up(f"pip could not install {target}: see above; it needs the network or a mirror.")
    STAMP.write_text(",".join([key, *extras, extra]), "utf-8")


def make_environment(*, clear: bool) -> None:
    """Make .venv; one that is not ours is used as it is."""
    if PYTHON.exists() and not clear:
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        give_up(
            f"This Python ({sys.executable}) comes without {' and '.join(missing)}.\n"
            "On Debian and Ubuntu: sudo apt install python3-venv\n"
            "Elsewhere: install Python from python.org or with the package manager."
        )
    if run(sys.executable, "-m", "venv", "--clear", VENV, output=sys.stderr):
        give_up(f"{VENV} could not be made: see above.")


def lowest_versions(project: str) -> list[str]:
    """Return what pyproject.toml asks for at run time and to build, each at its lower bound."""
    import tomllib  # noqa: PLC0415 - an older Python is told first that it is too old

    tables = tomllib.loads(project)
    extras = tables["project"].get("optional-dependencies", {})
    asked = [*tables["project"]["dependencies"], *tables["build-system"]["requires"]]
    asked += [need for name, needs in extras.items() if name != "dev" for need in needs]
    bounds = {need: re.match(r"([\w.-]+)(?:\[[\w,]+\])? *>= *([\w.]+)", need) for need in asked}
    unbound = [need for need, bound in bounds.items() if bound is None]
    if unbound:
        give_up(f"pyproject.toml: say from which version on: {', '.join(unbound)}")
    return sorted({f"{bound[1]}=={bound[2]}" for bound in bounds.values() if bound})


def link_tools(python: Path) -> None:
    """Let an environment see the tools of .venv, and this project, behind its own libraries."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own, tools = (
        subprocess.run([each, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
        for each in (python, PYTHON)
    )
    Path(own, "tools.pth").write_text(f"{tools}\n{ROOT / 'src'}\n", "utf-8")


def setup_key() -> str:
    """Return a hash of what the environment depends on."""
    digest = hashlib.sha256(repr((str(ROOT), sys.version_info[:2])).encode())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def run(*command: object, output: TextIO | None = None) -> int:
    """Run a command in the project's folder and return its exit code."""
    sys.stdout.flush()
    words = list(map(str, command))
    return subprocess.run(words, cwd=ROOT, stdout=output, check=False).returncode  # noqa: S603


def say(text: str) -> None:
    """Tell the user something beside a task's own output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def give_up(text: str) -> NoReturn:
    """End with 2: 1 means findings."""
    say(text)
    sys.exit(2)


def main() -> int:
    """Run the task that the command line names."""
    name, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name in TASKS:
        if sys.version_info < (3, 11):  # noqa: UP036 - it may well be older
            version = ".".join(map(str, sys.version_info[:2]))
            give_up(
                f"medlint needs Python 3.11 or newer; this is {version} ({sys.executable}).\n"
                f"Run the task with a newer one: python3.11 tasks.py {name}"
            )
        return TASKS[name](arguments)
    say((__doc__ or "").strip())
    return 0 if name in ("-h", "--help", "help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
