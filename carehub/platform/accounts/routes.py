"""The routes of accounts: register, sign in, refresh, sessions."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.accounts import secrets, service, sessions
from carehub.platform.accounts.signed_in import Signed
from carehub.platform.answers import ANSWERS
from carehub.platform.audit import service as audit
from carehub.platform.refusals import Refused
from carehub.platform.running import Here, Running
from carehub.platform.schema_range import Schema
from carehub.wire.accounts import Account, Refresh, Register, Sessions, SignIn, Tokens

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
    account_id = await _checked(here, asked)

    async def work(tx: AsyncConnection) -> Tokens:
        now = here.clock()
        await service.forgive(tx, secrets.login_hash(here.settings, _login(asked)))
        for person_id in await service.own_people(tx, account_id):
            detail = {"device": str(asked.device.id)}
            await audit.note(tx, person_id, account_id, "signed_in", detail, now=now)
        return await sessions.begin(tx, account_id, asked.device, now)

    return await here.db.write(work)


async def _checked(here: Running, asked: SignIn) -> UUID:
    """Return the account whose password was given; every try is counted before it is looked at."""
    key = secrets.login_hash(here.settings, _login(asked))
    await here.db.write(lambda tx: service.count_try(tx, key, here.clock()), again_on_double=True)
    known = await here.db.read(lambda tx: service.find(tx, key))
    kept = None if known is None else known.password
    if not await here.passwords.right(kept, asked.password) or known is None:
        raise Refused("wrong_credentials")
    return known.account_id


def _login(asked: SignIn) -> str:
    try:
        return secrets.normal_login(asked.login)
    except Refused as refused:
        raise Refused("wrong_credentials") from refused


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
    """Tell the people of the account that an old token was used again."""
    account_id = await sessions.account_of(tx, token)
    for person_id in await service.own_people(tx, account_id):
        await audit.note(tx, person_id, account_id, "token_reused", {}, now=now)


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
    """Sign another device of this account out."""
    await here.db.write(lambda tx: sessions.end_one(tx, who, session_id, here.clock()))
    return Response(status_code=204)
