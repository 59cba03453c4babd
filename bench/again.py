"""Times a folder of posts checked afresh and checked again, with one process and with two.

    python bench/again.py [--posts 1000] [--size 6000]

The posts are made up, and the same at every run. Processor time is what repeats best on a machine
that does other things too; the wall clock is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).parents[1]
_OPENINGS = ("At our clinic", "For many people", "After the first visit", "By the third week")
_SUBJECTS = ("our laser therapy", "a course of injections", "stem cell therapy", "the leaflet")
_VERBS = ("relieves", "is said to help with", "has not been shown to change", "explains", "cures")
_OBJECTS = ("knee pain", "sleep and energy", "hair loss", "what to bring on the day", "arthritis")
_ENDINGS = ("", ", as our patients tell us", ", although bleeding can occur", ", without surgery")
_PLAIN = (
    "Parking is behind the house, and the lift stops on every floor.",
    "Talk to your doctor before you stop any medicine.",
    "Book your appointment today.",
    "Results differ from one person to another.",
)
_CLAIMS = 0.5


def main() -> None:
    """Make the posts, check them in each way, and print what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--size", type=int, default=6_000)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        posts, cache = Path(folder, "posts"), Path(folder, "cache")
        posts.mkdir()
        for number in range(arguments.posts):
            (posts / f"{number:05}.md").write_text(post(number, arguments.size), "utf-8")
        # Rules are compiled once for all.
        run(posts / "00000.md", cache, 1, "--no-cache")
        sys.stdout.write(f"{arguments.posts} posts of {arguments.size} bytes\n\n")
        sys.stdout.write(f"{'':<24}{'wall s':>10}{'cpu s':>10}{'ratio':>8}\n")
        for jobs in (1, 2):
            first = run(posts, cache, jobs, "--no-cache")
            written = run(posts, cache, jobs)
            again = min(run(posts, cache, jobs) for _ in range(3))
            for name, times in (("afresh", first), ("written", written), ("again", again)):
                ratio = first[1] / times[1]
                sys.stdout.write(
                    f"{f'{name}, {jobs} process(es)':<24}{times[0]:>10.2f}{times[1]:>10.2f}"
                    f"{ratio:>8.1f}\n"
                )
            for path in cache.glob("reports-*/*/*"):
                path.unlink()


def post(number: int, size: int) -> str:
    """Return a Markdown post of about this many bytes, always the same for a number."""
    chance = random.Random(number)  # noqa: S311 - the same posts at every run
    parts = [f"# A new way to feel well, part {number}\n\n"]
    while sum(map(len, parts)) < size:
        draw = chance.random()
        if draw < 0.08:  # noqa: PLR2004 - a heading and a list now and then
            parts.append(f"\n\n## {chance.choice(_SUBJECTS).capitalize()}\n\n")
            parts += [f"- Relief from *{chance.choice(_OBJECTS)}*\n" for _ in range(3)]
            parts.append("\n")
        elif draw < _CLAIMS:
            parts.append(f"{chance.choice(_PLAIN)} ")
        else:
            parts.append(
                f"{chance.choice(_OPENINGS)}, {chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} "
                f"{chance.choice(_OBJECTS)}{chance.choice(_ENDINGS)} in {chance.randrange(2, 99)} "
                "weeks.\n"
            )
    return "".join(parts)[:size]


def run(drafts: Path, cache: Path, jobs: int, *options: str) -> tuple[float, float]:
    """Check drafts in a process of its own; return seconds by the clock and of processors."""
    environment = {**os.environ, "MEDLINT_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("MEDLINT_NO_CACHE", None)
    start, before = perf_counter(), os.times()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "medlint", str(drafts), "--jobs", str(jobs), *options],
        env=environment,
        capture_output=True,
        check=False,
    )
    after = os.times()
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode("utf-8", "replace"))
    used = after.children_user + after.children_system
    return perf_counter() - start, used - before.children_user - before.children_system


if __name__ == "__main__":
    main()
