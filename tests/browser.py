"""A person at the sandbox's page, in headless Chromium.

Chromium is looked for in the environment variable `CHROMIUM`, then as `chromium` on the path;
without it the tests that need it are skipped with a sentence that says how to install it.
Screenshots go to build/screenshots/, which git ignores.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
PHONE = (390, 844)
DESKTOP = (1440, 900)
TIMEOUT_MS = 30_000  # patience for a busy machine: what is awaited comes at once on a free one

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where Chromium is; skips the test when it is nowhere."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        pytest.skip(
            "Chromium is not installed: `apt-get install chromium`, "
            "or name the program in the environment variable CHROMIUM"
        )
    return found


@asynccontextmanager
async def headless_chromium() -> AsyncIterator[Browser]:
    """A running browser; one serves many tests."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """Somebody who looks at the page and uses it: finds things by the words on them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []

    async def opens(self, address: str, *, user: int | str = 1001, language: str = "en") -> None:
        """Go to the page as one of the cast, or as two side by side (`"1001,9001"`)."""
        await self.page.goto(f"{address}/?lang={language}&as={user}")
        await expect(self.page.locator(".log[aria-busy=false]").first).to_be_visible()

    async def writes(self, text: str) -> None:
        """Type a message and send it with Enter."""
        field = self.page.get_by_role("textbox").first
        await field.fill(text)
        await field.press("Enter")

    def button(self, label: str) -> Locator:
        """The newest button with these words on it, in the chats or a dialog above them."""
        return self.page.locator("#chats, dialog").get_by_role("button", name=label).last

    async def presses(self, label: str) -> None:
        """Click a button of the chat or a dialog by the words on it."""
        await self.button(label).click()

    async def tells_the_world(self, label: str) -> None:
        """Click a button of the bar or of the world's panel."""
        await self.page.locator("#bar, #world").get_by_role("button", name=label).click()

    def message(self, message_id: int) -> Locator:
        """The bubble of a message with its buttons."""
        return self.page.locator(f'.message[data-id="{message_id}"]')

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the text stands somewhere on the page."""
        await expect(self.page.get_by_text(text).last).to_be_visible()

    async def takes_picture(self, name: str) -> None:
        """Store a screenshot of what is seen, once all movement has ended."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(
            path=SCREENSHOTS / f"{name}.png", animations="disabled", caret="initial"
        )

    def _notes(self, trouble: str) -> None:
        self.troubles.append(trouble)

    async def _stays_home(self, route: Route) -> None:
        """Let a request through unless it would leave the machine."""
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            await route.continue_()
        else:
            self._notes(f"asked for {route.request.url}")
            await route.abort()

    async def leaves(self) -> None:
        """Close the page's chat; fails if the page logged an error or asked for anything beyond
        this machine."""
        await self.page.goto("about:blank")
        troubles, self.troubles = self.troubles, []
        assert troubles == []

    async def settles_in(self) -> None:
        """Watch the page's console, its errors and where its requests go."""
        self.page.on("pageerror", lambda error: self._notes(f"error: {error}"))
        self.page.on(
            "console",
            lambda line: self._notes(f"console: {line.text}") if line.type == "error" else None,
        )
        await self.page.context.route("**/*", self._stays_home)


@asynccontextmanager
async def visitor(
    browser: Browser,
    *,
    screen: tuple[int, int] = PHONE,
    colours: Literal["light", "dark"] = "light",
) -> AsyncIterator[Visitor]:
    """Somebody with a fresh browser profile in the zone of the cast's plans, who leaves at last."""
    width, height = screen
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        color_scheme=colours,
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    somebody = Visitor(await context.new_page())
    await somebody.settles_in()
    try:
        yield somebody
        await somebody.leaves()
    finally:
        await context.close()
