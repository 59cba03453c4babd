"""A run: from a document and a ruleset to findings, always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from drafts import DRAFTS, PATHS
from medlint import loader
from medlint.checks import Frame, Phrase
from medlint.config import Settings
from medlint.document import Span
from medlint.engine import lint
from medlint.findings import (
    Balance,
    Category,
    Edit,
    Finding,
    Product,
    Rewrite,
    RewriteKind,
    SectionBalance,
    Severity,
    Source,
)
from medlint.parsing import parse
from medlint.parsing.normalise import normalise
from medlint.results import worded
from medlint.rules import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Lint, MakeRuleset
    from medlint.rules import Ruleset

    Flag = Callable[..., list[tuple[str, str]]]

CODE = Source("core.code", "A code", "https://example.org/code")
ACT = Source("core.act", "An act", "https://example.org/act", checked=False)


def test_a_finding_has_everything(run: Lint) -> None:
    """A finding names rule, category, severity, place, words, advice, rewrites and sources."""
    text = "Our promise: you will feel great relief."
    (finding,) = run(text).findings
    assert finding == Finding(
        rule="promised-relief",
        category=Category.ABSOLUTE_EFFICACY,
        severity=Severity.ERROR,
        span=Span(13, 39),
        match="you will feel great relief",
        message="“you will feel great relief” promises relief.",
        advice="Say what was measured instead of relief.",
        rewrites=(
            Rewrite(
                RewriteKind.DISPLAY,
                "No trial has established relief for this.",
                (Edit(Span(0, 40), "No trial has established relief for this."),),
            ),
        ),
        sources=(CODE,),
        fingerprint=finding.fingerprint,
    )
    assert len(finding.fingerprint) == 16


def test_overlapping_findings_of_a_category_merge(run: Lint) -> None:
    """The longest span, the strictest severity and all sources go into one finding."""
    (finding,) = run("You will notice lasting relief for everyone.").findings
    assert (finding.rule, finding.match, finding.severity, finding.sources) == (
        "promised-relief",
        "You will notice lasting relief",
        Severity.ERROR,
        (CODE, ACT),
    )


def test_findings_of_several_categories_stand_side_by_side(flag: Flag) -> None:
    """Overlapping findings of different categories are kept."""
    assert flag("You will feel the cure and get relief.") == [
        ("promised-relief", "You will feel the cure and get relief"),
        ("named-cure", "cure"),
    ]


def test_findings_that_only_touch_do_not_merge(flag: Flag) -> None:
    """Two claims side by side in a sentence are two findings."""
    assert flag("Cures, cures.") == [("named-cure", "Cures"), ("named-cure", "cures")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PRP relieves pain and cures arthritis.", [("named-cure", "cures")]),
        (
            "PRP relieves pain, and it cures arthritis.",
            [("therapy-for-disease", "PRP relieves pain"), ("named-cure", "cures")],
        ),
        (
            "PRP relieves pain. It cures arthritis.",
            [("therapy-for-disease", "PRP relieves pain"), ("named-cure", "cures")],
        ),
        # A denied cure is none to yield to.
        (
            "PRP relieves pain but cannot cure it.",
            [("therapy-for-disease", "PRP relieves pain")],
        ),
    ],
)
def test_a_treatment_claim_yields_to_a_cure_in_its_clause(
    flag: Flag, text: str, expected: list[tuple[str, str]]
) -> None:
    """Within a clause the stronger claim says it all; in another clause both stand."""
    found = [each for each in flag(text) if each[0] != "no-risk-named"]
    assert found == expected


def test_what_yielded_is_told(run: Lint) -> None:
    """An outcome lists the claims that a stronger one stood for."""
    silenced = run("PRP relieves pain and cures arthritis.").silenced
    assert [(item.rule, item.span, item.by) for item in silenced] == [
        ("therapy-for-disease", Span(0, 17), "a stronger claim in the same clause")
    ]


def test_findings_stand_in_order(run: Lint) -> None:
    """Findings are sorted by place, the longer first."""
    findings = run("We cure. No side effects. You will feel a cure, and relief.").findings
    keys = [finding.sort_key for finding in findings]
    assert keys == sorted(keys)
    assert len(keys) == 5


# Fingerprints


def prints(run: Lint, text: str) -> list[str]:
    """Return the fingerprints of a text's findings."""
    return [finding.fingerprint for finding in run(text, path="draft.md").findings]


def test_fingerprints_survive_edits_elsewhere(run: Lint) -> None:
    """Neither other text nor markup, case or blanks around it change a fingerprint."""
    before = prints(run, "It rains. We cure arthritis.\n")
    assert len(before) == 1
    assert prints(run, "# New\n\nText before.\n\nIt pours. We **cure**\narthritis. More.") == before


def test_fingerprints_tell_findings_apart(run: Lint) -> None:
    """A different sentence, rule or repetition has a fingerprint of its own."""
    found = prints(run, "We cure MS.\n\nWe cure AIDS.\n\nWe cure MS.\n\nNo side effects: a cure.")
    assert len(found) == 6
    assert len(set(found)) == 6


# Settings


def by_severity(run: Lint, text: str, **chosen: object) -> list[tuple[str, str]]:
    """Return (rule, severity) of a text's findings."""
    return [(each.rule, each.severity.value) for each in run(text, **chosen).findings]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, [("named-cure", "error"), ("no-harm", "error")]),
        ({"rules": {"no-harm": False}}, [("named-cure", "error")]),
        ({"rules": {"safety": False}}, [("named-cure", "error")]),
        (
            {"rules": {"cure": Severity.SUGGESTION}},
            [("named-cure", "suggestion"), ("no-harm", "error")],
        ),
        (
            {"rules": {"cure": False, "named-cure": Severity.WARNING}},
            [("named-cure", "warning"), ("no-harm", "error")],
        ),
        ({"select": frozenset({"cure"})}, [("named-cure", "error")]),
        ({"select": frozenset({"no-harm"})}, [("no-harm", "error")]),
        ({"ignore": frozenset({"cure"})}, [("no-harm", "error")]),
    ],
)
def test_settings(run: Lint, chosen: dict[str, object], expected: list[tuple[str, str]]) -> None:
    """Rules and categories are switched, selected and graded by settings."""
    assert by_severity(run, "A cure with no side effects.", **chosen) == expected


def test_a_hedge_lowers_what_the_settings_chose(run: Lint) -> None:
    """Guards work on top of the settings' severity."""
    chosen = {"rules": {"cure": Severity.WARNING}}
    assert by_severity(run, "It may cure MS.", **chosen) == [("named-cure", "suggestion")]


PRODUCT_RULES = """
- id: by-product
  category: hype
  severity: {auto: suggestion, unapproved: error, approved: warning}
  check: {type: phrase, any: [gold]}
  message: x
- id: only-supplements
  category: hype
  products: [supplement, service]
  check: {type: phrase, any: [silver]}
  message: x
"""


@pytest.mark.parametrize(
    ("text", "product", "expected"),
    [
        ("Gold and silver.", Product.AUTO, [("by-product", "suggestion"),
                                            ("only-supplements", "warning")]),
        ("Gold and silver.", Product.APPROVED, [("by-product", "warning")]),
        ("Gold and silver.", Product.SUPPLEMENT, [("by-product", "suggestion"),
                                                  ("only-supplements", "warning")]),
        # The therapies of the page tell its product's status.
        ("Gold and silver, and PRP.", Product.AUTO, [("by-product", "error")]),
        ("Gold and silver, and PRP.", Product.APPROVED, [("by-product", "warning")]),
    ],
)  # fmt: skip
def test_products(
    run: Lint,
    make_ruleset: MakeRuleset,
    text: str,
    product: Product,
    expected: list[tuple[str, str]],
) -> None:
    """A rule's severity and existence follow the product's status, given or read off the page."""
    ruleset = make_ruleset(PRODUCT_RULES)
    findings = run(text, ruleset, product=product).findings
    assert [(each.rule, each.severity.value) for each in findings] == expected


def test_balance(run: Lint) -> None:
    """Benefits and material risks are counted in sentences."""
    text = (
        "We cure MS and cure AIDS. PRP relieves pain. It is cheap. Infection and bleeding occur."
        " No infection was seen."
    )
    assert run(text).balance == Balance(2, 1, (SectionBalance(None, 0, 2, 1),))


def test_balance_by_section(run: Lint) -> None:
    """Each heading counts with what follows it up to the next; the sections add up to the whole."""
    text = (
        "---\ntitle: PRP cures MS.\n---\n# We cure MS\n\nWe cure AIDS.\n\n## Risks\n\n"
        "Infection and bleeding occur.\n\n### Hours\n\nFrom nine to five.\n\n# Again\n\n"
        "PRP relieves pain.\n"
    )
    balance = run(text, path="draft.md").balance
    assert balance == Balance(
        4,
        1,
        (
            SectionBalance(None, 0, 1, 0),
            SectionBalance("We cure MS", 1, 2, 0),
            SectionBalance("Risks", 2, 0, 1),
            SectionBalance("Hours", 3, 0, 0),
            SectionBalance("Again", 1, 1, 0),
        ),
    )
    assert balance.headed == balance.sections


def test_an_empty_section_before_the_first_heading_is_none(run: Lint) -> None:
    """A page that begins with its heading has no section above it."""
    assert run("# We cure MS\n", path="draft.md").balance.headed == (
        SectionBalance("We cure MS", 1, 1, 0),
    )


def test_an_empty_document_is_clean(run: Lint) -> None:
    """Nothing in, nothing out."""
    outcome = run("")
    empty = Balance(0, 0, (SectionBalance(None, 0),))
    assert (outcome.findings, outcome.failures, outcome.balance) == ((), (), empty)
    assert outcome.balance.headed == ()


def test_worded() -> None:
    """A template's names are filled in; an unknown one stays as it stands."""
    assert worded("{a} {b} {C}", {"a": "{b}", "x": "y"}) == "{b} {b} {C}"


# The same in, the same out


@given(DRAFTS, PATHS)
@settings(max_examples=100)
def test_any_draft(text: str, path: str) -> None:
    """Any draft gives findings inside it, in one order, without failures, and the same again."""
    document = parse(text, path=path)
    outcome = lint(document, _small(), Settings())
    assert outcome.failures == ()
    assert lint(parse(text, path=path), _small(), Settings()) == outcome
    keys = [finding.sort_key for finding in outcome.findings]
    assert keys == sorted(set(keys))
    for finding in outcome.findings:
        for span in spans_of(finding):
            assert 0 <= span.start < span.end <= len(text)
    fingerprints = [finding.fingerprint for finding in outcome.findings]
    assert len(set(fingerprints)) == len(fingerprints)


def spans_of(finding: Finding) -> Iterator[Span]:
    """Return every source range that a finding names."""
    yield finding.span
    yield from (each.span for each in finding.evidence)
    yield from (edit.span for rewrite in finding.rewrites for edit in rewrite.edits)


@given(DRAFTS, PATHS)
@settings(max_examples=100)
def test_a_finding_stands_where_it_says(text: str, path: str) -> None:
    """The source range of a finding, read by itself, has the words of its match."""
    for finding in lint(parse(text, path=path), _small(), Settings()).findings:
        for span, match in (
            (finding.span, finding.match),
            *((each.span, each.match) for each in finding.evidence),
        ):
            cut = text[span.start : span.end]
            # Half of an element or of a link reads as its words and some marks.
            read = "".join(block.text for block in parse(cut, path=path).blocks)
            assert letters(match) in {letters(read), letters(normalise(cut))}


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


@given(DRAFTS, PATHS)
@settings(max_examples=100)
def test_line_ends_make_no_difference(text: str, path: str) -> None:
    """With CRLF in the place of LF the outcome is the same, with every position moved along."""
    plain = lint(parse(text, path=path), _small(), Settings())
    moved = lint(parse(text.replace("\n", "\r\n"), path=path), _small(), Settings())
    assert moved.balance == plain.balance
    assert moved.findings == tuple(with_crlf(finding, text) for finding in plain.findings)


def with_crlf(finding: Finding, text: str) -> Finding:
    """Return a finding as it stands where each line end is two characters."""

    def there(span: Span) -> Span:
        return Span(*(place + text.count("\n", 0, place) for place in (span.start, span.end)))

    return replace(
        finding,
        span=there(finding.span),
        rewrites=tuple(
            replace(rewrite, edits=tuple(Edit(there(e.span), e.text) for e in rewrite.edits))
            for rewrite in finding.rewrites
        ),
        evidence=tuple(replace(each, span=there(each.span)) for each in finding.evidence),
    )


@given(DRAFTS, DRAFTS)
@settings(max_examples=100)
def test_two_drafts_under_a_heading_each(one: str, other: str) -> None:
    """Strong claims of single sentences are those of either draft, whatever stands beside it.

    The status of the product is given: a page has one. Weak claims, duties and repeated items are
    about the page, and there it is another one.
    """
    first, second = f"## First\n\n{one}\n\n", f"## Second\n\n{other}\n"
    expected = [*claims(first, 0), *claims(second, len(first))]
    assert claims(first + second, 0) == expected


def claims(text: str, offset: int) -> list[tuple[str, int, int, str, str]]:
    """Return what strong rules about sentences find in a draft that stands at an offset."""
    alone = {
        rule.id
        for rule in _small().rules
        if rule.tier is Tier.STRONG and isinstance(rule.check, Phrase | Frame)
    }
    findings = lint(
        parse(text, path="draft.md"), _small(), Settings(product=Product.SERVICE)
    ).findings
    assert alone
    return [
        (each.rule, each.span.start + offset, each.span.end + offset, each.match, each.message)
        for each in findings
        if each.rule in alone
    ]


@lru_cache
def _small() -> Ruleset:
    return loader.check(FOLDER)


FOLDER = Path(__file__).parent / "fixtures" / "rulesets" / "core"
SCRIPT = """
import sys
from pathlib import Path
from medlint import loader
from medlint.config import Settings
from medlint.engine import lint
from medlint.parsing import parse

ruleset = loader.check(Path(sys.argv[1]))
text = Path(sys.argv[2]).read_text("utf-8")
outcome = lint(parse(text, path="draft.md"), ruleset, Settings())
print(outcome.findings, outcome.silenced, outcome.balance)
"""


def test_the_hash_seed_does_not_matter(tmp_path: Path) -> None:
    """Compiled and run under any hash seed, the same draft gives the same outcome."""
    draft = tmp_path / "draft.md"
    draft.write_text(
        "# PRP\n\nIt relieves knee pain and has no side effects. You will notice lasting relief for"
        " everyone. We cure arthritis; it may ease pain. Not a miracle.\n\n- Pain\n- pains\n",
        "utf-8",
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(FOLDER), str(draft)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert "named-cure" in outputs.pop()


def test_the_order_of_rules_does_not_matter(run: Lint, make_ruleset: MakeRuleset) -> None:
    """The same rules written in another order find the same."""
    rules = [
        f"""
- id: {name}
  category: {category}
  severity: {severity}
  check: {{type: phrase, any: ["{phrase}"]}}
  message: x
"""
        for name, category, severity, phrase in (
            ("a", "hype", "error", "gold coin"),
            ("b", "hype", "warning", "gold .. coin"),
            ("c", "cure", "error", "coin"),
            ("d", "cure", "suggestion", "coin and gold"),
        )
    ]
    text = "A gold coin and gold coin. Gold coin."
    forwards = run(text, make_ruleset("".join(rules))).findings
    backwards = run(text, make_ruleset("".join(reversed(rules)))).findings
    assert forwards == backwards
    assert [finding.rule for finding in forwards] == ["a", "d", "a", "c", "a", "c"]


def test_a_rule_that_leaves_headings_out_leaves_them_to_others(
    flag: Callable[..., list[tuple[str, str]]], make_ruleset: MakeRuleset
) -> None:
    """What does not count in a heading keeps nothing else in it from being found."""
    ruleset = make_ruleset(
        """
        - {id: zero, category: hype, message: x, check: {type: phrase, any: [bronze]}}
        - {id: one, category: hype, where: [paragraph], message: x,
           check: {type: phrase, any: [gold]}}
        - {id: two, category: hype, message: x, check: {type: phrase, any: [silver]}}
        """
    )
    text = "# Bronze, gold and silver\n\nGold and silver.\n"
    expected = [("zero", "Bronze"), ("two", "silver"), ("one", "Gold"), ("two", "silver")]
    assert flag(text, ruleset, path="draft.md") == expected
