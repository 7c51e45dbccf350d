"""Asking the platform: one method for each route, and every answer that is no answer as its error.

The only module that knows httpx. A request carries an access token and never lives in a log line.
"""

import gzip
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

import httpx

from carehub.care.record import Attachment
from carehub.errors import (
    PlatformBusy,
    PlatformRefused,
    PlatformUnreachable,
    PlatformUntrusted,
    SchemaTooOld,
    SignedOut,
    SignInRefused,
    SyncError,
)
from carehub.i18n import _
from carehub.wire.accounts import (
    DEVICE_GRANT,
    Account,
    AnswerDevice,
    AskedDevice,
    BoundTokens,
    DeviceAsk,
    DeviceCodes,
    DeviceKey,
    NewPerson,
    Pin,
    Refresh,
    Register,
    SignIn,
    SignInWithPin,
    Tokens,
    UserCode,
)
from carehub.wire.attachments import PIECE_TYPE, TUS, metadata_text
from carehub.wire.authorization import CLIENT_ID, CODE_GRANT
from carehub.wire.exchange import (
    SCHEMA,
    SCHEMA_HEADER,
    Digest,
    ErrorAnswer,
    HeadMoved,
    Heads,
    Pull,
    PushAnswer,
    PushRequest,
    Snapshot,
)
from carehub.wire.family import (
    Accept,
    Asked,
    AskFor,
    Confirm,
    Invitation,
    Invite,
    Looks,
    MandateRow,
    Mandates,
    TakeBack,
)

Transport = httpx.AsyncBaseTransport
"""The seam: the network, or an application in this process."""

TIMEOUT_SECONDS = 30.0
QUIET_SECONDS = 75.0
"""An event stream that says nothing for so long is dead."""


class _Shape(Protocol):
    def model_dump_json(self) -> str: ...

    @classmethod
    def model_validate_json(cls, json_data: bytes) -> "_Shape": ...


Answer = TypeVar("Answer", bound=_Shape)


class Client:
    """A platform at one address; make one per process, building it takes half a second."""

    def __init__(self, url: str, transport: Transport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            timeout=TIMEOUT_SECONDS,
            headers={SCHEMA_HEADER: SCHEMA, "User-Agent": "CareHub"},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def register(self, asked: Register) -> Tokens:
        """Make an account and sign in."""
        return await self._ask(Tokens, "POST", "/v1/accounts", body=asked)

    async def sign_in(self, asked: SignIn) -> Tokens:
        """Sign in with a name and a password."""
        return await self._ask(Tokens, "POST", "/v1/sign-in", body=asked)

    async def sign_in_with_pin(self, asked: SignInWithPin) -> BoundTokens:
        """Sign in on a bound device with its key and PIN."""
        return await self._ask(BoundTokens, "POST", "/v1/sign-in/pin", body=asked)

    async def bind(self, access: str, asked: Pin) -> DeviceKey:
        """Bind this device to a PIN; the answer is the key that goes with it."""
        return await self._ask(DeviceKey, "PUT", "/v1/devices/current/pin", access, body=asked)

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Exchange what a browser brought back for tokens."""
        form = {
            "grant_type": CODE_GRANT,
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
            "client_id": CLIENT_ID,
        }
        return await self._ask(Tokens, "POST", "/v1/oauth/token", body=form)

    async def account(self, access: str) -> Account:
        """Ask whom the tokens belong to."""
        return await self._ask(Account, "GET", "/v1/account", access)

    async def refresh(self, asked: Refresh) -> Tokens:
        """Exchange a refresh token for its successor."""
        return await self._ask(Tokens, "POST", "/v1/tokens/refresh", body=asked)

    async def ask_code(self, asked: DeviceAsk) -> DeviceCodes:
        """Ask for a code that lets this machine in once a signed-in one says yes to it."""
        return await self._ask(DeviceCodes, "POST", "/v1/oauth/device", body=asked)

    async def poll_code(self, device_code: str) -> Tokens:
        """Ask whether the code was answered; PlatformRefused with RFC 8628's words until it was."""
        form = {"grant_type": DEVICE_GRANT, "device_code": device_code}
        return await self._ask(Tokens, "POST", "/v1/oauth/token", body=form)

    async def look_code(self, access: str, user_code: str) -> AskedDevice:
        """Ask which machine shows this code."""
        asked = UserCode(user_code=user_code)
        return await self._ask(AskedDevice, "POST", "/v1/oauth/device/look", access, body=asked)

    async def answer_code(self, access: str, user_code: str, *, yes: bool) -> AskedDevice:
        """Let the machine that shows this code in, or not."""
        asked = AnswerDevice(user_code=user_code, yes=yes)
        return await self._ask(AskedDevice, "POST", "/v1/oauth/device/answer", access, body=asked)

    async def sign_out(self, access: str) -> None:
        """End the session of this device."""
        await self._send("DELETE", "/v1/sessions/current", access)

    async def open_person(self, access: str, person_id: UUID) -> None:
        """Open the stream of a person whose records are the account's own; again is harmless."""
        await self._ask(
            NewPerson, "POST", "/v1/people", access, body=NewPerson(person_id=person_id)
        )

    async def take_back(self, access: str, person_id: UUID, row: TakeBack) -> None:
        """Tell that a person took a consent back; again is harmless."""
        path = f"/v1/people/{person_id}/consents/withdraw"
        await self._send("POST", path, access, body=row)

    async def push(self, access: str, parcel: PushRequest) -> PushAnswer:
        """Send ops; the answer has one result for each."""
        return await self._ask(PushAnswer, "POST", "/v1/sync/push", access, body=parcel)

    async def heads(self, access: str) -> Heads:
        """Ask where every stream stands."""
        return await self._ask(Heads, "GET", "/v1/sync/heads", access)

    async def pull(
        self, access: str, person_id: UUID, since: int, epoch: int | None, limit: int
    ) -> Pull:
        """Ask for a page of changes; PlatformRefused("resync") where the cursor leads nowhere."""
        asked = {"person": str(person_id), "since": str(since), "limit": str(limit)}
        if epoch is not None:
            asked["epoch"] = str(epoch)
        return await self._ask(Pull, "GET", "/v1/sync/pull", access, params=asked)

    async def snapshot(
        self, access: str, person_id: UUID, after: str | None, limit: int
    ) -> Snapshot:
        """Ask for a page of a person's entities as they stand."""
        asked = {"person": str(person_id), "limit": str(limit)}
        if after is not None:
            asked["after"] = after
        return await self._ask(Snapshot, "GET", "/v1/sync/snapshot", access, params=asked)

    async def digest(self, access: str, person_id: UUID) -> Digest:
        """Ask what a person's stream adds up to."""
        asked = {"person": str(person_id)}
        return await self._ask(Digest, "GET", "/v1/sync/digest", access, params=asked)

    async def invite(self, access: str, person_id: UUID, asked: Invite) -> Invitation:
        """Ask for a code that lets somebody ask for a mandate."""
        path = f"/v1/people/{person_id}/invitations"
        return await self._ask(Invitation, "POST", path, access, body=asked)

    async def accept(self, access: str, asked: Accept) -> MandateRow:
        """Answer an invitation; the person still has to say yes."""
        return await self._ask(MandateRow, "POST", "/v1/mandates/accept", access, body=asked)

    async def ask_for(self, access: str, asked: AskFor) -> Asked:
        """Ask for somebody's mandate by their login; the answer never tells whether it exists."""
        return await self._ask(Asked, "POST", "/v1/mandates/ask", access, body=asked)

    async def mandates(self, access: str) -> Mandates:
        """Ask which mandates this account holds or asked for."""
        return await self._ask(Mandates, "GET", "/v1/mandates", access)

    async def mandates_of(self, access: str, person_id: UUID) -> Mandates:
        """Ask which mandates there are for one of this account's own people."""
        return await self._ask(Mandates, "GET", f"/v1/people/{person_id}/mandates", access)

    async def confirm(
        self, access: str, person_id: UUID, mandate_id: UUID, asked: Confirm
    ) -> MandateRow:
        """Say yes to a mandate."""
        path = f"/v1/people/{person_id}/mandates/{mandate_id}/confirm"
        return await self._ask(MandateRow, "POST", path, access, body=asked)

    async def decline(self, access: str, person_id: UUID, mandate_id: UUID) -> MandateRow:
        """Say no to a mandate."""
        path = f"/v1/people/{person_id}/mandates/{mandate_id}/decline"
        return await self._ask(MandateRow, "POST", path, access)

    async def revoke(self, access: str, person_id: UUID, mandate_id: UUID) -> MandateRow:
        """Take a mandate back, or give one's own up."""
        path = f"/v1/people/{person_id}/mandates/{mandate_id}"
        return await self._ask(MandateRow, "DELETE", path, access)

    async def looks(self, access: str, person_id: UUID) -> Looks:
        """Ask who looked at the records of one of this account's own people."""
        return await self._ask(Looks, "GET", f"/v1/people/{person_id}/looks", access)

    async def begin_upload(self, access: str, attachment: Attachment) -> int:
        """Begin an upload, or find the one that was begun; return how many bytes the platform has."""
        said = {
            "id": str(attachment.id),
            "sha256": attachment.sha256,
            "media_type": attachment.media_type,
        }
        headers = {"Upload-Length": str(attachment.size), "Upload-Metadata": metadata_text(said)}
        path = f"/v1/people/{attachment.person_id}/uploads"
        return _offset(await self._carry("POST", path, access, headers))

    async def send_piece(
        self, access: str, attachment: Attachment, at: int, piece: bytes, checksum: str
    ) -> int:
        """Send a piece of a file; return how many bytes the platform has now."""
        headers = {
            "Upload-Offset": str(at),
            "Upload-Checksum": checksum,
            "Content-Type": PIECE_TYPE,
        }
        path = f"/v1/people/{attachment.person_id}/uploads/{attachment.id}"
        return _offset(await self._carry("PATCH", path, access, headers, piece))

    async def fetch_file(self, access: str, attachment: Attachment, start: int, stop: int) -> bytes:
        """Return the bytes of a file from `start` to before `stop`."""
        path = f"/v1/people/{attachment.person_id}/attachments/{attachment.id}"
        headers = {"Range": f"bytes={start}-{stop - 1}"}
        response = await self._carry("GET", path, access, headers)
        whole = response.status_code == httpx.codes.OK
        content = response.content[start:stop] if whole else response.content
        if len(content) != stop - start:
            raise PlatformUnreachable
        return content

    async def fetch_copy(self, link: str) -> bytes:
        """Return the ZIP behind the link of a copy of everything; the link is leave enough."""
        return (await self._carry("GET", link, "", {})).content

    async def _carry(
        self, method: str, path: str, access: str, headers: dict[str, str], content: bytes = b""
    ) -> httpx.Response:
        """Ask something of a file, whose bytes are no JSON."""
        headers = _bearer(access) | {"Tus-Resumable": TUS} | headers
        try:
            response = await self._http.request(method, path, content=content, headers=headers)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _no_platform(error) from error
        if response.is_success:
            return response
        raise _refusal(response)

    async def events(self, access: str) -> AsyncIterator[HeadMoved]:
        """Give each stream's move as it happens, until the connection ends."""
        from httpx_sse import SSEError, aconnect_sse

        try:
            async with aconnect_sse(
                self._http,
                "GET",
                "/v1/sync/events",
                headers=_bearer(access),
                timeout=httpx.Timeout(TIMEOUT_SECONDS, read=QUIET_SECONDS),
            ) as source:
                if source.response.is_error:
                    await source.response.aread()
                    raise _refusal(source.response)
                async for event in source.aiter_sse():
                    if event.event in ("head", "grants"):
                        yield HeadMoved.model_validate_json(event.data)
        except (httpx.TransportError, SSEError, ValueError) as error:
            raise _no_platform(error) from error

    async def ask(
        self, kind: type[Answer], method: str, path: str, access: str, body: _Shape | None = None
    ) -> Answer:
        """Ask one of the routes that stand in a module of their own (`telling`)."""
        return await self._ask(kind, method, path, access, body=body)

    async def _ask(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        access: str = "",
        *,
        params: Mapping[str, str] | None = None,
        body: _Shape | Mapping[str, str] | None = None,
    ) -> Answer:
        response = await self._send(method, path, access, params=params, body=body)
        try:
            answer = kind.model_validate_json(response.content)
        except ValueError as error:
            # Something answers in the platform's place: a hotel's sign-in page, a proxy.
            raise PlatformUnreachable from error
        assert isinstance(answer, kind)
        return answer

    async def _send(
        self,
        method: str,
        path: str,
        access: str = "",
        *,
        params: Mapping[str, str] | None = None,
        body: _Shape | Mapping[str, str] | None = None,
    ) -> httpx.Response:
        headers = _bearer(access)
        content = form = None
        if isinstance(body, Mapping):
            form = body
        elif body is not None:
            headers |= {"Content-Type": "application/json"}
            content = body.model_dump_json().encode()
            if path.endswith("/push"):
                headers |= {"Content-Encoding": "gzip"}
                content = gzip.compress(content, mtime=0)
        try:
            response = await self._http.request(
                method, path, params=params, content=content, data=form, headers=headers
            )
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _no_platform(error) from error
        if response.is_success:
            return response
        raise _refusal(response)


def _offset(response: httpx.Response) -> int:
    told = response.headers.get("Upload-Offset", "")
    if not told.isdecimal():
        raise PlatformUnreachable
    return int(told)


def _bearer(access: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"} if access else {}


def _no_platform(error: BaseException) -> PlatformUnreachable:
    """Return why nobody answered: a certificate that proves nothing is not a line that is cut."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PlatformUntrusted()
        cause = cause.__cause__ or cause.__context__
    return PlatformUnreachable()


def _refusal(response: httpx.Response) -> SyncError:
    """Return the error that a refusing answer stands for."""
    status = response.status_code
    try:
        told = ErrorAnswer.model_validate_json(response.content)
    except ValueError:
        told = ErrorAnswer(code=f"http_{status}", sentence="")
    if status == httpx.codes.UNAUTHORIZED:
        return (SignInRefused if told.code == "wrong_credentials" else SignedOut)(told.code)
    if status == httpx.codes.UPGRADE_REQUIRED:
        return SchemaTooOld()
    if status in (httpx.codes.INSUFFICIENT_STORAGE, httpx.codes.NOT_IMPLEMENTED):
        return PlatformRefused(told.code, _(told.sentence) if told.sentence else "")
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        after = response.headers.get("Retry-After", "")
        return PlatformBusy(int(after) if after.isdecimal() else None)
    if response.is_redirect:
        return PlatformUnreachable()
    return PlatformRefused(told.code, _(told.sentence) if told.sentence else "")
