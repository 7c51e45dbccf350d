"""People and the lines of their health archive, as rows."""

from uuid import UUID

from sqlalchemy import Connection, Table, delete

from carehub.archive import frames, rows, search, tables
from carehub.care.people import (
    Allergy,
    Condition,
    EmergencyContact,
    HistoryLine,
    Medicine,
    Person,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan

Line = Condition | Allergy | Medicine | HistoryLine | EmergencyContact

_TABLES: dict[type[Line], Table] = {
    Condition: tables.condition,
    Allergy: tables.allergy,
    Medicine: tables.medicine,
    HistoryLine: tables.history_line,
    EmergencyContact: tables.emergency_contact,
}


def add(tx: Connection, person: Person) -> bool:
    """Add a person; False where the id is there already."""
    added = rows.add(tx, tables.person, person)
    if added:
        _index_person(tx, person)
    return added


def put(tx: Connection, person: Person) -> None:
    """Add a person, or change the one with this id."""
    rows.put(tx, tables.person, person)
    _index_person(tx, person)


def get(tx: Connection, person_id: UUID) -> Person | None:
    """Return a person, or None."""
    return rows.first(tx, Person, _person().where(tables.person.c.id == person_id))


def everyone(tx: Connection) -> list[Person]:
    """Return all people, in the order in which they were added."""
    return rows.read(tx, Person, _person().order_by(tables.person.c.created_at, tables.person.c.id))


def profile(tx: Connection, person_id: UUID) -> Profile:
    """Return a person with the whole health archive; raises LookupError for an unknown id."""
    person = get(tx, person_id)
    if person is None:
        raise LookupError(f"no person {person_id}")
    return Profile(
        person=person,
        conditions=tuple(_lines(tx, Condition, person_id)),
        allergies=tuple(_lines(tx, Allergy, person_id)),
        medicines=tuple(_lines(tx, Medicine, person_id)),
        history=tuple(_lines(tx, HistoryLine, person_id)),
        contacts=tuple(sorted(_lines(tx, EmergencyContact, person_id), key=lambda c: c.order)),
    )


def put_condition(tx: Connection, condition: Condition, *, said: str = "") -> None:
    """Add or change a condition; `said` are the words its code is shown with, to be found by."""
    _put(tx, condition, condition.name, said)


def put_allergy(tx: Connection, allergy: Allergy) -> None:
    """Add or change an allergy."""
    _put(tx, allergy, allergy.substance, allergy.reaction)


def put_medicine(tx: Connection, medicine: Medicine) -> None:
    """Add or change a medicine."""
    _put(tx, medicine, medicine.name, medicine.dose, medicine.timing)


def put_history(tx: Connection, line: HistoryLine) -> None:
    """Add or change a line of history."""
    _put(tx, line, line.text)


def put_contact(tx: Connection, contact: EmergencyContact) -> None:
    """Add or change an emergency contact."""
    _put(tx, contact, contact.name, contact.relation, contact.phone)


def remove(tx: Connection, line: Line) -> None:
    """Take a line out of the health archive; nothing happens where it is not there."""
    table = _TABLES[type(line)]
    tx.execute(delete(table).where(table.c.id == line.id))
    search.forget(tx, line.id)


def line(tx: Connection, kind: type[rows.V], line_id: UUID) -> rows.V | None:
    """Return one line of the health archive by its kind and id, or None."""
    table = _TABLES[kind]  # type: ignore[index]  # called with the five kinds of line only
    return rows.first(tx, kind, rows.every(kind, table).where(table.c.id == line_id))


def target(tx: Connection, person_id: UUID) -> Target | None:
    """Return a doctor's own limits for the person, or None where none were agreed."""
    wanted = rows.every(Target, tables.target).where(tables.target.c.person_id == person_id)
    return rows.first(tx, Target, wanted)


def put_target(tx: Connection, person_id: UUID, target: Target) -> None:
    """Keep a doctor's own limits for the person."""
    rows.put(tx, tables.target, target, person_id=person_id)


def remove_target(tx: Connection, person_id: UUID) -> None:
    """Go back to the usual limits."""
    tx.execute(delete(tables.target).where(tables.target.c.person_id == person_id))


def glucose_plan(tx: Connection, person_id: UUID) -> GlucosePlan | None:
    """Return what was agreed about the person's glucose, or None where nothing was."""
    table = tables.glucose_plan
    return rows.first(
        tx, GlucosePlan, rows.every(GlucosePlan, table).where(table.c.person_id == person_id)
    )


def put_glucose_plan(tx: Connection, person_id: UUID, plan: GlucosePlan) -> None:
    """Keep what was agreed about the person's glucose."""
    rows.put(tx, tables.glucose_plan, plan, person_id=person_id)


def remove_glucose_plan(tx: Connection, person_id: UUID) -> None:
    """Forget what was agreed about the person's glucose."""
    table = tables.glucose_plan
    tx.execute(delete(table).where(table.c.person_id == person_id))


def erase(tx: Connection, person_id: UUID, *, keep_blocked: bool = False) -> None:
    """Remove a person with everything kept about them, waiting ops and raw frames included.

    `keep_blocked` leaves the ops that were refused for want of a mandate: they are the work of
    whoever sits here, and may still be handed over.
    """
    search.forget_person(tx, person_id)
    frames.erase(tx, person_id)
    for table in reversed(tables.metadata.sorted_tables):
        if table is tables.person or "person_id" not in table.c:
            continue
        gone = delete(table).where(table.c.person_id == person_id)
        if keep_blocked and table is tables.op:
            gone = gone.where(table.c.state != "blocked")
        tx.execute(gone)
    tx.execute(delete(tables.person).where(tables.person.c.id == person_id))


def _person() -> rows.Wanted:
    return rows.every(Person, tables.person)


def _lines(tx: Connection, kind: type[rows.V], person_id: UUID) -> list[rows.V]:
    table = _TABLES[kind]  # type: ignore[index]  # called with the five kinds of line only
    return rows.read(
        tx, kind, rows.every(kind, table).where(table.c.person_id == person_id).order_by(table.c.id)
    )


def _put(tx: Connection, line: Line, *words: str) -> None:
    rows.put(tx, _TABLES[type(line)], line)
    search.keep(tx, line.person_id, type(line).__name__, line.id, *words)


def _index_person(tx: Connection, person: Person) -> None:
    search.keep(tx, person.id, "Person", person.id, person.name, person.called)
