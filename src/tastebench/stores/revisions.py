"""Revisions: how whoever holds a workspace's columns learns that they are out of date."""

from typing import Literal, TypeAlias

from sqlalchemy import Connection, update

from tastebench.domain.errors import NotFound
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import workspaces

Which: TypeAlias = Literal["catalogue", "log", "personas"]

_REVISIONS = {"catalogue": "catalogue_revision", "log": "log_revision", "personas": "persona_revision"}
_REWRITES = {"catalogue": "catalogue_rewrites", "log": "log_rewrites"}


def bump(connection: Connection, workspace: int, *which: Which, rewritten: bool = False) -> None:
    """Raise the named revisions by one; `rewritten` says that rows went or changed, not only joined.

    Raises
    ------
    NotFound
        Where there is no workspace of that key.
    """
    columns = [_REVISIONS[name] for name in which]
    if rewritten:
        columns += [_REWRITES[name] for name in which if name in _REWRITES]
    values = {name: workspaces.c[name] + 1 for name in columns}
    done = connection.execute(
        update(workspaces).where(workspaces.c.key == workspace).values(changed_at=now_micros(), **values)
    )
    if not done.rowcount:
        raise NotFound(f"There is no workspace with the key {workspace}.", "List the workspaces and choose one.")
