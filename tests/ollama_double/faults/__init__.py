"""Everything that can go wrong, by name, in five groups."""

from tests.ollama_double.faults import transport, http, stream, content, metadata  # noqa: F401, I001  # in this order
from tests.ollama_double.faults.register import CHAT, EVERYWHERE, FAULTS, GROUPS, Fault

__all__ = ["CHAT", "EVERYWHERE", "FAULTS", "GROUPS", "Fault"]
