"""What was measured is kept as it came out."""

from datetime import UTC, datetime

import pytest

from tastebench.domain.errors import NotFound
from tastebench.stores import evaluations, workspaces
from tastebench.stores.database import Database
from tastebench.stores.evaluations import EvaluationHead

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add(database: Database, workspace: int, label: str = "Last like", kind: str = "evaluation") -> int:
    with database.write() as connection:
        head = EvaluationHead(0, kind, label, MADE, '{"name":"a"}', {"catalogue": 1, "log": 2}, 7)
        return evaluations.add(connection, workspace, head, '{"k":10}', b"\x00\x01").key


@pytest.fixture
def two(database: Database) -> tuple[int, int]:
    with database.write() as connection:
        return workspaces.create(connection, "one").key, workspaces.create(connection, "two").key


def test_it_comes_back_as_it_was(database: Database, two: tuple[int, int]) -> None:
    key = add(database, two[0])
    with database.read() as connection:
        stored = evaluations.fetch(connection, two[0], key)
    assert stored.head == EvaluationHead(
        key, "evaluation", "Last like", MADE, '{"name":"a"}', {"catalogue": 1, "log": 2}, 7
    )
    assert (stored.document, stored.arrays) == ('{"k":10}', b"\x00\x01")


def test_heads_are_newest_first_and_of_one_workspace(database: Database, two: tuple[int, int]) -> None:
    first, second = add(database, two[0], "first"), add(database, two[0], "second", "search")
    add(database, two[1], "elsewhere")
    with database.read() as connection:
        found = evaluations.heads(connection, two[0])
    assert [(head.key, head.label, head.kind) for head in found] == [
        (second, "second", "search"),
        (first, "first", "evaluation"),
    ]


def test_another_workspace_can_neither_read_nor_delete_it(database: Database, two: tuple[int, int]) -> None:
    key = add(database, two[0])
    with database.write() as connection:
        with pytest.raises(NotFound):
            evaluations.fetch(connection, two[1], key)
        with pytest.raises(NotFound):
            evaluations.delete(connection, two[1], key)
        evaluations.delete(connection, two[0], key)
        assert evaluations.heads(connection, two[0]) == []
        with pytest.raises(NotFound, match="deleted already"):
            evaluations.delete(connection, two[0], key)


def test_deleting_the_workspace_takes_it_along(database: Database, two: tuple[int, int]) -> None:
    add(database, two[0])
    kept = add(database, two[1])
    with database.write() as connection:
        assert workspaces.delete(connection, two[0])["evaluations"] == 1
        assert [head.key for head in evaluations.heads(connection, two[1])] == [kept]
