"""What the tests share: a small ruleset of their own, and short ways to lint with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

from medlint import cli, loader
from medlint.config import Settings
from medlint.engine import Outcome, lint
from medlint.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.rules import Ruleset

# Tests replace parts of medlint; what it finds then must not be remembered, nor the memory used.
os.environ["MEDLINT_NO_CACHE"] = "1"

# A shell has what it starts in the background ignore Ctrl-C, and what that starts as well.
signal.signal(signal.SIGINT, signal.default_int_handler)

FIXTURES = Path(__file__).parent / "fixtures"
# The rulesets that tests made, by their files: compiling takes longer than linting a line.
_MADE: dict[tuple[tuple[str, str], ...], Ruleset] = {}
# How long an example takes depends on what else the machine does; tests of speed measure it.
settings.register_profile("medlint", deadline=None)
settings.load_profile("medlint")


class Lint(Protocol):
    """Lints a text with a ruleset (the small one if none is given)."""

    def __call__(
        self, text: str, ruleset: Ruleset | None = None, *, path: str = "draft.txt", **set_: object
    ) -> Outcome:
        """Lint `text`; keywords are settings."""


class MakeRuleset(Protocol):
    """Compiles rules written in a test, over the small ruleset's lexicon and guards."""

    def __call__(self, rules: str, **files: str) -> Ruleset:
        """Compile `rules`; `guards="..."` and the like replace or add files of that name."""


@pytest.fixture(scope="session")
def small_rulesets() -> Path:
    """Return the folder of the small rulesets, laid out like the shipped one."""
    return FIXTURES / "rulesets"


@pytest.fixture(scope="session")
def small(small_rulesets: Path) -> Ruleset:
    """Return the small ruleset, compiled."""
    return loader.check(small_rulesets / "core")


@pytest.fixture
def make_ruleset(tmp_path: Path, small_rulesets: Path) -> MakeRuleset:
    """Return a function that compiles rules over the small ruleset's other files."""

    def make(rules: str, **files: str) -> Ruleset:
        folder = tmp_path / "made"
        core = small_rulesets / "core"
        kept = [path for path in core.rglob("*.yaml") if path.name != "rules.yaml"]
        contents = {path.relative_to(core).as_posix(): path.read_text("utf-8") for path in kept}
        contents["rules.yaml"] = dedent(rules)
        for name, text in files.items():
            file = "lexicon/things" if name == "lexicon" else name
            contents[f"{file}.yaml"] = dedent(text)
        key = tuple(sorted(contents.items()))
        if key in _MADE:
            return _MADE[key]
        for name, text in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        _MADE[key] = loader.check(folder)
        return _MADE[key]

    return make


@pytest.fixture
def run(small: Ruleset) -> Lint:
    """Return a function that lints a text."""

    def run_(
        text: str, ruleset: Ruleset | None = None, *, path: str = "draft.txt", **set_: object
    ) -> Outcome:
        document = parse(text, path=path)
        return lint(document, ruleset or small, Settings(**set_))  # type: ignore[arg-type]

    return run_


@pytest.fixture
def flag(run: Lint) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that lists (rule, matched words) of what is found in a text."""

    def flag_(
        text: str, ruleset: Ruleset | None = None, *, path: str = "draft.txt", **set_: object
    ) -> list[tuple[str, str]]:
        outcome = run(text, ruleset, path=path, **set_)
        assert (outcome.failures, outcome.unchecked) == ((), None)
        return [(finding.rule, finding.match) for finding in outcome.findings]

    return flag_


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is also the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return a function that gives exit code, output and errors of `medlint check`."""

    def check_(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(("check", *arguments))
        return code, *capsys.readouterr()

    return check_


@pytest.fixture(scope="session")
def mini_folder() -> Path:
    """Return the folder of the three rules that tests of everything around the rules use."""
    return FIXTURES / "mini"


@pytest.fixture(scope="session")
def mini(mini_folder: Path) -> Ruleset:
    """Return those three rules, compiled."""
    return loader.check(mini_folder)
