"""Who and where: workspace and persona, kept in the URL as ``workspace`` and ``persona``.

A pick just made leads, then the URL. What both lack comes from the session (a page opened by its bare address), then
from the first entry. The result is written back to the URL in one step, so that every address can be shared as it
stands and the browser's Back takes one pick back.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from tastebench.domain.errors import NotFound
from tastebench.domain.persona import Origin, Persona
from tastebench.services import Workbench, Workspace
from tastebench.ui.components import message
from tastebench.ui.format import escape

PERSONA_LIMIT = 5000
"""So many personas are offered in the picker; others are reached from the Personas page."""

_NAMES = ("workspace", "persona")
_MOVED = "moved_workspace"
_HELD = "member_s_workspace"
_MISSED = "missed"
NO_MEMBER = ("This workspace doesn't name you as a member any more.", "Reload the page to see those that do.")
"""What whoever was taken out of a workspace is told, and the next step."""


@dataclass(frozen=True)
class PersonaChoice:
    """A persona as the picker lists it."""

    persona_id: str
    name: str
    face: str
    origin: Origin

    @property
    def label(self) -> str:
        """Face and name, and that nobody real is meant where the persona is simulated."""
        return f"{self.face} {self.name}{' (simulated)' if self.origin == 'simulated' else ''}".strip()


@dataclass(frozen=True)
class Held:
    """A workspace, and the bench of the member who looks at it."""

    bench: Workbench
    workspace: Workspace


def _choice(persona: Persona) -> PersonaChoice:
    return PersonaChoice(persona.persona_id, persona.name, persona.face, persona.origin)


def choose(name: str, value: str) -> None:
    """Make `value` the ``workspace`` or ``persona`` from the next run on; call `st.rerun` or `go` to get there.

    Another workspace takes everything else out of the URL that no field is bound to: it belonged to the one before.
    """
    if name == "workspace" and st.session_state.get("last_workspace") != value:
        st.session_state[_MOVED] = True
        st.session_state.pop("last_persona", None)
    st.session_state[f"next_{name}"] = value
    st.session_state[f"last_{name}"] = value


def current(name: str) -> str | None:
    """Return the ``workspace`` or ``persona`` that is shown, by its name or id; None where there is none."""
    shown: str | None = st.session_state.get(f"last_{name}")
    return shown


def parameters(**more: str) -> dict[str, str]:
    """Return the URL parameters that lead to another page for the same workspace and persona, plus `more`."""
    names = {name: current(name) for name in _NAMES}
    return {name: value for name, value in names.items() if value is not None} | more


def leave() -> None:
    """Forget workspace and persona: the next run picks the first there is."""
    for name in _NAMES:
        st.session_state.pop(f"last_{name}", None)
    st.query_params.clear()


def arrive() -> None:
    """Let the next page's URL stand as it is given, also where another workspace was just chosen."""
    st.session_state.pop(_MOVED, None)


def held() -> Held | None:
    """Return the workspace that whoever signed in looks at; None where nobody signs in, or nothing is looked at."""
    found: Held | None = st.session_state.get(_HELD)
    return found


def may_see(what: Held | None) -> bool:
    """Tell whether whoever signed in may (still) see what they looked at."""
    return what is None or what.bench.sees(what.workspace)


def hold() -> None:
    """End the run with a sentence where whoever signed in may not see the workspace of this page any more."""
    if not may_see(held()):
        message(*NO_MEMBER, wrong=True)
        st.stop()


def let_go() -> None:
    """Look at no workspace any more: the page picks one anew."""
    st.session_state.pop(_HELD, None)


def pickers(bench: Workbench) -> tuple[Workspace | None, str | None]:
    """Draw the pickers; return the workspace and the persona's id, None where there is none to pick."""
    names = bench.workspace_names()
    name = _chosen("workspace", names)
    if name is None:
        return None, None
    workspace = bench.workspace(name)
    if bench.member:
        st.session_state[_HELD] = Held(bench, workspace)
    choices = persona_choices(workspace)
    persona_id = _chosen("persona", list(choices))
    _missed("workspace", names)
    _picker("workspace", names, {})
    if workspace.settings.synthetic:
        st.badge("Invented data", color="gray", help=escape(workspace.settings.note) or None)
    if persona_id is not None:
        _missed("persona", list(choices))
        _picker("persona", list(choices), _labels(choices))
    _write_url({"workspace": name} | ({"persona": persona_id} if persona_id is not None else {}))
    return workspace, persona_id


def persona_choices(workspace: Workspace) -> dict[str, PersonaChoice]:
    """Return the personas that the picker offers, by id: the first 5,000 and the one in the URL."""
    choices = _persona_choices(workspace, workspace.persona_revision)
    wanted = st.session_state.get("next_persona") or st.query_params.get("persona")
    if wanted is None or wanted in choices or len(choices) < PERSONA_LIMIT:
        return choices
    try:
        persona = workspace.persona(wanted)
    except NotFound:
        return choices
    return {wanted: _choice(persona), **choices}


@st.cache_data(max_entries=16, show_spinner=False)
def _persona_choices(_workspace: Workspace, revision: Hashable) -> dict[str, PersonaChoice]:  # noqa: ARG001
    # The revision is the cache's key: a write to personas makes a new one.
    page = _workspace.personas(limit=PERSONA_LIMIT)
    return {one.persona.persona_id: _choice(one.persona) for one in page.personas}


def _chosen(name: str, options: Sequence[str]) -> str | None:
    picked = st.session_state.pop(f"next_{name}", None)
    in_url = None if name == "persona" and st.session_state.get(_MOVED) else st.query_params.get(name)
    wanted = (picked, in_url, st.session_state.get(f"last_{name}"))
    known = set(options)
    value = next((one for one in wanted if one in known), options[0] if options else None)
    st.session_state[f"last_{name}"] = value
    return value


def _missed(name: str, options: Sequence[str]) -> None:
    asked = st.query_params.get(name)
    if asked is not None and asked not in options and not st.session_state.get(_MOVED):
        st.session_state[_MISSED] = [*st.session_state.get(_MISSED, ()), f"There is no {name} “{asked}” here any more."]


def missed() -> list[str]:
    """Return, once, what the link asked for and isn't here: another is shown in its place."""
    return list(st.session_state.pop(_MISSED, ()))


def _picker(name: str, options: list[str], labels: Mapping[str, str]) -> None:
    key = f"pick_{name}"
    st.session_state[key] = st.session_state[f"last_{name}"]
    st.selectbox(
        name.capitalize(), options, key=key, format_func=lambda one: labels.get(one, one),
        on_change=_on_pick, args=(name,),
    )  # fmt: skip


def _on_pick(name: str) -> None:
    choose(name, st.session_state[f"pick_{name}"])


def _write_url(identity: dict[str, str]) -> None:
    # One write, so that it is one step for the browser's Back. `update` leaves parameters that widgets are bound to:
    # an open tab stays open in another workspace, and a search stays written.
    now = st.query_params.to_dict()
    bound = {name for name in now if name in st.session_state}
    if st.session_state.pop(_MOVED, False):
        if not bound:
            st.query_params.from_dict(identity)
            return
        for name in now.keys() - bound - identity.keys():
            del st.query_params[name]
    if now | identity != now:
        st.query_params.update(identity)


def _labels(choices: Mapping[str, PersonaChoice]) -> dict[str, str]:
    seen: dict[str, int] = {}
    for choice in choices.values():
        seen[choice.label] = seen.get(choice.label, 0) + 1
    return {
        choice.persona_id: choice.label if seen[choice.label] == 1 else f"{choice.label} · {choice.persona_id}"
        for choice in choices.values()
    }
