"""Profiles to start from that come with Tastebench."""

import streamlit as st

from tastebench.domain.presets import PRESETS, Preset
from tastebench.services import Workspace
from tastebench.ui.tuning import state
from tastebench.ui.tuning.saying import attempt, tell
from tastebench.ui.tuning.toolbar import replace_draft


def draw(workspace: Workspace) -> None:
    """Draw what presets there are, what each is for and what it costs."""
    with st.popover("Presets", icon=":material/tune:", width="content"):
        for preset in PRESETS:
            with st.container(gap="xxsmall", key=f"preset_{preset.name}"):
                st.markdown(f"**{preset.name}**  \n{preset.use}")
                st.caption(preset.cost)
                st.button(f"Start from {preset.name}", on_click=start_from, args=(workspace, preset), width="stretch")


def start_from(workspace: Workspace, preset: Preset) -> None:
    """Start from a preset. A callback."""
    with attempt():
        start = state.preset_start(preset)
        replace_draft(workspace, start, f"Started from {start.label}.")
        tell(f"Started from {start.label}. Save it to keep it here.")
