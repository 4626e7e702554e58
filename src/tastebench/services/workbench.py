"""The Workbench: one data folder, its workspaces, and how its parts are."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.domain.errors import DatabaseUnavailable, InvalidInput, NotFound
from tastebench.domain.ports import ChatModel, Encoder
from tastebench.domain.reports import OnProgress, Progress
from tastebench.domain.text import NAME_LIMIT, checked
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services import archive, bootstrap, demo, retaining
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import embed_pending
from tastebench.services.health import PartHealth, examined
from tastebench.services.import_run import undo
from tastebench.services.language_model import LanguageModel
from tastebench.services.model_trial import Trial, tried
from tastebench.services.retaining import Retained
from tastebench.services.settings import Settings
from tastebench.services.views import WorkspaceSummary
from tastebench.services.workspace import Workspace
from tastebench.stores import embeddings, imports, workspaces
from tastebench.stores.workspaces import WorkspaceRow

_log = logging.getLogger(__name__)


class Workbench:
    """One data folder, open. Close it, or use it in a ``with`` statement."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.jobs = parts.jobs

    @classmethod
    def open(
        cls,
        folder: str | Path | None = None,
        *,
        database_url: str | None = None,
        chroma_url: str | None = None,
        ollama_url: str | None = None,
        read_only: bool = False,
        encoder: Encoder | None = None,
        chat: ChatModel | None = None,
    ) -> Self:
        """Open a data folder, made where it isn't there; what isn't given is read from the environment.

        What a killed process left half read is undone. `read_only` needs no lock and searches exactly.

        Raises
        ------
        FolderInUse
            Where another process holds the folder.
        DatabaseUnavailable
            Where SQL cannot be reached, or was written by a newer version.
        """
        settings = Settings.read(data=folder, database_url=database_url, chroma_url=chroma_url, ollama_url=ollama_url)
        bench = cls(bootstrap.build(settings, read_only=read_only, encoder=encoder, chat=chat))
        try:
            if not read_only:
                bench._parts.remove_traces([row.key for row in bench._rows()])
                bench._undo_unfinished()
                bench.expire_turns()
        except BaseException:
            bench.close()
            raise
        return bench

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._parts.settings

    @property
    def language_model(self) -> LanguageModel:
        """The language model of this data folder: settings, what is there, pulling."""
        return self._parts.language_model

    def test_model(
        self, on_progress: Callable[[ChatProgress], None] | None = None, cancelled: IsCancelled | None = None
    ) -> Trial:
        """Return what the language model makes of three invented films, one of which fits an invented persona."""
        return tried(self.language_model, on_progress, cancelled)

    def workspaces(self) -> list[WorkspaceSummary]:
        """Return every workspace in figures, by name."""
        return [Workspace(self._parts, row.key).summary() for row in self._rows()]

    def workspace_names(self) -> list[str]:
        """Return every workspace's name, sorted."""
        return [row.name for row in self._rows()]

    def workspace(self, name: str, create: bool = False) -> Workspace:
        """Return one workspace, made on request where it isn't there.

        Raises
        ------
        NotFound
            Where it isn't there and `create` is False.
        """
        if not create:
            with self._parts.database.read() as connection:
                return Workspace(self._parts, workspaces.find(connection, name).key)
        with self._parts.database.write() as connection:
            try:
                row = workspaces.find(connection, name)
            except NotFound:
                row = workspaces.create(connection, _checked_name(name), WorkspaceSettings())
            return Workspace(self._parts, row.key)

    def rename_workspace(self, old: str, new: str) -> None:
        """Give a workspace another name. Raises `NotFound`, `AlreadyExists`, `InvalidInput`."""
        with self._parts.database.write() as connection:
            workspaces.rename(connection, workspaces.find(connection, old).key, _checked_name(new))

    def delete_workspace(self, name: str) -> dict[str, int]:
        """Remove a workspace for good and return how many rows of each table, files and vector collections that was.

        Raises
        ------
        IndexUnavailable, DatabaseUnavailable
            Where the rows are gone, but traces are left in a part that is out of reach; the next start removes them.
        """
        with self._parts.database.write() as connection:
            key = workspaces.find(connection, name).key
            removed = workspaces.delete(connection, key)
        removed |= self._parts.forget(key)
        self._parts.database.overwrite_traces()
        return removed

    def health(self, *, thorough: bool = False) -> list[PartHealth]:
        """Return how each part is, and what to do where it is not well. Raises nothing: SQL may be one of them.

        Parameters
        ----------
        thorough : bool
            Read through a large database too, and open what is opened on first use.
        """
        try:
            rows = [(row.key, row.name) for row in self._rows()]
        except DatabaseUnavailable:
            rows = []  # the row of SQL will say so
        return examined(self._parts, rows, thorough=thorough)

    def load_demo(self, which: str, name: str | None = None, progress: OnProgress | None = None) -> Workspace:
        """Return the demo workspace ``films`` or ``shop``, loaded where it isn't there."""
        return demo.load(self, which, name or which, progress)

    def restore(self, path: str | Path, name: str | None = None, progress: OnProgress | None = None) -> Workspace:
        """Return a new workspace made from an archive. Raises `UnreadableFile`, `AlreadyExists`."""
        return Workspace(self._parts, archive.restored(self._parts, Path(path), name, progress))

    def rebuild(
        self, name: str | None = None, *, embed: bool = False, progress: OnProgress | None = None
    ) -> dict[str, int]:
        """Rebuild the vector index of one workspace, or of all, from SQL; return items' vectors per workspace.

        Parameters
        ----------
        embed : bool
            Forget all vectors first and embed every text with the model that is set.
        """
        rows = [row for row in self._rows() if name is None or row.name == name]
        if name is not None and not rows:
            raise NotFound(f"There is no workspace {name!r}.", f"There are: {', '.join(self.workspace_names())}.")
        return {row.name: self._rebuilt(row.key, row.name, embed=embed, progress=progress) for row in rows}

    def retain(self, name: str | None = None) -> dict[str, Retained]:
        """Remove from one workspace, or from all, what is too old to be kept; return how much, by workspace's name.

        Raises
        ------
        NotFound
            Where there is no workspace of that name.
        """
        names = self.workspace_names() if name is None else [name]
        return {one: self.workspace(one).retain() for one in names}

    def expire_turns(self) -> int:
        """Remove the turns that are older than their workspace keeps them, for good; return how many there were."""
        return sum(Workspace(self._parts, row.key).expire_turns() for row in self._rows())

    def resume(self, progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None) -> int:
        """Embed whatever texts of any workspace still wait for it, and return how many were read."""
        return sum(embed_pending(self._parts, row.key, progress, cancel) for row in self._rows())

    def wake(self, progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None) -> None:
        """Do what an app should do after its start, in the background: what was interrupted, what is needed first.

        What is too old to be kept is removed; texts that wait for the encoder are embedded; the workspace that changed
        last is read and its index checked, and that of its personas built where it is due.
        """
        rows = sorted(self._rows(), key=lambda row: row.changed_at, reverse=True)
        retaining.enforce(Workspace(self._parts, row.key) for row in rows)
        self.resume(progress, cancel)
        for row in rows[:1]:
            self._parts.held_for(row.key).index()
            Workspace(self._parts, row.key).persona_index()

    def close(self) -> None:
        """Stop jobs, close the database and the index, free the lock."""
        self.jobs.close()
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self) -> list[WorkspaceRow]:
        with self._parts.database.read() as connection:
            return workspaces.all_rows(connection)

    def _rebuilt(self, key: int, name: str, *, embed: bool, progress: OnProgress | None) -> int:
        if embed:
            encoder = self._parts.encoder
            model, dimension = encoder.name, encoder.dimension
            with self._parts.database.write() as connection:
                embeddings.forget(connection, key)
                workspaces.set_encoder(connection, key, model, dimension)
            self._parts.forget(key)
            embed_pending(self._parts, key, progress)
        count = self._parts.held_for(key).rebuild_index()
        Workspace(self._parts, key).refresh_personas()
        if progress is not None:
            progress(Progress(f"Index of {name}", count, count))
        return count

    def _undo_unfinished(self) -> None:
        for row in self._rows():
            with self._parts.database.read() as connection:
                unfinished = imports.unfinished(connection, row.key)
            for import_id in unfinished:
                _log.warning("import %s into %r was cut off while reading; it is undone", import_id, row.name)
                undo(self._parts, row.key, import_id)


def _checked_name(name: str) -> str:
    if not isinstance(name, str):
        raise InvalidInput("The workspace's name is not a text.", "Give it a name.")
    return checked(name, "the workspace's name", NAME_LIMIT, required=True)
