"""Whose numbers stand on the help page, and how they are grouped for dialling."""

from dataclasses import replace

import pytest

from carehub.ui.screens.help.model import Number, grouped, numbers
from carehub.ui.screens.sample import PROFILE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13800000000", "138 0000 0000"),
        ("138-0000-0000", "138 0000 0000"),
        ("010-12345678", "010-12345678"),
        (" 12320 ", "12320"),
    ],
)
def test_a_number_is_grouped_for_dialling(typed: str, shown: str) -> None:
    assert grouped(typed) == shown


def test_family_comes_in_its_order_and_without_empty_numbers() -> None:
    second, first = PROFILE.contacts[1], PROFILE.contacts[0]
    nobody = replace(first, name="李示例", phone=" ", order=0)
    profile = replace(PROFILE, contacts=(second, nobody, first))
    assert numbers(profile) == (
        Number("王芳", "女儿", "138 0000 0000"),
        Number("王强", "儿子", "139 0000 0000"),
    )


def test_nobody_chosen_has_no_numbers() -> None:
    assert numbers(None) == ()
