from datetime import UTC, datetime

import pandas as pd
import pytest

from tastebench.domain.errors import NotFound
from tastebench.domain.item import Item
from tastebench.ui.interactions.rows import ACTION, BLANK_ROWS, ITEM, WEIGHT, WHEN, read, table

ACTIONS = ("view", "like", "follow")


def item_named(written: str) -> Item:
    if written != "a":
        raise NotFound(f"There is no item “{written}”.", "Write its id.")
    return Item("a", creator="Varda")


def row(item: object = "a", action: object = "like", when: object = None, weight: object = None) -> dict[str, object]:
    return {ITEM: item, ACTION: action, WHEN: when, WEIGHT: weight}


def test_good_rows_become_interactions() -> None:
    when = pd.Timestamp("2026-02-03 04:05")
    batch = read([row(when=when, weight=-0.5), row(when=pd.NaT, weight=float("nan"))], ACTIONS, item_named)
    first, second = batch.interactions
    assert (first.target, first.action, first.weight) == ("a", "like", -0.5)
    assert first.at == datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    assert (second.at, second.weight) == (None, None)
    assert (batch.left, batch.problems) == ((), ())


def test_a_follow_is_for_the_creator() -> None:
    followed = read([row(action="follow")], ACTIONS, item_named).interactions[0]
    assert (followed.target_kind, followed.target) == ("creator", "Varda")


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (row(item=None), "Row 1: no item is named. Write its id or its title."),
        (row(item="b"), "Row 1: There is no item “b”. Write its id."),
        (row(action=None), "Row 1: no action is chosen. Choose one from the list."),
        (row(action="hug"), "Row 1: “hug” is not an action of this workspace. Choose one from the list: view,"),
        (row(weight=1.5), "Row 1: the weight is 1.5; −1 to 1 are allowed. Leave it empty to use the action's own."),
        (row(when="1600-01-01"), "Row 1: the time 1600-01-01T00:00:00 lies outside 1900 to 2200. Check"),
        (row(when="soon"), "Row 1: “soon” is not a date and time. Write one such as 2026-03-04 05:06."),
        (row(weight="much"), "Row 1: “much” is not a weight. Write a number from −1 to 1."),
    ],
)
def test_a_bad_row_stays_with_a_sentence(bad: dict[str, object], sentence: str) -> None:
    batch = read([bad], ACTIONS, item_named)
    assert batch.interactions == ()
    assert batch.left == (bad,)
    assert batch.problems[0].startswith(sentence)


def test_problems_are_numbered_as_the_rows_that_are_left() -> None:
    batch = read([row(), {}, row(item="b"), row(), row(item="c")], ACTIONS, item_named)
    assert len(batch.interactions) == 2
    assert [problem[:6] for problem in batch.problems] == ["Row 1:", "Row 2:"]
    assert list(table(batch.left)[ITEM]) == ["b", "c"]


def test_a_new_table_begins_with_empty_rows() -> None:
    assert len(table()) == BLANK_ROWS
    assert read(table().to_dict("records"), ACTIONS, item_named).left == ()  # type: ignore[arg-type]
