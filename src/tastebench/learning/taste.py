"""The taste vector: u = Σ a_j · v_j + prior · p, kept as history sum, reference time and prior."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tastebench.domain.columns import Bools, CatalogueColumns, Float, Ints, LogColumns, Vectors, positions
from tastebench.domain.evidence import Taste
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

    By age: 0.5^(age ÷ half-life). By position: decay^j, j = 0 for the newest event. Where only the `recent` newest
    events count, the others come to 0.
    """
    weights = {**action_weights, **settings.action_weights}
    own = events.amounts(log, weights)
    if not len(log):
        return own
    _, group = np.unique(log.personas, return_inverse=True)
    if settings.recent or settings.decay == "position":
        places = _places_from_newest(log, group)
        own = np.where(places < settings.recent, own, 0.0) if settings.recent else own
        if settings.decay == "position":
            return own * settings.position_decay**places
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


class TasteMatrix:
    """Every persona's taste, kept as history sum and prior, so that comparing at any moment is two products.

    Parameters
    ----------
    history : HistorySums
    priors : float32 array (p, d)
        p of each persona; a zero row where nothing is stated.
    """

    def __init__(self, history: HistorySums, priors: Vectors, settings: TasteSettings) -> None:
        self._history, self._settings = history, settings
        self._priors = settings.prior * priors.astype(np.float64)
        self._has_prior = np.asarray(priors.any(axis=1), dtype=np.bool_)
        self._squares = np.einsum("pd,pd->p", history.sums, history.sums)
        self._crossed = np.einsum("pd,pd->p", history.sums, self._priors)
        self._prior_squares = np.einsum("pd,pd->p", self._priors, self._priors)

    def vectors(self, now: int) -> Float:
        """Return every taste vector at `now`, unit length; a zero row where there is no taste."""
        combined = self._history.sums * self._faded(now)[:, None] + self._priors
        norms = np.linalg.norm(combined, axis=1, keepdims=True)
        unit: Float = np.divide(combined, norms, out=np.zeros_like(combined), where=norms > 0)
        return unit

    def cosines(self, vector: Float, now: int) -> Float:
        """Return the cosine of every persona's taste at `now` with a unit vector; NaN where there is no taste."""
        left = self._faded(now)
        # einsum, not @: two threads cost more than they save on a product this small.
        of_sums = np.einsum("pd,d->p", self._history.sums, vector)
        products = left * of_sums + np.einsum("pd,d->p", self._priors, vector)
        squares = left**2 * self._squares + 2 * left * self._crossed + self._prior_squares
        # Sum and prior may cancel to nothing but rounding: such a persona has no direction.
        some = squares > 1e-18 * (left**2 * self._squares + self._prior_squares)
        cosines: Float = np.divide(
            products, np.sqrt(np.maximum(squares, 0.0)), out=np.full(len(left), np.nan), where=some
        )
        return cosines

    def _faded(self, now: int) -> Float:
        return faded(self._history.references, self._has_prior, now, self._settings)


def taste_of(
    own: LogColumns,
    rows: Ints,
    catalogue: CatalogueColumns,
    prior: Vectors,
    now: int,
    action_weights: Mapping[str, float],
    settings: TasteSettings,
) -> Taste:
    """Return one persona's taste at `now`, taken apart into its events and its prior.

    Parameters
    ----------
    own : LogColumns
        The persona's events at or before `now`.
    rows : int array
        Catalogue position of each event's item, -1 where it is missing.
    prior : float32 array (d,)
        Zeros where nothing is stated.
    """
    known = rows >= 0
    known[known] = catalogue.embedded[rows[known]]
    amounts, places = decayed(own, action_weights, settings)[known], rows[known]
    if len(own):
        newest = np.array([own.at.max()])
        amounts = amounts * faded(newest, np.array([bool(prior.any())]), now, settings)[0]
    vectors = catalogue.vectors[places]
    weighted_prior = settings.prior * prior.astype(np.float64)
    combined = amounts @ vectors.astype(np.float64) + weighted_prior
    norm = float(np.linalg.norm(combined))
    unit = combined / norm if norm > 0 else np.zeros_like(combined)
    item_ids = tuple(map(catalogue.item_ids.__getitem__, places.tolist()))
    titles = tuple(map(catalogue.titles.__getitem__, places.tolist()))
    return Taste(unit, amounts, item_ids, titles, vectors, weighted_prior, norm)
