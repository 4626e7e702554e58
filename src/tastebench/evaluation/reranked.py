"""Reranked: lists of the past put before the language model, as they would be shown today."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Request
from tastebench.evaluation.lift import Lift
from tastebench.evaluation.measuring import Judge, measured
from tastebench.evaluation.world import World
from tastebench.ranking import gather, rank
from tastebench.ranking.prompting import Deed
from tastebench.ranking.rerank import DEFAULT_INFLUENCE

GIVE_UP_AFTER = 3
"""Lists in a row without an answer: what is wrong then is not the list, and nobody is asked any more."""
_DECIMALS = 9
"""Scores closer than this may stand either way in what is possible at most."""


@dataclass(frozen=True)
class Head:
    """What the model is asked about: the head of one list, with what was known when it was made.

    Parameters
    ----------
    request : Request
    persona : Persona
    deeds : tuple of Deed
        What the persona did lately, newest last; nothing held out is among it.
    item_ids : tuple of str
    """

    request: Request
    persona: Persona
    deeds: tuple[Deed, ...]
    item_ids: tuple[str, ...]


@dataclass(frozen=True)
class Opinion:
    """What came of asking.

    Parameters
    ----------
    state : ModelState
        OFF where there was nothing to ask about.
    judgement : Judgement, optional
        None where no answer could be used.
    seconds : float
        What the answer took, in the first place where it was kept.
    model : str
        Who was asked; empty where nobody was found.
    sentence : str
        The state in words, with a next step.
    """

    state: ModelState
    judgement: Judgement | None = None
    seconds: float = 0.0
    model: str = ""
    sentence: str = ""


Ask: TypeAlias = Callable[[Head], Opinion]
"""The door to the language model. It raises for nothing that a server does."""


class _Asking:
    """Asks, until several lists in a row have got no answer."""

    def __init__(self, ask: Ask) -> None:
        self._ask, self._failed = ask, 0

    def __call__(self, head: Head) -> Opinion:
        if self._failed == GIVE_UP_AFTER:
            return Opinion(ModelState.OFF, sentence="Nobody was asked any more, as several in a row got no answer.")
        found = self._ask(head)
        self._failed = self._failed + 1 if found.state.failed else 0
        return found


def lifted(
    world: World,
    profile: ScoringProfile,
    k: int,
    size: int,
    seed: int,
    ask: Ask,
    tick: Callable[[str, int, int], None] = lambda _phase, _done, _total: None,
) -> Lift:
    """Return what the model makes of the lists of up to `size` personas of the world, drawn with the seed.

    Every list is made by the pipeline itself, as it would be shown, once without and once with what the model said.

    Parameters
    ----------
    profile : ScoringProfile
        Its settings for reranking hold.
    """
    asking, opinions, lists = _Asking(ask), [], []
    rows = np.sort(np.random.default_rng(seed).choice(len(world), min(size, len(world)), replace=False))
    some = replace(world, split=world.split.take(rows))
    for row in range(len(some)):
        tick("Asking the language model", row, len(some))
        opinion, orders = _judged(some, row, profile, k, asking)
        opinions.append(opinion)
        lists.append(orders)
    tick("Asking the language model", len(some), len(some))
    judge = Judge(some)
    return Lift(
        model=next((one.model for one in opinions if one.model), ""),
        influence=_influence(profile),
        candidates=profile.rerank.candidates,
        rows=rows,
        states=tuple(one.state.value for one in opinions),
        seconds=np.array([one.seconds if one.state.answered else np.nan for one in opinions]),
        values=np.stack([measured(judge, kind)[0] for kind in np.stack(lists, axis=1)]),
        seed=seed,
        reasons={one.state.value: one.sentence for one in reversed(opinions) if not one.state.answered},
    )


def _judged(world: World, row: int, profile: ScoringProfile, k: int, ask: Ask) -> tuple[Opinion, Ints]:
    """Return what the model says of one list, and the first k of it four times, (4, k), as `Lift.values` has them."""
    size = profile.rerank.candidates
    request = replace(world.request(row, profile, max(k, size)), rerank=True)
    evidence = gather(request, world.sources(row))
    plain = rank(evidence, request)
    head = plain.items[:size]
    opinion = ask(Head(request, world.person(row), world.deeds(row), tuple(one.item_id for one in head)))
    without = _rows(world, plain)
    judged = (
        without if opinion.judgement is None else _rows(world, rank(evidence, request, judgement=opinion.judgement))
    )
    wanted = np.isin(without[: len(head)], world.wanted_rows(row))
    extremes = _extremes(np.array([one.score for one in head]), wanted, _influence(profile))
    reached = [np.concatenate([without[order], without[len(head) :]]) for order in extremes]
    return opinion, np.stack([_cut(one, k) for one in (without, judged, *reached)])


def _extremes(scores: Float, wanted: Bools, influence: float) -> tuple[Ints, Ints]:
    """Return the orders of a head that put what is wanted lower, and higher, than any judgement can.

    A judgement takes an item the share `influence` of the way to another score of the head, at the most to its first
    or its last. Here all that is wanted goes the whole way one way and the rest the other, as no single judgement can.

    Examples
    --------
    Half the way, the wanted one of three may come last or first; a fifth of the way it stays where it is.

    >>> _extremes(np.array([0.6, 0.5, 0.4]), np.array([False, True, False]), 0.5)
    (array([0, 2, 1]), array([1, 0, 2]))
    >>> _extremes(np.array([0.6, 0.5, 0.4]), np.array([False, True, False]), 0.2)
    (array([0, 1, 2]), array([0, 1, 2]))
    """
    first, last = (scores.max(), scores.min()) if len(scores) else (0.0, 0.0)
    towards = np.where(wanted, last, first), np.where(wanted, first, last)
    reached = [np.round(scores + influence * (end - scores), _DECIMALS) for end in towards]
    return np.lexsort((wanted, -reached[0])), np.lexsort((~wanted, -reached[1]))


def _influence(profile: ScoringProfile) -> float:
    return DEFAULT_INFLUENCE if profile.rerank.influence is None else profile.rerank.influence


def _rows(world: World, ranking: Ranking) -> Ints:
    places = world.training.catalogue.position_of
    return np.array([places[one.item_id] for one in ranking.items], dtype=np.int64)


def _cut(rows: Ints, k: int) -> Ints:
    return np.concatenate([rows[:k], np.full(max(k - len(rows), 0), -1, dtype=np.int64)])
