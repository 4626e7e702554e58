"""A workspace in aligned NumPy columns: what gather reads instead of rows.

Positions (0 … n-1) index columns; keys are the database's integers, ascending, so that a key's position is
one `searchsorted` away. Columns are never changed in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tastebench.domain.statements import NONE_SAID, Statements

Float = NDArray[np.float64]
Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def positions(sorted_keys: Ints, keys: Ints) -> Ints:
    """Return the position of each key in `sorted_keys`, -1 where it is not there.

    Examples
    --------
    >>> positions(np.array([2, 5, 9]), np.array([9, 3])).tolist()
    [2, -1]
    """
    if not len(sorted_keys):
        return np.full(len(keys), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[found] == keys, found, -1)


@dataclass(frozen=True)
class TagColumn:
    """The tags of one facet for n items, in compressed rows.

    Parameters
    ----------
    names : tuple of str
        Tag of each code.
    codes : int array
        Tag codes of item 0, then item 1, …
    starts : int array of shape (n + 1,)
        Item i's codes are ``codes[starts[i]:starts[i + 1]]``.
    """

    names: tuple[str, ...]
    codes: Ints
    starts: Ints

    @cached_property
    def counts(self) -> Ints:
        """Number of tags of each item."""
        return np.diff(self.starts)

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        """Tag to code."""
        return {name: code for code, name in enumerate(self.names)}

    def take(self, rows: Ints) -> "TagColumn":
        """Return the column of just these rows, in their order."""
        counts = self.counts[rows]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        offsets = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        return TagColumn(self.names, self.codes[np.repeat(self.starts[:-1][rows], counts) + offsets], starts)

    def row_sums(self, values: Float) -> Float:
        """Return for each item the sum of `values` (one per tag code) over its tags; 0 where it has none."""
        rows = np.repeat(np.arange(len(self.counts)), self.counts)
        return np.bincount(rows, weights=values[self.codes], minlength=len(self.counts)).astype(np.float64)

    def tags_of(self, row: int) -> tuple[str, ...]:
        """Return the tags of one item."""
        return tuple(self.names[code] for code in self.codes[self.starts[row] : self.starts[row + 1]])


@dataclass(frozen=True)
class CatalogueColumns:
    """All items that are not deleted, by ascending key.

    Parameters
    ----------
    keys : int array (n,)
    item_ids, titles : tuple of str, length n
    vectors : float32 array (n, d)
        Unit rows; a zero row is an item that is not embedded yet.
    created_at : int array (n,)
        Microseconds since 1970; the smallest integer where unknown ("always been there").
    available : bool array (n,)
    creators : int array (n,)
        Code into `creator_names`, -1 where unknown.
    facets : mapping of str to TagColumn
    attributes : mapping of str to float array (n,)
        Numeric attributes, NaN where an item lacks one.
    """

    keys: Ints
    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    vectors: Vectors
    created_at: Ints
    available: Bools
    creators: Ints
    creator_names: tuple[str, ...]
    facets: Mapping[str, TagColumn]
    attributes: Mapping[str, Float]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def position_of(self) -> Mapping[str, int]:
        """Item id to position."""
        return {item_id: position for position, item_id in enumerate(self.item_ids)}

    @cached_property
    def creator_code_of(self) -> Mapping[str, int]:
        """Creator to code."""
        return {name: code for code, name in enumerate(self.creator_names)}

    @cached_property
    def id_order(self) -> Ints:
        """Rank of each item's id in code point order: the last tie-breaker."""
        order = sorted(range(len(self.item_ids)), key=self.item_ids.__getitem__)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        return ranks

    @cached_property
    def embedded(self) -> Bools:
        """Whether each item has a vector."""
        return np.asarray(self.vectors.any(axis=1), dtype=np.bool_)

    @cached_property
    def centre(self) -> Float:
        """The mean of all vectors, shape (d,): what all items have in common."""
        total = self.vectors.sum(axis=0, dtype=np.float64)
        return np.asarray(total / max(np.count_nonzero(self.embedded), 1))


@dataclass(frozen=True)
class LogColumns:
    """The interactions with items that count, by ascending key (order of recording).

    Parameters
    ----------
    keys, personas, items : int array (m,)
        Keys of the rows, their personas and items; an item may be missing from the catalogue.
    actions : int array (m,)
        Code into `action_names`.
    at : int array (m,)
        Microseconds since 1970.
    weights : float array (m,)
        Explicit weights in [-1, 1], NaN where the action's own weight holds.
    follow_personas, follow_at : int array (f,)
        Follows of creators: who and when.
    follow_creators : tuple of str, length f
        Follows of creators: whom.
    said : Statements
        What was said of preferences by name.
    learned_until : int, optional
        Key of the newest row that preferences are learned from; None: all.
    """

    keys: Ints
    personas: Ints
    items: Ints
    actions: Ints
    action_names: tuple[str, ...]
    at: Ints
    weights: Float
    follow_personas: Ints
    follow_at: Ints
    follow_creators: tuple[str, ...]
    said: Statements = field(default=NONE_SAID, kw_only=True)
    learned_until: int | None = field(default=None, kw_only=True)

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def newest(self) -> int:
        """When the last of it happened, follows and what was said included; the smallest integer where nothing did."""
        moments = (column.max(initial=np.iinfo(np.int64).min) for column in (self.at, self.follow_at, self.said.at))
        return int(max(moments))

    def take(self, rows: Ints | Bools) -> "LogColumns":
        """Return the log of just these item rows; follows and what was said stay."""
        return LogColumns(
            self.keys[rows], self.personas[rows], self.items[rows], self.actions[rows], self.action_names,
            self.at[rows], self.weights[rows], self.follow_personas, self.follow_at, self.follow_creators,
            said=self.said, learned_until=self.learned_until,
        )  # fmt: skip

    def of(self, persona: int) -> "LogColumns":
        """Return one persona's log, follows and what was said included."""
        follows = np.flatnonzero(self.follow_personas == persona)
        mine = self.said.personas == persona
        return replace(
            self.take(np.flatnonzero(self.personas == persona)),
            follow_personas=self.follow_personas[follows],
            follow_at=self.follow_at[follows],
            follow_creators=tuple(map(self.follow_creators.__getitem__, follows.tolist())),
            said=self.said if mine.all() else self.said.take(mine),
        )

    def until(self, now: int) -> "LogColumns":
        """Return the log of what happened at or before `now`, follows and what was said included."""
        rows, said = self.at <= now, self.said.until(now)
        log = self if rows.all() and said is self.said else replace(self.take(rows), said=said)
        return log.with_follows(self.follow_at <= now)

    def with_follows(self, kept: Bools) -> "LogColumns":
        """Return the log with just these follows of creators; item rows stay."""
        if kept.all():
            return self
        names = tuple(name for name, keep in zip(self.follow_creators, kept, strict=True) if keep)
        return LogColumns(
            self.keys, self.personas, self.items, self.actions, self.action_names, self.at, self.weights,
            self.follow_personas[kept], self.follow_at[kept], names, said=self.said, learned_until=self.learned_until,
        )  # fmt: skip


@dataclass(frozen=True)
class PersonaColumns:
    """All personas that are not deleted, by ascending key.

    Parameters
    ----------
    keys : int array (p,)
    persona_ids : tuple of str, length p
    priors : float32 array (p, d)
        Unit embeddings of what each states; a zero row where nothing is stated.
    """

    keys: Ints
    persona_ids: tuple[str, ...]
    priors: Vectors

    def __len__(self) -> int:
        return len(self.keys)
