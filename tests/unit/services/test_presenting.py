"""How something is shown, from Python: what was chosen leads to it, and can be forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.preferences import PreferenceSettings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHART = ("presentation", "chart", "bars")


@pytest.fixture
def ada(films: Workspace) -> str:
    return films.add_persona(Persona("Ada", skill_level="advanced", persona_id="ada"))


def test_a_persona_is_shown_what_its_profile_says(films: Workspace, ada: str) -> None:
    films.add_persona(Persona("Bo", skill_level="beginner", persona_id="bo"))
    films.add_interactions("bo", [Interaction("heat", "like", NOW)])
    assert [part.value for part in films.routing("bo").parts.values()] == [
        "beginner",
        "plain",
        "simple",
        "bars",
        "short",
        "csv",
    ]
    assert films.routing(ada).export.value == "json"
    with pytest.raises(NotFound):
        films.routing("nobody")


def test_nine_choices_of_the_operator_make_a_chart_the_default_for_everybody(films: Workspace, ada: str) -> None:
    for _ in range(8):
        films.note_choice(*CHART)
    assert films.choices()[0].confidence == pytest.approx(1 - 0.9**8, abs=1e-6)
    assert films.routing(ada).chart.source == "level"
    films.note_choice(*CHART)
    chart = films.routing(ada).chart
    assert (chart.value, chart.source) == ("bars", "operator")
    assert chart.reason == "You chose it 9 times: confidence .61, and over .60 it counts."
    assert films.routing(ada, operator="bo@example.com").chart.value == "waterfall"


def test_what_is_forgotten_no_longer_leads_to_anything_until_it_is_restored(films: Workspace, ada: str) -> None:
    films.note_choice(*CHART, always=True)
    films.note_choice("data", "export", "csv", operator="bo@example.com")
    keys = films.forget_choices()
    assert (len(keys), films.choices(), films.routing(ada).chart.value) == (1, (), "waterfall")
    assert films.choices("bo@example.com")
    assert films.restore_choices(keys) == 1
    assert films.routing(ada).chart == ("bars", "You said to use it always.", "operator")


def test_the_personas_own_choices_count_as_of_the_moment_that_is_asked_about(films: Workspace, ada: str) -> None:
    for day in range(9):
        films.choose(ada, *CHART, at=NOW + timedelta(hours=day))
    assert films.routing(ada, NOW + timedelta(hours=8)).chart.source == "persona"
    assert films.routing(ada, NOW + timedelta(hours=7)).chart.source == "level"
    assert films.routing(ada, NOW + timedelta(days=3)).chart.source == "level"
    films.pin(ada, *CHART, now=NOW + timedelta(hours=8))
    assert films.routing(ada, NOW + timedelta(days=300)).chart == ("bars", "It is pinned for Ada.", "persona")


def test_a_level_learned_from_the_persona_changes_the_rest(films: Workspace, ada: str) -> None:
    for _ in range(4):
        films.choose(ada, "presentation", "level", "beginner")
    assert [part.value for part in films.routing(ada).parts.values()] == [
        "beginner",
        "plain",
        "simple",
        "bars",
        "short",
        "csv",
    ]
    request = films.request(ada)
    assert films.question(request, films.gather(request)).brief.persona.skill_level == "beginner"


def test_the_language_model_writes_for_the_persona_whatever_the_operator_likes(films: Workspace, ada: str) -> None:
    films.note_choice("presentation", "level", "beginner", always=True)
    assert (films.routing(ada).level.value, films.level(ada)) == ("beginner", "advanced")
    request = films.request(ada)
    assert films.question(request, films.gather(request)).brief.persona.skill_level == "advanced"


def test_where_presentation_is_not_learned_nothing_is(films: Workspace, ada: str) -> None:
    films.note_choice(*CHART, always=True)
    films.choose(ada, "presentation", "level", "beginner")
    films.save_preference_settings(PreferenceSettings(categories=("taste",)))
    assert films.choices() == ()
    assert {part.source for part in films.routing(ada).parts.values()} == {"level"}


def test_choosing_changes_no_ranking_and_no_other_workspace(bench: Workbench, films: Workspace, ada: str) -> None:
    other = bench.workspace("other", create=True)
    before, revision = films.recommend(ada, now=NOW).decision(), films.revision
    films.note_choice(*CHART, always=True)
    assert (films.recommend(ada, now=NOW).decision(), films.revision) == (before, revision)
    assert other.choices() == ()


def test_what_cannot_be_chosen_is_refused(films: Workspace, ada: str) -> None:
    with pytest.raises(InvalidInput, match="There is no chart 'pie'"):
        films.note_choice("presentation", "chart", "pie")
    with pytest.raises(InvalidInput, match=r"strength of 1.5"):
        films.note_choice(*CHART, strength=1.5)
    with pytest.raises(InvalidInput, match="There is no level 'expert'"):
        films.routing(ada, chosen={"level": "expert"})
    with pytest.raises(InvalidInput, match="presentation:size is nothing to choose"):
        films.routing(ada, chosen={"size": "large"})
