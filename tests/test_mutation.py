"""The mutation tests' own tables and what counts as a change."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def mutation() -> dict[str, Any]:
    """Return the names of the script."""
    return runpy.run_path(str(HERE / "mutation" / "run.py"), run_name="mutation")


def test_every_module_and_test_is_there(mutation: dict[str, Any]) -> None:
    """A renamed file would otherwise leave its mutants to fewer tests."""
    root, place = mutation["ROOT"], mutation["place"]
    named = [place(root, module) for module in mutation["TESTS"]]
    named += [root / test for tests in mutation["TESTS"].values() for test in tests]
    assert [path for path in named if not path.exists()] == []


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("def f(a: str) -> int:\n    return 1\n", True),
        ("def f(a: int | None = None) -> str:\n    return 1\n", False),
        ("def f(a):\n    return 2\n", False),
        ("def f(a):\n    return 1  # why\n", True),
        ("if TYPE_CHECKING:\n    import x\n\ndef f(a):\n    return 1\n", True),
        ("def f(a:\n", False),
    ],
)
def test_what_never_runs_is_no_change(mutation: dict[str, Any], source: str, *, same: bool) -> None:
    """Annotations, comments and imports for types leave a module as it is."""
    meaning = mutation["meaning"]
    assert (meaning(source) == meaning("def f(a):\n    return 1\n")) is same
