"""Makes the ASGI application: the routes of every area, one shape of refusal, one way to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from carehub import __version__
from carehub.platform import migrate, tidying
from carehub.platform.accounts import browser_routes as browser
from carehub.platform.accounts import device_routes as devices
from carehub.platform.accounts import routes as accounts
from carehub.platform.accounts.secrets import Passwords
from carehub.platform.alerts import routes as alerts
from carehub.platform.alerts import runner
from carehub.platform.answers import answer, refusal
from carehub.platform.attachments import routes as attachments
from carehub.platform.attachments import service as attachment_files
from carehub.platform.attachments.shelf import Shelf
from carehub.platform.audit import routes as audit
from carehub.platform.consents import routes as consents
from carehub.platform.db import Database
from carehub.platform.family import clinic_routes as clinic
from carehub.platform.family import routes as family
from carehub.platform.fhir import routes as fhir
from carehub.platform.outside import Outside
from carehub.platform.packed import Packed
from carehub.platform.records import routes as records
from carehub.platform.refusals import Refused
from carehub.platform.rights import routes as rights
from carehub.platform.running import Clock, Here, Running
from carehub.platform.settings import Settings
from carehub.wire.exchange import ErrorAnswer, PushRequest

AREAS = (
    accounts, browser, devices, records, attachments, family, clinic, consents, alerts, audit, fhir,
    rights,
)  # fmt: skip
_BY_STATUS = {404: "not_found", 405: "wrong_method", 413: "too_large"}


def make(
    settings: Settings,
    clock: Clock,
    *,
    passwords: Passwords | None = None,
    faults: frozenset[str] = frozenset(),
) -> FastAPI:
    """Return the application; the database is brought up to date when it starts."""
    here = Running(
        settings=settings,
        db=Database(settings.database, settings.pool_size),
        clock=clock,
        passwords=passwords or Passwords(settings.hashing_threads),
        shelf=Shelf(settings.uploads),
        faults=faults,
    )
    app = FastAPI(
        title="CareHub",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.running = here
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(InterfaceError, _busy)
    app.add_exception_handler(PoolTimeout, _busy)
    app.add_api_route("/health", health, tags=["service"])
    app.add_api_route("/ready", ready, tags=["service"], responses={503: {"model": ErrorAnswer}})
    for area in AREAS:
        app.include_router(area.router)
    _describe_push(app)
    app.add_middleware(Packed)
    app.add_middleware(Outside, here=here)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    here: Running = app.state.running
    await migrate.to_head(here.db)
    await here.db.write(lambda tx: attachment_files.expire(tx, here.shelf, here.clock()))
    stepping = None
    if here.settings.look_every:
        stepping = asyncio.create_task(runner.keep_going(here))
    forgetting = asyncio.create_task(tidying.every_day(here))
    await rights.resume(here)
    yield
    here.bell.close()
    await here.jobs.close()
    forgetting.cancel()
    await asyncio.gather(forgetting, return_exceptions=True)
    if stepping is not None:
        stepping.cancel()
        await asyncio.gather(stepping, return_exceptions=True)
    await here.db.close()


async def health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


async def ready(here: Here) -> dict[str, str]:
    """Tell that the database answers as well, and is of this version."""
    await here.db.read(lambda tx: tx.execute(text("SELECT 1 FROM person_stream LIMIT 1")))
    return {"status": "ready"}


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refusal(error, request.url.path)


async def _malformed(request: Request, _error: Exception) -> Response:
    return answer("malformed", path=request.url.path)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "malformed")
    return answer(code, dict(error.headers or {}), request.url.path)


async def _busy(request: Request, _error: Exception) -> Response:
    return answer("busy", {"Retry-After": "5"}, request.url.path)


def _describe_push(app: FastAPI) -> None:
    """Put the shape of a push into the OpenAPI page; the route reads the bytes itself."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        page = plain()
        shape = PushRequest.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = shape.pop("$defs", {})
        page["components"]["schemas"].update({**parts, "PushRequest": shape})
        return page

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it
