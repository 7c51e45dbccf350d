"""The values of a reading as typed on the command line, or as JSON on standard input."""

import argparse
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from carehub.care.readings import (
    HIGH,
    LOW,
    Kind,
    MealContext,
    Posture,
    Reading,
    Setting,
    Symptom,
    Unit,
)
from carehub.cli import opening, times
from carehub.errors import InputError
from carehub.i18n import _

_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_UNITS = {
    Kind.BLOOD_PRESSURE: (Unit.MMHG, Unit.KPA),
    Kind.GLUCOSE: (Unit.MMOL_L, Unit.MG_DL),
}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was given, as text; None where it was not."""

    systolic: str | None = field(default=None, repr=False)
    diastolic: str | None = field(default=None, repr=False)
    pulse: str | None = field(default=None, repr=False)
    glucose: str | None = field(default=None, repr=False)
    unit: str | None = None
    context: str | None = None
    setting: str | None = None
    posture: str | None = None
    taken_at: str | None = None
    symptoms: tuple[str, ...] | None = field(default=None, repr=False)

    def kind(self, usual: Kind | None = None) -> Kind:
        """Return what the values are of; `usual` where none was given. Raises InputError."""
        pressure = any((self.systolic, self.diastolic, self.pulse, self.posture))
        sugar = any((self.glucose, self.context))
        if pressure and sugar:
            raise InputError(_("Give a blood pressure or a glucose value, not both at once."))
        if pressure or sugar:
            return Kind.BLOOD_PRESSURE if pressure else Kind.GLUCOSE
        if usual is None:
            raise InputError(_("Give --systolic and --diastolic, or --glucose."))
        return usual

    def reading(self, base: Reading) -> Reading:
        """Return `base` with what was given; raises InputError for what cannot be read."""
        filled = replace(
            base,
            unit=self._unit(base),
            setting=_one_of(Setting, self.setting, base.setting),
            symptoms=self._symptoms(base),
            taken_at=base.taken_at
            if self.taken_at is None
            else times.read(self.taken_at, base.zone_offset),
        )
        return self._glucose(filled) if base.kind is Kind.GLUCOSE else self._pressure(filled)

    def _pressure(self, base: Reading) -> Reading:
        filled = replace(
            base,
            v1=number(self.systolic, base.v1),
            v2=number(self.diastolic, base.v2),
            v3=number(self.pulse, base.v3),
            posture=_one_of(Posture, self.posture, base.posture),
        )
        if filled.v1 is None or filled.v2 is None:
            raise InputError(_("A blood pressure needs both --systolic and --diastolic."))
        return filled

    def _glucose(self, base: Reading) -> Reading:
        context = _one_of(MealContext, self.context, base.context)
        shown = (self.glucose or "").strip().upper()
        if shown in (HIGH, LOW):
            return replace(base, context=context, v1=None, text=shown)
        if shown:
            return replace(base, context=context, v1=number(shown, None), text="")
        if base.v1 is None and not base.text:
            raise InputError(_("Give the glucose value with --glucose."))
        return replace(base, context=context)

    def _unit(self, base: Reading) -> Unit:
        if self.unit is None:
            return base.unit
        for unit in _UNITS[base.kind]:
            if unit.value.lower() == self.unit.strip().lower():
                return unit
        raise InputError(
            _("{unit} is no unit of this; use {choices}.").format(
                unit=self.unit, choices=_listed([unit.value for unit in _UNITS[base.kind]])
            )
        )

    def _symptoms(self, base: Reading) -> frozenset[Symptom]:
        if self.symptoms is None:
            return base.symptoms
        return frozenset(_one_of(Symptom, one, Symptom.FAINT) for one in self.symptoms)


def entered(args: argparse.Namespace) -> Entry:
    """Return what the command line gave, or standard input where it was told to carry it."""
    given = {name: getattr(args, name) for name in _NAMES if getattr(args, name) is not None}
    if not args.values_stdin:
        return _entry(given)
    if given:
        raise InputError(_("With --values-stdin all values come from standard input."))
    return _entry(_object(opening.rest()))


def usual_unit(kind: Kind) -> Unit:
    """Return the unit that is meant where none is said."""
    return _UNITS[kind][0]


_NAMES = tuple(item.name for item in fields(Entry))


def _object(text: str) -> dict[str, object]:
    try:
        # As text, so that 5.60 stays 5.60.
        given = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise InputError(_("Standard input does not hold one JSON object.")) from error
    if not isinstance(given, dict):
        raise InputError(_("Standard input does not hold one JSON object."))
    return {name: value for name, value in given.items() if value is not None}


def _entry(given: dict[str, object]) -> Entry:
    given = dict(given)
    symptoms = given.pop("symptoms", None)
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    strange = [name for name in given if name not in texts or name not in _NAMES]
    strange += [] if symptoms is None or isinstance(symptoms, list) else ["symptoms"]
    if strange:
        raise InputError(_("{name} is not understood here.").format(name=strange[0]))
    return Entry(
        systolic=texts.get("systolic"),
        diastolic=texts.get("diastolic"),
        pulse=texts.get("pulse"),
        glucose=texts.get("glucose"),
        unit=texts.get("unit"),
        context=texts.get("context"),
        setting=texts.get("setting"),
        posture=texts.get("posture"),
        taken_at=texts.get("taken_at"),
        symptoms=tuple(map(str, symptoms)) if isinstance(symptoms, list) else None,
    )


def number(text: str | None, otherwise: Decimal | None = None) -> Decimal | None:
    """Read a plain number, or return `otherwise` where there is none; raises InputError."""
    if text is None:
        return otherwise
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise InputError(_("{text} is not a number of a reading.").format(text=text))
    return Decimal(plain)


def _one_of(choices: type[Choice], text: str | None, otherwise: Choice) -> Choice:
    if text is None:
        return otherwise
    try:
        return choices(text.strip())
    except ValueError as error:
        raise InputError(
            _("{text} is not known here; use {choices}.").format(
                text=text, choices=_listed([choice.value for choice in choices])
            )
        ) from error


def _listed(choices: Sequence[str]) -> str:
    return ", ".join(choices)
