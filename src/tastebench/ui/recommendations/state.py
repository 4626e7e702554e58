"""Where this page's choices live in the session, and how they and the URL follow each other."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui.recommendations import link
from tastebench.ui.recommendations.link import Known, View

_LAST = "recommendations/url"


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
    """Take over what the URL asks for, unless this page wrote it itself; return sentences for what it cannot show.

    An address without any of this page's parameters leaves the choices as they are: people came back by a link of
    the navigation.
    """
    given = {name: st.query_params.get_all(name) for name in link.NAMES if name in st.query_params}
    if not given or given == st.session_state.get(_LAST):
        return ()
    view, trouble = link.read(given, known)
    _spread(workspace, view, known)
    return trouble


def write_url(view: View, page: int) -> None:
    """Make the URL say what is shown: the view, and the page that it came to."""
    spoken = link.parameters(replace(view, page=page))
    for name in link.NAMES:
        if name in spoken and st.query_params.get_all(name) != spoken[name]:
            st.query_params[name] = spoken[name]
        elif name not in spoken and name in st.query_params:
            del st.query_params[name]
    st.session_state[_LAST] = spoken


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
