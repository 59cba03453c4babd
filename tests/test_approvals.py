"""Approved claims: what they silence, what they leave, and what is said once they lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint import approvals, loader
from medlint.config import Choices, Config, Settings
from medlint.document import Span
from medlint.engine import lint
from medlint.findings import (
    Approval,
    ApprovalUse,
    Category,
    Evidence,
    Finding,
    Product,
    Severity,
    Standing,
)
from medlint.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.rules import Ruleset

TODAY = date(2026, 6, 1)


def approval(text: str, **values: Any) -> Approval:
    """Return an approval that is in force."""
    usual: dict[str, Any] = {
        "reference": "File 12",
        "approver": "A. Example",
        "date": date(2026, 1, 1),
        "expires": date(2027, 1, 1),
        "where": ".medlint.yaml:3",
    }
    return Approval(text=text, **{**usual, **values})


@pytest.fixture
def left(mini: Ruleset) -> Callable[..., list[str]]:
    """Return a function that lists the words of the findings that approvals leave."""

    def left_(source: str, *approved: Approval, path: str = "a.md") -> list[str]:
        document = parse(source, path=path)
        findings = lint(document, mini, Settings()).findings
        result = approvals.apply(document, findings, approved, mini, TODAY)
        return [finding.match for finding in result.findings]

    return left_


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("it cures ALS", "We say it cures ALS.", []),
        # As a sentence, and inside one.
        ("it cures ALS", "It cures ALS.", []),
        ("It cures ALS", "We say it cures ALS.", []),
        # Any other letter counts.
        ("it cures ALS", "IT CURES ALS.", ["CURES ALS"]),
        ("it cures Arthritis", "It cures arthritis.", ["cures arthritis"]),
        ("ALS it cures arthritis", "Als it cures arthritis.", ["cures arthritis"]),
        # Words that go round it count, and other places of the same words.
        ("it never cures ALS", "It cures ALS.", ["cures ALS"]),
        ("never cures ALS", "It never cures ALS, but it cures ALS.", ["cures ALS"]),
        # A finding that reaches outside stays.
        ("cures", "It cures ALS.", ["cures ALS"]),
        ("It cures", "It cures ALS.", ["cures ALS"]),
        ("cures multiple", "It cures multiple sclerosis.", ["cures multiple sclerosis"]),
        # Whole words, numbers and percentages.
        ("a miracle", "A miracle-like day.", ["miracle"]),
        ("miracle", "A non-miracle.", ["miracle"]),
        ("the miracle", "See the miracle's end.", ["miracle"]),
        ("miracle in 3", "A miracle in 3.5 days.", ["miracle"]),
        ("miracle in 3", "A miracle in 3 % of us.", ["miracle"]),
        ("miracle in 3", "A miracle in 3%.", ["miracle"]),
        ("5 miracle", "The 2.5 miracle.", ["miracle"]),
        ("miracle in 3", "A miracle in 3, no more.", []),
        # Typography.
        ('the "miracle" - ours', "The \u201cmiracle\u201d - ours.", []),
        ("the clinic\u2019s miracle", "The clinic's miracle.", []),
        ("a miracle \u2013 for us", "A miracle \u2014 for us.", []),
        ("our  miracle\n cure", "Our mira\u00adcle\u00a0cure.", []),
        # Markup, wrapped lines and both line ends.
        ("it cures ALS", "We say *it* cures\n**ALS**.", []),
        ("it cures ALS", "We say it cures\r\nALS.\r\n", []),
        # Signs count.
        ("it (surely) cures ALS", "It (surely) cures ALS.", []),
        ("it surely cures ALS", "It (surely) cures ALS.", ["cures ALS"]),
        # Two sentences of one paragraph.
        ("it cures ALS. Ask us", "It cures ALS. Ask us.", []),
        ("it cures ALS", "## It cures ALS\n\n- it cures ALS\n", []),
    ],
)
def test_a_claim_silences_what_stands_inside_its_words(
    left: Callable[..., list[str]], claim: str, source: str, expected: list[str]
) -> None:
    """Compared as written, a capital at its start and typography aside."""
    assert left(source, approval(claim)) == expected


@pytest.mark.parametrize(
    ("phrase", "source", "expected"),
    [
        ("cure~ {disease}", "It CURES ALS and cured arthritis, a miracle.", ["miracle"]),
        ("cure~ (ALS|arthritis)", "It cures ALS. It cured arthritis.", []),
        ("[surely] cures {disease}", "It surely cures multiple sclerosis.", []),
        ("cures (ALS|{disease} and {disease})", "It cures ALS and arthritis.", []),
        ("^ it cures {disease}", "It cures ALS. We say it cures arthritis.", ["cures arthritis"]),
        ("cures {disease} $", "It cures ALS! It cures ALS today.", ["cures ALS"]),
        ("^^ it cures {disease}", "Note: it cures ALS.", []),
        ("{number} miracle", "The 5 miracle and the miracle.", ["miracle"]),
        ("it's a miracle", "It is a miracle.", []),
        ("cures {disease}", "It cures\r\nALS, a miracle.", ["miracle"]),
        ("cures", "It cures ALS.", ["cures ALS"]),
    ],
)
def test_a_phrase_silences_what_stands_inside_its_match(
    left: Callable[..., list[str]], phrase: str, source: str, expected: list[str]
) -> None:
    """The phrase language, with the lexicon of the rules; a finding outside stays."""
    assert left(source, approval(phrase, is_phrase=True)) == expected


def test_a_phrase_does_not_begin_in_the_lead_in_of_a_list(mini: Ruleset) -> None:
    """An item is read with its lead-in; an approval is of words that stand together."""
    document = parse("It cures:\n\n- ALS\n- arthritis\n", path="a.md")
    approved = approval("cures {disease}", is_phrase=True)
    assert approvals.apply(document, (), (approved,), mini, TODAY).uses == (
        ApprovalUse(approval=approved, standing=Standing.IN_FORCE),
    )


def test_an_approval_says_what_it_did(mini: Ruleset) -> None:
    """Places and silenced findings of each approval, in the order given, used or not."""
    source = "It cures ALS. We say it cures ALS."
    document = parse(source, path="a.md")
    findings = lint(document, mini, Settings()).findings
    idle, first, second = approval("no such words"), approval("it cures ALS"), approval("cures ALS")
    result = approvals.apply(document, findings, (idle, first, second), mini, TODAY)
    assert result == approvals.Approved(
        findings=(),
        uses=(
            ApprovalUse(approval=idle, standing=Standing.IN_FORCE),
            ApprovalUse(
                approval=first,
                standing=Standing.IN_FORCE,
                places=(Span(0, 12), Span(21, 33)),
                findings=findings,
            ),
            ApprovalUse(
                approval=second,
                standing=Standing.IN_FORCE,
                places=(Span(3, 12), Span(24, 33)),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (None, Standing.PENDING),
        (date(2025, 12, 31), Standing.PENDING),
        (date(2026, 1, 1), Standing.IN_FORCE),
        (date(2026, 12, 31), Standing.IN_FORCE),
        (date(2027, 1, 1), Standing.EXPIRED),
    ],
)
def test_an_approval_counts_from_its_date_to_the_day_before_it_expires(
    mini: Ruleset, today: date | None, standing: Standing
) -> None:
    """Where no day is given, nothing shows that it still counts."""
    approved = approval("it cures ALS")
    assert approved.standing(today) is standing
    assert Settings(approved=(approved,), today=today).standings() == (standing,)
    document = parse("It cures ALS.", path="a.md")
    findings = lint(document, mini, Settings()).findings
    result = approvals.apply(document, findings, (approved,), mini, today)
    assert result.findings == (() if standing is Standing.IN_FORCE else findings)


@pytest.mark.parametrize(
    ("today", "rule", "message", "advice"),
    [
        (
            date(2027, 1, 1),
            "expired-approval",
            "The approval of “It cures ALS” expired on 2027-01-01 (A. Example; File 12).",
            "Have the claim reviewed and renew its entry (.medlint.yaml:3), or change it.",
        ),
        (
            date(2025, 12, 31),
            "pending-approval",
            "The approval of “It cures ALS” counts from 2026-01-01 only (A. Example; File 12).",
            "Wait with the claim, or correct its entry (.medlint.yaml:3).",
        ),
        (
            None,
            "pending-approval",
            (
                "The approval of “It cures ALS” could not be judged, for no day was given "
                "(A. Example; File 12)."
            ),
            "Wait with the claim, or correct its entry (.medlint.yaml:3).",
        ),
    ],
)
def test_a_lapsed_approval_is_a_finding(
    mini: Ruleset, today: date | None, rule: str, message: str, advice: str
) -> None:
    """It says when, who and which reference, at the words; those without findings need nothing."""
    document = parse("It cures ALS. It helps us.", path="a.md")
    findings = lint(document, mini, Settings()).findings
    both = (approval("it cures ALS"), approval("it helps us"))
    uses = approvals.apply(document, findings, both, mini, today).uses
    (found,) = approvals.lapsed(document, findings, uses, mini, today)
    assert found == Finding(
        rule=rule,
        category=Category.SUPPRESSION,
        severity=Severity.SUGGESTION,
        span=Span(0, 12),
        match="It cures ALS",
        message=message,
        advice=advice,
        fingerprint=found.fingerprint,
    )
    assert len(found.fingerprint) == 16


def test_a_lapsed_approval_is_silent_where_something_else_answers(mini: Ruleset) -> None:
    """A renewed approval, a comment or an allowed phrase has taken the finding out already."""
    document = parse("It cures ALS.", path="a.md")
    findings = lint(document, mini, Settings()).findings
    old = approval("it cures ALS", expires=TODAY)
    result = approvals.apply(document, findings, (old, approval("it cures ALS")), mini, TODAY)
    assert result.findings == ()
    assert [use.findings for use in result.uses] == [(), findings]
    assert approvals.lapsed(document, (), result.uses, mini, TODAY) == ()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("cure-verb",), ["miracle"]),
        (("cure",), ["miracle"]),
        (("hype",), ["cures ALS"]),
        (("hype", "cure-verb"), []),
        (("repeated-item",), ["miracle", "cures ALS"]),
    ],
)
def test_an_approval_may_be_for_some_rules(
    left: Callable[..., list[str]], rules: tuple[str, ...], expected: list[str]
) -> None:
    """By rule or by category."""
    assert (
        left("Our miracle cures ALS.", approval("our miracle cures ALS", rules=rules)) == expected
    )


def test_what_is_about_the_whole_page_stays(left: Callable[..., list[str]]) -> None:
    """A repeated item is repeated however well its words are substantiated."""
    source = "- a miracle\n- less pain\n- less pain\n"
    assert left(source, approval("a miracle"), approval("less pain")) == ["less pain"]


def test_an_omission_stays_whatever_its_category(small: Ruleset) -> None:
    """Document checks are known by their check: their category may be one of claims."""
    duty = next(rule for rule in small.rules if rule.category is Category.MISSING_RISK)
    document = parse("It cures ALS.", path="a.md")
    finding = Finding(
        rule=duty.id,
        category=Category.TREATMENT_CLAIM,
        severity=Severity.ERROR,
        span=Span(3, 12),
        match="cures ALS",
        message="Something is missing.",
    )
    approved = (approval("it cures ALS"),)
    result = approvals.apply(document, (finding,), approved, small, TODAY)
    assert result.findings == (finding,)
    other = replace(finding, rule="any-claim")
    assert approvals.apply(document, (other,), approved, small, TODAY).findings == ()


def test_a_finding_that_rests_on_words_outside_stays(mini: Ruleset) -> None:
    """What it rests on was not approved with the claim."""
    document = parse("It cures ALS. Soon.", path="a.md")
    (finding,) = lint(document, mini, Settings()).findings
    outside = replace(finding, evidence=(Evidence(Span(14, 18), "Soon"),))
    inside = replace(finding, evidence=(Evidence(Span(0, 2), "It"),))
    result = approvals.apply(document, (outside, inside), (approval("it cures ALS"),), mini, TODAY)
    assert result.findings == (outside,)


def test_the_tools_own_findings_are_not_approved(mini: Ruleset) -> None:
    """An idle comment inside an approved claim is still idle."""
    document = parse("It cures ALS.", path="a.md")
    own = Finding(
        rule="unused-suppression",
        category=Category.SUPPRESSION,
        severity=Severity.SUGGESTION,
        span=Span(3, 8),
        match="cures",
        message="Idle.",
    )
    approved = (approval("it cures ALS"),)
    assert approvals.apply(document, (own,), approved, mini, TODAY).findings == (own,)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (None, ["y"]),
        (Product.AUTO, ["y"]),
        (Product.DEVICE, ["y"]),
        (Product.APPROVED, ["x", "y"]),
    ],
)
def test_an_approval_for_products_needs_a_declared_one(
    declared: Product | None, expected: list[str]
) -> None:
    """What the words of a draft suggest is no declaration."""
    limited = approval("x", products=(Product.APPROVED, Product.SUPPLEMENT))
    free = approval("y")
    settings = Choices(product=declared, approved=(limited, free)).settings(TODAY)
    assert [each.text for each in settings.approved] == expected


def test_an_approval_for_files_counts_there_only(tmp_path: Path) -> None:
    """Globs count from the configuration's folder; overrides add theirs."""
    ours, theirs = approval("x", files=("products/", "*.txt")), approval("y")
    config = replace(Config.default(tmp_path), choices=Choices(approved=(ours, theirs)))
    found = {
        name: config.choices_for(tmp_path / name).approved
        for name in ("products/a.md", "a.txt", "a.md")
    }
    assert found == {
        "products/a.md": (ours, theirs),
        "a.txt": (ours, theirs),
        "a.md": (theirs,),
    }


_WORDS = ("it", "It", "cures", "ALS", "arthritis", "miracle", "our", "and", ".", "never", "\n\n-")
_TEXTS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14).map(" ".join)
_CLAIMS = st.sampled_from(("it cures ALS", "cures ALS", "our miracle")) | st.lists(
    st.sampled_from(_WORDS[:8]), min_size=1, max_size=5
).map(" ".join)
_DAYS = st.integers(-400, 800).map(lambda days: TODAY + timedelta(days))


@given(_TEXTS, st.lists(_CLAIMS, min_size=1, max_size=3), _DAYS, st.sampled_from(("\n", "\r\n")))
def test_without_approvals_exactly_what_they_silenced_is_back(
    source: str, claims: list[str], today: date, end: str
) -> None:
    """Nothing is lost, added, changed or moved: left and silenced are what there was."""
    ruleset = _mini()
    document = parse(source.replace("\n", end), path="a.md")
    findings = lint(document, ruleset, Settings()).findings
    approved = [approval(claim) for claim in claims]
    result = approvals.apply(document, findings, approved, ruleset, today)
    silenced = [finding for use in result.uses for finding in use.findings]
    together = sorted((*result.findings, *silenced), key=lambda finding: finding.sort_key)
    assert together == sorted(findings, key=lambda finding: finding.sort_key)
    for number, use in enumerate(result.uses):
        rest = [*approved[:number], *approved[number + 1 :]]
        without = approvals.apply(document, findings, rest, ruleset, today)
        others = {
            finding
            for each in rest
            if each.standing(today) is Standing.IN_FORCE
            for finding in approvals.apply(document, findings, [each], ruleset, today)
            .uses[0]
            .findings
        }
        back = [finding for finding in without.findings if finding not in result.findings]
        assert back == [finding for finding in use.findings if finding not in others]


_known: list[Any] = []


def _mini() -> Ruleset:
    """Return the small rules; a property cannot take a fixture of each test."""
    if not _known:
        _known.append(loader.check(Path(__file__).parent / "fixtures" / "mini"))
    ruleset: Ruleset = _known[0]
    return ruleset


def test_problems_name_what_does_not_fit_the_rules(mini: Ruleset) -> None:
    """Unknown concepts and rules about whole pages, each with the place of its entry."""
    entries = (
        approval("cures {diseases}", is_phrase=True, where="c.yaml:2"),
        approval("cures {disease.verb} or {number}", is_phrase=True, where="c.yaml:9"),
        approval("x", rules=("cure", "repeated-item", "missing-risk", "suppression"), where="c:5"),
        approval("cures {disease}", is_phrase=True, rules=("cure-verb",)),
    )
    about = "is about the whole page; an approved claim cannot answer for it"
    assert approvals.problems(entries, mini) == [
        (
            "c.yaml:2: the approved phrase “cures {diseases}” names an unknown concept “diseases”; "
            "did you mean “disease”?"
        ),
        (
            "c.yaml:9: the approved phrase “cures {disease.verb} or {number}” names an unknown "
            "concept “disease.verb”; did you mean “disease”?"
        ),
        f"c:5: “repeated-item” {about}",
        f"c:5: “missing-risk” {about}",
        f"c:5: “suppression” {about}",
    ]
