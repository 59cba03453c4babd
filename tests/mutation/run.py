"""Tests the tests: changes a module a little, many times, and counts how often a test notices.

    pip install cosmic-ray
    python tests/mutation/run.py                      # 60 mutants of each module
    python tests/mutation/run.py --count 20 engine    # fewer, of one module

The mutants are cosmic-ray's, drawn at random with a fixed seed; one that changes nothing that runs
(an annotation, say) is not drawn. Each is put in a copy of the sources and tested in a process
forked from one that has imported what the tests need but medlint itself, so that a mutant takes a
second or two. Of the tests named below, those run that reach the changed function: those of the
module's own file, then of each file the quickest that reach the changed line first. So "survived"
means that these did not notice; another test may.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import importlib
import json
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
_CHECKS = "tests/checks"
_VALUES = "tests/test_document.py"
_PARSING = (
    *(
        "tests/parsing/test_plain.py",
        "tests/parsing/test_markdown.py",
        "tests/parsing/test_html.py",
    ),
    *("tests/parsing/test_formats.py", "tests/parsing/test_sentences.py"),
)
# The modules, and the quick tests that are to notice.
TESTS: dict[str, tuple[str, ...]] = {
    "engine": (
        *("tests/test_stages.py", "tests/test_engine.py", "tests/test_guards.py"),
        *("tests/test_register.py", "tests/test_reading.py", "tests/test_suppress.py"),
        *("tests/test_language.py", _CHECKS),
        *("tests/test_trace.py", _VALUES),
    ),
    "reading": ("tests/test_reading.py", "tests/test_engine.py", "tests/test_guards.py", _CHECKS),
    "guards": (
        *("tests/test_guards.py", "tests/test_stages.py", "tests/test_engine.py"),
        *("tests/test_trace.py", _CHECKS, _VALUES),
    ),
    "matcher": (
        *("tests/test_matcher.py", "tests/test_engine.py", "tests/test_patterns.py"),
        *(_CHECKS, _VALUES),
    ),
    "results": (
        *("tests/test_results.py", "tests/test_engine.py", "tests/test_stages.py"),
        *(_CHECKS, _VALUES),
    ),
    "register": ("tests/test_register.py", "tests/test_stages.py", "tests/test_engine.py", _VALUES),
    "tagging": (
        *("tests/test_matcher.py", "tests/test_reading.py", "tests/test_guards.py"),
        *("tests/test_engine.py", _CHECKS, _VALUES),
    ),
    "checks/requires": ("tests/checks/test_requires.py", "tests/test_stages.py", _CHECKS),
    "checks/near": ("tests/checks/test_near.py", "tests/test_stages.py", _CHECKS),
    "checks/score": ("tests/checks/test_score.py", "tests/test_stages.py", _CHECKS),
    "checks/duplicate_items": ("tests/checks/test_duplicate_items.py", _CHECKS),
    "findings": (
        *("tests/test_results.py", "tests/test_approvals.py", "tests/test_engine.py", _VALUES),
    ),
    "patterns": (
        "tests/test_patterns.py",
        "tests/test_matcher.py",
        "tests/test_loader.py",
        _VALUES,
    ),
    "compiler": (
        *("tests/test_matcher.py", "tests/test_patterns.py", "tests/test_loader.py"),
        *("tests/test_rule_limits.py", "tests/test_guards.py", "tests/test_engine.py"),
    ),
    "document": (_VALUES, *_PARSING, "tests/test_engine.py", _CHECKS),
    "parsing/builder": ("tests/parsing/test_builder.py", *_PARSING),
    "parsing/normalise": ("tests/parsing/test_normalise.py", *_PARSING),
    "parsing/lines": ("tests/parsing/test_plain.py", "tests/parsing/test_builder.py", *_PARSING),
    "parsing/sentences": ("tests/parsing/test_sentences.py", *_PARSING),
    "parsing/tokens": ("tests/parsing/test_tokens.py", "tests/test_matcher.py", _VALUES),
    "parsing/clauses": (
        *("tests/parsing/test_clauses.py", "tests/test_guards.py", "tests/test_matcher.py"),
    ),
    "fixes": ("tests/test_fixes.py", "tests/test_blanks.py", _VALUES),
    "blanks": ("tests/test_blanks.py", "tests/test_fixes.py", _VALUES),
    "suppress": ("tests/test_suppress.py", "tests/test_engine.py", _VALUES),
}
# A mutant that takes longer than the unchanged module, by this factor and these seconds more,
# hangs, which counts as noticed.
PATIENCE = 6
SECONDS_MORE = 20.0
MOST_TESTS = 120
SLOW = 1.0
_IMPORTED_FIRST = (
    "pytest hypothesis hypothesis.strategies hypothesis.extra.pytestplugin yaml regex pyromark"
    " click pathspec textstat jsonschema"
)
_CAUGHT, _SURVIVED, _HUNG, _BROKEN = "caught", "survived", "hung", "broken"


@dataclass(frozen=True)
class Mutant:
    """A change to a module: which operator made it, where, and the source that it gives."""

    module: str
    operator: str
    occurrence: int
    source: str


@dataclass(frozen=True)
class Verdict:
    """What the tests said of a mutant."""

    module: str
    operator: str
    occurrence: int
    outcome: str
    seconds: float
    diff: str


def sample(module: str, count: int, seed: int) -> list[Mutant]:
    """Draw mutants of a module at random, each another source that means something else."""
    from cosmic_ray.mutating import MutationVisitor  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator  # noqa: PLC0415

    source = place(ROOT, module).read_text("utf-8")
    candidates = list(_candidates(source))
    random.Random(f"{seed} {module}").shuffle(candidates)  # noqa: S311
    # What is no Python any more means "".
    known = {meaning(source), ""}
    places: set[tuple[str, int]] = set()
    drawn: list[Mutant] = []
    for name, occurrence in candidates:
        # One operator is replaced by one other: "+" by "-", not by ten more that fail at once.
        changed_place = (name.rsplit("_", 1)[0], occurrence)
        if len(drawn) == count:
            break
        if changed_place in places:
            continue
        changed = MutationVisitor.mutate_code(source, get_operator(name)(), occurrence)
        if changed is not None and (found := meaning(changed)) not in known:
            known.add(found)
            places.add(changed_place)
            drawn.append(Mutant(module, name, occurrence, changed))
    return drawn


def _candidates(source: str) -> Iterator[tuple[str, int]]:
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415
    from cosmic_ray.plugins import get_operator, operator_names  # noqa: PLC0415

    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        if "Variable" in name:  # these need to be told which variable
            continue
        operator = get_operator(name)()
        places = sum(1 for node in nodes for _ in operator.mutation_positions(node))
        yield from ((name, occurrence) for occurrence in range(places))


def meaning(source: str) -> str:
    """Return what of a module runs: no annotations, no imports for types only, no docstrings."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    return ast.dump(_Running().visit(tree))


class _Running(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        # "not" before it only imports more.
        test = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)


def place(root: Path, module: str) -> Path:
    """Return where a module stands in a checkout or a copy of it."""
    return root / "src" / "medlint" / f"{module}.py"


def copy(folder: Path) -> Path:
    """Make a copy of the sources that mutants can be put in; the rules are the checkout's."""
    shutil.copytree(
        ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    for name in ("rulesets", "docs", "examples", "tests"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for compiled in ("src", "tests"):
        compileall.compile_dir(folder / compiled, quiet=2)
    return folder


@dataclass(frozen=True)
class Test:
    """A test: its file and id, how long it takes, and which lines of the module it runs."""

    file: str
    id: str
    seconds: float
    lines: frozenset[int]


class Watcher:
    """A pytest plug-in that notes what each test runs of a module."""

    def __init__(self, module: Path) -> None:
        """Watch a file."""
        self.tests: list[Test] = []
        self._module = str(module)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Run a test, watched."""
        lines: set[int] = set()

        def note(frame: FrameType, event: str, _: object) -> Any:
            if event == "line":
                lines.add(frame.f_lineno)
            return note

        def enter(frame: FrameType, *_: object) -> Any:
            return note if frame.f_code.co_filename == self._module else None

        started = time.monotonic()
        sys.settrace(enter)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            file, _, _ = item.nodeid.partition("::")
            seconds = time.monotonic() - started
            self.tests.append(Test(file, item.nodeid, seconds, frozenset(lines)))


class Chooser:
    """A pytest plug-in that runs some tests in a given order."""

    def __init__(self, tests: list[Test]) -> None:
        """Run these tests only."""
        self._order = {test.id: number for number, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the others out."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._order),
            key=lambda item: self._order[item.nodeid],
        )


def watched(folder: Path, module: str) -> list[Test]:
    """Run a module's tests unchanged; return what each runs of it, or nothing if one fails."""
    kept = folder / "tests.pickle"
    kept.unlink(missing_ok=True)

    def run() -> int:
        watcher = Watcher(place(folder, module))
        code = _in_child(folder, present(TESTS[module]), [watcher])
        if code == 0:
            kept.write_bytes(pickle.dumps(watcher.tests))
        return code

    forked(run, 1_200.0)
    return pickle.loads(kept.read_bytes()) if kept.exists() else []  # noqa: S301 - just written


def chosen(mutant: Mutant, original: str, tests: list[Test]) -> list[Test]:
    """Return the tests that may notice a mutant, the likeliest and quickest first."""
    old, new = original.splitlines(), mutant.source.splitlines()
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = {
        line + 1
        for tag, first, last, _, _ in blocks
        if tag != "equal"
        for line in range(first, max(last, first + 1))
    }
    around = set(changed)
    for node in ast.walk(ast.parse(original)):
        if isinstance(node, ast.FunctionDef):
            inside = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            # Decorators, defaults and the module's own lines run at import: any test may notice.
            body = set(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
            if changed <= inside and changed & body:
                around = inside
    reaching = [test for test in tests if test.lines & around] or tests
    reaching.sort(key=lambda test: (not test.lines & changed, test.seconds))
    # The quickest of each file first, for a file is about something of its own; but all of the
    # module's own file, unless they are slow.
    own = TESTS[mutant.module][0]
    ordinal: Counter[str] = Counter()
    turns: list[tuple[int, Test]] = []
    for test in reaching:
        is_first = test.file == own and test.seconds < SLOW
        turns.append((0 if is_first else ordinal[test.file], test))
        ordinal[test.file] += 1
    turns.sort(key=lambda turn: turn[0])
    return [test for _, test in turns]


def judge(mutant: Mutant, folder: Path, tests: list[Test]) -> Verdict:
    """Run the tests that reach a mutant."""
    original = place(ROOT, mutant.module).read_text("utf-8")
    target = place(folder, mutant.module)
    target.write_text(mutant.source, "utf-8")
    started = time.monotonic()
    able = chosen(mutant, original, tests)
    outcome = _SURVIVED
    # What the likeliest do not notice meets the others too.
    for some in (able[:MOST_TESTS], able[MOST_TESTS:]):
        if some and outcome == _SURVIVED:
            outcome = _met(folder, some)
    target.write_text(original, "utf-8")
    lines = difflib.unified_diff(
        original.splitlines(), mutant.source.splitlines(), lineterm="", n=0
    )
    diff = "\n".join(line for line in lines if not line.startswith(("---", "+++")))
    seconds = round(time.monotonic() - started, 1)
    return Verdict(mutant.module, mutant.operator, mutant.occurrence, outcome, seconds, diff)


def present(tests: tuple[str, ...]) -> list[str]:
    """Return the test files that there are."""
    return [test for test in tests if (ROOT / test).exists()]


def _met(folder: Path, tests: list[Test]) -> str:
    """Run tests on the mutant in a folder; return what became of it."""
    files = list(dict.fromkeys(test.file for test in tests))
    longest = PATIENCE * sum(test.seconds for test in tests) + SECONDS_MORE
    return forked(lambda: _in_child(folder, files, [Chooser(tests)]), longest)


def forked(work: Callable[[], int], longest: float) -> str:
    """Do something in a forked process; tell by its exit code what became of a mutant."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            code = work()
        except BaseException:  # noqa: BLE001 - a mutant may break anything
            code = 1
        os._exit(code)
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            # 5: nothing was collected, which says nothing of the mutant.
            return {0: _SURVIVED, 5: _BROKEN}.get(code, _CAUGHT)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return _HUNG


def _in_child(folder: Path, tests: list[str], plugins: list[object]) -> int:
    os.chdir(folder)
    # A fixed hash seed cannot be set any more; the tests do not depend on it.
    os.environ["MEDLINT_CACHE_DIR"] = str(folder / "cache")
    os.environ["PYTHONPATH"] = str(folder / "src")
    sys.path[:] = [str(folder / "src"), *(p for p in sys.path if not p.startswith(str(ROOT)))]
    sys.dont_write_bytecode = True
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(null, stream)
    options = ["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", "--assert=plain"]
    return int(pytest.main([*options, "--hypothesis-seed=1", *tests], plugins=plugins))


@cache
def _prepared() -> None:
    for name in _IMPORTED_FIRST.split():
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def main() -> int:
    """Judge mutants of each module, and print how many were noticed and which were not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("modules", nargs="*", default=list(TESTS), help=", ".join(TESTS))
    parser.add_argument("--count", type=int, default=60, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--output", type=Path, help="a file for all verdicts, as JSON lines")
    parser.add_argument("--again", type=Path, help="only what survived by such a file")
    asked = parser.parse_args()
    if unknown := set(asked.modules) - TESTS.keys():
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    again = survivors_of(asked.again) if asked.again else None
    _prepared()
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(asked.jobs) as pool:
        folders: Queue[Path] = Queue()
        for number in range(asked.jobs):
            folders.put(copy(Path(temporary) / str(number)))

        def judged(mutant: Mutant, tests: list[Test]) -> Verdict:
            folder = folders.get()
            try:
                verdict = judge(mutant, folder, tests)
            finally:
                folders.put(folder)
            if asked.output:
                with asked.output.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(verdict)) + "\n")
            return verdict

        for module in asked.modules:
            unchanged = folders.get()
            tests = watched(unchanged, module)
            folders.put(unchanged)
            if not tests:
                say(f"{module}: its tests fail without any change; run them first")
                return 2
            drawn = [
                mutant
                for mutant in sample(module, asked.count, asked.seed)
                if again is None or (module, mutant.operator, mutant.occurrence) in again
            ]
            report(module, list(pool.map(judged, drawn, [tests] * len(drawn))))
    return 0


def survivors_of(path: Path) -> set[tuple[str, str, int]]:
    """Return which mutants survived an earlier run."""
    verdicts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {
        (verdict["module"], verdict["operator"], verdict["occurrence"])
        for verdict in verdicts
        if verdict["outcome"] == _SURVIVED
    }


def report(module: str, verdicts: list[Verdict]) -> None:
    """Print how a module's mutants fared."""
    survivors = [verdict for verdict in verdicts if verdict.outcome == _SURVIVED]
    caught = len(verdicts) - len(survivors)
    say(f"{module}: {caught} of {len(verdicts)} caught ({caught / max(1, len(verdicts)):.0%})")
    for verdict in survivors:
        say(f"  survived: {verdict.operator} {verdict.occurrence}\n{verdict.diff}\n")


def say(text: str) -> None:
    """Print at once, for a run takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
