"""The check `near`: two things that are harmless apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]


def rules(within: str) -> str:
    """Return one near rule."""
    return f"""
    - id: sought
      category: evidence
      check:
        type: near
        first: ["{{what:therapy}}"]
        second: ["{{disease}}"]
        within: {within}
        except: ["PRP kit"]
      message: "{{what}}"
    """


SENTENCE = "We offer PRP for arthritis."
BLOCK = "We offer PRP. You have arthritis."
SECTION = "# One\n\nWe offer PRP.\n\nYou have arthritis."
DOCUMENT = "# One\n\nWe offer PRP.\n\n# Two\n\nYou have arthritis."


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("sentence", [["PRP for arthritis"], [], [], []]),
        ("block", [["PRP for arthritis"], ["PRP"], [], []]),
        ("section", [["PRP for arthritis"], ["PRP"], ["PRP"], []]),
        ("document", [["PRP for arthritis"], ["PRP"], ["PRP"], ["PRP"]]),
    ],
)
def test_within(
    flag: Flag, make_ruleset: MakeRuleset, within: str, expected: list[list[str]]
) -> None:
    """Two things count as near up to the limit named."""
    ruleset = make_ruleset(rules(within))
    found = [
        [match for _, match in flag(text, ruleset, path="draft.md")]
        for text in (SENTENCE, BLOCK, SECTION, DOCUMENT)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Have you arthritis? PRP it is.", ["PRP"]),
        ("Have you arthritis?\n\nPRP it is.", ["PRP"]),
        ("# Have you arthritis?\n\nPRP it is.", ["PRP"]),
        # Another sentence stands between, the order is the wrong one, or nothing comes before.
        ("Have you arthritis? So sorry. PRP it is.", []),
        (BLOCK, []),
        (SENTENCE, []),
    ],
)
def test_within_answer(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """The first thing answers the second in the sentence before, which may end another block."""
    found = [match for _, match in flag(text, make_ruleset(rules("answer")), path="draft.md")]
    assert found == expected


def test_either_order(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """The second thing may come first; the finding spans both."""
    found = flag("If you have arthritis, try PRP.", make_ruleset(rules("sentence")))
    assert found == [("sought", "arthritis, try PRP")]


def test_the_other_thing_is_evidence(run: Lint, make_ruleset: MakeRuleset) -> None:
    """Across sentences the finding stands at the first thing and names the second."""
    (finding,) = run(BLOCK, make_ruleset(rules("block"))).findings
    assert [(each.match, BLOCK[each.span.start : each.span.end]) for each in finding.evidence] == [
        ("arthritis", "arthritis")
    ]
    assert finding.message == "PRP"


def test_guards_and_exceptions_hold(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """An exception and a denial silence a near rule as they do others."""
    ruleset = make_ruleset(rules("sentence"))
    assert flag("We do not offer PRP for arthritis.", ruleset) == []
    assert flag("The PRP kit for arthritis.", ruleset) == []
