"""The database: one place to open SQL, to read from one moment of it, and to write all or nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tastebench.domain.errors import DatabaseUnavailable
from tastebench.stores import engines, migrating, traces

__all__ = ["Connection", "Database"]

# Any number will do, as long as all writers of one PostgreSQL database agree on it.
_WRITERS_LOCK = 7_461_737_400

_NEXT_STEPS = {
    "is full": "Free some disk space and try again.",
    "locked": "Another process is writing to it; end that one, or wait and try again.",
    "not a database": "The file is damaged or not ours: restore it from a copy, or choose another file.",
    "malformed": "The file is damaged: restore it from a copy, or export what can still be read.",
    "unable to open": "Check that the folder exists and can be written to.",
    "readonly": "Check that the file and its folder can be written to.",
}


class Database:
    """SQL, open. Close it, or use it in a ``with`` statement.

    Readers see the database as it was when they began and never wait. Writers come one after another, within the
    process and (PostgreSQL, SQLite alike) among processes: keys therefore grow in the order of commits.
    """

    def __init__(self, address: URL, reader: Engine, writer: Engine | None) -> None:
        self.place = engines.place(address)
        self.is_sqlite = engines.is_sqlite(address)
        self._reader = reader
        self._writer = writer
        self._lock = threading.RLock()
        self._writing: Connection | None = None

    @classmethod
    def open(cls, url: str | Path, *, read_only: bool = False) -> Self:
        """Return the database at `url`, its schema brought up to date; `read_only` changes nothing there, ever.

        A path is an SQLite file. In an URL the signs %, ? and # of a path would have to be escaped.

        Raises
        ------
        DatabaseUnavailable
            Where it cannot be reached, is damaged, or has a schema that this Tastebench cannot use.
        """
        address = engines.parsed(url)
        _check_file(address, must_exist=read_only)
        reader = engines.reader(address, "ro" if read_only else "rw")
        database = cls(address, reader, None if read_only else engines.writer(address))
        try:
            database._check_schema()
        except BaseException:
            database.close()
            raise
        return database

    @property
    def read_only(self) -> bool:
        """Whether `write` is refused."""
        return self._writer is None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment and cannot write."""
        with self._answering(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection whose work is kept as a whole at the end, or not at all where an error leaves it.

        A `write` inside a `write` of the same thread joins it: kept when the outer one is.
        """
        with self._lock, self._answering():
            if self._writing is not None:
                with self._writing.begin_nested():
                    yield self._writing
                return
            with self._transaction() as connection:
                self._writing = connection
                try:
                    yield connection
                finally:
                    self._writing = None

    def has_traces(self) -> bool:
        """Tell whether rows that were removed for good can still be read in the file: `overwrite_traces` is due."""
        with self.read() as connection:
            return traces.are_left(connection)

    def overwrite_traces(self) -> None:
        """Overwrite what is left of removed rows in SQLite's file and log. Nothing happens in PostgreSQL.

        Raises
        ------
        DatabaseUnavailable
            Where something still reads from before, or the disk is full; `has_traces` stays true then.
        """
        if self._writer is None or not self.is_sqlite:
            return
        with self._lock, closing(self._writer.raw_connection()) as raw:
            try:
                done = traces.overwrite(raw.cursor())
            except sqlite3.Error as error:
                raise self._not_overwritten(str(error)) from error
        if not done:
            raise self._not_overwritten("something still reads from before")

    def empty_log(self) -> bool:
        """Fold SQLite's log into its file, so that rows removed there are not left here; False where a reader stays.

        Within a `write` nothing happens. It waits for no one: whoever comes next, or `close`, does it in the end.
        """
        if self._writer is None or not self.is_sqlite or self._writing is not None:
            return False
        with self._lock, closing(self._writer.raw_connection()) as raw:
            return traces.fold(raw.cursor(), engines.BUSY_SECONDS)

    def _not_overwritten(self, reason: str) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"The rows are gone, but what was deleted may still be readable in {self.place}: {reason}.",
            "End other programs that have it open. The next start overwrites it.",
        )

    def close(self) -> None:
        """Let go of every connection. The last writer to leave folds SQLite's log into the file."""
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_schema(self) -> None:
        if self._writer is None:
            with self.read() as connection:
                return migrating.check_is_current(connection, self.place)
        # Looking comes first, and without the right to write: opening must not touch another program's file.
        if not self.is_sqlite or _has_content(self.place):
            with self.read() as connection:
                if migrating.check_is_ours(connection, self.place) == migrating.HEAD:
                    return None
        with self.write() as connection:
            migrating.upgrade(connection)
        return None

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self._writer is None:
            raise DatabaseUnavailable(
                f"The database {self.place} is open for reading only.", "Open it without read_only."
            )
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_WRITERS_LOCK)))
            yield connection

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError, DataError):
            raise
        except (DBAPIError, PoolTimeout) as error:
            reason = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
            raise DatabaseUnavailable(f"The database {self.place} failed: {reason}.", _next_step(reason)) from error


def _next_step(reason: str) -> str:
    found = (step for words, step in _NEXT_STEPS.items() if words in reason)
    return next(found, "Check that it runs and that its address is right.")


def _has_content(path: str) -> bool:
    file = Path(path)
    return file.exists() and file.stat().st_size > 0


def _check_file(address: URL, *, must_exist: bool) -> None:
    if not engines.is_sqlite(address):
        return
    file = Path(str(address.database))
    if file.is_dir():
        raise DatabaseUnavailable(f"{file} is a folder, not a database.", "Give the path of a file.")
    if not file.parent.is_dir():
        raise DatabaseUnavailable(f"The folder {file.parent} does not exist.", "Create it, or choose another one.")
    if must_exist and not _has_content(str(file)):
        raise DatabaseUnavailable(f"There is no database at {file}.", "Start the app or import something first.")
