"""How kinds of suggestions stand by the thumbs they got: by hand, and what that does to suggestions."""

from dataclasses import replace

import pytest

from tastebench.domain.moments import MICROSECONDS_PER_DAY as DAY
from tastebench.domain.preferences import PreferenceSettings
from tastebench.ranking import Snapshot
from tastebench.ranking.suggesting import suggestions
from tastebench.ranking.suggestion_kinds import Standing, standings
from tests.unit.ranking.test_suggesting import around, statements, world
from tests.worlds import NOW

SHOWN = {"shown": ("i0", "i1", "i3", "i4", "i7")}
WEEK = [(2, item, "view", 1.0) for item in (4, 5, 6)]
BOTH = [("related", "more crime"), ("trending", "western"), ("related", "more noir")]


def thumbs(*given: tuple[float, str], kind: str = "related") -> Snapshot:
    """A world where westerns trend, and a persona gave a kind of suggestion thumbs: days ago and which."""
    parts = [statements((days, "query", "suggestion", kind), action=action) for days, action in given]
    said = parts[0]
    for part in parts[1:]:
        said = said.joined(part)
    return world(WEEK, said=said)


def texts(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in suggestions(around(snapshot, **SHOWN))]


@pytest.mark.parametrize(
    ("given", "stands"),
    [
        ([(0, "like")], "usual"),  # .08: tracked, and only what is established counts
        ([(5, "like"), (4, "like"), (3, "like"), (2, "like"), (1, "like"), (0, "like")], "first"),  # .3588
        ([(40, "like"), (39, "like"), (38, "like"), (37, "like"), (36, "like"), (35, "like")], "usual"),  # faded
        ([(0, "dislike")], "last"),
        ([(2, "dislike"), (1, "dislike")], "last"),
        ([(3, "dislike"), (2, "dislike"), (1, "dislike")], "left out"),
        ([(40, "dislike"), (2, "dislike"), (1, "dislike")], "last"),  # the first is too long ago
        ([(29, "dislike")], "usual"),
        ([(3, "dislike"), (2, "dislike"), (1, "dislike"), (0, "like")], "usual"),
        ([(2, "like"), (1, "dislike")], "last"),
        ([(2, "dislike"), (1, "dislike"), (0.5, "forget")], "usual"),
        ([(2, "correct"), (1, "dislike")], "first"),  # .5 by an operator, .45 after
    ],
)
def test_how_a_kind_stands(given: list[tuple[float, str]], stands: Standing) -> None:
    here = thumbs(*given)
    said = here.log.said
    amounts = [{"correct": 0.5, "forget": 0.0}.get(action, amount) for action, amount in
               zip(said.actions, said.amounts.tolist(), strict=True)]  # fmt: skip
    said = replace(said, amounts=type(said.amounts)(len(amounts)))
    said.amounts[:] = amounts
    here = replace(here, log=replace(here.log, said=said))
    assert standings(here, 1, NOW) == {"related": stands, "frequent": "usual", "new": "usual", "trending": "usual"}
    assert set(standings(here, 2, NOW).values()) == {"usual"}, "another persona's thumbs are nobody's business"
    assert set(standings(here, 1, NOW - 50 * DAY).values()) == {"usual"}, "what is yet to come does not count"


def test_where_questions_teach_nothing_thumbs_do_nothing() -> None:
    here = replace(thumbs((0, "dislike")), preferences=PreferenceSettings(categories=("taste",)))
    assert set(standings(here, 1, NOW).values()) == {"usual"}


def test_a_disliked_kind_comes_later_and_then_not_at_all() -> None:
    assert texts(world(WEEK)) == BOTH
    assert texts(thumbs((1, "dislike"))) == [
        ("trending", "western"),
        ("related", "more crime"),
        ("related", "more noir"),
    ]
    assert texts(thumbs((3, "dislike"), (2, "dislike"), (1, "dislike"))) == [("trending", "western")]
    assert texts(thumbs((1, "dislike"), kind="trending")) == [BOTH[0], BOTH[2], BOTH[1]]


def test_an_established_kind_comes_first() -> None:
    liked = [(days, "like") for days in range(6)]
    assert texts(thumbs(*liked, kind="trending")) == [BOTH[1], BOTH[0], BOTH[2]]
