"""Where this page's choices live in the session, and how they and the URL follow each other."""

from collections.abc import Sequence
from dataclasses import fields, replace

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import addresses
from tastebench.ui.recommendations import link
from tastebench.ui.recommendations.link import Known, View
from tastebench.ui.recommendations.model_link import ModelView

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
    """Start at the top, without searches proposed for somebody else, where the persona is another than before."""
    last = choice(workspace, "persona", persona_id)
    choose(workspace, persona=persona_id)
    if last != persona_id:
        first_page(workspace)
        choose(workspace, proposed=(), offered=())


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


def model_view(workspace: Workspace) -> ModelView:
    """Return what the language model is to do, as it stands in the session."""
    return ModelView(**{one.name: choice(workspace, one.name, one.default) for one in fields(ModelView)})  # type: ignore[arg-type]


def offered(workspace: Workspace) -> tuple[str, ...]:
    """Return the searches the model proposed, those taken off included."""
    return tuple(choice(workspace, "offered", ()))  # type: ignore[arg-type]


def take_proposed(workspace: Workspace, answer: str, queries: Sequence[str]) -> bool:
    """Switch on the searches of an answer and tell whether there are new ones; an answer is taken once."""
    if choice(workspace, "proposed_by") == answer:
        return False
    choose(workspace, proposed_by=answer)
    if queries:
        choose(workspace, offered=tuple(queries), proposed=tuple(queries), page=1)
    return bool(queries)


def switch_proposed(workspace: Workspace, query: str) -> None:
    """Take a proposed search off, or put it back. A callback."""
    on = model_view(workspace).proposed
    choose(workspace, proposed=tuple(one for one in offered(workspace) if (one in on) != (one == query)))
    first_page(workspace)


def _spread_model(workspace: Workspace, view: ModelView) -> None:
    choose(workspace, **{one.name: getattr(view, one.name) for one in fields(ModelView)})
    choose(workspace, offered=view.proposed)


def _spread(workspace: Workspace, view: View, known: Known) -> None:
    choose(workspace, page=view.page, item=view.item, as_of=view.as_of, profile=view.profile, text=view.text)
    choose(workspace, without=list(view.without))
    _spread_model(workspace, view.model)
    choose(workspace, **{f"facet/{facet}": list(view.facets.get(facet, ())) for facet in known.tags})
    for name in known.attributes:
        low, high = view.ranges.get(name, (None, None))
        choose(workspace, **{f"from/{name}": low, f"to/{name}": high})
