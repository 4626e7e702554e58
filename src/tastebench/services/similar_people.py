"""Use cases of similar personas: the index they are looked up in, where there are too many to compare them all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from tastebench.domain.moments import to_micros
from tastebench.ranking import PersonaIndex
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.moments import Moments
from tastebench.services.profiles import Profiles


class SimilarPeople(Moments, Profiles):
    """What concerns the index of a workspace's personas."""

    def persona_index(self, snapshot: Snapshot | None = None) -> PersonaIndex | None:
        """Return the index of personas; None while all of them are compared instead.

        Once a day (UTC) it is built anew in the background; until that is done, the one before serves.
        """
        held, snapshot = self._held.personas, snapshot or self._snapshot()
        index = held.index(snapshot)
        if held.claim(snapshot, _today()):
            self._parts.jobs.start("Index of personas", lambda _, cancel: self.refresh_personas(cancel))
        return index

    def refresh_personas(self, cancel: Callable[[], bool] = lambda: False) -> int:
        """Build the index of personas anew, now, and return how many are in it: 0 where none is needed.

        Tastes are those of the beginning of the day, or of the workspace's newest event where that is taken as now:
        whatever list is made today may use them.

        Raises
        ------
        IndexUnavailable, Cancelled
            The index before stays.
        """
        today = _today()
        moment = min(self.default_now().at, datetime.combine(today, time(), UTC))
        settings = self.profile().taste
        return self._held.personas.refresh(self._snapshot(), settings, to_micros(moment), today, cancel)


def _today() -> date:
    return datetime.now(UTC).date()
