"""What rewrites make of a sentence, read by a grammar checker that knows nothing of medlint."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from harper import Dialect, Linter

from medlint import loader
from rewritten import cases, samples
from test_rewrites import EXAMPLES, PLAIN, rule_cases, ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from rewritten import Case


# Complaints about a word, which may be one that the draft itself has.
_WORDS = frozenset(("Spelling", "Typo", "WordChoice"))
# Of these only one that stands in the very words that are replaced: "burnout" for "burn out".
_CHOSEN = "WordChoice"


@cache
def checker() -> Linter:
    """Return the grammar checker; making one takes a second."""
    return Linter(Dialect.AMERICAN)


@cache
def complaints(text: str) -> Counter[tuple[str, str]]:
    """Count what the checker says about a text: a word it does not know, or its message."""
    return Counter(
        (lint.lint_kind, lint.problem_text if lint.lint_kind in _WORDS else lint.message)
        for lint in checker().lint(text)
    )


def new_complaints(case: Case) -> list[tuple[str, str]]:
    """Return what is wrong with the new words and was not with the paragraph they stand in.

    Names of the draft's products are no mistakes; whether "and" takes a comma is the house's style.
    """
    words = case.words.strip()
    if words[:1].islower() and case.replaced[:1].islower():
        # An item of a list whose items begin so.
        words = words[0].upper() + words[1:]
    after = complaints(words)
    if not after:
        return []
    source, start, end = case.before, case.finding.span.start, case.finding.span.end
    begin = source.rfind("\n\n", 0, start) + 1
    close = source.find("\n\n", end)
    before = complaints(source[begin : close if close >= 0 else None])
    own = case.replaced.lower()
    known = f"{source.lower()} {' '.join(samples().values()).lower()} investigational"
    return [
        each
        for each in after - before
        if "Oxford comma" not in each[1]
        and not (each[0] in _WORDS and each[1].lower() in (own if each[0] == _CHOSEN else known))
    ]


def test_the_checker_reads() -> None:
    """It finds what is wrong and leaves alone what is right."""
    assert sum(complaints("The cells has not been shown to heals an knee.").values()) > 0
    assert complaints("The cells have not been shown to heal a knee.") == Counter()


def test_rewrites_of_rules_read_well() -> None:
    """In the examples of every rule, no rewrite has a complaint that its sentence had not."""
    shipped = ruleset(*loader.shipped())
    wrong = []
    seen = set()
    for rule in shipped.rules:
        if not rule.enabled:
            continue
        for case in rule_cases(rule, PLAIN, shipped):
            if case.words in seen or case.rewrite.text.startswith("Leave out"):
                continue
            seen.add(case.words)
            wrong += [(str(case), each) for each in new_complaints(case)]
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_rewrites_of_pages_read_well(path: Path) -> None:
    """On whole pages neither."""
    wrong = [
        (str(case), each)
        for case in cases(path.read_text("utf-8"), ruleset("us"), PLAIN, str(path))
        if not case.rewrite.text.startswith(("Leave out", "Remove"))
        for each in new_complaints(case)
    ]
    assert wrong == [], "\n".join(map(str, wrong))
