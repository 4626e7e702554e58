"""The line above a list: what is known of the persona."""

from datetime import timedelta

import streamlit as st

from tastebench.domain.interaction import is_liked
from tastebench.domain.request import Request
from tastebench.services import Workspace
from tastebench.services.views import TasteSummary
from tastebench.ui import held
from tastebench.ui.format import counted, escape_html

WEEK = timedelta(days=7)
TAGS_SHOWN = 4
_EVENTS_READ = 1000


def show(workspace: Workspace, request: Request) -> None:
    """Draw who the list is for, how much they did, what they liked lately, and what their taste comes to."""
    key = (workspace.name, workspace.revision, request.persona_id, request.now, request.profile.digest())
    st.html(held.once("facts", key, lambda: _line(workspace, request)))


def _line(workspace: Workspace, request: Request) -> str:
    persona_id, now = request.persona_id, request.now
    persona = workspace.persona(persona_id)
    done = workspace.interactions(persona_id, until=now, limit=1).total
    recent = workspace.interactions(persona_id, since=now - WEEK, until=now, limit=_EVENTS_READ).rows
    likes = sum(row.target_kind == "item" and is_liked(row.action, row.weight) for row in recent)
    taste = _taste(workspace.taste(persona_id, now=now, profile=request.profile))
    facts = [counted(done, "interaction"), f"{counted(likes, 'like')} in the last 7 days", taste]
    who = f"For {escape_html(persona.name)} · {escape_html(workspace.name)}"
    return f'<div class="tb-facts"><b>{who}</b><span>{" · ".join(facts)}</span></div>'


def _taste(taste: TasteSummary) -> str:
    if tags := [tag for _, tag, _ in taste.tags[:TAGS_SHOWN]]:
        return f"taste: {escape_html(', '.join(tags))}"
    if taste.items:  # a catalogue without tags
        return f"taste: close to {escape_html(taste.items[0].title or taste.items[0].item_id)}"
    return "no taste yet"
