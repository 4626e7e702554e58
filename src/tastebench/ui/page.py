"""How every page starts: one call that draws what all pages share and returns the services."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from tastebench.domain.errors import TastebenchError
from tastebench.services import Workbench, Workspace
from tastebench.ui import demo, identity, signing_in, undo
from tastebench.ui.bench import workbench
from tastebench.ui.components import empty_state, message
from tastebench.ui.language_model import asking
from tastebench.ui.personas import state
from tastebench.ui.tables import without_raw_download

_log = logging.getLogger(__name__)

# The accent colour carries white button text, which makes it too dark for text on a dark page; and the grey that
# Streamlit gives to the titles of Plotly's axes is too faint for a light one.
_STYLE = """<style>
[data-testid="stTab"][aria-selected="true"], [data-testid="stTab"][aria-selected="true"] p,
button[data-variant][data-selected="true"], button[data-variant][data-selected="true"] p,
button[kind="tertiary"]:is(:hover, :focus, :active):not(:disabled),
[data-testid="stSliderThumbValue"] {color: inherit !important}
button[kind="tertiary"]:hover:not(:disabled) {background: color-mix(in srgb, currentColor 10%, transparent)}
.js-plotly-plot .xtitle, .js-plotly-plot .ytitle, .js-plotly-plot .xtick text, .js-plotly-plot .ytick text
{fill: currentColor !important}
/* On a laptop's screen the list needs the width more than the margins do. */
@media (min-width: 48rem) and (max-width: 96rem) { [data-testid="stMainBlockContainer"] { padding-inline: 2.5rem } }
</style>"""

PAGES = {
    "Recommendations": ("pages/recommendations.py", ":material/format_list_numbered:"),
    "Ask": ("pages/ask.py", ":material/search:"),
    "Tuning": ("pages/tuning.py", ":material/tune:"),
    "Personas": ("pages/personas.py", ":material/group:"),
    "Interactions": ("pages/interactions.py", ":material/history:"),
    "Catalogue": ("pages/catalogue.py", ":material/inventory_2:"),
    "Evaluation": ("pages/evaluation.py", ":material/straighten:"),
    "Home": ("app.py", ":material/home:"),
}
"""The pages in the order of the navigation: title to file and icon."""


@dataclass(frozen=True)
class Page:
    """What a page works with.

    Parameters
    ----------
    bench : Workbench
        Where people sign in, as the visitor sees it: only the workspaces that name them as a member.
    workspace : Workspace, optional
        None only on pages that asked for ``needs_workspace=False``.
    persona_id : str, optional
        The persona picked in the sidebar; None where the workspace has none.
    """

    bench: Workbench
    workspace: Workspace | None
    persona_id: str | None

    @property
    def space(self) -> Workspace:
        """The workspace, on pages that need one."""
        if self.workspace is None:
            raise RuntimeError("this page was opened with needs_workspace=False")
        return self.workspace


def page(title: str, *, needs_workspace: bool = True, needs_persona: bool = False, heading: bool = True) -> Page:
    """Return the services for one page, having drawn what all pages share.

    Page configuration, sidebar with pickers and navigation, the title (unless ``heading=False``), the offer to undo.
    Whoever has to sign in first stops at the door, and so does everybody where other machines could reach an app
    without sign-in: nothing is opened then. Where a needed workspace or persona is missing, a designed empty state is
    drawn and the script stops.
    """
    st.set_page_config(page_title=f"{title} · Tastebench", page_icon="🎯", layout="wide")
    asking.leave(title)
    st.sidebar.html('<div style="font-size:1.25rem;font-weight:650;letter-spacing:-.01em">Tastebench</div>')
    st.html(_STYLE)
    if heading:
        st.title(title, anchor=False)
    operator = signing_in.operator()
    opened = _opened(operator)
    _navigation()
    if operator:
        with st.sidebar:
            signing_in.who(operator)
    if opened is None:
        st.stop()
    for sentence in identity.missed():
        message(sentence, "Another is shown instead. Choose in the sidebar.")
    undo.show()
    without_raw_download()
    _stop_without(opened, needs_workspace=needs_workspace, needs_persona=needs_persona)
    return opened


@contextmanager
def guarded() -> Iterator[None]:
    """Turn errors into a calm message with a next step; the traceback goes to the log.

    A fragment runs again without the page around it, so fragments need a ``with guarded():`` of their own. It also
    holds that whoever signed in still is a member of the workspace they look at.
    """
    identity.hold()
    try:
        yield
    except TastebenchError as error:
        _log.warning("%s: %s", type(error).__name__, error, exc_info=True)
        message(error.message, error.next_step, wrong=True)
    except Exception:  # noqa: BLE001 — the last line of defence: whatever it is, no traceback reaches the page
        _log.exception("the page failed")
        message(
            "Something unexpected happened here.", "It is written in the log. Reload the page to go on.", wrong=True
        )


def link(target: str, label: str = "", **parameters: str) -> None:
    """Draw a link to another page that keeps workspace and persona; `parameters` go into its URL."""
    path, icon = PAGES[target]
    st.page_link(path, label=label or target, icon=icon, query_params=identity.parameters(**parameters))


def go(target: str, **parameters: str) -> NoReturn:
    """Leave for another page, keeping workspace and persona; `parameters` go into its URL."""
    identity.arrive()
    st.switch_page(PAGES[target][0], query_params=identity.parameters(**parameters))


def _opened(operator: str) -> Page | None:
    opened = None
    identity.let_go()
    with guarded():
        bench = workbench()
        if operator:
            bench = bench.for_member(operator)
        with st.sidebar:
            opened = Page(bench, *identity.pickers(bench))
    return opened


def _navigation() -> None:
    with st.sidebar.container(gap="xsmall", key="navigation"):
        for title in PAGES:
            link(title)


def _stop_without(opened: Page, *, needs_workspace: bool, needs_persona: bool) -> None:
    if opened.workspace is None and needs_workspace:
        demo.first_steps(opened.bench)
        st.stop()
    if needs_persona and opened.persona_id is None:
        sentence = "A list is made for somebody. Make up a person, or import some."
        if empty_state("group", "No personas here yet", sentence, "Create a persona", key="no_persona"):
            state.open_form()
            go("Personas")
        st.stop()
