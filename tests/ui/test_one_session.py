"""Two workspaces, two people in one session: what stands in the fields of one never stands in the other's."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tastebench import ScoringProfile
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.retention import RetentionSettings
from tastebench.services import Workspace
from tastebench.ui import page
from tests.ui.stage import fill, parameter, said, visit

FIELDS = (
    "checkbox", "data_editor", "multiselect", "number_input", "pills", "segmented_control", "selectbox", "slider",
    "text_area", "text_input", "toggle",
)  # fmt: skip
PLACES = [
    ("pages/interactions.py", {"tab": tab})
    for tab in ("Log", "Record", "Many at once", "Actions", "Learning", "Retention")
] + [
    ("pages/personas.py", {}),
    ("pages/personas.py", {"about": "What we learned"}),
    ("pages/tuning.py", {}),
    ("pages/recommendations.py", {}),
    ("pages/ask.py", {}),
    ("pages/evaluation.py", {}),
    ("pages/catalogue.py", {"view": "Items"}),
]  # fmt: skip


@pytest.fixture
def other(films: Workspace) -> Workspace:
    """A second workspace with the same people and items, and with other settings throughout."""
    own = films.settings
    films.save_retention(RetentionSettings(interaction_days=30, imported=True))
    films.save_conversation_hours(3)
    films.save_preference_settings(
        PreferenceSettings(learning_rate=0.4, established=0.5, history_limit=50, updates="batch")
    )
    films.save_actions({**own.actions, "like": 2.0, "wave": 0.5})
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 0.7}, taste={"half_life_days": 30}))
    films.set_default_profile("Mine", 1)
    return films


def fields(app: AppTest) -> dict[tuple[str, str], object]:
    """Return every field of the page by kind and label, but for the pickers."""
    found = {}
    for kind in FIELDS:
        for one in app.get(kind):
            if str(one.key).startswith("pick_"):
                continue
            value = str(one.value.to_dict("records")) if isinstance(one.value, pd.DataFrame) else one.value
            found[kind, one.label if hasattr(one, "label") else ""] = value
    return found


@pytest.mark.parametrize(("path", "shown"), PLACES, ids=[f"{path[6:-3]} {shown}" for path, shown in PLACES])
def test_a_workspace_opened_after_another_shows_its_own(other: Workspace, path: str, shown: dict[str, str]) -> None:
    fresh = fill(page.workbench(), "second")
    app = visit(path, persona="maya", **shown)
    assert not app.exception
    before = fields(app)
    app.selectbox(key="pick_workspace").set_value("second").run()
    assert not app.exception
    assert parameter(app, "workspace") == fresh.name
    open_tabs = {name: value for name, value in shown.items() if name in {"tab", "about"} and value != "Log"}
    assert {name: parameter(app, name) for name in open_tabs} == open_tabs, "the link says what is on show"
    alone = visit(path, **{"workspace": fresh.name, "persona": parameter(app, "persona"), **shown})
    assert fields(app) == fields(alone)
    if shown.get("tab") in {"Actions", "Learning", "Retention"}:
        assert fields(app) != before, "the two differ, or this shows nothing"


@pytest.mark.parametrize(("path", "shown"), PLACES, ids=[f"{path[6:-3]} {shown}" for path, shown in PLACES])
def test_a_persona_opened_after_another_shows_its_own(films: Workspace, path: str, shown: dict[str, str]) -> None:
    app = visit(path, persona="maya", **shown)
    app.selectbox(key="pick_persona").set_value("joon").run()
    assert not app.exception
    assert parameter(app, "persona") == "joon"
    assert fields(app) == fields(visit(path, persona="joon", **shown))


def test_a_form_that_is_open_closes_where_another_workspace_is_chosen(other: Workspace) -> None:
    second = fill(page.workbench(), "second")
    app = visit("pages/personas.py", persona="maya")
    app.button(key="persona_edit").click().run()
    app.text_input(key="persona_name").set_value("Maya of the first")
    app.selectbox(key="pick_workspace").set_value("second").run()
    app.selectbox(key="pick_persona").set_value("maya").run()
    assert "Name" not in [one.label for one in app.text_input]
    app = visit("pages/catalogue.py", item="no0")
    app.button(key="edit_item").click().run()
    assert app.text_input(key="item_title").value == "Chinatown"
    app.selectbox(key="pick_workspace").set_value("second").run()
    app.query_params["item"] = "no0"
    app.run()
    assert [one.label for one in app.text_input] == []
    assert second.item("no0").title == "Chinatown"


def test_the_next_persona_is_cloned_under_its_own_name(films: Workspace) -> None:
    app = visit("pages/personas.py", persona="maya")
    assert [one.value for one in app.text_input if one.label == "Name of the clone"] == ["Maya (copy)"]
    app.selectbox(key="pick_persona").set_value("joon").run()
    app.button(key="persona_clone").click().run()
    assert "Joon (copy)" in films.persona_names().values()


def test_rows_that_could_not_be_recorded_stay_with_their_persona(films: Workspace) -> None:
    app = visit("pages/interactions.py", persona="joon", tab="Many at once")
    app.session_state["batch/1/joon/0"] = {
        "deleted_rows": [], "added_rows": [], "edited_rows": {0: {"Item": "Klutte", "Action": "like"}},
    }  # fmt: skip
    app.button(key="batch_save").click().run()
    assert "There is no item “Klutte”." in said(app)
    app.selectbox(key="pick_persona").set_value("maya").run()
    assert "Klutte" not in said(app)
    assert "Klutte" not in str(app.get("data_editor")[0].value)
