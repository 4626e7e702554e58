"""Answers made from the schema that was sent, as a grammar would force them: keys sorted, bounds kept."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Choice = Callable[[tuple[str, ...], Mapping[str, Any]], Any]
"""Proposes a value for the leaf at a path; what the schema forbids in it is mended afterwards."""

_LIMIT = 1_000


def answer(schema: Mapping[str, Any] | None, choose: Choice) -> str:
    """Return the JSON text of a value that the schema allows, all of its required keys in sorted order."""
    if schema is None:
        return str(choose((), {"type": "string"}))
    return json.dumps(value(schema, choose), ensure_ascii=False)


def value(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...] = ()) -> Any:
    """Return a value that the schema allows, as near to what is chosen as it allows."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        chosen = choose(path, schema)
        return chosen if chosen in schema["enum"] else schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    return _MAKERS.get(kind, _null)(schema, choose, path)


def _object(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    keys = sorted(set(schema.get("required", ())) & set(properties)) or sorted(properties)
    return {key: value(properties[key], choose, (*path, key)) for key in keys}


def _array(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> list[Any]:
    count = max(schema.get("minItems", 1), min(1, schema.get("maxItems", 1)))
    return [value(schema.get("items", {}), choose, (*path, str(n))) for n in range(count)]


def _number(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> float:
    chosen = choose(path, schema)
    low, high = bounds(schema)
    number = chosen if isinstance(chosen, int | float) and not isinstance(chosen, bool) else low
    return min(max(number, low), high)


def _integer(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> int:
    low, high = bounds(schema)
    return int(min(max(round(_number(schema, choose, path)), -(-low // 1)), high // 1))


def bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    """Return the least and the greatest number allowed."""
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    return low, schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + _LIMIT + 1) - 1)


def _string(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> str:
    text = str(choose(path, schema))
    return text[: schema.get("maxLength", _LIMIT)].ljust(schema.get("minLength", 0), ".")


def _boolean(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> bool:
    return bool(choose(path, schema))


def _null(schema: Mapping[str, Any], choose: Choice, path: tuple[str, ...]) -> None:
    return None


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], Choice, tuple[str, ...]], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _integer,
    "number": _number,
    "string": _string,
    "boolean": _boolean,
    "null": _null,
}
