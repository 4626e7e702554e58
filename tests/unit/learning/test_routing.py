"""Routing, as tables: what a view comes to, and which choice led to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.choices import OPTIONS
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName, PreferenceSettings
from tastebench.domain.profile import RerankSettings
from tastebench.learning.choices import Known
from tastebench.learning.routing import Routing, choices_needed, routed, threshold

SETTINGS = PreferenceSettings()


def ada(level: str = "intermediate", style: str = "plain") -> Persona:
    return Persona("Ada", skill_level=level, communication_style=style)  # type: ignore[arg-type]


def knows(key: str, value: str, confidence: float, *, times: int = 9, seen: int = 0, pinned: bool = False) -> Known:
    category = OPTIONS[key][0] if key in OPTIONS else "presentation"
    return Known(PreferenceName(category, key, value), confidence, times, seen, pinned)


def values(routing: Routing) -> tuple[str, ...]:
    return tuple(part.value for part in routing.parts.values())


@pytest.mark.parametrize(
    ("level", "style", "expected", "sentences"),
    [
        ("beginner", "plain", ("beginner", "plain", "simple", "bars", "short", "csv"), True),
        ("beginner", "friendly", ("beginner", "plain", "simple", "bars", "short", "csv"), True),
        ("beginner", "technical", ("beginner", "usual", "usual", "bars", "short", "csv"), False),
        ("intermediate", "plain", ("intermediate", "usual", "usual", "waterfall", "short", "csv"), False),
        ("intermediate", "friendly", ("intermediate", "usual", "usual", "waterfall", "short", "csv"), True),
        ("intermediate", "technical", ("intermediate", "full", "full", "waterfall", "full", "csv"), False),
        ("advanced", "plain", ("advanced", "full", "full", "waterfall", "full", "json"), False),
        ("advanced", "friendly", ("advanced", "full", "full", "waterfall", "full", "json"), True),
        ("advanced", "technical", ("advanced", "full", "full", "waterfall", "full", "json"), False),
    ],
)
def test_a_level_and_a_style_come_to_a_view(
    level: str, style: str, expected: tuple[str, ...], *, sentences: bool
) -> None:
    routing = routed(ada(level, style), (), (), SETTINGS)
    assert (values(routing), routing.in_sentences) == (expected, sentences)
    assert {part.source for part in routing.parts.values()} == {"level"}


def test_every_value_it_comes_to_can_be_chosen() -> None:
    for level in OPTIONS["level"][1]:
        for key, part in routed(ada(level), (), (), SETTINGS).parts.items():
            assert part.value in OPTIONS[key][1]


@pytest.mark.parametrize(
    ("operator", "persona", "chart", "source"),
    [
        ((), (), "waterfall", "level"),
        ((), (knows("chart", "bars", 0.6),), "waterfall", "level"),
        ((), (knows("chart", "bars", 0.6001),), "bars", "persona"),
        ((knows("chart", "sentences", 0.6),), (knows("chart", "bars", 0.61),), "bars", "persona"),
        ((knows("chart", "sentences", 0.61),), (knows("chart", "bars", 0.9),), "sentences", "operator"),
        ((knows("chart", "sentences", 0.61), knows("chart", "bars", 0.7)), (), "bars", "operator"),
        ((knows("chart", "sentences", 1.0, pinned=True), knows("chart", "bars", 1.0)), (), "sentences", "operator"),
        ((knows("chart", "pie", 0.99),), (knows("chart", "bar", 0.99),), "waterfall", "level"),
        ((), (knows("chart", "bars", 0.02, pinned=True),), "bars", "persona"),
    ],
)
def test_a_chart_needs_more_than_sixty_hundredths(
    operator: tuple[Known, ...], persona: tuple[Known, ...], chart: str, source: str
) -> None:
    part = routed(ada(), persona, operator, SETTINGS).chart
    assert (part.value, part.source) == (chart, source)


@pytest.mark.parametrize(("confidence", "export"), [(0.29, "csv"), (0.3, "json"), (0.31, "json")])
def test_everything_else_counts_when_it_is_established(confidence: float, export: str) -> None:
    assert routed(ada(), (knows("export", "json", confidence),), (), SETTINGS).export.value == export
    later = PreferenceSettings(established=0.5)
    assert routed(ada(), (knows("export", "json", confidence),), (), later).export.value == "csv"


@given(
    st.sampled_from(["chart", "export"]), st.floats(0.02, 0.99), st.sampled_from([0.001, 0.1, 0.25, 0.5, 0.9]),
)  # fmt: skip
def test_as_many_choices_as_said_are_enough_and_one_fewer_are_not(name: str, established: float, rate: float) -> None:
    settings = PreferenceSettings(established=established, learning_rate=rate)
    enough = choices_needed(name, settings)
    assert enough is not None
    least = threshold(name, settings)
    after, before = (1 - (1 - rate) ** times for times in (enough, enough - 1))
    assert after >= least - 1e-9
    assert before <= least + 1e-9


def test_a_threshold_of_one_is_never_reached_by_choosing() -> None:
    settings = PreferenceSettings(established=1)
    assert (choices_needed("chart", settings), choices_needed("level", settings)) == (9, None)


def test_a_learned_level_takes_the_place_of_the_stated_one_but_not_of_a_learned_part() -> None:
    learned = (knows("level", "advanced", 0.4), knows("explanation", "plain", 0.35))
    routing = routed(ada("beginner"), learned, (), SETTINGS)
    assert values(routing) == ("advanced", "plain", "full", "waterfall", "short", "json")
    assert [part.source for part in routing.parts.values()] == ["persona", "persona", *["level"] * 4]


def test_of_equally_sure_values_the_newest_counts() -> None:
    both = (knows("level", "advanced", 0.4, seen=1), knows("level", "beginner", 0.4, seen=2))
    assert routed(ada(), both, (), SETTINGS).level.value == "beginner"


def test_what_was_chosen_just_now_goes_before_all_else() -> None:
    routing = routed(ada(), (), (knows("chart", "bars", 1.0, pinned=True),), SETTINGS, {"chart": "sentences"})
    assert routing.chart == ("sentences", "You chose it just now.", "now")
    assert routed(ada(), (), (), SETTINGS, {"level": "beginner"}).chart.value == "bars"


def test_each_part_gives_its_reason_in_a_sentence() -> None:
    operator = (knows("chart", "bars", 0.6126), knows("export", "json", 1.0, pinned=True))
    persona = (knows("explanation", "full", 0.3439, times=1), knows("complexity", "full", 0.5, pinned=True))
    routing = routed(ada("beginner"), persona, operator, SETTINGS)
    assert {name: part.reason for name, part in routing.parts.items()} == {
        "level": "Ada’s profile says so.",
        "explanation": "Ada chose it once: confidence .34, and from .30 on it counts.",
        "complexity": "It is pinned for Ada.",
        "chart": "You chose it 9 times: confidence .61, and over .60 it counts.",
        "comments": "They go with the explanation.",
        "export": "You said to use it always.",
    }
    technical = routed(ada("beginner", "technical"), (), (), SETTINGS)
    assert technical.explanation.reason == "It suits a beginner; Ada’s technical style takes it one step further."
    assert technical.chart.reason == "It suits a beginner."


@pytest.mark.parametrize(
    ("level", "asked", "explain"),
    [("beginner", "short", "short"), ("intermediate", "short", "short"), ("advanced", "short", "full"),
     ("advanced", "none", "none"), ("beginner", "full", "full")],
)  # fmt: skip
def test_a_full_explanation_asks_the_model_for_full_comments_unless_the_profile_says_otherwise(
    level: str, asked: str, explain: str
) -> None:
    settings = RerankSettings(explain=asked)  # type: ignore[arg-type]
    assert routed(ada(level), (), (), SETTINGS).rerank(settings).explain == explain


def test_comments_are_as_long_as_is_liked_else_as_the_explanation_is() -> None:
    for level, style, usual in (("beginner", "plain", "short"), ("intermediate", "technical", "full")):
        assert routed(ada(level, style), (), (), SETTINGS).rerank(RerankSettings()).explain == usual
    full = routed(ada("beginner"), (knows("comments", "full", 0.3),), (), SETTINGS)
    assert (full.rerank(RerankSettings()).explain, full.comments.source) == ("full", "persona")
    assert routed(ada("advanced"), (knows("comments", "short", 0.3),), (), SETTINGS).comments.value == "short"
    assert full.rerank(RerankSettings(explain="none")).explain == "none"
