"""What a persona states, and what of it is a wish."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from tastebench import Persona, Workbench
from tests.doubles import HashingEncoder

TASTES = {"genres": ["noir", "crime"], "likes": ["rain"], "dislikes": ["musicals"], "years": [1944, 1974], "age": 40}


def test_several_values_come_back_as_they_were_given(tmp_path: Path) -> None:
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as bench:
        films = bench.workspace("films", create=True)
        maya = films.add_persona(Persona("Maya", properties=TASTES))
        stored = films.persona(maya)
        assert stored == Persona("Maya", properties=TASTES, persona_id=maya, created_at=stored.created_at)
        assert stored.properties["years"] == (1944, 1974)
        written = json.loads(films.export_personas())
        assert written["properties"] == TASTES
        (tmp_path / "people.jsonl").write_text(films.export_personas(), encoding="utf-8")
        other = bench.workspace("other", create=True)
        other.import_personas(tmp_path / "people.jsonl")
        assert other.persona(maya).properties == stored.properties


def test_texts_named_like_a_facet_are_interests_and_dislikes_are_none() -> None:
    persona = Persona("Maya", interests={"genres": ["thriller"]}, properties=TASTES)
    assert persona.stated_interests(("genres", "dislikes", "years")) == {"genres": ("thriller", "noir", "crime")}
    assert persona.prior_text == "genres: thriller. genres: noir, crime. likes: rain."


@pytest.mark.parametrize("name", ["dislikes", "Disliked_genres", "foods to avoid", "allergies2", "hates-most"])
def test_names_that_say_dislike(name: str) -> None:
    assert Persona("Maya", properties={name: "musicals"}).prior_text == ""


@pytest.mark.parametrize("name", ["likes", "notes", "avoidance", "chateau"])
def test_names_that_do_not(name: str) -> None:
    assert Persona("Maya", properties={name: "musicals"}).prior_text == f"{name}: musicals."


@pytest.mark.parametrize("values", [["x"] * 201, [["x"]], ["x" * 20_001], [float("nan")]])
def test_a_list_is_as_limited_as_other_things(values: list[object]) -> None:
    with pytest.raises(ValidationError):
        Persona("Maya", properties={"likes": values})
