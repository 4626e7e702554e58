"""Use cases of retention: how long interactions are kept, what is due, and removing it while what is learned stays."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from tastebench.domain.columns import LogColumns, positions
from tastebench.domain.errors import TastebenchError
from tastebench.domain.moments import to_micros
from tastebench.domain.retention import RetentionSettings
from tastebench.learning.snapshots import Kept, Leaving, snapshots_of
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.moments import Moments
from tastebench.services.turning import Turning
from tastebench.stores import columns, expiry, preference_snapshots, statements, workspaces
from tastebench.stores.database import Connection
from tastebench.stores.expiry import Due

__all__ = ["Due", "Retained", "Retaining", "enforce"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retained:
    """What retention removed.

    Parameters
    ----------
    interactions, turns : int
        Rows that are gone for good.
    snapshots : int
        Preferences that were kept in place of them.
    """

    interactions: int = 0
    turns: int = 0
    snapshots: int = 0


class Retaining(Turning, Moments):
    """How long a workspace keeps what personas did. It counts from when a row was recorded here."""

    def save_retention(self, settings: RetentionSettings) -> None:
        """Settle how long interactions are kept. Nothing is removed yet: `retain` and the next start do that."""
        with self._parts.database.write() as connection:
            changed = self._row(connection).settings.model_copy(update={"retention": settings})
            workspaces.save_settings(connection, self._key, changed)

    def retention_due(self, settings: RetentionSettings | None = None) -> Due:
        """Return which interactions are too old to be kept, under the workspace's settings or others."""
        chosen = settings or self.settings.retention
        before = _before(chosen)
        if before is None:
            return Due()
        with self._parts.database.read() as connection:
            return expiry.due(connection, self._key, before, chosen.origins)

    def retain(self) -> Retained:
        """Remove for good what is too old to be kept, and return how much that was.

        What was learned from it stays as a snapshot of each preference: confidence, pieces of evidence, when the last
        of them happened; as of moments before that, only what is left is known. What is not kept: taste, counts of
        likes and what was hidden because it was liked rest on interactions, and change as these go.

        Raises
        ------
        DatabaseUnavailable
            Where the rows are gone, but traces of them are left in the file; the next start overwrites them.
        """
        turns, settings = self.expire_turns(), self.settings.retention
        before = _before(settings)
        if before is None or not self.retention_due(settings).interactions:
            return Retained(turns=turns)
        now = to_micros(self.default_now().at)
        snapshot = self._snapshot()  # before the database is held: who embeds holds these two the other way round
        with self._parts.database.write() as connection:
            kept = self._snapshots(connection, snapshot, before, settings, now)
            snapshots = preference_snapshots.replace(connection, self._key, kept.snapshots, kept.matters)
            removed = expiry.remove(connection, self._key, before, settings.origins)
        self._parts.database.overwrite_traces()
        return Retained(removed, turns, snapshots)

    def _snapshots(
        self, connection: Connection, snapshot: Snapshot, before: datetime, settings: RetentionSettings, now: int
    ) -> Kept:
        keys = expiry.keys_due(connection, self._key, before, settings.origins)
        log = columns.load_log(connection, self._key)
        said = statements.load(connection, self._key).said
        choices = np.isin(statements.choice_keys(connection, self._key), keys)
        leaving = Leaving(
            np.isin(log.keys, keys), np.isin(log.follow_keys, keys), np.pad(choices, (0, len(said) - len(choices)))
        )
        few, leaving = _of_those(replace(log, said=said), leaving)
        rows = positions(snapshot.catalogue.keys, few.items)
        return snapshots_of(few, rows, leaving, snapshot.lessons, snapshot.preferences, now)


def enforce(spaces: Iterable[Retaining]) -> None:
    """Remove from these workspaces what is too old to be kept; what fails is logged, and the next start tries again."""
    for space in spaces:
        try:
            done = space.retain()
        except TastebenchError:
            _log.warning("what is too old in workspace %s could not be removed", space.key, exc_info=True)
        else:
            if done.interactions:
                _log.info("%d interactions of workspace %s were too old and are removed", done.interactions, space.key)


def _of_those(log: LogColumns, leaving: Leaving) -> tuple[LogColumns, Leaving]:
    """Return the log of those personas alone whose rows leave."""
    said = log.said
    people = np.concatenate(
        [log.personas[leaving.events], log.follow_personas[leaving.follows], said.personas[leaving.said]]
    )
    events, follows, spoken = (np.isin(whose, people) for whose in (log.personas, log.follow_personas, said.personas))
    few = replace(log.take(events).with_follows(follows), said=said.take(spoken))
    return few, Leaving(leaving.events[events], leaving.follows[follows], leaving.said[spoken])


def _before(settings: RetentionSettings) -> datetime | None:
    """Return the moment before which rows are too old; None where they are kept for ever."""
    days = settings.interaction_days
    return None if days is None else datetime.now(UTC) - timedelta(days=days)
