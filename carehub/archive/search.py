"""Search over Chinese and Latin words in the archive: people, their health archive, notes.

SQLite's own tokenizers take a run of Chinese for one word, and its trigrams find no word of two
characters. So each run is written as overlapping pairs before it reaches FTS5, and so is the question.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from carehub.archive import tables

_entry = tables.search_entry
_CHINESE = r"\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"([{_CHINESE}]+)|([^\W_{_CHINESE}]+)")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the words were found: `kind` is the name of the class in `care`."""

    kind: str
    entity_id: UUID
    person_id: UUID | None


def keep(tx: Connection, person_id: UUID | None, kind: str, entity_id: UUID, *words: str) -> None:
    """Let an entity be found by these words, instead of by those it was found by before."""
    forget(tx, entity_id)
    text = written(" ".join(words))
    if not text:
        return
    row = insert(_entry).values(person_id=person_id, kind=kind, entity_id=entity_id)
    number = tx.execute(row.returning(_entry.c.id)).scalar_one()
    tx.exec_driver_sql("INSERT INTO search_word(rowid, words) VALUES (?, ?)", (number, text))


def forget(tx: Connection, entity_id: UUID) -> None:
    """Let an entity be found no more."""
    _forget(tx, tx.execute(select(_entry.c.id).where(_entry.c.entity_id == entity_id)).scalars())


def forget_person(tx: Connection, person_id: UUID) -> None:
    """Let nothing of a person be found any more."""
    _forget(tx, tx.execute(select(_entry.c.id).where(_entry.c.person_id == person_id)).scalars())


def find(tx: Connection, text: str, person_id: UUID | None = None, limit: int = 50) -> list[Hit]:
    """Return what holds all words of `text`, of one person or of everyone, the best first."""
    question = _question(text)
    if not question:
        return []
    found = tx.exec_driver_sql(
        "SELECT entry.kind, entry.entity_id, entry.person_id FROM search_word"
        " JOIN search_entry AS entry ON entry.id = search_word.rowid"
        " WHERE search_word MATCH ? AND (? IS NULL OR entry.person_id = ?)"
        " ORDER BY search_word.rank, entry.id LIMIT ?",
        (question, *[person_id.bytes if person_id else None] * 2, limit),
    )
    return [
        Hit(kind, UUID(bytes=entity), UUID(bytes=person) if person else None)
        for kind, entity, person in found
    ]


def written(text: str) -> str:
    """Write a text for the index: pairs of Chinese characters, words of other scripts."""
    return " ".join(_tokens(text))


def _forget(tx: Connection, numbers: Iterator[int]) -> None:
    for number in list(numbers):
        tx.exec_driver_sql("DELETE FROM search_word WHERE rowid = ?", (number,))
        tx.execute(delete(_entry).where(_entry.c.id == number))


def _runs(text: str) -> Iterator[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for match in _RUNS.finditer(plain):
        yield match.group(1) or "", match.group(2) or ""


def _tokens(text: str) -> Iterator[str]:
    for chinese, latin in _runs(text):
        if chinese:
            yield from _pairs(chinese)
            yield chinese[-1]
        else:
            yield latin


def _pairs(run: str) -> Iterator[str]:
    for i in range(len(run) - 1):
        yield run[i : i + 2]


def _question(text: str) -> str:
    """Write the question for FTS5: pairs of a run side by side, Latin words by their beginning."""
    parts = []
    for chinese, latin in _runs(text):
        if len(chinese) == 1:
            parts.append(f'"{chinese}"*')
        elif chinese:
            parts.append('"' + " ".join(_pairs(chinese)) + '"')
        else:
            parts.append(f'"{latin}"*')
    return " AND ".join(parts)
