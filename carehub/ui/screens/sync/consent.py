"""The text that people agree to before anything of theirs goes to a platform; free of Qt.

A changed text needs another version: what was agreed to under the old one is then asked again.
"""

from carehub.i18n import N_
from carehub.ui.screens.first_run.consent import Part

VERSION = "sync-2026-11"

TEXT: tuple[Part, ...] = (
    Part(
        N_("What is sent?"),
        N_(
            "Your name and birthday, your illnesses, allergies and medicines, your readings and "
            "alerts, your photo, and your family's telephone numbers."
        ),
    ),
    Part(
        N_("Where to?"),
        N_(
            "To the platform whose address you give, over an encrypted line. It keeps your records "
            "for you, so that another computer of yours can show them."
        ),
    ),
    Part(
        N_("Who sees it?"),
        N_(
            "Nobody but you, until you give somebody leave. You can see who looked, and take leave "
            "back with one press."
        ),
    ),
    Part(
        N_("Must I?"),
        N_("No. CareHub works the same without it; everything stays on this computer then."),
    ),
    Part(
        N_("How do I end it?"),
        N_(
            "With one press on this page. From then on nothing more is sent, and the platform shows "
            "your records to nobody. What it must keep by law, it keeps."
        ),
    ),
)
