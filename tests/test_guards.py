"""Guards: what keeps a match from being a claim, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset

    Flag = Callable[..., list[tuple[str, str]]]

CURE = [("named-cure", "cure")]
RULE = """
    - id: sought
      category: hype
      check: {type: phrase, any: ["find~ .. gold", "gold"]}
      guards: {negated: keep, question: keep, hedged: keep, rejected: keep, tried: drop}
      message: "“{match}”"
"""


def rule(phrase: str) -> str:
    """Return a rule for one phrase, which the guard `tried` drops."""
    return f"""
    - id: sought
      category: hype
      check: {{type: phrase, any: ["{phrase}"]}}
      guards: {{tried: drop}}
      message: "“{{match}}”"
    """


def guards(tried: str, *, negated: str = "not") -> str:
    """Return the guards that every ruleset has, and one of a test's own."""
    return f"""
    - {{guard: negated, cues: [{negated}]}}
    - {{guard: question, cues: [can], affirmed: ["yes"], question: true}}
    - {{guard: hedged, cues: [may]}}
    - {{guard: rejected, cues: [myth]}}
    - {{guard: tried, {tried}}}
    """


@pytest.mark.parametrize(
    "text",
    [
        "It does not cure arthritis.",
        "It doesn't cure arthritis.",
        "It cannot, in our view, cure arthritis.",
        "Nothing can cure arthritis.",
        "It will never fully cure arthritis.",
        "The drug (which is old) does not cure arthritis.",
        "It does not, as some people say, cure arthritis.",
    ],
)
def test_a_negator_before_the_match_drops_it(flag: Flag, text: str) -> None:
    """What is denied in the match's own clause is no claim."""
    assert flag(text) == []


@pytest.mark.parametrize(
    "text",
    [
        # The scope ends at "but" and with the clause.
        "It does not hurt but will cure arthritis.",
        "It is not a drug; it can cure arthritis.",
        "If you do not like drugs, we can cure arthritis.",
        "It does not hurt and it will cure arthritis.",
        # A negator after the match does not reach back.
        "We cure arthritis, not headaches.",
        # Two negators cancel.
        "There is nothing it cannot cure.",
        "It never does not cure arthritis.",
        # Words that only look like negators.
        "It will not only cure arthritis.",
        "No doubt it will cure arthritis.",
        "No other clinic can cure you.",
        "It is nothing short of a cure.",
    ],
)
def test_a_negator_elsewhere_leaves_the_claim(flag: Flag, text: str) -> None:
    """Another clause, a double negation and a pseudo-cue deny nothing."""
    assert flag(text) == CURE


def test_three_negators_deny_again(flag: Flag) -> None:
    """An odd number of negators denies."""
    assert flag("There is nothing it cannot never cure.") == []


def test_a_negator_inside_the_match_does_not_count(flag: Flag) -> None:
    """“No side effects” is the claim itself; denied once more, it is none."""
    assert flag("It has no side effects.") == [("no-harm", "no side effects")]
    assert flag("It does not have no side effects.") == []


def test_a_negator_in_a_gap_counts(flag: Flag) -> None:
    """A gap is no part of the match: a negator in it governs what comes after."""
    assert flag("We guarantee that you get relief.") == [
        ("promised-relief", "guarantee that you get relief")
    ]
    assert flag("We guarantee that there is no relief.") == []


def test_a_capital_letter_does_not_hide_a_cue(flag: Flag) -> None:
    """Cues count in any case."""
    assert flag("IT DOES NOT CURE ARTHRITIS.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Can it cure arthritis?", []),
        ("Can it cure arthritis? It is too early to say.", []),
        ("Can it cure arthritis? Yes, it can.", CURE),
        ("Can it cure arthritis? Absolutely.", CURE),
        # The answer stands below the heading.
        ("# Can it cure arthritis?\n\nYes, it can.", CURE),
        ("# Can it cure arthritis?\n\nNobody knows.", []),
        ("Why does it cure arthritis?", CURE),
        ("How can it cure arthritis?", CURE),
        ("Are you ready for a cure?", CURE),
        ("It can cure arthritis.", CURE),
        ("Some say it can cure arthritis?", CURE),
        # A sign before the opener makes it one, and so does a bracket.
        ("Arthritis: can it be a cure?", []),
        ("Arthritis, can it be a cure?", CURE),
        ("(FAQ) Can it cure arthritis?", []),
        ("So (can it cure arthritis?)", []),
        # Only the first word of the answer affirms.
        ("Can it cure arthritis? Well, yes.", []),
        ("Can it cure arthritis? \u201cYes\u201d, it can.", CURE),
        ("Can it cure arthritis? \u2014 Yes.", CURE),
        ("Can it absolutely cure arthritis? No.", []),
        ("Can it cure arthritis? Who knows. Yes.", []),
        ("Yes. Can it cure arthritis?", []),
        # So does the first word of a question that is read with another one, or with a lead-in.
        ("What is it? Can it cure arthritis?", []),
        ("What is it? Can it cure arthritis? Yes.", CURE),
        ("What is it? It can cure arthritis?", CURE),
        ("What is it? Arthritis: can it cure?", []),
        ("# What is it?\n\nCan it cure arthritis?", []),
        ("People ask:\n\n- Can it cure arthritis?", []),
        ("People ask: can it:\n\n- Cure arthritis?", []),
        ("Can it:\n\n- Cure arthritis?", []),
        ("It can:\n\n- Cure arthritis?", [("named-cure", "Cure")]),
    ],
)
def test_questions(flag: Flag, text: str, expected: list[tuple[str, str]]) -> None:
    """Only a yes/no question without a yes is dropped: not a presupposing one, nor a lure."""
    assert flag(text, path="draft.md") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If only it could cure arthritis.", []),
        ("If only it could cure arthritis. It does.", [("sought", "cure arthritis")]),
        ("If only it could cure arthritis. Today it does.", []),
        ("If only it could cure arthritis. Nobody knows. It does.", []),
        ("It does. If only it could cure arthritis.", []),
    ],
)
def test_the_next_sentence_affirms(
    run: Lint, make_ruleset: MakeRuleset, text: str, expected: list[tuple[str, str]]
) -> None:
    """What opens the next sentence makes a claim of what a cue left open."""
    tried = "cues: [if only], affirmed: [it does]"
    ruleset = make_ruleset(rule("cure arthritis"), guards=guards(tried))
    found = run(text, ruleset).findings
    assert [(finding.rule, finding.match) for finding in found] == expected


def test_a_hedge_lowers_by_one_step(run: Lint, make_ruleset: MakeRuleset) -> None:
    """A hedge makes an error a warning and a suggestion no less; two hedges lower once."""
    ruleset = make_ruleset(
        """
        - {id: one, category: cure, severity: error, message: x,
           check: {type: phrase, any: [cure~]}}
        - {id: two, category: hype, severity: suggestion, message: x,
           check: {type: phrase, any: [miracle]}}
        """
    )
    found = [
        (finding.rule, finding.severity.value)
        for text in ("It cures a miracle.", "It may, we think, possibly could cure by a miracle.")
        for finding in run(text, ruleset).findings
    ]
    expected = [("one", "error"), ("two", "suggestion"), ("one", "warning"), ("two", "suggestion")]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cure for all is a myth.", []),
        ("Beware of any cure.", []),
        ("Some clinics offer a cure. Such claims are false.", []),
        ("Beware of what follows. They offer a cure.", []),
        ("They offer a cure. It rains a lot here. Such claims are false.", CURE),
        # `within: 12`
        ("A cure is offered at every one of the many clinics in our town which is a myth.", CURE),
    ],
)
def test_reach_next(flag: Flag, text: str, expected: list[tuple[str, str]]) -> None:
    """`reach: next` goes one sentence further, on the guard's sides; `within` limits the words."""
    assert flag(text) == expected


def tried(make_ruleset: MakeRuleset, guard: str) -> Callable[..., object]:
    """Compile the rule of this page with one guard of its own."""
    return make_ruleset(RULE, guards=guards(guard))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("guard", "kept", "dropped"),
    [
        ("direction: forward, cues: [if]", "gold if", "if gold"),
        ("direction: backward, cues: [if]", "if gold", "gold if"),
        ("direction: both, cues: [if]", "gold, but if", "gold if"),
        ("direction: forward, reach: sentence, cues: [if]", "gold; if", "if so; gold"),
        ("direction: forward, reach: clause, cues: [if]", "if so; gold", "if so gold"),
        ("direction: both, reach: block, cues: [if]", "Gold. None.", "Gold. None. None. If."),
        ("direction: forward, reach: next, cues: [if]", "Gold. If.", "If. Gold."),
        ("direction: backward, reach: next, cues: [if]", "If. Gold.", "Gold. If."),
        (
            "direction: forward, reach: next, cues: [if]",
            "One. If. Two. Gold.",
            "One. Two. If. Gold.",
        ),
        (
            "direction: backward, reach: next, cues: [if]",
            "Gold. One. If. Two.",
            "One. Gold. If. Two.",
        ),
        ("cues: [if], within: 2", "if we ever get gold", "if we get gold"),
        ("cues: [if], terminators: [then]", "if so then gold", "if so gold"),
        (
            "direction: both, reach: block, cues: [if], terminators: ['^ fact :']",
            "If so. Fact: gold.",
            "If so. Gold, fact:",
        ),
        ("cues: [if], terminators: [then]", "if then gold", "if gold then"),
        ("direction: backward, cues: [if], within: 2", "gold is so far if", "gold is far if"),
        ("cues: [if], pseudo: [even if]", "even if gold", "if gold"),
        ("cues: [if ever], pseudo: [even if]", "even if ever gold", "if ever gold"),
        ("cues: [no longer so], pseudo: [no longer]", "no longer gold", "no longer so gold"),
        (
            "cues: [hardly, not been, been shown], cancels: true",
            "hardly not been shown gold",
            "not been shown gold",
        ),
        ("cues: [hardly, never], cancels: true", "hardly never gold", "never gold"),
        ("cues: ['{body-part} (is|are)']", "knees gold", "knees are gold"),
        ("cues: ['{number} of']", "of gold", "3 of gold"),
        # Beside a cue a pseudo-cue explains nothing; it has to reach as far as the cue.
        ("cues: [if], pseudo: [even]", "gold if", "even if gold"),
        ("cues: [if], pseudo: [ever]", "gold if", "if ever gold"),
        ("cues: [so no doubt, hardly], pseudo: [no doubt]", "so no doubt gold", "hardly gold"),
        ("cues: [no doubt, hardly], pseudo: [no doubt]", "no doubt gold", "hardly gold"),
        (
            "cues: [no doubt so, hardly], pseudo: [even no doubt]",
            "even no doubt so gold",
            "hardly gold",
        ),
        # A terminator ends nothing where it begins with the cue, or with the match.
        ("cues: [if], terminators: [if so]", "gold if so", "if so gold"),
        ("cues: [if], terminators: [gold]", "gold if", "if gold"),
        ("direction: backward, cues: [if], terminators: [then]", "gold then if", "gold if then"),
        ("direction: backward, cues: [if], terminators: [if so]", "if so gold", "gold if so"),
        (
            "direction: both, reach: block, cues: [if], terminators: [gold]",
            "Gold. No.",
            "If. Gold.",
        ),
        # Only words count, and none does where there is no limit.
        ("cues: [hardly], within: 2", "hardly, ever, now, so, gold", "hardly, ever, now, gold"),
        ("cues: [if], reach: sentence", "gold", "if a b c d e f g h; i j k l m n o p gold"),
        # The clause is that of the cue and of the match, whatever stands between.
        ("direction: backward, cues: [never]", "gold but never", "gold never"),
        ("direction: forward, cues: [never]", "never but gold", "never gold"),
        ("direction: both, cues: [never]", "gold; never", "gold (as we know) never"),
        # Neighbours on both sides, and no further ones.
        ("direction: both, reach: next, cues: [if]", "If. One. Gold. Two. If.", "One. If. Gold."),
        ("direction: both, reach: next, cues: [if]", "If. One. Gold.", "Gold. If. One."),
        ("direction: both, reach: clause, cues: [if]", "If. Gold. If.", "gold if"),
        ("direction: both, reach: sentence, cues: [if]", "If. Gold. If.", "gold; if"),
        ("cues: [failed to, if], direction: backward", "failed to gold", "gold if"),
    ],
)
def test_how_a_guard_reaches(
    flag: Flag, make_ruleset: MakeRuleset, guard: str, kept: str, dropped: str
) -> None:
    """Direction, reach, limits, terminators, pseudo-cues and cancelling do what they say."""
    ruleset = tried(make_ruleset, guard)
    assert flag(kept, ruleset) != flag(dropped, ruleset)
    assert "sought" in {rule for rule, _ in flag(kept, ruleset)}


def test_a_guard_may_want_its_cue_outside(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """With `whole`, a cue between the words of a match is none; one before it is."""
    ruleset = tried(make_ruleset, "cues: [if], whole: true")
    assert flag("find if gold", ruleset) == [("sought", "find if gold")]
    assert flag("find it if gold", ruleset) == [("sought", "find it if gold")]
    assert flag("if find gold", ruleset) == []
    assert flag("if gold", ruleset) == []
    assert flag("find if gold", tried(make_ruleset, "cues: [if]")) == []


def test_a_guard_may_want_its_cue_in_the_sentence_itself(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """With `own`, a cue in a lead-in is none, unless the match begins there."""
    anyhow = "cues: [if], direction: both, reach: sentence"
    own = make_ruleset(rule("find .. gold"), guards=guards(f"{anyhow}, own: true"))
    anywhere = make_ruleset(rule("find .. gold"), guards=guards(anyhow))
    led_in = "If so:\n\n- find the gold\n"
    assert flag(led_in, own, path="draft.md") == [("sought", "find the gold")]
    assert flag(led_in, anywhere, path="draft.md") == []
    begun_above = "If you find:\n\n- gold\n"
    assert flag(begun_above, own, path="draft.md") == []
    assert flag("If so, find the gold.", own, path="draft.md") == []


def test_a_guard_may_hear_a_cue_that_opens_the_match(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """With `opening`, the match's first words may be a cue; all of its words are none."""
    ruleset = tried(make_ruleset, "cues: [find], opening: true")
    assert flag("find the gold", ruleset) == []
    assert flag("find the gold", tried(make_ruleset, "cues: [find]")) == [
        ("sought", "find the gold")
    ]
    assert flag("find the gold", tried(make_ruleset, "cues: [gold], opening: true")) == [
        ("sought", "find the gold")
    ]
    everything = tried(make_ruleset, "cues: [find the gold], opening: true")
    assert flag("find the gold", everything) == [("sought", "find the gold")]


def test_a_cue_that_touches_the_match_is_none(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A cue with words of the match in it governs other matches only."""
    ruleset = tried(make_ruleset, "cues: [find gold]")
    assert flag("find gold or gold", ruleset) == [("sought", "find gold")]
    assert flag("gold or gold", ruleset) == [("sought", "gold"), ("sought", "gold")]


def test_a_negated_verb_beside_another_denies_nothing_twice(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """Two negators cancel, but not where "and" gives each verb one of its own."""
    tried = "cues: [not], cancels: true, terminators: [and not]"
    ruleset = make_ruleset(rule("find .. gold"), guards=guards(tried, negated="none"))
    assert flag("we find the gold", ruleset) == [("sought", "find the gold")]
    assert flag("we not find the gold", ruleset) == []
    assert flag("we not not find the gold", ruleset) == [("sought", "find the gold")]
    assert flag("we not find and not gold", ruleset) == []
    assert flag("we find and not gold", ruleset) == []
    # Nor is it where the terminator begins inside the cue, or with the match.
    cues = tried.replace("cues: [not]", "cues: [not, not ever]").replace("and not", "ever gold")
    late = make_ruleset(rule("find .. gold"), guards=guards(cues, negated="none"))
    assert flag("we not find not ever gold", late) == [("sought", "find not ever gold")]
    cues = tried.replace("and not", "find not")
    early = make_ruleset(rule("find .. gold"), guards=guards(cues, negated="none"))
    assert flag("we not find not gold", early) == []
    # Before the match it is no further verb's.
    assert flag("we rest and not find not gold", ruleset) == [("sought", "find not gold")]


def test_what_stands_between_the_words_of_a_match(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A sign of the writer's own words counts up to the last element, and a negator by itself."""
    ruleset = tried(make_ruleset, "direction: both, reach: block, cues: [if], terminators: [then]")
    assert flag("If so. We find then gold.", ruleset) == [("sought", "find then gold")]
    assert flag("If so. We find gold then.", ruleset) == []
    # A terminator that begins with a negator adds no further verb.
    ruleset = tried(make_ruleset, "cues: [not], cancels: true, terminators: [not so]")
    assert flag("We not find not so gold.", ruleset) == [("sought", "find not so gold")]


def test_the_end_of_a_cue_may_be_the_match_s(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """The "to" of a cue is no part of what a match says before it."""
    rule = """
    - id: sought
      category: hype
      check: {type: phrase, any: ["to .. gold"]}
      guards: {tried: drop}
      message: "“{match}”"
    """
    guards = """
    - {guard: negated, cues: [not]}
    - {guard: question, cues: [can], affirmed: ["yes"], question: true}
    - {guard: hedged, cues: [may]}
    - {guard: rejected, cues: [myth]}
    - {guard: tried, direction: DIRECTION, cues: [has failed to]}
    """
    for direction, expected in (
        ("forward", []),
        ("both", []),
        ("backward", [("sought", "to find gold")]),
    ):
        ruleset = make_ruleset(rule, guards=guards.replace("DIRECTION", direction))
        assert flag("It has failed to find gold.", ruleset) == expected


def test_a_cue_that_ends_in_a_word_of_the_match(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Its other words are no part of a match, and it governs what comes behind them."""
    rule = """
    - id: sought
      category: hype
      check: {type: phrase, any: ["to .. gold", "failed .. silver"]}
      guards: {tried: drop}
      message: "“{match}”"
    """
    guards = """
    - {guard: negated, cues: [not]}
    - {guard: question, cues: [can], affirmed: ["yes"], question: true}
    - {guard: hedged, cues: [may]}
    - {guard: rejected, cues: [myth]}
    - {guard: tried, cues: [has failed to], terminators: [then]}
    """
    ruleset = make_ruleset(rule, guards=guards)
    assert flag("It has failed to find silver.", ruleset) == [("sought", "failed to find silver")]
    assert flag("So it has failed to find gold.", ruleset) == []
    assert flag("It has failed to then find gold.", ruleset) == [("sought", "to then find gold")]


def test_the_last_of_many_sentences_has_no_neighbour(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """A block of hundreds of sentences is read to its end, and not beyond."""
    ruleset = tried(make_ruleset, "direction: both, reach: next, cues: [if]")
    assert flag("If. " + "It is one of the things. " * 300 + "Gold.", ruleset) == [
        ("sought", "Gold")
    ]
    assert flag("It is one of the things. " * 300 + "If. Gold.", ruleset) == []


def test_a_cue_is_no_cue_for_its_own_word(flag: Flag, make_ruleset: MakeRuleset) -> None:
    """Words that are cue and match at once do not silence themselves; a final "to" may be both."""
    ruleset = make_ruleset(rule("to .. gold"), guards=guards("cues: [to, failed to]"))
    assert flag("we like to find gold", ruleset) == [("sought", "to find gold")]
    assert flag("we failed to find gold", ruleset) == []


@pytest.mark.parametrize(
    ("action", "expected"),
    [("drop", []), ("downgrade", ["suggestion"]), ("keep", ["warning"])],
)
def test_what_a_guard_does(
    run: Lint, make_ruleset: MakeRuleset, action: str, expected: list[str]
) -> None:
    """A rule says what a guard does to its matches, whatever the default is."""
    ruleset = make_ruleset(
        f"""
        - id: sought
          category: hype
          check: {{type: phrase, any: [gold]}}
          guards: {{negated: {action}}}
          message: "“{{match}}”"
        """
    )
    outcome = run("It is not gold.", ruleset)
    assert [finding.severity.value for finding in outcome.findings] == expected


def test_what_was_silenced_names_guard_and_cue(run: Lint) -> None:
    """An outcome tells which guard kept a match back, and by which words."""
    silenced = [(item.rule, item.by) for item in run("Nothing can cure MS.").silenced]
    assert silenced == [("named-cure", "guard negated: “Nothing”")]


def test_a_hedge_with_a_stated_limit_silences_weak_rules(
    run: Lint, make_ruleset: MakeRuleset
) -> None:
    """Two guards that lower drop a weak rule's match if one states a limit; a strong one stays."""
    rules = "".join(
        f"""
    - id: {tier}
      category: {category}
      tier: {tier}
      severity: error
      check: {{type: phrase, any: [gold]}}
      guards: {{negated: keep, question: keep, rejected: keep, hedged: downgrade, tried: downgrade}}
      message: "“{{match}}”"
    """
        for tier, category in (("weak", "hype"), ("strong", "safety"))
    )

    def outcome(text: str, *, limits: bool) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        tried = f"direction: backward, cues: [unproven], limits: {str(limits).lower()}"
        done = run(text, make_ruleset(rules, guards=guards(tried)))
        return (
            sorted((finding.rule, finding.severity.value) for finding in done.findings),
            [(silenced.rule, silenced.by) for silenced in done.silenced],
        )

    both = [("strong", "warning"), ("weak", "warning")]
    assert outcome("It may be gold, unproven.", limits=True) == (
        [("strong", "warning")],
        [("weak", "guards hedged and tried")],
    )
    assert outcome("It may be gold, unproven.", limits=False) == (both, [])
    assert outcome("It is gold, unproven.", limits=True) == (both, [])
    assert outcome("It may be gold.", limits=True) == (both, [])
