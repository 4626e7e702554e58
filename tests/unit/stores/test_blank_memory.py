"""A new index is stored with its room, and nothing of what this process had in that memory before."""

import ctypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tastebench.stores.blank_memory import blank_memory
from tastebench.stores.chroma_index import ChromaIndexes

LIBC = ctypes.CDLL(None)
WORD = b"nachtigall "
pytestmark = pytest.mark.skipif(not hasattr(LIBC, "mallopt"), reason="only glibc can be asked for blank memory")


def litter() -> list[int]:
    """Leave freed memory full of a word, in pieces between others that are kept, and return those."""
    LIBC.malloc.restype, LIBC.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    LIBC.free.argtypes = [ctypes.c_void_p]
    pieces = []
    for size in [900_000, 400_000, 500_000, 5_000, 20_000, 60_000, 100_000, 300_000] * 6:
        piece = LIBC.malloc(size)
        ctypes.memmove(piece, WORD * (size // len(WORD)), size // len(WORD) * len(WORD))
        pieces.append(piece)
    for piece in pieces[::2]:
        LIBC.free(piece)
    return pieces[1::2]


def littered(folder: Path) -> list[str]:
    """Make small indexes in littered memory and return the files that have the word."""
    kept, indexes = [], ChromaIndexes(folder)
    with ThreadPoolExecutor(4) as others:  # each thread has memory of its own, which later ones take over
        kept += [piece for pieces in others.map(lambda _: litter(), range(4)) for piece in pieces]
    for workspace in range(1, 5):
        index = indexes.open(workspace, 32)
        for row in range(5):
            kept += litter()
            index.upsert(np.array([row + 1]), np.eye(1, 32, row, dtype=np.float32))
            index.search(np.eye(1, 32, dtype=np.float32), 3)
    indexes.close()
    for piece in kept:
        LIBC.free(piece)
    return [path.name for path in folder.rglob("*") if path.is_file() and WORD in path.read_bytes()]


def test_no_word_of_this_process_gets_into_an_index(tmp_path: Path) -> None:
    # Without blank memory the word is found in most runs, not in all: which memory comes back is malloc's affair.
    assert littered(tmp_path / "blank") == []


def test_memory_is_blank_only_as_long_as_somebody_asks() -> None:
    LIBC.malloc.restype = ctypes.c_void_p
    with blank_memory(), blank_memory():
        pass
    with blank_memory():
        piece = LIBC.malloc(40_000)
        assert ctypes.string_at(piece, 40_000) == bytes(40_000)
        LIBC.free(ctypes.c_void_p(piece))
