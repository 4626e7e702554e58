"""Recommending over real stores: feedback, moments, profiles, reading only."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tastebench import Filters, Interaction, Item, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.errors import FolderInUse, InvalidInput, InvalidProfile, NotFound
from tastebench.domain.profile import TasteSettings
from tests.doubles import HashingEncoder


@pytest.fixture
def maya(films: Workspace) -> str:
    return films.add_persona(Persona("Maya", interests={"genres": ["crime"]}))


def ids(films: Workspace, persona: str, **asked: object) -> list[str]:
    return [item.item_id for item in films.recommend(persona, **asked).items]


def test_a_like_takes_the_item_out_and_undoing_brings_the_list_back(films: Workspace, maya: str) -> None:
    before = films.recommend(maya, now=datetime.now(UTC) + timedelta(days=1)).decision()
    keys = films.add_interactions(maya, [Interaction("klute", "like")])
    after = films.recommend(maya)
    assert "klute" not in [item.item_id for item in after.items]
    assert after.items[0].signals["behaviour"] is not None
    assert films.delete_interactions(keys) == 1
    moment = datetime.fromisoformat(before["items"] and films.request(maya).now.isoformat())
    again = films.recommend(maya, now=moment + timedelta(days=1)).decision()
    assert again["items"] == before["items"]
    assert films.restore_interactions(keys) == 1
    assert "klute" not in ids(films, maya)


def test_by_hand_the_first_score_is_what_the_design_says(films: Workspace, maya: str) -> None:
    films.add_interactions(maya, [Interaction("parallax", "like")])
    klute = next(item for item in films.recommend(maya).items if item.item_id == "klute")
    assert klute.signals["preference"] == pytest.approx(0.5)  # crime of crime and mystery
    assert klute.contributions["preference"] == pytest.approx(0.25 * 0.5)
    assert klute.contributions["behaviour"] == pytest.approx(0.25 * 0.1)  # one other liked film by Pakula
    assert klute.signals["collaborative"] is None


def test_now_is_the_newest_event_where_the_data_is_old_and_the_page_is_told(films: Workspace, maya: str) -> None:
    assert films.default_now(maya).note == ""
    films.add_interactions(maya, [Interaction("klute", "like", at=datetime(2011, 12, 9))])
    now = films.default_now(maya)
    assert now.at == datetime(2011, 12, 9, tzinfo=UTC)
    assert "09 December 2011" in now.note


def test_an_event_of_one_s_own_ahead_of_the_clock_counts(films: Workspace, maya: str) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3)
    films.add_interactions(maya, [Interaction("klute", "like", at=ahead)])
    assert films.default_now(maya).at == ahead
    assert "klute" not in ids(films, maya)
    assert "klute" in ids(films, maya, now=ahead - timedelta(days=1))


def test_an_item_created_later_or_not_available_does_not_appear(films: Workspace, maya: str) -> None:
    films.save_item(Item("late", "Crime of tomorrow", created_at=datetime.now(UTC) + timedelta(days=5)))
    films.set_available("heat", False)
    shown = ids(films, maya)
    assert "late" not in shown
    assert "heat" not in shown
    films.set_available("heat", True)
    assert "heat" in ids(films, maya)


def test_filters_and_exclusions_hold(films: Workspace, maya: str) -> None:
    assert set(ids(films, maya, filters=Filters(ranges={"year": (1970, 1989)}))) == {"klute", "parallax", "totoro"}
    assert ids(films, maya, filters=Filters(text="TOTO")) == ["totoro"]
    assert ids(films, maya, filters=Filters(facets={"genres": ("crime",)}), exclude_items=["heat"]) == ["klute"]
    assert set(ids(films, maya, filters=Filters(without={"genres": ("crime", "opera")}))) == {"parallax", "totoro"}
    nothing = films.recommend(maya, filters=Filters(facets={"genres": ("opera",)}))
    assert nothing.items == ()
    assert nothing.notes[0].startswith("No item matches")


def test_an_instruction_becomes_a_search_of_its_own(films: Workspace, maya: str) -> None:
    searches = {search.name: search for search in films.recommend(maya, instruction="totoro family").searches}
    assert searches["instruction"].item_ids[0] == "totoro"


def test_the_default_profile_is_used_and_forgotten_with_its_deletion(films: Workspace, maya: str) -> None:
    films.save_profile(ScoringProfile(name="Plain", weights={"popularity": 1}), note="for a demo")
    films.set_default_profile("Plain", 1)
    assert list(films.recommend(maya).items[0].contributions) == ["popularity", "diversity", "llm"]
    assert films.save_profile(ScoringProfile(name="Plain", weights={"similarity": 2})) == 2
    assert films.profile("Plain").weights["similarity"] == 2
    assert films.profile("Plain", 1).weights["popularity"] == 1
    films.delete_profile("Plain")
    assert films.profile() == films.request(maya).profile
    assert films.profile().name == "For You"


def test_what_cannot_be_asked_is_refused_with_the_culprit(films: Workspace, maya: str) -> None:
    with pytest.raises(NotFound, match="nobody"):
        films.recommend("nobody")
    with pytest.raises(InvalidInput, match="limit"):
        films.recommend(maya, limit=0)
    with pytest.raises(InvalidProfile, match="charm"):
        films.recommend(maya, profile=ScoringProfile(weights={"charm": 1}))
    with pytest.raises(NotFound, match="klute2"):
        films.item("klute2")


def test_the_record_holds_request_decision_model_and_notes(films: Workspace, maya: str) -> None:
    ranking = films.recommend(maya, limit=2)
    record = json.loads(ranking.to_json())
    assert list(record) == ["request", "decision", "model", "notes", "timings"]
    assert [item["item_id"] for item in record["decision"]["items"]] == [item.item_id for item in ranking.items]
    assert record["request"]["profile"]["weights"]["similarity"] == 0.3
    assert ranking.to_frame()["score"].tolist() == [item.score for item in ranking.items]


def test_an_impression_can_be_answered(films: Workspace, maya: str) -> None:
    impression = films.show(films.recommend(maya))
    films.add_interactions(maya, [Interaction("klute", "like", impression=impression)])
    assert films.interactions().rows[0].target == "klute"


def test_a_second_process_is_refused_and_readers_are_not(films: Workspace, maya: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(FolderInUse, match="data"):
        Workbench.open(folder, encoder=HashingEncoder())
    expected = films.recommend(maya, now=datetime(2030, 1, 1)).decision()
    with Workbench.open(folder, encoder=HashingEncoder(), read_only=True) as reader:
        assert reader.workspace("films").recommend(maya, now=datetime(2030, 1, 1)).decision() == expected


def test_a_clone_has_the_same_list_and_then_goes_its_own_way(films: Workspace, maya: str) -> None:
    films.add_interactions(maya, [Interaction("parallax", "like")])
    twin = films.clone_persona(maya, "Maya's twin")
    moment = datetime.now(UTC) + timedelta(hours=1)
    same = [item.contributions["similarity"] for item in films.recommend(maya, now=moment).items]
    assert [item.contributions["similarity"] for item in films.recommend(twin, now=moment).items] == same
    films.add_interactions(twin, [Interaction("klute", "like")])
    assert "klute" in ids(films, maya)
    assert "klute" not in ids(films, twin)


def test_a_deleted_persona_comes_back_with_its_history(films: Workspace, maya: str) -> None:
    films.add_interactions(maya, [Interaction("klute", "like")])
    films.delete_persona(maya)
    with pytest.raises(NotFound):
        films.recommend(maya)
    assert films.interactions().total == 0
    films.restore_persona(maya)
    assert "klute" not in ids(films, maya)


def test_similar_items_taste_tags_and_map(films: Workspace, maya: str) -> None:
    neighbours = films.similar("klute")
    assert {n.item_id for n in neighbours} == {"heat", "parallax", "totoro"}
    assert [n.similarity for n in neighbours] == sorted((n.similarity for n in neighbours), reverse=True)
    assert films.tags()["genres"] == {"crime": 2, "family": 1, "mystery": 1, "thriller": 1}
    assert films.attribute_ranges() == {"year": (1971, 1995)}
    assert films.taste(maya).note.startswith("From stated interests")
    drawn = films.map(maya)
    assert set(drawn.frame["item_id"]) == {"klute", "parallax", "heat", "totoro"}
    shown = dict(zip(drawn.frame["item_id"], drawn.frame["tags"], strict=True))
    assert shown["klute"] == films.item("klute").facets["genres"]
    assert drawn.taste is not None
    assert 0 < sum(drawn.explained) <= 1


def test_the_taste_is_that_of_the_default_profile(films: Workspace, maya: str) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    deeds = [Interaction("totoro", "like", now - timedelta(days=400)), Interaction("heat", "like", now)]
    films.add_interactions(maya, deeds)
    before, drawn = films.taste(maya, now), films.map(maya)
    slow = ScoringProfile(name="Slow", taste=TasteSettings(half_life_days=3000))
    films.set_default_profile("Slow", films.save_profile(slow))
    assert films.taste(maya, now) == films.taste(maya, now, slow) != before
    assert films.map(maya).taste != drawn.taste


def test_the_record_of_one_item_is_its_part_of_the_decision(films: Workspace, maya: str) -> None:
    ranking = films.recommend(maya, now=datetime(2030, 1, 1, tzinfo=UTC))
    record, decision = ranking.record("klute"), ranking.decision()
    assert record["item"] == next(one for one in decision["items"] if one["item_id"] == "klute")
    assert (record["of"], record["request"]["persona_id"]) == (decision["total"], maya)
    assert record["request"]["now"] == "2030-01-01T00:00:00+00:00"
    hits = {one["name"]: [hit["item_id"] for hit in one["hits"]] for one in decision["searches"]}
    assert {one["name"] for one in record["found_by"]} == {name for name, found in hits.items() if "klute" in found}
    for one in record["found_by"]:
        assert hits[one["name"]][one["place"] - 1] == "klute"
    with pytest.raises(NotFound, match="'nowhere' is not on this page"):
        ranking.record("nowhere")
