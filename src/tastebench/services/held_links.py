"""The links between a workspace's items: fitted in the background, kept on disk, never later than the list they serve.

They know the log until the beginning of a day (UTC), and a list uses only links that know nothing after its `now`. In a
small workspace they are fitted at once, for the very day that is asked about: a list as of any moment is the one that
would have been made then. In a larger one a list as of a moment before all fits shows no evidence, and a note says so.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tastebench.domain.errors import Cancelled
from tastebench.domain.links import ItemLinks
from tastebench.domain.profile import CoEngagementSettings
from tastebench.learning import co_engagement
from tastebench.ranking import Snapshot
from tastebench.stores.link_files import LinkFiles

_log = logging.getLogger(__name__)

AT_ONCE_ITEMS, AT_ONCE_EVENTS = 1_500, 100_000
"""Up to so many items and interactions links are fitted when they are asked for: a quarter of a second."""
GROWTH = 0.05
"""A log that differs by this share from what was fitted, until that moment, is fitted anew before the day is over."""


class _Reach(NamedTuple):
    """What a fit goes by: the log until a moment, and how many events that is."""

    until: int
    events: int

    def outgrown_by(self, other: "_Reach") -> bool:
        return abs(other.events - self.events) > GROWTH * self.events


class HeldLinks:
    """The links of one workspace.

    Parameters
    ----------
    key : int
        The workspace's.
    files : LinkFiles
    writable : bool
        Whether links may be fitted and kept here; reading only, those that are there serve.

    Attributes
    ----------
    version : int
        Grows with every fit: part of the key of what is held elsewhere.
    """

    def __init__(self, key: int, files: LinkFiles, *, writable: bool) -> None:
        self._key, self._files, self.writable = key, files, writable
        self.version = 0
        self._guard = threading.Lock()
        self._claimed: dict[str, _Reach] = {}
        self._unkept: dict[str, ItemLinks] = {}
        self._stopped = threading.Event()

    @staticmethod
    def at_once(snapshot: Snapshot) -> bool:
        """Tell whether the workspace is small enough to fit its links whenever they are asked for."""
        return len(snapshot.catalogue) <= AT_ONCE_ITEMS and len(snapshot.log) <= AT_ONCE_EVENTS

    def newest(self, snapshot: Snapshot, settings: CoEngagementSettings, until: int | None = None) -> ItemLinks | None:
        """Return the latest links fitted with these settings that know nothing after `until`; None: there are none."""
        basis = _basis(snapshot, settings)
        unkept = self._unkept.get(basis)
        if unkept is not None and (until is None or unkept.until <= until):
            return unkept
        return self._files.newest(self._key, basis, until)

    def claim(self, snapshot: Snapshot, settings: CoEngagementSettings, until: int) -> bool:
        """Tell whether links that know the log until `until` are due. Who hears so fits them: nobody hears it again."""
        if not self.writable:
            return False
        basis = _basis(snapshot, settings)
        wanted = _Reach(until, int(np.count_nonzero(snapshot.log.at <= until)))
        with self._guard:
            held = self.newest(snapshot, settings)
            last = self._claimed.get(basis) or (_Reach(held.until, held.events) if held is not None else None)
            if last is not None and last.until >= until and not last.outgrown_by(wanted):
                return False
            self._claimed[basis] = wanted
            return True

    def refresh(
        self, snapshot: Snapshot, settings: CoEngagementSettings, until: int, cancel: Callable[[], bool]
    ) -> int:
        """Fit links that know the log until `until`, keep them, and return how many items they link.

        One core does it: the page keeps the others.

        Raises
        ------
        Cancelled
            Where `cancel` said so, or the workspace went; the links before stay.
        """
        from threadpoolctl import threadpool_limits  # only who fits needs it

        def tick() -> None:
            if cancel() or self._stopped.is_set():
                raise Cancelled("The links between items were not fitted to the end.", "They are when next needed.")

        with threadpool_limits(1, user_api="blas"):
            log = snapshot.log.until(until)
            links = co_engagement.fit(log, snapshot.action_weights, settings, until, tick)
        tick()
        self._keep(_basis(snapshot, settings), links)
        return len(links.items)

    def stop(self) -> int:
        """Break off a fit that is under way, remove all links, and return how many files that were."""
        with self._guard:
            self._stopped.set()
            return self._files.drop(self._key)

    def _keep(self, basis: str, links: ItemLinks) -> None:
        with self._guard:
            self.version += 1
            self._unkept.pop(basis, None)
            if self._stopped.is_set():
                return
            try:
                self._files.save(self._key, basis, links)
            except OSError:
                _log.warning(
                    "the links of workspace %s cannot be kept and are lost at the end", self._key, exc_info=True
                )
                self._unkept[basis] = links


def _basis(snapshot: Snapshot, settings: CoEngagementSettings) -> str:
    document = json.dumps([settings.fitting, dict(snapshot.action_weights)], sort_keys=True)
    return hashlib.blake2b(document.encode(), digest_size=8).hexdigest()
