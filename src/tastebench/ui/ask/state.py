"""Where this page's choices live in the session, and how they and the URL follow each other."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import addresses
from tastebench.ui.ask import link
from tastebench.ui.ask.link import View
from tastebench.ui.recommendations.link import Known

WITNESS = "ask_button"
"""Key of a widget that this page always draws."""

_ANEW = "ask/anew"


def key(workspace: Workspace, name: str) -> str:
    """Return the session's key of one choice; every workspace has its own."""
    return f"ask/{workspace.key}/{name}"


def choice(workspace: Workspace, name: str, default: object = None) -> object:
    """Return a choice as it stands in the session."""
    return st.session_state.get(key(workspace, name), default)


def text(workspace: Workspace, name: str) -> str:
    """Return a choice that is a text; empty where there is none."""
    return str(choice(workspace, name) or "")


def number(workspace: Workspace, name: str) -> float:
    """Return a choice that is a number."""
    value = choice(workspace, name)
    if not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}")  # `begin` gives every number its usual value
    return float(value)


def listed(workspace: Workspace, name: str) -> list[str]:
    """Return a choice that is a list of texts."""
    value = choice(workspace, name)
    return list(value) if isinstance(value, list | tuple) else []


def day(workspace: Workspace) -> date | None:
    """Return the day that is asked as of; None for now."""
    value = choice(workspace, "as_of")
    return value if isinstance(value, date) else None


def choose(workspace: Workspace, **choices: object) -> None:
    """Set choices; those of widgets only before they are drawn."""
    for name, value in choices.items():
        st.session_state[key(workspace, name)] = value


def begin(workspace: Workspace) -> None:
    """Give every choice that isn't made yet its usual value, for the widgets to start from."""
    usual = View()
    values = {name: getattr(usual, name) for name in ("question", "method", "alpha", "strength", "shown", "side")}
    for name, value in {**values, "item": "", "profile": "", "rerank": False}.items():
        st.session_state.setdefault(key(workspace, name), value)


def from_the_top(workspace: Workspace) -> None:
    """Close what is opened and show the first places: it is another answer now. A callback."""
    choose(workspace, item="", shown=link.SHOWN)


def toggle(workspace: Workspace, item_id: str, side: str) -> None:
    """Open an item in one of the lists, or close it where it is open there. A callback."""
    is_open = (text(workspace, "item"), text(workspace, "side")) == (item_id, side)
    choose(workspace, item="" if is_open else item_id, side=side)


def clear_filters(workspace: Workspace, facets: Sequence[str]) -> None:
    """Take every filter away. A callback."""
    choose(workspace, **{f"facet/{facet}": [] for facet in facets})
    from_the_top(workspace)
    ask_for_all()


def take_url(workspace: Workspace, known: Known) -> tuple[str, ...]:
    """Take over what the URL asks for; return a sentence for each part that cannot be shown."""
    given = addresses.asked("ask", workspace.name, link.NAMES, WITNESS)
    if given is None:
        return ()
    view, trouble = link.read(given, known)
    about = view.about
    choose(workspace, question=view.question, method=view.method, alpha=view.alpha, strength=view.strength)
    choose(workspace, shown=view.shown, as_of=about.as_of, profile=about.profile, rerank=about.model.rerank)
    choose(workspace, item=about.item, side=view.side)
    choose(workspace, **{f"facet/{facet}": list(about.facets.get(facet, ())) for facet in known.tags})
    return trouble


def write_url(workspace: Workspace, view: View) -> None:
    """Make the URL say what is shown."""
    addresses.tell("ask", workspace.name, link.NAMES, link.parameters(view))


def ask_for_all() -> None:
    """Have the whole page drawn anew, where a callback within a fragment changed more than the fragment shows."""
    st.session_state[_ANEW] = True


def whole_page_if_asked() -> None:
    """Within a fragment: draw the whole page where that was asked for."""
    if st.session_state.get(_ANEW):
        st.rerun()


def arrive() -> None:
    """Note that the whole page is being drawn. The page calls this first."""
    st.session_state.pop(_ANEW, None)
