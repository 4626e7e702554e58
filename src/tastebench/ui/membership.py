"""Members on the page: who may see a workspace, where people sign in; and who may see everything, where they don't."""

import streamlit as st

from tastebench.domain.errors import NotFound, TastebenchError
from tastebench.domain.member import EMAIL_LIMIT
from tastebench.services import Workbench, Workspace
from tastebench.ui import identity
from tastebench.ui.components import message
from tastebench.ui.format import count, escape

_SAID = "members_said"
_LISTED = 20


def reach(bench: Workbench) -> None:
    """Say who can reach the app where nobody signs in."""
    if not bench.member:
        st.caption(
            "This app can be reached from this machine alone. It asks nobody to sign in, and takes whoever reaches it "
            "for its operator."
        )


def nothing_seen(bench: Workbench) -> None:
    """Say why somebody who signed in sees no workspace, and what to do; nothing where nobody signs in."""
    if bench.member:
        message(
            f"No workspace names {bench.member} as a member yet.",
            "Ask a member to add you, or begin with a workspace of your own.",
        )


def form(bench: Workbench, name: str) -> None:
    """Draw who may see a workspace, and the forms that change it; nothing where nobody signs in."""
    if not bench.member:
        return
    with st.popover("Members", type="tertiary", key=f"members_{name}"):
        workspace = bench.workspace(name)
        st.caption("Who is named here sees this workspace and may change it, its members too.")
        known = workspace.members()
        listed = [escape(one) for one in known[:_LISTED]]
        if len(known) > _LISTED:
            listed.append(f"and {count(len(known) - _LISTED)} more")
        st.markdown("\n".join(f"- {one}" for one in listed))
        _add(bench, workspace, name)
        _remove(bench, workspace, name)
        if said := st.session_state.pop(f"{_SAID}_{name}", None):
            message(*said)


def _add(bench: Workbench, workspace: Workspace, name: str) -> None:
    with st.form(f"add_member_form_{name}", border=False, clear_on_submit=True):
        st.text_input("E-mail address", key=f"add_member_{name}", max_chars=EMAIL_LIMIT)
        st.form_submit_button("Add", key=f"add_member_button_{name}", on_click=_added, args=(bench, workspace, name))


def _remove(bench: Workbench, workspace: Workspace, name: str) -> None:
    known = workspace.members()
    chosen = st.selectbox("Remove", known, index=None, key=f"remove_member_{name}", placeholder="Choose a member")
    if chosen is None:
        return
    warning = _warning(known, own=chosen == bench.member)
    sure = st.checkbox(warning, key=f"remove_sure_{name}") if warning else True
    st.button(
        "Remove", disabled=not sure, key=f"remove_member_button_{name}", on_click=_removed,
        args=(bench, workspace, name, chosen),
    )  # fmt: skip


def _warning(known: tuple[str, ...], *, own: bool) -> str:
    if len(known) == 1:
        return "The last member: nobody will see this workspace here, until one is named on the command line."
    return "That is you: you will not see this workspace any more." if own else ""


def _added(bench: Workbench, workspace: Workspace, name: str) -> None:
    try:
        _hold(bench, workspace)
        address = workspace.add_member(st.session_state[f"add_member_{name}"])
    except TastebenchError as error:
        st.session_state[f"{_SAID}_{name}"] = (error.message, error.next_step)
    else:
        st.toast(f"{escape(address)} is a member of {escape(name)}.")


def _removed(bench: Workbench, workspace: Workspace, name: str, address: str) -> None:
    try:
        _hold(bench, workspace)
        workspace.remove_member(address, even_last=True)
    except TastebenchError as error:
        st.session_state[f"{_SAID}_{name}"] = (error.message, error.next_step)
    else:
        st.toast(f"{escape(address)} is no member of {escape(name)} any more.")


def _hold(bench: Workbench, workspace: Workspace) -> None:
    """Hold that whoever names or removes a member still is one: callbacks run before the page is drawn anew."""
    if not bench.sees(workspace):
        raise NotFound(*identity.NO_MEMBER)
