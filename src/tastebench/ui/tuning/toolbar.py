"""What can be done with a draft: reset, save, take away."""

from collections.abc import Callable

import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.services import Workspace
from tastebench.services.profile_files import as_json, as_python, as_toml, file_name
from tastebench.ui import default_profile, undo
from tastebench.ui.format import counted
from tastebench.ui.tuning import state
from tastebench.ui.tuning.saying import attempt, tell


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
        # Its key changes with the start, so that it closes once the draft is saved.
        key = _field(workspace, "popover")
        with st.popover("Save", icon=":material/save:", disabled=bool(refused), width="content", key=key):
            _save(workspace)
        with st.popover("Export", icon=":material/download:", disabled=bool(refused), width="content"):
            _export(workspace, draft, persona_id)


def reset(workspace: Workspace) -> None:
    """Put every knob back to where the draft started. A callback."""
    with attempt():
        replace_draft(workspace, state.start(workspace), "Put every knob back.")


def replace_draft(
    workspace: Workspace, new: state.Start, sentence: str, back: Callable[[], object] | None = None
) -> None:
    """Start from another profile, offering to bring back the unsaved changes there were, and to go `back`."""
    old, changes = state.set_aside(workspace)

    def bring_back() -> None:
        if back is not None:
            back()
        state.begin(workspace, old, changes)

    if changes:
        sentence = f"{sentence} {counted(len(changes), 'unsaved change')} set aside."
    if changes or back is not None:
        undo.offer(sentence, bring_back)
    state.begin(workspace, new)


def save(workspace: Workspace) -> None:
    """Save the draft under the name and note given. A callback."""
    with attempt():
        name, note, default = (st.session_state[_field(workspace, field)] for field in ("name", "note", "default"))
        document = state.draft(workspace).model_dump(mode="json") | {"name": str(name).strip()}
        draft = ScoringProfile.parse(document)
        known = {row.version for row in workspace.profiles() if row.name == draft.name}
        version = workspace.save_profile(draft, str(note))
        if default:
            default_profile.choose(workspace, draft.name, version)
        else:
            undo.withdraw()  # it offered to take back what was done before this
        state.begin(workspace, state.saved_start(workspace, draft.name, version))
        said = "Nothing to save: it is the same as" if version in known else "Saved as"
        tell(f"{said} {draft.name} v{version}.")


def _save(workspace: Workspace) -> None:
    name = st.text_input(
        "Name", state.start(workspace).profile.name, key=_field(workspace, "name"), max_chars=80,
        help="Another name makes another profile: a fork.",
    ).strip()  # fmt: skip
    st.text_input("Note", key=_field(workspace, "note"), max_chars=200, placeholder="what this version is for")
    st.checkbox("Make it this workspace's default", key=_field(workspace, "default"))
    taken = [row.version for row in workspace.profiles() if row.name == name]
    label = f"Save as version {max(taken) + 1}" if taken else "Save as a new profile"
    st.button(label, type="primary", key="save", on_click=save, args=(workspace,), disabled=not name)


def _field(workspace: Workspace, name: str) -> str:
    # Another start, other fields: what was typed for the last version isn't proposed for the next.
    return state.key(workspace, f"save/{state.start(workspace).saved}/{name}")


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
    st.code(as_python(draft, workspace.name, persona_id, str(workspace.folder)), language="python", wrap_lines=True)
