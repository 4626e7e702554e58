"""A workspace's suggestions, held for a quarter of an hour."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from tastebench.ranking.suggesting import Suggestion

HELD_SECONDS = 15 * 60.0
PERSONAS_HELD = 1_000


class HeldSuggestions:
    """Suggestions by persona; what is too old, or was made from other data, is not given again.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, Hashable, tuple[Suggestion, ...]]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def once(
        self, persona_id: str, basis: Hashable, work: Callable[[], tuple[Suggestion, ...]]
    ) -> tuple[Suggestion, ...]:
        """Return what is held of a persona if it was made from `basis`, or else what `work` makes now."""
        with self._lock:
            self._drop_old()
            held = self._held.get(persona_id)
        if held is not None and held[1] == basis:
            return held[2]
        made = work()
        with self._lock:
            self._held[persona_id] = (self._clock(), basis, made)
            self._held.move_to_end(persona_id)
        return made

    def _drop_old(self) -> None:
        """Let go of what is too old, and of the oldest where there are too many."""
        while self._held:
            made_at, _, _ = next(iter(self._held.values()))
            if len(self._held) < PERSONAS_HELD and self._clock() - made_at < HELD_SECONDS:
                return
            self._held.popitem(last=False)
