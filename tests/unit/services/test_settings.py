"""Settings from the environment."""

import pytest

from tastebench.services.settings import Settings


def test_the_address_of_ollama_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().ollama_address == "http://127.0.0.1:11434"
    monkeypatch.setenv("OLLAMA_HOST", "0.0.0.0:8080")
    assert Settings.read().ollama_address == "http://127.0.0.1:8080"
    assert Settings.read(ollama_url="myhost").ollama_address == "http://myhost:11434"
    monkeypatch.setenv("OLLAMA_HOST", "host:port")
    assert Settings.read().ollama_address == "host:port"
