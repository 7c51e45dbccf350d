"""Directory tables of accounts: logins and telephone hashes, tokens, sessions, wrong tries."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Text, Uuid

from carehub.platform.db import table, time

account = table(
    "account",
    "directory",
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False),
    Column("password", Text, nullable=False),
    time("grants_rev"),
    time("created_at"),
    time("closed_at", nullable=True),
)
login = table(
    "login",
    "directory",
    Column("login_hash", LargeBinary(32), primary_key=True),
    Column("account_id", Uuid, nullable=False),
)
wrong_try = table(
    "wrong_try",
    "directory",
    Column("login_hash", LargeBinary(32), primary_key=True),
    Column("tries", Integer, nullable=False),
    time("locked_until"),
    time("at"),
)
session = table(
    "session",
    "directory",
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("device_name", Text, nullable=False),
    Column("kiosk", Boolean(create_constraint=False), nullable=False),
    time("created_at"),
    time("seen_at"),
    time("until_at"),
    time("ended_at", nullable=True),
    Column("ended_because", Text, nullable=False),
    Index("ix_session_account_id", "account_id"),
)
token = table(
    "token",
    "directory",
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("session_id", Uuid, nullable=False),
    time("expires_at"),
    time("replaced_at", nullable=True),
    Index("ix_token_session_id", "session_id"),
    Index("ix_token_expires_at", "expires_at"),
)
account_person = table(
    "account_person",
    "directory",
    Column("account_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("own", Boolean(create_constraint=False), nullable=False),
)
device_code = table(
    "device_code",
    "directory",
    Column("user_hash", LargeBinary(32), primary_key=True),
    Column("device_hash", LargeBinary(32), nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("device_name", Text, nullable=False),
    Column("kiosk", Boolean(create_constraint=False), nullable=False),
    time("asked_at"),
    time("expires_at"),
    time("polled_at"),
    Column("account_id", Uuid),
    Column("refused", Boolean(create_constraint=False), nullable=False),
    time("used_at", nullable=True),
)
auth_code = table(
    "auth_code",
    "directory",
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("device_name", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    time("expires_at"),
    time("used_at", nullable=True),
    Column("session_id", Uuid),
)
device_key = table(
    "device_key",
    "directory",
    Column("key_hash", LargeBinary(32), primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("pin", Text, nullable=False),
    time("bound_at"),
    time("replaced_at", nullable=True),
    time("passed_at", nullable=True),
    time("ended_at", nullable=True),
    Index("ix_device_key_account_id_device_id", "account_id", "device_id"),
)
"""The key of a device bound to a PIN; once its successor was used (`passed_at`), it never is again."""
