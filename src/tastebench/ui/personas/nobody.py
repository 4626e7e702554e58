"""The page of a workspace without personas."""

from tastebench.services import Workbench, Workspace
from tastebench.ui.components import empty_state
from tastebench.ui.personas import files, simulating, state


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw what a persona is for, and the ways to one."""
    sentence = "A list is made for somebody. Make up a person who wants something from this catalogue, or import some."
    empty_state(
        "group", "No personas here yet", sentence, "Create a persona", key="personas_empty", on_click=state.open_form
    )
    files.draw(bench, workspace)
    simulating.people(bench, workspace)
