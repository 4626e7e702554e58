"""The language model on the page that measures: offered where there is one, asked, counted, read, cancelled."""

import html
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, Persona, Workbench
from tastebench.domain.chat import LanguageModelSettings
from tastebench.domain.model_state import ModelState
from tastebench.services import Workspace
from tests.doubles import HashingEncoder, ScriptedChat, grading
from tests.ui.stage import fill, parameter, said, visit
from tests.ui.test_evaluation import DAY, NOW, PAGE, bench, measured, rows, waited
from tests.worlds import from_micros

WANTED, SIZE = "evaluation/1/rerank", "evaluation/1/rerank_size"


class Gated(ScriptedChat):
    """It answers while its gate is open."""

    def __init__(self) -> None:
        super().__init__(grading({"Stalker": 10, "Klute": 0}))
        self.gate = threading.Event()
        self.gate.set()
        self.looked = 0

    def status(self, *, fresh: bool = False):
        self.looked += 1
        return super().status(fresh=fresh)

    def ask(self, model, prompt, verdict, *, cancelled=None, **how):
        while not self.gate.wait(0.01) and not cancelled():
            pass
        return super().ask(model, prompt, verdict, cancelled=cancelled, **how)


@pytest.fixture
def chat() -> Gated:
    return Gated()


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Gated) -> Iterator[Workspace]:
    """Two people, and six more who like six films each, one a day."""
    st.cache_data.clear()
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as opened:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: opened)
        workspace = fill(opened)
        ids = [item.item_id for item in workspace.items(limit=100).items]
        for number in range(6):
            workspace.add_persona(Persona(f"Fan {number}", persona_id=f"f{number}"))
            liked = np.random.default_rng(number).permutation(ids)[:6]
            deeds = [Interaction(str(item), "like", from_micros(NOW + day * DAY)) for day, item in enumerate(liked)]
            workspace.add_interactions(f"f{number}", deeds)
        yield workspace
        chat.gate.set()


def unfolded(app: AppTest) -> AppTest:
    """Unfold the choice, as a click would."""
    app.session_state["ask_lift"] = True
    return app.run()


def plain(text: str) -> str:
    """Text as it is read: without what keeps it from being taken for Markdown."""
    return html.unescape(text).replace("\u2060", "")


def chosen(app: AppTest, lists: int = 50) -> AppTest:
    unfolded(app)
    app.toggle(key=WANTED).set_value(True)
    return app.number_input(key=SIZE).set_value(lists).run()


def test_folded_nobody_is_looked_for_nor_asked(films: Workspace, chat: Gated) -> None:
    app = measured(visit(PAGE))
    assert not app.exception
    assert (chat.looked, chat.asked) == (0, [])
    assert "Is the language model worth it?" not in said(app)


def test_it_is_offered_by_name_where_it_is_there(films: Workspace) -> None:
    app = unfolded(visit(PAGE))
    assert not app.exception
    assert plain(app.toggle(key=WANTED).label) == "Put lists before tiny:1b"
    assert not app.toggle(key=WANTED).value


def test_where_it_is_not_there_the_page_says_why_and_offers_nothing(films: Workspace, chat: Gated) -> None:
    chat.models = ()
    app = unfolded(visit(PAGE))
    assert not app.exception
    assert not [one for one in app.toggle if one.key == WANTED]
    assert "Ollama has no model yet." in said(app)


def test_a_model_that_was_settled_and_is_gone_is_named(films: Workspace) -> None:
    bench().language_model.save(LanguageModelSettings(model="gone"))
    app = unfolded(visit(PAGE))
    assert not [one for one in app.toggle if one.key == WANTED]
    assert "Ollama doesn't have gone." in said(app)


def test_its_lift_is_read_by_length_of_history_with_what_it_costs(films: Workspace, chat: Gated) -> None:
    app = measured(chosen(visit(PAGE), 5))
    assert not app.exception
    assert not app.error
    assert len(chat.asked) == 5
    (head,) = films.evaluations()
    lift = films.evaluation(head.key).report.lift
    assert lift is not None
    assert "Is the language model worth it?" in said(app)
    assert lift.verdict("ndcg") in said(app)
    values = {one.label: one.value for one in app.metric}
    assert (values["Time per list"], values["Ranked by it"]) == ("1.5 s", "5 of 5")
    table = rows(app, "Lift in NDCG by length of history")
    assert [line[:2] for line in table] == [["All", "5"], ["1 to 5 likes", "5"]]
    app.selectbox(key="evaluation/1/metric").set_value("mrr").run()
    assert rows(app, "Lift in MRR by length of history")


def test_it_survives_a_reload(films: Workspace) -> None:
    app = measured(chosen(visit(PAGE), 5))
    again = visit(PAGE, run=parameter(app, "run"))
    assert rows(again, "Lift in NDCG by length of history") == rows(app, "Lift in NDCG by length of history")


def test_lists_without_an_answer_are_counted_and_the_reason_is_said(films: Workspace, chat: Gated) -> None:
    app = chosen(visit(PAGE), 4)
    chat.state = ModelState.TIMED_OUT
    measured(app)
    assert not app.exception
    assert "gave no answer that could be used" in said(app)
    assert "3 of 4 lists stand as they were, and count as such: tiny:1b took too long" in plain(said(app))
    assert {one.label: one.value for one in app.metric}["Ranked by it"] == "0 of 4"


def test_it_runs_in_the_background_tells_how_far_it_is_and_can_be_cancelled(films: Workspace, chat: Gated) -> None:
    app = chosen(visit(PAGE), 5)
    chat.gate.clear()
    app.button(key="measure").click().run()
    job = bench().jobs.find(parameter(app, "evaluating").partition(" ")[0])
    assert job is not None
    while job.state == "running" and (job.progress is None or job.progress.phase != "Asking the language model"):
        job.wait(0.01)
    app.run()
    assert app.button(key="measure").disabled
    assert "with the language model" in job.label
    next(button for button in app.button if button.label == "Cancel").click().run()
    waited(app, "evaluating")
    assert "Stopped." in said(app)
    assert films.evaluations() == []
