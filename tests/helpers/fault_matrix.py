"""Every driver against every fault: what a session ends with, as one short line each.

`expected` says what must happen, and docs/meters.md shows it as a table. `run` makes it happen: three
records, one fault, one session.
"""

from contextlib import aclosing

from carehub.care.meters import Frame
from carehub.care.readings import Kind, TimeQuality
from carehub.devices import link, meters
from carehub.devices.drivers import BUILT_IN
from carehub.devices.simulator import Air, Faults, PretendCuff, PretendGlucoseMeter
from carehub.devices.simulator.meter import PASSKEY
from carehub.errors import MeterError
from tests.helpers.meters import MINUTE, NOON

RECORDS = 3
PATIENT = link.Timeouts(
    connect=20.0,
    operation=20.0,
    pairing=20.0,
    settle=0.0,
    first_value=3.0,
    idle=1.5,
    gap=1.5,
    procedure=3.0,
    linger=0.1,
    close=5.0,
)
"""Limits that a busy machine keeps; only silence is waited for in full."""

DRIVERS = tuple(driver.name for driver in BUILT_IN)
CUFFS = tuple(driver.name for driver in BUILT_IN if driver.kind is Kind.BLOOD_PRESSURE)
FAULTS = {
    "none": Faults(),
    "drops after 2": Faults(drops_after_n=2),
    "duplicates": Faults(duplicates=True),
    "reorders": Faults(reorders=True),
    "wrong clock": Faults(wrong_clock=2024),
    "unset clock": Faults(unset_clock=True),
    "NaN": Faults(nan_values=True),
    "reserved values": Faults(reserved_values=True),
    "truncated": Faults(truncated_frame=True),
    "oversized": Faults(oversized_frame=True),
    "65535 wrap": Faults(sequence_wrap=True),
    "counts too many": Faults(count_mismatch=2),
    "deletes after transfer": Faults(deletes_after_transfer=True),
    "two users": Faults(two_users=True),
    "slow": Faults(slow=0.2),
    "silent": Faults(silent=True),
    "needs passkey": Faults(needs_passkey=True),
    "passkey not typed": Faults(needs_passkey=True),
    "bonded elsewhere": Faults(bonded_elsewhere=True),
}

READ, REFUSED, UNPAIRED = "3 read", "3 refused", "PairingFailed"
_CORRECTED = "3 read; skewed, corrected"
_CUFF = {
    "drops after 2": "2 read",  # the third is still in the cuff, which sends it next time
    "two users": "3 read; 2 users",
}
_RECORDS = {
    "65535 wrap": READ,
    "counts too many": "TransferIncomplete; 3 read",
    "deletes after transfer": READ,
}
_ANY = {
    **dict.fromkeys(("none", "drops after 2", "duplicates", "reorders", "slow"), READ),
    **dict.fromkeys(("NaN", "reserved values", "truncated", "oversized"), REFUSED),
    "wrong clock": READ,  # a year in the past, where no clock can be read: nobody can tell
    "unset clock": "3 read; unset",
    "silent": "MeterSilent",
    "needs passkey": READ,
    "passkey not typed": UNPAIRED,
    "bonded elsewhere": UNPAIRED,
}
_OWN = {
    **{
        (driver, "wrong clock"): _CORRECTED
        for driver in ("a_and_d", "omron", "accu_chek", "glucose")
    },
    # Without its last byte it is, to the byte, a value that announces no user.
    ("beurer", "truncated"): READ,
}


def expected(driver: str, fault: str) -> str | None:
    """Return what must happen, or None where the fault cannot occur."""
    kind = _CUFF if driver in CUFFS else _RECORDS
    return _OWN.get((driver, fault), kind.get(fault, _ANY.get(fault)))


CELLS = tuple(
    (driver, fault) for driver in DRIVERS for fault in FAULTS if expected(driver, fault) is not None
)


async def run(driver: str, fault: str) -> str:
    """Return how one session of a driver with a pretend meter of its family and a fault ends."""
    frames: list[Frame] = []
    trouble = ""
    async with Air(lambda: NOON) as air:
        air.passkey = None if fault == "passkey not typed" else PASSKEY
        meter = air.family(driver, FAULTS[fault])
        _remember(meter)
        try:
            await _read(air, meter, frames)
        except MeterError as error:
            trouble = type(error).__name__
    return _told(trouble, meters.decode_frames(frames))


def _remember(meter: PretendCuff | PretendGlucoseMeter) -> None:
    for age in reversed(range(RECORDS)):
        at = NOON - (age + 1) * 20 * MINUTE
        if isinstance(meter, PretendCuff):
            meter.remember(142 + age, 88, 72, at=at)
        else:
            meter.remember(f"5.{age}", at=at, meal=1)


async def _read(
    air: Air, meter: PretendCuff | PretendGlucoseMeter, frames: list[Frame]
) -> link.Transfer:
    await meter.switch_on()
    kind = Kind.BLOOD_PRESSURE if isinstance(meter, PretendCuff) else Kind.GLUCOSE
    async with aclosing(link.find(air.radio, {kind}, 20.0)) as heard:
        seen = await anext(heard)
    driver = meters.driver_of(seen)
    assert driver is not None
    return await link.read(
        air.radio,
        seen,
        driver,
        keep=frames.append,
        tell=lambda _event: None,
        clock=air.clock,
        timeouts=PATIENT,
    )


def _told(trouble: str, decoded: meters.Decoded) -> str:
    found = {one.record_key: one for one in decoded.measurements}.values()
    marks = sorted({one.time_quality.value for one in found} - {TimeQuality.OK.value})
    corrected = any(one.clock_ahead is not None for one in found)
    users = {one.user_slot for one in found}
    parts = [trouble] if trouble else []
    parts += [f"{len(found)} read"] if found else []
    parts += [f"{len(decoded.refused)} refused"] if decoded.refused else []
    parts += [f"{mark}, corrected" if corrected else mark for mark in marks]
    parts += ["2 users"] if len(users) > 1 else []
    return "; ".join(parts) or "nothing"
