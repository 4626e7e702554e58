"""Liking, unliking and counting, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.interaction import is_disliked, is_liked
from tastebench.learning import events
from tastebench.learning.likes import standing
from tastebench.learning.popularity import like_counts, like_shares, velocity
from tests.unit.learning.test_taste import DAY, NOW, log
from tests.worlds import ACTIONS


def test_a_later_dislike_takes_a_like_back_and_a_later_like_the_dislike() -> None:
    found = standing(
        log((10, "like", 5, None), (10, "dislike", 2, None), (11, "dislike", 5, None), (11, "like", 2, None))
    )
    assert found.items.tolist() == [10, 11]
    assert found.likes.tolist() == [False, True]


def test_a_view_decides_nothing() -> None:
    assert standing(log((10, "view", 5, None), (10, "view", 2, 0.49))).items.tolist() == []


@given(st.sampled_from(ACTIONS), st.one_of(st.none(), st.floats(-1, 1)))
def test_columns_agree_with_the_rule_for_one_event(action: str, weight: float | None) -> None:
    one = log((10, action, 0, weight))
    assert events.liked(one).tolist() == [is_liked(action, weight)]
    assert events.disliked(one).tolist() == [is_disliked(action, weight)]


def test_velocity_halves_in_a_week_and_likes_count_people() -> None:
    at = np.array([NOW, NOW - 7 * DAY, NOW - 7 * DAY, NOW])
    rows, engaged = np.array([0, 0, 1, -1]), np.array([True, True, True, True])
    assert velocity(rows, at, engaged, 3, 7.0, NOW).shares.tolist() == pytest.approx([1.0, 0.5 / 1.5, 0.0])
    found = standing(log((10, "like", 5, None), (10, "purchase", 2, None), (11, "dislike", 1, None)))
    counts = like_counts(found, np.searchsorted([10, 11, 12], found.items), 3)
    assert counts.tolist() == [1, 0, 0]
    assert like_shares(counts).tolist() == [1.0, 0.0, 0.0]


def test_where_nobody_engaged_there_is_no_share() -> None:
    nothing = np.zeros(0, np.int64)
    assert np.isnan(velocity(nothing, nothing, np.zeros(0, np.bool_), 2, 7.0, NOW).shares).all()
    assert np.isnan(like_shares(np.zeros(2, np.int64))).all()
