"""Sample files of other programs, where they lie beside the project: the counts of docs/imports.md."""

import os
import re
from pathlib import Path

import pytest

from carehub.imports.rows import Answers
from carehub.imports.sources import Source
from carehub.workflows import importing
from tests.helpers import notebooks as n
from tests.helpers.scripts import ROOT

FOLDER = Path(os.environ.get("CAREHUB_SAMPLES", ROOT.parent / "shared" / "data" / "formats"))
PAGE = ROOT / "docs" / "imports.md"
ROW = re.compile(
    r"^\| `([^`]+\.(?:csv|json|xml))` \| `(\w+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+)",
    re.MULTILINE,
)
TABLE = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_the_page_has_the_table():
    assert len(TABLE) >= 20


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line[0])
def test_each_sample_file_gives_the_counts_of_the_page(line):
    name, form, *counts = line
    file = FOLDER / name
    if not file.exists():
        pytest.skip("the sample files are not here")
    if file.stat().st_size > 1_000_000 and not os.environ.get("CAREHUB_FUZZ"):
        pytest.skip("long: CAREHUB_FUZZ=1 reads it too")
    seen = importing.preview(Source.of_file(file), Answers(), n.NOW)
    assert seen.form.name == form
    found = [seen.read, seen.new, seen.duplicate, len(seen.refused)]
    assert found == [int(count.replace(",", "")) for count in counts]
