"""The settings file: written whole or not at all, and refused in a sentence where it is broken."""

import pytest

from tastebench.domain.errors import InvalidInput
from tastebench.stores import settings_file


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "settings.json"
    assert settings_file.read(path) == {}
    settings_file.write(path, {"model": "qwen3:4b", "note": "größer"})
    settings_file.write(path, {"model": "ünï"})
    assert settings_file.read(path) == {"model": "ünï"}
    assert [one.name for one in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"[" * 90_000])
def test_a_broken_file_is_named(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"settings\.json"):
        settings_file.read(path)


def test_a_folder_that_takes_no_file_is_named(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be written"):
        settings_file.write(tmp_path / "gone" / "settings.json", {})
