"""Runs the service: one uvicorn that lets open requests end and closes live streams first."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from carehub.platform import app
from carehub.platform.running import Clock, Running
from carehub.platform.settings import Settings

if TYPE_CHECKING:
    from socket import socket

PATIENCE = 20
"""Seconds that open requests are given to end."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and with which certificate; without one a proxy in front must speak TLS."""

    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    key: Path | None = None


class Server(uvicorn.Server):
    """Ends live streams when asked to stop; they would otherwise be waited for."""

    def __init__(self, config: uvicorn.Config, here: Running) -> None:
        super().__init__(config)
        self._here = here

    async def shutdown(self, sockets: "list[socket] | None" = None) -> None:
        """Stop listening, and let open requests end."""
        self._here.bell.close()
        await super().shutdown(sockets)


def serve(settings: Settings, address: Address, clock: Clock) -> bool:
    """Serve until a signal asks to stop; False where it could not start."""
    server = make(settings, address, clock)
    try:
        server.run()
    except SystemExit:  # what uvicorn does where it cannot listen
        return False
    return bool(server.started)


def make(settings: Settings, address: Address, clock: Clock) -> Server:
    """Return a server; `run` serves at the address, or on sockets that listen already."""
    return server_of(app.make(settings, clock), address)


def server_of(made: FastAPI, address: Address) -> Server:
    """Return a server of an application that was made before."""
    config = uvicorn.Config(
        made,
        host=address.host,
        port=address.port,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32 * 1024,
    )
    return Server(config, made.state.running)
