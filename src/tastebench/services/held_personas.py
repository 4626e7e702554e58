"""The index of a workspace's personas, where they are too many to be compared with each other for every list."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date

from tastebench.domain.columns import Ints, Vectors
from tastebench.domain.errors import Cancelled, IndexUnavailable
from tastebench.domain.profile import TasteSettings
from tastebench.ranking import PersonaIndex, Snapshot, taste_batches
from tastebench.stores.chroma_generations import Note
from tastebench.stores.chroma_index import ChromaIndex, ChromaIndexes

_log = logging.getLogger(__name__)

PERSONA_MATRIX_LIMIT = 50_000
"""Up to so many personas are all compared, in memory, for every list; where there are more, an index chooses whom."""


class HeldPersonas:
    """The index of one workspace's personas: built once a day, in the background, and never missed.

    It holds their tastes under the workspace's actions and its default profile's taste settings. What it was built
    for stands on the collection itself, so that a kill leaves yesterday's index or today's. While there is none that
    fits, all personas are compared.

    Parameters
    ----------
    key : int
        The workspace's.
    model : str
        The encoder's name: tastes under another one are of no use.
    indexes : ChromaIndexes, optional
        None where the folder is open for reading only.
    """

    def __init__(self, key: int, model: str, indexes: ChromaIndexes | None) -> None:
        self._key, self._model, self._indexes = key, model, indexes
        self._claiming = threading.Lock()
        self._claimed: date | None = None
        self._stopped = threading.Event()

    def index(self, snapshot: Snapshot) -> PersonaIndex | None:
        """Return the index as it was last built; None where there is none that fits, or none is needed."""
        index = self._opened(snapshot)
        try:
            note = index.note() if index is not None else {}
        except IndexUnavailable:
            _log.warning("the index of personas of workspace %s does not answer", self._key, exc_info=True)
            return None
        if index is None or note.get("basis") != self._basis(snapshot):
            return None
        settings = TasteSettings.model_validate_json(str(note["taste"]))
        return PersonaIndex(index, settings, int(note["moment"]), date.fromisoformat(str(note["day"])))

    def claim(self, snapshot: Snapshot, today: date) -> bool:
        """Tell whether a refresh is due. Who hears so has to see to it: nobody else hears it again that day."""
        with self._claiming:
            if self._claimed == today or self._opened(snapshot) is None:
                return False
            built = self.index(snapshot)
            if built is not None and built.day >= today:
                return False
            self._claimed = today
            return True

    def refresh(
        self, snapshot: Snapshot, settings: TasteSettings, moment: int, today: date, cancel: Callable[[], bool]
    ) -> int:
        """Build the index anew and return how many personas are in it: 0 where none is needed.

        Raises
        ------
        IndexUnavailable
            Where Chroma fails; the index before stays.
        Cancelled
            Where `cancel` said so, or the workspace went; the index before stays.
        """
        index = self._opened(snapshot)
        if index is None:
            return 0
        note: Note = {
            "basis": self._basis(snapshot),
            "taste": settings.model_dump_json(),
            "moment": moment,
            "day": today.isoformat(),
        }
        index.rebuild(self._batches(snapshot, settings, moment, cancel), note)
        return index.count()

    def stop(self) -> None:
        """Break off a refresh that is under way: the workspace is gone."""
        self._stopped.set()

    def _opened(self, snapshot: Snapshot) -> ChromaIndex | None:
        if self._indexes is None or len(snapshot.personas) <= PERSONA_MATRIX_LIMIT:
            return None
        return self._indexes.open(self._key, snapshot.catalogue.vectors.shape[1], "personas")

    def _basis(self, snapshot: Snapshot) -> str:
        return json.dumps({"model": self._model, "actions": dict(snapshot.action_weights)}, sort_keys=True)

    def _batches(
        self, snapshot: Snapshot, settings: TasteSettings, moment: int, cancel: Callable[[], bool]
    ) -> Iterator[tuple[Ints, Vectors]]:
        for batch in taste_batches(snapshot, settings, moment):
            if cancel() or self._stopped.is_set():
                raise Cancelled("The index of personas was not finished.", "The next start goes on with it.")
            yield batch
