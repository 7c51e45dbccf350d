"""A copy of everything and its erasure, as they travel: what was asked, how far it is, the receipt."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    """Frozen, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class AskCopy(_Shape):
    """Ask for a copy of everything; `language` is that of the pages to print."""

    language: Literal["zh_CN", "en"] = "zh_CN"


class CopyRow(_Shape):
    """How far a copy is: waiting, making, ready, cancelled, failed or expired.

    `link` leads to the ZIP without a sign-in while it is ready, and to nobody's after `until_at`.
    """

    id: UUID
    person_id: UUID
    state: str
    done: int
    of: int
    asked_at: int
    until_at: int
    size: int = 0
    link: str = Field(default="", repr=False)


class Copies(_Shape):
    """The copies of a person's records, the newest first."""

    copies: list[CopyRow]


class Sentences(_Shape):
    """Something said to people, in both languages."""

    zh: str
    en: str


class Kept(_Shape):
    """Something that stays after an erasure, and why."""

    what: Sentences
    why: Sentences


class ChainEnd(_Shape):
    """Where the audit chain stood: its number of lines and the hash of the last."""

    n: int
    hash: str


class Receipt(_Shape):
    """What was erased and what was not.

    `hash` is the SHA-256 of all before it (JSON, sorted, without spaces) and stands in the audit
    chain; `signature` is the service's own, by which it knows its receipts again.
    """

    format: str = "carehub-erasure"
    version: int = 1
    id: UUID
    person_id: UUID
    asked_by: str
    asked_at: int
    done_at: int
    erased: dict[str, int]
    kept: list[Kept]
    audit: ChainEnd
    sentences: Sentences
    hash: str = ""
    signature: str = ""


class ErasureRow(_Shape):
    """How an erasure stands: erasing, or done with its receipt."""

    id: UUID
    person_id: UUID
    state: str
    asked_at: int
    done_at: int | None = None
    receipt: Receipt | None = None


class Erasures(_Shape):
    """The erasures of a person's records, the newest first."""

    erasures: list[ErasureRow]
