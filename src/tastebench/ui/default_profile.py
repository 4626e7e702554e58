"""Which profile ranks what people see, and the way back to the one before."""

from tastebench.services import Workspace
from tastebench.stores.profiles import ProfileRow
from tastebench.ui import undo


def choose(workspace: Workspace, name: str, version: int) -> None:
    """Make a version the workspace's default, and offer to go back to what was."""
    before = workspace.default_profile()
    workspace.set_default_profile(name, version)
    undo.offer(f"{name} v{version} is the default now.", lambda: back_to(workspace, before))


def back_to(workspace: Workspace, before: ProfileRow | None) -> None:
    """Make what was the default the default again: a saved version, or the design's."""
    workspace.set_default_profile(*((before.name, before.version) if before is not None else (None,)))
