"""A copy of everything the platform keeps, and an erasure with its receipt, asked for from here."""

import io
import stat
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from carehub.errors import NotAllowed, PlatformRefused
from carehub.sync import rights as asked
from carehub.sync.account import Session
from carehub.workflows import rights
from carehub.workflows.rights import Rights
from tests.helpers import clients
from tests.helpers.clients import Machine
from tests.sync.test_withdrawing import measure


@pytest.fixture
async def mother(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Machine]:
    monkeypatch.setattr(rights, "LOOK_SECONDS", 0.01)
    async with (
        clients.running(tmp_path / "platform") as service,
        clients.machine(service, tmp_path / "mother") as made,
    ):
        await made.sign_in("mother", new=True)
        yield made


async def test_the_copy_is_private_and_the_platform_keeps_none(mother, tmp_path, monkeypatch):
    person_id = mother.add_person()
    measure(mother, person_id, 187)
    await mother.now()
    mine = Rights(mother.archive, mother.client, mother.clock)
    file = tmp_path / "all.zip"
    size = await mine.copy(person_id, file, "en")
    content = file.read_bytes()
    assert len(content) == size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(io.BytesIO(content)) as parcel:
        assert b"187" in parcel.read("readings.csv")
    session = Session(mother.archive, mother.client, mother.clock)
    routes = asked.Rights(mother.client)
    told = await session.run(lambda access: routes.copies(access, person_id))
    assert [row.state for row in told.copies] == ["cancelled"]

    async def never(*_asked):
        return told.copies[0]

    monkeypatch.setattr(asked.Rights, "ask_copy", never)
    with pytest.raises(PlatformRefused):
        await mine.copy(person_id, file, "en")


async def test_an_erasure_gives_its_receipt_and_ends_the_sharing_here(mother):
    person_id = mother.add_person()
    measure(mother, person_id, 187)
    await mother.now()
    mine = Rights(mother.archive, mother.client, mother.clock)
    assert await mine.receipt(person_id) is None
    receipt = await mine.erase(person_id)
    assert receipt.erased["entity"] > 0
    assert await mine.receipt(person_id) == receipt
    await mother.now()
    assert mother.stream(person_id).paused == "erased"
    assert mother.person(person_id) is not None
    with pytest.raises(NotAllowed):
        await mother.now()
