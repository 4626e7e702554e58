"""The page that measures: ask, wait, read, search, adopt, go back."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, Persona, ScoringProfile
from tastebench.domain.errors import Cancelled
from tastebench.services import Workbench, Workspace
from tastebench.signals import REGISTRY
from tests.ui.stage import parameter, said, visit, words
from tests.worlds import NOW, from_micros

PAGE = "pages/evaluation.py"
DAY = 86_400_000_000


@pytest.fixture
def lively(films: Workspace) -> Workspace:
    """Six more people, who like six films each, one a day."""
    ids = [item.item_id for item in films.items(limit=100).items]
    for number in range(6):
        films.add_persona(Persona(f"Fan {number}", persona_id=f"f{number}"))
        liked = np.random.default_rng(number).permutation(ids)[:6]
        deeds = [Interaction(str(item), "like", from_micros(NOW + day * DAY)) for day, item in enumerate(liked)]
        films.add_interactions(f"f{number}", deeds)
    return films


def bench() -> Workbench:
    from tastebench.ui import page

    return page.workbench()


def waited(app: AppTest, slot: str) -> AppTest:
    """Run the page until the slot's job has ended; a quick one ended within the run that started it."""
    if slot in app.query_params:
        job = bench().jobs.find(parameter(app, slot).partition(" ")[0])
        assert job is not None
        assert job.wait(60)
        app.run()
    return app


def box(app: AppTest, name: str):
    return app.selectbox(key=f"evaluation/1/{name}")


def number(app: AppTest, name: str):
    return app.number_input(key=f"evaluation/1/{name}")


def rows(app: AppTest, name: str) -> list[list[str]]:
    """The cells of a table, tags taken out."""
    table = re.search(rf'<table[^>]*aria-label="{name}".*?</table>', said(app), re.DOTALL)
    assert table is not None, name
    lines = re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)[1:]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)] for line in lines]


def measured(app: AppTest) -> AppTest:
    return waited(app.button(key="measure").click().run(), "evaluating")


def searched(app: AppTest) -> AppTest:
    app.segmented_control(key="evaluation/1/view").set_value("search").run()
    number(app, "vectors").set_value(100).run()
    return waited(app.button(key="search").click().run(), "searching")


def test_before_anything_was_measured_it_says_so(lively: Workspace) -> None:
    app = visit(PAGE)
    assert not app.exception
    assert "Nothing measured yet" in said(app)
    app.segmented_control(key="evaluation/1/view").set_value("search").run()
    assert "Nothing searched yet" in said(app)


def test_the_leaderboard_has_every_method_best_first_and_the_default_in_bold(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    assert not app.exception
    assert not app.error
    (head,) = lively.evaluations()
    report = lively.evaluation(head.key).report
    table = rows(app, "Leaderboard by NDCG@10")
    assert {line[0] for line in table} == {method.label for method in report.methods}
    means = {one.method.label: one.mean[0] for one in report.standings("ndcg")}
    assert [means[line[0]] for line in table] == sorted(means.values(), reverse=True)
    assert re.search(r'<tr class="tb-reference"><td><span title="For You \(default\)"', said(app))
    assert len(app.get("plotly_chart")) == 3


def test_what_is_asked_is_what_is_measured(lively: Workspace) -> None:
    lively.save_profile(ScoringProfile(name="Bold", weights={"popularity": 1}))
    app = visit(PAGE)
    box(app, "split").set_value("share").run()
    number(app, "share").set_value(40)
    number(app, "k").set_value(5)
    number(app, "seed").set_value(3)
    app.multiselect(key="evaluation/1/profiles").set_value(["Bold v1"]).run()
    measured(app)
    (head,) = lively.evaluations()
    report = lively.evaluation(head.key).report
    assert (report.settings.split.kind, report.settings.split.share) == ("share", 0.4)
    assert (report.settings.k, report.settings.seed) == (5, 3)
    assert head.label == "Top 5 of each persona's last 40 %, new items · Bold v1"
    assert report.methods[1].label == "Bold v1"


def test_another_metric_and_the_front(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    box(app, "metric").set_value("recall").run()
    assert rows(app, "Leaderboard by Recall@10")
    box(app, "against").set_value("diversity").run()
    table = rows(app, "Recall against Diversity")
    front = [line[0] for line in table if line[-1] == "yes"]
    assert front
    for name in front:
        mine = next(line for line in table if line[0] == name)
        others = [line for line in table if line[0] != name and "unknown" not in line]
        assert not any(float(o[1]) > float(mine[1]) and float(o[2]) > float(mine[2]) for o in others)


def test_by_length_of_history_and_beside_others(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    app.multiselect(key="evaluation/1/sliced").set_value(["baseline:popular"]).run()
    table = rows(app, "NDCG by length of history")
    assert [line[0] for line in table] == ["1 to 5 likes"]
    assert table[0][1] == str(len(lively.evaluation(lively.evaluations()[0].key).report.personas))
    app.segmented_control(key="evaluation/1/by").set_value("origin").run()
    assert rows(app, "NDCG by origin")


def test_who_wins_and_loses_with_a_way_to_both_lists(lively: Workspace) -> None:
    lively.save_profile(ScoringProfile(name="Bold", weights={"popularity": 1}))
    app = visit(PAGE)
    app.multiselect(key="evaluation/1/profiles").set_value(["Bold v1"]).run()
    measured(app)
    assert box(app, "winning").value == "profile:Bold v1"
    report = lively.evaluation(lively.evaluations()[0].key).report
    change = report.of("profile:Bold v1", "ndcg") - report.of("default", "ndcg")
    assert f"In NDCG, {int((change > 0).sum())} persona" in said(app)
    links = [one.proto for one in app.get("page_link")]
    both = [one for one in links if one.label == "both lists"]
    assert len(both) == int(min((change > 0).sum(), 5) + min((change < 0).sum(), 5))
    assert all("profile=Bold%401" in one.query_string for one in both)


def test_it_survives_a_reload_and_another_page(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    run = parameter(app, "run")
    assert rows(visit(PAGE, run=run), "Leaderboard by NDCG@10")
    app.switch_page("pages/tuning.py").run()
    app.switch_page(PAGE).run()
    assert rows(app, "Leaderboard by NDCG@10")


def test_a_link_to_what_is_not_there_says_so(lively: Workspace) -> None:
    app = visit(PAGE, run="999")
    assert "The link asks for the evaluation 999, which isn't here" in said(app)


def test_the_data_has_changed_since(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    assert "The data has changed" not in said(app)
    lively.add_interactions("joon", [Interaction("co0", "like")])
    app.run()
    assert "The data has changed since this was measured" in said(app)


def test_compared_with_an_earlier_one(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    number(app, "seed").set_value(1).run()
    measured(app)
    new, old = lively.evaluations()
    app.selectbox(key=f"evaluation/1/earlier/{new.key}").set_value(old.key).run()
    table = rows(app, "Compared with another evaluation")
    default = next(line for line in table if line[0] == "For You (default)")
    assert default[1].split()[0] == default[2].split()[0]
    assert default[3].startswith(".000")
    assert {line[0] for line in table} == {one.label for one in lively.evaluation(new.key).report.methods}


def test_deleting_what_is_shown(lively: Workspace) -> None:
    app = measured(visit(PAGE))
    app.button(key="delete_run").click().run()
    assert lively.evaluations() == []
    assert "Nothing measured yet" in said(app)


def test_nobody_to_test_is_said_with_a_next_step(films: Workspace) -> None:
    app = visit(PAGE)
    box(app, "split").set_value("clock").run()
    app.date_input(key="evaluation/1/clock").set_value(films.summary().newest_event.date()).run()
    measured(app)
    assert not app.exception
    assert "Nobody has a like to be held out" in said(app)
    assert films.evaluations() == []


def test_a_running_one_can_be_cancelled(lively: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self, profiles, settings, *, progress, cancel):
        while not cancel():
            pass
        raise Cancelled("The evaluation was stopped.")

    monkeypatch.setattr(Workspace, "evaluate", slow)
    app = visit(PAGE)
    app.button(key="measure").click().run()
    assert app.button(key="measure").disabled
    next(button for button in app.button if button.label == "Cancel").click().run()
    waited(app, "evaluating")
    assert "Stopped." in said(app)
    assert not app.button(key="measure").disabled


def test_a_search_shows_candidates_and_what_each_would_change(lively: Workspace) -> None:
    app = searched(visit(PAGE))
    assert not app.exception
    assert not app.error
    (head,) = lively.evaluations()
    report = lively.weight_search(head.key).report
    assert report.verdict in said(app)
    table = rows(app, "The best candidates")
    assert 0 < len(table) <= 12
    assert table[0][0] == "1"
    app.multiselect(key="evaluation/1/panel").set_value(["maya", "f0"]).run()
    assert "over 2 personas" in said(app)
    app.selectbox(key=f"evaluation/1/candidate/{head.key}").set_value(1).run()
    assert not app.exception


def test_what_may_change_and_what_must_hold(lively: Workspace) -> None:
    app = visit(PAGE)
    app.segmented_control(key="evaluation/1/view").set_value("search").run()
    box(app, "objective").set_value("recall")
    app.multiselect(key="evaluation/1/signals").set_value(["similarity", "popularity"])
    app.multiselect(key="evaluation/1/strengths").set_value([0.0, 0.1])
    app.multiselect(key="evaluation/1/cautions").set_value([10.0])
    app.toggle(key="evaluation/1/places").set_value(True)
    app.toggle(key="evaluation/1/scales").set_value(True)
    number(app, "coverage").set_value(10)
    number(app, "bias").set_value(0.5).run()
    number(app, "vectors").set_value(100).run()
    waited(app.button(key="search").click().run(), "searching")
    (head,) = lively.evaluations()
    search = lively.weight_search(head.key).report.search
    assert (search.objective, search.signals, search.vectors) == ("recall", ("similarity", "popularity"), 100)
    assert search.axes == {
        "scale": ("raw", "standardised"),
        "co_engagement.regularisation": (10.0,),
        "taste.decay": ("age", "position"),
        "co_engagement.decay": ("age", "position"),
        "diversity.strength": (0.0, 0.1),
    }
    assert (search.least_coverage, search.most_popularity_bias) == (0.1, 0.5)


def test_adopting_makes_a_profile_and_undo_brings_the_old_default_back(lively: Workspace) -> None:
    app = searched(visit(PAGE))
    (head,) = lively.evaluations()
    best = lively.weight_search(head.key).report.best
    assert best is not None
    before = lively.profile()
    field = f"evaluation/1/adopt/{head.key}"
    assert app.text_input(key=f"{field}/name").value == "For You tuned"
    app.checkbox(key=f"{field}/default").set_value(True).run()
    app.button(key="adopt").click().run()
    assert not app.exception
    assert lively.profile().weights == best.weights
    assert [(row.name, row.is_default) for row in lively.profiles()] == [("For You tuned", True)]
    app.button(key="undo").click().run()
    assert lively.profile().weights == before.weights
    lively.set_default_profile("For You tuned", 1)
    app.run()
    app.text_input(key=f"{field}/name").set_value("Third").run()
    app.button(key="adopt").click().run()
    assert lively.profile("Third").weights == best.weights
    app.button(key="undo").click().run()
    assert lively.profile().name == "For You tuned"


def test_names_from_data_are_shown_letter_by_letter(lively: Workspace) -> None:
    lively.save_profile(ScoringProfile(name="<b>Bold</b> *x*", weights={"popularity": 1}))
    app = visit(PAGE)
    app.multiselect(key="evaluation/1/profiles").set_value(["<b>Bold</b> *x* v1"]).run()
    measured(app)
    assert not app.exception
    assert "<b>Bold</b>" not in words(app)
    assert "&lt;b&gt;Bold" in words(app)


def test_every_signal_is_among_those_that_may_have_weight(lively: Workspace) -> None:
    app = visit(PAGE)
    app.segmented_control(key="evaluation/1/view").set_value("search").run()
    assert app.multiselect(key="evaluation/1/signals").value == list(REGISTRY)
