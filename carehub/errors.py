"""What can go wrong outside us, as one tree; each error says what happened and what to do.

    CareHubError
    ├── InputError            what a person or a script gave us cannot be used
    │   ├── MalformedFrame    a meter's bytes break their profile
    │   └── FileRefused       a file cannot be imported
    │       └── FileUnclear   it can be read in two ways: somebody must say which
    ├── NotAllowed            a rule of care or consent forbids the act
    ├── ArchiveError          keys, database, backups
    │   ├── ArchiveMissing ArchiveExists ArchiveInUse ArchiveTooNew DiskFull MemoryShort
    │   ├── ArchiveDamaged    KeyMismatch
    │   ├── KeyFileDamaged KeyringUnavailable KeyringChanged KeyringOnly
    │   └── UnlockError       WrongPin PinLocked PinDestroyed WayMissing
    │                         WrongPassphrase WrongRecoveryCode
    ├── MeterError            radio and meters
    │   ├── BluetoothMissing BluetoothOff BluetoothForbidden BluetoothLost
    │   └── MeterNotFound MeterBusy PairingFailed LinkLost MeterSilent MeterRefused TransferIncomplete
    ├── SyncError             the platform at the other end
    │   └── NotSignedIn SignedOut PlatformUnreachable PlatformBusy PlatformRefused SchemaTooOld
    └── MachineError          NoDisplay NoDesktop NoFont NoVoice NoPrinter

An error of ours (a bug) is never in this tree; it stays a plain exception and reaches the doors.
Parameters are for the sentence only and never carry a health value, a name or a secret.
"""

from typing import ClassVar

from carehub.i18n import N_, _, together


class CareHubError(Exception):
    """Something in the world stopped us; `code` is stable, `sentence()` is for a person."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    what: ClassVar[str] = ""
    do: ClassVar[str] = ""

    def __init__(self, **parameters: object) -> None:
        super().__init__(self.code)
        self.parameters = parameters

    def sentence(self) -> str:
        """Return what happened and what to do, in the current language."""
        return together(self.parts())

    def parts(self) -> tuple[str, str]:
        """Return what happened, and what to do, each in the current language or empty."""
        return _(self.what).format(**self.parameters), _(self.do).format(**self.parameters)

    def __str__(self) -> str:
        return self.sentence()


class InputError(CareHubError):
    """What was given cannot be used; `reason` is a translated sentence."""

    code = "input"
    exit_code = 2
    what = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class MalformedFrame(InputError):
    """A meter's bytes break their profile."""

    code = "malformed_frame"


class FileRefused(InputError):
    """A file cannot be imported; nothing of it was kept."""

    code = "file_refused"


class FileUnclear(FileRefused):
    """A file can be read in two ways.

    `question` is dates, glucose_unit, pressure_unit, user or columns.
    """

    code = "file_unclear"

    def __init__(self, question: str, reason: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.question = question
        self.choices = choices


class NotAllowed(CareHubError):
    """A rule of care or consent forbids the act; `reason` is a translated sentence."""

    code = "not_allowed"
    what = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class ArchiveError(CareHubError):
    """The archive cannot be used as asked."""

    code = "archive"
    exit_code = 3


class ArchiveMissing(ArchiveError):
    """There is no archive at this place."""

    code = "archive_missing"
    what = N_("There is no archive here yet.")
    do = N_("Open CareHub once to make one, or run: carehub archive create")


class ArchiveExists(ArchiveError):
    """There is an archive already, and it is never replaced."""

    code = "archive_exists"
    what = N_("There is already an archive here.")
    do = N_("Unlock it, or restore a backup; it is never overwritten.")


class ArchiveInUse(ArchiveError):
    """Another CareHub holds the archive."""

    code = "archive_in_use"
    what = N_("CareHub is already open and is using the archive.")
    do = N_("Close the other window, then try again.")


class ArchiveTooNew(ArchiveError):
    """A newer CareHub wrote this archive."""

    code = "archive_too_new"
    what = N_("This archive was written by a newer CareHub.")
    do = N_("Update CareHub; nothing was changed.")


class ArchiveDamaged(ArchiveError):
    """Pages of the database cannot be read."""

    code = "archive_damaged"
    what = N_("Part of the archive can no longer be read.")
    do = N_("Restore the newest backup; the damaged file is kept beside it.")


class KeyMismatch(ArchiveDamaged):
    """The key is sound but does not open this database, or the database's first page is damaged."""

    code = "key_mismatch"
    what = N_("The archive and its key do not fit together.")
    do = N_("Restore the newest backup; the file that is here now is kept beside it.")


class MemoryShort(ArchiveError):
    """There is not enough memory to derive a key."""

    code = "memory_short"
    what = N_("This computer has too little free memory to unlock the archive.")
    do = N_("Close other programs, then try again.")


class DiskFull(ArchiveError):
    """The disk has no room left."""

    code = "disk_full"
    what = N_("The disk is full, so this could not be saved.")
    do = N_("Free some space and try again; what was saved before is safe.")


class KeyFileDamaged(ArchiveError):
    """The key file cannot be read or was altered."""

    code = "key_file_damaged"
    what = N_("The key file of the archive is damaged.")
    do = N_("Restore it from a backup; the archive itself was not touched.")


class KeyringUnavailable(ArchiveError):
    """The system's keyring does not answer or is of a kind we refuse."""

    code = "keyring_unavailable"
    what = N_("The system's keyring is not available.")
    do = N_("Use a passphrase or the recovery code instead.")


class KeyringChanged(ArchiveError):
    """The keyring answers but no longer holds this archive's secret."""

    code = "keyring_changed"
    what = N_("The system's keyring no longer holds the key of this archive.")
    do = N_("Unlock with your recovery code; nothing was changed.")


class KeyringOnly(ArchiveError):
    """An archive that only a keyring opens would be lost with it."""

    code = "keyring_only"
    exit_code = 2
    what = N_("An archive that only the system's keyring opens can be lost for ever.")
    do = N_("Add a PIN or a passphrase; a recovery code is made as well.")


class UnlockError(ArchiveError):
    """The archive stays locked."""

    code = "unlock"


class WrongPin(UnlockError):
    """The PIN does not open it; `left` tries remain before the PIN is destroyed."""

    code = "wrong_pin"
    what = N_("That PIN is not right.")
    do = N_("Tries left: {left}.")


class PinLocked(UnlockError):
    """Too many wrong PINs; wait `seconds`."""

    code = "pin_locked"
    what = N_("Too many wrong PINs.")
    do = N_("Wait {seconds} seconds, or use the recovery code.")


class PinDestroyed(UnlockError):
    """Ten wrong PINs; only the other ways remain."""

    code = "pin_destroyed"
    what = N_("The PIN no longer works after ten wrong tries.")
    do = N_("Use the recovery code; your records are all still here.")


class WrongPassphrase(UnlockError):
    """The passphrase does not open it."""

    code = "wrong_passphrase"
    what = N_("That passphrase does not open this archive.")
    do = N_("Check it and try again.")


class WrongRecoveryCode(UnlockError):
    """The recovery code does not open it."""

    code = "wrong_recovery_code"
    what = N_("That recovery code does not open this archive.")
    do = N_("Compare it with your printed sheet, eight groups of four.")


class WayMissing(UnlockError):
    """The archive was never set up to be opened this way."""

    code = "way_missing"
    what = N_("This archive is not set up to open that way.")
    do = N_("Use another way: PIN, passphrase or recovery code.")


class MeterError(CareHubError):
    """The radio or a meter did not do its part."""

    code = "meter"
    exit_code = 4


class BluetoothMissing(MeterError):
    """There is no Bluetooth adapter or no service for it."""

    code = "bluetooth_missing"
    what = N_("No Bluetooth was found on this computer.")
    do = N_("Type the numbers in by hand, or plug in a Bluetooth adapter.")


class BluetoothOff(MeterError):
    """The adapter is switched off."""

    code = "bluetooth_off"
    what = N_("Bluetooth is switched off.")
    do = N_("Switch it on in the system's settings, then try again.")


class BluetoothForbidden(MeterError):
    """The system does not let us use the radio."""

    code = "bluetooth_forbidden"
    what = N_("CareHub is not allowed to use Bluetooth.")
    do = N_("Allow it in the system's privacy settings.")


class BluetoothLost(MeterError):
    """The adapter or its service went away during use."""

    code = "bluetooth_lost"
    what = N_("Bluetooth stopped working in the middle.")
    do = N_("Plug the adapter in again; the meter still holds its readings.")


class MeterNotFound(MeterError):
    """No meter was heard in time."""

    code = "meter_not_found"
    what = N_("No meter was found.")
    do = N_("Put it close to this computer and measure again.")


class MeterBusy(MeterError):
    """The meter is linked to something else."""

    code = "meter_busy"
    what = N_("The meter is talking to another device.")
    do = N_("Switch off Bluetooth on the phone it knows, then try again.")


class PairingFailed(MeterError):
    """Pairing was refused or ran out of time."""

    code = "pairing_failed"
    what = N_("The meter could not be paired.")
    do = N_("Put it into pairing mode, as its booklet shows, and try again.")


class LinkLost(MeterError):
    """The link broke before the transfer was complete."""

    code = "link_lost"
    what = N_("The connection to the meter broke off.")
    do = N_("What arrived is saved. Keep the meter close and try again.")


class MeterSilent(MeterError):
    """The meter is linked but does not answer."""

    code = "meter_silent"
    what = N_("The meter does not answer.")
    do = N_("Switch it off and on, then try again, or type the numbers in.")


class MeterRefused(MeterError):
    """The meter answered with a refusal; `answer`, the profile's name of it, is not said to people."""

    code = "meter_refused"
    what = N_("The meter refused the request.")
    do = N_("Try again in a minute; nothing on the meter was changed.")


class TransferIncomplete(MeterError):
    """Fewer records came than the meter counted."""

    code = "transfer_incomplete"
    what = N_("Only {received} of {expected} stored readings arrived.")
    do = N_("What arrived is saved. Read the meter again to get the rest.")


class SyncError(CareHubError):
    """The exchange with the platform did not come about; what was entered here waits."""

    code = "sync"
    exit_code = 6


class NotSignedIn(SyncError):
    """This archive was never signed in, or was signed out here."""

    code = "not_signed_in"
    what = N_("This computer is not signed in to a platform.")
    do = N_("Sign in first; everything stays saved here meanwhile.")


class SignedOut(SyncError):
    """The platform does not take our tokens any more; `reason` is its code."""

    code = "signed_out"
    what = N_("The platform asks you to sign in again.")
    do = N_("Sign in; what waits here is sent afterwards.")

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason=reason)


class SignInRefused(SignedOut):
    """Name and password do not fit together."""

    code = "sign_in_refused"
    what = N_("The name or the password is not right.")
    do = N_("Type both once more; look at capital letters.")


class NotLetIn(SyncError):
    """The code was not answered in time, or with no."""

    code = "not_let_in"
    what = N_("This computer was not let in: the code ran out, or the answer was no.")
    do = N_("Ask for a new code and try again.")


class PlatformUnreachable(SyncError):
    """Nobody answers at the other end, or something that is no platform does."""

    code = "platform_unreachable"
    what = N_("The platform cannot be reached just now.")
    do = N_("Everything is saved here and will be sent later by itself.")


class PlatformUntrusted(PlatformUnreachable):
    """Who answers cannot prove to be the platform: the certificate is wrong, or our clock is."""

    code = "platform_untrusted"
    what = N_("Who answers there cannot prove to be the platform, so nothing was sent.")
    do = N_("Look at the address and at this computer's date, then try again.")


class PlatformBusy(SyncError):
    """The platform asks us to come back; `seconds` later where it said so."""

    code = "platform_busy"
    what = N_("The platform is busy just now.")
    do = N_("Everything is saved here and will be sent later by itself.")

    def __init__(self, seconds: int | None = None) -> None:
        super().__init__(seconds=seconds)


class PlatformRefused(SyncError):
    """The platform refuses what we asked; `reason` is its code, `said` its own sentence."""

    code = "platform_refused"
    what = N_("The platform refused this. {said}")

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason=reason, said=said)


class SchemaTooOld(SyncError):
    """This CareHub and the platform have no common way of writing things down."""

    code = "schema_too_old"
    what = N_("This CareHub is too old for the platform.")
    do = N_("Update CareHub. You can go on measuring; nothing is lost.")


class MachineError(CareHubError):
    """This computer lacks something the act needs."""

    code = "machine"
    exit_code = 5


class NoDisplay(MachineError):
    """There is no screen to open a window on."""

    code = "no_display"
    what = N_("There is no display to open a window on.")
    do = N_("Run it on a desktop, or use: carehub demo --headless")


class NoDesktop(MachineError):
    """Qt, or a library it needs, is not installed; `reason` is the loader's own words."""

    code = "no_desktop"
    what = N_("The parts that draw windows are missing or incomplete ({reason}).")
    do = N_("Install them with: pip install 'carehub[client]', then run: carehub doctor")


class NoFont(MachineError):
    """No font with Chinese characters is installed."""

    code = "no_font"
    what = N_("No font with Chinese characters is installed.")
    do = N_("Install one, for example: sudo apt-get install fonts-noto-cjk")


class NoVoice(MachineError):
    """No voice is installed that can read aloud."""

    code = "no_voice"
    what = N_("This computer has no voice to read aloud with.")
    do = N_("The words stay on the screen; ask your family to install a voice.")


class NoPrinter(MachineError):
    """No printer answered."""

    code = "no_printer"
    what = N_("No printer was found.")
    do = N_("Save the sheet as a PDF, or write the code down by hand.")
