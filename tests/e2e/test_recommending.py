"""The main job: a persona, its list, what it does about the list, and why the list is as it is."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled
from tests.e2e.reading import cells, tab_to, thousandths, titles, total, undo_offered
from tests.e2e.servers import Server


def listed(page: Page, server: Server, persona: str, **parameters: str) -> list[str]:
    """Open a persona's list and return its titles."""
    page.goto(server.url("recommendations", workspace="films", persona=persona, **parameters))
    settled(page)
    return titles(page)


def like(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Like {title}", exact=True).click()
    undo_offered(page, f"Liked {title}.")
    expect(page.get_by_role("button", name=title, exact=True)).to_have_count(0)


def test_a_new_persona_likes_three_films_sees_the_list_change_and_takes_one_back(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("personas", workspace="films"))
    settled(visitor)
    visitor.get_by_role("button", name="New persona").click()
    visitor.get_by_role("textbox", name="Name").fill("Nia Brandt")
    visitor.get_by_role("textbox", name="Description").fill("Watches whatever is dark, slow and set at night.")
    visitor.get_by_role("combobox", name="Genres").fill("noir")
    visitor.get_by_role("option", name="noir").click()
    visitor.keyboard.press("Escape")
    visitor.get_by_role("button", name="Create persona").click()
    expect(visitor.get_by_role("heading", name="Nia Brandt", exact=True)).to_be_visible()
    visitor.get_by_role("button", name="See recommendations").click()
    expect(visitor.get_by_text("For Nia Brandt · films")).to_be_visible()
    settled(visitor)
    expect(visitor.get_by_text("0 interactions")).to_be_visible()

    before = titles(visitor)
    assert len(before) == 20
    liked = before[:3]
    for title in liked:
        like(visitor, title)
    expect(visitor.get_by_text("3 interactions · 3 likes in the last 7 days")).to_be_visible()
    after = titles(visitor)
    assert len(after) == 20
    assert not set(liked) & set(after)
    assert [title for title in after if title in before] != [title for title in before if title in after]
    expect(visitor.get_by_text("in your history").first).to_be_visible()

    visitor.get_by_role("button", name="Undo").click()
    expect(visitor.get_by_text("2 interactions · 2 likes in the last 7 days")).to_be_visible()
    expect(visitor.get_by_role("button", name=liked[2], exact=True)).to_be_visible()
    visitor.reload()
    settled(visitor)
    expect(visitor.get_by_text("2 interactions · 2 likes in the last 7 days")).to_be_visible()


def test_the_lines_of_a_breakdown_add_up_to_the_score_as_written(films: Server, visitor: Page) -> None:
    names = listed(visitor, films, "maya")
    bars = [bar.get_attribute("aria-label") or "" for bar in visitor.locator('.tb-sum [role="img"]').all()]
    scores = visitor.locator(".tb-sum b").all_inner_texts()
    assert len(bars) == len(scores) == 20
    for bar, score in zip(bars, scores, strict=True):
        assert total(re.findall(r"[+−]?\d*\.\d{3}", bar)[1:]) == thousandths(score)
        assert bar.startswith(f"Score {score}: ")

    for place in (0, 9):
        visitor.get_by_role("button", name=names[place], exact=True).click()
        said = f"Why {names[place]}, and why at place {place + 1}"
        opened = visitor.locator(".st-key-breakdown").filter(has_text=said)  # the one before may still be there
        expect(opened).to_be_visible()
        rows = cells(opened.locator(".tb-waterfall tbody tr"))
        lines, score = {row[0]: row[-1] for row in rows[:-1]}, rows[-1][-1]
        assert list(lines)[:5] == ["Similarity", "Preference", "Behaviour", "Collaborative", "Popularity"]
        assert total(filter(None, lines.values())) == thousandths(score) == thousandths(scores[place])
        shown = opened.locator(".tb-parts:not(details *) > span")
        parts = shown.all_inner_texts()
        assert total(parts[2::3]) == thousandths(lines["Similarity"])
        opened.get_by_text("The others, one by one").click()
        others = opened.locator("details .tb-parts > span").all_inner_texts()
        together = next(parts[at + 2] for at, text in enumerate(parts) if "of the history" in text)
        assert total(others[2::3]) == thousandths(together)
        assert len(parts) > 3
        assert f"item={re.sub('[^a-z]+', '-', names[place].lower())}" in visitor.url


def test_an_opened_item_is_told_by_the_address_alone(films: Server, visitor: Page) -> None:
    names = listed(visitor, films, "maya", item="night-moves-1975")
    assert "Night Moves" in names
    expect(visitor.get_by_text("Why Night Moves, and why at place")).to_be_visible()


def test_as_of_an_earlier_day_the_later_log_does_not_count(films: Server, visitor: Page) -> None:
    today = listed(visitor, films, "maya")
    interactions = visitor.locator(".tb-facts")
    expect(interactions).to_contain_text("41 interactions")
    visitor.get_by_role("button", name="Choose date").click()
    visitor.get_by_role("button", name="Previous month").click()
    visitor.get_by_role("gridcell", name=re.compile(" 15, ")).get_by_role("button").click()
    expect(interactions).not_to_contain_text("41 interactions")
    settled(visitor)
    chosen = date.fromisoformat(re.findall(r"as_of=([\d-]+)", visitor.url)[0])
    assert chosen.day == 15
    expect(visitor.get_by_text(f"{chosen}").first).to_be_visible()
    then = titles(visitor)
    assert then != today
    address = visitor.url
    visitor.goto("about:blank")
    visitor.goto(address)
    settled(visitor)
    assert titles(visitor) == then


def test_an_action_of_ones_own_is_made_given_and_undone(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("interactions", workspace="films", persona="joon", tab="Actions"))
    settled(visitor)
    add_action(visitor, "watch_trailer", "3")
    visitor.get_by_role("button", name="Save", exact=True).click()
    undo_offered(visitor, "Saved 9 actions.")

    visitor.get_by_role("link", name="Recommendations", exact=True).click()
    expect(visitor.get_by_text("For Joon Park · films")).to_be_visible()
    settled(visitor)
    before, scores = titles(visitor), visitor.locator(".tb-sum b").all_inner_texts()
    visitor.get_by_role("button", name=f"More for {before[1]}", exact=True).click()
    visitor.get_by_role("menuitem", name="Watch trailer").click()
    undo = undo_offered(visitor, f"Recorded “watch trailer” for {before[1]}.")
    expect(visitor.get_by_text("37 interactions")).to_be_visible()
    settled(visitor)
    assert visitor.locator(".tb-sum b").all_inner_texts() != scores
    assert before[1] in titles(visitor)  # nothing hides an item that was only watched in part

    undo.click()
    expect(visitor.get_by_text("36 interactions")).to_be_visible()
    settled(visitor)
    assert titles(visitor) == before


def add_action(page: Page, name: str, weight: str) -> None:
    """Write a row into the table of actions, which is a picture: its cells are found by their place."""
    table, editor = page.get_by_test_id("stDataFrame").first, page.locator("#portal .gdg-input")
    box = table.bounding_box()
    assert box is not None
    foot = box["y"] + box["height"] - 15
    page.mouse.click(box["x"] + 100, foot)  # the row below the last one makes a new one in its place
    expect(editor).to_be_visible()
    for x, text in ((100, name), (box["width"] - 60, weight)):
        if not editor.is_visible():
            page.mouse.dblclick(box["x"] + x, foot)
        expect(editor).to_be_visible()
        editor.fill(text)
        editor.press("Enter")
        expect(editor).to_have_count(0)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()


def test_by_keyboard_alone_a_film_is_liked_and_the_like_taken_back(films: Server, visitor: Page) -> None:
    first = listed(visitor, films, "rafael")[0]
    tab_to(visitor, f"Like {first}")
    visitor.keyboard.press("Enter")
    undo_offered(visitor, f"Liked {first}.")
    expect(visitor.get_by_role("button", name=first, exact=True)).to_have_count(0)
    tab_to(visitor, "Undo", "Shift+Tab")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("button", name=first, exact=True)).to_be_visible()
