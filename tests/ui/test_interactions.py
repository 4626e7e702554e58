"""The page of interactions: act, run again, look."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, Item, Persona, ScoringProfile
from tastebench.domain.errors import IndexUnavailable, InvalidInput
from tastebench.services import Workspace
from tastebench.ui.interactions import deeds
from tastebench.ui.interactions.filters import LogFilter
from tastebench.ui.interactions.log import as_csv
from tests.ui.stage import said, visit

PAGE = "pages/interactions.py"
TITLES = ["<b>Odd</b> *film*", "The Long Goodbye", "Playtime", "Klute", "Chinatown"]


def log_rows(app: AppTest) -> list[tuple[str, str]]:
    table = app.dataframe[0].value
    return list(zip(table["Action"], table["Item"], strict=True))


def test_the_log_of_the_sidebars_persona_newest_first(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert log_rows(app) == list(zip(["view", "purchase", "dislike", "view", "like"], TITLES, strict=True))


@pytest.mark.parametrize(
    ("parameters", "left"),
    [
        ({"log_action": "view"}, ["<b>Odd</b> *film*", "Klute"]),
        ({"log_text": "long good"}, ["The Long Goodbye"]),
        ({"log_from": "2100-01-01"}, None),
        ({"log_origin": "simulated"}, None),
        ({"log_of": "Everyone"}, ["Solaris", *TITLES]),
    ],
)
def test_a_link_restores_each_filter(films: Workspace, parameters: dict[str, str], left: list[str] | None) -> None:
    films.add_interactions("joon", [Interaction("sc0", "click", datetime.now(UTC))])
    app = visit(PAGE, persona="maya", **parameters)
    if left is None:
        assert "Nothing in the log matches these filters." in said(app)
        app.button(key="log_clear").click().run()
        assert len(log_rows(app)) == 5
    else:
        assert [item for _, item in log_rows(app)] == left


def test_a_choice_of_a_preference_is_in_the_log_by_its_name(films: Workspace) -> None:
    films.choose("joon", "presentation", "chart", "bar")
    assert log_rows(visit(PAGE, persona="joon")) == [("choose", "presentation:chart=bar")]


def test_filters_act_at_once(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.selectbox(key="log_action").set_value("dislike").run()
    assert log_rows(app) == [("dislike", "Playtime")]


def test_chosen_rows_are_deleted_and_put_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    app.run()
    assert app.button(key="log_delete").label == "Delete 2 rows"
    app.button(key="log_delete").click().run()
    assert [item for _, item in log_rows(app)] == ["The Long Goodbye", "Klute", "Chinatown"]
    app.button(key="undo").click().run()
    assert len(log_rows(app)) == 5


def test_the_log_is_paged(films: Workspace) -> None:
    films.add_interactions("joon", [Interaction("sc0", "view", datetime(2026, 1, 1, tzinfo=UTC)) for _ in range(120)])
    app = visit(PAGE, persona="joon")
    assert len(log_rows(app)) == 50
    app.pagination(key="log_page").set_value(3).run()
    assert len(log_rows(app)) == 20
    assert "101–120 of 120 interactions" in said(app)


@pytest.mark.parametrize("chunk", [2, 5, 5000])
def test_the_csv_holds_the_whole_filtered_log_and_runs_no_formula(
    films: Workspace, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("tastebench.ui.interactions.log._CHUNK", chunk)
    films.save_item(replace(films.item("odd"), title="=HYPERLINK(1)"))
    text = as_csv(films, LogFilter(persona_id="maya")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["persona_id", "item_id", "title", "action", "at", "weight", "origin", "target_kind"]
    assert len(rows) == 5
    assert (rows[0]["persona_id"], rows[0]["title"], rows[0]["action"]) == ("maya", "'=HYPERLINK(1)", "view")


def test_the_csv_is_imported_again_for_the_same_people_and_items(films: Workspace) -> None:
    films.save_item(Item("-1", "Minus one"))
    films.add_persona(Persona("Ann", persona_id="+ann"))
    films.add_interactions("+ann", [Interaction("-1", "like")])
    exported = as_csv(films, LogFilter())
    films.import_interactions(pd.read_csv(io.BytesIO(exported)))
    assert films.interactions().total == 12
    assert [row.target for row in films.interactions("+ann").rows] == ["-1", "-1"]
    assert len(films.persona_names()) == 4


def test_an_exact_title_is_found_among_many_that_hold_it(films: Workspace) -> None:
    many = [{"id": f"n{number}", "title": f"A love {number}"} for number in range(220)]
    films.import_items(pd.DataFrame([*many, {"id": "love", "title": "Love"}]))
    assert deeds.item_named(films, "LOVE").item_id == "love"
    films.save_item(Item("zzz", "love"))
    with pytest.raises(InvalidInput, match="2 items are called"):
        deeds.item_named(films, "Love")


def test_recording_by_hand_and_taking_it_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Record")
    app.text_input(key="record_search").set_value("stalk").run()
    app.selectbox(key="record_action/1").set_value("favorite")
    app.number_input(key="record_weight").set_value(0.7)
    app.button(key="record_save").click().run()
    newest = films.interactions("maya").rows[0]
    assert (newest.title, newest.action, newest.weight, newest.origin) == ("Stalker", "favorite", 0.7, "authored")
    app.button(key="undo").click().run()
    assert films.interactions("maya").total == 5


def test_a_year_in_words_is_no_obstacle(films: Workspace) -> None:
    films.save_item(Item("old", "Stalking", attributes={"year": "c. 1890"}))
    app = visit(PAGE, persona="maya", tab="Record")
    app.text_input(key="record_search").set_value("stalking").run()
    assert not app.exception
    assert "Something unexpected" not in said(app)
    assert app.selectbox(key="record_item/1/stalking").options == ["Stalking · c. 1890"]


def test_recording_at_another_time(films: Workspace) -> None:
    app = visit(PAGE, persona="joon", tab="Record")
    app.text_input(key="record_search").set_value("stalk").run()
    app.segmented_control(key="record_when").set_value("at another time").run()
    app.get("datetime_input")[0].set_value(datetime(2026, 3, 4, 5, 6)).run()
    app.button(key="record_save").click().run()
    assert films.interactions("joon").rows[0].at == datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def test_a_follow_is_for_the_creator(films: Workspace) -> None:
    app = visit(PAGE, persona="joon", tab="Record")
    app.text_input(key="record_search").set_value("stalk").run()
    app.selectbox(key="record_action/1").set_value("follow").run()
    app.button(key="record_save").click().run()
    row = films.interactions("joon").rows[0]
    assert (row.target_kind, row.target) == ("creator", "Director of science fiction")


def test_nothing_can_be_recorded_without_an_item(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Record")
    assert app.button(key="record_save").disabled
    app.text_input(key="record_search").set_value("zzz").run()
    assert "No item matches “zzz”" in said(app)
    assert app.button(key="record_save").disabled


def test_good_rows_of_a_table_are_recorded_and_bad_ones_stay(films: Workspace) -> None:
    app = visit(PAGE, persona="joon", tab="Many at once")
    app.session_state["batch/1/joon/0"] = {
        "deleted_rows": [], "added_rows": [],
        "edited_rows": {
            0: {"Item": "no0", "Action": "like"},
            1: {"Item": "Solaris", "Action": "view"},
            2: {"Item": "alien", "Action": "purchase", "When (UTC)": "2026-02-03T04:05:00", "Weight": 0.5},
            3: {"Item": "Klutte", "Action": "like"},
        },
    }  # fmt: skip
    app.button(key="batch_save").click().run()
    assert [(row.title, row.action, row.weight) for row in films.interactions("joon").rows] == [
        ("Chinatown", "like", None), ("Alien", "purchase", 0.5)
    ]  # fmt: skip
    assert films.interactions("joon").rows[1].at == datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    assert list(app.get("data_editor")[0].value["Item"]) == ["Solaris", "Klutte"]
    assert "Row 1: 2 items are called “Solaris”. Write the id of one: sc0, sc3." in said(app)
    assert "Row 2: There is no item “Klutte”." in said(app)
    app.button(key="undo").click().run()
    assert films.interactions("joon").total == 0


def test_an_empty_table_says_what_to_write(films: Workspace) -> None:
    app = visit(PAGE, persona="joon", tab="Many at once")
    app.button(key="batch_save").click().run()
    assert "Nothing is written in the table yet." in said(app)


def test_the_effect_of_weights_is_shown_before_they_are_saved(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Actions")
    assert not app.exception
    assert "Top 10: as it is now." in said(app)
    assert app.button(key="actions_save").disabled
    rows = list(app.get("data_editor")[0].value["Action"])
    app.session_state["actions/1/0"] = edit({rows.index("dislike"): {"Weight": 90.0}})
    app.run()
    assert "Top 10: as it is now." not in said(app)
    assert films.settings.actions["dislike"] == -2
    app.button(key="actions_save").click().run()
    assert films.settings.actions["dislike"] == 90
    app.button(key="undo").click().run()
    assert films.settings.actions["dislike"] == -2


def test_what_cannot_be_saved_is_said_per_row(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Actions")
    app.session_state["actions/1/0"] = edit({}, added=[{"Action": "like", "Weight": 1.0}, {"Action": "hug"}])
    app.run()
    assert "Row 9, like: an action of that name stands above." in said(app)
    assert "Row 10, hug: the weight is missing." in said(app)
    assert app.button(key="actions_save").disabled


def test_an_action_in_use_cannot_be_removed(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Actions")
    rows = list(app.get("data_editor")[0].value["Action"])
    app.session_state["actions/1/0"] = {**edit({}), "deleted_rows": [rows.index("purchase")]}
    app.run()
    app.button(key="actions_save").click().run()
    assert "The log uses the action 'purchase'" in said(app)
    assert "purchase" in films.settings.actions


def test_a_half_life_becomes_a_version_of_the_default_profile(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", tab="Actions")
    app.number_input(key="actions_half_life/1/0").set_value(30.0).run()
    app.button(key="actions_save").click().run()
    assert films.profile().taste.half_life_days == 30
    assert [(row.name, row.version, row.is_default) for row in films.profiles()] == [("For You", 1, True)]
    assert app.number_input(key="actions_half_life/1/1").value == 30
    app.button(key="undo").click().run()
    assert films.profile().taste.half_life_days == 7


def test_undoing_a_half_life_keeps_the_versions_there_were(films: Workspace) -> None:
    films.save_profile(ScoringProfile(weights={"popularity": 1}), "tuned by hand")  # For You, but not the default
    app = visit(PAGE, persona="maya", tab="Actions")
    app.number_input(key="actions_half_life/1/0").set_value(30.0).run()
    app.button(key="actions_save").click().run()
    app.button(key="undo").click().run()
    assert films.default_profile() is None
    assert [(row.version, row.note) for row in films.profiles()] == [(2, "Half-life 30 days"), (1, "tuned by hand")]


def edit(rows: dict[int, dict[str, object]], added: list[dict[str, object]] | None = None) -> dict[str, object]:
    return {"edited_rows": rows, "added_rows": added or [], "deleted_rows": []}


def test_an_empty_log_leads_to_recording(films: Workspace) -> None:
    app = visit(PAGE, persona="joon")
    assert "Joon hasn’t done anything yet" in said(app)
    app.button(key="log_empty_button").click().run()
    assert app.text_input(key="record_search").value == ""


def test_a_list_that_cannot_be_ranked_leaves_the_editor_usable(
    films: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "gather", failing)
    app = visit(PAGE, persona="maya", tab="Actions")
    assert not app.exception
    assert "The vector index does not answer." in said(app)
    app.number_input(key="actions_half_life/1/0").set_value(14.0).run()
    assert not app.button(key="actions_save").disabled


def failing(*_arguments: object, **_named: object) -> None:
    raise IndexUnavailable("The vector index does not answer.", "Rebuild it.")
