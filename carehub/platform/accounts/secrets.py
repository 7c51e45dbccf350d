"""Secrets of accounts: slow password hashes, opaque tokens, keyed hashes of what can be guessed."""

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from carehub.platform.refusals import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from carehub.platform.settings import Settings

TOKEN_BYTES = 32
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No signs that look or sound alike: a code is also read aloud over the telephone."""
_NAME = re.compile(r"[\w.@-]{3,64}")
_PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LOOKS_DIALLED = re.compile(r"[\d +()-]+")


class Passwords:
    """Argon2id (RFC 9106, low-memory profile) in threads, a few at a time: each takes 64 MiB."""

    def __init__(self, threads: int, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._free = asyncio.Semaphore(threads)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def right(self, kept: str | None, password: str) -> bool:
        """Tell whether the password is right; without an account it takes as long to say no."""
        if self._nobody is None:
            self._nobody = await self.hash(secrets.token_urlsafe())
        async with self._free:
            return await asyncio.to_thread(self._verify, kept or self._nobody, password)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def new_token() -> str:
    """Return an opaque token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code(length: int) -> str:
    """Return a short code of five random bits a sign."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def plain_code(text: str) -> str:
    """Return a typed code without what people add to it."""
    return "".join(sign for sign in text.upper() if sign in SIGNS)


def successor(settings: "Settings", token: str, purpose: str = "refresh") -> str:
    """Return the one successor of a token that is used once: asked twice, it is the same.

    Only who holds both the token and the service's secret can derive it, so no token has to be kept
    in plain form to be given a second time.
    """
    return base64.urlsafe_b64encode(_keyed(settings, purpose, token)).decode("ascii").rstrip("=")


def token_hash(token: str) -> bytes:
    """Return what is kept of a token; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def login_hash(settings: "Settings", login: str) -> bytes:
    """Return the key under which a login is found; telephone numbers could be guessed from less."""
    return _keyed(settings, "login", login)


def code_hash(settings: "Settings", code: str) -> bytes:
    """Return the key under which a short code is found; keyed, for it could be guessed."""
    return _keyed(settings, "code", code)


def pin_key(settings: "Settings", account_id: "UUID", device_id: "UUID") -> bytes:
    """Return the key under which wrong PINs of one device are counted."""
    return _keyed(settings, "pin", f"{account_id}|{device_id}")


def normal_login(text: str) -> str:
    """Return a login in its one form; raises Refused for what is neither name nor telephone."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if _LOOKS_DIALLED.fullmatch(plain):
        dialled = _PHONE.fullmatch(re.sub(r"[ ()-]", "", plain))
        if dialled is None:
            raise Refused("login_unusable")
        return dialled[1]
    if not _NAME.fullmatch(plain):
        raise Refused("login_unusable")
    return plain


def shown_login(login: str) -> str:
    """Return how a login is kept to be shown: of a telephone number only its ends."""
    return f"{login[:3]}****{login[-4:]}" if _PHONE.fullmatch(login) else login


def _keyed(settings: "Settings", purpose: str, text: str) -> bytes:
    message = f"{purpose}|{text}".encode("utf-8", "surrogatepass")
    return hmac.digest(settings.secret, message, "sha256")
