"""The check `phrase`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

RULES = """
- id: sought
  category: hype
  where: [paragraph, heading]
  check:
    type: phrase
    any: ["gold .. coin~", "{what:symptom} free"]
    except: ["fool's gold", "gold coin collection"]
  guards: {negated: keep}
  message: "“{match}”"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A gold and silver coin.", ["gold and silver coin"]),
        ("Gold coins, gold coins!", ["Gold coins", "gold coins"]),
        ("A gold coin collection.", []),
        ("Fool's gold coins.", []),
        # An exception counts only where it touches.
        ("Fool's gold, but a gold coin.", ["gold coin"]),
        ("Knee pain free.", ["Knee pain free"]),
        ("Silver.", []),
    ],
)
def test_phrase(flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]) -> None:
    """Every match of any phrase counts, unless it touches an exception."""
    assert [match for _, match in flag(text, make_ruleset(RULES))] == expected


def test_where(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A rule looks only at the kinds of blocks it names."""
    text = "# Gold coin\n\n- gold coins\n\nA gold coin.\n\n> gold coins\n"
    found = flag(text, make_ruleset(RULES), path="draft.md")
    assert [match for _, match in found] == ["Gold coin", "gold coin"]


def test_the_span_is_in_the_source(run: Lint, make_ruleset: MakeRuleset) -> None:
    """A finding covers the words as they stand in the draft, markup and line ends included."""
    text = "Here: **gold\nand&nbsp;silver** coin."
    outcome = run(text, make_ruleset(RULES), path="draft.md")
    (finding,) = outcome.findings
    assert text[finding.span.start : finding.span.end] == "gold\nand&nbsp;silver** coin"
    assert finding.match == "gold and silver coin"
