"""Whatever a file holds, an importer gives rows or one sentence; nothing else ever comes out.

CAREHUB_FUZZ=100000 python -m pytest tests/imports/test_any_bytes.py looks longer.
"""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carehub.errors import FileRefused
from carehub.imports.formats import registry
from carehub.imports.rows import Answers, Dates, Entry, Why
from tests.helpers import notebooks as n

MORE = int(os.environ.get("CAREHUB_FUZZ", "0"))
long_enough = settings(max_examples=MORE) if MORE else settings()
TEXTS = (
    *n.PRESSURE_SAMPLES.values(),
    n.UBPM_JSON,
    n.LIBRE,
    n.CLARITY,
    n.ACCU_CHEK,
    n.TIDEPOOL,
    n.NIGHTSCOUT,
    n.NIGHTSCOUT_CSV,
    n.APPLE,
)
SEEDS: tuple[bytes, ...] = (
    *(text.encode() for text in TEXTS),
    n.database(*n.UBPM_DATABASE),
    n.database(*n.BP_FL_DATABASE),
    n.zipped({"apple_health_export/export.xml": n.APPLE}),
    n.OMRON.encode("utf-16"),
)


def read(content: bytes) -> None:
    """Read a file to its end in every order of dates; every row is an entry or a reason."""
    for order in (None, Dates.DMY):
        try:
            found = n.rows(content, Answers(dates=order))
        except FileRefused:
            continue
        else:
            assert all(isinstance(row, Entry | Why) for _line, row in found)


@long_enough
@given(st.binary(max_size=300))
def test_bytes_of_any_kind(content):
    read(content)


@long_enough
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_texts_of_any_kind(text, encoding):
    read(("time,sys,dia,glucose,note\n" + text).encode(encoding, "replace"))


@long_enough
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_files_that_were_harmed(seed, chance: random.Random):
    content = bytearray(seed)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                del content[at : at + chance.randint(1, 40)]
            case 2:
                content[at:at] = content[at : at + chance.randint(1, 60)]
            case _:
                content[at : at + 2] = chance.choice(
                    [b'"', b",,", b"\n", b"\xff\xfe", b"<", b"]", b"9999"]
                )
        content = content or bytearray(b" ")
    read(bytes(content))


@pytest.mark.parametrize("form", registry.FORMATS, ids=lambda form: form.title)
def test_no_format_claims_what_is_random(form):
    chance = random.Random(7)
    assert not any(form.claims(n.source_of(chance.randbytes(400))) for _ in range(50))
