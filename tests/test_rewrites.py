"""Rewrites of the shipped rules: they fit their place, silence what was found and read well."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint import loader
from medlint.blanks import blanks_in
from medlint.checks import DOCUMENT_CHECKS, Requires
from medlint.config import Choices, Settings
from medlint.engine import lint
from medlint.findings import Edit, Finding, RewriteKind
from medlint.parsing import parse, parse_bytes
from medlint.rules import Replaces, Rule, Ruleset
from rewritten import Case, applied, applied_one, cases, filling, samples

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(
    path
    for folder in ("examples", "tests/corpus/dev")
    for path in (ROOT / folder).iterdir()
    if path.suffix in {".md", ".txt", ".html"} and path.name != "README.md"
)
PLAIN = Choices().settings(None)


@cache
def ruleset(*names: str) -> Ruleset:
    """Return rulesets, loaded once."""
    return loader.load(names)


@cache
def document_rules() -> frozenset[str]:
    """Return the rules about a whole document; a sentence alone owes them nothing new."""
    return frozenset(
        rule.id
        for rule in ruleset(*loader.shipped()).rules
        if isinstance(rule.check, DOCUMENT_CHECKS)
    )


def found_again(
    case: Case, after: Ruleset, chosen: Settings, path: str = "x.md"
) -> list[tuple[str, str]]:
    """Return what is found in the new words, other than by rules about the whole document.

    Praise that is left out leaves the rest of its sentence to other findings.
    """
    text, start = case.after, 0
    if case.place.start > text.find("\n---\n"):
        # Its paragraph is enough, but for values of the front matter.
        start = max(text.rfind("\n\n", 0, case.place.start), 0)
        end = text.find("\n\n", case.place.end)
        text = text[start : end if end >= 0 else None]
    found = lint(parse(text, path=path), after, chosen).findings
    left_out = case.rewrite.text.startswith("Leave out")
    return [
        (each.rule, each.match)
        for each in found
        if each.rule not in document_rules()
        and each.span.start + start < case.place.end
        and case.place.start < each.span.end + start
        and (not left_out or (each.rule, each.match) == (case.finding.rule, case.finding.match))
    ]


def rule_cases(rule: Rule, chosen: Settings, found_by: Ruleset) -> list[Case]:
    """Return every rewrite of a rule applied in each of its examples; two tests read them."""
    known = CASES.get(rule.id)
    if known is None:
        known = CASES[rule.id] = _rule_cases(rule, chosen, found_by)
    return known


CASES: dict[str, list[Case]] = {}


def _rule_cases(rule: Rule, chosen: Settings, found_by: Ruleset) -> list[Case]:
    made = []
    for example in rule.flags:
        document = parse(example.text, path="x.md")
        for finding in lint(document, found_by, chosen).findings:
            if finding.rule == rule.id:
                made += [
                    applied_one(example.text, finding, rewrite)
                    for rewrite in finding.rewrites
                    if rewrite.edits
                ]
    return made


@pytest.mark.parametrize("ruleset_name", loader.shipped())
def test_no_rewrite_triggers_a_rule(ruleset_name: str) -> None:
    """Each rewrite of each rule, in each of its examples, has no finding of any rule."""
    again = ruleset(*loader.shipped())
    wrong = []
    for rule in again.rules:
        if rule.ruleset != ruleset_name or not rule.enabled or not rule.rewrites:
            continue
        product = rule.products[0] if rule.products else None
        chosen = Choices(product=product).settings(None)
        seen = set()
        for case in rule_cases(rule, chosen, again):
            if case.words in seen:
                continue
            seen.add(case.words)
            wrong += [(str(case), each) for each in found_again(case, again, chosen)]
    assert wrong == []


def test_every_rule_has_a_rewrite_that_fits_its_examples() -> None:
    """A rule offers something, and somewhere in its examples it can be applied.

    Duplicates are removed, and how hard a text reads has no wording.
    """
    shipped = ruleset(*loader.shipped())
    assert [rule.id for rule in shipped.rules if not rule.rewrites] == [
        "duplicate-item",
        "duplicate-item-across-lists",
        "duplicate-item-in-sentence",
        "hard-to-read",
    ]


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("✅ It cures ALS.", "✅ "),
        ("🎉 It cures ALS.", "🎉 "),
        ("⭐ It cures ALS.", "⭐ "),
        ("★★★★☆ It cures ALS.", ""),
        ("Ratings:\n\n- ⭐⭐⭐⭐⭐ It cures ALS.", "Ratings:\n\n- "),
        ("🎉 ⭐\ufe0f⭐\ufe0f It cures ALS.", "🎉 "),
    ],
)
def test_signs_before_the_words_stay_unless_they_rate(
    mini: Ruleset, before: str, kept: str
) -> None:
    """A tick or an emoji is decoration; stars in a row claim what the words claim, and go."""
    (finding,) = lint(parse(before, path="x.md"), mini, Settings()).findings
    case = applied_one(before, finding, finding.rewrites[0])
    assert case.after == f"{kept}Whether this helps with ALS has not been established."


def test_every_blank_of_a_rewrite_means_one_thing() -> None:
    """A blank's name stands once in a rewrite, or for the same thing each time it does."""
    subjects = {"product", "treatment", "condition", "disease", "complaint"}
    twice = [
        (rule.id, name)
        for rule in ruleset(*loader.shipped()).rules
        for wording in rule.rewrites
        for name, count in Counter(b.name.lower() for b in blanks_in(wording.text)).items()
        if count > 1 and name not in subjects
    ]
    assert twice == []


def test_samples_are_those_of_the_blanks() -> None:
    """The test's author knows each blank of the shipped rules, and no other."""
    blanks = {
        blank.name.lower()
        for rule in ruleset(*loader.shipped()).rules
        for wording in rule.rewrites
        for blank in blanks_in(wording.text)
    }
    assert set(samples()) == blanks


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_rewrites_of_a_page(path: Path) -> None:
    """On a whole page: no finding in the new words, nothing else changed, one sentence a time."""
    source = path.read_text("utf-8")
    us = ruleset("us")
    wrong = []
    for case in cases(source, us, PLAIN, str(path)):
        if case.finding.category.value.startswith(("missing", "duplicate")):
            continue
        if path.suffix != ".html":
            wrong += [(str(case), each) for each in found_again(case, us, PLAIN, str(path))]
        if not any(edit.text for edit in case.rewrite.edits):
            removed = sum(edit.span.end - edit.span.start for edit in case.rewrite.edits)
            assert len(case.after) == len(source) - removed < len(source), case
            continue
        words = " ".join(case.rewrite.text.split())
        if case.rewrite.kind is RewriteKind.DISPLAY and "&" not in case.words:
            assert words in " ".join(case.after.replace("\\", "").split()), case
    assert wrong == []


def all_at_once(source: str, findings: tuple[Finding, ...]) -> tuple[str, list[Edit]]:
    """Apply the first rewrite of each finding that meets none applied before."""
    chosen: list[Edit] = []
    for finding in findings:
        for rewrite in finding.rewrites[:1]:
            edits = filling(rewrite).edits
            if not any(meets(a, b) for a in edits for b in chosen):
                chosen += edits
    return applied(source, chosen), chosen


def meets(one: Edit, other: Edit) -> bool:
    """Tell whether two edits overlap or begin at one place."""
    return one.span.overlaps(other.span) or one.span.start == other.span.start


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_all_rewrites_of_a_page_at_once(path: Path) -> None:
    """They never overlap, and leave headings, lists, tables and front matter what they were.

    But for items that are left out.
    """
    source = path.read_text("utf-8")
    findings = tuple(
        finding
        for finding in lint(parse(source, path=str(path)), ruleset("us"), PLAIN).findings
        if finding.rule != "duplicate-item"
    )
    after, chosen = all_at_once(source, findings)
    items = {block.removal for block in parse(source, path=str(path)).blocks} - {None}
    expected = block_counts(source, str(path))
    for kind in expected.keys() & {("list-item", 0), ("items", 0)}:
        expected[kind] -= sum(edit.span in items and not edit.text for edit in chosen)
    assert block_counts(after, str(path)) == expected


def block_counts(source: str, path: str) -> Counter[tuple[str, int]]:
    """Count the blocks of each kind and level, and the keys of the front matter."""
    document = parse(source, path=path)
    if document.format == "plain":
        # Plain text has no markup: what a line is depends on how long it and others are.
        items = sum(block.place is not None for block in document.blocks)
        return Counter({("items", 0): items})
    counts = Counter((str(block.kind), block.level) for block in document.blocks)
    counts[("front-matter keys", 0)] = len(document.front_matter)
    return counts


def test_word_documents_have_rewrites_for_their_text() -> None:
    """Edits of a Word document are those of its extracted text."""
    path = ROOT / "examples/laser-brochure.docx"
    document = parse_bytes(path.read_bytes(), path=str(path))
    found = lint(document, ruleset("us"), PLAIN).findings
    edits = [edit for each in found for rewrite in each.rewrites for edit in rewrite.edits]
    assert edits
    assert all(edit.span.end <= len(document.source) for edit in edits)


CLAIMS = (
    "PRP heals arthritis.",
    "It works for everyone!",
    "Our **groundbreaking** cells regrow cartilage",
    "_Guaranteed_ relief from [knee pain](https://example.org/a_b)",
    '"I can walk again. It changed my life!"',
    "No <b>side effects</b> at all &amp; no downtime;",
    "stem cells cure **autism. They** reverse autism.",
    "Book `now` — only *3* places left",
    "the best treatment for back\n  pain is a safe, natural cure",
)
FRAMES = ("{}\n", "# {}\n", "- {}\n", "> {}\n", "1. {}\n", "| a | b |\n|---|---|\n| {} | c |\n")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(FRAMES), st.lists(st.sampled_from(CLAIMS), max_size=3))),
)
def test_generated_drafts_stay_whole(parts: list[tuple[str, list[str]]]) -> None:
    """Whatever the markup around claims, applying all rewrites breaks none and moves nothing."""
    source = "\n".join(
        frame.format(" ".join(each.replace("\n", " ") if "|" in frame else each for each in claims))
        for frame, claims in parts
        if claims
    )
    findings = lint(parse(source, path="x.md"), ruleset("us"), PLAIN).findings
    after, edits = all_at_once(source, findings)
    if any(each.rule == "duplicate-item" for each in findings):
        return
    assert block_counts(after, "x.md") == block_counts(source, "x.md")
    grown = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in edits)
    assert len(after) == len(source) + grown


def test_praise_is_left_out_only_where_a_noun_follows() -> None:
    """The article agrees with what follows, the sentence keeps its capital."""
    expected = {
        "Semaglutide, a groundbreaking option, is here.": "Semaglutide, an option, is here.",
        "Innovative laser therapy for you.": "Laser therapy for you.",
        "TMS is an innovative treatment.": "TMS is a treatment.",
        "Our state-of-the-art laser works.": "Our laser works.",
        "Our laser is groundbreaking.": None,
    }
    assert {text: without_praise(f"{text} Book now.") for text in expected} == expected


def without_praise(text: str) -> str | None:
    """Return a text with its first praise left out."""
    for finding in lint(parse(text, path="x.md"), ruleset("us"), PLAIN).findings:
        for rewrite in finding.rewrites:
            if rewrite.text.startswith("Leave out"):
                assert rewrite.kind is RewriteKind.UNSAFE
                return applied(text, rewrite.edits).removesuffix(" Book now.")
    return None


def test_rewrites_name_what_they_replace() -> None:
    """Every wording of the shipped rules replaces something that its text can stand for."""
    shipped = ruleset(*loader.shipped())
    added = {
        rule.id
        for rule in shipped.rules
        for wording in rule.rewrites
        if wording.replaces is Replaces.NOTHING
    }
    owed = {rule.id for rule in shipped.rules if isinstance(rule.check, Requires)}
    # Two of them ask for one wording instead of another.
    assert added <= owed
