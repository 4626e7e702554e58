"""What is written down adds up as written."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tastebench.ranking.parts import Cause, Parts
from tastebench.stores.interactions import LogRow
from tastebench.ui.format import MINUS, rounded_together
from tastebench.ui.recommendations.deeds import weightiest
from tastebench.ui.recommendations.parts import (
    MEAN,
    PRIOR,
    REST_SHOWN,
    adding_up,
    parts_in_words,
    rest_in_words,
    rest_name,
)

AMOUNTS = st.floats(-1, 1, allow_nan=False)


def units(text: str) -> int:
    return int(text.replace(MINUS, "-").replace("+", "").replace(".", ""))


@given(st.lists(AMOUNTS, min_size=1, max_size=12), st.lists(AMOUNTS, max_size=5))
def test_the_parts_of_a_line_add_up_to_the_line_as_written(parts: list[float], others: list[float]) -> None:
    named = {str(place): amount for place, amount in enumerate(parts)}
    lines = {"similarity": sum(parts), **{f"line {place}": amount for place, amount in enumerate(others)}}
    line = rounded_together(lines)["similarity"]
    texts = adding_up(named, line)
    assert sum(map(units, texts.values())) == units(line)
    assert all(abs(units(texts[name]) - amount * 1000) < 1 + 1e-6 for name, amount in named.items())


def taken_apart(amounts: list[float], prior: float | None, mean: float | None = None) -> Parts:
    history = tuple(
        Cause(str(place), "Klute" if place < 2 else f"Film {place}", one) for place, one in enumerate(amounts)
    )
    return Parts(history, prior, mean=mean)


def test_small_causes_are_one_part_and_equal_titles_stay_apart() -> None:
    parts = parts_in_words(
        taken_apart([0.3, -0.2, 0.1, 0.09, 0.08, 0.07, 0.02, 0.01], 0.05), {"0": "like", "1": "dislike"}
    )
    assert list(parts) == [
        "Because you liked Klute (0)", "Because of Film 2", "Because of Film 3", "Because of Film 4",
        "Because of Film 5", "Against it: you disliked Klute (1)", "2 other items of the history", PRIOR,
    ]  # fmt: skip
    assert parts["2 other items of the history"] == 0.03
    assert parts[PRIOR] == 0.05


def test_the_small_causes_can_be_seen_one_by_one_and_add_up() -> None:
    amounts = [0.3, -0.2, 0.1, 0.09, 0.08, 0.07, 0.02, -0.01]
    parts = taken_apart(amounts, 0.05)
    rest = rest_in_words(parts, {"7": "dislike"})
    assert rest == {"Because of Film 6": 0.02, "Against it: you disliked Film 7": -0.01}
    assert sum(rest.values()) == parts_in_words(parts, {})[rest_name(parts)]
    assert rest_in_words(taken_apart(amounts[:6], None), {}) == {}
    many = rest_in_words(taken_apart([0.001] * 300, None), {})
    assert (len(many), [*many][-1]) == (REST_SHOWN + 1, "94 items more")


def test_nothing_stated_is_no_part() -> None:
    assert parts_in_words(taken_apart([], None), {}) == {}


def test_what_the_mean_takes_away_is_a_part() -> None:
    assert parts_in_words(taken_apart([], 0.25, mean=-0.125), {}) == {PRIOR: 0.25, MEAN: -0.125}


def row(key: int, target: str, action: str, weight: float | None = None) -> LogRow:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return LogRow(key, "maya", "Maya", "item", target, target, action, at, weight, "authored", None, at)


def test_of_several_actions_the_weightiest_is_named() -> None:
    rows = [row(3, "klute", "view"), row(2, "klute", "like"), row(1, "heat", "view", -1.0), row(0, "heat", "like")]
    assert weightiest(rows, {"view": 1.0, "like": 2.5}) == {"klute": "like", "heat": "view"}
