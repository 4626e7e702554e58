"""Which of a workspace's Chroma collections is the current one, whenever a process may have been killed.

A collection is called ``tastebench-<workspace>-<generation>``; the highest generation is the current one. While it
is being filled its name ends in ``-building``. The renaming that takes this off is one transaction of Chroma's, and
only then are older generations deleted: whatever moment a process ends at, the next one finds exactly one current
collection, and sweeps the rest away.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from tastebench.domain.errors import IndexUnavailable
from tastebench.stores.chroma_home import ChromaHome

CONFIGURATION = {"hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 500}}
"""Recall of 350 results at 100,000 overlapping clusters' vectors: .993 (ef_search 400: .989; 600: .995, 1.5 ms later).

Chroma's own default is l2. None of it can be changed later: `tastebench rebuild` makes a collection anew."""

Note: TypeAlias = Mapping[str, str | int]
"""What is written on a collection when it is made: it becomes current with it, in one step."""

_BUILDING = "-building"
_log = logging.getLogger(__name__)


class Generations:
    """The collections of one workspace.

    Parameters
    ----------
    home : ChromaHome
    name : str
        What all their names begin with, such as ``tastebench-7``.
    """

    def __init__(self, home: ChromaHome, name: str) -> None:
        self._home = home
        self._name = name

    def current(self) -> Any:
        """Return the current collection; a new and empty one where there is none."""
        with self._home.answering() as client:
            finished = [name for name in self._names(client) if not name.endswith(_BUILDING)]
            if not finished:
                return _made(client, f"{self._name}-{1:06}", None)
            name = max(finished, key=_generation)
            if self._home.is_dangerous(name):
                raise self._home.unavailable("was left torn by a process that ended while reading or writing it")
            return client.get_collection(name, embedding_function=None)

    def begin(self, note: Note | None) -> Any:
        """Return a new, empty collection of the next generation, not yet the current one."""
        with self._home.answering() as client:
            # Never the first: `current` may make that one meanwhile, and two cannot have one name.
            generation = max(map(_generation, self._names(client)), default=1) + 1
            return _made(client, f"{self._name}-{generation:06}{_BUILDING}", note)

    def promote(self, built: Any) -> Any:
        """Return the collection made current."""
        name = built.name.removesuffix(_BUILDING)
        with self._home.answering() as client:
            built.modify(name=name)
            return client.get_collection(name, embedding_function=None)

    def sweep(self, kept: str = "") -> int:
        """Delete all collections but one and return how many that were."""
        with self._home.answering() as client:
            names = self._names(client)
        return sum(self.discard(name) for name in names if name != kept)

    def discard(self, name: str) -> bool:
        """Delete one collection. Where that fails, the next start tries again: it is in nobody's way."""
        try:
            with self._home.answering() as client:
                client.delete_collection(name)
                self._home.forget(name)
        except IndexUnavailable:
            _log.warning("The old vector collection %s could not be deleted.", name, exc_info=True)
            return False
        return True

    def _names(self, client: Any) -> list[str]:
        mine = re.compile(rf"{re.escape(self._name)}-\d+({_BUILDING})?")
        return [found.name for found in client.list_collections() if mine.fullmatch(found.name)]


def _made(client: Any, name: str, note: Note | None) -> Any:
    metadata = dict(note) if note else None  # Chroma refuses an empty mapping
    return client.create_collection(name, configuration=CONFIGURATION, metadata=metadata, embedding_function=None)


def _generation(name: str) -> int:
    return int(name.removesuffix(_BUILDING).rsplit("-", 1)[1])
