"""From matches to findings: what merges, what yields, how it is worded and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from medlint.config import Settings
from medlint.document import Document, Span
from medlint.findings import (
    Balance,
    Category,
    Edit,
    Evidence,
    FileReport,
    Finding,
    Report,
    Rewrite,
    RewriteKind,
    SectionBalance,
    Severity,
    Source,
)
from medlint.limits import LONGEST_QUOTE
from medlint.results import Silenced, fingerprinted, in_order, worded

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

# A rule: its id, its words of the text from … up to …, severity and category.
Given: TypeAlias = tuple[str, int, int, str, str]
WORDS = "abc bcd cde def efg fgh ghi"


def rules(*given: Given) -> str:
    """Return rules that each find some words of the text."""
    words = WORDS.split()
    return "".join(
        f"""
- id: {name}
  category: {category}
  severity: {severity}
  check: {{type: phrase, any: ["{" ".join(words[start:end])}"]}}
  sources: [core.{"act" if name in "ace" else "code"}]
  message: "{name}: {{match}}"
"""
        for name, start, end, severity, category in given
    )


def hype(name: str, start: int, end: int, severity: str = "warning") -> Given:
    """Return a rule of one category."""
    return name, start, end, severity, "hype"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Of two as long, the first; the severity is the strictest, wherever it stands.
        ([hype("a", 0, 2), hype("b", 1, 3, "error")], [("a", 0, 2, "error", "act code")]),
        ([hype("a", 0, 2, "error"), hype("b", 1, 3)], [("a", 0, 2, "error", "act code")]),
        ([hype("b", 0, 2), hype("a", 0, 2)], [("a", 0, 2, "warning", "act code")]),
        # The longer leads, and its sources come first.
        ([hype("a", 0, 2), hype("b", 1, 4)], [("b", 1, 4, "warning", "code act")]),
        ([hype("a", 0, 3), hype("c", 1, 2)], [("a", 0, 3, "warning", "act")]),
        ([hype("a", 0, 1, "error"), hype("b", 0, 4)], [("b", 0, 4, "error", "code act")]),
        # What is joined already is joined further, by the span that stands.
        (
            [hype("a", 0, 2), hype("b", 1, 4), hype("c", 3, 5, "error")],
            [("b", 1, 4, "error", "code act")],
        ),
        (
            [hype("a", 0, 4), hype("b", 3, 5), hype("c", 4, 6)],
            [("a", 0, 4, "warning", "act code"), ("c", 4, 6, "warning", "act")],
        ),
        # What only follows stays apart.
        (
            [hype("a", 0, 2), hype("b", 2, 4, "error")],
            [("a", 0, 2, "warning", "act"), ("b", 2, 4, "error", "code")],
        ),
        # Another category stands beside it and keeps nothing from merging.
        (
            [hype("a", 0, 2), ("b", 0, 3, "error", "safety"), hype("c", 1, 3)],
            [("b", 0, 3, "error", "code"), ("a", 0, 2, "warning", "act")],
        ),
    ],
)
def test_what_overlaps_merges(
    run: Lint,
    make_ruleset: MakeRuleset,
    given: list[Given],
    expected: list[tuple[str, int, int, str, str]],
) -> None:
    """Within a category and block the longest span leads, with the strictest severity."""
    ruleset = make_ruleset(rules(*given))
    text = f"Well, {WORDS}."
    found = run(text, ruleset).findings
    assert [
        (
            each.rule,
            each.span,
            each.severity.value,
            " ".join(source.id.removeprefix("core.") for source in each.sources),
            each.message,
        )
        for each in found
    ] == [
        (name, Span(6 + 4 * start, 5 + 4 * end), severity, sources, f"{name}: {words}")
        for name, start, end, severity, sources in expected
        for words in [" ".join(WORDS.split()[start:end])]
    ]
    # Over blocks and sentences nothing merges.
    apart = run(f"{text}\n\n{text}", ruleset, path="draft.md").findings
    assert [each.rule for each in apart] == [each.rule for each in found] * 2


def test_what_is_about_the_page_merges_with_no_other_rule(
    flag: Flag, make_ruleset: MakeRuleset
) -> None:
    """Two duties at one claim are two findings, and so is a claim of the same category there."""
    ruleset = make_ruleset(
        """
        - {id: a, category: missing-risk, message: x, check: {type: phrase, any: [gold]}}
        - {id: b, category: missing-risk, message: x,
           check: {type: requires, if: {any: [gold]}, then: {any: ["{harm}"]}}}
        - {id: c, category: missing-risk, message: x,
           check: {type: requires, if: {any: [gold]}, then: {any: ["{disease}"]}}}
        - {id: d, category: missing-risk, message: x, check: {type: pattern, regex: 'o|l'}}
        """
    )
    expected = [("d", "o"), ("a", "gold"), ("b", "gold"), ("c", "gold"), ("d", "o"), ("d", "l")]
    assert flag("Some gold.", ruleset) == expected


# Yielding


@pytest.mark.parametrize("category", list(Category))
def test_a_treatment_claim_yields_to_two_categories(
    flag: Flag, make_ruleset: MakeRuleset, category: Category
) -> None:
    """To a cure and to a promise in its clause, and to nothing else."""
    stronger = category in {Category.CURE, Category.ABSOLUTE_EFFICACY}
    if category is Category.SUPPRESSION:
        return
    ruleset = make_ruleset(
        rules(("a", 0, 1, "warning", "treatment-claim"), ("b", 2, 3, "warning", category.value))
    )
    same = [("a", "Abc")] * (not stronger) + [("b", "cde")]
    assert flag("Abc and cde.", ruleset) == same
    both = [("a", "Abc"), ("b", "cde")]
    assert flag("Abc; cde.", ruleset) == both
    assert flag("Abc. More cde.", ruleset) == both
    assert flag("Abc.\n\nMore cde.", ruleset) == both


def test_a_claim_yields_by_any_of_its_words(run: Lint, make_ruleset: MakeRuleset) -> None:
    """A match over several clauses stands in each of them; what yields names rule and place."""
    ruleset = make_ruleset(
        """
        - id: a
          category: treatment-claim
          check: {type: frame, agent: [therapy], forms: [active],
                  acts: [{action: relieve, target: [symptom]}]}
          message: x
        - {id: b, category: cure, message: x, check: {type: phrase, any: ["no more"]}}
        """
    )
    for text, yields in (
        ("PRP (no more) relieves pain.", False),
        ("PRP (it is new) relieves pain, no more.", True),
        ("PRP, which is no more, relieves pain.", False),
    ):
        outcome = run(text, ruleset)
        assert [each.rule for each in outcome.findings] == ["b"] if yields else ["a", "b"]
        end = text.index("pain") + 4
        silenced = Silenced(
            rule="a",
            category=Category.TREATMENT_CLAIM,
            span=Span(0, end),
            by="a stronger claim in the same clause",
        )
        assert outcome.silenced == ((silenced,) if yields else ())


# Wording


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, "x"),
        (LONGEST_QUOTE - 1, "x" * (LONGEST_QUOTE - 1)),
        (LONGEST_QUOTE, "x" * LONGEST_QUOTE),
        (LONGEST_QUOTE + 1, "x" * (LONGEST_QUOTE - 1) + "…"),
        (LONGEST_QUOTE * 3, "x" * (LONGEST_QUOTE - 1) + "…"),
    ],
)
def test_a_message_quotes_so_much(length: int, expected: str) -> None:
    """What is longer is cut to that length, with a sign."""
    assert (
        worded("“{match}” and {match}", {"match": "x" * length}) == f"“{expected}” and {expected}"
    )


def test_names_in_messages() -> None:
    """A name is small letters, digits and underscores, and begins with a letter."""
    values = {"a": "1", "a_1": "2", "A": "3", "1a": "4", "": "5"}
    assert worded("{a}{a_1} {A} {1a} {} {b} {a", values) == "12 {A} {1a} {} {b} {a"


def test_a_finding_names_what_it_binds(run: Lint, make_ruleset: MakeRuleset) -> None:
    """Message and advice are filled with the words of the draft, wherever they stand."""
    ruleset = make_ruleset(
        """
        - id: a
          category: hype
          check: {type: phrase, any: ["{what:disease} of {whose:body-part}"]}
          message: "{match}: {what}, {whose}"
          advice: "Not {whose}."
        """
    )
    (finding,) = run("It rains. **Rheumatoid** arthritis of Knees!", ruleset, path="x.md").findings
    assert (finding.message, finding.advice) == (
        "Rheumatoid arthritis of Knees: Rheumatoid arthritis, Knees",
        "Not Knees.",
    )


def test_evidence_is_named_once(run: Lint, make_ruleset: MakeRuleset) -> None:
    """Each place with its words, in the order of the draft."""
    ruleset = make_ruleset(
        """
        - id: a
          category: evidence
          check: {type: near, first: [gold], second: [silver], within: document}
          message: x
        """
    )
    (finding,) = run("Gold, not gold of old. Fine **silver**.", ruleset, path="x.md").findings[:1]
    assert finding.evidence == (Evidence(Span(30, 36), "silver"),)


# Order and fingerprints


def finding(start: int, end: int, **more: object) -> Finding:
    """Return a finding at a place."""
    values: dict[str, object] = {
        "rule": "rule",
        "category": Category.HYPE,
        "severity": Severity.WARNING,
        "span": Span(start, end),
        "match": "Some  Words",
        "message": "m",
    }
    return Finding(**{**values, **more})  # type: ignore[arg-type]


def test_findings_have_a_total_order() -> None:
    """By place, the longer first, then the stricter, then category and rule."""
    ordered = [
        finding(1, 9),
        finding(2, 300),
        finding(2, 9, severity=Severity.ERROR),
        finding(2, 9, category=Category.CURE, severity=Severity.WARNING),
        finding(2, 9, rule="a"),
        finding(2, 9, rule="b"),
        finding(2, 9, severity=Severity.SUGGESTION),
        finding(2, 3, severity=Severity.ERROR),
        finding(10, 11),
    ]
    assert sorted([*ordered[4:], *ordered[:4]], key=lambda each: each.sort_key) == ordered
    assert len({each.sort_key for each in ordered}) == len(ordered)


def test_fingerprints_are_of_rule_sentence_and_words() -> None:
    """The how-manieth with the same of all three counts, in the order of places."""
    given = [
        (finding(30, 31), "one"),
        (finding(10, 11), "one"),
        (finding(20, 21), "two"),
        (finding(40, 41, match="some words"), "one"),
        (finding(50, 51, match="other words"), "one"),
        (finding(60, 61, rule="other"), "one"),
    ]
    told: list[tuple[int, str, int]] = []

    def signed(each: Finding, key: str, ordinal: int) -> Finding:
        told.append((each.span.start, key, ordinal))
        return each

    assert in_order(given, signed) == tuple(sorted((f for f, _ in given), key=lambda f: f.sort_key))
    assert told == [
        (10, "rule\0one\0some words", 0),
        (20, "rule\0two\0some words", 0),
        (30, "rule\0one\0some words", 1),
        (40, "rule\0one\0some words", 2),
        (50, "rule\0one\0other words", 0),
        (60, "other\0one\0some words", 0),
    ]
    prints = [each.fingerprint for each in in_order(given)]
    assert len(set(prints)) == len(prints)
    # Baselines hold them, so they may never change.
    assert fingerprinted(finding(0, 1), "key\ud800", 1).fingerprint == "fdc2bc6e53c9ee95"
    assert len(fingerprinted(finding(0, 1), "key", 0).fingerprint) == 16


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("Gold  here.", True),
        ("gold HERE.", True),
        ("More. Gold here.", True),
        ("Gold here. Gold here.", False),
        ("Gold there.", False),
        ("Some gold here.", False),
    ],
)
def test_a_fingerprint_is_of_the_sentence_it_stands_in(
    run: Lint,
    make_ruleset: MakeRuleset,
    text: str,
    alike: bool,  # noqa: FBT001
) -> None:
    """Neither blanks, case nor the sentences around make another one."""
    ruleset = make_ruleset(rules(hype("a", 0, 1)).replace("abc", "gold"))
    (one,) = run("Gold here.", ruleset).findings
    prints = {each.fingerprint for each in run(text, ruleset).findings}
    assert (prints == {one.fingerprint}) is alike


# Values of a report


def test_severities_have_ranks() -> None:
    """A guard lowers by one step and never below the mildest."""
    mild, middle, strict = Severity.SUGGESTION, Severity.WARNING, Severity.ERROR
    assert [each.rank for each in (mild, middle, strict)] == [0, 1, 2]
    assert [each.lowered() for each in (mild, middle, strict)] == [mild, mild, middle]


@pytest.mark.parametrize(
    ("kinds", "fixable"),
    [
        ([], False),
        ([(RewriteKind.SAFE, True)], True),
        ([(RewriteKind.SAFE, False)], False),
        ([(RewriteKind.UNSAFE, True)], False),
        ([(RewriteKind.DISPLAY, True)], False),
        ([(RewriteKind.UNSAFE, True), (RewriteKind.SAFE, False)], False),
        ([(RewriteKind.UNSAFE, True), (RewriteKind.SAFE, True)], True),
    ],
)
def test_what_is_fixable(
    kinds: list[tuple[RewriteKind, bool]],
    fixable: bool,  # noqa: FBT001
) -> None:
    """A finding with a safe rewrite that edits something."""
    edits = (Edit(Span(0, 1), ""),)
    rewrites = tuple(Rewrite(kind, "", edits if edited else ()) for kind, edited in kinds)
    assert finding(0, 1, rewrites=rewrites).is_fixable is fixable


def test_reports_count() -> None:
    """All findings or those of a severity, of a file and of all files."""
    safe = (Rewrite(RewriteKind.SAFE, "", (Edit(Span(0, 1), ""),)),)
    found = (
        finding(0, 1, rewrites=safe),
        finding(1, 2, severity=Severity.ERROR),
        finding(2, 3, rewrites=safe),
    )
    file = FileReport(path="a", words=3, balance=Balance(), findings=found)
    empty = FileReport(path="b", words=3, balance=Balance(), findings=())
    report = Report(files=(file, empty, file))
    counted = [None, Severity.SUGGESTION, Severity.WARNING, Severity.ERROR]
    assert [file.count(severity) for severity in counted] == [3, 0, 2, 1]
    assert [report.count(severity) for severity in counted] == [6, 0, 4, 2]
    assert (file.fixable, empty.fixable, empty.count()) == (2, 0, 0)
    defaults = (file.suppressed, file.dismissals, file.approvals, file.document)
    assert defaults == (0, (), (), None)
    assert (report.failures, report.rulesets, report.approvals()) == ((), (), {})
    # The draft is no part of what a report says.
    document = Document("a", "plain", "x", (), ())
    told = FileReport(path="a", words=3, balance=Balance(), findings=found, document=document)
    assert told == file
    assert "document" not in repr(told)


@pytest.mark.parametrize(
    ("first", "headed"),
    [
        (SectionBalance(None, 0), False),
        (SectionBalance(None, 0, 1), True),
        (SectionBalance(None, 0, 0, 1), True),
        (SectionBalance("One", 0), True),
        (SectionBalance(None, 1), True),
    ],
)
def test_what_stands_before_the_first_heading(
    first: SectionBalance,
    headed: bool,  # noqa: FBT001
) -> None:
    """It counts as a section where it says anything."""
    other = SectionBalance("Two", 1)
    sections = (first, other)
    assert Balance(0, 0, sections).headed == (sections if headed else (other,))
    assert Balance().headed == ()


def test_what_values_default_to() -> None:
    """What is left out says nothing; a source counts as compared with its text."""
    made = finding(0, 1)
    left_out = (made.advice, made.rewrites, made.evidence, made.sources, made.fingerprint)
    assert left_out == ("", (), (), (), "")
    assert (Source("a", "b", "c").checked, Rewrite(RewriteKind.SAFE, "").edits) == (True, ())
    assert (Balance(), SectionBalance("One", 2)) == (
        Balance(0, 0, ()),
        SectionBalance("One", 2, 0, 0),
    )


def test_a_rule_s_severity_follows_settings_and_guards(
    run: Lint, make_ruleset: MakeRuleset, small: Ruleset
) -> None:
    """A rule that is off is not told; a hedge lowers what the settings chose."""
    assert run("It may cure.", small, rules={"cure": False}).findings == ()
    ruleset = make_ruleset(rules(hype("a", 0, 1, "error"), ("b", 1, 2, "error", "safety")))
    chosen = Settings(rules={"hype": Severity.WARNING}).rules
    found = run("Abc bcd, it may be abc and bcd.", ruleset, rules=chosen).findings
    assert [(each.rule, each.severity.value) for each in found] == [
        ("a", "warning"),
        ("b", "error"),
        ("a", "suggestion"),
        ("b", "warning"),
    ]
