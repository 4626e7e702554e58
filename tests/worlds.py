"""Small random worlds for property tests: catalogues, personas and logs in columns, without any store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tastebench.domain.columns import CatalogueColumns, Ints, LogColumns, PersonaColumns, TagColumn
from tastebench.domain.interaction import ACTION_WEIGHTS
from tastebench.domain.moments import MICROSECONDS_PER_DAY, from_micros
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.profile import DiversitySettings, ScoringProfile, TasteSettings
from tastebench.domain.request import Request
from tastebench.domain.statements import Statements
from tastebench.ranking import Snapshot, Sources
from tastebench.signals import REGISTRY, resolved
from tests.doubles import HashingEncoder

NOW = 1_700_000_000_000_000
DIMENSION = 8
GENRES = ("noir", "crime", "western", "musical")
THEMES = ("heist", "trains")
CREATORS = ("Varda", "Melville", "Kelly")
ACTIONS = tuple(ACTION_WEIGHTS)
PREFERENCES = (
    PreferenceName("taste", "genres", "noir"),
    PreferenceName("taste", "genres", "crime"),
    PreferenceName("data", "export", "csv"),
)


def tag_column(names: tuple[str, ...], rows: Sequence[Sequence[int]]) -> TagColumn:
    codes = np.array([code for row in rows for code in row], dtype=np.int64)
    return TagColumn(names, codes, np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64))


def unit_rows(rng: np.random.Generator, n: int) -> np.ndarray:
    vectors = rng.standard_normal((n, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def catalogue(rng: np.random.Generator, n: int) -> CatalogueColumns:
    vectors = unit_rows(rng, n)
    vectors[rng.random(n) < 0.1] = 0
    if n > 3:
        vectors[2] = vectors[1]  # two items that only their ids tell apart
    days = rng.integers(0, 400, n)
    return CatalogueColumns(
        keys=np.arange(n, dtype=np.int64) * 3 + 5,
        item_ids=tuple(f"i{number:03d}" for number in rng.permutation(n)),
        titles=tuple(f"Title {number}" for number in range(n)),
        vectors=vectors,
        created_at=np.where(rng.random(n) < 0.2, np.iinfo(np.int64).min, NOW - days * MICROSECONDS_PER_DAY),
        available=rng.random(n) < 0.9,
        creators=rng.integers(-1, len(CREATORS), n),
        creator_names=CREATORS,
        facets={
            "genres": tag_column(GENRES, [sorted(rng.choice(4, rng.integers(0, 4), replace=False)) for _ in range(n)]),
            "themes": tag_column(THEMES, [sorted(rng.choice(2, rng.integers(0, 3), replace=False)) for _ in range(n)]),
        },
        attributes={"year": np.where(rng.random(n) < 0.1, np.nan, rng.integers(1930, 2020, n).astype(np.float64))},
    )


def log(rng: np.random.Generator, items: Ints, personas: int, events: int) -> LogColumns:
    weights = np.where(rng.random(events) < 0.2, rng.uniform(-1, 1, events).round(2), np.nan)
    follows = int(rng.integers(0, 3))
    missing = np.array([999_999])  # an item that is named by events and isn't in the catalogue
    return LogColumns(
        keys=np.arange(1, events + 1, dtype=np.int64),
        personas=rng.integers(1, personas + 1, events),
        items=rng.choice(np.concatenate([items, missing]), events),
        actions=rng.integers(0, len(ACTIONS), events),
        action_names=ACTIONS,
        at=NOW - rng.integers(0, 60 * 24, events) * (MICROSECONDS_PER_DAY // 24),
        weights=weights,
        follow_personas=rng.integers(1, personas + 1, follows),
        follow_at=NOW - rng.integers(0, 60, follows) * MICROSECONDS_PER_DAY,
        follow_creators=tuple(rng.choice(CREATORS, follows).tolist()),
        said=said(rng, personas),
    )


def said(rng: np.random.Generator, personas: int) -> Statements:
    n = int(rng.integers(0, 12))
    kinds = rng.choice(["choose", "refine", "like", "dislike", "pin", "correct", "forget"], n).tolist()
    amounts = {**dict.fromkeys(["choose", "refine", "like", "dislike"], np.nan), "forget": 0.0}
    return Statements(
        rng.integers(1, personas + 1, n),
        NOW - rng.integers(0, 60 * 24, n) * (MICROSECONDS_PER_DAY // 24),
        tuple(kinds),
        tuple(PREFERENCES[place] for place in rng.integers(0, len(PREFERENCES), n)),
        np.array([amounts.get(kind, rng.random()) for kind in kinds]),
        np.zeros(n, np.int64),
    )


def personas(rng: np.random.Generator, n: int) -> PersonaColumns:
    priors = unit_rows(rng, n)
    priors[rng.random(n) < 0.4] = 0
    return PersonaColumns(np.arange(1, n + 1, dtype=np.int64), tuple(f"p{k}" for k in range(1, n + 1)), priors)


def snapshot(seed: int, items: int = 40, people: int = 6, events: int = 80) -> Snapshot:
    rng = np.random.default_rng(seed)
    columns = catalogue(rng, items)
    events_log = log(rng, columns.keys, people, events)
    return Snapshot(columns, events_log, personas(rng, people), dict(ACTION_WEIGHTS), ("genres", "themes"), "genres")


def sources(world: Snapshot, persona_key: int = 1, **interests: Sequence[str]) -> Sources:
    persona = Persona("Ada", interests={name: list(tags) for name, tags in interests.items()}, persona_id="p1")
    encoder = HashingEncoder(DIMENSION)
    return Sources(world, persona, persona_key, None, encoder, lambda _text: world.catalogue.keys[::2])


def request(profile: ScoringProfile | None = None, days_ago: float = 0, **fields: Any) -> Request:
    now = from_micros(NOW) - timedelta(days=days_ago)
    return Request("p1", now, resolved(profile or ScoringProfile()), **{"limit": 10, **fields})


def with_log(world: Snapshot, events: LogColumns) -> Snapshot:
    return Snapshot(world.catalogue, events, world.personas, world.action_weights, world.facets, world.category)


def reordered(events: LogColumns, order: Ints) -> LogColumns:
    """Return the same events recorded in another order: same content, other keys."""
    return replace(events.take(order), keys=events.keys)


seeds = st.integers(0, 2**32 - 1)
worlds = st.builds(
    snapshot, seeds, items=st.integers(0, 60), people=st.integers(1, 8), events=st.integers(0, 120)
).filter(lambda world: len(world.personas) > 0)


@st.composite
def profiles(draw: st.DrawFn) -> ScoringProfile:
    """Profiles over all methods; weights in hundredths, never all zero."""
    weights = {name: draw(st.integers(0, 100)) / 100 for name in REGISTRY}
    if not any(weights.values()):
        weights["similarity"] = 1.0
    return ScoringProfile(
        weights=weights,
        facet_weights=draw(st.sampled_from([{}, {"genres": 1.0}, {"genres": 2.0, "themes": 1.0}])),
        taste=TasteSettings(
            decay=draw(st.sampled_from(["age", "position"])),
            half_life_days=draw(st.sampled_from([0.5, 7.0, 365.0])),
            prior=draw(st.sampled_from([0.0, 1.0, 5.0])),
        ),
        diversity=DiversitySettings(
            method=draw(st.sampled_from(["repeat", "mmr", "none"])), strength=draw(st.sampled_from([0.0, 0.02, 0.5]))
        ),
        hide_after=draw(st.sampled_from([(), ("like", "dislike"), ("like", "favorite", "purchase", "dislike")])),
        fallback=draw(st.sampled_from(["popular_first", "newest_first"])),
        scale=draw(st.sampled_from(["raw", "standardised"])),
        repeats=draw(st.booleans()),
    )
