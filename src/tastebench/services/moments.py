"""The default `now`: the clock, unless the data is older than that makes sense for."""

from datetime import UTC, datetime, timedelta

from tastebench.domain.moments import from_micros
from tastebench.services.uses import Uses
from tastebench.services.views import Now
from tastebench.stores import personas

STALE_AFTER = timedelta(days=30)


class Moments(Uses):
    """What time it is for a workspace."""

    def default_now(self, persona_id: str | None = None) -> Now:
        """Return the moment a ranking is made for unless another is asked for.

        The clock, but at least the persona's newest event; the workspace's newest event where that is over 30 days
        old, as tastes would otherwise have faded to nothing.
        """
        snapshot, clock = self._snapshot(), datetime.now(UTC)
        if snapshot.newest_event is None:
            return Now(clock)
        newest = from_micros(snapshot.newest_event)
        if newest < clock - STALE_AFTER:
            return Now(newest, f"The newest event here is of {newest:%d %B %Y}, so that is taken as now.")
        own = self._newest_own(persona_id) if newest > clock else None
        if own is not None and own > clock:
            return Now(own, f"This persona's newest event lies ahead of the clock, so {own:%d %B %Y} is taken as now.")
        return Now(clock)

    def _newest_own(self, persona_id: str | None) -> datetime | None:
        if persona_id is None:
            return None
        with self._parts.database.read() as connection:
            key = personas.keys_of(connection, self._key, [persona_id]).get(persona_id, -1)
        log = self._snapshot().log
        times = log.at[log.personas == key]
        return from_micros(int(times.max())) if len(times) else None
