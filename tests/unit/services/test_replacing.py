"""What is said of an item or a persona anew takes the place of what was said before."""

from datetime import UTC, datetime

import pytest

from tastebench import Interaction, Persona, Workspace
from tastebench.domain.errors import AlreadyExists, InvalidInput

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def maya(films: Workspace) -> str:
    maya = films.add_persona(Persona("Maya"))
    films.add_interactions(maya, [Interaction("heat", "view", NOW), Interaction("klute", "view", NOW)])
    return maya


def log(films: Workspace, persona_id: str) -> list[tuple[str, str]]:
    return [(row.target, row.action) for row in films.interactions(persona_id).rows]


def similarities(films: Workspace, persona_id: str) -> dict[str, float | None]:
    return {item.item_id: item.signals["similarity"] for item in films.recommend(persona_id, now=NOW).items}


def test_what_was_done_with_the_items_named_is_taken_out(films: Workspace, maya: str) -> None:
    joon = films.add_persona(Persona("Joon"))
    films.add_interactions(joon, [Interaction("klute", "view", NOW), Interaction("heat", "dislike", NOW)])
    before = films.recommend(maya, now=NOW).decision()
    films.add_interactions(maya, [Interaction("heat", "dislike", NOW)], replacing=["heat", "totoro"])
    assert sorted(log(films, maya)) == [("heat", "dislike"), ("klute", "view")]
    assert len(log(films, joon)) == 2
    assert similarities(films, maya) == similarities(films, joon)
    assert films.recommend(maya, now=NOW).decision() != before


def test_the_id_of_a_deleted_persona_is_free_without_its_past(films: Workspace, maya: str) -> None:
    films.correct(maya, "taste", "genres", "crime", 0.9)
    films.delete_persona(maya)
    with pytest.raises(AlreadyExists, match="Restore the deleted one"):
        films.add_persona(Persona("Mia", persona_id=maya))
    assert films.add_persona(Persona("Mia", persona_id=maya), anew=True) == maya
    assert (films.persona(maya).name, log(films, maya), films.preference_edits(maya)) == ("Mia", [], ())
    assert films.recommend(maya, now=NOW).notes[0].startswith("Nothing is known of this persona yet")


def test_who_is_there_keeps_the_id_and_the_past(films: Workspace, maya: str) -> None:
    with pytest.raises(AlreadyExists):
        films.add_persona(Persona("Mia", persona_id=maya), anew=True)
    assert len(log(films, maya)) == 2


def test_properties_of_programs_are_settled_and_refused_where_they_cannot_be(films: Workspace) -> None:
    films.save_user_properties({" likes ": "text[]", "age": "number"})
    assert films.settings.user_properties == {"likes": "text[]", "age": "number"}
    for wrong in ({"": "text"}, {"age": "float"}, {f"p{n}": "text" for n in range(101)}):
        with pytest.raises(InvalidInput, match=r"The properties cannot be saved: \w+:"):
            films.save_user_properties(wrong)
    films.save_user_properties(None)
    assert films.settings.user_properties is None
