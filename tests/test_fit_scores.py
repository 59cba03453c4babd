"""bench/fit_scores.py: what describes a sentence, and points as the keys of a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fit_scores import Model, Row, as_yaml, offered, read_brief, read_rows, sampled
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
    assert [(row.text, sorted(row.categories), row.rules, row.strong) for row in rows] == [
        ("Call us.", [], 0, False),
        ("It cures arthritis.", [Category.CURE], 1, True),
        ("Sleep improves!", [], 0, False),
    ]
    told = rows[2].features
    assert {name: told[name] for name in told if not name.startswith("concept")} == {
        "block list-item": 1.0,
        "short": 1.0,
        "word sleep": 1.0,
        "word improves": 1.0,
        "word !": 1.0,
        "word ^ sleep": 1.0,
        "word sleep improves": 1.0,
        "word improves !": 1.0,
        "word ! $": 1.0,
        "word ^ sleep improves": 1.0,
        "word sleep improves !": 1.0,
        "word improves ! $": 1.0,
        "word ^ _ improves": 1.0,
        "word sleep _ !": 1.0,
        "word improves _ $": 1.0,
        "word ^ {function}": 1.0,
        "word {function} improves": 1.0,
        "word ^ {function} improves": 1.0,
        "word {function} improves !": 1.0,
        "word {function} _ !": 1.0,
    }
    assert "concept improve" in told
    found = rows[1].features
    assert {name: found[name] for name in ("found", "further")} == {"found": 1.0, "further": 0.0}


def test_short_texts_are_described_as_a_whole(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """A text is a claim where anything in it is marked; of a pair the second side is."""
    text = "It cures arthritis. Call us."
    labels = [{"start": 0, "end": 19, "category": "cure"}]
    corpus = tmp_path / "some.jsonl"
    corpus.write_text(json.dumps({"id": "a", "text": text, "labels": labels}))
    (row,) = read_brief(corpus, make_ruleset(RULES))
    assert (row.is_claim, row.rules, row.strong) == (True, 1, True)
    assert {"word cures", "word call", "word call us", "found"} <= row.features.keys()
    pairs = tmp_path / "pairs.yaml"
    pairs.write_text("- {phenomenon: denied, silent: It cures nothing., flagged: It cures gout.}\n")
    assert [(each.text, each.is_claim) for each in read_brief(pairs, make_ruleset(RULES))] == [
        ("It cures nothing.", False),
        ("It cures gout.", True),
    ]


def test_pages_are_sampled(tmp_path: Path, make_ruleset: MakeRuleset) -> None:
    """Of a page's sentences some are read by themselves, without the signs of a list."""
    labels = [{"start": 2, "end": 21, "category": "cure"}]
    text = "- It cures arthritis.\n" + "- Call us at noon.\n" * 20
    corpus = tmp_path / "some.jsonl"
    corpus.write_text(json.dumps({"id": "a", "text": text, "labels": labels}))
    rows = list(sampled(corpus, make_ruleset(RULES)))
    assert [(row.text, row.is_claim) for row in rows] == [
        ("It cures arthritis.", True),
        ("Call us at noon.", False),
        ("Call us at noon.", False),
    ]


def test_wordings_are_read_as_examples_get_them(make_ruleset: MakeRuleset) -> None:
    """Each once, with what the example names and with the blanks filled."""
    more = """
  rewrites: ["[Treatment] has not been shown to cure [disease]; see [outcome]."]
  flags: ["«Acupuncture cures arthritis».", "«Acupuncture cures arthritis» now."]
"""
    ruleset = make_ruleset(RULES + more)
    assert offered(ruleset.rules[0], ruleset) == {
        "acupuncture has not been shown to cure arthritis; see a lower pain score."
    }


def test_points_are_the_keys_of_a_check() -> None:
    """Groups come in order of points; what YAML would read otherwise is quoted."""
    points = {
        "word no": 4,
        "word unlike": 9,
        "word !": 3,
        "word true": 1,
        "word ^ your own": 2,
        "concept improve": 5,
        "block heading": -6,
        "part opening": -4,
        "found": 3,
    }
    assert as_yaml(Model(points, -18.4), -8).splitlines() == [
        "    least: 10",
        "    found: 3",
        "    blocks: {",
        "      heading: -6",
        "    }",
        "    parts: {",
        "      opening: -4",
        "    }",
        "    points: {",
        "      improve: 5",
        "    }",
        "    terms: {",
        '      unlike: 9, "no": 4, "!": 3, "^ your own": 2, "true": 1',
        "    }",
    ]
    assert as_yaml(Model({}, 0)).splitlines() == ["    least: 0", "    points: {}"]


def test_a_row_comes_to_the_sum_of_its_features() -> None:
    """Features without points count nothing."""
    row = Row(
        corpus="some",
        page="a",
        text="Unlike others!",
        features={"word unlike": 1.0, "further": 2.0, "word others": 1.0},
        categories=frozenset(),
        rules=0,
        strong=False,
        words=2,
    )
    assert Model({"word unlike": 9, "further": 3}, -18.5).total(row) == -3.5
