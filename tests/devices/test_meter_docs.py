"""docs/meters.md says what the drivers say, and shows the matrix that the tests demand."""

import pytest

from tests.helpers.scripts import script

docs = script("meter_docs")


@pytest.mark.parametrize("mark", ["families", "faults"])
def test_the_page_is_up_to_date(mark: str) -> None:
    found = docs.marked(mark).search(docs.PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == docs.PARTS[mark](), "run python packaging/meter_docs.py"


def test_each_driver_stands_there_with_how_it_was_verified() -> None:
    page = docs.families()
    for driver in docs.BUILT_IN:
        assert f"#### `{driver.name}`" in page
    assert page.count("Verified: profile-conformant, simulated; unverified on hardware.") == 9
