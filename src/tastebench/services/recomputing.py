"""Use cases of how preferences are learned: the settings, and learning everything anew."""

import logging
import time

import numpy as np

from tastebench.domain.columns import positions
from tastebench.domain.moments import to_micros
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.reports import OnProgress
from tastebench.learning.preferences import Learned, learned
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.embedding import TimeLeft
from tastebench.services.held import Held
from tastebench.services.learned import Recomputation
from tastebench.services.moments import Moments
from tastebench.stores import statements, workspaces

_log = logging.getLogger(__name__)


class Recomputing(Moments):
    """How a workspace learns preferences."""

    def save_preference_settings(self, settings: PreferenceSettings) -> None:
        """Settle how preferences are learned. Learning in batches starts from what is known at this moment."""
        with self._parts.database.write() as connection:
            before = self._row(connection).settings
            if settings.updates == "batch" and before.preferences.updates != "batch":
                statements.note_recomputation(connection, self._key)
            workspaces.save_settings(connection, self._key, before.model_copy(update={"preferences": settings}))

    def recompute(self, progress: OnProgress | None = None) -> Recomputation:
        """Learn every persona's preferences anew from SQL, and compare with what lists go by.

        Where learning is in batches, lists know from now on all that is recorded by now. Where the two differ, what
        was held is read again, and the log says so.
        """
        started = time.monotonic()
        with self._parts.database.write() as connection:
            statements.note_recomputation(connection, self._key)
            workspaces.bump(connection, self._key, "log")
        fresh = Held(self._key, self._parts.database, self._parts.encoder, None, self._parts.links).snapshot()
        now, settings = to_micros(self.default_now().at), fresh.preferences
        anew = _learned(fresh)
        difference = _difference(anew, self._snapshot(), now, progress)
        confidences = anew.as_of(now, settings)
        result = Recomputation(
            personas=len(fresh.personas),
            interactions=len(fresh.log),
            preferences=int(np.count_nonzero(anew.pinned | (confidences >= settings.tracked))),
            established=int(np.count_nonzero(anew.established(now, settings))),
            difference=difference,
            seconds=time.monotonic() - started,
        )
        if not result.agrees:
            _log.error("preferences of workspace %s were off by %g; what was held is read again", self._key, difference)
            with self._parts.guard:
                self._parts.held.pop(self._key, None)
        return result


def _learned(snapshot: Snapshot) -> Learned:
    return learned(snapshot.log, snapshot.item_rows, snapshot.lessons, snapshot.preferences)


def _difference(anew: Learned, held: Snapshot, now: int, progress: OnProgress | None) -> float:
    """Return how far what is learned one persona at a time, as lists do, lies from `anew`."""
    settings, largest = held.preferences, 0.0
    clock = TimeLeft("Comparing with what lists go by", len(held.personas), progress)
    for done, persona in enumerate(held.personas.keys.tolist()):
        log = held.log.of(persona)
        alone = learned(log, positions(held.catalogue.keys, log.items), held.lessons, settings)
        mine = slice(*np.searchsorted(anew.personas, [persona, persona + 1]))
        largest = max(largest, _distance(alone, anew.take(mine), now, settings))
        clock.at(done)
    return largest


def _distance(one: Learned, other: Learned, now: int, settings: PreferenceSettings) -> float:
    """Return the largest distance of a confidence, infinity where they don't know the same preferences."""
    # The lessons' numbers are alike in both; what was only named has its own in each.
    by_number = (one.codes < one.vocabulary.size, other.codes < other.vocabulary.size)
    same = np.array_equal(one.codes[by_number[0]], other.codes[by_number[1]])
    named = [
        [row.vocabulary.name(code) for code in row.codes[~known].tolist()]
        for row, known in zip((one, other), by_number, strict=True)
    ]
    if not same or named[0] != named[1]:
        return float("inf")
    return float(np.abs(one.as_of(now, settings) - other.as_of(now, settings)).max(initial=0.0))
