"""The one register of faults: a stable name, a group, what it does, and the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

CHAT = ("/api/chat",)
EVERYWHERE = ()
GROUPS = ("transport", "http", "stream", "content", "metadata")


@dataclass(frozen=True)
class Fault:
    """One way to go wrong.

    Parameters
    ----------
    name : str
        Stable: tests and people call it by this.
    group : str
        ``transport``, ``http``, ``stream``, ``content`` or ``metadata``.
    meaning : str
        What the server does, in a few words.
    at : tuple of str
        Addresses it strikes; empty for all.
    kind : str
        Where it takes hold: ``send`` (bytes on the wire), ``reply`` (a whole answer), ``chunks`` (lines of a chat),
        ``text`` (what the model writes), ``document`` (JSON of the other addresses), ``progress`` (lines of a pull),
        ``refuse`` (nothing listens).
    act : callable
    """

    name: str
    group: str
    meaning: str
    at: tuple[str, ...] = field(default=CHAT, repr=False)
    kind: str = field(default="", repr=False)
    act: Callable[..., Any] = field(default=lambda: None, repr=False, compare=False)

    def strikes(self, path: str) -> bool:
        return not self.at or path in self.at


_register: dict[str, Fault] = {}
FAULTS: Mapping[str, Fault] = MappingProxyType(_register)
"""Every fault by name, in the order of the groups."""

Act = Callable[..., Any]


def fault(group: str, kind: str, meaning: str, *, at: tuple[str, ...] = CHAT, name: str = "") -> Callable[[Act], Act]:
    """Enter the decorated function as a fault; its name is the fault's."""

    def enter(act: Act) -> Act:
        called = name or act.__name__.strip("_")
        assert group in GROUPS, group
        assert called not in _register, called
        _register[called] = Fault(called, group, meaning, at, kind, act)
        return act

    return enter
