"""Workspaces: names, settings, counts, and nothing left after deletion."""

import numpy as np
import pytest
from sqlalchemy import Connection, func, select

from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.domain.item import Item
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.stores import app_state, embeddings, items, personas, workspaces
from tastebench.stores.database import Database
from tastebench.stores.schema import metadata
from tests.unit.stores.filling import AT, LATEST, fill


def rows_per_table(connection: Connection, workspace: int) -> dict[str, int]:
    counts = {}
    for table in metadata.sorted_tables:
        column = table.c.key if table.name == "workspaces" else table.c.workspace_key
        counts[table.name] = connection.scalar(select(func.count()).select_from(table).where(column == workspace)) or 0
    return counts


def test_a_new_workspace_is_found_by_name_as_it_was_made(database: Database) -> None:
    settings = WorkspaceSettings(facets=("genres", "era"), category_facet="era", synthetic=True, note="Invented.")
    with database.write() as connection:
        made = workspaces.create(connection, "  My\u200b films ", settings)
        assert workspaces.find(connection, "My films") == made
        assert workspaces.by_key(connection, made.key) == made
    assert (made.name, made.settings, made.encoder_name, made.dimension) == ("My films", settings, None, None)
    assert (made.catalogue_revision, made.log_revision, made.persona_revision) == (0, 0, 0)


def test_names_are_unique_and_not_empty(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        with pytest.raises(AlreadyExists, match="films"):
            workspaces.create(connection, "films")
        with pytest.raises(AlreadyExists, match="shop"):
            workspaces.rename(connection, workspace, "shop")
        with pytest.raises(InvalidInput, match="name is empty"):
            workspaces.create(connection, " \x00 ")
        workspaces.rename(connection, workspace, "films")
        workspaces.rename(connection, workspace, "Ärzte")
        assert [row.name for row in workspaces.all_rows(connection)] == ["shop", "Ärzte"]


def test_an_unknown_workspace_names_those_there_are(database: Database, workspace: int, other: int) -> None:
    with database.read() as connection, pytest.raises(NotFound, match="flims") as caught:
        workspaces.find(connection, "flims")
    assert caught.value.next_step == "There are: films, shop."


@pytest.mark.parametrize(
    "act", [workspaces.delete, workspaces.by_key, lambda c, k: workspaces.rename(c, k, "new"), workspaces.bump]
)
def test_an_unknown_key_is_refused(database: Database, act: object) -> None:
    with database.write() as connection, pytest.raises(NotFound, match=r"key 77|deleted"):
        act(connection, 77)  # type: ignore[operator]


def test_settings_are_replaced_and_the_write_is_seen(database: Database, workspace: int) -> None:
    settings = WorkspaceSettings(actions={"like": 2.0, "taste": 1.5})
    with database.write() as connection:
        before = workspaces.find(connection, "films")
        workspaces.save_settings(connection, workspace, settings)
        after = workspaces.find(connection, "films")
    assert after.settings == settings
    assert after.changed_at > before.changed_at
    assert after.catalogue_revision == before.catalogue_revision


def test_counts_leave_deleted_things_out(database: Database, workspace: int) -> None:
    with database.write() as connection:
        fill(connection, workspace)
        assert workspaces.counts(connection, workspace) == {
            "items": 2, "available_items": 2, "pending_texts": 1, "personas": 2, "interactions": 2, "imports": 1,
            "oldest_event": AT, "newest_event": LATEST,
        }  # fmt: skip
        items.set_available(connection, workspace, "a", False)
        items.delete(connection, workspace, ["b"])
        personas.delete(connection, workspace, ["a"])
        assert workspaces.counts(connection, workspace) == {
            "items": 1, "available_items": 0, "pending_texts": 0, "personas": 1, "interactions": 0, "imports": 1,
            "oldest_event": None, "newest_event": None,
        }  # fmt: skip


def test_deleting_a_workspace_removes_every_row_of_every_table_and_no_other(
    database: Database, workspace: int, other: int
) -> None:
    with database.write() as connection:
        fill(connection, workspace)
        fill(connection, other)
        before = rows_per_table(connection, workspace)
        others = rows_per_table(connection, other)
        assert all(before.values()), "fill() misses a table"
        assert workspaces.delete(connection, workspace) == before
        assert not any(rows_per_table(connection, workspace).values())
        assert rows_per_table(connection, other) == others


def test_a_deleted_workspaces_key_is_never_used_again(database: Database, workspace: int) -> None:
    with database.write() as connection:
        workspaces.delete(connection, workspace)
        assert workspaces.create(connection, "films").key > workspace


def test_vectors_of_another_model_do_not_outlive_it(database: Database, workspace: int) -> None:
    with database.write() as connection:
        fill(connection, workspace)
        workspaces.set_encoder(connection, workspace, "one", 2)
        items.save_vectors(
            connection, workspace, list(items.keys_of(connection, workspace, ["a", "b"]).values()),
            np.ones((2, 2), np.float32), [items.content_hash(Item("a", name)) for name in ("Alien", "Brazil")],
        )  # fmt: skip
        workspaces.set_encoder(connection, workspace, "one", 2)
        assert embeddings.count_without_vector(connection, workspace) == 0
        workspaces.set_encoder(connection, workspace, "other", 3)
        assert embeddings.count_without_vector(connection, workspace) == 2
        row = workspaces.find(connection, "films")
    assert (row.encoder_name, row.dimension) == ("other", 3)


def test_state_is_kept_by_name(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        app_state.save(connection, workspace, "hint", {"seen": 1})
        app_state.save(connection, workspace, "hint", {"seen": 2})
        assert app_state.fetch(connection, workspace, "hint") == {"seen": 2}
        assert app_state.fetch(connection, other, "hint") is None
