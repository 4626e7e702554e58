"""The map: all items on two axes, with the persona's taste among them."""

import streamlit as st

from tastebench.services import Workspace
from tastebench.services.views import TasteMap
from tastebench.ui import held
from tastebench.ui.charts import map_text, scatter_map
from tastebench.ui.components import empty_state
from tastebench.ui.format import count, escape, percent

_ALL = "all items"


def draw(workspace: Workspace, persona_id: str | None) -> None:
    """Draw the map of the catalogue."""
    slot = st.container()
    with slot.skeleton(height=520):
        found = _map(workspace, persona_id)
    with slot:
        if len(found.frame) < 3:
            empty_state("scatter_plot", "No map yet", "It takes at least three items whose texts are embedded.")
            return
        _drawn(workspace, persona_id, found)


def _drawn(workspace: Workspace, persona_id: str | None, found: TasteMap) -> None:
    categories = sorted({tag for tags in found.frame["tags"] for tag in tags})
    chosen = st.selectbox(
        f"Bring out one of the {escape(workspace.settings.category or 'tags')}",
        [_ALL, *categories],
        key="map_category",
        bind="query-params",
        width=320,
    )
    figure = scatter_map(found.frame, found.taste, found.explained, "" if chosen == _ALL else chosen)
    st.plotly_chart(
        figure,
        key="map",
        config={"displayModeBar": False},
        alt=map_text(len(found.frame), found.taste, found.explained),
    )
    st.caption(_reading(workspace, persona_id, found))


def _reading(workspace: Workspace, persona_id: str | None, found: TasteMap) -> str:
    total = workspace.summary().items
    few = f" {count(len(found.frame))} of {count(total)} items are shown." if len(found.frame) < total else ""
    star = "The star is the taste of the persona in the sidebar." if found.taste is not None else (
        "This persona has no taste yet, so there is no star." if persona_id else "There is no persona, so no star."
    )  # fmt: skip
    return (
        f"Items with similar texts lie close together. The two axes (principal components of the embeddings) show "
        f"{percent(sum(found.explained))} of the differences; the rest is not visible here. {star}{few}"
    )


def _map(workspace: Workspace, persona_id: str | None) -> TasteMap:
    key = (workspace.name, workspace.revision, persona_id, workspace.profile().digest())
    return held.once("map", key, lambda: workspace.map(persona_id), limit=2)
