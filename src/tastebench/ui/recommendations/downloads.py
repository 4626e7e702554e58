"""A list to take away: as a table, as the record of the decision, as a link."""

import re
from urllib.parse import urlencode

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.services.judged import Judged
from tastebench.ui.format import counted
from tastebench.ui.spreadsheet import safe_csv

WHOLE_LIMIT = 10_000


def draw(workspace: Workspace, evidence: Evidence, ranking: Ranking, judged: Judged | None = None) -> None:
    """Draw the ways to take the list away, with what the language model made of it."""
    stem = "-".join(re.findall(r"\w+", f"{workspace.name} {ranking.request.persona_id}"))
    with st.popover("Share", icon=":material/ios_share:", width="content"):
        st.download_button(
            f"Whole list as CSV ({counted(ranking.total, 'row')})",
            lambda: csv_of(workspace, evidence, ranking, judged), f"{stem}.csv", "text/csv", on_click="ignore",
            icon=":material/table:", width="stretch", key="download_csv",
        )  # fmt: skip
        st.download_button(
            "This page's decision record (JSON)", ranking.to_json, f"{stem}.json", "application/json",
            on_click="ignore", icon=":material/data_object:", width="stretch", key="download_record",
        )  # fmt: skip
        st.caption("A link to exactly this view")
        st.code(address(), language=None, wrap_lines=True)


def address() -> str:
    """Return the URL of the view as it stands."""
    query = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
    return f"{st.context.url or ''}?{query}"


def csv_of(workspace: Workspace, evidence: Evidence, ranking: Ranking, judged: Judged | None = None) -> bytes:
    """Return every ranked candidate as CSV, one row each, best first."""
    whole = workspace.rank(evidence, ranking.request.page(max(1, min(ranking.total, WHOLE_LIMIT)), 0), judged)
    return safe_csv(whole.to_frame())
