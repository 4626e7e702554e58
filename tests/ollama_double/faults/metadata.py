"""Faults of what the server says of itself and its models, and of fetching one."""

import hashlib
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from tests.ollama_double.documents import PULL_STEPS, listed
from tests.ollama_double.faults.register import fault
from tests.ollama_double.values import HeldModel

Document = dict[str, Any]
_tags = partial(fault, "metadata", "document", at=("/api/tags",))
_version = partial(fault, "metadata", "document", at=("/api/version",))
_pull = partial(fault, "metadata", "progress", at=("/api/pull",))


@_tags("has no models")
def no_models(document: Document) -> Document:
    return {"models": []}


@_tags("has null for models")
def models_null(document: Document) -> Document:
    return {"models": None}


@_tags("has five thousand models")
def many_models(document: Document) -> Document:
    others = [listed(HeldModel(f"model-{number:04d}:latest")) for number in range(5000 - len(document["models"]))]
    return {"models": others + document["models"]}


@_tags("says nothing of its models but their names")
def no_details(document: Document) -> Document:
    return {"models": [{"name": model["name"], "model": model["model"]} for model in document["models"]]}


@_tags("has other weights under the same names at every look")
def digest_changed(document: Document) -> Document:
    digest = hashlib.sha256(str(time.monotonic_ns()).encode()).hexdigest()
    return {"models": [model | {"digest": digest} for model in document["models"]]}


@_version("is of version 0.0.0, as one built from source")
def version_zero(document: Document) -> Document:
    return {"version": "0.0.0"}


@_version("names a version that is none")
def version_garbage(document: Document) -> Document:
    return {"version": "main-dirty (<b>custom</b>)"}


@_version("is of a version that knows no schemas")
def version_old(document: Document) -> Document:
    return {"version": "0.3.14"}


@_pull("falls silent while it pulls")
def pull_stalls(steps: Iterator[Document]) -> Iterator[Document | None]:
    yield from islice(steps, PULL_STEPS // 2)
    yield None
    yield from steps


@_pull("breaks off with an error while it pulls")
def pull_errors(steps: Iterator[Document]) -> Iterator[Document]:
    yield from islice(steps, PULL_STEPS // 2)
    yield {"error": "max retries exceeded: unexpected EOF"}


@_pull("knows no model of that name")
def pull_unknown(steps: Iterator[Document]) -> Iterator[Document]:
    yield from islice(steps, 1)
    yield {"error": "pull model manifest: file does not exist"}


@_pull("ends without saying that it succeeded")
def pull_ends(steps: Iterator[Document]) -> Iterator[Document]:
    yield from (step for step in steps if step["status"] != "success")
