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
)
