"""The composition root: it builds the real things, and nothing else does."""

import hashlib
import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tastebench.domain.errors import DatabaseUnavailable, IndexUnavailable, InvalidInput
from tastebench.domain.ports import ChatModel, Encoder
from tastebench.services.held import Held
from tastebench.services.jobs import Jobs
from tastebench.services.language_model import LanguageModel
from tastebench.services.model_preferences import ModelPreferences
from tastebench.services.settings import Settings
from tastebench.stores.chroma_index import ChromaIndexes
from tastebench.stores.database import Database
from tastebench.stores.link_files import LinkFiles
from tastebench.stores.lock import FolderLock

if TYPE_CHECKING:
    from tastebench.services.views import WorkspaceSummary
    from tastebench.stores.workspaces import WorkspaceRow

_log = logging.getLogger(__name__)


@dataclass
class Parts:
    """What services work with: one set per process.

    Parameters
    ----------
    indexes : ChromaIndexes, optional
        None for reading only: searches are then exact.
    chat : ChatModel, optional
        None for the Ollama that the settings name.
    held : dict
        Columns and index of each workspace in use, by key.
    summaries : dict
        Figures of each workspace, by key, beside the row they were counted for.
    jobs : Jobs
        What runs in the background.
    """

    settings: Settings
    database: Database
    encoder: Encoder
    indexes: ChromaIndexes | None
    lock: FolderLock | None
    chat: ChatModel | None = None
    held: dict[int, Held] = field(default_factory=dict)
    summaries: "dict[int, tuple[WorkspaceRow, WorkspaceSummary]]" = field(default_factory=dict)
    jobs: Jobs = field(default_factory=Jobs)
    guard: threading.RLock = field(default_factory=threading.RLock)

    @cached_property
    def language_model(self) -> LanguageModel:
        """The one door to the language model; nothing is connected before the first question."""
        return language_model_of(self.settings, self.chat)

    @cached_property
    def links(self) -> LinkFiles:
        """The links between items of all workspaces, in the data folder."""
        return LinkFiles(self.settings.data / "links")

    def held_for(self, key: int) -> Held:
        """Return what is held of one workspace."""
        with self.guard:
            if key not in self.held:
                self.held[key] = Held(key, self.database, self.encoder, self.indexes, self.links)
            return self.held[key]

    def forget(self, key: int) -> dict[str, int]:
        """Let go of a workspace that is gone, and return how many files and vector collections went with it."""
        files = self._let_go(key)
        return {"files": files, "collections": self.indexes.drop(key) if self.indexes is not None else 0}

    def forget_learned(self, key: int) -> None:
        """Remove whatever was worked out from a workspace's personas and their log; it is worked out anew when needed.

        Raises
        ------
        IndexUnavailable
            Where the index of personas is out of reach.
        """
        self._let_go(key)
        if self.indexes is not None:
            self.indexes.drop(key, "personas")

    def remove_traces(self, keys: Collection[int]) -> None:
        """Finish what a killed process had begun to remove for good; `keys` are those of all workspaces there are."""
        if not self.database.has_traces():
            return
        try:
            self.links.keep_only(keys)
            if self.indexes is not None:
                self.indexes.keep_only(keys)
            for key in keys:
                self.forget_learned(key)
            self.database.overwrite_traces()
        except (IndexUnavailable, DatabaseUnavailable):
            _log.warning("deleted rows may have left traces; the next start tries again", exc_info=True)

    def _let_go(self, key: int) -> int:
        with self.guard:
            held = self.held.pop(key, None)
            self.summaries.pop(key, None)
        files = held.links.stop() if held is not None else self.links.drop(key)
        if held is not None:
            held.personas.stop()
            held.words.close()
        return files

    def close(self) -> None:
        """Close everything; the lock comes last, so that nobody else starts while something is open."""
        if "language_model" in self.__dict__:
            self.language_model.close()
        if self.indexes is not None:
            self.indexes.close()
        for held in self.held.values():
            held.words.close()
        self.database.close()
        if self.lock is not None:
            self.lock.release()


def build(
    settings: Settings, *, read_only: bool = False, encoder: Encoder | None = None, chat: ChatModel | None = None
) -> Parts:
    """Return the real parts; the encoder and Chroma load on first use.

    Raises
    ------
    FolderInUse
        Where another process writes to the data folder.
    DatabaseUnavailable
        Where SQL cannot be reached.
    """
    chosen = encoder or encoder_of(settings)
    if read_only:
        return Parts(settings, Database.open(settings.sql, read_only=True), chosen, None, None, chat)
    _make_folder(settings)
    lock = FolderLock(settings.data)
    lock.acquire()
    try:
        database = Database.open(settings.sql)
    except BaseException:
        lock.release()
        raise
    return Parts(settings, database, chosen, indexes_of(settings), lock, chat)


def indexes_of(settings: Settings) -> ChromaIndexes:
    """Return the indexes of all workspaces, in the data folder or on a server; nothing is opened yet."""
    if settings.chroma_url is None:
        return ChromaIndexes(settings.data / "index")
    # Installations may share a server; each knows its own collections by the database they can be rebuilt from.
    database = hashlib.blake2b(str(settings.sql).encode(), digest_size=4).hexdigest()
    return ChromaIndexes(settings.chroma_url, namespace=f"tastebench-{database}")


def _make_folder(settings: Settings) -> None:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"The data folder {settings.data} cannot be made: {error.strerror}.",
            "Choose another one with TASTEBENCH_DATA.",
        ) from error


def language_model_of(settings: Settings, chat: ChatModel | None = None) -> LanguageModel:
    """Return the language model of a data folder: `chat`, or the Ollama that its settings name, now or later."""
    from tastebench.models.ollama_chat import OllamaChat

    preferences = ModelPreferences(settings.data / "language-model.json", settings.ollama_address)
    return LanguageModel(chat or OllamaChat(preferences.current, preferences.host), preferences)


def encoder_of(settings: Settings) -> Encoder:
    """Return the encoder that is set; its model loads with the first text."""
    from tastebench.models.encoder import SentenceTransformerEncoder

    if settings.encoder is None:
        return SentenceTransformerEncoder(threads=settings.encoder_threads)
    return SentenceTransformerEncoder(settings.encoder, threads=settings.encoder_threads)
