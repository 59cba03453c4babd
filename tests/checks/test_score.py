"""The check `score`: words that claim nothing alone and something together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.errors import RulesetError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

RULES = """
- id: cures
  category: cure
  check: {type: phrase, any: ["cures {disease}"]}
  message: "{match}"
- id: adds-up
  category: treatment-claim
  tier: weak
  severity: suggestion
  guards: {negated: drop}
  check:
    type: score
    least: 8
    neighbours: 3
    words: 4
    points: {improve: 4, function: 2, harm: -9}
  message: "{match}"
"""
CLAIM = "It cures arthritis."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CLAIM} So sleep improves with time.", ["sleep improves"]),
        ("Call us. So sleep improves with time.", []),
        (f"{CLAIM} Sleep improves fast.", []),
        (f"{CLAIM} So sleep improves, with bleeding.", []),
        (f"{CLAIM} Sleep never improves with it.", []),
        (f"{CLAIM} There is a room with chairs.", []),
    ],
    ids=["with a claim beside it", "alone", "few words", "points against", "negated", "no words"],
)
def test_points_add_up(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """A sentence is found when its points and those of the claims around it reach the least."""
    found = flag(f"Call us. {text}", make_ruleset(RULES))
    assert [match for rule, match in found if rule == "adds-up"] == expected


def test_only_where_the_page_sells(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Where the text informs, words that add up stay silent, and so do sentences with a claim."""
    informing = "Talk to your doctor about side effects. A randomised trial ran. " * 4
    text = f"{informing}{CLAIM} So sleep improves with time."
    assert flag(text, make_ruleset(RULES)) == [("cures", "cures arthritis")]


def test_unknown_concept(make_ruleset: MakeRuleset) -> None:
    """Points for a concept that nobody defines are an error with the nearest name."""
    with pytest.raises(RulesetError, match="adds-up”: unknown concept “improv”; did you mean"):
        make_ruleset(RULES.replace("{improve: 4", "{improv: 4"))


def test_the_finding_is_whole(run: Lint, make_ruleset: MakeRuleset) -> None:
    """The finding spans the telling words and has the rule's severity."""
    text = f"Call us. {CLAIM} So sleep improves with time."
    findings = run(text, make_ruleset(RULES)).findings
    assert [
        (each.rule, each.severity.value, text[each.span.start : each.span.end], each.message)
        for each in findings
    ] == [
        ("cures", "warning", "cures arthritis", "cures arthritis"),
        ("adds-up", "suggestion", "sleep improves", "sleep improves"),
    ]
