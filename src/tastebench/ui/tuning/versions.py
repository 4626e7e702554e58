"""Where a draft starts: a saved version, a file; and what becomes of the versions there are."""

from functools import partial

import streamlit as st

from tastebench.services import Workspace
from tastebench.services.profile_files import SIZE_LIMIT, read_profile
from tastebench.stores.profiles import ProfileRow
from tastebench.ui import default_profile, undo
from tastebench.ui.format import ago, count, date, escape, escape_html
from tastebench.ui.tuning import presets, state
from tastebench.ui.tuning.saying import attempt, tell
from tastebench.ui.tuning.toolbar import replace_draft

UNSAVED = ""
_HELP = "The profile whose knobs you turn. The lists compare your draft with the default, which is what people see now."


def draw(workspace: Workspace) -> None:
    """Draw the presets, the way in for a file, and the versions there are."""
    rows = workspace.profiles()
    presets.draw(workspace)
    with st.popover("Load", icon=":material/upload:", width="content"):
        _upload(workspace)
    with st.popover("Versions", icon=":material/history:", disabled=not rows, width="content"):
        if rows:
            _versions(workspace, rows)


def pick(workspace: Workspace) -> None:
    """Start from the version picked. A callback."""
    with attempt():
        picked = str(st.session_state[state.key(workspace, "picked")])
        if picked == UNSAVED:
            return
        name, _, version = picked.rpartition("@")
        start = state.saved_start(workspace, name, int(version))
        replace_draft(workspace, start, f"Started from {start.label}.")


def load(workspace: Workspace) -> None:
    """Start from the file just uploaded. A callback."""
    uploaded = st.session_state[state.key(workspace, "file")]
    if uploaded is not None:
        with attempt():
            profile = read_profile(uploaded.getvalue(), uploaded.name)
            replace_draft(workspace, state.Start(profile, f"{profile.name}, from {uploaded.name}"), "Loaded the file.")
            tell(f"Loaded {profile.name}. Save it to keep it here.")


def make_default(workspace: Workspace, row: ProfileRow) -> None:
    """Make a version the workspace's default, and offer to undo it. A callback."""
    with attempt():
        default_profile.choose(workspace, row.name, row.version)


def roll_back(workspace: Workspace, row: ProfileRow) -> None:
    """Save an older version once more, as the newest. A callback."""
    with attempt():
        profile, chosen, back = workspace.profile(row.name, row.version), workspace.default_profile(), None
        version = workspace.save_profile(profile, f"back to version {row.version}")
        said = f"Version {row.version} is the newest again, as version {version}"
        if chosen is not None and chosen.name == row.name:  # what people see goes back too
            workspace.set_default_profile(row.name, version)
            back, said = partial(default_profile.back_to, workspace, chosen), f"{said}, and the default"
        replace_draft(workspace, state.saved_start(workspace, row.name, version), f"{said}.", back)
        tell(f"{said}.")


def delete(workspace: Workspace, name: str) -> None:
    """Delete all versions of a profile, offering to bring them back. A callback."""
    with attempt():
        removed = workspace.delete_profile(name)
        undo.offer(f"Deleted the profile {name}.", lambda: workspace.restore_profile(removed))
        state.begin(workspace, state.default_start(workspace))


def picker(workspace: Workspace) -> None:
    """Draw the choice of the saved version that the draft starts from."""
    rows, start, key = workspace.profiles(), state.start(workspace), state.key(workspace, "picked")
    labels = {f"{row.name}@{row.version}": _label(row) for row in rows}
    if start.saved not in labels:
        labels = {UNSAVED: start.label, **labels}
        st.session_state[key] = UNSAVED
    st.selectbox(
        "Start from", list(labels), key=key, format_func=lambda option: labels[option], on_change=pick,
        args=(workspace,), width=260, help=_HELP,
    )  # fmt: skip


def _label(row: ProfileRow) -> str:
    return f"{row.name} v{row.version}" + (" (default)" if row.is_default else "")


def _versions(workspace: Workspace, rows: list[ProfileRow]) -> None:
    st.html(_table(rows))
    labels = {index: _label(row) for index, row in enumerate(rows)}
    chosen = rows[
        st.selectbox(
            "Version", list(labels), format_func=lambda index: labels[index], key=state.key(workspace, "version")
        )
    ]
    newest = max(row.version for row in rows if row.name == chosen.name)
    st.button(
        "Make it the default", key="make_default", on_click=make_default, args=(workspace, chosen),
        disabled=chosen.is_default, width="stretch", icon=":material/star:",
    )  # fmt: skip
    st.button(
        "Roll back: make it the newest", key="roll_back", on_click=roll_back, args=(workspace, chosen),
        disabled=chosen.version == newest, width="stretch", icon=":material/undo:",
    )  # fmt: skip
    st.button(
        f"Delete {escape(chosen.name)}, all versions", key="delete_profile", on_click=delete,
        args=(workspace, chosen.name), width="stretch", icon=":material/delete:",
    )  # fmt: skip


def _table(rows: list[ProfileRow]) -> str:
    lines = "".join(
        f'<tr><td>{escape_html(_label(row))}</td><td title="{date(row.created_at)}">{ago(row.created_at)}</td>'
        f"<td>{escape_html(row.note)}</td></tr>"
        for row in rows
    )
    head = "<thead><tr><th>Version</th><th>Saved</th><th>Note</th></tr></thead>"
    return f'<table class="tb-table">{head}<tbody>{lines}</tbody></table>'


def _upload(workspace: Workspace) -> None:
    st.file_uploader(
        "A profile as JSON or TOML", type=["json", "toml"], key=state.key(workspace, "file"), on_change=load,
        args=(workspace,), max_upload_size=1, help=f"At most {count(SIZE_LIMIT)} bytes.",
    )  # fmt: skip
