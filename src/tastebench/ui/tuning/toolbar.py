"""What can be done with a draft: reset, save, take away."""

import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.services import Workspace
from tastebench.services.profile_files import as_json, as_python, as_toml, file_name
from tastebench.ui import undo
from tastebench.ui.format import counted, escape
from tastebench.ui.page import guarded
from tastebench.ui.tuning import state

_NAME, _NOTE, _DEFAULT = "save/name", "save/note", "save/default"


def draw(workspace: Workspace, draft: ScoringProfile, refused: str, persona_id: str) -> None:
    """Draw how far the draft is from its start, and what can be done with it."""
    turned = state.changes(workspace)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key="draft_bar"):
        st.markdown(
            f"**{counted(len(turned), 'unsaved change')}**" if turned else "No unsaved changes", width="content"
        )
        st.button(
            "Reset", icon=":material/restart_alt:", disabled=not turned, key="reset", on_click=reset, args=(workspace,),
            help="Put every knob back to where it started.",
        )  # fmt: skip
        with st.popover("Save", icon=":material/save:", disabled=bool(refused), width="content"):
            _save(workspace)
        with st.popover("Export", icon=":material/download:", disabled=bool(refused), width="content"):
            _export(workspace, draft, persona_id)


def reset(workspace: Workspace) -> None:
    """Put every knob back to where the draft started. A callback."""
    replace_draft(workspace, state.start(workspace), "Put every knob back.")


def replace_draft(workspace: Workspace, new: state.Start, sentence: str) -> None:
    """Start from another profile, offering to bring back the unsaved changes there were."""
    old, changes = state.set_aside(workspace)
    state.begin(workspace, new)
    if changes:
        undo.offer(f"{sentence} {counted(len(changes), 'unsaved change')} set aside.",
                   lambda: state.begin(workspace, old, changes))  # fmt: skip


def save(workspace: Workspace) -> None:
    """Save the draft under the name and note given. A callback."""
    with guarded():
        name = str(st.session_state[state.key(workspace, _NAME)]).strip() or state.start(workspace).profile.name
        draft = ScoringProfile.parse({**state.draft(workspace).model_dump(mode="json"), "name": name})
        version = workspace.save_profile(draft, str(st.session_state[state.key(workspace, _NOTE)]))
        if st.session_state[state.key(workspace, _DEFAULT)]:
            workspace.set_default_profile(name, version)
        state.begin(workspace, state.saved_start(workspace, name, version))
        st.session_state[state.key(workspace, _NOTE)] = ""
        st.toast(f"Saved as {escape(name)} v{version}.", icon=":material/check:")


def _save(workspace: Workspace) -> None:
    key = state.key(workspace, _NAME)
    st.session_state.setdefault(key, state.start(workspace).profile.name)
    name = st.text_input("Name", key=key, max_chars=80, help="Another name makes another profile: a fork.").strip()
    st.text_input("Note", key=state.key(workspace, _NOTE), max_chars=200, placeholder="what this version is for")
    st.checkbox("Make it this workspace's default", key=state.key(workspace, _DEFAULT))
    taken = [row.version for row in workspace.profiles() if row.name == name]
    label = f"Save as version {max(taken) + 1}" if taken else "Save as a new profile"
    st.button(label, type="primary", key="save", on_click=save, args=(workspace,), disabled=not name)


def _export(workspace: Workspace, draft: ScoringProfile, persona_id: str) -> None:
    for words, extension, text, mime in (
        ("JSON", "json", as_json(draft), "application/json"),
        ("TOML", "toml", as_toml(draft), "application/toml"),
    ):
        st.download_button(
            f"Download as {words}", text, file_name(draft, extension), mime, on_click="ignore", width="stretch",
            key=f"download_{extension}", icon=":material/download:",
        )  # fmt: skip
    st.caption("Three lines of Python that use the JSON")
    st.code(as_python(draft, workspace.name, persona_id), language="python", wrap_lines=True)
