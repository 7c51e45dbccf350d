"""Between a value of `care` and its row: columns and fields have the same names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Select, Table, select
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.exc import StatementError

from carehub.errors import InputError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Wanted = Select[*tuple[object, ...]]
V = TypeVar("V", bound="DataclassInstance")


def values_of(value: "DataclassInstance") -> dict[str, object]:
    """Return the fields of a value by name."""
    return {name: getattr(value, name) for name in _names(type(value))}


@cache
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def add(tx: Connection, table: Table, value: "DataclassInstance", **more: object) -> bool:
    """Insert a value; False where its id is there already."""
    return _run(tx, _adding(table), values_of(value) | more) == 1


def add_all(tx: Connection, table: Table, many: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows of the same columns straight through the driver, in half of the time."""
    if not many:
        return
    statement, writes = _straight(table, tuple(many[0]))
    tx.exec_driver_sql(
        statement,
        [
            tuple(
                value if write is None or value is None else write(value)
                for value, write in zip(row.values(), writes, strict=True)
            )
            for row in many
        ],
    )


@cache
def _straight(
    table: Table, names: tuple[str, ...]
) -> tuple[str, tuple[Callable[[object], object] | None, ...]]:
    """Return the statement, and what each column writes its values by."""
    columns = [table.c[name] for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    writes = tuple(getattr(column.type, "write", None) for column in columns)
    return f"INSERT INTO {table.name} ({listed}) VALUES ({marks})", writes  # noqa: S608 - our names


def put(tx: Connection, table: Table, value: "DataclassInstance", **more: object) -> None:
    """Insert a value, or change the row that has its id."""
    columns = values_of(value) | more
    _run(tx, _putting(table, frozenset(columns)), columns)


# Statements are made once: building one takes longer than SQLite needs to run it.
@cache
def _adding(table: Table) -> Insert:
    return insert(table).on_conflict_do_nothing()


@cache
def _putting(table: Table, columns: frozenset[str]) -> Insert:
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in sorted(columns) if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _run(tx: Connection, statement: Insert, columns: dict[str, object]) -> int:
    """Execute, and let a value that a column refuses raise its own error, not SQLAlchemy's."""
    try:
        return tx.execute(statement, columns).rowcount
    except StatementError as error:
        if isinstance(error.orig, InputError):
            raise error.orig from None
        raise


def every(kind: type[V], table: Table) -> Wanted:
    """Select the columns of `table` that make a value of `kind`."""
    return select(*(table.c[field.name] for field in fields(kind)))


def read(tx: Connection, kind: type[V], statement: Wanted) -> list[V]:
    """Return the values of a statement made by `every`."""
    rows: Sequence[Sequence[object]] = tx.execute(statement).all()
    return [kind(*row) for row in rows]


def first(tx: Connection, kind: type[V], statement: Wanted) -> V | None:
    """Return the first value of a statement made by `every`, or None."""
    found = read(tx, kind, statement.limit(1))
    return found[0] if found else None
