"""Suggestions: each kind by hand, and laws over random worlds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tastebench.domain.columns import CatalogueColumns, LogColumns, PersonaColumns
from tastebench.domain.moments import MICROSECONDS_PER_DAY as DAY
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.statements import NONE_SAID, Statements
from tastebench.ranking import Snapshot
from tastebench.ranking.conversation import Tag, Wish
from tastebench.ranking.suggesting import Suggestion, Surroundings, suggestions
from tastebench.ranking.suggestion_kinds import KINDS
from tests.worlds import NOW, snapshot, tag_column

GENRES = ("noir", "crime", "western", "musical")
ALWAYS = np.iinfo(np.int64).min
ITEMS = 12
TAGS = [[0, 1], [0, 1], [0], [1], [2], [2], [2], [3], [3], [3], [2], [3]]
"""Of i0 to i11: two are noir and crime, one noir, one crime, the rest westerns and musicals."""


def statements(*said: tuple[float, str, str, str], action: str = "choose") -> Statements:
    """Choices of persona 1, or something else it said: days ago, category, key, value."""
    return replace(
        NONE_SAID,
        personas=np.ones(len(said), dtype=np.int64),
        at=np.array([NOW - int(days * DAY) for days, *_ in said], dtype=np.int64),
        actions=(action,) * len(said),
        names=tuple(PreferenceName(category, key, value) for _, category, key, value in said),  # type: ignore[arg-type]
        amounts=np.full(len(said), np.nan),
        counts=np.zeros(len(said), np.int64),
    )


def world(
    events: Sequence[tuple[int, int, str, float]] = (),
    created: dict[int, float] | None = None,
    said: Statements | None = None,
) -> Snapshot:
    """Return a workspace: events are persona, item, action, days ago; `created` the days since an item came."""
    actions = tuple(sorted({action for _, _, action, _ in events}))
    since = [NOW - int(created[row] * DAY) if created and row in created else ALWAYS for row in range(ITEMS)]
    catalogue = CatalogueColumns(
        keys=np.arange(ITEMS),
        item_ids=tuple(f"i{row}" for row in range(ITEMS)),
        titles=tuple(f"Film {row}" for row in range(ITEMS)),
        vectors=np.zeros((ITEMS, 2), np.float32),
        created_at=np.array(since),
        available=np.ones(ITEMS, dtype=np.bool_),
        creators=np.full(ITEMS, -1),
        creator_names=(),
        facets={"genres": tag_column(GENRES, TAGS)},
        attributes={},
    )
    columns = [np.array([event[place] for event in events], dtype=np.int64) for place in (0, 1)]
    log = LogColumns(
        np.arange(len(events)), *columns, np.array([actions.index(event[2]) for event in events], dtype=np.int64),
        actions, np.array([NOW - int(event[3] * DAY) for event in events], dtype=np.int64),
        np.full(len(events), np.nan),
        np.zeros(0, np.int64), np.zeros(0, np.int64), (), said=said or statements(),
    )  # fmt: skip
    people = PersonaColumns(np.array([1, 2]), ("p1", "p2"), np.zeros((2, 2), np.float32))
    return Snapshot(catalogue, log, people, {"view": 1.0, "dislike": -2.0}, ("genres",), "genres")


def around(snapshot: Snapshot, **more: object) -> Surroundings:
    return Surroundings(snapshot, 1, NOW, **more)  # type: ignore[arg-type]


def test_nothing_is_known_nothing_is_suggested() -> None:
    assert suggestions(around(world())) == ()


def test_related_is_what_the_last_list_has_more_of_than_the_catalogue() -> None:
    # Of the five shown, 3 are noir and 3 crime (of 12: 3 and 3), 1 is a western: one alone says nothing.
    shown = {"shown": ("i0", "i1", "i2", "i3", "i4"), "asked": "a detective"}
    found = suggestions(around(world(), **shown))
    assert found == (
        Suggestion("related", "more crime", "Goes with your last question, “a detective”.", refines=True),
        Suggestion("related", "more noir", "Goes with your last question, “a detective”.", refines=True),
    )
    asked = Wish(more=(Tag("genres", "crime"),))
    assert [one.text for one in suggestions(around(world(), **shown, wish=asked))] == ["more noir"]
    ruled_out = Wish(without=(Tag("genres", "noir"),))
    assert [one.text for one in suggestions(around(world(), **shown, wish=ruled_out))] == ["more crime"]
    assert suggestions(around(world(), shown=("i0", "i1"))) == (), "all of them have both already"


def test_frequent_is_what_was_asked_for_week_after_week() -> None:
    weekly = [(days, "query", "genres", "noir") for days in (1, 8, 15, 22)]
    twice = [(days, "taste", "genres", "crime") for days in (2, 9)]
    at_once = [(3.0, "query", "genres", "western")] * 2
    once = [(4.0, "query", "genres", "musical"), (30.0, "query", "genres", "musical"), (1, "data", "genres", "x")]
    found = suggestions(around(world(said=statements(*weekly, *twice, *at_once, *once))))
    assert found == (
        Suggestion("frequent", "noir", "You ask for this weekly."),
        Suggestion("frequent", "crime", "You asked for this in 2 of the last 4 weeks."),
        Suggestion("frequent", "western", "You asked for this 2 times within a week."),
    )
    other = Surroundings(world(said=statements(*weekly)), 2, NOW)
    assert suggestions(other) == (), "what another persona asks for is nobody's business"


def test_new_is_what_came_since_the_last_visit() -> None:
    # The visit of now began ten minutes ago; the one before ended five days ago.
    visits = [(1, 4, "view", 5.0), (1, 4, "view", 10 / 1440)]
    found = suggestions(around(world(visits, {0: 3, 1: 2, 2: 1, 4: 4, 5: 6})))
    assert found == (
        Suggestion("new", "noir", "The first of this kind came since your last visit on 9 November."),
        Suggestion("new", "crime", "2 new items since your last visit on 9 November."),
    )
    one = suggestions(around(world(visits, {3: 1})))
    assert one == (Suggestion("new", "Film 3", "It came since your last visit on 9 November."),)
    assert suggestions(around(world(visits, {3: 6}))) == ()
    assert suggestions(around(world(visits[1:], {3: 1}))) == (), "a first visit has nothing before it"


def test_trending_is_what_is_taken_up_more_than_usual() -> None:
    week = [(2, item, "view", 1.0) for item in (4, 5, 6, 7, 8, 9)] + [(2, 4, "view", 2.0)]
    before = [(2, item, "view", 10.0 + item % 3) for item in (7, 8, 9) for _ in range(4)]
    dislikes = [(2, 0, "dislike", 1.0)] * 9
    found = suggestions(around(world([*week, *before, *dislikes])))
    # Westerns: 4 this week, none before. Musicals: 3, and 12 in the four weeks before: 3 a week.
    assert found == (Suggestion("trending", "western", "Taken up 4 times here in the last week, hardly any before."),)
    later = Surroundings(world([*week, *before]), 1, NOW - 8 * DAY)
    assert [one.text for one in suggestions(later)] == ["musical"], "what is yet to come does not count"


def test_kinds_take_turns_and_nothing_comes_twice() -> None:
    week = [(2, item, "view", 1.0) for item in (4, 5, 6)]
    asked = statements(*[(days, "query", "genres", "western") for days in (1, 8, 15, 22)])
    found = suggestions(around(world(week, said=asked), shown=("i0", "i1", "i3", "i4", "i7")))
    assert [(one.kind, one.text) for one in found] == [
        ("related", "more crime"), ("frequent", "western"), ("related", "more noir"),
    ]  # fmt: skip
    assert suggestions(around(world(week, said=asked)), limit=1) == found[1:2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(0, 8))
def test_in_any_world_they_are_few_and_of_its_own_tags(seed: int, days: int, limit: int) -> None:
    here = snapshot(seed)
    now = NOW - days * DAY
    shown = here.catalogue.item_ids[:8]
    found = suggestions(Surroundings(here, 1, now, "trains", shown), limit)
    tags = {name for column in here.catalogue.facets.values() for name in column.names}
    assert len(found) <= limit
    assert len({one.text for one in found}) == len(found)
    assert all(one.kind in KINDS and one.reason for one in found)
    assert {one.text.removeprefix("more ") for one in found} <= tags | set(here.catalogue.titles)
    cut = replace(here, log=here.log.until(now))
    assert suggestions(Surroundings(cut, 1, now, "trains", shown), limit) == found
