"""The language model's judgement of the head of a list: grades, comments, a summary. All of it unverified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tastebench.domain.model_state import ModelState


@dataclass(frozen=True)
class Judgement:
    """What the model said of the items it was shown.

    Parameters
    ----------
    item_ids : tuple of str
        The head it was made for, in the list's order. For another head it says nothing.
    grades : mapping of str to float
        Item id to grade in [0, 10], the mean over shuffles; items without one are missing and stay where they are.
    comments : mapping of str to str
        Item id to the model's comment: one clean line, shown escaped, labelled as the model's.
    ungrounded : mapping of str to str
        Item id to why its comment is not shown (it names another candidate, or something the item lacks).
    neutral : mapping of str to str
        Item id to why it was not put before the model (its text looks like orders).
    summary : str
        The list in one paragraph, as the model sees it.
    state : ModelState
        OK, PARTIAL, NO_PREFERENCE or INVALID_OUTPUT.
    repairs : tuple of str
        What had to be mended to read the answer, one short sentence each.
    """

    item_ids: tuple[str, ...]
    grades: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    comments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ungrounded: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    neutral: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    summary: str = ""
    state: ModelState = ModelState.OK
    repairs: tuple[str, ...] = ()
