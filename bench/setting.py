"""The place where benchmarks run: drafts, settings and caches of their own, in one folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from measuring import Program

ROOT = Path(__file__).resolve().parents[1]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of every program: caches go to the folder, and no colours.

    Compiled Python is kept there too, whatever the user's settings: users do not compile each time.
    """
    if not hasattr(os, "wait4"):
        sys.exit("These benchmarks need a POSIX system: processor time is asked of wait4.")
    own = {
        "MEDLINT_CACHE_DIR": str(folder / "cache"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return {**os.environ, **own, "PYTHONPATH": str(ROOT / "src")}


def medlint(name: str, *arguments: str, codes: frozenset[int] = frozenset({0, 1})) -> Program:
    """Return medlint, as it stands in this checkout, to be given files."""
    words = (*command(), "check", "--no-config", *arguments)
    return Program(name=name, words=words, codes=codes)


def command() -> tuple[str, ...]:
    """Return how medlint is started: by its script, where this Python has one."""
    script = shutil.which("medlint", path=str(Path(sys.executable).parent))
    return (script,) if script else (sys.executable, "-m", "medlint")


def has_run_cache(folder: Path) -> bool:
    """Tell whether medlint remembers reports of drafts that have not changed."""
    done = subprocess.run(  # noqa: S603
        [*command(), "check", "--help"],
        capture_output=True,
        text=True,
        env=environment(folder),
        check=True,
    )
    return "--no-cache" in done.stdout
