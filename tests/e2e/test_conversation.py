"""A conversation in the browser: asked, refined twice, looked at, forgotten; suggestions; on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.servers import Server
from tests.e2e.test_asking import titles

QUESTION = "a detective in a rainy city"


def asked(page: Page, server: Server) -> Page:
    page.goto(server.url("ask", workspace="films", persona="maya"))
    settled(page)
    box = page.get_by_role("textbox", name="What is Maya Okafor looking for?")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.get_by_text("candidates found by")).to_be_visible()
    settled(page)
    return page


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Then say what should be different")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")
    settled(page)


def test_a_question_is_refined_looked_at_and_forgotten(films: Server, visitor: Page) -> None:
    asked(visitor, films)
    first = titles(visitor, "personal")
    say(visitor, "more like the second one, but older")
    expect(visitor.get_by_text(f"Read as: like {first[1]}, before ").first).to_be_visible()
    second = titles(visitor, "personal")
    assert first[1] not in second
    say(visitor, "hm, thanks")
    expect(visitor.get_by_text("There was nothing in that to go by").first).to_be_visible()
    assert titles(visitor, "personal") == second
    visitor.get_by_role("button", name="Back to the question").click()
    settled(visitor)
    assert titles(visitor, "personal") == first
    visitor.get_by_role("button", name="Remembered (2)").click()
    visitor.get_by_role("button", name="Forget all of it").click()
    settled(visitor)
    expect(visitor.get_by_role("button", name="Remembered")).to_have_count(0)


def test_a_suggestion_tells_why_and_is_asked_by_a_press(films: Server, visitor: Page) -> None:
    asked(visitor, films)
    visitor.reload()
    settled(visitor)
    suggested = visitor.locator(".st-key-ask_suggestions button").first
    text = suggested.inner_text()
    suggested.hover()
    expect(visitor.get_by_role("tooltip")).to_contain_text(":")
    suggested.click()
    settled(visitor)
    box = visitor.get_by_role("textbox", name="What is Maya Okafor looking for?")
    assert box.input_value() in text or visitor.get_by_text("Read as:").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_can_be_read(scheme: str, films: Server, browser: Browser) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        page = asked(context.new_page(), films)
        say(page, "older, no westerns")
        expect(page.get_by_text("Read as: without western, before").first).to_be_visible()
        assert hard_to_read(page) == []


def test_on_a_phone_nothing_scrolls_sideways(films: Server, browser: Browser) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        page = asked(context.new_page(), films)
        say(page, "older")
        widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]")
        assert max(widths) <= 390
