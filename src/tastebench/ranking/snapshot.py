"""A workspace as of a moment: its columns, and what is learned from them, worked out once and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar

import numpy as np

from tastebench.domain.columns import Bools, CatalogueColumns, Float, Ints, LogColumns, PersonaColumns, positions
from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.profile import CoEngagementSettings, PopularitySettings, TasteSettings
from tastebench.learning import co_engagement, events, likes, popularity, taste
from tastebench.learning.lessons import Lesson, all_lessons
from tastebench.ranking import moving
from tastebench.ranking.conversation.values import Vocabulary

T = TypeVar("T")
_OF_ITEMS = ("lessons", "vocabulary")
"""What is worked out from the catalogue alone: it outlasts a change of the log."""
_KEPT_PER_KIND = 4
"""Results kept per kind: enough for two profiles side by side, before and after."""


@dataclass(frozen=True)
class Snapshot:
    """A workspace's columns, with everything learned from the log worked out on first use.

    Parameters
    ----------
    catalogue, log, personas : columns
    action_weights : mapping of str to float
        The workspace's signed action weights.
    facets : tuple of str
        The workspace's facets, in order.
    category : str
        Its category facet.
    preferences : PreferenceSettings
        How it wants preferences learned.
    """

    catalogue: CatalogueColumns
    log: LogColumns
    personas: PersonaColumns
    action_weights: Mapping[str, float]
    facets: tuple[str, ...]
    category: str
    preferences: PreferenceSettings = field(default_factory=PreferenceSettings)
    _kept: dict[str, OrderedDict[Hashable, Any]] = field(default_factory=dict, repr=False, compare=False)
    _lock: RLock = field(default_factory=RLock, repr=False, compare=False)

    @cached_property
    def newest_event(self) -> int | None:
        """Microseconds of the newest event of the workspace, removed ones that left a snapshot included; else None."""
        moments = np.concatenate([self.log.at, self.log.said.at[self.log.said.snapshots]])
        return int(moments.max()) if len(moments) else None

    @cached_property
    def item_rows(self) -> Ints:
        """Catalogue position of each event's item, -1 where it is missing."""
        return positions(self.catalogue.keys, self.log.items)

    @cached_property
    def engaged(self) -> Bools:
        """Whether each event is an engagement: an action of positive weight."""
        return events.amounts(self.log, self.action_weights) > 0

    @cached_property
    def standing(self) -> likes.Standing:
        """Who likes and dislikes what."""
        return likes.standing(self.log)

    @cached_property
    def like_counts(self) -> Ints:
        """How many personas like each item."""
        return self._likes_in(self.standing)

    @cached_property
    def like_shares(self) -> Float:
        """Each item's share of the largest like count, in [0, 1]; NaN throughout where that is 0."""
        return popularity.like_shares(self.like_counts)

    @cached_property
    def recency(self) -> Float:
        """A positive number per item that grows with its date; 0 where the date is not known."""
        created = self.catalogue.created_at
        known = created > np.iinfo(np.int64).min
        return np.where(known, created - created[known].min(initial=0) + 1.0, 0.0)

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """What interactions with its items teach, under its own settings."""
        return tuple(all_lessons(self.catalogue, self.facets, self.preferences))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What its items can be asked for by: tags, and numeric attributes from least to greatest."""
        known = {name: self.catalogue.facets[name].names for name in self.facets if name in self.catalogue.facets}
        values = {name: column[np.isfinite(column)] for name, column in self.catalogue.attributes.items()}
        ends = {name: (float(some.min()), float(some.max())) for name, some in values.items() if len(some)}
        return Vocabulary(known, ends)

    def popular(self, settings: PopularitySettings, now: int) -> Float:
        """Return each item's popularity under these settings, in [0, 1]; a part without evidence adds nothing."""
        key = settings, now if settings.window_days else 0
        return self._once("popular", key, lambda: self._mixed(settings, now))

    def liked(self, window_days: float, now: int) -> Float:
        """Return each item's share of the largest like count, of all time or (above 0) of so many days before `now`."""
        if not window_days:
            return self.like_shares
        since = now - int(window_days * MICROSECONDS_PER_DAY)
        rows = positions(self.catalogue.keys, self.standing.items)
        return popularity.like_shares(popularity.recent_like_counts(self.standing, rows, len(self.catalogue), since))

    def velocity(self, half_life_days: float) -> popularity.Velocity:
        """Return the velocity of every item's engagements."""
        reference = self.newest_event or 0
        return self._once(
            "velocity",
            half_life_days,
            lambda: popularity.velocity(
                self.item_rows, self.log.at, self.engaged, len(self.catalogue), half_life_days, reference
            ),
        )

    def history(self, settings: TasteSettings) -> taste.HistorySums:
        """Return every persona's history sum under these settings."""
        return self._once(
            "history", settings.model_dump_json(), lambda: self._folded(self.log, self.personas.keys, settings)
        )

    def tastes(self, settings: TasteSettings) -> taste.TasteMatrix:
        """Return every persona's taste under these settings, ready to be compared at any moment."""
        return self._once(
            "tastes",
            settings.model_dump_json(),
            lambda: taste.TasteMatrix(self.history(settings), self.personas.priors, settings),
        )

    def tastes_of(self, rows: Ints, settings: TasteSettings) -> taste.TasteMatrix:
        """Return the tastes of the personas at these rows, ascending, worked out from the log; nothing is kept."""
        keys = self.personas.keys[rows]
        log = self.log.take(np.isin(self.log.personas, keys))
        return taste.TasteMatrix(self._folded(log, keys, settings), self.personas.priors[rows], settings)

    def item_links(self, settings: CoEngagementSettings, now: int) -> ItemLinks:
        """Return the links between items as of the moment that a list made at `now` may know, fitted on first use."""
        until = self.links_until(now)
        return self._once(
            "links",
            (settings.fitting, until),
            lambda: co_engagement.fit(self.log.until(until), self.action_weights, settings, until),
        )

    def links_until(self, now: int) -> int:
        """Return until when what is fitted for lists made at `now` knows the log: the beginning of that day (UTC)."""
        return now - now % MICROSECONDS_PER_DAY

    def at(self, now: int) -> "Snapshot":
        """Return the workspace as of `now`: a log cut off there, today's catalogue and personas."""
        if now >= self.log.newest:
            return self
        return self._once("at", now, lambda: self._with_log(self.log.until(now)))

    def relearned(self, log: LogColumns) -> "Snapshot":
        """Return the snapshot of `log`, this one's log but for some rows; only what those touch is learned anew."""
        gone, fresh = moving.differences(self.log.keys, log.keys)
        result = self._with_log(log)
        touched = np.unique(np.concatenate([self.log.personas[gone], log.personas[fresh]]))
        theirs = log.take(np.flatnonzero(np.isin(log.personas, touched)))
        new_rows = positions(self.catalogue.keys, log.items[fresh])
        result.__dict__["item_rows"] = moving.moved(self.item_rows, gone, fresh, new_rows)
        if "standing" in self.__dict__:
            result.__dict__["standing"] = likes.updated(self.standing, theirs, touched)
        if "like_counts" in self.__dict__:
            result.__dict__["like_counts"] = self.like_counts + self._likes_gained(result.standing, touched)
        rows = positions(self.personas.keys, touched)
        for settings_json, held in self._kept.get("history", {}).items():
            settings = TasteSettings.model_validate_json(str(settings_json))
            mine = self._folded(theirs, touched[rows >= 0], settings)
            result._keep("history", settings_json, taste.replaced(held, mine, rows[rows >= 0]))
        first = min((column.min() for column in (self.log.at[gone], log.at[fresh]) if len(column)), default=None)
        for key, links in self._kept.get("links", {}).items():
            if first is None or first > links.until:
                result._keep("links", key, links)
        return result

    def _likes_gained(self, standing: likes.Standing, personas: Ints) -> Ints:
        """Return how many likes each item gained through these personas; negative where it lost some."""
        return self._likes_in(standing.of_all(personas)) - self._likes_in(self.standing.of_all(personas))

    def _likes_in(self, standing: likes.Standing) -> Ints:
        rows = positions(self.catalogue.keys, standing.items)
        return popularity.like_counts(standing, rows, len(self.catalogue))

    def _mixed(self, settings: PopularitySettings, now: int) -> Float:
        velocity = self.velocity(settings.half_life_days).shares
        likes = settings.likes_share * np.nan_to_num(self.liked(settings.window_days, now))
        return likes + (1 - settings.likes_share) * np.nan_to_num(velocity)

    def _folded(self, log: LogColumns, personas: Ints, settings: TasteSettings) -> taste.HistorySums:
        catalogue = self.catalogue
        return taste.history_sums(log, personas, catalogue.keys, catalogue.vectors, self.action_weights, settings)

    def _with_log(self, log: LogColumns) -> "Snapshot":
        result = Snapshot(
            self.catalogue, log, self.personas, self.action_weights, self.facets, self.category, self.preferences
        )
        result.__dict__.update({name: self.__dict__[name] for name in _OF_ITEMS if name in self.__dict__})
        return result

    def _once(self, kind: str, key: Hashable, work: Callable[[], T]) -> T:
        with self._lock:
            held = self._kept.setdefault(kind, OrderedDict())
            if key in held:
                held.move_to_end(key)
                result: T = held[key]
                return result
            return self._keep(kind, key, work())

    def _keep(self, kind: str, key: Hashable, value: T) -> T:
        held = self._kept.setdefault(kind, OrderedDict())
        held[key] = value
        while len(held) > _KEPT_PER_KIND:
            held.popitem(last=False)
        return value
