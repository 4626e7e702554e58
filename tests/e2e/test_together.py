"""More than one of something: two tabs, a server after another that was killed, two servers on one folder."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Serving, settled, watched
from tests.e2e.reading import titles, undo_offered
from tests.e2e.servers import Server

GONE = "ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket|Streamlit server is not responding|reaching server endpoint"
"""What a browser writes while the server is away."""


def opened(page: Page, server: Server, persona: str) -> Page:
    page.goto(server.url("recommendations", workspace="films", persona=persona))
    return settled(page)


def press(page: Page, action: str, title: str) -> None:
    page.get_by_role("button", name=f"{action} {title}", exact=True).click()


def test_feedback_in_one_tab_is_seen_in_the_other_and_nothing_is_lost(films: Server, browser: Browser) -> None:
    with watched(browser) as context:
        here, there = (opened(context.new_page(), films, "beatrix") for _ in range(2))
        first, second, third, fourth = titles(here)[:4]
        expect(there.get_by_text("36 interactions")).to_be_visible()
        press(here, "Like", first)
        undo_offered(here, f"Liked {first}.")
        assert first in titles(there)
        press(there, "Like", second)
        undo_offered(there, f"Liked {second}.")
        expect(there.get_by_text("38 interactions")).to_be_visible()
        settled(there)
        assert not {first, second} & set(titles(there))

        press(here, "Dislike", third)  # both at once, and what one tab still shows is already gone in the other
        press(there, "View", third)
        undo_offered(here, f"Disliked {third}.")
        undo_offered(there, f"Viewed {third}.")
        there.get_by_role("button", name="Undo").click()
        expect(there.get_by_text("39 interactions")).to_be_visible()
        press(here, "Like", fourth)
        undo_offered(here, f"Liked {fourth}.")
        expect(here.get_by_text("40 interactions")).to_be_visible()


def test_a_persona_deleted_in_one_tab_is_missed_calmly_in_the_other(films: Server, browser: Browser) -> None:
    with watched(browser) as context:
        here, there = context.new_page(), opened(context.new_page(), films, "noor")
        title = titles(there)[0]
        here.goto(films.url("personas", workspace="films", persona="noor"))
        settled(here)
        here.get_by_role("button", name="Delete", exact=True).click()
        undo_offered(here, "Deleted Noor Haddad.")
        press(there, "Like", title)
        expect(there.get_by_text("There is no persona “noor” here any more.")).to_be_visible()
        settled(there)
        expect(there.get_by_text("For Ada Lindqvist")).to_be_visible()
        here.get_by_role("button", name="Undo").click()
        expect(here.get_by_text("Undone.")).to_be_visible()
        opened(there, films, "noor")
        expect(there.get_by_text("For Noor Haddad")).to_be_visible()
        expect(there.get_by_text("0 interactions")).to_be_visible()


def test_after_kill_9_a_new_server_knows_everything_and_the_page_recovers(
    serve: Serving, films_folder: Path, browser: Browser
) -> None:
    server = serve(films_folder)
    with watched(browser, expected=GONE) as context:
        page, idle = (opened(context.new_page(), server, "maya") for _ in range(2))
        first, second = titles(page)[:2]
        press(page, "Like", first)
        undo_offered(page, f"Liked {first}.")
        server.kill()
        expect(page.get_by_role("dialog", name="Connection error")).to_be_visible()
        serve.on(server.folder, server.port)
        page.reload()
        settled(page)
        expect(page.get_by_text("42 interactions")).to_be_visible()
        assert first not in titles(page)
        press(page, "Like", second)
        expect(page.get_by_text("43 interactions")).to_be_visible()
        expect(idle.get_by_role("dialog")).to_have_count(0)
        idle.get_by_role("button", name="Next").first.click()
        expect(idle.get_by_text("43 interactions")).to_be_visible()


def test_a_second_server_on_the_same_folder_says_so_and_works_once_the_first_is_gone(
    serve: Serving, films_folder: Path, visitor: Page
) -> None:
    first = serve(films_folder)
    opened(visitor, first, "maya")
    second = serve.on(first.folder)
    visitor.goto(second.url("recommendations", workspace="films", persona="maya"))
    settled(visitor)
    told = f"The data folder {first.folder} is in use by process {first.process.pid}. Stop that one first"
    expect(visitor.get_by_role("alert")).to_contain_text(told)
    first.kill()
    opened(visitor, second, "maya")
    expect(visitor.get_by_text("41 interactions")).to_be_visible()
