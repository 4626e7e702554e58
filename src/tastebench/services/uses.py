"""What every group of use cases starts from: one workspace and the parts it works with."""

from pathlib import Path

from tastebench.domain.errors import NotFound
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.bootstrap import Parts
from tastebench.services.held import Held
from tastebench.stores import workspaces
from tastebench.stores.database import Connection
from tastebench.stores.workspaces import WorkspaceRow

_LOG = 2
"""Where the log's revision stands in `Uses.revision`."""


class Uses:
    """One workspace of a bench.

    Parameters
    ----------
    parts : Parts
    key : int
        The workspace's key, which a renaming leaves as it is.
    """

    def __init__(self, parts: Parts, key: int) -> None:
        self._parts = parts
        self._key = key

    @property
    def key(self) -> int:
        """The workspace's number: it stays through a renaming, and costs no look at SQL."""
        return self._key

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self._row().name

    @property
    def folder(self) -> Path:
        """The data folder, whole."""
        return self._parts.settings.data.absolute()

    @property
    def settings(self) -> WorkspaceSettings:
        """What the workspace has settled."""
        return self._row().settings

    @property
    def revision(self) -> tuple[object, ...]:
        """A value that changes with every write or fit that a ranking may depend on: part of a cache's key."""
        row = self._row()
        settled = row.settings.model_dump_json()
        fitted = self._held.links.version
        return (self._key, row.catalogue_revision, row.log_revision, row.persona_revision, settled, fitted)

    def changed_by_one_log_entry(self, before: tuple[object, ...]) -> bool:
        """Tell whether one entry of the log, made or taken back, is all that changed since `revision` was `before`."""
        log = before[_LOG]
        return isinstance(log, int) and (*before[:_LOG], log + 1, *before[_LOG + 1 :]) == self.revision

    @property
    def _held(self) -> Held:
        return self._parts.held_for(self._key)

    def _snapshot(self) -> Snapshot:
        return self._held.snapshot()

    def _row(self, connection: Connection | None = None) -> WorkspaceRow:
        if connection is not None:
            return workspaces.by_key(connection, self._key)
        with self._parts.database.read() as fresh:
            return workspaces.by_key(fresh, self._key)


def one_of(found: dict[str, int], wanted: str, what: str) -> int:
    """Return the key of `wanted`, or raise `NotFound` naming it."""
    if wanted not in found:
        raise NotFound(f"There is no {what} {wanted!r} in this workspace.", f"Check the {what}'s id.")
    return found[wanted]
