"""The check `duplicate-items`: the same item twice, also in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.checks.normal_form import Normaliser
from medlint.findings import Edit, Rewrite, RewriteKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

COPD = ("chronic", "obstructive", "pulmonary", "disease")
SYNONYMS = {
    ("COPD",): COPD,
    COPD: COPD,
    ("MSC",): ("mesenchymal", "stem", "cell"),
    ("mesenchymal", "stem", "cell"): ("mesenchymal", "stem", "cell"),
    ("US",): ("united", "states"),
}

SAME = {
    "exact": [("Knee pain", "Knee pain")],
    "case": [("Knee pain", "KNEE PAIN"), ("COPD", "Copd"), ("COPD", "copd")],
    "punctuation": [
        ("Knee pain.", "Knee pain"),
        ("Stem-cell therapy", "stem cell therapy;"),
        ("“Healing”", "healing"),
        ("Pain, stiffness", "Pain / stiffness"),
    ],
    "plural": [
        ("Knee pains", "Knee pain"),
        ("Injuries of tendons", "Injury of tendon"),
        ("Autoimmune diseases", "autoimmune disease"),
        ("Viruses", "Virus"),
        ("Rashes", "Rash"),
        ("Diagnoses", "Diagnosis"),
        ("Torn feet", "Torn foot"),
        ("Doses", "Dose"),
        ("Losses", "Loss"),
        ("Sinuses", "Sinus"),
    ],
    "article": [("The flu", "Flu"), ("A stroke", "Stroke"), ("An injury", "Injury")],
    "word order": [
        ("Pain in the knee", "Knee pain"),
        ("Pain and stiffness", "Stiffness and pain"),
        ("Loss of hair", "Hair loss"),
    ],
    "inflection": [
        ("Improves mobility", "Improved mobility"),
        ("Improving mobility", "Improve mobility"),
        ("Stopping pain", "Stops pain"),
        ("Rebuilt cartilage", "Rebuilds cartilage"),
        ("Controlled weight", "Controls weight"),
        ("Studied tissue", "Studies tissue"),
        ("Relieving pain", "Relieves pain"),
    ],
    "abbreviation or synonym": [
        ("COPD", "Chronic obstructive pulmonary disease"),
        ("Chronic obstructive pulmonary disease (COPD)", "COPD"),
        ("MSCs", "Mesenchymal stem cells"),
        ("Injection of MSC", "Mesenchymal stem cell injections"),
    ],
    "spelling": [("Tumours", "Tumors"), ("Optimised sleep", "Optimized sleep")],
}
APART = [
    ("Type 1 diabetes", "Type 2 diabetes"),
    ("Knee arthritis", "Hip arthritis"),
    ("Osteoarthritis", "Rheumatoid arthritis"),
    ("Rheumatoid arthritis", "Arthritis"),
    ("Left knee", "Right knee"),
    ("Hepatitis B", "Hepatitis C"),
    ("Stage 2", "Stage II"),
    ("Upper back", "Lower back"),
    ("Hyperthyroidism", "Hypothyroidism"),
    ("More energy", "Less energy"),
    ("With surgery", "Without surgery"),
    ("Pain before surgery", "Pain after surgery"),
    ("Hair loss", "Hair growth"),
    ("Men", "Women"),
    ("20% off", "20 off"),
    ("Vitamin B12", "Vitamin B6"),
    ("US", "Made for us"),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [pair for pairs in SAME.values() for pair in pairs],
    ids=[f"{name}-{pair[1]}" for name, pairs in SAME.items() for pair in pairs],
)
def test_items_that_say_the_same(one: str, other: str) -> None:
    """Items that differ in form only come to the same words."""
    assert Normaliser(SYNONYMS).form(one) == Normaliser(SYNONYMS).form(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_items_that_differ(one: str, other: str) -> None:
    """Items of like look that mean different things stay apart."""
    assert Normaliser(SYNONYMS).form(one) != Normaliser(SYNONYMS).form(other)


@given(st.lists(st.sampled_from("knee pain hip relief COPD cells improved".split()), max_size=5))
def test_order_and_case_never_matter(words: list[str]) -> None:
    """Whatever the words, their order and case make no difference."""
    form = Normaliser({}).form(" ".join(words))
    assert Normaliser({}).form(" ".join(reversed(words))) == form
    assert Normaliser({}).form(" ".join(words).upper()) == form


@given(st.text(max_size=40))
def test_any_text_has_a_normal_form(text: str) -> None:
    """Any text has one, sorted and without repeats."""
    form = Normaliser(SYNONYMS).form(text)
    assert list(form) == sorted(set(form))


def duplicates(flag: Flag, text: str, *, path: str = "draft.md") -> list[str]:
    """Return the repeated items of a text."""
    return [match for rule, match in flag(text, path=path) if rule == "repeated-item"]


def test_the_later_item_is_reported(run: Lint) -> None:
    """A finding spans the repeated item, names the first, and its removal is a safe fix."""
    text = "- Hair loss\n- Knee pain\n- The loss of hair\n- End\n"
    (finding,) = run(text, path="draft.md").findings
    assert text[finding.span.start : finding.span.end] == "The loss of hair"
    assert [(each.match, each.span.start) for each in finding.evidence] == [("Hair loss", 2)]
    assert finding.message == "“The loss of hair” repeats “Hair loss”."
    (rewrite,) = finding.rewrites
    (edit,) = rewrite.edits
    removed = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert rewrite == Rewrite(RewriteKind.SAFE, "Remove the repeated item.", (Edit(edit.span, ""),))
    assert removed == "- Hair loss\n- Knee pain\n- End\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("draft.md", "- Hair loss\n- Knee pain\n- hair loss\n"),
        ("draft.txt", "We treat:\n\n• Hair loss\n• Knee pain\n• hair loss\n"),
        ("draft.html", "<ul><li>Hair loss</li><li>Knee pain</li><li>hair loss</li></ul>"),
    ],
)
def test_every_format(flag: Flag, path: str, text: str) -> None:
    """Lists of all formats are compared."""
    assert duplicates(flag, text, path=path) == ["hair loss"]


def test_three_of_a_kind(run: Lint) -> None:
    """Each later item is reported against the first."""
    findings = run("- Pain\n- pain\n- pains\n", path="draft.md").findings
    assert [(each.match, each.evidence[0].match) for each in findings] == [
        ("pain", "Pain"),
        ("pains", "Pain"),
    ]


def test_lists_are_apart(flag: Flag) -> None:
    """Neither nested lists nor lists of other sections are compared with each other."""
    nested = "- Knee\n  - Pain\n  - Swelling\n- Hip\n  - Pain\n- Swelling\n"
    sections = "# One\n\n- Pain\n\n# Two\n\n- Pain\n"
    assert duplicates(flag, nested) == []
    assert duplicates(flag, sections) == []


def test_synonyms_come_from_the_lexicon(flag: Flag) -> None:
    """Names of one thing in the lexicon count as the same item."""
    text = "- COPD\n- MS\n- Chronic obstructive pulmonary disease\n- PRP\n- Platelet-rich plasma\n"
    expected = ["Chronic obstructive pulmonary disease", "Platelet-rich plasma"]
    assert duplicates(flag, text) == expected


def test_sibling_lists_of_a_section(flag: Flag, make_ruleset: MakeRuleset, run: Lint) -> None:
    """With `scope: section` sibling lists are compared, and nothing is removed by itself."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: duplicate-item
          severity: suggestion
          check: {type: duplicate-items, scope: section}
          message: "{first}"
        """
    )
    siblings = "# One\n\nHere:\n\n- Pain\n- Rash\n\nThere:\n\n- rash\n- Cough\n\n# Two\n\n- Pain\n"
    nested = "- Knee\n  - Pain\n- Hip\n  - Pain\n- Pain\n"
    assert flag(siblings, ruleset, path="draft.md") == [("sought", "rash")]
    assert flag("- Pain\n- pain\n", ruleset, path="draft.md") == []
    assert flag(nested, ruleset, path="draft.md") == []
    assert run(siblings, ruleset, path="draft.md").findings[0].rewrites == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Effects: dry mouth, sore eyes, dry mouth.", ["dry mouth"]),
        ("Effects: dry mouth; sore eyes; Dry mouth", ["Dry mouth"]),
        ("Bring: (1) old letters, (2) the tablets and (3) old letters.", ["old letters"]),
        ("Bring: (1) old letters, (2) the tablets, and (3) old letters!", ["old letters"]),
        ("Bring: a) old letters; b) the tablets; c) the old letter.", ["the old letter"]),
        ("Old letters; the tablets; old letters.", ["old letters"]),
        ("First: old letters. Then: the tablets, old letters, a coat.", []),
        # One word may come twice, two parts are no list, and a comma may part digits.
        ("Day one: rest, walk, rest.", []),
        ("Effects: dry mouth, dry mouth.", []),
        ("Doses: 1,000 mg now, 2,000 mg then, 3,000 mg later.", []),
        ("Old letters, the tablets, old letters.", []),
        # In four and more, a long word may not, unless they are the steps of something counted.
        ("Effects: nausea, headache, dizziness, nausea.", ["nausea"]),
        ("Effects: sore, tired, dizzy, sore.", []),
        ("Day 1: water, walking, headache, water.", []),
        # A list of prose has four parts and ends with "and"; its first item ends what opens it.
        ("We look after old letters, coats, tablets and old letters.", ["old letters"]),
        ("We look after coats, tablets, the old letters, or old letters.", []),
        ("We look after tablets, the coats, letters, or tablets.", ["tablets"]),
        ("We look after coats, tablets, coats.", []),
        ("They ask for stem cells, skin cells, blood cells, or cells of the blood.", []),
        ("It grows, and it grows again, and again and again.", []),
        ("Coats are for letters; letters may be for tablets, coats or both.", []),
    ],
)
def test_the_list_of_a_sentence(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """With `scope: sentence` the parts of a list within a sentence are compared."""
    ruleset = make_ruleset(
        """
        - id: sought
          category: duplicate-item
          check: {type: duplicate-items, scope: sentence}
          message: "{first}"
        """
    )
    assert flag(text, ruleset, path="draft.md") == [("sought", each) for each in expected]
