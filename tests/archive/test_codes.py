"""PINs, passphrases and recovery codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.archive.vault import codes
from carehub.errors import InputError, WrongRecoveryCode

WIDE = "\uff14\uff10\uff12\uff18\uff15\uff17"
EASY = ["000000", "123456", "654321", "012345", "890123", "121212", "123123", "112233", "123321"]


@pytest.mark.parametrize("pin", EASY)
def test_a_pin_that_is_guessed_first_is_refused_with_a_sentence(pin):
    with pytest.raises(InputError, match="too easy to guess"):
        codes.check_pin(pin)


@pytest.mark.parametrize("pin", ["", "1234", "12345", "1234567", "12a456", "一二三四五六"])
def test_a_pin_has_six_digits(pin):
    with pytest.raises(InputError, match="six digits"):
        codes.check_pin(pin)


@pytest.mark.parametrize("pin", ["402857", WIDE, " 402857 ", "195037"])
def test_an_irregular_pin_is_taken_from_any_keyboard(pin):
    codes.check_pin(pin)
    assert codes.pin_bytes(pin).isdigit()


@pytest.mark.parametrize("text", ["", "short", "123456789", "         a"])
def test_a_passphrase_has_ten_characters(text):
    with pytest.raises(InputError, match="ten characters"):
        codes.check_passphrase(text)


def test_a_passphrase_of_one_sign_is_refused():
    with pytest.raises(InputError, match="too easy"):
        codes.check_passphrase("aaaaaaaaaaaa")
    codes.check_passphrase("青山绿水宣纸白云石桥")


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it():
    assert codes.passphrase_bytes("café latte 12") == codes.passphrase_bytes("cafe\u0301 latte 12")


def test_a_code_is_eight_groups_of_four_unambiguous_signs():
    groups = codes.written(codes.new_code()).split("-")
    assert [len(group) for group in groups] == [4] * 8
    assert not set("".join(groups)) & set("ILOU")
    assert len(set(codes.SYMBOLS)) == 32


@given(st.binary(min_size=20, max_size=20), st.randoms())
def test_a_code_is_read_however_it_is_typed(code, chance):
    text = codes.written(code)
    typed = [chance.choice([sign, sign.lower(), _lookalike(sign)]) for sign in text]
    spaced = "".join(chance.choice(["", " ", "-", "—"]) + sign for sign in typed if sign != "-")
    wide = "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in spaced)
    assert codes.read_code(text) == codes.read_code(spaced) == codes.read_code(wide) == code


def _lookalike(sign):
    return {"0": "o", "1": "l", "V": "u"}.get(sign, sign)


@pytest.mark.parametrize("text", ["", "ABCD", "A" * 33, "恢" * 32, "é" * 32])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(WrongRecoveryCode):
        codes.read_code(text)
