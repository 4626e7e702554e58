"""The tab "What we learned" of a persona: look, as of another day, open, edit, undo."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, Persona
from tastebench.domain.errors import IndexUnavailable
from tastebench.services import Workspace
from tests.ui.stage import said, visit, words

PAGE = "pages/personas.py"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def nia(films: Workspace) -> Workspace:
    """The stage with Nia, who liked a noir film a day for six days, and one comedy before."""
    films.add_persona(Persona("Nia", persona_id="nia"))
    now = datetime.now(UTC)  # not when the tests were collected: ages are told on the page
    likes = [Interaction("no0", "like", now - day * DAY) for day in range(6)]
    films.add_interactions("nia", [*likes, Interaction("co0", "like", now - 20 * DAY)])
    return films


def learned(persona: str = "nia") -> AppTest:
    return visit(PAGE, persona=persona, about="What we learned")


def rows(app: AppTest) -> list[tuple[str, str]]:
    """Return each preference on show with its confidence as written."""
    names = [re.sub(r"&#(\d+);", lambda it: chr(int(it[1])), b.label) for b in app.button if _is_row(b.key)]
    bars = [
        html for html in map(str, (one.value for one in app.get("html"))) if html.startswith('<div class="tb-learned">')
    ]
    return list(zip(names, (re.findall(r">(\.\d\d|1\.00)<", bar)[0] for bar in bars), strict=True))


def _is_row(key: str | None) -> bool:
    return re.fullmatch(r"learned_[0-9a-f]{12}", str(key)) is not None


def opened(value: str, persona: str = "nia") -> AppTest:
    app = learned(persona)
    app.button(key=next(b.key for b in app.button if _is_row(b.key) and b.label == value)).click().run()
    return app


def test_each_preference_with_confidence_count_and_age(nia: Workspace) -> None:
    app = learned()
    assert not app.exception
    assert rows(app) == [("Director of noir", ".36"), ("noir", ".36"), ("Director of comedy", ".05"), ("comedy", ".05")]
    told = said(app)
    assert "Established: 2. These count." in told
    assert "Tracked: 2." in told
    assert "6 times · just now" in told
    assert "Knows best, by pieces of evidence: noir (6)" in told


def test_as_of_another_day(nia: Workspace) -> None:
    app = learned()
    app.date_input(key="learned_as_of").set_value((NOW - 10 * DAY).date()).run()
    assert [name for name, _ in rows(app)] == ["Director of comedy", "comedy"]
    assert "later interactions don’t count" in said(app)
    app.date_input(key="learned_as_of").set_value((NOW + 60 * DAY).date()).run()
    assert dict(rows(app))["noir"] == ".11"
    assert "Established" not in said(app)


def test_an_opened_one_shows_how_it_came_about(nia: Workspace) -> None:
    app = opened("noir")
    assert not app.exception
    assert "Confidence .36 from 6 pieces of evidence: established, so it counts." in said(app)
    assert len(app.get("plotly_chart")) == 1
    assert words(app).count("like Chinatown") == 6
    assert ".00 → .08" in said(app)
    app.button(key=next(b.key for b in app.button if b.label == "noir")).click().run()
    assert len(app.get("plotly_chart")) == 0


def test_a_pin_holds_and_is_undone(nia: Workspace) -> None:
    app = opened("noir")
    app.button(key="learned_pin").click().run()
    assert "genres · pinned" in said(app)
    assert "It is pinned there" in said(app)
    assert "Pinned **noir** (genres) at .36" in said(app)
    app.date_input(key="learned_as_of").set_value((NOW + 600 * DAY).date()).run()
    assert dict(rows(app))["noir"] == ".36"
    app.date_input(key="learned_as_of").set_value(None).run()
    app.button(key="undo").click().run()
    assert nia.preference_edits("nia") == ()
    app.button(key="learned_pin").click().run()
    app.button(key="learned_unpin").click().run()
    assert [edit.kind for edit in nia.preference_edits("nia")] == ["pin", "unpin"]


def test_a_correction_counts_at_once(nia: Workspace) -> None:
    app = opened("comedy")
    next(one for one in app.slider if str(one.key).startswith("learned_confidence/")).set_value(0.7)
    app.button(key="learned_correct").click().run()
    assert dict(rows(app))["comedy"] == ".70"
    assert "Set **comedy** (genres) to .70" in said(app)
    assert nia.gather(nia.request("nia")).interests["genres"]["comedy"] == pytest.approx(0.7, abs=1e-3)
    edit = nia.preference_edits("nia")[0]
    app.button(key=f"edit_{edit.key}").click().run()
    assert dict(rows(app))["comedy"] == ".05"
    app.button(key="undo").click().run()
    assert dict(rows(app))["comedy"] == ".70"


def test_what_is_forgotten_leaves_the_list_and_comes_back(nia: Workspace) -> None:
    app = opened("noir")
    app.button(key="learned_forget").click().run()
    assert "noir" not in dict(rows(app))
    assert len(app.get("plotly_chart")) == 0
    app.button(key="undo").click().run()
    assert dict(rows(app))["noir"] == ".36"


def test_an_edit_of_the_past_holds_from_that_day_on(nia: Workspace) -> None:
    app = learned()
    app.date_input(key="learned_as_of").set_value((NOW - 10 * DAY).date()).run()
    app.button(key=next(b.key for b in app.button if b.label == "comedy")).click().run()
    app.button(key="learned_pin").click().run()
    assert nia.preference_edits("nia")[0].at.date() == (NOW - 10 * DAY).date()


def test_many_weak_ones_are_folded(nia: Workspace) -> None:
    for number in range(12):
        nia.correct("nia", "taste", "genres", f"tag {number:02}", 0.1)
    app = learned()
    assert len(rows(app)) == 2 + 8
    app.toggle(key="learned_all_taste").set_value(True).run()
    assert len(rows(app)) == 2 + 14


def test_other_categories_have_their_heads(nia: Workspace) -> None:
    nia.choose("nia", "presentation", "chart", "bar")
    told = said(learned())
    assert "**Taste**" in told
    assert "**Presentation**" in told


def test_somebody_of_whom_nothing_is_learned_is_told_what_to_do(films: Workspace) -> None:
    app = learned("joon")
    assert "Nothing learned yet" in said(app)
    assert app.button(key="learned_empty_button").label == "Record an interaction"


def test_text_from_data_is_shown_letter_by_letter(nia: Workspace) -> None:
    nia.correct("nia", "taste", "genres", "<i>x</i> :red[y]", 0.5)
    app = learned()
    app.button(key=next(b.key for b in app.button if _is_row(b.key) and "x" in b.label)).click().run()
    assert not app.exception
    assert "<i>x" not in words(app)
    assert ":red[y]" not in words(app)


def test_what_cannot_be_read_is_said_calmly(nia: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_arguments: object, **_named: object) -> None:
        raise IndexUnavailable("The vector index does not answer.", "Rebuild it.")

    monkeypatch.setattr(Workspace, "preferences", failing)
    app = learned()
    assert "The vector index does not answer." in said(app)
    assert ">Nia</h2>" in words(app)
