"""Where an archive's device secret is kept: the system's keyring, or memory for tests and kiosks.

Only the kinds of keyring on the list below are used: each keeps its secrets encrypted under the
person's login. A plain-text or absent one is refused, whatever the machine's settings say.
"""

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from carehub import log
from carehub.errors import KeyringUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

TIMEOUT_SECONDS = 15.0
ACCOUNT = "device"
ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
    }
)


class KeyStore(Protocol):
    """A place for one short secret per service; raises KeyringUnavailable where it does not answer."""

    @property
    def name(self) -> str:
        """Name the kind of store, as recorded in the slot."""

    def get(self, service: str) -> str | None:
        """Return the secret kept for `service`, or None."""

    def put(self, service: str, secret: str) -> None:
        """Keep `secret` for `service`."""

    def remove(self, service: str) -> None:
        """Forget the secret of `service`, if there is one."""


class MemoryKeys:
    """A key store that ends with the process."""

    name = "memory"

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"MemoryKeys({len(self._secrets)} secrets)"

    def get(self, service: str) -> str | None:
        """Return the secret kept for `service`, or None."""
        return self._secrets.get(service)

    def put(self, service: str, secret: str) -> None:
        """Keep `secret` for `service`."""
        self._secrets[service] = secret

    def remove(self, service: str) -> None:
        """Forget the secret of `service`, if there is one."""
        self._secrets.pop(service, None)


class OsKeyring:
    """The keyring of the person's login session."""

    def __init__(self, timeout: float = TIMEOUT_SECONDS) -> None:
        self._timeout = timeout
        self._backend: KeyringBackend | None = None

    @property
    def name(self) -> str:
        """Name the backend's class, as recorded in the slot."""
        return class_name(self._chosen())

    def get(self, service: str) -> str | None:
        """Return the secret kept for `service`, or None."""
        backend = self._chosen()
        return self._ask(lambda: backend.get_password(service, ACCOUNT))

    def put(self, service: str, secret: str) -> None:
        """Keep `secret` for `service`."""
        backend = self._chosen()
        self._ask(lambda: backend.set_password(service, ACCOUNT, secret))

    def remove(self, service: str) -> None:
        """Forget the secret of `service`, if there is one."""
        backend = self._chosen()
        if self.get(service) is not None:
            self._ask(lambda: backend.delete_password(service, ACCOUNT))

    def _chosen(self) -> "KeyringBackend":
        if self._backend is None:
            self._backend = self._ask(_allowed_backend)
        return self._backend

    def _ask(self, call: Callable[[], T]) -> T:
        return ask(call, self._timeout)


def ask(call: Callable[[], T], timeout: float = TIMEOUT_SECONDS) -> T:
    """Return what `call` answers within `timeout` seconds; raises KeyringUnavailable otherwise.

    A locked keyring asks the person for its password and blocks meanwhile, so the call runs in a
    thread of its own, which is left behind when it does not come back.
    """
    answers: list[T] = []
    refusals: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except _failures() as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(timeout)
    if answers:
        return answers[0]
    cause = refusals[0] if refusals else None
    log.archive.warning("keyring: %s", type(cause).__name__ if cause else "no answer in time")
    raise KeyringUnavailable from cause


def class_name(backend: object) -> str:
    """Return the full name of a backend's class."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _allowed_backend() -> "KeyringBackend":
    import keyring
    from keyring.backends.chainer import ChainerBackend

    configured = keyring.get_keyring()
    candidates = configured.backends if isinstance(configured, ChainerBackend) else [configured]
    for backend in candidates:
        if class_name(backend) in ALLOWED:
            if hasattr(backend, "persist"):
                # Windows' default, "enterprise", roams to other machines (keyring/backends/Windows.py).
                backend.persist = "local machine"
            return backend
    log.archive.warning("keyring: %s is refused", class_name(configured))
    raise KeyringUnavailable


def _failures() -> tuple[type[BaseException], ...]:
    """List what a keyring that is locked, gone or broken may raise."""
    from keyring.errors import KeyringError

    listed: list[type[BaseException]] = [KeyringUnavailable, KeyringError, OSError, EOFError]
    if sys.platform == "linux":
        from jeepney.wrappers import (  # type: ignore[import-untyped]  # jeepney ships no types
            DBusErrorResponse,
        )
        from secretstorage.exceptions import SecretStorageException

        listed += [SecretStorageException, DBusErrorResponse]
    return tuple(listed)
