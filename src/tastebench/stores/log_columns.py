"""The log in columns, and how it is kept up to date."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from tastebench.domain.columns import Ints, LogColumns
from tastebench.stores.column_rows import batches, integers
from tastebench.stores.log_changes import LogChanges

_NO_WEIGHT = 9.0
"""Stands in for NULL, far outside the range of weights."""
_LAST = 2**63 - 1

# A bare workspace_key would send SQLite through an index, row by row; the plus keeps it on the table, in key order.
_EVENTS = """
    SELECT key, persona_key, COALESCE(item_key, 0), action, at, COALESCE(weight, :no_weight),
           CASE WHEN item_key IS NULL THEN target END
    FROM interactions
    WHERE +workspace_key = :workspace AND key > :after AND key <= :until AND deleted_at IS NULL
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
    follow_keys : int array (f,)
        Keys of the follows, ascending.
    """

    workspace: int
    last_key: int
    rewrites: int
    follow_keys: Ints


def load_log(connection: Connection, workspace: int) -> StoredLog:
    """Return the whole log that counts. Actions are coded in the order in which they first occur."""
    first = connection.scalar(text(_FIRST_EVENT), {"workspace": workspace}) or 1
    return _extended(connection, _empty(workspace, (), first - 1, _rewrites(connection, workspace)))


def extend_log(connection: Connection, workspace: int, log: LogColumns, changes: LogChanges | None = None) -> StoredLog:
    """Return `log` with what was recorded since, deleted and restored: what `load_log` would read now.

    The same object comes back where nothing happened. Where rows were rewritten that `changes` doesn't know of, or
    `log` isn't as `load_log` made it, the whole log is read afresh.
    """
    if not isinstance(log, StoredLog) or log.workspace != workspace:
        return load_log(connection, workspace)
    rewrites = _rewrites(connection, workspace)
    if log.rewrites != rewrites:
        changed = None if changes is None else changes.between(log.rewrites, rewrites)
        if changed is None:
            return load_log(connection, workspace)
        log = replace(_corrected(connection, log, changed[changed <= log.last_key]), rewrites=rewrites)
    return _extended(connection, log)


def _empty(workspace: int, action_names: tuple[str, ...], last_key: int, rewrites: int) -> StoredLog:
    nothing = integers([])
    return StoredLog(
        nothing, nothing, nothing, nothing, action_names, nothing, np.empty(0), nothing, nothing, (),
        workspace, last_key, rewrites, nothing,
    )  # fmt: skip


def _rewrites(connection: Connection, workspace: int) -> int:
    return int(connection.scalar(text(_REWRITES), {"workspace": workspace}) or 0)


def _extended(connection: Connection, log: StoredLog) -> StoredLog:
    return _read(connection, log, [(log.last_key, _LAST)])


def _read(connection: Connection, log: StoredLog, spans: Iterable[tuple[int, int]]) -> StoredLog:
    """Return `log` with the rows of these spans of keys at its end; a span is what is above one and up to the other."""
    deleted = integers(connection.scalars(text(_DELETED_PERSONAS), {"workspace": log.workspace}).all())
    events = _Events(log, deleted)
    for after, until in spans:
        query = {"workspace": log.workspace, "after": after, "until": until, "no_weight": _NO_WEIGHT}
        for batch in batches(connection, _EVENTS, **query):
            events.add(*batch)
    return events.joined()


def _corrected(connection: Connection, log: StoredLog, changed: Ints) -> StoredLog:
    """Return `log` with the rows of these keys as they are now: out of it, or in their places."""
    nothing = _empty(log.workspace, log.action_names, 0, log.rewrites)
    fresh = _read(connection, nothing, ((key - 1, key) for key in changed.tolist()))
    rows = _Merge(log.keys, fresh.keys, changed)
    follows = _Merge(log.follow_keys, fresh.follow_keys, changed)
    actions, action_names = _by_first_use(rows.of(log.actions, fresh.actions), fresh.action_names)
    creators = follows.of(_texts(log.follow_creators), _texts(fresh.follow_creators))
    return replace(
        log,
        keys=rows.of(log.keys, fresh.keys),
        personas=rows.of(log.personas, fresh.personas),
        items=rows.of(log.items, fresh.items),
        actions=actions,
        action_names=action_names,
        at=rows.of(log.at, fresh.at),
        weights=rows.of(log.weights, fresh.weights),
        follow_keys=follows.of(log.follow_keys, fresh.follow_keys),
        follow_personas=follows.of(log.follow_personas, fresh.follow_personas),
        follow_at=follows.of(log.follow_at, fresh.follow_at),
        follow_creators=tuple(creators.tolist()),
    )


class _Merge:
    """How columns of rows, by ascending key, take in the rows that changed: those go, and the fresh ones come."""

    def __init__(self, held: Ints, fresh: Ints, changed: Ints) -> None:
        self._kept = ~np.isin(held, changed)
        self._places = np.searchsorted(held[self._kept], fresh)

    def of(self, held: Any, fresh: Any) -> Any:
        return np.insert(held[self._kept], self._places, fresh)


def _texts(values: tuple[str, ...]) -> NDArray[np.object_]:
    return np.array([*values, None], dtype=object)[:-1]


def _by_first_use(actions: Ints, names: tuple[str, ...]) -> tuple[Ints, tuple[str, ...]]:
    """Return codes and names with the names in the order in which they first occur, those without a row left out.

    Examples
    --------
    >>> codes, names = _by_first_use(np.array([2, 0, 2]), ("view", "like", "click"))
    >>> codes.tolist(), names
    ([0, 1, 0], ('click', 'view'))
    """
    used = [(int(mine.argmax()), code) for code in range(len(names)) if (mine := actions == code).any()]
    order = [code for _, code in sorted(used)]
    if order == list(range(len(names))):
        return actions, names
    table = np.zeros(len(names), dtype=np.int64)
    table[order] = np.arange(len(order))
    return table[actions], tuple(names[code] for code in order)


class _Events:
    """Rows of the log on their way into columns."""

    def __init__(self, log: StoredLog, deleted_personas: Ints) -> None:
        self._log = log
        self._deleted = deleted_personas
        self._codes = {name: code for code, name in enumerate(log.action_names)}
        self._last_key = log.last_key
        self._parts = [(log.keys, log.personas, log.items, log.actions, log.at, log.weights)]
        times = log.follow_at.tolist()
        follows = zip(log.follow_keys.tolist(), log.follow_personas.tolist(), times, log.follow_creators, strict=True)
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
        follows = np.flatnonzero(counts & (targets == 0)).tolist()
        self._follows += [(keys[n], personas[n], at[n], str(creators[n])) for n in follows]
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
        which, who, when, whom = zip(*self._follows, strict=True) if self._follows else ((), (), (), ())
        return StoredLog(
            keys, personas, items, actions, tuple(self._codes), at, weights, integers(who), integers(when), tuple(whom),
            log.workspace, self._last_key, log.rewrites, integers(which),
        )  # fmt: skip
