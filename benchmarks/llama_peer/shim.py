"""Ollama's chat in front of llama.cpp's own server: its completion, streamed, with its grammar from a JSON schema."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

MODEL = "random:latest"
VERSION = "0.31.1"
DETAILS = {"format": "gguf", "family": "llama", "families": ["llama"], "parameter_size": "150K"}
LISTED = {"name": MODEL, "model": MODEL, "size": 500_000, "digest": "0" * 64, "details": DETAILS}
SHOWN = {"details": DETAILS, "model_info": {"llama.context_length": 8192}, "capabilities": ["completion"]}
_REASONS = {"eos": "stop", "word": "stop", "limit": "length"}


@contextmanager
def serving(llama: str) -> Iterator[str]:
    """Serve on a free port of this machine, in front of the llama-server at `llama`; yield the address."""

    class Bound(_Handler):
        upstream = llama

    server = _Server(("127.0.0.1", 0), Bound)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    upstream = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        documents = {
            "/api/version": {"version": VERSION},
            "/api/tags": {"models": [LISTED]},
            "/api/ps": {"models": [{**LISTED, "context_length": 8192}]},
        }
        self._answer(documents.get(self.path, {"error": "not found"}), 200 if self.path in documents else 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/show":
            self._answer(SHOWN)
        elif self.path == "/api/chat":
            self._chat(body)
        else:
            self._answer({"error": "not found"}, 404)

    def _chat(self, body: dict[str, Any]) -> None:
        began = time.perf_counter_ns()
        if not body["messages"]:
            self._answer(_line("", done=True) | {"done_reason": "load"})
            return
        question = _completion(body)
        with httpx.stream("POST", f"{self.upstream}/completion", json=question, timeout=None, trust_env=False) as reply:
            if reply.status_code != httpx.codes.OK:
                # As Ollama does: the runner's own JSON, as a string.
                self._answer({"error": reply.read().decode()}, reply.status_code)
                return
            self._begin()
            try:
                for event in _events(reply):
                    self._send(_last(event, began) if event.get("stop") else _line(event["content"]))
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True  # the client went away; leaving the block tells llama-server

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _send(self, line: dict[str, Any]) -> None:
        data = json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _answer(self, document: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


def _completion(body: dict[str, Any]) -> dict[str, Any]:
    options = body.get("options", {})
    schema = body.get("format")
    return {
        "prompt": "\n".join(message["content"] for message in body["messages"]) + "\n",
        "stream": True,
        "n_predict": options.get("num_predict", -1),
        "temperature": options.get("temperature", 0.8),
        "seed": options.get("seed", 0),
        "repeat_penalty": options.get("repeat_penalty", 1.0),
        **({"json_schema": _sorted(schema)} if schema else {}),
    }


def _sorted(schema: Any) -> Any:
    """Return a schema with its keys in the order in which Ollama hands them on."""
    return json.loads(json.dumps(schema, sort_keys=True))


def _events(reply: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in reply.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def _line(content: str, *, done: bool = False) -> dict[str, Any]:
    return {
        "model": MODEL,
        "created_at": datetime.now(UTC).isoformat(),
        "message": {"role": "assistant", "content": content},
        "done": done,
    }


def _last(event: dict[str, Any], began: int) -> dict[str, Any]:
    timings = event.get("timings", {})
    return _line(event["content"], done=True) | {
        "done_reason": _REASONS.get(event["stop_type"], event["stop_type"]),
        "total_duration": time.perf_counter_ns() - began,
        "prompt_eval_count": event["tokens_evaluated"],
        "prompt_eval_duration": int(timings.get("prompt_ms", 0) * 1e6),
        "eval_count": event["tokens_predicted"],
        "eval_duration": int(timings.get("predicted_ms", 0) * 1e6),
    }
