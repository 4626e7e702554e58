from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.interaction import Interaction
from tastebench.domain.reports import Rejection
from tastebench.ingest import InteractionMapping, ParsedEvent, RawRow, RowSource, parse_interactions, rating_rule
from tastebench.ingest.interactions import rated_action, rating_weight

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)
EVENTS = InteractionMapping(persona_id="user", item_id="item", action="action", at="at")
RATINGS = InteractionMapping(persona_id="user", item_id="item", rating="stars")


def parsed(mapping: InteractionMapping, *rows: dict[str, object]) -> list[ParsedEvent | Rejection]:
    columns = tuple(dict.fromkeys([*mapping.as_dict().values(), *(name for row in rows for name in row)]))
    numbered = (RawRow(number, row) for number, row in enumerate(rows, start=2))
    return list(parse_interactions(RowSource("events", columns, numbered), mapping))


def interactions(mapping: InteractionMapping, *rows: dict[str, object]) -> list[Interaction]:
    return [event.interaction for event in parsed(mapping, *rows) if isinstance(event, ParsedEvent)]


def test_an_event() -> None:
    row: dict[str, object] = {"user": 17.0, "item": "a", "action": "Add To Cart", "at": 1706702400}
    (event,) = parsed(EVENTS, row)
    assert isinstance(event, ParsedEvent)
    assert event.persona_id == "17"
    assert event.interaction == Interaction("a", "add_to_cart", NOON, None, "imported")
    assert event.row == 2
    assert len(event.digest) == 16


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("addtocart", "add_to_cart"),
        ("Purchase", "purchase"),
        ("BUY", "purchase"),
        ("pageview", "view"),
        ("Share Link", "share_link"),
        ("thumbs-up", "like"),
        ("", "view"),
        (None, "view"),
        ("покупка", "покупка"),
    ],
)
def test_actions_by_their_usual_names(written: object, action: str) -> None:
    (found,) = interactions(EVENTS, {"user": "u", "item": "a", "action": written, "at": NOON})
    assert found.action == action


def test_own_names_of_actions_and_another_default() -> None:
    mapping = EVENTS.changed(actions={"w": "watched_to_the_end"}, default_action="click")
    rows: list[dict[str, object]] = [{"user": "u", "item": "a", "action": action, "at": NOON} for action in ("W", "")]
    assert [found.action for found in interactions(mapping, *rows)] == ["watched_to_the_end", "click"]


@pytest.mark.parametrize(
    ("stars", "weight", "action"),
    [
        (5, 1.0, "like"),
        (4, 0.5, "like"),
        (3.5, 0.25, "view"),
        (3, 0.0, "view"),
        (2, -0.5, "dislike"),
        (1, -1.0, "dislike"),
        (0.5, -1.0, "dislike"),
        (0, -1.0, "dislike"),
    ],
)
def test_ratings_become_weights_by_the_rule(stars: float, weight: float, action: str) -> None:
    (found,) = interactions(RATINGS, {"user": "u", "item": "a", "stars": stars})
    assert (found.weight, found.action) == (weight, action)


@given(st.floats(0, 5), st.floats(0, 5), st.sampled_from([1, 5, 10, 100]))
def test_the_rating_rule_keeps_order_and_range(low: float, high: float, scale: float) -> None:
    low, high = sorted((low, high))
    first, second = rating_weight(low * scale / 5, scale), rating_weight(high * scale / 5, scale)
    assert -1 <= first <= second <= 1
    assert rated_action(first) in {"like", "view", "dislike"}


def test_the_rule_is_visible() -> None:
    assert rating_rule(EVENTS) == ""
    assert "from 4 a like, up to 2 a dislike, else a view" in rating_rule(RATINGS)
    assert "(5·r/100 − 3) / 2" in rating_rule(RATINGS.changed(rating_max=100))
    assert "the action of verb" in rating_rule(RATINGS.changed(action="verb"))


def test_an_action_of_its_own_goes_before_the_rating() -> None:
    mapping = EVENTS.changed(rating="stars")
    found = interactions(
        mapping,
        {"user": "u", "item": "a", "action": "buy", "at": NOON, "stars": 5},
        {"user": "u", "item": "a", "action": "buy", "at": NOON, "stars": ""},
        {"user": "u", "item": "a", "action": "", "at": NOON, "stars": 2},
    )
    assert [(one.action, one.weight) for one in found] == [("purchase", 1.0), ("purchase", None), ("dislike", -0.5)]


def test_explicit_weights() -> None:
    mapping = EVENTS.changed(weight="w")
    rows: list[dict[str, object]] = [
        {"user": "u", "item": "a", "action": "view", "at": NOON, "w": weight} for weight in ("-0.25", "", 2)
    ]
    results = parsed(mapping, *rows)
    assert [result.interaction.weight for result in results if isinstance(result, ParsedEvent)] == [-0.25, None]
    assert results[2] == Rejection(4, "w", "The weight 2 lies outside -1 to 1.")


def test_origin_and_missing_time() -> None:
    mapping = InteractionMapping(persona_id="user", item_id="item", origin="simulated")
    assert interactions(mapping, {"user": "u", "item": "a"}) == [Interaction("a", "view", None, None, "simulated")]


def test_kinds_of_target() -> None:
    row: dict[str, object] = {"user": "u", "item": "Mann", "action": "follow", "at": NOON}
    assert interactions(EVENTS, row)[0].target_kind == "creator"
    mapping = EVENTS.changed(target_kind="kind")
    results = parsed(mapping, *({**row, "kind": kind} for kind in ("Creator", "list", None, "planet")))
    assert [one.interaction.target_kind for one in results if isinstance(one, ParsedEvent)] == [
        "creator",
        "list",
        "item",
    ]
    assert isinstance(results[3], Rejection)
    assert results[3].column == "kind"


def digests(*rows: dict[str, object], mapping: InteractionMapping = EVENTS) -> list[bytes]:
    return [event.digest for event in parsed(mapping, *rows) if isinstance(event, ParsedEvent)]


ROW: dict[str, object] = {"user": "u", "item": "a", "action": "view", "at": "2024-01-31T12:00:00Z"}


def test_the_digest_is_the_row_not_its_writing_or_place() -> None:
    other_writing = {"user": " u", "item": "a", "action": "View", "at": 1706702400000, "note": "not mapped"}
    assert digests(ROW) == digests(other_writing)
    assert digests({**ROW, "item": "b"}, ROW)[1] == digests(ROW)[0]


@pytest.mark.parametrize("change", [{"user": "v"}, {"item": "b"}, {"action": "click"}, {"at": "2024-01-31T12:00:01Z"}])
def test_every_mapped_field_is_in_the_digest(change: dict[str, object]) -> None:
    assert digests(ROW) != digests({**ROW, **change})


def test_ratings_that_weigh_the_same_are_still_different_rows() -> None:
    low, lower = ({"user": "u", "item": "a", "stars": stars} for stars in (1, 0.5))
    assert digests(low, mapping=RATINGS) != digests(lower, mapping=RATINGS)


def test_equal_rows_are_told_apart_by_their_ordinal() -> None:
    twice = digests(ROW, ROW)
    thrice = digests(ROW, {**ROW, "user": "v"}, ROW, ROW)
    assert len(set(thrice)) == 4
    assert [thrice[0], thrice[2]] == twice


def test_fields_do_not_run_into_each_other() -> None:
    assert digests({**ROW, "user": "uv", "item": "a"}) != digests({**ROW, "user": "u", "item": "va"})


@given(st.permutations([ROW, ROW, {**ROW, "item": "b"}, {**ROW, "user": "v"}, {**ROW, "user": "v"}]))
def test_the_set_of_digests_does_not_depend_on_the_order(rows: list[dict[str, object]]) -> None:
    expected = digests(ROW, ROW, {**ROW, "item": "b"}, {**ROW, "user": "v"}, {**ROW, "user": "v"})
    assert sorted(digests(*rows)) == sorted(expected)
