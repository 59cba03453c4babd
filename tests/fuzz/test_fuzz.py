"""The fuzzers' targets on what they once failed on, on their seeds, and on some random bytes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import fuzz_targets
import pytest
from fuzz_seeds import _WORDS, FOUND, dictionary, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = [path for path in sorted(FOUND.glob("*/*")) if path.is_file()]
# A minute of tracing finds more in these than random bytes do.
QUICK = sorted(set(fuzz_targets.TARGETS) - {"command", "docx-package"})


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_failed_once(case: Path) -> None:
    """An input that a fuzzer found does no harm any more."""
    fuzz_targets.run(case.parent.name, case.read_bytes())


@pytest.mark.parametrize("name", fuzz_targets.TARGETS)
def test_seeds_pass(name: str) -> None:
    """Every target takes what the fuzzers begin with, and nothing at all."""
    # Rules are compiled with the first run, which is not what is timed.
    fuzz_targets.TARGETS[name](b"")
    inputs = list(seeds(name))
    assert inputs
    step = max(len(inputs) // 8, 1)
    for data in inputs[::step]:
        fuzz_targets.run(name, data)


@pytest.mark.parametrize("name", QUICK)
def test_any_words_pass(name: str) -> None:
    """A format's own words in any order do no harm."""
    words = [word.replace("_", " ").encode() for word in _WORDS.get(name, ("a", "\0", "é"))]
    pieces = st.one_of(st.sampled_from([*words, b"\n", b" ", b"a"]), st.binary(max_size=3))

    @settings(max_examples=8 if name.startswith("repeat-") else 40, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(pieces, max_size=30))
    def check(chosen: list[bytes]) -> None:
        fuzz_targets.run(name, b"".join(chosen))

    check()


def test_a_target_that_fails_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exceptions, broken promises and lost time all come through."""

    def target(action: Callable[[], None]) -> None:
        monkeypatch.setitem(fuzz_targets.TARGETS, "plain", lambda _: action())

    target(lambda: fuzz_targets.expect(condition=False, promise="kept"))
    with pytest.raises(fuzz_targets.WrongError, match="kept"):
        fuzz_targets.run("plain", b"")
    target(lambda: sys.modules["nothing"].anything)
    with pytest.raises(KeyError):
        fuzz_targets.run("plain", b"")
    monkeypatch.setattr(fuzz_targets, "PATIENCE", -1.0)
    target(lambda: None)
    with pytest.raises(fuzz_targets.SlowError):
        fuzz_targets.run("plain", b"")


def test_dictionaries_are_as_the_fuzzer_reads_them() -> None:
    """One quoted word a line, every byte written out."""
    assert dictionary("phrase").splitlines()[:2] == [r'"\x28"', r'"\x29"']
    assert dictionary("decode") == ""
