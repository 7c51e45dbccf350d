"""The forms of the health archive: which fields a line has, what is wrong with them; free of Qt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from uuid import UUID

from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
    MedicineClass,
    Target,
)
from carehub.i18n import N_, _
from carehub.ui.screens.health.picks import Entry, Topic, name_of
from carehub.ui.terms import HISTORY_KINDS, MEDICINE_CLASSES

EARLIEST = 1900
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{2,19}")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type; a `number` field is filled by the pad."""

    key: str
    caption: str
    hint: str = ""
    number: bool = False
    half: bool = False
    """Whether it shares its line with the next one."""


@dataclass(frozen=True, slots=True)
class Options:
    """One thing to choose."""

    key: str
    caption: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one topic, one choice, and one thing to tick, where it has them."""

    title: str
    fields: tuple[Field, ...]
    options: Options | None = None
    tick: tuple[str, str, str] | None = None
    """Key, words, and why."""


FORMS: dict[Topic, Form] = {
    Topic.CONDITIONS: Form(
        N_("Illness"),
        (
            Field("name", N_("Illness")),
            Field("since", N_("Since which year? (may stay empty)"), number=True),
        ),
    ),
    Topic.ALLERGIES: Form(
        N_("Allergy"),
        (
            Field("substance", N_("What can you not take or eat?")),
            Field("reaction", N_("What did it do? (may stay empty)"), N_("A rash, for example")),
        ),
    ),
    Topic.MEDICINES: Form(
        N_("Medicine"),
        (
            Field("name", N_("Name on the box")),
            Field("dose", N_("Strength (may stay empty)"), N_("5 mg, for example")),
            Field("timing", N_("How it is taken (may stay empty)"), N_("As on your prescription")),
        ),
        Options(
            "class",
            N_("What is it for?"),
            {each.value: words for each, words in MEDICINE_CLASSES.items()},
        ),
        ("stopped", N_("No longer used"), N_("It stays on record.")),
    ),
    Topic.HISTORY: Form(
        N_("History"),
        (
            Field("text", N_("What was it?"), N_("Gallbladder taken out, for example")),
            Field("year", N_("In which year? (may stay empty)"), number=True),
        ),
        Options(
            "kind",
            N_("What kind?"),
            {each.value: words for each, words in HISTORY_KINDS.items()},
        ),
    ),
    Topic.CONTACTS: Form(
        N_("Family contact"),
        (
            Field("name", N_("Name"), half=True),
            Field("relation", N_("Who is it?"), N_("Daughter, for example")),
            Field("phone", N_("Telephone"), number=True),
        ),
        tick=(
            "alerts",
            N_("Has agreed to be told"),
            N_("Tick only what this person has said. Without sharing, you call them yourself."),
        ),
    ),
}


def values_of(entry: Entry) -> dict[str, str]:
    """Return what the form shows of a line; a tick that is on is `1`."""
    if isinstance(entry, Condition):
        return {"name": name_of(entry), "since": _year(entry.since)}
    if isinstance(entry, Allergy):
        return {"substance": entry.substance, "reaction": entry.reaction}
    if isinstance(entry, Medicine):
        return {
            "name": entry.name,
            "dose": entry.dose,
            "timing": entry.timing,
            "class": entry.medicine_class.value,
            "stopped": _on(entry.stopped),
        }
    if isinstance(entry, HistoryLine):
        return {"text": entry.text, "year": _year(entry.year), "kind": entry.kind.value}
    return {
        "name": entry.name,
        "relation": entry.relation,
        "phone": entry.phone,
        "alerts": _on(entry.alerts),
    }


def troubles(topic: Topic, values: Mapping[str, str], year: int) -> dict[str, str]:
    """Return what is wrong, by field; `year` is this year."""
    first = FORMS[topic].fields[0].key
    found: dict[str, str] = {}
    if not values.get(first, "").strip():
        found[first] = _("Please fill this in.")
    for key in ("since", "year"):
        typed = values.get(key, "").strip()
        if typed and not (typed.isdecimal() and EARLIEST <= int(typed) <= year):
            found[key] = _("A year between {first} and {last}.").format(first=EARLIEST, last=year)
    phone = values.get("phone")
    if phone is not None and not _PHONE.fullmatch(phone.strip()):
        found["phone"] = _("A telephone number, digits only.")
    return found


def entry_of(
    topic: Topic,
    values: Mapping[str, str],
    *,
    old: Entry | None,
    entry_id: UUID,
    person_id: UUID,
    order: int = 1,
) -> Entry:
    """Return the line that the form makes: the old one changed, or a new one."""
    text = {key: value.strip() for key, value in values.items()}
    if topic is Topic.CONDITIONS:
        return _condition(text, old, entry_id, person_id)
    if topic is Topic.ALLERGIES:
        return Allergy(entry_id, person_id, text["substance"], text["reaction"])
    if topic is Topic.MEDICINES:
        chosen = MedicineClass(text.get("class") or MedicineClass.OTHER)
        return Medicine(
            entry_id,
            person_id,
            text["name"],
            text["dose"],
            text["timing"],
            chosen,
            bool(text.get("stopped")),
        )
    if topic is Topic.HISTORY:
        kind = HistoryKind(text.get("kind") or HistoryKind.ILLNESS)
        return HistoryLine(entry_id, person_id, kind, text["text"], _number(text["year"]))
    if isinstance(old, EmergencyContact):
        order = old.order
    return EmergencyContact(
        entry_id,
        person_id,
        text["name"],
        text["relation"],
        text["phone"],
        order,
        bool(text.get("alerts")),
    )


def _condition(
    text: Mapping[str, str], old: Entry | None, entry_id: UUID, person_id: UUID
) -> Condition:
    since = _number(text["since"])
    if isinstance(old, Condition) and text["name"] == name_of(old):
        return replace(old, since=since)
    return Condition(entry_id, person_id, ConditionCode.OTHER, text["name"], since)


def _year(value: int | None) -> str:
    return "" if value is None else str(value)


def _on(value: bool) -> str:
    return "1" if value else ""


def _number(text: str) -> int | None:
    return int(text) if text else None


# The doctor's target


@dataclass(frozen=True, slots=True)
class TargetBox:
    """One limit: its field of Target, what stands before it, and between what it is believable."""

    key: str
    caption: str
    low: Decimal
    high: Decimal
    decimal: bool = False


TARGETS: tuple[tuple[str, tuple[TargetBox, ...]], ...] = (
    (
        N_("Blood pressure, below (mmHg)"),
        (
            TargetBox("systolic", N_("Upper"), Decimal(100), Decimal(180)),
            TargetBox("diastolic", N_("Lower"), Decimal(60), Decimal(110)),
        ),
    ),
    (
        N_("Fasting glucose, from … to (mmol/L)"),
        (
            TargetBox("fasting_low", N_("From"), Decimal("3.9"), Decimal(10), decimal=True),
            TargetBox("fasting_high", N_("To"), Decimal(5), Decimal(15), decimal=True),
        ),
    ),
    (
        N_("Other glucose, from … to (mmol/L)"),
        (
            TargetBox("other_low", N_("From"), Decimal("3.9"), Decimal(10), decimal=True),
            TargetBox("other_high", N_("To"), Decimal(6), Decimal(20), decimal=True),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class TargetTyped:
    """What a target's boxes make: the target, or what is wrong with them."""

    target: Target | None = field(default=None, repr=False)
    trouble: str = ""


def target_of(texts: Mapping[str, str]) -> TargetTyped:
    """Return the target that was typed; empty boxes leave the published limits in force."""
    found: dict[str, Decimal | None] = {}
    for _caption, boxes in TARGETS:
        for box in boxes:
            text = texts.get(box.key, "").strip()
            value = _decimal(text)
            if text and (value is None or not box.low <= value <= box.high):
                pattern = _("{caption}: between {low} and {high}, please.")
                said = pattern.format(caption=_(box.caption), low=box.low, high=box.high)
                return TargetTyped(trouble=said)
            found[box.key] = value
    for low, high in (
        ("diastolic", "systolic"),
        ("fasting_low", "fasting_high"),
        ("other_low", "other_high"),
    ):
        first, second = found[low], found[high]
        if first is not None and second is not None and first >= second:
            return TargetTyped(trouble=_("The first limit must be below the second."))
    return TargetTyped(Target(**found))


def target_texts(target: Target) -> dict[str, str]:
    """Return what the boxes show of a target."""
    keys = [box.key for _caption, boxes in TARGETS for box in boxes]
    values = {key: getattr(target, key) for key in keys}
    return {key: "" if value is None else f"{value.normalize():f}" for key, value in values.items()}


def target_lines(target: Target) -> list[str]:
    """Return a target in words, one line per kind that has one."""
    lines = []
    if target.systolic is not None and target.diastolic is not None:
        pattern = _("Blood pressure below {upper}/{lower}")
        lines.append(pattern.format(upper=target.systolic, lower=target.diastolic))
    ranges = (
        (_("Fasting glucose {low} to {high}"), target.fasting_low, target.fasting_high),
        (_("Other glucose {low} to {high}"), target.other_low, target.other_high),
    )
    for pattern, low, high in ranges:
        if low is not None or high is not None:
            lines.append(pattern.format(low=low or "…", high=high or "…"))
    return lines


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
