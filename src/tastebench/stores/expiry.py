"""Interactions that are too old to be kept: which these are, and removing them for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from tastebench.domain.columns import Ints
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Origin
from tastebench.stores import documents, traces
from tastebench.stores.column_rows import integers
from tastebench.stores.revisions import bump
from tastebench.stores.schema import interactions


@dataclass(frozen=True)
class Due:
    """Interactions that are too old to be kept, deleted ones included.

    Parameters
    ----------
    interactions : int
    by_origin : mapping of str to int
        Origins without any are left out.
    personas : int
        Whose they are.
    oldest : datetime, optional
        When the first of them was recorded.
    """

    interactions: int = 0
    by_origin: Mapping[Origin, int] = field(default_factory=dict)
    personas: int = 0
    oldest: datetime | None = None


def due(connection: Connection, workspace: int, before: datetime, origins: Sequence[Origin]) -> Due:
    """Return what was recorded before a moment."""
    log, which = interactions.c, _which(workspace, before, origins)
    counts = connection.execute(
        select(log.origin, func.count(), func.min(log.recorded_at)).where(which).group_by(log.origin)
    )
    found = {row[0]: (row[1], row[2]) for row in counts}
    people = connection.scalar(select(func.count(log.persona_key.distinct())).where(which))
    oldest = min((first for _, first in found.values()), default=None)
    by_origin = {origin: found[origin][0] for origin in origins if origin in found}
    return Due(sum(by_origin.values()), by_origin, int(people or 0), documents.moment(oldest))


def keys_due(connection: Connection, workspace: int, before: datetime, origins: Sequence[Origin]) -> Ints:
    """Return the keys of these interactions, ascending."""
    which = _which(workspace, before, origins)
    return integers(connection.scalars(select(interactions.c.key).where(which).order_by(interactions.c.key)).all())


def remove(connection: Connection, workspace: int, before: datetime, origins: Sequence[Origin]) -> int:
    """Remove these interactions for good and return how many there were."""
    removed = connection.execute(delete(interactions).where(_which(workspace, before, origins))).rowcount
    if removed:
        bump(connection, workspace, "log", rewritten=True)
        traces.note(connection)
    return removed


def _which(workspace: int, before: datetime, origins: Sequence[Origin]) -> ColumnElement[bool]:
    log = interactions.c
    # "+ 0" keeps SQLite from going row by row through an index: of a million rows that takes two seconds, a scan .1.
    return (log.workspace_key + 0 == workspace) & (log.recorded_at < to_micros(before)) & log.origin.in_(origins)
