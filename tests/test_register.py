"""The register: weak rules speak on pages that sell, not on pages that inform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.parsing import parse
from medlint.reading import tagged_sentences
from medlint.register import CLAIM_WEIGHT, SHORT_DRAFT, ClaimWeights, read_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset
    from medlint.register import Register
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

FILLER = (
    "The knee joins the thigh with the shin, and its cartilage has no blood vessels of its own. "
    * (SHORT_DRAFT // 17 + 2)
)
INFORMS = "Talk to your doctor. It has side effects. A randomised trial was stopped. " * 2
HYPE = [("breakthrough", "miracle")]


def read(text: str, ruleset: Ruleset, strong: dict[int, float] | None = None) -> Register:
    """Read the register of a Markdown text."""
    document = parse(text, path="draft.md")
    claims = ClaimWeights(strong or {}, {})
    return read_register(ruleset.register, document, tagged_sentences(document, ruleset), claims)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is a miracle.", HYPE),
        # A text of unknown register counts as one that sells; one that informs is silent.
        (f"It is a miracle.\n\n{FILLER}", HYPE),
        (f"It is a miracle.\n\n{FILLER} Book your appointment. Call us.", HYPE),
        (f"It is a miracle.\n\n{FILLER} Talk to your doctor.", []),
        (
            (
                f"It is a miracle.\n\n{FILLER} Book an appointment. Talk to your doctor. It has"
                " side effects. A randomised trial was stopped."
            ),
            [],
        ),
        # A second cue in the sentence is enough by itself.
        (f"Call us for a miracle.\n\n{FILLER}{INFORMS}", HYPE),
        (
            f"A miracle, and no side effects.\n\n{FILLER}{INFORMS}",
            [*HYPE, ("no-harm", "no side effects")],
        ),
        # In a short text, too, plain information silences.
        ("It is a miracle. Talk to your doctor. It has side effects.", []),
    ],
)
def test_weak_rules_need_a_selling_page(
    flag: Flag, text: str, expected: list[tuple[str, str]]
) -> None:
    """A weak rule speaks in short texts, on selling pages and beside another cue."""
    assert flag(text) == expected


def test_strong_rules_speak_anywhere(flag: Flag) -> None:
    """Information silences weak rules only."""
    text = f"It is a cure.\n\n{FILLER} Talk to your doctor. It has side effects."
    assert flag(text) == [("named-cure", "cure")]


def test_strong_claims_make_a_page_a_selling_one(flag: Flag) -> None:
    """A page full of strong claims sells, with or without a call to action."""
    text = f"It is a miracle.\n\n{FILLER}\n\nIt is a cure. We cure arthritis. PRP cures all."
    assert [found for found in flag(text) if found in HYPE] == HYPE


def test_weak_claims_outweigh_thin_information(flag: Flag) -> None:
    """A page of claim after claim sells, though it borrows a cue of informing text."""
    text = "It is a miracle.\n\n" * 3 + f"{FILLER} Talk to your doctor."
    assert flag(text) == HYPE * 3


def test_a_strong_claim_lets_the_weak_ones_beside_it_speak(flag: Flag) -> None:
    """In informing text a weak rule speaks in the sentence of a strong claim, and in no other."""
    text = f"It is a miracle.\n\n{FILLER}{INFORMS} This miracle will cure arthritis."
    assert flag(text) == [("breakthrough", "miracle"), ("named-cure", "cure")]


def test_silence_names_the_tier(run: Lint) -> None:
    """What the register kept back is told."""
    text = f"It is a miracle.\n\n{FILLER}{INFORMS}"
    silenced = [(item.rule, item.by) for item in run(text).silenced]
    assert silenced == [("breakthrough", "tier weak: the text around it informs")]


def test_scores_count_cues_by_weight(small: Ruleset) -> None:
    """Each cue adds its weight; a cue adds to the page no more than three times."""
    register = read("Call us. Our clinic. " + "Talk to your doctor. " * 5, small)
    assert (register.page.promotion, register.page.information) == (4.0, 6.0)


def test_a_wording_inside_another_is_no_cue_of_its_own(make_ruleset: MakeRuleset) -> None:
    """Where a cue's shorter wording lies in a longer one, it counts once; another counts too."""
    ruleset = make_ruleset(
        '- {id: one, category: hype, check: {type: phrase, any: [miracle]}, message: "x"}',
        register="""
        promotional: [{weight: 4, any: ["call us"]}]
        informational:
          - {weight: 2, any: ["[there is] no cure [for]"]}
          - {weight: 1, any: ["is no cure"]}
        """,
    )
    assert read("There is no cure for it.", ruleset).page.information == 3.0
    assert read("There is no cure, no cure for it.", ruleset).page.information == 5.0


def test_claims_add_to_promotion(small: Ruleset) -> None:
    """A strong finding weighs as much as a cue, in its section and on the page."""
    assert read("Nothing here.", small, {0: 2 * CLAIM_WEIGHT}).page.promotion == 4.0


def test_sections_are_read_apart(small: Ruleset) -> None:
    """On a selling page the section on risks stays informative."""
    risks = "Talk to your doctor. It has side effects. A randomised trial was stopped. " * 2
    text = f"# Offer\n\nCall us. Our clinic. Book now.\n\n{FILLER}\n\n# Risks\n\n{risks}"
    register = read(text, small, {1: 4 * CLAIM_WEIGHT})
    assert [register.promotes(section) for section in (1, 2)] == [True, False]
