"""The check `requires`: where a page says A it owes B."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from medlint.checks.requires import MOST_CHARACTERS
from medlint.errors import RulesetError
from medlint.findings import Product
from medlint.linter import LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

CLAIMS = "We cure arthritis. We cure diabetes."


def missing(flag: Flag, text: str, **settings: object) -> list[str]:
    """Return where a duty is found unmet."""
    return [match for rule, match in flag(text, **settings) if rule == "no-risk-named"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CLAIMS, ["cure"]),
        # One benefit owes nothing, and denied ones are none.
        ("We cure arthritis.", []),
        ("We cannot cure arthritis. We never cure diabetes. We cure no one.", []),
        # Two different harms meet the duty; one, one twice, or a denied one does not.
        (f"{CLAIMS} Infection and bleeding occur.", []),
        (f"{CLAIMS} Infection occurs.", ["cure"]),
        (f"{CLAIMS} Infection occurs. An infection is bad.", ["cure"]),
        (f"{CLAIMS} There is no infection and no bleeding.", ["cure"]),
        (f"{CLAIMS} Infection and bleeding occur, but no nerve injury.", ["cure"]),
        (f"{CLAIMS} See the full leaflet.", []),
        # One sentence is one statement, whatever it claims; sentences add up over categories.
        ("You will feel the cure and get relief.", []),
        ("We cure arthritis. You will notice lasting relief.", ["cure"]),
    ],
)
def test_requires(flag: Flag, text: str, expected: list[str]) -> None:
    """Enough benefits without the risks are reported, once, at the first of them."""
    assert missing(flag, text) == expected


def test_the_other_claims_are_evidence(run: Lint) -> None:
    """The finding spans the first claim; the others are its evidence and are counted."""
    outcome = run(f"{CLAIMS} PRP relieves pain.")
    (finding,) = [each for each in outcome.findings if each.rule == "no-risk-named"]
    assert (finding.span.start, finding.match) == (3, "cure")
    assert [each.match for each in finding.evidence] == ["cure", "PRP relieves pain"]
    assert finding.message == "3 benefits and no risk."


PARTS = """
- id: no-risk-named
  category: missing-risk
  check:
    type: requires
    if: {categories: [cure], distinct: 2}
    then: {any: ["{harm}"],
      once: ["(soreness|redness)", "not suitable (for|in)"], distinct: 2, not: ["no soreness"]}
  message: "No risk."
- id: cure
  category: cure
  check: {type: phrase, any: [cure~]}
  message: "“{match}”"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # However many words there are for a part, it counts once.
        ("Soreness and redness occur. Soreness is common.", ["cure"]),
        ("It is not suitable for children, not suitable in pregnancy.", ["cure"]),
        # Two parts, or a part and a harm, meet the duty.
        ("Soreness occurs. It is not suitable for children.", []),
        ("Infection and soreness occur.", []),
        ("There is no soreness. It is not suitable for children.", ["cure"]),
    ],
)
def test_a_part_of_a_duty_counts_once(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """What meets a part of a duty adds up with other parts, never with itself."""
    ruleset = make_ruleset(PARTS)
    assert missing(flag, f"{CLAIMS} {text}", ruleset=ruleset) == expected


WEIGHED = """
- id: no-risk-named
  category: missing-risk
  check:
    type: requires
    if: {categories: [cure], distinct: 2}
    then: {any: ["{harm}"]}
    weighed:
      over: 2
      enough: 5
      met: 4
      number: 1
      points: {harm: 1}
      terms: {window: 3, door: 4, sit: -9, arthritis: 1}
      heading: -2
      under-points: {harm: 5}
      under-terms: {doors: -4, house: 1}
  message: "No risk."
- id: cure
  category: cure
  check: {type: phrase, any: [cure~]}
  message: "“{match}”"
"""
# As many words as the words of a page take to be weighed.
IDLE = "We call it a day. " * 24


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # "It cures arthritis." comes to one point, and none is beyond two.
        ("", ["cure"]),
        # Seven points, and so five beyond two.
        ("A door, and a window.", []),
        # Two and one: of each sentence only what lies beyond counts.
        ("See the door. See the window.", ["cure"]),
        ("See the door. See the window. Use the other door.", []),
        # What comes twice in a sentence counts once.
        ("A door is a door.", ["cure"]),
        # A sentence below two points takes nothing from others.
        ("A door, and a window. Sit.", []),
        ("Sit by a door, and a window.", ["cure"]),
        # Four for what meets the duty in so many words, one for the concept: three beyond two.
        ("Infection is possible.", ["cure"]),
        ("Infection is possible beside a door.", []),
        ("Infection hits 3, beside a window.", []),
        ("Infection came 3 times. Another infection came.", []),
        ("A 3, and a door.", ["cure"]),
    ],
)
def test_the_words_of_sentences_decide(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """What meets the duty in so many words gives points among others."""
    ruleset = make_ruleset(WEIGHED)
    assert missing(flag, f"{CLAIMS} {IDLE} {text}", ruleset=ruleset) == expected


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("harm: 1}", "harms: 1}", "unknown concept “harms”; did you mean “harm”"),
        ("window", "side effects", "“side effects” is no single word; each in `weighed` is one"),
        ("window", "'{harm}'", "“{harm}” is no single word"),
        ("harm: 5}", "harms: 5}", "unknown concept “harms”; did you mean “harm”"),
        ("house", "our house", "“our house” is no single word; each in `weighed` is one"),
    ],
)
def test_wrong_points_are_named(
    make_ruleset: MakeRuleset, right: str, wrong: str, problem: str
) -> None:
    """What could never count is an error, with its rule."""
    with pytest.raises(RulesetError, match=re.escape(f"rule “no-risk-named”: {problem}")):
        make_ruleset(WEIGHED.replace(right, wrong))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Seven points, four less for the heading.
        ("# Doors\n\nA door, and a window.", ["cure"]),
        ("# Doors\n\n# The rest\n\nA door, and a window.", []),
        ("# Doors\n\nYes.\n\n## The rest\n\nA door, and a window.", []),
        # Four, one more for the heading, and so three beyond two; twice that is more than five.
        ("# House\n\nA door.", ["cure"]),
        ("# House\n\nA door. That door.", []),
        ("# House\n\nOf it.\n\nA door.\n\nThat door.", []),
        # Five for the harm that the heading names, and a word of three.
        ("# Infection\n\nA window.", []),
        # A heading itself has two less.
        ("# A door, and a window", ["cure"]),
        # The last of its sentences counts.
        ("# Infection? No\n\nA window.", ["cure"]),
    ],
)
def test_the_heading_above_a_sentence_has_a_say(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """What stands under “Is it safe?” tells more than the same words elsewhere."""
    ruleset = make_ruleset(WEIGHED)
    page = f"{CLAIMS} {IDLE}\n\n{text}"
    assert missing(flag, page, ruleset=ruleset, path="draft.md") == expected


def test_a_lead_in_gives_its_items_no_points(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """It is read once, where it stands."""
    ruleset = make_ruleset(WEIGHED)
    listed = f"{CLAIMS} {IDLE}\n\nBy the door:\n\n- a chair\n- a stool\n- a bench"
    assert missing(flag, listed, ruleset=ruleset) == ["cure"]


def test_few_words_are_not_weighed(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Nor are those of a draft that is longer than any page: there the duty is met or not."""
    ruleset = make_ruleset(WEIGHED)
    assert MOST_CHARACTERS <= LONG
    for idle in ("", IDLE * 70, IDLE * 100):
        assert missing(flag, f"{CLAIMS} {idle}", ruleset=ruleset) == ["cure"]
        met = f"{CLAIMS} {idle} Infection is possible."
        assert missing(flag, met, ruleset=ruleset) == []


QUOTED = """
- id: quoted
  category: endorsement
  check: {type: pattern, regex: '"[^"]+"', needs: ['"']}
  message: "“{match}”"
- id: no-risk-named
  category: missing-risk
  check:
    type: requires
    if: {rules: [quoted], distinct: 2}
    then: {any: ["{harm}"]}
  message: "No risk."
"""


def test_what_a_regular_expression_finds_creates_a_duty(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """Its places count by their sentences, as those of phrases do."""
    ruleset = make_ruleset(QUOTED)
    said = 'They say "so good". They say "so kind".'
    assert missing(flag, said, ruleset=ruleset) == ['"so good"']
    assert missing(flag, 'They say "so good" and "so kind".', ruleset=ruleset) == []
    assert missing(flag, f"{said} Infection occurs.", ruleset=ruleset) == []


def test_disclosed_elsewhere(flag: Flag) -> None:
    """A site with a shared footer switches the duty off."""
    assert missing(flag, CLAIMS, disclosed_elsewhere=frozenset({"missing-risk"})) == []


def test_within_section(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A duty may have to be met in each section."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: missing-risk
          check:
            type: requires
            if: {any: [gold, silver], distinct: 2}
            then: {any: ["{harm}"]}
            within: section
          message: "{count}"
        """
    )
    text = "# A\n\nGold, silver.\n\n# B\n\nGold, silver, infection.\n\n# C\n\nGold.\n"
    assert flag(text, ruleset, path="draft.md") == [("sought", "Gold")]
    assert flag("# A\n\nGold.\n\n# B\n\nSilver.\n", ruleset, path="draft.md") == []


def test_a_weak_duty_arises_only_where_something_sells(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """The phrases that give a weak rule its cause do not count on a page that informs."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: missing-risk
          tier: weak
          check: {type: requires, if: {any: [gold]}, then: {any: ["{harm}"]}}
          message: "Owed."
        """
    )
    informs = "Talk to your doctor. A randomised trial was stopped. It was small."
    assert flag("Gold.", ruleset) == [("sought", "Gold")]
    assert flag(f"Gold. {informs}", ruleset) == []
    assert flag(f"Our clinic has gold. {informs}", ruleset) == [("sought", "gold")]


def test_a_switched_off_claim_creates_no_duty(flag: Flag) -> None:
    """A rule that is off makes no benefits; one merely not selected still does."""
    assert missing(flag, CLAIMS, rules={"named-cure": False}) == []
    assert missing(flag, CLAIMS, select=frozenset({"missing-risk"})) == ["cure"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PRP is gold. We offer PRP and PRP and laser therapy.", ["gold"]),
        # Another product makes up more than a quarter of what is named, or nothing is named.
        ("PRP is gold. We offer PRP, patches and patches.", []),
        ("It is gold.", []),
    ],
)
def test_chiefly(flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]) -> None:
    """A duty may concern pages that name little but products of some statuses."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: missing-status
          check:
            type: requires
            if: {any: [gold], chiefly: [unapproved]}
            then: {any: ["{harm}"]}
          message: "Owed."
        """,
        **{"lexicon/more": "- {concept: plaster, terms: [patches], status: device}"},
    )
    assert [match for _, match in flag(text, ruleset)] == expected


def test_a_declared_product_is_what_the_page_is_chiefly_about(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """Where the writer says what the product is, the words on the page do not decide."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: missing-status
          check:
            type: requires
            if: {any: [gold], chiefly: [supplement]}
            then: {any: ["{harm}"]}
          message: "Owed."
        """
    )
    assert flag("PRP is gold.", ruleset) == []
    assert flag("PRP is gold.", ruleset, product=Product.SUPPLEMENT) == [("sought", "gold")]
