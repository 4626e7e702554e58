"""What operators chose of views: kept per workspace and operator; rows join and are marked as forgotten."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from tastebench.domain.choices import Choice
from tastebench.domain.preferences import PreferenceName
from tastebench.stores.bulk import pieces
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import operator_choices

KEPT = 500
"""So many of an operator's newest choices are kept, beside what holds always: older ones say next to nothing."""


def add(connection: Connection, workspace: int, operator: str, choice: Choice) -> int:
    """Keep a choice and return its key; the operator's oldest beyond `KEPT` go."""
    columns = operator_choices.c
    values = {
        "workspace_key": workspace,
        "operator": operator,
        "at": choice.at,
        "category": choice.name.category,
        "name": choice.name.key,
        "value": choice.name.value,
        "strength": choice.strength,
        "always": choice.always,
    }
    added = insert(operator_choices).values(values).returning(columns.key)
    key = int(connection.execute(added).scalar_one())
    mine = (columns.workspace_key == workspace) & (columns.operator == operator) & columns.always.is_(False)
    oldest = select(columns.key).where(mine).order_by(columns.key.desc()).offset(KEPT).limit(1)
    connection.execute(delete(operator_choices).where(mine, columns.key <= oldest.scalar_subquery()))
    return key


def of_operator(connection: Connection, workspace: int, operator: str) -> list[Choice]:
    """Return an operator's choices that aren't forgotten, in the order in which they were made."""
    columns = operator_choices.c
    mine = (columns.workspace_key == workspace) & (columns.operator == operator) & columns.deleted_at.is_(None)
    wanted = (columns.category, columns.name, columns.value, columns.at, columns.strength, columns.always)
    rows = connection.execute(select(*wanted).where(mine).order_by(columns.key))
    return [Choice(PreferenceName(*name), at, strength, always) for *name, at, strength, always in rows]


def forget(connection: Connection, workspace: int, operator: str) -> list[int]:
    """Mark all that an operator chose as forgotten, and return the rows' keys, for `restore`."""
    columns = operator_choices.c
    mine = (columns.workspace_key == workspace) & (columns.operator == operator) & columns.deleted_at.is_(None)
    marked = update(operator_choices).where(mine).values(deleted_at=now_micros()).returning(columns.key)
    return sorted(connection.scalars(marked))


def restore(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Let forgotten choices count again and return how many; keys that aren't there are passed over."""
    columns, count = operator_choices.c, 0
    for piece in pieces([int(key) for key in keys]):
        mine = (columns.workspace_key == workspace) & columns.key.in_(piece) & columns.deleted_at.is_not(None)
        count += connection.execute(update(operator_choices).where(mine).values(deleted_at=None)).rowcount
    return count
