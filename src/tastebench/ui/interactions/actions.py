"""The action editor: what each action weighs, how fast it fades, and what that does to a list before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.services import Workspace
from tastebench.ui import default_profile, undo
from tastebench.ui.components import message, notes
from tastebench.ui.format import counted, escape
from tastebench.ui.interactions import effect, weights
from tastebench.ui.interactions.weights import ACTION, WEIGHT
from tastebench.ui.page import guarded

_ROUND = "actions_round"


@dataclass(frozen=True)
class Change:
    """What the editor says beside what is saved."""

    saved: Mapping[str, float]
    written: Mapping[str, float]
    profile: ScoringProfile
    half_life: float

    @property
    def weights_differ(self) -> bool:
        """Whether saving would change the workspace's actions."""
        return dict(self.saved) != dict(self.written)

    @property
    def half_life_differs(self) -> bool:
        """Whether saving would make a new version of the default profile."""
        return self.half_life != self.profile.taste.half_life_days

    @property
    def engagements_differ(self) -> bool:
        """Whether other actions than before count as engagement, which popularity goes by."""
        return {a for a, w in self.saved.items() if w > 0} != {a for a, w in self.written.items() if w > 0}

    def preview(self) -> ScoringProfile:
        """Return the profile that ranks as the workspace would after saving.

        An action weight that the profile itself overrides stays overridden: saving doesn't touch it.
        """
        overrides = {**self.written, **self.profile.taste.action_weights}
        taste = self.profile.taste.model_copy(update={"action_weights": overrides, "half_life_days": self.half_life})
        return self.profile.model_copy(update={"taste": taste})


@st.fragment
def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the editor, its effect on the persona's list, and save on request."""
    with guarded():
        editor, shown = st.columns([2, 3], gap="large")
        with editor:
            change = _edit(workspace)
        with shown, guarded():
            st.markdown(f"**What it does to {escape(persona.name)}’s list**")
            if change is not None:
                effect.draw(workspace, persona, change.profile, change.preview())


def _edit(workspace: Workspace) -> Change | None:
    st.caption("How much one interaction of each kind pulls a taste towards its item; below 0 it pushes away.")
    profile = workspace.profile()
    round_ = f"{workspace.key}/{st.session_state.get(_ROUND, 0)}"
    edited = st.data_editor(
        weights.table(workspace.settings.actions), key=f"actions/{round_}", num_rows="dynamic", hide_index=True,
        column_config=_COLUMNS, alt="Actions and their signed weights",
    )  # fmt: skip
    settled = profile.taste.half_life_days
    half_life = st.number_input(
        "Half-life (days)", min(0.1, settled), 3650.0, settled, 0.5, key=f"actions_half_life/{round_}",
        help="After so many days an interaction counts half as much in the taste.",
    )  # fmt: skip
    read = weights.read([{str(name): value for name, value in row.items()} for row in edited.to_dict("records")])
    for problem in read.problems:
        message(problem, wrong=True)
    change = Change(workspace.settings.actions, read.weights, profile, half_life)
    _remarks(change)
    _buttons(workspace, change, ready=not read.problems)
    return None if read.problems else change


_COLUMNS = {
    ACTION: st.column_config.TextColumn(max_chars=50, help="A name such as like, or one of your own"),
    WEIGHT: st.column_config.NumberColumn(
        min_value=-weights.LIMIT, max_value=weights.LIMIT, step=0.01, format="%.15g",
        help="How much one such interaction pulls the taste towards an item; below 0 it pushes away",
    ),
}  # fmt: skip


def _remarks(change: Change) -> None:
    taste, profile = change.profile.taste, f"The profile “{change.profile.name}”"
    own = [name for name in taste.action_weights if name in change.written]
    sentences = []
    if own:
        sentences.append(f"{profile} has its own weight for {', '.join(own)}: that one counts.")
    if taste.decay == "position":
        sentences.append(f"{profile} fades by position: the half-life has no effect in it.")
    if change.engagements_differ:
        sentences.append("Popularity counts actions above 0: that part of the list follows only when this is saved.")
    if change.half_life_differs:
        sentences.append(f"{profile} gets a new version when the half-life is saved.")
    notes(sentences)


def _buttons(workspace: Workspace, change: Change, *, ready: bool) -> None:
    changed = change.weights_differ or change.half_life_differs
    with st.container(horizontal=True):
        save = st.button("Save", type="primary", key="actions_save", disabled=not (ready and changed))
        st.button("Reset", key="actions_reset", on_click=_restart, disabled=not changed, type="tertiary")
    if save:
        _save(workspace, change)
        _restart()
        st.rerun()


def _restart() -> None:
    # A new round gives the fields new keys: they start from what is saved.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _save(workspace: Workspace, change: Change) -> None:
    said, back = [], []
    if change.weights_differ:
        workspace.save_actions(change.written)
        said.append(counted(len(change.written), "action"))
        back.append(partial(workspace.save_actions, dict(change.saved)))
    if change.half_life_differs:
        # First, as it can't be refused: an action that was used since can't be taken out.
        back.insert(0, partial(default_profile.back_to, workspace, workspace.default_profile()))
        taste = change.profile.taste.model_copy(update={"half_life_days": change.half_life})
        version = workspace.save_profile(
            change.profile.model_copy(update={"taste": taste}), f"Half-life {change.half_life:g} days"
        )
        workspace.set_default_profile(change.profile.name, version)
        said.append(f"the half-life of {change.half_life:g} days, as {change.profile.name} v{version}")
    undo.offer(f"Saved {' and '.join(said)}.", lambda: [step() for step in back])
