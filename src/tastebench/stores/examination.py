"""Examining SQL: what kind of database it is, how large, and whether it holds together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Select, func, select, text

from tastebench.domain.columns import Ints
from tastebench.stores import migrating
from tastebench.stores.database import Database
from tastebench.stores.schema import item_vectors, items

CHECKED_AT_ONCE = 20_000_000
"""Bytes up to which an SQLite file is read through every time; larger ones only when asked to."""


@dataclass(frozen=True)
class Findings:
    """What was found out about a database.

    Parameters
    ----------
    kind : str
        "SQLite" or "PostgreSQL".
    place : str
    bytes : int
        Its size; SQLite's log included.
    schema : str
        Revision of its schema.
    fault : str
        What is wrong with it; empty where nothing is, or nothing was looked for.
    """

    kind: str
    place: str
    bytes: int
    schema: str
    fault: str = ""


def examined(database: Database, *, thorough: bool = False) -> Findings:
    """Return what can be found out quickly; `thorough`: read through a large SQLite file too.

    Raises
    ------
    DatabaseUnavailable
        Where it does not answer.
    """
    with database.read() as connection:
        schema = migrating.revision(connection) or "none"
        if not database.is_sqlite:
            size = connection.scalar(select(func.pg_database_size(func.current_database())))
            return Findings("PostgreSQL", database.place, int(size or 0), schema)
        size = _file_size(Path(database.place))
        fault = _fault(connection) if thorough or size <= CHECKED_AT_ONCE else ""
    return Findings("SQLite", database.place, size, schema, fault)


def embedded_keys(connection: Connection, workspace: int) -> Ints:
    """Return the keys, ascending, of the items that are not deleted and have a vector."""
    return np.fromiter(connection.scalars(_embedded(workspace).order_by(items.c.key)), dtype=np.int64)


def embedded_count(connection: Connection, workspace: int) -> int:
    """Return how many those are."""
    return int(connection.scalar(select(func.count()).select_from(_embedded(workspace).subquery())) or 0)


def _embedded(workspace: int) -> Select[tuple[int]]:
    joined = items.join(item_vectors, items.c.key == item_vectors.c.item_key)
    mine = (items.c.workspace_key == workspace) & items.c.deleted_at.is_(None)
    return select(items.c.key).select_from(joined).where(mine)


def _fault(connection: Connection) -> str:
    found = str(connection.scalar(text("PRAGMA quick_check(1)")))
    return "" if found == "ok" else found


def _file_size(place: Path) -> int:
    files = (place, Path(f"{place}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
