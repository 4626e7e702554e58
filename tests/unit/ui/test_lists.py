"""Lists before and after, as read from their HTML."""

import re
from datetime import UTC, datetime

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.domain.request import Request
from tastebench.ui.recommendations.rows import stages
from tastebench.ui.tuning.lists import Pair, panel, side_by_side

REQUEST = Request("maya", datetime(2026, 1, 1, tzinfo=UTC), ScoringProfile())


def ranked(letters: str) -> Ranking:
    items = [ScoredItem(one, f"<{one}>", rank, {}, {}, {"similarity": 0.5}) for rank, one in enumerate(letters, 1)]
    return Ranking(REQUEST, tuple(items), len(items))


def signs(html: str) -> list[list[str]]:
    sides = html.split("<section>")[1:]
    rows = [re.findall(r"<li>.*?</li>", side) for side in sides]
    return [[m[1] if (m := re.search(r'aria-hidden="true">([^<]+)<', row)) else "" for row in side] for side in rows]


def test_places_that_moved_came_or_went_say_so() -> None:
    html = side_by_side(Pair("Maya", ranked("abc"), ranked("bad")))
    assert signs(html) == [["", "", "gone"], ["▲1", "▼1", "new"]]
    assert "Top 10: 2 kept, 2 of them at another place · 1 new · RBO .63." in html


def test_titles_are_escaped() -> None:
    html = side_by_side(Pair("<Maya>", ranked("a"), ranked("a")))
    assert "<a>" not in html
    assert "<Maya>" not in html
    assert "Top 10: as it is now." in html


def test_a_panel_has_a_line_per_persona() -> None:
    html = panel([Pair("Maya", ranked("abc"), ranked("abd")), Pair("Joon", ranked("ab"), ranked("ab"))])
    assert "4 of 5 items kept over 2 personas; 1 list as now." in html
    assert "<td>Maya</td><td>2</td><td>1</td><td>.73</td>" in html
    assert "<td>Joon</td><td>2</td><td>0</td><td>1.00</td>" in html


def test_each_stage_says_how_far_it_moved_an_item() -> None:
    item = ScoredItem("a", "A", 3, {"base": 5, "diversity": 2, "llm": 3}, {}, {})
    assert (
        stages(item)
        == "place 5 by the weights, place 2 after diversity (3 up), place 3 after the language model (1 down)"
    )
    assert stages(ScoredItem("a", "A", 1, {"base": 1, "diversity": 1}, {}, {})) == (
        "place 1 by the weights, place 1 after diversity"
    )
