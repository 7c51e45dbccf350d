"""Which schemas both sides speak: the header `CareHub-Schema`, such as 1-1."""

import re
from typing import Annotated

from fastapi import Depends, Header

from carehub.platform.refusals import Refused
from carehub.wire.exchange import SCHEMA_HEADER, SCHEMA_MAX, SCHEMA_MIN

_RANGE = re.compile(r"(\d{1,4})-(\d{1,4})")


def speak(asked: Annotated[str | None, Header(alias=SCHEMA_HEADER, max_length=20)] = None) -> None:
    """Refuse a client with which we have no schema in common; without a header all is well."""
    if asked is None:
        return
    found = _RANGE.fullmatch(asked.strip())
    if found is None:
        raise Refused("malformed")
    if int(found[2]) < SCHEMA_MIN or int(found[1]) > SCHEMA_MAX:
        raise Refused("schema")


Schema = Depends(speak)
