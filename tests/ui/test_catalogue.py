"""Catalogue: act, run again, look."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tastebench.services import Workspace
from tests.ui.stage import said, visit, words

PAGE = "pages/catalogue.py"


def url(app: AppTest) -> dict[str, str]:
    return {name: one if isinstance(one, str) else one[0] for name, one in app.query_params.items()}


def titles(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["Title"])


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def wait_for(app: AppTest, slot: str) -> None:
    from tastebench.ui import page

    job = page.workbench().jobs.find(url(app)[slot].partition(" ")[0])
    assert job is not None
    assert job.wait(60)
    app.run()


def test_the_table_lists_items_by_title_as_they_are_written(films: Workspace) -> None:
    app = visit(PAGE)
    assert not app.exception
    assert titles(app)[:3] == ["<b>Odd</b> *film*", "Airplane!", "Alien"]
    assert list(app.dataframe[0].value.columns) == ["Title", "Creator", "Genres", "Available", "Id"]
    assert "13 items" in words(app)


def test_search_and_filters_narrow_the_table_and_stand_in_the_url(films: Workspace) -> None:
    app = visit(PAGE)
    app.text_input(key="find").set_value("solaris").run()
    assert titles(app) == ["Solaris", "Solaris"]
    app.text_input(key="find").set_value("").run()
    app.multiselect(key="with_genres").set_value(["comedy"]).run()
    assert titles(app) == ["Airplane!", "Playtime", "Some Like It Hot", "The General"]
    again = visit(PAGE, with_genres="comedy", find="play")
    assert titles(again) == ["Playtime"]


def test_a_search_without_result_offers_the_way_back(films: Workspace) -> None:
    app = visit(PAGE)
    app.text_input(key="find").set_value("zzz").run()
    assert not app.dataframe
    app.button(key="items_all").click().run()
    assert len(titles(app)) == 13


def test_a_filter_that_the_next_workspace_does_not_know_is_let_go(films: Workspace) -> None:
    from tastebench.ui import page

    other = page.workbench().workspace("books", create=True)
    other.import_items(pd.DataFrame({"id": ["b"], "title": ["Dune"], "genres": [["epic"]]}))
    app = visit(PAGE)
    app.multiselect(key="with_genres").set_value(["comedy"]).run()
    app.selectbox(key="pick_workspace").set_value("books").run()
    assert not app.exception
    assert titles(app) == ["Dune"]


def test_long_catalogues_are_paged(films: Workspace) -> None:
    films.import_items(
        pd.DataFrame({"id": [f"x{n:03}" for n in range(60)], "title": [f"Film {n:03}" for n in range(60)]})
    )
    app = visit(PAGE)
    assert "1–25 of 73 items" in words(app)
    app.pagination(key="items_page").set_value(3).run()
    assert len(titles(app)) == 23
    app.text_input(key="find").set_value("solaris").run()
    assert titles(app) == ["Solaris", "Solaris"]


def test_only_what_is_not_available(films: Workspace) -> None:
    films.set_available("no0", False)
    app = visit(PAGE)
    app.segmented_control(key="show").set_value("Not available").run()
    assert titles(app) == ["Chinatown"]


def test_an_item_is_shown_letter_by_letter_with_its_neighbours(films: Workspace) -> None:
    app = visit(PAGE, item="odd")
    assert not app.exception
    assert "&lt;b&gt;Odd&lt;/b&gt; *film*</h2>" in words(app)
    assert "<b>Odd" not in words(app)
    neighbours = [button.label for button in app.button if str(button.key).startswith("neighbour_")]
    assert len(neighbours) == 10


def test_a_neighbour_opens_and_the_way_back_closes(films: Workspace) -> None:
    app = visit(PAGE, item="no0")
    app.button(key="neighbour_0").click().run()
    assert url(app)["item"] == films.similar("no0")[0].item_id
    press(app, "Back to the catalogue")
    assert "item" not in url(app)
    assert len(titles(app)) == 13


def test_an_item_that_is_not_there_is_told_calmly(films: Workspace) -> None:
    app = visit(PAGE, item="<script>")
    assert not app.exception
    assert len(app.error) == 1
    press(app, "Back to the catalogue")
    assert not app.error


def test_availability_is_switched_and_taken_back(films: Workspace) -> None:
    app = visit(PAGE, item="no0")
    app.toggle(key="available_no0").set_value(False).run()
    assert not films.item("no0").available
    app.button(key="undo").click().run()
    assert films.item("no0").available
    assert app.toggle(key="available_no0").value is True


def test_deleting_an_item_can_be_undone(films: Workspace) -> None:
    app = visit(PAGE, item="no0")
    app.button(key="delete_item").click().run()
    assert films.items().total == 12
    assert "item" not in url(app)
    app.button(key="undo").click().run()
    assert films.items().total == 13
    assert not [button for button in app.button if button.key == "undo"]


def test_editing_an_item_and_taking_it_back(films: Workspace) -> None:
    app = visit(PAGE, item="no0")
    app.button(key="edit_item").click().run()
    app.text_input(key="item_title").set_value("Chinatown (restored)")
    app.multiselect(key="item_tags_genres").set_value(["noir", "comedy"])
    press(app, "Save changes")
    assert (films.item("no0").title, films.item("no0").facets) == (
        "Chinatown (restored)",
        {"genres": ("noir", "comedy")},
    )
    assert "Chinatown (restored)</h2>" in words(app)
    app.button(key="undo").click().run()
    assert films.item("no0").title == "Chinatown"


def test_cancelling_the_form_changes_nothing(films: Workspace) -> None:
    app = visit(PAGE, item="no0")
    app.button(key="edit_item").click().run()
    app.text_input(key="item_title").set_value("Other")
    press(app, "Cancel")
    assert films.item("no0").title == "Chinatown"
    assert "Chinatown</h2>" in words(app)


def test_a_new_item_is_added_opened_and_taken_back(films: Workspace) -> None:
    app = visit(PAGE)
    app.button(key="add_item").click().run()
    app.text_input(key="item_id").set_value("heat")
    app.text_input(key="item_title").set_value("Heat")
    press(app, "Add item")
    assert films.item("heat").title == "Heat"
    assert url(app)["item"] == "heat"
    app.button(key="undo").click().run()
    assert films.items().total == 13
    assert not app.error


@pytest.mark.parametrize(("item_id", "why"), [("", "item&#95;id is empty"), ("no0", "There is already an item")])
def test_a_new_item_needs_an_id_of_its_own(films: Workspace, item_id: str, why: str) -> None:
    app = visit(PAGE)
    app.button(key="add_item").click().run()
    app.text_input(key="item_id").set_value(item_id)
    press(app, "Add item")
    assert why in words(app)
    assert films.items().total == 13


def test_the_map_is_told_in_words_too(films: Workspace) -> None:
    app = visit(PAGE, view="Map", persona="maya")
    assert not app.exception
    assert "The star is the taste of the persona in the sidebar" in words(app)
    assert len(app.get("plotly_chart")) == 1


def test_an_empty_catalogue_leads_to_the_import(films: Workspace) -> None:
    from tastebench.ui import page

    page.workbench().workspace("books", create=True)
    app = visit(PAGE, workspace="books")
    press(app, "Import a file")
    assert url(app)["view"] == "Import"
    assert "1 · File" in words(app)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "<b>new.csv"
    path.write_text("film_code,name,genre\na1,=1+1,crime|noir\na2,Heat,crime\n,Nameless,crime\n", "utf-8")
    return path


def at_columns(path: Path) -> AppTest:
    app = visit(PAGE, view="Import")
    app.segmented_control(key="import_way").set_value("On this machine").run()
    return app.text_input(key="import_path").set_value(str(path)).run()


def column(app: AppTest, field: str) -> object:
    return next(box for box in app.selectbox if str(box.key).endswith(f"_{field}"))


def test_a_wrong_column_is_mended_and_the_file_comes_in(films: Workspace, csv: Path) -> None:
    app = at_columns(csv)
    assert not app.exception
    assert "No column is chosen for the item's id (item_id)" in said(app)
    assert app.button(key="import_start").disabled
    assert list(app.dataframe[0].value.columns) == ["film_code", "name", "genre"]
    column(app, "item_id").set_value("film_code").run()
    read = app.dataframe[0].value
    assert (read["id"][0], read["genre"][0]) == ("a1", "crime, noir")
    assert read["left out"][2].startswith("Row 4, film_code:")
    app.segmented_control(key="import_rows").set_value(False).run()
    assert list(app.dataframe[0].value.columns) == ["film_code", "name", "genre"]
    app.button(key="import_start").click().run()
    wait_for(app, "import")
    assert films.item("a1").title == "=1+1"
    assert films.item("a1").facets == {"genre": ("crime", "noir")}
    assert "1 row left out" in words(app)
    assert "&#60;b&#62;new" in words(app)
    assert [metric.value for metric in app.metric] == ["3", "2", "0", "0", "1"]


def test_an_import_is_undone(films: Workspace, csv: Path) -> None:
    report = films.import_items(csv, {"item_id": "film_code"})
    app = visit(PAGE, view="Import")
    assert not app.exception
    assert "&#60;b&#62;new" in " ".join(expander.label for expander in app.expander)
    app.session_state[f"import_{report.import_id}"] = True
    app.run()
    app.button(key=f"undo_import_{report.import_id}").click().run()
    wait_for(app, "undo_import")
    assert films.items().total == 13
    assert "undone&#58; 2 rows taken out&#46;" in words(app)
    assert report.import_id not in {one.import_id for one in films.imports()}
    app.run()
    assert not [button for button in app.button if button.key == f"undo_import_{report.import_id}"]


def test_an_unreadable_file_is_told_calmly(films: Workspace, tmp_path: Path) -> None:
    app = at_columns(tmp_path)
    assert not app.exception
    assert len(app.error) == 1
    assert not [button for button in app.button if button.key == "import_start"]


def test_a_file_that_is_not_there_is_told_calmly(films: Workspace, tmp_path: Path) -> None:
    app = at_columns(tmp_path / "nowhere.csv")
    assert not app.exception
    assert len(app.error) == 1


def test_an_uploaded_file_of_ratings_is_taken_for_interactions_and_says_its_rule(films: Workspace) -> None:
    app = visit(PAGE, view="Import")
    ratings = b"userId,movieId,rating,timestamp\n7,no0,5,1700000000\n7,co1,1,1700000001\n"
    app.file_uploader(key="import_upload").set_value(("ratings.csv", ratings, "text/csv")).run()
    assert not app.exception
    assert "counts as weight" in words(app)
    app.button(key="import_start").click().run()
    wait_for(app, "import")
    assert [row.action for row in films.interactions(persona_id="7").rows] == ["dislike", "like"]


def test_invoices_are_cleaned_step_by_step(films: Workspace, tmp_path: Path) -> None:
    lines = [
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom",
        "536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom",
        "C36379,85123A,WHITE HANGING HEART,-1,12/1/2010 9:41,2.55,17850,United Kingdom",
        "536370,POST,POSTAGE,3,12/1/2010 8:45,18,12583,France",
        "536371,22728,ALARM CLOCK,1,12/1/2010 9:00,3.75,,France",
    ]
    path = tmp_path / "invoices.csv"
    path.write_text("\n".join(lines), "utf-8")
    app = at_columns(path)
    assert not app.exception
    assert len([switch for switch in app.toggle if str(switch.key).startswith("clean_")]) == 5
    app.button(key="import_start").click().run()
    wait_for(app, "import")
    funnel = app.dataframe[0].value
    assert list(funnel["Rows left"])[-1] == 1
    assert films.interactions(persona_id="17850").total == 1


def test_the_imports_are_listed_newest_first_without_markup_from_their_names(films: Workspace, csv: Path) -> None:
    films.import_items(csv, {"item_id": "film_code"})
    app = visit(PAGE, view="Import")
    first, second = (expander.label for expander in app.expander)
    assert first.startswith("**&#60;b&#62;new&#46;csv** · items · 3 rows · 1 left out · ")
    assert " · items · 13 rows · " in second
