"""bench/fit_scores.py: what describes a sentence, and points as the keys of a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fit_scores import Model, Row, as_yaml, read_rows
from medlint.findings import Category

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeRuleset

RULES = """
- id: cures
  category: cure
  tier: strong
  check: {type: phrase, any: ["cures {disease}"]}
  message: "{match}"
"""


def test_rows_describe_sentences(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """A row holds words, concepts, block and claims around; borderline sentences are left out."""
    text = "Call us.\n\n- It cures arthritis.\n- Sleep improves!\n- Ask us.\n"
    labels = [
        {"start": 12, "end": 31, "category": "cure"},
        {"start": 53, "end": 60, "category": "hype", "borderline": True},
    ]
    corpus = tmp_path / "some.jsonl"
    corpus.write_text(json.dumps({"id": "a", "text": text, "labels": labels}))
    rows = list(read_rows(corpus, make_ruleset(RULES)))
    assert [(row.text, sorted(row.categories), row.is_found) for row in rows] == [
        ("Call us.", [], False),
        ("It cures arthritis.", [Category.CURE], True),
        ("Sleep improves!", [], False),
    ]
    told = rows[2].features
    assert {name: told[name] for name in told if not name.startswith("concept")} == {
        "neighbours": 1.0,
        "page": 2.5,
        "sells": 1.0,
        "block list-item": 1.0,
        "word sleep": 1.0,
        "word improves": 1.0,
        "word !": 1.0,
    }
    assert "concept improve" in told


def test_points_are_the_keys_of_a_check() -> None:
    """Groups come in order of points; what YAML would read otherwise is quoted."""
    points = {
        "word no": 4,
        "word unlike": 9,
        "word !": 3,
        "concept improve": 5,
        "block heading": -6,
        "neighbours": 3,
    }
    assert as_yaml(Model(points, -18.4)).splitlines() == [
        "    least: 18",
        "    neighbours: 3",
        "    blocks:",
        "      heading: -6",
        "    points:",
        "      improve: 5",
        "    terms:",
        "      unlike: 9",
        '      "no": 4',
        '      "!": 3',
    ]


def test_a_row_comes_to_the_sum_of_its_features() -> None:
    """Features without points count nothing."""
    row = Row(
        corpus="some",
        text="Unlike others!",
        features={"word unlike": 1.0, "neighbours": 2.0, "word others": 1.0},
        categories=frozenset(),
        is_found=False,
        sells=True,
    )
    assert Model({"word unlike": 9, "neighbours": 3}, -18.5).total(row) == -3.5
