"""`carehub alerts replay`: a file of readings through the rules in time order, without an archive."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from carehub.cli import opening, shapes, times
from carehub.cli.grammar import Noun
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _

if TYPE_CHECKING:
    from carehub.care.replay import ReplayedAlert

ZONE = 480
"""Where a time without an offset is meant: as in `care.rows`."""


def register(alerts: Noun) -> None:
    """Add `replay` to `alerts`."""
    parser = alerts.verb("replay", _("run a file of readings through the rules"), replay)
    parser.description = _(
        "FILE is a CSV of taken_at,systolic,diastolic,pulse or of taken_at,glucose_mmol,context; "
        "- reads standard input. No archive is needed and nothing is kept."
    )
    parser.add_argument("file", metavar="FILE", help=_("the CSV file"))
    parser.add_argument(
        "--profile",
        metavar="P",
        default="default",
        help=_("who it is: a JSON file, JSON, or short like age=72,hypertension,insulin"),
    )


def replay(args: argparse.Namespace) -> int:
    """Print each alert as it would have been raised, told again and cleared."""
    from carehub.care.civil import local_date
    from carehub.care.profiles import parse_profile
    from carehub.care.replay import replay as run
    from carehub.care.rows import readings_of
    from carehub.workflows.rulebook import rulebook

    told, text = _profile(args.profile), _text_of(args.file)
    readings = readings_of(text, parse_profile(told, rulebook()))
    ended = max((reading.taken_at for reading in readings), default=times.now())
    # An age is the age at the end of the file, whenever it is replayed.
    described = parse_profile(told, rulebook(), local_date(ended, ZONE))
    zone_offset = readings[-1].zone_offset if readings else ZONE
    found = run(readings_of(text, described), described.profile, described.plan)
    emit(
        {"alerts": [_shape(alert, zone_offset) for alert in found]},
        args.json,
        [_line(alert, zone_offset) for alert in found] or [_("No alert would have been raised.")],
    )
    return 0


def _profile(told: str) -> str:
    """Return the profile's text: that of a file of this name, or what was given."""
    if told.lstrip().startswith("{") or not Path(told).is_file():
        return told
    return _text_of(told)


def _text_of(name: str) -> str:
    """Return what a file or standard input holds; raises InputError where it cannot be read."""
    if name == "-":
        return opening.rest()
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(_("There is no file {file}. Check its name.").format(file=name)) from error
    except UnicodeDecodeError as error:
        raise InputError(_("{file} is not UTF-8 text.").format(file=name)) from error


def _shape(alert: "ReplayedAlert", zone_offset: int) -> shapes.Shape:
    return {
        "rule": alert.rule,
        "level": alert.level.name,
        "raised_at": times.written(alert.raised_at, zone_offset),
        "renotified_at": [times.written(moment, zone_offset) for moment in alert.renotified_at],
        "cleared_at": times.written_or_none(alert.cleared_at, zone_offset),
        "inputs": shapes.inputs(alert.inputs, zone_offset),
    }


def _line(alert: "ReplayedAlert", zone_offset: int) -> str:
    raised = times.day_and_time(alert.raised_at, zone_offset)
    return f"{raised}  {alert.level.name}  {alert.rule}  {_(alert.text)}"
