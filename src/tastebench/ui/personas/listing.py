"""Who there is: the list of personas with search, origin filter and pages."""

import streamlit as st

from tastebench.domain.persona import Origin, Persona
from tastebench.services import Workspace
from tastebench.services.views import PersonaPage, PersonaSummary
from tastebench.ui import identity, paging, style
from tastebench.ui.components import plain
from tastebench.ui.format import ago, count, date, escape
from tastebench.ui.personas import state

PAGE_SIZE = 10

_PAGE = "personas_page"
_SEARCH = "personas_search"
_ORIGIN = "personas_origin"
_ORIGINS: tuple[Origin, ...] = ("authored", "imported", "simulated")
_CSS = """
.tb-activity { font-size:.85rem; opacity:.8; text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap }
.st-key-personas_list [data-testid="stElementContainer"]:has(.tb-activity) { margin-left:auto }
.tb-head { display:flex; justify-content:space-between; font-size:.8rem; padding:.3rem 0 }
.st-key-personas_list [class*="st-key-open_"] { min-width:6.5rem; flex:1 1 6.5rem }
.st-key-personas_list [class*="st-key-open_"] button { min-height:2.2rem; padding:.15rem .3rem }
.st-key-personas_list [class*="st-key-open_"] button, .st-key-personas_list [class*="st-key-open_"] button * {
  justify-content:flex-start; text-align:left }
.st-key-personas_list [class*="st-key-open_"] button[kind="secondary"] { font-weight:600 }
@media (max-width: 640px) {
  [data-testid="stHorizontalBlock"]:has(.st-key-personas_people) { flex-direction:column-reverse }
}
"""
_BADGES = {"authored": "gray", "imported": "blue", "simulated": "violet"}
_MEANING = {
    "authored": "Written by hand here",
    "imported": "Came from a file",
    "simulated": "Invented by a program: nobody real, and no evidence of anybody's behaviour",
}


def draw(workspace: Workspace, opened: str | None) -> None:
    """Draw the list; choosing an entry opens that persona, here and in the sidebar."""
    search, origin = _filters()
    found = _page(workspace, search, origin)
    if not found.total:
        plain("Nobody here matches. Search for less, or show every origin.", style="opacity:.8")
        st.button("Show everyone", on_click=_show_everyone, key="personas_everyone")
        return
    with st.container(gap=None, key="personas_list"):
        style.apply(_CSS)
        st.html('<div class="tb-activity tb-head"><span>Persona</span><span>Interactions · newest</span></div>')
        for summary in found.personas:
            _row(summary, opened=summary.persona.persona_id == opened)
    paging.pages(_PAGE, PAGE_SIZE, found.total, "persona")


def face(persona: Persona) -> str:
    """Return a persona's face, or the initials of the name where it has none.

    Examples
    --------
    >>> face(Persona("Maya Lin")), face(Persona("Joon", face="🎧"))
    ('ML', '🎧')
    """
    words = [word for word in persona.name.split() if word[0].isalnum()]
    return persona.face or "".join(word[0] for word in words[:2]).upper() or "?"


def origin_badge(origin: Origin) -> None:
    """Draw where a persona comes from, in words."""
    st.badge(origin, color=_BADGES[origin], help=_MEANING[origin])  # type: ignore[arg-type]


def activity(summary: PersonaSummary) -> str:
    """Return how many interactions a persona has and how long ago the newest is, in few words."""
    return f"{count(summary.interactions)} · {ago(summary.newest_event)}" if summary.interactions else "none yet"


def _page(workspace: Workspace, search: str, origin: Origin | None) -> PersonaPage:
    # Which page is on show depends on how many there are, and that is known from the first answer.
    found = workspace.personas(search=search, origin=origin, limit=PAGE_SIZE)
    start = paging.offset(_PAGE, PAGE_SIZE, found.total)
    return workspace.personas(search=search, origin=origin, limit=PAGE_SIZE, offset=start) if start else found


def _filters() -> tuple[str, Origin | None]:
    search = st.text_input(
        "Search personas", key=_SEARCH, placeholder="name or description", icon=":material/search:", live=True,
        max_chars=200, on_change=paging.first_page, args=(_PAGE,), bind="query-params",
    )  # fmt: skip
    origin = st.segmented_control(
        "Origin", ["all", *_ORIGINS], default="all", required=True, key=_ORIGIN, label_visibility="collapsed",
        on_change=paging.first_page, args=(_PAGE,), bind="query-params", wrap=True,
    )  # fmt: skip
    return (search or "").strip(), next((one for one in _ORIGINS if one == origin), None)


def _show_everyone() -> None:
    st.session_state[_SEARCH] = ""
    st.session_state[_ORIGIN] = "all"
    paging.first_page(_PAGE)


def _row(summary: PersonaSummary, *, opened: bool) -> None:
    persona = summary.persona
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            escape(f"{persona.face} {persona.name}"), key=f"open_{persona.persona_id}", width="stretch",
            type="secondary" if opened else "tertiary", on_click=_open, args=(persona.persona_id,), wrap=True,
        )  # fmt: skip
        origin_badge(persona.origin)
        hint = date(summary.newest_event)
        st.html(f'<div class="tb-activity" title="{hint}">{activity(summary)}</div>', width=120)


def _open(persona_id: str) -> None:
    state.close_form()
    identity.choose("persona", persona_id)
