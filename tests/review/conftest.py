"""What the tests of reviews share: linting a source with the three rules of the small ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from medlint import suppress
from medlint.config import Settings, known_names
from medlint.engine import lint
from medlint.errors import InputError
from medlint.findings import FileReport
from medlint.parsing import parse

if TYPE_CHECKING:
    from medlint.review.session import Lint
    from medlint.rules import Ruleset


class LintAs(Protocol):
    """Returns a function that lints a source as a file of that name."""

    def __call__(self, path: str = "draft.md") -> Lint:
        """Return the function."""


@pytest.fixture
def lint_as(mini: Ruleset) -> LintAs:
    """Return a function that makes lint functions."""
    known = known_names(mini)

    def lint_as_(path: str = "draft.md") -> Lint:
        def lint_(source: str) -> FileReport:
            document = parse(source, path=path)
            outcome = lint(document, mini, Settings())
            if outcome.unchecked:
                raise InputError(outcome.unchecked)
            left = suppress.apply(document, outcome.findings, known=known, active=known)
            return FileReport(
                path=path,
                words=document.words,
                balance=outcome.balance,
                findings=left.findings,
                suppressed=left.count,
                document=document,
            )

        return lint_

    return lint_as_
