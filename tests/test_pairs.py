"""Minimal pairs: what separates a claim from its honest neighbour."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from medlint.config import Settings
from medlint.engine import lint
from medlint.loader import load
from medlint.parsing import parse

if TYPE_CHECKING:
    from medlint.rules import Ruleset

_PAIRS = yaml.safe_load((Path(__file__).parent / "pairs.yaml").read_text(encoding="utf-8"))
# What a whole document lacks says nothing about a sentence.
_DOCUMENT_LEVEL = ("missing-", "readability")


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    """The rulesets that run without configuration."""
    return load(("core", "us"))


def _found(text: str, ruleset: Ruleset) -> tuple[str, ...]:
    outcome = lint(parse(text, path="pair.md"), ruleset, Settings())
    assert outcome.unchecked is None
    return tuple(
        finding.rule
        for finding in outcome.findings
        if not finding.category.value.startswith(_DOCUMENT_LEVEL)
    )


@pytest.mark.parametrize("pair", _PAIRS, ids=[pair["silent"][:60] for pair in _PAIRS])
def test_honest_side_is_silent(pair: dict[str, str], ruleset: Ruleset) -> None:
    """The sentence that claims nothing gives no finding."""
    assert _found(pair["silent"], ruleset) == ()


@pytest.mark.parametrize("pair", _PAIRS, ids=[pair["flagged"][:60] for pair in _PAIRS])
def test_claim_is_flagged(pair: dict[str, str], ruleset: Ruleset) -> None:
    """Its neighbour, which claims something, gives at least one finding."""
    assert _found(pair["flagged"], ruleset)


def test_there_are_enough_pairs() -> None:
    """Every phenomenon has sides that differ, and no pair stands twice."""
    sides = [side for pair in _PAIRS for side in (pair["silent"], pair["flagged"])]
    assert len(set(sides)) == len(sides) >= 240
