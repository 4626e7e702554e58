"""The films demo, loaded as anybody loads it: each authored persona's list holds what it must and no misfit."""

from collections.abc import Iterator

import pytest

from tastebench import Workbench, Workspace
from tests.unit.sample_data.films import EXPECTED, seen

TOP = 20


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workbench.open(tmp_path_factory.mktemp("data")) as bench:
        yield bench.load_demo("films")


@pytest.fixture(scope="module")
def tops(films: Workspace) -> dict[str, list[str]]:
    return {persona: [item.item_id for item in films.recommend(persona, limit=TOP).items] for persona in EXPECTED}


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_five_films_are_there(tops, persona_id):
    assert set(EXPECTED[persona_id]["in_top_20"]) - set(tops[persona_id]) == set()


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_five_films_are_not(tops, persona_id):
    assert set(EXPECTED[persona_id]["not_in_top_20"]) & set(tops[persona_id]) == set()


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_a_list_is_full_and_never_repeats_what_was_liked(films, tops, persona_id):
    done = {
        row.target
        for row in films.interactions(persona_id=persona_id).rows
        if row.action in {"like", "favorite", "dislike"}
    }
    assert len(set(tops[persona_id])) == TOP
    assert not done & set(tops[persona_id])
    assert done <= seen(persona_id)
