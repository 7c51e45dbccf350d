"""`carehub import`: look at a file of another program, store what is new in it, take it out again."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.readings import Unit
from carehub.cli import opening, people, saying, shapes, times
from carehub.cli.grammar import Nouns, Parser
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _, ngettext
from carehub.imports.rows import Answers, Dates, Entry

if TYPE_CHECKING:
    from carehub.archive.batches import Batch
    from carehub.archive.store import Archive
    from carehub.imports.sources import Source
    from carehub.workflows.importing import Imported, Seen

UNDO = "undo"
_LISTED = 10


def register(nouns: Nouns) -> None:
    """Add `import` to the command line."""
    parser = nouns.command(
        "import", _("let in the readings that another program kept"), run, archive=True
    )
    parser.description = _(
        "Without --yes nothing is stored: what the file holds is shown. Which program wrote it is seen "
        "by its content. `carehub import undo` lists the imports, `carehub import undo BATCH` takes "
        "the readings of one out again."
    )
    parser.add_argument("file", metavar="FILE", help=_("the file, or the word undo"))
    parser.add_argument("batch", metavar="BATCH", nargs="?", help=_("which import to undo"))
    parser.add_argument("--yes", action="store_true", help=_("store what is new"))
    parser.add_argument(
        "--dry-run", action="store_true", help=_("only look; this needs no archive")
    )
    people.takes_person(parser)
    _takes_answers(parser)


def _takes_answers(parser: Parser) -> None:
    parser.add_argument(
        "--dates",
        choices=[order.value for order in Dates],
        help=_("in which order the file writes day, month and year"),
    )
    parser.add_argument(
        "--unit",
        action="append",
        default=[],
        choices=[unit.value for unit in (Unit.MMOL_L, Unit.MG_DL, Unit.MMHG, Unit.KPA)],
        help=_("which unit the file uses, where it does not say so"),
    )
    parser.add_argument("--user", help=_("which user of the other program this person is"))
    parser.add_argument(
        "--zone",
        metavar="+HH:MM",
        help=_("where the times were written, as an offset from UTC"),
    )
    parser.add_argument(
        "--columns",
        metavar="OURS=THEIRS,…",
        help=_("what the columns of a table are, like moment=When,systolic=High,diastolic=Low"),
    )


def run(args: argparse.Namespace) -> int:
    """Look, store or undo, as asked."""
    if args.yes and args.dry_run:
        raise InputError(_("--yes stores and --dry-run does not. Choose one."))
    if args.file == UNDO:
        return _undo(args) if args.batch else _list(args)
    if args.batch is not None:
        raise InputError(_("One file at a time. See: carehub import --help"))
    source = _file(args.file)
    return _store(args, source) if args.yes else _look(args, source)


def _file(name: str) -> "Source":
    from carehub.imports.sources import Source

    path = Path(name)
    if not path.exists():
        raise InputError(_("There is no file {file}. Check its name.").format(file=name))
    if not path.is_file():
        raise InputError(_("{file} is not a file. Give the name of a file.").format(file=name))
    return Source.of_file(path)


def _answers(args: argparse.Namespace, zone_offset: int = 480) -> Answers:
    return Answers(
        dates=None if args.dates is None else Dates(args.dates),
        units=frozenset(map(Unit, args.unit)),
        user=args.user,
        zone_offset=zone_offset if args.zone is None else times.read_zone(args.zone),
        columns=_columns(args.columns),
    )


def _columns(told: str | None) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in (told or "").split(",") if part.strip()]
    if any(not ours or not theirs for ours, _sign, theirs in pairs):
        raise InputError(_("Write the columns like moment=When,systolic=High,diastolic=Low."))
    return tuple((ours.strip(), theirs.strip()) for ours, _sign, theirs in pairs)


def _look(args: argparse.Namespace, source: "Source") -> int:
    """Show what a file holds; the archive is asked only where it is opened."""
    from carehub.workflows import importing

    if not (args.passphrase_stdin or args.recovery_code_stdin or args.person):
        seen = importing.preview(source, _answers(args), times.now(), tell=_progress())
        return _tell(args, seen)
    with opening.opened(args) as archive:
        with archive.read() as tx:
            person = people.meant(tx, args.person)
        seen = importing.preview(
            source,
            _answers(args, person.zone_offset),
            times.now(),
            archive=archive,
            person_id=person.id,
            tell=_progress(),
        )
    return _tell(args, seen)


def _store(args: argparse.Namespace, source: "Source") -> int:
    with opening.joined(args) as app:
        done = _restored(args, app.archive, source) or _taken(args, app.archive, source)
    shape: shapes.Shape = {
        "batch": None if done.batch_id is None else str(done.batch_id),
        "person_id": str(done.person_id),
    }
    return _tell(args, done.seen, shape, _stored_lines(done))


def _restored(args: argparse.Namespace, archive: "Archive", source: "Source") -> "Imported | None":
    """Bring back a whole record of ours, where it is to be the record of the same person."""
    from carehub.workflows import restoring

    person = restoring.whose(source)
    if person is None or args.person not in (None, str(person.id), person.name):
        return None
    return restoring.restore(archive, source, times.now())


def _taken(args: argparse.Namespace, archive: "Archive", source: "Source") -> "Imported":
    from carehub.workflows import importing

    with archive.read() as tx:
        person = people.meant(tx, args.person)
    return importing.take(
        archive,
        source,
        _answers(args, person.zone_offset),
        person_id=person.id,
        now=times.now(),
        tell=_progress(),
    )


def _progress() -> "_Progress | None":
    return _Progress() if sys.stderr.isatty() else None


class _Progress:
    """Shows on a terminal how far a long file has been read."""

    def __call__(self, rows: int) -> bool:
        """Write the number over the last one; Ctrl-C is the way to stop."""
        print(_("{count} rows …").format(count=rows), end="\r", file=sys.stderr, flush=True)
        return True


def _tell(
    args: argparse.Namespace,
    seen: "Seen",
    more: shapes.Shape | None = None,
    lines: Iterator[str] | None = None,
) -> int:
    if args.json:
        _print_json(seen, more or {"batch": None, "person_id": None})
        return 0
    emit(None, False, _seen_lines(seen))
    emit(None, False, lines or [_("Nothing was stored. Add --yes to store what is new.")])
    return 0


def _print_json(seen: "Seen", more: shapes.Shape) -> None:
    """Print one JSON value piece by piece: a file may have millions of refused rows."""
    head = {
        "format": seen.form.name,
        "rows_read": seen.read,
        "rows_new": seen.new,
        "rows_duplicate": seen.duplicate,
        "kinds": {str(kind): count for kind, count in sorted(seen.kinds.items())},
        "since": times.written_or_none(seen.since, _zone(seen)),
        "until": times.written_or_none(seen.until, _zone(seen)),
        "dates": None if seen.settled.dates is None else seen.settled.dates.value,
        "users": sorted(seen.users),
        "first": [_shape(entry) for entry in seen.first],
        **more,
    }
    print(json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1], end="")
    print(', "rows_refused": [', end="")
    for number, (line, why) in enumerate(seen.refused):
        item = json.dumps({"line": line, "reason": why.value})
        print((", " if number else "") + item, end="")
    print("]}")


def _zone(seen: "Seen") -> int:
    return seen.first[0].zone_offset if seen.first else 480


def _shape(entry: Entry) -> shapes.Shape:
    values = (entry.v1, entry.v2, entry.v3)
    return {
        "kind": str(entry.kind),
        "taken_at": times.written(entry.taken_at, entry.zone_offset),
        "values": [None if value is None else format(value, "f") for value in values],
        "text": entry.text,
        "unit": str(entry.unit),
    }


def _seen_lines(seen: "Seen") -> Iterator[str]:
    from carehub.workflows.importing import said

    yield _("This is a file of {program}.").format(program=seen.form.title)
    yield _("{read} rows: {new} new, {known} known already, {refused} refused.").format(
        read=seen.read, new=seen.new, known=seen.duplicate, refused=len(seen.refused)
    )
    if seen.since is not None and seen.until is not None:
        zone = _zone(seen)
        yield _("From {since} to {until}.").format(
            since=times.day_and_time(seen.since, zone), until=times.day_and_time(seen.until, zone)
        )
    for number, (line, why) in enumerate(seen.refused):
        if number == _LISTED:
            rest = len(seen.refused) - _LISTED
            yield ngettext("and {n} more row", "and {n} more rows", rest).format(n=rest)
            break
        yield _("Line {line}: {reason}").format(line=line, reason=said(why))


def _stored_lines(done: "Imported") -> Iterator[str]:
    if done.batch_id is None:
        yield _("There was nothing new to store.")
        return
    yield _("Stored. To take it out again: carehub import undo {batch}").format(batch=done.batch_id)
    yield from (saying.alert(alert, 480) for alert in done.alerts)


def _undo(args: argparse.Namespace) -> int:
    from carehub.workflows import importing

    try:
        batch_id = UUID(args.batch.strip())
    except ValueError:
        raise InputError(_("There is no such import to undo. See: carehub import undo")) from None
    with opening.joined(args) as app:
        undone = importing.undo(app.archive, batch_id, times.now())
    count = undone.removed
    text = ngettext("{n} reading was taken out again.", "{n} readings were taken out again.", count)
    emit({"batch": str(batch_id), "removed": count}, args.json, [text.format(n=count)])
    return 0


def _list(args: argparse.Namespace) -> int:
    from carehub.archive import batches

    with opening.opened(args) as archive, archive.read() as tx:
        found = batches.everyone(tx)
    lines = [
        f"{batch.id}  {times.day_and_time(batch.at, 480)}  {batch.format}  {batch.readings}"
        for batch in found
        if batch.undone_at is None
    ]
    emit(
        {"batches": [_batch_shape(batch) for batch in found]},
        args.json,
        lines or [_("Nothing was imported yet.")],
    )
    return 0


def _batch_shape(batch: "Batch") -> shapes.Shape:
    return {
        "batch": str(batch.id),
        "person_id": str(batch.person_id),
        "format": batch.format,
        "at": times.written(batch.at, 480),
        "readings": batch.readings,
        "undone_at": times.written_or_none(batch.undone_at, 480),
    }
