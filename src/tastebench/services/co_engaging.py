"""Use cases of co-engagement: the links between items that lists are made with."""

from collections.abc import Callable

from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.profile import CoEngagementSettings, ScoringProfile
from tastebench.ranking import Snapshot
from tastebench.services.moments import Moments
from tastebench.services.profiles import Profiles


class CoEngaging(Moments, Profiles):
    """What concerns the links between a workspace's items."""

    def item_links(self, settings: CoEngagementSettings, now: int) -> tuple[ItemLinks | None, str]:
        """Return the links that a list made at `now` may use, None where there are none yet, and a note on them.

        Once a day (UTC), or where the log has grown by a twentieth, they are fitted anew in the background; until that
        is done, those before serve.
        """
        held, snapshot = self._held.links, self._snapshot()
        if held.at_once(snapshot):
            return snapshot.item_links(settings, now), ""
        found = held.newest(snapshot, settings, now)
        until = snapshot.links_until(to_micros(self.default_now().at))
        if held.claim(snapshot, settings, until):
            self._parts.jobs.start("Links between items", lambda _, cancel: self._fit(settings, cancel))
        return found, self._note(snapshot, settings, found, now)

    def fit_links(self, profile: ScoringProfile | None = None, cancel: Callable[[], bool] = lambda: False) -> int:
        """Fit the links between items for a profile now, and return how many items they link.

        Lists do so by themselves, in the background. A script that wants co-engagement in its first list calls this.

        Raises
        ------
        Cancelled
            Where `cancel` said so.
        """
        return self._fit((profile or self.profile()).co_engagement, cancel)

    def _fit(self, settings: CoEngagementSettings, cancel: Callable[[], bool]) -> int:
        held, snapshot = self._held.links, self._snapshot()
        now = to_micros(self.default_now().at)
        if held.at_once(snapshot):
            return len(snapshot.item_links(settings, now).items)
        return held.refresh(snapshot, settings, snapshot.links_until(now), cancel)

    def _note(self, snapshot: Snapshot, settings: CoEngagementSettings, found: ItemLinks | None, now: int) -> str:
        held = self._held.links
        if found is not None:
            late = found.until < snapshot.links_until(now)
            return f"Co-engagement knows what was done until {from_micros(found.until):%d %B %Y}." if late else ""
        if held.newest(snapshot, settings) is not None:
            return "Co-engagement was fitted on what came after this moment, so it shows no evidence here."
        if not held.writable:
            return "Co-engagement has not been fitted yet and shows no evidence. Start the app once: it fits it."
        return "Co-engagement is being fitted in the background and shows no evidence yet. Ask again in a minute."
