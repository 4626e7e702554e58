"""Use cases of evaluation over real stores: measured, kept, found again, adopted, taken back."""

from pathlib import Path

import numpy as np
import pytest

from tastebench import Interaction, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.errors import Cancelled, InvalidInput, NotFound
from tastebench.domain.reports import Progress
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitSettings
from tests.doubles import HashingEncoder
from tests.worlds import NOW, from_micros

DAY = 86_400_000_000
SETTINGS = EvaluationSettings(split=SplitSettings(kind="share", share=0.3), k=3)
SHORT = SearchSettings(vectors=64)


def filled(bench: Workbench, tmp_path: Path, people: int = 6) -> Workspace:
    """Twenty items of two kinds; each persona likes those of its own kind, one a day."""
    path = tmp_path / "items.csv"
    kinds = ["noir", "western"]
    lines = [f"i{n:02d},Title {n},{kinds[n % 2]}" for n in range(20)]
    path.write_text("id,title,genres\n" + "\n".join(lines) + "\n", encoding="utf-8")
    shelf = bench.workspace("shelf", create=True)
    shelf.import_items(path)
    for person in range(people):
        shelf.add_persona(Persona(f"Person {person}", persona_id=f"p{person}"))
        mine = np.random.default_rng(person).permutation(np.arange(person % 2, 20, 2))[:7]
        events = [
            Interaction(f"i{item:02d}", "like", from_micros(NOW + day * DAY)) for day, item in enumerate(mine.tolist())
        ]
        shelf.add_interactions(f"p{person}", events)
    return shelf


@pytest.fixture
def shelf(bench: Workbench, tmp_path: Path) -> Workspace:
    return filled(bench, tmp_path)


def test_the_default_is_the_reference_and_others_are_compared_with_it(shelf: Workspace) -> None:
    bold = ScoringProfile(name="Bold", weights={"popularity": 1})
    kept = shelf.evaluate({"Bold v1": bold}, SETTINGS)
    methods = kept.report.methods
    assert (methods[0].name, methods[0].label) == ("default", "For You (default)")
    assert methods[0].profile == shelf.profile()
    assert (methods[1].name, methods[1].label) == ("profile:Bold v1", "Bold v1")
    assert kept.report.standings("ndcg")[0].difference == (0.0, 0.0, 0.0)
    assert kept.report.personas == tuple(f"p{n}" for n in range(6))


def test_what_was_measured_survives_a_restart(tmp_path: Path) -> None:
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as bench:
        kept = filled(bench, tmp_path).evaluate(settings=SETTINGS)
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as bench:
        shelf = bench.workspace("shelf")
        (head,) = shelf.evaluations()
        assert head == kept.head
        assert (head.kind, head.label, head.seed) == ("evaluation", "Top 3 of each persona's last 30 %, new items", 0)
        assert ScoringProfile.model_validate_json(head.profile) == shelf.profile()
        again = shelf.evaluation(head.key).report
        np.testing.assert_array_equal(again.values, kept.report.values)
        assert again.standings("ndcg") == kept.report.standings("ndcg")
        assert shelf.same_data(head)


def test_the_same_question_has_the_same_answer(shelf: Workspace) -> None:
    one, two = (shelf.evaluate(settings=SETTINGS, keep=False) for _ in range(2))
    np.testing.assert_array_equal(one.report.values, two.report.values)
    assert one.head is None
    assert shelf.evaluations() == []


def test_it_is_said_when_the_data_has_changed_since(shelf: Workspace) -> None:
    head = shelf.evaluate(settings=SETTINGS).head
    assert head is not None
    shelf.save_profile(ScoringProfile(name="Other"))
    assert shelf.same_data(head)
    shelf.add_interactions("p0", [Interaction("i00", "like")])
    assert not shelf.same_data(head)


def test_progress_is_told_and_a_cancelled_one_leaves_nothing(shelf: Workspace) -> None:
    heard: list[Progress] = []
    with pytest.raises(Cancelled):
        shelf.evaluate(settings=SETTINGS, progress=heard.append, cancel=lambda: len(heard) > 4)
    assert [progress.phase for progress in heard[:2]] == ["Splitting the log", "Plain method: Random"]
    assert len(heard) == 5
    with pytest.raises(Cancelled):
        shelf.search_weights(settings=SETTINGS, search=SHORT, cancel=lambda: True)
    assert shelf.evaluations() == []


def test_nobody_to_test_is_said_in_words(bench: Workbench) -> None:
    empty = bench.workspace("empty", create=True)
    with pytest.raises(InvalidInput, match="Nobody has a like"):
        empty.evaluate()
    with pytest.raises(InvalidInput, match="Nobody has a like"):
        empty.search_weights()


def test_a_search_is_kept_and_what_it_found_can_be_adopted_and_taken_back(shelf: Workspace) -> None:
    shelf.save_profile(ScoringProfile(name="For You"))
    shelf.set_default_profile("For You", 1)
    kept = shelf.search_weights(settings=SETTINGS, search=SHORT)
    assert kept.head is not None
    assert (kept.head.kind, kept.head.label) == (
        "search",
        "Top 3 of each persona's last 30 %, new items · from For You",
    )
    again = shelf.weight_search(kept.head.key).report
    assert again.verdict == kept.report.verdict
    assert again.best is not None
    before = shelf.recommend("p0").decision()

    version = shelf.adopt(again.best, "Found", again.verdict, default=True)
    assert shelf.profile() == shelf.profile("Found", version)
    assert shelf.profile("Found").weights == again.best.weights
    assert {row.name: row.note for row in shelf.profiles()}["Found"] == again.verdict
    assert shelf.recommend("p0").decision() != before

    shelf.set_default_profile("For You", 1)
    assert shelf.recommend("p0").decision() == before


def test_adopting_without_a_word_leaves_the_default(shelf: Workspace) -> None:
    default = shelf.profile()
    shelf.adopt(ScoringProfile(weights={"popularity": 1}), "Found")
    assert shelf.profile() == default


def test_kinds_are_told_apart_and_deleting_is_for_good(shelf: Workspace) -> None:
    evaluation = shelf.evaluate(settings=SETTINGS).head
    search = shelf.search_weights(settings=SETTINGS, search=SHORT).head
    assert evaluation is not None
    assert search is not None
    assert [head.key for head in shelf.evaluations()] == [search.key, evaluation.key]
    with pytest.raises(InvalidInput, match="a different thing"):
        shelf.evaluation(search.key)
    with pytest.raises(InvalidInput, match="a different thing"):
        shelf.weight_search(evaluation.key)
    shelf.delete_evaluation(search.key)
    with pytest.raises(NotFound):
        shelf.weight_search(search.key)
    assert [head.key for head in shelf.evaluations()] == [evaluation.key]


def test_what_was_measured_stays_in_its_workspace(shelf: Workspace, bench: Workbench) -> None:
    head = shelf.evaluate(settings=SETTINGS).head
    assert head is not None
    other = bench.workspace("other", create=True)
    assert other.evaluations() == []
    with pytest.raises(NotFound):
        other.evaluation(head.key)
