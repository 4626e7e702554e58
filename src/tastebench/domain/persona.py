"""Personas: whom a list is made for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from tastebench.domain import text
from tastebench.domain.item import Attribute, Facets
from tastebench.domain.moments import as_utc

Origin: TypeAlias = Literal["authored", "imported", "simulated"]
SkillLevel: TypeAlias = Literal["beginner", "intermediate", "advanced"]
CommunicationStyle: TypeAlias = Literal["plain", "friendly", "technical"]


def _interests(value: object) -> object:
    return text.checked_tags(value, "interests") if isinstance(value, Mapping) else value


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class Persona:
    """A person to recommend to.

    Parameters
    ----------
    name : str
        1 to 200 characters; need not be unique.
    description : str
        A paragraph in any words; embedded as part of the prior.
    interests : mapping of str to list of str
        Stated interests: facet to tags, each with confidence 1.
    properties : mapping
        Typed properties (text, number, yes/no). A text property named like a facet states an interest.
    face : str
        An emoji or initials, up to 8 characters.
    origin : {"authored", "imported", "simulated"}
    persona_id : str, optional
        Unique within the workspace; made up when empty.
    created_at : datetime, optional
        Set on adding when missing.
    """

    name: str
    description: str = ""
    interests: Annotated[Facets, BeforeValidator(_interests)] = Field(default_factory=dict)
    properties: Mapping[str, Attribute] = Field(default_factory=dict, max_length=text.ATTRIBUTES_LIMIT)
    face: str = ""
    skill_level: SkillLevel = "intermediate"
    communication_style: CommunicationStyle = "plain"
    origin: Origin = "authored"
    persona_id: str = ""
    created_at: datetime | None = None

    @field_validator("name")
    @classmethod
    def _check_name(cls, value: str) -> str:
        return text.checked(value, "name", text.NAME_LIMIT, required=True)

    @field_validator("description")
    @classmethod
    def _check_description(cls, value: str) -> str:
        return text.checked(value, "description", text.TEXT_LIMIT)

    @field_validator("face")
    @classmethod
    def _check_face(cls, value: str) -> str:
        # An emoji may be several code points joined by U+200D, which `clean` would take apart.
        return value if len(value) <= 8 and value.isprintable() else text.checked(value, "face", 8)

    @field_validator("persona_id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        return text.checked(value, "persona_id", text.ID_LIMIT)

    @field_validator("created_at")
    @classmethod
    def _check_created_at(cls, value: datetime | None) -> datetime | None:
        return None if value is None else as_utc(value)

    @field_validator("properties")
    @classmethod
    def _check_properties(cls, value: Mapping[str, Attribute]) -> Mapping[str, Attribute]:
        return {
            text.checked(name, "a property's name", text.TAG_LIMIT, required=True): (
                text.checked(one, name, text.TEXT_LIMIT) if isinstance(one, str) else one
            )
            for name, one in value.items()
        }

    def stated_interests(self, facet_names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Return stated tags by facet, text properties that are named like a facet included.

        Examples
        --------
        >>> Persona("Ada", interests={"genres": ["noir"]}, properties={"themes": "heist"}).stated_interests(
        ...     ("genres", "themes"))
        {'genres': ('noir',), 'themes': ('heist',)}
        """
        stated = {facet: list(tags) for facet, tags in self.interests.items()}
        for name, value in self.properties.items():
            if name in facet_names and isinstance(value, str) and value:
                stated.setdefault(name, []).append(value)
        return {facet: tuple(dict.fromkeys(tags)) for facet, tags in stated.items()}

    @property
    def prior_text(self) -> str:
        """What the encoder reads for the prior; empty where nothing is stated.

        Examples
        --------
        >>> Persona("Ada", "Watches at night.", {"genres": ["noir", "crime"]}).prior_text
        'Watches at night. genres: noir, crime.'
        """
        tags = [f"{facet}: {', '.join(names)}." for facet, names in self.interests.items()]
        properties = [f"{k}: {v}." for k, v in self.properties.items() if isinstance(v, str) and v]
        return " ".join(part for part in (self.description, *tags, *properties) if part)
