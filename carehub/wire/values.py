"""How `care` values become JSON and back: decimals as strings, ids and dates as text, sets sorted."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import TypeVar, cast
from uuid import UUID

from pydantic import JsonValue, TypeAdapter

T = TypeVar("T")


def body_of(value: object) -> dict[str, JsonValue]:
    """Return the JSON object of a `care` dataclass, every field by its own name."""
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return {f.name: _json(getattr(value, f.name)) for f in fields(value)}


def value_of(kind: type[T], body: Mapping[str, JsonValue]) -> T:
    """Return the `care` value that `body` describes; raises pydantic.ValidationError if none."""
    return _adapter(kind).validate_python(dict(body))


_ADAPTERS: dict[type[object], TypeAdapter[object]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return cast("TypeAdapter[T]", _ADAPTERS[kind])


@singledispatch
def _json(value: object) -> JsonValue:
    raise TypeError(type(value).__name__)


@_json.register(bool)
@_json.register(type(None))
def _(value: bool | None) -> JsonValue:
    return value


@_json.register
def _(value: int) -> JsonValue:
    return int(value)


@_json.register(str)
@_json.register(UUID)
def _(value: str | UUID) -> JsonValue:
    return str(value)


@_json.register
def _(value: Decimal) -> JsonValue:
    if not value.is_finite():
        raise ValueError("a special value is no measured number")
    return format(value, "f")


@_json.register
def _(value: date) -> JsonValue:
    return value.isoformat()


@_json.register(Mapping)
def _(value: Mapping[object, object]) -> JsonValue:
    return {str(key): _json(item) for key, item in value.items()}


@_json.register(frozenset)
def _(value: frozenset[object]) -> JsonValue:
    return sorted((_json(item) for item in value), key=str)


@_json.register(tuple)
@_json.register(list)
def _(value: tuple[object, ...] | list[object]) -> JsonValue:
    return [_json(item) for item in value]
