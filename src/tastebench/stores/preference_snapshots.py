"""Snapshots of preferences: what is kept of them when the interactions behind them are removed."""

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, literal, select

from tastebench.domain.columns import Bools
from tastebench.domain.preferences import SNAPSHOT, PreferenceName
from tastebench.domain.statements import Statements
from tastebench.stores.bulk import write_rows
from tastebench.stores.clock import now_micros
from tastebench.stores.column_rows import integers
from tastebench.stores.schema import personas, preference_snapshots

_IDENTITY = ("workspace_key", "persona_key", "category", "name", "value")
_CARRIED = ("workspace_key", "at", "category", "name", "value", "confidence", "pieces", "recorded_at")


def replace(connection: Connection, workspace: int, snapshots: Statements, matters: Bools) -> int:
    """Keep the snapshots that matter, in place of earlier ones of the same preferences; return how many these are.

    The caller bumps the log, as it removes the rows behind them in the same transaction.
    """
    columns, moment = preference_snapshots.c, now_micros()
    cells = zip(
        snapshots.personas.tolist(), snapshots.at.tolist(), snapshots.names, snapshots.amounts.tolist(),
        snapshots.counts.tolist(), strict=True,
    )  # fmt: skip
    rows = [
        {
            "workspace_key": workspace, "persona_key": persona, "category": name.category, "name": name.key,
            "value": name.value, "at": at, "confidence": confidence, "pieces": pieces, "recorded_at": moment,
        }
        for persona, at, name, confidence, pieces in cells
    ]  # fmt: skip
    if not rows:
        return 0
    earlier = delete(preference_snapshots).where(*(columns[name] == bindparam(f"its_{name}") for name in _IDENTITY))
    connection.execute(earlier, [{f"its_{name}": row[name] for name in _IDENTITY} for row in rows])
    kept = [row for row, wanted in zip(rows, matters.tolist(), strict=True) if wanted]
    write_rows(connection, insert(preference_snapshots), kept)
    return len(kept)


def load(connection: Connection, workspace: int) -> Statements:
    """Return the snapshots of all personas that are not deleted."""
    columns = preference_snapshots.c
    gone = select(personas.c.key).where(personas.c.workspace_key == workspace, personas.c.deleted_at.is_not(None))
    mine = (columns.workspace_key == workspace) & columns.persona_key.not_in(gone)
    rows = connection.execute(select(preference_snapshots).where(mine).order_by(columns.key)).all()
    return Statements(
        integers([row.persona_key for row in rows]),
        integers([row.at for row in rows]),
        (SNAPSHOT,) * len(rows),
        tuple(PreferenceName(row.category, row.name, row.value) for row in rows),
        np.array([row.confidence for row in rows], dtype=np.float64),
        integers([row.pieces for row in rows]),
    )


def copy(connection: Connection, workspace: int, source: int, target: int) -> int:
    """Let another persona have one persona's snapshots too and return how many. The caller bumps the log."""
    columns = preference_snapshots.c
    mine = (columns.workspace_key == workspace) & (columns.persona_key == source)
    found = select(*(columns[name] for name in _CARRIED), literal(target)).where(mine)
    copied = insert(preference_snapshots).from_select([*_CARRIED, "persona_key"], found)
    return connection.execute(copied, execution_options={"preserve_rowcount": True}).rowcount


def forget(connection: Connection, workspace: int, persona_key: int) -> None:
    """Remove a persona's snapshots. The caller bumps the log."""
    columns = preference_snapshots.c
    mine = (columns.workspace_key == workspace) & (columns.persona_key == persona_key)
    connection.execute(delete(preference_snapshots).where(mine))
