"""Shows how much memory medlint takes: many posts, long texts, one endless line.

    python bench/memory.py [--posts N] [--plain MB] [--line MB]

The drafts are made up and the same at every run. The figures are those of the largest process, its
start included; rules are compiled before, as they are in the wheel. With the usual sizes it takes
some ten minutes of one processor.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import corpora
from measuring import run
from setting import environment, medlint
from showing import Table

_SPARSE = "sparse"


def main() -> None:
    """Run what the command line asks for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=1000, help="Markdown posts of 6 KB")
    parser.add_argument("--plain", type=float, default=5.0, help="MB of plain text")
    parser.add_argument("--line", type=float, default=10.0, help="MB without a line end")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="medlint-memory-") as name:
        folder = Path(name)
        rows = [_row(*case, folder) for case in _cases(folder, given)]
    headings = ("", "MB of text", "s of processor", "memory, MB")
    sys.stdout.write(Table("Memory", headings, tuple(rows)).markdown())


def _cases(
    folder: Path, given: argparse.Namespace
) -> list[tuple[str, list[Path], tuple[str, ...]]]:
    """Write the drafts; return what to run on which, each with its name."""
    one = corpora.write_posts(folder / "one", "dense", 1)
    posts = corpora.write_posts(folder / "posts", "dense", given.posts)
    size = int(given.plain * corpora.MEGABYTE)
    dense = corpora.write_plain(folder / "dense.txt", "dense", size)
    sparse = corpora.write_plain(folder / "sparse.txt", _SPARSE, size)
    line = folder / "line.txt"
    # Piece by piece: a process begins with the memory of the one that starts it.
    with line.open("w", encoding="utf-8") as file:
        pieces = corpora.plain(_SPARSE, int(given.line * corpora.MEGABYTE))
        file.writelines(piece.replace("\n\n", " ") for piece in pieces)
    # Rules are compiled with the first run.
    run(
        replace(medlint("start"), words=(*medlint("").words, str(one[0]))),
        folder,
        environment(folder),
    )
    fresh = ("--jobs", "1", "--no-cache")
    return [
        ("one post", one, fresh),
        (f"{given.posts:,} posts, dense", posts, fresh),
        ("the same, as JSON", posts, (*fresh, "--format", "json")),
        ("the same, remembered as well", posts, ("--jobs", "1")),
        ("the same, two processes", posts, ("--jobs", "2", "--no-cache")),
        ("plain text, dense", [dense], fresh),
        ("plain text, sparse", [sparse], fresh),
        ("one line, sparse", [line], fresh),
    ]


def _row(name: str, paths: list[Path], arguments: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    own = medlint(name, *arguments)
    words = (*own.words, *map(str, paths if len(paths) == 1 else [paths[0].parent]))
    taken = run(replace(own, words=words), folder, environment(folder))
    size = sum(path.stat().st_size for path in paths) / corpora.MEGABYTE
    return name, f"{size:,.2f}", f"{taken.cpu:,.1f}", f"{taken.peak / corpora.MEGABYTE:,.0f}"


if __name__ == "__main__":
    main()
