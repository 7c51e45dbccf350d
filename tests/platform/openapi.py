"""Asking a service everything its own description allows, and more: no 500, nothing undescribed.

python -m tests.platform.openapi [examples for each route]     # long; the tests run a short one
"""

import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from carehub.platform import app as platform_app
from carehub.platform.settings import Settings
from tests.helpers.platforms import PASSWORD, Clock, fast_passwords, op

schemathesis.serializer.alias(["application/offset+octet-stream"], "application/octet-stream")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDLESS = {"/v1/sync/events"}
"""Live streams, which tests of their own listen to."""
LEAVING = {"/v1/sessions/current", "/v1/sessions/{session_id}"}
"""Whoever asks these is signed out; they come last."""


class Asking:
    """A service in this process, and a device of somebody whose ids are put into every second case."""

    def __init__(self, app: Any, client: Any) -> None:
        self.app, self.client = app, client
        self.cases = itertools.count(1)
        device = {"id": str(uuid4())}
        asked = {"login": f"x{uuid4().hex[:12]}", "password": PASSWORD, "device": device}
        self.tokens = self._post("/v1/accounts", asked)
        person = {"person_id": str(uuid4())}
        self._post("/v1/people", person)
        parcel = {"device_id": device["id"], "client_time": 0, "ops": [op(person["person_id"])]}
        self._post("/v1/sync/push", parcel)
        path = f"/v1/people/{person['person_id']}"
        given = {"id": str(uuid4()), "purpose": "archive", "text_version": "1", "granted_at": 1}
        self._post(path + "/consents", given)
        self.ids = {
            "person": person["person_id"],
            "patient": person["person_id"],
            "person_id": person["person_id"],
            "consent_id": given["id"],
        }

    def _post(self, path: str, body: Any) -> Any:
        token = getattr(self, "tokens", {}).get("access_token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def operations(self) -> Iterator[Any]:
        """Give each described operation, those that sign out last."""
        described = schemathesis.openapi.from_dict(self.app.openapi())
        found = [each.ok() for each in described.get_all_operations() if isinstance(each, Ok)]
        assert len(found) == sum(len(each) for each in self.app.openapi()["paths"].values())
        found.sort(key=lambda each: (each.path in LEAVING, each.path, each.method))
        return (each for each in found if each.path not in ENDLESS)

    def ask(self, operation: Any, examples: int) -> None:
        """Ask one route `examples` times; raises what a check found."""

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def ask(case: Any) -> None:
            self._known(case)
            headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
            sent = case.call(session=self.client, base_url="http://testserver", headers=headers)
            case.validate_response(sent, checks=CHECKS)

        ask()

    def _known(self, case: Any) -> None:
        if next(self.cases) % 2:
            return
        for place in (case.path_parameters, case.query):
            for name in set(place or {}) & self.ids.keys():
                place[name] = self.ids[name]


@contextmanager
def asking(folder: str) -> Iterator[Asking]:
    """Run a service on a SQLite file in the folder, and give the way to ask it."""
    often = {"sign_ins_per_minute": 10**9, "requests_per_minute": 10**9}
    config = Settings(f"sqlite+aiosqlite:///{folder}/openapi.db", b"s" * 32, **often)
    app = platform_app.make(config, Clock(), passwords=fast_passwords())
    try:
        with asgi.get_client(app) as client:
            yield Asking(app, client)
    finally:
        asgi.shutdown_lifespans()


def main(words: list[str]) -> int:
    """Ask every route as often as the first word says, and tell how many questions that made."""
    examples = int(words[0]) if words else 200
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, asking(folder) as ask:
        for operation in ask.operations():
            try:
                ask.ask(operation, examples)
            except Exception as error:  # noqa: BLE001 - a round shows all there is to mend
                wrong += 1
                print(f"{operation.method.upper()} {operation.path}: {error}", flush=True)
        print(f"{next(ask.cases) - 1} questions, {wrong} routes with a mistake")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
