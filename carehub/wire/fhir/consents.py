"""Consents as FHIR Consent: one purpose each, the text that was shown as the rule it refers to."""

from collections.abc import Iterable

from carehub.care.consent import Consent, standing
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import (
    Resource,
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


def consents(rows: Iterable[Consent]) -> list[Resource]:
    """Return all rows; only the newest of a purpose is active, and only while it is not withdrawn."""
    kept = list(rows)
    newest = {row.id for row in standing(kept).values() if row.withdrawn_at is None}
    return [consent(row, active=row.id in newest) for row in kept]


def consent(row: Consent, *, active: bool) -> Resource:
    """Return one Consent. ppc-1 asks for a policy: it is the version of the text that was shown."""
    state = terms.ConsentState.ACTIVE if active else terms.ConsentState.INACTIVE
    version = said(row.text_version) or "-"
    end = row.withdrawn_at
    if end is not None and end < row.granted_at:
        end = row.granted_at  # per-1: a period does not end before it starts
    period = element(start=moment(row.granted_at), end=moment(end))
    return element(
        resourceType="Consent",
        id=str(row.id),
        identifier=identifier("consent", row.id),
        extension=extension("consent-method", valueString=said(row.method)),
        status=state.value,
        scope=concept(coding(terms.CONSENT_SCOPE, "patient-privacy", "Privacy Consent")),
        category=[
            concept(coding(terms.LOINC, terms.CONSENT_DOCUMENT)),
            concept(coding(own("purpose"), row.purpose.value)),
        ],
        patient=reference("Patient", row.person_id),
        dateTime=moment(row.granted_at),
        performer=[reference("Patient", row.person_id)],
        policyRule=concept(coding(own("consent-text"), version)),
        provision=element(type="permit", period=period),
    )
