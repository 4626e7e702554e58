"""What the withdrawn agent's documentation showed, step by step: only the imports and the client object are others.

There: ``weaviate.agents.personalization``, ``weaviate.agents.classes``, ``weaviate.classes.config`` and ``.query``,
``weaviate.util``; the client was a connection to Weaviate Cloud, and looking items up was the client's own business.
"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tastebench import Workbench
from tastebench.agent import DataType, Persona, PersonaInteraction, PersonalizationAgent, generate_uuid5
from tests.unit.agent.conftest import ID


@pytest.fixture
def pa(client: Workbench) -> PersonalizationAgent:
    if PersonalizationAgent.exists(client, "Movie"):
        return PersonalizationAgent.connect(client=client, reference_collection="Movie")
    return PersonalizationAgent.create(
        client=client,
        reference_collection="Movie",
        user_properties={
            "age": DataType.NUMBER,
            "favorite_genres": DataType.TEXT_ARRAY,
            "favorite_years": DataType.NUMBER_ARRAY,
            "language": DataType.TEXT,
        },
    )


@pytest.fixture
def persona_id(pa: PersonalizationAgent) -> str:
    persona_id = generate_uuid5("sebawita")
    pa.delete_persona(persona_id)
    pa.add_persona(
        Persona(
            persona_id=persona_id,
            properties={
                "age": 74,
                "favorite_genres": ["Action", "Horror", "Romance"],
                "favorite_years": [1979, 1981, 1984, 1985],
                "language": "Hungarian",
            },
        )
    )
    return persona_id


@pytest.fixture
def interactions(pa: PersonalizationAgent, persona_id: str) -> list[PersonaInteraction]:
    interactions = [
        PersonaInteraction(persona_id=persona_id, item_id=ID["Avatar 2"], weight=0.8),
        PersonaInteraction(persona_id=persona_id, item_id=ID["Twister"], weight=0.5),
        PersonaInteraction(persona_id=persona_id, item_id=ID["The Howling"], weight=0.1),
        PersonaInteraction(persona_id=persona_id, item_id=ID["Magic Mike"], weight=-0.3),
        PersonaInteraction(persona_id=persona_id, item_id=ID["The Emoji Movie"], weight=-1.0),
    ]
    pa.add_interactions(interactions=interactions)
    return interactions


def test_an_agent_that_was_created_is_connected_to(client: Workbench, pa: PersonalizationAgent) -> None:
    assert PersonalizationAgent.exists(client, "Movie")
    assert not PersonalizationAgent.exists(client, "Recipes")
    assert PersonalizationAgent.connect(client=client, reference_collection="Movie").workspace.name == "Movie"


def test_a_persona_is_updated_looked_for_and_deleted(pa: PersonalizationAgent, persona_id: str) -> None:
    pa.update_persona(
        Persona(
            persona_id=persona_id,
            properties={
                "age": 35,
                "favorite_genres": ["Action", "Adventure", "Drama", "Sci-Fi"],
                "favorite_years": [1999, 2005, 2010, 2014, 2016],
                "language": "English",
            },
        )
    )
    assert pa.has_persona(persona_id)
    persona = pa.get_persona(persona_id)
    assert str(persona.persona_id) == persona_id
    assert persona.properties["favorite_years"] == [1999, 2005, 2010, 2014, 2016]
    assert persona.properties["language"] == "English"
    pa.delete_persona(persona_id)
    assert not pa.has_persona(persona_id)


def test_objects_without_anything_else_are_ten_at_most_judged_and_explained(
    pa: PersonalizationAgent, persona_id: str, interactions: list[PersonaInteraction]
) -> None:
    response = pa.get_objects(persona_id)
    assert response.ranking_rationale == "Storms and the sea."
    assert {obj.uuid for obj in response.objects} == {*ID.values()} - {one.item_id for one in interactions}
    assert [obj.personalized_rank for obj in response.objects] == [0, 1, 2, 3, 4]
    assert sorted(obj.original_rank for obj in response.objects) == [0, 1, 2, 3, 4]
    assert response.objects[0].properties["genres"]
    assert response.usage.requests == 1
    assert response.usage.total_tokens == 1020


def test_objects_with_every_parameter(
    pa: PersonalizationAgent, persona_id: str, interactions: list[PersonaInteraction]
) -> None:
    response = pa.get_objects(
        persona_id=persona_id,
        limit=10,
        recent_interactions_count=100,
        exclude_interacted_items=False,
        decay_rate=0.1,
        exclude_items=[],
        use_agent_ranking=True,
        explain_results=True,
        instruction=None,
    )
    assert {obj.uuid for obj in response.objects} == {*ID.values()}
    for obj in response.objects:
        assert obj.original_rank in range(10)
        assert obj.personalized_rank in range(10)
        assert "title" in obj.properties


def test_objects_by_vectors_alone(
    pa: PersonalizationAgent, persona_id: str, interactions: list[PersonaInteraction]
) -> None:
    response = pa.get_objects(persona_id, limit=25, use_agent_ranking=False)
    assert response.ranking_rationale is None
    assert [(obj.original_rank, obj.personalized_rank) for obj in response.objects] == [(n, None) for n in range(5)]


def test_an_instruction_reaches_the_model(pa: PersonalizationAgent, persona_id: str, chat: object) -> None:
    pa.get_objects(
        persona_id,
        limit=50,
        use_agent_ranking=True,
        instruction="""Your task is to recommend a diverse set of films,
                       and to avoid what the user dislikes.""",
    )
    wish = "Wishes now: Your task is to recommend a diverse set of films, and to avoid what the user dislikes."
    assert wish in chat.asked[-1].user  # type: ignore[attr-defined]


def test_queries_are_personalised(
    pa: PersonalizationAgent, persona_id: str, interactions: list[PersonaInteraction]
) -> None:
    personalized_query = pa.query(persona_id=persona_id, strength=0.95)
    response = personalized_query.near_text(query="A movie about a giant monster", limit=20)
    assert {obj.properties["title"] for obj in response.objects} >= {"Monster Isle"}

    personalized_query = pa.query(
        persona_id=persona_id, strength=0.95, overfetch_factor=2, recent_interactions_count=50, decay_rate=0.2
    )
    response = personalized_query.hybrid(query="A movie about a giant monster", limit=20)
    assert len(response.objects) <= 20
    assert response.objects[0].uuid in ID.values()
    assert pa.query(persona_id).bm25("giant monster").objects[0].properties["title"] == "Monster Isle"


def test_a_food_recommender(client: Workbench, pa: PersonalizationAgent) -> None:
    client.workspace("Recipes", create=True)
    agent = PersonalizationAgent.create(
        client=client,
        reference_collection="Recipes",
        user_properties={
            "favorite_cuisines": DataType.TEXT_ARRAY,
            "likes": DataType.TEXT_ARRAY,
            "dislikes": DataType.TEXT_ARRAY,
            "allergies": DataType.TEXT_ARRAY,
        },
    )
    persona_id = uuid4()
    stated = {
        "favorite_cuisines": ["Italian", "Thai"],
        "likes": ["chocolate", "salmon", "pasta", "most veggies"],
        "dislikes": ["okra", "mushroom"],
    }
    agent.add_persona(Persona(persona_id=persona_id, properties=stated))
    assert agent.get_persona(persona_id) == Persona(persona_id=persona_id, properties={**stated, "allergies": None})
    assert not pa.has_persona(persona_id)


def test_interactions_come_with_a_time_and_may_replace_earlier_ones(pa: PersonalizationAgent, persona_id: str) -> None:
    review = {"persona_id": persona_id, "item_id": ID["Twister"]}
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    pa.add_interactions([PersonaInteraction(**review, weight=0.8, created_at=first)])
    pa.add_interactions([PersonaInteraction(**review, weight=-0.8, replace_previous_interactions=True)])
    assert pa.get_interactions(persona_id, "positive") == []
    (negative,) = pa.get_interactions(persona_id, interaction_type="negative")
    assert (negative.item_id, negative.weight) == (ID["Twister"], -0.8)
    assert datetime.fromisoformat(negative.created_at) > first
