"""Workspaces: the tenant boundary, and what one of them has settled."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tastebench.domain import text
from tastebench.domain.interaction import ACTION_WEIGHTS
from tastebench.domain.persona import PropertyType
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.retention import RetentionSettings

CONVERSATION_HOURS_LIMIT = 365 * 24


class WorkspaceSettings(BaseModel):
    """What a workspace has settled for all its personas.

    Parameters
    ----------
    facets : tuple of str
        Known facets, in the order they are shown. Grows with imports.
    category_facet : str
        The facet for filters and diversity; the first one unless chosen.
    actions : mapping of str to float
        Every action's signed weight, in [-100, 100].
    preferences : PreferenceSettings
        What actions teach of a persona's preferences, and how.
    conversation_hours : int
        How long turns of conversations are remembered, counted from when they were recorded; then they are removed.
    retention : RetentionSettings
        How long interactions are kept.
    user_properties : mapping of str to PropertyType, optional
        The properties that a program may give its personas; None where no program was set up.
    synthetic : bool
        The data is invented; every page says so.
    note : str
        A sentence shown beside the name, such as the data's source and licence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    facets: tuple[str, ...] = ()
    category_facet: str = ""
    actions: Mapping[str, Annotated[float, Field(ge=-100, le=100)]] = Field(
        default_factory=lambda: dict(ACTION_WEIGHTS), max_length=100
    )
    preferences: PreferenceSettings = PreferenceSettings()
    conversation_hours: int = Field(default=24, ge=1, le=CONVERSATION_HOURS_LIMIT)
    retention: RetentionSettings = RetentionSettings()
    user_properties: Mapping[str, PropertyType] | None = Field(default=None, max_length=text.ATTRIBUTES_LIMIT)
    synthetic: bool = False
    note: str = Field(default="", max_length=500)

    @field_validator("actions")
    @classmethod
    def _check_actions(cls, actions: Mapping[str, float]) -> dict[str, float]:
        checked = {text.checked(name, "an action's name", 50, required=True): w for name, w in actions.items()}
        if not any(weight > 0 for weight in checked.values()):
            raise ValueError("no action has a positive weight: give at least one a value above 0")
        return checked

    @field_validator("user_properties")
    @classmethod
    def _check_user_properties(cls, properties: Mapping[str, PropertyType] | None) -> dict[str, PropertyType] | None:
        if properties is None:
            return None
        return {
            text.checked(name, "a property's name", text.TAG_LIMIT, required=True): kind
            for name, kind in properties.items()
        }

    @model_validator(mode="after")
    def _category_is_a_facet(self) -> Self:
        if self.category_facet and self.category_facet not in self.facets:
            raise ValueError(f"the category facet {self.category_facet!r} is not one of the facets")
        return self

    @property
    def category(self) -> str:
        """The category facet: the chosen one, else the first; empty where items have no facets."""
        return self.category_facet or (self.facets[0] if self.facets else "")

    def with_facets(self, names: tuple[str, ...]) -> Self:
        """Return settings that also know these facets."""
        return self.model_copy(update={"facets": tuple(dict.fromkeys((*self.facets, *names)))})

    def with_actions(self, names: Mapping[str, float]) -> Self:
        """Return settings that also know these actions; known ones keep their weight."""
        return self.model_copy(update={"actions": {**names, **self.actions}})
