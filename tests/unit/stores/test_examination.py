"""Examining the database: its kind, size, schema, faults; and what has a vector."""

from pathlib import Path

import numpy as np

from tastebench.domain.item import Item
from tastebench.stores import embeddings, examination, items, workspaces
from tastebench.stores.examination import examined
from tastebench.stores.schema import REVISIONS


def test_kind_place_size_and_schema(database, workspace):
    found = examined(database)
    assert found.kind == ("SQLite" if database.is_sqlite else "PostgreSQL")
    assert found.place == database.place
    assert found.bytes > 10_000
    assert (found.schema, found.fault) == (REVISIONS[-1], "")
    if database.is_sqlite:
        place = Path(database.place)
        assert found.bytes == place.stat().st_size + place.with_name(f"{place.name}-wal").stat().st_size


def test_a_large_file_is_read_through_only_when_asked(database, workspace, monkeypatch):
    monkeypatch.setattr(examination, "CHECKED_AT_ONCE", 0)
    monkeypatch.setattr(examination, "_fault", lambda _connection: "torn")
    assert examined(database).fault == ""
    assert examined(database, thorough=True).fault == ("torn" if database.is_sqlite else "")


def test_what_has_a_vector(database, workspace, other):
    with database.write() as connection:
        for home in (workspace, other):
            items.upsert(connection, home, [Item("a"), Item("b"), Item("c"), Item("d")])
            workspaces.set_encoder(connection, home, "one", 2)
            pending = embeddings.without_vector(connection, home, 0, 3)
            keys = [one.key for one in pending]
            vectors = np.tile(np.array([[1, 0]], dtype=np.float32), (3, 1))
            embeddings.save_vectors(connection, home, keys, vectors, [one.hash for one in pending])
        items.delete(connection, workspace, ["b"])
        ids = items.ids_of(connection, workspace, examination.embedded_keys(connection, workspace).tolist())
        assert list(ids.values()) == ["a", "c"]
        assert examination.embedded_count(connection, workspace) == 2
        assert examination.embedded_count(connection, other) == 3
