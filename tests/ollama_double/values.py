"""Plain values: the models a double holds, what it saw, what a question says."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

CHARACTERS_PER_TOKEN = 4
MODIFIED = "2026-05-01T09:30:00.123456789+02:00"


@dataclass(frozen=True)
class HeldModel:
    """One model on the double's disk.

    Parameters
    ----------
    capabilities : tuple of str
        As `/api/show` lists them: ``completion``, ``thinking``, ``tools``, ``embedding`` …
    context : int
        Longest window in tokens.
    remote_host : str
        Where it runs, for a model of the cloud; empty for one of this machine.
    """

    name: str
    size: int = 2_497_293_931
    parameters: str = "4.0B"
    family: str = "qwen3"
    capabilities: tuple[str, ...] = ("completion", "tools", "thinking")
    context: int = 40_960
    remote_host: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.name}/{self.size}".encode()).hexdigest()

    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M",
        }


EMBEDDER = HeldModel("nomic-embed-text:latest", 274_302_450, "137M", "nomic-bert", ("embedding",), 2048)
CLOUD = HeldModel("gpt-oss:120b-cloud", 384, "120B", "gptoss", remote_host="https://ollama.com:443")
PLAIN = HeldModel("gemma3:1b", 815_319_791, "999.89M", "gemma3", ("completion",), 32_768)


@dataclass(frozen=True)
class Seen:
    """One request as it came; `body` is its JSON, None where there was none or it could not be read."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw: bytes
    at: float

    @cached_property
    def body(self) -> Any:
        try:
            return json.loads(self.raw)
        except ValueError:
            return None


@dataclass(frozen=True)
class Disconnect:
    """A client that went away before its answer was complete; `at` on the monotonic clock."""

    path: str
    at: float


@dataclass(frozen=True)
class Question:
    """What the model is asked: the messages' text, the schema, the seed, and the candidates found in the text."""

    text: str
    schema: Mapping[str, Any] | None
    seed: int = 0
    system: str = ""

    @cached_property
    def candidates(self) -> dict[str, str]:
        """Handle to the line that describes it: every line of JSON that names a key of the schema."""
        found: dict[str, str] = {}
        handles = set((self.schema or {}).get("properties", {}))
        for line in self.text.splitlines():
            for handle in re.findall(r'"(\w+)"', line) if line.lstrip().startswith("{") else ():
                if handle in handles:
                    found.setdefault(handle, line)
        return found

    @property
    def tokens(self) -> int:
        return -(-(len(self.text) + len(self.system)) // CHARACTERS_PER_TOKEN)


def tokens(text: str, size: int = CHARACTERS_PER_TOKEN) -> list[str]:
    """Return the text in pieces of `size` characters."""
    return [text[start : start + size] for start in range(0, len(text), size)]


@dataclass
class Runner:
    """A loaded model: its window and until when it stays."""

    window: int
    expires: float


@dataclass
class Timing:
    """How fast the double is. All in seconds; `tokens_per_second` 0 means at once."""

    tokens_per_second: float = 0.0
    load: float = 0.0
    pull: float = 0.0
    delay: float = 120.0
    pace: float = 0.05
