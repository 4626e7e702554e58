"""Use cases in the user's words."""

from tastebench.services.workbench import Workbench
from tastebench.services.workspace import Workspace

__all__ = ["Workbench", "Workspace"]
