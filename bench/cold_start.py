"""Times one 6 KB draft from an empty process, beside bare Python and other prose linters.

    python bench/cold_start.py [--runs 15]

The programs run in turn, so that a machine that slows down slows all of them; the figures are
medians. Other linters are timed if they are on the PATH; they run their own rules, so they are a
yardstick for speed and no equal load.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

SIZE = 6_000
PEERS = {
    "proselint": ("check",),
    "codespell": (),
    "write-good": (),
    "vale": (),
}
_OPENINGS = ("At our clinic", "For many people", "After the first visit", "In most cases")
_SUBJECTS = ("our laser therapy", "a course of injections", "this programme", "the treatment")
_VERBS = ("relieves", "improves", "is said to help with", "has not been shown to change")
_OBJECTS = ("knee pain", "sleep and energy", "the look of scars", "stiff shoulders")
_ENDINGS = ("", " within weeks", ", as our patients tell us", ", and a nurse explains the risks")


def main() -> None:
    """Time every program and print how they compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with TemporaryDirectory() as folder:
        draft = Path(folder, "one.md")
        draft.write_text(text(SIZE), "utf-8")
        commands = found(draft)
        times = measured(commands, runs, folder)
    bare = times["python -I -c pass"]
    sys.stdout.write(f"{draft.name}: {SIZE} bytes; medians of {runs} runs in turn\n\n")
    sys.stdout.write(f"{'':<28}{'ms':>8}{'x bare':>9}{'medlint is':>12}\n")
    for name, taken in times.items():
        against = times["medlint one.md"] / taken
        sys.stdout.write(f"{name:<28}{taken * 1000:>8.0f}{taken / bare:>9.1f}{against:>11.2f}x\n")


def text(size: int) -> str:
    """Return a Markdown draft of about this many bytes, always the same."""
    chance = random.Random(7)  # noqa: S311 - the draft should be the same at every run
    parts = ["# A new way to feel well\n"]
    while sum(map(len, parts)) < size:
        if chance.random() < 0.15:  # noqa: PLR2004 - a heading and a list now and then
            parts.append(f"\n## {chance.choice(_SUBJECTS).capitalize()}\n\n")
            parts += [f"- Relief from {chance.choice(_OBJECTS)}\n" for _ in range(3)]
            parts.append("\n")
        sentence = (
            f"{chance.choice(_OPENINGS)}, {chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} "
            f"{chance.choice(_OBJECTS)}{chance.choice(_ENDINGS)}.\n"
        )
        parts.append(sentence)
    return "".join(parts)[:size]


def found(draft: Path) -> dict[str, list[str]]:
    """Return the commands to time, by name."""
    script = shutil.which("medlint", path=str(Path(sys.executable).parent))
    medlint = [script] if script else [sys.executable, "-m", "medlint"]
    commands = {
        "python -I -c pass": [sys.executable, "-I", "-c", "pass"],
        "python -I -c 'import click'": [sys.executable, "-I", "-c", "import click"],
        "medlint one.md": [*medlint, str(draft)],
    }
    for name, arguments in PEERS.items():
        program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
        if program:
            commands[f"{name} one.md"] = [program, *arguments, str(draft)]
    return commands


def measured(commands: dict[str, list[str]], runs: int, folder: str) -> dict[str, float]:
    """Return the median time of each command, run in turn; the first round warms up."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            start = perf_counter()
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603
            times[name].append(perf_counter() - start)
            # medlint has something to say about this draft; silence would be a failed start.
            silent = name.startswith("medlint") and not done.stdout
            if done.returncode not in (0, 1) or silent:
                sys.exit(f"{name} failed: {done.stderr.decode('utf-8', 'replace')}")
    return {name: median(taken[1:]) for name, taken in times.items()}


if __name__ == "__main__":
    main()
