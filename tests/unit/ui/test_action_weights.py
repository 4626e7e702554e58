import pytest

from tastebench.domain.interaction import ACTION_WEIGHTS
from tastebench.domain.profile import ScoringProfile, TasteSettings
from tastebench.ui.interactions.actions import Change
from tastebench.ui.interactions.weights import ACTION, WEIGHT, read, table


def test_what_is_written_is_read_again() -> None:
    assert read(table(ACTION_WEIGHTS).to_dict("records")).weights == dict(ACTION_WEIGHTS)  # type: ignore[arg-type]
    assert list(table(ACTION_WEIGHTS)[ACTION])[:2] == ["purchase", "add_to_cart"]


@pytest.mark.parametrize(
    ("name", "weight", "sentence"),
    [
        ("like", 1.0, "Row 2, like: an action of that name stands above. Rename one of them."),
        ("hug", None, "Row 2, hug: the weight is missing. Write a number from −100 to 100; 0 mutes the action."),
        ("hug", 101.0, "Row 2, hug: the weight is 101; −100 to 100 are allowed."),
        (None, 1.0, "Row 2: the action's name is empty."),
        ("h" * 51, 1.0, f"Row 2, {'h' * 51}: the action's name has 51 characters; 50 are allowed."),
    ],
)
def test_each_wrong_row_gets_a_sentence(name: object, weight: object, sentence: str) -> None:
    said = read([{ACTION: "like", WEIGHT: 2.5}, {ACTION: name, WEIGHT: weight}])
    assert said.problems[0].startswith(sentence)
    assert said.weights == {"like": 2.5}


def test_the_preview_ranks_as_saving_would() -> None:
    profile = ScoringProfile(taste=TasteSettings(action_weights={"like": 9}))
    change = Change({"like": 1.0, "view": 1.0}, {"like": 2.0, "view": 3.0}, profile, 30.0)
    taste = change.preview().taste
    assert taste.action_weights == {"like": 9, "view": 3.0}  # the profile's own weight stays
    assert taste.half_life_days == 30
    assert change.weights_differ
    assert change.half_life_differs
