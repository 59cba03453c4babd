"""The check `metric`: a readability formula, off unless asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

EASY = "We see you on the day. You rest at home. Your knee may hurt for a bit. " * 8
HARD = (
    "The rehabilitation of musculoskeletal injury necessitates multidisciplinary collaboration"
    " that is founded on the individualised assessment of biopsychosocial determinants, and there"
    " is considerable heterogeneity in the organisation of participating institutions. "
) * 8


@pytest.fixture
def graded(make_ruleset: MakeRuleset) -> Ruleset:
    """Return a ruleset with one readability rule."""
    return make_ruleset(
        """
        - id: hard-to-read
          category: readability
          severity: suggestion
          enabled: false
          check: {type: metric, metric: flesch-kincaid-grade, above: 9}
          message: "{metric} {limit}"
        """
    )


def found(run: Lint, text: str, ruleset: Ruleset, **settings: object) -> list[tuple[str, str]]:
    """Return (matched words, message) of what is found."""
    outcome = run(text, ruleset, **settings)
    assert (outcome.unchecked, outcome.failures) == (None, ())
    return [(finding.match, finding.message) for finding in outcome.findings]


def test_off_by_default(run: Lint, graded: Ruleset) -> None:
    """A rule that is off says nothing until it is asked for."""
    assert found(run, HARD, graded) == []


def test_hard_text_is_reported_at_its_first_sentence(run: Lint, graded: Ruleset) -> None:
    """Above the limit the whole text gives one finding."""
    expected = [(HARD.partition(".")[0] + ".", "flesch-kincaid-grade 9")]
    assert found(run, HARD, graded, select=frozenset({"hard-to-read"})) == expected


def test_easy_and_short_texts_pass(run: Lint, graded: Ruleset) -> None:
    """Easy text is fine, and a formula says nothing about a few words."""
    select = frozenset({"hard-to-read"})
    assert found(run, EASY, graded, select=select) == []
    assert found(run, HARD[:300], graded, select=select) == []


def test_the_limit_is_a_setting(run: Lint, graded: Ruleset) -> None:
    """The configuration sets grade and formula, and so switches the rule on."""
    assert found(run, HARD, graded, options={"readability": {"grade": 90}}) == []
    options = {"readability": {"grade": 6.5, "metric": "gunning-fog"}}
    assert [message for _, message in found(run, HARD, graded, options=options)] == [
        "gunning-fog 6.5"
    ]


@pytest.mark.parametrize(
    "formula",
    [
        "flesch-kincaid-grade",
        "gunning-fog",
        "smog-index",
        "coleman-liau-index",
        "automated-readability-index",
    ],
)
def test_every_formula_tells_hard_from_easy(run: Lint, graded: Ruleset, formula: str) -> None:
    """All formulas on offer are known to textstat."""
    options = {"readability": {"grade": 12, "metric": formula}}
    assert len(found(run, HARD, graded, options=options)) == 1
    assert found(run, EASY, graded, options=options) == []
