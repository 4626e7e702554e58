"""Pictures of the main pages, taken by the test run; `make screenshots` puts them into docs/screenshots."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Server, settled, watched

PAGES = ("recommendations", "tuning", "personas", "interactions", "catalogue", "home")


def picture(page: Page, server: Server, name: str, folder: Path, file: str) -> None:
    page.goto(server.url("" if name == "home" else name, workspace="films", persona="maya"))
    settled(page)
    path = folder / f"{file}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screenshots(scheme: str, films: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        for name in PAGES:
            picture(page, films, name, screenshot_folder, f"{name}-{scheme}")


def test_screenshots_of_a_breakdown_and_a_phone(films: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, viewport={"width": 1280, "height": 1400}) as context:
        page = context.new_page()
        page.goto(films.url("recommendations", workspace="films", persona="maya"))
        settled(page)
        page.get_by_role("button", name="Night Moves", exact=True).click()
        expect(page.get_by_text("taken apart").first).to_be_visible()
        settled(page)
        page.screenshot(path=screenshot_folder / "breakdown-light.png")
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        picture(context.new_page(), films, "recommendations", screenshot_folder, "recommendations-phone")
