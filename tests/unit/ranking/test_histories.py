"""What signals recall of the history: read only where it counts, as of the right moment, and carried over with care."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from tastebench.domain.columns import LogColumns
from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.profile import CoEngagementSettings, ScoringProfile
from tastebench.ranking import Snapshot, gather, recommend
from tests.worlds import NOW, request, snapshot, sources, with_log, worlds

TOGETHER = ScoringProfile(weights={"co_engagement": 1.0}, hide_after=())
DEFAULT = CoEngagementSettings()
MIDNIGHT = NOW - NOW % MICROSECONDS_PER_DAY


def moved(log: LogColumns, row: int, at: int) -> LogColumns:
    """Return the log with one event more, the one at `row` once more at another time."""
    more = log.take(np.append(np.arange(len(log)), row))
    return replace(more, keys=np.append(log.keys, log.keys[-1] + 1), at=np.append(log.at, at))


def test_links_are_read_only_where_they_have_weight() -> None:
    def unwanted(_settings: CoEngagementSettings, _now: int) -> tuple[ItemLinks | None, str]:
        raise AssertionError

    evidence = gather(request(), replace(sources(snapshot(1)), item_links=unwanted))
    assert evidence.histories == {}
    assert "engaged together" not in [search.name for search in evidence.searches]


def test_without_links_there_is_no_evidence_and_a_note_says_why() -> None:
    given_sources = replace(sources(snapshot(1)), item_links=lambda _settings, _now: (None, "Still being fitted."))
    ranking = recommend(request(TOGETHER), given_sources)
    assert "Still being fitted." in ranking.notes
    assert all(item.signals["co_engagement"] is None for item in ranking.items)


def test_what_they_speak_for_is_found_by_a_search_of_its_own() -> None:
    evidence = gather(request(TOGETHER), sources(snapshot(4)))
    search = next(search for search in evidence.searches if search.name == "engaged together")
    values = dict(zip(evidence.keys.tolist(), evidence.histories["co_engagement"].values.tolist(), strict=True))
    np.testing.assert_allclose(search.scores, [values[key] for key in search.keys.tolist()], atol=1e-6)
    assert (search.scores > 0).all()


@given(worlds)
@settings(max_examples=30)
def test_links_know_nothing_of_the_day_of_the_list_and_what_came_after(world: Snapshot) -> None:
    links = world.item_links(DEFAULT, NOW)
    cut_off = with_log(world, world.log.until(MIDNIGHT)).item_links(DEFAULT, NOW)
    assert links.until == MIDNIGHT <= NOW
    np.testing.assert_array_equal(links.items, cut_off.items)
    np.testing.assert_array_equal(links.weights, cut_off.weights)


def test_an_event_of_the_day_leaves_the_links_as_they_are_and_an_older_one_fits_them_anew() -> None:
    world = snapshot(2)
    links = world.item_links(DEFAULT, NOW)
    assert world.relearned(moved(world.log, 0, NOW)).item_links(DEFAULT, NOW) is links
    assert world.relearned(moved(world.log, 0, MIDNIGHT - 1)).item_links(DEFAULT, NOW) is not links
    newest = int(world.log.at.argmax())
    deleted = world.log.take(np.arange(len(world.log)) != newest)
    assert (world.relearned(deleted).item_links(DEFAULT, NOW) is links) == (world.log.at[newest] > MIDNIGHT)


def test_what_only_weighs_the_own_history_fits_nothing_anew() -> None:
    world = snapshot(2)
    other = CoEngagementSettings(decay="position", position_decay=0.5)
    assert world.item_links(other, NOW) is world.item_links(DEFAULT, NOW)
    cautious = CoEngagementSettings(regularisation=500)
    assert world.item_links(cautious, NOW) is not world.item_links(DEFAULT, NOW)
