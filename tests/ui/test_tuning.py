"""The page of the weights: move a knob, run again, look."""

import json
import re
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from tastebench import ScoringProfile
from tastebench.domain.presets import PRESETS
from tastebench.services import Workspace
from tastebench.services.profile_files import as_toml, read_profile
from tastebench.signals import REGISTRY
from tests.ui.stage import parameter, said, visit, words

PAGE = "pages/tuning.py"


def slider(app: AppTest, path: str):
    return app.slider(key=f"tuning/1/{path}")


def shares(app: AppTest) -> dict[str, str]:
    """The applied share beside each weight, as written."""
    found = re.findall(r'class="tb-figures" title="([\w-]+) has [^"]*"><b>([^<]+)</b>', words(app))
    return dict(found)


def sides(app: AppTest) -> list[list[str]]:
    """The titles of both lists, first to last."""
    html = said(app)
    return [re.findall(r'class="tb-name" title="([^"]*)"', side) for side in html.split("<section>")[1:]]


def titles(workspace: Workspace, profile: ScoringProfile) -> list[str]:
    return [item.title for item in workspace.recommend("maya", limit=10, profile=profile).items]


def test_the_shares_are_the_weights_over_their_sum(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert shares(app) == {
        "Similarity": "30 %", "Preference": "25 %", "Behaviour": "25 %", "Collaborative": "15 %", "Popularity": "5 %",
        "Co-engagement": "0 %", "Neighbours": "0 %", "Repurchase": "0 %", "Freshness": "0 %",
    }  # fmt: skip
    slider(app, "weights.similarity").set_value(0.8)
    app.run()
    assert shares(app)["Similarity"] == "53 %"
    assert shares(app)["Popularity"] == "3 %"
    assert "1 unsaved change" in said(app)


def test_the_lists_are_those_of_both_profiles(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    for name in REGISTRY:
        slider(app, f"weights.{name}").set_value(1.0 if name == "popularity" else 0.0)
    app.run()
    changed = ScoringProfile(weights={"popularity": 1.0})
    assert sides(app) == [titles(films, ScoringProfile()), titles(films, changed)]


def test_unchanged_knobs_change_nothing(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert "Top 10: as it is now." in said(app)
    assert "No unsaved changes" in said(app)
    assert app.button(key="reset").disabled


def test_all_zero_is_refused_with_a_sentence(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    for name in REGISTRY:
        slider(app, f"weights.{name}").set_value(0.0)
    app.run()
    assert not app.exception
    assert "All weights of signals are zero, so nothing can be ranked." in said(app)
    assert sides(app) == []
    assert set(shares(app).values()) == {"0 %"}


def test_knobs_that_need_new_reading_are_read_anew(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert "Chinatown" not in sides(app)[1]
    app.multiselect(key="tuning/1/hide_after").set_value(["dislike"]).run()
    before, after = sides(app)
    assert "Chinatown" not in before
    assert "Chinatown" in after
    assert any(expander.label == "Behaviour · 1 changed" for expander in app.expander)


def test_a_moved_weight_reads_nothing(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = []
    gather = Workspace.gather
    monkeypatch.setattr(Workspace, "gather", lambda self, request: gathered.append(request) or gather(self, request))
    app = visit(PAGE, persona="maya")
    assert len(gathered) == 1
    for path in ("weights.similarity", "behaviour.creator_bonus", "behaviour.seen_penalty", "popularity.likes_share"):
        slider(app, path).set_value(-0.4 if "penalty" in path else 0.4).run()
    assert len(gathered) == 1
    app.number_input(key="tuning/1/taste.half_life_days").set_value(30.0).run()
    assert len(gathered) == 2


def test_a_signal_on_demand_reads_once_when_its_weight_leaves_zero(
    films: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = []
    gather = Workspace.gather
    monkeypatch.setattr(Workspace, "gather", lambda self, request: gathered.append(request) or gather(self, request))
    app = visit(PAGE, persona="maya")
    for weight in (0.3, 0.5, 0.1):
        slider(app, "weights.neighbours").set_value(weight).run()
    assert len(gathered) == 2
    app.number_input(key="tuning/1/neighbours.sharpness").set_value(2.0).run()
    app.selectbox(key="tuning/1/scale").set_value("standardised").run()
    slider(app, "weights.neighbours").set_value(0.0).run()
    assert len(gathered) == 2
    assert not app.exception


def test_a_preset_is_offered_with_what_it_is_for_and_is_started_from(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    for preset in PRESETS:
        assert preset.use in words(app)
        assert preset.cost in words(app)
    slider(app, "weights.popularity").set_value(0.9).run()
    next(button for button in app.button if button.label == "Start from Shop with repeats").click().run()
    assert not app.exception
    assert slider(app, "weights.repurchase").value == 0.7
    assert app.toggle(key="tuning/1/repeats").value is True
    assert app.selectbox(key="tuning/1/scale").value == "standardised"
    assert "No unsaved changes" in said(app)
    assert shares(app)["Repurchase"] == "70 %"
    app.button(key="undo").click().run()
    assert slider(app, "weights.popularity").value == 0.9


def test_a_link_names_the_preset_it_starts_from(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", profile="preset:Jobs", set="repeats:true")
    assert slider(app, "weights.preference").value == 0.45
    assert app.toggle(key="tuning/1/repeats").value is True
    assert "1 unsaved change" in said(app)


def test_influence_is_told_beside_each_weight_and_all_of_it_is_there(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    told = re.findall(r"makes (−?[\d.]+) % of the differences", words(app))
    assert len(told) == len(REGISTRY)
    profile = films.profile()
    influence = films.recommend("maya", profile=profile).influence
    expected = [100 * influence.get(name, 0.0) for name in REGISTRY]
    assert [float(one.replace("−", "-")) for one in told] == pytest.approx(expected, abs=0.1)


def test_changes_survive_another_page_and_can_be_reset_and_brought_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    slider(app, "weights.popularity").set_value(0.9).run()
    app.number_input(key="tuning/1/diversity.cap").set_value(2).run()
    app.switch_page("pages/recommendations.py").run()
    app.switch_page(PAGE).run()
    assert slider(app, "weights.popularity").value == 0.9
    assert "2 unsaved changes" in said(app)
    app.button(key="reset").click().run()
    assert slider(app, "weights.popularity").value == 0.05
    assert "No unsaved changes" in said(app)
    app.button(key="undo").click().run()
    assert slider(app, "weights.popularity").value == 0.9
    assert app.number_input(key="tuning/1/diversity.cap").value == 2


def save(app: AppTest, start: str, name: str = "", note: str = "", *, default: bool = False) -> AppTest:
    key = f"tuning/1/save/{start}"
    if name:
        app.text_input(key=f"{key}/name").set_value(name)
    app.text_input(key=f"{key}/note").set_value(note)
    app.checkbox(key=f"{key}/default").set_value(default)
    app.run()
    return app.button(key="save").click().run()


def test_saving_makes_versions_and_a_new_name_makes_a_fork(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    slider(app, "weights.popularity").set_value(0.9).run()
    save(app, "", note="more popular", default=True)
    assert [(row.name, row.version, row.is_default, row.note) for row in films.profiles()] == [
        ("For You", 1, True, "more popular")
    ]
    assert films.profile().weights["popularity"] == 0.9
    assert "No unsaved changes" in said(app)
    slider(app, "weights.popularity").set_value(0.1).run()
    assert app.button(key="save").label == "Save as version 2"
    save(app, "For You@1", name="Calm")
    assert [(row.name, row.version) for row in films.profiles()] == [("Calm", 1), ("For You", 1)]
    assert "is the default now." not in said(app), "the offer of the save before"
    assert app.selectbox(key="tuning/1/picked").value == "Calm@1"


def test_rolling_back_makes_an_older_version_the_newest(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 1}))
    films.save_profile(ScoringProfile(name="Mine", weights={"popularity": 1}))
    app = visit(PAGE, persona="maya")
    app.selectbox(key="tuning/1/version").set_value(1).run()
    app.button(key="roll_back").click().run()
    assert films.profile("Mine").weights["similarity"] == 1
    assert [row.version for row in films.profiles()] == [3, 2, 1]
    app.button(key="make_default").click().run()
    assert films.profile().name == "Mine"
    app.button(key="undo").click().run()
    assert films.default_profile() is None


def test_rolling_back_the_default_takes_what_people_see_along(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 1}))
    films.save_profile(ScoringProfile(name="Mine", weights={"popularity": 1}))
    films.set_default_profile("Mine", 2)
    app = visit(PAGE, persona="maya")
    app.selectbox(key="tuning/1/version").set_value(1).run()
    app.button(key="roll_back").click().run()
    assert (films.default_profile().version, films.profile().weights["similarity"]) == (3, 1)
    app.button(key="undo").click().run()
    assert films.default_profile().version == 2


def test_undoing_a_roll_back_brings_the_unsaved_changes_back_too(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 1}))
    films.save_profile(ScoringProfile(name="Mine", weights={"popularity": 1}))
    films.set_default_profile("Mine", 2)
    app = visit(PAGE, persona="maya")
    slider(app, "weights.popularity").set_value(0.9).run()
    app.selectbox(key="tuning/1/version").set_value(1).run()
    app.button(key="roll_back").click().run()
    assert "Version 1 is the newest again, as version 3, and the default. 1 unsaved change set aside." in said(app)
    app.button(key="undo").click().run()
    assert films.default_profile().version == 2
    assert slider(app, "weights.popularity").value == 0.9


def test_a_picked_version_moves_every_knob(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Wide", weights={"similarity": 8, "popularity": 2}))
    app = visit(PAGE, persona="maya")
    app.selectbox(key="tuning/1/picked").set_value("Wide@1").run()
    assert slider(app, "weights.similarity").value == 8.0
    assert shares(app)["Similarity"] == "80 %"
    assert "No unsaved changes" in said(app)
    assert sides(app) == [titles(films, ScoringProfile()), titles(films, films.profile("Wide"))]


def test_deleting_a_profile_goes_back_to_the_default(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Wide", weights={"similarity": 7}), "the first")
    films.save_profile(ScoringProfile(name="Wide", weights={"similarity": 8}))
    films.set_default_profile("Wide", 1)
    before = films.profiles()
    app = visit(PAGE, persona="maya")
    app.selectbox(key="tuning/1/picked").set_value("Wide@2").run()
    app.button(key="delete_profile").click().run()
    assert films.profiles() == []
    assert slider(app, "weights.similarity").value == 0.3
    app.button(key="undo").click().run()
    assert films.profiles() == before


def test_the_exports_hold_the_draft(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    slider(app, "weights.popularity").set_value(0.9).run()
    assert [button.label for button in app.download_button] == ["Download as JSON", "Download as TOML"]
    assert "recommend('maya', profile=profile)" in app.code[0].value
    draft = ScoringProfile(weights={**{n: s.default_weight for n, s in REGISTRY.items()}, "popularity": 0.9})
    assert tomllib.loads(as_toml(draft))["weights"]["popularity"] == 0.9
    assert read_profile(json.dumps(draft.model_dump(mode="json")).encode(), "x.json") == draft


def test_a_file_is_loaded_and_a_hostile_one_gives_a_sentence(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    mine = as_toml(ScoringProfile(name="Mine", weights={"popularity": 1})).encode()
    uploader = app.file_uploader(key="tuning/1/file")
    uploader.upload("mine.toml", mine, "application/toml").run()
    assert not app.exception
    assert shares(app)["Popularity"] == "100 %"
    bad = b'{"weights": {"charm": 1}}'
    app.file_uploader(key="tuning/1/file").upload("bad.json", bad, "application/json").run()
    assert "There is no signal 'charm'." in said(app)
    assert shares(app)["Popularity"] == "100 %"


def test_two_side_by_side_and_a_panel(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.segmented_control(key="tuning/1/mode").set_value("two").run()
    assert (parameter(app, "compare"), parameter(app, "with")) == ("two", "joon")
    assert len(sides(app)) == 4
    app.segmented_control(key="tuning/1/mode").set_value("panel").run()
    assert "30 of 30 items kept over 3 personas; 3 lists as now." in said(app)
    app.multiselect(key="tuning/1/panel").set_value(["joon", "sim"]).run()
    assert "over 2 personas" in said(app)
    again = visit(PAGE, persona="maya", compare="panel")
    assert "over 3 personas" in said(again)


def test_a_draft_comes_back_by_its_url(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Wide", weights={"similarity": 8, "popularity": 2}))
    app = visit(PAGE, persona="maya", profile="Wide@1")
    slider(app, "weights.popularity").set_value(4.0).run()
    app.multiselect(key="tuning/1/hide_after").set_value(["like"]).run()
    assert app.query_params["set"] == ["weights.popularity:4.0", 'hide_after:["like"]']
    again = visit(PAGE, persona="maya", profile="Wide@1", set=app.query_params["set"])
    assert slider(again, "weights.popularity").value == 4.0
    assert "2 unsaved changes" in said(again)
    assert sides(again) == sides(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile", "Nobody@1"), ("profile", "@"), ("set", "weights.charm:1"), ("set", "weights.similarity:-1"),
        ("set", "weights.similarity:NaN"), ("set", "hide_after:like"), ("set", "taste.decay:\"never\""), ("set", "x"),
        ("set", "diversity.cap:1.5"), ("set", "diversity.cap:true"), ("set", "search.results:" + "9" * 5000),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_is_said_and_left_out(films: Workspace, name: str, value: str) -> None:
    app = visit(PAGE, persona="maya", **{name: value})
    assert not app.exception
    assert said(app).count("The link ") == 1
    assert "No unsaved changes" in said(app)
    assert name not in app.query_params


@pytest.mark.parametrize(("compare", "who"), [("three", ""), ("two", "nobody")])
def test_a_link_with_unknown_values_gives_a_sentence(films: Workspace, compare: str, who: str) -> None:
    app = visit(PAGE, persona="maya", compare=compare, **({"with": who} if who else {}))
    assert not app.exception
    assert "The link" in said(app)
    assert sides(app)
