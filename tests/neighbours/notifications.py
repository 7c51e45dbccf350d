"""A stand-in for a desktop's notification service, made for the tests: no real one runs without a
desktop. It owns org.freedesktop.Notifications on the session bus and prints what reaches it.

    python -m tests.neighbours.notifications

One JSON line when it is ready, then one for each notification: everything it was sent, as it came.
"""

import asyncio
import json

from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, method

PLACE = "/org/freedesktop/Notifications"
NAME = "org.freedesktop.Notifications"


class Service(ServiceInterface):
    """The four methods of the Desktop Notifications Specification 1.2."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self._count = 0

    @method()
    def Notify(  # noqa: N802 - the specification names it
        self,
        app_name: "s",  # type: ignore[name-defined]  # noqa: F821 - D-Bus signatures
        replaces_id: "u",  # type: ignore[name-defined]  # noqa: F821
        app_icon: "s",  # type: ignore[name-defined]  # noqa: F821
        summary: "s",  # type: ignore[name-defined]  # noqa: F821
        body: "s",  # type: ignore[name-defined]  # noqa: F821
        actions: "as",  # type: ignore[valid-type]  # noqa: F722
        hints: "a{sv}",  # type: ignore[valid-type]  # noqa: F722
        expire_timeout: "i",  # type: ignore[name-defined]  # noqa: F821
    ) -> "u":  # type: ignore[name-defined]  # noqa: F821
        self._count += 1
        kept = {name: repr(variant.value) for name, variant in hints.items()}
        told = [app_name, app_icon, summary, body, actions, kept, expire_timeout]
        print(json.dumps(told, ensure_ascii=False), flush=True)
        return self._count

    @method()
    def CloseNotification(self, number: "u") -> None:  # type: ignore[name-defined]  # noqa: F821, N802
        print(json.dumps(["closed", number]), flush=True)

    @method()
    def GetCapabilities(self) -> "as":  # type: ignore[valid-type]  # noqa: F722, N802
        return ["body", "actions"]

    @method()
    def GetServerInformation(self) -> "ssss":  # type: ignore[name-defined]  # noqa: F821, N802
        return ["stand-in", "tests", "1", "1.2"]


async def main() -> None:
    """Serve until ended."""
    bus = await MessageBus().connect()
    bus.export(PLACE, Service())
    await bus.request_name(NAME)
    print(json.dumps("ready"), flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
