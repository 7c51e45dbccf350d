"""Whether a database file is sound: each page's seal, each index, each reference, each table's rows."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from carehub.archive import cipher

SHOWN = 20
CACHE_KIB = 128 * 1024
"""Checking indexes leaps about the file; with the usual cache it takes twice as long."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What an examination found; `faults` are SQLite's and SQLCipher's own words, without values."""

    faults: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Tell whether nothing was found."""
        return not self.faults


def examine(file: Path, key: str) -> Soundness:
    """Examine a database on a connection of its own, for one bad page poisons it (sqlcipher#617).

    Its write-ahead log must have been brought in before: the seals are read from the main file.
    """
    try:
        with closing(cipher.connect(file, key)) as connection:
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            faults = [
                str(row[0]) for row in cipher.answers(connection, "PRAGMA cipher_integrity_check")
            ]
            if faults:
                return Soundness(tuple(faults[:SHOWN]))
            verdicts = cipher.answers(connection, "PRAGMA integrity_check")
            faults = [str(row[0]) for row in verdicts if row[0] != "ok"]
            if cipher.answers(connection, "PRAGMA foreign_key_check"):
                faults.append("references lead nowhere")
            return Soundness(tuple(faults[:SHOWN]), counts(file, key))
    except cipher.DatabaseError as error:
        return Soundness((str(error),))


def counts(file: Path, key: str) -> dict[str, int]:
    """Count the rows of each table of ours."""
    with closing(cipher.connect(file, key)) as connection:
        names = cipher.answers(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            " AND name NOT LIKE 'search_word%'",
        )
        return {
            str(name): int(str(cipher.answers(connection, f'SELECT count(*) FROM "{name}"')[0][0]))  # noqa: S608
            for (name,) in names
        }
