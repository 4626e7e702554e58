"""The documents of Ollama's addresses, field by field as its Go structures write them."""

import json
import time
from collections.abc import Iterator
from typing import Any

from tests.ollama_double.values import MODIFIED, HeldModel, Runner
from tests.ollama_double.wire import go_time

PULL_STEPS = 20
Document = dict[str, Any]


def chunk(model: str, content: str, *, done: bool = False) -> Document:
    return {
        "model": model,
        "created_at": go_time(),
        "message": {"role": "assistant", "content": content},
        "done": done,
    }


def overflow(prompt_tokens: int, window: int) -> str:
    """Return the refusal of a prompt that is too long, as the runner says it: JSON inside a string."""
    message = (
        f"request ({prompt_tokens} tokens) exceeds the available context size ({window} tokens), try increasing it"
    )
    return json.dumps(
        {
            "error": {
                "code": 400,
                "message": message,
                "type": "exceed_context_size_error",
                "n_prompt_tokens": prompt_tokens,
                "n_ctx": window,
            }
        },
        separators=(",", ":"),
    )


def listed(model: HeldModel) -> Document:
    entry = {
        "name": model.name,
        "model": model.name,
        "modified_at": MODIFIED,
        "size": model.size,
        "digest": model.digest,
        "details": model.details(),
    }
    remote = {"remote_model": model.name.removesuffix("-cloud"), "remote_host": model.remote_host}
    return entry | (remote if model.remote_host else {})


def loaded(model: HeldModel, runner: Runner) -> Document:
    expires = min(runner.expires, time.time() + 100 * 365 * 86_400)
    return {
        "name": model.name,
        "model": model.name,
        "size": model.size,
        "digest": model.digest,
        "details": model.details(),
        "expires_at": go_time(expires),
        "size_vram": 0,
        "context_length": runner.window,
    }


def shown(model: HeldModel) -> Document:
    return {
        "modelfile": f"FROM {model.name}\n",
        "template": "{{ .Prompt }}",
        "details": model.details(),
        "model_info": {"general.architecture": model.family, f"{model.family}.context_length": model.context},
        "capabilities": list(model.capabilities),
        "modified_at": MODIFIED,
        **({"remote_host": model.remote_host} if model.remote_host else {}),
    }


def pull_steps(model: HeldModel) -> Iterator[Document]:
    layer = {"status": f"pulling {model.digest[:12]}", "digest": f"sha256:{model.digest}", "total": model.size}
    yield {"status": "pulling manifest"}
    yield layer
    for step in range(1, PULL_STEPS + 1):
        yield layer | {"completed": model.size * step // PULL_STEPS}
    for status in ("verifying sha256 digest", "writing manifest", "success"):
        yield {"status": status}
