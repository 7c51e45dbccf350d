"""How `care` values become JSON and back: decimals as strings, ids and dates as text, sets sorted."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TypeVar
from uuid import UUID

from pydantic import JsonValue, TypeAdapter

T = TypeVar("T")


def body_of(value: object) -> dict[str, JsonValue]:
    """Return the JSON object of a `care` dataclass, every field by its own name."""
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return {f.name: _json(getattr(value, f.name)) for f in fields(value)}


def value_of(kind: type[T], body: Mapping[str, JsonValue]) -> T:
    """Return the `care` dataclass that `body` describes; raises pydantic.ValidationError if it does not."""
    value: T = _adapter(kind).validate_python(dict(body))
    return value


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def _json(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return _json(value.value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((_json(item) for item in value), key=str)
    if isinstance(value, (tuple, list)):
        return [_json(item) for item in value]
    raise TypeError(type(value).__name__)
