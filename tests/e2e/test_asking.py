"""A question: asked by typing, bent by keyboard, taken apart, sent on as a link, read on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.reading import cells, seen, thousandths, total
from tests.e2e.servers import Server

QUESTION = "a detective in a rainy city"


def titles(page: Page, side: str) -> list[str]:
    """Return the titles of one of the lists, best first."""
    return list(map(seen, page.locator(f'[class*="st-key-open_{side}_"] button:visible p').all_inner_texts()))


def answered(page: Page, server: Server, **parameters: str) -> Page:
    page.goto(server.url("ask", workspace="films", persona="maya", q=QUESTION, **parameters))
    settled(page)
    expect(page.get_by_text("45 candidates found by 2 searches")).to_be_visible()
    return page


def test_a_question_is_typed_bent_by_keyboard_and_found_again_by_its_address(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("ask", workspace="films", persona="maya"))
    settled(visitor)
    box = visitor.get_by_role("textbox", name="What is Maya Okafor looking for?")
    box.fill(QUESTION)
    box.press("Enter")
    expect(visitor.get_by_text("45 candidates found by 2 searches")).to_be_visible()
    settled(visitor)
    plain, personal = titles(visitor, "plain"), titles(visitor, "personal")
    assert len(plain) == len(personal) == 10
    assert plain != personal

    visitor.get_by_role("slider", name="Strength").focus()
    visitor.keyboard.press("Home")
    expect(visitor.get_by_text("in the same order")).to_be_visible()
    settled(visitor)
    assert titles(visitor, "personal") == titles(visitor, "plain") == plain
    visitor.keyboard.press("End")
    expect(visitor.get_by_text("stand elsewhere")).to_be_visible()
    settled(visitor)
    alone = titles(visitor, "personal")
    assert alone not in (plain, personal)
    assert titles(visitor, "plain") == plain

    address = visitor.url
    assert "strength=1" in address
    visitor.goto("about:blank")
    visitor.goto(address)
    settled(visitor)
    assert (titles(visitor, "plain"), titles(visitor, "personal")) == (plain, alone)
    expect(box).to_have_value(QUESTION)


def test_an_answer_comes_apart_and_its_lines_add_up_as_written(films: Server, visitor: Page) -> None:
    answered(visitor, films)
    title = titles(visitor, "personal")[2]
    visitor.locator('.st-key-ask_personal [class*="st-key-open_"]').get_by_role("button", name=title).click()
    opened = visitor.locator(".st-key-ask_personal .st-key-breakdown")
    expect(opened.get_by_text(f"Why {title}, and why at place 3")).to_be_visible()
    rows = cells(opened.locator(".tb-waterfall tbody tr"))
    lines, score = {row[0]: row[-1] for row in rows[:-1]}, rows[-1][-1]
    assert total(filter(None, lines.values())) == thousandths(score)
    question = opened.locator(".tb-section").filter(has_text="Question, taken apart")
    assert total(question.locator(".tb-parts > span:nth-child(3n)").all_inner_texts()) == thousandths(lines["Question"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_can_be_read(scheme: str, films: Server, browser: Browser) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as context:
        page = answered(context.new_page(), films, item="night-moves-1975")
        expect(page.locator(".st-key-breakdown")).to_be_visible()
        assert hard_to_read(page) == []


def test_on_a_phone_the_personal_list_comes_first_and_nothing_scrolls_sideways(films: Server, browser: Browser) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as context:
        page = answered(context.new_page(), films, item="night-moves-1975")
        widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]")
        assert max(widths) <= 390
        heads = page.locator(".tb-ask-head").evaluate_all("all => all.map(it => it.getBoundingClientRect().top)")
        assert len(heads) == 2
        assert heads[1] < heads[0]
