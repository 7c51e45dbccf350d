"""People and their health archive as FHIR: Patient, RelatedPerson, Condition, AllergyIntolerance …"""

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
    Person,
)
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import (
    Element,
    Json,
    Part,
    Resource,
    absent,
    coding,
    concept,
    element,
    extension,
    identifier,
    own,
    reference,
    said,
    year,
)

_NOTHING_KNOWN = {
    HistoryKind.NO_CONDITION: ("no-known-problems", "no-problem-info"),
    HistoryKind.NO_ALLERGY: ("no-known-allergies", "no-allergy-info"),
    HistoryKind.NO_MEDICINE: ("no-known-medications", "no-medication-info"),
}
_ASKED_AND_NONE = "none"
_MOST = 2**31 - 1
"""The largest integer of FHIR."""


def patient(person: Person) -> Resource:
    """Return the Patient; a Chinese name is one text, for nothing here says which part is which."""
    names = [
        element(use=terms.NameUse.OFFICIAL.value, text=said(person.name)),
        element(use=terms.NameUse.NICKNAME.value, text=said(person.called)),
    ]
    return _resource(
        "Patient",
        person.id,
        "person",
        name=[name for name in names if "text" in name],
        gender=terms.Gender(person.sex.value).value,
        birthDate=None if person.born is None else person.born.isoformat(),
    )


def related_person(contact: EmergencyContact) -> Resource:
    """Return an emergency contact; `rank` says who is called first."""
    phone = element(
        system="phone", value=said(contact.phone), rank=min(max(contact.order, 1), _MOST)
    )
    return _resource(
        "RelatedPerson",
        contact.id,
        "emergency_contact",
        extension=extension("alerts", valueBoolean=contact.alerts),
        active=True,
        patient=reference("Patient", contact.person_id),
        relationship=[
            concept(
                coding(terms.CONTACT_ROLE, "C", "Emergency Contact"),
                words=contact.relation,
            )
        ],
        name=_texts(contact.name),
        telecom=[phone] if "value" in phone else None,
    )


def condition(one: Condition) -> Resource:
    """Return a long-term condition, as the person told it: nothing here says a doctor confirmed it."""
    codes = [coding(own("condition"), one.code.value)]
    if one.code in terms.ICD_10_CODES:
        codes.append(coding(terms.ICD_10, terms.ICD_10_CODES[one.code]))
    words = one.name or ("" if one.code is ConditionCode.OTHER else one.code.value)
    return _problem(one.id, one.person_id, "condition", concept(*codes, words=words), one.since)


def allergy(one: Allergy) -> Resource:
    """Return a substance the person must not be given."""
    reaction = said(one.reaction)
    manifest: Part = None if reaction is None else [{"manifestation": [concept(words=reaction)]}]
    return _allergy(one.id, one.person_id, "allergy", concept(words=one.substance), manifest)


def medication(one: Medicine) -> Resource:
    """Return a medicine in the words of its box; the dose is what the person told, not advice."""
    status = terms.MedicationStatus.STOPPED if one.stopped else terms.MedicationStatus.ACTIVE
    classed = None if one.medicine_class is MedicineClass.OTHER else one.medicine_class.value
    taken = "; ".join(filter(None, (said(one.dose), said(one.timing))))
    return _resource(
        "MedicationStatement",
        one.id,
        "medicine",
        extension=extension("medicine-class", valueCode=classed),
        status=status.value,
        medicationCodeableConcept=concept(words=one.name),
        subject=reference("Patient", one.person_id),
        dosage=[{"text": taken}] if taken else None,
    )


def history(line: HistoryLine) -> Resource:
    """Return a line of history: an operation, an illness, something in the family, or how one lives.

    That a person was asked and knows of no condition, allergy or medicine is said with the codes of
    the International Patient Summary; it is not the same as an empty list.
    """
    match line.kind:
        case HistoryKind.SURGERY:
            return _procedure(line)
        case HistoryKind.ILLNESS:
            return _problem(
                line.id, line.person_id, "history_line", concept(words=line.text), line.year
            )
        case HistoryKind.FAMILY:
            return _family(line)
        case HistoryKind.LIVING:
            return _living(line)
        case _:
            return _nothing_known(line)


def _nothing_known(line: HistoryLine) -> Resource:
    known, info = _NOTHING_KNOWN[line.kind]
    word = known if line.text.strip() == _ASKED_AND_NONE else info
    code = concept(coding(terms.ABSENT_LIST, word))
    if line.kind is HistoryKind.NO_ALLERGY:
        return _allergy(line.id, line.person_id, "history_line", code, None)
    if line.kind is HistoryKind.NO_CONDITION:
        return _problem(line.id, line.person_id, "history_line", code, None)
    return _resource(
        "MedicationStatement",
        line.id,
        "history_line",
        status=terms.MedicationStatus.UNKNOWN.value,
        medicationCodeableConcept=code,
        subject=reference("Patient", line.person_id),
    )


def _problem(
    id: UUID,  # noqa: A002 - the name FHIR gives it
    person_id: UUID,
    noun: str,
    code: Element,
    since: int | None,
) -> Resource:
    past = noun == "history_line"
    return _resource(
        "Condition",
        id,
        noun,
        # con-3: an item of the problem list has a clinical status; of a past illness we know none.
        clinicalStatus=None if past else concept(coding(terms.CONDITION_CLINICAL, "active")),
        category=None
        if past
        else [concept(coding(terms.CONDITION_CATEGORY, "problem-list-item", "Problem List Item"))],
        code=code,
        subject=reference("Patient", person_id),
        onsetDateTime=year(since),
    )


def _allergy(
    id: UUID,  # noqa: A002 - the name FHIR gives it
    person_id: UUID,
    noun: str,
    code: Element,
    reaction: Part,
) -> Resource:
    # ait-1 asks for a clinical status wherever the entry is not an error.
    return _resource(
        "AllergyIntolerance",
        id,
        noun,
        clinicalStatus=concept(coding(terms.ALLERGY_CLINICAL, "active")),
        code=code,
        patient=reference("Patient", person_id),
        reaction=reaction,
    )


def _procedure(line: HistoryLine) -> Resource:
    return _resource(
        "Procedure",
        line.id,
        "history_line",
        status="completed",
        code=concept(words=line.text),
        subject=reference("Patient", line.person_id),
        performedDateTime=year(line.year),
    )


def _family(line: HistoryLine) -> Resource:
    return _resource(
        "FamilyMemberHistory",
        line.id,
        "history_line",
        status="partial",
        patient=reference("Patient", line.person_id),
        relationship=concept(coding(terms.ROLE_CODE, "FAMMEMB", "family member")),
        condition=[{"code": concept(words=line.text)}],
    )


def _living(line: HistoryLine) -> Resource:
    words = said(line.text)
    reason = terms.AbsentReason.UNKNOWN
    return _resource(
        "Observation",
        line.id,
        "history_line",
        status=terms.ObservationStatus.FINAL.value,
        category=[concept(coding(terms.OBSERVATION_CATEGORY, "social-history", "Social History"))],
        code=concept(coding(own("history"), line.kind.value), words="Way of living"),
        subject=reference("Patient", line.person_id),
        effectiveDateTime=year(line.year),
        valueString=words,
        dataAbsentReason=None if words else concept(coding(terms.DATA_ABSENT, reason.value)),
    )


def _resource(kind: str, id: UUID, noun: str, **parts: Part) -> Resource:  # noqa: A002
    return element(resourceType=kind, id=str(id), identifier=identifier(noun, id), **parts)


def _texts(words: str) -> Json:
    text = said(words)
    return [absent(terms.AbsentReason.UNKNOWN) if text is None else {"text": text}]
