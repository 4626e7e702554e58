"""The language model on the pages: off, under way, judged, failing one way after another; settings and a test."""

import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tastebench import Persona, Workbench
from tastebench.domain.chat import ChatAnswer, ChatProgress, ChatPrompt, LanguageModelSettings, ModelInfo
from tastebench.domain.model_state import TELLINGS, ModelState, told
from tastebench.domain.profile import RerankSettings
from tastebench.services import Workspace
from tastebench.ui import page
from tastebench.ui.recommendations.downloads import csv_of
from tests.doubles import HashingEncoder, ScriptedChat, grading
from tests.ui import stage
from tests.ui.stage import fill, parameter, visit, words

PAGE = "pages/recommendations.py"
FAILED = [state for state in ModelState if state.failed]
SUMMARY = "<img src=x> dark *nights*"


def mind(prompt: ChatPrompt) -> str:
    if "q1" in prompt.schema["properties"]:
        return json.dumps({"q1": "slapstick from the silent days", "q2": "quiet science fiction", "q3": ""})
    return grading({"Stalker": 10, "Klute": 0}, SUMMARY)(prompt)


class Patient(ScriptedChat):
    """It answers when it is told to, or stops when the caller does."""

    def __init__(self) -> None:
        super().__init__(mind)
        self.looked, self.stopped = 0, 0
        self.insisted: list[bool] = []
        self.answers = threading.Event()
        self.answers.set()

    def status(self, *, fresh: bool = False):
        self.looked += 1
        return super().status(fresh=fresh)

    def ask(self, model, prompt, verdict, *, on_progress=None, cancelled=None, insist=False, wall_clock=None):
        self.insisted.append(insist)
        while not self.answers.wait(0.01):
            on_progress(ChatProgress(ModelState.RUNNING, 312))
            if cancelled():
                self.stopped += 1
                return ChatAnswer(ModelState.CANCELLED, attempts=1, model=model)
        return super().ask(model, prompt, verdict, cancelled=cancelled)


@pytest.fixture
def chat() -> Patient:
    return Patient()


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Patient) -> Iterator[Workspace]:
    st.cache_data.clear()
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        yield fill(bench)
        chat.answers.set()


def said(app: AppTest) -> str:
    """Everything the page says, without the joiners that keep text from being read as Markdown."""
    return stage.said(app).replace("\u2060", "")


def bench() -> Workbench:
    return page.workbench()


def listed(app: AppTest) -> list[str]:
    return [str(one.key).removeprefix("open_") for one in app.button if str(one.key).startswith("open_")]


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def until(app: AppTest, true: Callable[[AppTest], bool]) -> AppTest:
    """Run the app as its page would, until something holds."""
    deadline = time.monotonic() + 20
    while not true(app):
        assert time.monotonic() < deadline, said(app)
        time.sleep(0.02)
        app.run()
    assert not app.exception
    return app


def judged(**parameters: str) -> AppTest:
    """Visit a judged list."""
    app = visit(PAGE, **{"persona": "maya", "rerank": "1", **parameters})
    return until(app, lambda app: "Model:" in words(app))


def holds(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def test_switched_off_nothing_is_asked_nor_looked_for(films: Workspace, chat: Patient) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert (chat.asked, chat.looked) == ([], 0)
    assert not {"propose", "model_again", "cancel_judging"} & {str(one.key) for one in app.button}


def test_the_list_stands_first_and_the_judgement_follows(films: Workspace, chat: Patient) -> None:
    plain = listed(visit(PAGE, persona="maya"))
    chat.answers.clear()
    app = visit(PAGE, persona="maya")
    app.toggle(key="recommendations/films/rerank").set_value(True).run()
    assert listed(app) == plain
    assert parameter(app, "rerank") == "1"
    until(app, lambda app: "tiny:1b is reading the list." in said(app) and "312 characters" in said(app))
    assert "Cancel" in labels(app)
    assert "Model:" not in words(app)

    chat.answers.set()
    until(app, lambda app: "Model:" in words(app))
    ranking = films.recommend("maya", limit=20, rerank=True)
    assert listed(app) == [item.item_id for item in ranking.items] != plain
    moved = ranking.model["moved"]
    assert f"tiny:1b graded the top of the list. It moved {moved} of 10" in said(app)
    assert "Kendall’s τ" in said(app)
    assert "1.5 s" in said(app)
    assert len(chat.asked) == 1
    assert "Cancel" not in labels(app)


def test_every_graded_row_says_what_the_model_says_and_where_it_stood_before(films: Workspace) -> None:
    app = judged(influence="0.5")
    lines = [str(one.value) for one in app.get("html") if 'class="tb-model"' in str(one.value)]
    assert len(lines) == 10
    stalker = next(line for line in lines if "<b>10/10</b>" in line)
    assert "It fits 10 of 10." in stalker
    assert re.search(r"▲\d", stalker)
    assert "Written by the language model, unverified" in stalker
    assert "Because" in said(app) or "Close to" in said(app)  # the reason from the breakdown stands beside it


def test_what_the_model_writes_is_shown_letter_by_letter(films: Workspace) -> None:
    app = judged()
    assert "<img" not in words(app)
    assert "The model’s summary, unverified:</b>" in words(app)
    assert "dark *nights*" in words(app)


def test_an_opened_item_has_the_models_line_and_what_it_did(films: Workspace) -> None:
    app = judged(item="sc1", influence="0.5")
    assert "Grade: <b>10</b> of 10" in said(app)
    assert "Its comment, unverified: “It fits 10 of 10.”" in said(app)
    assert re.search(r"It changes the score by \+\.\d{3}: place \d+ without it, place \d+ with it\.", said(app))


def test_a_thumb_for_its_comment_teaches_its_length_and_asks_nothing_anew(films: Workspace, chat: Patient) -> None:
    app = judged(item="sc1")
    for way, action in (("up", "like"), ("down", "dislike")):
        app.button(key=f"thumb_{way}_comment").click().run()
        row = films.interactions("maya", limit=1).rows[0]
        assert (row.target_kind, row.action, row.words) == ("comment", action, "Comment on Stalker")
        assert str(row.lesson) == "presentation:comments=short"
    assert "Its comment, unverified: “It fits 10 of 10.”" in said(app)
    app.button(key="undo").click().run()
    assert films.interactions("maya", target_kind="comment").total == 1
    assert "Its comment, unverified: “It fits 10 of 10.”" in said(app)
    assert len(chat.asked) == 1


def test_what_it_says_nothing_of_has_no_thumbs_for_a_comment(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", item="sc1")
    assert "thumb_up_comment" not in {str(one.key) for one in app.button}


@pytest.mark.parametrize("state", FAILED)
def test_in_every_failure_the_list_stands_and_one_sentence_says_what_to_do(
    films: Workspace, chat: Patient, state: ModelState
) -> None:
    plain = listed(visit(PAGE, persona="maya"))
    chat.state = state
    app = visit(PAGE, persona="maya", rerank="1")
    sentence, step = told(state, host="http://127.0.0.1:1", model="tiny:1b", detail="as the test says")
    until(app, lambda app: sentence in said(app))
    assert step in said(app)
    assert said(app).count(sentence) == 1  # not again among the notes
    assert "The list below is ranked without it." in said(app)
    assert listed(app) == plain
    button = {"settings": "Open the settings", "cloud": "Open the settings"}.get(TELLINGS[state].button, "Try again")
    button = "Try now" if state is ModelState.BREAKER_OPEN else button
    assert button in labels(app)
    assert ("Pull it" in labels(app)) == (TELLINGS[state].button == "pull")

    asked = len(chat.asked)
    app.run()
    assert len(chat.asked) == asked  # a failure is held until somebody insists
    if button.startswith("Try"):
        chat.state = None
        app.button(key="model_again").click().run()
        until(app, lambda app: "Model:" in words(app))
        assert len(chat.asked) > asked


def test_the_settings_button_leads_to_the_section_on_home(films: Workspace, chat: Patient) -> None:
    chat.state = ModelState.NOT_OLLAMA
    app = visit(PAGE, persona="maya", rerank="1")
    until(app, lambda app: "Open the settings" in labels(app)).button(key="model_settings").click().run()
    assert [title.value for title in app.title] == ["Home"]
    assert app.subheader[0].value == "Language model"


def test_the_influence_makes_no_call_and_stands_in_the_url(films: Workspace, chat: Patient) -> None:
    app = judged()
    before = listed(app)
    for value in (0.5, 0.0):
        app.slider(key="recommendations/films/model/influence").set_value(value).run()
        assert not app.exception
    assert parameter(app, "influence") == "0"
    assert listed(app) == listed(visit(PAGE, persona="maya")) != before
    assert "It would order" in said(app)
    assert "at this influence none changes its place" in said(app)
    assert len(chat.asked) == 1


def test_other_comments_or_a_thorough_look_are_other_questions(films: Workspace, chat: Patient) -> None:
    app = judged()
    app.segmented_control(key="recommendations/films/model/explain").set_value("none").run()
    until(app, lambda app: "Model:" in words(app))
    assert "It fits" not in words(app)
    assert (len(chat.asked), parameter(app, "explain")) == (2, "none")
    app.toggle(key="recommendations/films/model/thorough").set_value(True).run()
    until(app, lambda app: "Model:" in words(app))
    assert (len(chat.asked), parameter(app, "thorough")) == (4, "1")  # the first of three orders is known already


def test_a_thorough_look_says_which_call_it_waits_for(films: Workspace, chat: Patient) -> None:
    chat.answers.clear()
    app = visit(PAGE, persona="maya", rerank="1", thorough="1")
    until(app, lambda app: "call 1 of 3" in said(app))
    chat.answers.set()
    until(app, lambda app: "Model:" in words(app))
    assert len(chat.asked) == 3


def test_an_advanced_reader_gets_full_comments_unless_they_are_chosen_otherwise(
    films: Workspace, chat: Patient
) -> None:
    films.update_persona("maya", Persona("Maya", "Likes shadows.", {"genres": ["noir"]}, skill_level="advanced"))
    app = judged()
    assert "in at most 30 words" in chat.asked[-1].user
    assert app.segmented_control(key="recommendations/films/model/explain").value == "full"
    app.segmented_control(key="recommendations/films/model/explain").set_value("short").run()
    until(app, lambda app: len(chat.asked) == 2 and "Model:" in words(app))
    assert "in at most 15 words" in chat.asked[-1].user


def test_another_page_of_the_list_asks_nothing(films: Workspace, chat: Patient) -> None:
    app = judged()
    app.button(key="open_sc1").click().run()
    app.button(key="open_sc1").click().run()
    assert len(chat.asked) == 1


def test_cancel_stops_the_model_and_is_held(films: Workspace, chat: Patient) -> None:
    chat.answers.clear()
    app = visit(PAGE, persona="maya", rerank="1")
    until(app, lambda app: "312 characters" in said(app))
    app.button(key="cancel_judging").click().run()
    until(app, lambda app: "You stopped the language model." in said(app))
    assert chat.stopped == 1
    chat.answers.set()
    app.run()
    assert "Model:" not in words(app)
    app.button(key="model_again").click().run()
    until(app, lambda app: "Model:" in words(app))


def test_another_persona_another_page_or_the_switch_break_the_question_off(films: Workspace, chat: Patient) -> None:
    chat.answers.clear()
    app = visit(PAGE, persona="maya", rerank="1")
    until(app, lambda app: "312 characters" in said(app))
    app.selectbox(key="pick_persona").set_value("joon").run()
    assert holds(lambda: chat.stopped == 1)
    until(app, lambda app: "312 characters" in said(app))
    app.toggle(key="recommendations/films/rerank").set_value(False).run()
    assert holds(lambda: chat.stopped == 2)
    app.toggle(key="recommendations/films/rerank").set_value(True).run()
    until(app, lambda app: "312 characters" in said(app))
    app.switch_page("pages/tuning.py").run()
    assert holds(lambda: chat.stopped == 3)
    assert not app.exception


def test_a_question_that_nobody_watches_ends_by_itself(
    films: Workspace, chat: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tastebench.ui.language_model.asking.LEASE_SECONDS", 0.3)
    chat.answers.clear()
    app = visit(PAGE, persona="maya", rerank="1")
    assert holds(lambda: chat.stopped == 1)
    chat.answers.set()
    until(app.run(), lambda app: "Model:" in words(app))  # the tab woke up: nobody has stopped it
    assert "You stopped" not in said(app)


def test_a_like_changes_the_history_and_so_the_question(films: Workspace, chat: Patient) -> None:
    app = judged()
    app.button(key="like_sc1").click().run()
    until(app, lambda app: "Model:" in words(app))
    assert "sc1" not in listed(app)
    assert len(chat.asked) == 2


def test_an_instruction_is_a_search_and_part_of_the_question(films: Workspace, chat: Patient) -> None:
    app = visit(PAGE, persona="maya", item="co1")
    app.text_input(key="recommendations/films/instruction").set_value("a comedy film").run()
    assert parameter(app, "instruction") == "a comedy film"
    assert chat.asked == []
    app.button(key="open_co1").click().run()
    assert "Asked for: a comedy film" in said(app)
    assert "they change no score" in said(app)
    elsewhere = next(one.proto for one in app.get("page_link") if one.proto.label == "Rank by them on Ask")
    assert "q=a+comedy+film" in elsewhere.query_string
    app.toggle(key="recommendations/films/rerank").set_value(True).run()
    until(app, lambda app: "Model:" in words(app))
    assert "a comedy film" in chat.asked[0].user
    assert "they change no score" not in said(app)


def test_proposed_searches_are_run_shown_and_taken_off(films: Workspace, chat: Patient) -> None:
    app = judged()
    app.button(key="propose").click().run()
    until(app, lambda app: "Searches proposed by the language model" in said(app) and "Model:" in words(app))
    queries = ["slapstick from the silent days", "quiet science fiction"]
    assert app.query_params["proposed"] == queries
    assert "Not used: “”" in said(app) or "Not used" in said(app)
    first, second = (app.toggle(key=f"recommendations/films/proposed/{query}") for query in queries)
    assert (first.value, second.value) == (True, True)
    assert len(re.findall(r"of its \d+ best hits (?:are|is) on this page", said(app))) == 2

    first.set_value(False).run()
    until(app, lambda app: "Model:" in words(app))
    assert parameter(app, "proposed") == queries[1]
    assert "Taken off." in said(app)
    app.toggle(key=f"recommendations/films/proposed/{queries[0]}").set_value(True).run()
    assert app.query_params["proposed"] == queries
    app.selectbox(key="pick_persona").set_value("joon").run()
    assert "proposed" not in app.query_params
    assert "Searches proposed" not in said(app)


def test_proposals_that_fail_leave_the_list_as_it_is(films: Workspace, chat: Patient) -> None:
    app = judged()
    before, chat.state = listed(app), ModelState.TIMED_OUT
    app.button(key="propose").click().run()
    until(app, lambda app: "tiny:1b took too long" in said(app))
    assert listed(app) == before
    assert "Model:" in words(app)
    chat.state = None
    app.button(key="propose").click().run()
    until(app, lambda app: "Searches proposed by the language model" in said(app))
    assert chat.insisted[-2:] == [False, True]  # who asks again after a failure means now


def test_searches_proposed_before_cost_nothing_again(films: Workspace, chat: Patient) -> None:
    app = judged()
    app.button(key="propose").click().run()
    until(app, lambda app: "Searches proposed by the language model" in said(app) and "Model:" in words(app))
    query, asked = str(app.query_params["proposed"][0]), len(chat.asked)
    for _ in range(2):  # off, then proposed anew for the list as it was
        app.toggle(key=f"recommendations/films/proposed/{query}").set_value(False).run()
        until(app, lambda app: "Model:" in words(app))
        app.button(key="propose").click().run()
        until(app, lambda app: "Model:" in words(app))
        asked, before = len(chat.asked), asked
    assert asked == before


def test_a_missing_model_is_pulled_settled_and_asked(films: Workspace, chat: Patient) -> None:
    bench().language_model.save(LanguageModelSettings(model="gone:1b"))
    chat.state = ModelState.MODEL_MISSING
    app = visit(PAGE, persona="maya", rerank="1")
    until(app, lambda app: "Ollama doesn't have gone:1b." in said(app))
    assert app.selectbox(key="pull_chosen").options[0] == "gone:1b"
    assert any(option.startswith("llama3.2:3b · 2.0 GB") for option in app.selectbox(key="pull_chosen").options)
    chat.state = None
    app.selectbox(key="pull_chosen").set_value("llama3.2:3b").run()
    app.button(key="pull").click().run()
    until(app, lambda app: "Model:" in words(app))
    assert bench().language_model.settings.model == "llama3.2:3b"
    assert "llama3.2:3b graded the top of the list." in said(app)


def test_a_pull_that_fails_says_why_and_can_be_tried_again(
    films: Workspace, chat: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench().language_model.save(LanguageModelSettings(model="gone:1b"))
    chat.state = ModelState.MODEL_MISSING
    monkeypatch.setattr(chat, "pull", lambda model, **_: ChatAnswer(ModelState.MODEL_MISSING, model=model))
    app = visit(PAGE, persona="maya", rerank="1")
    until(app, lambda app: "Pull it" in labels(app)).button(key="pull").click().run()
    until(app, lambda app: "Ollama’s library has no gone:1b." in said(app))
    assert "Pull it" in labels(app)


def test_choosing_another_model_settles_it_and_asks_it(films: Workspace, chat: Patient) -> None:
    chat.models = (*chat.models, ModelInfo("big:8b", digest="b", size_bytes=5_000_000_000))
    app = judged()
    assert app.selectbox(key="model_picked").options == ["tiny:1b · 1 MB", "big:8b · 5.0 GB"]
    app.selectbox(key="model_picked").set_value("big:8b").run()
    until(app, lambda app: "big:8b graded the top of the list." in said(app))
    assert bench().language_model.settings.model == "big:8b"


def test_question_answer_and_worth_are_told_on_demand(films: Workspace, chat: Patient) -> None:
    app = judged()
    assert "tokens in" not in said(app)
    assert "It was asked once" not in said(app)
    app.session_state["exchanges"] = True
    app.session_state["worth"] = True
    app.run()
    assert not app.exception
    shown = [code.value for code in app.code]
    assert chat.asked[0].system in shown
    assert chat.asked[0].user in shown
    assert mind(chat.asked[0]) in shown
    assert "tiny:1b · abc · 900 tokens in · 120 tokens out" in said(app)
    assert "It was asked once and answered once." in said(app)
    assert [metric.label for metric in app.metric][:2] == ["Agreement, Kendall’s τ", "Would move"]


def test_the_whole_list_to_take_away_has_the_models_line(films: Workspace) -> None:
    request = films.request("maya", rerank=True)
    evidence = films.gather(request)
    answer = films.judge(films.question(request, evidence))
    table = pd.read_csv(io.BytesIO(csv_of(films, evidence, films.rank(evidence, request, answer), answer)))
    assert table.llm.abs().max() > 0.001
    assert abs(table.llm.sum()) < 1e-9


def test_settings_are_saved_and_a_bad_address_is_refused(films: Workspace) -> None:
    app = home()
    field(app, "Address of Ollama").set_value("http://a b")
    app.button(key=submit(app)).click().run()
    assert "is no address of an Ollama" in said(app)
    assert bench().language_model.settings == LanguageModelSettings()

    field(app, "Address of Ollama").set_value("127.0.0.1:11500")
    slider(app, "Influence").set_value(0.35)
    slider(app, "Seconds a call may take").set_value(30)
    next(box for box in app.checkbox if "cloud" in box.label).check()
    app.button(key=submit(app)).click().run()
    assert not app.exception
    assert bench().language_model.settings == LanguageModelSettings(
        host="127.0.0.1:11500", wall_clock=30, influence=0.35, allow_cloud=True
    )
    assert visit(PAGE, persona="maya", rerank="1").slider(key="recommendations/films/model/influence").value == 0.35


def test_the_test_of_the_model_shows_what_came_back(films: Workspace, chat: Patient) -> None:
    chat.answer = grading({"The Keeper": 9, "Wheels on Fire": 1, "Last Laughs": 2})
    app = home()
    app.button(key="trial").click().run()
    until(app, lambda app: "It works: the film that fits got the best grade, in 1.5 s." in said(app))
    assert "The Keeper (fits)</td><td>9 of 10</td>" in said(app)
    chat.answer = grading({"The Keeper": 2})
    app.button(key="trial").click().run()
    until(app, lambda app: "Expect little of this model." in said(app))
    chat.state = ModelState.TIMED_OUT
    app.button(key="trial").click().run()
    until(app, lambda app: "tiny:1b took too long" in said(app))


def test_home_tells_of_ollama_and_offers_a_model_where_there_is_none(films: Workspace, chat: Patient) -> None:
    assert "Ollama 0.30.0 at http://127.0.0.1:1 has 1 model; tiny:1b is asked." in said(home())
    bench().language_model.save(LanguageModelSettings(model="gone:1b"))
    app = home()
    assert "Ollama doesn't have gone:1b." in said(app)
    assert "gone:1b (not installed)" in next(box for box in app.selectbox if box.label == "Model").options
    app.button(key="pull").click().run()
    until(app, lambda app: "gone:1b is asked." in said(app))


def home(**parameters: str) -> AppTest:
    return visit("app.py", **parameters)


def field(app: AppTest, label: str):
    return next(one for one in app.text_input if one.label == label)


def slider(app: AppTest, label: str):
    return next(one for one in app.slider if one.label == label)


def submit(app: AppTest) -> str:
    return str(next(one.key for one in app.button if one.label == "Save"))


def test_a_profile_has_an_influence_of_its_own_or_leaves_it_to_the_settings(films: Workspace) -> None:
    app = visit("pages/tuning.py", persona="maya")
    knob = f"tuning/{films.key}/rerank.influence"
    assert app.number_input(key=knob).value is None
    app.number_input(key=knob).set_value(0.4).run()
    assert not app.exception
    assert parameter(app, "set") == "rerank.influence:0.4"
    app.number_input(key=knob).set_value(None).run()
    assert not app.exception
    assert "set" not in app.query_params

    profile = films.profile()
    films.save_profile(profile.model_copy(update={"rerank": RerankSettings(influence=0.45)}), "bolder")
    films.set_default_profile(profile.name, 1)
    assert judged().slider(key="recommendations/films/model/influence").value == 0.45
