"""Feedback in the browser: a thumb for each kind of thing, seen in the log, and taken back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tastebench import Workbench
from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.reading import seen, titles, undo_offered
from tests.e2e.servers import Server, start
from tests.ollama_double import OllamaDouble


@pytest.fixture(scope="module")
def films(project: Path, films_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The films demo with a language model beside it that answers at once."""
    folder = tmp_path_factory.mktemp("thumbs")
    shutil.copytree(films_folder, folder / "data", ignore=shutil.ignore_patterns("*.lock"))
    with OllamaDouble() as double:
        double.timing.tokens_per_second = 0.0
        server = start(project, folder / "data", folder / "server.log", ollama=double.url)
        yield server
        server.end()


def judged(page: Page, server: Server) -> str:
    """Open the first item of a list that the model has graded, and return its title."""
    page.goto(server.url("recommendations", workspace="films", persona="maya", rerank="1"))
    expect(page.locator(".st-key-model_finding")).to_contain_text("graded the top of the list")
    settled(page)
    title = titles(page)[0]
    page.locator('[class*="st-key-open_"] button:visible').first.click()
    expect(page.get_by_text("Does this view explain it?")).to_be_visible()
    settled(page)
    return title


def press(page: Page, way: str, what: str) -> None:
    page.get_by_role("button", name=f"Thumbs {way} for {what}").click()
    undo_offered(page, f"Thumbs {way} for {what}.")
    settled(page)


def asked(page: Page, server: Server) -> Page:
    page.goto(server.url("ask", workspace="films", persona="maya", q="a detective in a rainy city"))
    return settled(page)


def logged(folder: Path) -> list[tuple[str, str, str]]:
    with Workbench.open(folder, read_only=True) as bench:
        rows = bench.workspace("films").interactions("maya", limit=10).rows
    return [(row.target_kind, row.action, row.words) for row in rows if row.target_kind != "item"]


def test_a_thumb_of_each_kind_is_seen_in_the_log_and_one_is_taken_back(films: Server, visitor: Page) -> None:
    title = judged(visitor, films)
    order = titles(visitor)
    press(visitor, "up", "this list")
    press(visitor, "down", f"the comment on {title}")
    press(visitor, "up", "this view")
    assert titles(visitor) == order
    asked(visitor, films)
    suggestion = seen(visitor.locator(".st-key-suggestion_0 button:visible p").inner_text())
    press(visitor, "down", f"the suggestion “{suggestion}”")
    press(visitor, "up", f"the suggestion “{suggestion}”")
    undo_offered(visitor, "Thumbs up for").click()
    expect(visitor.get_by_text("Undone.")).to_be_visible()
    settled(visitor)
    found = logged(films.folder)
    assert [(kind, action) for kind, action, _ in found] == [
        ("suggestion", "dislike"), ("view", "like"), ("comment", "dislike"), ("list", "like"),
    ]  # fmt: skip
    words = [one for _, _, one in found]
    assert words[0].startswith(f"Suggestion “{suggestion}” (")
    assert words[1:3] == ["View with chart “waterfall”", f"Comment on {title}"]
    visitor.goto(films.url("interactions", workspace="films", persona="maya", log_kind="comment"))
    settled(visitor)
    expect(visitor.get_by_text("1 interaction", exact=True)).to_be_visible()  # the table is a picture
    visitor.goto(films.url("personas", workspace="films", persona="maya"))
    settled(visitor)
    for word in words:
        expect(visitor.get_by_text(word).first).to_be_visible()  # the newest of the log in words
    visitor.goto(films.url("personas", workspace="films", persona="maya", about="What we learned"))
    settled(visitor)
    expect(visitor.get_by_text("come last: a thumb down within 28 days")).to_be_visible()
    expect(visitor.get_by_role("button", name="waterfall")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_thumbs_can_be_read_and_have_names(scheme: str, films: Server, browser: Browser) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        title = judged(page, films)
        for what in ("this list", f"the comment on {title}", "this view"):
            for way in ("up", "down"):
                expect(page.get_by_role("button", name=f"Thumbs {way} for {what}")).to_have_count(1)
        assert hard_to_read(page) == []


def test_on_a_phone_nothing_scrolls_sideways(films: Server, browser: Browser) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for opened in (judged, asked):
            opened(page, films)
            expect(page.get_by_role("button", name="Thumbs up for").first).to_be_visible()
            widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]")
            assert max(widths) <= 390
