"""An evaluation: every profile, each signal alone and left out, every baseline, over one split, on one screen."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from tastebench.domain.columns import Bools, Ints
from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.evaluation.baselines import BASELINES, best_rows
from tastebench.evaluation.lift import Lift
from tastebench.evaluation.measuring import Judge, measured
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import demanding_all, needed, replayed
from tastebench.evaluation.report import Evaluation, EvaluationSettings, Method, MethodKind
from tastebench.evaluation.reranked import Ask, lifted
from tastebench.evaluation.world import World
from tastebench.signals import REGISTRY, resolved

Tick = Callable[[str, int, int], None]
"""Called before each step with what is done, how far, of how much: to tell of it, or to raise where it must end."""


def evaluated(
    world: World, profiles: Sequence[Method], settings: EvaluationSettings, tick: Tick, ask: Ask | None = None
) -> Evaluation:
    """Return what every method's lists came to. The first of `profiles` is the reference.

    Parameters
    ----------
    ask : callable, optional
        The door to the language model; without one nothing is reranked, whatever the settings say.

    Raises
    ------
    InvalidInput
        Where the split leaves nobody to test.
    """
    started, judge = time.perf_counter(), Judge(world.checked())
    methods = [*profiles, *(_of_signals(profiles[0]) if settings.signals else ()), *_baselines()]
    found = {method.name: measured(judge, rows) for method, rows in _all_lists(world, methods, settings, tick)}
    people = [world.people[int(key)] for key in world.split.personas]
    return Evaluation(
        settings=settings,
        methods=tuple(methods),
        personas=tuple(person.persona_id for person in people),
        history=_likes(world),
        origins=tuple(person.origin for person in people),
        categories=_categories(world),
        values=np.stack([found[method.name][0] for method in methods]),
        totals=np.stack([found[method.name][1] for method in methods]),
        notes=tuple(_notes(world, settings, resolved(profiles[0].profile or ScoringProfile()))),
        seconds=time.perf_counter() - started,
        lift=_lift(world, profiles[0], settings, tick, ask),
    )


def _lift(world: World, reference: Method, settings: EvaluationSettings, tick: Tick, ask: Ask | None) -> Lift | None:
    if ask is None or not settings.rerank:
        return None
    profile = resolved(reference.profile or ScoringProfile())
    return lifted(world, profile, settings.k, settings.rerank, settings.seed, ask, tick)


def _of_signals(reference: Method) -> Iterator[Method]:
    """Yield each signal of the registry alone, then the reference without each signal that it weighs."""
    profile = resolved(reference.profile or ScoringProfile())
    bare = {"diversity": DiversitySettings(method="none")}
    for name, signal in REGISTRY.items():
        alone = profile.model_copy(update={"weights": {name: 1.0}, **bare})
        yield Method(f"signal:{name}", f"{signal.label} alone", "signal", alone)
    weighed = profile.shares()
    for name in weighed if len(weighed) > 1 else ():
        without = profile.model_copy(update={"weights": {**profile.weights, name: 0.0}})
        yield Method(f"without:{name}", f"Without {REGISTRY[name].label.lower()}", "without", without)


def _baselines() -> Iterator[Method]:
    return (Method(f"baseline:{name}", one.label, "baseline") for name, one in BASELINES.items())


def _all_lists(
    world: World, methods: Sequence[Method], settings: EvaluationSettings, tick: Tick
) -> Iterator[tuple[Method, Ints]]:
    """Yield every method with its lists; profiles that need the same replay share it, and one is held at a time."""
    baselines = [method for method in methods if method.profile is None]
    for number, method in enumerate(baselines):
        plain = BASELINES[method.name.removeprefix("baseline:")]
        waiting = partial(tick, f"Plain method: {plain.label}", number, len(baselines))
        yield method, best_rows(world, plain, settings.k, settings.seed, waiting)
    groups: dict[str, list[tuple[Method, ScoringProfile]]] = {}
    for method in methods:
        if method.profile is not None:
            groups.setdefault(needed(_replayed_as(method.kind, method.profile)), []).append((method, method.profile))
    for group in groups.values():
        first, profile = group[0]
        telling = partial(_counted, tick, f"Replaying {first.label}", len(world))
        replay = replayed(world, _replayed_as(first.kind, profile), telling)
        for method, profile in group:
            yield method, lists(replay, profile, settings.k)


def _replayed_as(kind: MethodKind, profile: ScoringProfile) -> ScoringProfile:
    """Return what to replay: each signal alone orders the candidates that all of them find, in one replay for all."""
    return demanding_all(profile) if kind == "signal" else profile


def _counted(tick: Tick, phase: str, total: int, done: int) -> None:
    tick(phase, done, total)


def _likes(world: World) -> Ints:
    """Return how many items each persona likes in the training."""
    standing = world.training.standing
    liked = standing.personas[standing.likes]
    first, end = (np.searchsorted(liked, world.split.personas, side) for side in ("left", "right"))
    return np.asarray(end - first)


def _categories(world: World) -> dict[str, Bools]:
    """Return each category tag with the personas that were to find something with it."""
    column = world.training.catalogue.facets.get(world.training.category)
    if column is None:
        return {}
    found = {tag: np.zeros(len(world), dtype=np.bool_) for tag in column.names}
    for row in range(len(world)):
        for tag in {tag for item in world.wanted_rows(row).tolist() for tag in column.tags_of(item)}:
            found[tag][row] = True
    return {tag: members for tag, members in found.items() if members.any()}


def _notes(world: World, settings: EvaluationSettings, reference: ScoringProfile) -> Iterator[str]:
    yield "Only the log goes back in time: the catalogue's and personas' texts are today's."
    if settings.split.kind != "clock":
        yield "Other personas' known events may be later than a persona's own split; with one clock none are."
    if settings.split.repeats and reference.hide_after:
        hiding = ", ".join(reference.hide_after)
        yield f"{reference.name} hides items after {hiding}: of those it can show none again, whatever its weights."
    if world.eligible > len(world):
        yield f"{len(world):,} of {world.eligible:,} personas, drawn with seed {settings.seed}."
    if world.unreachable:
        yield f"{world.unreachable:,} held-out likes are of items that no list could show at the time; left out."
