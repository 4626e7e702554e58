"""Scoring profiles as files: JSON and TOML out and in, and the lines of Python that use one."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tastebench.domain import text
from tastebench.domain.errors import InvalidProfile
from tastebench.domain.profile import ScoringProfile
from tastebench.signals import resolved

SIZE_LIMIT = 200_000
"""Bytes of the largest profile file that is read; an ordinary one has about 1,500."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def as_json(profile: ScoringProfile) -> str:
    """Return the whole document as indented JSON, the weights of every signal written out."""
    return json.dumps(_document(profile), ensure_ascii=False, indent=2) + "\n"


def as_toml(profile: ScoringProfile) -> str:
    """Return the whole document as TOML 1.0, the weights of every signal written out.

    Examples
    --------
    >>> as_toml(ScoringProfile(name="Calm")).splitlines()[:3]
    ['name = "Calm"', 'scale = "raw"', 'hide_after = ["like", "favorite", "purchase", "dislike"]']
    """
    return "\n".join(_table(_document(profile), ())) + "\n"


def as_python(profile: ScoringProfile, workspace: str, persona_id: str, folder: str = "data") -> str:
    """Return the three lines of Python that recommend with the downloaded JSON file, also while the app runs."""
    return (
        "from tastebench import ScoringProfile, Workbench\n"
        f"profile = ScoringProfile.model_validate_json(open({file_name(profile, 'json')!r}, encoding='utf-8').read())\n"
        f"ranking = Workbench.open({folder!r}, read_only=True).workspace({workspace!r})"
        f".recommend({persona_id!r}, profile=profile)\n"
    )


def file_name(profile: ScoringProfile, extension: str) -> str:
    """Return a file name that every system takes.

    Examples
    --------
    >>> file_name(ScoringProfile(name="For You / new"), "toml")
    'for-you-new.toml'
    """
    stem = "-".join(re.findall(r"[a-z0-9]+", profile.name.lower()))
    return f"{stem or 'profile'}.{extension}"


def read_profile(data: bytes, name: str) -> ScoringProfile:
    """Return the profile in a JSON or TOML file, its weights written out.

    Parameters
    ----------
    data : bytes
        The file's content, UTF-8, at most 200,000 bytes.
    name : str
        The file's name: one that ends in ``.toml`` is read as TOML, any other as JSON.

    Raises
    ------
    InvalidProfile
        Where the file is too large, not what its name says, or names or values are wrong.
    """
    if len(data) > SIZE_LIMIT:
        raise InvalidProfile(f"{name} has {len(data):,} bytes; a profile has at most {SIZE_LIMIT:,}.")
    parse = tomllib.loads if name.lower().endswith(".toml") else json.loads
    try:
        document = parse(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        kind = "TOML" if parse is tomllib.loads else "JSON"
        raise InvalidProfile(
            f"{name} cannot be read as {kind}.", "Choose a profile that was downloaded here."
        ) from error
    profile = resolved(ScoringProfile.parse(document))
    return profile.model_copy(update={"name": text.checked(profile.name, "the profile's name", 80, required=True)})


def _document(profile: ScoringProfile) -> dict[str, Any]:
    return resolved(profile).model_dump(
        mode="json", exclude_none=True
    )  # TOML has no null; what is absent has its default


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    lines = [f"\n[{'.'.join(map(_key, path))}]"] if path else []
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += _table(value, (*path, key))
    return lines


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _value(value: str | float | bool | list[Any]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return repr(value)


def _text(value: str) -> str:
    # JSON's escapes are TOML's too, but TOML also wants DEL escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
