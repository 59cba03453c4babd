"""What the tests of the review page share: a draft of every kind, and the page served."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def brochure() -> bytes:
    """Return a Word document with something of everything."""
    return (EXAMPLES / "laser-brochure.docx").read_bytes()
