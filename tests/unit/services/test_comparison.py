"""Two lists of letters: what stayed, came and went can be seen by eye."""

from datetime import UTC, datetime

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.domain.request import Request
from tastebench.services.comparison import compare

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


def test_equal_lists_changed_nothing() -> None:
    change = compare(ranked("abc"), ranked("abc"))
    assert (change.kept, change.entered, change.left, change.moved) == (("a", "b", "c"), (), (), 0)
