"""What a page says, read as a person would: titles in order, scores and lines as they are written."""

from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect


def titles(page: Page) -> list[str]:
    """Return the titles of the list of recommendations, best first."""
    return list(map(seen, page.locator('[class*="st-key-open_"] button:visible p').all_inner_texts()))


def seen(text: str) -> str:
    """Return a text as it is seen: without the joiners that keep text from data from being read as Markdown."""
    return text.replace("\u2060", "").strip()


def cells(rows: Locator) -> list[list[str]]:
    """Return the texts of a table's rows, cell by cell."""
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def thousandths(text: str) -> int:
    """Return a number written with three decimals as a whole number of thousandths, so that sums are exact."""
    digits = text.strip().replace("−", "-").replace("+", "")
    assert len(digits.split(".")[1]) == 3, f"{text!r} is not written with three decimals"
    return int(digits.replace(".", ""))


def total(texts: Iterable[str]) -> int:
    """Return the sum of numbers as they are written, in thousandths."""
    return sum(map(thousandths, texts))


def undo_offered(page: Page, sentence: str) -> Locator:
    """Wait for the offer to undo and return its button."""
    bar = page.locator(".st-key-undo_bar").filter(has_text=sentence)
    expect(bar).to_be_visible()
    return bar.get_by_role("button", name="Undo")


def tab_to(page: Page, name: str, key: str = "Tab", limit: int = 60) -> None:
    """Press Tab until the button of that name has the focus, and hold that it shows so."""
    for _ in range(limit):
        page.keyboard.press(key)
        focused = page.locator("button:focus")
        if focused.locator("p").all_inner_texts() == [name]:
            assert (
                focused.evaluate("it => getComputedStyle(it).boxShadow + getComputedStyle(it).outlineStyle")
                != "nonenone"
            )
            return
    raise AssertionError(f"{limit} presses of {key} do not reach {name!r}")
