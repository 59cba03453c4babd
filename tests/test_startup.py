"""What a run imports: no more than it needs, for a cold start is most of its time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"
# What only compiling rules, another format, another output or more than one process takes.
HEAVY = frozenset(
    "click dataclasses inspect"
    " yaml tomllib json pathspec difflib textwrap unicodedata html.parser regex textstat pyromark"
    " rich concurrent.futures multiprocessing importlib.metadata shutil hashlib"
    " medlint.approvals medlint.approvalfile medlint.audit medlint.auditrecords"
    " medlint.building medlint.checking medlint.compiler medlint.concepts medlint.patterns"
    " medlint.rulebook medlint.rulefiles medlint.schema medlint.symbols"
    " medlint.checks.constructions medlint.parsing.html medlint.parsing.markdown"
    " medlint.parsing.docx.reading medlint.parsing.docx.package medlint.reporters.docx.anchors"
    " zipfile xml.parsers.expat"
    " medlint.corpus medlint.evaluate medlint.fixes medlint.reference medlint.testing medlint.trace"
    " medlint.disclosures medlint.review.session medlint.review.desk readline"
    " medlint.reporters.disclosures medlint.reporters.html_report.markup"
    " medlint.reporters.json_report medlint.reporters.sarif"
    " starlette uvicorn asyncio medlint.web.desk".split()
)
RULES = """
- id: sought
  category: hype
  check: {type: phrase, any: [gold]}
  message: "“{match}”"
"""


def imported(folder: Path, *arguments: str) -> tuple[int, frozenset[str]]:
    """Run a command line in a process of its own; return its exit code and what it imported."""
    code = (
        "import sys; from medlint.cli import run; code = run(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "MEDLINT_CACHE_DIR": str(folder / "cache")},
    )
    return done.returncode, frozenset(done.stderr.split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a draft and a small ruleset."""
    (tmp_path / "draft.txt").write_text("The gold standard.\n", "utf-8")
    own = tmp_path / "own"
    own.mkdir()
    (own / "ruleset.yaml").write_text('name: own\nversion: "1"\n', "utf-8")
    (own / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def test_linting_imports_nothing_heavy(folder: Path) -> None:
    """With compiled rules at hand, a run imports what a plain draft and plain output take."""
    arguments = ("draft.txt", "--no-config", "--ruleset", "own")
    first, compiling = imported(folder, *arguments)
    assert (first, compiling >= {"yaml", "medlint.compiler"}) == (1, True)
    second, linting = imported(folder, *arguments)
    assert (second, linting & HEAVY) == (1, frozenset())


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_loads_no_engine(folder: Path, argument: str) -> None:
    """Help and version come from the command line alone."""
    code, modules = imported(folder, argument)
    ours = {name for name in modules if name.startswith("medlint")}
    commands = {"medlint.commands", "medlint.commands.group", "medlint.commands.shortcut"}
    assert (code, ours) == (0, {"medlint", "medlint.cli", "medlint.errors", *commands})


def test_every_heavy_module_is_one() -> None:
    """The list names no module of ours that is gone."""
    ours = {name for name in HEAVY if name.startswith("medlint.")}
    files = {SOURCES.joinpath(*name.split(".")).with_suffix(".py") for name in ours}
    assert {str(path) for path in files if not path.is_file()} == set()
