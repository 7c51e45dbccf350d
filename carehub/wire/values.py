"""How `care` values become JSON and back: decimals as strings, ids and dates as text, sets sorted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, TypeVar, cast, get_type_hints
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


def body_of(value: object) -> dict[str, JsonValue]:
    """Return the JSON object of a `care` dataclass, every field by its own name."""
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return {f.name: _json(getattr(value, f.name)) for f in fields(value)}


def bodies_of(values: Iterable[T]) -> Iterator[dict[str, JsonValue]]:
    """Yield the JSON object of each of many values of one kind.

    What is the very same object as in the value before (a unit, an empty set, None) is not looked at
    again: of an import's readings that is nearly everything.
    """
    before: dict[str, object] = {}
    written: dict[str, JsonValue] = {}
    names: tuple[str, ...] = ()
    for value in values:
        names = names or tuple(field.name for field in fields(cast("DataclassInstance", value)))
        for name in names:
            told = getattr(value, name)
            if name not in before or told is not before[name]:
                before[name], written[name] = told, _json(told)
        yield dict(written)


def value_of(kind: type[T], body: Mapping[str, JsonValue]) -> T:
    """Return the `care` value that `body` describes; raises pydantic.ValidationError if none."""
    return _adapter(kind).validate_python(dict(body))


def understood(kind: type[T], body: Mapping[str, JsonValue]) -> T | None:
    """Return the `care` value as far as we understand `body`, or None where too little is known.

    A newer program may send fields we do not know and words that are not in our lists: the fields are
    left out, a word is shown as its list's `other` or the field's usual value. The body itself is
    kept as it came by whoever calls.
    """
    known = {f.name: body[f.name] for f in fields(_dataclass(kind)) if f.name in body}
    try:
        return value_of(kind, known)
    except ValidationError as error:
        places = [part["loc"] for part in error.errors(include_input=False)]
    try:
        return value_of(kind, _without(kind, known, places))
    except ValidationError:
        return None


def _without(
    kind: type[object], body: dict[str, JsonValue], places: list[tuple[int | str, ...]]
) -> dict[str, JsonValue]:
    """Return the body without what stands at these places, a strange word as its list's `other`."""
    hints = get_type_hints(kind)
    kept = dict(body)
    for name, *inside in places:
        value = kept.pop(str(name), None)
        if isinstance(value, list) and inside:
            strange = body[str(name)][inside[0]]  # type: ignore[index]  # pydantic says where
            kept[str(name)] = [each for each in value if each != strange]
        elif name in body and hasattr(hints[str(name)], "OTHER"):
            kept[str(name)] = hints[str(name)].OTHER.value
    return kept


def _dataclass(kind: type[object]) -> "type[DataclassInstance]":
    return cast("type[DataclassInstance]", kind)


_ADAPTERS: dict[type[object], TypeAdapter[object]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return cast("TypeAdapter[T]", _ADAPTERS[kind])


@singledispatch
def _json(value: object) -> JsonValue:
    return dict(body_of(value))


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
