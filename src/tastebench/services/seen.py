"""Which workspaces a bench sees: all there are, or those that name a member."""

from tastebench.domain.errors import InvalidInput
from tastebench.domain.text import NAME_LIMIT, checked
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services.bootstrap import Parts
from tastebench.stores import members, workspaces
from tastebench.stores.database import Connection
from tastebench.stores.workspaces import WorkspaceRow


class Seen:
    """The workspaces that somebody sees.

    Parameters
    ----------
    parts : Parts
    member : str
        Whose workspaces, by their address as it is kept; empty: all.
    """

    def __init__(self, parts: Parts, member: str = "") -> None:
        self._parts, self.member = parts, member

    def rows(self, connection: Connection | None = None) -> list[WorkspaceRow]:
        """Return the rows of those workspaces, by name."""
        if connection is None:
            with self._parts.database.read() as fresh:
                return self.rows(fresh)
        return workspaces.all_rows(connection, self._among(connection))

    def find(self, connection: Connection, name: str) -> WorkspaceRow:
        """Return one of them. Raises `NotFound`, which tells of no others."""
        return workspaces.find(connection, name, self._among(connection))

    def create(self, connection: Connection, name: str, settings: WorkspaceSettings | None = None) -> WorkspaceRow:
        """Return a new workspace, which names whoever made it. Raises `AlreadyExists`, also where it isn't seen."""
        row = workspaces.create(connection, checked_name(name), settings or WorkspaceSettings())
        self.join(connection, row.key)
        return row

    def join(self, connection: Connection, key: int) -> None:
        """Name whoever made a workspace as its member."""
        if self.member:
            members.add(connection, key, self.member)

    def sees(self, key: int) -> bool:
        """Tell whether a workspace is one of them."""
        return any(row.key == key for row in self.rows())

    def free_name(self, wanted: str) -> str:
        """Return `wanted`, or with a number behind it where a workspace that isn't seen has that name."""
        mine = {row.name for row in self.rows()}
        hidden = {row.name for row in Seen(self._parts).rows()} - mine
        name, number = wanted, 1
        while name in hidden:
            number += 1
            name = f"{wanted} {number}"
        return name

    def _among(self, connection: Connection) -> frozenset[int] | None:
        return members.seen_by(connection, self.member) if self.member else None


def checked_name(name: str) -> str:
    """Return a workspace's name, cleaned. Raises `InvalidInput` where it is none."""
    if not isinstance(name, str):
        raise InvalidInput("The workspace's name is not a text.", "Give it a name.")
    return checked(name, "the workspace's name", NAME_LIMIT, required=True)
