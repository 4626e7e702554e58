"""Models that are worth a try, for who has none yet."""

from typing import NamedTuple


class SuggestedModel(NamedTuple):
    """A model of Ollama's library: its name there, what it takes to download in GB, and what speaks for it."""

    name: str
    size_gb: float
    remark: str


SUGGESTED: tuple[SuggestedModel, ...] = (
    SuggestedModel("llama3.2:3b", 2.0, "Meta's, 3.2 billion parameters; eight languages"),
    SuggestedModel("qwen3:4b-instruct", 2.5, "Alibaba's, 4.0 billion parameters; the kind that doesn't think aloud"),
    SuggestedModel("phi4-mini", 2.5, "Microsoft's, 3.8 billion parameters"),
    SuggestedModel("gemma3:4b", 3.3, "Google's, 4.3 billion parameters; over 140 languages"),
)
"""Small instruct models, the smallest download first. Sizes as told in public in November 2026: in the table of models
of Ollama's README, and for Qwen 3 on ollama.com for 4.02 billion parameters as Q4_K_M."""
