"""The page of personas: act, run again, look."""

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Persona
from tastebench.domain.errors import IndexUnavailable
from tastebench.services import Workspace
from tests.ui.stage import parameter, said, visit, words

PAGE = "pages/personas.py"


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def opened(app: AppTest) -> list[str]:
    return [button.key for button in app.button if str(button.key).startswith("open_")]


def test_the_list_names_everybody_with_origin_and_activity(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert opened(app) == ["open_joon", "open_maya", "open_sim"]
    assert [badge for badge in ("authored", "simulated") if badge in words(app)] == ["authored", "simulated"]
    assert "5 · 60 minutes ago" in words(app) or "5 · 1 hour ago" in words(app)


def test_choosing_somebody_opens_them_in_the_url_too(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="open_joon").click().run()
    assert parameter(app, "persona") == "joon"
    assert ">Joon</h2>" in words(app)


@pytest.mark.parametrize(("origin", "left"), [("simulated", ["open_sim"]), ("authored", ["open_joon", "open_maya"])])
def test_the_origin_filter(films: Workspace, origin: str, left: list[str]) -> None:
    app = visit(PAGE, persona="maya")
    app.segmented_control(key="personas_origin").set_value(origin).run()
    assert opened(app) == left


def test_search_that_finds_nobody_offers_the_way_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.text_input(key="personas_search").set_value("zzz").run()
    assert opened(app) == []
    app.button(key="personas_everyone").click().run()
    assert len(opened(app)) == 3


def test_two_hundred_personas_are_paged_and_a_link_finds_its_page(films: Workspace) -> None:
    for number in range(200):
        films.add_persona(Persona(f"Person {number:03}", persona_id=f"p{number:03}"))
    app = visit(PAGE, persona="maya")
    assert len(opened(app)) == 10
    assert "1–10 of 203 personas" in words(app)
    app.pagination(key="personas_page").set_value(21).run()
    assert len(opened(app)) == 3
    app.text_input(key="personas_search").set_value("Person 1").run()
    assert "1–10 of 100 personas" in words(app)
    assert "21–30 of 203 personas" in words(visit(PAGE, persona="maya", personas_page="3"))


def test_creating_somebody_opens_them(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_new").click().run()
    app.text_input(key="persona_name").set_value("Ada")
    app.text_area(key="persona_description").set_value("Watches robots.")
    app.multiselect(key="persona_interests_genres").set_value(["science fiction"])
    app.session_state["persona_properties"] = {
        "edited_rows": {}, "deleted_rows": [],
        "added_rows": [{"Property": "age", "Kind": "number", "Value": "29"}, {"Property": "member", "Kind": "yes/no",
                        "Value": "yes"}],
    }  # fmt: skip
    button(app, "Create persona").click().run()
    assert not app.exception
    made = films.persona(parameter(app, "persona"))
    assert (made.name, made.interests, made.properties) == (
        "Ada", {"genres": ("science fiction",)}, {"age": 29, "member": True}
    )  # fmt: skip
    assert made.origin == "authored"
    assert ">Ada</h2>" in words(app)
    app.button(key="undo").click().run()
    assert films.personas().total == 3
    assert parameter(app, "persona") == "maya"
    assert "here any more" not in words(app)


def test_a_wrong_cell_is_said_in_a_sentence_and_nothing_is_saved(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_edit").click().run()
    app.text_input(key="persona_name").set_value("Maya the Second")
    app.session_state["persona_properties"] = {
        "edited_rows": {0: {"Value": "old"}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    button(app, "Save changes").click().run()
    assert "Property row 1, age" in said(app)
    assert "is not a number" in said(app)
    assert films.persona("maya").name == "Maya"


def test_a_persona_without_a_name_is_refused(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_new").click().run()
    button(app, "Create persona").click().run()
    assert "name is empty" in said(app)
    assert films.personas().total == 3


def test_editing_changes_keeps_the_history_and_is_undone(films: Workspace) -> None:
    before = films.persona("maya")
    app = visit(PAGE, persona="maya")
    app.button(key="persona_edit").click().run()
    app.text_area(key="persona_description").set_value("Likes the sea.")
    app.segmented_control(key="persona_skill").set_value("advanced")
    button(app, "Save changes").click().run()
    changed = films.persona("maya")
    assert (changed.description, changed.skill_level, changed.properties) == ("Likes the sea.", "advanced", {"age": 34})
    assert "5 interactions from" in words(app)
    assert "Changed Maya." in said(app)
    app.button(key="persona_edit").click().run()
    app.button(key="undo").click().run()
    assert "persona_description" not in [one.key for one in app.text_area], "the form held what was undone"
    again = films.persona("maya")
    assert (again.description, again.skill_level) != ("Likes the sea.", "advanced")
    assert again == before


def test_cancelling_an_edit_changes_nothing(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_edit").click().run()
    app.text_input(key="persona_name").set_value("Somebody else")
    button(app, "Cancel").click().run()
    assert films.persona("maya").name == "Maya"
    assert ">Maya</h2>" in words(app)


def test_deleting_is_undone_with_one_click(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.button(key="persona_delete").click().run()
    assert opened(app) == ["open_joon", "open_sim"]
    app.button(key="undo").click().run()
    assert ">Maya</h2>" in words(app)
    assert films.interactions("maya").total == 5


def test_cloning_makes_a_second_one_and_opens_it(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.text_input(key="persona_clone_name/1/maya").set_value("Maya by night")
    app.button(key="persona_clone").click().run()
    assert ">Maya by night</h2>" in words(app)
    assert films.personas().total == 4
    app.button(key="undo").click().run()
    assert films.personas().total == 3


def test_taste_and_history_are_told_in_words(films: Workspace) -> None:
    told = said(visit(PAGE, persona="maya"))
    assert "noir" in told
    assert "5 interactions from 5 days ago to" in told
    assert "most often view (2)" in told


def test_somebody_without_history_or_interests_is_told_what_to_do(films: Workspace) -> None:
    app = visit(PAGE, persona="joon")
    assert "No taste yet" in said(app)
    assert "Record an interaction" in [link.label for link in app.get("page_link")]


def test_a_taste_that_cannot_be_read_leaves_the_rest_standing(
    films: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: object, **_named: object) -> None:
        raise IndexUnavailable("The vector index does not answer.", "Rebuild it.")

    monkeypatch.setattr(Workspace, "taste", failing)
    told = said(visit(PAGE, persona="maya"))
    assert "The vector index does not answer." in told
    assert "5 interactions from 5 days ago to" in told


def test_text_from_data_is_shown_letter_by_letter(films: Workspace) -> None:
    films.add_persona(Persona("<i>Eve</i> :red[x]", "<script>alert(1)</script>", persona_id="eve"))
    app = visit(PAGE, persona="eve")
    assert "<i>Eve" not in words(app)
    assert "<script>" not in words(app)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words(app)
    assert ":red[x]" not in [button.label for button in app.button]


def test_importing_personas_reports_and_can_be_undone(films: Workspace) -> None:
    lines = [{"name": "Ona", "interests": {"genres": ["noir"]}}, {"description": "nameless"}, {"name": "Pia"}]
    app = visit(PAGE, persona="maya")
    app.file_uploader(key="personas_file_0").upload("new.jsonl", "\n".join(map(json.dumps, lines)).encode()).run()
    app.button(key="personas_import").click().run()
    app = finished(app)
    assert films.personas(origin="imported").total == 2
    assert "1 row of 3 could not be used" in said(app)
    app.button(key="undo").click().run()
    assert films.personas(origin="imported").total == 0


def test_a_file_that_cannot_be_read_says_so(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.file_uploader(key="personas_file_0").upload("new.jsonl", b"\x00\x01\x02").run()
    app.button(key="personas_import").click().run()
    app = finished(app)
    assert app.error
    assert films.personas().total == 3


def test_a_workspace_without_personas_leads_to_the_form(films: Workspace) -> None:
    for one in ("maya", "joon", "sim"):
        films.delete_persona(one)
    app = visit(PAGE)
    assert "No personas here yet" in words(app)
    app.button(key="personas_empty_button").click().run()
    assert app.text_input(key="persona_name").value == ""


def button(app: AppTest, label: str) -> object:
    return next(one for one in app.button if one.label == label)


def finished(app: AppTest) -> AppTest:
    for _ in range(100):
        if not any(one.label == "Cancel" for one in app.button):
            return app
        time.sleep(0.05)
        app = app.run()
    raise AssertionError("the import did not end")


def test_the_way_from_a_list_without_personas_leads_straight_to_the_form(films: Workspace) -> None:
    for persona_id in films.persona_names():
        films.delete_persona(persona_id)
    app = visit("pages/recommendations.py")
    app.button(key="no_persona_button").click().run()
    assert not app.exception
    assert any(field.label == "Name" for field in app.text_input)


def test_people_are_simulated_and_taken_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.number_input(key="simulate_people").set_value(4)
    app.button(key="simulate_start").click().run()
    for _ in range(200):
        if "Simulated 4 people" in words(app):
            break
        time.sleep(0.05)
        app.run()
    assert not app.exception
    assert films.personas(origin="simulated").total == 5
    app.button(key="undo").click().run()
    assert films.personas(origin="simulated").total == 1


def test_a_persona_is_given_a_simulated_history_and_it_is_taken_back(films: Workspace) -> None:
    app = visit(PAGE, persona="joon")
    app.number_input(key="persona_simulate_days").set_value(7).run()
    app.button(key="persona_simulate_start").click().run()
    rows = films.interactions("joon").rows
    assert rows
    assert {row.origin for row in rows} == {"simulated"}
    assert f"Simulated {len(rows)} interactions of Joon over 7 days." in said(app)
    app.button(key="undo").click().run()
    assert films.interactions("joon").total == 0
