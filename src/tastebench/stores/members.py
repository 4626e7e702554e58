"""Members: whom a workspace names as those who may see it. They concern no persona and stay out of archives."""

from sqlalchemy import Connection, insert, select

from tastebench.domain.errors import InvalidInput
from tastebench.domain.member import MEMBERS_LIMIT
from tastebench.stores import traces
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import members


def names(connection: Connection, workspace: int) -> tuple[str, ...]:
    """Return the addresses of a workspace's members, sorted."""
    mine = members.c.workspace_key == workspace
    return tuple(connection.scalars(select(members.c.email).where(mine).order_by(members.c.email)))


def seen_by(connection: Connection, email: str) -> frozenset[int]:
    """Return the keys of the workspaces that name this address."""
    return frozenset(connection.scalars(select(members.c.workspace_key).where(members.c.email == email)))


def add(connection: Connection, workspace: int, email: str) -> bool:
    """Name a member and tell whether that is news. Raises `InvalidInput` where there are as many as there may be."""
    known = names(connection, workspace)
    if email in known:
        return False
    if len(known) >= MEMBERS_LIMIT:
        raise InvalidInput(f"The workspace has {MEMBERS_LIMIT:,} members; no more are allowed.", "Remove one first.")
    connection.execute(insert(members).values(workspace_key=workspace, email=email, added_at=now_micros()))
    return True


def remove(connection: Connection, workspace: int, email: str) -> bool:
    """Take a member off the list, for good, and tell whether they were on it."""
    return bool(
        traces.deleted(connection, members, (members.c.workspace_key == workspace) & (members.c.email == email))
    )
