"""The tags of an opened item: stated interests, learned ones with their confidence, the others."""

import re
from types import SimpleNamespace

from tastebench.ui.recommendations.breakdown import tags_html


def told(**tags: dict[str, float]) -> str:
    return re.sub("<[^>]+>", " ", tags_html(SimpleNamespace(tags=tags))).replace(" ,", ",").replace("  ", " ").strip()


def test_learned_tags_are_named_with_their_confidence_after_stated_ones() -> None:
    said = told(genres={"noir": 0.6249, "crime": 1.0, "western": 0.0}, themes={"heist": 0.3})
    assert said.startswith("Among the interests: crime ; learned: noir, .62; learned: heist, .30")
    assert said.endswith("western")


def test_no_tag_among_the_interests() -> None:
    assert told(genres={"western": 0.0}).startswith("None of its tags is among the interests.")


def test_a_tag_is_shown_letter_by_letter() -> None:
    assert "<i>" not in tags_html(SimpleNamespace(tags={"genres": {"<i>": 0.4}}))
