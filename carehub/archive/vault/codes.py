"""What a person types to unlock: how PIN, passphrase and recovery code are written and read."""

import secrets
import unicodedata
from itertools import pairwise

from carehub.errors import InputError, WrongRecoveryCode
from carehub.i18n import _

PIN_DIGITS = 6
PASSPHRASE_LENGTH = 10
CODE_BITS = 160
GROUP = 4
# Crockford's 32 symbols: no I, L, O or U, which are read as other signs on paper.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OILU", "011V")
SYMBOL_BITS = 5


def pin_bytes(pin: str) -> bytes:
    """Return the digits as bytes; full-width digits of a Chinese keyboard count as the plain ones."""
    return unicodedata.normalize("NFKC", pin).strip().encode()


def passphrase_bytes(text: str) -> bytes:
    """Return the passphrase as bytes, the same for each way a keyboard may compose it."""
    return unicodedata.normalize("NFKC", text).encode()


def check_pin(pin: str) -> None:
    """Raise InputError unless the PIN is six digits that are not guessed first."""
    digits = pin_bytes(pin).decode()
    if len(digits) != PIN_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise InputError(_("A PIN is six digits."))
    if _guessed_first(digits):
        raise InputError(_("That PIN is too easy to guess. Choose six less regular digits."))


def check_passphrase(text: str) -> None:
    """Raise InputError unless the passphrase has ten characters, four of them different."""
    plain = passphrase_bytes(text).decode().strip()
    if len(plain) < PASSPHRASE_LENGTH:
        raise InputError(_("A passphrase needs at least ten characters."))
    if len(set(plain)) < GROUP:
        raise InputError(_("That passphrase is too easy to guess. Use different words."))


def new_code() -> bytes:
    """Return 160 fresh random bits."""
    return secrets.token_bytes(CODE_BITS // 8)


def written(code: bytes) -> str:
    """Write a recovery code as eight groups of four symbols."""
    number = int.from_bytes(code)
    shifts = range(CODE_BITS - SYMBOL_BITS, -1, -SYMBOL_BITS)
    symbols = "".join(SYMBOLS[(number >> shift) & 31] for shift in shifts)
    return "-".join(symbols[i : i + GROUP] for i in range(0, len(symbols), GROUP))


def read_code(text: str) -> bytes:
    """Read a recovery code as typed: case, spaces, dashes, O for 0 and I or L for 1 do not matter.

    Raises WrongRecoveryCode where it is not 32 of the symbols.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(READ_AS)
    symbols = [sign for sign in plain if sign.isalnum()]
    if len(symbols) != CODE_BITS // SYMBOL_BITS or not set(symbols) <= set(SYMBOLS):
        raise WrongRecoveryCode
    number = 0
    for sign in symbols:
        number = number << SYMBOL_BITS | SYMBOLS.index(sign)
    return number.to_bytes(CODE_BITS // 8)


def _guessed_first(digits: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    runs = len(steps) == 1 and steps <= {0, 1, 9}
    halves = digits[:3] == digits[3:] or digits[:2] * 3 == digits
    doubled = all(digits[i] == digits[i + 1] for i in range(0, PIN_DIGITS, 2))
    mirrored = digits[:3] == digits[:2:-1] and len(set(digits)) <= 3 and _row(digits[:3])
    return runs or halves or doubled or mirrored


def _row(digits: str) -> bool:
    return "".join(sorted(digits)) in "0123456789"
