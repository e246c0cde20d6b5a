"""A headless Chromium for tests of pages: a fresh profile, and every request that a page makes is noted.

``chromium_browser`` is a fixture to import; ``visit`` opens a page whose requests and console can be asserted on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from typeset_html import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

#: No sandbox (tests may run as root), and nothing of Chromium's own may go out.
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)
LOCAL_HOSTS = ("127.0.0.1", "localhost")
LAPTOP, DESKTOP = (1280, 800), (1920, 1080)


@dataclass
class Visit:
    """An open page and what it did: addresses it asked for, messages of its console, dialogs it opened."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def strangers(self) -> list[str]:
        """The requests that went elsewhere than to this machine."""
        return [address for address in self.requests if not _is_local(address)]

    def violations(self) -> list[str]:
        """What axe finds fault with: rule, weight and the first element of each."""
        from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415  dear, and few tests need it

        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:200]}" for item in found]


def _dismiss(opened: Visit, dialog: Dialog) -> None:
    opened.dialogs.append(dialog.message)
    dialog.dismiss()


def _is_local(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("file", "data", "blob", "about") or parts.hostname in LOCAL_HOSTS


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    """The browser of a file of tests; skipped by name without Chromium, except on the machine that judges changes."""
    command = chromium()
    if command is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("Chromium is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only with a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=list(FLAGS), headless=True)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, address: str | None = None, size: tuple[int, int] = LAPTOP) -> Iterator[Visit]:
    """Open an address in a profile of its own (no cookies, no cache); ``size`` is width and height in pixels.

    Dialogs are noted and dismissed. A request to another machine is noted and refused.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page = context.new_page()
    opened = Visit(page, context)
    context.on("request", lambda request: opened.requests.append(request.url))
    context.on("console", lambda message: opened.console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: opened.console.append(f"error: {error}"))
    context.on("dialog", partial(_dismiss, opened))
    context.route(lambda url: not _is_local(url), lambda route: route.abort())
    page.set_default_timeout(60_000)  # on a busy machine, too
    try:
        if address is not None:
            page.goto(address)
        yield opened
    finally:
        context.close()


def faults(html: str) -> list[str]:
    """What html5lib's strict parser finds fault with in a whole page."""
    import html5lib  # noqa: PLC0415  only here

    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    return [f"line {position[0]}: {code} {values}" for position, code, values in parser.errors]
