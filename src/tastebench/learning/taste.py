"""The taste vector: u = Σ a_j · v_j + prior · p, kept as history sum, reference time and prior."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns, Vectors, positions
from tastebench.domain.profile import TasteSettings
from tastebench.learning import events
from tastebench.learning.decay import half_life_factor

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class HistorySums:
    """Σ a_j · v_j of every persona, with ages counted from its newest event.

    Parameters
    ----------
    sums : float array (p, d)
    references : int array (p,)
        Microseconds of the newest event; 0 where there is none.
    known : bool array (p,)
        Whether the persona has any event.
    """

    sums: Float
    references: Ints
    known: Bools


def decayed(log: LogColumns, action_weights: Mapping[str, float], settings: TasteSettings) -> Float:
    """Return a_j of each event: its amount × what decay leaves, ages counted from the persona's newest event.

    By age: 0.5^(age ÷ half-life). By position: decay^j, j = 0 for the newest event.
    """
    weights = {**action_weights, **settings.action_weights}
    own = events.amounts(log, weights)
    if not len(log):
        return own
    _, group = np.unique(log.personas, return_inverse=True)
    if settings.decay == "position":
        return own * settings.position_decay ** _places_from_newest(log, group)
    newest = np.full(group.max() + 1, np.iinfo(np.int64).min)
    np.maximum.at(newest, group, log.at)
    return own * half_life_factor(newest[group] - log.at, settings.half_life_days)


def _places_from_newest(log: LogColumns, group: Ints) -> Ints:
    order = np.lexsort((events.event_order(log).argsort(), group))
    ends = np.cumsum(np.bincount(group))
    places = np.empty(len(log), dtype=np.int64)
    places[order] = ends[group[order]] - 1 - np.arange(len(log))
    return places


def history_sums(
    log: LogColumns,
    personas: Ints,
    items: Ints,
    vectors: Vectors,
    action_weights: Mapping[str, float],
    settings: TasteSettings,
) -> HistorySums:
    """Return the history sums of `personas` (ascending keys) over the items of the catalogue that have a vector.

    Parameters
    ----------
    items : int array (n,)
        Catalogue keys, ascending.
    vectors : float32 array (n, d)
        Their vectors; an event whose item is missing adds nothing, and no other event's weight moves to its place.
    """
    from scipy.sparse import csr_array  # 0.2 s to import: only who folds a log pays for it

    rows, columns = positions(personas, log.personas), positions(items, log.items)
    references = np.full(len(personas), np.iinfo(np.int64).min)
    mine = rows >= 0
    np.maximum.at(references, rows[mine], log.at[mine])
    known = references > np.iinfo(np.int64).min
    folded = mine & (columns >= 0)
    values = decayed(log, action_weights, settings)[folded]
    matrix = csr_array((values, (rows[folded], columns[folded])), shape=(len(personas), len(items)))
    return HistorySums(_dense_product(matrix, vectors), np.where(known, references, 0), known)


def _dense_product(matrix: "csr_array", vectors: Vectors) -> Float:
    """Return matrix @ vectors in float64, touching only the vectors that are used."""
    used = np.unique(matrix.indices)
    return np.asarray(matrix[:, used] @ vectors[used].astype(np.float64))


def replaced(held: HistorySums, fresh: HistorySums, rows: Ints) -> HistorySums:
    """Return `held` with the personas at `rows` taken from `fresh`."""
    sums, references, known = held.sums.copy(), held.references.copy(), held.known.copy()
    sums[rows], references[rows], known[rows] = fresh.sums, fresh.references, fresh.known
    return HistorySums(sums, references, known)


def faded(references: Ints, has_prior: Bools, now: int, settings: TasteSettings) -> Float:
    """Return what is left of each history sum at `now`.

    Without a prior only directions matter, so nothing fades: old data doesn't underflow to nothing.
    """
    if settings.decay == "position" or settings.prior == 0:
        return np.ones(len(references))
    return np.where(has_prior, half_life_factor(np.maximum(now - references, 0), settings.half_life_days), 1.0)


def tastes(history: HistorySums, priors: Vectors, now: int, settings: TasteSettings) -> Float:
    """Return every persona's taste vector at `now`, unit length; a zero row where there is no taste.

    Parameters
    ----------
    priors : float32 array (p, d)
        p of each persona; a zero row where nothing is stated.
    """
    has_prior = np.asarray(priors.any(axis=1), dtype=np.bool_)
    factors = faded(history.references, has_prior, now, settings)
    combined = history.sums * factors[:, None] + settings.prior * priors.astype(np.float64)
    norms = np.linalg.norm(combined, axis=1, keepdims=True)
    unit: Float = np.divide(combined, norms, out=np.zeros_like(combined), where=norms > 0)
    return unit
