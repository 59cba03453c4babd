"""Suppressions by comment and by allowed phrase, and reports of idle ones."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drafts import DRAFTS
from medlint.api import Linter, Options
from medlint.config import Config, Settings, known_names
from medlint.document import Comment, Span
from medlint.engine import lint
from medlint.findings import Category, Dismissal, DismissedBy, Finding, Severity
from medlint.parsing import parse
from medlint.suppress import allow, apply, numbered, page_wide_rules

if TYPE_CHECKING:
    from conftest import MakeRuleset
    from medlint.rules import Ruleset

PAGE_WIDE = """
    - id: no-price
      category: hype
      severity: warning
      check:
        type: requires
        if: {any: ["our treatment"]}
        then: {any: ["price"]}
      message: "No price."
    - id: hard
      category: hype
      severity: warning
      check: {type: metric, metric: flesch-kincaid-grade, above: -9}
      message: "Hard."
    - id: twice
      category: hype
      severity: warning
      check: {type: duplicate-items}
      message: "Twice."
"""


def left(
    mini: Ruleset, source: str, path: str = "a.md", active: frozenset[str] | None = None
) -> tuple[list[tuple[str, int]], int]:
    """Return (rule, line) of what is left of a source's findings, and how many were taken out."""
    document = parse(source, path=path)
    findings = lint(document, mini, Settings()).findings
    known = known_names(mini)
    result = apply(document, findings, known=known, active=known if active is None else active)
    lines = document.lines
    return [(f.rule, lines.position(f.span.start)[0]) for f in result.findings], result.count


def hype(start: int, end: int) -> Finding:
    """Return a finding at these places."""
    return Finding(
        rule="magic-word",
        category=Category.HYPE,
        severity=Severity.WARNING,
        span=Span(start, end),
        match="x",
        message="m",
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<!-- medlint-disable-next-line magic-word -->\n\nA miracle.\n\nA miracle.\n", [5]),
        ("<!-- medlint-disable-next-line hype -- quoted -->\n\nA miracle.\n\nA miracle.\n", [5]),
        (
            "<!-- medlint-disable-next-line magic-word, cure-verb -->\nIt cures ALS, a miracle.\n",
            [],
        ),
        ("A miracle. <!-- medlint-disable-line magic-word -->\n\nA miracle.\n", [3]),
        ("A plain line\nand a miracle. <!-- medlint-disable-line magic-word -->\n", []),
        ("- A miracle. <!-- medlint-disable-line magic-word -->\n- One miracle.\n", [2]),
        ("A miracle.\n\nA miracle. <!-- medlint-disable-line hype -->\n\nA miracle.\n", [1, 5]),
        (
            "A miracle.\n\n<!-- medlint-disable-next-line hype -->\nA miracle.\n\nA miracle.\n",
            [1, 6],
        ),
        ("- Fine.\n  <!-- medlint-disable-next-line hype -->\n- A miracle.\n- One miracle!\n", [4]),
        (
            (
                "A miracle.\n\n<!-- medlint-disable hype -->\n\nA miracle.\n\nA miracle.\n\n"
                "<!-- medlint-enable hype -->\n\nA miracle.\n"
            ),
            [1, 11],
        ),
        (
            "<!-- medlint-disable hype -->\n\nA miracle.\n\n<!-- medlint-enable -->\n\nMiracle.\n",
            [7],
        ),
        ("A miracle.\n\n<!-- medlint-disable hype -->\n\nA miracle.\n", [1]),
        ("A miracle.\n\n<!-- medlint-disable-file hype -->\n\nA miracle.\n", []),
    ],
)
def test_each_form_covers_what_it_says(mini: Ruleset, source: str, expected: list[int]) -> None:
    """Next line, same line, ranges and whole files; by rule or category; in lists too."""
    findings, _ = left(mini, source)
    assert [line for _, line in findings] == expected


SOURCE = "one a\ntwo b\nthree c\nfour d\n"


def taken(comment: Comment, *spans: tuple[int, int], source: str = SOURCE) -> list[bool]:
    """Tell of findings at these places of the four lines whether a comment takes them out."""
    document = parse(source, path="a.txt")
    found = [
        Finding(
            rule="magic-word",
            category=Category.HYPE,
            severity=Severity.WARNING,
            span=Span(*span),
            match="x",
            message=str(number),
        )
        for number, span in enumerate(spans)
    ]
    known = frozenset(("magic-word", "hype"))
    document = replace(document, comments=(comment,))
    result = apply(document, found, known=known, active=known)
    kept = {finding.message for finding in result.findings}
    return [finding.message not in kept for finding in found]


@pytest.mark.parametrize(
    ("verb", "place", "expected"),
    [
        # Of the second line, from 6 to 12, and of no other.
        ("disable-line", (8, 10), [False, True, True, True, False, True, False, False]),
        # A comment that reaches up to a line's end is not on the next line; an empty one counts.
        ("disable-line", (8, 12), [False, True, True, True, False, True, False, False]),
        ("disable-line", (8, 13), [False, True, True, True, True, True, False, False]),
        ("disable-line", (8, 8), [False, True, True, True, False, True, False, False]),
        # The line below the comment's last.
        ("disable-next-line", (2, 6), [False, True, True, True, False, True, False, False]),
        ("disable-next-line", (2, 4), [False, True, True, True, False, True, False, False]),
        # Nothing stands below the last line.
        ("disable-next-line", (22, 25), [False] * 8),
        # From the comment on, by where a finding begins.
        ("disable", (6, 8), [False, False, True, True, True, True, True, True]),
        ("disable-file", (26, 27), [True] * 8),
    ],
)
def test_a_comment_covers_its_lines_to_the_letter(
    verb: str, place: tuple[int, int], expected: list[bool]
) -> None:
    """A line begins with its first code point and ends with its line end."""
    comment = Comment(Span(*place), f"medlint-{verb} hype")
    spans = ((0, 6), (4, 7), (6, 7), (11, 12), (12, 13), (11, 20), (26, 26), (27, 27))
    assert taken(comment, *spans) == expected


@pytest.mark.parametrize(("before", "end"), [("", "\n"), ("x" * 300 + "\n", "\n"), ("", "")])
def test_every_place_is_covered_or_not(before: str, end: str) -> None:
    """Wherever a comment stands, its line or all behind it is covered, and no other place."""
    source = before + SOURCE.rstrip("\n") + end
    first = len(before)
    places = range(first, len(source))
    starts = [first, *(place + 1 for place in places if source[place] == "\n"), len(source)]
    for place in places:
        line = max(start for start in starts if start <= place)
        next_ = min(start for start in starts if start > place)
        for verb, covered in (("disable", (place, len(source))), ("disable-line", (line, next_))):
            comment = Comment(Span(place, place + 1), f"medlint-{verb} hype")
            expected = [covered[0] <= each < covered[1] for each in places]
            for size in (0, 1):
                spans = [(each, each + size) for each in places]
                assert taken(comment, *spans, source=source) == expected


def test_several_comments_of_a_name_cover_their_own_lines() -> None:
    """Each line that has one, whatever lies between and however many there are."""
    source = "".join(f"line {number}\n" for number in range(10, 50))
    comments = tuple(
        Comment(Span(start, start + 1), "medlint-disable-line hype")
        for start in range(0, len(source), 8 * 3)
    )
    document = replace(parse(source, path="a.txt"), comments=comments)
    findings = [
        Finding(
            rule="magic-word",
            category=Category.HYPE,
            severity=Severity.WARNING,
            span=Span(start, start + 1),
            match="x",
            message="m",
        )
        for start in range(len(source))
    ]
    known = frozenset(("magic-word", "hype"))
    result = apply(document, findings, known=known, active=known)
    covered = [start for start in range(len(source)) if start // 8 % 3 == 0]
    assert [each.finding.span.start for each in result.dismissals] == covered
    assert len(result.findings) == len(source) - len(covered)


def test_of_two_comments_the_one_that_covers_was_needed() -> None:
    """One whose lines end where the finding begins is idle, though the other reaches over it."""
    document = replace(
        parse(SOURCE, path="a.txt"),
        comments=(
            Comment(Span(2, 14), "medlint-disable-line hype -- all three"),
            Comment(Span(8, 10), "medlint-disable-line hype -- the second"),
        ),
    )
    finding = hype(12, 13)
    known = frozenset(("magic-word", "hype"))
    result = apply(document, (finding,), known=known, active=known)
    assert [each.span for each in result.findings] == [Span(8, 10)]
    assert [each.reason for each in result.dismissals] == ["all three"]


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        (["line hype"], 0),
        (["line hype", "line hype"], 0),
        (["line hype", "line hype -- why"], 1),
        (["line hype -- one", "line hype -- other"], 0),
        (["line magic-word", "line hype"], 0),
        (["line hype", "line magic-word"], 0),
        (["line hype", "line magic-word -- why"], 1),
        (["line magic-word", "line hype -- why"], 1),
        (["file hype", "line hype"], 0),
        (["file hype", "line hype -- why"], 1),
        (["line hype", "file magic-word -- why"], 1),
        (["line hype", "file hype", "line magic-word -- why"], 2),
        (["line cure", "line hype"], 1),
    ],
)
def test_who_answers_for_a_finding(comments: list[str], expected: int) -> None:
    """The first comment with a reason, or else the first; all that cover it were needed."""
    given = tuple(
        Comment(Span(6 + number, 7 + number), f" medlint-disable-{text} ")
        for number, text in enumerate(comments)
    )
    finding = hype(8, 9)
    document = replace(parse(SOURCE, path="a.txt"), comments=given)
    known = frozenset(("magic-word", "hype", "cure"))
    result = apply(document, iter((finding,)), known=known, active=known)
    (taken_out,) = result.dismissals
    reason = comments[expected].partition(" -- ")[2]
    assert taken_out == Dismissal(
        finding=finding, by=DismissedBy.COMMENT, reason=reason, span=given[expected].span
    )
    assert result.count == 1
    idle = [Span(6, 7)] if comments[0] == "line cure" else []
    assert [each.span for each in result.findings] == idle


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hype -- why  so", "why so"),
        ("hype --- why", "why"),
        ("hype \u2014 why", "why"),
        ("hype -- one -- two", "one -- two"),
        ("hype --", ""),
        ("hype,magic-word\n--\nwhy", "why"),
        (" hype ", ""),
    ],
)
def test_a_reason_stands_behind_dashes(text: str, reason: str) -> None:
    """Its blanks are single ones; without dashes there is none."""
    comment = Comment(Span(6, 7), f"medlint-disable-line {text}")
    document = replace(parse(SOURCE, path="a.txt"), comments=(comment,))
    finding = hype(8, 9)
    known = frozenset(("magic-word", "hype"))
    (taken_out,) = apply(document, (finding,), known=known, active=known).dismissals
    assert taken_out.reason == reason


def test_what_is_wrong_and_what_is_idle_stand_in_order() -> None:
    """Among what is left, each with its place, message and advice."""
    source = "one\ntwo\nthree\n"
    given = (
        Comment(Span(0, 1), "medlint-disable-line hype, hipe"),
        Comment(Span(4, 5), "medlint-disable hype"),
        Comment(Span(8, 9), "medlint-enable hype, cure"),
        Comment(Span(9, 10), "medlint-enable"),
        Comment(Span(10, 11), "medlint-enable hipe"),
        Comment(Span(11, 12), "medlint-enable hype"),
    )
    document = replace(parse(source, path="a.txt"), comments=given)
    known = frozenset(("hype", "cure"))
    result = apply(document, (), known=known, active=known)
    assert [(each.rule, each.span.start, each.message) for each in result.findings] == [
        (
            "unknown-suppression",
            0,
            "There is no rule or category “hipe”; did you mean “hype”?",
        ),
        ("unused-suppression", 0, "“hype” suppresses nothing here."),
        ("unused-suppression", 4, "“hype” suppresses nothing here."),
        (
            "unused-suppression",
            8,
            "“medlint-enable cure” ends nothing: “cure” is not disabled here.",
        ),
        (
            "unknown-suppression",
            10,
            "There is no rule or category “hipe”; did you mean “hype”?",
        ),
        (
            "unused-suppression",
            11,
            "“medlint-enable hype” ends nothing: “hype” is not disabled here.",
        ),
    ]
    advice = (
        "Write medlint-disable-next-line, -line, -file or a pair of medlint-disable and"
        " medlint-enable, each with a rule or category; `medlint rules` lists them."
    )
    given_advice = {each.advice for each in result.findings if each.rule == "unknown-suppression"}
    assert given_advice == {advice}


def test_phrases_answer_for_findings(mini: Ruleset) -> None:
    """The first phrase that stands around a finding is named, with its place."""
    source = "Never. A **miracle** for all, a miracle, and it cures ALS."
    document = parse(source, path="a.md")
    findings = lint(document, mini, Settings()).findings
    phrases = ("miracle for", "a miracle for all", "cures als")
    result = allow(document, findings, phrases, page_wide_rules(mini))
    assert [(each.by, each.reason, each.span) for each in result.dismissals] == [
        (DismissedBy.PHRASE, "miracle for", Span(11, 24)),
        (DismissedBy.PHRASE, "cures als", Span(48, 57)),
    ]
    assert [each.finding for each in result.dismissals] == [findings[0], findings[2]]
    assert result.findings == (findings[1],)
    assert allow(document, findings, (), frozenset()).findings == findings


def test_without_comments_every_finding_is_left(mini: Ruleset) -> None:
    """Nothing is taken out, and nothing is counted as such."""
    assert left(mini, "A miracle.\n") == ([("magic-word", 1)], 0)


def test_a_place_between_letters_is_covered_by_its_line() -> None:
    """What a page leaves out may be reported where nothing stands."""
    comment = Comment(Span(8, 10), "medlint-disable-line magic-word")
    assert taken(comment, (5, 5), (6, 6), (11, 11), (12, 12)) == [False, True, True, False]


def test_the_next_line_is_the_next_one_with_text(mini: Ruleset) -> None:
    """Blank lines, other comments and bare markup in between do not count."""
    source = (
        "<!-- medlint-disable-next-line magic-word -->\n\n<!-- a note -->\n"
        "<div class='x'>\n<p>\nA miracle.</p>\n<p>A miracle.</p></div>\n"
    )
    assert left(mini, source, "a.html") == ([("magic-word", 7)], 1)


def test_a_finding_over_two_lines_is_met_by_either(mini: Ruleset) -> None:
    """A comment on any line that a finding covers suppresses it."""
    wrapped = "<!-- medlint-disable-next-line cure-verb -->\nIt surely cures\nALS.\n"
    assert left(mini, wrapped) == ([], 1)
    second = "It surely cures\nALS. <!-- medlint-disable-line cure-verb -->\n"
    assert left(mini, second) == ([], 1)


def test_an_idle_suppression_is_a_finding(mini: Ruleset) -> None:
    """What suppresses nothing is reported whole: place, severity, words and advice."""
    source = "<!-- medlint-disable-next-line magic-word, cure-verb -- why -->\nA miracle.\n"
    document = parse(source, path="a.md")
    known = known_names(mini)
    findings = lint(document, mini, Settings()).findings
    result = apply(document, findings, known=known, active=known)
    fingerprints = [finding.fingerprint for finding in result.findings]
    assert result.findings == (
        Finding(
            rule="unused-suppression",
            category=Category.SUPPRESSION,
            severity=Severity.SUGGESTION,
            span=Span(0, 63),
            match="medlint-disable-next-line magic-word, cure-verb -- why",
            message="“cure-verb” suppresses nothing here.",
            advice="Remove the comment, or the name from it.",
            fingerprint=fingerprints[0],
        ),
    )
    # Baselines keep them.
    assert fingerprints == ["87a8d94a1fd0d2dc"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        (
            "medlint-disable-line kure-verb",
            "There is no rule or category “kure-verb”; did you mean “cure-verb”?",
        ),
        (
            "medlint-disable-nextline hype",
            (
                "“medlint-disable-nextline” is no comment that medlint knows; "
                "did you mean “medlint-disable-next-line”?"
            ),
        ),
        (
            "medlint-disable-line",
            "“medlint-disable-line” names no rule or category, so it suppresses nothing.",
        ),
        (
            "medlint-disable -- because",
            "“medlint-disable” names no rule or category, so it suppresses nothing.",
        ),
        (
            "medlint-disable-file suppression",
            "“suppression” cannot be suppressed by a comment; ignore it in the settings.",
        ),
        (
            "medlint-disable-file unknown-suppression",
            "“unknown-suppression” cannot be suppressed by a comment; ignore it in the settings.",
        ),
    ],
)
def test_a_wrong_suppression_is_a_finding(mini: Ruleset, comment: str, message: str) -> None:
    """An unknown name, verb or no name at all is said, and suppresses nothing."""
    document = parse(f"A miracle. <!-- {comment} -->\n", path="a.md")
    known = known_names(mini)
    findings = lint(document, mini, Settings()).findings
    result = apply(document, findings, known=known, active=known)
    assert [(f.rule, f.message) for f in result.findings] == [
        ("magic-word", "“miracle” is hype."),
        ("unknown-suppression", message),
    ]
    assert result.count == 0


def test_an_end_without_a_beginning_is_a_finding(mini: Ruleset) -> None:
    """`enable` for what is not disabled is idle; so is a second `disable` of the same."""
    assert left(mini, "<!-- medlint-enable hype -->\n\nA miracle.\n") == (
        [("unused-suppression", 1), ("magic-word", 3)],
        0,
    )
    twice = (
        "<!-- medlint-disable hype -->\n<!-- medlint-disable hype -->\n\nA miracle.\n\n"
        "<!-- medlint-enable hype -->\n\nA miracle.\n"
    )
    assert left(mini, twice) == ([("unused-suppression", 2), ("magic-word", 8)], 1)


def test_a_suppression_of_what_did_not_run_is_not_idle(mini: Ruleset) -> None:
    """With `--select`, comments for the other rules stay in peace."""
    source = "<!-- medlint-disable-line magic-word, cure-verb -->\n"
    assert left(mini, source, active=frozenset(("cure", "cure-verb"))) == (
        [("unused-suppression", 1)],
        0,
    )


def test_comments_that_only_mention_medlint_are_left_alone(mini: Ruleset) -> None:
    """A note about medlint is no directive."""
    assert left(mini, "<!-- see medlint-disable-line in the manual -->\n") == ([], 0)
    note = "<!-- see medlint-disable -->\n<!-- medlint-disable-next-line hype -->\nA miracle.\n"
    assert left(mini, note) == ([], 1)
    wrong = "<!-- medlint-disabel -->\n<!-- medlint-disable-next-line hype -->\nA miracle.\n"
    assert left(mini, wrong) == ([("unknown-suppression", 1)], 1)


def test_two_idle_comments_alike_have_fingerprints_of_their_own(mini: Ruleset) -> None:
    """The fingerprint counts what came before."""
    document = parse("<!-- medlint-disable-line hype -->\n\n" * 2, path="a.md")
    known = known_names(mini)
    findings = apply(document, (), known=known, active=known).findings
    assert len(findings) == 2
    assert len({finding.fingerprint for finding in findings}) == 2


def test_the_last_line_needs_no_end(mini: Ruleset) -> None:
    """A draft that ends without a line end is suppressed up to its last letter."""
    below = "<!-- medlint-disable-next-line hype -->\nOne miracle"
    assert left(mini, below) == ([], 1)
    assert left(mini, "<!-- medlint-disable-line hype --> A miracle") == ([], 1)
    assert left(mini, "One miracle\n<!-- medlint-disable-next-line hype -->") == (
        [("magic-word", 1), ("unused-suppression", 2)],
        0,
    )


def test_any_words_have_a_fingerprint() -> None:
    """Half of a surrogate pair, which no file holds, is no reason to fail."""
    odd = Finding(
        rule="magic-word",
        category=Category.HYPE,
        severity=Severity.WARNING,
        span=Span(0, 1),
        match="\ud800",
        message="m",
    )
    prints = [each.fingerprint for each in numbered([odd, odd])]
    assert len(set(prints)) == 2
    assert {len(each) for each in prints} == {16}


@pytest.mark.parametrize(
    ("phrase", "source", "expected"),
    [
        ("never cures ALS", "It never cures ALS, but it cures ALS.", ["cures ALS"]),
        ("NEVER  cures\nals", "It never\ncures **ALS**.", []),
        ("cures ALS", "It cures ALS.", []),
        ("cures AL", "It cures ALS.", ["cures ALS"]),
        ("cures", "It cures ALS.", ["cures ALS"]),
        ("“cures” ALS", 'It "cures" ALS.', []),
        ("a+ (miracle", "It is a+ (miracle).", []),
        ("miracle", "The miracles of a miracle.", []),
    ],
)
def test_an_allowed_phrase_covers_its_own_words_only(
    mini: Ruleset, phrase: str, source: str, expected: list[str]
) -> None:
    """A finding is allowed where a phrase stands around all of it, in whole words."""
    document = parse(source, path="a.md")
    findings = lint(document, mini, Settings()).findings
    result = allow(document, findings, (phrase,), page_wide_rules(mini))
    assert [finding.match for finding in result.findings] == expected
    assert result.count == len(findings) - len(expected)


def test_a_phrase_does_not_allow_an_omission() -> None:
    """What a page leaves out is reported at a claim, and allowing the claim does not add it."""
    document = parse("It cures ALS.", path="a.md")
    finding = Finding(
        rule="no-risk",
        category=Category.MISSING_RISK,
        severity=Severity.ERROR,
        span=Span(3, 12),
        match="cures ALS",
        message="No risk is named.",
    )
    assert allow(document, (finding,), ("cures ALS",), frozenset()).findings == (finding,)


def test_a_phrase_does_not_allow_what_is_about_the_whole_page(make_ruleset: MakeRuleset) -> None:
    """By what a rule checks, whatever its category: an omission, a grade; a repetition is words."""
    ruleset = make_ruleset(PAGE_WIDE)
    source = "Our treatment relieves pain.\n\n- Less pain\n- Less pain\n\n" + "The pain goes. " * 50
    document = parse(source, path="a.md")
    findings = lint(document, ruleset, Settings()).findings
    assert {finding.rule for finding in findings} == {"no-price", "hard", "twice"}
    phrases = ("our treatment relieves pain", "less pain")
    result = allow(document, findings, phrases, page_wide_rules(ruleset))
    assert {finding.rule for finding in result.findings} == {"no-price", "hard"}


@given(DRAFTS, st.sampled_from(("rule", "category")))
@example(
    "é ß 痛 🙂. é ß 痛 🙂.\n\nWe cure arthritis. é ß 痛 🙂. é ß 痛 🙂.\n\né ß 痛 🙂. é ß 痛 🙂.",
    "rule",
)
@settings(max_examples=60)
def test_suppressing_every_finding_leaves_none(text: str, by: str) -> None:
    """Whatever was found, a comment that names it takes it out, and only what was found."""
    linter = _small()
    before = linter.lint_source(text, "draft.md").report
    if before is None:
        # A draft of too few English words is not read, and a comment does not change that.
        remark = "<!-- medlint-disable-file cure -->"
        assert linter.lint_source(f"{remark}\n\n{text}", "x.md").report is None
        return
    names = sorted({str(getattr(each, by)) for each in before.findings})
    if not names:
        return
    after = linter.lint_source(
        f"<!-- medlint-disable-file {', '.join(names)} -->\n\n{text}", "x.md"
    )
    assert after.report is not None
    assert (after.report.findings, after.report.suppressed) == ((), len(before.findings))
    assert (after.fails, after.report.balance) == (False, before.balance)


@given(DRAFTS)
@settings(max_examples=60)
def test_suppressing_each_finding_where_it_stands_leaves_none(text: str) -> None:
    """A range around the whole draft does the same, and its comments are not idle."""
    linter = _small()
    before = linter.lint_source(text, "draft.md").report
    if before is None:
        remark = "<!-- medlint-disable cure -->"
        assert linter.lint_source(f"{remark}\n\n{text}", "x.md").report is None
        return
    names = ", ".join(sorted({each.rule for each in before.findings}))
    if not names:
        return
    around = f"<!-- medlint-disable {names} -->\n\n{text}\n\n<!-- medlint-enable {names} -->\n"
    after = linter.lint_source(around, "draft.md").report
    assert after is not None
    assert (after.findings, after.suppressed) == ((), len(before.findings))


@lru_cache
def _small() -> Linter:
    rulesets = (str(Path(__file__).parent / "fixtures" / "rulesets" / "core"),)
    return Linter(Config.default(Path.cwd()), Options(no_config=True, rulesets=rulesets))
