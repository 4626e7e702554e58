"""Pictures of the main pages, light and dark, whose texts can be read and whose signals keep their colours.

`make screenshots` puts them into docs/screenshots.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tastebench.signals import REGISTRY
from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.servers import Server, start
from tests.e2e.test_evaluation import measured
from tests.ollama_double import OllamaDouble
from tests.ollama_double.values import Question

PAGES = ("recommendations", "tuning", "personas", "interactions", "catalogue", "evaluation", "home")


def picture(page: Page, server: Server, name: str, folder: Path, file: str) -> None:
    page.goto(server.url("" if name == "home" else name, workspace="films", persona="maya"))
    settled(page)
    if name == "evaluation" and page.get_by_text("Nothing measured yet").is_visible():
        measured(page)
    path = folder / f"{file}.png"
    # Home goes on with its parts and the folder they are in, which is nobody else's.
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": 1280, "height": 800} if name == "home" else None)
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


@pytest.fixture(scope="module")
def judged(project: Path, films_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The films demo with a language model beside it."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(films_folder, folder / "data", ignore=shutil.ignore_patterns("*.lock"))
    with OllamaDouble(mind=critic, models=["llama3.2:3b"], tokens_per_second=150.0) as double:
        server = start(project, folder / "data", folder / "server.log", ollama=double.url)
        yield server
        server.end()


def critic(question: Question):
    """A mind with an opinion of single films."""

    def choose(path, schema):
        line = question.candidates.get(path[0], "")
        grade, comment = next(
            (said for title, said in OPINIONS.items() if title in line), (5, "Fits the mood in part.")
        )
        return {"fit": grade, "why": comment}.get(path[-1], SUMMARY)

    return choose


OPINIONS = {
    "The Long Goodbye": (6, "The right detective, in too much sunshine for a night bus."),
    "Night Moves": (9, "Slow and weary: a detective who finds too much."),
    "The Big Sleep": (8, "A tired private detective and everybody lying."),
    "Nightcrawler": (7, "All night long, but faster than the usual."),
    "The Asphalt Jungle": (9, "Crime as a trade, and money that comes to nothing."),
    "Gone Girl": (3, "Too glossy for the hour."),
}
ELSE = (5, "Fits the mood in part.")
SUMMARY = "Mostly noir with tired detectives; the slow ones suit the hour after the last bus best."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screenshots_of_a_judged_list(scheme: str, judged: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 1050}) as context:
        page = context.new_page()
        page.goto(judged.url("recommendations", workspace="films", persona="maya", rerank="1", influence="0.4"))
        expect(page.locator(".st-key-model_finding")).to_contain_text("graded the top of the list")
        settled(page)
        page.screenshot(path=screenshot_folder / f"judged-{scheme}.png")
        assert hard_to_read(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        settled(page)
        assert hard_to_read(page) == []
        width = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollWidth")
        assert width <= 390


def test_screenshots_of_a_phone(films: Server, browser: Browser, screenshot_folder: Path) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        picture(context.new_page(), films, "recommendations", screenshot_folder, "recommendations-phone")
