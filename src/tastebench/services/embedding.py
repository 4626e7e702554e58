"""Embedding: what has no vector yet gets one, in batches that each survive a killed process."""

import logging
import time
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from tastebench.domain.columns import Vectors
from tastebench.domain.errors import Cancelled, EncoderMismatch
from tastebench.domain.reports import OnProgress, Progress
from tastebench.services.bootstrap import Parts
from tastebench.services.held import check_encoder
from tastebench.stores import embeddings, workspaces
from tastebench.stores.database import Connection
from tastebench.stores.embeddings import Pending

_log = logging.getLogger(__name__)

BATCH = 128
"""Texts per batch: a quarter of a second of short ones, three seconds of long ones."""


class TimeLeft:
    """Estimates the seconds left from what has been done so far."""

    def __init__(self, phase: str, total: int | None, listener: OnProgress | None) -> None:
        self._phase, self._total, self._listener = phase, total, listener
        self._started = time.monotonic()

    def at(self, done: int) -> None:
        """Tell the listener how far it is."""
        if self._listener is None:
            return
        left = None
        if self._total and done:
            left = (time.monotonic() - self._started) / done * max(self._total - done, 0)
        self._listener(Progress(self._phase, done, self._total, left))


def embed_pending(
    parts: Parts, key: int, progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None
) -> int:
    """Embed every item and persona whose text has no vector yet and return how many texts were read.

    Each batch is written to SQL, then to the index; whatever ends the process between two batches costs that
    batch only, and the index is brought in step when it is next opened.

    Raises
    ------
    EncoderUnavailable
        Where the model cannot be loaded; what is stored stays, and the next call goes on.
    EncoderMismatch
        Where the workspace's vectors come from another model; its texts keep waiting.
    Cancelled
        Where `cancel` said so between two batches.
    """
    return _embed_items(parts, key, progress, cancel) + _embed_personas(parts, key, progress, cancel)


def embed_all(
    parts: Parts, keys: Iterable[int], progress: OnProgress | None = None, cancel: Callable[[], bool] | None = None
) -> int:
    """Embed what waits in each of these workspaces; one that another model embedded waits on, and the log says so.

    Raises `EncoderUnavailable` and `Cancelled` as `embed_pending` does.
    """
    done = 0
    for key in keys:
        try:
            done += embed_pending(parts, key, progress, cancel)
        except EncoderMismatch:
            _log.warning("the texts of workspace %s wait on", key, exc_info=True)
    return done


def embed_item(parts: Parts, key: int, item_id: str) -> None:
    """Embed one item's text where it changed, whatever other texts still wait. Raises as `embed_pending` does."""
    with parts.database.read() as connection:
        batch = embeddings.waiting(connection, key, item_id)
    if batch:
        _check_encoder(parts, key)
        parts.held_for(key).expect_changes()
        _embed_batch(parts, key, batch)


def embed_stated(parts: Parts, key: int) -> int:
    """Embed what personas state, whatever items still wait, and return how many texts were read. As `embed_pending`."""
    return _embed_personas(parts, key, None, None)


def _embed_items(parts: Parts, key: int, progress: OnProgress | None, cancel: Callable[[], bool] | None) -> int:
    with parts.database.read() as connection:
        total = embeddings.count_without_vector(connection, key)
    if not total:
        return 0
    clock, done, after = TimeLeft("Embedding texts", total, progress), 0, 0
    clock.at(0)
    _check_encoder(parts, key)
    parts.held_for(key).expect_changes()
    while True:
        _stop_where(cancel)
        with parts.database.read() as connection:
            batch = embeddings.without_vector(connection, key, after, BATCH)
        if not batch:
            break
        _embed_batch(parts, key, batch)
        after, done = batch[-1].key, done + len(batch)
        clock.at(done)
    return done


def _embed_batch(parts: Parts, key: int, batch: list[Pending]) -> None:
    keys = np.array([pending.key for pending in batch], dtype=np.int64)
    vectors = parts.encoder.encode([pending.text for pending in batch])
    parts.held_for(key).replace_vectors(keys, vectors, partial(_save_vectors, parts, key, batch, vectors))


def _save_vectors(parts: Parts, key: int, batch: list[Pending], vectors: Vectors) -> None:
    with parts.database.write() as connection:
        _settle_encoder(connection, parts, key, vectors)
        keys = [pending.key for pending in batch]
        embeddings.save_vectors(connection, key, keys, vectors, [pending.hash for pending in batch])


def _stop_where(cancel: Callable[[], bool] | None) -> None:
    if cancel is not None and cancel():
        raise Cancelled("The embedding was stopped.", "Start it again to go on from there.")


def _embed_personas(parts: Parts, key: int, progress: OnProgress | None, cancel: Callable[[], bool] | None) -> int:
    with parts.database.read() as connection:
        clock = TimeLeft("Embedding personas", embeddings.count_without_prior(connection, key), progress)
    read = done = 0
    while True:
        _stop_where(cancel)
        with parts.database.read() as connection:
            batch = embeddings.without_prior(connection, key, BATCH)
        if not batch:
            return done
        _check_encoder(parts, key)
        vectors = parts.encoder.encode([pending.text for pending in batch])
        rows = zip(batch, vectors, strict=True)
        priors = {pending.key: (vector if vector.any() else None, pending.hash) for pending, vector in rows}
        with parts.database.write() as connection:
            _settle_encoder(connection, parts, key, vectors)
            embeddings.save_priors(connection, key, priors)
        read, done = read + len(batch), done + sum(1 for pending in batch if pending.text)
        clock.at(read)


def _check_encoder(parts: Parts, key: int) -> None:
    with parts.database.read() as connection:
        check_encoder(workspaces.by_key(connection, key), parts.encoder)


def _settle_encoder(connection: Connection, parts: Parts, key: int, vectors: Vectors) -> None:
    """Note the model beside its first vectors; one that contradicts what is stored was refused before."""
    if workspaces.by_key(connection, key).encoder_name is None:
        workspaces.set_encoder(connection, key, parts.encoder.name, vectors.shape[1])
