"""`carehub platform` as a real process: it serves, stops in good order, and proves its chains."""

import argparse
import datetime as dt
import ipaddress
import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from carehub import paths
from carehub.cli import main
from carehub.cli.platform import _settings
from carehub.platform.accounts import secrets
from carehub.platform.accounts import service as accounts
from carehub.platform.admin import _on
from tests.helpers.platforms import PASSWORD


def certificate(folder):
    """Write a certificate for this machine that nobody has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


@contextmanager
def serving(chain, *words):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "carehub", "platform", "serve", "--port", str(port), *words],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    trusting = ssl.create_default_context(cafile=chain)
    try:
        with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trusting) as http:
            for _ in range(300):
                try:
                    http.get("/ready").raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            yield process, http
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.slow
def test_it_serves_with_tls_stops_in_good_order_and_its_chains_hold(capsys, tmp_path):
    chain, key = certificate(tmp_path)
    words = ("--tls-certificate", str(chain), "--tls-key", str(key))
    with serving(chain, *words) as (process, http):
        body = {"login": "anna", "password": PASSWORD, "device": {"id": str(uuid4())}}
        made = http.post("/v1/accounts", json=body)
        assert made.headers["strict-transport-security"]
        tokens = made.json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        person = {"person_id": str(uuid4())}
        assert http.post("/v1/people", json=person, headers=headers).status_code == 201
        with http.stream("GET", "/v1/sync/events", headers=headers) as live:
            lines = live.iter_lines()
            assert next(lines) == "event: head"
            process.send_signal(signal.SIGTERM)
            assert list(lines)  # the stream is ended, not torn
        _, told = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert PASSWORD not in told
    line = next(each for each in told.splitlines() if "/v1/people" in each)
    assert json.loads(line[line.index("{") :])["status"] == 201
    assert (paths.home() / "platform" / "platform.secret").stat().st_mode & 0o777 == 0o600
    assert main(["platform", "audit", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"checked": 1, "broken": []}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["serve", "--tls-cert", "x.pem"], "needs its key"),
        (["serve", "--tls-cert", "no.pem", "--tls-key", "no.pem"], "cannot be used"),
        (["serve", "--host", "0.0.0.0"], "could read"),
        (["serve", "--host", "platform.example"], "could read"),
        (["serve", "--host", "192.0.2.1", "--without-tls", "--port", "1"], "could not start"),
        (["serve", "--database", "mysql://x"], "no database address"),
        (
            ["audit", "check", "--database", "postgresql://carehub@127.0.0.1:1/none"],
            "does not answer",
        ),
        (["guardian", "--person", str(uuid4()), "--mandate", str(uuid4()), "--approve"], "No such"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words, told, capsys):
    assert main(["platform", *words]) != 0
    assert told in capsys.readouterr().err


def test_old_things_are_forgotten_and_a_restore_is_said(capsys):
    assert main(["platform", "tidy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ops": 0, "changes": 0, "accounts": 0}
    assert main(["platform", "restored"]) == 0
    assert "0 people's records begin anew" in capsys.readouterr().out


def test_no_guardian_waits_at_first(capsys):
    assert main(["platform", "guardians", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def add(*words, capsys):
    code = main(["platform", *words, "--json"])
    told = capsys.readouterr()
    return json.loads(told.out) if code == 0 else told.err


def test_clinics_and_their_people_are_added_and_listed(capsys):
    clinic = ["clinic", "add", "--code", "C1", "--name", "示例社区卫生服务中心"]
    assert add(*clinic, "--phone", "400-000-0000", capsys=capsys) == [
        {"code": "C1", "name": "示例社区卫生服务中心", "phone": "400-000-0000"}
    ]
    worker = ["worker", "add", "--code", "W1", "--name", "王示例", "--clinic", "C1"]
    doctor = ["doctor", "add", "--code", "D1", "--name", "李示例", "--clinic", "C1"]
    add(*worker, capsys=capsys)
    (row,) = add(*doctor, "--licence", "L-1", capsys=capsys)
    assert (row["part"], row["clinic_code"], row["licence"]) == ("doctor", "C1", "L-1")
    assert len(add("worker", "list", capsys=capsys)) == 1
    assert "already in use" in add(*clinic, capsys=capsys)
    assert "already in use" in add(*worker, capsys=capsys)


def register(login):
    """Add an account to the database that the command line looks after."""
    settings = _settings(argparse.Namespace(database=None))
    key = secrets.login_hash(settings, secrets.normal_login(login))
    _on(settings, lambda db: db.write(lambda tx: accounts.add(tx, key, login, "x", 1)))


def test_a_worker_is_given_an_account(capsys):
    add("clinic", "add", "--code", "C1", "--name", "示例", capsys=capsys)
    add("worker", "add", "--code", "W1", "--name", "王示例", "--clinic", "C1", capsys=capsys)
    link = ["worker", "link", "--code", "W1", "--login"]
    for login in ("nobody-here", "+99 0"):
        assert "no such account" in add(*link, login, capsys=capsys)
    register("worker-one")
    assert [row["code"] for row in add(*link, "worker-one", capsys=capsys)] == ["W1"]
    unknown = ["worker", "link", "--code", "W9", "--login", "worker-one"]
    assert "no such member" in add(*unknown, capsys=capsys)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["clinic", "add", "--code", "a b", "--name", "x"], "A code has letters"),
        (["clinic", "add", "--code", "C1"], "a name is needed"),
        (["doctor", "add", "--code", "D", "--name", "x", "--clinic", "C"], "has a licence"),
        (["worker", "add", "--code", "W", "--name", "x", "--clinic", "C"], "no such clinic"),
    ],
)
def test_what_the_directory_does_not_take(words, told, capsys):
    assert told in add(*words, capsys=capsys)
