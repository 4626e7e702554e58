"""A workspace with everything that can be done in it."""

from tastebench.services.archive import Archiving
from tastebench.services.catalogue import Catalogue
from tastebench.services.conversing import Conversing
from tastebench.services.evaluating import Evaluating
from tastebench.services.exploring import Exploring
from tastebench.services.feedback import Feedback
from tastebench.services.importing import Importing
from tastebench.services.membership import Membership
from tastebench.services.people import People
from tastebench.services.personal import Personal
from tastebench.services.recomputing import Recomputing
from tastebench.services.retaining import Retaining
from tastebench.services.simulating import Simulating
from tastebench.services.suggesting import Suggesting
from tastebench.services.views import WorkspaceSummary
from tastebench.stores import workspaces
from tastebench.stores.workspaces import WorkspaceRow


class Workspace(
    Simulating,
    Importing,
    Catalogue,
    People,
    Feedback,
    Conversing,
    Suggesting,
    Personal,
    Retaining,
    Recomputing,
    Exploring,
    Evaluating,
    Archiving,
    Membership,
):
    """One workspace: a catalogue, its personas, their log, its scoring profiles. Nothing crosses it.

    Get one from `Workbench.workspace`.
    """

    def summary(self) -> WorkspaceSummary:
        """Return what is in it, in figures."""
        row, held = self._row(), self._parts.summaries.get(self._key)
        if held is None or held[0] != row:  # any write to the workspace changes its row
            held = self._parts.summaries[self._key] = (row, self._counted(row))
        return held[1]

    def _counted(self, row: WorkspaceRow) -> WorkspaceSummary:
        with self._parts.database.read() as connection:
            counts = workspaces.counts(connection, self._key)
        return WorkspaceSummary(
            name=row.name,
            note=row.settings.note,
            synthetic=row.settings.synthetic,
            items=counts["items"],
            available_items=counts["available_items"],
            personas=counts["personas"],
            interactions=counts["interactions"],
            imports=counts["imports"],
            newest_event=counts["newest_event"],
            changed_at=row.changed_at,
            facets=row.settings.facets,
            pending_texts=counts["pending_texts"],
        )

    def __repr__(self) -> str:
        return f"Workspace({self.name!r})"
