"""Personal data on the page of personas: all of it to take along, and erased once the name was typed."""

import json

from streamlit.testing.v1 import AppTest

from tastebench.services import Workspace
from tests.ui.stage import said, visit

PAGE = "pages/personas.py"


def erase(app: AppTest, typed: str) -> AppTest:
    app.text_input(key="persona_erase_maya").set_value(typed)
    return next(button for button in app.button if button.label == "Erase for good").click().run()


def test_everything_we_hold_is_there_to_take_along(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert app.get("download_button")
    record = json.loads(films.export_persona("maya"))
    assert len(record["held"]["interactions"]) == 5


def test_erasing_asks_for_the_name(films: Workspace) -> None:
    app = erase(visit(PAGE, persona="maya"), "maya")
    assert "That is not the persona's name." in said(app)
    assert "maya" in films.persona_names()


def test_erased_for_good_means_no_way_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_clone").click().run()
    app.button(key="open_maya").click().run()
    assert app.button(key="undo")
    app = erase(app, "Maya")
    assert not app.exception
    assert "Erased Maya: 6 rows." in [toast.value for toast in app.toast]
    assert "maya" not in films.persona_names()
    assert films.interactions("maya-copy").total == films.interactions().total == 5
    assert not [button for button in app.button if button.key == "undo"]
    assert "Joon" in said(app)


def test_the_sentence_before_it_tells_what_erasing_does_not_reach(films: Workspace) -> None:
    words = said(visit(PAGE, persona="maya"))
    assert "It cannot be undone." in words
    assert "importing a file that names Maya brings them back" in words
