"""The weights and what they do, in one fragment: a moved slider re-scores held evidence and reads nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.signals import resolved
from tastebench.ui import held
from tastebench.ui.components import message, notes
from tastebench.ui.format import escape_html, percent
from tastebench.ui.page import guarded
from tastebench.ui.theme import colour
from tastebench.ui.tuning import knobs, link, lists, panel, saying, state, toolbar
from tastebench.ui.tuning.lists import Pair

_HELD_LIMIT = 64
_HEAD = '<div class="tb-weights-head"><span>Weights</span><span>applied</span><span>influence</span></div>'


@dataclass(frozen=True)
class Cast:
    """Whose lists are compared: ids to names, and whether as a panel (a line each) or as whole lists."""

    names: Mapping[str, str]
    as_panel: bool


@st.fragment
def draw(workspace: Workspace, cast: Cast, now: ScoringProfile, bar: DeltaGenerator, stage: DeltaGenerator) -> None:
    """Draw the weights here, what can be done with the draft in `bar`, and on `stage` the lists by `now` and by it."""
    saying.whole_page_if_needed()
    with guarded():
        refused = state.refusal(workspace)
        draft = now if refused else state.draft(workspace)
        pairs = [] if refused else compared(workspace, cast, now, draft)
        with stage:  # first of all: it is what a moved slider is watched by
            _lists(cast, pairs, refused)
        link.write_url(workspace)
        _weights(workspace, {} if refused else resolved(draft).shares(), [pair.after for pair in pairs])
        with bar:
            toolbar.draw(workspace, draft, refused, next(iter(cast.names), ""))
        if len(pairs) == 1:
            st.html(f'<p class="tb-narrow tb-verdict" title="{lists.RBO}">{lists.verdict(pairs[0].change)}</p>')


def compared(workspace: Workspace, cast: Cast, before: ScoringProfile, after: ScoringProfile) -> list[Pair]:
    """Return each persona's list by both profiles, from evidence held where it serves."""
    revision, limit = workspace.revision, held.EVIDENCE_LIMIT + 2 * len(cast.names)

    def ranked(persona_id: str, profile: ScoringProfile) -> Ranking:
        now = held.now(workspace, persona_id, revision).at

        def rank() -> Ranking:
            request = workspace.request(persona_id, limit=lists.TOP, now=now, profile=profile)
            return workspace.rank(held.evidence(workspace, request, revision, limit), request)

        key = (workspace.key, revision, persona_id, now, profile.canonical_json())
        return held.once("tuned", key, rank, _HELD_LIMIT)

    return [Pair(name, ranked(one, before), ranked(one, after)) for one, name in cast.names.items()]


def _weights(workspace: Workspace, shares: Mapping[str, float], after: Sequence[Ranking]) -> None:
    felt = _mean([ranking.influence for ranking in after])
    st.html(_HEAD)
    for knob in knobs.weights():
        name = knob.path.removeprefix("weights.")
        slider, figures = st.columns([3, 1.25], vertical_alignment="center", gap="small", wrap=False)
        with slider.container(key=f"weight_{name}"):
            panel.weight(workspace, knob, knob.label)
        figures.html(_figures(knob.label, shares.get(name, 0.0), felt.get(name, 0.0)))
    rest = percent(felt.get("diversity", 0.0))
    st.html(
        '<div class="tb-rest">Influence: how much of the differences in score, over all candidates, each line makes. '
        f"Diversity: {rest}.</div>"
    )


def _mean(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: sum(part.get(name, 0.0) for part in parts) / len(parts) for name in names}


def _figures(label: str, share: float, felt: float) -> str:
    hint = f"{label} has {percent(share, 1)} of the weight, and makes {percent(felt, 1)} of the differences in score"
    return (
        f'<div class="tb-figures" title="{escape_html(hint)}"><b>{percent(share)}</b><span>{percent(felt)}</span></div>'
    )


def _lists(cast: Cast, pairs: Sequence[Pair], refused: str) -> None:
    if refused:
        message(refused, "Give at least one a value above 0.")
    elif cast.as_panel:
        st.html(lists.panel(pairs))
    else:
        for pair in pairs:
            st.html(lists.side_by_side(pair))
    notes(dict.fromkeys(f"{pair.name}: {note}" for pair in pairs for note in pair.after.notes))


def weight_style() -> str:
    """Return the rules that give every weight's slider its signal's colour."""
    names = (knob.path.removeprefix("weights.") for knob in knobs.weights())
    return "".join(
        f".st-key-weight_{name} {{ border-left:4px solid {colour(name)}; padding-left:.6rem }}" for name in names
    )
