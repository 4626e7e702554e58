"""The import, step by step: file, kind, columns, first rows; then progress and report."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from tastebench.domain.reports import ImportKind, ImportReport
from tastebench.ingest.ahead import LEFT_OUT
from tastebench.ingest.fields import check_mapping
from tastebench.services import Workbench, Workspace
from tastebench.services.views import Preview
from tastebench.ui import held, jobs
from tastebench.ui.components import message, notes
from tastebench.ui.format import escape
from tastebench.ui.importing import cleaning, mapping, report
from tastebench.ui.importing.source import Source, pick
from tastebench.ui.page import guarded

_SLOT = "import"
_DONE = "import_done"
_KINDS: dict[ImportKind, str] = {"items": "Items", "interactions": "Interactions", "invoices": "Invoices"}
_MEANINGS = {
    "items": "A catalogue: one row per item.",
    "interactions": "A log or ratings: one row per thing somebody did. Personas they name are added.",
    "invoices": "Invoice lines as in Online Retail: products become items, customers personas.",
}


def progress(bench: Workbench, workspace: Workspace) -> None:
    """Draw how far a running import is; when it has ended, say so."""
    finished = jobs.follow(bench, _SLOT, workspace.name)
    if isinstance(finished, ImportReport):
        st.session_state[_DONE] = (workspace.name, finished)
        st.toast(f"{escape(finished.source)} is in.")


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw the import: what just ended or the steps of a new one, and the list of earlier ones."""
    done = _done(workspace)
    if done is not None:
        _draw_done(bench, workspace, done)
    elif not jobs.running(bench, _SLOT, workspace.name):
        _steps(bench, workspace)
    report.draw_all(bench, workspace, without=done)


def likely_kind(columns: Sequence[str]) -> ImportKind:
    """Return what a file most likely holds, by the names of its columns.

    Examples
    --------
    >>> likely_kind(["InvoiceNo", "StockCode"]), likely_kind(["userId", "movieId", "rating"]), likely_kind(["id"])
    ('invoices', 'interactions', 'items')
    """
    names = {"".join(filter(str.isalnum, name.lower())) for name in columns}
    if any(name.startswith("invoice") for name in names) and any(name.startswith(("stock", "sku")) for name in names):
        return "invoices"
    somebody = {"userid", "user", "personaid", "persona", "customerid", "customer", "visitorid", "memberid"}
    return "interactions" if names & somebody else "items"


def _done(workspace: Workspace) -> ImportReport | None:
    name, done = st.session_state.get(_DONE, ("", None))
    if done is None or name != workspace.name:
        return None
    return next((one for one in workspace.imports() if one.import_id == done.import_id), None)


def _draw_done(bench: Workbench, workspace: Workspace, done: ImportReport) -> None:
    with st.container(border=True, key="import_report"):
        st.markdown(f"**{escape(done.source)} is in.**")
        report.draw(bench, workspace, done)
        report.next_steps(workspace)
        st.button("Import another file", key="import_again", on_click=_again)


def _again() -> None:
    st.session_state.pop(_DONE, None)


def _steps(bench: Workbench, workspace: Workspace) -> None:
    st.subheader("1 · File", anchor=False)
    source = pick(from_machine=not bench.member)
    if source is None:
        return
    kind = _kind(workspace, source)
    with guarded():
        preview = _preview(workspace, source, kind)
        if preview.error:
            message(preview.error, wrong=True)
            return
        settled = _columns(workspace, source, kind, preview)
        start = _start(workspace, source, kind, settled)
        _first_rows(replace(preview, read=[]) if settled is None else _preview(workspace, source, kind, settled))
        label = f"Import {_KINDS[kind].lower()}"
        pressed = st.button(label, type="primary", key="import_start", disabled=start is None)
        if pressed and start is not None:
            jobs.start(bench, _SLOT, f"Importing {source.name}", start, workspace.name)
            st.rerun()


def _kind(workspace: Workspace, source: Source) -> ImportKind:
    st.subheader("2 · Kind", anchor=False)
    guessed = likely_kind(_preview(workspace, source, "items").columns)
    kind: ImportKind = st.segmented_control(
        "What is in the file?", list(_KINDS), default=guessed, required=True, format_func=_KINDS.__getitem__,
        key=f"import_kind_{source.token}", wrap=True,
    )  # fmt: skip
    st.caption(_MEANINGS[kind])
    return kind


def _preview(workspace: Workspace, source: Source, kind: ImportKind, settled: Any = None) -> Preview:
    key = (source.token, kind, settled and settled.model_dump_json())
    return held.once("import_preview", key, lambda: workspace.preview(source.path, kind, settled), limit=6)


def _columns(workspace: Workspace, source: Source, kind: ImportKind, preview: Preview) -> Any:
    """Draw the mapping and return it as it stands, None where it doesn't fit."""
    st.subheader("3 · Columns", anchor=False)
    settled = _settled(workspace, source, kind, preview)
    refused = mapping.problem(check_mapping, settled, preview.columns)
    if refused is not None:
        message(refused.message, refused.next_step)
        return None
    return settled


def _start(workspace: Workspace, source: Source, kind: ImportKind, settled: Any) -> jobs.Work | None:
    steps = cleaning.steps(source.token) if kind == "invoices" else {}
    if settled is None:
        return None
    if kind == "invoices":
        return _work(source, workspace.import_invoices, steps, settled)
    return _work(source, workspace.import_items if kind == "items" else workspace.import_interactions, settled)


def _settled(workspace: Workspace, source: Source, kind: ImportKind, preview: Preview) -> Any:
    token = f"map_{source.token}_{kind}"
    if kind == "items":
        return mapping.item_mapping(preview.mapping, preview.columns, token)
    if kind == "interactions":
        return mapping.interaction_mapping(preview.mapping, preview.columns, token, workspace)
    return mapping.invoice_mapping(preview.mapping, preview.columns, token)


def _work(source: Source, act: Callable[..., ImportReport], *how: object) -> jobs.Work:
    # The closure holds `source`, so that an uploaded file stays where it is until the import has read it.
    return lambda progress, cancel: act(source.path, *how, progress=progress, cancel=cancel)


def _first_rows(preview: Preview) -> None:
    st.subheader("4 · First rows", anchor=False)
    if preview.read and _as_read():
        frame = pd.DataFrame(preview.read).fillna("")
        frame = frame.loc[:, (frame != "").any()]
        frame = frame[sorted(frame.columns, key=lambda name: name != LEFT_OUT)]  # first of all, why a row gives nothing
        st.dataframe(frame, hide_index=True, height=260, alt=f"The first {len(frame)} rows as they will be read")
    else:
        used = {column: field for field, column in preview.mapping.columns_used()}
        frame = pd.DataFrame([{name: _cell(row.get(name)) for name in preview.columns} for row in preview.rows])
        columns = {name: st.column_config.TextColumn(help=used.get(name)) for name in preview.columns}
        st.dataframe(frame, hide_index=True, column_config=columns, height=260, alt=f"The first {len(frame)} rows")
    notes(preview.notes)


def _as_read() -> bool:
    ways = {True: "As they will be read", False: "As they stand in the file"}
    chosen = st.segmented_control(
        "First rows", list(ways), default=True, required=True, format_func=ways.__getitem__, key="import_rows",
        label_visibility="collapsed",
    )  # fmt: skip
    return bool(chosen)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
