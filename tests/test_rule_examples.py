"""Every shipped rule: its examples hold, and it has all the parts of a rule."""

from __future__ import annotations

import pytest

from medlint import loader
from medlint.testing import check_paths


@pytest.mark.slow
@pytest.mark.parametrize("name", loader.shipped())
def test_shipped_rules_do_as_their_examples_say(name: str) -> None:
    """Flagged spans match exactly, near misses stay silent, no part and no phrase is idle."""
    outcome = check_paths([loader.shipped_folder() / name])
    assert outcome.errors == ()
    assert [str(each) for each in outcome.problems] == []


def test_no_rule_rests_on_unchecked_citations_alone() -> None:
    """Each shipped rule cites at least one source whose text was compared."""
    ruleset = loader.load(loader.shipped())
    resting = [
        rule.id for rule in ruleset.rules if not any(source.checked for source in rule.sources)
    ]
    assert resting == []
