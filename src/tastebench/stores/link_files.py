"""Links between items on disk: derived from the log, so that losing them costs no more than fitting anew."""

import json
import logging
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tastebench.domain.links import ItemLinks

_log = logging.getLogger(__name__)

FORMAT = 1
KEPT = 3
"""Fits that a workspace keeps, newest first: dense links of 10,000 items take 400 MB."""


class _Name(NamedTuple):
    """What a fit's folder is called: what it was made from, until when it knows the log, when it was made."""

    basis: str
    until: int
    made: int

    def __str__(self) -> str:
        return f"{self.basis}.{self.until}.{self.made}"


class LinkFiles:
    """The links of every workspace, a folder per fit, which appears as a whole or not at all.

    Dense weights are mapped into memory: a list reads no more of them than the rows of its persona's history.

    Parameters
    ----------
    folder : Path
        Made with the first fit.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[Path, ItemLinks] = {}

    def save(self, workspace: int, basis: str, links: ItemLinks) -> None:
        """Keep the links of a workspace beside its latest others. Raises `OSError` where there is no room.

        Parameters
        ----------
        basis : str
            What they were fitted with, in letters and digits.
        """
        home = self._home(workspace)
        name = _Name(basis, links.until, time.time_ns())
        fresh = home / f"new {name}"
        try:
            fresh.mkdir(parents=True)
            for part, array in _arrays(links).items():
                np.save(fresh / f"{part}.npy", array)
            (fresh / "note.json").write_text(json.dumps({"format": FORMAT, "events": links.events}), encoding="utf-8")
            fresh.rename(home / str(name))
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        self._tidy(home)

    def newest(self, workspace: int, basis: str, until: int | None = None) -> ItemLinks | None:
        """Return the latest links made from `basis` that know nothing after `until`; None where there are none."""
        home = self._home(workspace)
        fits = [one for one in _names(home) if one.basis == basis and (until is None or one.until <= until)]
        for fit in sorted(fits, key=lambda one: (one.until, one.made), reverse=True):
            found = self._read(home / str(fit), fit.until)
            if found is not None:
                return found
        return None

    def drop(self, workspace: int) -> int:
        """Remove all links of a workspace and return how many files that were."""
        home = self._home(workspace)
        self._opened = {path: links for path, links in self._opened.items() if path.parent != home}
        files = sum(path.is_file() for path in home.rglob("*"))
        shutil.rmtree(home, ignore_errors=True)
        return files

    def keep_only(self, workspaces: Collection[int]) -> None:
        """Remove all links but those of these workspaces."""
        homes = self._folder.iterdir() if self._folder.is_dir() else ()
        for gone in {int(home.name) for home in homes if home.name.isdecimal()} - set(workspaces):
            self.drop(gone)

    def _home(self, workspace: int) -> Path:
        return self._folder / str(workspace)

    def _read(self, fit: Path, until: int) -> ItemLinks | None:
        if fit not in self._opened:
            try:
                self._opened[fit] = _links(fit, until)
            except (OSError, ValueError, KeyError, EOFError):
                _log.warning("the links in %s cannot be read and are left out", fit, exc_info=True)
                return None
        return self._opened[fit]

    def _tidy(self, home: Path) -> None:
        old = sorted(_names(home), key=lambda one: one.made, reverse=True)[KEPT:]
        for gone in [home / str(name) for name in old] + list(home.glob("new *")):
            self._opened.pop(gone, None)
            shutil.rmtree(gone, ignore_errors=True)


def _names(home: Path) -> list[_Name]:
    if not home.is_dir():
        return []
    parts = [path.name.split(".") for path in home.iterdir() if not path.name.startswith("new ")]
    return [_Name(one[0], int(one[1]), int(one[2])) for one in parts if len(one) == len(_Name._fields)]


def _arrays(links: ItemLinks) -> dict[str, Any]:
    if isinstance(links.weights, np.ndarray):
        return {"items": links.items, "weights": links.weights}
    sparse = links.weights
    return {"items": links.items, "data": sparse.data, "indices": sparse.indices, "indptr": sparse.indptr}


def _links(fit: Path, until: int) -> ItemLinks:
    note = json.loads((fit / "note.json").read_text(encoding="utf-8"))
    if note["format"] != FORMAT:
        raise ValueError(f"format {note['format']}")
    items = np.load(fit / "items.npy")
    weights = _dense(fit) if (fit / "weights.npy").exists() else _sparse(fit, len(items))
    return ItemLinks(items, weights, until, int(note["events"]))


def _dense(fit: Path) -> Any:
    # Nothing of no size can be mapped into memory.
    mapped = (fit / "weights.npy").stat().st_size > 1_000_000
    return np.load(fit / "weights.npy", mmap_mode="r" if mapped else None)


def _sparse(fit: Path, size: int) -> Any:
    from scipy.sparse import csr_array

    data, indices, indptr = (np.load(fit / f"{part}.npy") for part in ("data", "indices", "indptr"))
    return csr_array((data, indices, indptr), shape=(size, size))
