"""A link says all that a list needs, and one from elsewhere says politely what it can't show."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.profile import RerankSettings
from tastebench.domain.text import clean
from tastebench.ui.recommendations.link import Known, View, parameters, read
from tastebench.ui.recommendations.model_link import ModelView

KNOWN = Known(
    tags={"genres": ["noir", "science fiction"], "a:b": ["c:d"]},
    attributes=["year", "a:b"],
    profiles=["For You@1", "For You@2", "at@home@3"],
)

FACETS = st.fixed_dictionaries({}, optional={"genres": st.just(("noir", "science fiction")), "a:b": st.just(("c:d",))})
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: float(f"{value:.15g}"))
RANGES = st.one_of(
    st.tuples(NUMBERS, st.none()),
    st.tuples(st.none(), NUMBERS),
    st.tuples(NUMBERS, NUMBERS).map(lambda bounds: (min(bounds), max(bounds))),
)
WORDS = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)
CLEAN = st.text(max_size=60).map(clean)
MODELS = st.builds(
    ModelView,
    instruction=CLEAN,
    rerank=st.booleans(),
    influence=st.none() | st.floats(0, 0.5).map(lambda value: float(f"{value:.15g}")),
    explain=st.sampled_from([None, "none", "short", "full"]),
    thorough=st.sampled_from([None, True, False]),
    proposed=st.lists(CLEAN.filter(bool), unique=True, max_size=3).map(tuple),
)
VIEWS = st.builds(
    View,
    page=st.integers(1, 500),
    as_of=st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    profile=st.sampled_from(["", *KNOWN.profiles]),
    facets=FACETS,
    ranges=st.dictionaries(st.sampled_from(["year", "a:b"]), RANGES),
    text=st.just("") | WORDS,
    without=st.lists(WORDS, unique=True, max_size=3).map(tuple),
    item=st.just("") | WORDS,
    model=MODELS,
)


@given(VIEWS)
def test_a_view_survives_its_link(view: View) -> None:
    assert read(parameters(view), KNOWN) == (view, ())


def test_the_usual_view_needs_no_parameters() -> None:
    assert parameters(View()) == {}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("page", "0", "asks for page 0"),
        ("page", "9" * 5000, "asks for page"),
        ("page", "-1", "asks for page -1"),
        ("as_of", "yesterday", "as of yesterday"),
        ("as_of", "1600-01-01", "as of 1600-01-01"),
        ("profile", "For You@9", "the profile For You@9"),
        ("tag", "genres:western", "filters by genres:western"),
        ("tag", "noir", "filters by noir"),
        ("range", "year:nan..", "filters by year:nan"),
        ("range", "year:..", "filters by year:.."),
        ("range", "year:2000..1990", "filters by year:2000..1990"),
        ("range", "year:1e999..", "filters by year:1e999"),
        ("range", "price:1..2", "filters by price:1..2"),
        ("range", "year", "filters by year"),
        ("rerank", "yes", "rerank=yes"),
        ("thorough", "2", "thorough=2"),
        ("influence", "0.51", "an influence of 0.51"),
        ("influence", "nan", "an influence of nan"),
        ("influence", "much", "an influence of much"),
        ("explain", "long", "comments of the length long"),
        ("proposed", "x" * 81, "proposed searches"),
    ],
)
def test_what_a_link_cannot_show_is_said_and_left_out(name: str, value: str, says: str) -> None:
    view, trouble = read({name: [value]}, KNOWN)
    assert view == View()
    assert len(trouble) == 1
    assert says in trouble[0]


def test_a_day_lasts_to_its_last_microsecond() -> None:
    assert View(as_of=date(2026, 1, 5)).moment == datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=UTC)
    assert View(page=3).offset == 40


def test_a_links_texts_for_the_model_are_cleaned_and_cut() -> None:
    view, trouble = read({"instruction": ["  light\u200b\n" + "x" * 400]}, KNOWN)
    assert view.model.instruction.startswith("light xxx")
    assert len(view.model.instruction) == 300
    assert len(trouble) == 1
    view, trouble = read({"proposed": ["a", "a ", "\x00", "b", "c", "d"]}, KNOWN)
    assert view.model.proposed == ("a", "b", "c")
    assert len(trouble) == 1


def test_a_view_says_otherwise_than_the_profile_only_where_it_says_anything() -> None:
    profile = RerankSettings(influence=0.1, explain="full", shuffles=2)
    assert ModelView().settings(profile) == profile
    assert ModelView(influence=0.0).settings(profile).influence == 0.0
    assert ModelView(explain="none").settings(profile).explain == "none"
    assert [ModelView(thorough=wish).settings(profile).shuffles for wish in (True, False, None)] == [3, 1, 2]
