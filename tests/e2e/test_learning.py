"""What is learned and fades: a noir film a day for six days, seen on that day and sixty days later; edits."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tastebench import Interaction, Persona, Workbench
from tests.e2e.conftest import settled
from tests.e2e.reading import undo_offered
from tests.e2e.servers import Server, start

NOIR = (
    "double-indemnity-1944", "gilda-1946", "sunset-boulevard-1950", "the-asphalt-jungle-1950", "the-killing-1956",
    "sweet-smell-of-success-1957",
)  # fmt: skip
LEARNED = {"workspace": "films", "persona": "nia", "about": "What we learned"}


@pytest.fixture(scope="module")
def last_like() -> date:
    """The day of the sixth film: sixty days ago."""
    return (datetime.now(UTC) - timedelta(days=60)).date()


@pytest.fixture(scope="module")
def films(
    project: Path, films_folder: Path, last_like: date, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server on the films demo, in which Nia, who states nothing, liked a noir film a day for six days."""
    folder = tmp_path_factory.mktemp("learning")
    shutil.copytree(films_folder, folder / "data", ignore=shutil.ignore_patterns("*.lock"))
    evening = datetime(last_like.year, last_like.month, last_like.day, 22, tzinfo=UTC)
    with Workbench.open(folder / "data") as bench:
        workspace = bench.workspace("films")
        nia = workspace.add_persona(Persona("Nia", persona_id="nia"))
        likes = [Interaction(film, "like", evening - timedelta(days=day)) for day, film in enumerate(NOIR)]
        workspace.add_interactions(nia, likes)
    server = start(project, folder / "data", folder / "server.log")
    yield server
    server.end()


def choose_day(page: Page, day: date) -> None:
    """Pick a past day in the calendar of the as-of control."""
    today = datetime.now(UTC).date()
    page.get_by_role("button", name="Choose date").click()
    for _ in range(12 * (today.year - day.year) + today.month - day.month):
        page.get_by_role("button", name="Previous month").click()
    cell = page.get_by_role("gridcell", name=re.compile(rf" {day.day}, {day.year}"))
    cell.get_by_role("button").click()
    expect(page.get_by_text(f"As of the end of {day}")).to_be_visible()
    settled(page)


def row(page: Page, name: str) -> Locator:
    """Return the row of a learned preference."""
    return page.locator('[class*="st-key-learned_row"]').filter(has=page.get_by_role("button", name=name, exact=True))


def test_six_noir_films_establish_noir_and_sixty_days_later_it_has_faded(
    films: Server, visitor: Page, last_like: date
) -> None:
    visitor.goto(films.url("personas", **LEARNED))
    settled(visitor)
    expect(row(visitor, "noir")).to_contain_text(".11")
    expect(visitor.get_by_text("Established:")).to_have_count(0)

    choose_day(visitor, last_like)
    expect(row(visitor, "noir")).to_contain_text(".36")
    expect(visitor.get_by_text("Established: 1. These count.")).to_be_visible()
    visitor.get_by_role("button", name="noir", exact=True).click()
    opened = visitor.locator(".st-key-learned_detail")
    expect(opened.get_by_text("Confidence .36 from 6 pieces of evidence: established, so it counts.")).to_be_visible()
    expect(opened.get_by_text("like Double Indemnity")).to_be_visible()
    expect(opened.locator(".js-plotly-plot")).to_be_visible()
    values = visitor.evaluate("document.querySelector('.st-key-learned_detail .js-plotly-plot').data[1].y")
    assert len(values) == 6


def test_the_breakdown_names_it_as_long_as_it_is_established(films: Server, visitor: Page, last_like: date) -> None:
    visitor.goto(films.url("recommendations", workspace="films", persona="nia", text="Chinatown"))
    settled(visitor)
    breakdown, title = visitor.locator(".st-key-breakdown"), visitor.get_by_role("button", name="Chinatown", exact=True)
    title.click()
    expect(breakdown.get_by_text("None of its tags is among the interests.")).to_be_visible()
    choose_day(visitor, last_like)
    title.click()
    expect(breakdown.get_by_text("learned: noir, .36")).to_be_visible()


def test_a_preference_is_pinned_and_set_free_again(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("personas", **LEARNED))
    settled(visitor)
    visitor.get_by_role("button", name="noir", exact=True).click()
    visitor.get_by_role("button", name="Pin", exact=True).click()
    undo = undo_offered(visitor, "Pinned noir.")
    expect(row(visitor, "noir")).to_contain_text("pinned")
    expect(visitor.get_by_text("Established: 1. These count.")).to_be_visible()
    undo.click()
    expect(row(visitor, "noir")).not_to_contain_text("pinned")


def test_on_a_phone_nothing_scrolls_sideways(films: Server, visitor: Page) -> None:
    visitor.set_viewport_size({"width": 390, "height": 844})
    visitor.goto(films.url("personas", **LEARNED))
    settled(visitor)
    visitor.get_by_role("button", name="noir", exact=True).click()
    expect(visitor.locator(".st-key-learned_detail .js-plotly-plot")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_table_of_what_actions_teach_is_there(films: Server, visitor: Page) -> None:
    visitor.goto(films.url("interactions", workspace="films", persona="nia", tab="Learning"))
    settled(visitor)
    expect(visitor.get_by_text("How sure one interaction of each kind makes us")).to_be_visible()
    visitor.get_by_text("fast (0.95 a day)").click()
    expect(visitor.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    visitor.get_by_role("button", name="Learn everything anew").click()
    expect(visitor.get_by_text("Lists went by the same.")).to_be_visible()
