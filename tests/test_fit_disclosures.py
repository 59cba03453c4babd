"""bench/fit_disclosures.py: what describes a page, what is fitted, and points in a rules file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from fit_disclosures import (
    Labelled,
    Model,
    Page,
    fit,
    read_pages,
    read_sentences,
    threshold,
    weighing,
    written,
)
from medlint.checks.weighing import Weighing

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
    then: {any: ["{harm}"], not: [hardly]}
    weighed:
      over: 1
      enough: 1
      points: {
      }
      terms: {
      }
    within: document
  message: "No risk."
- id: no-status-named
  category: missing-status
  check: {type: requires, if: {categories: [cure]}, then: {any: [unproven]}}
  message: "No status."
"""


def test_pages_are_described(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """A page that creates the duty has its sentences; what nobody judged is left out.

    So is one of a few words: these are not weighed.
    """
    claim = "It cures arthritis. " + "Yes. " * 120
    corpus = tmp_path / "some.jsonl"
    pages = (
        {"id": "a", "text": claim, "labels": [], "doc_labels": ["missing-risk"]},
        {"id": "b", "text": f"{claim} 2 bleeding.", "labels": [], "doc_labels": []},
        {
            "id": "f",
            "format": "markdown",
            "text": f"# Arthritis\n\n{claim}",
            "labels": [],
            "doc_labels": [],
        },
        {"id": "c", "text": "It is blue.", "labels": [], "doc_labels": []},
        {"id": "d", "text": claim, "labels": []},
        {"id": "e", "text": "It cures arthritis.", "labels": [], "doc_labels": ["missing-risk"]},
    )
    corpus.write_text("\n".join(map(json.dumps, pages)))
    found = dict(enumerate(read_pages(corpus, make_ruleset(RULES))))
    assert [
        (rule, page.corpus, page.is_unmet, page.is_missing) for rule, page in found.values()
    ] == [
        ("no-risk-named", "some", True, True),
        ("no-risk-named", "some", False, False),
        ("no-risk-named", "some", True, False),
    ]
    (_, first), (_, second), (_, third) = found.values()
    assert {"word it", "word cures", "word arthritis", "concept disease"} <= first.sentences[0]
    assert first.sentences[1:] == (frozenset({"word yes"}),) * 120
    assert second.sentences[:-1] == first.sentences
    assert {"word bleeding", "concept harm", "met", "number"} <= second.sentences[-1]
    above = {f"under {name}" for name in third.sentences[0] - {"heading"}}
    assert {"heading", "word arthritis", "concept disease"} <= third.sentences[0]
    assert third.sentences[1:] == tuple(each | above for each in first.sentences)


def test_sentences_are_described(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """Each is one of its kind's rule, and tells whether it discloses."""
    corpus = tmp_path / "some.jsonl"
    lines = (
        {"id": "a", "kind": "missing-risk", "text": "Bleeding.", "doc_labels": []},
        {"id": "b", "kind": "missing-risk", "text": "Hardly, no.", "doc_labels": ["missing-risk"]},
        {"id": "c", "kind": "missing-status", "text": "Unproven.", "doc_labels": []},
    )
    corpus.write_text("\n".join(json.dumps({**line, "labels": []}) for line in lines))
    found = list(read_sentences(corpus, make_ruleset(RULES)))
    assert [(rule, each.discloses) for rule, each in found] == [
        ("no-risk-named", True),
        ("no-risk-named", False),
    ]
    assert {"word bleeding", "met"} <= found[0][1].features
    assert {"word hardly", "word no"} <= found[1][1].features


def _page(corpus: str, *sentences: str, is_missing: bool) -> Page:
    told = tuple(frozenset(f"word {word}" for word in each.split()) for each in sentences)
    return Page(corpus=corpus, sentences=told, is_unmet=True, is_missing=is_missing)


def test_one_telling_sentence_is_found_among_many(make_ruleset: MakeRuleset) -> None:
    """Labels of pages tell which of their sentences disclose; those of sentences tell it too."""
    pages = [
        page
        for number in range(10)
        for page in (
            _page(f"set{number}", "we care", "bruising comes", "call us", is_missing=False),
            _page(f"set{number}", "we care", "joy comes", "call us", is_missing=True),
        )
    ]
    sentences = [
        Labelled(frozenset({f"word {word}"}), discloses)
        for word, discloses in (("swelling", True), ("parking", False))
        for _ in range(4)
    ]
    ruleset = make_ruleset(RULES)
    model = fit(pages, sentences, ruleset)
    assert model.weights["word bruising"] > 0
    assert model.weights["word joy"] < 0
    assert model.weights["word swelling"] > 0 > model.weights["word parking"]
    enough, said = threshold(pages, sentences, ruleset)
    assert said == "right 1.000, phrases alone 0.500"
    assert all((model.total(page) < enough) is page.is_missing for page in pages)


def test_points_are_those_of_the_model() -> None:
    """A hundred points are one unit of log odds, and what comes to none has none."""
    model = Model(
        {
            "word bleeding": 1.234,
            "word is": 0.004,
            "concept harm": -0.5,
            "under word causes": -0.3,
            "under concept safe": 0.2,
            "met": 2.0,
            "number": 0.1,
            "heading": -0.7,
        },
        start=-6.5,
    )
    expected = Weighing(
        over=350,
        enough=275,
        met=200,
        number=10,
        heading=-70,
        points={"harm": -50},
        terms={"bleeding": 123},
        under_points={"safe": 20},
        under_terms={"causes": -30},
    )
    assert weighing(model, 2.75) == expected
    page = _page("a", "bleeding is", "is", is_missing=False)
    # 1.238 of the first sentence, none of the second, 3.5 below where either starts.
    assert model.total(page) == pytest.approx(0.0)
    assert Model(model.weights, -3.0).total(page) == pytest.approx(1.238 + 0.004)


def test_points_replace_those_that_stand() -> None:
    """Nothing else of the file changes, and what YAML would read otherwise is quoted."""
    weighed = Weighing(
        over=30,
        enough=40,
        met=9,
        number=-1,
        heading=-2,
        points={"harm": 3},
        terms={"no": -5, "side-effects": 9, "book": 7},
        under_points={"safe": 2},
        under_terms={"causes": -3},
    )
    text = written(RULES, "no-risk-named", weighed)
    expected = yaml.safe_load(RULES)
    expected[1]["check"]["weighed"] = {
        "over": 30,
        "enough": 40,
        "met": 9,
        "number": -1,
        "heading": -2,
        "points": {"harm": 3},
        "terms": {"side-effects": 9, "book": 7, "no": -5},
        "under-points": {"safe": 2},
        "under-terms": {"causes": -3},
    }
    assert yaml.safe_load(text) == expected
    assert text.splitlines()[13:31] == [
        "    weighed:",
        "      over: 30",
        "      enough: 40",
        "      met: 9",
        "      number: -1",
        "      heading: -2",
        "      points: {",
        "        harm: 3",
        "      }",
        "      terms: {",
        '        side-effects: 9, book: 7, "no": -5',
        "      }",
        "      under-points: {",
        "        safe: 2",
        "      }",
        "      under-terms: {",
        "        causes: -3",
        "      }",
    ]
    assert written(text, "no-risk-named", weighed) == text
