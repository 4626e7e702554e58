"""A link says all that an answer needs, and gives it back."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.query import METHODS
from tastebench.domain.text import clean
from tastebench.ui.ask.link import NAMES, PERSONAL, PLAIN, View, parameters, read
from tastebench.ui.recommendations import link
from tastebench.ui.recommendations.link import Known
from tastebench.ui.recommendations.model_link import ModelView

KNOWN = Known({"genres": ["noir", "science fiction"]}, [], ["For You@1"])
SHARES = st.floats(0, 1).map(lambda value: float(f"{value:.15g}"))
ABOUT = st.builds(
    link.View,
    as_of=st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    profile=st.sampled_from(["", "For You@1"]),
    facets=st.sampled_from([{}, {"genres": ("noir", "science fiction")}]),
    item=st.sampled_from(["", "klute"]),
    model=st.builds(ModelView, rerank=st.booleans()),
)
VIEWS = st.builds(
    View,
    question=st.text(max_size=60).map(clean),
    method=st.sampled_from(METHODS),
    alpha=SHARES,
    strength=SHARES,
    shown=st.sampled_from([10, 20, 30]),
    about=ABOUT,
)


@given(VIEWS, st.sampled_from([PERSONAL, PLAIN]))
def test_a_view_survives_its_link(view: View, side: str) -> None:
    opened = View(**{**vars(view), "side": side if view.about.item else PERSONAL})
    spoken = parameters(opened)
    assert set(spoken) <= set(NAMES)
    assert read(spoken, KNOWN) == (opened, ())


def test_the_usual_view_says_nothing() -> None:
    assert parameters(View()) == {}
    assert read({}, KNOWN) == (View(), ())


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=20), max_size=3)))
def test_any_link_can_be_read(given_parameters: dict[str, list[str]]) -> None:
    view, trouble = read(given_parameters, KNOWN)
    assert 0 <= view.alpha <= 1
    assert 0 <= view.strength <= 1
    assert view.method in METHODS
    assert all(sentence.startswith("The link ") for sentence in trouble)
