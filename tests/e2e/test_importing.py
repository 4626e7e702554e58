"""A catalogue of one's own: a file whose columns are guessed wrongly, the mapping mended, the report, the way back."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import settled
from tests.e2e.reading import seen, titles
from tests.e2e.servers import Server

BOOKS = """shelf mark,title,name,blurb,kinds,year,since
B1,rack 7,The Cold Harbour,A keeper counts ships that never come.,sea|crime,1961,2024-03-01
B2,rack 7,Salt Letters,Two sisters write across one winter.,sea|family,1974,2024-03-02
,rack 8,Nameless,It has no mark.,crime,1980,2024-03-03
B4,rack 8,The Long Orchard,"A feud, told by the trees.",family,1932,1600-01-01
B5,rack 9,Night Ferry,A crossing with one passenger too many.,,1988,2024-03-05
"""


def begin(page: Page, server: Server, workspace: str, file: Path) -> None:
    """Make a workspace and give it a file to import, as far as the mapping."""
    page.goto(server.url())
    settled(page)
    page.get_by_role("button", name="Import your own").click()
    page.get_by_role("textbox", name="Name of the new workspace").fill(workspace)
    page.get_by_role("button", name="Create and import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Catalogue")
    settled(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_role("heading", name="4 · First rows")).to_be_visible()
    settled(page)


def choose(page: Page, field: str, column: str) -> None:
    box = page.get_by_role("combobox", name=field, exact=True)
    box.fill(column)
    page.get_by_role("option", name=column, exact=True).click()
    expect(box).to_have_value(column)
    settled(page)


def bring_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Import items", exact=True).click()
    expect(page.locator(".st-key-import_report")).to_contain_text(f"{name} is in.", timeout=120_000)
    settled(page)


def persona(page: Page, name: str) -> None:
    """Make a persona from wherever the page is, and go to its list."""
    page.get_by_role("link", name="Personas", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Personas")
    settled(page)
    page.get_by_role("button", name="Create a persona").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Description").fill("Reads about the sea and the people who live by it.")
    page.get_by_role("button", name="Create persona").click()
    page.get_by_role("button", name="See recommendations").click()
    expect(page.get_by_text("Ranked from")).to_be_visible()
    settled(page)


def downloaded(page: Page, button: str, folder: Path) -> list[dict[str, str]]:
    """Press a download button and return the rows of the CSV file that it gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_wrong_guess_is_mended_and_the_report_says_what_was_left_out(
    empty: Server, visitor: Page, tmp_path: Path
) -> None:
    file = tmp_path / "books.csv"
    file.write_text(BOOKS, encoding="utf-8")
    begin(visitor, empty, "Books", file)
    expect(visitor.get_by_role("combobox", name="Title", exact=True)).to_have_value("title")
    expect(visitor.get_by_text("No column is chosen")).to_be_visible()
    expect(visitor.get_by_role("button", name="Import items", exact=True)).to_be_disabled()

    choose(visitor, "Id", "shelf mark")
    choose(visitor, "Title", "name")
    choose(visitor, "In the catalogue since", "since")
    expect(visitor.get_by_text("No column is chosen")).to_have_count(0)
    bring_in(visitor, "books.csv")
    figures = visitor.get_by_test_id("stMetric").all_inner_texts()
    assert [figure.split() for figure in figures] == [
        ["Rows", "read", "5"], ["Added", "3"], ["Changed", "0"], ["Unchanged", "0"], ["Left", "out", "2"],
    ]  # fmt: skip
    assert downloaded(visitor, "Download all rejections", tmp_path) == [
        {"file": "books.csv", "row": "4", "column": "shelf mark", "reason": "The id is missing."},
        {
            "file": "books.csv",
            "row": "5",
            "column": "since",
            "reason": "The time '1600-01-01' lies outside 1900 to 2200.",
        },
    ]

    persona(visitor, "Ines")
    assert sorted(titles(visitor)) == ["Night Ferry", "Salt Letters", "The Cold Harbour"]
    assert titles(visitor)[2] != "The Cold Harbour"
    visitor.goto(empty.url("catalogue", workspace="Books", item="B1"))
    expect(visitor.get_by_role("button", name="Night Ferry", exact=True)).to_be_visible()  # a neighbour without tags
    settled(visitor)
    undone(visitor)


def undone(page: Page) -> None:
    """Take the import back; the catalogue is empty again."""
    page.get_by_role("link", name="Catalogue", exact=True).click()
    page.get_by_role("radio", name="Import").click()
    page.get_by_text("books.csv").first.click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("The import was undone: 3 rows taken out.")).to_be_visible()
    page.get_by_role("radio", name="Items").click()
    expect(page.get_by_text("No items yet")).to_be_visible()


OWNED = "document.title='owned'"
HOSTILE = {
    "h1": f'<b>bold</b><img src=x onerror="{OWNED}">',
    "h2": f"**stars** [click](javascript:{OWNED}) https://example.com/",
    "h3": '=HYPERLINK("http://example.com","sea")',
    "h4": "+1+1 :material/home: :red[red] $x^2$ `code`",
    "h5": "@SUM(A1:A9) <script>document.title='owned'</script>",
    "h6": "-2+3 -> <a href='javascript:alert(1)'>here</a> & &lt;i&gt;",
}
TRACES = (
    'b:text-is("bold")', 'i:text-is("Sailor")', "strong:text-is('stars')", "main script", "main .katex",
    "img[src=x]", "a[href^=javascript]", "a[href*='example.com']",
)  # fmt: skip
"""What would be on the page if a text had been read as HTML or Markdown."""
SAILOR = "=1+1 <i>Sailor</i> [x](javascript:alert(1))"


def harmless(page: Page) -> None:
    """Hold that nothing of a text became an element, ran, or can be downloaded as it is."""
    for element in TRACES:
        assert page.locator(element).count() == 0, element
    assert page.title().endswith("· Tastebench")
    for table in page.get_by_test_id("stDataFrame").all():
        table.hover()
        toolbar = page.get_by_test_id("stElementToolbar").filter(visible=True)
        expect(toolbar.get_by_role("button", name="Search").first).to_be_visible()
        expect(toolbar.get_by_role("button", name="Download")).to_have_count(0)


def neutral(rows: list[dict[str, str]], column: str) -> None:
    """Hold that a file has the hostile texts, and no cell that a spreadsheet would run."""
    assert {row[column].removeprefix("'") for row in rows} == set(HOSTILE.values())
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+@\t\r")]
    assert not [row[column] for row in rows if row[column].startswith("-")]


def test_text_from_a_file_is_shown_as_it_is_and_leaves_harmlessly(empty: Server, visitor: Page, tmp_path: Path) -> None:
    file = tmp_path / "hostile.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id", "title", "description", "tags", "=1+1"])
        writer.writerows([item_id, text, text, text.replace(",", ";"), "=2+2"] for item_id, text in HOSTILE.items())
    begin(visitor, empty, "Hostile <b>bold</b>", file)
    harmless(visitor)
    bring_in(visitor, "hostile.csv")
    persona(visitor, SAILOR)
    harmless(visitor)
    assert set(titles(visitor)) == set(HOSTILE.values())
    expect(visitor.get_by_role("combobox", name="Persona")).to_have_value(SAILOR)

    visitor.locator(".st-key-open_h2 button:visible").click()
    expect(visitor.locator(".st-key-breakdown")).to_be_visible()
    assert f"Why {HOSTILE['h2']}, and why at place" in seen(visitor.locator(".st-key-breakdown").inner_text())
    harmless(visitor)
    visitor.get_by_role("button", name="Share").click()
    neutral(downloaded(visitor, "Whole list as CSV", tmp_path), "title")
    visitor.keyboard.press("Escape")
    for item_id, text in HOSTILE.items():
        visitor.locator(f".st-key-view_{item_id} button:visible").click()
        expect(visitor.locator(".st-key-undo_bar")).to_contain_text(
            re.compile("Viewed " + r"\u2060?".join(map(re.escape, text)))
        )
    harmless(visitor)

    visitor.get_by_role("link", name="Interactions", exact=True).click()
    neutral(downloaded(visitor, "Download as CSV", tmp_path), "title")
    settled(visitor)
    harmless(visitor)
    for page in ("Tuning", "Personas", "Catalogue", "Home"):
        visitor.get_by_role("link", name=page, exact=True).click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(page)
        settled(visitor)
        harmless(visitor)
    visitor.goto(empty.url("catalogue", workspace="Hostile <b>bold</b>", item="h1"))
    expect(visitor.get_by_role("heading", level=2)).to_have_text(HOSTILE["h1"])
    settled(visitor)
    harmless(visitor)
