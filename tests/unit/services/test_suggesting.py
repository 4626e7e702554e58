"""Suggestions over real stores: held for a while, dropped with what they were made from, of one workspace."""

import pytest

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import NotFound
from tastebench.ranking.suggesting import Suggestion
from tastebench.services.held_suggestions import PERSONAS_HELD, HeldSuggestions

NOIR = (Suggestion("frequent", "noir", "You ask for this weekly."),)


@pytest.fixture
def maya(films: Workspace) -> str:
    return films.add_persona(Persona("Maya"))


def texts(films: Workspace, persona: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in films.suggestions(persona)]


def test_they_follow_what_was_asked_and_shown(films: Workspace, maya: str) -> None:
    assert films.suggestions(maya) == ()
    films.remember(maya, "pursuits", ["klute", "heat", "totoro"])
    assert films.suggestions(maya) == (
        Suggestion("related", "more crime", "Goes with your last question, “pursuits”.", refines=True),
    )
    films.follow_up(maya, "no crime")
    assert texts(films, maya) == []


def test_they_are_held_until_the_log_or_the_conversation_changes(films: Workspace, maya: str) -> None:
    first = films.suggestions(maya)
    assert films.suggestions(maya) is first
    films.note_question(maya, "a crime film")
    films.note_question(maya, "another crime film")
    asked = films.suggestions(maya)
    assert [(one.kind, one.text) for one in asked] == [("frequent", "crime")]
    assert films.suggestions(maya) is asked
    films.add_interactions(maya, [Interaction("heat", "view")])
    assert films.suggestions(maya) is not asked


def test_an_unknown_persona_is_told(films: Workspace) -> None:
    with pytest.raises(NotFound):
        films.suggestions("nobody")


def test_nothing_of_another_workspace(bench: Workbench, films: Workspace, maya: str) -> None:
    other = bench.workspace("other", create=True)
    ada = other.add_persona(Persona("Ada", persona_id=maya))
    films.remember(maya, "pursuits", ["klute", "heat", "totoro"])
    for _ in range(5):
        films.note_question(maya, "a crime film")
        films.add_interactions(maya, [Interaction("heat", "view"), Interaction("klute", "view")])
    assert texts(films, maya)
    assert other.suggestions(ada) == ()


def test_what_is_too_old_is_let_go_of() -> None:
    now = [0.0]
    held = HeldSuggestions(lambda: now[0])
    assert held.once("ada", "basis", lambda: NOIR) == NOIR
    now[0] = 899.0
    assert held.once("ada", "basis", tuple) == NOIR
    assert held.once("ada", "other data", tuple) == ()
    now[0] = 2000.0
    assert held.once("bo", "basis", lambda: NOIR) == NOIR
    assert len(held) == 1
    for number in range(2 * PERSONAS_HELD):
        held.once(f"p{number}", "basis", tuple)
    assert len(held) == PERSONAS_HELD
