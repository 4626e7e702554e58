"""Laws of the stores over random histories: nothing crosses, nothing doubles, undo leaves no trace."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from tastebench.domain.choices import Choice
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import Rejection
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.stores import (
    app_state,
    imports,
    impressions,
    interactions,
    items,
    operator_choices,
    personas,
    profiles,
    workspaces,
)
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow
from tastebench.stores.personas import StoredPersona
from tastebench.stores.schema import metadata
from tests.unit.stores.filling import AT, fill

IDS = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One database for all examples; each makes its own workspaces."""
    with Database.open(Path(tmp_path_factory.mktemp("laws")) / "tastebench.db") as database:
        yield database


def fresh(connection: Connection, name: str) -> int:
    with suppress(NotFound):
        workspaces.delete(connection, workspaces.find(connection, name).key)
    return workspaces.create(connection, name).key


def dump(connection: Connection, workspace: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the workspace in every table."""
    rows = {}
    for table in metadata.sorted_tables:
        column = table.c.key if table.name == "workspaces" else table.c.workspace_key
        found = connection.execute(select(table).where(column == workspace).order_by(next(iter(table.columns))))
        rows[table.name] = [tuple(row) for row in found]
    return rows


# Law 7. Every operation gets ids and keys that may well be the other workspace's. Where one does not look
# whether a key is its own, the composite foreign keys refuse it: hence the IntegrityError.

Operation = Callable[[Connection, int, list[int], str, int], object]


def event(key: int, item_id: str, number: int) -> list[EventRow]:
    return [EventRow(key, Interaction(item_id, "like", AT), number.to_bytes(16, "big"), number)]


def save_vectors(connection: Connection, workspace: int, keys: list[int], item_id: str, number: int) -> object:
    every = list(range(max(keys, default=0) + 3))
    return items.save_vectors(connection, workspace, every, np.ones((len(every), 2), np.float32), [b"x"] * len(every))


def first(keys: list[int], number: int) -> int:
    """Return an import's key: one that is somebody's where any are known."""
    return keys[0] if keys else number


OPERATIONS: dict[str, Operation] = {
    "upsert": lambda c, w, k, i, n: items.upsert(c, w, [Item(i, f"Title {n}")], n),
    "edit": lambda c, w, k, i, n: items.upsert(c, w, [Item(i, f"Title {n}")]),
    "available": lambda c, w, k, i, n: items.set_available(c, w, i, bool(n % 2)),
    "delete item": lambda c, w, k, i, n: items.delete(c, w, [i]),
    "restore item": lambda c, w, k, i, n: items.restore(c, w, [i]),
    "allocate": lambda c, w, k, i, n: items.keys_of(c, w, [i, str(n)], allocate=True),
    "vectors": save_vectors,
    "add persona": lambda c, w, k, i, n: personas.add(c, w, Persona(i, persona_id=i)),
    "import persona": lambda c, w, k, i, n: personas.upsert(c, w, [Persona(f"{i}{n}", persona_id=i)], n),
    "missing persona": lambda c, w, k, i, n: personas.add_missing(c, w, [Persona(i, persona_id=i)], n),
    "update persona": lambda c, w, k, i, n: personas.update(c, w, i, Persona(f"{i}{n}")),
    "delete persona": lambda c, w, k, i, n: personas.delete(c, w, [i]),
    "restore persona": lambda c, w, k, i, n: personas.restore(c, w, [i]),
    "priors": lambda c, w, k, i, n: personas.save_priors(c, w, {key: (np.ones(2), b"x") for key in k}),
    "append": lambda c, w, k, i, n: [interactions.append(c, w, event(key, i, n)) for key in k[:2]],
    "copy": lambda c, w, k, i, n: [interactions.copy_history(c, w, one, k[1]) for one in k[:1]],
    "delete events": lambda c, w, k, i, n: interactions.delete(c, w, k[:2]),
    "restore events": lambda c, w, k, i, n: interactions.restore(c, w, k[:2]),
    "start": lambda c, w, k, i, n: imports.start(c, w, "items", i, {}),
    "reject": lambda c, w, k, i, n: imports.add_rejections(c, w, first(k, n), [Rejection(n, i, "bad")]),
    "undo": lambda c, w, k, i, n: [imports.undo(c, w, key) for key in k[:1]],
    "undo items": lambda c, w, k, i, n: items.undo_import(c, w, first(k, n)),
    "undo personas": lambda c, w, k, i, n: personas.undo_import(c, w, first(k, n)),
    "undo events": lambda c, w, k, i, n: interactions.undo_import(c, w, first(k, n)),
    "profile": lambda c, w, k, i, n: profiles.save(c, w, ScoringProfile(name=i, hide_after=(str(n),))),
    "default": lambda c, w, k, i, n: profiles.set_default(c, w, i),
    "delete profile": lambda c, w, k, i, n: profiles.delete(c, w, i),
    "impression": lambda c, w, k, i, n: [impressions.add(c, w, key, AT, {}, [i], "") for key in k[:1]],
    "state": lambda c, w, k, i, n: app_state.save(c, w, i, n),
    "choice": lambda c, w, k, i, n: operator_choices.add(c, w, i, Choice(PreferenceName("data", "export", "csv"), n)),
    "forget choices": lambda c, w, k, i, n: operator_choices.forget(c, w, i),
    "restore choices": lambda c, w, k, i, n: operator_choices.restore(c, w, k),
    "settings": lambda c, w, k, i, n: workspaces.save_settings(c, w, WorkspaceSettings(facets=(i,))),
    "encoder": lambda c, w, k, i, n: workspaces.set_encoder(c, w, i, n),
    "rename": lambda c, w, k, i, n: workspaces.rename(c, w, f"{w}"),
    "bump": lambda c, w, k, i, n: workspaces.bump(c, w, "catalogue", "log", "personas", rewritten=True),
}

FEWER = settings(max_examples=60)
"""Each of these examples is a whole history of its own."""

STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(sorted(OPERATIONS)), st.sampled_from(IDS), st.integers(0, 5)),
    min_size=5,
    max_size=25,
)


def all_keys(*dumps: dict[str, list[tuple[Any, ...]]]) -> list[int]:
    named = ("personas", "interactions", "imports", "items")
    return sorted({row[0] for rows in dumps for name in named for row in rows[name]})


def turned(keys: list[int], number: int) -> list[int]:
    """Return the keys, another one first for every number."""
    return keys[number:] + keys[:number]


@FEWER
@given(steps=STEPS)
def test_nothing_crosses_from_one_workspace_to_another(
    shared: Database, steps: list[tuple[bool, str, str, int]]
) -> None:
    with shared.write() as connection:
        sides = [fresh(connection, "left"), fresh(connection, "right")]
        for workspace in sides:
            fill(connection, workspace)
        for second, name, item_id, number in steps:
            mine, others = sides[second], sides[not second]
            before = dump(connection, others)
            keys = turned(all_keys(dump(connection, mine), before), number)
            with suppress(NotFound, AlreadyExists, InvalidInput, IntegrityError), shared.write():
                OPERATIONS[name](connection, mine, keys, item_id, number)
            assert dump(connection, others) == before, name


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_operation_reaches_across(shared: Database, name: str) -> None:
    done = 0
    with shared.write() as connection:
        here, there = fresh(connection, "left"), fresh(connection, "right")
        fill(connection, here)
        fill(connection, there)
        before = dump(connection, there)
        keys = all_keys(dump(connection, here), before)
        for item_id, number in product(IDS, range(len(keys))):
            with suppress(NotFound, AlreadyExists, InvalidInput, IntegrityError), shared.write():
                OPERATIONS[name](connection, here, turned(keys, number), item_id, number)
                done += 1
            assert dump(connection, there) == before
    assert done, "the operation was refused every time"


READS: dict[str, Callable[[Connection, int], object]] = {
    "page": items.page,
    "fetch": lambda c, w: items.fetch(c, w, IDS),
    "search": lambda c, w: items.matching_keys(c, w, "a").tolist(),
    "waiting": lambda c, w: items.without_vector(c, w, 0, 100),
    "count": items.count_without_vector,
    "ids": lambda c, w: items.ids_of(c, w, range(300)),
    "keys": lambda c, w: items.keys_of(c, w, IDS),
    "personas": personas.page,
    "names": personas.names,
    "actions": interactions.actions_used,
    "unfinished": imports.unfinished,
    "priors": lambda c, w: personas.without_prior(c, w, 100),
    "log": interactions.page,
    "searched log": lambda c, w: interactions.page(c, w, search="a"),
    "activity": lambda c, w: interactions.activity(c, w, range(300)),
    "imports": imports.all_reports,
    "profiles": profiles.all_versions,
    "default": profiles.default,
    "counts": workspaces.counts,
}


@FEWER
@given(steps=STEPS)
def test_reading_one_workspace_shows_nothing_of_another(
    shared: Database, steps: list[tuple[bool, str, str, int]]
) -> None:
    with shared.write() as connection:
        empty, busy = fresh(connection, "left"), fresh(connection, "right")
        nothing = {name: read(connection, empty) for name, read in READS.items()}
        fill(connection, busy)
        assert {name: read(connection, empty) for name, read in READS.items()} == nothing
        for _, name, item_id, number in steps:
            with suppress(NotFound, AlreadyExists, InvalidInput, IntegrityError), shared.write():
                OPERATIONS[name](connection, busy, turned(all_keys(dump(connection, busy)), number), item_id, number)
        assert {name: read(connection, empty) for name, read in READS.items()} == nothing


BY_ID = [
    "upsert", "edit", "available", "delete item", "restore item", "add persona", "import persona", "missing persona",
    "update persona", "delete persona", "restore persona", "undo items", "undo personas", "profile", "default",
    "delete profile",
]  # fmt: skip
"""Operations that name nothing by key: they can be repeated in another workspace."""


def outcome(database: Database, connection: Connection, workspace: int, step: tuple[str, str, int]) -> str:
    name, item_id, number = step
    try:
        with database.write():
            result = OPERATIONS[name](connection, workspace, [], item_id, number)
    except (NotFound, AlreadyExists, InvalidInput) as error:
        return str(error)
    return "" if isinstance(result, StoredPersona) else repr(result)


@FEWER
@given(steps=st.lists(st.tuples(st.booleans(), st.sampled_from(BY_ID), st.sampled_from(IDS), st.integers(0, 3))))
def test_what_happens_next_door_makes_no_difference(shared: Database, steps: list[tuple[bool, str, str, int]]) -> None:
    with shared.write() as connection:
        busy, neighbour, alone = (fresh(connection, name) for name in ("left", "right", "alone"))
        for mine, *step in steps:
            if mine:
                expected = outcome(shared, connection, alone, tuple(step))
                assert outcome(shared, connection, busy, tuple(step)) == expected, step
            else:
                outcome(shared, connection, neighbour, tuple(step))
        for read in (items.page, personas.names, profiles.default, interactions.actions_used):
            assert read(connection, busy) == read(connection, alone)


# Law 10.

ROWS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["view", "like"]), st.integers(0, 2)), max_size=20)


@given(rows=ROWS, batch=st.integers(1, 7))
def test_importing_the_same_rows_twice_changes_nothing(shared: Database, rows: list[Any], batch: int) -> None:
    log = [
        EventRow(0, Interaction(item, action, AT + timedelta(days=day)), f"{item}{action}{day}".encode().ljust(16))
        for item, action, day in rows
    ]
    catalogue = [Item(item, f"{action} {day}") for item, action, day in {row[0]: row for row in rows}.values()]
    with shared.write() as connection:
        workspace = fresh(connection, "left")
        key = personas.add(connection, workspace, Persona("Maya")).key

        def load(import_key: int) -> int:
            done = 0
            for start in range(0, len(rows), batch):
                part = [row._replace(persona_key=key, import_key=import_key) for row in log[start : start + batch]]
                done += interactions.append(connection, workspace, part).added
                changes = items.upsert(connection, workspace, catalogue[start : start + batch], import_key)
                done += changes.added + changes.changed
            return done

        assert load(1) == len(set(rows)) + len(catalogue)
        before = dump(connection, workspace)
        assert load(2) == 0
        assert dump(connection, workspace) == before


# Undo: the state is what the writes that still stand would have left.

History = dict[str, list[tuple[int | None, str | None]]]
"""Per item: who wrote (an import, None: by hand) and what (None: a deletion), oldest first."""


def standing(history: History) -> dict[str, str]:
    """Return the title of each item that is there."""
    state = {}
    for item_id, writes in history.items():
        if any(title is not None for _, title in writes) and writes[-1][1] is not None:
            state[item_id] = writes[-1][1]
    return state


WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.dictionaries(st.sampled_from(IDS), st.sampled_from("xyz"), min_size=1)),
        st.tuples(st.just("edit"), st.dictionaries(st.sampled_from(IDS), st.sampled_from("xyz"), max_size=1)),
        st.tuples(st.just("delete"), st.sampled_from(IDS)),
        st.tuples(st.just("undo"), st.integers(0, 9)),
    ),
    min_size=2,
    max_size=14,
)


@given(writes=WRITES)
def test_an_undone_import_might_as_well_not_have_been(shared: Database, writes: list[tuple[str, Any]]) -> None:
    history: History = {item_id: [] for item_id in IDS}
    standing_imports: list[int] = []
    with shared.write() as connection:
        workspace = fresh(connection, "left")
        for kind, given_ in writes:
            now = standing(history)
            if kind in {"import", "edit"}:
                key = imports.start(connection, workspace, "items", "x", {}) if kind == "import" else None
                standing_imports += [] if key is None else [key]
                for item_id, title in given_.items():
                    history[item_id] += [(key, title)] if now.get(item_id) != title else []
                items.upsert(connection, workspace, [Item(i, title) for i, title in given_.items()], key)
            elif kind == "delete" and given_ in now:
                history[given_].append((None, None))
                items.delete(connection, workspace, [given_])
            elif kind == "undo" and standing_imports:
                undone = standing_imports.pop(given_ % len(standing_imports))
                imports.undo(connection, workspace, undone)
                history = {i: [write for write in mine if write[0] != undone] for i, mine in history.items()}
            found = items.page(connection, workspace)[0]
            assert {item.item_id: item.title for item in found} == standing(history)
