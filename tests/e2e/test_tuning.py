"""Weights: moved by keyboard, seen in shares and lists, saved, found again, taken away as a file."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tastebench.domain.profile import ScoringProfile
from tastebench.signals import REGISTRY
from tests.e2e.conftest import settled
from tests.e2e.reading import titles, undo_offered
from tests.e2e.servers import Server


def shares(page: Page) -> list[str]:
    """Return the applied shares of the signals that every list is made with; those on demand have none here."""
    usual = sum(not signal.on_demand for signal in REGISTRY.values())
    written = page.locator(".tb-figures b").all_inner_texts()
    assert set(written[usual:]) == {"0 %"}
    return written[:usual]


def lists(page: Page) -> tuple[list[str], list[str]]:
    """Return the titles before and after."""
    before, after = page.locator(".tb-sides ol").all()
    return before.locator(".tb-name").all_inner_texts(), after.locator(".tb-name").all_inner_texts()


def opened(page: Page, server: Server, **parameters: str) -> Page:
    page.goto(server.url("tuning", workspace="films", persona="maya", **parameters))
    return settled(page)


def test_a_weight_moved_by_keyboard_is_seen_saved_found_again_and_exported(
    films: Server, visitor: Page, tmp_path: Path
) -> None:
    opened(visitor, films)
    assert shares(visitor) == ["30 %", "25 %", "25 %", "15 %", "5 %"]
    now, draft = lists(visitor)
    assert now == draft
    visitor.get_by_role("slider", name="Similarity").focus()
    for _ in range(20):
        visitor.keyboard.press("ArrowRight")
    expect(visitor.locator(".tb-figures b").first).to_have_text("42 %")  # .50 of 1.20
    expect(visitor.get_by_text("1 unsaved change")).to_be_visible()
    settled(visitor)
    assert shares(visitor) == ["42 %", "21 %", "21 %", "12 %", "4 %"]
    unmoved, draft = lists(visitor)
    assert unmoved == now != draft
    expect(visitor.locator(".tb-sides").get_by_text("new", exact=True).first).to_be_visible()

    visitor.get_by_role("button", name="Save", exact=True).click()
    visitor.get_by_role("textbox", name="Name").fill("Mood first")
    visitor.get_by_role("textbox", name="Name").press("Enter")
    visitor.get_by_role("button", name="Save as a new profile").click()
    expect(visitor.get_by_role("combobox", name="Start from")).to_have_value("Mood first v1")
    expect(visitor.get_by_text("No unsaved changes")).to_be_visible()

    visitor.reload()
    settled(visitor)
    expect(visitor.get_by_role("combobox", name="Start from")).to_have_value("Mood first v1")
    expect(visitor.get_by_role("slider", name="Similarity")).to_have_value("0.5")
    assert lists(visitor) == (now, draft)

    visitor.get_by_role("button", name="Export", exact=True).click()
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="Download as JSON").click()
    assert download.value.suggested_filename == "mood-first.json"
    file = tmp_path / "mood-first.json"
    download.value.save_as(file)
    document = json.loads(file.read_text(encoding="utf-8"))
    weights = {"similarity": 0.5, "preference": 0.25, "behaviour": 0.25, "collaborative": 0.15, "popularity": 0.05}
    assert document["name"] == "Mood first"
    assert {name: weight for name, weight in document["weights"].items() if weight} == weights
    assert ScoringProfile.parse(document).model_dump(mode="json", exclude_none=True) == document
    expect(visitor.get_by_text("Workbench.open").first).to_be_visible()

    visitor.goto(films.url("recommendations", workspace="films", persona="maya", profile="Mood first@1"))
    settled(visitor)
    expect(visitor.get_by_role("combobox", name="Profile")).to_have_value("Mood first v1")
    assert titles(visitor)[:10] == draft
    loaded_again(opened(visitor, films), file)


def loaded_again(page: Page, file: Path) -> None:
    """Bring the file back as a draft."""
    page.get_by_role("button", name="Load", exact=True).click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_role("combobox", name="Start from")).to_have_value("Mood first, from mood-first.json")
    expect(page.get_by_role("slider", name="Similarity")).to_have_value("0.5")


def test_with_every_weight_at_zero_nothing_can_be_ranked_or_saved(films: Server, visitor: Page) -> None:
    opened(visitor, films)
    for slider in visitor.get_by_role("slider").all():
        if slider.is_visible():
            slider.press("Home")
    expect(visitor.get_by_text("All weights of signals are zero")).to_be_visible()
    expect(visitor.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    expect(visitor.locator(".tb-sides")).to_have_count(0)
    visitor.get_by_role("button", name="Reset", exact=True).click()
    undo_offered(visitor, "Put every knob back. 5 unsaved changes set aside.")
    settled(visitor)
    assert shares(visitor) == ["30 %", "25 %", "25 %", "15 %", "5 %"]
