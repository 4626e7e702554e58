"""Turns of conversations: kept as they were, gone without a trace when they are too old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, update

from tastebench.domain.errors import NotFound
from tastebench.domain.persona import Persona
from tastebench.services.archive import MEMBERS
from tastebench.stores import personas, turns, workspaces
from tastebench.stores.archive_reading import Reading
from tastebench.stores.clock import now_micros
from tastebench.stores.database import Database
from tastebench.stores.schema import turns as table
from tastebench.stores.turns import Turn

AT = datetime(2024, 5, 1, tzinfo=UTC)
HOUR = 3_600_000_000
READ = {"like": "alien", "ranges": {"year": [None, 1978]}}


def persona(connection: Connection, workspace: int, name: str = "ada") -> int:
    personas.upsert(connection, workspace, [Persona(name, persona_id=name)])
    return personas.find(connection, workspace, name).key


def age(connection: Connection, key: int, hours: float) -> None:
    recorded = now_micros() - int(hours * HOUR)
    connection.execute(update(table).where(table.c.key == key).values(recorded_at=recorded))


def test_a_turn_comes_back_as_it_was(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        ada, bo = persona(connection, workspace), persona(connection, workspace, "bo")
        first = turns.add(connection, workspace, ada, Turn(AT, "noir", ("a", "b")))
        second = turns.add(connection, workspace, ada, Turn(AT, "older", ("b",), READ, refines=first))
        turns.add(connection, workspace, bo, Turn(AT, "whatever"))
        turns.add(connection, other, persona(connection, other), Turn(AT, "elsewhere"))
        turns.choose(connection, workspace, first, "b")
        found = turns.of_persona(connection, workspace, ada, 24)
    assert [(one.key, one.question, one.item_ids, one.refines, one.chosen) for one in found] == [
        (first, "noir", ("a", "b"), None, "b"),
        (second, "older", ("b",), first, None),
    ]
    assert (found[1].reading, found[1].at) == (READ, AT)
    assert abs(found[1].recorded_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_unknown_is_refused(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        ada = persona(connection, workspace)
        key = turns.add(connection, workspace, ada, Turn(AT, "noir", ("a",)))
        with pytest.raises(NotFound, match="persona"):
            turns.add(connection, other, ada, Turn(AT, "noir"))
        for where, turn in ((other, key), (workspace, key + 1)):
            with pytest.raises(NotFound, match="no longer remembered"):
                turns.choose(connection, where, turn, "a")


def test_what_is_too_old_is_not_read_and_goes(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        ada = persona(connection, workspace)
        old, fresh = (turns.add(connection, workspace, ada, Turn(AT, text)) for text in ("old", "fresh"))
        elsewhere = turns.add(connection, other, persona(connection, other), Turn(AT, "old"))
        for key, hours in ((old, 24.01), (fresh, 23.9), (elsewhere, 30)):
            age(connection, key, hours)
        assert [turn.key for turn in turns.of_persona(connection, workspace, ada, 24)] == [fresh]
        assert turns.expire(connection, workspace, 24) == 1
        assert connection.scalars(select(table.c.key)).all() == [fresh, elsewhere]


def test_forgetting_is_of_one_persona(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ada, bo = persona(connection, workspace), persona(connection, workspace, "bo")
        for owner in (ada, ada, bo):
            turns.add(connection, workspace, owner, Turn(AT, "noir"))
        assert turns.forget(connection, workspace, ada) == 2
        assert turns.of_persona(connection, workspace, ada, 24) == []
        assert len(turns.of_persona(connection, workspace, bo, 24)) == 1


def test_archives_leave_turns_behind(database: Database, workspace: int) -> None:
    with database.write() as connection:
        turns.add(connection, workspace, persona(connection, workspace), Turn(AT, "wunderkammer"))
        reading = Reading(connection, workspace)
        said = [str(list(read())) for read in (reading.personas, reading.interactions, reading.impressions)]
    assert "Ada" in said[0].title()
    assert "wunderkammer" not in "".join(said)
    assert not any("turn" in name for name in MEMBERS)


def test_a_workspace_takes_its_turns_along(database: Database, workspace: int) -> None:
    with database.write() as connection:
        turns.add(connection, workspace, persona(connection, workspace), Turn(AT, "noir"))
        assert workspaces.delete(connection, workspace)["turns"] == 1
        assert connection.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("length", [30, 30_000], ids=["in the page", "over several pages"])
def test_removed_texts_are_not_left_in_the_file(tmp_path: Path, length: int) -> None:
    secret = "wunderkammer " * (length // 13)
    path = tmp_path / "tastebench.db"
    with Database.open(path) as database, database.write() as connection:
        workspace = workspaces.create(connection, "films").key
        ada = persona(connection, workspace)
        for number in range(30):
            key = turns.add(connection, workspace, ada, Turn(AT, f"{secret}{number}"))
            age(connection, key, 25)
    assert b"wunderkammer" in path.read_bytes()
    with Database.open(path) as database, database.write() as connection:
        assert turns.expire(connection, workspace, 24) == 30
    assert [file.name for file in tmp_path.iterdir() if b"wunderkammer" in file.read_bytes()] == []


def test_removed_texts_are_not_left_in_the_log_either(tmp_path: Path) -> None:
    with Database.open(tmp_path / "tastebench.db") as database:
        with database.write() as connection:
            workspace = workspaces.create(connection, "films").key
            ada = persona(connection, workspace)
            turns.add(connection, workspace, ada, Turn(AT, "wunderkammer"))
            assert not database.empty_log(), "not while something is being written"
        with database.write() as connection:
            turns.forget(connection, workspace, ada)
        with database.read() as connection:
            assert turns.of_persona(connection, workspace, ada, 24) == []
            assert not database.empty_log(), "not while somebody reads"
        assert database.empty_log()
        assert [file.name for file in tmp_path.iterdir() if b"wunderkammer" in file.read_bytes()] == []
