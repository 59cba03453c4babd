"""Scores on pages and in brief: who sells, what is doubted, and which rule speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint import engine, incremental, longrun
from medlint.config import Settings
from medlint.errors import RulesetError
from medlint.findings import Product
from medlint.parsing import parse
from medlint.scoring import claims_in, most_telling, page_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

RULES = """
- id: cures
  category: cure
  tier: {tier}
  check: {{type: phrase, any: ["cures {{disease}}"]}}
  message: "{{match}}"
- id: adds-up
  category: treatment-claim
  tier: weak
  severity: suggestion
  check:
    type: score
    words: 2
    found: 10
    points: {{improve: 10, harm: -15}}
    terms: {{"^ so": 5, "again .": 5, your sleep: 5}}
    {more}
  message: "{{match}}"
"""
CLAIM = "It cures arthritis."
CALL = "Call us at noon. "
# As many sentences of which nothing is known as make a page.
PAGE = CALL * 12


def rules(make_ruleset: MakeRuleset, more: str, *, tier: str = "weak", also: str = "") -> Ruleset:
    """Compile a weak rule, a score with further keys, and further rules."""
    return make_ruleset(RULES.format(tier=tier, more=more) + also)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ("So he slept.", False),
        ("Sleep improves your sleep again.", True),
        ("So your sleep improves.", True),
        ("Your sleep improves again and again.", True),
        ("Your own sleep improves.", False),
        ("Again, so to say, sleep improves.", False),
    ],
)
def test_neighbouring_words_count(
    flag: Flag, make_ruleset: MakeRuleset, said: str, *, is_found: bool
) -> None:
    """Two words side by side have points of their own, and so have the edges of a sentence."""
    ruleset = rules(make_ruleset, "least: 20")
    found = [match for rule, match in flag(f"{PAGE}{CLAIM} {said}", ruleset) if rule == "adds-up"]
    assert found == ([said.rstrip(".")] if is_found else [])


LONGER = """
- id: cures
  category: cure
  tier: weak
  check: {type: phrase, any: ["cures {disease}"]}
  message: "{match}"
- id: adds-up
  category: treatment-claim
  tier: weak
  check:
    type: score
    words: 2
    least: 10
    points: {}
    terms: {"{disease} goes away": 10, "for {disease}": 10, "sleep _ again": 10, "^ our own": 10}
  message: "{match}"
"""


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        # A name in braces is what its concept names, however many words that takes.
        ("Rheumatoid arthritis goes away.", True),
        ("Arthritis goes away.", True),
        ("Arthritis soon goes away.", False),
        ("Rest is for rheumatoid arthritis.", True),
        ("Rest is for the rheumatoid.", False),
        # One word, whichever, stands between two.
        ("Sleep well again.", True),
        ("Sleep again.", False),
        ("Sleep very well again.", False),
        ("Our own way.", True),
        ("It is our own way.", False),
    ],
)
def test_terms_of_several_words(
    flag: Flag, make_ruleset: MakeRuleset, said: str, *, is_found: bool
) -> None:
    """Three words side by side, two around any, and what stands for the words of a concept."""
    found = [rule for rule, _ in flag(f"{PAGE}{CLAIM} {said}", make_ruleset(LONGER))]
    assert found == ["cures", *(["adds-up"] if is_found else [])]


@pytest.mark.parametrize(
    ("sentences", "parts"),
    [
        (9, [None] * 9),
        (10, ["opening"] * 2 + ["second"] * 2 + ["third"] * 2 + ["fourth"] + ["closing"] * 3),
    ],
)
def test_a_page_has_parts(sentences: int, parts: list[str | None]) -> None:
    """Two sentences open it, three close it, and fifths lie between."""
    assert [part and part.value for part in page_parts(sentences)] == parts


def test_points_for_a_part_of_a_page(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """The same words may claim at the end of a page and not where it opens."""
    ruleset = rules(make_ruleset, "least: 20\n    parts: {opening: -30, closing: 5}")
    said = "So your sleep improves. "
    assert [rule for rule, _ in flag(f"{said}{CLAIM} {PAGE}", ruleset)] == ["cures"]
    assert [rule for rule, _ in flag(f"{CLAIM} {PAGE}{said}", ruleset)] == ["cures", "adds-up"]


def test_terms_name_known_concepts(make_ruleset: MakeRuleset) -> None:
    """A wrong name in braces is told, with the right one."""
    with pytest.raises(RulesetError, match="unknown concept “diseases”; did you mean “disease”"):
        make_ruleset(LONGER.replace("for {disease}", "for {diseases}"))


def test_points_are_those_that_are_told(make_ruleset: MakeRuleset) -> None:
    """What a sentence comes to is the sum of what an explanation lists."""
    ruleset = rules(make_ruleset, "least: 20\n    short: -3", also=KINDS)
    text = "We offer:\n\n- So your sleep improves again.\n- Sleep.\n\nBleeding improves gently."
    run = engine.Run(parse(text, path="draft.md"), ruleset, Settings())
    told = [
        (
            score.own(view.tagged),
            sum(each for _, each, _ in score.check.counted(score.points, view.tagged)),
        )
        for score in run.scores()
        for view in run.sentences
    ]
    assert [own for own, _ in told] == [total for _, total in told]
    assert {own for own, _ in told} == {-8, -3, 0, 3, 4, 25}


@pytest.mark.parametrize(("totals", "told"), [([4], 4), ([1, 5], 3), ([9] * 8 + [0] * 40, 9)])
def test_half_of_a_page_tells(totals: list[int], told: float) -> None:
    """At least two sentences count, at most eight, those with the most points."""
    assert most_telling(totals) == told


def test_points_tell_whether_a_page_sells(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """However much it informs: without the key the register's cues decide, and they say no."""
    informing = "Talk to your doctor about side effects. A randomised trial ran. " * 6
    text = f"{informing}{CLAIM} So your sleep improves again. "
    assert flag(text * 2, rules(make_ruleset, "least: 20")) == []
    told = flag(text * 2, rules(make_ruleset, "least: 20\n    sells: 5"))
    assert [rule for rule, _ in told] == ["cures", "adds-up"] * 2
    assert flag(text * 2, rules(make_ruleset, "least: 20\n    sells: 9")) == []


def test_no_cue_counts_where_points_say_that_a_page_does_not_sell(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """Beside a cue a weak finding stands where cues decide, and on pages too short for points."""
    informing = "Talk to your doctor about side effects. A randomised trial ran. " * 12
    text = f"{informing}Book now, for our clinic cures arthritis. "
    assert [rule for rule, _ in flag(text, rules(make_ruleset, "least: 50"))] == ["cures"]
    weighed = rules(make_ruleset, "least: 50\n    sells: 40")
    assert flag(text, weighed) == []
    short = text.removeprefix(informing[: len(informing) // 3])
    assert [rule for rule, _ in flag(short, weighed)] == ["cures"]


@pytest.mark.parametrize(
    ("said", "tier", "is_found"),
    [
        (CLAIM, "weak", True),
        ("So it cures arthritis again.", "weak", True),
        ("It cures arthritis after bleeding.", "weak", False),
        ("It cures arthritis after bleeding.", "strong", True),
    ],
)
def test_weak_findings_are_doubted(
    run: Lint, make_ruleset: MakeRuleset, said: str, tier: str, *, is_found: bool
) -> None:
    """A finding falls with the points of its sentence, and one of a strong rule does not."""
    ruleset = rules(make_ruleset, "least: 40\n    doubt: 0", tier=tier)
    outcome = run(f"{PAGE}{said}", ruleset)
    assert [each.rule for each in outcome.findings] == (["cures"] if is_found else [])
    told = [(each.rule, each.by) for each in outcome.silenced]
    assert told == ([] if is_found else [("cures", "points: too few for a claim")])


KINDS = """
- id: kind-one
  category: hype
  tier: weak
  check:
    type: score
    instead-of: [adds-up]
    least: 3
    points: {}
    terms: {gently: 4}
  message: "{match}"
- id: kind-two
  category: safety
  tier: weak
  check:
    type: score
    instead-of: [adds-up]
    least: 3
    points: {}
    terms: {gently: 3, softly: 9}
  message: "{match}"
"""


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("So your sleep improves again.", "adds-up"),
        ("So your sleep gently improves again.", "kind-one"),
        ("So your sleep gently and softly improves again.", "kind-two"),
    ],
)
def test_the_likeliest_kind_speaks(
    flag: Flag, make_ruleset: MakeRuleset, said: str, rule: str
) -> None:
    """The one furthest beyond its least takes over; one that is off does not."""
    ruleset = rules(make_ruleset, "least: 20", also=KINDS)
    text = f"{PAGE}{CLAIM} {said}"
    assert [name for name, _ in flag(text, ruleset)] == ["cures", rule]
    off = {"kind-one": False, "kind-two": False}
    assert [name for name, _ in flag(text, ruleset, rules=off)] == ["cures", "adds-up"]
    alone = f"{PAGE}{CLAIM} Gently and softly."
    assert [name for name, _ in flag(alone, ruleset)] == ["cures"]


BRIEF = """
- id: in-brief
  category: treatment-claim
  tier: weak
  check:
    type: score
    brief: true
    words: 2
    least: 10
    doubt: 0
    found: 10
    points: {improve: 10, harm: -15}
    terms: {so: 5}
  message: "{match}"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your sleep improves.", [("in-brief", "Your sleep improves")]),
        ("So it is. Your sleep improves.", [("in-brief", "Your sleep improves")]),
        ("Your sleep improves. It may lead to bleeding.", []),
        ("It cures arthritis.", [("cures", "cures arthritis")]),
        ("It cures arthritis after bleeding.", []),
        ("It cures arthritis. It may lead to bleeding.", [("cures", "cures arthritis")]),
        ("It cures arthritis after bleeding. Sleep improves.", [("cures", "cures arthritis")]),
        (f"{PAGE}Your sleep improves.", []),
    ],
    ids=[
        "a line",
        "the most telling sentence",
        "the draft as a whole",
        "a finding stands",
        "a doubted one falls",
        "doubt is about its own sentence",
        "the draft speaks for a sentence",
        "no draft of a few words",
    ],
)
def test_a_few_words_are_weighed_together(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[tuple[str, str]]
) -> None:
    """In a short draft a claim may be all that there is."""
    ruleset = rules(make_ruleset, "least: 90", also=BRIEF)
    assert flag(text, ruleset) == expected


def test_what_an_expression_finds_makes_its_sentence_claim(make_ruleset: MakeRuleset) -> None:
    """It belongs to no one sentence, so it counts for each that it touches."""
    expression = """
- id: stars
  category: endorsement
  check: {type: pattern, regex: "(?-i:Stars).*"}
  message: "{match}"
"""
    ruleset = rules(make_ruleset, "least: 20", also=expression)
    document = parse("Call us. Five Stars. Call again.\n\nCall us.", path="draft.md")
    run = engine.Run(document, ruleset, Settings())
    claims = claims_in(run.sentence_stage(), run.sentences)
    assert (claims.counts, claims.rules, claims.share) == ((0, 1, 1, 0), 1, 0.5)


@pytest.mark.parametrize("product", [Product.AUTO, Product.DEVICE])
def test_every_way_to_run_agrees(make_ruleset: MakeRuleset, product: Product) -> None:
    """Long documents and edited ones come to the same findings."""
    keys = "least: 20\n    sells: 0\n    doubt: 0"
    ruleset = rules(make_ruleset, keys, also=KINDS + BRIEF)
    settings = Settings(product=product)
    texts = [
        "So your sleep gently improves again.",
        f"{PAGE}{CLAIM} So your sleep gently improves again. It cures arthritis after bleeding.",
        f"# Sleep\n\n{CLAIM} {CLAIM}\n\n- So your sleep improves again\n- {CALL}\n\n{PAGE}",
    ]
    memory = None
    for text in texts:
        document = parse(text, path="draft.md")
        whole = engine.lint(document, ruleset, settings)
        again, memory = incremental.lint(document, ruleset, settings, memory)
        assert longrun.lint(document, ruleset, settings).findings == whole.findings
        assert again.findings == whole.findings
        assert whole.findings


DENIALS = """
- {guard: negated, cues: [not]}
- {guard: question, cues: [can], affirmed: ["yes"], question: true}
- {guard: hedged, cues: [may]}
- {guard: rejected, direction: backward, reach: next, cues: [myth], terminators: [fact]}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your sleep improves. That is a myth.", []),
        ("It is no myth that sleep improves.", ["It is no myth that sleep improves"]),
        ("The fact: your sleep improves. A myth.", ["The fact: your sleep improves"]),
        ("Sleep improves. That is a myth. Then sleep improves.", ["Then sleep improves"]),
        ("Bleeding. Or a myth. Then sleep improves.", []),
    ],
    ids=[
        "denied by the next",
        "a cue in the sentence itself does not count",
        "set apart from the next",
        "another sentence claims it",
        "what is denied may speak against a claim",
    ],
)
def test_points_without_guards_hear_what_other_sentences_deny(
    flag: Flag, make_ruleset: MakeRuleset, text: str, expected: list[str]
) -> None:
    """Points know a sentence's own denials by its words."""
    brief = BRIEF.replace("brief: true", "brief: true\n    guarded: false")
    ruleset = make_ruleset(RULES.format(tier="weak", more="least: 90") + brief, guards=DENIALS)
    assert flag(text, ruleset) == [("in-brief", match) for match in expected]


def test_points_of_a_page_hear_denials_too(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """As in a few words, the guards are asked about other sentences."""
    more = "guarded: false\n    least: 10"
    ruleset = make_ruleset(RULES.format(tier="weak", more=more), guards=DENIALS)
    for said, found in (("A myth.", ["cures"]), ("So it is.", ["cures", "adds-up"])):
        text = f"{PAGE}{CLAIM}\n\nYour sleep improves. {said}"
        assert [rule for rule, _ in flag(text, ruleset)] == found
