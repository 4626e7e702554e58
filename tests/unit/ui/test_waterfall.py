"""A score as a table: what each line is measured by stands beside it, and the last column adds up."""

import re

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Scale, ScoredItem
from tastebench.ui.recommendations.waterfall import waterfall

PROFILE = ScoringProfile(weights={"similarity": 3, "preference": 1}, scale="standardised")
ITEM = ScoredItem(
    "klute", "Klute", 1, {}, {"similarity": 0.5, "preference": None},
    {"similarity": 0.75 * 2.0, "preference": 0.0, "diversity": -0.02, "llm": 0.0},
)  # fmt: skip


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", html)
    return [[re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_a_standardised_value_stands_beside_its_mean_its_deviation_and_what_it_counts_as() -> None:
    table = cells(waterfall(ITEM, PROFILE, {"similarity": Scale(0.25, 0.125), "preference": Scale(0.1, 0.2)}))
    assert table == [
        ["Line", "", "Value", "Mean", "Deviation", "Counts as", "Weight", "Adds"],
        ["Similarity", "", ".500", ".250", ".125", "2.000", "75 %", "+1.500"],
        ["Preference", "no evidence: the mean", "", ".100", ".200", ".000", "25 %", ""],
        ["Diversity", "", "", "", "", "", "", "−.020"],
        ["Score", "", "", "", "", "", "", "1.480"],
    ]


def test_a_raw_value_stands_alone() -> None:
    table = cells(waterfall(ITEM, PROFILE))
    assert table[0] == ["Line", "", "Value", "Weight", "Adds"]
    assert table[2] == ["Preference", "no evidence", "", "25 %", ""]


def test_exact_amounts_stand_before_the_rounded_ones_on_request() -> None:
    table = cells(waterfall(ITEM, PROFILE, exact=True))
    assert table == [
        ["Line", "", "Value", "Weight", "Exactly", "Adds"],
        ["Similarity", "", ".500", "75 %", "1.5", "+1.500"],
        ["Preference", "no evidence", "", "25 %", "", ""],
        ["Diversity", "", "", "", "−0.02", "−.020"],
        ["Score", "", "", "", "1.48", "1.480"],
    ]
