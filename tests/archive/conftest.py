"""An empty archive for each test, made in a few milliseconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.archive.store import Archive
from carehub.archive.vault import MemoryKeys
from tests.helpers import archives
from tests.helpers.records import NOON


@pytest.fixture(autouse=True)
def _cheap_keys() -> Iterator[None]:
    with archives.cheap_keys():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def store() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    opened = archives.new(folder)
    yield opened
    opened.close(NOON)
