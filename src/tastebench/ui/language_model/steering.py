"""What the language model may do with a list: influence, comments, thoroughness. The view's own, beside the profile."""

import streamlit as st

from tastebench.domain.profile import RerankSettings
from tastebench.services import Workspace
from tastebench.ui.recommendations import state
from tastebench.ui.recommendations.model_link import MOST_INFLUENCE, THOROUGH_SHUFFLES

EXPLAIN = {"none": "none: grades alone", "short": "short", "full": "full"}


def influence(workspace: Workspace, settings: RerankSettings) -> None:
    """Draw how far the model's order is followed. It costs no call."""
    key = _standing(workspace, "influence", float(settings.influence or 0.0))
    st.slider(
        "Influence", 0.0, MOST_INFLUENCE, step=0.01, key=key, width=230, on_change=_take, args=(workspace, "influence"),
        help="How far each graded item goes towards the score of the place the model gives it: 0 changes nothing, "
        ".50 goes half the way. What some gain others lose. The model isn't asked anew.",
    )  # fmt: skip


def more(workspace: Workspace, settings: RerankSettings) -> None:
    """Draw what changes the question: it is put anew."""
    with st.popover("More", icon=":material/tune:", width="content", key="model_more"):
        st.segmented_control(
            "Comments", list(EXPLAIN), key=_standing(workspace, "explain", settings.explain), required=True,
            format_func=lambda one: EXPLAIN[one], on_change=_take, args=(workspace, "explain"),
        )  # fmt: skip
        st.toggle(
            f"Thorough: ask {max(THOROUGH_SHUFFLES, settings.shuffles)} times and average",
            key=_standing(workspace, "thorough", settings.shuffles > 1), on_change=_take, args=(workspace, "thorough"),
            help="Each time in another order: weak models lean to what stands first. It takes as many times as long.",
        )  # fmt: skip
        st.caption(f"The first {settings.candidates} items are put before it. The profile says how many: see Tuning.")


def _standing(workspace: Workspace, name: str, value: object) -> str:
    """Return the key of a widget that shows what holds now, whoever said so last: profile, link or the widget."""
    key = _key(workspace, name)
    st.session_state[key] = value
    return key


def _key(workspace: Workspace, name: str) -> str:
    return state.key(workspace, f"model/{name}")


def _take(workspace: Workspace, name: str) -> None:
    state.choose(workspace, **{name: st.session_state[_key(workspace, name)]})
