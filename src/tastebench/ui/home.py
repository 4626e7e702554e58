"""Home: the workspaces, how well each part is, ways to begin."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.services import Workbench
from tastebench.services.views import PartHealth, WorkspaceSummary
from tastebench.ui import demo, identity, jobs
from tastebench.ui.components import card_title, figure_list, message
from tastebench.ui.format import ago, count, date, escape, escape_html
from tastebench.ui.page import go
from tastebench.ui.workspace_dialogs import create_workspace, delete_workspace, rename_workspace

_STATES = {"well": ("●", "Well"), "warning": ("▲", "Needs attention"), "down": ("✕", "Down"), "off": ("○", "Off")}
_REBUILD = "rebuild"
_FILMS = "400 films with genres and themes, eight personas with weeks of history and 200 simulated ones."
_SHOP = "An invented gift shop: products and invoices, with the dirt such files have."
_OWN = "Items, interactions or invoices from CSV, JSON Lines or Parquet."


def show_workspaces(bench: Workbench) -> None:
    """Draw a card per workspace, equal in size, with its figures and what can be done with it."""
    summaries = bench.workspaces()
    if not summaries:
        return
    st.subheader("Workspaces", anchor=False)
    for card, summary in zip(_cells(len(summaries), "workspaces"), summaries, strict=True):
        with card:
            _workspace_card(bench, summary)


def show_beginnings(bench: Workbench) -> None:
    """Draw the three ways to begin: films, shop, your own file."""
    known = {summary.name for summary in bench.workspaces()}
    st.subheader("Begin" if not known else "Add a workspace", anchor=False)
    busy = demo.loading(bench)
    films, shop, own = _cells(3, "beginnings")
    if _beginning(films, "Films demo", _FILMS, "Load the films demo", first=not known, busy=busy):
        demo.start(bench, "films")
        st.rerun()
    if _beginning(shop, "Shop demo", _SHOP, "Load the shop demo", busy=busy):
        demo.start(bench, "shop")
        st.rerun()
    if _beginning(own, "Your own data", _OWN, "Import your own"):
        create_workspace(bench)


def show_health(bench: Workbench) -> None:
    """Draw a row per part: its state, what is known of it, and the next step where it isn't well."""
    st.subheader("Parts", anchor=False)
    slot = st.container()
    with slot.skeleton(height=220):
        parts = health(bench)
    with slot:
        rows = "".join(map(_health_row, parts))
        st.html(f'<div role="table" aria-label="Parts and their state">{rows}</div>')
        _repair(bench, parts)


@st.cache_data(ttl=15, max_entries=1, show_spinner=False)
def health(_bench: Workbench) -> list[PartHealth]:
    """Return the state of every part, at most 15 seconds old."""
    return _bench.health()


def _workspace_card(bench: Workbench, summary: WorkspaceSummary) -> None:
    card_title(summary.name, summary.note, "Invented data" if summary.synthetic else "")
    figure_list(_figures(summary))
    if summary.pending_texts:
        st.caption(f"{count(summary.pending_texts)} texts wait to be embedded. Import the file again to go on.")
    with st.container(horizontal=True, vertical_alignment="bottom", height="stretch"):
        if st.button("Open", key=f"open_{summary.name}", help=f"Open {escape(summary.name)}"):
            identity.choose("workspace", summary.name)
            go("Recommendations" if summary.items and summary.personas else "Catalogue")
        if st.button("Rename", key=f"rename_{summary.name}", type="tertiary"):
            rename_workspace(bench, summary.name)
        if st.button("Delete", key=f"delete_{summary.name}", type="tertiary"):
            delete_workspace(bench, summary.name)


def _figures(summary: WorkspaceSummary) -> list[tuple[str, str, str]]:
    hidden = summary.items - summary.available_items
    return [
        ("items", count(summary.items), f"{count(hidden)} of them not available" if hidden else ""),
        ("personas", count(summary.personas), ""),
        ("interactions", count(summary.interactions), ""),
        ("newest interaction", ago(summary.newest_event), date(summary.newest_event)),
        ("last change", ago(summary.changed_at), date(summary.changed_at)),
    ]


def _cells(number: int, key: str) -> Sequence[DeltaGenerator]:
    grid = st.grid(3, min_column_width=280, border=True, key=key)
    return [grid.cell() for _ in range(number)]


def _beginning(
    cell: DeltaGenerator, title: str, sentence: str, button: str, *, first: bool = False, busy: bool = False
) -> bool:
    with cell:
        st.markdown(f"**{title}**")
        st.caption(sentence)
        with st.container(height="stretch", vertical_alignment="bottom"):
            return st.button(button, type="primary" if first else "secondary", disabled=busy, key=f"begin_{title}")


def _health_row(part: PartHealth) -> str:
    sign, word = _STATES[part.state]
    tint = "#b42318" if part.state == "down" else "inherit"
    step = f'<div style="opacity:.85">{escape_html(part.next_step)}</div>' if part.next_step else ""
    cell = "padding:.5rem .75rem .5rem 0"
    name = escape_html(part.part[:1].upper() + part.part[1:])
    state = f'<span aria-hidden="true">{sign}</span> {word}'
    return (
        '<div role="row" style="display:flex;flex-wrap:wrap;border-top:1px solid rgba(138,138,138,.35)">'
        f'<div role="cell" style="{cell};flex:0 0 7rem;font-weight:600">{name}</div>'
        f'<div role="cell" style="{cell};flex:0 0 10rem;color:{tint}">{state}</div>'
        f'<div role="cell" style="{cell};flex:1 1 16rem">{escape_html(part.detail)}{step}</div></div>'
    )


def _repair(bench: Workbench, parts: Sequence[PartHealth]) -> None:
    if jobs.follow(bench, _REBUILD) is not None:
        health.clear()
        message("The index was rebuilt from the database.")
    broken = any(part.part.lower() == "index" and part.state in {"warning", "down"} for part in parts)
    if broken and not jobs.running(bench, _REBUILD) and st.button("Rebuild the index", key="rebuild_index"):
        jobs.start(bench, _REBUILD, "Rebuilding the index", lambda progress, _: bench.rebuild(progress=progress))
        st.rerun()
