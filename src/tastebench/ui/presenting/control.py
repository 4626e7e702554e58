"""The chart to choose, what is hidden to open, and why it is shown so."""

from functools import partial

import streamlit as st

from tastebench.domain.choices import OPTIONS
from tastebench.domain.preferences import PreferenceSettings
from tastebench.learning.choices import Known
from tastebench.learning.routing import CHART_FROM, Part, choices_needed
from tastebench.services import Workspace
from tastebench.ui import page, undo
from tastebench.ui.format import counted, escape, score
from tastebench.ui.presenting import state
from tastebench.ui.presenting.state import NUMBERS, RECORD, Shown
from tastebench.ui.signing_in import let_in

CHARTS = {"sentences": "Words", "bars": "Bars", "waterfall": "Waterfall"}
_NAMES = {
    "level": "Reader", "explanation": "Explanation", "complexity": "Figures", "chart": "Chart",
    "comments": "Comments of the language model", "export": "Download",
}  # fmt: skip
_VALUES = {
    "explanation": {"plain": "plain sentences", "usual": "every line taken apart", "full": "with the decision record"},
    "complexity": {"simple": "none in the chart", "usual": "rounded", "full": "rounded and exact"},
    "chart": {"sentences": "words", "bars": "bars", "waterfall": "waterfall"},
    "comments": {"short": "short", "full": "full"},
    "export": {"csv": "CSV first", "json": "JSON first"},
}
_MORE = {NUMBERS: ("Show the numbers", "Hide the numbers"), RECORD: ("Show the record", "Hide the record")}


def chart(workspace: Workspace, shown: Shown) -> None:
    """Draw the charts to choose from."""
    key = "view_chart"
    st.session_state[key] = shown.chart
    st.segmented_control(
        "Chart", list(CHARTS), key=key, required=True, label_visibility="collapsed", width="content",
        format_func=lambda one: CHARTS[one], on_change=_take, args=(workspace, "chart", key),
    )  # fmt: skip


def more(workspace: Workspace, shown: Shown) -> None:
    """Draw a button for each thing that is hidden."""
    for what in shown.hidden:
        opened = what in shown.opened
        st.button(
            _MORE[what][opened], key=f"more_{what}", type="tertiary", on_click=state.toggle,
            args=(workspace, shown.item_id, what), icon=f":material/{'expand_less' if opened else 'expand_more'}:",
        )  # fmt: skip


def why(workspace: Workspace, persona_id: str, shown: Shown) -> None:
    """Draw which choice led to which part of the view, whom to show it to, and the way to forget it all."""
    with st.popover("Why am I seeing this view?", icon=":material/help:", type="tertiary", width="content"):
        st.markdown("\n".join(f"- {_sentence(name, part)}" for name, part in shown.routing.parts.items()))
        key = "view_level"
        st.session_state[key] = shown.routing.level.value
        st.segmented_control(
            "Show it to me as to a reader who is", list(OPTIONS["level"][1]), key=key, required=True,
            format_func=str.capitalize, on_change=_take, args=(workspace, "level", key),
        )  # fmt: skip
        known = workspace.choices(let_in())
        st.caption(_so_far(known))
        with st.container(horizontal=True, gap="small"):
            _always(workspace, shown, known)
            if st.button("Forget my choices", key="view_forget", disabled=not (known or state.chosen(workspace))):
                _forget(workspace)
        st.caption(_rule(workspace.settings.preferences))
        page.link("Personas", "What we learned of this persona", persona=persona_id, about="What we learned")


def _take(workspace: Workspace, part: str, key: str) -> None:
    state.choose(workspace, part, str(st.session_state[key]))


def _sentence(name: str, part: Part) -> str:
    return f"**{_NAMES[name]}: {_VALUES.get(name, {}).get(part.value, part.value)}.** {escape(part.reason)}"


def _rule(settings: PreferenceSettings) -> str:
    charts, others = (choices_needed(name, settings) for name in ("chart", "level"))
    needed = "which no number of choices reaches" if others is None else f"which takes {others:,}"
    return (
        "Each item that you look at in a chart or for a reader of your own choosing counts as one choice, and so does "
        f"each download. A chart takes over at a confidence over {score(CHART_FROM, 2)}, which takes {charts:,} "
        f"choices; anything else from {score(settings.established, 2)} on, {needed}. To open what is "
        "hidden is a choice of the advanced reader, half as sure. What isn’t chosen again fades."
    )


def _so_far(known: tuple[Known, ...]) -> str:
    if not known:
        return "You have chosen nothing so far that is remembered."
    made = "; ".join(
        f"{_NAMES[one.name.key].lower()} {one.name.value}, "
        + (
            "always"
            if one.pinned
            else f"{'once' if one.times == 1 else counted(one.times, 'time')} ({score(one.confidence, 2)})"
        )
        for one in known
    )
    return f"What you chose so far, with its confidence: {made}."


def _always(workspace: Workspace, shown: Shown, known: tuple[Known, ...]) -> None:
    chart = shown.routing.chart.value
    pinned = any(one.pinned and one.name[1:] == ("chart", chart) for one in known)
    st.button(
        f"Always show {CHARTS[chart].lower()}", key="view_always", disabled=pinned, on_click=state.note,
        args=(workspace, "chart", chart), kwargs={"always": True},
    )  # fmt: skip


def _forget(workspace: Workspace) -> None:
    keys = state.forget(workspace)
    if keys:
        undo.offer("Forgot which views you chose.", partial(workspace.restore_choices, keys))
    st.rerun()
