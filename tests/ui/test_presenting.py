"""How an opened item is shown: obeyed, chosen, learned from use, explained, forgotten."""

import html
import json
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tastebench.services import Workspace
from tests.ui.stage import said, visit

PAGE = "pages/recommendations.py"
CHARTS = ("tb-said", "tb-bars", "tb-waterfall")


def read_by(films: Workspace, level: str, style: str = "plain") -> None:
    """Let Maya be a reader of that level."""
    maya = replace(films.persona("maya"), skill_level=level, communication_style=style)  # type: ignore[arg-type]
    films.update_persona("maya", maya)


def opened(item: str = "no3") -> AppTest:
    """A fresh visit, with an item opened."""
    app = visit(PAGE, persona="maya", item=item)
    assert not app.exception
    return app


def look_at(app: AppTest, *items: str) -> AppTest:
    for item in items:
        app.button(key=f"open_{item}").click().run()
        assert not app.exception
    return app


def drawn(app: AppTest) -> list[str]:
    """What of sentences, bars and waterfall is drawn."""
    parts = "".join(str(one.value) for one in app.get("html") if "<style>" not in str(one.value))
    return [kind for kind in CHARTS if f'class="{kind}' in parts or f'tb-table {kind}"' in parts]


def heads(app: AppTest) -> list[str]:
    """The columns of the waterfall."""
    return re.findall(
        r"<th(?: [^>]*)?>(.*?)</th>", next(str(one.value) for one in app.get("html") if "<th>" in str(one.value))
    )


def record(app: AppTest) -> dict:
    """The decision record that is shown; empty where none is."""
    return next((json.loads(one.value) for one in app.code if one.value.startswith("{")), {})


def reasons(app: AppTest) -> str:
    return next(said for one in app.markdown if (said := html.unescape(str(one.value))).startswith("- **Reader"))


def choose(app: AppTest, chart: str) -> AppTest:
    return app.segmented_control(key="view_chart").set_value(chart).run()


def confidence(films: Workspace, value: str) -> float:
    return next((one.confidence for one in films.choices() if one.name.value == value), 0.0)


def test_a_beginner_sees_sentences_and_bars_and_everything_else_one_press_away(films: Workspace) -> None:
    read_by(films, "beginner")
    app = opened()
    assert drawn(app) == ["tb-said", "tb-bars"]
    assert re.search("It is close to your taste: you (liked Chinatown|purchased The Long Goodbye) and ", said(app))
    assert "It matches your interests: noir." in said(app)
    bars = next(str(one.value) for one in app.get("html") if 'class="tb-bars' in str(one.value))
    assert not re.search(r">[+−]\.\d", bars)  # no figure but in the hints
    assert "taken apart" not in said(app)
    assert record(app) == {}

    app.button(key="more_numbers").click().run()
    assert drawn(app) == ["tb-said", "tb-waterfall"]
    assert "Similarity, taken apart" in said(app)
    assert app.button(key="more_numbers").label == "Hide the numbers"
    choose(app, "bars")
    assert re.search(
        r">[+−]\.\d", next(str(one.value) for one in app.get("html") if 'class="tb-bars' in str(one.value))
    )
    app.button(key="more_record").click().run()
    assert record(app)["item"]["item_id"] == "no3"
    app.button(key="more_numbers").click().run()
    assert "taken apart" not in said(app)


def test_an_intermediate_reader_sees_what_there_always_was(films: Workspace) -> None:
    app = opened()
    assert drawn(app) == ["tb-waterfall"]
    assert heads(app) == ["Line", "", "Value", "Weight", "Adds"]
    assert "Similarity, taken apart" in said(app)
    assert record(app) == {}
    assert [str(one.key) for one in app.button if str(one.key).startswith("more_")] == ["more_record"]


def test_an_advanced_reader_sees_the_exact_numbers_and_the_record(films: Workspace) -> None:
    read_by(films, "advanced")
    app = opened()
    assert drawn(app) == ["tb-waterfall"]
    assert heads(app) == ["Line", "", "Value", "Weight", "Exactly", "Adds"]
    ranking = films.recommend("maya", limit=20, now=films.default_now("maya").at)
    item = next(one for one in ranking.items if one.item_id == "no3")
    shown = record(app)
    assert shown["item"]["contributions"].keys() == item.contributions.keys()
    assert shown["item"]["score"] == pytest.approx(sum(shown["item"]["contributions"].values()))
    assert f'<td class="tb-exact">{shown["item"]["score"]!r}</td>' in said(app)
    assert shown["found_by"][0]["name"] == "taste"
    assert not [one for one in app.button if str(one.key).startswith("more_")]


def test_a_friendly_style_opens_with_sentences_and_a_technical_one_goes_a_step_further(films: Workspace) -> None:
    read_by(films, "intermediate", "friendly")
    assert drawn(opened()) == ["tb-said", "tb-waterfall"]
    read_by(films, "beginner", "technical")
    app = opened()
    assert drawn(app) == ["tb-bars"]
    assert "Similarity, taken apart" in said(app)
    assert "Explanation: every line taken apart.** It suits a beginner; Maya’s technical style" in reasons(app)


def test_nine_items_looked_at_in_bars_make_bars_the_default(films: Workspace) -> None:
    app = choose(opened(), "bars")
    others = [str(one.key).removeprefix("open_") for one in app.button if str(one.key).startswith("open_")]
    others.remove("no3")
    look_at(app, *others[:7])
    assert drawn(app) == ["tb-bars"]
    assert confidence(films, "bars") == pytest.approx(1 - 0.9**8, abs=1e-6)
    assert drawn(opened()) == ["tb-waterfall"]
    look_at(app, others[0], others[1])  # once more: they have counted already
    assert confidence(films, "bars") == pytest.approx(1 - 0.9**8, abs=1e-6)

    look_at(app, others[7])
    assert confidence(films, "bars") == pytest.approx(0.6126, abs=1e-4)
    again = opened()
    assert drawn(again) == ["tb-bars"]
    assert "**Chart: bars.** You chose it 9 times: confidence .61, and over .60 it counts." in reasons(again)
    assert "chart bars, 9 times (.61)" in said(again)


def test_what_was_chosen_is_forgotten_and_brought_back(films: Workspace) -> None:
    for _ in range(9):
        films.note_choice("presentation", "chart", "bars")
    app = opened()
    assert drawn(app) == ["tb-bars"]
    app.button(key="view_forget").click().run()
    assert not app.exception
    assert drawn(app) == ["tb-waterfall"]
    assert "**Chart: waterfall.** It suits an intermediate reader." in reasons(app)
    assert "You have chosen nothing so far that is remembered." in said(app)
    assert app.button(key="view_forget").disabled
    app.button(key="undo").click().run()
    assert drawn(app) == ["tb-bars"]


def test_a_choice_of_this_session_holds_for_it_and_is_forgotten_with_the_rest(films: Workspace) -> None:
    app = choose(opened(), "sentences")
    assert drawn(app) == ["tb-said"]
    assert "**Chart: words.** You chose it just now." in reasons(app)
    look_at(app, "no1")
    assert drawn(app) == ["tb-said"]
    app.button(key="view_forget").click().run()
    assert drawn(app) == ["tb-waterfall"]
    assert films.choices() == ()


def test_always_holds_at_once(films: Workspace) -> None:
    app = choose(opened(), "bars")
    assert app.button(key="view_always").label == "Always show bars"
    app.button(key="view_always").click().run()
    assert app.button(key="view_always").disabled
    again = opened()
    assert drawn(again) == ["tb-bars"]
    assert "You said to use it always." in reasons(again)


def test_another_level_shows_all_of_its_view_and_four_items_learn_it(films: Workspace) -> None:
    app = opened()
    app.segmented_control(key="view_level").set_value("advanced").run()
    assert record(app)["item"]["item_id"] == "no3"
    assert heads(app)[-2:] == ["Exactly", "Adds"]
    look_at(app, "no1", "co1")
    assert record(opened()) == {}
    look_at(app, "co2")
    assert confidence(films, "advanced") == pytest.approx(0.3439, abs=1e-4)
    again = opened()
    assert record(again)["item"]["item_id"] == "no3"
    assert "**Reader: advanced.** You chose it 4 times: confidence .34, and from .30 on it counts." in reasons(again)


def test_to_open_the_record_is_half_a_choice_of_the_advanced_reader(films: Workspace) -> None:
    app = opened()
    app.button(key="more_record").click().run()
    app.button(key="more_record").click().run()
    app.button(key="more_record").click().run()
    assert confidence(films, "advanced") == pytest.approx(0.05)


def test_the_usual_download_comes_first(films: Workspace) -> None:
    def kinds(app: AppTest) -> list[tuple[str, str]]:
        return [(one.proto.label[-6:], one.proto.type) for one in app.get("download_button")]

    assert kinds(opened()) == [("0 rows)"[-6:], "primary"), ("(JSON)", "secondary")]
    for _ in range(4):
        films.note_choice("data", "export", "json")
    assert kinds(opened()) == [("(JSON)", "primary"), ("0 rows)"[-6:], "secondary")]


def test_what_the_persona_prefers_is_obeyed_and_said(films: Workspace) -> None:
    films.correct("maya", "presentation", "chart", "bars", 0.7)
    app = opened()
    assert drawn(app) == ["tb-bars"]
    assert "**Chart: bars.** It was set for Maya: confidence .70, and over .60 it counts." in reasons(app)


def test_an_answer_to_a_question_is_shown_in_the_same_way(films: Workspace) -> None:
    read_by(films, "beginner")
    app = visit("pages/ask.py", persona="maya", q="a science fiction film", item="no1", side="personal")
    assert not app.exception
    assert drawn(app) == ["tb-said", "tb-bars"]
    choose(app, "waterfall")
    assert drawn(app) == ["tb-said", "tb-waterfall"]
    app = visit("pages/ask.py", persona="maya", q="a science fiction film", item="no1", side="plain")
    assert drawn(app) == ["tb-said", "tb-bars"]
    assert "It answers the question." in said(app)
