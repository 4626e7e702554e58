"""Preferences over real stores: learned, shown, edited, undone; recomputed alike; felt in a list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.preferences import PreferenceSettings, Teaching
from tastebench.services.learned import LearnedPreference

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
CRIME = ("taste", "genres", "crime")


@pytest.fixture
def ada(films: Workspace) -> str:
    """A persona who liked Heat, a crime film, on each of six days until now, and states nothing."""
    pid = films.add_persona(Persona("Ada", persona_id="ada"))
    films.add_interactions(pid, [Interaction("heat", "like", NOW - (5 - day) * DAY) for day in range(6)])
    return pid


def found(films: Workspace, pid: str = "ada", now: datetime = NOW) -> dict[tuple[str, str, str], LearnedPreference]:
    return {tuple(one.name): one for one in films.preferences(pid, now)}


def test_six_likes_establish_a_tag_and_it_fades(films: Workspace, ada: str) -> None:
    crime = found(films)[CRIME]
    assert crime.confidence == pytest.approx(0.358798, abs=1e-6)
    assert (crime.state, crime.count, crime.last_seen, crime.pinned, crime.stated) == (
        "established", 6, NOW, False, False,
    )  # fmt: skip
    assert set(found(films)) == {CRIME, ("taste", "creator", "Mann")}
    later = found(films, now=NOW + 60 * DAY)[CRIME]
    assert (later.confidence, later.state) == (pytest.approx(0.358798 * 0.98**60, abs=1e-6), "tracked")
    assert found(films, now=NOW + 400 * DAY) == {}
    assert found(films, now=NOW - 10 * DAY) == {}


def test_an_established_tag_counts_in_the_list_and_the_breakdown_names_it(films: Workspace, ada: str) -> None:
    request = films.request(ada, now=NOW)
    evidence = films.gather(request)
    assert evidence.interests == {"genres": {"crime": pytest.approx(0.358798, abs=1e-6)}}
    klute = next(item for item in films.recommend(ada, now=NOW).items if item.item_id == "klute")
    assert klute.signals["preference"] == pytest.approx(0.358798 / 2, abs=1e-6)
    assert films.explain(evidence, request, "klute").tags["genres"] == {
        "crime": pytest.approx(0.358798, abs=1e-6), "mystery": 0.0,
    }  # fmt: skip
    later = films.recommend(ada, now=NOW + 60 * DAY).items
    assert {item.signals["preference"] for item in later} == {None}


def test_what_is_stated_counts_whole(films: Workspace, ada: str) -> None:
    films.update_persona(ada, Persona("Ada", interests={"genres": ["Crime"]}))
    assert films.gather(films.request(ada, now=NOW)).interests == {"genres": {"Crime": 1.0}}
    assert found(films)[CRIME].stated


def test_deleting_interactions_takes_back_what_they_taught(films: Workspace, ada: str) -> None:
    before = films.preferences(ada, NOW)
    keys = films.add_interactions(ada, [Interaction("klute", "dislike", NOW - DAY)])
    assert found(films)[CRIME].confidence < before[0].confidence
    films.delete_interactions(keys)
    assert films.preferences(ada, NOW) == before
    films.restore_interactions(keys)
    assert found(films)[CRIME].count == 7


def test_a_pin_holds_and_is_taken_off_and_undone(films: Workspace, ada: str) -> None:
    pin = films.pin(ada, *CRIME, now=NOW)
    held = found(films, now=NOW + 900 * DAY)[CRIME]
    assert (held.confidence, held.state, held.pinned) == (pytest.approx(0.358798, abs=1e-6), "established", True)
    films.correct(ada, *CRIME, 0.9, now=NOW)
    assert (found(films)[CRIME].confidence, found(films)[CRIME].pinned) == (0.9, True)
    off = films.unpin(ada, *CRIME, now=NOW)
    assert not found(films)[CRIME].pinned
    assert found(films, now=NOW + DAY)[CRIME].confidence == pytest.approx(0.9 * 0.98)
    with pytest.raises(InvalidInput, match="isn't pinned"):
        films.unpin(ada, *CRIME, now=NOW)
    assert [edit.kind for edit in films.preference_edits(ada)] == ["pin", "pin", "unpin"]
    assert films.delete_preference_edits([off]) == 1
    assert found(films)[CRIME].pinned
    films.restore_preference_edits([off])
    films.delete_preference_edits([pin])
    assert [edit.kind for edit in films.preference_edits(ada)] == ["pin", "unpin"]


def test_what_is_forgotten_is_gone_until_there_is_new_evidence(films: Workspace, ada: str) -> None:
    films.forget(ada, *CRIME, now=NOW)
    assert CRIME not in found(films)
    with pytest.raises(InvalidInput, match="Nothing is learned of “crime”"):
        films.forget(ada, *CRIME, now=NOW)
    films.add_interactions(ada, [Interaction("heat", "like", NOW + DAY)])
    anew = found(films, now=NOW + DAY)[CRIME]
    assert (anew.confidence, anew.count) == (pytest.approx(0.08), 1)


def test_what_was_never_seen_can_be_taught_by_hand(films: Workspace, ada: str) -> None:
    films.correct(ada, "taste", "genres", "family", 0.6, now=NOW)
    assert films.gather(films.request(ada, now=NOW)).interests["genres"]["family"] == 0.6
    with pytest.raises(InvalidInput, match=r"confidence of 1.2"):
        films.correct(ada, "taste", "genres", "family", 1.2)
    with pytest.raises(InvalidInput, match="no category 'tastes'"):
        films.correct(ada, "tastes", "genres", "family", 0.2)
    with pytest.raises(NotFound):
        films.correct("nobody", "taste", "genres", "family", 0.2)


def test_choices_teach_presentation_and_refinements_contradict(films: Workspace, ada: str) -> None:
    chart = ("presentation", "chart", "bar")
    for day in range(4):
        films.choose(ada, *chart, at=NOW - (3 - day) * DAY)
    assert found(films)[chart].confidence == pytest.approx(0.1 * sum((0.9 * 0.98) ** n for n in range(4)))
    before = found(films)[CRIME].confidence
    films.choose(ada, *CRIME, away=True, at=NOW)
    assert found(films)[CRIME].confidence == pytest.approx(0.9 * before)
    films.save_actions(films.settings.actions)  # choices are no actions of the table


def test_history_holds_every_point_and_the_curve_between(films: Workspace, ada: str) -> None:
    films.correct(ada, *CRIME, 0.5, now=NOW + 2 * DAY)
    history = films.preference_history(ada, *CRIME, now=NOW + 4 * DAY)
    assert [(point.action, point.title, point.says) for point in history.points[-2:]] == [
        ("like", "Heat", 0.8), ("correct", "", 0.5),
    ]  # fmt: skip
    assert (history.points[0].before, history.points[0].after) == (0.0, pytest.approx(0.08))
    assert history.points[-1].before == pytest.approx(0.358798 * 0.98**2, abs=1e-6)
    times = [at for at, _ in history.curve]
    assert times == sorted(times)
    assert history.curve[-1] == (NOW + 4 * DAY, pytest.approx(0.5 * 0.98**2))
    assert films.preference_history(ada, "taste", "genres", "family", now=NOW).points == ()


def test_expertise_is_what_there_is_most_evidence_of(films: Workspace, ada: str) -> None:
    assert [(one.value, one.count) for one in films.expertise(ada, NOW)] == [("crime", 6)]


def test_a_clone_has_the_edits_too(films: Workspace, ada: str) -> None:
    films.pin(ada, *CRIME, now=NOW)
    clone = films.clone_persona(ada, "Ada by night")
    assert films.preferences(clone, NOW) == films.preferences(ada, NOW)
    films.delete_persona(ada)
    films.restore_persona(ada)
    assert found(films)[CRIME].pinned


def test_settings_change_what_is_learned(films: Workspace, ada: str) -> None:
    settings = PreferenceSettings(teaches={"like": Teaching(confidence=0.4, creator=False)}, established=0.1)
    films.save_preference_settings(settings)
    assert films.settings.preferences == settings
    assert set(found(films)) == {CRIME}
    assert found(films)[CRIME].confidence == pytest.approx(0.358798 / 2, abs=1e-6)
    assert found(films)[CRIME].state == "established"


@pytest.mark.parametrize("updates", ["real time", "batch", "hybrid"])
def test_a_recomputation_agrees_with_what_lists_go_by(films: Workspace, ada: str, updates: str) -> None:
    films.save_preference_settings(PreferenceSettings(updates=updates))
    films.add_interactions(ada, [Interaction("klute", "purchase", NOW)])
    films.choose(ada, "presentation", "chart", "bar", at=NOW)
    films.add_persona(Persona("Nobody"))
    result = films.recompute()
    assert (result.personas, result.interactions, result.agrees) == (2, 7, True)
    assert result.difference <= 1e-12
    known = films.preferences(ada)
    assert (result.preferences, result.established) == (len(known), sum(one.state == "established" for one in known))


def test_in_batches_lists_stand_still_until_the_next_recomputation(films: Workspace, ada: str) -> None:
    films.save_preference_settings(PreferenceSettings(updates="batch"))
    before = films.preferences(ada, NOW)
    films.add_interactions(ada, [Interaction("klute", "purchase", NOW)])
    assert films.preferences(ada, NOW) == before
    assert films.gather(films.request(ada, now=NOW)).interests == {
        "genres": {"crime": pytest.approx(0.358798, abs=1e-6)}
    }
    films.recompute()
    assert found(films)[CRIME].count == 7


def test_what_differs_is_told_and_read_again(films: Workspace, ada: str) -> None:
    held = films._snapshot()
    without_tags = replace(held.catalogue, facets={})
    films._held._snapshot = replace(held, catalogue=without_tags)
    assert CRIME not in found(films)
    assert not films.recompute().agrees
    assert CRIME in found(films)
    assert films.recompute().agrees


def test_everything_survives_closing_and_opening(tmp_path, encoder) -> None:
    with Workbench.open(tmp_path / "d", encoder=encoder) as bench:
        space = bench.workspace("films", create=True)
        space.add_persona(Persona("Ada", persona_id="ada"))
        space.correct("ada", *CRIME, 0.5, now=NOW)
    with Workbench.open(tmp_path / "d", encoder=encoder) as bench:
        assert [one.value for one in bench.workspace("films").preferences("ada", NOW)] == ["crime"]
