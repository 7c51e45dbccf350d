"""The pairing agent on a private D-Bus with a pretend bluetoothd."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method

from carehub.devices import link, meters, pairing
from carehub.devices.link import session
from carehub.devices.meters import Seen
from carehub.devices.pairing import PairingAgent
from carehub.errors import BluetoothMissing, LinkLost

needs_dbus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon")


class Manager(ServiceInterface):
    """The one interface of bluetoothd that the agent talks to."""

    def __init__(self) -> None:
        super().__init__("org.bluez.AgentManager1")
        self.agents: list[tuple[str, str]] = []
        self.default = ""

    @dbus_method("RegisterAgent")
    def register(self, path: DBusObjectPath, capability: DBusStr) -> None:
        self.agents.append((path, capability))

    @dbus_method("RequestDefaultAgent")
    def request_default(self, path: DBusObjectPath) -> None:
        self.default = path

    @dbus_method("UnregisterAgent")
    def unregister(self, path: DBusObjectPath) -> None:
        self.agents = [agent for agent in self.agents if agent[0] != path]


@asynccontextmanager
async def bus(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    daemon = await asyncio.create_subprocess_exec(
        "dbus-daemon",
        "--session",
        "--nofork",
        "--print-address=1",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert daemon.stdout is not None
    try:
        address = (await daemon.stdout.readline()).decode().strip()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address
    finally:
        daemon.terminate()
        await daemon.communicate()


@asynccontextmanager
async def bluetoothd(address: str) -> AsyncIterator[tuple[MessageBus, Manager]]:
    connection = await MessageBus(bus_address=address).connect()
    manager = Manager()
    connection.export("/org/bluez", manager)
    await connection.request_name("org.bluez")
    try:
        yield connection, manager
    finally:
        connection.disconnect()
        await connection.wait_for_disconnect()


async def asked(connection: MessageBus, agent: str, member: str, *body: object) -> Message:
    signature = {"RequestPasskey": "o", "RequestConfirmation": "ou", "AuthorizeService": "os"}
    reply = await connection.call(
        Message(
            destination=agent,
            path="/org/carehub/agent",
            interface="org.bluez.Agent1",
            member=member,
            signature=signature.get(member, ""),
            body=list(body),
        )
    )
    assert reply is not None
    return reply


METER = "/org/bluez/hci0/dev_F0"


@needs_dbus
async def test_the_agent_is_registered_while_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bus(monkeypatch) as address, bluetoothd(address) as (_connection, manager):
        async with PairingAgent():
            assert manager.agents == [("/org/carehub/agent", "NoInputNoOutput")]
            assert manager.default == "/org/carehub/agent"
        assert manager.agents == []


@needs_dbus
async def test_the_passkey_comes_from_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    digits: list[int | None] = [123456, None]

    async def ask() -> int | None:
        return digits.pop(0)

    async with (
        bus(monkeypatch) as address,
        bluetoothd(address) as (connection, manager),
        PairingAgent(ask) as agent,
    ):
        assert manager.agents[0][1] == "KeyboardDisplay"
        name = agent.bus_name
        given = await asked(connection, name, "RequestPasskey", METER)
        assert given.body == [123456]
        refused = await asked(connection, name, "RequestPasskey", METER)
        assert refused.error_name == "org.bluez.Error.Rejected"
        agreed = await asked(connection, name, "RequestConfirmation", METER, 7)
        assert agreed.message_type is MessageType.METHOD_RETURN
        nothing = await asked(connection, name, "AuthorizeService", METER, "1810")
        assert nothing.error_name == "org.bluez.Error.Rejected"
        for member in ("Cancel", "Release"):
            reply = await asked(connection, name, member)
            assert reply.message_type is MessageType.METHOD_RETURN


@needs_dbus
async def test_without_bluetoothd_there_is_no_bluetooth(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bus(monkeypatch):
        with pytest.raises(BluetoothMissing):
            async with PairingAgent():
                pass


@needs_dbus
async def test_a_bluetoothd_that_went_away_is_no_error_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bus(monkeypatch) as address:
        async with bluetoothd(address) as (_connection, manager):
            agent = PairingAgent()
            await agent.__aenter__()
            assert manager.agents
        await agent.__aexit__(None, None, None)


async def test_without_a_bus_there_is_no_bluetooth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(BluetoothMissing):
        async with PairingAgent():
            pass


# A session with a real radio

SEEN = Seen("F0:00:00:00:00:01", "Example cuff", frozenset({"1810"}))


class Probe:
    """Stands where a session would be, and looks whether an agent is up."""

    def __init__(self, manager: Manager | None = None) -> None:
        self.manager = manager
        self.agents: list[tuple[str, str]] | None = None

    async def run(self, _limits: link.Timeouts) -> None:
        self.agents = list(self.manager.agents) if self.manager is not None else []
        raise LinkLost


async def read(monkeypatch: pytest.MonkeyPatch, radio: link.Radio, probe: Probe) -> None:
    monkeypatch.setattr(session, "Session", lambda *_parts: probe)
    driver = meters.driver_of(SEEN)
    assert driver is not None
    with pytest.raises(LinkLost):
        await link.read(
            radio, SEEN, driver, keep=lambda _f: None, tell=lambda _e: None, clock=lambda: 0
        )


@needs_dbus
async def test_a_session_over_a_real_radio_has_an_agent_while_it_lasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bus(monkeypatch) as address, bluetoothd(address) as (_connection, manager):
        probe = Probe(manager)
        await read(monkeypatch, link.Radio(), probe)
        assert probe.agents == [("/org/carehub/agent", "NoInputNoOutput")]
        assert manager.agents == []
        await read(monkeypatch, link.Radio(simulated=True), probe)
        assert probe.agents == []


async def test_a_session_without_a_bus_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    probe = Probe()
    await read(monkeypatch, link.Radio(), probe)
    assert probe.agents == []


async def test_elsewhere_nobody_needs_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link.sys, "platform", "win32")
    monkeypatch.setattr(pairing, "standing_by", None)
    await read(monkeypatch, link.Radio(), Probe())
