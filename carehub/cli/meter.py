"""`carehub meter`: what a meter sends, read by hand or over the air."""

import argparse
import json
import re
from collections.abc import Iterator, Mapping

from carehub.cli import measuring
from carehub.cli.grammar import Noun, Nouns
from carehub.cli.output import emit
from carehub.devices import gatt
from carehub.errors import InputError
from carehub.i18n import _

_SEPARATORS = re.compile(r"[\s:,-]+")
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.IGNORECASE)


def register(nouns: Nouns) -> None:
    """Add `meter` and its verbs to the command line."""
    meter = nouns.noun("meter", _("find, read and decode meters"))
    _add_decode(meter)
    measuring.register(meter)


def decode(args: argparse.Namespace) -> int:
    """Print what the bytes of one characteristic say."""
    value = gatt.decode(gatt.characteristic(args.uuid), octets(" ".join(args.hex)))
    shape = gatt.describe(value)
    emit(shape, args.json, _lines(shape))
    return 0


def octets(text: str) -> bytes:
    """Read hexadecimal bytes as people paste them: with spaces, colons, hyphens or 0x, any case."""
    parts = [part.lower().removeprefix("0x") for part in _SEPARATORS.split(text.strip())]
    if not all(_HEX.fullmatch(part) for part in parts):
        raise InputError(_("The bytes are not hexadecimal; write two digits for each byte."))
    return bytes.fromhex("".join(parts))


def _add_decode(meter: Noun) -> None:
    parser = meter.verb("decode", _("explain the bytes of a characteristic"), decode)
    parser.add_argument("uuid", metavar="UUID", help=_("for example 2A35"))
    parser.add_argument("hex", metavar="HEX", nargs="+", help=_("the bytes in hexadecimal"))


def _lines(shape: Mapping[str, object]) -> Iterator[str]:
    for name, value in shape.items():
        yield f"{name}: {_plain(value)}"


def _plain(value: object) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
