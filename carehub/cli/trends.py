"""`carehub trends`: how a person's readings went over a week, a month, three months or a year."""

from carehub.cli.grammar import Nouns


def register(nouns: Nouns) -> None:
    """Add `trends` to the command line."""
