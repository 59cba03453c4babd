"""bench/fit_disclosures.py: what describes a page, and points written into a rules file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from fit_disclosures import Page, read_pages, written
from medlint.checks.requires import Weighing

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeRuleset

RULES = """
- id: cures
  category: cure
  tier: strong
  check: {type: phrase, any: ["cures {disease}"]}
  message: "{match}"
- id: no-risk-named
  category: missing-risk
  tier: strong
  check:
    type: requires
    if: {categories: [cure]}
    then: {any: ["{harm}"]}
    weighed:
      least: 1
      unmet: 1
      terms: {}
    within: document
  message: "No risk."
- id: no-status-named
  category: missing-status
  check: {type: requires, if: {categories: [cure]}, then: {any: [unproven]}}
  message: "No status."
"""


def test_pages_are_described(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """A page that creates the duty has its words and pairs; what nobody judged is left out.

    So is one of a few words: these are not weighed.
    """
    claim = "It cures arthritis. " + "Yes. " * 120
    corpus = tmp_path / "some.jsonl"
    pages = (
        {"id": "a", "text": claim, "labels": [], "doc_labels": ["missing-risk"]},
        {"id": "b", "text": f"{claim} Bleeding.", "labels": [], "doc_labels": []},
        {"id": "c", "text": "It is blue.", "labels": [], "doc_labels": []},
        {"id": "d", "text": claim, "labels": []},
        {"id": "e", "text": "It cures arthritis.", "labels": [], "doc_labels": ["missing-risk"]},
    )
    corpus.write_text("\n".join(map(json.dumps, pages)))
    found = list(read_pages(corpus, make_ruleset(RULES)))
    first = {
        "it",
        "cures",
        "arthritis",
        ".",
        "^ it",
        "it cures",
        "cures arthritis",
        "arthritis .",
        ". $",
        "yes",
        "^ yes",
        "yes .",
    }
    second = first | {"bleeding", "^ bleeding", "bleeding ."}
    assert found == [
        (
            "no-risk-named",
            Page(corpus="some", terms=frozenset(terms), is_unmet=unmet, is_missing=unmet),
        )
        for terms, unmet in ((first, True), (second, False))
    ]


def test_points_replace_those_that_stand() -> None:
    """Nothing else of the file changes, and what YAML would read otherwise is quoted."""
    weighed = Weighing(least=30, unmet=40, terms={"no": -5, "side effects": -9, "book": 7})
    text = written(RULES, "no-risk-named", weighed)
    expected = yaml.safe_load(RULES)
    points = {"least": 30, "unmet": 40, "terms": {"book": 7, "no": -5, "side effects": -9}}
    expected[1]["check"]["weighed"] = points
    assert yaml.safe_load(text) == expected
    assert text.splitlines()[13:18] == [
        "    weighed:",
        "      least: 30",
        "      unmet: 40",
        "      terms: {",
        '        book: 7, "no": -5, side effects: -9',
    ]
    assert written(text, "no-risk-named", weighed) == text
