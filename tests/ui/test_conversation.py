"""Conversation on the page of a question: follow-ups, what is remembered, what might be asked."""

import html

import pytest
from streamlit.testing.v1 import AppTest

from tastebench.services import Workspace
from tests.ui.stage import said, visit
from tests.ui.test_ask import listed

PAGE = "pages/ask.py"


def ask(question: str) -> AppTest:
    app = visit(PAGE, persona="maya")
    next(one for one in app.text_input if "looking for" in one.label).set_value(question).run()
    assert not app.exception
    return app


def say(app: AppTest, text: str) -> AppTest:
    next(one for one in app.text_input if "should be different" in one.label).set_value(text).run()
    assert not app.exception
    return app


def reading(app: AppTest) -> list[str]:
    """How the last follow-up was read, where the list goes by one."""
    lines = (html.unescape(str(one.value)) for one in app.markdown)
    return [line for line in lines if line.startswith("Read as")]


def suggested(app: AppTest) -> list[str]:
    return [html.unescape(one.label) for one in app.button if str(one.key).startswith("suggestion_")]


def test_a_question_is_remembered_and_a_follow_up_refines_it(films: Workspace) -> None:
    app = ask("a film")
    assert [turn.question for turn in films.turns("maya")] == ["a film"]
    assert list(films.turns("maya")[0].item_ids) == listed(app)
    say(app, "something funny, not the general")
    assert reading(app) == ["Read as: leaving out The General, comedy."]
    assert set(listed(app)) == {"co2", "co3"}  # what she disliked is hidden
    assert [turn.question for turn in films.turns("maya")] == ["a film", "something funny, not the general"]
    say(app, "no comedy, only noir")
    assert {item[:2] for item in listed(app)} <= {"no", "od"}
    app.button(key="ask_anew").click().run()
    assert reading(app) == []
    assert len(listed(app)) > 3


def test_what_is_not_understood_leaves_the_list(films: Workspace) -> None:
    app = ask("a film")
    before = listed(app)
    say(app, "thanks!")
    assert "There was nothing in that to go by" in said(app)
    assert listed(app) == before
    assert len(films.turns("maya")) == 1
    say(app, "something funny")
    assert "There was nothing" not in said(app)


def test_a_question_from_a_link_can_be_followed_up(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", q="a film")
    assert films.turns("maya") == ()
    second = listed(app)[1]
    say(app, "not the second one")
    assert second not in listed(app)
    assert [turn.question for turn in films.turns("maya")] == ["a film", "not the second one"]


def test_another_question_begins_anew(films: Workspace) -> None:
    app = say(ask("a film"), "something funny")
    next(one for one in app.text_input if "looking for" in one.label).set_value("a noir film").run()
    assert reading(app) == []
    assert any(item.startswith("no") for item in listed(app))


def test_what_is_remembered_can_be_seen_and_forgotten(films: Workspace) -> None:
    app = say(ask("a film"), "something funny")
    assert "“something funny”. Read as: comedy." in said(app)
    assert "kept for 24 hours" in said(app)
    app.button(key="forget_turns").click().run()
    assert not app.exception
    assert films.turns("maya") == ()
    assert reading(app) == []


def test_suggestions_are_buttons_with_kind_and_reason(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert (suggested(app), "New and trending here:" in said(app)) == (["noir"], True), "nothing of it is hers"
    for _ in range(2):
        films.note_question("maya", "a comedy")
    app = visit(PAGE, persona="maya")
    assert suggested(app) == ["comedy", "noir"]
    assert "You might ask:" in said(app)
    button = app.button(key="suggestion_0")
    assert html.unescape(button.help) == "Frequent: You asked for this 2 times within a week."
    button.click().run()
    assert not app.exception
    assert [turn.question for turn in films.turns("maya")] == ["comedy"]
    assert listed(app)


@pytest.mark.parametrize("text", ["<b>bold</b> $x$", "![](x)", "more like <script>"])
def test_hostile_words_are_shown_letter_by_letter(films: Workspace, text: str) -> None:
    app = say(ask("a film"), f"about {text}")
    assert "<script>" not in "".join(str(one.value) for one in app.markdown)
    assert not app.exception


def test_what_was_taken_from_the_list_is_remembered(films: Workspace) -> None:
    app = ask("a film")
    first, second = listed(app)[:2]
    app.menu_button(key=f"did_{first}").click("Dislike").run()
    assert films.turns("maya")[0].chosen is None
    app.menu_button(key=f"did_{second}").click("View").run()
    assert not app.exception
    assert films.turns("maya")[0].chosen == second
    say(app, "more like that")
    assert reading(app)[0].startswith("Read as: like ")
