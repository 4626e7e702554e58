"""Reports: what an import did, and each row it could not use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

ImportKind: TypeAlias = Literal["items", "interactions", "invoices", "personas"]
ImportState: TypeAlias = Literal["unfinished", "finished", "undone"]


@dataclass(frozen=True)
class Rejection:
    """A row that was left out, and why.

    Parameters
    ----------
    row : int
        Line of the file, the header being line 1; for a data frame the position, from 1.
    column : str
        The column at fault; empty where the whole row is.
    reason : str
        One sentence.
    """

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Step:
    """One step of a cleaning funnel: its name, how many rows it took out, how many were left."""

    name: str
    dropped: int
    left: int
    applied: bool = True


@dataclass(frozen=True)
class Progress:
    """How far a long operation is: phase, done of total (None: not known), seconds left (None: not known)."""

    phase: str
    done: int
    total: int | None = None
    seconds_left: float | None = None


OnProgress: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True)
class ImportReport:
    """What one import did.

    Parameters
    ----------
    import_id : int
        For `undo_import` and the list of rejections.
    rows : int
        Rows read.
    added, changed, unchanged, rejected : int
        Items or interactions; the four add up to `rows`.
    items, personas, interactions : int
        How many of each were added along the way (personas that interactions name, for instance).
    embedded : int
        Texts the encoder read.
    funnel : tuple of Step
        Invoices only.
    first_rejections : tuple of Rejection
        Up to 100; all of them are stored.
    notes : tuple of str
    state : {"unfinished", "finished", "undone"}
        Where the import stands now.
    """

    import_id: int
    kind: ImportKind
    source: str
    started_at: datetime
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    items: int = 0
    personas: int = 0
    interactions: int = 0
    embedded: int = 0
    seconds: float = 0.0
    funnel: tuple[Step, ...] = ()
    first_rejections: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    state: ImportState = "finished"
