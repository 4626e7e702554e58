"""Pictures of the main pages, light and dark, whose texts can be read and whose signals keep their colours.

`make screenshots` puts them into docs/screenshots.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tastebench.signals import REGISTRY
from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.servers import Server
from tests.e2e.test_evaluation import measured

PAGES = ("recommendations", "tuning", "personas", "interactions", "catalogue", "evaluation", "home")


def picture(page: Page, server: Server, name: str, folder: Path, file: str) -> None:
    page.goto(server.url("" if name == "home" else name, workspace="films", persona="maya"))
    settled(page)
    if name == "evaluation" and page.get_by_text("Nothing measured yet").is_visible():
        measured(page)
    path = folder / f"{file}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 20_000


def colours_kept(page: Page) -> bool:
    """Tell whether the parts of the list's bars have the colours of their signals."""
    for signal in (one for one in REGISTRY.values() if not one.on_demand):
        parts = page.locator(f'.tb-sum [title^="{signal.label} +"]')
        colours = parts.evaluate_all("all => all.map(it => getComputedStyle(it).backgroundColor)")
        red, green, blue = (int(signal.colour[at : at + 2], 16) for at in (1, 3, 5))
        if set(colours) != {f"rgb({red}, {green}, {blue})"}:
            return False
    return True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screenshots(scheme: str, films: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        for name in PAGES:
            picture(page, films, name, screenshot_folder, f"{name}-{scheme}")
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            assert hard_to_read(page) == [], name
        page.set_viewport_size({"width": 1280, "height": 1400})
        page.goto(films.url("recommendations", workspace="films", persona="maya"))
        settled(page)
        expect(page.get_by_role("button", name="Night Moves", exact=True)).to_be_visible()
        assert colours_kept(page)
        page.get_by_role("button", name="Night Moves", exact=True).click()
        expect(page.get_by_text("taken apart").first).to_be_visible()
        settled(page)
        page.screenshot(path=screenshot_folder / f"breakdown-{scheme}.png")
        assert hard_to_read(page) == []


def test_screenshots_of_a_phone(films: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        picture(context.new_page(), films, "recommendations", screenshot_folder, "recommendations-phone")
