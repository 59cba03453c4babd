"""The check `score`: words that claim nothing alone and something together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.checks import Score
from medlint.checks.score import Around
from medlint.document import BlockKind
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
    least: 10
    neighbours: 3
    blocks: {list-item: -5}
    words: 4
    points: {improve: 4, function: 2, harm: -9}
    terms: {so: 1, never: -1, "?": -20}
  message: "{match}"
"""
CLAIM = "It cures arthritis."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CLAIM} So sleep improves with time.", ["So sleep improves with time"]),
        ("Call us. So sleep improves with time.", []),
        (f"{CLAIM} Sleep improves fast.", []),
        (f"{CLAIM} Now sleep improves with time.", []),
        (f"{CLAIM} So sleep improves, with bleeding.", []),
        (f"{CLAIM} So sleep improves with time?", []),
        (f"{CLAIM} So sleep never improves with it.", []),
        (f"{CLAIM}\n\n- So sleep improves with time", []),
        (f"{CLAIM} Ask. Ask. So sleep improves with time.", []),
        (f"{CLAIM} There is a room with chairs.", []),
    ],
    ids=[
        "with a claim beside it",
        "no claim on the page",
        "few words",
        "a word short of the least",
        "a concept against",
        "a sign against",
        "negated",
        "a kind of block against",
        "the claim too far away",
        "no words",
    ],
)
def test_points_add_up(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """A sentence is found when the points of what it says and where it stands reach the least."""
    found = flag(f"Call us. {text}", make_ruleset(RULES))
    assert [match for rule, match in found if rule == "adds-up"] == expected


@pytest.mark.parametrize(("never", "is_found"), [(0, True), (-1, False)])
def test_without_guards_denials_have_points(
    flag: Flag, make_ruleset: MakeRuleset, never: int, *, is_found: bool
) -> None:
    """With `guarded: false`, a word that denies counts what its points say, and no more."""
    rules = RULES.replace("least: 10", "least: 10\n    guarded: false")
    ruleset = make_ruleset(rules.replace("never: -1", f"never: {never}"))
    expected = [("adds-up", "So sleep never improves with it")] if is_found else []
    found = flag(f"Call us. {CLAIM} So sleep never improves with it.", ruleset)
    assert found == [("cures", "cures arthritis"), *expected]


@pytest.mark.parametrize(("claims", "points"), [(0, 2), (1, 3), (5, 7), (8, 7)])
def test_a_page_counts_up_to_half_of_its_sentences(claims: int, points: int) -> None:
    """Each tenth of a page that claims is worth the points, up to five tenths."""
    check = Score(points={}, least=0, page=1, blocks={BlockKind.HEADING: 2})
    assert check.head_start(Around(BlockKind.HEADING, 4, claims / 10)) == points


@pytest.mark.parametrize(("rules", "points"), [(0, 0), (1, 7), (2, 9), (4, 13), (9, 13)])
def test_what_other_rules_find_counts(rules: int, points: int) -> None:
    """The first rule that finds something counts by itself, and up to three further ones do."""
    check = Score(points={}, least=0, found=7, further=2)
    assert check.head_start(Around(rules=rules)) == points


def test_the_first_score_names_the_claim(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A sentence that one score finds is not found by the next."""
    second = RULES[RULES.index("- id: adds-up") :].replace("id: adds-up", "id: adds-up-too")
    text = f"Call us. {CLAIM} So sleep improves with time."
    assert flag(text, make_ruleset(RULES + second)) == [
        ("cures", "cures arthritis"),
        ("adds-up", "So sleep improves with time"),
    ]


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
    """The finding spans the sentence without its stop and has the rule's severity."""
    text = f"Call us. {CLAIM} So sleep improves with time."
    said = "So sleep improves with time"
    findings = run(text, make_ruleset(RULES)).findings
    assert [
        (each.rule, each.severity.value, text[each.span.start : each.span.end], each.message)
        for each in findings
    ] == [
        ("cures", "warning", "cures arthritis", "cures arthritis"),
        ("adds-up", "suggestion", said, said),
    ]
