"""The vector index of a workspace, built anew from SQL."""

from tastebench.domain.reports import OnProgress, Progress
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import embed_pending
from tastebench.services.workspace import Workspace
from tastebench.stores import embeddings, workspaces
from tastebench.stores.workspaces import WorkspaceRow


def rebuilt(parts: Parts, row: WorkspaceRow, *, embed: bool, progress: OnProgress | None) -> int:
    """Rebuild a workspace's index, and that of its personas; return how many items' vectors there are.

    Parameters
    ----------
    embed : bool
        Forget all vectors first and embed every text with the model that is set.
    """
    key = row.key
    if embed:
        encoder = parts.encoder
        model, dimension = encoder.name, encoder.dimension
        with parts.database.write() as connection:
            embeddings.forget(connection, key)
            workspaces.set_encoder(connection, key, model, dimension)
        parts.forget(key)
        embed_pending(parts, key, progress)
    count = parts.held_for(key).rebuild_index()
    Workspace(parts, key).refresh_personas()
    if progress is not None:
        progress(Progress(f"Index of {row.name}", count, count))
    return count
