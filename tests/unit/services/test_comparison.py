"""Two lists of letters: what stayed, came and went can be seen by eye."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.domain.request import Request
from tastebench.services.comparison import compare, rank_biased_overlap

REQUEST = Request("maya", datetime(2026, 1, 1, tzinfo=UTC), ScoringProfile())


def ranked(letters: str, **lines: float) -> Ranking:
    items = [ScoredItem(one, one.upper(), rank, {}, {}, lines) for rank, one in enumerate(letters, start=1)]
    return Ranking(REQUEST, tuple(items), len(items))


def test_what_stayed_came_and_went() -> None:
    change = compare(ranked("abcdx"), ranked("bafcx"), top=4)
    assert change.kept == ("b", "a", "c")
    assert change.entered == ("f",)
    assert change.left == ("d",)
    assert change.moved == 3
    # Shared among the first 1, 2, 3, 4 places: 0, 2, 2, 3; the reader goes on with .9, and the end counts for the rest.
    expected = 0.1 * (0.9 * 2 / 2 + 0.9**2 * 2 / 3 + 0.9**3 * 3 / 4) + 0.9**4 * 3 / 4
    assert change.overlap == pytest.approx(expected, abs=1e-12)


def test_equal_lists_changed_nothing() -> None:
    change = compare(ranked("abc"), ranked("abc"))
    assert (change.kept, change.entered, change.left, change.moved) == (("a", "b", "c"), (), (), 0)
    assert change.overlap == pytest.approx(1, abs=1e-12)


@given(st.lists(st.sampled_from("abcdefghijkl"), unique=True), st.lists(st.sampled_from("abcdefghijkl"), unique=True))
def test_overlap_is_symmetric_and_between_nothing_and_the_same(one: list[str], other: list[str]) -> None:
    overlap = rank_biased_overlap(one, other)
    assert overlap == pytest.approx(rank_biased_overlap(other, one), abs=1e-12)
    assert -1e-12 <= overlap <= 1 + 1e-12
    assert rank_biased_overlap(one, one) == pytest.approx(1, abs=1e-12)
    assert rank_biased_overlap(one, [letter.upper() for letter in one]) == (0 if one else 1)


def test_an_exchange_at_the_top_counts_more_than_one_at_the_end() -> None:
    assert rank_biased_overlap("abcdef", "bacdef") < rank_biased_overlap("abcdef", "abcdfe") < 1


def test_a_shorter_list_is_taken_to_go_on_as_it_is() -> None:
    assert rank_biased_overlap("ab", "abcd") == pytest.approx(1, abs=1e-12)
    assert rank_biased_overlap("", "ab") == 0
