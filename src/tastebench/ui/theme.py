"""Colours and labels of a score's lines: one fixed colour per line, the same in light and dark."""

from collections.abc import Mapping
from types import MappingProxyType

from tastebench.signals import REGISTRY

QUERY_COLOUR = "#7A7A00"
DIVERSITY_COLOUR = "#8A8A8A"
LLM_COLOUR = "#56B4E9"
UNKNOWN_COLOUR = "#8A8A8A"

SIGNAL_COLOURS: Mapping[str, str] = MappingProxyType(
    {name: signal.colour for name, signal in REGISTRY.items()}
    | {"query": QUERY_COLOUR, "diversity": DIVERSITY_COLOUR, "llm": LLM_COLOUR}
)
"""Colour of each line of a score, signals first in registry order, then the question's line and the adjustments."""

SIGNAL_LABELS: Mapping[str, str] = MappingProxyType(
    {name: signal.label for name, signal in REGISTRY.items()}
    | {"query": "Question", "diversity": "Diversity", "llm": "Language model"}
)
"""What each line is called on a page."""

SIGNAL_MEANINGS: Mapping[str, str] = MappingProxyType(
    {name: signal.meaning for name, signal in REGISTRY.items()}
    | {
        "query": "How well the item answers the question, beside the other candidates.",
        "diversity": "What the step against repetition took away.",
        "llm": "What the language model's reranking added or took away.",
    }
)
"""One sentence per line, for hints."""


def colour(line: str) -> str:
    """Return the colour of a line of a score, grey for one that is unknown."""
    return SIGNAL_COLOURS.get(line, UNKNOWN_COLOUR)


def label(line: str) -> str:
    """Return the name of a line as pages show it; an unknown one keeps its own."""
    return SIGNAL_LABELS.get(line, line.replace("_", " "))
