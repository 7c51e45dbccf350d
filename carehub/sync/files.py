"""The files of attachments on their way: piece by piece, resumed, each proved by its hash.

A file goes before the entity that tells of it, so nobody hears of what is not there. What goes wrong
with one file holds up no other and no reading; it is tried again at a later exchange.
"""

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import UUID

from carehub import log
from carehub.archive import attachments, outbox, streams, uploads
from carehub.archive.sealed import CHUNK
from carehub.archive.store import Tx
from carehub.archive.uploads import Upload
from carehub.care.changes import Changes
from carehub.care.civil import DAY
from carehub.care.record import Attachment
from carehub.errors import (
    ArchiveDamaged,
    PlatformBusy,
    PlatformRefused,
    PlatformUnreachable,
)
from carehub.sync import exchange
from carehub.wire.attachments import MOST_FILE, PIECE, checksum_text
from carehub.wire.exchange import Act, EntityKind, Op
from carehub.wire.values import body_of

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

Result = TypeVar("Result")
ASKED_AGAIN = frozenset({"offset", "checksum"})
"""Refusals after which the platform says how far it is, and the file goes on from there."""
TRIES = 3
FOR_LONG = frozenset(
    {"file_too_large", "media_type", "quota", "malformed", "upload_taken", "no_files", "damaged"}
)
"""What will not be otherwise in a minute: tried again after a day."""


class Ask(Protocol):
    """Asks the platform with an access token."""

    def __call__(
        self, work: Callable[[str], Coroutine[object, object, Result]]
    ) -> Awaitable[Result]:
        """Return what the platform answers."""


@dataclass(frozen=True, slots=True)
class Around:
    """What carrying takes from the exchange: how to ask, its clock (UTC ms), waits, ids, and points."""

    ask: Ask
    now: Callable[[], int]
    wait: Callable[[int], int]
    new_id: Callable[[], UUID]
    reach: Callable[[str], None]


class _Over(Exception):
    """The person took the agreement back, or is gone: nothing more of them leaves or comes."""


class Files:
    """Carries the files of one archive to and from one platform."""

    def __init__(self, archive: "Archive", client: "Client", around: Around) -> None:
        self._archive = archive
        self._client = client
        self._around = around
        self.sent = 0
        self.changes = Changes.NONE

    async def carry(self) -> None:
        """Send what is only here and fetch what is only there; a line that breaks ends it for now."""
        with self._archive.read() as tx:
            leaving, coming = self._leaving(tx), self._coming(tx)
        ways = [(each, self._send) for each in leaving] + [(each, self._fetch) for each in coming]
        for attachment, way in ways:
            try:
                await way(attachment)
            except _Over:
                continue
            except PlatformRefused as error:
                self._postpone(attachment, str(error.parameters["reason"]))
            except ArchiveDamaged:
                self._postpone(attachment, "damaged")
            except (PlatformUnreachable, PlatformBusy) as error:
                self._postpone(attachment, error.code)
                log.sync.info("files did not come through: %s", error.code)
                return

    def _leaving(self, tx: Tx) -> list[Attachment]:
        people = [p for p in exchange.concerned(tx) if _may_send(tx, p)]
        resting = uploads.resting(tx, self._around.now())
        found = attachments.waiting(tx, people, here=True)
        return [each for each in found if each.id not in resting]

    def _coming(self, tx: Tx) -> list[Attachment]:
        people = [stream.person_id for stream in exchange.readable(tx)]
        resting = uploads.resting(tx, self._around.now())
        found = attachments.waiting(tx, people, here=False)
        return [each for each in found if each.id not in resting]

    async def _send(self, attachment: Attachment) -> None:
        content = attachments.read(self._archive, attachment.id)
        for last in (*[False] * (TRIES - 1), True):
            try:
                await self._send_from(attachment, content)
            except PlatformRefused as error:
                if last or error.parameters["reason"] not in ASKED_AGAIN:
                    raise
            else:
                return

    async def _send_from(self, attachment: Attachment, content: bytes) -> None:
        """Ask where the platform stands and send from there; consent is asked before every piece."""
        self._may_still(attachment, _may_send)
        at = await self._around.ask(partial(self._client.begin_upload, attachment=attachment))
        self._around.reach("file.begun")
        while at < len(content):
            self._may_still(attachment, _may_send)
            piece = content[at : at + PIECE]
            checksum = checksum_text(hashlib.sha256(piece).digest())
            send = partial(
                self._client.send_piece,
                attachment=attachment,
                at=at,
                piece=piece,
                checksum=checksum,
            )
            at = await self._around.ask(send)
            self._around.reach("file.piece")
            with self._archive.write() as tx:
                known = uploads.get(tx, attachment.id, attachment.person_id)
                uploads.put(tx, replace(known, sent=at))
        self._sent_whole(attachment)

    def _sent_whole(self, attachment: Attachment) -> None:
        """Note that the platform has the file, and queue the entity that tells of it, at once."""
        person_id = attachment.person_id
        with self._archive.write() as tx:
            if attachments.get(tx, attachment.id) is None:
                raise _Over
            uploads.done(tx, attachment.id, person_id, attachment.size)
            if not _told(tx, attachment):
                outbox.add(tx, self._op(attachment))
        self.sent += 1

    def _op(self, attachment: Attachment) -> Op:
        return Op(
            op_id=self._around.new_id(),
            person_id=attachment.person_id,
            kind=EntityKind.ATTACHMENT,
            entity_id=attachment.id,
            act=Act.ADD,
            at=self._around.now(),
            body=body_of(attachment),
        )

    async def _fetch(self, attachment: Attachment) -> None:
        if attachment.size > MOST_FILE:
            self._postpone(attachment, "file_too_large")
            return
        pieces = attachments.parts(self._archive, attachment)
        for number in range(len(pieces), -(-attachment.size // CHUNK)):
            self._may_still(attachment, _may_fetch)
            start = number * CHUNK
            stop = min(start + CHUNK, attachment.size)
            fetch = partial(self._client.fetch_file, attachment=attachment, start=start, stop=stop)
            pieces.append(await self._around.ask(fetch))
            self._around.reach("file.fetched")
            self._may_still(attachment, _may_fetch)
            if attachment.size > CHUNK:
                attachments.keep_part(self._archive, attachment.id, number, pieces[-1])
        self._fetched_whole(attachment, b"".join(pieces))

    def _fetched_whole(self, attachment: Attachment, content: bytes) -> None:
        try:
            attachments.complete(self._archive, attachment, content)
        except ArchiveDamaged:
            self._postpone(attachment, "checksum")
        else:
            with self._archive.write() as tx:
                uploads.done(tx, attachment.id, attachment.person_id, attachment.size)
            self.changes |= Changes.PEOPLE
        attachments.drop_parts(self._archive, attachment.id)

    def _may_still(self, attachment: Attachment, may: Callable[[Tx, UUID], bool]) -> None:
        with self._archive.read() as tx:
            known = attachments.get(tx, attachment.id) is not None
            if not known or not may(tx, attachment.person_id):
                raise _Over

    def _postpone(self, attachment: Attachment, code: str) -> None:
        with self._archive.write() as tx:
            if attachments.get(tx, attachment.id) is None:
                return
            known: Upload = uploads.get(tx, attachment.id, attachment.person_id)
            pause = DAY if code in FOR_LONG else self._around.wait(known.attempts + 1)
            uploads.postpone(tx, known, code, self._around.now() + pause)


def _may_send(tx: Tx, person_id: UUID) -> bool:
    """Tell whether a byte about a person may leave now: agreed to, open, and within the mandate."""
    stream = streams.get(tx, person_id)
    may = streams.may(tx, person_id, EntityKind.ATTACHMENT)
    return stream is not None and not stream.paused and may and exchange.agreed(tx, person_id)


def _may_fetch(tx: Tx, person_id: UUID) -> bool:
    stream = streams.get(tx, person_id)
    return stream is not None and exchange.may_read(tx, stream)


def _told(tx: Tx, attachment: Attachment) -> bool:
    """Tell whether the platform has heard of an attachment, or is about to."""
    person_id, kind = attachment.person_id, EntityKind.ATTACHMENT
    stream = streams.get(tx, person_id)
    cursor = stream.cursor if stream else 0
    heard = streams.entity(tx, person_id, kind, attachment.id)
    waiting = outbox.laid_over(tx, person_id, kind, attachment.id, cursor)
    return bool(waiting) or (heard is not None and not heard.deleted)
