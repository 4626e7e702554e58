"""Feedback over real stores: recorded with its target, taught, taken back, and felt in no list."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.feedback import FeedbackKind
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.profile import RerankSettings, ScoringProfile
from tests.doubles import HashingEncoder

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
WATERFALL = "presentation:chart=waterfall"
MAYBE: tuple[FeedbackKind, ...] = ("list", "comment", "suggestion", "view")


@pytest.fixture
def ada(films: Workspace) -> str:
    films.add_persona(Persona("Bo", persona_id="bo"))
    films.add_interactions("bo", [Interaction("klute", "like", NOW - DAY), Interaction("heat", "like", NOW - DAY)])
    pid = films.add_persona(Persona("Ada", persona_id="ada"))
    films.add_interactions(pid, [Interaction("heat", "like", NOW - DAY)])
    return pid


def shown(films: Workspace, pid: str = "ada", explain: str = "full") -> str:
    """Show a list by the profile “Quiet” and return its impression."""
    profile = ScoringProfile(name="Quiet", rerank=RerankSettings(explain=explain))
    return films.show(films.recommend(pid, profile=profile, now=NOW))


def targets(impression: str) -> dict[FeedbackKind, str]:
    return dict(zip(MAYBE, (impression, "klute", "related: more noir", WATERFALL), strict=True))


def give(films: Workspace, impression: str, *, good: bool = True, at: datetime = NOW) -> list[int]:
    return [
        films.feedback("ada", kind, target, good=good, at=at, impression=impression if kind == "comment" else None)
        for kind, target in targets(impression).items()
    ]


def learned(films: Workspace, pid: str = "ada", now: datetime = NOW) -> dict[str, tuple[float, int]]:
    """Return what was learned by name, apart from taste: confidence and pieces of evidence."""
    found = films.preferences(pid, now)
    return {str(one.name): (round(one.confidence, 12), one.count) for one in found if one.category != "taste"}


ALL_TAUGHT = dict.fromkeys(
    ("query:suggestion=related", "data:profile=Quiet", WATERFALL, "presentation:comments=full"), (0.08, 1)
)


def test_every_kind_is_a_row_of_the_log_with_its_target_in_words(films: Workspace, ada: str) -> None:
    impression = shown(films)
    keys = give(films, impression)
    keys.append(films.feedback("ada", "item", "klute", good=False, at=NOW, impression=impression))
    keys.append(films.feedback("ada", "creator", "Pakula", at=NOW))
    rows = {row.key: row for row in films.interactions("ada").rows}
    assert [(rows[key].target_kind, rows[key].action, rows[key].words) for key in keys] == [
        ("list", "like", f"List of {NOW:%Y-%m-%d %H:%M} UTC, by “Quiet”"),
        ("comment", "like", "Comment on Klute"),
        ("suggestion", "like", "Suggestion “more noir” (related)"),
        ("view", "like", "View with chart “waterfall”"),
        ("item", "dislike", "Klute"),
        ("creator", "follow", "Pakula"),
    ]
    assert [row.key for row in films.interactions("ada", target_kind="suggestion").rows] == [keys[2]]
    assert {row.key for row in films.interactions("ada", search="klute").rows} == {keys[1], keys[4]}
    assert [row.key for row in films.interactions("ada", search="more noir").rows] == [keys[2]]


def test_each_teaches_what_it_can_and_takes_it_back(films: Workspace, ada: str) -> None:
    before = learned(films)
    keys = give(films, shown(films))
    assert learned(films) == before | ALL_TAUGHT
    assert films.recompute().agrees
    films.delete_interactions(keys)
    assert learned(films) == before == {}
    films.restore_interactions(keys[:1])
    assert learned(films) == {"data:profile=Quiet": (0.08, 1)}


def test_a_thumb_down_is_contrary_evidence(films: Workspace, ada: str) -> None:
    impression = shown(films)
    give(films, impression, at=NOW - DAY)
    give(films, impression, good=False)
    assert learned(films) == dict.fromkeys(ALL_TAUGHT, (round(0.9 * 0.98 * 0.08, 12), 2))
    points = films.preference_history("ada", "presentation", "chart", "waterfall", now=NOW).points
    assert [(point.action, point.says) for point in points] == [("like", 0.8), ("dislike", 0.0)]


def test_what_a_comment_teaches_is_how_long_it_was(films: Workspace, ada: str) -> None:
    films.feedback("ada", "comment", "klute", at=NOW, impression=shown(films, explain="short"))
    assert learned(films) == {"presentation:comments=short": (0.08, 1)}
    films.feedback("ada", "comment", "klute", at=NOW)
    films.feedback("ada", "comment", "klute", at=NOW, impression=shown(films, explain="none"))
    assert learned(films) == {"presentation:comments=short": (0.08, 1)}, "nobody knows how long these were"


@pytest.mark.parametrize("limit", [1, 1000])
def test_but_for_items_and_creators_it_changes_no_list(films: Workspace, ada: str, limit: int) -> None:
    films.save_preference_settings(PreferenceSettings(history_limit=limit))

    def felt() -> list[object]:
        snapshot, later = films._snapshot(), NOW + DAY
        lists = [films.recommend(pid, now=later).decision() for pid in ("ada", "bo")]
        tastes = [films.taste(pid, now=later).tags for pid in ("ada", "bo")]
        taught = [one for pid in ("ada", "bo") for one in films.preferences(pid, later) if one.category == "taste"]
        counts = [snapshot.like_counts.tolist(), snapshot.velocity(7).shares.tolist(), snapshot.newest_event]
        return [json.dumps(lists), tastes, taught, counts]

    impression, before = shown(films), felt()
    for turn in range(3):
        give(films, impression, good=False, at=NOW + turn * timedelta(hours=1))
        give(films, impression, good=True, at=NOW + turn * timedelta(hours=1))
    assert felt() == before
    films.feedback("ada", "item", "klute", at=NOW)
    now = felt()
    assert all(part != earlier for part, earlier in zip(now, before, strict=True)), "an item is felt everywhere"


def test_feedback_does_not_hide_the_item_that_a_comment_is_about(films: Workspace, ada: str) -> None:
    films.feedback("ada", "comment", "klute", good=False, at=NOW, impression=shown(films))
    assert "klute" in {item.item_id for item in films.recommend("ada").items}
    films.feedback("ada", "item", "klute", good=False, at=NOW)
    assert "klute" not in {item.item_id for item in films.recommend("ada").items}


def test_a_followed_creator_counts(films: Workspace, ada: str) -> None:
    films.feedback("ada", "creator", "Pakula", at=NOW)
    klute = next(item for item in films.recommend("ada", now=NOW).items if item.item_id == "klute")
    assert klute.signals["behaviour"] == pytest.approx(0.3)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_teaches_the_same(films: Workspace, ada: str, seed: int) -> None:
    films.add_persona(Persona("Cy", persona_id="cy"))
    lists = {pid: [shown(films, pid, explain) for explain in ("short", "full")] for pid in ("ada", "cy")}
    rng = np.random.default_rng(seed)
    deeds = [(MAYBE[rng.integers(4)], int(rng.integers(2)), bool(rng.integers(2)), n) for n in range(20)]

    def record(pid: str, number: int) -> None:
        kind, which, good, hours = deeds[number]
        impression = lists[pid][which]
        target = targets(impression)[kind]
        films.feedback(pid, kind, target, good=good, at=NOW - hours * DAY / 4, impression=impression)

    for number in range(20):
        record("ada", number)
    for number in rng.permutation(20).tolist():
        record("cy", number)
        if number % 5 == 0:
            films.preferences("cy", NOW)  # so that what is held is brought up to date bit by bit
    one, other = learned(films, "ada"), learned(films, "cy")
    assert one.keys() == other.keys()
    for name, (confidence, count) in one.items():
        assert (other[name][0], other[name][1]) == (pytest.approx(confidence, abs=1e-9), count)


def test_thumbs_down_move_a_kind_of_suggestion_down_and_out(films: Workspace, ada: str) -> None:
    films.remember("ada", "pursuits", ["klute", "heat", "totoro"])
    [crime] = films.suggestions("ada")
    assert (crime.kind, crime.target) == ("related", "related: more crime")
    assert films.suggestion_standings("ada")["related"] == "usual"
    keys = [films.feedback("ada", "suggestion", crime.target, good=False)]
    assert films.suggestion_standings("ada")["related"] == "last"
    [trend] = films.suggestions("ada")
    assert (trend.kind, trend.text) == ("trending", "crime"), "the same thing is suggested for another reason"
    keys += [films.feedback("ada", "suggestion", trend.target, good=False) for _ in range(3)]
    assert films.suggestion_standings("ada")["trending"] == "left out"
    assert films.suggestions("ada") == (crime,)
    keys += [films.feedback("ada", "suggestion", crime.target, good=False) for _ in range(2)]
    assert films.suggestions("ada") == ()
    assert set(films.suggestion_standings("bo").values()) == {"usual"}
    films.delete_interactions(keys)
    assert films.suggestions("ada") == (crime,)


@pytest.mark.parametrize(
    ("kind", "target", "good", "message"),
    [
        ("creator", "Pakula", False, "followed, not disliked"),
        ("suggestion", "more noir", True, "names no suggestion"),
        ("suggestion", "odd: more noir", True, "names no suggestion"),
        ("suggestion", "related: ", True, "names no suggestion"),
        ("view", "waterfall", True, "names no view"),
        ("view", "taste:genres=noir", True, "names no view"),
        ("preference", WATERFALL, True, "no feedback on 'preference'"),
    ],
)
def test_what_cannot_be_meant_is_told(
    films: Workspace, ada: str, kind: str, target: str, good: bool, message: str
) -> None:
    before = films.interactions("ada").total
    with pytest.raises(InvalidInput, match=message):
        films.feedback("ada", kind, target, good=good)  # type: ignore[arg-type]
    assert films.interactions("ada").total == before


def test_what_is_not_there_is_told(films: Workspace, bench: Workbench, ada: str) -> None:
    theirs = shown(films, "bo")
    for kind, target, impression in (
        ("list", "7f3a", None), ("list", theirs, None), ("item", "nothing", None), ("comment", "nothing", None),
        ("comment", "klute", theirs), ("item", "klute", "7f3a"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            films.feedback("ada", kind, target, impression=impression)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        films.feedback("nobody", "view", WATERFALL)
    other = bench.workspace("other", create=True)
    other.add_persona(Persona("Ada", persona_id="ada"))
    with pytest.raises(NotFound):
        other.feedback("ada", "list", shown(films))


def test_a_workspace_without_the_action_says_so(films: Workspace, ada: str) -> None:
    films.save_actions({"like": 2.5, "view": 1.0})
    with pytest.raises(InvalidInput, match="no action 'dislike'"):
        films.feedback("ada", "view", WATERFALL, good=False)


def test_a_clone_learned_the_same_and_keeps_it_when_the_other_is_erased(films: Workspace, ada: str) -> None:
    give(films, shown(films))
    clone = films.clone_persona("ada", "Ada by night")
    assert learned(films, clone) == ALL_TAUGHT
    films.erase_persona("ada")
    assert learned(films, clone) == ALL_TAUGHT
    words = {row.words for row in films.interactions(clone).rows}
    assert {"List, by “Quiet”", "Comment on Klute"} < words


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(tmp_path / "elsewhere", encoder=HashingEncoder()) as bench:
        yield bench


def test_an_archive_brings_it_all_back(films: Workspace, ada: str, elsewhere: Workbench, tmp_path: Path) -> None:
    give(films, shown(films))
    back = elsewhere.restore(films.export(tmp_path / "films.zip"))
    assert learned(back) == ALL_TAUGHT
    assert [row.words for row in back.interactions("ada").rows] == [row.words for row in films.interactions("ada").rows]


def test_an_import_teaches_what_it_names(films: Workspace, ada: str) -> None:
    impression = shown(films)
    rows = [
        {"user": "ada", "item": target, "action": "like", "time": NOW, "target_kind": kind}
        for kind, target in targets(impression).items()
    ]
    films.import_interactions(pd.DataFrame(rows))
    assert learned(films) == {name: ALL_TAUGHT[name] for name in ALL_TAUGHT if "comments" not in name}


def test_everything_held_names_it_and_erasing_leaves_nothing(films: Workspace, ada: str) -> None:
    give(films, shown(films))
    held = json.loads(films.export_persona("ada"))["held"]["interactions"]
    assert {(row["target_kind"], row["lesson"]) for row in held} == {
        ("item", None), ("list", "data:profile=Quiet"), ("comment", "presentation:comments=full"),
        ("suggestion", "query:suggestion=related"), ("view", None),
    }  # fmt: skip
    assert films.erase_persona("ada")["interactions"] == 5
    assert films.interactions(search="more noir").total == 0


def test_one_entry_of_the_log_is_told_from_other_changes(films: Workspace, ada: str) -> None:
    before = films.revision
    assert not films.changed_by_one_log_entry(before)
    key = films.feedback("ada", "view", WATERFALL)
    assert films.changed_by_one_log_entry(before)
    between = films.revision
    films.delete_interactions([key])
    assert films.changed_by_one_log_entry(between)
    assert not films.changed_by_one_log_entry(before)
    films.feedback("ada", "view", WATERFALL)
    films.save_actions({**films.settings.actions, "hug": 1.0})
    assert not films.changed_by_one_log_entry(between)
