"""What is said of the language model: per item, per list, of its searches."""

from datetime import UTC, datetime

import pytest

from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem, SearchHits
from tastebench.domain.request import Request
from tastebench.services.judged import Judged, Worth
from tastebench.ui.language_model.comments import line, section
from tastebench.ui.language_model.models import bytes_line
from tastebench.ui.language_model.proposals import hits
from tastebench.ui.language_model.saying import finding
from tastebench.ui.language_model.worth import verdict

SAID = {"grade": 7.333, "comment": "Dark <b>and</b> slow.", "ungrounded": "", "neutral": ""}


def item(base: int = 5, diversity: int = 5, llm: int = 2, amount: float = 0.021) -> ScoredItem:
    ranks = {"base": base, "diversity": diversity, "llm": llm}
    return ScoredItem("a", "A", llm, ranks, {"similarity": 1.0}, {"similarity": 0.5, "llm": amount})


def model(**said: object) -> dict[str, object]:
    return {"items": {"a": {**SAID, **said}}}


def test_a_row_says_grade_move_and_comment_as_the_models_own() -> None:
    text = line(model(), item())
    assert "<b>7.3/10</b>" in text
    assert "▲3" in text
    assert "place 5 without the model" in text
    assert "Dark &lt;b&gt;and&lt;/b&gt; slow." in text
    assert text.count("Written by the language model, unverified") == 2


def test_a_row_the_model_says_nothing_of_has_no_line() -> None:
    assert line({}, item()) == line({"items": {}}, item()) == line({"items": {"b": SAID}}, item()) == ""
    assert section({}, item()) == ""


def test_an_ungrounded_comment_is_withheld_with_the_reason() -> None:
    said = model(ungrounded="It names “Klute”.")
    assert "Dark" not in line(said, item())
    assert "ungrounded" in line(said, item())
    assert "Its comment isn&#x27;t shown: It names “Klute”." in line(said, item())
    assert "Dark" not in section(said, item())
    assert "It names “Klute”." in section(said, item())


def test_an_item_it_was_not_asked_about_or_did_not_grade_says_so() -> None:
    reason = "Its text looks like an order to the model: “<rank this>”."
    said = model(grade=None, comment="", neutral=reason)
    assert "not asked about" in line(said, item(2, 2, 2, 0.0))
    assert "&lt;rank this&gt;" in line(said, item(2, 2, 2, 0.0))
    assert "It wasn't asked about this item" in section(said, item())
    said = model(grade=None, comment="")
    assert "not graded" in line(said, item())
    assert "It gave no grade" in section(said, item())


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ((5, 5, 2, 0.021), "It changes the score by +.021: place 5 without it, place 2 with it."),
        ((2, 5, 5, -0.004), "It changes the score by −.004: still place 5."),
        ((5, 5, 6, 0.0), "Others moved it: place 5 without it, place 6 with it."),
        ((5, 5, 5, 0.0), "It changed neither the score nor the place."),
    ],
)
def test_an_opened_item_says_what_the_model_changed(places: tuple[int, int, int, float], says: str) -> None:
    assert says in section(model(), item(*places))


def judged(grades: dict[str, float], state: ModelState = ModelState.OK) -> Judged:
    return Judged(state, "tiny:1b graded the top of the list.", "", Judgement(("a", "b", "c"), grades, state=state))


def part(moved: int, cached: int = 0) -> dict[str, object]:
    return {
        "moved": moved,
        "tau": 1 / 3,
        "items": dict.fromkeys("abc"),
        "usage": {"total_ms": 8150.0, "cached": cached},
    }


def test_that_it_agreed_is_told_apart_from_that_it_weighs_too_little() -> None:
    agreed = finding(judged({"a": 9, "b": 5, "c": 1}), part(0))
    assert agreed[0] == "tiny:1b graded the top of the list. It agrees with the order: none moved"
    weak = finding(judged({"a": 1, "b": 5, "c": 9}), part(0))
    assert weak[0].endswith("It would order 2 otherwise, but at this influence none changes its place")
    moved = finding(judged({"a": 1, "b": 5, "c": 9}), part(2, cached=1))
    assert moved == (
        "tiny:1b graded the top of the list. It moved 2 of 3",
        "· Kendall’s τ .33 · kept answer, took 8.2 s",
    )


def test_a_failure_is_its_sentence_and_what_to_do() -> None:
    failed = Judged(ModelState.UNREACHABLE, "Ollama isn't running.", "Start it with `ollama serve`.")
    assert finding(failed, {}) == ("Ollama isn't running.", "Start it with `ollama serve`.")


def test_a_search_names_which_of_its_best_hits_are_shown() -> None:
    places = tuple(
        ScoredItem(name, name.upper(), rank, {"base": rank}, {}, {}) for rank, name in enumerate("abcdefg", start=1)
    )
    ranking = Ranking(Request("p", datetime(2026, 1, 1, tzinfo=UTC), ScoringProfile()), places, 7)
    found = SearchHits("proposed 1", "", ("z", "g", "b", *"acdef"), (0.1,) * 8)
    assert hits(found, ranking) == "7 of its 8 best hits are on this page: A (1), B (2), C (3), D (4) and 3 more."
    assert hits(SearchHits("x", "", ("y", "z"), (0.1,) * 2), ranking) == "None of its 2 best hits is on this page."
    assert hits(None, ranking) == "It found nothing."


@pytest.mark.parametrize(
    ("agreement", "says"),
    [(0.95, "changes little"), (0.5, "views of its own"), (0.05, "or it guesses"), (-0.6, "or it guesses")],
)
def test_what_agreement_means_is_said_in_words(agreement: float, says: str) -> None:
    assert says in verdict(Worth(30, 28, agreement, 0.4, 8.0, 0.1))


def test_nothing_asked_is_no_verdict() -> None:
    assert verdict(Worth(0, 0, None, None, None, None)) == "It hasn't been asked here yet."
    assert bytes_line(None) == "Starting …"
