"""The check `pattern`: a regular expression, under a time limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.checks import pattern
from medlint.findings import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

RULES = r"""
- id: price
  category: inducement
  where: [paragraph]
  check: {type: pattern, regex: '\$\d+ off|now\b|x*'}
  message: "“{match}”"
"""
SLOW = """
- id: slow
  category: hype
  check: {type: pattern, regex: '(?:a|aa)+[bc]'}
  message: x
- id: quick
  category: hype
  check: {type: phrase, any: [gold]}
  message: x
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Get $20 off NOW!", ["$20 off", "NOW"]),
        # Matches of nothing count for nothing.
        ("Get it.", []),
        ("# Now\n\nNow.", ["Now"]),
    ],
)
def test_pattern(flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]) -> None:
    """Every match in a block's text counts, in any case, where the rule looks."""
    found = flag(text, make_ruleset(RULES), path="draft.md")
    assert [match for _, match in found] == expected


def test_a_pattern_out_of_time_is_a_failure(
    run: Lint, make_ruleset: MakeRuleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An expression that backtracks for ever fails, naming rule and file; other rules go on."""
    monkeypatch.setattr(pattern, "TIME_LIMIT", 0.02)
    outcome = run("gold " + "a" * 60 + "!", make_ruleset(SLOW))
    error = "the rule ran out of time on this file; simplify its regex"
    assert outcome.failures == (Failure(path="draft.txt", rule="slow", error=error),)
    assert [finding.rule for finding in outcome.findings] == ["quick"]


def test_a_rule_that_breaks_is_a_failure(
    run: Lint, make_ruleset: MakeRuleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong inside a check becomes a failure, not a crash and not a clean report."""

    def broken(_: str) -> object:
        message = "no such thing"
        raise LookupError(message)

    monkeypatch.setattr(pattern, "compiled", broken)
    outcome = run("gold", make_ruleset(SLOW))
    error = "the rule failed: LookupError: no such thing"
    assert outcome.failures == (Failure(path="draft.txt", rule="slow", error=error),)
    assert [finding.rule for finding in outcome.findings] == ["quick"]
