"""Reading and setting a meter's clock, without a meter."""

from datetime import datetime

from carehub.devices.link import clock
from carehub.devices.meters import CURRENT_TIME, ClockPlace

NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - civil time, as a meter's clock shows it
AT_NOON = bytes.fromhex("EA070101 0C0000 04 00 00")
AT_NINE = bytes.fromhex("EA070101 090000 04 00 00")


class Shelf:
    """A clock on a shelf: what it shows in turn, whether it lets itself be set, what it was told."""

    def __init__(self, *shown: bytes, takes: bool = True) -> None:
        self.shown, self.takes = list(shown), takes
        self.told: list[bytes] = []

    async def read(self) -> bytes:
        return self.shown.pop(0) if self.shown else b""

    async def write(self, data: bytes) -> bool:
        self.told.append(data)
        return self.takes


async def tended(shelf: Shelf, place: ClockPlace = CURRENT_TIME) -> list[bytes]:
    return await clock.tend(place, NOON, shelf.read, shelf.write)


async def test_a_wrong_clock_shows_what_it_showed_and_what_it_shows_now() -> None:
    shelf = Shelf(AT_NINE, AT_NOON)
    assert await tended(shelf) == [AT_NINE, AT_NOON]
    assert shelf.told == [AT_NOON]


async def test_a_clock_that_refuses_is_left_as_it_is() -> None:
    assert await tended(Shelf(AT_NINE, AT_NOON, takes=False)) == [AT_NINE]


async def test_a_clock_that_shows_bytes_which_are_no_time_is_set() -> None:
    shelf = Shelf(b"\x00", AT_NOON)
    assert await tended(shelf) == [b"\x00", AT_NOON]


async def test_a_clock_that_can_only_be_written_shows_nothing() -> None:
    shelf = Shelf()
    assert await tended(shelf, ClockPlace("1810", "2A08", first=True)) == []
    assert shelf.told == [AT_NOON[:7]]


async def test_a_right_clock_is_told_only_where_the_meter_waits_for_it() -> None:
    shelf = Shelf(AT_NOON)
    assert await tended(shelf) == [AT_NOON]
    assert shelf.told == []
    waiting = Shelf(AT_NOON, AT_NOON)
    assert await tended(waiting, ClockPlace("1805", "2A2B", first=True)) == [AT_NOON, AT_NOON]
    assert waiting.told == [AT_NOON]


async def test_a_clock_that_cannot_be_written_is_only_read() -> None:
    assert await clock.tend(CURRENT_TIME, NOON, Shelf(AT_NINE).read, None) == [AT_NINE]
