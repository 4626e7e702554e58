"""One persona: who it is, what to do next, what it states, what it likes."""

from collections.abc import Iterable
from functools import partial

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.ui import held, identity, page, undo
from tastebench.ui.components import chips, notes, plain
from tastebench.ui.format import date, escape_html, score
from tastebench.ui.personas import history, learned, listing, personal, state
from tastebench.ui.personas.properties import in_words
from tastebench.ui.theme import colour

_SHOWN = 8


def draw(workspace: Workspace, persona_id: str) -> None:
    """Draw one persona: who it is and what to do next; what it states, likes and did; what we learned of it."""
    persona = workspace.persona(persona_id)
    _head(persona)
    _actions(workspace, persona)
    tabs = st.tabs(list(_TABS), key="about", on_change="rerun", bind="query-params")
    for tab, part in zip(tabs, _TABS.values(), strict=True):
        if tab.open:
            with tab, page.guarded():
                part(workspace, persona)


def _overview(workspace: Workspace, persona: Persona) -> None:
    _stated(persona)
    for part in (_taste, history.draw):
        with page.guarded():  # one that fails must not take the other along
            part(workspace, persona)


def _head(persona: Persona) -> None:
    since = f" · here since {date(persona.created_at)[:10]}" if persona.created_at else ""
    manner = f"{persona.skill_level} · {persona.communication_style} style{since}"
    face = listing.face(persona)
    size = "1.7rem" if len(face) < 3 or not face.isascii() else "1.1rem"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div style="display:flex;gap:.8rem;align-items:center"><div aria-hidden="true" style="font-size:{size};'
            "width:3.4rem;height:3.4rem;border-radius:50%;border:1px solid rgba(138,138,138,.5);display:flex;flex:none;"
            f'align-items:center;justify-content:center">{escape_html(face)}</div><div>'
            f'<h2 style="padding:0;margin:0;font-size:1.4rem;overflow-wrap:anywhere">{escape_html(persona.name)}</h2>'
            f'<div style="opacity:.8;font-size:.9rem">{escape_html(manner)}</div></div></div>',
            width="content",
        )
        listing.origin_badge(persona.origin)


def _actions(workspace: Workspace, persona: Persona) -> None:
    with st.container(horizontal=True, key="persona_actions"):
        if st.button("See recommendations", type="primary", icon=":material/arrow_forward:", key="persona_next"):
            page.go("Recommendations", persona=persona.persona_id)
        st.button("Edit", key="persona_edit", on_click=state.open_form, args=(persona.persona_id,))
        _clone(workspace, persona)
        st.button("Delete", key="persona_delete", on_click=_delete, args=(workspace, persona))
        personal.draw(workspace, persona)


def _clone(workspace: Workspace, persona: Persona) -> None:
    with st.popover("Clone"):
        st.caption("A second persona with the same description, interests and history.")
        st.text_input(
            "Name of the clone", f"{persona.name} (copy)"[:200], max_chars=200, key=_clone_key(workspace, persona)
        )
        st.button("Clone it", key="persona_clone", on_click=_make_clone, args=(workspace, persona))


def _clone_key(workspace: Workspace, persona: Persona) -> str:
    return f"persona_clone_name/{workspace.key}/{persona.persona_id}"


def _make_clone(workspace: Workspace, persona: Persona) -> None:
    name = str(st.session_state[_clone_key(workspace, persona)]).strip() or f"{persona.name} (copy)"[:200]
    with page.guarded():
        clone = workspace.clone_persona(persona.persona_id, name)
        state.made(workspace, clone, f"Cloned {persona.name} as {name}.")


def _delete(workspace: Workspace, persona: Persona) -> None:
    with page.guarded():
        workspace.delete_persona(persona.persona_id)
        undo.offer(f"Deleted {persona.name}.", partial(_restore, workspace, persona.persona_id))
        st.query_params.pop("persona", None)  # else the sidebar would wonder where the persona has gone


def _restore(workspace: Workspace, persona_id: str) -> None:
    workspace.restore_persona(persona_id)
    identity.choose("persona", persona_id)


def _stated(persona: Persona) -> None:
    if persona.description:
        plain(persona.description, style="margin:.2rem 0 .4rem;max-width:46rem;overflow-wrap:anywhere", tag="p")
    lines = [
        f'<div style="margin:.15rem 0">{_label(facet)}{chips(tags)}</div>' for facet, tags in persona.interests.items()
    ]
    values = [f"{name}: {in_words(value)}" for name, value in persona.properties.items()]
    if values:
        lines.append(f'<div style="margin:.15rem 0">{_label("properties")}{chips(values)}</div>')
    if lines:
        st.html("".join(lines))
    elif not persona.description:
        st.caption("States nothing about itself. Edit it to add a description or interests.")


def _taste(workspace: Workspace, persona: Persona) -> None:
    st.subheader("Taste", anchor=False, help="Where the persona stands in the catalogue, from what it states and did.")
    profile = workspace.profile()
    key = (workspace.name, workspace.revision, persona.persona_id, profile.digest())
    taste = held.once("taste", key, lambda: workspace.taste(persona.persona_id, profile=profile))
    notes([taste.note] if taste.note else [])
    if not taste.items and not taste.tags:
        page.link("Interactions", "Record what this persona does", tab="Record")
        return
    tags, items = st.columns(2, gap="medium")
    with tags:
        st.markdown("**Nearest tags**", help="Mean cosine similarity of the taste to the tag’s items, at most 1.")
        _bars((_bar(tag, value, facet) for facet, tag, value in taste.tags[:_SHOWN]), "No two items share a tag.")
    with items:
        st.markdown("**Nearest items**", help="Cosine similarity of the taste to the item, at most 1.")
        _bars((_bar(item.title, item.similarity) for item in taste.items[:_SHOWN]), "No item is available.")


_TABS = {"Overview": _overview, "What we learned": learned.draw}


def _bars(rows: Iterable[str], instead: str) -> None:
    if body := "".join(rows):
        st.html(body)
    else:
        st.caption(instead)


def _label(facet: str) -> str:
    name = escape_html(facet.replace("_", " "))
    return f'<span style="opacity:.75;font-size:.82rem;margin-right:.4rem">{name}</span>'


def _bar(name: str, value: float, facet: str = "") -> str:
    width = 100 * min(max(value, 0.0), 1.0)
    row = "display:flex;justify-content:space-between;gap:.6rem;font-size:.9rem"
    bar = f"height:5px;border-radius:3px;width:{width:.1f}%;background:{colour('similarity')}"
    what = escape_html(name) + (f" {_label(facet)}" if facet else "")
    return (
        f'<div style="margin:.25rem 0"><div style="{row}"><span style="overflow-wrap:anywhere">{what}</span>'
        f'<span>{score(value)}</span></div><div aria-hidden="true" style="background:rgba(138,138,138,.2);'
        f'border-radius:3px"><div style="{bar}"></div></div></div>'
    )
