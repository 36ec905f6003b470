"""Schemas of answers, checked as far as the real service is known to check them."""

from __future__ import annotations

from typing import Any

from standin.rejected import RejectedError

TYPES = frozenset(("string", "number", "integer", "boolean", "array", "object", "null"))
DEEPEST = 32


def check_schema(schema: Any, place: str, depth: int = 0) -> None:
    """Reject a schema of a wrong type, a list without its items, a required name without its
    property. Raises RejectedError."""
    if not isinstance(schema, dict) or depth > DEEPEST:
        raise _invalid(place, "not a schema")
    types = _types(schema, place)
    if "array" in types and "items" not in schema and "prefixItems" not in schema:
        raise _invalid(f"{place}.items", "missing field")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        raise _invalid(f"{place}.properties", "not an object")
    _check_required(schema, properties, place)
    for name, each in properties.items():
        check_schema(each, f"{place}.properties[{name}]", depth + 1)
    if "items" in schema:
        check_schema(schema["items"], f"{place}.items", depth + 1)


def _check_required(schema: dict[str, Any], properties: dict[str, Any], place: str) -> None:
    required = schema.get("required") or []
    if not isinstance(required, list):
        raise _invalid(f"{place}.required", "not a list")
    for number, name in enumerate(required):
        if not isinstance(name, str) or name not in properties:
            raise _invalid(f"{place}.required[{number}]", "property is not defined")


def _types(schema: dict[str, Any], place: str) -> list[str]:
    told = schema.get("type", [])
    types = [str(each).lower() for each in (told if isinstance(told, list) else [told])]
    if unknown := [each for each in types if each not in TYPES]:
        raise _invalid(f"{place}.type", f'unknown type "{unknown[0]}"')
    return types


def _invalid(place: str, fault: str) -> RejectedError:
    return RejectedError(400, f"* {place}: {fault}.")
