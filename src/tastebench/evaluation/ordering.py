"""Ordering: from a replay and weights to the first places of every list, exactly as the pipeline would have them."""

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, TagColumn
from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.evaluation.replay import Replay
from tastebench.ranking.blend import COMPARED_DECIMALS
from tastebench.ranking.diversify import mmr, repeats_above

_PLACE_BITS = 14
"""Bits of a sorting key that name the candidate; a profile allows 10,000. The rounded score has the other 49."""
_EMPTY = np.iinfo(np.int64).max
_HEAD = 64
"""Candidates that diversity is worked out for at first; the list goes on only where one below could still come up."""


def lists(replay: Replay, profile: ScoringProfile, k: int) -> Ints:
    """Return the catalogue positions of each persona's first k, shape (p, k), -1 where a list is shorter."""
    chosen = places(replay, scores(replay, replay.shares(profile)), profile, k)
    return rows_at(replay, chosen)


def rows_at(replay: Replay, chosen: Ints) -> Ints:
    """Return the catalogue positions of the candidates at these places, -1 where there is none."""
    if not replay.rows.shape[1]:
        return chosen
    return np.where(chosen >= 0, np.take_along_axis(replay.rows, np.maximum(chosen, 0), axis=1), -1)


def hits_at(replay: Replay, chosen: Ints) -> Bools:
    """Tell which of the candidates at these places are to be found."""
    if not replay.rows.shape[1]:
        return np.zeros(chosen.shape, dtype=np.bool_)
    return np.take_along_axis(replay.wanted, np.maximum(chosen, 0), axis=1) & (chosen >= 0)


def scores(replay: Replay, shares: Float) -> Float:
    """Return the candidates' scores before diversity: shares (s,) give (p, c), shares (b, s) give (b, p, c)."""
    flat = shares @ replay.values.reshape(len(replay.names), -1)
    return np.asarray(flat.reshape(*shares.shape[:-1], *replay.rows.shape))


def places(replay: Replay, base: Float, profile: ScoringProfile, k: int) -> Ints:
    """Return the candidate at each of the first k places of every list, shape (p, k), -1 where a list is shorter.

    Parameters
    ----------
    base : float array (p, c)
        Scores before diversity.
    """
    width, diversity = base.shape[1], profile.diversity
    found = np.full((len(replay), k), -1, dtype=np.int64)
    alone = replay.cold & (profile.fallback == "newest_first") | (diversity.method == "mmr")
    for persona in np.flatnonzero(alone):
        whole = _whole(replay, int(persona), base[persona], profile)[:k]
        found[persona, : len(whole)] = whole
    plain = diversity.method == "none" or diversity.strength == 0
    left, size = np.flatnonzero(~alone), k if plain else max(_HEAD, 2 * k)
    while len(left) and width:
        head = _head(replay, base, left, min(size, width))
        if not plain:
            head, settled = _diversified(replay, base, left, head, diversity, k)
        else:
            settled = np.ones(len(left), dtype=np.bool_)
        found[left[settled], : min(k, width)] = head[settled, :k]
        left, size = left[~settled], 4 * size
    return found


def _head(replay: Replay, base: Float, personas: Ints, size: int) -> Ints:
    """Return the candidates at the first `size` places of these lists before diversity.

    One integer holds a candidate's rounded score and, below it, its place, which decides between equals: sorting plain
    integers is ten times faster than sorting by several columns.
    """
    scaled = base[personas] * -(10.0**COMPARED_DECIMALS)
    keys = np.rint(scaled, out=scaled).astype(np.int64)
    keys <<= _PLACE_BITS
    keys |= np.arange(base.shape[1])
    keys[replay.empty[personas]] = _EMPTY
    if size < keys.shape[1]:
        keys.partition(size - 1, axis=1)
    head = np.sort(keys[:, :size], axis=1)
    return np.where(head == _EMPTY, -1, head & ((1 << _PLACE_BITS) - 1))


def _diversified(
    replay: Replay, base: Float, personas: Ints, head: Ints, settings: DiversitySettings, k: int
) -> tuple[Ints, Bools]:
    """Return these heads in their order after the penalty for repeats, and of which lists the first k are settled.

    A candidate below the head loses by the penalty too, so the first k stand once none of them scores less than the
    head's last did before it.
    """
    filled, at = head >= 0, np.maximum(head, 0)
    tags = replay.categories.take((personas[:, None] * base.shape[1] + at).ravel())
    before = np.take_along_axis(base[personas], at, axis=1)
    after = before + _penalty(tags, settings).reshape(head.shape)
    rounded = np.where(filled, np.round(after, COMPARED_DECIMALS), -np.inf)
    order = np.argsort(-rounded, axis=1, kind="stable")  # equals stay in base order, as the pipeline has it
    last_in = np.take_along_axis(rounded, order, axis=1)[:, min(k, head.shape[1]) - 1]
    settled = ~filled[:, -1] | (last_in >= np.round(before[:, -1], COMPARED_DECIMALS))
    return np.take_along_axis(head, order, axis=1), settled | (head.shape[1] == base.shape[1])


def _penalty(tags: TagColumn, settings: DiversitySettings) -> Float:
    return 0.0 - settings.strength * np.minimum(repeats_above(tags), settings.cap)


def _whole(replay: Replay, persona: int, base: Float, profile: ScoringProfile) -> Ints:
    """Return one whole list: for what a head doesn't settle, MMR and the newest first for who is unknown."""
    width, count = len(base), int(np.count_nonzero(~replay.empty[persona]))
    newest_first = replay.cold[persona] and profile.fallback == "newest_first"
    newer = ~replay.created_at[persona, :count] if newest_first else np.zeros(count, dtype=np.int64)
    rounded = np.round(base[:count], COMPARED_DECIMALS)
    order = np.lexsort((np.arange(count), -rounded, newer))
    after = base[order] + _line(replay, persona * width + order, base[order], profile.diversity)
    return order[np.lexsort((-rounded[order], -np.round(after, COMPARED_DECIMALS), newer[order]))]


def _line(replay: Replay, at: Ints, base: Float, settings: DiversitySettings) -> Float:
    if settings.method == "none" or settings.strength == 0:
        return np.zeros(len(at))
    if settings.method == "mmr":
        return mmr(replay.vectors[replay.rows.ravel()[at]], base, settings.mmr_lambda)
    return _penalty(replay.categories.take(at), settings)
