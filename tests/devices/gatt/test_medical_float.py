"""SFLOAT and FLOAT against the formula of IEEE 11073-20601, written a second time."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.devices.gatt.medical_float import Special, float32, number, sfloat, text

SFLOAT_SPECIALS = {
    0x07FF: Special.NAN,
    0x0800: Special.NRES,
    0x07FE: Special.PLUS_INFINITY,
    0x0802: Special.MINUS_INFINITY,
    0x0801: Special.RESERVED,
}
FLOAT_SPECIALS = {
    0x007FFFFF: Special.NAN,
    0x00800000: Special.NRES,
    0x007FFFFE: Special.PLUS_INFINITY,
    0x00800002: Special.MINUS_INFINITY,
    0x00800001: Special.RESERVED,
}


def signed(bits: int, width: int) -> int:
    """Two's complement by flipping the sign bit, not as the codec does it."""
    sign = 1 << (width - 1)
    return (bits ^ sign) - sign


def test_all_65536_sfloats_agree_with_the_formula():
    for bits in range(0x10000):
        value = sfloat(bits)
        if bits in SFLOAT_SPECIALS:
            assert value is SFLOAT_SPECIALS[bits]
            continue
        mantissa, exponent = signed(bits & 0x0FFF, 12), signed(bits >> 12, 4)
        assert isinstance(value, Decimal)
        assert Fraction(value) == Fraction(mantissa) * Fraction(10) ** exponent
        assert value.as_tuple().exponent == exponent


@given(bits=st.integers(0, 0xFFFFFFFF) | st.sampled_from(sorted(FLOAT_SPECIALS)))
def test_a_float_agrees_with_the_formula(bits):
    value = float32(bits)
    if bits in FLOAT_SPECIALS:
        assert value is FLOAT_SPECIALS[bits]
        return
    mantissa, exponent = signed(bits & 0xFFFFFF, 24), signed(bits >> 24, 8)
    assert isinstance(value, Decimal)
    assert Fraction(value) == Fraction(mantissa) * Fraction(10) ** exponent
    assert value.as_tuple().exponent == exponent


@pytest.mark.parametrize(
    ("bits", "printed"),
    [
        (0x0078, "120"),  # 120 x 10^0
        (0x100C, "120"),  # 12 x 10^1, not 1.2E+2
        (0xF4B0, "120.0"),  # 1200 x 10^-1: the tenth was sent
        (0xF0BD, "18.9"),  # 189 x 10^-1
        (0xB063, "0.00099"),  # 99 x 10^-5
        (0x8001, "0.00000001"),  # 1 x 10^-8, the finest an SFLOAT has
        (0x77FD, "20450000000"),  # 2045 x 10^7
        (0x0FFF, "-1"),
        (0xFFF6, "-1.0"),
        (0x0000, "0"),
        (0x5000, "0"),  # 0 x 10^5
        (0xE000, "0.00"),
        # The mantissas of the specials with another exponent are numbers.
        (0xF7FF, "204.7"),
        (0x17FF, "20470"),
        (0xF7FE, "204.6"),
        (0xF800, "-204.8"),
        (0x07FF, "NaN"),
        (0x0800, "NRes"),
        (0x07FE, "+INF"),
        (0x0802, "-INF"),
        (0x0801, "reserved"),
    ],
)
def test_an_sfloat_prints_in_plain_digits(bits, printed):
    assert text(sfloat(bits)) == printed


@pytest.mark.parametrize(
    ("bits", "printed"),
    [
        (0xFF00016D, "36.5"),  # 365 x 10^-1
        (0x00FFFFFF, "-1"),
        (0x037FFFFF, "8388607000"),  # NaN's mantissa with exponent 3
        (0x007FFFFF, "NaN"),
        (0x00800000, "NRes"),
        (0x007FFFFE, "+INF"),
        (0x00800002, "-INF"),
        (0x00800001, "reserved"),
    ],
)
def test_a_float_prints_in_plain_digits(bits, printed):
    assert text(float32(bits)) == printed


def test_the_callers_decimal_context_changes_nothing():
    with localcontext() as context:
        context.prec = 2
        assert sfloat(0xF4D3) == Decimal("123.5")
        assert float32(0xFE7FFFFF) == Decimal("83886.07")


def test_only_a_number_is_a_number():
    assert number(sfloat(0x0078)) == Decimal(120)
    assert number(sfloat(0x07FF)) is None
    assert number(None) is None
