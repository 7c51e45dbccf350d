"""The least a service could do, to compare ours with: FastAPI, an insert, a select, no rule at all."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

Rows = list[tuple[str, str, str]]
_MAKE = (
    "CREATE TABLE IF NOT EXISTS bare"
    " (person_id TEXT, seq BIGINT, id TEXT, body {json}, PRIMARY KEY (person_id, seq))"
)
_PULL = "SELECT seq, id, body FROM bare WHERE person_id = {} AND seq > {} ORDER BY seq LIMIT {}"


def serve(database: str, port: int) -> None:
    """Serve until killed; `database` is a URL as the platform takes it."""
    store = _Lite(database) if database.startswith("sqlite") else _Postgres(database)
    uvicorn.run(_app(store), host="127.0.0.1", port=port, log_config=None, access_log=False)


class _Postgres:
    def __init__(self, url: str) -> None:
        self._url = url.replace("+asyncpg", "")

    async def open(self) -> None:
        import asyncpg  # type: ignore[import-untyped]  # ships no types

        self._pool = await asyncpg.create_pool(self._url, min_size=10, max_size=10)
        await self._pool.execute(_MAKE.format(json="JSONB"))

    async def close(self) -> None:
        await self._pool.close()

    async def insert(self, rows: list[Any]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.executemany("INSERT INTO bare VALUES ($1, $2, $3, $4)", rows)

    async def select(self, person: str, since: int, limit: int) -> list[Any]:
        return [*await self._pool.fetch(_PULL.format("$1", "$2", "$3"), person, since, limit)]


class _Lite:
    def __init__(self, url: str) -> None:
        self._file = url.partition("///")[2]
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        import aiosqlite

        self._line = await aiosqlite.connect(self._file)
        await self._line.execute("PRAGMA journal_mode=WAL")
        await self._line.execute("PRAGMA synchronous=FULL")
        await self._line.execute(_MAKE.format(json="TEXT"))

    async def close(self) -> None:
        await self._line.close()

    async def insert(self, rows: list[Any]) -> None:
        async with self._turn:
            await self._line.executemany("INSERT INTO bare VALUES (?, ?, ?, ?)", rows)
            await self._line.commit()

    async def select(self, person: str, since: int, limit: int) -> list[Any]:
        found = await self._line.execute_fetchall(
            _PULL.format("?", "?", "?"), (person, since, limit)
        )
        return [*found]


def _app(store: _Postgres | _Lite) -> FastAPI:
    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        await store.open()
        yield
        await store.close()

    app = FastAPI(lifespan=life)

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/push")
    async def push(person: str, first: int, ops: list[dict[str, Any]]) -> dict[str, int]:
        rows = [
            (person, first + n, op["entity_id"], json.dumps(op["body"])) for n, op in enumerate(ops)
        ]
        await store.insert(rows)
        return {"kept": len(rows)}

    @app.get("/pull")
    async def pull(person: str, since: int, limit: int) -> list[tuple[int, str, Any]]:
        found = await store.select(person, since, limit)
        return [(row[0], row[1], json.loads(row[2])) for row in found]

    return app
