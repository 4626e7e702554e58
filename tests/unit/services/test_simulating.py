"""Simulated people and histories: marked, reproducible, to be taken back, and drawn by a taste."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from tastebench import Interaction, Persona, Workspace
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound

NOW = datetime(2026, 5, 1, tzinfo=UTC)
KINDS = ("noir rain detective", "western desert horse", "musical dance colour", "space robot future")


@pytest.fixture
def shelf(films: Workspace) -> Workspace:
    """A catalogue of four kinds, 15 items each, that lie apart in the space."""
    kinds = [KINDS[number % 4] for number in range(60)]
    ids = [f"{kind.split()[0]}{number}" for number, kind in enumerate(kinds)]
    rows = {"id": ids, "title": [f"{kind} {number}" for number, kind in enumerate(kinds)]}
    films.import_items(pd.DataFrame(rows | {"genres": [kind.split()[0] for kind in kinds]}))
    return films


def kinds_liked(shelf: Workspace, persona_id: str) -> list[str]:
    rows = shelf.interactions(persona_id, action="like", limit=1000).rows
    return [row.target.rstrip("0123456789") for row in rows]


def test_people_come_marked_with_a_history_and_go_as_one(shelf: Workspace) -> None:
    before = shelf.summary()
    report = shelf.simulate_people(20, days=30, seed=3, now=NOW)
    assert report.personas == 20
    assert report.rows == report.added == 20 + report.interactions
    assert report.interactions > 20 * 5
    people = shelf.personas(origin="simulated", limit=100)
    assert people.total == 20
    assert all(one.interactions for one in people.personas)
    log = shelf.interactions(origin="simulated", limit=10_000).rows
    assert len(log) == report.interactions
    assert all(NOW - timedelta(days=30) <= row.at <= NOW for row in log)
    assert {row.action for row in log} <= {"view", "click", "like", "dislike"}
    shelf.undo_import(report.import_id)
    after = shelf.summary()
    assert (after.personas, after.interactions) == (before.personas, before.interactions)


def test_the_same_seed_gives_the_same_people_another_seed_others(shelf: Workspace) -> None:
    def simulated(seed: int) -> list[tuple[str, str, datetime]]:
        report = shelf.simulate_people(5, seed=seed, now=NOW)
        found = [(row.target, row.action, row.at) for row in shelf.interactions(origin="simulated", limit=5000).rows]
        shelf.undo_import(report.import_id)
        return sorted(found)

    assert simulated(1) == simulated(1) != simulated(2)


def test_fewer_people_of_a_seed_are_the_first_of_more(shelf: Workspace) -> None:
    report = shelf.simulate_people(2, seed=1, now=NOW)
    first = {row.target for row in shelf.interactions("simulated-1-0002", limit=500).rows}
    shelf.undo_import(report.import_id)
    shelf.simulate_people(6, seed=1, now=NOW)
    assert {row.target for row in shelf.interactions("simulated-1-0002", limit=500).rows} == first


def test_people_of_a_seed_come_once(shelf: Workspace) -> None:
    shelf.simulate_people(2, seed=1)
    with pytest.raises(AlreadyExists, match="seed 1"):
        shelf.simulate_people(5, seed=1)


def test_a_hidden_taste_shows_in_what_is_liked(shelf: Workspace) -> None:
    """Each likes one kind, or two, far more than chance would have it (a quarter each)."""
    shelf.simulate_people(30, seed=5, now=NOW)
    shares = []
    for one in shelf.personas(origin="simulated", limit=100).personas:
        kinds = kinds_liked(shelf, one.persona.persona_id)
        if len(kinds) >= 4:
            shares.append(max(map(kinds.count, set(kinds))) / len(kinds))
    assert len(shares) > 10
    assert np.mean(shares) > 0.6


def test_a_persona_does_what_it_states_to_like(shelf: Workspace) -> None:
    pid = shelf.add_persona(Persona("Maya", "western desert horse", {"genres": ["western"]}))
    keys = shelf.simulate_history(pid, 14, seed=2, now=NOW)
    rows = shelf.interactions(pid, limit=1000).rows
    assert sorted(keys) == sorted(row.key for row in rows)
    assert {row.origin for row in rows} == {"simulated"}
    kinds = kinds_liked(shelf, pid)
    assert kinds.count("western") > len(kinds) / 2
    shelf.delete_interactions(keys)
    assert shelf.interactions(pid).total == 0


def test_what_a_persona_knows_is_not_met_again(shelf: Workspace) -> None:
    pid = shelf.add_persona(Persona("Maya"))
    known = [f"{KINDS[n % 4].split()[0]}{n}" for n in range(50)]
    shelf.add_interactions(pid, [Interaction(one, "view", NOW - timedelta(days=40)) for one in known])
    keys = set(shelf.simulate_history(pid, 14, now=NOW))
    met = {row.target for row in shelf.interactions(pid, limit=1000).rows if row.key in keys}
    assert met
    assert not met & set(known)


def test_shops_like_by_buying(shelf: Workspace) -> None:
    shelf.simulate_people(5, seed=1, liking="purchase")
    assert shelf.interactions(action="purchase").total > 0
    assert shelf.interactions(action="like").total == 0


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"people": 0}, "0 people"),
        ({"people": 10_001}, "10,001 people"),
        ({"days": 0}, "0 days"),
        ({"days": float("nan")}, "nan days"),
        ({"liking": "view"}, "'view'"),
        ({"seed": -1}, "-1 is no seed"),
    ],
)
def test_what_cannot_be_is_refused(shelf: Workspace, given: dict[str, object], match: str) -> None:
    with pytest.raises(InvalidInput, match=match):
        shelf.simulate_people(**given)  # type: ignore[arg-type]
    assert shelf.imports()[0].source != "simulation with seed 0"


def test_an_empty_catalogue_says_what_is_missing(films: Workspace) -> None:
    for item in ("klute", "parallax", "heat"):
        films.delete_item(item)
    with pytest.raises(InvalidInput, match="Import items"):
        films.simulate_people(3)


def test_nobody_of_that_id(shelf: Workspace) -> None:
    with pytest.raises(NotFound):
        shelf.simulate_history("nobody")
