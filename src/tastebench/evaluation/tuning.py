"""Tuning: a profile found on one part of the past and judged on a later one that the search never saw."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tastebench.domain.persona import Persona
from tastebench.domain.ports import Encoder
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.bootstrap import Estimate
from tastebench.evaluation.candidates import Candidates, SearchSettings
from tastebench.evaluation.evaluating import Tick, evaluated
from tastebench.evaluation.report import Evaluation, EvaluationSettings, Method
from tastebench.evaluation.search import Effort, Search
from tastebench.evaluation.world import world_of
from tastebench.ranking import Snapshot

FOUND = "profile:found"
"""Name of the method that the search found, in the evaluation that judges it."""
_KEPT = 300


@dataclass(frozen=True)
class Tuned:
    """What a search found, and what is left of it on what it never saw.

    Parameters
    ----------
    search : SearchSettings
    candidates : Candidates
        The best of those that were tried, measured on the part that was searched.
    before : float
        What the reference comes to on that part.
    evaluation : Evaluation
        On the part held out last: the reference, what was found (where anything keeps to the constraints), baselines.
    effort : Effort
    """

    search: SearchSettings
    candidates: Candidates
    before: float
    evaluation: Evaluation
    effort: Effort

    @property
    def best(self) -> ScoringProfile | None:
        """What the search found; None where nothing keeps to the constraints."""
        return None if self.candidates.best is None else self.candidates.profile(self.candidates.best)

    @property
    def gain(self) -> Estimate | None:
        """The paired difference to the reference on the part held out last; None where nothing was found."""
        standings = self.evaluation.standings(self.search.objective)
        return next((one.difference for one in standings if one.method.name == FOUND), None)

    @property
    def holds(self) -> bool:
        """Whether the whole interval of what remains lies above nothing."""
        return self.gain is not None and self.gain[1] > 0

    @property
    def verdict(self) -> str:
        """One sentence: what remains of what was found."""
        if self.gain is None:
            return "Nothing that was tried keeps to the constraints. Loosen them, or search longer."
        searched = self.candidates.objective[0] - self.before
        remains = f"{self.gain[0]:+.3f}, between {self.gain[1]:+.3f} and {self.gain[2]:+.3f}"
        if self.holds:
            return f"On likes the search never saw, the gain is {remains} ({searched:+.3f} where it searched)."
        return (
            f"The gain where it searched ({searched:+.3f}) is not borne out on likes the search never saw: {remains}. "
            "Keep the profile you have, or search with more personas."
        )


def tuned(
    snapshot: Snapshot,
    people: Mapping[int, Persona],
    encoder: Encoder,
    base: ScoringProfile,
    settings: EvaluationSettings,
    search: SearchSettings,
    tick: Tick,
) -> Tuned:
    """Return what a search that starts from `base` finds, and what is left of it.

    The log is split; what is known is split once more in the same way, and there the search looks. What it finds is
    then measured as any profile is, on the likes held out first.

    Raises
    ------
    InvalidInput
        Where either split leaves nobody to test.
    """
    drawn = settings.sample, settings.seed
    outer = world_of(snapshot, people, encoder, settings.split, *drawn).checked()
    inner = world_of(outer.training, people, encoder, settings.split.within(snapshot.log), *drawn)
    looking = Search(inner, search, settings.k, tick)
    candidates = looking.run(base)
    methods = [Method("profile:reference", base.name, "profile", base)]
    if candidates.best is not None:
        found = candidates.profile(candidates.best)
        methods.append(Method(FOUND, "Found by the search", "profile", found))
    evaluation = evaluated(outer, methods, settings.model_copy(update={"signals": False}), tick)
    best = candidates.take(np.arange(min(len(candidates), _KEPT)))
    return Tuned(search, best, looking.before, evaluation, looking.effort)
