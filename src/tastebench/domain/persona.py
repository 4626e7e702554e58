"""Personas: whom a list is made for."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.domain.item import Attribute, Facets
from tastebench.domain.moments import as_utc

Origin: TypeAlias = Literal["authored", "imported", "simulated"]
SkillLevel: TypeAlias = Literal["beginner", "intermediate", "advanced"]
CommunicationStyle: TypeAlias = Literal["plain", "friendly", "technical"]

Property: TypeAlias = Attribute | tuple[Attribute, ...]
"""What is said of a persona under one name: a text, a number, yes or no, or several of them."""

PropertyType: TypeAlias = Literal[
    "text", "text[]", "int", "int[]", "number", "number[]", "boolean", "boolean[]", "date", "date[]", "uuid", "uuid[]"
]
"""What a property may be settled to be."""

_AVERSE = frozenset({"dislike", "dislikes", "disliked", "avoid", "avoids", "hate", "hates", "allergy", "allergies"})


def _interests(value: object) -> object:
    return text.checked_tags(value, "interests") if isinstance(value, Mapping) else value


def says_dislike(name: str) -> bool:
    """Tell by the words of a property's name whether it says what is not wanted: what it lists is no interest.

    Examples
    --------
    >>> says_dislike("dislikes"), says_dislike("food_allergies"), says_dislike("favorite_genres")
    (True, True, False)
    """
    return not _AVERSE.isdisjoint(re.split(r"[\W\d_]+", name.lower()))


def _texts(value: Property) -> tuple[str, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in values if isinstance(one, str) and one)


def _checked_property(name: str, value: Property) -> Property:
    if isinstance(value, tuple):
        if len(value) > text.TAGS_LIMIT:
            raise InvalidInput(f"{name} has {len(value):,} values; {text.TAGS_LIMIT} are allowed.", "Keep fewer.")
        return tuple(text.checked(one, name, text.TEXT_LIMIT) if isinstance(one, str) else one for one in value)
    return text.checked(value, name, text.TEXT_LIMIT) if isinstance(value, str) else value


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
        Typed properties (text, number, yes/no, or several of them). Texts become part of the prior, and state an
        interest where they are named like a facet; neither where the name says dislike (`says_dislike`).
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
    properties: Mapping[str, Property] = Field(default_factory=dict, max_length=text.ATTRIBUTES_LIMIT)
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
    def _check_properties(cls, value: Mapping[str, Property]) -> Mapping[str, Property]:
        return {
            text.checked(name, "a property's name", text.TAG_LIMIT, required=True): _checked_property(name, one)
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
        for name, texts in self._stated_texts.items():
            if name in facet_names:
                stated.setdefault(name, []).extend(texts)
        return {facet: tuple(dict.fromkeys(tags)) for facet, tags in stated.items()}

    @property
    def prior_text(self) -> str:
        """What the encoder reads for the prior; empty where nothing is stated.

        Examples
        --------
        >>> Persona("Ada", "Watches at night.", {"genres": ["noir", "crime"]}).prior_text
        'Watches at night. genres: noir, crime.'
        >>> Persona("Bo", properties={"likes": ["pasta", "salmon"], "dislikes": ["okra"], "age": 74}).prior_text
        'likes: pasta, salmon.'
        """
        stated = [*self.interests.items(), *self._stated_texts.items()]
        sentences = (f"{name}: {', '.join(texts)}." for name, texts in stated)
        return " ".join(part for part in (self.description, *sentences) if part)

    @property
    def _stated_texts(self) -> dict[str, tuple[str, ...]]:
        """What the text properties say that is wanted, by name."""
        wanted = {name: _texts(value) for name, value in self.properties.items() if not says_dislike(name)}
        return {name: texts for name, texts in wanted.items() if texts}
