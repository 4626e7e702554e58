"""The films demo: what is authored is valid, complete and agrees with itself."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tests.unit.sample_data.films import (
    CREATORS,
    EXPECTED,
    FILM_IDS,
    FILMS,
    FOLDER,
    INTERACTIONS,
    PERSONAS,
    TAGS,
    history,
    population_events,
    seen,
)

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FILM_FIELDS = {
    "id", "title", "year", "creator", "genres", "themes", "country", "running_time", "era", "description",
}  # fmt: skip
PERSONA_IDS = [persona["id"] for persona in PERSONAS]
WITH_HISTORY = [persona_id for persona_id in PERSONA_IDS if persona_id != "noor"]
ACTIONS = {"view", "click", "like", "favorite", "dislike", "follow"}


class TestFilms:
    def test_there_are_enough_and_each_once(self):
        assert len(FILMS) >= 400
        assert len(FILM_IDS) == len(FILMS)
        assert len({(film["title"], film["year"]) for film in FILMS}) == len(FILMS)

    @pytest.mark.parametrize("film", FILMS, ids=lambda film: film["id"])
    def test_every_film_makes_an_item(self, film):
        facets = {"genres": film["genres"], "themes": film["themes"], "era": [film["era"]]}
        attributes = {name: film[name] for name in ("year", "country", "running_time")}
        item = Item(film["id"], film["title"], film["description"], facets, film["creator"], attributes=attributes)
        assert set(film) == FILM_FIELDS
        assert item.title == film["title"]
        assert item.creator
        assert dict(item.facets) == {name: tuple(tags) for name, tags in facets.items()}
        assert film["era"] == f"{film['year'] // 10 * 10}s"
        assert 15 <= film["running_time"] <= 260
        assert 15 <= len(film["description"].split()) <= 80


class TestPersonas:
    def test_there_are_eight_different_ones(self):
        for field in ("id", "name", "face", "description"):
            assert len({persona[field] for persona in PERSONAS}) == len(PERSONAS) == 8

    @pytest.mark.parametrize("record", PERSONAS, ids=PERSONA_IDS)
    def test_each_is_a_valid_authored_persona(self, record):
        fields = {name: value for name, value in record.items() if name != "id"}
        persona = Persona(**fields, persona_id=record["id"])
        assert persona.origin == "authored"
        assert persona.face == record["face"]
        assert 50 <= len(persona.description.split()) <= 120
        assert {type(value) for value in persona.properties.values()} >= {str, bool}

    @pytest.mark.parametrize("record", PERSONAS, ids=PERSONA_IDS)
    def test_stated_interests_are_tags_of_the_catalogue(self, record):
        persona = Persona(record["name"], interests=record["interests"], properties=record["properties"])
        stated = persona.stated_interests(tuple(TAGS))
        assert {"genres", "themes"} <= set(stated)
        for facet, tags in stated.items():
            assert set(tags) <= TAGS[facet]


class TestHistory:
    def test_only_authored_personas_have_one_and_noor_has_none(self):
        assert {event["persona_id"] for event in INTERACTIONS} == set(WITH_HISTORY)
        assert "noor" in PERSONA_IDS

    @pytest.mark.parametrize("event", INTERACTIONS, ids=lambda e: f"{e['persona_id']}-{e['target']}-{e['action']}")
    def test_every_line_is_a_valid_interaction(self, event):
        kind = event.get("target_kind", "item")
        at = NOW - timedelta(days=event["days_ago"])
        made = Interaction(event["target"], event["action"], at, target_kind=kind)
        assert set(event) <= {"persona_id", "target", "action", "days_ago", "target_kind"}
        assert made.target in (CREATORS if kind == "creator" else FILM_IDS)
        assert (kind == "creator") == (event["action"] == "follow")
        assert event["action"] in ACTIONS

    @pytest.mark.parametrize("persona_id", WITH_HISTORY)
    def test_it_spans_two_to_twelve_weeks_and_fifteen_to_fortyfive_events(self, persona_id):
        ages = [event["days_ago"] for event in history(persona_id)]
        assert 15 <= len(ages) <= 45
        assert 0 < min(ages) <= 2
        assert max(ages) - min(ages) >= 14
        assert max(ages) <= 84
        assert ages == sorted(ages, reverse=True)

    @pytest.mark.parametrize("persona_id", WITH_HISTORY)
    def test_it_mixes_actions(self, persona_id):
        counts = Counter(event["action"] for event in history(persona_id))
        assert set(counts) == ACTIONS
        assert counts["view"] > counts["like"] > counts["dislike"] >= 2

    @pytest.mark.parametrize("record", PERSONAS, ids=PERSONA_IDS)
    def test_plenty_of_fitting_films_are_left_unseen(self, record):
        wanted = {tag for tags in record["interests"].values() for tag in tags}
        fitting = {film["id"] for film in FILMS if len(wanted & {*film["genres"], *film["themes"]}) >= 2}
        assert len(fitting - seen(record["id"])) >= 15


class TestExpectations:
    def test_every_authored_persona_has_five_of_each(self):
        assert set(EXPECTED) == set(PERSONA_IDS)
        for lists in EXPECTED.values():
            assert {name: len(set(ids)) for name, ids in lists.items()} == {"in_top_20": 5, "not_in_top_20": 5}

    @pytest.mark.parametrize("persona_id", PERSONA_IDS)
    def test_they_name_films_that_the_persona_has_not_seen(self, persona_id):
        named = {film_id for ids in EXPECTED[persona_id].values() for film_id in ids}
        assert len(named) == 10
        assert named <= FILM_IDS
        assert not named & seen(persona_id)


def test_the_readme_quotes_the_figures():
    readme = (FOLDER / "README.md").read_text("utf-8")
    for figure in (
        f"{len(FILMS)} films",
        f"{len(INTERACTIONS)} interactions",
        f"{len(population_events()):,} interactions",
        f"of {len(TAGS['genres'])};",
        f"of {len(TAGS['themes'])} |",
    ):
        assert figure in readme
