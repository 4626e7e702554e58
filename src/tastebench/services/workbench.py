"""The Workbench: one data folder, its workspaces, and how its parts are."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.domain.errors import DatabaseUnavailable, NotFound
from tastebench.domain.member import checked_email
from tastebench.domain.ports import ChatModel, Encoder
from tastebench.domain.reports import OnProgress
from tastebench.services import archive, bootstrap, demo, retaining
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import embed_all
from tastebench.services.health import PartHealth, examined
from tastebench.services.import_run import undo_unfinished
from tastebench.services.language_model import LanguageModel
from tastebench.services.model_trial import Trial, tried
from tastebench.services.rebuilding import rebuilt
from tastebench.services.retaining import Retained
from tastebench.services.seen import Seen, checked_name
from tastebench.services.settings import Settings
from tastebench.services.views import WorkspaceSummary
from tastebench.services.workspace import Workspace
from tastebench.stores import workspaces


class Workbench:
    """One data folder, open. Close it, or use it in a ``with`` statement."""

    def __init__(self, parts: Parts, member: str = "") -> None:
        self._parts, self._seen = parts, Seen(parts, member)
        self.jobs = parts.jobs.of(member)

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
                bench._parts.remove_traces([row.key for row in bench._seen.rows()])
                undo_unfinished(bench._parts, bench._seen.rows(), shared=settings.database_url is not None)
                bench.expire_turns()
        except BaseException:
            bench.close()
            raise
        return bench

    def for_member(self, email: str) -> Self:
        """Return this bench as somebody who signed in sees it: only the workspaces that name them as a member.

        What they create names them; of other workspaces they are told that a name is taken, and nothing else. It
        works with this bench's parts: close this one. Raises `InvalidInput` where that is no e-mail address.
        """
        return type(self)(self._parts, checked_email(email))

    @property
    def member(self) -> str:
        """Whose workspaces it shows; empty where it shows them all."""
        return self._seen.member

    @property
    def may_settle(self) -> bool:
        """Whether what holds for the whole data folder, such as the language model, may be changed from here."""
        return not self.member or self.member in self.settings.admin_addresses

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
        return [Workspace(self._parts, row.key).summary() for row in self._seen.rows()]

    def workspace_names(self) -> list[str]:
        """Return every workspace's name, sorted."""
        return [row.name for row in self._seen.rows()]

    def workspace(self, name: str, create: bool = False) -> Workspace:
        """Return one workspace, made on request where it isn't there.

        Raises
        ------
        NotFound
            Where it isn't there and `create` is False.
        """
        if not create:
            with self._parts.database.read() as connection:
                return Workspace(self._parts, self._seen.find(connection, name).key)
        with self._parts.database.write() as connection:
            try:
                row = self._seen.find(connection, name)
            except NotFound:
                row = self._seen.create(connection, name)
            return Workspace(self._parts, row.key)

    def sees(self, workspace: Workspace) -> bool:
        """Tell whether a workspace is (still) one of those shown here."""
        return self._seen.sees(workspace.key)

    def rename_workspace(self, old: str, new: str) -> str:
        """Give a workspace another name and return it as it is kept: white space and letters are normalised.

        Raises `NotFound`, `AlreadyExists`, `InvalidInput`.
        """
        name = checked_name(new)
        with self._parts.database.write() as connection:
            workspaces.rename(connection, self._seen.find(connection, old).key, name)
        return name

    def delete_workspace(self, name: str) -> dict[str, int]:
        """Remove a workspace for good and return how many rows of each table, files and vector collections that was.

        Raises
        ------
        IndexUnavailable, DatabaseUnavailable
            Where the rows are gone, but traces are left in a part that is out of reach; the next start removes them.
        """
        with self._parts.database.write() as connection:
            key = self._seen.find(connection, name).key
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
            rows = self._seen.rows()
            pending = sum(Workspace(self._parts, row.key).summary().pending_texts for row in rows)
        except DatabaseUnavailable:
            rows, pending = [], 0  # the row of SQL will say so
        return examined(self._parts, rows, pending, thorough=thorough)

    def load_demo(self, which: str, name: str | None = None, progress: OnProgress | None = None) -> Workspace:
        """Return the demo workspace ``films`` or ``shop``, loaded where it isn't there."""
        return Workspace(
            self._parts, demo.load(self._parts, self._seen, which, name or self.demo_name(which), progress)
        )

    def demo_name(self, which: str) -> str:
        """Return the name under which a demo is loaded: its own, or ``films 2`` where somebody else has that name."""
        return self._seen.free_name(which)

    def restore(self, path: str | Path, name: str | None = None, progress: OnProgress | None = None) -> Workspace:
        """Return a new workspace made from an archive. Raises `UnreadableFile`, `AlreadyExists`."""
        return Workspace(self._parts, archive.restored(self._parts, self._seen, Path(path), name, progress))

    def rebuild(
        self, name: str | None = None, *, embed: bool = False, progress: OnProgress | None = None
    ) -> dict[str, int]:
        """Rebuild the vector index of one workspace, or of all, from SQL; return items' vectors per workspace.

        Parameters
        ----------
        embed : bool
            Forget all vectors first and embed every text with the model that is set.
        """
        rows = [row for row in self._seen.rows() if name is None or row.name == name]
        if name is not None and not rows:
            raise NotFound(f"There is no workspace {name!r}.", f"There are: {', '.join(self.workspace_names())}.")
        return {row.name: rebuilt(self._parts, row, embed=embed, progress=progress) for row in rows}

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
        return sum(Workspace(self._parts, row.key).expire_turns() for row in self._seen.rows())

    def resume(self, progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None) -> int:
        """Embed whatever texts of any workspace still wait for it, and return how many were read."""
        return embed_all(self._parts, [row.key for row in self._seen.rows()], progress, cancel)

    def wake(self, progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None) -> None:
        """Do what an app should do after its start, in the background: what was interrupted, what is needed first.

        What is too old to be kept is removed; texts that wait for the encoder are embedded; the workspace that changed
        last is read and its index checked, and that of its personas built where it is due.
        """
        rows = sorted(self._seen.rows(), key=lambda row: row.changed_at, reverse=True)
        retaining.enforce(Workspace(self._parts, row.key) for row in rows)
        self.resume(progress, cancel)
        for row in rows[:1]:
            self._parts.held_for(row.key).index()
            Workspace(self._parts, row.key).persona_index()

    def close(self) -> None:
        """Stop jobs, close the database and the index, free the lock. Nothing happens on a member's bench."""
        if self.member:
            return
        self.jobs.close()
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
