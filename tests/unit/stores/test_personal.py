"""Everything about one persona: complete over the schema, and gone without a row left."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, select

from tastebench.domain.errors import DatabaseUnavailable, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.persona import Persona
from tastebench.domain.reports import ImportReport, Rejection
from tastebench.stores import evaluations, imports, interactions, mentions, personal, personas
from tastebench.stores.database import Database
from tastebench.stores.evaluations import EvaluationHead
from tastebench.stores.interactions import EventRow
from tastebench.stores.schema import metadata
from tests.unit.stores.filling import AT, fill
from tests.unit.stores.test_laws import dump

ABOUT_PERSONAS = {"personas", "persona_versions"}
ABOUT_HER = {
    "personas": 1, "persona_versions": 1, "interactions": 2, "impressions": 1, "preference_edits": 1,
    "preference_snapshots": 1,
    "rejections": 0, "imports": 0, "evaluations": 0, "item_ids": 1,
}  # fmt: skip
"""Rows of the persona "a" that `fill` makes."""


def tables_about_personas() -> set[str]:
    """Return the tables that a column, or a reference, says are about personas: looked for in another way."""
    named = {
        table.name for table in metadata.sorted_tables if any("persona" in column.name for column in table.columns)
    }
    refers = {
        table.name
        for table in metadata.sorted_tables
        if any(key.referred_table.name == "personas" for key in table.foreign_key_constraints)
    }
    # What the workspace counts of its personas is a revision, not a persona.
    return (named | refers | ABOUT_PERSONAS) - {"workspaces"}


def rows_of(connection: Connection, table: Table, workspace: int, key: int) -> int:
    column = personal.tables()[table]
    mine = (table.c.workspace_key == workspace) & (column == key)
    return connection.scalar(select(func.count()).select_from(table).where(mine)) or 0


def test_no_table_about_personas_is_forgotten(database: Database, workspace: int) -> None:
    found = {table.name for table in personal.tables()}
    assert found == tables_about_personas()
    with database.write() as connection:
        fill(connection, workspace)
        key = personal.key_of(connection, workspace, "a")
        record = personal.record(connection, workspace, "a")
        for table in personal.tables():
            count = rows_of(connection, table, workspace, key)
            assert count, f"the filling leaves {table.name} empty: there is nothing to look for"
            assert len(record[table.name]) == count
            assert all(set(row) == {column.name for column in table.columns} for row in record[table.name])


def test_a_record_reads_well(database: Database, workspace: int) -> None:
    with database.write() as connection:
        fill(connection, workspace)
        interactions.delete(connection, workspace, [interactions.page(connection, workspace)[0][0].key])
        personas.delete(connection, workspace, ["a"])
        record = personal.record(connection, workspace, "a")
    json.dumps(record)
    assert record["personas"][0]["description"] == "Noir."
    assert record["personas"][0]["interests"] == {}
    assert [row["target"] for row in record["interactions"]] == ["a", "gone"]
    assert record["interactions"][0]["at"] == "2024-05-01T00:00:00+00:00"
    assert record["interactions"][1]["deleted_at"] is not None
    assert record["impressions"][0]["item_ids"] == ["a", "b"]


def test_erasing_leaves_no_row_of_it_and_every_row_of_others(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        fill(connection, workspace)
        fill(connection, other)
        bo = personas.find(connection, workspace, "b").key
        interactions.append(connection, workspace, [EventRow(bo, Interaction("unheard of", "view", AT))])
        key, before = personal.key_of(connection, workspace, "a"), dump(connection, workspace)
        next_door = dump(connection, other)
        removed = personal.erase(connection, workspace, "a")
        after = dump(connection, workspace)
        assert all(rows_of(connection, table, workspace, key) == 0 for table in personal.tables())
        assert dump(connection, other) == next_door
        with pytest.raises(NotFound):
            personal.record(connection, workspace, "a")
    assert {name: count for name, count in removed.items() if name in ABOUT_HER} == ABOUT_HER
    gone = {name: len(before[name]) - len(after[name]) for name in before if len(before[name]) != len(after[name])}
    assert gone == {name: count for name, count in removed.items() if count}
    assert [row[2] for row in after["item_ids"]] == ["a", "b", "unheard of"], "an id that only she named goes"


def test_what_quotes_the_persona_goes_and_what_does_not_stays(database: Database, workspace: int) -> None:
    text = "Watches films of rain, and only after midnight."
    with database.write() as connection:
        key = imports.start(connection, workspace, "personas", "ada-lovelace.jsonl", {})
        personas.upsert(connection, workspace, [Persona("Ada Lovelace", text, persona_id="ada-7")], key)
        quoting = (
            "The id 'ada-7' already stands in row 2; ids must differ.",
            f"'{text[:40]}…' is not a number.",
            "'Ada Lovelace, Bo' is not a JSON object.",
        )
        others = ("The id 'ada-77' already stands in row 3.", "'rain' is not a time.", "ada-7 is not quoted.")
        rejected = [Rejection(n, "id", reason) for n, reason in enumerate((*quoting, *others))]
        imports.add_rejections(connection, workspace, key, rejected)
        report = ImportReport(key, "personas", "ada-7.jsonl", AT, first_rejections=tuple(rejected), notes=("'ada-7'",))
        imports.finish(connection, workspace, key, report)
        found = personal.record(connection, workspace, "ada-7")
        assert [row["reason"] for row in found["rejections"]] == list(quoting)
        assert personal.erase(connection, workspace, "ada-7")["rejections"] == 3
        left = imports.fetch(connection, workspace, key)
        assert [one.reason for one in imports.rejections(connection, workspace, key)] == list(others)
    assert [one.reason for one in left.first_rejections] == list(others)
    assert (left.source, left.notes) == ("ada-7.jsonl", ())


def test_a_source_named_after_the_persona_loses_its_name(database: Database, workspace: int) -> None:
    with database.write() as connection:
        personas.add(connection, workspace, Persona("Ada", persona_id="ada"))
        for kind, source in (("items", "ada.csv"), ("interactions", "ada.csv"), ("interactions", "adagio.csv")):
            key = imports.start(connection, workspace, kind, source, {})
            imports.finish(connection, workspace, key, ImportReport(key, kind, source, AT))
        assert personal.erase(connection, workspace, "ada")["imports"] == 1
        sources = [(report.kind, report.source) for report in imports.all_reports(connection, workspace)]
    assert sources == [("interactions", "adagio.csv"), ("interactions", mentions.ERASED), ("items", "ada.csv")]


def test_evaluations_keep_their_numbers_and_lose_the_id(database: Database, workspace: int) -> None:
    document = {"personas": ["bo", "ada"], "notes": ["ada"], "evaluation": {"personas": ["ada"]}, "ratio": float("nan")}
    head = EvaluationHead(0, "search", "a", AT, "{}", {"log": 1}, 0)
    with database.write() as connection:
        personas.add(connection, workspace, Persona("Ada", persona_id="ada"))
        key = evaluations.add(connection, workspace, head, json.dumps(document), b"numbers").key
        evaluations.add(connection, workspace, head, '{"personas":["adam"]}', b"")
        found = personal.record(connection, workspace, "ada")["evaluations"]
        assert found == [{"label": "a", "kind": "search"}]
        assert personal.erase(connection, workspace, "ada")["evaluations"] == 1
        kept = evaluations.fetch(connection, workspace, key)
    left = json.loads(kept.document)
    assert (left["personas"], left["evaluation"]) == (["bo", "(erased)"], {"personas": ["(erased)"]})
    assert (left["notes"], kept.arrays) == (["ada"], b"numbers")


SECRET = b"zaubernuss"


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tastebench.db"


def filled_and_erased(file: Path) -> Database:
    file.parent.mkdir(exist_ok=True)
    database = Database.open(file)
    with database.write() as connection:
        workspace = personas_of(connection)
    with database.write() as connection:
        personal.erase(connection, workspace, "secret")
    return database


def personas_of(connection: Connection) -> int:
    from tastebench.stores import workspaces

    workspace = workspaces.create(connection, "films").key
    some = [Persona(f"Person {n}", "Other words. " * 40, persona_id=f"p{n}") for n in range(60)]
    personas.upsert(connection, workspace, [*some, Persona("Ada", SECRET.decode(), persona_id="secret")])
    return workspace


def test_deleted_rows_stay_readable_until_they_are_overwritten(file: Path) -> None:
    with filled_and_erased(file) as database:
        assert SECRET in raw(file.parent)
        assert database.has_traces()
        database.overwrite_traces()
        assert SECRET not in raw(file.parent)
        assert not database.has_traces()
    assert SECRET not in raw(file.parent)


def test_who_was_killed_before_overwriting_learns_of_it(file: Path) -> None:
    filled_and_erased(file).close()
    with Database.open(file) as database:
        assert database.has_traces()


def test_a_reader_that_stays_keeps_the_log_and_the_error_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tastebench.stores.engines.BUSY_SECONDS", 0.1)
    with filled_and_erased(file) as database:
        with Database.open(file, read_only=True) as another, another.read() as connection:
            assert connection.scalar(select(func.count()).select_from(metadata.tables["personas"])) == 60
            with pytest.raises(DatabaseUnavailable, match="may still be readable"):
                database.overwrite_traces()
            assert database.has_traces()
        database.overwrite_traces()
        assert SECRET not in raw(file.parent)


def test_a_full_disk_is_told_of(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    def full(_cursor: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tastebench.stores.traces.overwrite", full)
    with filled_and_erased(file) as database:
        with pytest.raises(DatabaseUnavailable, match="disk is full"):
            database.overwrite_traces()
        assert database.has_traces()
