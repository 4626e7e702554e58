"""Where this page's choices live in the session, and how they and the URL follow each other."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import addresses
from tastebench.ui.recommendations import link
from tastebench.ui.recommendations.link import Known, View

WITNESS = "clear_filters"
"""Key of a widget that this page always draws."""


def key(workspace: Workspace, name: str) -> str:
    """Return the session's key of one choice; every workspace has its own."""
    return f"recommendations/{workspace.name}/{name}"


def choice(workspace: Workspace, name: str, default: object = None) -> object:
    """Return a choice as it stands in the session."""
    return st.session_state.get(key(workspace, name), default)


def choose(workspace: Workspace, **choices: object) -> None:
    """Set choices; those of widgets only before they are drawn."""
    for name, value in choices.items():
        st.session_state[key(workspace, name)] = value


def first_page(workspace: Workspace) -> None:
    """Go back to the top of the list: it is another list now."""
    choose(workspace, page=1, item="")


def follow_persona(workspace: Workspace, persona_id: str) -> None:
    """Start at the top where the persona is another than in the last run."""
    last = choice(workspace, "persona", persona_id)
    choose(workspace, persona=persona_id)
    if last != persona_id:
        first_page(workspace)


def take_url(workspace: Workspace, known: Known) -> tuple[str, ...]:
    """Take over what the URL asks for; return a sentence for each part that cannot be shown."""
    given = addresses.asked("recommendations", workspace.name, link.NAMES, WITNESS)
    if given is None:
        return ()
    view, trouble = link.read(given, known)
    _spread(workspace, view, known)
    return trouble


def write_url(workspace: Workspace, view: View, page: int) -> None:
    """Make the URL say what is shown: the view, and the page that it came to."""
    addresses.tell("recommendations", workspace.name, link.NAMES, link.parameters(replace(view, page=page)))


def ask_to_clear(workspace: Workspace) -> None:
    """Have every filter taken away by the next run, before its widgets are drawn."""
    choose(workspace, clear=True)


def clear_if_asked(workspace: Workspace, known: Known) -> None:
    """Take every filter away where the last run asked for it."""
    if choice(workspace, "clear"):
        choose(workspace, clear=False)
        clear_filters(workspace, tuple(known.tags), tuple(known.attributes))


def clear_filters(workspace: Workspace, facets: Sequence[str], attributes: Sequence[str]) -> None:
    """Take every filter and exclusion away."""
    choose(workspace, text="", without=[])
    choose(workspace, **{f"facet/{facet}": [] for facet in facets})
    choose(workspace, **{f"{end}/{name}": None for name in attributes for end in ("from", "to")})
    first_page(workspace)


def _spread(workspace: Workspace, view: View, known: Known) -> None:
    choose(workspace, page=view.page, item=view.item, as_of=view.as_of, profile=view.profile, text=view.text)
    choose(workspace, without=list(view.without))
    choose(workspace, **{f"facet/{facet}": list(view.facets.get(facet, ())) for facet in known.tags})
    for name in known.attributes:
        low, high = view.ranges.get(name, (None, None))
        choose(workspace, **{f"from/{name}": low, f"to/{name}": high})
