"""What personas did: recorded, replaced, read back and taken out."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from tastebench import Interaction
from tastebench.agent import PersonaInteraction, PersonalizationAgent, histories
from tastebench.domain.errors import InvalidInput, NotFound
from tests.unit.agent.conftest import ID

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def did(title: str, weight: float = 0.8, persona: str = "bo", **more: object) -> PersonaInteraction:
    return PersonaInteraction(persona_id=persona, item_id=ID[title], weight=weight, **more)  # type: ignore[arg-type]


def told(agent: PersonalizationAgent, persona: str = "bo", kind: str | None = None) -> list[tuple[str, float]]:
    titles = {item_id: title for title, item_id in ID.items()}
    return [(titles[one.item_id], one.weight) for one in agent.get_interactions(persona, kind)]  # type: ignore[arg-type,index]


@pytest.mark.parametrize("weight", [1.01, -1.5, math.nan, math.inf])
def test_weights_outside_the_range_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match=r"The weight .* cannot be used. Give one from -1 \(hated\) to 1 \(loved\)"):
        did("Reef", weight)


def test_who_is_not_there_is_added_unless_that_is_not_wanted(agent: PersonalizationAgent) -> None:
    with pytest.raises(NotFound, match="There is no persona 'bo' here"):
        agent.add_interactions([did("Reef", persona="bo")], create_persona_if_not_exists=False)
    agent.add_interactions([did("Reef", persona="bo"), did("Twister", persona="ada")])
    assert (told(agent, "bo"), told(agent, "ada")) == ([("Reef", 0.8)], [("Twister", 0.8)])
    assert agent.workspace.persona("bo").name == "bo"


def test_an_item_that_is_not_there_stops_everything(agent: PersonalizationAgent) -> None:
    unknown = PersonaInteraction(persona_id="bo", item_id="tt1", weight=1)
    with pytest.raises(NotFound, match="There is no item 'tt1' in the workspace 'Movie'"):
        agent.add_interactions([did("Reef"), unknown])
    assert not agent.has_persona("bo")


def test_those_without_a_time_happened_now_in_the_order_given(agent: PersonalizationAgent) -> None:
    before = datetime.now(UTC)
    agent.add_interactions([did("Reef"), did("Twister"), did("Avatar 2", created_at=NOON), did("Monster Isle")])
    after = datetime.now(UTC)
    assert [title for title, _ in told(agent)] == ["Monster Isle", "Twister", "Reef", "Avatar 2"]
    times = [datetime.fromisoformat(one.created_at) for one in agent.get_interactions("bo")]
    assert times[3] == NOON
    assert [times[0] - times[1], times[1] - times[2]] == [timedelta(microseconds=2), timedelta(microseconds=1)]
    assert before - timedelta(microseconds=3) <= times[2] < times[0] <= after


def test_replacing_takes_out_what_was_there_before_the_call(agent: PersonalizationAgent) -> None:
    agent.add_interactions([did("Reef", 0.1), did("Twister", 0.2), did("Reef", 0.3, persona="ada")])
    agent.add_interactions(
        [did("Reef", 0.4, replace_previous_interactions=True), did("Reef", 0.5), did("Twister", 0.6)]
    )
    assert told(agent) == [("Twister", 0.6), ("Reef", 0.5), ("Reef", 0.4), ("Twister", 0.2)]
    agent.add_interactions([did("Twister", 0.7)], remove_previous_interactions=True)
    assert told(agent) == [("Twister", 0.7), ("Reef", 0.5), ("Reef", 0.4)]
    assert told(agent, "ada") == [("Reef", 0.3)]


def test_positive_and_negative_ones_are_told_apart(agent: PersonalizationAgent) -> None:
    agent.add_interactions([did("Reef", 1), did("Twister", 0), did("Avatar 2", -0.1), did("Magic Mike", -1)])
    assert told(agent, kind="positive") == [("Reef", 1)]
    assert told(agent, kind="negative") == [("Magic Mike", -1), ("Avatar 2", -0.1)]
    assert len(told(agent)) == 4
    with pytest.raises(InvalidInput, match="There is no interaction type 'neutral'"):
        told(agent, kind="neutral")
    with pytest.raises(NotFound):
        agent.get_interactions("ada")


def test_the_log_names_them_by_what_they_say(agent: PersonalizationAgent) -> None:
    weights = {"Reef": 0.5, "Twister": 0.49, "Avatar 2": -0.49, "Magic Mike": -0.5}
    agent.add_interactions([did(title, weight) for title, weight in weights.items()])
    actions = [one.action for one in reversed(agent.get_interactions("bo"))]
    assert actions == ["like", "view", "view", "dislike"]


def test_what_was_recorded_without_a_weight_has_that_of_its_action(agent: PersonalizationAgent) -> None:
    agent.add_interactions([did("Reef", 1)])
    for action in ("purchase", "like", "dislike"):
        agent.workspace.add_interactions("bo", [Interaction(str(ID["Twister"]), action, NOON)])
    agent.workspace.add_interactions("bo", [Interaction("Somebody", "follow", NOON, target_kind="creator")])
    assert sorted(weight for title, weight in told(agent) if title == "Twister") == [-0.4, 0.5, 1.0]
    agent.workspace.save_actions({**agent.workspace.settings.actions, "dislike": -50.0})
    assert min(weight for _, weight in told(agent)) == -1.0


def test_a_single_interaction_can_be_taken_out(agent: PersonalizationAgent) -> None:
    agent.add_interactions([did("Reef"), did("Twister")])
    agent.delete_interaction(agent.get_interactions("bo")[0].key)
    assert told(agent) == [("Reef", 0.8)]
    with pytest.raises(NotFound, match="There is no interaction 999"):
        agent.delete_interaction(999)


def test_long_histories_are_read_page_by_page(agent: PersonalizationAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "_PAGE", 2)
    agent.add_interactions([did(title) for title in ID])
    assert [title for title, _ in told(agent)] == [*reversed(ID)]
