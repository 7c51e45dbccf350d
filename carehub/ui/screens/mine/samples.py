"""The pages under Mine."""

from pathlib import Path
from uuid import UUID

from carehub.care.consent import Consent, Purpose
from carehub.care.meters import Meter
from carehub.care.readings import Kind
from carehub.ui.door import Ways
from carehub.ui.screens.mine.model import (
    MetersView,
    MineView,
    PrivacyView,
    meters_of,
    privacy_of,
    sharing_of,
    view_of,
)
from carehub.ui.screens.people.model import face_of
from carehub.ui.screens.people.samples import OTHER
from carehub.ui.screens.sample import NOW, PERSON, Sample
from carehub.wire.rights import ChainEnd, Kept, Receipt, Sentences

DAY = 86_400_000
FOLDER = "/home/wang/.local/share/carehub/archive"


def full() -> MineView:
    """Return the menu with something in the tray."""
    return view_of(face_of(PERSON, NOW), people=2, meters=2, waiting=3, demo=False)


def plain() -> MineView:
    """Return the menu of somebody who lives alone."""
    return view_of(face_of(PERSON, NOW), people=1, meters=0, waiting=0, demo=False)


def meters() -> MetersView:
    """Return a cuff with two users and a pretend glucose meter."""
    cuff = Meter(
        "A1",
        "示例血压计",
        "blood_pressure",
        "00:00:00:00:00:01",
        Kind.BLOOD_PRESSURE,
        slots=((1, PERSON.id), (2, OTHER.id)),
        last_read_at=NOW - 7_200_000,
    )
    sugar = Meter(
        "B2",
        "示例血糖仪",
        "glucose",
        "00:00:00:00:00:02",
        Kind.GLUCOSE,
        simulated=True,
        slots=((None, PERSON.id),),
        last_read_at=NOW - 3 * DAY,
    )
    return meters_of([cuff, sugar], [PERSON, OTHER], NOW)


def privacy() -> PrivacyView:
    """Return one consent in force and one taken back."""
    from carehub.archive.backup import Backup

    rows = [
        Consent(UUID(int=1), PERSON.id, Purpose.ARCHIVE, "2026-11", NOW - 40 * DAY),
        Consent(
            UUID(int=2),
            PERSON.id,
            Purpose.DEVICE_DATA,
            "2026-11",
            NOW - 40 * DAY,
            withdrawn_at=NOW - 2 * DAY,
        ),
    ]
    made = [Backup(Path("x.db"), NOW - n * DAY) for n in range(1, 4)]
    sharing = sharing_of(rows, [], signed_in=False, now=NOW)
    return privacy_of(rows, made, FOLDER, NOW, 480, sharing)


def shared() -> PrivacyView:
    """Return the page of somebody whose daughter and son may look."""
    from carehub.ui.screens.family.samples import given

    purposes = (Purpose.ARCHIVE, Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)
    agreed = [
        Consent(UUID(int=n), PERSON.id, each, "2026-11", NOW) for n, each in enumerate(purposes)
    ]
    holders = [given(1, PERSON, "daughter", "王小样"), given(2, PERSON, "son", "王示例")]
    sharing = sharing_of(agreed, holders, signed_in=True, now=NOW)
    return privacy_of(agreed, [], FOLDER, NOW, 480, sharing)


def receipt() -> Receipt:
    """Return the receipt of an erasure in which two things stay."""
    consents = Sentences(
        zh="同意过什么、收回过什么，不含健康数值",
        en="what was agreed to and taken back, without any health value",
    )
    proof = Sentences(
        zh="证明做过的事是同意过的", en="proof that what was done was agreed to (PIPL 14, 54-57)"
    )
    return Receipt(
        id=UUID(int=9),
        person_id=PERSON.id,
        asked_by="self",
        asked_at=NOW,
        done_at=NOW,
        erased={"entity": 412, "change": 518},
        kept=[Kept(what=consents, why=proof), Kept(what=consents, why=proof)],
        audit=ChainEnd(n=12, hash="0" * 64),
        sentences=Sentences(
            zh="平台保存的您的健康记录都已删除。",
            en="Everything the platform kept about the person's health was erased.",
        ),
        hash="a1" * 32,
    )


SAMPLES = (
    Sample("mine", "full", full),
    Sample("mine", "plain", plain),
    Sample("mine.meters", "two", meters),
    Sample("mine.meters", "none", MetersView),
    Sample("mine.privacy", "both", privacy),
    Sample("mine.privacy", "shared", shared),
    Sample("mine.display", "now"),
    Sample("mine.language", "now"),
    Sample("mine.lock", "pin", lambda: Ways(exists=True, pin=True, keyring=True)),
    Sample("mine.lock", "passphrase", lambda: Ways(exists=True, passphrase=True)),
    Sample("mine.pin", "old", lambda: Ways(exists=True, pin=True)),
    Sample("mine.passphrase", "empty"),
    Sample("mine.code", "before"),
    Sample("mine.about", "now"),
    Sample("mine.data", "signed_in", lambda: True),
    Sample("mine.data", "signed_out", lambda: False),
    Sample("mine.receipt", "done", what={"receipt": receipt()}),
)
