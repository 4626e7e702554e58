"""The page of a list: act, run again, look."""

import io
import json
import re
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, ScoringProfile
from tastebench.domain.errors import EncoderUnavailable
from tastebench.domain.ranking import ScoredItem
from tastebench.ranking.explain import Explanation
from tastebench.services import Workspace
from tastebench.ui.format import MINUS
from tastebench.ui.recommendations.breakdown import similar_html
from tests.ui.stage import parameter, said, visit, words

PAGE = "pages/recommendations.py"
HIDDEN = {"no0", "co0", "no2"}
"""What Maya liked, disliked or bought."""


def listed(app: AppTest) -> list[str]:
    """The items on the page, in order."""
    return [str(button.key).removeprefix("open_") for button in app.button if str(button.key).startswith("open_")]


def facts(app: AppTest) -> str:
    return next(str(one.value) for one in app.get("html") if "tb-facts" in str(one.value))


def units(text: str) -> int:
    return int(text.replace(MINUS, "-").replace("+", "").replace(".", ""))


def column(app: AppTest, place: int) -> list[str]:
    """One column of the opened item's table, as written."""
    table = next(str(one.value) for one in app.get("html") if "tb-waterfall" in str(one.value))
    rows = re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1])
    return [re.sub(r"<.*?>", "", re.findall(r"<td.*?</td>", row)[place]) for row in rows]


def test_the_list_leaves_out_what_the_persona_is_done_with(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert len(listed(app)) == 10
    assert not HIDDEN & set(listed(app))
    assert "For Maya · films" in facts(app)
    assert "5 interactions · 2 likes in the last 7 days" in facts(app)


def test_the_page_shows_the_very_ranking(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    ranking = films.recommend("maya", limit=20)
    assert listed(app) == [item.item_id for item in ranking.items]
    shown = re.findall(r'<div class="tb-sum"><b title="exactly [^"]*">([^<]+)<', words(app))
    assert [round(item.score * 1000) for item in ranking.items] == pytest.approx([units(one) for one in shown], abs=1)


def test_a_standardised_list_shows_what_each_line_is_measured_by_and_takes_the_history_apart(films: Workspace) -> None:
    weights = {"neighbours": 0.5, "similarity": 0.3, "popularity": 0.2}
    films.save_profile(ScoringProfile(name="Near", weights=weights, scale="standardised"))
    films.set_default_profile("Near", 1)
    item = films.recommend("maya", limit=1).items[0]
    app = visit(PAGE, persona="maya", item=item.item_id)
    assert not app.exception
    table = next(str(one.value) for one in app.get("html") if "tb-waterfall" in str(one.value))
    assert re.findall(r"<th>(.*?)</th>", table) == [
        "Line", "", "Value", "Mean", "Deviation", "Counts as", "Weight", "Adds",
    ]  # fmt: skip
    adds = [units(text) for text in column(app, -1) if text]
    assert sum(adds[:-1]) == adds[-1]
    apart = next(one for one in said(app).split("<h4") if "Neighbours, taken apart" in one)
    assert "Because you liked Chinatown" in apart or "Against it: you liked Chinatown" in apart
    assert "What the candidates have on average" in apart
    parts = re.findall(r'<span title="exactly [^"]*">([^<]+)</span>', apart)
    line = next(text for row, text in zip(column(app, 0), column(app, -1), strict=True) if row == "Neighbours")
    assert sum(map(units, parts)) == units(line)


def test_a_like_takes_the_item_away_and_undo_brings_it_back(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    before = listed(app)
    item = before[0]
    app.button(key=f"like_{item}").click().run()
    assert item not in listed(app)
    assert "6 interactions · 3 likes" in facts(app)
    row = films.interactions("maya", limit=1).rows[0]
    assert (row.target, row.action, row.origin) == (item, "like", "authored")
    app.button(key="undo").click().run()
    assert listed(app) == before
    assert "5 interactions · 2 likes" in facts(app)


@pytest.mark.parametrize("action", ["view", "dislike", "purchase"])
def test_other_feedback_is_recorded_too(films: Workspace, action: str) -> None:
    app = visit(PAGE, persona="maya")
    item = listed(app)[0]
    app.button(key=f"{action}_{item}").click().run()
    assert [row.action for row in films.interactions("maya", limit=1).rows] == [action]
    assert (item in listed(app)) == (action == "view")


def test_the_workspaces_own_actions_stand_in_the_menu(films: Workspace) -> None:
    films.save_actions({**films.settings.actions, "watch_trailer": 2.0})
    app = visit(PAGE, persona="maya")
    item = listed(app)[0]
    menu = app.menu_button(key=f"menu_{item}")
    menu.click("Watch trailer").run()
    assert [(row.target, row.action) for row in films.interactions("maya", limit=1).rows] == [(item, "watch_trailer")]
    app.menu_button(key=f"menu_{item}").click("Follow creator").run()
    row = films.interactions("maya", limit=1).rows[0]
    assert (row.target_kind, row.target) == ("creator", films.item(item).creator)


def test_following_nobody_gives_a_sentence(films: Workspace) -> None:
    films.delete_interactions([row.key for row in films.interactions("maya").rows if row.target == "odd"])
    app = visit(PAGE, persona="maya")
    app.menu_button(key="menu_odd").click("Follow creator").run()
    assert not app.exception
    assert "This item names no creator to follow." in said(app)


def test_leaving_an_item_out_stands_in_the_url_and_can_be_undone(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    before = listed(app)
    app.menu_button(key=f"menu_{before[0]}").click("Leave out of this list").run()
    assert before[0] not in listed(app)
    assert parameter(app, "without") == before[0]
    assert films.interactions("maya").total == 5
    app.button(key="undo").click().run()
    assert listed(app) == before


def test_feedback_answers_the_list_that_was_shown_once(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, given = [], []
    show, add = Workspace.show, Workspace.add_interactions
    monkeypatch.setattr(Workspace, "show", lambda self, ranking: shown.append(show(self, ranking)) or shown[-1])
    monkeypatch.setattr(
        Workspace, "add_interactions", lambda self, persona, events: given.extend(events) or add(self, persona, events)
    )
    app = visit(PAGE, persona="maya")
    app.run()
    assert len(shown) == 1
    app.button(key=f"like_{listed(app)[0]}").click().run()
    assert [event.impression for event in given] == shown[:1]
    assert len(shown) == 2


def test_an_opened_item_adds_up_as_written(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    for item in listed(app)[:4]:
        app.button(key=f"open_{item}").click().run()
        assert not app.exception
        assert parameter(app, "item") == item
        *adds, score = column(app, 4)
        assert sum(units(one) for one in adds if one) == units(score)


def test_no_evidence_is_said_in_words_and_never_a_zero(films: Workspace) -> None:
    app = visit(PAGE, persona="joon", item="no0")
    table = dict(zip(column(app, 0), zip(column(app, 1), column(app, 2), column(app, 4), strict=True), strict=True))
    assert table["Similarity"] == ("no evidence", "", "")
    assert table["Behaviour"] == ("no evidence", "", "")
    assert "No evidence: there is no taste yet" in said(app)


def test_the_breakdown_names_the_history(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", item="no3")
    html = said(app)
    assert "you liked Chinatown" in html or "you purchased The Long Goodbye" in html
    assert "Among the interests: <b>noir</b>" in html
    assert "Stated interests and description" in html
    assert "<b>taste</b>, place" in html


def test_filters_narrow_the_list_and_come_back_by_the_url(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    app.multiselect(key="recommendations/films/facet/genres").set_value(["comedy"]).run()
    assert set(listed(app)) == {"co1", "co2", "co3"}
    assert parameter(app, "tag") == "genres:comedy"
    again = visit(PAGE, persona="maya", tag="genres:comedy", text="general")
    assert listed(again) == ["co1"]
    assert again.text_input(key="recommendations/films/text").value == "general"


def test_nothing_left_offers_to_clear_the_filters(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", text="zzz")
    assert listed(app) == []
    app.button(key="no_items_button").click().run()
    assert len(listed(app)) == 10
    assert "text" not in app.query_params


def test_an_empty_catalogue_shows_the_way_to_it(films: Workspace) -> None:
    for item in films.items(limit=50).items:
        films.set_available(item.item_id, False)
    app = visit(PAGE, persona="maya")
    assert not app.exception
    assert "Nothing to rank yet" in said(app)
    app.button(key="no_catalogue_button").click().run()
    assert not app.exception
    assert app.title[0].value == "Catalogue"


@pytest.mark.parametrize("text", ["", "film"])
def test_a_failure_is_a_sentence_and_the_controls_stay(
    films: Workspace, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def fail(self: Workspace, request: object) -> None:
        raise EncoderUnavailable("The embedding model cannot be loaded.", "Install it again.")

    monkeypatch.setattr(Workspace, "gather", fail)
    app = visit(PAGE, persona="maya", text=text)
    assert not app.exception
    assert len(app.error) == 1
    assert "The embedding model cannot be loaded.  \nInstall it again." in said(app)
    assert app.text_input(key="recommendations/films/text").value == text


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("page", "many", "asks for page many"),
        ("as_of", "soon", "as of soon"),
        ("profile", "Nobody@1", "the profile Nobody@1"),
        ("tag", "genres:opera", "filters by genres:opera"),
        ("range", "year:1..2", "filters by year:1..2"),
        ("item", "unheard-of", "unheard-of isn't on this page"),
    ],
)
def test_a_link_with_unknown_values_gives_a_sentence(films: Workspace, name: str, value: str, says: str) -> None:
    app = visit(PAGE, **{"persona": "maya", name: value})
    assert not app.exception
    assert says in said(app).replace("\u2060", "")
    assert listed(app)


def test_as_of_an_earlier_day_the_later_log_does_not_count(films: Workspace) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    app = visit(PAGE, persona="maya", as_of=f"{long_ago:%Y-%m-%d}")
    assert "0 interactions" in facts(app)
    assert set(listed(app)) >= HIDDEN
    app.button(key="like_no0").click().run()
    recorded = films.interactions("maya", until=long_ago + timedelta(days=1)).rows[0]
    assert recorded.at.date() == long_ago.date()
    assert "no0" not in listed(app)


def test_an_old_workspace_keeps_its_taste_when_feedback_is_given(films: Workspace) -> None:
    old = datetime(2011, 12, 9, tzinfo=UTC)
    films.delete_interactions([row.key for row in films.interactions().rows])
    films.add_interactions("maya", [Interaction("no0", "like", at=old)])
    app = visit(PAGE, persona="maya")
    assert "09 December 2011" in said(app)
    assert "What you record here is recorded as of 2011-12-09" in said(app)
    app.button(key="like_no1").click().run()
    assert films.interactions("maya", limit=1).rows[0].at == old + timedelta(microseconds=1)
    assert "2 interactions · 2 likes in the last 7 days" in facts(app)


def test_pages_join_up_and_one_past_the_end_gives_the_last(films: Workspace) -> None:
    more = pd.DataFrame([{"id": f"x{n:02}", "title": f"Film {n}", "genres": ["noir"]} for n in range(30)])
    films.import_items(more)
    app = visit(PAGE, persona="maya")
    first = listed(app)
    app.button(key="Next_below").click().run()
    assert parameter(app, "page") == "2"
    assert first + listed(app) == [item.item_id for item in films.recommend("maya", limit=40).items]
    last = visit(PAGE, persona="maya", page="9")
    assert listed(last) == listed(app)
    assert last.button(key="Next_above").disabled
    assert parameter(last, "page") == "2"


def test_the_bare_address_gives_the_usual_view_but_the_navigation_keeps_it(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", text="general")
    assert listed(app) == ["co1"]
    app.switch_page("pages/tuning.py").run()
    app.switch_page(PAGE).run()
    assert parameter(app, "text") == "general"
    del app.query_params["text"]  # as the browser's Back does
    app.run()
    assert len(listed(app)) == 10
    assert "text" not in app.query_params


def test_another_persona_starts_at_the_top(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", item="no3")
    app.selectbox(key="pick_persona").set_value("joon").run()
    assert "For Joon" in facts(app)
    assert "item" not in app.query_params


def test_a_saved_profile_can_be_chosen(films: Workspace) -> None:
    films.save_profile(ScoringProfile(name="Only popular", weights={"popularity": 1}))
    app = visit(PAGE, persona="maya")
    app.selectbox(key="recommendations/films/profile").set_value("Only popular@1").run()
    assert parameter(app, "profile") == "Only popular@1"
    ranking = films.recommend("maya", limit=20, profile=films.profile("Only popular"))
    assert listed(app) == [item.item_id for item in ranking.items]


def test_the_downloads_hold_the_list(films: Workspace) -> None:
    from tastebench.ui.recommendations.downloads import csv_of

    request = films.request("maya", limit=2)
    evidence = films.gather(request)
    ranking = films.rank(evidence, request)
    table = pd.read_csv(io.BytesIO(csv_of(films, evidence, ranking)))
    assert len(table) == ranking.total == 10
    assert table["item_id"].tolist()[:2] == [item.item_id for item in ranking.items]
    assert table["score"].tolist()[:2] == [item.score for item in ranking.items]
    assert json.loads(ranking.to_json())["decision"]["total"] == 10
    app = visit(PAGE, persona="maya")
    assert "workspace=films&persona=maya" in app.code[0].value or "persona=maya&workspace=films" in app.code[0].value


def test_titles_with_markup_are_shown_letter_by_letter(films: Workspace) -> None:
    app = visit(PAGE, persona="maya", item="odd")
    assert not app.exception
    assert "<b>Odd" not in words(app)
    assert app.button(key="like_odd").label.startswith("Like ")


def test_buttons_say_what_and_to_which(films: Workspace) -> None:
    app = visit(PAGE, persona="maya")
    assert app.button(key="like_no1").label == "Like Klute"
    assert app.button(key="dislike_no1").label == "Dislike Klute"


def test_a_long_history_is_taken_apart_to_its_last_item_in_one_scale(films: Workspace) -> None:
    now = datetime.now(UTC)
    for hours, item in enumerate(("no1", "no2", "co0", "co1", "co2", "sc0", "sc2", "odd"), 1):
        films.add_interactions("joon", [Interaction(item, "like", now - timedelta(hours=hours))])
    app = visit(PAGE, persona="joon", item="no3")
    assert not app.exception
    (html,) = [one for one in re.findall(r"<div class=\"tb-parts\">.*?</details>", said(app)) if "one by one" in one]
    above, folded = html.split("<details")
    amounts = [float(one) for one in re.findall(r'title="exactly ([^"]+)"', folded)]
    together = float(re.search(r"2 other items of the history</span>.*?exactly ([^\"]+)", above)[1])
    assert sum(amounts) == pytest.approx(together, abs=1e-12)
    widths = [float(one) for one in re.findall(r"width:([\d.]+)%", folded)]
    largest = max(abs(float(one)) for one in re.findall(r'title="exactly ([^"]+)"', above))
    assert widths == [pytest.approx(100 * abs(one) / largest, abs=0.06) for one in amounts]


def test_who_similar_likes_it_is_said_beside_what_that_is_measured_by(films: Workspace) -> None:
    item = ScoredItem("no0", "Chinatown", 1, {}, {"collaborative": 0.25}, {"collaborative": 0.04})
    facts = {"scales": {}, "parts": {}, "tags": {}, "popularity": {}, "found_by": ()}
    explanation = Explanation(similar_personas=(("maya", 0.9),), neighbours=10, **facts)  # type: ignore[arg-type]
    said = re.sub("<[^>]+>", "", similar_html(films, item, explanation))
    assert said == "1 of the 10 people with the most similar taste: Maya. The most that any item here has is 4."
