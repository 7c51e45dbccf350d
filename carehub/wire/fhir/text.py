"""FHIR resources as JSON text and back, without losing a digit of a number."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from carehub.errors import InputError
from carehub.i18n import _
from carehub.wire.fhir.elements import Json

_STRINGS = json.JSONEncoder(ensure_ascii=False)
"""Made once: `json.dumps` would make one for each of a record's million strings."""


def written(value: Json) -> str:
    """Write JSON on one line; a Decimal keeps its digits, which `json.dumps` cannot do."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case str():
            return _STRINGS.encode(str(value))
        case int():
            return str(int(value))
        case Mapping():
            return "{" + ",".join(f"{written(k)}:{written(v)}" for k, v in value.items()) + "}"
        case _:
            return "[" + ",".join(map(written, value)) + "]"


def parsed(text: str | bytes) -> Mapping[str, object]:
    """Read one resource; its numbers with a point are Decimal. Raises InputError where it is none."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(_("This is not a FHIR document in JSON.")) from error
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise InputError(_("This is not a FHIR document in JSON."))
    return document


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
