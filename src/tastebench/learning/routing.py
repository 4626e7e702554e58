"""Routing: how much is explained to somebody, by which chart, and as which file it leaves; each with its reason.

The first that says something decides, for each part by itself: what was chosen just now; what the operator is known to
choose; what the persona is known to prefer; the persona's level and style. A level that was learned takes the place of
the stated one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, isclose, log
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from tastebench.domain.choices import OPTIONS
from tastebench.domain.persona import CommunicationStyle, Persona
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.profile import RerankSettings
from tastebench.learning.choices import Known

Source: TypeAlias = Literal["now", "operator", "persona", "level"]

CHART_FROM = 0.6
"""A learned chart takes over when its confidence is greater; whatever else is learned, when it is established."""
HINT = 0.5
"""How surely whoever opens the numbers, or the record, wants the level that shows them: half as sure as saying so."""

_BY_LEVEL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "beginner": {"explanation": "plain", "complexity": "simple", "chart": "bars", "export": "csv"},
        "intermediate": {"explanation": "usual", "complexity": "usual", "chart": "waterfall", "export": "csv"},
        "advanced": {"explanation": "full", "complexity": "full", "chart": "waterfall", "export": "json"},
    }
)
_RAISED = ("explanation", "complexity")
"""What goes one step further for somebody who likes technical terms."""
_CALLED = {"beginner": "a beginner", "intermediate": "an intermediate reader", "advanced": "an advanced reader"}


class Part(NamedTuple):
    """One part of a view.

    Parameters
    ----------
    value : str
        One of its `OPTIONS`.
    reason : str
        Who or what led to it, in one sentence.
    source : {"now", "operator", "persona", "level"}
    """

    value: str
    reason: str
    source: Source


@dataclass(frozen=True)
class Routing:
    """How something is shown.

    Parameters
    ----------
    level : Part
        ``beginner``, ``intermediate`` or ``advanced``.
    explanation : Part
        ``plain`` sentences; ``usual``: every line taken apart; ``full``: the decision record too.
    complexity : Part
        Of the chart: ``simple`` has no figures, ``usual`` has rounded ones, ``full`` has exact ones too.
    chart : Part
        ``sentences``, ``bars`` or ``waterfall``.
    comments : Part
        Of the language model: ``short`` or ``full``.
    export : Part
        ``csv`` or ``json``.
    style : {"plain", "friendly", "technical"}
        The persona's.
    """

    level: Part
    explanation: Part
    complexity: Part
    chart: Part
    comments: Part
    export: Part
    style: CommunicationStyle = "plain"

    @property
    def parts(self) -> dict[str, Part]:
        """Every part by the key of its preference."""
        return {name: getattr(self, name) for name in OPTIONS}

    @property
    def in_sentences(self) -> bool:
        """Whether plain sentences open an explanation: the chart is in words, or more than a chart is too little."""
        return self.explanation.value == "plain" or self.chart.value == "sentences" or self.style == "friendly"

    def rerank(self, settings: RerankSettings) -> RerankSettings:
        """Return settings of the language model with comments of the length that is wanted.

        A profile that asks for another length than usual has said something: it stands.
        """
        if settings.explain != RerankSettings().explain:
            return settings
        return settings.model_copy(update={"explain": self.comments.value})


_NOTHING: Mapping[str, str] = MappingProxyType({})


def routed(
    persona: Persona,
    personas: Iterable[Known],
    operators: Iterable[Known],
    settings: PreferenceSettings,
    chosen: Mapping[str, str] = _NOTHING,
) -> Routing:
    """Return how something is shown to a persona, or to an operator who looks at it for one.

    Parameters
    ----------
    personas, operators : iterable of Known
        What is learned of each; values that are no `OPTIONS` say nothing.
    chosen : mapping of str to str
        What was chosen just now, by key.
    """
    theirs, own = list(personas), list(operators)

    def part(name: str, otherwise: Part) -> Part:
        if name in chosen:
            return Part(chosen[name], "You chose it just now.", "now")
        if found := _best(name, own, settings):
            return Part(found.name.value, _learned("You", found, name, settings), "operator")
        if found := _best(name, theirs, settings):
            return Part(found.name.value, _learned(persona.name, found, name, settings), "persona")
        return otherwise

    stated = Part(persona.skill_level, f"{persona.name}’s profile says so.", "level")
    level = part("level", stated)
    rest = {name: part(name, _by_level(name, level.value, persona)) for name in _BY_LEVEL["beginner"]}
    usual = "full" if rest["explanation"].value == "full" else "short"
    comments = part("comments", Part(usual, "They go with the explanation.", "level"))
    return Routing(level, **rest, comments=comments, style=persona.communication_style)


def threshold(name: str, settings: PreferenceSettings) -> float:
    """Return the confidence that a part's preference needs: to exceed for the chart, to reach for all others."""
    return CHART_FROM if name == "chart" else settings.established


def choices_needed(name: str, settings: PreferenceSettings) -> int | None:
    """Return how many choices in a row, none of them before, make a part of the view so; None where none suffice.

    n choices come to a confidence of 1 − (1 − r)ⁿ.

    Examples
    --------
    >>> choices_needed("chart", PreferenceSettings()), choices_needed("export", PreferenceSettings())
    (9, 4)
    >>> choices_needed("export", PreferenceSettings(established=1))
    """
    least = threshold(name, settings)
    if least >= 1:
        return None
    times = log(1 - least) / log(1 - settings.learning_rate)
    near = round(times)
    if isclose(times, near, rel_tol=1e-9):  # as many as come to the threshold itself
        return near + (name == "chart")
    return ceil(times)


def _best(name: str, known: Iterable[Known], settings: PreferenceSettings) -> Known | None:
    category, values = OPTIONS[name]
    mine = [one for one in known if one.name[:2] == (category, name) and one.name.value in values]
    counting = [one for one in mine if one.pinned or _counts(one.confidence, name, settings)]
    return max(counting, key=lambda one: (one.pinned, one.confidence, one.seen), default=None)


def _counts(confidence: float, name: str, settings: PreferenceSettings) -> bool:
    least = threshold(name, settings)
    return confidence > least if name == "chart" else confidence >= least


def _learned(who: str, found: Known, name: str, settings: PreferenceSettings) -> str:
    if found.pinned:
        return "You said to use it always." if who == "You" else f"It is pinned for {who}."
    times = "once" if found.times == 1 else f"{found.times:,} times"
    how = f"{who} chose it {times}" if found.times else f"It was set for {who}"
    rule = f"over {_short(CHART_FROM)}" if name == "chart" else f"from {_short(threshold(name, settings))} on"
    return f"{how}: confidence {_short(found.confidence)}, and {rule} it counts."


def _short(confidence: float) -> str:
    return f"{confidence:.2f}".removeprefix("0")


def _by_level(name: str, level: str, persona: Persona) -> Part:
    value, whose = _BY_LEVEL[level][name], _CALLED[level]
    values = OPTIONS[name][1]
    if persona.communication_style == "technical" and name in _RAISED and value != values[-1]:
        further = values[values.index(value) + 1]
        return Part(further, f"It suits {whose}; {persona.name}’s technical style takes it one step further.", "level")
    return Part(value, f"It suits {whose}.", "level")
