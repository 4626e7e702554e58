"""Engines: how SQLite and PostgreSQL are opened, for reading and for writing."""

import sqlite3
from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from tastebench.domain.errors import DatabaseUnavailable
from tastebench.stores.folding import fold

Mode: TypeAlias = Literal["ro", "rw", "rwc"]

BUSY_SECONDS = 15
CONNECT_SECONDS = 10
# The default of 2 MB makes every index of a long log a read from disk per row.
WRITER_CACHE_KB = 64_000
READER_CACHE_KB = 16_000


def parsed(url: str | Path) -> URL:
    """Return `url` with its driver settled; a path is an SQLite file, whatever signs it contains.

    Raises
    ------
    DatabaseUnavailable
        Where it is no address of an SQLite file or a PostgreSQL database.
    """
    advice = "Give an address such as sqlite:///data/tastebench.db or postgresql://user@host/tastebench."
    if isinstance(url, Path):
        return URL.create("sqlite", database=str(url))
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailable(f"{url!r} is not the address of a database.", advice) from error
    kind = address.drivername.partition("+")[0]
    if kind in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise DatabaseUnavailable(f"Tastebench does not know databases of kind {kind!r}.", advice)
    if address.database in {None, "", ":memory:"}:
        raise DatabaseUnavailable("A database in memory would be lost at once.", advice)
    return address


def place(address: URL) -> str:
    """Return how messages name the database: an SQLite file's path, or an address without its password."""
    return str(address.database) if is_sqlite(address) else address.render_as_string(hide_password=True)


def is_sqlite(address: URL) -> bool:
    """Tell whether the database is an SQLite file."""
    return address.get_backend_name() == "sqlite"


def reader(address: URL, mode: Mode = "rw") -> Engine:
    """Return an engine whose connections cannot write and whose transactions see one moment.

    With mode "ro" SQLite isn't even allowed to tidy up its own log; a lasting reader beside our writer uses "rw".
    """
    if is_sqlite(address):
        return _sqlite(address, mode, "BEGIN")
    return _postgresql(address).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writer(address: URL) -> Engine:
    """Return an engine for transactions that write."""
    return _sqlite(address, "rwc", "BEGIN IMMEDIATE") if is_sqlite(address) else _postgresql(address)


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(address, connect_args={"connect_timeout": CONNECT_SECONDS}, pool_pre_ping=True)
    except ImportError as error:
        raise DatabaseUnavailable(
            f"The PostgreSQL driver is not installed ({error}).", 'Run: pip install "tastebench[postgresql]"'
        ) from error


def _sqlite(address: URL, mode: Mode, begin: str) -> Engine:
    uri = f"{Path(str(address.database)).absolute().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # Without an isolation level the driver leaves BEGIN to us: it would begin too late, and never for DDL.
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, writes=mode == "rwc")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _prepare(connection: sqlite3.Connection, *, writes: bool) -> None:
    connection.create_function("folded", 1, fold, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB if writes else READER_CACHE_KB}")
    if not writes:
        connection.execute("PRAGMA query_only = ON")
    else:
        # NORMAL would survive a killed process too, but not a power cut; a commit's fsync costs a
        # millisecond or two, once per click or per batch of rows, so an acknowledged write is simply safe.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
