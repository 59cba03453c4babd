"""The stages of a run: what each hands on, and by what it is kept back."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from medlint.config import Settings
from medlint.document import Span
from medlint.engine import Run
from medlint.findings import Category, Product, Severity
from medlint.parsing import parse
from medlint.register import Score
from medlint.results import Silenced
from medlint.scoring import claims_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

INFORMS = (
    "Talk to your doctor. It has many side effects. A randomised trial was stopped. The knee joins"
    " the thigh with the shin. Its surface has no vessels of its own, and so it is slow. "
)
LONG = INFORMS + "A joint is where two bones meet, and many have a fluid between them. " * 10
# The strictest first.
STATUSES = ("unapproved", "investigational", "supplement", "device", "approved", "service")


def rule(name: str, phrase: str, category: str = "hype", more: str = "") -> str:
    """Return a rule with one phrase."""
    return f"""
- id: {name}
  category: {category}
  check: {{type: phrase, any: ["{phrase}"]}}
  message: "{{match}}"
  {more}
"""


# What is promoted


def test_the_strictest_status_counts(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A page that names several therapies goes by the strictest, whichever comes first."""
    lexicon = "".join(
        f"- {{concept: {status}-thing, status: {status}, terms: [{status} thing]}}\n"
        for status in STATUSES
    )
    rules = "".join(rule(f"of-{each}", "gold", more=f"products: [{each}]") for each in STATUSES)
    ruleset = make_ruleset(rules, lexicon=lexicon)
    for stricter, milder in combinations(STATUSES, 2):
        for one, other in ((stricter, milder), (milder, stricter)):
            text = f"Gold, a {one} thing and a {other} thing."
            assert flag(text, ruleset) == [(f"of-{stricter}", "Gold")]
        # What the settings say wins, and a page without any is about a service.
        text = f"Gold, a {stricter} thing."
        assert flag(text, ruleset, product=Product(milder)) == [(f"of-{milder}", "Gold")]
    assert flag("Gold.", ruleset) == [("of-service", "Gold")]


DUTY = """
- id: owed
  category: missing-risk
  check: {type: requires, if: {rules: [claims]}, then: {any: ["{harm}"]}}
  message: "Owed."
"""


@pytest.mark.parametrize(
    ("enabled", "settings", "expected"),
    [
        ("true", {}, ["claims", "owed"]),
        ("true", {"rules": {"claims": False}}, []),
        ("true", {"rules": {"hype": False}}, []),
        ("true", {"rules": {"hype": False, "claims": Severity.ERROR}}, ["claims", "owed"]),
        ("true", {"rules": {"hype": Severity.ERROR, "claims": False}}, []),
        # What is not selected, or ignored, is not told, but still owes.
        ("true", {"select": frozenset({"owed"})}, ["owed"]),
        ("true", {"ignore": frozenset({"claims"})}, ["owed"]),
        ("true", {"select": frozenset({"claims"})}, ["claims"]),
        # What the ruleset leaves off owes nothing, unless it is asked for.
        ("false", {}, []),
        ("false", {"select": frozenset({"claims", "owed"})}, ["claims", "owed"]),
        ("false", {"rules": {"claims": Severity.ERROR}}, ["claims", "owed"]),
        ("false", {"rules": {"claims": False}}, []),
    ],
)
def test_what_counts_towards_a_duty(
    flag: Flag,
    make_ruleset: MakeRuleset,
    enabled: str,
    settings: dict[str, object],
    expected: list[str],
) -> None:
    """A rule that is off makes no claim; one that is merely not reported does."""
    ruleset = make_ruleset(rule("claims", "gold", more=f"enabled: {enabled}") + DUTY)
    found = flag("Gold.", ruleset, **settings)
    assert sorted(name for name, _ in found) == expected


# Gathering and the order of rules


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_match_in_the_lead_in_ends_no_search(
    flag: Flag, make_ruleset: MakeRuleset, names: tuple[str, str]
) -> None:
    """What the lead-in says by itself is found there, once, and the item is searched on."""
    one, other = names
    ruleset = make_ruleset(
        rule(one, "golden") + rule(other, "silver", "safety") + rule("c", "golden .. pain", "cure")
    )
    found = flag("The golden rules:\n\n- silver\n- pain, silver\n", ruleset, path="draft.md")
    assert sorted(found) == sorted(
        [(one, "golden"), (other, "silver"), ("c", "pain"), (other, "silver")]
    )


def test_rules_of_every_kind_stand_side_by_side(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Rules about the page and rules that find nothing end no stage, wherever they stand."""
    pattern = """
- id: {0}-price
  category: inducement
  check: {{type: pattern, regex: '{1}'}}
  message: "{{match}}"
"""
    items = """
- id: {0}-items
  category: duplicate-item
  check: {{type: duplicate-items}}
  message: "{{match}}"
"""
    parts = []
    for letter in "acegi":
        parts += [
            rule(f"{letter}-nothing", "nowhere"),
            DUTY.replace("owed", f"{letter}-owed").replace("[claims]", f"[{letter}-claims]"),
            items.format(letter),
            rule(f"{letter}-off", "gold", more="enabled: false"),
            rule(f"{letter}-claims", f"gold {letter}", "cure"),
            pattern.format(letter, f"[$]{ord(letter)}"),
        ]
    text = "".join(f"Gold {letter} ${ord(letter)}. " for letter in "acegi")
    found = flag(text, make_ruleset("".join(parts)), path="draft.md")
    expected = [
        each
        for letter in "acegi"
        for each in (
            (f"{letter}-claims", f"Gold {letter}"),
            (f"{letter}-owed", f"Gold {letter}"),
            (f"{letter}-price", f"${ord(letter)}"),
        )
    ]
    assert sorted(found) == sorted(expected)


def test_rules_about_the_page_look_where_they_are_told(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """What a rule finds in a kind of block that it leaves out keeps nothing else from it."""
    ruleset = make_ruleset(
        """
        - id: price
          category: inducement
          where: [paragraph]
          check: {type: pattern, regex: '[$]\\d'}
          message: "{match}"
        - id: close
          category: hype
          where: [paragraph]
          check: {type: near, first: [gold], second: [silver]}
          message: "{match}"
        """
    )
    text = "# Gold, silver, $1\n\nGold, silver, $2.\n"
    assert flag(text, ruleset, path="draft.md") == [("close", "Gold, silver"), ("price", "$2")]


# Guards

GUARDED = """
- id: sought
  category: hype
  tier: {tier}
  severity: error
  check: {{type: phrase, any: [gold]}}
  guards:
    {{negated: drop, question: drop, hedged: downgrade, rejected: keep, first: {first},
     second: downgrade}}
  message: "{{match}}"
"""
GUARDS = """
- {guard: negated, cues: [not]}
- {guard: question, cues: [can], affirmed: ["yes"], question: true}
- {guard: hedged, cues: [may]}
- {guard: rejected, cues: [myth]}
- {guard: first, cues: [hardly], direction: both, reach: block}
- {guard: second, cues: [unproven], direction: both, reach: next, limits: true}
"""


@pytest.mark.parametrize(
    ("text", "tier", "first", "expected"),
    [
        ("Gold.", "weak", "drop", ("error", "")),
        ("May be gold.", "weak", "drop", ("warning", "")),
        # A cue that is there and governs nothing leaves the others their say.
        ("May be gold, not tin.", "weak", "drop", ("warning", "")),
        ("Gold, not tin. Hardly so.", "weak", "drop", ("", "guard first: “Hardly”")),
        ("Not tin. Not gold. Hardly so.", "weak", "drop", ("", "guard negated: “Not”")),
        ("One. May be gold. Hardly so.", "weak", "drop", ("", "guard first: “Hardly”")),
        ("Hardly so. One. Gold.", "weak", "drop", ("", "guard first: “Hardly”")),
        ("Hardly so. One. Gold.", "weak", "downgrade", ("warning", "")),
        ("Hardly so. One. Gold.", "weak", "keep", ("error", "")),
        # A stated limit in the same sentence, and another guard beside it.
        ("Gold, unproven.", "weak", "drop", ("warning", "")),
        ("May be gold, unproven.", "weak", "drop", ("", "guards hedged and second")),
        ("May be gold, unproven.", "strong", "drop", ("warning", "")),
        ("May be gold. It is unproven.", "weak", "drop", ("warning", "")),
        ("Hardly gold, may be gold.", "weak", "downgrade", ("warning", "")),
        ("Hardly gold, unproven.", "weak", "downgrade", ("", "guards first and second")),
        ("Gold, unproven. Hardly so.", "weak", "downgrade", ("warning", "")),
    ],
)
def test_what_becomes_of_a_match(  # noqa: PLR0913, PLR0917 - rule, guards and text
    run: Lint,
    make_ruleset: MakeRuleset,
    text: str,
    tier: str,
    first: str,
    expected: tuple[str, str],
) -> None:
    """Each guard is asked in turn; the first that drops a match is told, and so are limits."""
    ruleset = make_ruleset(GUARDED.format(tier=tier, first=first), guards=GUARDS)
    outcome = run(text, ruleset)
    found = "".join({finding.severity.value for finding in outcome.findings})
    told = "".join(dict.fromkeys(silenced.by for silenced in outcome.silenced))
    assert (found, told) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Can it be gold?\n\nYes.", True),
        ("# Can it be gold?\n\nNo.", False),
        ("# Can it be gold?\n\nNo. Yes.", False),
        ("# Can it be gold? Or tin?\n\nYes.", False),
        ("# Can it be gold? Yes.\n\nNo.", True),
        ("# Is it tin? Can it be gold?\n\nYes.", True),
        ("# Is it tin? Can it be gold?\n\nNo.", False),
        ("Call.\n\n# Can it be gold?\n\nYes.", True),
        ("Call.\n\n# Can it be gold?\n\nNo.\n\nYes.", False),
        ("Yes.\n\n# Can it be gold?\n\nNo.", False),
        ("# Can it be gold?", False),
    ],
)
def test_the_answer_to_a_heading_stands_below(
    flag: Flag,
    make_ruleset: MakeRuleset,
    text: str,
    found: bool,  # noqa: FBT001
) -> None:
    """Right behind the question: in the heading itself, or first in the block below."""
    ruleset = make_ruleset(GUARDED.format(tier="strong", first="keep"), guards=GUARDS)
    assert flag(text, ruleset, path="draft.md") == [("sought", "gold")] * found


def test_what_a_guard_silenced_stands_where_it_is(run: Lint, make_ruleset: MakeRuleset) -> None:
    """With the rule, its category, its place and the cue, in another sentence too."""
    ruleset = make_ruleset(GUARDED.format(tier="strong", first="drop"), guards=GUARDS)
    text = "**One.** Some gold here. Hardly\nso."
    assert run(text, ruleset, path="draft.md").silenced == (
        Silenced(
            rule="sought",
            category=Category.HYPE,
            span=Span(14, 18),
            by="guard first: “Hardly”",
        ),
    )


# The register


@pytest.mark.parametrize(("words", "kept"), [(39, False), (40, True)])
def test_a_rule_may_ask_for_a_page(
    run: Lint,
    make_ruleset: MakeRuleset,
    words: int,
    kept: bool,  # noqa: FBT001
) -> None:
    """With `page: true` a weak rule is silent where a draft is too short to show what it is."""
    ruleset = make_ruleset("""
    - {id: sought, tier: weak, page: true, message: x, check: {type: phrase, any: [gold]}}
    """)
    filler = ["the knee is a joint of the leg and it bends"] * 4
    text = " ".join(["Call us.", *" ".join(filler).split()[: words - 3], "gold"])
    outcome = run(text, ruleset, path="draft.md")
    assert [each.rule for each in outcome.findings] == ["sought"] * kept
    assert [each.by for each in outcome.silenced] == (
        [] if kept else ["page: the draft is too short to sell"]
    )


TIERS = """
- {id: sure, category: cure, message: x, check: {type: phrase, any: [gold]}}
- {id: likely, category: hype, tier: weak, severity: error, message: x,
   check: {type: phrase, any: [silver]}}
- {id: maybe, category: evidence, tier: weak, severity: warning, message: x,
   check: {type: phrase, any: [bronze]}}
- {id: hardly, category: safety, tier: weak, severity: suggestion, message: x,
   check: {type: phrase, any: [tin]}}
- {id: price, category: inducement, message: x, check: {type: pattern, regex: '[$]1'}}
"""


@pytest.mark.parametrize(
    ("text", "promotion", "claims"),
    [
        ("Gold.", 2.0, 0.0),
        ("Silver.", 0.0, 1.5),
        ("Bronze.", 0.0, 0.95),
        ("Tin.", 0.0, 0.95),
        # One match a sentence, and the weightiest of the weak ones; a strong one beside it counts
        # instead.
        ("Gold, gold.", 2.0, 0.0),
        ("Gold. Gold.", 4.0, 0.0),
        ("Silver and bronze.", 0.0, 1.5),
        ("Bronze and silver.", 0.0, 1.5),
        ("Gold and silver.", 2.0, 0.0),
        ("Gold. Silver.", 2.0, 1.5),
        ("Silver.\n\nSilver.", 0.0, 3.0),
        # A hedge makes a weak claim weaker, not a strong one.
        ("May be silver.", 0.0, 0.6),
        ("May be tin.", 0.0, 0.6),
        ("May be gold.", 2.0, 0.0),
        ("May be silver, bronze.", 0.0, 0.6),
        # What stands in no sentence claims nothing.
        ("$1", 0.0, 0.0),
    ],
)
def test_what_claims_weigh(
    make_ruleset: MakeRuleset, text: str, promotion: float, claims: float
) -> None:
    """Each sentence adds what its claim weighs to the page, by the rule's own severity."""
    run = Run(parse(text, path="draft.md"), make_ruleset(TIERS), Settings())
    page = run.register(run.sentence_stage()).page
    assert page == Score(promotion, 0.0, pytest.approx(claims), 0.0, page.words)
    assert page.words == len(re.findall(r"\w+", text))


def test_sections_weigh_apart(make_ruleset: MakeRuleset) -> None:
    """What is claimed under one heading does not let the next one sell."""
    text = f"# One\n\n{'Gold. ' * 4}\n\n# Two\n\n{LONG}\n"
    run = Run(parse(text, path="draft.md"), make_ruleset(TIERS), Settings())
    register = run.register(run.sentence_stage())
    assert [register.promotes(section) for section in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"A silver one. {INFORMS}{INFORMS}", False),
        (f"A silver and gold one. {INFORMS}{INFORMS}", True),
        # Neither the same place in another block nor another sentence of the same is beside it.
        (f"A silver one. Gold. {INFORMS}{INFORMS}", False),
        (f"A silver one.\n\nGold.\n\n{INFORMS}{INFORMS}", False),
        (f"A silver one from our clinic. {INFORMS}{INFORMS}", True),
        (f"A silver one. Our clinic. {INFORMS}{INFORMS}", False),
        (f"A silver one.\n\nOur clinic.\n\n{INFORMS}{INFORMS}", False),
        ("A silver one.", True),
    ],
)
def test_what_lets_a_weak_rule_speak(
    run: Lint,
    make_ruleset: MakeRuleset,
    text: str,
    kept: bool,  # noqa: FBT001
) -> None:
    """A page that sells, or in the sentence itself a strong claim or a cue; else it is told why."""
    outcome = run(text, make_ruleset(TIERS), path="draft.md")
    assert [each.rule for each in outcome.findings if each.rule != "sure"] == ["likely"] * kept
    silenced = Silenced(
        rule="likely",
        category=Category.HYPE,
        span=Span(2, 8),
        by="tier weak: the text around it informs",
    )
    assert outcome.silenced == (() if kept else (silenced,))


# Points that add up

ADDS_UP = """
- id: cures
  category: cure
  check: {{type: phrase, any: ["cures {{disease}}"]}}
  message: "{{match}}"
- id: adds-up
  category: treatment-claim
  tier: weak
  severity: suggestion
  guards: {{negated: drop, hedged: {hedged}}}
  where: [paragraph, list-item]
  check:
    type: score
    least: {least}
    neighbours: {neighbours}
    words: 3
    points: {{improve: 4, function: 2, harm: -9}}
  message: "{{match}}"
"""
TELLING = "So sleep improves again."
SAID = TELLING[:-1]
# Points count on a page that claims something; this is too far away to count as a neighbour.
ELSEWHERE = "It cures arthritis.\n\nCall us.\n\nCall us.\n\n"


def adds_up(
    make_ruleset: MakeRuleset,
    *,
    least: int = 6,
    neighbours: int = 0,
    hedged: str = "downgrade",
) -> Ruleset:
    """Compile a rule of points."""
    options = {"least": least, "neighbours": neighbours, "hedged": hedged}
    return make_ruleset(ADDS_UP.format(**options))


def found(flag: Flag, text: str, ruleset: Ruleset, **settings: object) -> list[str]:
    """Return what the rule of points finds on a page with a claim."""
    matches = flag(ELSEWHERE + text, ruleset, path="draft.md", **settings)
    return [match for name, match in matches if name == "adds-up"]


@pytest.mark.parametrize("claims", [(), (0,), (1,), (2,), (3,), (4,), (5,), (6,), (0, 6), (1, 5)])
def test_two_sentences_on_either_side_count(
    flag: Flag, make_ruleset: MakeRuleset, claims: tuple[int, ...]
) -> None:
    """Claims up to two sentences away make a sentence tell more, and no further ones do."""
    ruleset = adds_up(make_ruleset, least=8, neighbours=2)
    sentences = ["Call us."] * 7
    sentences[3] = TELLING
    for number in claims:
        if number != 3:
            sentences[number] = "It cures arthritis."
    near = [number for number in claims if number != 3 and 1 <= number <= 5]
    expected = [SAID] * bool(near)
    assert found(flag, " ".join(sentences), ruleset) == expected
    # Blocks make no difference.
    assert found(flag, "\n\n".join(sentences), ruleset) == expected


@pytest.mark.parametrize("number", range(4))
def test_the_first_and_last_sentences_have_fewer_around(
    flag: Flag, make_ruleset: MakeRuleset, number: int
) -> None:
    """All claims within reach are counted, at the edges of a draft too."""
    sentences = ["It cures arthritis."] * 3
    sentences.insert(number, TELLING)
    text = " ".join(sentences)
    near = {0: 2, 1: 3, 2: 3, 3: 2}[number]
    points = 6 + 5 * near
    assert found(flag, text, adds_up(make_ruleset, least=points, neighbours=5)) == [SAID]
    assert found(flag, text, adds_up(make_ruleset, least=points + 1, neighbours=5)) == []


def test_a_sentence_with_a_claim_is_left_alone(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """What adds up in it is said already; the sentences before and behind are looked at."""
    claim = "It cures arthritis and improves sleep."
    ruleset = adds_up(make_ruleset)
    assert found(flag, f"{TELLING} {claim} {TELLING}", ruleset) == [SAID] * 2
    assert found(flag, claim, ruleset) == []


def test_points_count_where_the_rule_looks(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Kinds of blocks that it leaves out are passed over, and so are sections that inform."""
    ruleset = adds_up(make_ruleset)
    text = f"# {TELLING}\n\n> {TELLING}\n\n- {TELLING}\n\n{TELLING}\n"
    assert found(flag, text, ruleset) == [SAID] * 2
    text = (
        f"# Risks\n\n{INFORMS}{LONG}\n\n{TELLING}\n\n# Offer\n\nCall us. Our clinic.\n\n{TELLING}"
    )
    text += " It cures arthritis." * 6
    assert found(flag, text, ruleset) == [SAID]
    assert found(flag, f"{INFORMS}{INFORMS}{TELLING}", ruleset) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 1),
        ({"rules": {"adds-up": False}}, 0),
        ({"select": frozenset({"cures"})}, 0),
        ({"select": frozenset({"adds-up"})}, 1),
    ],
)
def test_points_count_for_a_rule_that_is_on(
    flag: Flag, make_ruleset: MakeRuleset, settings: dict[str, object], expected: int
) -> None:
    """A rule of points is switched like any other."""
    assert len(found(flag, TELLING, adds_up(make_ruleset), **settings)) == expected


@pytest.mark.parametrize(
    ("text", "hedged", "expected"),
    [
        ("So sleep improves again.", "drop", True),
        ("So it never improves sleep.", "drop", False),
        ("So sleep never improves.", "drop", False),
        ("So sleep, in our view, never improves.", "drop", False),
        ("So sleep may not hurt; it improves.", "drop", True),
        ("Sleep improves, never fear.", "drop", True),
        ("So sleep may improve again.", "drop", False),
        ("So sleep may improve again.", "downgrade", True),
        ("So sleep may improve again.", "keep", True),
    ],
)
def test_guards_stand_between_what_adds_up(
    flag: Flag,
    make_ruleset: MakeRuleset,
    text: str,
    hedged: str,
    expected: bool,  # noqa: FBT001
) -> None:
    """A cue that governs any of the telling words silences the sentence."""
    assert bool(found(flag, text, adds_up(make_ruleset, hedged=hedged))) is expected


def test_a_cue_between_telling_words_governs_each_of_them(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """A guard that wants its cue outside a match has it outside the next telling word."""
    guards = """
    - {guard: negated, cues: [never], whole: true}
    - {guard: question, cues: [can], affirmed: ["yes"], question: true}
    - {guard: hedged, cues: [may]}
    - {guard: rejected, cues: [myth]}
    """
    rules = ADDS_UP.format(least=6, neighbours=0, hedged="keep")
    ruleset = make_ruleset(rules, guards=guards)
    assert found(flag, "So sleep never improves.", ruleset) == []
    assert found(flag, "So never sleep improves.", ruleset) == []
    assert found(flag, "So sleep improves, never.", ruleset) == ["So sleep improves, never"]


def test_points_count_for_their_products_only(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A rule for another kind of product finds nothing; the first of those that are on does."""
    one = ADDS_UP.format(least=6, neighbours=0, hedged="keep")
    other = one.partition("- id: adds-up")[2].replace("tier: weak", "products: [device]")
    ruleset = make_ruleset(f"{one}\n- id: a-device{other}\n- id: z-device{other}")
    assert found(flag, TELLING, ruleset) == [SAID]
    assert run_rules(flag, ruleset, product=Product.DEVICE) == ["adds-up"]
    off = {"adds-up": False}
    assert run_rules(flag, ruleset, rules=off) == []
    assert run_rules(flag, ruleset, product=Product.DEVICE, rules=off) == ["a-device"]


def run_rules(flag: Flag, ruleset: Ruleset, **settings: object) -> list[str]:
    """Return the rules of points that find something in a telling sentence."""
    found_by = [name for name, _ in flag(ELSEWHERE + TELLING, ruleset, **settings)]
    return [name for name in found_by if name != "cures"]


def test_without_a_register_every_page_sells(make_ruleset: MakeRuleset) -> None:
    """Points and causes count in any text, as they do where one rule is tried by itself."""
    rules = ADDS_UP.format(least=6, neighbours=0, hedged="keep")
    text = f"{LONG}{TELLING} It cures arthritis. Some gold."
    duty = CAUSED.format(tier="weak").replace(", limited: downgrade", "")
    run = Run(parse(text, path="draft.md"), make_ruleset(rules + duty), Settings())
    register = run.register([])
    claims = claims_in(run.sentence_stage(), run.sentences)
    assert run.score_stage(claims, register) == []
    (kept,) = run.score_stage(claims)
    assert (kept.rule.id, kept.lowered) == ("adds-up", False)
    assert [each.rule.id for each in run.document_stage([], register)] == ["other"]
    assert [each.rule.id for each in run.document_stage([])] == ["owed", "other"]


# Duties


CAUSED = """
- id: owed
  category: missing-risk
  tier: {tier}
  guards: {{negated: drop, hedged: downgrade, limited: downgrade}}
  check:
    type: requires
    if: {{any: [gold]}}
    then: {{any: ["{{harm}}"], distinct: 2}}
    unless: [leaflet]
  message: "Owed."
- id: other
  category: missing-status
  check: {{type: requires, if: {{any: [gold]}}, then: {{any: [investigational]}}}}
  message: "Owed."
"""


@pytest.mark.parametrize(
    ("text", "tier", "expected"),
    [
        ("Gold.", "strong", ["other", "owed"]),
        ("No gold.", "strong", []),
        # Only a guard that drops lifts the cause.
        ("May be gold.", "strong", ["other", "owed"]),
        # What meets or lifts the duty is never weighed.
        ("May be gold, unproven.", "weak", ["other", "owed"]),
        ("Gold. No leaflet.", "strong", ["other"]),
        ("Gold. Infection, and never bleeding.", "strong", ["other"]),
        # In text that informs, a weak rule needs a cue beside its cause; a strong one does not.
        (f"Gold. {INFORMS}{INFORMS}", "strong", ["other", "owed"]),
        (f"Gold. {INFORMS}{INFORMS}", "weak", ["other"]),
        (f"Our clinic has gold. {INFORMS}{INFORMS}", "weak", ["other", "owed"]),
        (f"Our clinic. Gold. {INFORMS}{INFORMS}", "weak", ["other"]),
        (f"No gold. Our clinic has gold. {INFORMS}{INFORMS}", "weak", ["other", "owed"]),
        ("Gold.", "weak", ["other", "owed"]),
    ],
)
def test_what_causes_a_duty(
    flag: Flag, make_ruleset: MakeRuleset, text: str, tier: str, expected: list[str]
) -> None:
    """Causes are weighed like claims: by the guards that drop, and where the rule is weak."""
    guards = """
    - {guard: negated, cues: ["no", never]}
    - {guard: question, cues: [can], affirmed: ["yes"], question: true}
    - {guard: hedged, cues: [may]}
    - {guard: rejected, cues: [myth]}
    - {guard: limited, direction: backward, cues: [unproven], limits: true}
    """
    outcome = flag(text, make_ruleset(CAUSED.format(tier=tier), guards=guards))
    assert sorted(name for name, _ in outcome) == expected


def test_a_duty_met_elsewhere_ends_no_other(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Only the categories that a site answers for elsewhere are left out."""
    ruleset = make_ruleset(CAUSED.format(tier="strong").replace(", limited: downgrade", ""))
    for category, left in (("missing-risk", "other"), ("missing-status", "owed")):
        elsewhere = frozenset({category})
        assert flag("Gold.", ruleset, disclosed_elsewhere=elsewhere) == [(left, "Gold")]
    both = frozenset({"missing-risk", "missing-status"})
    assert flag("Gold.", ruleset, disclosed_elsewhere=both) == []


def test_a_duty_rests_on_one_claim_a_sentence(run: Lint, make_ruleset: MakeRuleset) -> None:
    """It stands at the first, and the others follow as evidence in their order."""
    ruleset = make_ruleset(
        rule("one", "gold", "cure")
        + rule("two", "silver", "hype")
        + rule("three", "[$]1", "evidence")
        .replace("phrase, any", "pattern, regex")
        .replace('["[$]1"]', "'[$]1'")
        + """
- id: owed
  category: missing-risk
  check:
    type: requires
    if: {categories: [cure, hype, evidence], distinct: 3}
    then: {any: ["{harm}"]}
  message: "{count}"
"""
    )
    text = "More silver, gold $1.\n\nSilver here. Gold there, gold too."
    (finding,) = [each for each in run(text, ruleset).findings if each.rule == "owed"]
    assert (finding.match, finding.message) == ("silver", "3")
    assert [each.match for each in finding.evidence] == ["Silver", "Gold"]
    fewer = run("Silver, gold, $1. Gold.", ruleset).findings
    assert "owed" not in {each.rule for each in fewer}
