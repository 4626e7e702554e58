"""A small file of settings in the data folder: what an operator settled for all workspaces of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tastebench.domain.errors import InvalidInput

_LARGEST = 100_000


def read(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing where there is no such file.

    Raises
    ------
    InvalidInput
        Where it can't be read, or holds no JSON object.
    """
    try:
        if not path.exists():
            return {}
        found = json.loads(path.read_bytes()[:_LARGEST])
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"The settings in {path} cannot be read.", "Correct or delete that file.") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"The settings in {path} are not what they should be.", "Delete that file.")
    return found


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Replace the file in one step: whoever is killed meanwhile leaves the old one. Raises `InvalidInput`."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise InvalidInput(
            f"The settings cannot be written to {path}: {error.strerror}.", "Check the folder's rights and its space."
        ) from error
