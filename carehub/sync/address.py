"""The platform's address as people type it."""

from urllib.parse import urlsplit

from carehub.errors import InputError
from carehub.i18n import _

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def address(typed: str) -> str:
    """Return the address without a closing slash; raises InputError where it is none.

    `https://` may be left out; only this machine itself is spoken to in the open.
    """
    text = typed.strip().rstrip("/")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    secure = host and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE))
    if not secure or parts.query or parts.fragment or parts.username is not None or port == 0:
        raise InputError(_("The platform's address must begin with https://."))
    return parts.geturl()
