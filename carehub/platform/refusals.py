"""Why the platform refuses: stable codes, each with its HTTP status and a sentence for a person."""

from typing import NamedTuple

from carehub.i18n import N_


class Reason(NamedTuple):
    """What a code means: the HTTP status and the sentence."""

    status: int
    sentence: str


REASONS: dict[str, Reason] = {
    "malformed": Reason(422, N_("The request is not in the form the service expects.")),
    "too_large": Reason(413, N_("The request is too large. Send it in smaller parts.")),
    "file_too_large": Reason(413, N_("The file is larger than the service takes (20 MB).")),
    "quota": Reason(413, N_("There is no more room for the files of this person.")),
    "media_type": Reason(
        415, N_("Files of this kind are not taken; photos, PDF and plain text are.")
    ),
    "piece_type": Reason(415, N_("The request is not in the form the service expects.")),
    "upload_taken": Reason(409, N_("This upload was begun with another file.")),
    "offset": Reason(409, N_("The service holds another part of the file. Ask how far it is.")),
    "checksum": Reason(460, N_("The file changed on the way. Send it again.")),
    "range": Reason(416, N_("The file has no such part.")),
    "tus_version": Reason(412, N_("The service speaks another version of the upload protocol.")),
    "no_files": Reason(501, N_("This service keeps no files.")),
    "disk_full": Reason(507, N_("The service's disk is full. Please try again later.")),
    "not_found": Reason(404, N_("There is no such thing here.")),
    "wrong_method": Reason(405, N_("That cannot be done with this address.")),
    "not_signed_in": Reason(401, N_("Please sign in.")),
    "expired": Reason(401, N_("The sign-in is too old. Please sign in again.")),
    "session_ended": Reason(401, N_("This device was signed out. Please sign in again.")),
    "token_reused": Reason(
        401,
        N_("An old key of this device was used again, so it was signed out. Please sign in again."),
    ),
    "wrong_credentials": Reason(401, N_("The name or the password is not right.")),
    "wrong_pin": Reason(401, N_("That PIN is not right.")),
    "not_bound": Reason(401, N_("This device takes no PIN now. Please sign in with the password.")),
    "locked": Reason(429, N_("Too many wrong passwords. Please wait and try again.")),
    "too_many": Reason(429, N_("Too many requests. Please wait a moment.")),
    "login_taken": Reason(409, N_("This name or telephone number is already in use.")),
    "login_unusable": Reason(
        422, N_("A name has 3 to 64 letters or digits; or give a telephone number.")
    ),
    "person_taken": Reason(409, N_("These records already belong to another account.")),
    "wrong_device": Reason(403, N_("This sign-in belongs to another device.")),
    "not_allowed": Reason(403, N_("You were not given leave to do that.")),
    "grant_revoked": Reason(403, N_("The leave to see these records was taken back or ran out.")),
    "consent_withdrawn": Reason(
        403, N_("Sharing with the platform was switched off for these records.")
    ),
    "erased": Reason(403, N_("These records were erased from the platform.")),
    "resync": Reason(410, N_("These records must be fetched anew.")),
    "schema": Reason(426, N_("This version of CareHub is too old or too new for the service.")),
    "code_wrong": Reason(404, N_("This code is not right, was used, or ran out.")),
    "not_now": Reason(409, N_("That is not possible any more.")),
    "authorization_pending": Reason(400, N_("Waiting for the other device to say yes.")),
    "slow_down": Reason(400, N_("Too many requests. Please wait a moment.")),
    "access_denied": Reason(400, N_("The other device said no.")),
    "expired_token": Reason(400, N_("This code is not right, was used, or ran out.")),
    "invalid_grant": Reason(400, N_("This code is not right, was used, or ran out.")),
    "unsupported_grant_type": Reason(
        400, N_("The request is not in the form the service expects.")
    ),
    "search": Reason(400, N_("A part of this search cannot be understood.")),
    "search_unknown": Reason(400, N_("This search names something that cannot be searched by.")),
    "search_person": Reason(400, N_("Name one person to search for, with patient.")),
    "not_json": Reason(406, N_("This address answers in JSON only.")),
    "bug": Reason(500, N_("The service made a mistake. Nothing that was confirmed is lost.")),
    "busy": Reason(503, N_("The service is busy. Please try again soon.")),
}


class Refused(Exception):
    """A request is refused with one code of `REASONS`; `keep` lets what was written stand.

    `wait` is the seconds after which asking again makes sense.
    """

    def __init__(self, code: str, *, keep: bool = False, wait: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = REASONS[code]
        self.keep = keep
        self.wait = wait
