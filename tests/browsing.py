"""The system's Chromium, for the tests of pages; without one they are skipped."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
if CHROMIUM is None:
    pytest.skip("no Chromium is installed here", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed here"
)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser, and end it."""
    with playwright.sync_playwright() as driver:
        # Chromium's sandbox refuses to work for root.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if root else []
        )
        yield started
        started.close()


class Pages:
    """Pages of a browser, each in a context of its own, and what they complain of."""

    def __init__(self, browser: Any) -> None:
        """Take the browser; no page is open yet."""
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[Any] = []

    def new(self, *, patience: int, expected: tuple[str, ...] = (), **options: Any) -> Any:
        """Return an empty page; `patience` is in milliseconds, `expected` no complaint."""
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        context.set_default_timeout(patience)
        page = context.new_page()
        page.on("console", lambda message: self._hear(message.text, expected))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> None:
        """Close all pages; a complaint fails the test."""
        for context in self._contexts:
            context.close()
        assert self.complaints == []

    def _hear(self, text: str, expected: tuple[str, ...]) -> None:
        if not text.startswith(expected):
            self.complaints.append(text)


def violations(page: Any) -> list[tuple[str, str]]:
    """Return what axe finds wrong, with the first place of each."""
    found = axe.Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]
