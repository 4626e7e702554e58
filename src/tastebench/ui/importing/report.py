"""What came of an import: the report, the rows left out, taking it back."""

from collections.abc import Callable, Mapping
from contextlib import suppress

import pandas as pd
import streamlit as st

from tastebench.domain.errors import Cancelled, EncoderMismatch, EncoderUnavailable
from tastebench.domain.reports import ImportReport, OnProgress
from tastebench.services import Workbench, Workspace
from tastebench.services.spreadsheet import safe_csv
from tastebench.ui import jobs
from tastebench.ui.components import figures, message, notes
from tastebench.ui.format import ago, count, counted, duration, escape
from tastebench.ui.page import guarded, link

SHOWN = 20
"""So many imports are listed; older ones stay undoable from Python."""

_UNDO = "undo_import"
_STEP_COLUMNS = ["Step", "Rows taken out", "Rows left"]


def draw(bench: Workbench, workspace: Workspace, report: ImportReport) -> None:
    """Draw one report with its downloads and the way back."""
    figures(_figures(report))
    notes(report.notes)
    if report.funnel:
        _funnel(report)
    if report.rejected:
        _rejections(workspace, report)
    with st.container(horizontal=True, vertical_alignment="center"):
        if report.state == "finished" and st.button(
            "Undo this import", icon=":material/undo:", key=f"undo_import_{report.import_id}"
        ):
            _start_undo(bench, workspace, report)
        st.caption(f"{duration(max(report.seconds, 1))} · {counted(report.embedded, 'text')} embedded", width="content")


def draw_all(bench: Workbench, workspace: Workspace, without: ImportReport | None = None) -> None:
    """Draw the list of imports, newest first; each opens to its report. `without` is drawn elsewhere."""
    _follow_undo(bench, workspace)
    reports = [report for report in workspace.imports() if without is None or report.import_id != without.import_id]
    if reports:
        st.subheader("Earlier imports" if without else "Imports so far", anchor=False)
    for report in reports[:SHOWN]:
        opened = st.expander(heading(report), key=f"import_{report.import_id}", on_change="rerun")
        if opened.open:
            with opened, guarded():
                draw(bench, workspace, report)


def heading(report: ImportReport) -> str:
    """Return an import in one line of Markdown: file, kind, how many rows, when."""
    rejected = f" · {count(report.rejected)} left out" if report.rejected else ""
    rows = f"{counted(report.rows, 'row')}{rejected}"
    return f"**{escape(report.source)}** · {report.kind} · {rows} · {ago(report.started_at)}"


def next_steps(workspace: Workspace) -> None:
    """Draw where to go on from a finished import."""
    summary = workspace.summary()
    with st.container(horizontal=True):
        if summary.items and summary.personas:
            link("Recommendations", "See recommendations")
        elif summary.items:
            link("Personas", "Make a persona")
        if summary.items:
            link("Catalogue", "See the catalogue", view="Items")


def _figures(report: ImportReport) -> list[tuple[str, str, str]]:
    return [
        ("Rows read", count(report.rows), ""),
        ("Added", count(report.added), _along(report)),
        ("Changed", count(report.changed), "Known, with other content."),
        ("Unchanged", count(report.unchanged), "Known, and the same."),
        ("Left out", count(report.rejected), "Each with its reason below." if report.rejected else ""),
    ]


def _along(report: ImportReport) -> str:
    kinds = ((report.items, "item"), (report.personas, "persona"), (report.interactions, "interaction"))
    return ", ".join(counted(number, noun) for number, noun in kinds if number)


def _funnel(report: ImportReport) -> None:
    rows = [(step.name if step.applied else f"{step.name} (off)", step.dropped, step.left) for step in report.funnel]
    st.markdown("**Cleaning, step by step**")
    st.dataframe(pd.DataFrame(rows, columns=_STEP_COLUMNS), hide_index=True, alt="Rows taken out by each cleaning step")


def _rejections(workspace: Workspace, report: ImportReport) -> None:
    st.markdown(f"**{counted(report.rejected, 'row')} left out**")
    rows = [(rejection.row, rejection.column, rejection.reason) for rejection in report.first_rejections]
    frame = pd.DataFrame(rows, columns=["Row", "Column", "Reason"])
    columns = {"Reason": st.column_config.TextColumn(width="large")}
    st.dataframe(frame, hide_index=True, column_config=columns, alt="Rows left out, each with column and reason")
    if report.rejected > len(rows):
        st.caption(f"The first {count(len(rows))} are shown; the file has all of them.")
    st.download_button(
        "Download all rejections (CSV)", lambda: safe_csv(workspace.rejections(report.import_id)),
        file_name=f"rejections-{report.import_id}.csv", mime="text/csv", icon=":material/download:",
        key=f"rejections_{report.import_id}", on_click="ignore",
    )  # fmt: skip


def _start_undo(bench: Workbench, workspace: Workspace, report: ImportReport) -> None:
    def work(progress: OnProgress, cancel: Callable[[], bool]) -> dict[str, int]:
        counts = workspace.undo_import(report.import_id)
        with suppress(Cancelled, EncoderMismatch, EncoderUnavailable):  # Home says what waits, and offers to go on
            workspace.embed_pending(progress, cancel)
        return counts

    jobs.start(bench, _UNDO, f"Undoing {report.source}", work, workspace.name)
    st.rerun()


def _follow_undo(bench: Workbench, workspace: Workspace) -> None:
    counts = jobs.follow(bench, _UNDO, workspace.name)
    if isinstance(counts, dict):
        message(undone_sentence(counts))


def undone_sentence(counts: Mapping[str, int]) -> str:
    """Return what undoing an import did, from counts named such as ``items_removed``.

    Examples
    --------
    >>> undone_sentence({"items_removed": 2, "personas_removed": 1, "items_kept": 1})
    'The import was undone: 3 rows taken out. 1 row edited or used since stayed.'
    """
    removed, restored, kept = (
        sum(number for name, number in counts.items() if name.endswith(end)) for end in ("removed", "restored", "kept")
    )
    back = f", {count(restored)} put back as they were" if restored else ""
    later = f" {counted(kept, 'row')} edited or used since stayed." if kept else ""
    return f"The import was undone: {counted(removed, 'row')} taken out{back}.{later}"
