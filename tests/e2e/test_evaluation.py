"""Is it better? Measured in the browser, read, searched for, adopted, seen in the list, taken back."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Serving, settled, watching
from tests.e2e.reading import cells, titles, undo_offered
from tests.e2e.servers import Server
from tests.ollama_double import OllamaDouble

WORKING = 240_000
"""Milliseconds that measuring or searching may take on a busy machine."""


def opened(page: Page, server: Server, **parameters: str) -> Page:
    page.goto(server.url("evaluation", workspace="films", persona="maya", **parameters))
    return settled(page)


def leaderboard(page: Page) -> list[list[str]]:
    return cells(page.get_by_role("table", name="Leaderboard by NDCG@10").locator("tbody tr"))


def measured(page: Page) -> None:
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.get_by_role("table", name="Leaderboard by NDCG@10")).to_be_visible(timeout=WORKING)
    settled(page)


def recommended(page: Page, server: Server) -> list[str]:
    page.goto(server.url("recommendations", workspace="films", persona="maya"))
    settled(page)
    return titles(page)[:10]


def test_measured_kept_through_a_restart_and_deleted(serve: Serving, films_folder: Path, browser: Browser) -> None:
    with watching(browser, expected="ERR_CONNECTION_REFUSED|WebSocket") as (context, watch):
        _measured_kept_and_deleted(context.new_page(), serve, films_folder)
        watch.hold()


def _measured_kept_and_deleted(visitor: Page, serve: Serving, films_folder: Path) -> None:
    server = serve(films_folder)
    opened(visitor, server)
    expect(visitor.get_by_text("Nothing measured yet")).to_be_visible()
    measured(visitor)
    board = leaderboard(visitor)
    names, means = [line[0] for line in board], [float(line[1].split()[0]) for line in board]
    assert {"For You (default)", "Popular", "Item-kNN", "EASE", "Random"} <= set(names)
    assert means == sorted(means, reverse=True)
    assert all(re.fullmatch(r"[+−]?\.\d{3} \[.*\]", line[2].strip()) for line in board if "default" not in line[0])
    expect(visitor.get_by_text("Who wins, who loses?")).to_be_visible()
    visitor.get_by_role("link", name="the list").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Recommendations")
    settled(visitor)

    server.kill()
    again = serve.on(server.folder)
    opened(visitor, again)
    assert leaderboard(visitor) == board
    visitor.get_by_role("button", name="Delete", exact=True).click()
    expect(visitor.get_by_text("Nothing measured yet")).to_be_visible()


def test_cancelled_it_leaves_nothing(serve: Serving, films_folder: Path, visitor: Page) -> None:
    opened(visitor, serve(films_folder))
    visitor.get_by_role("button", name="Measure", exact=True).click()
    visitor.get_by_role("button", name="Cancel", exact=True).click()
    expect(visitor.get_by_text("Stopped.")).to_be_visible()
    expect(visitor.get_by_text("Nothing measured yet")).to_be_visible()
    expect(visitor.get_by_role("button", name="Measure", exact=True)).to_be_enabled()


def test_weights_searched_adopted_seen_in_the_list_and_rolled_back(
    serve: Serving, films_folder: Path, visitor: Page
) -> None:
    server = serve(films_folder)
    before = recommended(visitor, server)
    opened(visitor, server, view="search")
    visitor.get_by_role("spinbutton", name="Weights tried").fill("300")
    visitor.get_by_role("spinbutton", name="Weights tried").press("Enter")
    settled(visitor)
    visitor.get_by_role("button", name="Search", exact=True).click()
    expect(visitor.get_by_role("table", name="The best candidates")).to_be_visible(timeout=WORKING)
    settled(visitor)
    expect(visitor.get_by_text(re.compile("likes the search never saw"))).to_be_visible()
    expect(visitor.get_by_text(re.compile(r"\d+ of 60 items kept over 6 personas"))).to_be_visible()

    visitor.get_by_text("Make it the default").click()
    settled(visitor)
    visitor.get_by_role("button", name="Adopt", exact=True).click()
    undo_offered(visitor, "For You tuned v1 is the default now.")
    visitor.get_by_role("link", name="Recommendations", exact=True).click()
    expect(visitor.get_by_role("heading", name="Recommendations", level=1)).to_be_visible()
    undo = undo_offered(visitor, "For You tuned v1 is the default now.")
    settled(visitor)
    assert titles(visitor)[:10] != before
    undo.click()
    expect(visitor.get_by_text("Undone.")).to_be_visible()
    settled(visitor)
    assert titles(visitor)[:10] == before


def test_the_language_models_worth_is_asked_for_with_progress_and_read(
    serve: Serving, films_folder: Path, visitor: Page
) -> None:
    with OllamaDouble(mind="even") as double:
        opened(visitor, serve(films_folder, ollama=double.url))
        assert double.chats == []
        visitor.get_by_text("With the language model too").click()
        visitor.get_by_text("Put lists before qwen3").click()
        settled(visitor)
        visitor.get_by_role("spinbutton", name="Lists", exact=True).fill("12")
        visitor.get_by_role("spinbutton", name="Lists", exact=True).press("Enter")
        settled(visitor)
        measured(visitor)
        lift = visitor.get_by_role("table", name="Lift in NDCG by length of history")
        lines = cells(lift.locator("tbody tr"))
        assert lines[0][:2] == ["All", "12"]
        assert sum(int(line[1]) for line in lines[1:]) == 12
        expect(visitor.get_by_text("12 of 12")).to_be_visible()
        expect(visitor.get_by_text("Is the language model worth it?")).to_be_visible()
        double.timing.tokens_per_second = 20.0
        visitor.get_by_role("spinbutton", name="Lists", exact=True).fill("40")
        visitor.get_by_role("spinbutton", name="Lists", exact=True).press("Enter")
        settled(visitor)
        visitor.get_by_role("button", name="Measure", exact=True).click()
        expect(visitor.get_by_text(re.compile(r"Asking the language model · \d+ of 40"))).to_be_visible(timeout=WORKING)
        visitor.get_by_role("button", name="Cancel", exact=True).click()
        expect(visitor.get_by_text("Stopped.")).to_be_visible()
        assert double.wait_for(lambda server: server.disconnects)
