"""The tab of retention: counts before it is switched on, says what stays, removes for good on request."""

import time

from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tastebench.domain.retention import RetentionSettings
from tastebench.services import Workspace
from tests.ui.stage import said, visit

PAGE = "pages/interactions.py"


def retention() -> AppTest:
    return visit(PAGE, persona="maya", tab="Retention")


def age(films: Workspace, where: str) -> None:
    with films._parts.database.write() as connection:
        connection.execute(text(f"UPDATE interactions SET recorded_at = 1 WHERE {where}"))


def test_it_is_off_and_says_so(films: Workspace) -> None:
    app = retention()
    assert not app.exception
    assert "Interactions are kept until somebody deletes them." in said(app)
    assert app.button(key="retention_save").disabled
    assert app.number_input(key="retention/1/days").disabled


def test_switched_on_where_nothing_is_due_and_taken_back(films: Workspace) -> None:
    app = retention()
    app.toggle(key="retention/1/on").set_value(True).run()
    assert "No interaction is that old yet." in said(app)
    assert films.settings.retention == RetentionSettings()
    app.number_input(key="retention/1/days").set_value(30)
    app.checkbox(key="retention/1/simulated").set_value(True).run()
    app.button(key="retention_save").click().run()
    assert films.settings.retention == RetentionSettings(interaction_days=30, simulated=True)
    app.button(key="undo").click().run()
    assert films.settings.retention == RetentionSettings()


def test_what_would_go_is_counted_before_it_goes(films: Workspace) -> None:
    age(films, "action = 'view'")
    app = retention()
    app.toggle(key="retention/1/on").set_value(True).run()
    assert "2 interactions of 1 persona would go now: 2 authored." in said(app)
    assert "Each preference that was learned stays" in said(app)
    assert films.interactions().total == 5
    button = app.button(key="retention_save")
    assert button.label == "Save, and remove 2 interactions for good"
    app = button.click().run()
    for _ in range(100):
        if films.interactions().total == 3 and "2 interactions removed for good." in said(app):
            break
        time.sleep(0.1)
        app = app.run()
    assert "2 interactions removed for good." in said(app)
    assert films.interactions().total == 3
    assert not [one for one in app.button if one.key == "undo"]


def test_how_long_conversations_are_remembered_takes_effect_at_once(films: Workspace) -> None:
    films.remember("maya", "something noir", ["no0"])
    with films._parts.database.write() as connection:
        connection.execute(text("UPDATE turns SET recorded_at = recorded_at - 7200000000"))
    app = retention()
    app.number_input(key="retention/1/hours").set_value(1).run()
    assert not app.exception
    assert films.settings.conversation_hours == 1
    assert films.turns("maya") == ()
