"""Personas from a file, and into one."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from tastebench.domain.reports import ImportReport, OnProgress
from tastebench.services import Workbench, Workspace
from tastebench.services.spreadsheet import safe_csv
from tastebench.ui import jobs, undo
from tastebench.ui.components import message
from tastebench.ui.format import count, counted, escape
from tastebench.ui.importing.source import Upload

_SLOT = "personas_import"
_REPORT = "personas_report"
_ROUND = "personas_round"


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw an import that runs, the rows that the last one could not use, and the ways in and out."""
    report = jobs.follow(bench, _SLOT, workspace.name)
    if isinstance(report, ImportReport):
        st.session_state[_REPORT] = (workspace.name, report)
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        undo.offer(_summary(report), partial(_undo, workspace, report))
        st.rerun()
    _report(workspace)
    with st.expander("Import and export", key="personas_files"):
        if not jobs.running(bench, _SLOT, workspace.name):
            _ask(bench, workspace)


def _ask(bench: Workbench, workspace: Workspace) -> None:
    # A key per round: a file that is in must not stand there waiting to be imported again.
    file = st.file_uploader(
        "Import personas", key=f"personas_file_{st.session_state.get(_ROUND, 0)}",
        type=["jsonl", "json", "csv", "tsv", "parquet", "gz"],
        help="JSON Lines, JSON, CSV, TSV or Parquet with a name per persona; description, interests, properties and "
        "face if you have them. A file that was exported here fits.",
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button("Import", key="personas_import", disabled=file is None) and file is not None:
            st.session_state.pop(_REPORT, None)
            work = partial(_import, workspace, Upload(file.name, file.getbuffer()))
            jobs.start(bench, _SLOT, f"Importing {file.name}", work, workspace.name)
            st.rerun()
        st.download_button(
            "Export all personas", workspace.export_personas, f"{workspace.name} personas.jsonl", "application/jsonl",
            key="personas_export", on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _undo(workspace: Workspace, report: ImportReport) -> None:
    workspace.undo_import(report.import_id)
    st.session_state.pop(_REPORT, None)


def _import(workspace: Workspace, upload: Upload, progress: OnProgress, cancel: Callable[[], bool]) -> ImportReport:
    return workspace.import_personas(upload.path, progress=progress, cancel=cancel)


def _summary(report: ImportReport) -> str:
    changed = f", {count(report.changed)} changed" if report.changed else ""
    return f"Imported {counted(report.added, 'persona')} from {report.source}{changed}."


def _report(workspace: Workspace) -> None:
    name, report = st.session_state.get(_REPORT, ("", None))
    if name != workspace.name or not report.rejected:
        return
    message(f"{counted(report.rejected, 'row')} of {count(report.rows)} could not be used.", "All others are in.")
    for one in report.first_rejections[:5]:
        st.caption(escape(f"Row {one.row}{', ' + one.column if one.column else ''}: {one.reason}"))
    st.download_button(
        "Download the rejected rows", lambda: safe_csv(workspace.rejections(report.import_id)),
        "rejected personas.csv", "text/csv", key="personas_rejected", on_click="ignore",
    )  # fmt: skip
