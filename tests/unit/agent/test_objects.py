"""What `get_objects` returns, by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tastebench import Interaction
from tastebench.agent import Persona, PersonaInteraction, PersonalizationAgent
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.model_state import ModelState
from tests.doubles import HashingEncoder, ScriptedChat
from tests.unit.agent.conftest import FILMS, ID

WEIGHTS = (("The Emoji Movie", -1.0), ("The Howling", 0.2), ("Twister", 0.8))
"""Oldest first."""


@pytest.fixture
def bo(agent: PersonalizationAgent) -> str:
    agent.add_interactions(
        [PersonaInteraction(persona_id="bo", item_id=ID[title], weight=weight) for title, weight in WEIGHTS]
    )
    return "bo"


def vector(agent: PersonalizationAgent, encoder: HashingEncoder, title: str) -> np.ndarray:
    found: np.ndarray = encoder.encode([agent.workspace.item(str(ID[title])).embedded_text])[0].astype(np.float64)
    return found


def titles(agent: PersonalizationAgent, persona: str, **asked: object) -> list[str]:
    found = agent.get_objects(persona, **{"use_agent_ranking": False, **asked})  # type: ignore[arg-type]
    return [one.properties["title"] for one in found.objects]


@pytest.mark.parametrize(
    ("asked", "amounts"),
    [
        ({}, (-0.81, 0.18, 0.8)),
        ({"decay_rate": 0.5}, (-0.25, 0.1, 0.8)),
        ({"decay_rate": 0}, (-1, 0.2, 0.8)),
        ({"decay_rate": 1}, (0, 0, 0.8)),
        ({"recent_interactions_count": 2, "decay_rate": 0.5}, (0, 0.1, 0.8)),
    ],
)
def test_an_interaction_counts_weight_times_what_decay_leaves(
    agent: PersonalizationAgent, encoder: HashingEncoder, bo: str, asked: dict[str, float], amounts: Sequence[float]
) -> None:
    taste = sum(amount * vector(agent, encoder, title) for amount, (title, _) in zip(amounts, WEIGHTS, strict=True))
    taste /= np.linalg.norm(taste)
    found = agent.get_objects(bo, use_agent_ranking=False, **asked).objects  # type: ignore[arg-type]
    assert len(found) == len(FILMS) - len(WEIGHTS)
    for one in found:
        cosine = float(taste @ vector(agent, encoder, one.properties["title"]))
        assert one.contributions["similarity"] == pytest.approx(0.3 * max(0.0, cosine), abs=1e-6)


def test_whatever_something_was_done_with_is_left_out_or_neither_hidden_nor_penalised(
    agent: PersonalizationAgent, bo: str
) -> None:
    agent.workspace.add_interactions(bo, [Interaction(str(ID["Reef"]), "click")])
    assert set(titles(agent, bo)) == {*FILMS} - {"Reef", *dict(WEIGHTS)}
    everything = agent.get_objects(bo, exclude_interacted_items=False, use_agent_ranking=False).objects
    assert {one.properties["title"] for one in everything} == {*FILMS}
    assert {one.contributions["behaviour"] for one in everything} == {0.0}


def test_items_may_be_left_out_by_id(agent: PersonalizationAgent, bo: str) -> None:
    left = {*titles(agent, bo)}
    assert {*titles(agent, bo, exclude_items=[ID["Reef"], str(ID["Paper Hearts"]), "unknown"])} == left - {
        "Reef",
        "Paper Hearts",
    }


def test_the_model_moves_the_head_and_says_why(agent: PersonalizationAgent, bo: str, chat: ScriptedChat) -> None:
    before = [one.uuid for one in agent.get_objects(bo, use_agent_ranking=False).objects]
    response = agent.get_objects(bo)
    assert [one.personalized_rank for one in response.objects] == [*range(len(before))]
    assert [before[one.original_rank] for one in response.objects] == [one.uuid for one in response.objects]
    reef = next(one for one in response.objects if one.properties["title"] == "Reef")
    assert reef.contributions["llm"] >= 0
    assert reef.comment == "It fits 10 of 10."
    for one in response.objects:
        assert one.score == math.fsum(one.contributions.values())
        assert one.reason
    assert response.ranking_rationale == "Storms and the sea."
    used = response.usage
    assert (used.requests, used.request_tokens, used.response_tokens, used.total_tokens) == (1, 900, 120, 1020)
    assert used.details == {"cached": 0}
    again = agent.get_objects(bo).usage
    assert (again.requests, again.details) == (0, {"cached": 1})
    assert len(chat.asked) == 1


def test_without_explanations_the_model_only_grades(agent: PersonalizationAgent, bo: str, chat: ScriptedChat) -> None:
    response = agent.get_objects(bo, explain_results=False)
    assert response.ranking_rationale is None
    assert {one.comment for one in response.objects} == {""}
    assert None not in {one.personalized_rank for one in response.objects}
    assert "why" not in str(chat.asked[0].schema)


@pytest.mark.parametrize(("limit", "graded"), [(1, 2), (3, 3), (25, 7)])
def test_as_many_as_are_returned_are_put_before_the_model(
    agent: PersonalizationAgent, bo: str, chat: ScriptedChat, limit: int, graded: int
) -> None:
    assert len(agent.get_objects(bo, limit=limit).objects) == min(limit, 7)
    assert [name for name in chat.asked[0].schema["required"] if name != "summary"] == [
        f"c{number:02d}" for number in range(1, graded + 1)
    ]


@pytest.mark.parametrize("explained", [True, False])
@pytest.mark.parametrize("state", [ModelState.UNREACHABLE, ModelState.TIMED_OUT, ModelState.INVALID_OUTPUT])
def test_where_the_model_fails_the_list_stays_and_says_so(
    agent: PersonalizationAgent, bo: str, chat: ScriptedChat, state: ModelState, explained: bool
) -> None:
    plain = agent.get_objects(bo, use_agent_ranking=False)
    chat.state = state
    response = agent.get_objects(bo, explain_results=explained)
    assert response.objects == plain.objects
    assert {one.personalized_rank for one in response.objects} == {None}
    assert response.ranking_rationale is not None
    assert "Ranked without the language model." in response.ranking_rationale
    assert response.ranking_rationale in response.notes


def test_with_nothing_known_the_notes_say_what_the_list_is(agent: PersonalizationAgent) -> None:
    agent.add_persona(Persona(persona_id="new"))
    response = agent.get_objects("new", use_agent_ranking=False)
    assert response.notes[0].startswith("Nothing is known of this persona yet")


def test_an_answer_goes_out_as_json(agent: PersonalizationAgent, bo: str) -> None:
    document = agent.get_objects(bo, limit=1).model_dump(mode="json")
    (one,) = document["objects"]
    assert one["uuid"] in {str(item_id) for item_id in ID.values()}
    assert {*document} == {"objects", "ranking_rationale", "usage", "notes"}
    title = one["properties"]["title"]
    description, genres, year = FILMS[title]
    assert one["properties"] == {
        "year": year, "colour": "yes", "genres": genres, "title": title, "description": description, "creator": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"decay_rate": 1.1}, "decay_rate is 1.1; 0 to 1 are allowed"),
        ({"decay_rate": math.nan}, "decay_rate is nan"),
        ({"recent_interactions_count": 0}, "recent_interactions_count is 0; 1 to 100,000 are allowed"),
        ({"limit": 0}, "limit is 0"),
        ({"filters": {"year": 1990}}, r"The filters are \{'year': 1990\}. Write them with tastebench.agent.Filter"),
        ({"exclude_items": [7]}, "7 is no id"),
    ],
)
def test_what_cannot_be_used_is_refused(
    agent: PersonalizationAgent, bo: str, asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        agent.get_objects(bo, **asked)  # type: ignore[arg-type]


def test_where_one_cannot_be_recorded_none_is_and_nobody_is_made(agent: PersonalizationAgent) -> None:
    actions = dict(agent.workspace.settings.actions)
    del actions["view"]
    agent.workspace.save_actions(actions)
    sure, unsure = (PersonaInteraction(persona_id=f"p{w}", item_id=ID["Twister"], weight=w) for w in (0.9, 0.1))
    with pytest.raises(InvalidInput, match="no action 'view'"):
        agent.add_interactions([sure, unsure], create_persona_if_not_exists=True)
    assert agent.workspace.interactions().total == 0
    assert not agent.has_persona("p0.9")
    agent.add_interactions([sure], create_persona_if_not_exists=True)
    assert agent.workspace.interactions().total == 1


def test_nobody_gets_nothing(agent: PersonalizationAgent) -> None:
    with pytest.raises(NotFound, match="There is no persona 'bo'"):
        agent.get_objects("bo")


def test_the_workspaces_own_profile_counts(agent: PersonalizationAgent, bo: str) -> None:
    profile = agent.workspace.profile().model_copy(update={"name": "Taste alone", "weights": {"similarity": 1.0}})
    agent.workspace.set_default_profile("Taste alone", agent.workspace.save_profile(profile))
    lines = agent.get_objects(bo, use_agent_ranking=False).objects[0].contributions
    assert {name for name, amount in lines.items() if amount} <= {"similarity", "diversity"}
    repeats = profile.model_copy(update={"name": "Again", "repeats": True})
    agent.workspace.set_default_profile("Again", agent.workspace.save_profile(repeats))
    agent.workspace.add_interactions(bo, [Interaction(str(ID["Reef"]), "purchase")])
    assert "Reef" not in titles(agent, bo)
