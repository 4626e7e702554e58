"""Creating, renaming and deleting a workspace: small forms that open from a button."""

import streamlit as st

from tastebench.services import Workbench
from tastebench.services.views import WorkspaceSummary
from tastebench.ui import identity, undo
from tastebench.ui.components import message
from tastebench.ui.format import counted, escape, escape_html
from tastebench.ui.page import go, guarded

_NAME_LIMIT = 200


def create(bench: Workbench) -> None:
    """Draw the form that makes a workspace and goes on to the import."""
    with st.popover("Import your own", key="create_workspace"), st.form("create_form", border=False):
        name = st.text_input("Name of the new workspace", key="new_workspace", max_chars=_NAME_LIMIT)
        st.caption("It will hold one catalogue with its personas and their history.")
        pressed = st.form_submit_button("Create and import", type="primary")
        if pressed:
            with guarded():
                _create(bench, name.strip())


def rename(bench: Workbench, old: str) -> None:
    """Draw the form that gives a workspace another name."""
    with st.popover("Rename", type="tertiary", key=f"rename_{old}"), st.form(f"rename_form_{old}", border=False):
        new = st.text_input("New name", old, key=f"rename_to_{old}", max_chars=_NAME_LIMIT)
        pressed = st.form_submit_button("Rename it", type="primary")
        if pressed:
            with guarded():
                _rename(bench, old, new.strip())


def delete(bench: Workbench, summary: WorkspaceSummary) -> None:
    """Draw the form that deletes a workspace for good, once its name has been typed."""
    name = summary.name
    with st.popover("Delete", type="tertiary", key=f"delete_{name}"), st.form(f"delete_form_{name}", border=False):
        st.html(
            f"<div>This deletes <b>{escape_html(name)}</b> with {counted(summary.items, 'item')}, "
            f"{counted(summary.personas, 'persona')} and {counted(summary.interactions, 'interaction')}, "
            "without a trace. It cannot be undone.</div>"
        )
        typed = st.text_input("Type the workspace's name to confirm", key=f"confirm_{name}")
        pressed = st.form_submit_button("Delete for good", type="primary")
        if pressed and typed.strip() != name:
            message("That is not the workspace's name.", "Nothing was deleted.")
        elif pressed:
            with guarded():
                _delete(bench, name)


def _create(bench: Workbench, name: str) -> None:
    known = set(bench.workspace_names())
    workspace = bench.workspace(name, create=True)
    if workspace.name in known:
        message("There is a workspace of that name.", "Choose another name, or open it above.")
        return
    identity.choose("workspace", workspace.name)
    go("Catalogue", view="Import")


def _rename(bench: Workbench, old: str, new: str) -> None:
    new = bench.rename_workspace(old, new)
    identity.choose("workspace", new)
    st.toast(f"Renamed to {escape(new)}.")
    st.rerun()


def _delete(bench: Workbench, name: str) -> None:
    removed = bench.delete_workspace(name)
    undo.withdraw()
    identity.leave()
    files = removed.pop("files") + removed.pop("collections")
    rows = f"{counted(sum(removed.values()), 'row')} and {counted(files, 'file')}"
    st.toast(f"Deleted {escape(name)}: {rows}.")
    st.rerun()
