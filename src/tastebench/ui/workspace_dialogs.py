"""Creating, renaming and deleting a workspace."""

import streamlit as st

from tastebench.services import Workbench
from tastebench.ui import identity
from tastebench.ui.format import counted, escape, escape_html
from tastebench.ui.page import go, guarded


@st.dialog("A workspace for your data")
def create_workspace(bench: Workbench) -> None:
    """Ask for a name, create the workspace and go on to the import."""
    st.caption("A workspace holds one catalogue with its personas and their history. Nothing crosses it.")
    with st.form("create_workspace", border=False):
        name = st.text_input("Name", key="new_workspace", max_chars=80, placeholder="bookshop")
        pressed = st.form_submit_button("Create and import", type="primary")
    if pressed:
        with guarded():
            _create(bench, name.strip())


@st.dialog("Rename workspace")
def rename_workspace(bench: Workbench, old: str) -> None:
    """Ask for another name."""
    with st.form("rename_workspace", border=False):
        new = st.text_input("New name", value=old, key=f"rename_to_{old}", max_chars=80)
        pressed = st.form_submit_button("Rename", type="primary")
    if pressed:
        with guarded():
            bench.rename_workspace(old, new.strip())
            identity.choose("workspace", new.strip())
            st.toast(f"Renamed to {escape(new.strip())}.")
            st.rerun()


@st.dialog("Delete workspace")
def delete_workspace(bench: Workbench, name: str) -> None:
    """Delete for good, once the name has been typed."""
    summary = bench.workspace(name).summary()
    amounts = (counted(summary.items, "item"), counted(summary.personas, "persona"))
    st.html(
        f"<p>This deletes <b>{escape_html(name)}</b> with {amounts[0]}, {amounts[1]} and "
        f"{counted(summary.interactions, 'interaction')}. It cannot be undone.</p>"
    )
    with st.form("delete_workspace", border=False):
        typed = st.text_input("Type the workspace's name to confirm", key=f"confirm_{name}")
        pressed = st.form_submit_button("Delete for good", type="primary")
    if pressed and typed.strip() != name:
        st.caption("That is not the workspace's name.")
    elif pressed:
        with guarded():
            bench.delete_workspace(name)
            st.toast(f"Deleted {escape(name)}.")
            st.rerun()


def _create(bench: Workbench, name: str) -> None:
    if name in {summary.name for summary in bench.workspaces()}:
        st.caption("There is a workspace of that name. Choose another one.")
        return
    workspace = bench.workspace(name, create=True)
    identity.choose("workspace", workspace.name)
    go("Catalogue", view="Import")
