"""One rule alone, and one sentence in full."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from medlint.config import Settings
from medlint.trace import Trial, explain_text, try_rule

if TYPE_CHECKING:
    from conftest import MakeRuleset
    from medlint.rules import Rule, Ruleset


def rule_of(ruleset: Ruleset, name: str) -> Rule:
    """Return a rule that must be there."""
    rule = ruleset.rule(name)
    assert rule is not None
    return rule


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("named-cure", "We cure and cure.", Trial(((3, 7), (12, 16)), frozenset({0}), ())),
        ("named-cure", "Nothing can cure.", Trial((), frozenset(), ("guard negated: “Nothing”",))),
        # Overlapping matches count as the longest; each phrase that matched is told.
        ("sure-relief", "You feel lasting relief for everyone.",
         Trial(((9, 36),), frozenset({0, 1}), ())),
        # A weak rule speaks: an example counts as promotional.
        ("breakthrough", "A miracle. Talk to your doctor. It has side effects.",
         Trial(((2, 9),), frozenset({1}), ())),
        # The other rules do not matter, ...
        ("therapy-for-disease", "PRP relieves pain and cures it.",
         Trial(((0, 17),), frozenset({0, 2}), ())),
        # ... but for document checks, which rest on them.
        ("no-risk-named", "We cure us. We cure all.", Trial(((3, 7),), frozenset(), ())),
        ("no-risk-named", "We cure MS.", Trial((), frozenset(), ())),
        ("repeated-item", "- Pain\n- pain", Trial(((9, 13),), frozenset(), ())),
    ],
)  # fmt: skip
def test_try_rule(small: Ruleset, name: str, text: str, expected: Trial) -> None:
    """A trial tells what one rule finds in a text, by which phrases, and what silenced it."""
    found = try_rule(rule_of(small, name), text, small)
    assert (found.spans, found.silenced) == (expected.spans, expected.silenced)
    if name != "therapy-for-disease":
        assert found.phrases == expected.phrases


def test_a_rule_that_is_off_or_for_others_is_tried(make_ruleset: MakeRuleset) -> None:
    """Examples of a rule count whatever its default and its products."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: hype
          enabled: false
          products: [approved]
          check: {type: phrase, any: [gold]}
          message: x
        """
    )
    found = try_rule(rule_of(ruleset, "sought"), "Gold.", ruleset)
    assert found == Trial(((0, 4),), frozenset({0}), ())


def test_every_rule_of_the_small_ruleset_keeps_its_examples(small: Ruleset) -> None:
    """The ruleset of these tests does what its own examples say."""
    wrong = [
        (rule.id, example.text)
        for rule in small.rules
        for example in (*rule.flags, *rule.allows)
        if try_rule(rule, example.text, small).spans != example.spans
    ]
    assert wrong == []


def test_explain_text(small: Ruleset) -> None:
    """A text is explained by clauses, concepts, frames, findings and what was silenced by what."""
    text = "PRP relieves knee pain but cannot cure it.\n\n# Miracle: AIDS?"
    expected = """\
        paragraph: PRP relieves knee pain but cannot cure it.
          clauses
            | PRP relieves knee pain
            | but cannot cure it .
          concepts
            PRP        cell-therapy, therapy
            relieves   relieve.base
            knee       body-part
            knee pain  symptom
            pain       symptom
          frames
            therapy-for-disease (active): PRP · relieves · knee pain
            therapy-for-disease (bullet): relieves · knee pain
          findings
            warning therapy-for-disease [treatment-claim] “PRP relieves knee pain”
              “PRP relieves knee pain” says that a therapy helps.
          silenced
            named-cure “cure” by guard negated: “cannot”

        heading: Miracle: AIDS?
          clauses
            | Miracle :
            | AIDS ?
          concepts
            AIDS  disease
          findings
            suggestion breakthrough [hype] “Miracle”
              “Miracle” is hype.

        """
    assert explain_text(text, small, Settings()).rstrip() == dedent(expected).rstrip()


def test_explain_text_names_what_is_unchecked(small: Ruleset) -> None:
    """A text in another language is not explained but refused."""
    text = "Наше лечение облегчает боль в колене."
    expected = "not checked: the text is not in the Latin script; medlint checks English"
    assert explain_text(text, small, Settings()).strip() == expected


def test_a_sentence_without_a_claim_shows_its_points(make_ruleset: MakeRuleset) -> None:
    """Scores say what they count, for sentences that nothing or only a score finds."""
    ruleset = make_ruleset(
        """
        - id: cures
          category: cure
          check: {type: phrase, any: ["cures {disease}"]}
          message: "{match}"
        - id: adds-up
          category: treatment-claim
          tier: weak
          check:
            {type: score, least: 6, words: 3, neighbours: 2, points: {improve: 4},
             terms: {so: 1, time: -1}}
          message: "{match}"
        """
    )
    text = (
        "Call us. It cures arthritis. So sleep improves with time. Improve in short. So cold here."
    )
    points = [
        line for line in explain_text(text, ruleset, Settings()).splitlines() if " of 6" in line
    ]
    assert points == [
        "    adds-up 4 of 6: improve 4, “so” 1, “time” -1",
        "    adds-up 4 of 6: improve 4",
        "    adds-up 1 of 6: “so” 1",
    ]
