"""What the tests of reporters share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reports import full_report

if TYPE_CHECKING:
    from medlint.findings import Report


@pytest.fixture
def report() -> Report:
    """Return a report with two findings and two failures."""
    return full_report()
