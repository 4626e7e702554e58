"""An explanation in plain sentences, without a figure of the score."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tastebench.domain.ranking import ScoredItem
from tastebench.ranking.explain import Explanation
from tastebench.ranking.parts import Parts
from tastebench.ui.format import counted, escape_html
from tastebench.ui.recommendations.deeds import deed
from tastebench.ui.recommendations.waterfall import lines_of
from tastebench.ui.theme import label

_NAMED = 2
_TAGS = 3

Told: TypeAlias = tuple[ScoredItem, Explanation, Mapping[str, str]]


def sentences(item: ScoredItem, explanation: Explanation, done: Mapping[str, str]) -> list[str]:
    """Return what speaks for an item, the weightiest first, then what speaks against it.

    Parameters
    ----------
    done : mapping of str to str
        The persona's weightiest action with each item of its history.
    """
    lines = {name: amount for name, amount in lines_of(item).items() if amount}
    order = sorted(lines, key=lambda name: (lines[name] < 0, -abs(lines[name])))
    told = [_said(name, (item, explanation, done)) for name in order]
    return (
        told if any(amount > 0 for amount in lines.values()) else ["Nothing speaks for it; it fills the list.", *told]
    )


def sentences_html(item: ScoredItem, explanation: Explanation, done: Mapping[str, str]) -> str:
    """Return `sentences` as a list, in HTML for `st.html`."""
    entries = "".join(f"<li>{escape_html(one)}</li>" for one in sentences(item, explanation, done))
    return f'<ul class="tb-said">{entries}</ul>'


def _said(name: str, told: Told) -> str:
    good = told[0].contributions[name] > 0
    if (name, good) in _SENTENCES:
        return _SENTENCES[name, good](told)
    parts = told[1].parts.get(name)
    if good and parts and (titles := _titles(parts)):
        return f"It goes well with {_listed(titles)}."
    return f"{label(name)} speaks {'for' if good else 'against'} it."


def _similar(told: Told) -> str:
    _, explanation, done = told
    parts = explanation.parts.get("similarity")
    causes = [cause for cause in parts.history if cause.amount > 0][:_NAMED] if parts else []
    deeds = [deed(done[cause.item_id], cause.title) for cause in causes if cause.item_id in done]
    if deeds:
        return f"It is close to your taste: you {_listed(deeds)}."
    titles = [cause.title for cause in causes]
    return f"It is close to {_listed(titles)}." if titles else "It is close to what you say you like."


def _preferred(told: Told) -> str:
    found = [pair for tags in told[1].tags.values() for pair in tags.items() if pair[1] > 0]
    names = [tag for tag, _ in sorted(found, key=lambda pair: -pair[1])[:_TAGS]]
    return f"It matches your interests: {_listed(names)}." if names else "It matches your interests."


def _behaved(told: Told) -> str:
    item, explanation, _ = told
    good = item.contributions["behaviour"] > 0
    if good and explanation.by_a_liked_creator:
        return "You like others by the same creator."
    if explanation.known:
        return "You are done with it already." if explanation.known == "done" else "You have seen it already."
    # Beside a mean, what is good or nothing in itself may count against an item, and nothing for it.
    if explanation.by_a_liked_creator:
        return "Others here are by creators that you like more."
    return "You have had nothing to do with it yet."


def _liked(told: Told) -> str:
    some = counted(len(told[1].similar_personas), "person", "people")
    return f"{some} with a taste like yours {'likes' if some.startswith('1 ') else 'like'} it."


def _popular(told: Told) -> str:
    likes = int(told[1].popularity.get("likes") or 0)
    return f"{counted(likes, 'person likes', 'people like')} it here." if likes else "Others have looked at it lately."


def _always(sentence: str) -> Callable[[Told], str]:
    return lambda _: sentence


_SENTENCES: Mapping[tuple[str, bool], Callable[[Told], str]] = {
    ("similarity", True): _similar,
    ("preference", True): _preferred,
    ("behaviour", True): _behaved,
    ("behaviour", False): _behaved,
    ("collaborative", True): _liked,
    ("popularity", True): _popular,
    ("repurchase", True): _always("You bought it before, and it may be time again."),
    ("freshness", True): _always("It is new here."),
    ("query", True): _always("It answers the question."),
    ("diversity", False): _always("Others of its kind stand above it, so it gives way a little."),
    ("llm", True): _always("The language model thinks well of it."),
    ("llm", False): _always("The language model thinks less of it."),
}


def _titles(parts: Parts) -> list[str]:
    return [cause.title for cause in parts.history if cause.amount > 0][:_NAMED]


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
