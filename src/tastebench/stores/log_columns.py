"""The log in columns, and how it grows."""

from dataclasses import dataclass
from itertools import compress

import numpy as np
from sqlalchemy import Connection, text

from tastebench.domain.columns import Ints, LogColumns
from tastebench.stores.column_rows import batches, integers

_NO_WEIGHT = 9.0
"""Stands in for NULL, far outside the range of weights."""

# A bare workspace_key would send SQLite through an index, row by row; the plus keeps it on the table, in key order.
_EVENTS = """
    SELECT key, persona_key, COALESCE(item_key, 0), action, at, COALESCE(weight, :no_weight),
           CASE WHEN item_key IS NULL THEN target END
    FROM interactions
    WHERE +workspace_key = :workspace AND key > :after AND deleted_at IS NULL
      AND ((target_kind = 'item' AND item_key IS NOT NULL) OR (target_kind = 'creator' AND action = 'follow'))
    ORDER BY key"""
_DELETED_PERSONAS = "SELECT key FROM personas WHERE workspace_key = :workspace AND deleted_at IS NOT NULL"
_FIRST_EVENT = "SELECT MIN(key) FROM interactions WHERE workspace_key = :workspace"
_REWRITES = "SELECT log_rewrites FROM workspaces WHERE key = :workspace"


@dataclass(frozen=True)
class StoredLog(LogColumns):
    """The log as it was read, and where to go on reading.

    Parameters
    ----------
    workspace : int
    last_key : int
        Newest row read, follows included.
    rewrites : int
        The workspace's count of deletions and the like when it was read: once it moves, appending is not enough.
    """

    workspace: int
    last_key: int
    rewrites: int


def load_log(connection: Connection, workspace: int) -> StoredLog:
    """Return the whole log that counts. Actions are coded in the order in which they first occur."""
    first = connection.scalar(text(_FIRST_EVENT), {"workspace": workspace}) or 1
    nothing, none = integers([]), np.empty(0)
    empty = StoredLog(
        nothing, nothing, nothing, nothing, (), nothing, none, nothing, nothing, (),
        workspace, first - 1, _rewrites(connection, workspace),
    )  # fmt: skip
    return _extended(connection, empty)


def extend_log(connection: Connection, workspace: int, log: LogColumns) -> StoredLog:
    """Return `log` with what was recorded since: rows join at the end, action codes keep their meaning.

    The same object comes back where nothing did. Where rows were deleted, restored or erased meanwhile, or `log`
    isn't as `load_log` made it, the whole log is read afresh.
    """
    if not isinstance(log, StoredLog) or log.workspace != workspace:
        return load_log(connection, workspace)
    if log.rewrites != _rewrites(connection, workspace):
        return load_log(connection, workspace)
    return _extended(connection, log)


def _rewrites(connection: Connection, workspace: int) -> int:
    return int(connection.scalar(text(_REWRITES), {"workspace": workspace}) or 0)


def _extended(connection: Connection, log: StoredLog) -> StoredLog:
    deleted = integers(connection.scalars(text(_DELETED_PERSONAS), {"workspace": log.workspace}).all())
    events = _Events(log, deleted)
    query = {"workspace": log.workspace, "after": log.last_key, "no_weight": _NO_WEIGHT}
    for batch in batches(connection, _EVENTS, **query):
        events.add(*batch)
    return events.joined()


class _Events:
    """Rows of the log on their way into columns."""

    def __init__(self, log: StoredLog, deleted_personas: Ints) -> None:
        self._log = log
        self._deleted = deleted_personas
        self._codes = {name: code for code, name in enumerate(log.action_names)}
        self._last_key = log.last_key
        self._parts = [(log.keys, log.personas, log.items, log.actions, log.at, log.weights)]
        follows = zip(log.follow_personas.tolist(), log.follow_at.tolist(), log.follow_creators, strict=True)
        self._follows = list(follows)

    def add(
        self,
        keys: tuple[int, ...],
        personas: tuple[int, ...],
        items: tuple[int, ...],
        actions: tuple[str, ...],
        at: tuple[int, ...],
        weights: tuple[float, ...],
        creators: tuple[str | None, ...],
    ) -> None:
        own_keys, owners, targets, moments = map(integers, (keys, personas, items, at))
        given = np.array(weights)
        counts = ~np.isin(owners, self._deleted)
        kept = counts & (targets > 0)
        codes = self._coded(list(compress(actions, kept)))
        given[given == _NO_WEIGHT] = np.nan
        self._parts.append((own_keys[kept], owners[kept], targets[kept], codes, moments[kept], given[kept]))
        self._follows += [(personas[n], at[n], str(creators[n])) for n in np.flatnonzero(counts & (targets == 0))]
        self._last_key = keys[-1]

    def _coded(self, actions: list[str]) -> Ints:
        for action in dict.fromkeys(actions):
            self._codes.setdefault(action, len(self._codes))
        return np.fromiter(map(self._codes.__getitem__, actions), dtype=np.int64, count=len(actions))

    def joined(self) -> StoredLog:
        log = self._log
        if self._last_key == log.last_key:
            return log
        keys, personas, items, actions, at, weights = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        who, when, whom = zip(*self._follows, strict=True) if self._follows else ((), (), ())
        return StoredLog(
            keys, personas, items, actions, tuple(self._codes), at, weights, integers(who), integers(when), tuple(whom),
            log.workspace, self._last_key, log.rewrites,
        )  # fmt: skip
