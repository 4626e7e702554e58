"""Filters: what they let through, and what is refused."""

from uuid import UUID

import pytest

from tastebench.agent import Filter, Persona, PersonalizationAgent
from tastebench.agent.filters import REFUSED, Conditions
from tastebench.domain.errors import InvalidInput
from tests.unit.agent.conftest import FILMS, ID

YEAR, GENRES = Filter.by_property("year"), Filter.by_property("genres")


def passing(shared: PersonalizationAgent, filters: Conditions) -> set[str]:
    if not shared.has_persona("bo"):
        shared.add_persona(Persona(persona_id="bo"))
    found = shared.get_objects("bo", filters=filters, use_agent_ranking=False).objects
    return {one.properties["title"] for one in found}


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (YEAR.greater_than(1999), lambda year, genres: year > 1999),
        (YEAR.greater_or_equal(1999), lambda year, genres: year >= 1999),
        (YEAR.less_than(1984), lambda year, genres: year < 1984),
        (YEAR.less_or_equal(1984), lambda year, genres: year <= 1984),
        (YEAR.equal(1984), lambda year, genres: year == 1984),
        (YEAR.greater_than(1980) & YEAR.less_than(2000), lambda year, genres: 1980 < year < 2000),
        (YEAR.greater_or_equal(1980) & YEAR.greater_than(1990), lambda year, genres: year > 1990),
        (GENRES.equal("horror"), lambda year, genres: "Horror" in genres),
        (GENRES.contains_any(["Horror", "ROMANCE"]), lambda year, genres: {"Horror", "Romance"} & {*genres}),
        (GENRES.equal("Western"), lambda year, genres: False),
        (
            Filter.all_of([GENRES.equal("Drama"), YEAR.greater_or_equal(1990)]),
            lambda year, genres: "Drama" in genres and year >= 1990,
        ),
    ],
)
def test_all_conditions_must_hold(shared: PersonalizationAgent, filters: Conditions, wanted: object) -> None:
    expected = {title for title, (_, genres, year) in FILMS.items() if wanted(year, genres)}  # type: ignore[operator]
    assert passing(shared, filters) == expected


def test_items_can_be_named_by_their_ids(shared: PersonalizationAgent) -> None:
    some = Filter.by_id().contains_any([ID["Reef"], str(ID["Twister"]), UUID(int=7)])
    assert passing(shared, some) == {"Reef", "Twister"}
    assert passing(shared, some & Filter.by_id().equal(ID["Reef"])) == {"Reef"}
    assert passing(shared, some & YEAR.less_than(1990)) == {"Reef"}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_filters_cannot_say_is_refused_with_a_reason(name: str) -> None:
    for start in (Filter, YEAR, Filter.by_id()):
        with pytest.raises(InvalidInput, match=f"Filters have no '{name}' here: {REFUSED[name]}"):
            getattr(start, name)
    with pytest.raises(AttributeError):
        _ = YEAR.unheard_of


def test_either_and_not_are_refused() -> None:
    with pytest.raises(InvalidInput, match="all conditions must hold"):
        _ = YEAR.equal(1984) | YEAR.equal(1985)
    with pytest.raises(InvalidInput, match="a filter says what items must be"):
        _ = ~YEAR.equal(1984)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: YEAR.greater_than("2000"), "year is compared with '2000', which is no number"),
        (lambda: YEAR.equal(True), "year is compared with True, which is no number"),
        (lambda: YEAR.less_than(float("inf")), "year is compared with inf"),
        (lambda: GENRES.contains_any("Horror"), "genres cannot contain any of 'Horror'. Give a list of tags"),
        (lambda: GENRES.contains_any([]), r"genres cannot contain any of \[\]"),
        (lambda: GENRES.contains_any(["a", 1]), "genres cannot contain any of"),
        (lambda: Filter.by_id().contains_any([]), r"No item has one of the ids \[\]"),
        (lambda: Filter.by_id().equal(7), "7 is no id"),
    ],
)
def test_values_that_cannot_be_compared_are_refused(make: object, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (Filter.by_property("genre").equal("Horror"), "The workspace has no facet 'genre'. Its facets are: genres"),
        (Filter.by_property("title").equal("Reef"), "The workspace has no facet 'title'"),
        (Filter.by_property("colour").greater_than(1), "no numeric attribute 'colour'. Its numbers are: year"),
        (GENRES.equal("Horror") & GENRES.equal("Comedy"), "genres is asked for twice"),
        (YEAR.greater_than(2000) & YEAR.less_than(1990), "the range of year starts above its end"),
    ],
)
def test_what_the_workspace_does_not_have_is_refused(
    shared: PersonalizationAgent, filters: Conditions, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        passing(shared, filters)
