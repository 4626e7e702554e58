"""The page of a question: ask, bend, open, record, look."""

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Item, Workbench
from tastebench.services import Workspace
from tests.doubles import HashingEncoder, ScriptedChat, grading
from tests.ui.stage import fill, parameter, said, visit, words

PAGE = "pages/ask.py"
QUESTION = "a science fiction film"


def ask(question: str = QUESTION, **parameters: str) -> AppTest:
    app = visit(PAGE, **{"persona": "maya", "q": question, **parameters})
    assert not app.exception
    return app


def listed(app: AppTest, side: str = "personal") -> list[str]:
    """The items of one of the lists, in order."""
    start = f"open_{side}_"
    return [str(button.key).removeprefix(start) for button in app.button if str(button.key).startswith(start)]


def slider(app: AppTest, label: str) -> object:
    return next(one for one in app.slider if label in one.label)


def test_before_anything_is_asked_it_says_what_will_be_seen_and_offers_questions(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert "What is Maya looking for?" in html.unescape(app.text_input[0].label)
    assert "Two lists will stand side by side" in said(app)
    starters = [one for one in app.button if str(one.key).startswith("starter_")]
    assert [html.unescape(one.label) for one in starters] == ["noir", "comedy", "science fiction"]
    starters[0].click().run()
    assert parameter(app, "q") == "noir"
    assert len(listed(app)) == 10


def test_both_lists_are_the_service_s_two_orders_with_their_places(films: Workspace) -> None:
    app = ask(strength="0.9")
    asked = films.ask("maya", QUESTION, strength=0.9, depth=30)
    assert listed(app, "plain") == [item.item_id for item in asked.plain.items]
    assert listed(app) == [item.item_id for item in asked.personal.items]
    shown = said(app)
    for item in asked.plain.items:
        assert f"place {asked.places[item.item_id].personal} for Maya" in shown
    ups = re.findall(r'title="[^"]*up (\d+) place', shown)
    rises = [asked.places[item.item_id].plain - item.rank for item in asked.personal.items]
    assert sorted(map(int, ups)) == sorted(rise for rise in rises if rise > 0)
    assert ups


def test_strength_0_shows_the_same_order_twice_and_says_so(films: Workspace) -> None:
    app = ask(strength="0")
    assert listed(app) == listed(app, "plain")
    assert "in the same order" in said(app)


def test_a_moved_strength_is_scored_from_what_is_held(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ask()
    before = listed(app)

    def gather(*_: object) -> None:
        raise AssertionError("evidence was gathered again")

    monkeypatch.setattr(type(films), "gather", gather)
    slider(app, "Strength").set_value(1.0).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert "Something unexpected" not in said(app)
    assert listed(app) != before
    assert parameter(app, "strength") == "1"


def test_the_url_gives_the_whole_view_back(films: Workspace) -> None:
    film = listed(ask())[1]
    app = ask(method="bm25", alpha="0.25", strength="0.3", tag="genres:noir", item=film, as_of="2199-01-01")
    assert "is no candidate here" in said(app) or film in listed(app)
    assert (parameter(app, "q"), parameter(app, "method"), parameter(app, "tag")) == (QUESTION, "bm25", "genres:noir")
    assert (parameter(app, "alpha"), parameter(app, "strength"), parameter(app, "as_of")) == (
        "0.25",
        "0.3",
        "2199-01-01",
    )
    assert app.segmented_control[0].value == "bm25"
    assert slider(app, "Share of meaning").disabled  # type: ignore[attr-defined]
    assert set(listed(app)) <= {"no0", "no1", "no2", "no3", "odd"}


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"method": "guess"}, "The link searches by guess"),
        ({"alpha": "2"}, "The link gives alpha as 2; 0 to 1 are allowed."),
        ({"strength": "nan"}, "The link gives strength as nan"),
        ({"shown": "11"}, "The link shows 11 places"),
        ({"tag": "genres:none"}, "The link filters by genres:none"),
        ({"profile": "gone@1"}, "The link names the profile gone@1"),
        ({"item": "nowhere"}, "The opened item nowhere is no candidate here"),
        ({"q": "x" * 1200}, "The link asks in more than 1,000 characters"),
    ],
)
def test_what_a_link_asks_and_cannot_be_is_told(films: Workspace, parameters: dict[str, str], sentence: str) -> None:
    app = ask(**parameters)
    assert sentence in said(app).replace("\u2060", "")
    assert listed(app)


def test_an_opened_item_adds_up_and_its_question_comes_apart(films: Workspace) -> None:
    app = ask()
    film = listed(app)[0]
    app.button(key=f"open_personal_{film}").click().run()
    assert parameter(app, "item") == film
    shown = said(app)
    assert "Question, taken apart" in shown
    assert "Close in meaning" in shown
    table = next(str(one.value) for one in app.get("html") if "tb-waterfall" in str(one.value))
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", table)]
    assert "Question" in cells
    assert cells[cells.index("Question") + 3] == "50 %"
    app.button(key=f"open_personal_{film}").click().run()
    assert "item" not in app.query_params


def test_opened_in_the_other_list_it_shows_the_question_alone(films: Workspace) -> None:
    app = ask()
    film = listed(app, "plain")[0]
    app.button(key=f"open_plain_{film}").click().run()
    assert (parameter(app, "item"), parameter(app, "side")) == (film, "plain")
    table = next(str(one.value) for one in app.get("html") if "tb-waterfall" in str(one.value))
    assert "Question" in table
    assert "Similarity" not in table
    assert "Liked by similar people" not in said(app)


def test_what_the_persona_does_is_recorded_as_an_answer_to_the_list_and_can_be_undone(
    films: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, show = [], type(films).show
    monkeypatch.setattr(type(films), "show", lambda self, ranking: kept.append(ranking) or show(self, ranking))
    app = ask()
    assert kept == []  # a list that nobody answers leaves nothing behind
    film = listed(app)[0]
    before = films.interactions("maya").total
    app.menu_button(key=f"did_{film}").click("Like").run()
    row = films.interactions("maya").rows[0]
    assert (row.target, row.action) == (film, "like")
    assert kept[0].items[0].item_id == film
    assert film not in listed(app)
    app.button(key="undo").click().run()
    assert films.interactions("maya").total == before
    assert film in listed(app)


def test_asking_is_noted_once_and_a_link_notes_nothing(films: Workspace) -> None:
    before = films.interactions("maya").total
    app = ask("noir please")
    assert films.interactions("maya").total == before
    app.text_input[0].set_value("a comedy").run()
    app.run()
    rows = films.interactions("maya").rows
    assert films.interactions("maya").total == before + 1
    assert (rows[0].action, rows[0].target) == ("choose", "query:genres=comedy")
    assert parameter(app, "q") == "a comedy"


def test_no_word_found_is_said(films: Workspace) -> None:
    app = ask("zebra", method="bm25")
    assert "None of the items that may appear has a word of the question" in said(app)
    assert listed(app)


def test_a_hostile_question_is_text(films: Workspace) -> None:
    app = ask('<script>alert(1)</script> "NOT (title:*')
    assert listed(app)
    assert "<script>" not in words(app)


def test_filters_that_leave_nothing_can_be_cleared(films: Workspace) -> None:
    for item in films.items().items:
        if "noir" in item.facets.get("genres", ()):
            films.set_available(item.item_id, False)
    app = ask(tag="genres:noir")
    assert "Nothing that passes the filters answers this question." in said(app)
    app.button(key="no_answer_button").click().run()
    assert listed(app)
    assert "tag" not in app.query_params


def test_an_empty_catalogue_leads_to_the_catalogue(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for item in films.items().items:
        films.set_available(item.item_id, False)
    assert "Nothing to ask about yet" in said(visit(PAGE, persona="maya"))
    assert "No answer" in said(ask())


def test_without_anybody_to_ask_for_it_says_what_to_do(films: Workspace) -> None:
    for persona_id in list(films.persona_names()):
        films.delete_persona(persona_id)
    assert "No personas here yet" in said(visit(PAGE))


def test_without_a_workspace_it_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        app = visit(PAGE)
        assert not app.exception
        assert any("films demo" in one.label for one in app.button)


def test_without_a_language_model_the_list_stands_and_says_why(films: Workspace) -> None:
    app = ask(rerank="1")
    for _ in range(20):
        if "ranked without it" in said(app):
            break
        app.run()
    assert "ranked without it" in said(app)
    assert listed(app) == listed(ask())


def test_the_language_model_moves_the_personal_list_says_why_and_leaves_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = ScriptedChat(grading({"Airplane!": 10, "Stalker": 0}, "<b>A summary</b>"))
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        fill(bench)
        without = ask()
        app = ask(rerank="1")
        for _ in range(20):
            if "A summary" in said(app):
                break
            app.run()
        assert QUESTION in chat.asked[0].user
        assert "It fits 10 of 10." in said(app)
        assert "<b>A summary</b>" not in words(app)
        assert listed(app, "plain") == listed(without, "plain")
        assert listed(app).index("co2") < listed(without).index("co2")
        asked = len(chat.asked)
        app.run()
        assert len(chat.asked) == asked


def test_more_places_are_shown_on_demand(films: Workspace) -> None:
    app = ask()
    assert len(listed(app)) == 10
    assert not [one for one in app.button if one.key == "ask_more"]  # ten candidates: Maya is done with three of them
    for n in range(8):
        films.save_item(Item(f"more{n}", f"Science fiction film {n}"))
    app = ask()
    app.button(key="ask_more").click().run()
    assert parameter(app, "shown") == "20"
    assert len(listed(app)) == 18
