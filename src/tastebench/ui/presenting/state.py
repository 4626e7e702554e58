"""What the operator chose in this session, and what it teaches."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from tastebench.domain.choices import OPTIONS
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.request import Request
from tastebench.learning.routing import HINT, Routing
from tastebench.services import Workspace
from tastebench.ui.signing_in import let_in

NUMBERS, RECORD = "numbers", "record"
"""What may be hidden of an explanation, and is one press away."""


@dataclass(frozen=True)
class Shown:
    """How one opened item is shown.

    Parameters
    ----------
    routing : Routing
    item_id : str
    opened : frozenset of str
        What of the hidden was opened for it: `NUMBERS`, `RECORD`.
    """

    routing: Routing
    item_id: str
    opened: frozenset[str]

    @property
    def hidden(self) -> tuple[str, ...]:
        """What the routing alone would not show."""
        explanation = self.routing.explanation.value
        plain = explanation == "plain" or self.routing.complexity.value == "simple"
        return tuple(name for name, hides in ((NUMBERS, plain), (RECORD, explanation != "full")) if hides)

    @property
    def numbers(self) -> bool:
        """Whether lines are taken apart, with figures."""
        return self.routing.explanation.value != "plain" or NUMBERS in self.opened

    @property
    def record(self) -> bool:
        """Whether the decision record is shown."""
        return self.routing.explanation.value == "full" or RECORD in self.opened

    @property
    def figures(self) -> bool:
        """Whether the chart's bars have figures."""
        return self.routing.complexity.value != "simple" or NUMBERS in self.opened

    @property
    def chart(self) -> str:
        """The chart; to open the numbers brings the waterfall, unless a chart was chosen just now."""
        chart = self.routing.chart
        return "waterfall" if NUMBERS in self.opened and chart.source != "now" else chart.value

    @property
    def view(self) -> str:
        """The chart as feedback on the view names it."""
        return str(PreferenceName("presentation", "chart", self.chart))


def routing(workspace: Workspace, persona_id: str, now: datetime) -> Routing:
    """Return how things are shown here and now, what this session chose included."""
    return workspace.routing(persona_id, now, let_in(), chosen(workspace))


def shown(workspace: Workspace, request: Request, item_id: str) -> Shown:
    """Return how an opened item is shown. To look at it in a view of one's own choosing is to choose it once."""
    for part, value in chosen(workspace).items():
        _note_once(workspace, item_id, part, value)
    return Shown(routing(workspace, request.persona_id, request.now), item_id, _opened(workspace, item_id))


def chosen(workspace: Workspace) -> dict[str, str]:
    """Return what was chosen in this session, by key."""
    made: dict[str, str] = st.session_state.setdefault(_key(workspace, "chosen"), {})
    return made


def choose(workspace: Workspace, part: str, value: str) -> None:
    """Have a part of the view shown so, for this session. A callback."""
    st.session_state[_key(workspace, "chosen")] = {**chosen(workspace), part: value}


def toggle(workspace: Workspace, item_id: str, what: str) -> None:
    """Open what is hidden of an item, or close it. A callback. To open it hints at the view that shows everything."""
    now_open = _opened(workspace, item_id) ^ {what}
    st.session_state[_key(workspace, "opened")] = (item_id, now_open)
    if what in now_open:
        _note_once(workspace, item_id, "level", "advanced", HINT)


def note(workspace: Workspace, part: str, value: str, *, strength: float = 1.0, always: bool = False) -> None:
    """Record a choice of the operator's."""
    workspace.note_choice(OPTIONS[part][0], part, value, operator=let_in(), strength=strength, always=always)


def noting(workspace: Workspace, part: str, value: str) -> Callable[[], object]:
    """Return what records a choice of this operator's later, on any thread."""
    return partial(workspace.note_choice, OPTIONS[part][0], part, value, operator=let_in())


def forget(workspace: Workspace) -> list[int]:
    """Forget what the operator chose, in this session and before; return what `Workspace.restore_choices` takes."""
    st.session_state.pop(_key(workspace, "chosen"), None)
    return workspace.forget_choices(let_in())


def _note_once(workspace: Workspace, item_id: str, part: str, value: str, strength: float = 1.0) -> None:
    noted: set[tuple[str, str, str]] = st.session_state.setdefault(_key(workspace, "noted"), set())
    if (item_id, part, value) not in noted:
        note(workspace, part, value, strength=strength)
        noted.add((item_id, part, value))


def _opened(workspace: Workspace, item_id: str) -> frozenset[str]:
    of_item, what = st.session_state.get(_key(workspace, "opened"), ("", frozenset()))
    return frozenset(what) if of_item == item_id else frozenset()


def _key(workspace: Workspace, name: str) -> str:
    return f"presenting/{workspace.key}/{name}"
