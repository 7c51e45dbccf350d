"""The routes of accounts: register, sign in, refresh, sessions."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import pins, proving, secrets, service, sessions
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.refusals import Refused
from carehub.platform.running import Here
from carehub.platform.schema_range import Schema
from carehub.wire.accounts import (
    Account,
    BoundTokens,
    DeviceKey,
    Pin,
    Refresh,
    Register,
    Sessions,
    SignIn,
    SignInWithPin,
    Tokens,
)

router = APIRouter(prefix="/v1", tags=["accounts"], responses=ANSWERS, dependencies=[Schema])


@router.post("/accounts", status_code=201)
async def register(asked: Register, here: Here) -> Tokens:
    """Make an account and sign in on this device."""
    login = secrets.normal_login(asked.login)
    key = secrets.login_hash(here.settings, login)
    password = await here.passwords.hash(asked.password)

    async def work(tx: AsyncConnection) -> Tokens:
        account_id = await service.add(tx, key, secrets.shown_login(login), password, here.clock())
        return await sessions.begin(tx, account_id, asked.device, here.clock())

    return await here.db.write(work, again_on_double=True)


@router.post("/sign-in")
async def sign_in(asked: SignIn, here: Here) -> Tokens:
    """Sign in with a name or telephone number and its password."""
    account_id = await proving.by_password(here, asked.login, asked.password)
    return await here.db.write(
        lambda tx: proving.let_in(tx, account_id, asked.device, "password", here.clock())
    )


@router.post("/sign-in/pin")
async def sign_in_with_pin(asked: SignInWithPin, here: Here) -> BoundTokens:
    """Sign in on a bound device with its key and PIN; the answer has the key for the next time."""
    bound = await here.db.write(
        lambda tx: pins.show(tx, here.settings, asked, here.clock()), again_on_double=True
    )
    if not await here.passwords.right(bound.pin, asked.pin):
        await here.db.write(lambda tx: pins.miss(tx, bound, asked.device.id, here.clock()))
        raise Refused("wrong_pin")
    return await here.db.write(
        lambda tx: pins.enter(tx, here.settings, bound, asked.device, here.clock())
    )


@router.put("/devices/current/pin")
async def bind(asked: Pin, here: Here, who: Signed) -> DeviceKey:
    """Bind this device to a PIN; whoever has the key and the PIN signs in here without the password."""
    pin = await here.passwords.hash(asked.pin)
    return DeviceKey(
        device_key=await here.db.write(lambda tx: pins.bind(tx, who, pin, here.clock()))
    )


@router.delete("/devices/current/pin", status_code=204)
async def unbind(here: Here, who: Signed) -> Response:
    """Let this device take the password only."""
    await here.db.write(lambda tx: pins.unbind(tx, who.account_id, who.device_id, here.clock()))
    return Response(status_code=204)


@router.post("/tokens/refresh")
async def refresh(asked: Refresh, here: Here) -> Tokens:
    """Exchange a refresh token; the same answer again within ten minutes, then reuse signs out."""
    try:
        return await here.db.write(
            lambda tx: sessions.renew(tx, here.settings, asked.refresh_token, here.clock()),
            again_on_double=True,
        )
    except Refused as refused:
        if refused.code == "token_reused":
            await here.db.write(lambda tx: _alarm(tx, asked.refresh_token, here.clock()))
        raise


async def _alarm(tx: AsyncConnection, token: str, now: int) -> None:
    """Tell the people of the account that an old token was used again; its device's PIN ends too."""
    was = await sessions.owner_of(tx, token)
    await pins.unbind(tx, was.account_id, was.device_id, now)
    await service.note_for_own(tx, was.account_id, "token_reused", {}, now)


@router.get("/account")
async def account(here: Here, who: Signed) -> Account:
    """Tell whom the token belongs to."""

    async def work(tx: AsyncConnection) -> Account:
        return Account(
            account_id=who.account_id,
            login=await service.shown(tx, who.account_id),
            people=list(await service.own_people(tx, who.account_id)),
        )

    return await here.db.read(work)


@router.get("/sessions")
async def list_sessions(here: Here, who: Signed) -> Sessions:
    """List where the account is, or was, signed in."""
    return Sessions(sessions=await here.db.read(lambda tx: sessions.of_account(tx, who)))


@router.delete("/sessions/current", status_code=204)
async def sign_out(here: Here, who: Signed) -> Response:
    """Sign this device out."""
    await here.db.write(lambda tx: sessions.end(tx, who.session_id, "signed_out", here.clock()))
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, here: Here, who: Signed) -> Response:
    """Sign another device of this account out; its PIN opens nothing any more either."""

    async def work(tx: AsyncConnection) -> None:
        device_id = await sessions.end_one(tx, who, session_id, here.clock())
        await pins.unbind(tx, who.account_id, device_id, here.clock())

    await here.db.write(work)
    return Response(status_code=204)
