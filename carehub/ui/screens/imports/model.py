"""What a chosen file holds, what it leaves open, and which imports there were; no Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.readings import Kind, Unit
from carehub.errors import FileUnclear
from carehub.i18n import N_, _, ngettext
from carehub.imports.rows import SAID, Answers, Dates, Entry
from carehub.ui import phrases

if TYPE_CHECKING:
    from carehub.archive.batches import Batch
    from carehub.workflows.importing import Imported, Seen

SHOWN_REFUSALS = 5


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One import that is still in force."""

    id: UUID
    title: str = field(repr=False)
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds, in sentences; `new` is how many readings it would add."""

    title: str
    new: int
    lines: tuple[str, ...] = field(default=(), repr=False)
    rows: tuple[str, ...] = field(default=(), repr=False)
    refused: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What a file leaves open; `choices` are keys with their words."""

    asks: str
    words: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportsView:
    """The page: the imports there were, and what was chosen now."""

    batches: tuple[BatchLine, ...] = ()
    preview: Preview | None = None
    question: Question | None = None


def batches_of(
    found: "Iterable[Batch]", names: Mapping[UUID, str], now: int, zone: int
) -> ImportsView:
    """Return the imports that were not undone, the newest first."""
    lines = tuple(
        BatchLine(batch.id, _title(batch), _note(batch, names, now, zone))
        for batch in found
        if batch.undone_at is None
    )
    return ImportsView(lines)


def _title(batch: "Batch") -> str:
    return batch.name or batch.format


def _note(batch: "Batch", names: Mapping[UUID, str], now: int, zone: int) -> str:
    count = ngettext("{n} reading", "{n} readings", batch.readings).format(n=batch.readings)
    whose = names.get(batch.person_id, _("somebody"))
    return " ・ ".join((whose, count, phrases.when(batch.at, now, zone)))


def preview_of(seen: "Seen", name: str) -> Preview:
    """Return what was seen in a file that is to become `name`'s readings."""
    zone = seen.first[0].zone_offset if seen.first else 480
    counts = _("{new} new, {known} known already, {refused} cannot be used.")
    lines = [
        counts.format(new=seen.new, known=seen.duplicate, refused=len(seen.refused)),
        *_span(seen, zone),
    ]
    if seen.new:
        lines.append(_("They will be {name}'s readings.").format(name=name))
    return Preview(
        title=_("From {program}").format(program=seen.form.title),
        new=seen.new,
        lines=tuple(lines),
        rows=tuple(_row(entry) for entry in seen.first),
        refused=tuple(_refused(seen)),
    )


def _span(seen: "Seen", zone: int) -> list[str]:
    if seen.since is None or seen.until is None:
        return []
    first, last = (
        phrases.day(phrases.local(moment, zone).date(), year=True)
        for moment in (seen.since, seen.until)
    )
    return [_("From {since} to {until}.").format(since=first, until=last)]


def _row(entry: Entry) -> str:
    local = phrases.local(entry.taken_at, entry.zone_offset)
    when = f"{phrases.day(local.date(), year=True)} {phrases.clock(local)}"
    if entry.kind is Kind.GLUCOSE:
        return f"{when}  {entry.text or _plain(entry.v1)} {entry.unit}"
    return f"{when}  {_plain(entry.v1)}/{_plain(entry.v2)} {entry.unit}"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _refused(seen: "Seen") -> list[str]:
    told = []
    for number, (line, why) in enumerate(seen.refused):
        if number == SHOWN_REFUSALS:
            rest = len(seen.refused) - SHOWN_REFUSALS
            told.append(ngettext("and {n} more row", "and {n} more rows", rest).format(n=rest))
            break
        told.append(_("Line {line}: {reason}").format(line=line, reason=_(SAID[why])))
    return told


_ASKED = {
    "dates": N_("Does this file write the day first, or the month?"),
    "glucose_unit": N_("In which unit is the glucose in this file?"),
    "pressure_unit": N_("In which unit is the pressure in this file?"),
    "user": N_("Several people are in this file. Which of them is it?"),
}
_DATES = {Dates.DMY: N_("Day first"), Dates.MDY: N_("Month first")}


def question_of(error: BaseException) -> Question | None:
    """Return what can be asked with a few buttons, or None where a sentence must do."""
    if not isinstance(error, FileUnclear) or error.question not in _ASKED:
        return None
    words = {str(order): _(said) for order, said in _DATES.items()}
    choices = tuple((str(key), words.get(str(key), str(key))) for key in error.choices)
    return Question(error.question, _(_ASKED[error.question]), choices)


def answered(answers: Answers, question: Question, key: str) -> Answers:
    """Return the answers with this one more."""
    if question.asks == "dates":
        return replace(answers, dates=Dates(key))
    if question.asks == "user":
        return replace(answers, user=key)
    return replace(answers, units=answers.units | {Unit(key)})


def stored(done: "Imported") -> str:
    """Return what was stored, in one sentence."""
    text = ngettext("{n} reading was brought in.", "{n} readings were brought in.", done.seen.new)
    return text.format(n=done.seen.new) if done.seen.new else _("There was nothing new to store.")
