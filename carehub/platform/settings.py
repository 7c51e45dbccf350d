"""What an operator may set for the platform; everything else is decided in the code."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

SECRET_BYTES = 32
DRIVEN = ("sqlite+aiosqlite://", "postgresql+asyncpg://")
"""The two stores, each with its driver for asyncio."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one running service; `secret` keys telephone hashes and derived tokens.

    `database` is a SQLAlchemy URL of SQLite (aiosqlite) or PostgreSQL (asyncpg).
    """

    database: str = field(repr=False)
    secret: bytes = field(repr=False)
    tls: bool = False
    pool_size: int = 10
    hashing_threads: int = 2
    sign_ins_per_minute: int = 20
    requests_per_minute: int = 1200
    uploads: Path | None = None
    """Where attachments are kept; without it the service takes none."""
    person_bytes: int = 512 * 1024 * 1024
    """The bytes of all attachments of one person together."""
    look_every: float = 15.0
    """Seconds between two looks for who is to be told next; 0 leaves it to another process."""


def url(given: str) -> str:
    """Return the URL with the asyncio driver named, from what an operator would type."""
    for plain, driven in (
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if given.startswith(plain):
            return driven + given.removeprefix(plain)
    return given


def secret_in(file: Path) -> bytes:
    """Return the service's secret, made on first use (0600); a lost one signs everybody out."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(SECRET_BYTES))
    return secret_in(file)
