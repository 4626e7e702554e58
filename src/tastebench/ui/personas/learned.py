"""What we learned: each preference with its confidence, as of any day; an opened one shows how it came about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import streamlit as st

from tastebench.domain.moments import EARLIEST, LATEST
from tastebench.domain.persona import Persona
from tastebench.ranking.suggestion_kinds import AGAINST_DAYS, LEFT_OUT_FROM, Standing
from tastebench.services import Workspace
from tastebench.services.learned import LearnedPreference
from tastebench.ui import held, page, style
from tastebench.ui.components import empty_state, notes
from tastebench.ui.format import ago, counted, date, escape, escape_html, score
from tastebench.ui.personas import edits, learned_detail
from tastebench.ui.personas.learned_detail import Opened
from tastebench.ui.recommendations import feedback
from tastebench.ui.theme import colour

TRACKED_SHOWN = 8
_AS_OF = "learned_as_of"
_OPEN = "learned_open"
_ALL = "learned_all"
_CSS = """
.tb-learned { display:grid; grid-template-columns:minmax(3rem,1fr) 2.6rem 9.5rem; gap:.6rem; align-items:center;
  font-size:.9rem; font-variant-numeric:tabular-nums }
.tb-learned > span:nth-child(2) { text-align:right; font-weight:600 }
.tb-learned > span:nth-child(3), .tb-learned-key { opacity:.8; font-size:.82rem; line-height:1.3 }
.tb-learned i { display:block; height:7px; border-radius:3px; min-width:1px }
.tb-learned i.tb-faint { opacity:.45 }
[class*="st-key-learned_row"] button { min-height:0; padding:.1rem 0; text-align:left }
[class*="st-key-learned_row"] button p { text-align:left; overflow-wrap:anywhere }
"""
_HEADS = {
    "taste": "Taste", "query": "Questions", "data": "Data", "presentation": "Presentation", "notification": "When",
}  # fmt: skip

_STANDINGS: Mapping[Standing, str] = {
    "first": "come first: their thumbs up are established.",
    "last": f"come last: a thumb down within {AGAINST_DAYS} days, and none up since.",
    "left out": f"are left out: {LEFT_OUT_FROM} thumbs down within {AGAINST_DAYS} days, and none up since.",
}


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw what was learned of one persona, and what operators said about it."""
    style.apply(_CSS)
    now, as_of = held.newest_now(workspace, persona.persona_id), _as_of()
    moment = as_of or now.at
    edited_at = feedback.moment(now.at, as_of, datetime.now(UTC))
    key = (workspace.key, workspace.revision, persona.persona_id, moment)
    found = held.once("learned", key, lambda: workspace.preferences(persona.persona_id, moment))
    notes([_said_of(as_of)] if as_of else filter(None, [now.note]))
    if not found:
        _nothing(persona)
    else:
        _knows(workspace, persona, moment)
        _sections(Opened(workspace, persona, moment, edited_at), found)
    _suggestions(workspace, persona, moment)
    edits.draw(workspace, persona)
    page.link("Interactions", "What each action teaches", tab="Learning")


def _as_of() -> datetime | None:
    day = st.date_input(
        "As of", None, key=_AS_OF, format="YYYY-MM-DD", width=170, min_value=EARLIEST.date(),
        max_value=LATEST.date() - timedelta(days=1), persist_state="session",
        help="What was known at the end of that day (UTC): later interactions don’t count. Empty: now.",
    )  # fmt: skip
    return None if day is None else datetime.combine(day, time.max, UTC)


def _said_of(as_of: datetime) -> str:
    return f"As of the end of {as_of:%Y-%m-%d} (UTC): later interactions don’t count; texts and tags are today’s."


def _nothing(persona: Persona) -> None:
    sentence = f"Nothing that {persona.name} did until then teaches anything. Record something, and it shows here."
    if empty_state("school", "Nothing learned yet", sentence, "Record an interaction", key="learned_empty"):
        page.go("Interactions", tab="Record")


def _knows(workspace: Workspace, persona: Persona, moment: datetime) -> None:
    if known := workspace.expertise(persona.persona_id, moment):
        tags = ", ".join(f"{escape(one.value)} ({one.count:,})" for one in known)
        st.caption(f"Knows best, by pieces of evidence: {tags}")


def _suggestions(workspace: Workspace, persona: Persona, moment: datetime) -> None:
    """Say which kinds of suggestions come elsewhere than usual, because of the thumbs they got."""
    stand = workspace.suggestion_standings(persona.persona_id, moment)
    for standing, words in _STANDINGS.items():
        if kinds := [kind for kind in stand if stand[kind] == standing]:
            st.caption(f"Suggestions that are *{'* or *'.join(kinds)}* {words}")


def _sections(opened: Opened, found: Sequence[LearnedPreference]) -> None:
    categories = list(dict.fromkeys(one.category for one in found))
    for category in categories:
        if categories != ["taste"]:
            st.markdown(f"**{_HEADS[category]}**")
        mine = [one for one in found if one.category == category]
        established = [one for one in mine if one.state == "established"]
        if established:
            st.caption(f"Established: {len(established):,}. These count.", help="Sure enough to influence lists.")
        _rows(opened, established)
        _tracked(opened, category, [one for one in mine if one.state == "tracked"])


def _tracked(opened: Opened, category: str, tracked: Sequence[LearnedPreference]) -> None:
    if not tracked:
        return
    st.caption(f"Tracked: {len(tracked):,}. Too weak to count; more evidence may establish them.")
    everything = st.session_state.get(f"{_ALL}_{category}", False)
    _rows(opened, tracked if everything else tracked[:TRACKED_SHOWN])
    if len(tracked) > TRACKED_SHOWN:
        st.toggle(f"Show all {len(tracked):,}", key=f"{_ALL}_{category}")


def _rows(opened: Opened, shown: Sequence[LearnedPreference]) -> None:
    for one in shown:
        place = learned_detail.place(one)
        is_open = st.session_state.get(_OPEN) == (opened.persona.persona_id, one.name)
        with st.container(gap="small", key=f"learned_row_{place}"):
            name, bar = st.columns([2, 3], vertical_alignment="center", gap="small")
            with name.container(gap=None):
                st.button(
                    escape(one.value), key=f"learned_{place}", type="tertiary", icon_position="right",
                    icon=f":material/{'expand_less' if is_open else 'expand_more'}:", on_click=_toggle,
                    args=(opened, one), help="Close" if is_open else "How it came about",
                )  # fmt: skip
                st.html(_about(one))
            bar.html(_bar(one))
            if is_open:
                with st.container(border=True, key="learned_detail"):
                    learned_detail.draw(opened, one)


def _toggle(opened: Opened, one: LearnedPreference) -> None:
    this = (opened.persona.persona_id, one.name)
    st.session_state[_OPEN] = None if st.session_state.get(_OPEN) == this else this


def _about(one: LearnedPreference) -> str:
    marks = [mark for mark, there in (("pinned", one.pinned), ("stated too", one.stated)) if there]
    return f'<div class="tb-learned-key">{escape_html(" · ".join([one.key.replace("_", " "), *marks]))}</div>'


def _bar(one: LearnedPreference) -> str:
    faint = ' class="tb-faint"' if one.state == "tracked" else ""
    words = f"{counted(one.count, 'time')} · {ago(one.last_seen)}"
    return (
        f'<div class="tb-learned"><span style="background:rgba(138,138,138,.2);border-radius:3px" aria-hidden="true">'
        f'<i{faint} style="width:{one.confidence:.1%};background:{colour("preference")}"></i></span>'
        f'<span title="exactly {one.confidence!r}">{score(one.confidence, 2)}</span>'
        f'<span title="{date(one.last_seen)}">{escape_html(words)}</span></div>'
    )
