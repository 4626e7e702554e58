"""The first visit: by deep link to every page of a fresh server, and to an app without any data."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Serving, settled, watched
from tests.e2e.servers import Server

PAGES = {
    "recommendations": "Recommendations",
    "ask": "Ask",
    "tuning": "Tuning",
    "personas": "Personas",
    "interactions": "Interactions",
    "catalogue": "Catalogue",
    "evaluation": "Evaluation",
    "": "Home",
}


@pytest.mark.parametrize("path", PAGES, ids=[path or "home" for path in PAGES])
def test_each_page_opens_first_by_deep_link_on_a_fresh_server(
    path: str, serve: Serving, films_folder: Path, visitor: Page
) -> None:
    server = serve(films_folder)
    visitor.goto(server.url(path, workspace="films", persona="maya"))
    settled(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    expect(visitor.get_by_role("combobox", name="Persona")).to_have_value("🌃 Maya Okafor")
    for title in PAGES.values():
        expect(visitor.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_all_pages_can_be_walked_through_keeping_workspace_and_persona(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("", workspace="films", persona="joon"))
    settled(visitor)
    for path, title in PAGES.items():
        visitor.get_by_role("link", name=title, exact=True).click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
        settled(visitor)
        assert f"/{path}?" in visitor.url
        assert "persona=joon" in visitor.url
        expect(visitor.get_by_role("combobox", name="Persona")).to_have_value("🛸 Joon Park")


@pytest.mark.parametrize("path", PAGES, ids=[path or "home" for path in PAGES])
def test_without_any_workspace_every_page_says_how_to_begin(path: str, empty: Server, visitor: Page) -> None:
    visitor.goto(empty.url(path))
    settled(visitor)
    expect(visitor.get_by_role("button", name="films demo")).to_be_visible()


def test_the_films_demo_loads_from_the_empty_app(serve: Serving, visitor: Page) -> None:
    visitor.goto(serve().url("recommendations"))
    settled(visitor)
    visitor.get_by_role("button", name="films demo").click()
    expect(visitor.get_by_text("For Ada Lindqvist · films")).to_be_visible(timeout=240_000)
    settled(visitor)
    expect(visitor.get_by_text("Ranked from")).to_be_visible()


@pytest.mark.parametrize("path", PAGES, ids=[path or "home" for path in PAGES])
def test_at_390_pixels_nothing_scrolls_sideways(path: str, films: Server, browser: Browser) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(films.url(path, workspace="films", persona="maya"))
        settled(page)
        widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]")
        assert max(widths) <= 390


def test_an_unknown_workspace_or_persona_in_the_url_is_told_calmly(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("recommendations", workspace="nowhere", persona="nobody"))
    settled(visitor)
    expect(visitor.get_by_text("nowhere")).to_be_visible()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Recommendations")
