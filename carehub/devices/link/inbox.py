"""What a meter sends during a session: kept the moment it arrives, awaited by the session.

`value` runs inside the radio's notification callback. It keeps the bytes before anything else, so
that the confirmation an indication gets (after the callback, where the stack lets us decide) means
"this is safe". Where keeping fails it raises: the meter is left unconfirmed, and the session ends.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4, uuid5

from carehub import log
from carehub.care.meters import Frame
from carehub.devices.gatt import racp
from carehub.devices.link.terms import Clock, CuffPressure, FrameKept, Keep, Tell
from carehub.devices.meters import Driver
from carehub.errors import LinkLost, MalformedFrame

_HALF = 0x8000
_WRAP = 0x10000


class Inbox:
    """The frames and answers of one session; `meter_id` is set before the first value can come."""

    def __init__(self, driver: Driver, keep: Keep, tell: Tell, clock: Clock) -> None:
        self.driver = driver
        self.meter_id = ""
        self.simulated = False
        self.frames: list[Frame] = []
        self.values = 0
        self.numbers: list[int] = []
        self._seen: set[int] = set()
        self._keep, self._tell, self._clock = keep, tell, clock
        self._answers: list[racp.Command] = []
        self._transfer = uuid4()
        self._live_kept = False
        self._failure: BaseException | None = None
        self._down = False
        self._news = asyncio.Event()

    # Called by the radio -------------------------------------------------------------------

    def link_up(self) -> None:
        """Begin a link; answers of an earlier one no longer count."""
        self._down = False
        self._answers.clear()

    def link_down(self) -> None:
        """Note that the meter ended the link, or that it was lost."""
        self._down = True
        self._news.set()

    def hearing(self, characteristic: str) -> Callable[[object, bytearray], None]:
        """Return the callback for a characteristic's values."""
        policy = self.driver.policy
        if characteristic == policy.control:
            return lambda _sender, data: self._answer(bytes(data))
        if characteristic == policy.live:
            return lambda _sender, data: self._live(bytes(data))
        return lambda _sender, data: self.value(characteristic, bytes(data))

    def value(self, characteristic: str, data: bytes) -> None:
        """Keep a value, then tell of it; what `keep` raises goes on, so that it stays unconfirmed."""
        with self._watched():
            self._tell(FrameKept(self.frame(characteristic, data)))
            self.values += characteristic == self.driver.policy.values[0]
            number = self.driver.sequence(data)
            if number is not None and characteristic == self.driver.policy.values[0]:
                self._count(number)

    def frame(self, characteristic: str, data: bytes) -> Frame:
        """Keep bytes as a frame of this transfer; raises what `keep` raises."""
        frame = Frame(
            id=uuid5(self._transfer, str(len(self.frames))),
            meter_id=self.meter_id,
            driver=self.driver.name,
            characteristic=characteristic,
            data=data,
            received_at=self._clock(),
            transfer_id=self._transfer,
            simulated=self.simulated,
        )
        self._keep(frame)
        self.frames.append(frame)
        return frame

    def _live(self, data: bytes) -> None:
        with self._watched():
            if not self._live_kept:
                # The first live value proves, also after a crash, that what follows is of now.
                self.frame(self.driver.policy.live, data)
                self._live_kept = True
            pressure = self.driver.live(data)
            if pressure is not None:
                self._tell(CuffPressure(*pressure))

    def _answer(self, data: bytes) -> None:
        try:
            self._answers.append(racp.decode(data))
        except MalformedFrame:
            log.meters.warning("an answer of the control point broke the profile; it is ignored")
        self._news.set()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        done = False
        try:
            yield
            done = True
        except Exception as error:
            self._failure = error
            raise
        finally:
            if done or self._failure is not None:
                self._news.set()

    # Asked by the session ------------------------------------------------------------------

    async def news(self, seconds: float) -> bool:
        """Wait until something came and return True, or return False after so much silence.

        Raises what `keep` raised, and LinkLost once the link is down and nothing is left to look at.
        """
        self.check()
        if self._down and not self._news.is_set():
            raise LinkLost
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        self.check()
        return True

    def check(self) -> None:
        """Raise what went wrong while a value was kept."""
        if self._failure is not None:
            raise self._failure

    def answer_to(self, request: racp.Request) -> racp.CountResponse | racp.Response | None:
        """Return the answer to this request; answers to anything else are dropped."""
        answers, self._answers = self._answers, []
        for answer in answers:
            if isinstance(answer, racp.CountResponse):
                if request.op_code == racp.OpCode.COUNT_RECORDS:
                    return answer
            elif isinstance(answer, racp.Response) and answer.answers(request):
                return answer
        return None

    # Record numbers ------------------------------------------------------------------------

    def _count(self, number: int) -> None:
        if number not in self._seen:
            self._seen.add(number)
            self.numbers.append(number)

    @property
    def received(self) -> int:
        """Return how many different records came; where they have no numbers, how many values."""
        return len(self._seen) or self.values

    def newest(self) -> int | None:
        """Return the newest record number if they came oldest first, else None.

        One number alone shows no order. Numbers wrap after 65535, so "newer" is counted round the
        circle.
        """
        pairs = zip(self.numbers, self.numbers[1:], strict=False)
        rising = all(0 < (later - earlier) % _WRAP < _HALF for earlier, later in pairs)
        return self.numbers[-1] if len(self.numbers) > 1 and rising else None
