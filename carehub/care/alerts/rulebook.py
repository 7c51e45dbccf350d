"""The rulebook: every clinical number with its version and source, parsed from TOML text."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from carehub.care.alerts.model import Level
from carehub.care.readings import Symptom
from carehub.errors import InputError
from carehub.i18n import _

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data.

    `evidence` is S (read in a published page), K (named guideline, to be confirmed), P (our policy).
    `clinical_reviewer` is empty until a clinician has signed the rule: not yet reviewed.
    `texts` and `advice` hold msgids by occasion; `say` is the ordinary one.
    """

    id: str
    version: str
    source: str
    effective_from: date
    clinical_reviewer: str = ""
    evidence: str = "P"
    family: str = ""
    level: Level = Level.L0
    condition: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    advice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    symptoms: Mapping[str, frozenset[Symptom]] = field(default_factory=dict)

    def number(self, name: str) -> Decimal:
        """Return a number of the rule; raises InputError where the rulebook lacks it."""
        try:
            return self.numbers[name]
        except KeyError:
            raise InputError(
                _("The rulebook lacks the number {name} of rule {rule}.").format(
                    name=name, rule=self.id
                )
            ) from None

    def whole(self, name: str) -> int:
        """Return a number of the rule as a whole number."""
        return int(self.number(name))

    def text(self, occasion: str) -> str:
        """Return the msgid for an occasion, or the ordinary one where the rule has no other."""
        return self.texts.get(occasion, self.texts.get("say", ""))

    def steps(self, occasion: str) -> tuple[str, ...]:
        """Return the msgids of what to do on an occasion, or the ordinary ones."""
        return self.advice.get(occasion, self.advice.get("say", ()))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules by id, in the order of the files: the earlier rule wins a tie within its family."""

    rules: Mapping[str, Rule]

    @classmethod
    def from_toml(cls, *texts: str) -> "Rulebook":
        """Parse the rule files' texts; raises InputError that names the rule and what is wrong."""
        rules: dict[str, Rule] = {}
        for text in texts:
            for rule in _rules_of(text):
                if rule.id in rules:
                    raise InputError(_("The rulebook has rule {rule} twice.").format(rule=rule.id))
                rules[rule.id] = rule
        return cls(rules)

    def __getitem__(self, rule_id: str) -> Rule:
        try:
            return self.rules[rule_id]
        except KeyError:
            raise InputError(_("The rulebook lacks rule {rule}.").format(rule=rule_id)) from None

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def rank(self, rule_id: str) -> int:
        """Return the place of a rule in the book; an unknown rule comes last."""
        return next((i for i, known in enumerate(self.rules) if known == rule_id), len(self.rules))


def _rules_of(text: str) -> list[Rule]:
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_("The rulebook cannot be read: {error}.").format(error=error)) from error
    entries = raw.get("rule", [])
    if not isinstance(entries, list):
        raise InputError(_("The rulebook cannot be read: {error}.").format(error="rule"))
    return [_rule(entry) for entry in entries]


def _rule(raw: object) -> Rule:
    entry = _table(raw, "rule")
    rule_id = _typed(entry, "id", str, "?")
    if not rule_id:
        raise _wrong("?", "id")
    level = _typed(entry, "level", str, rule_id, "L0")
    if level not in Level.__members__:
        raise _wrong(rule_id, "level")
    return Rule(
        id=rule_id,
        version=_typed(entry, "version", str, rule_id),
        source=_typed(entry, "source", str, rule_id),
        effective_from=_typed(entry, "effective_from", date, rule_id),
        clinical_reviewer=_typed(entry, "clinical_reviewer", str, rule_id),
        evidence=_typed(entry, "evidence", str, rule_id, "P"),
        family=_typed(entry, "family", str, rule_id, rule_id),
        level=Level[level],
        condition=_typed(entry, "condition", str, rule_id, ""),
        texts={key: _text(rule_id, key, value) for key, value in _part(entry, "texts", rule_id)},
        advice={
            key: tuple(_text(rule_id, key, step) for step in _list(rule_id, key, value))
            for key, value in _part(entry, "advice", rule_id)
        },
        numbers={
            key: _number(rule_id, key, value) for key, value in _part(entry, "numbers", rule_id)
        },
        symptoms={
            key: frozenset(_symptom(rule_id, key, name) for name in _list(rule_id, key, value))
            for key, value in _part(entry, "symptoms", rule_id)
        },
    )


def _wrong(rule_id: str, key: str) -> InputError:
    return InputError(
        _("Rule {rule} of the rulebook has no usable {key}.").format(rule=rule_id, key=key)
    )


def _table(raw: object, rule_id: str) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise _wrong("?", rule_id)
    return raw


def _typed(
    entry: Mapping[str, object], key: str, kind: type[T], rule_id: str, default: T | None = None
) -> T:
    value = entry.get(key, default)
    if not isinstance(value, kind):
        raise _wrong(rule_id, key)
    return value


def _part(entry: Mapping[str, object], key: str, rule_id: str) -> list[tuple[str, object]]:
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(rule_id, key)
    return list(value.items())


def _list(rule_id: str, key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise _wrong(rule_id, key)
    return value


def _text(rule_id: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(rule_id, key)
    return value


def _number(rule_id: str, key: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(rule_id, key)
    return Decimal(value)


def _symptom(rule_id: str, key: str, value: object) -> Symptom:
    try:
        return Symptom(str(value))
    except ValueError:
        raise _wrong(rule_id, key) from None
