"""Everything that is kept about one person, taken together: what they may read, copy and carry away."""

from dataclasses import dataclass, replace
from uuid import UUID

from carehub.care.alerts.model import Alert
from carehub.care.consent import Consent
from carehub.care.meters import Meter
from carehub.care.people import Profile, Target
from carehub.care.plans import GlucosePlan
from carehub.care.readings import Reading


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or document that is kept about a person, without its bytes; `size` counts them.

    `sha256` is the hash of the bytes in hexadecimal; `belongs_kind` and `belongs_id` name the entity
    that shows it ("person" for somebody's photo), where there is one.
    """

    id: UUID
    person_id: UUID
    media_type: str
    size: int
    sha256: str = ""
    belongs_kind: str = ""
    belongs_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One person's whole record; readings are in time order, with those that are out of force."""

    profile: Profile
    target: Target | None = None
    glucose_plan: GlucosePlan | None = None
    readings: tuple[Reading, ...] = ()
    alerts: tuple[Alert, ...] = ()
    consents: tuple[Consent, ...] = ()
    meters: tuple[Meter, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def real(self) -> "Record":
        """Leave out what a pretend meter sent, and the alerts that stand on nothing else."""
        pretended = {reading.id for reading in self.readings if reading.simulated}
        return replace(
            self,
            readings=tuple(reading for reading in self.readings if not reading.simulated),
            alerts=tuple(
                replace(alert, readings=tuple(i for i in alert.readings if i not in pretended))
                for alert in self.alerts
                if not alert.readings or set(alert.readings) - pretended
            ),
            meters=tuple(meter for meter in self.meters if not meter.simulated),
        )
