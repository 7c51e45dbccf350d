"""Bumble logs each packet; at DEBUG that is most of a test's time and all of its output."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _quiet_bumble() -> Iterator[None]:
    logger = logging.getLogger("bumble")
    level = logger.level
    logger.setLevel(logging.WARNING)
    yield
    logger.setLevel(level)
