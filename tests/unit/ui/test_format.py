from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.ui.format import (
    MINUS,
    RankChange,
    ago,
    counted,
    duration,
    escape,
    escape_html,
    rank_change,
    rounded_together,
    score,
    signed,
)

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def units(text: str) -> int:
    return int(text.replace("+", "").replace(MINUS, "-").replace(".", ""))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, ".000"), (0.0004, ".000"), (-0.0004, ".000"), (0.0005, ".001"), (1, "1.000"), (-1.2346, "−1.235")],
)
def test_scores_have_three_decimals_and_no_leading_zero(value: float, shown: str) -> None:
    assert score(value) == shown


def test_contributions_carry_a_sign_unless_they_round_to_nothing() -> None:
    assert [signed(value) for value in (0.2111, -0.2111, 0.0001, -0.0001)] == ["+.211", "−.211", ".000", ".000"]


def test_lines_rounded_together_add_up_where_each_alone_would_not() -> None:
    thirds = {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    assert rounded_together(thirds) == {"a": "+.334", "b": "+.333", "c": "+.333"}


def test_a_line_of_exactly_zero_stays_zero() -> None:
    assert rounded_together({"a": 0.0006, "b": 0.0, "c": 0.0006}) == {"a": "+.001", "b": ".000", "c": ".000"}


lines = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-2, 2, allow_subnormal=False))


@given(lines)
def test_rounded_lines_always_add_up_to_the_rounded_score(values: dict[str, float]) -> None:
    from math import fsum

    texts = rounded_together(values)
    assert sum(map(units, texts.values())) == units(score(fsum(values.values())))


@given(lines)
def test_no_rounded_line_is_off_by_a_whole_last_digit(values: dict[str, float]) -> None:
    for name, text in rounded_together(values).items():
        assert abs(units(text) - values[name] * 1000) < 1 + 1e-9


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "59 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23, minutes=40), "1 day ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=20), "3 weeks ago"),
        (timedelta(days=3650), "10 years ago"),
        (-timedelta(hours=3), "in 3 hours"),
    ],
)
def test_times_are_told_from_now(before: timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_no_time_is_never() -> None:
    assert ago(None, NOW) == "never"


def test_a_span_is_never_told_in_sixty_of_a_unit() -> None:
    assert [duration(seconds) for seconds in (59.6, 3599, 86_399)] == ["1 minute", "1 hour", "1 day"]


def test_nouns_follow_their_count() -> None:
    assert (counted(1, "category", "categories"), counted(2000, "item")) == ("1 category", "2,000 items")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (5, 2, RankChange("▲3", "up 3 places")),
        (1, 2, RankChange("▼1", "down 1 place")),
        (4, 4, RankChange("", "")),
        (None, 7, RankChange("new", "new in the list")),
        (7, None, RankChange("gone", "gone from the list")),
        (None, None, RankChange("", "")),
    ],
)
def test_moves_have_a_sign_and_words(before: int | None, after: int | None, change: RankChange) -> None:
    assert rank_change(before, after) == change


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_escaped_text_holds_no_sign_that_markdown_or_html_could_start_from(text: str) -> None:
    import html

    shown = escape(text)
    assert not set(shown) - set("&#;\u2060 ") - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert html.unescape(shown).replace("\u2060", "") == " ".join(text.split())


@pytest.mark.parametrize("text", [":tada:", "https://evil.example", "www.evil.example", "a@b.example", "a -> b"])
def test_what_streamlit_replaces_after_parsing_is_broken_by_a_word_joiner(text: str) -> None:
    assert "\u2060" in escape(text)


def test_html_is_escaped_in_bodies_and_attributes() -> None:
    assert escape_html("<a title=\"x\" o='y'>&") == "&lt;a title=&quot;x&quot; o=&#x27;y&#x27;&gt;&amp;"
