"""An explanation in words: what weighs most comes first, and nothing is said that isn't so."""

from typing import Any

import pytest

from tastebench.domain.ranking import ScoredItem
from tastebench.ranking.explain import Explanation
from tastebench.ranking.parts import Cause, Parts
from tastebench.ui.presenting.bars import bars
from tastebench.ui.presenting.sentences import sentences, sentences_html

HISTORY = Parts(
    (Cause("k", "Klute", 0.2), Cause("h", "Heat", 0.1), Cause("a", "Alien", 0.05), Cause("x", "Jaws", -0.1))
)


def told(lines: dict[str, float], done: dict[str, str] | None = None, **facts: Any) -> list[str]:
    signals = {name: facts.pop(f"{name}_value", 0.5) for name in lines if name not in {"diversity", "llm"}}
    usual: dict[str, Any] = {
        "scales": {}, "parts": {}, "tags": {}, "similar_personas": (), "neighbours": 10, "popularity": {},
        "found_by": (),
    }  # fmt: skip
    item = ScoredItem("i", "Item", 1, {}, signals, lines)
    return sentences(item, Explanation(**{**usual, **facts}), done or {})


def test_what_speaks_for_it_comes_first_the_weightiest_of_all_then_what_speaks_against_it() -> None:
    lines = {"similarity": 0.1, "preference": 0.3, "behaviour": -0.2, "diversity": -0.02, "popularity": 0.0}
    found = told(
        lines, {"k": "like", "h": "purchase", "a": "view"}, parts={"similarity": HISTORY}, known="done",
        tags={"genres": {"noir": 0.4, "crime": 1.0, "war": 0.0}, "themes": {"heist": 0.5, "rain": 0.31}},
    )  # fmt: skip
    assert found == [
        "It matches your interests: crime, heist and noir.",
        "It is close to your taste: you liked Klute and purchased Heat.",
        "You are done with it already.",
        "Others of its kind stand above it, so it gives way a little.",
    ]


@pytest.mark.parametrize(
    ("line", "facts", "sentence"),
    [
        ({"similarity": 0.1}, {"parts": {"similarity": Parts((), 0.1)}}, "It is close to what you say you like."),
        ({"similarity": 0.1}, {"parts": {"similarity": HISTORY}}, "It is close to Klute and Heat."),
        ({"behaviour": 0.1}, {"by_a_liked_creator": True}, "You like others by the same creator."),
        ({"behaviour": 0.1}, {"by_a_liked_creator": True, "known": "seen"}, "You like others by the same creator."),
        ({"behaviour": 0.1}, {}, "You have had nothing to do with it yet."),
        ({"collaborative": 0.1}, {"similar_personas": (("a", 0.9),)}, "1 person with a taste like yours likes it."),
        ({"collaborative": 0.1}, {"similar_personas": (("a", 0.9), ("b", 0.8))},
         "2 people with a taste like yours like it."),
        ({"popularity": 0.1}, {"popularity": {"likes": 1200.0}}, "1,200 people like it here."),
        ({"popularity": 0.1}, {"popularity": {"likes": 0.0}}, "Others have looked at it lately."),
        ({"query": 0.1}, {}, "It answers the question."),
        ({"llm": 0.1}, {}, "The language model thinks well of it."),
        ({"neighbours": 0.1}, {"parts": {"neighbours": HISTORY}}, "It goes well with Klute and Heat."),
        ({"neighbours": 0.1}, {}, "Neighbours speaks for it."),
    ],
)  # fmt: skip
def test_each_line_has_its_sentence(line: dict[str, float], facts: dict[str, Any], sentence: str) -> None:
    assert told(line, **facts) == [sentence]


@pytest.mark.parametrize(
    ("line", "facts", "sentence"),
    [
        ({"behaviour": -0.1}, {"known": "seen"}, "You have seen it already."),
        ({"behaviour": -0.1}, {"known": "done", "by_a_liked_creator": True}, "You are done with it already."),
        ({"behaviour": -0.1}, {"by_a_liked_creator": True}, "Others here are by creators that you like more."),
        ({"behaviour": -0.1}, {}, "You have had nothing to do with it yet."),
        ({"llm": -0.1}, {}, "The language model thinks less of it."),
        ({"similarity": -0.1}, {}, "Similarity speaks against it."),
    ],
)
def test_where_nothing_speaks_for_it_that_is_said_first(
    line: dict[str, float], facts: dict[str, Any], sentence: str
) -> None:
    assert told(line, **facts) == ["Nothing speaks for it; it fills the list.", sentence]


def test_titles_are_shown_letter_by_letter() -> None:
    item = ScoredItem("i", "Item", 1, {}, {"similarity": 0.5}, {"similarity": 0.1})
    parts = {"similarity": Parts((Cause("k", "<b>Klute</b>", 0.2),))}
    explanation = Explanation({}, parts, {}, (), 0, {}, ())
    assert "<b>" not in sentences_html(item, explanation, {})
    assert "&lt;b&gt;Klute" in sentences_html(item, explanation, {})


def test_bars_are_sorted_by_length_and_have_figures_on_request() -> None:
    signals = {"similarity": 0.5, "behaviour": -0.5, "popularity": None}
    item = ScoredItem("i", "Item", 1, {}, signals, {"similarity": 0.1, "behaviour": -0.2, "popularity": 0.0})
    plain, figures = bars(item, figures=False), bars(item, figures=True)
    assert plain.index("Behaviour</span>") < plain.index("Similarity</span>")
    assert "Popularity</span>" not in plain
    assert ("width:100.0%" in plain, "width:50.0%" in plain) == (True, True)
    assert (">−.200<" in plain, ">−.200<" in figures, ">+.100<" in figures) == (False, True, True)
    assert "Popularity: no evidence" in plain
