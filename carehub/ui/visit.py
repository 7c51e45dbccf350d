"""Who is at this machine now, and with what: the archive, the person, the plan and the settings."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carehub.care.family import Scope
from carehub.care.people import Person, Profile
from carehub.config import Config

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.care.plans import Plan


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page may look at; replaced as a whole when the person or a setting changes.

    `archive` is None until it is unlocked, `person` until somebody is chosen.
    """

    config: Config = field(default_factory=Config)
    archive: "Archive | None" = None
    person: Person | None = None
    profile: Profile | None = None
    plan: "Plan | None" = None
    demo: bool = False
    caring: str = field(default="", repr=False)
    """How a relative signs what they do here for `person`; empty where people see their own records."""
    scopes: frozenset[str] = frozenset()
    """What a relative was given leave for; of one's own records everything may be done."""

    def may(self, scope: Scope) -> bool:
        """Tell whether whoever is here may do this: what the role forbids is not offered."""
        return not self.caring or scope in self.scopes
