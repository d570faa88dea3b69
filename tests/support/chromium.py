"""A real browser: Debian's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


# Not for the session: while it is open, asyncio.run fails in every other test of the process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once a module; it must be installed."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield launched
        launched.close()
