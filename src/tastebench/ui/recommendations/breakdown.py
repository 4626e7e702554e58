"""An opened item: why it is here and why at this place, down to single interactions."""

import json
from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.domain.errors import NotFound
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.ranking.explain import Explanation
from tastebench.services import Workspace
from tastebench.ui.components import chips
from tastebench.ui.format import count, counted, escape, escape_html, percent, rounded_together, score
from tastebench.ui.presenting import control, state
from tastebench.ui.presenting.bars import bars
from tastebench.ui.presenting.sentences import sentences_html
from tastebench.ui.presenting.state import Shown
from tastebench.ui.recommendations.parts import adding_up, parts_in_words, rest_in_words, rest_name
from tastebench.ui.recommendations.rows import stages
from tastebench.ui.recommendations.waterfall import lines_of, paint, waterfall
from tastebench.ui.theme import label


def draw(
    workspace: Workspace, item: ScoredItem, ranking: Ranking, explanation: Explanation, done: Mapping[str, str]
) -> Shown:
    """Draw the breakdown of one item as its reader wants it, and return how that is.

    `done` says what the persona did with the items of its history.
    """
    shown = state.shown(workspace, ranking.request, item.item_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="breakdown_head"):
        st.markdown(f"**Why {escape(item.title)}, and why at place {count(item.rank)}**", width="stretch")
        control.chart(workspace, shown)
    if shown.routing.in_sentences or shown.chart == "sentences":
        st.html(sentences_html(item, explanation, done))
    _chart(shown, item, ranking.request.profile, explanation)
    if shown.numbers:
        _taken_apart(workspace, item, explanation, done)
    if shown.record:
        _record(ranking, item)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="breakdown_foot"):
        control.more(workspace, shown)
        control.why(workspace, ranking.request.persona_id, shown)
    return shown


def _chart(shown: Shown, item: ScoredItem, profile: ScoringProfile, explanation: Explanation) -> None:
    if shown.chart == "bars":
        st.html(bars(item, figures=shown.figures))
    elif shown.chart == "waterfall":
        exact = shown.routing.complexity.value == "full"
        st.html(waterfall(item, profile, explanation.scales, explanation.strength, exact=exact))


def _taken_apart(workspace: Workspace, item: ScoredItem, explanation: Explanation, done: Mapping[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    if explanation.query:
        left.html(_section(f"{label('query')}, taken apart", question_html(item, explanation)))
    if explanation.strength:
        _personal(workspace, item, explanation, done, left, right)
    left.html(_section("Tags", tags_html(explanation)))
    right.html(_section("Found by", found_html(explanation)))
    if explanation.strength:
        right.html(_section("Places", f'<div class="tb-lines">{escape_html(stages(item).capitalize())}.</div>'))


def _record(ranking: Ranking, item: ScoredItem) -> None:
    record = json.dumps(ranking.record(item.item_id), ensure_ascii=False, indent=2)
    st.html('<h4 class="tb-heading">The decision record of this item</h4>')
    st.code(record, language=None, height=260)


def _personal(
    workspace: Workspace,
    item: ScoredItem,
    explanation: Explanation,
    done: Mapping[str, str],
    left: DeltaGenerator,
    right: DeltaGenerator,
) -> None:
    """Draw what the persona and others like it have to do with an item."""
    for line in ("similarity", *(name for name in explanation.parts if name != "similarity")):
        left.html(_section(f"{label(line)}, taken apart", taken_apart_html(line, item, explanation, done)))
    right.html(_section("Liked by similar people", similar_html(workspace, item, explanation)))
    right.html(_section("Popularity", popularity_html(explanation)))


def question_html(item: ScoredItem, explanation: Explanation) -> str:
    """Return what a question's line comes from."""
    parts = dict(explanation.query)
    return _bars("query", parts, adding_up(parts, rounded_together(lines_of(item))["query"]))


def taken_apart_html(line: str, item: ScoredItem, explanation: Explanation, done: Mapping[str, str]) -> str:
    """Return which interactions a line comes from, each with what it adds."""
    if line not in explanation.parts:
        return _sentence("No evidence: there is no taste yet, or the item waits for its embedding.")
    if line not in item.contributions:
        return _sentence(f"{label(line)} has no weight in this profile.")
    parts = explanation.parts[line]
    said = parts_in_words(parts, done)
    if parts.clipped:
        return _sentence("History comes to less than zero, so it counts as zero.") + _bars(line, said, {})
    texts = adding_up(said, rounded_together(lines_of(item))[line])
    rest = rest_in_words(parts, done)
    if not rest:
        return _bars(line, said, texts)
    # Folded, in the same scale; as written they add up to what they are together.
    others = _bars(line, rest, adding_up(rest, texts[rest_name(parts)]), _widest(said))
    folded = f'<details class="tb-rest"><summary>The others, one by one</summary>{others}</details>'
    return _bars(line, said, texts) + folded


def _bars(line: str, parts: dict[str, float], texts: dict[str, str], widest: float = 0.0) -> str:
    widest = widest or _widest(parts)
    shown = texts or rounded_together(parts)
    cells = [
        f"<span>{escape_html(name)}</span>"
        f'<span><i class="tb-part" style="width:{abs(amount) / widest:.1%};{paint(line, amount)}"></i></span>'
        f'<span title="exactly {amount!r}">{shown[name]}</span>'
        for name, amount in parts.items()
    ]
    return f'<div class="tb-parts">{"".join(cells)}</div>'


def _widest(parts: Mapping[str, float]) -> float:
    return max(map(abs, parts.values()), default=0.0) or 1.0


def tags_html(explanation: Explanation) -> str:
    """Return the item's tags, those that are interests first: stated ones, then learned ones with their confidence."""
    matched = [(tag, amount) for tags in explanation.tags.values() for tag, amount in tags.items() if amount > 0]
    others = [tag for tags in explanation.tags.values() for tag, amount in tags.items() if not amount > 0]
    if not matched:
        return _sentence("None of its tags is among the interests.") + chips(others)
    words = "; ".join(_interest(tag, amount) for tag, amount in sorted(matched, key=lambda one: -one[1]))
    return f'<div class="tb-lines">Among the interests: {words}</div>' + (_others(others) if others else "")


def _interest(tag: str, confidence: float) -> str:
    name = f"<b>{escape_html(tag)}</b>"
    return name if confidence >= 1 else f"learned: {name}, {score(confidence, 2)}"


def _others(tags: list[str]) -> str:
    return f'<div class="tb-lines">Not among them: {chips(tags)}</div>'


def similar_html(workspace: Workspace, item: ScoredItem, explanation: Explanation) -> str:
    """Return which of the most similar personas like the item, and what their number is measured by."""
    asked = counted(explanation.neighbours, "person", "people")
    if not explanation.similar_personas:
        return _sentence(f"None of the {asked} with the most similar taste likes it." if explanation.neighbours else
                         "There is nobody with a similar taste yet.")  # fmt: skip
    names = [
        f'<span title="similarity of taste {score(cosine)}">{escape_html(_name(workspace, persona_id))}</span>'
        for persona_id, cosine in explanation.similar_personas
    ]
    most = round(len(names) / (item.signals.get("collaborative") or 1.0))
    said = f"{len(names)} of the {asked} with the most similar taste: {', '.join(names)}."
    return f'<div class="tb-lines">{said} The most that any item here has is {most}.</div>'


def _name(workspace: Workspace, persona_id: str) -> str:
    try:
        return workspace.persona(persona_id).name
    except NotFound:
        return persona_id


def popularity_html(explanation: Explanation) -> str:
    """Return how much it is liked here, of all time and lately, beside the most liked."""
    figures = explanation.popularity
    likes = counted(int(figures.get("likes") or 0), "person likes it", "people like it")
    shares = [
        f"{words}: {percent(share)} of the highest here" if share is not None else f"{words}: no evidence"
        for words, share in (("likes", figures.get("likes_share")), ("lately", figures.get("velocity_share")))
    ]
    return _sentence(f"{likes}. {shares[0].capitalize()}; {shares[1]}.")


def found_html(explanation: Explanation) -> str:
    """Return the searches that found the item, with its place in each."""
    if not explanation.found_by:
        return _sentence("No search found it; it fills the list.")
    found = [
        f"<div><b>{escape_html(one.name)}</b>, place {count(one.rank)} · {escape_html(one.provenance)}</div>"
        for one in explanation.found_by
    ]
    return f'<div class="tb-lines">{"".join(found)}</div>'


def _section(title: str, body: str) -> str:
    return f'<div class="tb-section"><h4 class="tb-heading">{escape_html(title)}</h4>{body}</div>'


def _sentence(words: str) -> str:
    return f'<div class="tb-lines">{escape_html(words)}</div>'
