"""A real platform on a loopback port, served by a thread of its own until the test is over."""

import gc
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from carehub.platform import app as platform_app
from carehub.platform import serving
from carehub.platform.settings import Settings
from tests.helpers.platforms import Clock, fast_passwords


@contextmanager
def platform(folder: Path, clock: Any = None, port: int | None = 0) -> Iterator[str]:
    """Serve a platform with its database beside `folder`; yield its address."""
    settings = Settings(
        database=f"sqlite+aiosqlite:///{folder}.db",
        secret=b"s" * 32,
        sign_ins_per_minute=100_000,
        requests_per_minute=1_000_000,
    )
    app = platform_app.make(settings, clock or Clock(), passwords=fast_passwords())
    server = serving.server_of(app, serving.Address())
    with socket.create_server(("127.0.0.1", port or 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                thread.join(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
            _bury_lines()


def _bury_lines() -> None:
    """Let go of lines that were given up while they were being opened.

    asyncio keeps such a socket until it is collected, and its warning would meet any later test.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
