"""What a change of the profile does to one persona's list, shown before it is saved."""

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.ui import held, style
from tastebench.ui.components import notes
from tastebench.ui.tuning.lists import TOP, Pair, side_by_side


def draw(workspace: Workspace, persona: Persona, before: ScoringProfile, after: ScoringProfile) -> None:
    """Draw the top of the list as it is beside the top as it would be, each place with its change."""
    style.apply()
    now = held.now(workspace, persona.persona_id)
    lists = [_ranking(workspace, persona, profile) for profile in (before, after)]
    st.html(side_by_side(Pair(persona.name, *lists)))
    notes([now.note] if now.note else [])


def _ranking(workspace: Workspace, persona: Persona, profile: ScoringProfile) -> Ranking:
    now = held.now(workspace, persona.persona_id).at
    request = workspace.request(persona.persona_id, limit=TOP, now=now, profile=profile)
    return workspace.rank(held.evidence(workspace, request), request)
