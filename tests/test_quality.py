"""What the rules find and leave alone on labelled copy, as floors that a change must not break.

The pages are written to be hard: indirect promotional copy, and honest pages full of the same
words. A floor lies within a point of the figure; a change that moves the figure up moves it. The
points of score rules are fitted to these pages among others, so the floors say that nothing got
worse, and nothing about pages that were never seen. The short texts are in no fit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from medlint import loader
from medlint.config import Settings
from medlint.corpus import read_corpus
from medlint.engine import lint
from medlint.evaluate import evaluate
from medlint.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

CORPORA = Path(__file__).parent / "corpus"
CORPUS = CORPORA / "dev" / "labels.jsonl"
SHORT_TEXTS = CORPORA / "held" / "s95.jsonl"


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """The figures of the development part under the default rulesets."""
    return evaluate(CORPUS, loader.load(loader.default_rulesets()), Settings())


def test_marked_sentences_are_found(figures: dict[str, Any]) -> None:
    """Recall on hard copy does not fall."""
    assert figures["sentences"]["recall"] >= 0.857


def test_what_is_found_is_marked(figures: dict[str, Any]) -> None:
    """Precision does not fall."""
    assert figures["sentences"]["precision"] >= 0.98


def test_honest_pages_stay_silent(figures: dict[str, Any]) -> None:
    """Balanced patient information has few false alarms in 1,000 words."""
    assert figures["alarms_per_1000_words"]["honest"] <= 0.1


@pytest.fixture(scope="module")
def found() -> dict[str, bool]:
    """Whether anything is found in each short text of the held set, by its identifier."""
    ruleset = loader.load(loader.default_rulesets())
    return {
        entry.id: any(
            not finding.category.startswith("missing-")
            for finding in lint(
                parse(entry.text, path="short.md", format="markdown"), ruleset, Settings()
            ).findings
        )
        for entry in read_corpus(SHORT_TEXTS)
    }


def _share(found: Mapping[str, bool], kind: str) -> float:
    texts = [is_found for name, is_found in found.items() if name.startswith(f"s95-{kind}")]
    return sum(texts) / len(texts)


def test_held_pairs_are_told_apart(found: dict[str, bool]) -> None:
    """Of two short texts that share words, the claim is found and the other one is not."""
    claims = [name for name in found if name.startswith("s95-p") and name.endswith("b")]
    told = [found[claim] and not found[f"{claim[:-1]}a"] for claim in claims]
    assert len(told) == 200
    assert sum(told) / len(told) >= 0.915


def test_held_fragments_are_found(found: dict[str, bool]) -> None:
    """Fragments as regulators quote them are found."""
    assert _share(found, "f") >= 0.91


def test_held_honest_sentences_stay_silent(found: dict[str, bool]) -> None:
    """Honest sentences by themselves give no false alarm but for a few."""
    assert _share(found, "h") <= 0.022
