"""Memory that comes blank, for a library that writes to a file what it never filled.

The vector index keeps a matrix with room to spare and stores it whole. Its room is whatever this process last had in
that place: names, titles, questions, also of somebody who was erased since, and of another workspace.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_M_PERTURB = -6
_lock = Lock()
_inside = 0


@contextmanager
def blank_memory() -> Iterator[None]:
    """Have memory that is handed out meanwhile filled with zeros, in pieces above a kilobyte.

    Only glibc can be asked for that; elsewhere nothing happens. Writing 10,000 vectors takes as long with as without.
    """
    _step(1)
    try:
        yield
    finally:
        _step(-1)


def _step(by: int) -> None:
    global _inside
    with _lock:
        before, _inside = _inside, _inside + by
        if (before == 0) is not (_inside == 0):
            _mallopt(0xFF if _inside else 0)  # glibc fills what it hands out with the complement


def _mallopt(value: int) -> None:
    found = getattr(ctypes.CDLL(None), "mallopt", None)
    if found is not None:
        found(_M_PERTURB, value)
