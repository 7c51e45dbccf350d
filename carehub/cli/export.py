"""`carehub export`: a copy of everything about one person, as a file or on standard output."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.cli import opening, people, times
from carehub.cli.grammar import Nouns
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.care.record import Record
    from carehub.workflows.export import Form

_STANDARD_OUTPUT = "-"
_FORMS = ("fhir", "csv", "pdf", "zip")
_LONGEST = 80


def register(nouns: Nouns) -> None:
    """Add `export` to the command line."""
    exporting = nouns.command(
        "export", _("copy everything about a person out of the archive"), export, archive=True
    )
    exporting.description = _(
        "Without --fhir, --csv, --pdf or --zip the copy is JSON. It is not encrypted: keep it safe."
    )
    forms = exporting.add_mutually_exclusive_group()
    forms.add_argument("--fhir", action="store_true", help=_("a FHIR R4 Bundle, for other systems"))
    forms.add_argument("--csv", action="store_true", help=_("the readings, for a spreadsheet"))
    forms.add_argument("--pdf", action="store_true", help=_("pages to print"))
    forms.add_argument("--zip", action="store_true", help=_("all of these, and the attachments"))
    forms.add_argument("--log", action="store_true", help=_("list the copies that were made"))
    people.takes_person(exporting)
    exporting.add_argument(
        "--for",
        dest="recipient",
        metavar="WHOM",
        default="",
        help=_("who gets the copy; noted in the archive"),
    )
    exporting.add_argument(
        "--out",
        metavar="FILE",
        default=_STANDARD_OUTPUT,
        help=_("where to write it; - is standard output"),
    )


def export(args: argparse.Namespace) -> int:
    """Write the copy; where it goes into a file, print which file, and what stays here."""
    to_file = args.out != _STANDARD_OUTPUT
    file = checked(Path(args.out)) if to_file else None
    with opening.joined(args) as app:
        from carehub.workflows.export import Form, allow, everything, note

        form = Form(next((name for name in _FORMS if getattr(args, name)), "json"))
        with app.archive.read() as tx:
            person_id = people.meant(tx, args.person).id
        if args.log:
            return _list(args, app.archive, person_id)
        allow(app.archive, person_id)
        record = everything(app.archive, person_id)
        note(app.archive, person_id, form, args.recipient[:_LONGEST], times.now())
        if file is None:
            _pour(app.archive, record, form)
            return 0
        _keep(app.archive, record, form, file)
        left = _pretended(app.archive, person_id)
    _tell(args, form, file, record, left)
    return 0


def _list(args: argparse.Namespace, archive: "Archive", person_id: "UUID") -> int:
    from carehub.workflows.export import noted

    made = noted(archive, person_id)
    lines = [
        "  ".join(
            filter(None, (times.day_and_time(one.at, times.local_offset(one.at)), one.form, one.to))
        )
        for one in made
    ] or [_("No copies were made.")]
    shape = [{"at": one.at, "form": one.form, "for": one.to} for one in made]
    emit(shape, args.json, lines)
    return 0


def checked(file: Path) -> Path:
    """Refuse what a file must not take the place of, before anything is unlocked.

    That is a folder, a device, and a link: /dev/stdout is one, and leads to a file where output is
    redirected; replacing it would break every program of the machine.
    """
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise InputError(_("{file} is not a file. Give the name of a file.").format(file=file))
    if not file.absolute().parent.is_dir():
        raise InputError(_("There is no folder for {file}. Make it first.").format(file=file))
    return file


def _pour(archive: "Archive", record: "Record", form: "Form") -> None:
    from carehub.workflows.export import Form, write

    if form in (Form.ZIP, Form.PDF) and sys.stdout.isatty():
        raise InputError(_("This cannot be shown here. Give a file with --out."))
    sys.stdout.flush()
    write(archive, record, form, sys.stdout.buffer, times.now())
    sys.stdout.buffer.flush()


def _keep(archive: "Archive", record: "Record", form: "Form", file: Path) -> None:
    from carehub.archive import files
    from carehub.workflows.export import write

    with files.replacing(file.absolute()) as out:
        write(archive, record, form, out, times.now())


def _pretended(archive: "Archive", person_id: UUID) -> int:
    """Count the readings of pretend meters that stay behind."""
    from carehub.archive import readings

    with archive.read() as tx:
        return 0 if archive.demo else readings.pretended(tx, person_id)


def _tell(args: argparse.Namespace, form: "Form", file: Path, record: "Record", left: int) -> None:
    shape = {
        "file": str(file),
        "form": form.value,
        "person_id": str(record.profile.person.id),
        "readings": len(record.readings),
        "pretended_left_out": left,
    }
    lines = [_("The copy was written: {file}").format(file=file)]
    lines.append(_("It is not encrypted. Keep it where only you can read it."))
    if left:
        lines.append(_("Readings of pretend meters were left out: {count}").format(count=left))
    emit(shape, args.json, lines)
