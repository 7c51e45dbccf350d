"""Alerts as FHIR Flags: which rule, how grave, which readings, since when."""

from carehub.care.alerts.model import Alert, Level, State
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import (
    Element,
    Resource,
    absent,
    coding,
    concept,
    element,
    extension,
    identifier,
    moment,
    own,
    reference,
    said,
)

_PRIORITY = {
    Level.L0: ("PN", "No alarm"),
    Level.L1: ("PL", "Low priority"),
    Level.L2: ("PM", "Medium priority"),
    Level.L3: ("PH", "High priority"),
    Level.L4: ("PH", "High priority"),
}
_SHOWN = frozenset({State.ACTIVE, State.ACKNOWLEDGED})


def flag(alert: Alert) -> Resource:
    """Return the Flag; one that still waits for a recheck, or is over, is inactive."""
    status = terms.FlagStatus.ACTIVE if alert.state in _SHOWN else terms.FlagStatus.INACTIVE
    rule = element(**coding(own("rule"), alert.rule), version=said(alert.version))
    return element(
        resourceType="Flag",
        id=str(alert.id),
        identifier=identifier("alert", alert.id),
        extension=_extensions(alert),
        status=status.value,
        category=[concept(coding(terms.FLAG_CATEGORY, "clinical", "Clinical"))],
        code=concept(rule, words=alert.text),
        subject=reference("Patient", alert.person_id),
        period=_period(alert),
    )


def _extensions(alert: Alert) -> list[Element]:
    code, shown = _PRIORITY[alert.level]
    priority = concept(
        coding(terms.FLAG_PRIORITY, code, shown), coding(own("level"), alert.level.name)
    )
    details: list[Element] = [
        {"url": terms.FLAG_DETAIL, "valueReference": reference("Observation", reading_id)}
        for reading_id in alert.readings
    ]
    return [
        {"url": terms.FLAG_PRIORITY_OF, "valueCodeableConcept": priority},
        *details,
        *extension("alert-state", valueCode=alert.state.value),
        *extension("acknowledged", valueDateTime=moment(alert.acknowledged_at)),
    ]


def _period(alert: Alert) -> Element:
    start = moment(alert.raised_at)
    begun = {"start": start} if start else {"_start": absent(terms.AbsentReason.ERROR)}
    end = moment(alert.cleared_at)
    # per-1: a period does not end before it starts; an end that would is left out.
    ended = (
        end
        if end and alert.cleared_at is not None and alert.cleared_at >= alert.raised_at
        else None
    )
    return element(**begun, end=ended)
