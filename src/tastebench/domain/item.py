"""Items: what is recommended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from tastebench.domain import text
from tastebench.domain.moments import as_utc

Attribute: TypeAlias = str | int | float | bool
"""A free attribute of an item or property of a persona."""

Facets: TypeAlias = Mapping[str, tuple[str, ...]]
"""Facet name to tags, e.g. ``{"genres": ("noir", "crime")}``."""


def _tags(value: object) -> object:
    return text.checked_tags(value, "facets") if isinstance(value, Mapping) else value


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class Item:
    """One entry of a catalogue.

    Parameters
    ----------
    item_id : str
        Unique within the workspace, 1 to 200 characters, compared as written.
    title : str
        Up to 500 characters; the id stands in where it is empty.
    description : str
        Up to 20,000 characters; together with title and tags this is what is embedded.
    facets : mapping of str to list of str
        Tags by facet.
    creator : str
        Director, author, maker; empty where unknown.
    created_at : datetime, optional
        When it joined the catalogue; rankings as of an earlier moment leave it out. None: always been there.
    available : bool
        Unavailable items are never recommended.
    attributes : mapping
        Free attributes; finite numbers can be filtered by range.
    """

    item_id: str
    title: str = ""
    description: str = ""
    facets: Annotated[Facets, BeforeValidator(_tags)] = Field(default_factory=dict)
    creator: str = ""
    created_at: datetime | None = None
    available: bool = True
    attributes: Mapping[str, Attribute] = Field(default_factory=dict, max_length=text.ATTRIBUTES_LIMIT)

    @field_validator("item_id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        return text.checked(value, "item_id", text.ID_LIMIT, required=True)

    @field_validator("title")
    @classmethod
    def _check_title(cls, value: str) -> str:
        return text.checked(value, "title", text.TITLE_LIMIT)

    @field_validator("description")
    @classmethod
    def _check_description(cls, value: str) -> str:
        return text.checked(value, "description", text.TEXT_LIMIT)

    @field_validator("creator")
    @classmethod
    def _check_creator(cls, value: str) -> str:
        return text.checked(value, "creator", text.NAME_LIMIT)

    @field_validator("created_at")
    @classmethod
    def _check_created_at(cls, value: datetime | None) -> datetime | None:
        return None if value is None else as_utc(value)

    @field_validator("attributes")
    @classmethod
    def _check_attributes(cls, value: Mapping[str, Attribute]) -> Mapping[str, Attribute]:
        return {
            text.checked(name, "an attribute's name", text.TAG_LIMIT, required=True): (
                text.checked(one, name, text.TEXT_LIMIT) if isinstance(one, str) else one
            )
            for name, one in value.items()
        }

    @property
    def name(self) -> str:
        """The title, or the id where there is none."""
        return self.title or self.item_id

    @property
    def embedded_text(self) -> str:
        """What the encoder reads: title, description, then the tags of every facet.

        Examples
        --------
        >>> Item("a", "Klute", "A detective in New York.", {"genres": ("crime", "mystery")}).embedded_text
        'Klute. A detective in New York. genres: crime, mystery.'
        """
        tags = [f"{facet}: {', '.join(names)}." for facet, names in self.facets.items()]
        description = self.description and self.description.rstrip(".") + "."
        return " ".join(part for part in (f"{self.name}.", description, *tags) if part)
