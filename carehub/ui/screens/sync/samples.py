"""The pages of sharing as they are drawn for pictures and tests."""

from uuid import UUID

from carehub.archive.conflicts import Conflict
from carehub.archive.outbox import OpState, Refusal
from carehub.ui.screens.sample import NOW, PERSON, Sample
from carehub.ui.screens.sync.model import HERE, LookView, SyncView, look_of, view_of
from carehub.wire.exchange import Act, Op
from carehub.workflows.sync import Standing

URL = "https://platform.example"
LINK = "carehub:device?user_code=BCDF-GHJK"
DAY = 86_400_000


def _view(standing: Standing, *, agreed: bool = True) -> SyncView:
    name = PERSON.greeting_name
    return view_of(standing, agreed=agreed, name=name, now=NOW, zone=HERE)


def new() -> SyncView:
    """Return the page before anything was agreed."""
    return _view(Standing(signed_in=False), agreed=False)


def on() -> SyncView:
    """Return the page where all is well."""
    return _view(Standing(True, URL, "138****0000", NOW - 180_000))


def troubled() -> SyncView:
    """Return the page with everything that can be on it."""
    return _view(
        Standing(
            True,
            URL,
            "138****0000",
            NOW - 9 * DAY,
            trouble="platform_untrusted",
            waiting=128,
            refused=(_refusal(1, "reading", "grant_revoked"),),
        )
    )


def off() -> SyncView:
    """Return the page after sharing was switched off."""
    return _view(Standing(True, URL, "138****0000", NOW - DAY, held=2), agreed=False)


def _refusal(number: int, kind: str, code: str) -> Refusal:
    op = Op(
        op_id=UUID(int=number),
        person_id=PERSON.id,
        kind=kind,
        entity_id=UUID(int=100 + number),
        act=Act.ADD,
        at=NOW,
    )
    return Refusal(op, OpState.REJECTED, code, 1, NOW)


def look() -> LookView:
    """Return a difference and two refusals."""
    conflict = Conflict(
        UUID(int=1),
        PERSON.id,
        "medicine",
        UUID(int=2),
        "dose",
        "5 mg",
        "10 mg",
        UUID(int=3),
        UUID(int=4),
        NOW,
        needs_confirmation=True,
    )
    refused = (
        _refusal(1, "reading", "grant_revoked"),
        _refusal(2, "reading", "grant_revoked"),
        _refusal(3, "attachment", "too_large"),
    )
    return look_of(refused, (conflict,), {PERSON.id: PERSON.greeting_name})


SAMPLES = (
    Sample("sync", "new", new),
    Sample("sync", "on", on),
    Sample("sync", "troubled", troubled),
    Sample("sync", "off", off),
    Sample("sync.agree", "text"),
    Sample("sync.sign_in", "empty"),
    Sample("sync.sign_in", "again", what={"url": URL, "login": "13800000000"}),
    Sample("sync.code", "fetching", what={"url": URL}),
    Sample("sync.code", "shown", what={"code": "BCDF-GHJK", "link": LINK}),
    Sample("sync.let_in", "code"),
    Sample("sync.let_in", "question", what={"name": "客厅的电脑"}),
    Sample("sync.look", "several", look),
    Sample("sync.look", "nothing", LookView),
    Sample("sync.out", "asked"),
)
