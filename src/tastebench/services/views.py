"""What services answer with: frozen values for pages, command line and programs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.stores.interactions import LogRow


@dataclass(frozen=True)
class WorkspaceSummary:
    """What is in a workspace. `pending_texts`: items that wait for the encoder."""

    name: str
    note: str
    synthetic: bool
    items: int
    available_items: int
    personas: int
    interactions: int
    imports: int
    newest_event: datetime | None
    changed_at: datetime
    facets: tuple[str, ...]
    pending_texts: int


@dataclass(frozen=True)
class PartHealth:
    """How one part is, and what to do where it is not well."""

    part: str
    state: Literal["well", "warning", "down", "off"]
    detail: str
    next_step: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, and how its columns would be read.

    Parameters
    ----------
    rows : list of dict
        As they stand in the file.
    error : str, optional
        Why the file can't be read at all.
    read : list of dict
        As an import would take them; empty for invoices and personas, and where the mapping doesn't fit.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    mapping: Any
    notes: tuple[str, ...] = ()
    error: str | None = None
    read: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ItemPage:
    """A page of items; `total` counts all that match."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True)
class Neighbour:
    """An item close to something, with its cosine similarity."""

    item_id: str
    title: str
    tags: tuple[str, ...]
    similarity: float


@dataclass(frozen=True)
class PersonaSummary:
    """A persona with the size and end of its history."""

    persona: Persona
    interactions: int
    newest_event: datetime | None


@dataclass(frozen=True)
class PersonaPage:
    """A page of personas; `total` counts all that match."""

    personas: tuple[PersonaSummary, ...]
    total: int


@dataclass(frozen=True)
class TasteSummary:
    """A taste in words: the tags and items nearest to it.

    Parameters
    ----------
    tags : tuple of (facet, tag, cosine)
        The mean cosine of the taste and the items with that tag.
    history : int
        Events that count as of now.
    """

    tags: tuple[tuple[str, str, float], ...]
    items: tuple[Neighbour, ...]
    history: int
    note: str


@dataclass(frozen=True)
class TasteMap:
    """The items on two principal components.

    Parameters
    ----------
    frame : DataFrame
        item_id, title, tags (a tuple: those of the category facet), x, y.
    taste : (x, y), optional
        The persona's place.
    explained : (float, float)
        Share of the variance each axis carries, in [0, 1].
    """

    frame: pd.DataFrame
    taste: tuple[float, float] | None
    explained: tuple[float, float]


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest first; `total` counts all that match."""

    rows: tuple[LogRow, ...]
    total: int


@dataclass(frozen=True)
class Now:
    """The moment a ranking is made for unless another is asked for, and why where it isn't simply the clock."""

    at: datetime
    note: str = ""
