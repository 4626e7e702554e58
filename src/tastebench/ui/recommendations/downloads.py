"""A list to take away: as a table, as the record of the decision, as a link."""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.services.judged import Judged
from tastebench.services.spreadsheet import safe_csv
from tastebench.ui.format import counted
from tastebench.ui.presenting import state as presenting

WHOLE_LIMIT = 10_000


def draw(workspace: Workspace, evidence: Evidence, ranking: Ranking, judged: Judged | None = None) -> None:
    """Draw the ways to take the list away, with what the language model made of it; the usual one comes first."""
    request = ranking.request
    stem = "-".join(re.findall(r"\w+", f"{workspace.name} {request.persona_id}"))
    ways: dict[str, tuple[str, str, str, Callable[[], str | bytes]]] = {
        "csv": (f"Whole list as CSV ({counted(ranking.total, 'row')})", "text/csv", ":material/table:",
                lambda: csv_of(workspace, evidence, ranking, judged)),
        "json": ("This page's decision record (JSON)", "application/json", ":material/data_object:", ranking.to_json),
    }  # fmt: skip
    with st.popover("Share", icon=":material/ios_share:", width="content"):
        usual = presenting.routing(workspace, request.persona_id, request.now).export.value
        for kind in sorted(ways, key=lambda one: one != usual):
            words, mime, icon, data = ways[kind]
            # The choice is noted where the file is made: a rerun at the same time could throw the file away first.
            st.download_button(
                words, partial(_taken, data, presenting.noting(workspace, "export", kind)), f"{stem}.{kind}", mime,
                icon=icon, width="stretch", key=f"download_{kind}", on_click="ignore",
                type="primary" if kind == usual else "secondary",
            )  # fmt: skip
        st.caption("A link to exactly this view")
        st.code(address(), language=None, wrap_lines=True)


def address() -> str:
    """Return the URL of the view as it stands."""
    query = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
    return f"{st.context.url or ''}?{query}"


def _taken(data: Callable[[], str | bytes], note: Callable[[], object]) -> str | bytes:
    made = data()
    note()
    return made


def csv_of(workspace: Workspace, evidence: Evidence, ranking: Ranking, judged: Judged | None = None) -> bytes:
    """Return every ranked candidate as CSV, one row each, best first."""
    whole = workspace.rank(evidence, ranking.request.page(max(1, min(ranking.total, WHOLE_LIMIT)), 0), judged)
    return safe_csv(whole.to_frame())
