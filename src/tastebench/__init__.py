"""Tastebench: a personalization workbench."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tastebench.domain.errors import TastebenchError
    from tastebench.domain.interaction import Interaction
    from tastebench.domain.item import Item
    from tastebench.domain.persona import Persona
    from tastebench.domain.profile import ScoringProfile
    from tastebench.domain.ranking import Ranking, ScoredItem
    from tastebench.domain.request import Filters
    from tastebench.services.workbench import Workbench
    from tastebench.services.workspace import Workspace

__all__ = [
    "Filters",
    "Interaction",
    "Item",
    "Persona",
    "Ranking",
    "ScoredItem",
    "ScoringProfile",
    "TastebenchError",
    "Workbench",
    "Workspace",
]

# Resolved on first use: `tastebench --help` and whoever needs one value should not wait for SQL and NumPy.
_HOMES = {
    "Filters": "domain.request",
    "Interaction": "domain.interaction",
    "Item": "domain.item",
    "Persona": "domain.persona",
    "Ranking": "domain.ranking",
    "ScoredItem": "domain.ranking",
    "ScoringProfile": "domain.profile",
    "TastebenchError": "domain.errors",
    "Workbench": "services.workbench",
    "Workspace": "services.workspace",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
