"""Links between items over real stores: at once where that is quick, in the background where not, never from later."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastebench import Interaction, ScoringProfile, Workbench, Workspace
from tastebench.domain.errors import Cancelled
from tastebench.domain.profile import CoEngagementSettings
from tastebench.services import held_links
from tests.doubles import HashingEncoder

TODAY = datetime.combine(datetime.now(UTC).date(), time(), UTC)
TOGETHER = ScoringProfile(weights={"co_engagement": 1.0})
PEOPLE = 30


def filled(bench: Workbench, name: str) -> Workspace:
    """Thirty personas; the even ones took to even films, the odd ones to odd films, in the last two months."""
    luck = np.random.default_rng(4)
    space = bench.workspace(name, create=True)
    space.import_items(pd.DataFrame({"id": [f"f{n}" for n in range(40)], "title": [f"film{n}" for n in range(40)]}))
    who = np.repeat(np.arange(PEOPLE), 8)
    ages = pd.to_timedelta(luck.uniform(1.1, 60, len(who)), unit="D")
    frame = pd.DataFrame({"persona_id": [f"p{n}" for n in who], "action": "like", "timestamp": TODAY - ages})
    frame["item_id"] = [f"f{n}" for n in luck.integers(0, 20, len(who)) * 2 + who % 2]
    space.import_interactions(frame)
    return space


@pytest.fixture
def crowd(bench: Workbench) -> Workspace:
    return filled(bench, "crowd")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count every workspace as too large to be fitted at once."""
    monkeypatch.setattr(held_links, "AT_ONCE_ITEMS", 5)


def fits(bench: Workbench) -> int:
    """Wait for what runs in the background and return how many fits there were so far."""
    for job in bench.jobs._jobs.values():
        assert job.wait(60)
        assert job.state == "done", job.error
    return len(bench.jobs._jobs)


def known(space: Workspace, **asked: object) -> list[str]:
    """Return the items that the signal has evidence for."""
    ranking = space.recommend("p0", limit=40, **{"profile": TOGETHER, **asked})
    return [item.item_id for item in ranking.items if item.signals["co_engagement"] is not None]


def notes(space: Workspace, **asked: object) -> list[str]:
    ranking = space.recommend("p0", **{"profile": TOGETHER, **asked})
    return [note for note in ranking.notes if note.startswith("Co-engagement")]


def test_a_small_workspace_is_fitted_at_once_and_speaks_for_what_others_like_p0_took_to(
    crowd: Workspace, bench: Workbench
) -> None:
    found = crowd.recommend("p0", limit=10, profile=TOGETHER)
    assert {int(item.item_id[1:]) % 2 for item in found.items if item.score > 0} == {0}
    assert notes(crowd) == []
    assert crowd.fit_links(TOGETHER) == 40
    assert fits(bench) == 0
    assert not (bench.settings.data / "links").exists()


def test_the_default_profile_fits_nothing(crowd: Workspace, bench: Workbench, large: None) -> None:
    ranking = crowd.recommend("p0")
    assert "co_engagement" not in ranking.items[0].signals
    assert fits(bench) == 0


def test_a_large_one_is_fitted_in_the_background_and_the_list_says_so(
    crowd: Workspace, bench: Workbench, large: None
) -> None:
    before = crowd.revision
    assert known(crowd) == []
    assert fits(bench) == 1
    assert known(crowd) != []
    assert notes(crowd) == []
    assert fits(bench) == 1
    assert crowd.revision != before  # what pages hold is gathered anew


def test_while_it_is_being_fitted_there_is_no_evidence(
    crowd: Workspace, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tastebench.services.jobs.Jobs.start", lambda *_arguments: None)
    assert known(crowd) == []
    assert notes(crowd) == [
        "Co-engagement is being fitted in the background and shows no evidence yet. Ask again in a minute."
    ]


def test_at_once_and_in_the_background_come_to_the_same(
    crowd: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TODAY + timedelta(hours=3)
    at_once = crowd.recommend("p0", profile=TOGETHER, now=now).decision()
    monkeypatch.setattr(held_links, "AT_ONCE_ITEMS", 5)
    crowd.fit_links(TOGETHER)
    assert crowd.recommend("p0", profile=TOGETHER, now=now).decision() == at_once


def test_links_outlast_a_restart_and_serve_who_only_reads(tmp_path: Path, large: None) -> None:
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as bench:
        found = known(filled(bench, "crowd"))
        assert fits(bench) == 1
        found = known(bench.workspace("crowd"))
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as bench:
        assert known(bench.workspace("crowd")) == found
        assert fits(bench) == 0
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder(), read_only=True) as bench:
        assert known(bench.workspace("crowd")) == found
        cautious = ScoringProfile(weights={"co_engagement": 1}, co_engagement=CoEngagementSettings(regularisation=7))
        assert "has not been fitted yet" in notes(bench.workspace("crowd"), profile=cautious)[0]
        assert fits(bench) == 0


def test_a_list_as_of_before_the_fit_knows_nothing_of_it(crowd: Workspace, large: None) -> None:
    crowd.fit_links(TOGETHER)
    long_ago = TODAY - timedelta(days=20)
    assert known(crowd, now=long_ago) == []
    assert notes(crowd, now=long_ago) == [
        "Co-engagement was fitted on what came after this moment, so it shows no evidence here."
    ]


def test_a_tell_tale_event_of_today_is_in_no_links(crowd: Workspace, bench: Workbench, large: None) -> None:
    crowd.add_interactions("p2", [Interaction("f0", "purchase", at=TODAY + timedelta(microseconds=1))])
    crowd.add_interactions("p2", [Interaction("f39", "purchase", at=TODAY + timedelta(microseconds=1))])
    crowd.fit_links(TOGETHER)
    snapshot = crowd._snapshot()
    held = crowd._held.links.newest(snapshot, TOGETHER.co_engagement)
    without = snapshot.item_links(TOGETHER.co_engagement, held.until)
    assert held.events == PEOPLE * 8
    np.testing.assert_array_equal(held.weights, without.weights)


def test_older_history_that_joins_fits_anew_once_it_is_a_twentieth(
    crowd: Workspace, bench: Workbench, large: None
) -> None:
    known(crowd)
    assert fits(bench) == 1
    past = TODAY - timedelta(days=90)
    crowd.add_interactions("p1", [Interaction(f"f{n}", "like", at=past) for n in range(12)])  # five in a hundred
    known(crowd)
    assert fits(bench) == 1
    crowd.add_interactions("p1", [Interaction("f12", "like", at=past)])
    known(crowd)
    assert fits(bench) == 2
    known(crowd)
    assert fits(bench) == 2


def test_the_next_day_fits_anew_and_until_then_the_one_before_serves(
    crowd: Workspace, bench: Workbench, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(crowd)
    assert fits(bench) == 1
    tomorrow = TODAY + timedelta(hours=30)

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return tomorrow

    monkeypatch.setattr("tastebench.services.moments.datetime", Tomorrow)
    assert notes(crowd) == [f"Co-engagement knows what was done until {TODAY:%d %B %Y}."]
    assert fits(bench) == 2
    assert notes(crowd) == []


def test_other_settings_of_the_fit_are_another_fit_and_of_the_own_history_are_not(
    crowd: Workspace, bench: Workbench, large: None
) -> None:
    known(crowd)
    for settings, expected in (({"decay": "position"}, 1), ({"learned_half_life_days": 30.0}, 2)):
        known(crowd, profile=TOGETHER.model_copy(update={"co_engagement": CoEngagementSettings(**settings)}))
        assert fits(bench) == expected


def test_links_go_with_their_workspace_and_a_fit_under_way_ends(
    crowd: Workspace, bench: Workbench, large: None
) -> None:
    crowd.fit_links(TOGETHER)
    held, snapshot = crowd._held.links, crowd._snapshot()
    assert list((bench.settings.data / "links").iterdir())
    bench.delete_workspace("crowd")
    assert not list((bench.settings.data / "links").iterdir())
    with pytest.raises(Cancelled):
        held.refresh(snapshot, TOGETHER.co_engagement, 0, lambda: False)
    assert not list((bench.settings.data / "links").iterdir())


def test_a_fit_that_is_cancelled_leaves_the_links_before(crowd: Workspace, large: None) -> None:
    crowd.fit_links(TOGETHER)
    with pytest.raises(Cancelled):
        crowd.fit_links(TOGETHER, cancel=lambda: True)
    assert known(crowd) != []


def test_where_they_cannot_be_kept_they_serve_until_the_end(
    crowd: Workspace, bench: Workbench, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.save", full)
    crowd.fit_links(TOGETHER)
    assert known(crowd) != []
    assert fits(bench) == 0
