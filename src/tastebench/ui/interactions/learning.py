"""How preferences are learned: what each action teaches, how fast it counts and fades, when it is looked at."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from pydantic import ValidationError

from tastebench.domain.persona import Persona
from tastebench.domain.preferences import CATEGORIES, DECAYS, PreferenceSettings
from tastebench.domain.reports import OnProgress
from tastebench.services import Workbench, Workspace
from tastebench.services.learned import Recomputation
from tastebench.ui import held, jobs, undo
from tastebench.ui.components import message, notes
from tastebench.ui.format import counted, escape
from tastebench.ui.interactions import lessons
from tastebench.ui.interactions.lessons import ACTION, CONFIDENCE, SWITCHES, Lessons
from tastebench.ui.refusals import refusal

_ROUND = "learning_round"
_SLOT = "recomputation"
_OWN = "own"
_UPDATES = {
    "real time": "real time: each interaction counts at once",
    "batch": "batch: with the next recomputation",
    "hybrid": "hybrid: at once, and a recomputation checks",
}


def draw(bench: Workbench, workspace: Workspace, persona: Persona) -> None:
    """Draw the settings of learning, what they come to for a persona, and save on request."""
    saved = workspace.settings.preferences
    round_ = f"{workspace.key}/{st.session_state.get(_ROUND, 0)}"
    table, knobs = st.columns([3, 2], gap="large")
    with table:
        taught = _table(workspace, saved, round_)
    with knobs:
        written = _written(workspace, saved, taught, round_)
        if written is not None:
            notes([_effect(workspace, persona, written)])
        _buttons(workspace, saved, written)
        _recomputation(bench, workspace)


def _table(workspace: Workspace, saved: PreferenceSettings, round_: str) -> Lessons:
    st.caption(
        "How sure one interaction of each kind makes us, and of what. 0 is contrary evidence. Thumbs on lists, "
        "comments, suggestions and views are likes and dislikes too."
    )
    edited = st.data_editor(
        lessons.table(saved.teaches, workspace.settings.actions), key=f"lessons/{round_}", hide_index=True,
        column_config=_COLUMNS, disabled=[ACTION], alt="What each action teaches, and how surely",
    )  # fmt: skip
    read = lessons.read([{str(name): value for name, value in row.items()} for row in edited.to_dict("records")])
    for problem in read.problems:
        message(problem, wrong=True)
    return read


_COLUMNS = {
    ACTION: st.column_config.TextColumn(help="What was done; “choose” and “refine” are choices in so many words"),
    CONFIDENCE: st.column_config.NumberColumn(
        min_value=0.0, max_value=1.0, step=0.05, format="%.2f", help="From 0, contrary, to 1; empty: teaches nothing"
    ),
} | {
    column: st.column_config.CheckboxColumn(help=hint, width="small")
    for column, hint in zip(
        SWITCHES, ("The item’s tags, which count in lists", "Its creator", "Its price band", "Weekday and time of day"),
        strict=True,
    )
}  # fmt: skip


def _written(
    workspace: Workspace, saved: PreferenceSettings, taught: Lessons, round_: str
) -> PreferenceSettings | None:
    """Draw the knobs and return the settings as they stand; None, and why, where they cannot be used."""
    values = {
        "learning_rate": _number("Learning rate", saved.learning_rate, round_, "Share by which one interaction moves "
                                 "a confidence towards what it says."),
        "daily_decay": _decay(saved, round_),
        "established": _number("Established from", saved.established, round_, "From this confidence on it counts."),
        "tracked": _number("Gone under", saved.tracked, round_, "Under this confidence it is no longer shown."),
        "history_limit": st.number_input(
            "Newest interactions learned from", 1, 100_000, saved.history_limit, 100, key=f"history_limit/{round_}"
        ),
        "categories": tuple(st.pills(
            "What is learned", CATEGORIES, selection_mode="multi", default=[*saved.categories],
            key=f"categories/{round_}",
        )),
        "price_attribute": _price(workspace, saved, round_),
        "updates": st.selectbox("An interaction counts", list(_UPDATES), list(_UPDATES).index(saved.updates),
                                format_func=_UPDATES.__getitem__, key=f"updates/{round_}"),
    }  # fmt: skip
    if taught.problems:
        return None
    try:
        return PreferenceSettings(teaches=dict(taught.teaches), **values)
    except ValidationError as error:
        message(refusal(error), wrong=True)
        return None


def _number(label: str, value: float, round_: str, hint: str) -> float:
    return float(st.number_input(label, 0.0, 1.0, value, 0.01, key=f"{label}/{round_}", help=hint, format="%.15g"))


def _decay(saved: PreferenceSettings, round_: str) -> float:
    presets = {f"{name} ({value:g} a day)": value for name, value in DECAYS.items()}
    chosen = next((name for name, value in presets.items() if value == saved.daily_decay), _OWN)
    picked = st.segmented_control(
        "Fading", [*presets, _OWN], default=chosen, required=True, key=f"decay/{round_}", wrap=True,
        help="What a day without new evidence leaves of a confidence. Fast, weekly likes never establish anything.",
    )  # fmt: skip
    if picked in presets:
        return presets[str(picked)]
    return _number("A day leaves", saved.daily_decay, round_, "1: nothing fades.")


def _price(workspace: Workspace, saved: PreferenceSettings, round_: str) -> str:
    names = ["", *dict.fromkeys([*workspace.attribute_ranges(), *filter(None, [saved.price_attribute])])]
    return st.selectbox(
        "Price", names, names.index(saved.price_attribute), key=f"price/{round_}",
        format_func=lambda name: escape(name) if name else "price, else unit_price",
        help="The numeric attribute whose quarters are the price bands.",
    )  # fmt: skip


def _effect(workspace: Workspace, persona: Persona, written: PreferenceSettings) -> str:
    now = held.now(workspace, persona.persona_id).at
    counts = [
        sum(one.state == "established" for one in workspace.preferences(persona.persona_id, now, settings))
        for settings in (None, written)
    ]
    return f"{persona.name} has {counted(counts[0], 'established preference')}; with what stands here, {counts[1]:,}."


def _buttons(workspace: Workspace, saved: PreferenceSettings, written: PreferenceSettings | None) -> None:
    changed = written is not None and written != saved
    with st.container(horizontal=True):
        save = st.button("Save", type="primary", key="learning_save", disabled=not changed)
        st.button("Reset", key="learning_reset", on_click=_restart, disabled=written == saved, type="tertiary")
    if save and written is not None:
        workspace.save_preference_settings(written)
        undo.offer("Saved how preferences are learned.", partial(workspace.save_preference_settings, saved))
        _restart()
        st.rerun()


def _restart() -> None:
    # A new round gives the fields new keys: they start from what is saved.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _recomputation(bench: Workbench, workspace: Workspace) -> None:
    result = jobs.follow(bench, _SLOT, workspace.name, cancel=False)
    if isinstance(result, Recomputation):
        _tell(result)
    if jobs.running(bench, _SLOT, workspace.name):
        return
    if st.button(
        "Learn everything anew", key="learning_recompute",
        help="Folds the whole log and compares with what lists go by. `tastebench recompute` does the same.",
    ):  # fmt: skip
        jobs.start(bench, _SLOT, "Learning everything anew", partial(_recompute, workspace), workspace.name)
        st.rerun()


def _recompute(workspace: Workspace, progress: OnProgress, _cancel: Callable[[], bool]) -> Recomputation:
    return workspace.recompute(progress)


def _tell(result: Recomputation) -> None:
    learned = f"{counted(result.preferences, 'preference')} of {counted(result.personas, 'persona')}"
    if result.agrees:
        message(f"Learned anew: {learned}, {result.established:,} established.", "Lists went by the same.")
    else:
        message(f"Learned anew: {learned}. Lists went by others.", "What was held is read again.", wrong=True)
