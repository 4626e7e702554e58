"""Health: how each part is, and what to do where it is not well. Nothing in here raises."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tastebench.domain.chat import ServerStatus
from tastebench.domain.errors import (
    DatabaseUnavailable,
    EncoderMismatch,
    EncoderUnavailable,
    IndexUnavailable,
    TastebenchError,
)
from tastebench.domain.model_state import ModelState, told
from tastebench.domain.ports import Encoder
from tastebench.models.encoder import SentenceTransformerEncoder
from tastebench.services.bootstrap import Parts
from tastebench.services.held import Held, IndexState, check_encoder
from tastebench.services.language_model import LanguageModel
from tastebench.services.views import PartHealth
from tastebench.stores import examination
from tastebench.stores.database import Database
from tastebench.stores.workspaces import WorkspaceRow

__all__ = ["PartHealth", "disk_health", "encoder_health", "examined", "ollama_health", "sql_health"]

LITTLE_SPACE = 1_000_000_000
"""Bytes below which a disk is called nearly full."""

_NEEDS_NO_MODEL = "Lists are ranked without a language model, which is fine."
_UNINTENDED = {ModelState.BAD_ADDRESS, ModelState.NOT_OLLAMA, ModelState.TOO_OLD, ModelState.MODEL_MISSING}
"""What nobody has on purpose; that Ollama doesn't run, or holds nothing, many have."""

_REBUILD = "Rebuild it: tastebench rebuild, or the button on Home."


def examined(
    parts: Parts, workspaces: Sequence[WorkspaceRow], pending: int, *, thorough: bool = False
) -> list[PartHealth]:
    """Return the state of SQL, index, encoder, Ollama and disk, in this order.

    Parameters
    ----------
    workspaces : sequence of WorkspaceRow
    pending : int
        How many of their texts wait for the encoder.
    thorough : bool
        Read through a large database too, and open indexes that would open on first use.
    """
    return [
        sql_health(parts.database, thorough=thorough),
        _index_health(parts, [(row.key, row.name) for row in workspaces], thorough=thorough),
        encoder_health(parts.encoder, workspaces, pending),
        ollama_health(parts.language_model),
        disk_health(parts.settings.data),
    ]


def sql_health(database: Database, *, thorough: bool = False) -> PartHealth:
    """Return whether the database answers, holds together, and what it is."""
    try:
        found = examination.examined(database, thorough=thorough)
    except DatabaseUnavailable as error:
        return PartHealth("SQL", "down", error.message, error.next_step)
    what = f"{found.kind}, {_size(found.bytes)}, schema {found.schema}, at {found.place}."
    if found.fault:
        step = "Export the workspaces with `tastebench export`, then restore them into a new data folder."
        return PartHealth("SQL", "down", f"Damaged ({found.fault}). {what}", step)
    return PartHealth("SQL", "well", what)


def encoder_health(encoder: Encoder, workspaces: Sequence[WorkspaceRow], pending: int) -> PartHealth:
    """Return whether the model is there, is the one it should be, and has read everything; it is not loaded for that.

    Parameters
    ----------
    workspaces : sequence of WorkspaceRow
    pending : int
        How many of their texts wait for it.
    """
    try:
        if isinstance(encoder, SentenceTransformerEncoder):
            encoder.located()
        for row in workspaces:
            check_encoder(row, encoder)
    except (EncoderUnavailable, EncoderMismatch) as error:
        state: Literal["down", "warning"] = "down" if isinstance(error, EncoderUnavailable) else "warning"
        return PartHealth("encoder", state, error.message, error.next_step)
    if pending:
        waiting = "1 text waits" if pending == 1 else f"{pending:,} texts wait"
        step = "Import or load the demo again to go on, or run `tastebench rebuild`."
        return PartHealth("encoder", "warning", f"{waiting} to be embedded by {encoder.name}.", step)
    return PartHealth("encoder", "well", f"{encoder.name}, on this machine; it loads with the first text.")


def ollama_health(language_model: LanguageModel) -> PartHealth:
    """Return whether Ollama answers and has the model that is asked; that it doesn't run is no fault."""
    found = language_model.status()
    asked = language_model.model(found)
    if found.state is not ModelState.OK or asked is None:
        return _without_model(language_model, found)
    models = "1 model" if len(found.models) == 1 else f"{len(found.models)} models"
    version = found.version or "of an unknown version"
    return PartHealth("Ollama", "well", f"Ollama {version} with {models} at {found.host}; {asked.name} is asked.")


def _without_model(language_model: LanguageModel, found: ServerStatus) -> PartHealth:
    settled, state = language_model.settings.model, found.state
    if state is ModelState.OK:
        state = ModelState.MODEL_MISSING if settled else ModelState.NO_MODELS
    model = language_model.suggested[0].name if state is ModelState.NO_MODELS else settled
    sentence, step = told(state, host=found.host, model=model, detail=found.detail)
    if state in {ModelState.NO_MODELS, ModelState.MODEL_MISSING}:
        step = f"Pull it with `ollama pull {model}`, or on Home."
    light: Literal["off", "warning"] = "warning" if state in _UNINTENDED else "off"
    return PartHealth("Ollama", light, f"{sentence} {_NEEDS_NO_MODEL}", step)


def disk_health(folder: Path) -> PartHealth:
    """Return how much room there is where the data lives, or would live."""
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return PartHealth("disk", "warning", f"{place} cannot be looked at: {error.strerror}.", "Check its rights.")
    if free < LITTLE_SPACE:
        return PartHealth("disk", "warning", f"{_size(free)} left for {folder}.", "Free some space soon.")
    return PartHealth("disk", "well", f"{_size(free)} left for {folder}.")


def _index_health(parts: Parts, workspaces: Sequence[tuple[int, str]], *, thorough: bool) -> PartHealth:
    if parts.indexes is None:
        return PartHealth("index", "off", "Open for reading only: searches are exact and need no index.")
    states: list[tuple[str, IndexState]] = []
    try:
        for key, name in workspaces:
            states.append((name, _index_state(parts, key, thorough=thorough)))
    except IndexUnavailable as error:
        return PartHealth("index", "down", error.message, error.next_step)
    except TastebenchError as error:
        return PartHealth("index", "warning", error.message, error.next_step)
    return _summed_up(states)


def _index_state(parts: Parts, key: int, *, thorough: bool) -> IndexState:
    if thorough:
        parts.held_for(key).index()
    held: Held | None = parts.held.get(key)
    return held.index_state() if held is not None else IndexState("closed")


def _summed_up(states: Sequence[tuple[str, IndexState]]) -> PartHealth:
    for name, state in states:
        if state.held != state.expected:
            told = f"The index of {name!r} holds {state.held:,} vectors, SQL {state.expected:,}."
            return PartHealth("index", "warning", told, _REBUILD)
    if any(state.state == "busy" for _, state in states):
        return PartHealth("index", "well", "Chroma, being filled.")
    opened = [state for _, state in states if state.state == "open"]
    if not opened:
        return PartHealth("index", "well", "Chroma; it opens on first use, and is brought in step with SQL then.")
    vectors = sum(state.held for state in opened)
    closed = len(states) - len(opened)
    rest = f" {closed} more open{'s' * (closed == 1)} on first use." if closed else ""
    return PartHealth("index", "well", f"Chroma, {vectors:,} vectors, as many as SQL has.{rest}")


def _size(size: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size / 1e3:,.0f} kB"
