"""From what an operator writes to an interaction: which item is meant, whom a follow is for, what "now" is."""

from datetime import UTC, datetime
from difflib import get_close_matches

from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.recommendations import feedback

_LOOKED_AT = 200


def deed(item: Item, action: str, at: datetime | None, weight: float | None) -> Interaction:
    """Return what somebody did with an item; a follow is for its creator.

    Raises
    ------
    InvalidInput
        Where an item is followed that names no creator.
    pydantic.ValidationError
        Where the time or the weight is out of range.

    Examples
    --------
    >>> deed(Item("a", creator="Varda"), "follow", None, None).target
    'Varda'
    """
    if action != "follow":
        return Interaction(item.item_id, action, at=at, weight=weight)
    if not item.creator:
        raise InvalidInput(f"{item.name} names no creator to follow.", "Add one on the Catalogue page.")
    return Interaction(item.creator, action, at=at, weight=weight, target_kind="creator")


def now(workspace: Workspace, persona_id: str) -> datetime:
    """Return the time of what is recorded as happening now: in a workspace of old data, just after its last event."""
    return feedback.moment(held.now(workspace, persona_id).at, None, datetime.now(UTC))


def remark(workspace: Workspace, persona_id: str) -> str:
    """Return a sentence where "now" isn't the clock; empty otherwise."""
    return feedback.remark(held.now(workspace, persona_id).at, None, datetime.now(UTC))


def item_named(workspace: Workspace, written: str) -> Item:
    """Return the item whose id or whole title was written, upper and lower case alike.

    Raises
    ------
    NotFound
        Where there is none; names titles that come close.
    InvalidInput
        Where several items have that title; names their ids.
    """
    try:
        return workspace.item(written)
    except NotFound:
        page = workspace.items(search=written, limit=_LOOKED_AT)
        # The title itself may be the last of many that hold it.
        found = page.items if page.total <= _LOOKED_AT else workspace.items(search=written, limit=page.total).items
    named = [item for item in found if item.name.casefold() == written.casefold()]
    if len(named) > 1:
        ids = ", ".join(item.item_id for item in named[:5])
        raise InvalidInput(f"{len(named)} items are called “{written}”.", f"Write the id of one: {ids}.")
    if not named:
        raise NotFound(f"There is no item “{written}”.", _hint(written, [item.name for item in found]))
    return named[0]


def _hint(written: str, titles: list[str]) -> str:
    close = get_close_matches(written, titles, n=3, cutoff=0.3) or titles[:3]
    return f"Did you mean {' or '.join(f'“{title}”' for title in close)}?" if close else "Write its id or whole title."
