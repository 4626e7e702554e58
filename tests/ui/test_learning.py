"""The tab of how preferences are learned: change, see what it comes to, save, undo, learn anew."""

import time

from streamlit.testing.v1 import AppTest

from tastebench.domain.preferences import PreferenceSettings
from tastebench.services import Workspace
from tests.ui.stage import said, visit

PAGE = "pages/interactions.py"


def learning() -> AppTest:
    return visit(PAGE, persona="maya", tab="Learning")


def edited(app: AppTest, **changes: dict[str, object]) -> AppTest:
    """Write into the table, by action."""
    actions = list(app.get("data_editor")[0].value["Action"])
    rows = {actions.index(action): change for action, change in changes.items()}
    app.session_state["lessons/1/0"] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return app.run()


def test_the_table_holds_every_action_and_what_it_says(films: Workspace) -> None:
    films.save_actions({**films.settings.actions, "hug": 1.0})
    app = learning()
    assert not app.exception
    table = app.get("data_editor")[0].value
    assert dict(zip(table["Action"], table["Says"].fillna(-1), strict=True)) == {
        "purchase": 1.0, "follow": 1.0, "choose": 1.0, "like": 0.8, "favorite": 0.8, "add_to_cart": 0.6, "click": 0.2,
        "view": 0.1, "dislike": 0.0, "refine": 0.0, "hug": -1.0,
    }  # fmt: skip
    assert app.button(key="learning_save").disabled


def test_what_a_change_comes_to_is_said_before_it_is_saved(films: Workspace) -> None:
    app = learning()
    assert "Maya has 0 established preferences; with what stands here, 0." in said(app)
    app = edited(app, like={"Says": 1.0, "Creator": False})
    app.number_input(key="Established from/1/0").set_value(0.05).run()
    assert "Maya has 0 established preferences; with what stands here, 2." in said(app)
    assert films.settings.preferences == PreferenceSettings()
    app.button(key="learning_save").click().run()
    saved = films.settings.preferences
    assert (saved.established, saved.teaches["like"].confidence, saved.teaches["like"].creator) == (0.05, 1.0, False)
    assert "Maya has 2 established preferences" in said(app)
    app.button(key="undo").click().run()
    assert films.settings.preferences == PreferenceSettings()


def test_presets_of_fading_and_ones_own(films: Workspace) -> None:
    app = learning()
    app.segmented_control(key="decay/1/0").set_value("fast (0.95 a day)").run()
    app.button(key="learning_save").click().run()
    assert films.settings.preferences.daily_decay == 0.95
    app.segmented_control(key="decay/1/1").set_value("own").run()
    app.number_input(key="A day leaves/1/1").set_value(0.9).run()
    app.button(key="learning_save").click().run()
    assert films.settings.preferences.daily_decay == 0.9
    assert app.segmented_control(key="decay/1/2").value == "own"


def test_other_settings_are_saved(films: Workspace) -> None:
    app = learning()
    app.number_input(key="history_limit/1/0").set_value(50)
    app.pills(key="categories/1/0").set_value(["taste"])
    app.selectbox(key="updates/1/0").set_value("batch").run()
    app.button(key="learning_save").click().run()
    saved = films.settings.preferences
    assert (saved.history_limit, saved.categories, saved.updates) == (50, ("taste",), "batch")


def test_what_cannot_be_saved_is_said(films: Workspace) -> None:
    app = edited(learning(), like={"Says": 3.0})
    assert "like: a confidence of 3 is not possible." in said(app)
    assert app.button(key="learning_save").disabled
    app.button(key="learning_reset").click().run()
    app.number_input(key="Established from/1/1").set_value(0.001).run()
    assert "the threshold of tracking must lie under that of being established" in said(app)
    assert app.button(key="learning_save").disabled


def test_an_action_whose_confidence_is_taken_out_teaches_nothing(films: Workspace) -> None:
    app = edited(learning(), view={"Says": None})
    app.button(key="learning_save").click().run()
    assert "view" not in films.settings.preferences.teaches


def test_learning_everything_anew_tells_that_it_agrees(films: Workspace) -> None:
    app = learning()
    app.button(key="learning_recompute").click().run()
    for _ in range(100):
        if "Learned anew" in said(app):
            break
        time.sleep(0.05)
        app = app.run()
    assert "Learned anew: 2 preferences of 3 personas, 0 established." in said(app)
    assert "Lists went by the same." in said(app)
