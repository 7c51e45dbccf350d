"""Alerts as rows: the same id on each machine, changed as they go from raised to over."""

from uuid import UUID

from sqlalchemy import Connection

from carehub.archive import rows, tables
from carehub.care.alerts.model import OPEN_STATES, Alert

_row = tables.alert


def put(tx: Connection, alert: Alert) -> None:
    """Add an alert, or change the one with this id."""
    rows.put(tx, _row, alert)


def get(tx: Connection, alert_id: UUID) -> Alert | None:
    """Return an alert, or None."""
    return rows.first(tx, Alert, _every().where(_row.c.id == alert_id))


def open(tx: Connection, person_id: UUID) -> list[Alert]:  # noqa: A001 - the word of the clinic
    """Return a person's alerts that somebody still has to look at, oldest first."""
    wanted = _every().where(_row.c.person_id == person_id, _row.c.state.in_(sorted(OPEN_STATES)))
    return rows.read(tx, Alert, wanted.order_by(_row.c.raised_at, _row.c.id))


def between(tx: Connection, person_id: UUID, since: int, until: int) -> list[Alert]:
    """Return a person's alerts with since <= raised_at < until, oldest first."""
    wanted = _every().where(
        _row.c.person_id == person_id, _row.c.raised_at >= since, _row.c.raised_at < until
    )
    return rows.read(tx, Alert, wanted.order_by(_row.c.raised_at, _row.c.id))


def _every() -> rows.Wanted:
    return rows.every(Alert, _row)
