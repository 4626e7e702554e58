"""What was said of preferences by name, as SQL holds it: choices and feedback in the log, snapshots and edits."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, text

from tastebench.domain.columns import Ints
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.statements import NONE_SAID, Statements
from tastebench.stores import app_state, preference_snapshots
from tastebench.stores.column_rows import integers

# The kinds are left out in the words of the index interactions_by_name, or SQLite would not use it.
_NEWEST = """
    SELECT log_rewrites, (
        SELECT MAX(key) FROM interactions
        WHERE workspace_key = :workspace AND target_kind NOT IN ('item', 'creator')
    ) FROM workspaces WHERE key = :workspace"""
_CHOICES = """
    SELECT key, persona_key, at, action, weight,
           CASE WHEN target_kind IN ('preference', 'view') THEN target ELSE lesson END AS lesson
    FROM interactions
    WHERE workspace_key = :workspace AND target_kind NOT IN ('item', 'creator') AND deleted_at IS NULL
      AND persona_key NOT IN (SELECT key FROM personas WHERE workspace_key = :workspace AND deleted_at IS NOT NULL)
    ORDER BY key"""
_EDITS = """
    SELECT key, persona_key, at, kind, category, name, value, confidence FROM preference_edits
    WHERE workspace_key = :workspace AND deleted_at IS NULL
      AND persona_key NOT IN (SELECT key FROM personas WHERE workspace_key = :workspace AND deleted_at IS NOT NULL)
    ORDER BY key"""
_NEWEST_OF_ALL = "SELECT MAX(key) FROM interactions WHERE workspace_key = :workspace"
_LEARNED_ROWS = """
    SELECT COUNT(*) FROM interactions
    WHERE workspace_key = :workspace AND deleted_at IS NULL AND key <= :until
      AND persona_key NOT IN (SELECT key FROM personas WHERE workspace_key = :workspace AND deleted_at IS NOT NULL)"""
_NTH = "SELECT key FROM interactions WHERE workspace_key = :workspace ORDER BY key LIMIT 1 OFFSET :before"
_LEARNED_UNTIL = "preferences_learned_until"


@dataclass(frozen=True)
class StoredStatements:
    """What was said, as it was read.

    Parameters
    ----------
    said : Statements
        Choices, then snapshots, then edits.
    choices, snapshots : Statements
    state : tuple
        Rewrites of the log and its newest choice, then the edits' keys: equal states, equal statements.
    """

    said: Statements
    choices: Statements
    snapshots: Statements
    state: tuple[object, ...]


NOTHING_READ = StoredStatements(NONE_SAID, NONE_SAID, NONE_SAID, ())


def load(connection: Connection, workspace: int, held: StoredStatements = NOTHING_READ) -> StoredStatements:
    """Return what was said until now; `held` itself where nothing was said or taken back since."""
    mine = {"workspace": workspace}
    newest = tuple(connection.execute(text(_NEWEST), mine).one())
    edits = connection.execute(text(_EDITS), mine).all()
    state = (*newest, *(row.key for row in edits))
    if state == held.state:
        return held
    choices = held.choices if newest == held.state[:2] else _choices(connection, workspace)
    # Snapshots come and go together with rows of the log, or with their personas.
    same_snapshots = newest[:1] == held.state[:1]
    snapshots = held.snapshots if same_snapshots else preference_snapshots.load(connection, workspace)
    corrections = Statements(
        integers([row.persona_key for row in edits]),
        integers([row.at for row in edits]),
        tuple(row.kind for row in edits),
        tuple(PreferenceName(row.category, row.name, row.value) for row in edits),
        np.array([row.confidence for row in edits], dtype=np.float64),
        np.zeros(len(edits), dtype=np.int64),
    )
    return StoredStatements(choices.joined(snapshots).joined(corrections), choices, snapshots, state)


def learned_until(connection: Connection, workspace: int) -> int | None:
    """Return the key of the newest interaction that the last recomputation learned from; None before the first."""
    key = app_state.fetch(connection, workspace, _LEARNED_UNTIL)
    return key if isinstance(key, int) else None


def note_recomputation(connection: Connection, workspace: int) -> None:
    """Remember that everything recorded until now was learned from."""
    newest = connection.scalar(text(_NEWEST_OF_ALL), {"workspace": workspace})
    app_state.save(connection, workspace, _LEARNED_UNTIL, int(newest or 0))


def learned_rows(connection: Connection, workspace: int) -> int | None:
    """Return how many rows of the log, deleted ones aside, the last recomputation learned from: for an archive."""
    until = learned_until(connection, workspace)
    return until if until is None else connection.scalar(text(_LEARNED_ROWS), {"workspace": workspace, "until": until})


def note_learned_rows(connection: Connection, workspace: int, rows: int) -> None:
    """Remember that the first so many rows of the log were learned from, as `learned_rows` returned it."""
    newest = connection.scalar(text(_NTH), {"workspace": workspace, "before": rows - 1}) if rows else 0
    app_state.save(connection, workspace, _LEARNED_UNTIL, int(newest or 0))


def choice_keys(connection: Connection, workspace: int) -> Ints:
    """Return the keys of the interactions that are choices, in the order in which `load` returns these: first."""
    return integers([row.key for row, _ in _named(connection, workspace)])


def _named(connection: Connection, workspace: int) -> list[tuple[Row[Any], PreferenceName]]:
    rows = connection.execute(text(_CHOICES), {"workspace": workspace}).all()
    return [(row, name) for row in rows if (name := PreferenceName.read(row.lesson or "")) is not None]


def _choices(connection: Connection, workspace: int) -> Statements:
    named = _named(connection, workspace)
    return Statements(
        integers([row.persona_key for row, _ in named]),
        integers([row.at for row, _ in named]),
        tuple(row.action for row, _ in named),
        tuple(name for _, name in named),
        np.array([np.nan if row.weight is None else row.weight for row, _ in named], dtype=np.float64),
        np.zeros(len(named), dtype=np.int64),
    )
