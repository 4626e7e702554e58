"""Opening, reading and writing: what is refused, what is safe."""

import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, inspect, select, text, update

from tastebench.domain.errors import DatabaseUnavailable, NotFound
from tastebench.stores import migrating, workspaces
from tastebench.stores.database import Database
from tastebench.stores.schema import REVISIONS, VERSION_TABLE, metadata
from tastebench.stores.schema import workspaces as workspace_table


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return [row.name for row in workspaces.all_rows(connection)]


def create(database: Database, name: str) -> None:
    with database.write() as connection:
        workspaces.create(connection, name)


class TestMigrations:
    def test_the_migrations_lead_to_exactly_the_schema_in_code(self, database: Database) -> None:
        with database.read() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            assert compare_metadata(context, metadata) == []

    def test_the_known_revisions_are_those_shipped(self) -> None:
        config = Config()
        config.set_main_option("script_location", "tastebench.stores:migrations")
        scripts = ScriptDirectory.from_config(config).walk_revisions()
        assert tuple(script.revision for script in scripts)[::-1] == REVISIONS

    def test_a_failed_migration_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        upgrade = migrating.upgrade

        def failing(connection: object) -> None:
            upgrade(connection)  # type: ignore[arg-type]
            raise RuntimeError("pulled the plug")

        monkeypatch.setattr(migrating, "upgrade", failing)
        with pytest.raises(RuntimeError):
            Database.open(url_of(tmp_path / "a.db"))
        monkeypatch.undo()
        with Database.open(url_of(tmp_path / "a.db")) as database:
            assert names(database) == []

    def test_every_revision_can_be_taken_back(self, database: Database) -> None:
        from alembic import command

        with database.write() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", "tastebench.stores:migrations")
            command.downgrade(config, "base")
            assert inspect(connection).get_table_names() == [VERSION_TABLE]

    def test_every_table_carries_its_workspace_and_every_unique_key_begins_with_it(self) -> None:
        for table in metadata.sorted_tables:
            if table is workspace_table:
                continue
            assert not table.c.workspace_key.nullable
            for constraint in table.constraints:
                if type(constraint).__name__ == "UniqueConstraint":
                    assert next(iter(constraint.columns)).name == "workspace_key", constraint
            for index in table.indexes:
                assert next(iter(index.columns)).name == "workspace_key", index


class TestOpening:
    def test_what_was_written_is_there_when_opened_again(self, database_url: str) -> None:
        with Database.open(database_url) as database:
            create(database, "films")
        with Database.open(database_url) as database:
            assert names(database) == ["films"]

    @pytest.mark.parametrize(
        ("url", "culprit"),
        [
            ("nonsense", "nonsense"),
            ("mysql://host/db", "mysql"),
            ("sqlite://", "memory"),
            ("sqlite:///:memory:", "memory"),
            ("sqlite:////no/such/folder/a.db", "/no/such/folder"),
        ],
    )
    def test_an_address_that_leads_nowhere_is_named(self, url: str, culprit: str) -> None:
        with pytest.raises(DatabaseUnavailable, match=culprit) as caught:
            Database.open(url)
        assert caught.value.next_step

    def test_an_unreachable_server_is_named_without_its_password(self) -> None:
        pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
        with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/none") as caught:
            Database.open("postgresql://someone:secret@127.0.0.1:1/none")
        assert "secret" not in str(caught.value)
        assert caught.value.next_step

    def test_a_missing_driver_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(DatabaseUnavailable, match=r"tastebench\[postgresql\]"):
            Database.open("postgresql://someone@127.0.0.1:1/none")

    def test_a_folder_is_not_a_database(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseUnavailable, match="is a folder"):
            Database.open(url_of(tmp_path))

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_corrupt_file_is_refused_and_left_alone(self, tmp_path: Path, read_only: bool) -> None:
        path = tmp_path / "a.db"
        path.write_bytes(b"this is no database at all" * 200)
        with pytest.raises(DatabaseUnavailable, match="not a database") as caught:
            Database.open(url_of(path), read_only=read_only)
        assert str(path) in caught.value.message
        assert path.read_bytes() == b"this is no database at all" * 200

    def test_a_truncated_database_is_refused_when_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with Database.open(url_of(path)) as database:
            create(database, "films")
        os.truncate(path, 8192)
        with pytest.raises(DatabaseUnavailable, match=r"a\.db failed"):
            Database.open(url_of(path))

    def test_another_programs_database_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "chroma.sqlite3"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE embeddings (id INTEGER)")
        connection.close()
        before = path.read_bytes()
        with pytest.raises(DatabaseUnavailable, match="another program"):
            Database.open(url_of(path))
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == ["chroma.sqlite3"]

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_newer_schema_says_to_upgrade(self, database_url: str, read_only: bool) -> None:
        with Database.open(database_url) as database, database.write() as connection:
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        with pytest.raises(DatabaseUnavailable, match="newer Tastebench") as caught:
            Database.open(database_url, read_only=read_only)
        assert "9999" in caught.value.message
        assert caught.value.next_step.startswith("Upgrade Tastebench")

    def test_a_path_of_odd_signs_is_taken_as_written(self, tmp_path: Path) -> None:
        folder = tmp_path / "ün %41 & #1?"
        folder.mkdir()
        with Database.open(folder / "a.db") as database:
            create(database, "films")
        assert (folder / "a.db").stat().st_size > 0


class TestReadOnly:
    def test_it_reads_beside_a_live_writer_and_sees_its_commits(self, database_url: str) -> None:
        with Database.open(database_url) as writer, Database.open(database_url, read_only=True) as reader:
            assert names(reader) == []
            create(writer, "films")
            assert names(reader) == ["films"]

    def test_it_is_not_held_up_by_an_unfinished_write(self, database_url: str) -> None:
        with Database.open(database_url) as writer, writer.write() as connection:
            workspaces.create(connection, "films")
            with Database.open(database_url, read_only=True) as reader:
                assert names(reader) == []

    def test_it_refuses_to_write(self, database: Database, database_url: str) -> None:
        with Database.open(database_url, read_only=True) as reader:
            assert reader.read_only
            with pytest.raises(DatabaseUnavailable, match="for reading only"), reader.write():
                pass

    def test_it_changes_no_byte_of_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        with Database.open(url_of(path)) as database:
            create(database, "films")
        before = path.read_bytes(), path.stat().st_mtime_ns
        with Database.open(url_of(path), read_only=True) as reader:
            assert names(reader) == ["films"]
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before

    def test_it_makes_no_database_where_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseUnavailable, match="no database"):
            Database.open(url_of(tmp_path / "a.db"), read_only=True)
        assert list(tmp_path.iterdir()) == []

    def test_an_older_schema_is_not_migrated(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        Database.open(database_url).close()
        monkeypatch.setattr(migrating, "REVISIONS", (*REVISIONS, "9999"))
        monkeypatch.setattr(migrating, "HEAD", "9999")
        with pytest.raises(DatabaseUnavailable, match=f"older schema {REVISIONS[-1]}") as caught:
            Database.open(database_url, read_only=True)
        assert "Start the app once" in caught.value.next_step


class TestReading:
    def test_a_read_sees_one_moment(self, database: Database) -> None:
        with database.read() as connection:
            assert connection.scalar(select(func.count()).select_from(workspace_table)) == 0
            create(database, "films")
            assert connection.scalar(select(func.count()).select_from(workspace_table)) == 0
        assert names(database) == ["films"]

    def test_a_read_cannot_write(self, database: Database) -> None:
        with pytest.raises(DatabaseUnavailable, match=r"read.?only"), database.read() as connection:
            workspaces.create(connection, "films")
        assert names(database) == []


class TestWriting:
    def test_an_error_leaves_nothing(self, database: Database) -> None:
        def failing() -> None:
            with database.write() as connection:
                workspaces.create(connection, "films")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            failing()
        assert names(database) == []

    def test_a_write_inside_a_write_shares_its_fate(self, database: Database) -> None:
        def both() -> None:
            with database.write() as connection:
                workspaces.create(connection, "films")
                create(database, "shop")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            both()
        assert names(database) == []

    def test_a_failed_inner_write_takes_only_its_own_work_back(self, database: Database) -> None:
        def inner() -> None:
            with database.write() as connection:
                workspaces.create(connection, "shop")
                raise RuntimeError

        with database.write() as connection:
            workspaces.create(connection, "films")
            with pytest.raises(RuntimeError):
                inner()
        assert names(database) == ["films"]

    def test_writers_of_many_threads_come_one_after_another(self, database: Database) -> None:
        def work(worker: int) -> None:
            for number in range(10):
                create(database, f"{worker}-{number}")

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(names(database)) == 60

    def test_writers_of_two_databases_objects_come_one_after_another(
        self, database: Database, database_url: str
    ) -> None:
        # Each adds to what it read: a lost update would show in the sum.
        create(database, "films")

        def work(own: Database) -> None:
            for _ in range(15):
                with own.write() as connection:
                    now = connection.scalar(select(workspace_table.c.dimension)) or 0
                    connection.execute(update(workspace_table).values(dimension=now + 1))

        with Database.open(database_url) as second:
            threads = [threading.Thread(target=work, args=(own,)) for own in (database, second)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        with database.read() as connection:
            assert workspaces.find(connection, "films").dimension == 30

    def test_mistakes_of_ours_are_not_dressed_up(self, database: Database) -> None:
        from sqlalchemy.exc import IntegrityError

        with pytest.raises(IntegrityError), database.write() as connection:
            connection.execute(insert(workspace_table).values(name=None, settings="{}", created_at=0, changed_at=0))

    def test_an_unknown_workspace_is_named(self, database: Database) -> None:
        with pytest.raises(NotFound, match="flims") as caught, database.read() as connection:
            workspaces.find(connection, "flims")
        assert "create one" in caught.value.next_step


WRITER = """
import sys
from tastebench.stores.database import Database
from tastebench.stores import workspaces
database = Database.open(sys.argv[1])
for number in range(10_000):
    with database.write() as connection:
        workspaces.create(connection, f"{number:05}-a")
        workspaces.create(connection, f"{number:05}-b")
    print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_acknowledged_and_leaves_no_half(tmp_path: Path) -> None:
    url = url_of(tmp_path / "a.db")
    process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for _ in range(25):
        acknowledged = int(process.stdout.readline())
    process.kill()
    rest = process.stdout.read().split()
    process.wait()
    process.stdout.close()
    acknowledged = int(rest[-1]) if rest else acknowledged
    with Database.open(url) as database:
        found = names(database)
    assert len(found) in {2 * (acknowledged + 1), 2 * (acknowledged + 2)}
    assert found == sorted(f"{number:05}-{half}" for number in range(len(found) // 2) for half in "ab")


def test_the_schema_is_migrated_without_reading_any_ini_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = /nowhere\n")
    monkeypatch.chdir(tmp_path)
    with Database.open(url_of(tmp_path / "a.db")) as database:
        assert names(database) == []
    digest = hashlib.sha256((tmp_path / "alembic.ini").read_bytes()).hexdigest()
    assert digest == hashlib.sha256(b"[alembic]\nscript_location = /nowhere\n").hexdigest()
