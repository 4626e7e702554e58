"""A server of the app, as a process of its own that can be killed."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

NOWHERE = "http://127.0.0.1:9"
"""An address at which nothing listens."""

UNEXPECTED = ("the page failed", "Uncaught", "Exception in", "never retrieved")
"""What a server's log says of errors that nobody thought of. Those of a known kind are warnings."""


@dataclass
class Server:
    """An app of its own on a data folder."""

    folder: Path
    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    def url(self, page: str = "", **parameters: str) -> str:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"http://127.0.0.1:{self.port}/{page}{query}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Kill it, and hold that nothing went wrong that its pages did not show."""
        self.kill()
        log = self.log.read_text(encoding="utf-8", errors="replace")
        assert not [sign for sign in UNEXPECTED if sign in log], log


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def start(project: Path, folder: Path, log: Path, port: int | None = None, ollama: str = NOWHERE) -> Server:
    """Start the app on a folder; without `ollama` it finds none, whatever runs on this machine."""
    port = port or free_port()
    environment = {
        **os.environ, "TASTEBENCH_DATA": str(folder), "TASTEBENCH_OLLAMA_URL": ollama, "HF_HUB_OFFLINE": "1"
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=project, env=environment, stdout=output, stderr=output)
    server = Server(folder, port, log, process)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(server.url("_stcore/health"), timeout=1):
                return server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    server.kill()
    raise AssertionError(f"the app did not start:\n{log.read_text()}")
