"""What the rules find and leave alone on labelled pages, as floors that a change must not break.

The pages are written to be hard: indirect promotional copy, and honest pages full of the same
words. A floor lies within a point of the figure; a change that moves the figure up moves it. The
points of score rules are fitted to these pages among others, so the floors say that nothing got
worse, and nothing about pages that were never seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from medlint import loader
from medlint.config import Settings
from medlint.evaluate import evaluate

CORPUS = Path(__file__).parent / "corpus" / "dev" / "labels.jsonl"


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """The figures of the development part under the default rulesets."""
    return evaluate(CORPUS, loader.load(loader.default_rulesets()), Settings())


def test_marked_sentences_are_found(figures: dict[str, Any]) -> None:
    """Recall on hard copy does not fall."""
    assert figures["sentences"]["recall"] >= 0.76


def test_what_is_found_is_marked(figures: dict[str, Any]) -> None:
    """Precision does not fall."""
    assert figures["sentences"]["precision"] >= 0.97


def test_honest_pages_stay_silent(figures: dict[str, Any]) -> None:
    """Balanced patient information has few false alarms in 1,000 words."""
    assert figures["alarms_per_1000_words"]["honest"] <= 0.1
