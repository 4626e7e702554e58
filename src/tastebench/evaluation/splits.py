"""Splits: what a ranker may know, and what is held out to measure it by."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tastebench.domain.columns import Bools, CatalogueColumns, Ints, LogColumns, positions
from tastebench.domain.moments import as_utc, from_micros, to_micros
from tastebench.learning import events

SplitKind: TypeAlias = Literal["last", "share", "clock"]
_NEVER = np.iinfo(np.int64).max


class SplitSettings(BaseModel):
    """How a log is split.

    Parameters
    ----------
    kind : {"last", "share", "clock"}
        ``last``: of each persona its last like and whatever came after. ``share``: of each persona its last events.
        ``clock``: of everybody what happened from one moment on.
    share : float
        Held out by ``share``, of each persona's events; by ``clock`` without a moment, of all events.
    clock : datetime, optional
        For ``clock``: what happened at this moment or later is held out.
    repeats : bool
        Whether an item that the persona has met before may be looked for, and shown, again.
    reverse_ties : bool
        Events of one moment count in the order of the log; True takes them the other way round, to see what that
        order decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: SplitKind = "last"
    share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    clock: Annotated[datetime, AfterValidator(as_utc)] | None = None
    repeats: bool = False
    reverse_ties: bool = False

    @property
    def label(self) -> str:
        """The split in a few words.

        Examples
        --------
        >>> SplitSettings(kind="share", repeats=True).label
        "each persona's last 20 %, repeats allowed"
        """
        words = {
            "last": "each persona's last like",
            "share": f"each persona's last {self.share:.0%}".replace("%", " %"),
            "clock": f"what happened from {self.clock:%d %B %Y} on"
            if self.clock
            else f"the last {self.share:.0%}".replace("%", " %"),
        }[self.kind]
        return f"{words}, repeats allowed" if self.repeats else f"{words}, new items"

    def within(self, log: LogColumns) -> "SplitSettings":
        """Return how to split the training part of this log once more, for a search to look at.

        In the same way; a clock that was named goes back by as long as the log goes on after it.
        """
        if self.kind != "clock" or self.clock is None or not len(log):
            return self
        after = max(from_micros(int(log.at.max())) - self.clock, timedelta(microseconds=1))
        return self.model_copy(update={"clock": self.clock - after})


@dataclass(frozen=True)
class Split:
    """A log in two parts: what may be known, and the likes to be found.

    Nothing held out of anybody is in `training`. With ``last`` and ``share`` the others' training events may be later
    than a persona's own moment, as is usual where figures are compared; with ``clock`` none is.

    Parameters
    ----------
    training : LogColumns
    personas : int array (t,)
        Keys of the personas with something to find, ascending.
    moments : int array (t,)
        Microseconds: the moment each one's list is made for.
    starts : int array (t + 1,)
    items : int array
        Keys of held-out liked items: those of persona i are ``items[starts[i]:starts[i + 1]]``, ascending.
    """

    training: LogColumns
    personas: Ints
    moments: Ints
    starts: Ints
    items: Ints

    def __len__(self) -> int:
        return len(self.personas)

    @property
    def owners(self) -> Ints:
        """Position of the persona each entry of `items` belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def take(self, rows: Ints) -> "Split":
        """Return the split with just these personas to test, positions ascending; the training stays whole."""
        return self._with(np.isin(self.owners, rows))

    def reachable(self, catalogue: CatalogueColumns) -> "Split":
        """Return the split without the likes that no list could show.

        Their item is missing from the catalogue, isn't available, or was created after the persona's moment.
        """
        places = positions(catalogue.keys, self.items)
        shown = places >= 0
        there, moments = places[shown], self.moments[self.owners[shown]]
        shown[shown] = catalogue.available[there] & (catalogue.created_at[there] <= moments)
        return self._with(shown)

    def _with(self, kept: Bools) -> "Split":
        counts = np.bincount(self.owners[kept], minlength=len(self))
        some = counts > 0
        starts = np.concatenate([[0], np.cumsum(counts[some])]).astype(np.int64)
        return replace(
            self, personas=self.personas[some], moments=self.moments[some], starts=starts, items=self.items[kept]
        )


def split(log: LogColumns, settings: SplitSettings) -> Split:
    """Return the log in two parts. A like counts unless it is taken back by a later dislike.

    An item is new to a persona where the persona has no event with it in the training part. Looking for new items
    only, ``last`` therefore holds an item out from its first event on: a view that led to the like goes with it.

    Examples
    --------
    One persona views film 1, likes it, likes film 2, and views film 1 again. Its last like is film 2.

    >>> from tastebench.domain.columns import LogColumns
    >>> none, nobody = np.full(4, np.nan), np.zeros(0, dtype=np.int64)
    >>> log = LogColumns(np.arange(4), np.array([7, 7, 7, 7]), np.array([1, 1, 2, 1]), np.array([0, 1, 1, 0]),
    ...                  ("view", "like"), np.array([10, 20, 30, 40]), none, nobody, nobody, ())
    >>> parts = split(log, SplitSettings(kind="last"))
    >>> parts.training.items.tolist(), parts.items.tolist(), parts.moments.tolist()
    ([1, 1], [2], [30])
    """
    ordered = _Ordered(log, settings.reverse_ties)
    cuts = _cuts(ordered, settings)
    found = _wanted(ordered, cuts, settings)
    owners, per_persona = np.unique(ordered.pair_groups[found], return_counts=True)
    return Split(
        training=_training(log, ordered, cuts, settings),
        personas=ordered.personas[owners],
        moments=_held_from(ordered, cuts, settings)[owners] - (settings.kind == "clock"),
        starts=np.concatenate([[0], np.cumsum(per_persona)]).astype(np.int64),
        items=ordered.pair_items[found],
    )


class _Ordered:
    """The events by persona and time, and what each (persona, item) pair came to.

    Parameters
    ----------
    places : int array (m,)
        Rows of the log in this order; a place is a position in it.
    groups : int array (m,)
        At each place, the position of its persona in `personas`.
    begins : int array (p + 1,)
        Each persona's first place.
    first, liked, disliked : int array (pairs,)
        Place of a pair's first event, last like and last dislike; -1 where there is none.
    """

    def __init__(self, log: LogColumns, reverse_ties: bool) -> None:
        tie = -log.keys if reverse_ties else log.keys
        self.places = np.lexsort((tie, log.at, log.personas))
        self.log = log.take(self.places)
        self.personas, self.groups = np.unique(self.log.personas, return_inverse=True)
        self.begins = np.searchsorted(self.groups, np.arange(len(self.personas) + 1))
        items, codes = np.unique(self.log.items, return_inverse=True)
        pairs, self.first, of_pair = np.unique(
            self.groups * max(len(items), 1) + codes, return_index=True, return_inverse=True
        )
        self.pair_groups, self.pair_items = pairs // max(len(items), 1), items[pairs % max(len(items), 1)]
        self.liked = _last_place(of_pair, events.liked(self.log), len(self.first))
        self.disliked = _last_place(of_pair, events.disliked(self.log), len(self.first))


def _last_place(of_pair: Ints, counted: Bools, pairs: int) -> Ints:
    last = np.full(pairs, -1, dtype=np.int64)
    places = np.flatnonzero(counted)
    last[of_pair[places]] = places  # ascending, so that the last one stays
    return last


def _cuts(ordered: _Ordered, settings: SplitSettings) -> Ints:
    """Return each persona's first place that is held out; the one after its last where nothing is."""
    if settings.kind == "share":
        counts = np.diff(ordered.begins)
        return ordered.begins[1:] - np.ceil(np.round(settings.share * counts, 9)).astype(np.int64)
    if settings.kind == "clock":
        before = ordered.log.at < _clock(ordered.log, settings)
        return ordered.begins[:-1] + np.bincount(ordered.groups[before], minlength=len(ordered.personas))
    cuts = np.full(len(ordered.personas), -1, dtype=np.int64)
    wanted = ordered.liked > ordered.disliked
    turning = ordered.liked if settings.repeats else ordered.first
    np.maximum.at(cuts, ordered.pair_groups[wanted], turning[wanted])
    return np.where(cuts < 0, ordered.begins[1:], cuts)


def _clock(log: LogColumns, settings: SplitSettings) -> int:
    """Return the moment from which everything is held out."""
    if settings.clock is not None:
        return to_micros(settings.clock)
    if not len(log):
        return 0
    held = min(len(log), int(np.ceil(round(settings.share * len(log), 9))))
    return int(np.sort(log.at)[len(log) - held])


def _wanted(ordered: _Ordered, cuts: Ints, settings: SplitSettings) -> Bools:
    """Tell of each pair whether it is a held-out like to be found."""
    mine = cuts[ordered.pair_groups]
    turning = ordered.liked if settings.repeats else ordered.first
    sought: Bools = turning == mine if settings.kind == "last" else turning >= mine
    return sought & (ordered.liked > ordered.disliked)


def _held_from(ordered: _Ordered, cuts: Ints, settings: SplitSettings) -> Ints:
    """Return the time of each persona's first held-out event, or the clock; the end of time where nothing is."""
    if settings.kind == "clock":
        return np.full(len(cuts), _clock(ordered.log, settings))
    held = cuts < ordered.begins[1:]
    times = np.full(len(cuts), _NEVER)
    times[held] = ordered.log.at[cuts[held]]
    return times


def _training(log: LogColumns, ordered: _Ordered, cuts: Ints, settings: SplitSettings) -> LogColumns:
    kept = np.empty(len(log), dtype=np.bool_)
    kept[ordered.places] = np.arange(len(log)) < cuts[ordered.groups]
    everybody = _clock(log, settings) if settings.kind == "clock" else _NEVER
    ends = np.append(_held_from(ordered, cuts, settings), everybody)  # the last is for who did nothing with items
    followed = log.follow_at < ends[positions(ordered.personas, log.follow_personas)]
    said = log.said.take(log.said.at < ends[positions(ordered.personas, log.said.personas)])
    return replace(log.take(kept).with_follows(followed), said=said)
