"""The language model's stage over real stores: what it may change, what it never does, what is kept of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastebench import Item, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.chat import LanguageModelSettings
from tastebench.domain.model_state import ModelState
from tastebench.domain.profile import RerankSettings
from tests.doubles import HashingEncoder, ScriptedChat, grading

TITLES = {"alien": "Alien", "brazil": "Brazil", "casablanca": "Casablanca", "diva": "Diva", "eraserhead": "Eraserhead"}


@pytest.fixture
def chat() -> ScriptedChat:
    return ScriptedChat(grading({"Diva": 10, "Eraserhead": 0}, "Mostly dark."))


@pytest.fixture
def bench(tmp_path: Path, chat: ScriptedChat) -> Iterator[Workbench]:
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        yield bench


@pytest.fixture
def films(bench: Workbench) -> Workspace:
    films = bench.workspace("films", create=True)
    for item_id, title in TITLES.items():
        films.save_item(Item(item_id, title, f"A film called {title}.", {"genres": ["film", title.lower()]}))
    return films


@pytest.fixture
def maya(films: Workspace) -> str:
    return films.add_persona(Persona("Maya", interests={"genres": ["alien", "brazil"]}))


def test_the_model_moves_the_head_within_its_bound_and_the_record_says_so(films: Workspace, maya: str) -> None:
    plain, judged = films.recommend(maya), films.recommend(maya, rerank=True)
    before = {item.item_id: item.score for item in plain.items}
    after = {item.item_id: item for item in judged.items}
    lines = {item_id: item.contributions["llm"] for item_id, item in after.items()}
    assert abs(sum(lines.values())) <= 1e-12
    assert lines["diva"] > 0 > lines["alien"]
    bound = 0.2 * (max(before.values()) - min(before.values()))
    assert max(map(abs, lines.values())) <= bound + 1e-12
    assert after["diva"].score == pytest.approx(before["diva"] + lines["diva"])
    said = judged.model["items"]["diva"]
    assert (said["grade"], said["comment"]) == (10, "It fits 10 of 10.")
    assert (judged.model["state"], judged.model["summary"], judged.model["influence"]) == ("ok", "Mostly dark.", 0.2)
    assert judged.model["usage"]["calls"] == 1
    assert json.loads(judged.to_json())["model"]["digest"] == "abc"


def test_the_influence_needs_no_new_call_and_at_a_half_it_moves_more(
    films: Workspace, maya: str, chat: ScriptedChat
) -> None:
    lines = []
    for influence in (0.1, 0.5):
        profile = ScoringProfile(rerank=RerankSettings(influence=influence))
        ranking = films.recommend(maya, rerank=True, profile=profile)
        lines.append({item.item_id: item.contributions["llm"] for item in ranking.items})
    assert len(chat.asked) == 1
    assert lines[1]["diva"] == pytest.approx(5 * lines[0]["diva"])


def test_the_settled_influence_holds_where_the_profile_says_none(bench: Workbench, films: Workspace, maya: str) -> None:
    bench.language_model.save(LanguageModelSettings(influence=0.0))
    ranking = films.recommend(maya, rerank=True)
    assert ranking.request.profile.rerank.influence == 0.0
    assert {item.contributions["llm"] for item in ranking.items} == {0.0}
    assert films.request(maya).profile.rerank.influence is None


@pytest.mark.parametrize("state", [state for state in ModelState if state.failed])
def test_a_model_that_fails_changes_nothing_and_a_note_says_why(
    films: Workspace, maya: str, chat: ScriptedChat, bench: Workbench, state: ModelState
) -> None:
    plain = films.recommend(maya)
    chat.state = state
    failed = films.recommend(maya, rerank=True, now=plain.request.now)
    assert json.dumps(failed.decision()) == json.dumps(plain.decision())
    assert failed.model["state"] == state.value
    assert "Ranked without the language model." in failed.notes[-1]
    assert bench.language_model.answers_kept == 0


def test_a_cancelled_call_changes_nothing_and_is_not_kept(films: Workspace, maya: str, bench: Workbench) -> None:
    request = films.request(maya, rerank=True)
    evidence = films.gather(request)
    judged = films.judge(films.question(request, evidence), cancelled=lambda: True)
    assert judged.state is ModelState.CANCELLED
    assert films.rank(evidence, request, judged).decision() == films.rank(evidence, request).decision()
    assert bench.language_model.answers_kept == 0


def test_a_judgement_of_another_head_says_nothing(films: Workspace, maya: str) -> None:
    request = films.request(maya, rerank=True)
    judged = films.judge(films.question(request, films.gather(request)))
    films.set_available("alien", False)
    evidence = films.gather(request)
    assert {item.contributions["llm"] for item in films.rank(evidence, request, judged).items} == {0.0}


def test_thorough_asks_in_several_orders_and_takes_the_mean(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    profile = ScoringProfile(rerank=RerankSettings(shuffles=3))
    ranking = films.recommend(maya, rerank=True, profile=profile)
    assert len(chat.asked) == 3
    assert len({prompt.user for prompt in chat.asked}) > 1
    assert ranking.model["usage"]["calls"] == 3
    assert ranking.model["items"]["diva"]["grade"] == 10


def test_thorough_uses_the_calls_that_were_answered_and_says_how_many(
    films: Workspace, maya: str, chat: ScriptedChat
) -> None:
    good, profile = chat.answer, ScoringProfile(rerank=RerankSettings(shuffles=3))
    chat.answer = lambda prompt: good(prompt) if len(chat.asked) == 1 else "no JSON"
    said = films.recommend(maya, rerank=True, profile=profile).model
    assert len(chat.asked) == 2
    assert said["state"] == "ok"
    assert said["sentence"].endswith("Only 1 of 3 calls were answered.")
    assert said["items"]["diva"]["grade"] == 10


def test_a_model_of_other_weights_is_asked_anew(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    films.recommend(maya, rerank=True)
    chat.models = (type(chat.models[0])("tiny:1b", digest="other", size_bytes=1),)
    films.recommend(maya, rerank=True)
    assert len(chat.asked) == 2


def test_proposed_searches_become_searches_of_a_new_list(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    chat.answer = lambda _: json.dumps({"q1": "dark industrial dream", "q2": "", "q3": "dark industrial dream"})
    request = films.request(maya)
    proposed = films.propose(request, films.gather(request))
    assert proposed.queries == ("dark industrial dream",)
    assert len(proposed.dropped) == 2
    ranking = films.recommend(maya, proposed=proposed.queries)
    search = next(search for search in ranking.searches if search.name == "proposed 1")
    assert search.provenance == "Proposed by the language model: dark industrial dream"
    assert ranking.request.as_dict()["proposed"] == ["dark industrial dream"]


def test_what_it_is_worth_is_counted_over_the_last_calls(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    assert films.worth().uses == 0
    films.recommend(maya, rerank=True)
    films.recommend(maya, rerank=True)  # a kept answer is no call
    chat.state = ModelState.TIMED_OUT
    films.add_persona(Persona("Bo", persona_id="bo"))
    films.recommend("bo", rerank=True)
    worth = films.worth()
    assert (worth.uses, worth.answered, worth.seconds, worth.repaired) == (2, 1, 1.5, 0.0)
    assert worth.moved is not None
    assert 0 < worth.moved <= 1


def test_too_short_a_list_asks_nobody(bench: Workbench, chat: ScriptedChat) -> None:
    space = bench.workspace("one", create=True)
    space.save_item(Item("a", "Alien"))
    persona = space.add_persona(Persona("Ada"))
    ranking = space.recommend(persona, rerank=True)
    assert chat.asked == []
    assert ranking.notes[-1].startswith("There are too few items here")


def test_settings_survive_a_restart_and_a_broken_file_is_told(tmp_path: Path, chat: ScriptedChat) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        bench.language_model.save(LanguageModelSettings(host="http://127.0.0.1:9", model="tiny:1b", wall_clock=30))
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        assert bench.language_model.settings.wall_clock == 30
        assert bench.language_model.host == "http://127.0.0.1:9"
        assert bench.language_model.fault == ""
    (tmp_path / "language-model.json").write_text('{"wall_clock": 9999}')
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        assert bench.language_model.settings == LanguageModelSettings()
        assert "cannot be used" in bench.language_model.fault
