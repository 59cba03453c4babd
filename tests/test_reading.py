"""Sentences are read with what they lean on: lead-ins, questions, and what was read before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.parsing import parse
from medlint.reading import tagged_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

MENU = """
- id: menu
  category: treatment-claim
  check: {type: phrase, any: ["we treat ... {disease}"]}
  message: "{match}"
"""
ANSWER = """
- id: painless
  category: safety
  check: {type: phrase, any: ["(hurt|hurts) ? (no|not at all)"]}
  message: "{match}"
"""


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Bones:", ["arthritis"]),
        ("Bones and joints:", ["arthritis"]),
        ("Bones and the joints:", []),
        ("Bones", []),
    ],
    ids=["label", "three words", "four words", "no colon"],
)
def test_a_label_leads_on(
    flag: Flag, make_ruleset: MakeRuleset, label: str, expected: list[str]
) -> None:
    """A list under a mere label is read with the sentence that introduces the group of lists."""
    text = f"We treat things, namely:\n\nNerves:\n\n- MS\n\n{label}\n\n- arthritis\n"
    found = flag(text, make_ruleset(MENU), path="draft.md")
    assert found == [("menu", match) for match in ["MS", *expected]]


@pytest.mark.parametrize(("items", "found"), [(78, 1), (79, 0)])
def test_a_group_of_lists_has_an_end(
    flag: Flag, make_ruleset: MakeRuleset, items: int, found: int
) -> None:
    """What introduces a group is looked for so far above a label, and no further."""
    above = "We treat many things, among them:\n\nNerves:\n\n"
    text = above + "- pain\n" * items + "\nBones:\n\n- arthritis\n"
    matches = [match for _, match in flag(text, make_ruleset(MENU), path="draft.md")]
    assert matches == ["arthritis"] * found


@pytest.mark.parametrize(("length", "found"), [(300, 1), (600, 1), (601, 0), (900, 0)])
def test_a_long_sentence_introduces_nothing(
    flag: Flag, make_ruleset: MakeRuleset, length: int, found: int
) -> None:
    """What leads in a list is read with every item, so it has to be short."""
    end = " we treat:"
    lead = "x" * (length - len(end)) + end
    matches = flag(f"{lead}\n\n- arthritis\n", make_ruleset(MENU), path="draft.md")
    assert matches == [("menu", "arthritis")] * found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We treat:\n\n- MS. Arthritis.\n", ["MS"]),
        ("We treat. Among them:\n\n- MS\n", []),
        ("Among them. We treat:\n\n- MS\n", ["MS"]),
        ("We treat things.\n\nNerves:\n\n- MS\n", []),
        ("We treat things:\n\nWelcome.\n\nNerves:\n\n- MS\n", []),
        ("We treat things:\n\nNerves\n\n- MS\n", []),
        ("- MS\n\n# We treat\n", []),
        ("# We treat\n\nNerves:\n\n- MS\n", []),
    ],
    ids=[
        "first sentence of the item",
        "last sentence of the lead-in only",
        "its last sentence",
        "no colon above the label",
        "a paragraph between",
        "no label",
        "the heading at the other end",
        "a label under a heading",
    ],
)
def test_what_an_item_completes(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """The first sentence of an item is read with the last one before its list."""
    found = flag(text, make_ruleset(MENU), path="draft.md")
    assert [match for _, match in found] == expected


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("PRP is new. It heals.", True),
        ("It heals. PRP is new.", False),
        ("PRP is new. Call us. It heals.", False),
        ("PRP is new. It is good. It heals.", True),
        ("PRP is new. It is good. Call us. It heals.", False),
        ("It is good. It heals.", False),
        ("PRP is new.\n\nIt heals.", True),
        ("PRP is new. Call us.\n\nIt heals.", True),
        ("PRP is new.\n\nCall us. It heals.", False),
        ("PRP is new.\n\nCall us.\n\nIt heals.", False),
        ("PRP is new.\n\nIt is good.\n\nIt heals.", False),
        ("It heals.\n\nPRP is new.", False),
        ("# PRP\n\nCall us.\n\nIt heals.", True),
        ("# PRP\n\n## Cost\n\nCall us.\n\nIt heals.", False),
        ("# Cost\n\n## PRP\n\nCall us.\n\nIt heals.", True),
        ("# PRP\n\n# Cost\n\nCall us.\n\nIt heals.", False),
        ("PRP does this:\n\n- one\n- two\n- It heals.", True),
        ("PRP does this.\n\n- one\n- two\n- It heals.", False),
    ],
)
def test_what_a_pronoun_may_mean(
    flag: Flag,
    make_ruleset: MakeRuleset,
    text: str,
    carried: bool,  # noqa: FBT001
) -> None:
    """A therapy of the sentence, block, lead-in or heading before, and on from there by pronoun."""
    rule = """
    - id: heals
      category: treatment-claim
      check: {type: phrase, any: ["{carried} heals"]}
      message: "{match}"
    """
    found = flag(text, make_ruleset(rule), path="draft.md")
    assert found == [("heals", "It heals")] * carried


def test_a_list_without_a_lead_in_has_its_heading(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Every item is read with the heading right above the list, and with no other line."""
    ruleset = make_ruleset(MENU)
    text = "# We treat\n\n- MS\n- arthritis\n"
    assert [match for _, match in flag(text, ruleset, path="draft.md")] == ["MS", "arthritis"]
    later = "Welcome.\n\nCome in.\n\nCall us.\n\n# We treat\n\n- MS\n- arthritis\n"
    assert [match for _, match in flag(later, ruleset, path="draft.md")] == ["MS", "arthritis"]
    apart = "# We treat\n\nWelcome.\n\n- MS\n- arthritis\n"
    assert flag(apart, ruleset, path="draft.md") == []
    assert flag("- MS\n- arthritis we treat\n", ruleset, path="draft.md") == []


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("**What we treat**", ["MS", "arthritis"]),
        ("What we treat in our rooms at sea", ["MS", "arthritis"]),
        ("What we treat in our rooms at the sea", []),
        ("This is what we treat.", []),
        ("Come in. What we treat", []),
    ],
    ids=["bold", "eight words", "nine words", "a sentence", "two sentences"],
)
def test_a_line_over_a_list_is_its_caption(
    flag: Flag, make_ruleset: MakeRuleset, caption: str, expected: list[str]
) -> None:
    """A short line without a full stop right above a list leads it in, as a heading does."""
    text = f"Welcome.\n\n{caption}\n\n- MS\n- arthritis\n"
    found = flag(text, make_ruleset(MENU), path="draft.md")
    assert [match for _, match in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does it hurt? Not at all.", ["Not at all"]),
        ("Does it hurt? Not at all, friends.", ["Not at all"]),
        ("Does it hurt? Not at all, dear friends.", []),
        ("It does hurt. Not at all.", []),
        ("Does it hurt?\n\nNot at all.", ["Not at all"]),
        ("Q: Does it hurt?\n\n- Not at all.", ["Not at all"]),
        ("Does it hurt?\n\nCome in. Not at all.", []),
        ("- Does it hurt?\n\nNot at all.", []),
        ("# Does it hurt?\n\nCome in. Not at all.", []),
        ("# Does it hurt?\n\nNo.", ["No"]),
        ("Does it hurt? Come in. No.", []),
        ("Does it hurt? No one who has had it says so.", []),
        ("No.\n\n# Does it hurt?", []),
        ("# Read on. Does it hurt?\n\nNo.", ["No"]),
        ("# Does it hurt? Read on\n\nNo.", []),
        ("# Cost\n\nDoes it hurt? Come in.\n\nNo.", []),
    ],
    ids=[
        "beside",
        "four words",
        "five words",
        "no question",
        "in a paragraph of its own",
        "in a list",
        "not the first in its paragraph",
        "below a list",
        "not the first under a heading",
        "under a heading",
        "apart",
        "a sentence of its own",
        "before its heading",
        "under the last sentence of a heading",
        "not under the first one",
        "after another paragraph",
    ],
)
def test_a_short_answer_completes_its_question(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """An answer of a few words is read with its question; the finding covers the answer."""
    found = flag(text, make_ruleset(ANSWER), path="draft.md")
    assert [match for _, match in found] == expected


def test_a_sentence_is_tagged_once(small: Ruleset) -> None:
    """The same sentence is the same object wherever it stands, with its own place."""
    document = parse("PRP eases pain.\n\nSo PRP eases pain. PRP eases pain.", path="draft.md")
    views = tagged_sentences(document, small)
    assert views[0].tagged is not views[2].tagged  # the second may carry a therapy over
    again = tagged_sentences(parse("## One\n\nPRP eases pain.", path="other.md"), small)
    assert again[1].tagged is views[0].tagged
    assert (views[0].text_range(0, 2), views[2].text_range(0, 2)) == ((0, 9), (19, 28))


def test_a_complaint_outweighs_the_good_thing_in_it(run: Lint, make_ruleset: MakeRuleset) -> None:
    """Inside a longer complaint a function is no target; by itself it is."""
    ruleset = make_ruleset(
        """
        - id: improves
          category: treatment-claim
          check: {type: phrase, any: ["improves {function}"]}
          message: "{match}"
        """,
        lexicon="""
        - {concept: function, terms: [sleep, vision]}
        - {concept: complaint, outweighs: [function], terms: [vision loss, sleep]}
        """,
    )
    text = "It improves vision. It improves vision loss. It improves sleep."
    found = [each.match for each in run(text, ruleset).findings]
    assert found == ["improves vision", "improves sleep"]


def test_a_name_and_a_single_letter_in_one_term(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A term with a name in capitals may hold a single letter; the name wants its capitals."""
    ruleset = make_ruleset(
        """
        - id: dripped
          category: treatment-claim
          check: {type: phrase, any: ["{drip} heals"]}
          message: "{match}"
        """,
        lexicon="- {concept: drip, terms: [IV vitamin C, vitamin C drip]}",
    )
    assert flag("IV vitamin C heals.", ruleset) == [("dripped", "IV vitamin C heals")]
    assert flag("A vitamin C drip heals.", ruleset) == [("dripped", "vitamin C drip heals")]
    assert flag("An iv vitamin C heals.", ruleset) == []
