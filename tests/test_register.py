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


@pytest.mark.parametrize(
    ("calls", "claims", "expected"),
    [(4, 3.3, True), (3, 3.3, False), (4, 2.5, False), (5, 2.5, False)],
)
def test_a_seller_sells_however_much_it_informs(
    make_ruleset: MakeRuleset,
    calls: int,
    claims: float,
    expected: bool,  # noqa: FBT001
) -> None:
    """Cues of a seller together with claims settle what a page is."""
    cues = ("call us", "our clinic", "book here", "visit us", "order here")
    kinds = "\n".join(f"  - {{weight: 2, any: [{cue}]}}" for cue in cues)
    ruleset = make_ruleset(
        "- {id: sought, category: hype, message: x, check: {type: phrase, any: [gold]}}",
        register=f"promotional:\n{kinds}\ninformational:\n  - {{weight: 2, any: [side effects]}}\n"
        "  - {weight: 2, any: [your doctor]}\n  - {weight: 2, any: [trial]}\n",
    )
    text = "# One\n\n" + "".join(f"{cue.capitalize()}. " for cue in cues[:calls])
    text += f"\n\n# Two\n\n{INFORMS}{INFORMS}\n\n# Three\n\n" + "word " * 300
    document = parse(text, path="draft.md")
    sentences = tagged_sentences(document, ruleset)
    weights = ClaimWeights({}, {3: claims})
    register = read_register(ruleset.register, document, sentences, weights)
    assert register.page.cues == 2.0 * calls
    assert register.page.information > register.page.promotion + claims + 2
    assert register.promotes(3) is expected


def sells(
    small: Ruleset,
    sections: list[tuple[int, int]],
    strong: dict[int, float],
    weak: dict[int, float],
) -> list[bool]:
    """Tell which sections of so many words and informing cues sell, with claims that weigh so."""
    text = ""
    for words, cues in sections:
        text += "# Title\n\n" + "It has side effects. " * cues
        text += "word " * (words - 1 - 4 * cues) + "\n\n"
    document = parse(text, path="draft.md")
    sentences = tagged_sentences(document, small)
    register = read_register(small.register, document, sentences, ClaimWeights(strong, weak))
    assert register.page.words == sum(words for words, _ in sections)
    assert register.page.information == 2.0 * sum(cues for _, cues in sections)
    return [register.promotes(number) for number in range(1, len(sections) + 1)]


@pytest.mark.parametrize(
    ("words", "cues", "strong", "weak", "expected"),
    [
        # A fragment sells unless it informs outright; its weak claims count.
        (24, 1, 1.0, 0.0, True),
        (24, 1, 0.9, 0.0, False),
        (24, 1, 0.0, 1.0, True),
        (24, 0, 0.0, 0.0, True),
        # From there on they do not.
        (25, 1, 0.0, 5.0, False),
        (25, 1, 2.0, 0.0, True),
        (25, 1, 1.9, 0.0, False),
        # Up to a length silence sells.
        (39, 0, 0.0, 0.0, True),
        (40, 0, 0.0, 0.0, False),
        (40, 0, 0.0, 5.0, False),
        (40, 0, 0.1, 0.0, True),
        (119, 0, 0.0, 0.0, False),
        (119, 1, 2.0, 0.0, True),
        # A page of that length or more sells unless it informs; what it needs grows with it.
        (120, 0, 0.0, 0.0, True),
        (120, 1, 2.0, 0.0, False),
        (120, 1, 2.05, 0.0, True),
        (120, 1, 1.05, 1.0, True),
        # Weak claims alone have to be many.
        (1_000, 1, 0.0, 9.9, False),
        (1_000, 1, 0.0, 10.0, True),
        (1_000, 1, 0.1, 9.9, True),
        (1_000, 3, 7.39, 0.0, False),
        (1_000, 3, 7.41, 0.0, True),
    ],
)
def test_what_a_page_needs_to_sell(  # noqa: PLR0913, PLR0917 - all that counts
    small: Ruleset,
    words: int,
    cues: int,
    strong: float,
    weak: float,
    expected: bool,  # noqa: FBT001
) -> None:
    """Length, information and claims decide, each from its own bound on."""
    assert sells(small, [(words, cues)], {1: strong}, {1: weak}) == [expected]


@pytest.mark.parametrize(
    ("sections", "strong", "weak", "expected"),
    [
        # On a selling page a section informs if it does so by more than half of what sells.
        ([(70, 1), (70, 0)], {2: 4.0}, {}, [True, True]),
        ([(70, 1), (70, 0)], {2: 3.9}, {}, [False, True]),
        ([(70, 1), (70, 0)], {2: 2.0}, {2: 2.0}, [True, True]),
        ([(70, 1), (70, 0)], {1: 0.5, 2: 2.5}, {}, [True, True]),
        ([(70, 1), (70, 0)], {2: 2.5}, {1: 0.5}, [True, True]),
        # On a nearly balanced one several claims of a section outweigh what is lacking.
        ([(70, 1), (70, 0)], {}, {2: 1.5}, [False, True]),
        ([(70, 1), (70, 0)], {}, {2: 1.4}, [False, False]),
        ([(70, 1), (70, 0)], {}, {1: 1.5}, [False, False]),
        ([(70, 2), (70, 0)], {}, {2: 1.9}, [False, False]),
        ([(70, 2), (70, 0)], {}, {2: 2.0}, [False, True]),
        ([(70, 2), (70, 0)], {2: 0.4}, {2: 1.6}, [False, True]),
        # Else it takes strong ones, more than half of what the page informs.
        ([(70, 3), (70, 0)], {2: 3.1}, {}, [False, True]),
        ([(70, 3), (70, 0)], {2: 3.0}, {}, [False, False]),
        ([(70, 2), (70, 1)], {2: 4.9}, {}, [False, False]),
        ([(70, 2), (70, 1)], {2: 5.1}, {}, [False, True]),
        # A section that nothing is said of sells or not like the others.
        ([(70, 1), (70, 0)], {}, {}, [False, False]),
    ],
)
def test_what_a_section_needs_to_sell(
    small: Ruleset,
    sections: list[tuple[int, int]],
    strong: dict[int, float],
    weak: dict[int, float],
    expected: list[bool],
) -> None:
    """Its own claims and cues are weighed against those of the page."""
    assert sells(small, sections, strong, weak) == expected
