"""Replay: the pipeline's own searches and signals, once per persona, kept as one array that can be weighed often."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastebench.domain.columns import Bools, Float, Ints, TagColumn, Vectors, positions
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.world import World
from tastebench.ranking import gather
from tastebench.ranking.scale import RAW, scaled, standard
from tastebench.signals import REGISTRY, on_demand, resolved


@dataclass(frozen=True)
class Replay:
    """What every persona's list is made of: p personas, c places for candidates, s signals.

    A persona's candidates stand newest first, then by id, so that of equals the earlier place wins. Personas with fewer
    candidates have empty places at the end.

    Parameters
    ----------
    names : tuple of str
        The signals, in the registry's order.
    values : float array (s, p, c)
        What a signal's share is multiplied with; 0 for no evidence, and for a signal that wasn't demanded.
    rows : int array (p, c)
        Catalogue positions; -1 for an empty place.
    created_at : int array (p, c)
    wanted : bool array (p, c)
        Whether the candidate is to be found.
    wanted_count : int array (p,)
        How many items are to be found, those that no search found included.
    cold : bool array (p,)
        Nothing at all is known of the persona.
    categories : TagColumn
        Category tags of all p · c places; those of one persona are told apart from another's.
    vectors : float32 array (n, d)
        The catalogue's.
    """

    names: tuple[str, ...]
    values: Float
    rows: Ints
    created_at: Ints
    wanted: Bools
    wanted_count: Ints
    cold: Bools
    categories: TagColumn
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        """Memory it holds, without the catalogue's vectors."""
        arrays = (self.values, self.rows, self.created_at, self.wanted, self.categories.codes, self.categories.starts)
        return sum(array.nbytes for array in arrays)

    @cached_property
    def empty(self) -> Bools:
        """Which places are empty, shape (p, c)."""
        return self.rows < 0

    def shares(self, profile: ScoringProfile) -> Float:
        """Return each signal's share of the score under this profile, shape (s,)."""
        shares = resolved(profile).shares()
        return np.array([shares.get(name, 0.0) for name in self.names])


@dataclass(frozen=True)
class _Candidates:
    """One persona's part of a replay: values (s, n), the rest (n,)."""

    values: Float
    rows: Ints
    created_at: Ints
    wanted: Bools
    categories: TagColumn
    cold: bool


def needed(profile: ScoringProfile) -> str:
    """Return what of a profile decides a replay: all but weights, diversity, fallback, language model and name.

    Of the weights only which signals on demand have any: those bring candidates of their own.
    """
    left_open = {field: ScoringProfile.model_fields[field].default for field in ("diversity", "fallback", "rerank")}
    demanded = dict.fromkeys(sorted(on_demand(resolved(profile))), 1.0)
    return profile.model_copy(update={**left_open, "weights": demanded, "name": "-"}).canonical_json()


def demanding_all(profile: ScoringProfile) -> ScoringProfile:
    """Return the profile with weight for every signal: its replay can be weighed by any of them."""
    return profile.model_copy(update={"weights": dict.fromkeys(REGISTRY, 1.0)})


@contextmanager
def one_thread() -> Iterator[None]:
    """Have matrix products take one thread while this lasts.

    They are many and small: where the processor is busy, threads that wait for each other take ten times longer.
    """
    from threadpoolctl import threadpool_limits  # it looks through all loaded libraries: only evaluations pay for it

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def replayed(world: World, profile: ScoringProfile, tick: Callable[[int], None] = lambda _row: None) -> Replay:
    """Return every persona's candidates and their signals under a profile; what `needed` leaves out is left open.

    Parameters
    ----------
    tick : callable
        Called with each persona's position first: to tell of progress, or to raise where it isn't wanted any more.
    """
    found = []
    with one_thread():
        for row in range(len(world)):
            tick(row)
            found.append(_candidates(world, row, profile))
    width = max((len(one.rows) for one in found), default=0)
    values = np.zeros((len(REGISTRY), len(found), width))
    for row, one in enumerate(found):
        values[:, row, : len(one.rows)] = one.values
    return Replay(
        names=tuple(REGISTRY),
        values=values,
        rows=_padded([one.rows for one in found], width, -1),
        created_at=_padded([one.created_at for one in found], width, 0),
        wanted=_padded([one.wanted for one in found], width, False).astype(np.bool_),
        wanted_count=np.diff(world.split.starts),
        cold=np.array([one.cold for one in found], dtype=np.bool_),
        categories=_joined([one.categories for one in found], width),
        vectors=world.training.catalogue.vectors,
    )


def _candidates(world: World, row: int, profile: ScoringProfile) -> _Candidates:
    request = world.request(row, profile)
    evidence = gather(request, world.sources(row))
    order = np.lexsort((evidence.id_order, ~evidence.created_at))
    rows = positions(world.training.catalogue.keys, evidence.keys[order])
    return _Candidates(
        values=_values(evidence, request.profile)[:, order],
        rows=rows,
        created_at=evidence.created_at[order],
        wanted=np.isin(rows, world.wanted_rows(row)),
        categories=evidence.categories.take(order),
        cold=evidence.cold,
    )


def _values(evidence: Evidence, profile: ScoringProfile) -> Float:
    """Return what each signal's share is multiplied with: its values as the profile has them measured."""
    signals = [signal.compute(evidence, profile) for signal in REGISTRY.values()]
    scales = [standard(values) if profile.scale == "standardised" else RAW for values in signals]
    return np.stack([scaled(values, scale) for values, scale in zip(signals, scales, strict=True)])


def _padded(columns: Sequence[NDArray[Any]], width: int, fill: int) -> NDArray[Any]:
    padded = np.full((len(columns), width), fill)
    for row, column in enumerate(columns):
        padded[row, : len(column)] = column
    return padded


def _joined(columns: Sequence[TagColumn], width: int) -> TagColumn:
    """Return one column of all personas' places, each persona with codes of its own."""
    size = max((len(column.names) for column in columns), default=0)
    codes = [column.codes + row * size for row, column in enumerate(columns)]
    counts = _padded([column.counts for column in columns], width, 0).ravel()
    nothing = np.zeros(0, dtype=np.int64)
    return TagColumn((), np.concatenate([nothing, *codes]), np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
