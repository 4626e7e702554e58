"""Home: the workspaces, how well each part is, ways to begin."""

from collections.abc import Hashable, Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.services import Workbench
from tastebench.services.views import PartHealth, WorkspaceSummary
from tastebench.ui import demo, identity, jobs, membership, workspace_forms
from tastebench.ui.components import card_title, figure_list, message, prose_line
from tastebench.ui.format import ago, count, counted, date, escape, escape_html, prose_html
from tastebench.ui.page import go

_STATES = {"well": ("●", "Well"), "warning": ("▲", "Needs attention"), "down": ("✕", "Down"), "off": ("○", "Off")}
_REBUILD = "rebuild"
_EMBED = "embedding"  # "embed" is a parameter of Streamlit's own
_FILMS = "Films, eight personas with weeks of history, 200 simulated ones."
_SHOP = "An invented gift shop: products and invoices, with the dirt such files have."
_OWN = "Items, interactions or invoices from CSV, JSON Lines or Parquet."


def show_purpose(_bench: Workbench) -> None:
    """Say in a sentence what this is for."""
    prose_line(
        "Tastebench ranks a catalogue for a persona and takes every score apart. Turn a weight and the list moves; "
        "measure on held-out history whether that is better."
    )


def show_workspaces(bench: Workbench) -> None:
    """Draw a card per workspace, equal in size, with its figures and what can be done with it."""
    summaries = bench.workspaces()
    if not summaries:
        membership.nothing_seen(bench)
        return
    st.subheader("Workspaces", anchor=False)
    chosen = identity.current("workspace")
    for card, summary in zip(_cells(len(summaries), "workspaces"), summaries, strict=True):
        with card:
            _workspace_card(bench, summary, first=summary.name == chosen)


def show_beginnings(bench: Workbench) -> None:
    """Draw the three ways to begin: films, shop, your own file."""
    known = {summary.name for summary in bench.workspaces()}
    st.subheader("Begin" if not known else "Add a workspace", anchor=False)
    busy = demo.loading(bench)
    films, shop, own = _cells(3, "beginnings")
    with films:
        _beginning("Films demo", _FILMS)
        _demo_button(bench, "films", known, first=not known, busy=busy)
    with shop:
        _beginning("Shop demo", _SHOP)
        _demo_button(bench, "shop", known, busy=busy)
    with own:
        _beginning("Your own data", _OWN)
        workspace_forms.create(bench)


def show_health(bench: Workbench) -> None:
    """Draw a row per part: its state, what is known of it, and the next step where it isn't well."""
    st.subheader("Parts", anchor=False)
    slot = st.container()
    with slot.skeleton(height=220):
        parts = health(bench, (bench.member, *((one.name, one.changed_at) for one in bench.workspaces())))
    with slot:
        rows = "".join(map(_health_row, parts))
        st.html(f'<div role="table" aria-label="Parts and their state">{rows}</div>')
        _repair(bench, parts)
        membership.reach(bench)


@st.cache_data(ttl=15, max_entries=16, show_spinner=False)
def health(_bench: Workbench, changes: Hashable) -> list[PartHealth]:  # noqa: ARG001 — part of the cache's key
    """Return the state of every part, at most 15 seconds old, and none older than the latest change."""
    return _bench.health()


def _workspace_card(bench: Workbench, summary: WorkspaceSummary, *, first: bool) -> None:
    card_title(summary.name, summary.note, "Invented data" if summary.synthetic else "")
    figure_list(_figures(summary))
    _pending(bench, summary)
    with st.container(horizontal=True, vertical_alignment="bottom", height="stretch"):
        ready = bool(summary.items and summary.personas)
        words = "See who is recommended what" if ready else "Go on with its catalogue"
        kind: Literal["primary", "secondary"] = "primary" if first else "secondary"
        if st.button("Open", type=kind, key=f"open_{summary.name}", help=f"{words}: {escape(summary.name)}"):
            identity.choose("workspace", summary.name)
            go("Recommendations" if ready else "Catalogue")
        workspace_forms.rename(bench, summary.name)
        membership.form(bench, summary.name)
        workspace_forms.delete(bench, summary)


def _pending(bench: Workbench, summary: WorkspaceSummary) -> None:
    jobs.follow(bench, _EMBED, summary.name)
    if not summary.pending_texts or jobs.running(bench, _EMBED, summary.name):
        return
    st.caption(f"{counted(summary.pending_texts, 'text')} not embedded yet: similarity has no evidence for them.")
    if st.button("Embed now", key=f"embed_{summary.name}"):
        work = bench.workspace(summary.name).embed_pending
        jobs.start(bench, _EMBED, f"Embedding {summary.name}", work, summary.name)
        st.rerun()


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


def _beginning(title: str, sentence: str) -> None:
    st.markdown(f"**{title}**")
    st.caption(sentence)


def _demo_button(
    bench: Workbench, which: demo.Demo, known: set[str], *, first: bool = False, busy: bool = False
) -> None:
    label = f"Open the {which} demo" if bench.demo_name(which) in known else f"Load the {which} demo"
    if st.button(label, type="primary" if first else "secondary", disabled=busy, key=f"begin_{which}"):
        demo.start(bench, which)
        st.rerun()


def _health_row(part: PartHealth) -> str:
    sign, word = _STATES[part.state]
    tint = "#b42318" if part.state == "down" else "inherit"
    step = f'<div style="opacity:.85">{prose_html(part.next_step)}</div>' if part.next_step else ""
    cell = "padding:.5rem .75rem .5rem 0"
    name = escape_html(part.part[:1].upper() + part.part[1:])
    state = f'<span aria-hidden="true">{sign}</span> {word}'
    return (
        '<div role="row" style="display:flex;flex-wrap:wrap;border-top:1px solid rgba(138,138,138,.35)">'
        f'<div role="cell" style="{cell};flex:0 0 7rem;font-weight:600">{name}</div>'
        f'<div role="cell" style="{cell};flex:0 0 10rem;color:{tint}">{state}</div>'
        f'<div role="cell" style="{cell};flex:1 1 16rem">{prose_html(part.detail)}{step}</div></div>'
    )


def _repair(bench: Workbench, parts: Sequence[PartHealth]) -> None:
    if jobs.follow(bench, _REBUILD) is not None:
        health.clear()
        message("The index was rebuilt from the database.")
    broken = any(part.part.lower() == "index" and part.state in {"warning", "down"} for part in parts)
    if broken and not jobs.running(bench, _REBUILD) and st.button("Rebuild the index", key="rebuild_index"):
        jobs.start(bench, _REBUILD, "Rebuilding the index", lambda progress, _: bench.rebuild(progress=progress))
        st.rerun()
