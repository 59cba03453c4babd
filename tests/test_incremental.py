"""Checking again after an edit: the report of a fresh run, in less time."""

from __future__ import annotations

import gc
from functools import lru_cache
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import DRAFTS, PATHS, edits
from medlint import engine, incremental
from medlint.api import Linter, Options
from medlint.config import Config, Settings
from medlint.findings import Product
from medlint.parsing import parse

if TYPE_CHECKING:
    from conftest import MakeRuleset

WEIGHED = """
- id: no-risk-named
  category: missing-risk
  tier: strong
  check:
    type: requires
    if: {categories: [cure]}
    then: {any: ["{harm}"]}
    weighed: {over: 1, enough: 5, met: 9}
  message: "No risk."
- id: cure
  category: cure
  check: {type: phrase, any: [cure~]}
  message: "“{match}”"
"""
SMALL = str(Path(__file__).parent / "fixtures" / "rulesets" / "core")


@lru_cache
def linter(*rulesets: str) -> Linter:
    """Return a linter of these rulesets, or of the shipped ones."""
    return Linter(Config.default(Path.cwd()), Options(no_config=True, rulesets=rulesets))


@given(st.data(), DRAFTS, PATHS)
@settings(max_examples=60)
def test_a_report_after_edits_is_a_fresh_one(data: st.DataObject, text: str, path: str) -> None:
    """Whatever was edited, edit after edit, the result is the one of checking afresh."""
    small = linter(SMALL)
    checked = small.recheck(None, text, path)
    assert checked == small.lint_source(text, path)
    for _ in range(4):
        text = data.draw(edits(text))
        checked = small.recheck(checked, text, path)
        assert checked == small.lint_source(text, path)
        checked = small.recheck(checked, text, path)
        assert checked == small.lint_source(text, path)


@given(st.data(), DRAFTS)
@settings(max_examples=12)
def test_a_report_by_the_shipped_rules_is_a_fresh_one(data: st.DataObject, text: str) -> None:
    """All check types, guards and cues of the shipped rulesets included."""
    shipped = linter()
    first = checked = shipped.recheck(None, text, "draft.md")
    for _ in range(3):
        text = data.draw(edits(text))
        checked = shipped.recheck(checked, text, "draft.md")
        fresh = shipped.lint_source(text, "draft.md")
        assert checked == fresh
        # What was remembered first still serves, as after an undo.
        assert shipped.recheck(first, text, "draft.md") == fresh


def test_what_discloses_counts_after_an_edit_elsewhere(make_ruleset: MakeRuleset) -> None:
    """What meets a duty in so many words is known by its place, in what is remembered too."""
    ruleset = make_ruleset(WEIGHED)
    text = "We cure arthritis.\n\n" + "We call it a day.\n\n" * 24 + "Infection is possible.\n"
    memory = None
    for shown in (text, text.replace("arthritis", "gout"), f"Hello.\n\n{text}"):
        document = parse(shown, path="draft.md")
        outcome, memory = incremental.lint(document, ruleset, Settings(), memory)
        assert outcome.findings == engine.lint(document, ruleset, Settings()).findings
        assert {finding.rule for finding in outcome.findings} == {"cure"}


def test_the_outcome_is_a_fresh_one_but_for_what_was_silenced() -> None:
    """Findings, balance and failures; the same document moved as a whole too."""
    ruleset = linter(SMALL).ruleset
    text = "It cures MS. It has no side effects.\n\n- Pain\n- pains\n\nDoes it hurt? No.\n"
    memory = None
    for shown in (text, f"Fine.\n\n{text}", f"# PRP\n\n{text}\n{text}", text):
        document = parse(shown, path="draft.md")
        outcome, memory = incremental.lint(document, ruleset, Settings(), memory)
        fresh = engine.lint(document, ruleset, Settings())
        assert fresh.findings
        assert (outcome.findings, outcome.balance) == (fresh.findings, fresh.balance)
        assert (outcome.failures, outcome.unchecked) == (fresh.failures, fresh.unchecked)
        assert outcome.silenced == ()


def test_what_did_not_change_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit in one paragraph has the sentences around it matched again, and no others."""
    small = linter(SMALL)
    paragraphs = [f"Paragraph {number} says that PRP relieves pain.\n\n" for number in range(30)]
    checked = small.recheck(None, "".join(paragraphs), "draft.md")
    looked: list[int] = []
    hits_in = engine.Run.hits_in

    def counting(run: engine.Run, sentences: tuple[object, ...]) -> object:
        looked.append(len(sentences))
        return hits_in(run, sentences)  # type: ignore[arg-type]

    monkeypatch.setattr(engine.Run, "hits_in", counting)
    paragraphs[14] = "Paragraph 14 was changed.\n\n"
    checked = small.recheck(checked, "".join(paragraphs), "draft.md")
    # The paragraph, the one whose question it might answer, and one that it carries a therapy to.
    assert sum(looked) <= 3
    del looked[:]
    small.recheck(checked, "Another one.\n\n" + "".join(paragraphs), "draft.md")
    assert sum(looked) <= 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PRP relieves pain.\n\nStem cells.\n", "PRP relieves pain.\n\nVitamins.\n"),
        ("---\nmedlint: {product: device}\n---\nIt cures MS.\n", "It cures MS.\n"),
        ("It cures MS.\n", "---\nmedlint: {rules: {cure: false}}\n---\nIt cures MS.\n"),
        ("Does it cure MS?\n", "Does it cure MS? Yes.\n"),
        ("# Does it cure MS?\n\nNo.\n", "# Does it cure MS?\n\nYes.\n"),
        ("We treat:\n\n- MS\n", "We never treat:\n\n- MS\n"),
        ("*It cures MS.*\n", "It __cures MS.__\n"),
        ("It cures MS.\n", "It cures&nbsp;MS.\n"),
        ("It cures MS.\n\nIt cures MS.\n", "It cures MS.\n"),
        ("It cures MS.\n", "Nous soignons toutes les maladies avec nos produits. " * 9),
    ],
)
def test_an_edit_far_away_counts(before: str, after: str) -> None:
    """Product, settings, answers, lead-ins, markup, repeats and the language of the page."""
    shipped = linter()
    checked = shipped.recheck(None, before, "draft.md")
    checked = shipped.recheck(checked, after, "draft.md")
    assert checked == shipped.lint_source(after, "draft.md")
    checked = shipped.recheck(checked, before, "draft.md")
    assert checked == shipped.lint_source(before, "draft.md")


def test_a_memory_serves_its_own_rules_and_settings_only() -> None:
    """Under other settings, or other rules, nothing is taken over."""
    text = "It cures MS. It is a miracle. PRP relieves knee pain.\n"
    small, shipped = linter(SMALL), linter()
    assert shipped.recheck(small.recheck(None, text, "a.md"), text, "a.md") == shipped.lint_source(
        text, "a.md"
    )
    document = parse(text, path="a.md")
    _, memory = incremental.lint(document, small.ruleset, Settings())
    other = Settings(product=Product.APPROVED, rules={"cure": False})
    outcome, _ = incremental.lint(document, small.ruleset, other, memory)
    assert outcome.findings == engine.lint(document, small.ruleset, other).findings


def test_an_edit_takes_a_part_of_the_time() -> None:
    """In 10,000 words, an edit costs less than checking afresh."""
    shipped = linter()
    paragraphs = [
        f"Visit {number} takes an hour. PRP relieves knee pain in {number} days, our patients say."
        f" Bring a list of what you take, and ask about risk {number}.\n\n"
        for number in range(350)
    ]
    text = "".join(paragraphs)
    checked = shipped.recheck(None, text, "draft.md")
    times: dict[str, list[float]] = {"edit": [], "fresh": []}
    gc.collect()
    gc.disable()
    for number in range(3):
        paragraphs[100] = f"We cure arthritis in {number} days.\n\n"
        edited = "".join(paragraphs)
        start = process_time()
        checked = shipped.recheck(checked, edited, "draft.md")
        middle = process_time()
        fresh = shipped.lint_source(edited, "draft.md")
        times["edit"].append(middle - start)
        times["fresh"].append(process_time() - middle)
        assert checked == fresh
    gc.enable()
    assert min(times["edit"]) < 0.8 * min(times["fresh"])
