"""A loopback server that speaks Ollama's wire protocol, with faults by name. See README.md."""

from tests.ollama_double.faults import FAULTS, Fault
from tests.ollama_double.server import OllamaDouble
from tests.ollama_double.values import CLOUD, EMBEDDER, PLAIN, Disconnect, HeldModel, Seen

__all__ = ["CLOUD", "EMBEDDER", "FAULTS", "PLAIN", "Disconnect", "Fault", "HeldModel", "OllamaDouble", "Seen"]
