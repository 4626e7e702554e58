"""Beginning: the two demo workspaces."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from tastebench.services import Workbench, Workspace
from tastebench.ui import identity, jobs, membership
from tastebench.ui.components import empty_state

Demo = Literal["films", "shop"]
_SLOT = "demo"


def start(bench: Workbench, which: Demo) -> None:
    """Start loading a demo in the background."""
    label = f"Loading the {which} demo"
    jobs.start(bench, _SLOT, label, lambda progress, _cancel: bench.load_demo(which, progress=progress))


def follow(bench: Workbench, then: Callable[[], object] = st.rerun) -> None:
    """Show a demo being loaded; when it is there, choose its workspace and go on with `then`."""
    workspace = jobs.follow(bench, _SLOT, cancel=False)
    if isinstance(workspace, Workspace):
        identity.choose("workspace", workspace.name)
        st.toast(f"The {workspace.name} demo is loaded.")
        then()


def loading(bench: Workbench) -> bool:
    """Tell whether a demo is being loaded."""
    return jobs.running(bench, _SLOT)


def first_steps(bench: Workbench) -> None:
    """Draw the empty state of an app without workspaces, with one way on."""
    follow(bench)
    if loading(bench):
        return
    membership.nothing_seen(bench)
    sentence = "Load the films demo to see personas, lists and scores at work. It takes a few seconds."
    if empty_state("movie", "Nothing here yet", sentence, "Load the films demo", key="first_demo"):
        start(bench, "films")
        st.rerun()
