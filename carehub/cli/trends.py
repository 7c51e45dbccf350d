"""`carehub trends`: how a person's readings went over a week, a month, three months or a year."""

import argparse

from carehub.cli.parser import Nouns


def register(nouns: Nouns) -> None:
    """Add `trends` to the command line."""
