"""Thumbs on the pages: each kind is given, seen in the log and learned from, and taken back."""

import pytest
from streamlit.testing.v1 import AppTest

from tastebench.services import Workspace
from tests.ui.stage import said, visit
from tests.ui.test_conversation import ask, suggested

LOG = "pages/interactions.py"


def press(app: AppTest, way: str, key: str) -> AppTest:
    app.button(key=f"thumb_{way}_{key}").click().run()
    assert not app.exception
    return app


def newest(films: Workspace) -> tuple[str, str, str]:
    row = films.interactions("maya", limit=1).rows[0]
    return row.target_kind, row.action, row.words


def thumbs(app: AppTest) -> list[str]:
    return [str(one.key) for one in app.button if str(one.key).startswith("thumb_")]


def order(app: AppTest) -> list[str]:
    return [str(one.key) for one in app.button if str(one.key).startswith("open_")]


def test_a_thumb_for_the_list_is_recorded_and_undone(films: Workspace) -> None:
    app = visit("pages/recommendations.py", persona="maya")
    before, revision = order(app), films.revision
    assert thumbs(app) == ["thumb_up_list", "thumb_down_list"]
    assert app.button(key="thumb_down_list").label == "Thumbs down for this list"
    press(app, "down", "list")
    kind, action, words = newest(films)
    assert (kind, action) == ("list", "dislike")
    assert words.startswith("List of ")
    assert words.endswith("by “For You”")
    assert order(app) == before
    assert "Thumbs down for this list." in said(app).replace("\u2060", "")
    app.button(key="undo").click().run()
    assert films.interactions("maya").total == 5
    assert films.revision != revision
    assert order(app) == before


def test_thumbs_for_how_an_item_is_explained(films: Workspace) -> None:
    app = visit("pages/recommendations.py", persona="maya", item="no3")
    assert thumbs(app) == ["thumb_up_list", "thumb_down_list", "thumb_up_view", "thumb_down_view"]
    press(app, "up", "view")
    assert newest(films) == ("view", "like", "View with chart “waterfall”")
    learned = {str(one.name): one.count for one in films.preferences("maya")}
    assert learned["presentation:chart=waterfall"] == 1
    app = visit("pages/personas.py", persona="maya", about="What we learned")
    assert "**Presentation**" in said(app)


def test_a_suggestion_is_disliked_until_its_kind_is_left_out(films: Workspace) -> None:
    app = ask("a film").run()
    assert any(text.startswith("more ") for text in suggested(app))
    assert len(thumbs(app)) == 2 * len(suggested(app))
    for turn, stands in enumerate(("last", "last", "left out")):
        where = next(place for place, text in enumerate(suggested(app)) if text.startswith("more "))
        press(app, "down", f"suggestion_{where}")
        assert newest(films)[:2] == ("suggestion", "dislike")
        assert films.suggestion_standings("maya")["related"] == stands, turn
    assert "related" not in {one.kind for one in films.suggestions("maya")}
    assert not any(text.startswith("more ") for text in suggested(app))
    learned = said(visit("pages/personas.py", persona="maya", about="What we learned"))
    assert "Suggestions that are *related* are left out: 3 thumbs down within 28 days" in learned
    app.button(key="undo").click().run()
    assert films.suggestion_standings("maya")["related"] == "last"


def test_an_opened_answer_has_thumbs_and_the_undo_is_offered(films: Workspace) -> None:
    app = ask("a film")
    item = next(str(one.key).removeprefix("open_personal_") for one in app.button if "open_personal_" in str(one.key))
    app.button(key=f"open_personal_{item}").click().run()
    press(app, "down", "view")
    assert newest(films) == ("view", "dislike", "View with chart “waterfall”")
    assert any(str(one.key) == "undo" for one in app.button)


def test_where_the_workspace_has_no_dislike_there_are_no_thumbs(films: Workspace) -> None:
    rows = [row.key for row in films.interactions("maya", action="dislike").rows]
    films.delete_interactions(rows)
    films.save_actions({name: weight for name, weight in films.settings.actions.items() if name != "dislike"})
    assert thumbs(visit("pages/recommendations.py", persona="maya", item="no3")) == []


@pytest.mark.parametrize(("kind", "count"), [("view", 1), ("item", 5), ("creator", 0)])
def test_the_log_shows_one_kind_of_target(films: Workspace, kind: str, count: int) -> None:
    films.feedback("maya", "view", "presentation:chart=waterfall")
    app = visit(LOG, persona="maya", log_kind=kind)
    assert not app.exception
    if not count:
        assert "Nothing in the log matches these filters." in said(app)
    else:
        shown = list(app.dataframe[0].value["Item"])
        assert len(shown) == count
        assert ("View with chart “waterfall”" in shown) == (kind == "view")


def test_what_is_held_of_lists_outlasts_a_thumb_but_no_other_change(films: Workspace) -> None:
    app = visit("pages/recommendations.py", persona="maya")
    [gathered] = app.session_state["held/evidence"].values()
    press(app, "up", "list")
    assert [*app.session_state["held/evidence"].values()] == [gathered]
    app.button(key="undo").click().run()
    assert next(iter(app.session_state["held/evidence"].values())) is gathered
    app.button(key="like_no3").click().run()
    assert [*app.session_state["held/evidence"].values()][-1] is not gathered
