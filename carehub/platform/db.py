"""The database: one engine, and the two ways to use it (read, write), the same on both stores."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from sqlalchemy import JSON, BigInteger, Column, Connection, MetaData, Table, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from carehub.platform.refusals import Refused

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]
Distribution = Literal["person", "reference", "directory"]

TRIES = 8
RETRIED = frozenset({"40001", "40P01"})
"""SQLSTATE of serialization failure and deadlock: the same work is right when run again."""
DOUBLED = "23505"
"""SQLSTATE of a unique violation."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "temp_store=MEMORY")
WRITING = "carehub_writing"

# At DEBUG this library writes every parameter of every statement: health values in a log.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

Json = JSON().with_variant(JSONB, "postgresql")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, distribution: Distribution, *columns: Column[object] | object) -> Table:
    """Describe a table and how its rows may be spread over machines (a test holds the rules)."""
    return Table(name, metadata, *columns, info={"distribution": distribution})  # type: ignore[arg-type]  # columns and indexes share no public type


def time(name: str, *, nullable: bool = False) -> Column[int]:
    """Describe a column of UTC milliseconds, or of another large number."""
    return Column(name, BigInteger, nullable=nullable)


class Database:
    """The engine of one store; `read` and `write` run work in one transaction each."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=0, pool_timeout=30, hide_parameters=True
        )
        # SQLite lets one write at a time; waiting here is fair, waiting in its file lock is not.
        self._turn = asyncio.Lock() if self.sqlite else None
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare)
            event.listen(self.engine.sync_engine, "begin", _begin)

    async def read(self, work: Work[T]) -> T:
        """Run reading work in one transaction, so that all it sees is of one moment."""
        async with self.engine.connect() as connection:
            if not self.sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                return await work(connection)

    async def write(self, work: Work[T], *, again_on_double: bool = False) -> T:
        """Run work in one transaction; run it again where another one crossed it.

        `again_on_double` counts a unique violation as such a crossing: two authors added the same
        row, and the second looks again. A Refused with `keep` commits what was written before it.
        """
        for last in (*[False] * (TRIES - 1), True):
            try:
                return await self._once(work)
            except DBAPIError as error:
                if last or not _crossed(error, again_on_double):
                    raise
            await asyncio.sleep(0)
        raise AssertionError

    async def _once(self, work: Work[T]) -> T:
        if self._turn is None:
            return await self._commit(work)
        async with self._turn:
            return await self._commit(work)

    async def _commit(self, work: Work[T]) -> T:
        async with self.engine.connect() as connection:
            await connection.execution_options(**{WRITING: True})
            async with connection.begin() as transaction:
                try:
                    return await work(connection)
                except Refused as refused:
                    if refused.keep:
                        await transaction.commit()
                    raise

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def crossed(error: DBAPIError) -> bool:
    """Tell whether another transaction was in the way, so that the same work may be right later."""
    return _state(error) in RETRIED


def doubled(error: DBAPIError) -> bool:
    """Tell whether a unique rule refused the row."""
    return _state(error) == DOUBLED


def _crossed(error: DBAPIError, again_on_double: bool) -> bool:
    return crossed(error) or (again_on_double and doubled(error))


def _state(error: DBAPIError) -> str:
    """Return the SQLSTATE; SQLite's own codes are given the matching one."""
    origin: object = error.orig
    code = getattr(origin, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return DOUBLED
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT):
        return "40001"
    return str(getattr(origin, "sqlstate", "") or "")


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or the driver begins and commits behind our back
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
