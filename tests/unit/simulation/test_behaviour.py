"""Behaviour by a hidden taste, checked on spaces that fit on paper."""

import numpy as np

from tastebench.simulation.behaviour import Habits, centre, deeds, fits, hidden_taste, reach

CORNERS = np.eye(4, dtype=np.float32)


def test_fits_have_mean_zero_and_deviation_one() -> None:
    values = fits(CORNERS, np.array([3.0, 1.0, 0.0, 0.0]))
    assert np.allclose([values.mean(), values.std()], [0, 1])
    assert np.argsort(-values)[:2].tolist() == [0, 1]


def test_where_all_fit_alike_fits_are_zero() -> None:
    assert fits(np.ones((3, 2), dtype=np.float32), np.array([1.0, 2.0])).tolist() == [0.0, 0.0, 0.0]


def test_a_hidden_taste_points_away_from_what_is_common() -> None:
    """Of a component that all items share nothing is left."""
    vectors = np.hstack([np.full((6, 1), 5.0), np.eye(6)]).astype(np.float32)
    assert abs(hidden_taste(vectors, centre(vectors), np.random.default_rng(1))[0]) < 1e-6


def test_reach_is_a_long_tail_in_any_order() -> None:
    values = reach(100, np.random.default_rng(0))
    assert np.allclose(np.sort(values)[::-1], 1 / (np.arange(1, 101) + 8))


def test_deeds_are_within_the_days_each_item_met_once_and_viewed_first() -> None:
    luck = np.random.default_rng(4)
    fit = luck.normal(size=200)
    done = list(deeds(fit, reach(200, luck), Habits(days=10, items=40), luck))
    views = [one.item for one in done if one.action == "view"]
    assert len(views) == len(set(views))
    assert all(0 <= one.days_ago <= 10 for one in done)
    seen: set[int] = set()
    for one in done:
        assert one.action == "view" or one.item in seen
        seen.add(one.item)


def test_what_fits_well_is_liked_and_what_does_not_disliked() -> None:
    luck = np.random.default_rng(5)
    fit = np.repeat([4.0, -4.0], 20)
    habits = Habits(items=1000)
    done = list(deeds(fit, np.ones(40), habits, luck))
    assert {one.action for one in done if one.item < 20} <= {"view", "click", "like"}
    assert {one.action for one in done if one.item >= 20} <= {"view", "click", "dislike"}
    assert sum(one.action == "like" for one in done) > 15
    assert sum(one.action == "dislike" for one in done) > 15


def test_items_that_fit_are_met_more_often() -> None:
    """With a pull of 2, one standard deviation makes an item exp(2) = 7.4 times as likely to be met."""
    fit = np.repeat([1.0, 0.0], 500)
    met = np.zeros(2)
    for seed in range(40):
        luck = np.random.default_rng(seed)
        views = [one.item for one in deeds(fit, np.ones(1000), Habits(items=20), luck) if one.action == "view"]
        met += [sum(item < 500 for item in views), sum(item >= 500 for item in views)]
    assert 6 < met[0] / met[1] < 9
