"""Agents and their personas: settled properties, the first taste, coming and going."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from tastebench import Interaction, Workbench
from tastebench import Persona as Stored
from tastebench.agent import DataType, Persona, PersonaInteraction, PersonalizationAgent
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tests.doubles import HashingEncoder
from tests.unit.agent.conftest import ID, USER_PROPERTIES

ME = uuid4()


def test_creating_again_is_connecting_unless_the_properties_differ(client: Workbench) -> None:
    PersonalizationAgent.create(client, "Movie", {"age": DataType.NUMBER})
    assert PersonalizationAgent.create(client, "Movie", {"age": "number"}).workspace.name == "Movie"
    with pytest.raises(AlreadyExists, match=r"has an agent already, with the properties \{'age': 'number'\}"):
        PersonalizationAgent.create(client, "Movie")
    client.workspace("Movie").save_user_properties(None)
    PersonalizationAgent.create(client, "Movie").add_persona(Persona(persona_id=ME))


def test_an_agent_is_kept_with_its_workspace(tmp_path: Path) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        bench.workspace("Movie", create=True)
        PersonalizationAgent.create(bench, "Movie", USER_PROPERTIES).add_persona(Persona(persona_id=ME))
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        assert PersonalizationAgent.connect(bench, "Movie").has_persona(ME)


def test_an_agent_brings_the_actions_it_writes(client: Workbench) -> None:
    client.workspace("Movie").save_actions({"read": 4.0, "like": 1.0})
    PersonalizationAgent.create(client, "Movie")
    assert client.workspace("Movie").settings.actions == {"view": 1.0, "like": 1.0, "dislike": -2.0, "read": 4.0}


def test_what_an_agent_cannot_be_made_of_is_refused(client: Workbench) -> None:
    with pytest.raises(NotFound, match="There is no workspace 'Recipes'"):
        PersonalizationAgent.create(client, "Recipes")
    with pytest.raises(NotFound, match=r"has no agent yet\. Create it with `create`"):
        PersonalizationAgent.connect(client, "Movie")
    with pytest.raises(InvalidInput, match="Give an open Workbench"):
        PersonalizationAgent.create("https://example.org", "Movie")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="Leave vector_name out"):
        PersonalizationAgent.create(client, "Movie", vector_name="title")
    with pytest.raises(InvalidInput, match="user_properties: home is to be 'geoCoordinates', which is no type here"):
        PersonalizationAgent.create(client, "Movie", {"home": "geoCoordinates"})
    assert not PersonalizationAgent.exists(client, "Movie")


def test_what_belonged_to_the_service_is_taken_and_without_effect(client: Workbench) -> None:
    PersonalizationAgent.create(client, "Movie", agents_host="https://example.org", timeout=60)
    assert PersonalizationAgent.exists(client, "Movie", "https://example.org", 60)


VALUES = {
    "text": "noir", "text[]": ["noir", "noir", ""], "int": -3, "int[]": [1, 1], "number": 0.5, "number[]": [1, 2.5],
    "boolean": False, "boolean[]": [True, False, True], "date": "1990-05-17T00:00:00+00:00",
    "date[]": ["1990-05-17T00:00:00+00:00"], "uuid": str(ME), "uuid[]": [],
}  # fmt: skip


def test_every_type_comes_back_as_it_was_given(client: Workbench) -> None:
    agent = PersonalizationAgent.create(client, "Movie", {kind.name: kind for kind in DataType})
    given = {kind.name: VALUES[kind] for kind in DataType}
    agent.add_persona(Persona(persona_id=ME, properties=given))
    assert agent.get_persona(ME).properties == given
    agent.update_persona(
        Persona(persona_id=ME, properties={"DATE": datetime(1990, 5, 17, tzinfo=UTC), "UUID_ARRAY": [ME], "BOOL": None})
    )
    changed = {name: value for name, value in agent.get_persona(ME).properties.items() if value is not None}
    assert changed == {"DATE": VALUES["date"], "UUID_ARRAY": [str(ME)]}


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"shoe_size": 42}, "A persona has no property 'shoe_size' here. Settled were: age, favorite_genres, "),
        ({"age": "74"}, "age holds '74', which is not of the type number."),
        ({"age": True}, "age holds True, which is not of the type number."),
        ({"age": float("nan")}, "age holds nan, which is not of the type number."),
        ({"language": ["Hungarian"]}, r"language holds \['Hungarian'\], which is not of the type text."),
        (
            {"favorite_genres": "Horror"},
            r"favorite_genres is 'Horror', which is not of the type text\[\]. Give a list.",
        ),
        ({"favorite_years": [1979, "1981"]}, "favorite_years holds '1981', which is not of the type number."),
    ],
)
def test_properties_that_do_not_fit_are_refused(
    agent: PersonalizationAgent, properties: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        agent.add_persona(Persona(persona_id=ME, properties=properties))
    assert not agent.has_persona(ME)


@pytest.mark.parametrize(
    ("kind", "value"), [("int", 1.5), ("int", True), ("boolean", 1), ("date", "soon"), ("uuid", "x")]
)
def test_no_type_takes_another_ones_value(client: Workbench, kind: str, value: object) -> None:
    agent = PersonalizationAgent.create(client, "Movie", {"it": kind})
    with pytest.raises(InvalidInput, match=f"which is not of the type {kind}"):
        agent.add_persona(Persona(persona_id=ME, properties={"it": value}))


def test_properties_give_the_first_taste_and_dislikes_do_not(client: Workbench, encoder: HashingEncoder) -> None:
    agent = PersonalizationAgent.create(
        client, "Movie", {"likes": "text[]", "dislikes": "text[]", "born": "int", "mood": "text"}
    )
    stated = {"likes": ["tornadoes", "the sea"], "mood": "stormy", "dislikes": ["werewolves"], "born": 1952}
    agent.add_persona(Persona(persona_id=ME, properties=stated))
    (taste,) = encoder.encode(["likes: tornadoes, the sea. mood: stormy."])
    for one in agent.get_objects(ME, use_agent_ranking=False).objects:
        (item,) = encoder.encode([agent.workspace.item(str(one.uuid)).embedded_text])
        assert one.contributions["similarity"] == pytest.approx(0.3 * max(0.0, float(np.dot(taste, item))), abs=1e-6)


def test_texts_named_like_a_facet_are_interests(client: Workbench) -> None:
    agent = PersonalizationAgent.create(client, "Movie", {"genres": DataType.TEXT_ARRAY})
    agent.add_persona(Persona(persona_id=ME, properties={"genres": ["Horror"]}))
    found = agent.get_objects(ME, use_agent_ranking=False).objects
    shares = {one.properties["title"]: one.contributions["preference"] for one in found}
    assert (shares["The Howling"], shares["Monster Isle"], shares["Reef"]) == (0.25, 0.125, 0.0)


def test_what_the_workspace_knows_besides_stays(agent: PersonalizationAgent) -> None:
    agent.workspace.add_persona(
        Stored("Maya", "Likes the sea.", properties={"age": 34, "city": "Leeds"}, persona_id="maya")
    )
    agent.workspace.add_interactions("maya", [Interaction(str(ID["Reef"]), "like")])
    assert agent.get_persona("maya").properties == {
        "age": 34, "favorite_genres": None, "favorite_years": None, "language": None,
    }  # fmt: skip
    agent.update_persona(Persona(persona_id="maya", properties={"language": "English"}))
    stored = agent.workspace.persona("maya")
    assert (stored.name, stored.description) == ("Maya", "Likes the sea.")
    assert stored.properties == {"city": "Leeds", "language": "English"}
    assert len(agent.get_interactions("maya")) == 1


def test_a_persona_comes_once_and_may_come_again_after_it_was_deleted(agent: PersonalizationAgent) -> None:
    agent.add_persona(Persona(persona_id=ME, properties={"age": 1}))
    agent.add_interactions([PersonaInteraction(persona_id=ME, item_id=ID["Reef"], weight=1)])
    with pytest.raises(AlreadyExists):
        agent.add_persona(Persona(persona_id=ME))
    agent.delete_persona(ME)
    agent.delete_persona(ME)
    with pytest.raises(NotFound):
        agent.get_persona(ME)
    with pytest.raises(NotFound):
        agent.update_persona(Persona(persona_id=ME))
    agent.add_persona(Persona(persona_id=ME))
    assert agent.get_persona(ME).properties["age"] is None
    assert agent.get_interactions(ME) == []


def test_personas_are_listed_by_name(agent: PersonalizationAgent) -> None:
    ids = [UUID(int=number) for number in (3, 1, 2)]
    for one in [*ids, "bo"]:
        agent.add_persona(Persona(persona_id=one))
    assert agent.workspace.persona(str(ids[0])).name == "Persona 00000000"
    assert {one.persona_id for one in agent.personas()} == {*ids, "bo"}
    assert agent.personas(limit=1)[0].persona_id == "bo"
    assert len(agent.personas(limit=3, offset=3)) == 1


@pytest.mark.parametrize("value", [7, "", " ", None, b"x"])
def test_ids_are_uuids_or_texts(agent: PersonalizationAgent, value: object) -> None:
    with pytest.raises(ValueError, match=r"is no id|the id is empty"):
        Persona(persona_id=value)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        agent.has_persona(value)  # type: ignore[arg-type]


def test_a_uuid_and_its_text_are_one(agent: PersonalizationAgent) -> None:
    agent.add_persona(Persona(persona_id=str(ME)))
    assert agent.get_persona(ME).persona_id == ME
    assert agent.has_persona(str(ME))
    assert not agent.has_persona(str(ME).upper())
