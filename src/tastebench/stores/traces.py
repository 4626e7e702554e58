"""Traces: what SQLite leaves of deleted rows in its file and in its log, and how they are overwritten.

A row that is removed stays readable in the file until its place is used again. So whoever removes rows for good says
so in the same transaction, by a number in the file's header, and then has the file written anew. The number goes last:
a process that was killed in between finds it at its next start.

PostgreSQL keeps dead rows until its own VACUUM; there, only the rows are removed.
"""

from sqlalchemy import ColumnElement, Connection, Table, delete
from sqlalchemy.engine.interfaces import DBAPICursor

_NONE, _SOME = 0, 1


def note(connection: Connection) -> None:
    """Say that this transaction removes rows for good. Nothing happens in PostgreSQL."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {_SOME}")


def deleted(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    """Remove a few rows so that SQLite's file doesn't keep them, and return how many; its log may, until it is folded.

    It writes zeros in their place, which costs less than the file written anew.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        return connection.execute(delete(table).where(which)).rowcount
    finally:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def are_left(connection: Connection) -> bool:
    """Tell whether rows were removed for good and may still be read in the file."""
    if connection.dialect.name != "sqlite":
        return False
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar_one() != _NONE)


def overwrite(cursor: DBAPICursor) -> bool:
    """Write the file anew and empty its log; tell whether that worked: a reader that stays keeps the log as it is.

    Measured at 1,000,000 interactions and 20,000 vectors (230 MB): 3 to 5 s. The disk needs that much room once more.
    """
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [(busy, _, _)] = cursor.fetchall()
    if not busy:
        cursor.execute(f"PRAGMA user_version = {_NONE}")
    return not busy


def fold(cursor: DBAPICursor, patience: int) -> bool:
    """Tell whether the log could be folded into the file and emptied at once; then `patience` seconds hold again."""
    cursor.execute("PRAGMA busy_timeout = 0")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [(busy, _, _)] = cursor.fetchall()
    cursor.execute(f"PRAGMA busy_timeout = {patience * 1000}")
    return not busy
