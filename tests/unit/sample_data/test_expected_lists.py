"""The films demo, loaded as anybody loads it: each authored persona's list holds what it must and no misfit.

And the preset that a search found for it keeps what it promises.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastebench import Workbench, Workspace
from tastebench.domain.presets import PRESETS
from tastebench.evaluation.report import EvaluationSettings
from tests.unit.sample_data.films import EXPECTED, seen

TOP = 20


@pytest.fixture(scope="module")
def films(films_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = shutil.copytree(films_folder, tmp_path_factory.mktemp("data") / "films")
    with Workbench.open(folder) as bench:
        yield bench.workspace("films")


@pytest.fixture(scope="module")
def tops(films: Workspace) -> dict[str, list[str]]:
    return {persona: [item.item_id for item in films.recommend(persona, limit=TOP).items] for persona in EXPECTED}


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_five_films_are_there(tops, persona_id):
    assert set(EXPECTED[persona_id]["in_top_20"]) - set(tops[persona_id]) == set()


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_five_films_are_not(tops, persona_id):
    assert set(EXPECTED[persona_id]["not_in_top_20"]) & set(tops[persona_id]) == set()


@pytest.mark.parametrize("persona_id", EXPECTED)
def test_a_list_is_full_and_never_repeats_what_was_liked(films, tops, persona_id):
    done = {
        row.target
        for row in films.interactions(persona_id=persona_id).rows
        if row.action in {"like", "favorite", "dislike"}
    }
    assert len(set(tops[persona_id])) == TOP
    assert not done & set(tops[persona_id])
    assert done <= seen(persona_id)


def test_the_preset_found_for_it_is_ahead_of_the_default_and_of_every_plain_method(films):
    found = next(preset.profile for preset in PRESETS if preset.name == "Films")
    report = films.evaluate({"Films": found}, EvaluationSettings(signals=False), keep=False).report
    default, films_preset, *plain = report.standings("ndcg")
    assert films_preset.method.label == "Films"
    assert films_preset.difference[1] > 0.02  # the low end of the interval; .044 when it was found
    assert films_preset.mean[0] > 1.2 * default.mean[0]
    assert films_preset.mean[0] > max(one.mean[0] for one in plain)
