"""The check `frame`: who does what to what, in any construction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]


def rules(forms: str, agent: str = "[therapy]") -> str:
    """Return one frame rule."""
    return f"""
    - id: sought
      category: treatment-claim
      check:
        type: frame
        agent: {agent}
        acts:
          - {{action: relieve, target: [symptom, disease]}}
          - {{action: improve, target: [function]}}
        forms: [{forms}]
        except: ["as a test"]
      message: "“{{match}}”"
    """


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("active", "PRP quickly relieves your knee pain.", "PRP quickly relieves your knee pain"),
        ("active", "Laser therapy can improve your sleep.",
         "Laser therapy can improve your sleep"),
        ("active", "PRP works. It relieves pain.", "It relieves pain"),
        ("passive", "Pain is quickly relieved by our PRP.",
         "Pain is quickly relieved by our PRP"),
        ("noun", "PRP gives relief from knee pain.", "PRP gives relief from knee pain"),
        ("noun", "PRP gives pain relief.", "PRP gives pain relief"),
        ("bullet", "Relieves pain.", "Relieves pain"),
        ("bullet", "Improved sleep", "Improved sleep"),
        ("bullet", "Relieving knee pain", "Relieving knee pain"),
        ("bullet", "Pain relief", "Pain relief"),
        ("bullet", "Benefits: relieves pain", "relieves pain"),
        ("property", "PRP is pain-relieving.", "PRP is pain-relieving"),
        ("property", "The pain-relieving PRP.", "pain-relieving PRP"),
        ("enable", "PRP may help you to improve mobility.",
         "PRP may help you to improve mobility"),
        ("purpose", "PRP is designed to relieve pain.", "PRP is designed to relieve pain"),
        ("for", "PRP for arthritis", "PRP for arthritis"),
    ],
)  # fmt: skip
def test_forms(flag: Flag, make_ruleset: MakeRuleset, form: str, text: str, expected: str) -> None:
    """Each construction is found when asked for."""
    assert flag(text, make_ruleset(rules(form))) == [("sought", expected)]


@pytest.mark.parametrize(
    "text",
    [
        # The wrong target, another agent, another clause, an exception inside the match.
        "PRP relieves the taxpayer.",
        "PRP improves pain.",
        "Rest relieves pain.",
        "PRP is new but rest relieves pain.",
        "PRP as a test relieves pain.",
        "Rest is good. It relieves pain.",
    ],
)
def test_no_frame(flag: Flag, make_ruleset: MakeRuleset, text: str) -> None:
    """Without the right agent, action and target in one clause there is no frame."""
    assert flag(text, make_ruleset(rules("active"))) == []


def test_an_exception_beside_the_match(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """An exception counts only where it touches the match."""
    found = flag("PRP relieves pain as a test.", make_ruleset(rules("active")))
    assert found == [("sought", "PRP relieves pain")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rest relieves pain.", ["relieves pain"]),
        ("The pain was relieved.", ["pain was relieved"]),
        ("There was relief from pain.", ["relief from pain"]),
    ],
)
def test_without_an_agent(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """A frame that names no agent is found whoever acts."""
    ruleset = make_ruleset(rules("active, passive, noun", agent="[]"))
    assert [match for _, match in flag(text, ruleset)] == expected


def test_one_finding_a_claim(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """All forms together give one finding for one claim."""
    forms = "active, passive, noun, bullet, property, enable, purpose, for"
    text = "Our PRP helps to relieve knee pain."
    assert flag(text, make_ruleset(rules(forms))) == [("sought", "PRP helps to relieve knee pain")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# PRP\n\nIt relieves pain.", ["It relieves pain"]),
        ("PRP is new.\n\nIt relieves pain.", ["It relieves pain"]),
        ("# Rest\n\nIt relieves pain.", []),
        ("# PRP\n\nIt is new. It is cheap. It relieves pain.", ["It relieves pain"]),
        ("# PRP\n\nIt is new. Rest is good. It relieves pain.", []),
    ],
)
def test_a_pronoun_carries_the_agent(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """A pronoun stands for the agent of the heading or the sentences right before it."""
    found = flag(text, make_ruleset(rules("active")), path="draft.md")
    assert [match for _, match in found] == expected
