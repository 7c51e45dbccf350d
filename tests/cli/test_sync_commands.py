"""`carehub sync`: signing in with no secret on the command line, exchanging, saying how it stands."""

import gzip
import json
import threading
import webbrowser
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from carehub.sync import client as sync_client
from carehub.sync.client import Client

URL = "https://platform.example"
COPY = str(uuid4())
TOKENS = {
    "access_token": "a" * 40,
    "refresh_token": "r" * 40,
    "expires_in": 600,
    "account_id": str(uuid4()),
    "session_id": str(uuid4()),
    "server_time": 1_790_000_000_000,
}


class Platform:
    """A platform that has one account, takes every op, and refuses one kind where told to."""

    def __init__(self) -> None:
        self.people: list[str] = []
        self.heard: list[tuple[str, object]] = []
        self.refuse = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        raw = request.content
        if request.headers.get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        form = request.headers.get("content-type", "").endswith("urlencoded")
        body = json.loads(raw) if raw and not form else None
        self.heard.append((request.url.path, body))
        return getattr(self, request.url.path.rpartition("/")[2].replace("-", "_"))(body)

    def sign_in(self, body) -> httpx.Response:
        if body["password"] != "a plain test password":
            return httpx.Response(401, json={"code": "wrong_credentials", "sentence": "no"})
        return httpx.Response(200, json=TOKENS)

    accounts = sign_in

    def pin(self, body) -> httpx.Response:
        if body["pin"] != "402718":
            return httpx.Response(401, json={"code": "wrong_pin", "sentence": "no"})
        return httpx.Response(200, json={**TOKENS, "device_key": "k" * 40})

    def token(self, _body) -> httpx.Response:
        return httpx.Response(200, json=TOKENS)

    def account(self, _body) -> httpx.Response:
        shape = {"account_id": TOKENS["account_id"], "login": "mother", "people": []}
        return httpx.Response(200, json=shape)

    def current(self, _body) -> httpx.Response:
        return httpx.Response(204)

    def people_(self, body) -> httpx.Response:
        self.people.append(body["person_id"])
        return httpx.Response(201, json=body)

    def heads(self, _body) -> httpx.Response:
        heads = [
            {
                "person_id": person, "head": 0, "floor": 0, "epoch": 1, "role": "self",
                "scopes": ["view"],
            }
            for person in self.people
        ]  # fmt: skip
        shape = {"grants_rev": 1, "heads": heads, "server_time": 1_790_000_000_000}
        return httpx.Response(200, json=shape)

    def push(self, body) -> httpx.Response:
        results = [
            {"op_id": op["op_id"], "status": "rejected", "code": "not_allowed"}
            if op["kind"] == self.refuse
            else {"op_id": op["op_id"], "status": "ok", "seq": n, "rev": n}
            for n, op in enumerate(body["ops"], 1)
        ]
        return httpx.Response(200, json={"server_time": 1_790_000_000_000, "results": results})

    def pull(self, _body) -> httpx.Response:
        page = {"changes": [], "next": 0, "head": 0, "epoch": 1, "server_time": 1_790_000_000_000}
        return httpx.Response(200, json=page)

    def mandates(self, _body) -> httpx.Response:
        return httpx.Response(200, json={"mandates": []})

    def copies(self, _body) -> httpx.Response:
        return httpx.Response(202, json=self.copy_row("ready", "/v1/copies/link"))

    def link(self, _body) -> httpx.Response:
        return httpx.Response(200, content=b"PK..")

    def copy_row(self, state: str, link: str = "") -> dict[str, object]:
        return {
            "id": COPY, "person_id": str(uuid4()), "state": state, "done": 1, "of": 1,
            "asked_at": 0, "until_at": 1, "size": 4, "link": link,
        }  # fmt: skip

    def erasures(self, _body) -> httpx.Response:
        usual = {"id": str(uuid4()), "person_id": str(uuid4()), "asked_at": 0, "done_at": 1}
        said = {"zh": "已删除", "en": "Erased"}
        receipt = usual | {
            "asked_by": "self", "erased": {"entity": 3}, "kept": [],
            "audit": {"n": 1, "hash": "0"}, "sentences": said, "hash": "a1",
        }  # fmt: skip
        return httpx.Response(202, json=usual | {"state": "done", "receipt": receipt})

    def digest(self, _body) -> httpx.Response:
        return httpx.Response(200, json={"head": 1, "epoch": 1, "kinds": {}})


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    made = Platform()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE" and request.url.path.endswith(COPY):
            return httpx.Response(200, json=made.copy_row("cancelled"))
        if request.url.path == "/v1/people":
            return made.people_(json.loads(request.content))
        return made.answer(request)

    class Short(Client):
        def __init__(self, url: str) -> None:
            super().__init__(url, httpx.MockTransport(answer))

    monkeypatch.setattr(sync_client, "Client", Short)
    return made


def signed_in(unlocked, *words: str):
    line = (
        "sync",
        "sign-in",
        "--url",
        URL + "/",
        "--login",
        "mother",
        "--password-stdin",
        "--json",
    )
    return unlocked(*line, *words, given="a plain test password\n")


def agreed(unlocked) -> str:
    person = unlocked("people", "add", "--name", "王示例", "--json").json["id"]
    return str(person)


def test_signing_in_takes_the_password_from_standard_input_and_prints_no_token(unlocked, platform):
    made = signed_in(unlocked)
    assert made.json == {"account_id": TOKENS["account_id"], "url": URL}
    assert platform.heard[0][0] == "/v1/sign-in"
    told = unlocked("sync", "status", "--json").json
    assert told["signed_in"]
    assert (told["waiting"], told["refused"], told["last_success_at"]) == (0, [], None)
    assert "a" * 40 not in made.out + json.dumps(told)


def test_registering_makes_the_account_first(unlocked, platform):
    assert signed_in(unlocked, "--register").json["url"] == URL
    assert platform.heard[0][0] == "/v1/accounts"


def test_a_wrong_password_is_said_and_nothing_is_kept(unlocked, platform):
    line = ("sync", "sign-in", "--url", URL, "--login", "mother", "--password-stdin")
    told = unlocked(*line, given="another test password\n")
    assert told.code == 6
    assert told.err.startswith("The name or the password is not right.")
    assert not unlocked("sync", "status", "--json").json["signed_in"]


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.example",
        "http://127.0.0.1.platform.example",
        "ftp://platform.example",
        "https://name:word@platform.example",
        "https://[broken",
        "https://platform.example:0",
        "http:platform.example",
    ],
)
def test_an_address_in_the_open_is_refused(unlocked, platform, url):
    line = ("sync", "sign-in", "--login", "mother", "--password-stdin", "--url", url)
    told = unlocked(*line, given="a plain test password\n")
    assert told.code == 2
    assert "must begin with https://" in told.err
    assert platform.heard == []


def test_this_machine_itself_may_be_spoken_to_in_the_open(unlocked, platform):
    line = ("sync", "sign-in", "--login", "mother", "--password-stdin", "--json")
    made = unlocked(*line, "--url", "http://127.0.0.1:8000", given="a plain test password\n")
    assert made.json["url"] == "http://127.0.0.1:8000"


def test_without_password_stdin_nothing_is_asked(unlocked, platform):
    told = unlocked("sync", "sign-in", "--login", "mother", "--url", URL)
    assert told.code == 2
    assert "--password-stdin" in told.err


def test_the_browser_is_opened_and_what_it_brings_back_signs_in(unlocked, platform, monkeypatch):
    def opened(page):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
        back = f"{asked['redirect_uri']}?code=c&state={asked['state']}"
        threading.Thread(target=httpx.get, args=(back,)).start()

    monkeypatch.setattr(webbrowser, "open", opened)
    made = unlocked("sync", "sign-in", "--browser", "--url", URL, "--json")
    assert made.json == {"account_id": TOKENS["account_id"], "url": URL}
    assert f"Sign in on this page: {URL}/v1/oauth/authorize?" in made.err
    assert [path for path, _body in platform.heard] == ["/v1/oauth/token", "/v1/account"]


def test_a_computer_is_bound_to_a_pin_and_signs_in_with_it(unlocked, platform):
    signed_in(unlocked)
    assert "--pin-stdin" in unlocked("sync", "bind").err
    assert unlocked("sync", "bind", "--pin-stdin", "--json", given="402718\n").json["bound"]
    unlocked("sync", "sign-out")
    wrong = unlocked("sync", "sign-in", "--pin-stdin", given="111111\n")
    assert (wrong.code, "That PIN is not right." in wrong.err) == (2, True)
    assert unlocked("sync", "sign-in", "--pin-stdin", "--json", given="402718\n").json["url"] == URL
    assert unlocked("sync", "status", "--json").json["signed_in"]


def test_never_signed_in(unlocked, platform):
    told = unlocked("sync", "now")
    assert told.code == 6
    assert told.err.startswith("This computer is not signed in")
    assert "never signed in" in unlocked("sync", "status").out


def test_nobody_agreed(unlocked, platform):
    signed_in(unlocked)
    agreed(unlocked)
    told = unlocked("sync", "now")
    assert told.code == 1
    assert told.err.startswith("Nobody here has agreed")


def test_an_exchange_says_what_it_did_and_what_was_refused(unlocked, platform, share):
    signed_in(unlocked)
    person = agreed(unlocked)
    share(person)
    platform.refuse = "reading"
    unlocked("readings", "add", "--systolic", "128", "--diastolic", "82")
    done = unlocked("sync", "now", "--json").json
    assert platform.people == [person]
    assert (done["sent"], done["fetched"], done["waiting"]) == (3, 0, 0)
    assert done["people"] == [{"person_id": person, "role": "self", "paused": ""}]
    (refused,) = done["refused"]
    assert (refused["kind"], refused["state"], refused["code"]) == (
        "reading",
        "rejected",
        "not_allowed",
    )
    said = unlocked("sync", "status").out
    assert "Not sent, please look: reading, because there was no leave to do this" in said
    assert "Last exchange: " in said
    assert "0 changes sent, 0 changes fetched." in unlocked("sync", "now").out


def test_signing_out(unlocked, platform):
    signed_in(unlocked)
    assert unlocked("sync", "sign-out", "--json").json == {"signed_in": False}
    assert platform.heard[-1][0] == "/v1/sessions/current"
    assert unlocked("sync", "now").code == 6
    assert f"Platform: {URL}" in unlocked("sync", "status").out


@pytest.fixture
def share():
    """Let a person agree to share, as the privacy page does."""
    from uuid import UUID

    from carehub import paths
    from carehub.archive import vault
    from carehub.archive.store import Archive
    from carehub.care.consent import Purpose
    from carehub.cli import times
    from carehub.workflows import people

    def agree(person: str) -> None:
        folder = paths.archive()
        keys = vault.unlock_with_passphrase(folder, "correct horse battery")
        archive = Archive.open(folder, keys, times.now())
        people.consent(archive, UUID(person), Purpose.PLATFORM_SYNC, "1", times.now())
        archive.close(times.now())

    return agree


def test_a_copy_of_everything_is_fetched_into_a_file(unlocked, platform, tmp_path):
    person = agreed(unlocked)
    signed_in(unlocked)
    file = tmp_path / "all.zip"
    told = unlocked("sync", "copy", "--to", str(file), "--json")
    assert told.json == {"file": str(file), "person_id": person, "bytes": 4}
    assert file.read_bytes() == b"PK.."
    assert ("/v1/copies/link", None) in platform.heard


def test_an_erasure_needs_a_yes_and_prints_its_receipt(unlocked, platform):
    agreed(unlocked)
    signed_in(unlocked)
    told = unlocked("sync", "erase")
    assert told.code == 2
    assert "--yes" in told.err
    assert not [path for path, _body in platform.heard if path.endswith("/erasures")]
    done = unlocked("sync", "erase", "--yes", "--json")
    assert done.json["hash"] == "a1"
    assert done.json["erased"] == {"entity": 3}
