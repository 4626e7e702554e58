"""The trial of a model: what counts as recognising the film that fits."""

from pathlib import Path

import pytest

from tastebench import Workbench
from tastebench.domain.model_state import ModelState
from tests.doubles import HashingEncoder, ScriptedChat, grading


@pytest.mark.parametrize(
    ("grades", "recognised"),
    [
        ({"The Keeper": 9, "Wheels on Fire": 1, "Last Laughs": 2}, True),
        ({"The Keeper": 5, "Wheels on Fire": 5}, False),
        ({"The Keeper": 3, "Last Laughs": 8}, False),
    ],
)
def test_only_the_best_grade_of_all_counts(tmp_path: Path, grades: dict[str, int], recognised: bool) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=ScriptedChat(grading(grades))) as bench:
        trial = bench.test_model()
    assert trial.recognised is recognised
    assert len(trial.grades) == 3
    assert trial.seconds == 1.5


def test_it_is_asked_anew_each_time(tmp_path: Path) -> None:
    chat = ScriptedChat(grading({"The Keeper": 9}))
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        assert bench.test_model() == bench.test_model()
    assert len(chat.asked) == 2


def test_a_failure_has_no_grades(tmp_path: Path) -> None:
    chat = ScriptedChat(grading({}), ModelState.TIMED_OUT)
    with Workbench.open(tmp_path, encoder=HashingEncoder(), chat=chat) as bench:
        trial = bench.test_model()
    assert (trial.judged.state, trial.grades, trial.recognised) == (ModelState.TIMED_OUT, {}, False)
