"""Measuring time in tests."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage: a pass over all that the other tests hold is no time of the linter."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
