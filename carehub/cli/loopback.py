"""A platform for the demo: on this machine only, with an empty database, until its starter is gone."""

import secrets
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import TextIO

from carehub.cli import times

HOST = "127.0.0.1"


def serve(heard: TextIO = sys.stdin, told: TextIO = sys.stdout) -> int:
    """Print the address, then serve until what is `heard` from the starter ends."""
    from carehub.platform import serving
    from carehub.platform.settings import Settings

    with (
        tempfile.TemporaryDirectory(prefix="carehub-demo-") as place,
        socket.create_server((HOST, 0)) as listening,
    ):
        settings = Settings(
            database=f"sqlite+aiosqlite:///{Path(place, 'platform.db')}",
            secret=secrets.token_bytes(32),
        )
        server = serving.make(settings, serving.Address(), times.now)

        def end_with_starter() -> None:
            heard.read()
            server.should_exit = True

        threading.Thread(target=end_with_starter, name="carehub-starter", daemon=True).start()
        print(f"http://{HOST}:{listening.getsockname()[1]}", file=told, flush=True)
        server.run(sockets=[listening])
    return 0
