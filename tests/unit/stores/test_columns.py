"""SQL rows as columns: values by hand, and what is extended against what is read afresh."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tastebench.domain.columns import LogColumns
from tastebench.domain.errors import EncoderMismatch, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Persona
from tastebench.stores import embeddings, interactions, items, personas, workspaces
from tastebench.stores.columns import LogChanges, extend_log, load_catalogue, load_log, load_personas
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow

AT = datetime(2024, 5, 1, tzinfo=UTC)
NEVER = np.iinfo(np.int64).min


def embed(connection: Connection, workspace: int, dimension: int = 2) -> None:
    """Give every item without a vector the next row of an identity, over and over."""
    pending = embeddings.without_vector(connection, workspace, 0, 10_000)
    vectors = np.eye(dimension, dtype=np.float32)[np.arange(len(pending)) % dimension]
    embeddings.save_vectors(connection, workspace, [p.key for p in pending], vectors, [p.hash for p in pending])


def person(connection: Connection, workspace: int, name: str = "Maya") -> int:
    return personas.add(connection, workspace, Persona(name)).key


def event(persona: int, target: str, action: str = "like", **more: Any) -> EventRow:
    return EventRow(persona, Interaction(target, action, more.pop("at", AT), **more))


def assert_same(one: LogColumns, other: LogColumns) -> None:
    for field in fields(LogColumns):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), err_msg=field.name)


# -- catalogue ------------------------------------------------------------------------------------------------------


def test_the_catalogue_as_stored(database: Database, workspace: int) -> None:
    with database.write() as connection:
        new = [
            Item(
                "k", "Klute", facets={"genres": ("crime", "noir"), "era": ("1970s",)}, creator="Pakula", created_at=AT
            ),
            Item(
                "a", "Alien", facets={"genres": ("horror",)}, creator="Scott", attributes={"year": 1979, "price": 9.5}
            ),
            Item("b", available=False, creator="Pakula", attributes={"year": 1982}),
        ]
        items.upsert(connection, workspace, new)
        embed(connection, workspace)
        catalogue = load_catalogue(connection, workspace, 2)
    assert catalogue.item_ids == ("k", "a", "b")
    assert catalogue.titles == ("Klute", "Alien", "b")
    assert (np.diff(catalogue.keys) > 0).all()
    assert catalogue.vectors.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert catalogue.vectors.dtype == np.float32
    assert catalogue.created_at.tolist() == [to_micros(AT), NEVER, NEVER]
    assert catalogue.available.tolist() == [True, True, False]
    assert catalogue.creator_names == ("Pakula", "Scott")
    assert catalogue.creators.tolist() == [0, 1, 0]
    assert [catalogue.facets["genres"].tags_of(row) for row in range(3)] == [("crime", "noir"), ("horror",), ()]
    assert [catalogue.facets["era"].tags_of(row) for row in range(3)] == [("1970s",), (), ()]
    np.testing.assert_array_equal(catalogue.attributes["year"], [np.nan, 1979, 1982])
    np.testing.assert_array_equal(catalogue.attributes["price"], [np.nan, 9.5, np.nan])


def test_an_item_without_creator_or_vector_has_none(database: Database, workspace: int) -> None:
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("a", creator="Ann"), Item("b")])
        catalogue = load_catalogue(connection, workspace, 3)
    assert catalogue.creators.tolist() == [0, -1]
    assert catalogue.vectors.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert not catalogue.embedded.any()


def test_deleted_items_and_their_vectors_stay_away_until_restored(database: Database, workspace: int) -> None:
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("a"), Item("b"), Item("c")])
        embed(connection, workspace, 3)
        items.delete(connection, workspace, ["a", "b"])
        catalogue = load_catalogue(connection, workspace, 3)
        assert catalogue.item_ids == ("c",)
        assert catalogue.vectors.tolist() == [[0, 0, 1]]
        items.restore(connection, workspace, ["a"])
        assert load_catalogue(connection, workspace, 3).vectors.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_only_finite_numbers_are_numeric_attributes(database: Database, workspace: int) -> None:
    odd = {"text": "12", "flag": True, "huge": 10**400, "zero": 0, "minus": -2.5}
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("a", attributes=odd)])
        attributes = load_catalogue(connection, workspace, 2).attributes
    assert {name: column.tolist() for name, column in attributes.items()} == {"zero": [0.0], "minus": [-2.5]}
    assert attributes.get("text") is None
    assert len(attributes) == 2


def test_an_empty_workspace_has_empty_columns(database: Database, workspace: int) -> None:
    with database.read() as connection:
        catalogue = load_catalogue(connection, workspace, 7)
        log = load_log(connection, workspace)
        people = load_personas(connection, workspace, 7)
    assert (len(catalogue), catalogue.vectors.shape, dict(catalogue.facets)) == (0, (0, 7), {})
    assert (len(log), log.action_names, len(log.follow_at)) == (0, (), 0)
    assert (len(people), people.priors.shape) == (0, (0, 7))


def test_vectors_of_another_length_are_an_error_that_names_both(database: Database, workspace: int) -> None:
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("a")])
        embed(connection, workspace, 2)
        with pytest.raises(EncoderMismatch, match="have 2 numbers each; 384 are expected"):
            load_catalogue(connection, workspace, 384)


def test_more_rows_than_one_batch_keep_their_order(database: Database, workspace: int) -> None:
    names = [f"item {n:04}" for n in range(1000)]
    with database.write() as connection:
        made = [Item(name, facets={"n": (str(n % 7),)}, attributes={"n": n}) for n, name in enumerate(names)]
        items.upsert(connection, workspace, made)
        embed(connection, workspace, 10)
        maya = person(connection, workspace)
        interactions.append(connection, workspace, [event(maya, name) for name in names])
        catalogue, log = load_catalogue(connection, workspace, 10), load_log(connection, workspace)
    assert catalogue.item_ids == tuple(names)
    assert [catalogue.facets["n"].tags_of(n) for n in (0, 301, 999)] == [("0",), ("0",), ("5",)]
    assert catalogue.vectors.argmax(axis=1).tolist() == [n % 10 for n in range(1000)]
    assert catalogue.attributes["n"].tolist() == list(range(1000))
    assert log.items.tolist() == catalogue.keys.tolist()


# -- personas -------------------------------------------------------------------------------------------------------


def test_personas_with_their_priors(database: Database, workspace: int) -> None:
    with database.write() as connection:
        keys = [person(connection, workspace, name) for name in ("Ann", "Bob", "Cleo")]
        priors = {keys[0]: (np.array([0.6, 0.8]), b"a"), keys[1]: (None, b"b"), keys[2]: (np.array([0, 1]), b"c")}
        embeddings.save_priors(connection, workspace, priors)
        ids = [row.persona.persona_id for row in personas.page(connection, workspace, limit=9, offset=0)[0]]
        personas.delete(connection, workspace, [load_personas(connection, workspace, 2).persona_ids[2]])
        people = load_personas(connection, workspace, 2)
        with pytest.raises(EncoderMismatch):
            load_personas(connection, workspace, 3)
    assert people.keys.tolist() == keys[:2]
    assert set(people.persona_ids) < set(ids)
    np.testing.assert_allclose(people.priors, [[0.6, 0.8], [0, 0]], rtol=1e-6)


# -- log ------------------------------------------------------------------------------------------------------------


def test_the_log_as_stored(database: Database, workspace: int) -> None:
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("a"), Item("b")])
        ann, bob = person(connection, workspace, "Ann"), person(connection, workspace, "Bob")
        rows = [
            event(ann, "b", "view"),
            event(bob, "a", "like", weight=-0.25, at=AT + timedelta(days=1)),
            event(ann, "missing", "view"),
            event(ann, "Kubrick", "follow", target_kind="creator"),
            event(ann, "a comment", "like", target_kind="comment"),
            event(ann, "Kubrick", "like", target_kind="creator"),
        ]
        keys = interactions.append(connection, workspace, rows).keys
        log = load_log(connection, workspace)
        known = load_catalogue(connection, workspace, 2)
    assert log.keys.tolist() == list(keys[:3])
    assert log.personas.tolist() == [ann, bob, ann]
    assert log.items[:2].tolist() == [known.keys[known.position_of["b"]], known.keys[known.position_of["a"]]]
    assert log.items[2] not in known.keys
    assert [log.action_names[code] for code in log.actions] == ["view", "like", "view"]
    assert log.at.tolist() == [to_micros(AT), to_micros(AT + timedelta(days=1)), to_micros(AT)]
    np.testing.assert_array_equal(log.weights, [np.nan, -0.25, np.nan])
    assert log.follow_personas.tolist() == [ann]
    assert log.follow_at.tolist() == [to_micros(AT)]
    assert log.follow_creators == ("Kubrick",)


def test_deleted_rows_and_the_rows_of_deleted_personas_do_not_count(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ann, bob = person(connection, workspace, "Ann"), person(connection, workspace, "Bob")
        follow = event(bob, "Kubrick", "follow", target_kind="creator")
        keys = interactions.append(
            connection, workspace, [event(bob, "a", "view"), event(ann, "a"), event(ann, "b"), follow]
        ).keys
        interactions.delete(connection, workspace, [keys[2]])
        bob_id = {row.key: row.persona.persona_id for row in personas.page(connection, workspace, limit=9, offset=0)[0]}
        personas.delete(connection, workspace, [bob_id[bob]])
        log = load_log(connection, workspace)
    assert log.keys.tolist() == [keys[1]]
    assert log.action_names == ("like",)
    assert log.follow_creators == ()


def test_a_log_that_did_not_grow_is_the_same_object(database: Database, workspace: int) -> None:
    with database.write() as connection:
        maya = person(connection, workspace)
        interactions.append(connection, workspace, [event(maya, "a")])
        log = load_log(connection, workspace)
        person(connection, workspace, "a new face without a history")
        assert extend_log(connection, workspace, log) is log


def test_newer_rows_join_at_the_end_and_known_actions_keep_their_codes(database: Database, workspace: int) -> None:
    with database.write() as connection:
        maya = person(connection, workspace)
        interactions.append(connection, workspace, [event(maya, "a", "view"), event(maya, "b", "like")])
        before = load_log(connection, workspace)
        more = [
            event(maya, "c", "an action of our own"),
            event(maya, "d", "like", at=AT - timedelta(days=99)),
            event(maya, "Varda", "follow", target_kind="creator"),
        ]
        interactions.append(connection, workspace, more)
        after = extend_log(connection, workspace, before)
        assert_same(after, load_log(connection, workspace))
        assert extend_log(connection, workspace, after) is after
    assert len(before) == 2
    assert after.keys[:2].tolist() == before.keys.tolist()
    assert after.action_names == ("view", "like", "an action of our own")
    assert after.actions.tolist() == [0, 1, 2, 1]
    assert after.follow_creators == ("Varda",)


def test_a_follow_alone_extends_the_log_once(database: Database, workspace: int) -> None:
    with database.write() as connection:
        maya = person(connection, workspace)
        log = load_log(connection, workspace)
        interactions.append(connection, workspace, [event(maya, "Varda", "follow", target_kind="creator")])
        once = extend_log(connection, workspace, log)
        assert extend_log(connection, workspace, once).follow_creators == ("Varda",)


def test_deletions_and_restorations_are_seen_by_who_holds_the_log(database: Database, workspace: int) -> None:
    with database.write() as connection:
        maya = person(connection, workspace)
        keys = interactions.append(connection, workspace, [event(maya, name) for name in "abc"]).keys
        log = load_log(connection, workspace)
        interactions.delete(connection, workspace, [keys[1]])
        log = extend_log(connection, workspace, log)
        assert log.keys.tolist() == [keys[0], keys[2]]
        interactions.restore(connection, workspace, [keys[1]])
        log = extend_log(connection, workspace, log)
        assert log.keys.tolist() == list(keys)
        persona_id = load_personas(connection, workspace, 2).persona_ids[0]
        personas.delete(connection, workspace, [persona_id])
        log = extend_log(connection, workspace, log)
        assert len(log) == 0
        personas.restore(connection, workspace, [persona_id])
        assert extend_log(connection, workspace, log).keys.tolist() == list(keys)


def rewrite(connection: Connection, workspace: int, changes: LogChanges, work: Any, keys: Sequence[int]) -> None:
    """Delete or restore rows, and note them as who does so in the app would."""
    if work(connection, workspace, keys):
        changes.note(workspaces.by_key(connection, workspace).log_rewrites, keys)


def test_known_deletions_and_restorations_are_merged_without_reading_the_log_again(
    database: Database, workspace: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = LogChanges()
    with database.write() as connection:
        ann, bob = person(connection, workspace, "Ann"), person(connection, workspace, "Bob")
        rows = [
            event(ann, "a", "odd"), event(bob, "b", "view"), event(ann, "Varda", "follow", target_kind="creator"),
            event(bob, "c", weight=0.5), event(bob, "Demy", "follow", target_kind="creator"), event(ann, "d", "view"),
        ]  # fmt: skip
        keys = interactions.append(connection, workspace, rows).keys
        whole = load_log(connection, workspace)
        rewrite(connection, workspace, changes, interactions.delete, [keys[3], keys[0], keys[2]])
        late = interactions.append(connection, workspace, [event(ann, "e", "late"), event(ann, "f", "late")]).keys
        rewrite(connection, workspace, changes, interactions.delete, late)  # never seen by who holds the log
        rewrite(connection, workspace, changes, interactions.restore, late[1:])
        without, reloaded = extend_log(connection, workspace, whole, changes), load_log(connection, workspace)
        assert without.keys.tolist() == [keys[1], keys[5], late[1]]
        assert without.action_names == ("view", "late")
        assert without.follow_creators == ("Demy",)
        assert_same(without, reloaded)
        rewrite(connection, workspace, changes, interactions.restore, keys)
        monkeypatch.setattr("tastebench.stores.log_columns.load_log", None)
        restored = extend_log(connection, workspace, without, changes)
        assert_same(restored, extend_log(connection, workspace, whole, changes))
    assert restored.keys.tolist() == [keys[0], keys[1], keys[3], keys[5], late[1]]
    assert [restored.action_names[code] for code in restored.actions] == ["odd", "view", "like", "view", "late"]
    assert restored.action_names == ("odd", "view", "like", "late")
    assert restored.weights[2] == 0.5
    assert restored.follow_creators == ("Varda", "Demy")
    assert restored.follow_keys.tolist() == [keys[2], keys[4]]


def test_a_rewrite_that_is_not_known_has_the_whole_log_read(database: Database, workspace: int) -> None:
    changes = LogChanges()
    with database.write() as connection:
        maya = person(connection, workspace)
        keys = interactions.append(connection, workspace, [event(maya, name) for name in "abc"]).keys
        log = load_log(connection, workspace)
        interactions.delete(connection, workspace, keys[:1])  # by another process
        rewrite(connection, workspace, changes, interactions.delete, keys[1:2])
        assert extend_log(connection, workspace, log, changes).keys.tolist() == keys[2:]


def test_many_rows_at_once_are_not_looked_up_one_by_one() -> None:
    changes = LogChanges()
    changes.note(1, range(1000))
    changes.note(2, [1000])
    assert changes.between(0, 1).tolist() == list(range(1000))
    assert changes.between(1, 2).tolist() == [1000]
    assert changes.between(0, 2) is None
    assert changes.between(2, 2).tolist() == []
    assert changes.between(2, 1) is None


def test_a_log_of_unknown_origin_is_read_afresh(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        for home, count in ((workspace, 3), (other, 2)):
            maya = person(connection, home)
            interactions.append(connection, home, [event(maya, f"item {n}") for n in range(count)])
        log = load_log(connection, workspace)
        for foreign in (log.take(np.array([0])), load_log(connection, other)):
            assert_same(extend_log(connection, workspace, foreign), log)


def test_workspaces_written_to_in_turns_never_mix(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        people = {home: person(connection, home) for home in (workspace, other)}
        logs = {home: load_log(connection, home) for home in people}
        for n in range(4):
            for home, maya in people.items():
                items.upsert(connection, home, [Item(f"{home}-{n}", facets={"home": (str(home),)})])
                interactions.append(connection, home, [event(maya, f"{home}-{n}", f"action of {home}")])
                logs[home] = extend_log(connection, home, logs[home])
        embed(connection, workspace)
        embed(connection, other, 5)
        for home, maya in people.items():
            catalogue = load_catalogue(connection, home, 2 if home == workspace else 5)
            assert set(catalogue.facets["home"].names) == {str(home)}
            assert logs[home].items.tolist() == catalogue.keys.tolist()
            assert set(logs[home].personas.tolist()) == {maya}
            assert logs[home].action_names == (f"action of {home}",)
            assert load_personas(connection, home, 2).keys.tolist() == [maya]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples; each has a workspace of its own."""
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('columns') / 'tastebench.db'}") as database:
        yield database


N = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), N, st.sampled_from("abc"), st.sampled_from(["view", "like", "odd"])),
        st.tuples(st.just("follow"), N, st.sampled_from("xy")),
        st.tuples(st.sampled_from(["delete", "restore"]), st.integers(0, 9), st.integers(1, 3), st.booleans()),
        st.tuples(st.sampled_from(["drop persona", "restore persona"]), N),
        st.just(("extend",)),
    ),
    max_size=25,
)


def record(connection: Connection, workspace: int, row: EventRow) -> Sequence[int]:
    """Return the key of the new row; none where its persona is deleted."""
    with suppress(NotFound):
        return interactions.append(connection, workspace, [row]).keys
    return []


@settings(max_examples=50)
@given(steps=STEPS)
def test_extending_equals_reading_afresh_whatever_happened(shared: Database, steps: list[tuple[Any, ...]]) -> None:
    with shared.write() as connection:
        home = workspaces.create(connection, uuid4().hex).key
        people = [personas.add(connection, home, Persona(f"P{n}", persona_id=f"p{n}")).key for n in range(3)]
        recorded: list[int] = []
        log = load_log(connection, home)
        changes, unknown = LogChanges(), LogChanges()
        for step in [*steps, ("extend",)]:
            match step:
                case ("append", n, target, action):
                    recorded += record(connection, home, event(people[n], target, action))
                case ("follow", n, whom):
                    recorded += record(connection, home, event(people[n], whom, "follow", target_kind="creator"))
                case ("delete", n, count, known):
                    work, noted = interactions.delete, changes if known else unknown
                    rewrite(connection, home, noted, work, recorded[n : n + count])
                case ("restore", n, count, known):
                    work, noted = interactions.restore, changes if known else unknown
                    rewrite(connection, home, noted, work, recorded[n : n + count])
                case ("drop persona", n):
                    personas.delete(connection, home, [f"p{n}"])
                case ("restore persona", n):
                    personas.restore(connection, home, [f"p{n}"])
                case _:
                    log = extend_log(connection, home, log, changes)
                    assert_same(log, load_log(connection, home))
