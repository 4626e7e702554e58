"""Plain HTTP to Ollama. It loads httpx: import it only where something is asked.

The ``ollama`` package (0.6.3) fetches models; for the rest it is in the way: it can't send ``truncate``, has no call
for the version, refuses ``"models": null`` and drops the fields that tell a model of the cloud.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from ssl import SSLContext
from typing import Any

import httpx

from tastebench.domain.chat import Budgets
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_faults as faults
from tastebench.models.ollama_address import Address
from tastebench.models.ollama_faults import Failed

LARGEST_DOCUMENT = 8_000_000
"""Bytes; 5,000 models take about two million."""
_LARGEST_ERROR = 100_000


def connection(address: Address, budgets: Budgets) -> dict[str, Any]:
    """Return how a client connects: this machine never by way of a proxy, redirects not followed."""
    return {
        "trust_env": not address.is_loopback,
        "follow_redirects": False,
        "timeout": httpx.Timeout(None, connect=budgets.connect),
        "verify": _certificates(),
    }


def client(address: Address, budgets: Budgets) -> httpx.AsyncClient:
    """Return a client for a server; close it. Nothing is compressed, so that sizes are what they seem."""
    return httpx.AsyncClient(
        base_url=address.url, headers={"Accept-Encoding": "identity"}, **connection(address, budgets)
    )


async def document(
    client: httpx.AsyncClient, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the JSON object at a path.

    Raises
    ------
    Failed
        Where there is none, with what the answer means.
    """
    async with response(client, method, path, body) as answer:
        data = await _read(answer, LARGEST_DOCUMENT)
    found = faults.parsed(data) if len(data) <= LARGEST_DOCUMENT else None
    if not isinstance(found, Mapping):
        raise Failed(ModelState.NOT_OLLAMA, "its answer is no JSON object")
    return found


@asynccontextmanager
async def response(
    client: httpx.AsyncClient, method: str, path: str, body: Mapping[str, Any] | None = None
) -> AsyncIterator[httpx.Response]:
    """Open an answer of status 200; its body isn't read yet. Raises `Failed`, for errors inside the block too."""
    with told():
        async with client.stream(method, path, json=body) as answer:
            if answer.status_code != httpx.codes.OK:
                raise faults.of_status(answer.status_code, await _read(answer, _LARGEST_ERROR))
            yield answer


@contextmanager
def told() -> Iterator[None]:
    """Tell errors of the connection by the state they mean."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
        raise faults.of_error(error) from error


async def _read(answer: httpx.Response, limit: int) -> bytes:
    """Return the body, or, where it is longer, a little more than `limit` bytes of it."""
    data = bytearray()
    async for chunk in answer.aiter_raw():
        data += chunk
        if len(data) > limit:
            break
    return bytes(data)


@lru_cache
def _certificates() -> SSLContext:
    """Return the certificates that are trusted: reading them takes longer than a question to this machine."""
    return httpx.create_ssl_context()
