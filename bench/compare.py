"""Times medlint beside other linters of prose, on drafts made up for it.

    python bench/compare.py                  print the tables
    python bench/compare.py --write          and write docs/benchmarks.md and docs/benchmarks.svg
    python bench/compare.py --short          a few ratios against bench/baseline.json, for CI
    python bench/compare.py --short --update store those ratios

Peers are used if they are on the PATH or beside this Python: proselint, codespell, write-good,
textlint (with textlint-rule-write-good), alex, harper, Vale. Processor time is what counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pages
import ratios
import sections
from setting import ROOT

PAGE = ROOT / "docs/benchmarks.md"
PICTURE = ROOT / "docs/benchmarks.svg"


def main() -> int:
    """Run the benchmarks that the options ask for; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000, help="posts of 6 KB (1000)")
    parser.add_argument("--plain", type=float, default=5.0, help="plain text, in MB (5)")
    parser.add_argument("--big", action="store_true", help="50 MB of plain text")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program (3)")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for a peer's run (10)")
    parser.add_argument("--write", action="store_true", help="write the page and the picture")
    parser.add_argument(
        "--short", action="store_true", help="compare a few ratios with stored ones"
    )
    parser.add_argument("--update", action="store_true", help="with --short: store them")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if given.short:
            return ratios.check(folder, update=given.update)
        size = sections.Size(
            posts=given.posts,
            plain=round((50 if given.big else given.plain) * 1e6),
            runs=given.runs,
            budget=given.budget,
        )
        results = sections.Bench(folder, size).results()
    sys.stdout.write("\n".join(table.text() for table in pages.tables(results)))
    if given.write:
        PAGE.write_text(pages.page(results), "utf-8")
        PICTURE.write_text(pages.picture(results), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
