"""What an operator's choices come to, by hand."""

import pytest

from tastebench.domain.choices import Choice, option
from tastebench.domain.errors import InvalidInput
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import PreferenceName, PreferenceSettings
from tastebench.learning.choices import Known, known

SETTINGS = PreferenceSettings()
DAY = MICROSECONDS_PER_DAY
BARS = PreferenceName("presentation", "chart", "bars")
WATERFALL = PreferenceName("presentation", "chart", "waterfall")
CSV = PreferenceName("data", "export", "csv")


def chosen(*names: PreferenceName, strength: float = 1.0) -> list[Choice]:
    """Choices of one moment after another."""
    return [Choice(name, at, strength) for at, name in enumerate(names)]


def confidences(choices: list[Choice], now: int = 20) -> dict[PreferenceName, float]:
    return {one.name: one.confidence for one in known(choices, now, SETTINGS)}


def test_nobody_who_chose_nothing_prefers_anything() -> None:
    assert known([], 0, SETTINGS) == ()


@pytest.mark.parametrize(
    ("times", "confidence"), [(1, 0.1), (3, 0.271), (4, 0.3439), (8, 0.56953279), (9, 0.612579511)]
)
def test_each_choice_closes_a_tenth_of_the_way_to_one(times: int, confidence: float) -> None:
    found = known(chosen(*[BARS] * times), times, SETTINGS)
    assert found == (Known(BARS, pytest.approx(confidence, abs=1e-8), times, times - 1),)


def test_a_choice_counts_against_the_other_values_of_its_key_alone() -> None:
    assert confidences(chosen(BARS, CSV, WATERFALL)) == {
        CSV: pytest.approx(0.1), WATERFALL: pytest.approx(0.1), BARS: pytest.approx(0.09),
    }  # fmt: skip


def test_nine_choices_the_other_way_turn_it_round() -> None:
    found = confidences(chosen(*[BARS] * 9, *[WATERFALL] * 9))
    assert found[WATERFALL] == pytest.approx(1 - 0.9**9)
    assert found[BARS] == pytest.approx((1 - 0.9**9) * 0.9**9)


def test_half_as_sure_takes_nine_times_to_be_established() -> None:
    level = PreferenceName("presentation", "level", "advanced")
    assert confidences(chosen(*[level] * 8, strength=0.5))[level] == pytest.approx(0.284766395)
    assert confidences(chosen(*[level] * 9, strength=0.5))[level] == pytest.approx(0.3062897555)


def test_it_fades_by_the_day() -> None:
    assert confidences(chosen(BARS), 10 * DAY)[BARS] == pytest.approx(0.1 * 0.98**10)
    assert confidences(chosen(BARS), 200 * DAY) == {}


def test_what_holds_always_neither_fades_nor_gives_way_until_something_else_does() -> None:
    always = [*chosen(*[WATERFALL] * 9), Choice(BARS, 10, always=True)]
    assert known([*always, Choice(WATERFALL, 11)], 900 * DAY, SETTINGS) == (Known(BARS, 1.0, 1, 10, pinned=True),)
    both = known([*always, Choice(WATERFALL, 12, always=True)], 12, SETTINGS)
    assert [(one.name, one.confidence, one.pinned) for one in both] == [(WATERFALL, 1.0, True)]


def test_the_workspaces_own_rule_holds() -> None:
    faster = PreferenceSettings(learning_rate=0.5, categories=("presentation",))
    assert known(chosen(BARS, BARS, CSV), 3, faster) == (Known(BARS, pytest.approx(0.75), 2, 1),)


@pytest.mark.parametrize(
    ("category", "key", "value", "says"),
    [
        ("presentation", "chart", "pie", "There is no chart 'pie'."),
        ("presentation", "colour", "red", "presentation:colour is nothing to choose of a view."),
        ("taste", "chart", "bars", "taste:chart is nothing to choose of a view."),
    ],
)
def test_what_cannot_be_chosen_is_refused(category: str, key: str, value: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        option(category, key, value)
