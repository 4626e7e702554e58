"""PostgreSQL in short; with TASTEBENCH_TEST_POSTGRESQL set, the other tests of this folder run on it as well."""

from datetime import UTC, datetime

import numpy as np

from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.stores import imports, interactions, items, personas, workspaces
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow


def test_a_workspace_lives_and_dies_on_postgresql(postgresql_url: str) -> None:
    with Database.open(postgresql_url) as database:
        assert not database.is_sqlite
        with database.write() as connection:
            workspace = workspaces.create(connection, "films").key
            key = imports.start(connection, workspace, "items", "films.csv", {})
            assert items.upsert(connection, workspace, [Item("a", "Été"), Item("b", "B")], key) == (2, 0, 0)
            assert items.upsert(connection, workspace, [Item("a", "Été"), Item("b", "C")], key) == (0, 1, 1)
            assert len(items.matching_keys(connection, workspace, "ÉTÉ")) == 1
            rows = items.without_vector(connection, workspace, 0, 9)
            items.save_vectors(connection, workspace, [r.key for r in rows], np.eye(2), [r.hash for r in rows])
            maya = personas.add(connection, workspace, Persona("Maya")).key
            event = EventRow(maya, Interaction("a", "like", datetime(2024, 1, 1, tzinfo=UTC)), bytes(16), key)
            assert interactions.append(connection, workspace, [event, event])[1:] == (1, 1)
        with Database.open(postgresql_url, read_only=True) as reader, reader.read() as connection:
            assert interactions.page(connection, workspace, search="été")[1] == 1
        with database.write() as connection:
            assert imports.undo(connection, workspace, key)["items_removed"] == 2
            workspaces.delete(connection, workspace)
            assert workspaces.all_rows(connection) == []
