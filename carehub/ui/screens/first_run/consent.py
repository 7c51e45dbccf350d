"""The text that people agree to, with its version, one part per purpose; free of Qt.

A changed text needs another version: what was agreed to under the old one is then asked again.
"""

from dataclasses import dataclass

from carehub.care.consent import Purpose
from carehub.i18n import N_

VERSION = "2026-11-2"


@dataclass(frozen=True, slots=True)
class Part:
    """A question that people have, and the answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose to agree to by itself; `needed` where the program cannot work without it."""

    purpose: Purpose
    words: str
    why: str
    needed: bool = False


TEXT: tuple[Part, ...] = (
    Part(
        N_("What is kept?"),
        N_(
            "Your name and birthday, your illnesses, allergies and medicines, your blood pressure "
            "and glucose, and the telephone numbers of your family."
        ),
    ),
    Part(
        N_("Where is it kept?"),
        N_(
            "Only on this computer, encrypted. Nothing is sent to anybody unless you switch sharing "
            "on yourself. Three backups lie beside it, encrypted as well."
        ),
    ),
    Part(
        N_("What is it for?"),
        N_(
            "To show you how your numbers are, and to remind you when one is dangerous. "
            "Health data is sensitive: whoever opens this computer with your PIN can see it."
        ),
    ),
    Part(
        N_("For how long?"),
        N_("Until you no longer want it. You decide; nobody else can look in."),
    ),
    Part(
        N_("What are your rights?"),
        N_(
            "You can look at everything, correct it, print it, and take back your consent at any "
            "time under Mine, Privacy, with one press."
        ),
    ),
)

CHOICES: tuple[Choice, ...] = (
    Choice(
        Purpose.ARCHIVE,
        N_("Keep my health archive"),
        N_("CareHub cannot work without this."),
        needed=True,
    ),
    Choice(
        Purpose.DEVICE_DATA,
        N_("Read my meters"),
        N_("Without this you type the numbers in yourself."),
    ),
)
