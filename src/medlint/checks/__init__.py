"""Check types: one file each; this page lists them.

A check is what a rule's `check:` key says, as a frozen dataclass. `phrases()` yields the sequences
it needs compiled, each with a role; the engine gathers their matches, and `evaluate()` turns what
was gathered into candidates.
"""

from __future__ import annotations

from typing import TypeAlias

from medlint.checks.duplicate_items import DuplicateItems
from medlint.checks.frame import Frame
from medlint.checks.metric import Metric
from medlint.checks.near import Near
from medlint.checks.pattern import Pattern
from medlint.checks.phrase import Phrase
from medlint.checks.requires import Requires
from medlint.checks.score import Score

Check: TypeAlias = Phrase | Frame | Near | Score | Requires | DuplicateItems | Metric | Pattern

# Those that look at the page as a whole, once all claims are found.
DOCUMENT_CHECKS = (Requires, DuplicateItems, Metric)

CHECK_TYPES: dict[str, type[Check]] = {
    "phrase": Phrase,
    "frame": Frame,
    "near": Near,
    "score": Score,
    "requires": Requires,
    "duplicate-items": DuplicateItems,
    "metric": Metric,
    "pattern": Pattern,
}

__all__ = [
    "CHECK_TYPES",
    "DOCUMENT_CHECKS",
    "Check",
    "DuplicateItems",
    "Frame",
    "Metric",
    "Near",
    "Pattern",
    "Phrase",
    "Requires",
    "Score",
]
