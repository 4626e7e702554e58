"""Ollama: whether it is there."""

import ipaddress
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_LARGEST_ANSWER = 1_000_000


@dataclass(frozen=True)
class OllamaState:
    """What was found at an address.

    Parameters
    ----------
    reachable : bool
        Whether an Ollama answered in time.
    version : str
        Its version; empty where it is not reachable.
    models : tuple of str
        Names of the models it holds, sorted.
    reason : str
        Why it is not reachable; empty where it is.
    """

    reachable: bool
    version: str = ""
    models: tuple[str, ...] = ()
    reason: str = ""


def probe(address: str, budget_seconds: float = 0.5) -> OllamaState:
    """Return whether an Ollama answers at `address`, such as ``http://127.0.0.1:11434``. Raises nothing.

    It takes at most about `budget_seconds`, whatever is there. This machine is asked directly, never by way of a
    proxy from the environment.
    """
    import httpx  # an eighth of a second to import, and nothing else needs it

    deadline = time.monotonic() + budget_seconds
    try:
        with httpx.Client(base_url=address, trust_env=not _is_this_machine(address), timeout=budget_seconds) as client:
            version = _answer(client, "/api/version", deadline)["version"]
            models = _answer(client, "/api/tags", deadline)["models"] or []
            names = sorted(str(model["name"]) for model in models)
    except (TimeoutError, httpx.TimeoutException):
        return OllamaState(reachable=False, reason=f"no answer within {budget_seconds:g} seconds")
    except httpx.ConnectError:
        return OllamaState(reachable=False, reason="nothing listens there")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, RecursionError):
        return OllamaState(reachable=False, reason="what listens there is no Ollama")
    return OllamaState(reachable=True, version=str(version), models=tuple(names))


def _answer(client: Any, path: str, deadline: float) -> Any:
    """Return the JSON document at `path`, read only as long as time and size allow."""
    data = b""
    with client.stream("GET", path, timeout=_left(deadline)) as response:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            data += chunk
            _left(deadline)
            if len(data) > _LARGEST_ANSWER:
                raise ValueError("the answer is too long")
    return json.loads(data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _is_this_machine(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
