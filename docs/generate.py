"""Writes generated files anew, or tells which are stale: `generate.py docs|golden [--check]`.

docs: the rule reference, the comparison of jurisdictions, the schemas of rule files, the README's
    sample of output, and a sample of the report in HTML.
golden: what `medlint` says about the drafts in examples/.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from medlint import batch, loader, reference
from medlint.api import Linters, Options
from medlint.reporters import View, html_report, json_report
from medlint.walk import suffixes

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
# The name ends in no suffix that medlint reads, or the examples' report would be linted too.
REPORT = EXAMPLES / "expected.out"
SAMPLE_DRAFT = "examples/knee-post.txt"
SAMPLE_OPTIONS = ("--select", "cure,duplicate-item")
HTML_SAMPLE = ROOT / "docs/sample-report.html"
HTML_DRAFTS = ("examples/knee-post.txt", "examples/migraine-leaflet.txt")
_SAMPLE = re.compile(r"(?<=<!-- sample -->\n).*?(?=<!-- /sample -->)", re.DOTALL)
_COLORS = re.compile(r"\x1b\[[\d;]*m")


def docs() -> dict[Path, str]:
    """Return the generated documentation: paths with what should stand there."""
    ruleset = loader.load(loader.shipped())
    views = {name: loader.load((name,)) for name in ("core", *loader.jurisdictions())}
    pages = {
        **reference.pages(ruleset, views),
        "jurisdictions.md": reference.jurisdictions(ruleset, views),
    }
    files = {ROOT / "docs/rules" / name: text for name, text in pages.items()}
    files |= {ROOT / "docs/schema" / name: text for name, text in reference.schemas().items()}
    readme = ROOT / "README.md"
    files[readme] = _SAMPLE.sub(lambda _: sample(), readme.read_text("utf-8"))
    files[HTML_SAMPLE] = html_sample()
    return files


def golden() -> dict[Path, str]:
    """Return the examples' expected reports: paths with what should stand there."""
    files = {golden_path(draft): json_text(draft) for draft in drafts()}
    files[REPORT] = medlint("examples/")
    return files


def drafts() -> list[Path]:
    """Return the example drafts."""
    return sorted(path for path in EXAMPLES.iterdir() if path.suffix in suffixes())


def golden_path(draft: Path) -> Path:
    """Return where a draft's expected report stands."""
    return draft.with_name(f"{draft.name}.json")


def json_text(draft: Path) -> str:
    """Return what `medlint --format json` says about a draft."""
    shown = draft.relative_to(ROOT).as_posix()
    with contextlib.chdir(ROOT):
        job = batch.Job(options=Options())
        result = batch.gather(batch.run(job, [shown], linters=LINTERS))
    return json_report.render(result.report, View())


def sample() -> str:
    """Return the README's sample: a draft, and what a terminal shows for it."""
    shown = medlint(*SAMPLE_OPTIONS, "--color", "always", SAMPLE_DRAFT, columns="92")
    command = " ".join(("medlint", *SAMPLE_OPTIONS, SAMPLE_DRAFT))
    text = f"$ {command}\n{_COLORS.sub('', shown)}"
    return f"```console\n{text.rstrip()}\n```\n"


def html_sample() -> str:
    """Return the report of two example drafts as a page, of a day that does not change."""
    with contextlib.chdir(ROOT):
        job = batch.Job(options=Options(), whole=True)
        report = batch.gather(batch.run(job, HTML_DRAFTS, linters=LINTERS)).report
        setups = batch.setups(report, LINTERS)
    return html_report.render(report, View(today=date(2026, 1, 1), setups=setups))


def medlint(*arguments: str, columns: str = "80") -> str:
    """Run the command line in the project's folder; 1 (findings) is as good as 0."""
    environment = {**os.environ, "COLUMNS": columns, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "medlint", *arguments]
    done = subprocess.run(  # noqa: S603 - our own command line
        command, cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def stale(files: dict[Path, str]) -> list[Path]:
    """Return the files that should be other than they are, with those that should not be."""
    wrong = [path for path, text in files.items() if _read(path) != text]
    folders = {path.parent for path in files if path.suffix in {".md", ".json"}}
    folders -= {ROOT, ROOT / "docs/schema"}
    surplus = (
        path
        for folder in sorted(folders)
        for path in sorted(folder.glob("*.json" if folder == EXAMPLES else "*.md"))
        if path not in files
    )
    return [*wrong, *surplus]


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def _write(files: dict[Path, str]) -> None:
    for path in stale(files):
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path].encode("utf-8"))
        else:
            path.unlink()
        sys.stdout.write(f"{path.relative_to(ROOT).as_posix()}\n")


LINTERS = Linters(Options())


def main() -> int:
    """Run a command line."""
    kinds = {"docs": docs, "golden": golden}
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in kinds or arguments[1:] not in ([], ["--check"]):
        sys.exit((__doc__ or "").strip())
    files = kinds[arguments[0]]()
    if not arguments[1:]:
        _write(files)
        return 0
    wrong = stale(files)
    for path in wrong:
        name = path.relative_to(ROOT).as_posix()
        sys.stderr.write(f"{name} is stale; run: python3 tasks.py {arguments[0]}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
