"""Preferences: by hand, and the closed form against a fold one event at a time."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.columns import CatalogueColumns, LogColumns, positions
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import EDIT_KINDS, PreferenceName, PreferenceSettings, Teaching
from tastebench.domain.statements import Statements
from tastebench.learning import preferences
from tastebench.learning.lessons import all_lessons, tag_lessons
from tastebench.learning.preferences import Learned, learned
from tests.worlds import NOW, reordered, seeds, snapshot, tag_column

DAY = MICROSECONDS_PER_DAY
NOIR = PreferenceName("taste", "genres", "noir")
SETTINGS = PreferenceSettings()


def catalogue() -> CatalogueColumns:
    """Items 10 (noir, by Varda, 1.0), 11 (noir and western, by Kelly, 2.0), 12 (no tags, nobody's, no price)."""
    return CatalogueColumns(
        np.array([10, 11, 12]), ("a", "b", "c"), ("A", "B", "C"), np.zeros((3, 1), np.float32), np.zeros(3, np.int64),
        np.ones(3, np.bool_), np.array([0, 1, -1]), ("Varda", "Kelly"),
        {"genres": tag_column(("noir", "western"), [[0], [0, 1], []])}, {"price": np.array([1.0, 2.0, np.nan])},
    )  # fmt: skip


def log(*events: tuple[int, str, float], weights: Sequence[float] | None = None) -> LogColumns:
    """Events of persona 1 as (item key, action, days ago)."""
    names = tuple(sorted({action for _, action, _ in events}))
    nothing = np.zeros(0, np.int64)
    return LogColumns(
        np.arange(1, len(events) + 1), np.ones(len(events), np.int64), np.array([e[0] for e in events], np.int64),
        np.array([names.index(e[1]) for e in events], np.int64), names,
        np.array([NOW - round(e[2] * DAY) for e in events], np.int64),
        np.array(weights if weights is not None else [np.nan] * len(events)), nothing, nothing, (),
    )  # fmt: skip


def said(*statements: tuple[str, float, PreferenceName, float]) -> Statements:
    """Statements of persona 1 as (action, days ago, name, amount)."""
    return Statements(
        np.ones(len(statements), np.int64), np.array([NOW - round(s[1] * DAY) for s in statements], np.int64),
        tuple(s[0] for s in statements), tuple(s[2] for s in statements), np.array([s[3] for s in statements]),
        np.zeros(len(statements), np.int64),
    )  # fmt: skip


def found(events: LogColumns, settings: PreferenceSettings = SETTINGS) -> Learned:
    columns = catalogue()
    rows = np.array([{10: 0, 11: 1, 12: 2}.get(item, -1) for item in events.items.tolist()], np.int64)
    return learned(events, rows, all_lessons(columns, ("genres",), settings), settings)


def confidences(result: Learned, days_on: float = 0, settings: PreferenceSettings = SETTINGS) -> dict[str, float]:
    values = result.as_of(NOW + round(days_on * DAY), settings).tolist()
    return {str(result.vocabulary.name(code)): value for code, value in zip(result.codes.tolist(), values, strict=True)}


def test_one_like_teaches_tags_creator_and_price_eight_hundredths() -> None:
    assert confidences(found(log((10, "like", 0)))) == {
        "taste:genres=noir": pytest.approx(0.08),
        "taste:creator=Varda": pytest.approx(0.08),
        "taste:price=up to 1.25": pytest.approx(0.08),
    }


@pytest.mark.parametrize(
    ("action", "confidence"),
    [("view", 0.1), ("click", 0.2), ("add_to_cart", 0.6), ("like", 0.8), ("favorite", 0.8), ("purchase", 1.0),
     ("dislike", 0.0)],
)  # fmt: skip
def test_the_table_of_actions(action: str, confidence: float) -> None:
    assert confidences(found(log((10, action, 0))))[str(NOIR)] == pytest.approx(0.1 * confidence)


def test_a_like_a_day_for_six_days_establishes_and_sixty_days_later_it_has_faded() -> None:
    result = found(log(*((10, "like", day) for day in range(6))))
    by_hand = 0.0
    for _ in range(6):
        by_hand = 0.9 * by_hand * 0.98 + 0.1 * 0.8
    assert by_hand == pytest.approx(0.358798, abs=1e-6)
    assert confidences(result)[str(NOIR)] == pytest.approx(by_hand)
    assert result.established(NOW, SETTINGS).all()
    assert confidences(result, 60)[str(NOIR)] == pytest.approx(by_hand * 0.98**60)
    assert not result.established(NOW + 60 * DAY, SETTINGS).any()


def test_a_preset_that_fades_fast_never_lets_weekly_likes_establish_anything() -> None:
    weekly = log(*((10, "like", 7 * week) for week in range(200)))
    fast = PreferenceSettings(daily_decay=0.95)
    assert not found(weekly, fast).established(NOW, fast).any()
    assert found(weekly).established(NOW, SETTINGS).all()


def test_a_dislike_takes_a_tenth_of_the_confidence_and_a_weight_takes_the_place_of_the_actions() -> None:
    events = log((10, "like", 0.5), (11, "dislike", 0.5), weights=[0.5, np.nan])
    assert confidences(found(events)) == {
        "taste:genres=noir": pytest.approx(0.9 * 0.05 * 0.98**0.5),
        "taste:genres=western": 0.0,
        "taste:creator=Varda": pytest.approx(0.05 * 0.98**0.5),
        "taste:creator=Kelly": 0.0,
        "taste:price=up to 1.25": pytest.approx(0.05 * 0.98**0.5),
        "taste:price=over 1.75": 0.0,
    }
    assert confidences(found(log((10, "like", 0), weights=[-1.0])))[str(NOIR)] == 0


def test_at_one_moment_items_count_in_their_order() -> None:
    like_first = found(log((11, "dislike", 0), (10, "like", 0)))
    assert confidences(like_first)[str(NOIR)] == pytest.approx(0.9 * 0.08)


def test_an_action_of_ones_own_teaches_what_its_row_says() -> None:
    events = log((11, "watch_trailer", 0))
    assert confidences(found(events)) == {}
    teaches = {"watch_trailer": Teaching(confidence=0.5, tags=True, creator=False, price=False, moment=True)}
    settings = PreferenceSettings(teaches=teaches)
    assert confidences(found(events, settings), settings=settings) == pytest.approx(
        {
            "taste:genres=noir": 0.05,
            "taste:genres=western": 0.05,
            "notification:weekday=Tuesday": 0.05,
            "notification:time of day=evening": 0.05,
        }
    )


def test_categories_that_are_not_learned() -> None:
    settings = PreferenceSettings(categories=("presentation",))
    events = replace(
        log((10, "like", 0)), said=said(("choose", 0, PreferenceName("presentation", "chart", "bar"), np.nan))
    )
    assert confidences(found(events, settings), settings=settings) == {"presentation:chart=bar": pytest.approx(0.1)}
    assert tag_lessons(catalogue(), ("genres",), settings) == []


def test_only_the_newest_interactions_are_learned_from() -> None:
    events = log((10, "purchase", 9), (10, "like", 2), (11, "view", 1))
    settings = PreferenceSettings(history_limit=2)
    result = found(events, settings)
    assert confidences(result)[str(NOIR)] == pytest.approx((0.9 * 0.08 * 0.98 + 0.01) * 0.98)
    assert dict(zip(map(result.vocabulary.name, result.codes.tolist()), result.counts.tolist(), strict=True))[NOIR] == 2


def test_a_choice_is_evidence_of_one_and_a_refinement_away_of_nothing() -> None:
    events = replace(log(), said=said(("choose", 2, NOIR, np.nan), ("refine", 0, NOIR, np.nan)))
    assert confidences(found(events)) == {str(NOIR): pytest.approx(0.9 * 0.1 * 0.98**2)}


def test_following_a_creator_teaches_it() -> None:
    events = replace(
        log(), follow_personas=np.array([1]), follow_at=np.array([NOW]), follow_creators=("Kelly",),
    )  # fmt: skip
    assert confidences(found(events)) == {"taste:creator=Kelly": pytest.approx(0.1)}


def test_a_correction_sets_the_confidence_and_later_evidence_moves_it() -> None:
    events = replace(log((10, "like", 5), (10, "like", 1)), said=said(("correct", 3, NOIR, 0.7)))
    result = found(events)
    assert confidences(result)[str(NOIR)] == pytest.approx((0.9 * 0.7 * 0.98**2 + 0.08) * 0.98)
    assert result.counts.max() == 2


def test_a_pin_holds_whatever_happens_until_it_is_taken_off() -> None:
    pinned = replace(log((10, "dislike", 1)), said=said(("pin", 30, NOIR, 0.25)))
    result = found(pinned)
    assert confidences(result, 900)[str(NOIR)] == 0.25
    assert result.established(NOW, SETTINGS)[result.pinned].all()
    freed = replace(pinned, said=said(("pin", 30, NOIR, 0.25), ("unpin", 2, NOIR, 0.25)))
    assert confidences(found(freed))[str(NOIR)] == pytest.approx(0.9 * 0.25 * 0.98**2)


def test_what_is_forgotten_starts_anew() -> None:
    events = replace(log((10, "like", 3), (10, "like", 1)), said=said(("forget", 2, NOIR, 0.0)))
    result = found(events)
    place = [result.vocabulary.name(code) for code in result.codes.tolist()].index(NOIR)
    assert result.confidences[place] == pytest.approx(0.08)
    assert (result.counts[place], result.seen[place]) == (1, NOW - DAY)


def test_of_two_edits_of_one_moment_the_later_one_holds() -> None:
    edits = said(("correct", 0, NOIR, 0.9), ("forget", 0, NOIR, 0.0), ("correct", 0, NOIR, 0.4))
    assert confidences(found(replace(log((10, "like", 0)), said=edits)))[str(NOIR)] == pytest.approx(0.4)


def test_an_edit_of_what_no_item_carries() -> None:
    gone = PreferenceName("taste", "genres", "giallo")
    events = replace(log(), said=said(("correct", 0, gone, 0.5)))
    assert confidences(found(events)) == {str(gone): 0.5}


def test_in_batches_only_what_the_last_recomputation_knew_teaches() -> None:
    events = replace(log((10, "like", 2), (10, "like", 1)), learned_until=1)
    assert confidences(found(events))[str(NOIR)] == pytest.approx(0.08 * 0.98**2)


class Happened(NamedTuple):
    """Something that moves confidences, for the fold below; tuples sort in event order."""

    at: int
    stage: int
    item_or_turn: int
    name: str
    action: str
    weight: float
    persona: int
    teaches: tuple[PreferenceName, ...]
    amount: float


ITEM, NAMED, EDIT = range(3)
Confidences = dict[tuple[int, PreferenceName], float]


def fold(events: LogColumns, columns: CatalogueColumns, settings: PreferenceSettings) -> Confidences:
    """Return every confidence at NOW, worked out one event after another."""
    state: dict[tuple[int, PreferenceName], tuple[float, int, bool]] = {}
    for one in in_order(events, columns, settings):
        for name in one.teaches:
            c, before, pinned = state.get((one.persona, name), (0.0, one.at, False))
            if one.stage == EDIT:
                state[one.persona, name] = (one.amount, one.at, one.action == "pin")
            elif not pinned:
                faded = c * settings.daily_decay ** ((one.at - before) / DAY)
                moved = (1 - settings.learning_rate) * faded + settings.learning_rate * one.amount
                state[one.persona, name] = (moved, one.at, False)
    return {
        key: c if pinned else c * settings.daily_decay ** ((NOW - at) / DAY) for key, (c, at, pinned) in state.items()
    }


def in_order(events: LogColumns, columns: CatalogueColumns, settings: PreferenceSettings) -> list[Happened]:
    """Return what happened: of each persona the newest interactions, with all edits and no older thumbs."""
    happened = sorted([*with_items(events, columns, settings), *by_name(events.said, settings)])
    left: dict[int, int] = {}
    kept = []
    for one in reversed(happened):
        room = left.setdefault(one.persona, settings.history_limit)
        if one.stage == EDIT or room > 0:
            kept.append(one)
        takes_room = one.stage == ITEM or one.action in {"choose", "refine"}
        left[one.persona] = room - takes_room
    return kept[::-1]


def with_items(events: LogColumns, columns: CatalogueColumns, settings: PreferenceSettings) -> Iterator[Happened]:
    tags = {
        key: tuple(
            PreferenceName("taste", f, tag) for f, column in columns.facets.items() for tag in column.tags_of(row)
        )
        for row, key in enumerate(columns.keys.tolist())
    }
    rows = zip(events.at, events.items, events.actions, events.weights, events.personas, strict=True)
    for at, item, code, weight, persona in ((int(a), int(i), int(c), float(w), int(p)) for a, i, c, w, p in rows):
        action, own = events.action_names[code], math.isnan(weight)
        amount = settings.teaches[action].confidence if own else max(weight, 0.0)
        yield Happened(at, ITEM, item, "", action, 0.0 if own else weight, persona, tags.get(item, ()), amount)


def by_name(said: Statements, settings: PreferenceSettings) -> Iterator[Happened]:
    for turn, (action, name, persona) in enumerate(zip(said.actions, said.names, said.personas.tolist(), strict=True)):
        at, amount = int(said.at[turn]), float(said.amounts[turn])
        if action in EDIT_KINDS:
            yield Happened(at, EDIT, turn, "", action, 0.0, persona, (name,), amount)
        else:
            taught = settings.teaches[action].confidence
            yield Happened(at, NAMED, 0, str(name), action, 0.0, persona, (name,), taught)


def random_world(seed: int, events: int = 60) -> tuple[LogColumns, CatalogueColumns]:
    world = snapshot(seed, items=15, people=4, events=events)
    nobody = np.zeros(0, np.int64)
    return replace(world.log, follow_personas=nobody, follow_at=nobody, follow_creators=()), world.catalogue


def of(events: LogColumns, columns: CatalogueColumns, settings: PreferenceSettings) -> Confidences:
    """Return every confidence at NOW as the product works it out."""
    rows = positions(columns.keys, events.items)
    result = learned(events, rows, tag_lessons(columns, ("genres", "themes"), settings), settings)
    names = map(result.vocabulary.name, result.codes.tolist())
    keys = zip(result.personas.tolist(), names, strict=True)
    return dict(zip(keys, result.as_of(NOW, settings).tolist(), strict=True))


def same(one: Confidences, other: Confidences) -> None:
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert abs(value - other[key]) <= 1e-9


@given(seeds, st.sampled_from([1, 7, 1000]), st.sampled_from([0.98, 0.5, 1.0]), st.sampled_from([0.1, 0.7]))
def test_the_sum_equals_a_fold_in_event_order(seed: int, limit: int, decay: float, rate: float) -> None:
    settings = PreferenceSettings(history_limit=limit, daily_decay=decay, learning_rate=rate)
    events, columns = random_world(seed)
    same(of(events, columns, settings), fold(events, columns, settings))


@given(seeds, seeds)
def test_the_order_of_arrival_does_not_matter(seed: int, order_seed: int) -> None:
    events, columns = random_world(seed)
    shuffled = reordered(events, np.random.default_rng(order_seed).permutation(len(events)))
    same(of(events, columns, SETTINGS), of(shuffled, columns, SETTINGS))


@given(seeds)
def test_all_at_once_in_parts_or_one_by_one(seed: int) -> None:
    events, columns = random_world(seed)
    whole = of(events, columns, SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preferences, "_EVENTS_AT_ONCE", 9)
        same(of(events, columns, SETTINGS), whole)
    alone = {key: value for persona in range(1, 5) for key, value in of(events.of(persona), columns, SETTINGS).items()}
    same(alone, whole)


@given(seeds, st.integers(0, 59))
def test_deleting_an_interaction_restores_what_was(seed: int, row: int) -> None:
    events, columns = random_world(seed)
    without = events.take(np.delete(np.arange(60), row))
    same(of(without, columns, SETTINGS), fold(without, columns, SETTINGS))
    columns_of_events = ("keys", "personas", "items", "actions", "at", "weights")
    back = {name: np.append(getattr(without, name), getattr(events, name)[row]) for name in columns_of_events}
    same(of(replace(without, **back), columns, SETTINGS), of(events, columns, SETTINGS))
