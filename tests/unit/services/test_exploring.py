"""The map of items, where there is little to draw."""

import pandas as pd

from tastebench import Workbench


def test_items_that_all_say_the_same_lie_in_one_place(bench: Workbench) -> None:
    space = bench.workspace("films", create=True)
    space.import_items(pd.DataFrame([{"id": f"i{n}", "title": "Solaris"} for n in range(4)]))
    found = space.map()
    assert found.frame[["x", "y"]].to_numpy().tolist() == [[0.0, 0.0]] * 4
    assert (found.taste, found.explained) == (None, (0.0, 0.0))
