"""How an opened item is shown: to a beginner, to an advanced reader, and to an operator who chose."""

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import settled, watched
from tests.e2e.contrast import hard_to_read
from tests.e2e.reading import titles, undo_offered
from tests.e2e.servers import Server

WHY = "Why am I seeing this view?"


def opened(page: Page, server: Server, persona: str, place: int = 0) -> Locator:
    """Open a persona's list and an item of it; return its breakdown."""
    page.goto(server.url("recommendations", workspace="films", persona=persona))
    settled(page)
    return look_at(page, place)


def look_at(page: Page, place: int) -> Locator:
    title = titles(page)[place]
    page.get_by_role("button", name=title, exact=True).click()
    breakdown = page.locator(".st-key-breakdown").filter(has_text=f"Why {title}, and why at place {place + 1}")
    expect(breakdown).to_be_visible()
    settled(page)
    return breakdown


def choose(page: Page, breakdown: Locator, chart: str) -> None:
    # A segment is a radio button or a plain one, by version; its words are what is seen.
    breakdown.locator(".st-key-view_chart").get_by_text(chart, exact=True).click()
    settled(page)


def test_a_beginner_reads_sentences_and_one_simple_chart_and_opens_the_rest(films: Server, visitor: Page) -> None:
    breakdown = opened(visitor, films, "tomas")
    expect(breakdown.locator(".tb-said li").first).to_be_visible()
    expect(breakdown.locator(".tb-bars-plain")).to_be_visible()
    for hidden in (".tb-waterfall", ".tb-parts", "[data-testid=stCode]"):
        expect(breakdown.locator(hidden)).to_have_count(0)
    breakdown.get_by_role("button", name="Show the numbers").click()
    expect(breakdown.locator(".tb-waterfall")).to_be_visible()
    expect(breakdown.get_by_text("Similarity, taken apart")).to_be_visible()
    breakdown.get_by_role("button", name="Show the record").click()
    expect(breakdown.get_by_text("The decision record of this item")).to_be_visible()
    breakdown.get_by_role("button", name=WHY).click()
    forget(visitor)


def forget(page: Page) -> None:
    """Forget what was chosen, as every test of this module does for the next one."""
    page.get_by_role("button", name="Forget my choices").click()
    undo_offered(page, "Forgot which views you chose.")
    settled(page)


def test_an_advanced_reader_has_the_waterfall_the_numbers_and_the_record(films: Server, visitor: Page) -> None:
    breakdown = opened(visitor, films, "maya")
    expect(breakdown.locator(".tb-waterfall th")).to_have_text(["Line", "", "Value", "Weight", "Exactly", "Adds"])
    record = json.loads(breakdown.get_by_test_id("stCode").inner_text())
    assert record["item"]["title"] in breakdown.inner_text()
    exact = breakdown.locator(".tb-total .tb-exact")
    expect(exact).to_have_text(repr(record["item"]["score"]))
    expect(breakdown.locator(".tb-said")).to_have_count(0)


def test_nine_items_in_bars_are_learned_explained_and_forgotten(films: Server, visitor: Page) -> None:
    breakdown = opened(visitor, films, "maya")
    choose(visitor, breakdown, "Bars")
    expect(breakdown.locator(".tb-bars")).to_be_visible()
    for place in range(1, 9):
        expect(look_at(visitor, place).locator(".tb-bars")).to_be_visible()

    visitor.goto("about:blank")
    breakdown = opened(visitor, films, "joon")
    expect(breakdown.locator(".tb-bars")).to_be_visible()
    breakdown.get_by_role("button", name=WHY).click()
    reason = "Chart: bars. You chose it 9 times: confidence .61, and over .60 it counts."
    expect(visitor.get_by_text(reason)).to_be_visible()
    forget(visitor)
    expect(breakdown.locator(".tb-waterfall")).to_be_visible()
    visitor.keyboard.press("Escape")
    undo_offered(visitor, "Forgot which views you chose.").click()
    expect(breakdown.locator(".tb-bars")).to_be_visible()
    settled(visitor)
    breakdown.get_by_role("button", name=WHY).click()
    forget(visitor)


def test_a_chosen_download_is_given_and_counted(films: Server, visitor: Page, tmp_path: Path) -> None:
    breakdown = opened(visitor, films, "maya")
    visitor.get_by_role("button", name="Share").click()
    settled(visitor)
    ways = visitor.get_by_test_id("stPopoverBody").get_by_test_id("stDownloadButton")
    expect(ways.first).to_contain_text("JSON")  # as it suits an advanced reader
    with visitor.expect_download() as download:
        ways.filter(has_text="CSV").get_by_role("button").click()
    download.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)][:20] == titles(visitor)
    visitor.reload()
    settled(visitor)
    breakdown.get_by_role("button", name=WHY).click()
    expect(visitor.get_by_text("download csv, once (.10)")).to_be_visible()
    forget(visitor)


def test_an_answer_to_a_question_is_shown_as_chosen(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("ask", workspace="films", persona="tomas", q="a quiet film", item="totoro", side="personal"))
    settled(visitor)
    visitor.locator('.st-key-ask_personal [class*="st-key-open_"] button:visible').first.click()
    breakdown = visitor.locator(".st-key-breakdown")
    expect(breakdown.locator(".tb-bars-plain")).to_be_visible()
    choose(visitor, breakdown, "Words")
    expect(breakdown.locator(".tb-bars-plain")).to_have_count(0)
    expect(breakdown.get_by_text("It answers the question.")).to_be_visible()
    breakdown.get_by_role("button", name=WHY).click()
    forget(visitor)
    expect(breakdown.locator(".tb-bars-plain")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_any_screen(scheme: str, films: Server, browser: Browser) -> None:
    with watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        for persona in ("tomas", "maya"):
            breakdown = opened(page, films, persona)
            breakdown.get_by_role("button", name=WHY).click()
            expect(page.get_by_text("Show it to me as to a reader who is")).to_be_visible()
            assert hard_to_read(page) == []
            page.set_viewport_size({"width": 390, "height": 844})
            settled(page)
            assert page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollWidth") <= 390
            page.set_viewport_size({"width": 1280, "height": 1000})
