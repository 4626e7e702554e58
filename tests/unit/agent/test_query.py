"""Personalised queries: what they ask for, and how the persona bends it."""

import pytest

from tastebench.agent import Filter, Persona, PersonaInteraction, PersonalizationAgent, PersonalizedQueryResponse
from tastebench.agent.query import REFUSED
from tastebench.domain.errors import InvalidInput, NotFound
from tests.unit.agent.conftest import FILMS, ID

QUESTION = "storms and tornadoes over the sea"


@pytest.fixture
def bo(shared: PersonalizationAgent) -> str:
    if shared.has_persona("bo"):
        return "bo"
    weights = {"Full Moon Diner": 1.0, "The Howling": 0.9, "Twister": -1.0}
    shared.add_interactions(
        [PersonaInteraction(persona_id="bo", item_id=ID[title], weight=weight) for title, weight in weights.items()]
    )
    return "bo"


def titles(response: PersonalizedQueryResponse) -> list[str]:
    return [one.properties["title"] for one in response.objects]


def test_strength_none_is_the_query_alone_and_one_the_persona_alone(shared: PersonalizationAgent, bo: str) -> None:
    plain = shared.query(bo, strength=0).near_text(QUESTION)
    assert [(one.original_rank, one.personalized_rank) for one in plain.objects] == [(n, n) for n in range(10)]
    assert {name for one in plain.objects for name, amount in one.contributions.items() if amount} == {"query"}
    personal = shared.query(bo, strength=1).near_text(QUESTION)
    base = shared.get_objects(bo, exclude_interacted_items=False, use_agent_ranking=False)
    assert [one.uuid for one in personal.objects] == [one.uuid for one in base.objects]
    assert [titles(plain)[one.original_rank] for one in personal.objects] == titles(personal)
    assert titles(personal).index("Full Moon Diner") < titles(plain).index("Full Moon Diner")
    between = shared.query(bo).near_text(QUESTION).objects
    assert all(one.contributions["query"] >= 0 for one in between)
    assert any(one.contributions["similarity"] for one in between)


def test_alpha_one_is_meaning_alone_and_alpha_none_words_alone(shared: PersonalizationAgent, bo: str) -> None:
    query = shared.query(bo, strength=0)
    assert titles(query.hybrid(QUESTION, alpha=1)) == titles(query.near_text(QUESTION))
    assert titles(query.hybrid(QUESTION, alpha=0)) == titles(query.bm25(QUESTION))
    assert titles(query.bm25("werewolves")) == ["The Howling", "Full Moon Diner"]
    assert titles(query.hybrid(QUESTION)) == titles(query.hybrid(QUESTION, alpha=0.7))


def test_several_texts_are_read_as_one(shared: PersonalizationAgent, bo: str) -> None:
    query = shared.query(bo)
    assert query.near_text(["storms", "the sea"]) == query.near_text("storms. the sea")


def test_ten_at_most_unless_asked_otherwise_and_pages(shared: PersonalizationAgent, bo: str) -> None:
    query = shared.query(bo, strength=0, overfetch_factor=1)
    assert len(query.near_text(QUESTION).objects) == 10
    whole = titles(query.near_text(QUESTION))
    assert titles(query.near_text(QUESTION, limit=3)) == whole[:3]
    assert titles(query.near_text(QUESTION, limit=3, offset=3)) == whole[3:6]


def test_only_so_many_are_looked_at_per_object(shared: PersonalizationAgent, bo: str) -> None:
    plain = titles(shared.query(bo, strength=0).near_text(QUESTION))
    for factor, seen in ((1, 4), (2, 8), (10, 10)):
        bent = titles(shared.query(bo, strength=1, overfetch_factor=factor).near_text(QUESTION, limit=4))
        assert {*bent} <= {*plain[:seen]}


def test_filters_and_chosen_properties(shared: PersonalizationAgent, bo: str) -> None:
    old = Filter.by_property("year").less_than(1990)
    response = shared.query(bo).hybrid(QUESTION, filters=old, return_properties=["title", "year", "price"])
    assert {*titles(response)} == {title for title, (_, _, year) in FILMS.items() if year < 1990}
    assert {tuple(one.properties) for one in response.objects} == {("title", "year", "price")}
    assert {one.properties["price"] for one in response.objects} == {None}
    assert response.ranking_rationale is None
    assert response.usage.requests == 0


def test_the_history_counts_as_in_get_objects(shared: PersonalizationAgent, bo: str) -> None:
    newest = shared.query(bo, strength=1, decay_rate=1).near_text(QUESTION)
    base = shared.get_objects(bo, decay_rate=1, exclude_interacted_items=False, use_agent_ranking=False)
    assert [one.score for one in newest.objects] == [one.score for one in base.objects]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_queries_do_not_take_is_refused_with_a_reason_and_its_default_accepted(
    shared: PersonalizationAgent, bo: str, name: str
) -> None:
    query = shared.query(bo)
    for ask in (query.near_text, query.bm25, query.hybrid):
        with pytest.raises(InvalidInput, match=f"takes no '{name}' here: {REFUSED[name]}"):
            ask(QUESTION, **{name: 0.5})
        assert ask(QUESTION, limit=1, **{name: False if name == "include_vector" else None}).objects


def test_what_cannot_be_used_is_refused(shared: PersonalizationAgent, bo: str) -> None:
    with pytest.raises(InvalidInput, match="bm25 knows no 'limits'"):
        shared.query(bo).bm25(QUESTION, limits=3)
    with pytest.raises(InvalidInput, match="The question is empty"):
        shared.query(bo).near_text(" ")
    with pytest.raises(InvalidInput, match="The question is not a text"):
        shared.query(bo).bm25(None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"strength is 1\.1"):
        shared.query(bo, strength=1.1).near_text(QUESTION)
    with pytest.raises(InvalidInput, match=r"overfetch is 0\.5"):
        shared.query(bo, overfetch_factor=0.5).near_text(QUESTION)
    with pytest.raises(InvalidInput, match="decay_rate is 2"):
        shared.query(bo, decay_rate=2)
    with pytest.raises(NotFound, match="There is no persona 'ada'"):
        shared.query("ada").near_text(QUESTION)


def test_a_persona_without_a_past_gets_the_query_with_notes(shared: PersonalizationAgent) -> None:
    shared.add_persona(Persona(persona_id="new"))
    response = shared.query("new").near_text(QUESTION)
    assert titles(response)
    assert any("Nothing is known of this persona yet" in note for note in response.notes)
