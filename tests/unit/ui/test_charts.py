import re

import pandas as pd
import pytest
from plotly.graph_objects import Figure

from tastebench.signals import REGISTRY
from tastebench.ui.charts import (
    bar_scale,
    breakdown_text,
    contribution_bar,
    legend,
    map_text,
    scatter_map,
)
from tastebench.ui.theme import SIGNAL_COLOURS, SIGNAL_LABELS, colour, label

LINES = {"similarity": 0.21, "preference": 0.14, "behaviour": -0.2, "popularity": 0.03, "diversity": -0.04}
SIGNALS = {"similarity": 0.7, "preference": 0.5, "behaviour": -0.8, "collaborative": None, "popularity": 0.6}


def widths(html: str) -> dict[str, float]:
    found = re.findall(r'title="([A-Z][\w ]+) [^"]*" style="[^"]*?width:([\d.]+)%', html)
    return {name: float(width) for name, width in found}


def test_every_line_of_a_score_has_a_colour_and_a_name() -> None:
    assert set(SIGNAL_COLOURS) == set(SIGNAL_LABELS) == {*REGISTRY, "query", "diversity", "llm"}


def test_colours_are_the_settled_ones() -> None:
    assert (colour("similarity"), colour("behaviour"), colour("llm")) == ("#0072B2", "#D55E00", "#56B4E9")
    assert colour("query") == "#7A7A00"


def test_an_unknown_line_is_grey_and_keeps_its_name() -> None:
    assert (colour("my_signal"), label("my_signal")) == ("#8A8A8A", "my signal")


def test_the_scale_of_a_list_holds_its_longest_bars_on_both_sides() -> None:
    assert bar_scale([{"a": 0.5, "b": -0.1}, {"a": 0.2, "b": 0.1, "c": -0.3}]) == (-0.3, 0.5)


def test_the_scale_of_nothing_is_one_long() -> None:
    assert bar_scale([]) == bar_scale([{"a": 0.0}]) == (0.0, 1.0)


def test_bar_parts_are_as_wide_as_their_lines() -> None:
    parts = widths(contribution_bar({"similarity": 0.3, "preference": 0.1, "behaviour": -0.1}, scale=(-0.1, 0.9)))
    assert parts == {"Similarity": 30.0, "Preference": 10.0, "Behaviour": 10.0}


def test_negative_parts_are_hatched_and_stand_before_zero() -> None:
    html = contribution_bar(LINES)
    assert html.index('title="Behaviour') < html.index("border-left") < html.index('title="Similarity')
    assert html.count("repeating-linear-gradient") == 2


def test_a_signal_without_evidence_is_an_outlined_cell_that_says_so() -> None:
    html = contribution_bar(LINES, SIGNALS)
    assert 'title="Collaborative: no evidence"' in html


def test_a_bar_is_one_image_with_its_numbers_in_words() -> None:
    html = contribution_bar(LINES, SIGNALS)
    assert html.count('role="img"') == 1
    assert f'aria-label="{breakdown_text(LINES, SIGNALS)}"' in html


def test_a_breakdown_in_words_adds_up() -> None:
    assert breakdown_text({"similarity": 1 / 3, "preference": 1 / 3, "popularity": 1 / 3}) == (
        "Score 1.000: Similarity +.334, Preference +.333, Popularity +.333."
    )


def test_names_from_outside_are_escaped_in_bars() -> None:
    assert "<script>" not in contribution_bar({"<script>": 0.3, "</script>": -0.1})


def test_the_legend_names_every_line_and_both_patterns() -> None:
    html = legend()
    assert all(name in html for name in (*SIGNAL_LABELS.values(), "takes away", "no evidence"))


@pytest.fixture
def points() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": ["A", "<b>B</b>", "C"],
            "x": [0.0, 1.0, 2.0],
            "y": [0.0, 1.0, 0.5],
            "tags": [("crime", "noir"), ("crime",), ()],
        }
    )


def named(figure: Figure) -> list[int]:
    return [len(trace.x) for trace in figure.data]


def test_the_map_brings_out_a_category_and_stars_the_taste(points: pd.DataFrame) -> None:
    figure = scatter_map(points, (0.5, 0.5), (0.2, 0.1), "noir")
    assert named(figure) == [2, 1, 1]
    assert (figure.data[1].text[0], figure.data[2].marker.symbol) == ("A<br>crime, noir", "star")


def test_the_map_without_taste_has_no_star_and_escapes_titles(points: pd.DataFrame) -> None:
    figure = scatter_map(points, None, (0.2, 0.1))
    assert named(figure) == [0, 3]
    assert figure.data[1].text[1] == "&lt;b&gt;B&lt;/b&gt;<br>crime"


def test_the_map_in_words() -> None:
    assert map_text(1200, None, (0.2, 0.1)) == (
        "Map of 1,200 items; its two axes show 30 % of the differences. No taste is marked."
    )
