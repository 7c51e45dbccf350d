"""Meters, and CareHub itself, as FHIR Devices."""

from carehub import __version__
from carehub.care.meters import Meter
from carehub.wire.fhir import terms
from carehub.wire.fhir.elements import (
    Resource,
    coding,
    concept,
    element,
    identifier,
    made_id,
    said,
)
from carehub.wire.fhir.readings import meter_id

SOFTWARE = made_id("software", "carehub")
"""The id of the Device that is this program."""


def device(meter: Meter) -> Resource:
    """Return a meter with its serial number or address; whose its user slots are stays here."""
    name = said(meter.name)
    return element(
        resourceType="Device",
        id=str(meter_id(meter.id)),
        identifier=identifier("meter", meter.id),
        deviceName=[{"name": name, "type": "user-friendly-name"}] if name else None,
        modelNumber=said(meter.model),
        type=concept(
            coding(terms.MDC, terms.METER_TYPES[meter.kind.value]),
            words=meter.kind.value.replace("_", " "),
        ),
    )


def software() -> Resource:
    """Return this program, which put the resources together."""
    return element(
        resourceType="Device",
        id=str(SOFTWARE),
        identifier=identifier("software", "carehub"),
        deviceName=[{"name": "CareHub", "type": "manufacturer-name"}],
        type=concept(words="Application software"),
        version=[{"value": __version__}],
    )
