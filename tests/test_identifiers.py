"""Register numbers: worked examples of the standards, numbers computed by hand, and what each checksum guarantees."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit.identifiers import (
    is_valid_certificate,
    is_valid_citizen_id,
    is_valid_organisation_code,
    is_valid_unit_no,
    is_valid_uscc,
    normalise_certificate,
    normalise_code,
    personal_data,
)

USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNIT = "330702001001GB00012W00000000"


def one(check, text: object) -> bool:
    return bool(check(pd.Series([text], dtype=object)).iloc[0])


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("91350100M000100Y43", True),  # the example worked out in GB 32100-2015
        ("91350100M000100Y4Z", False),  # the same, as that example has it before the check
        ("91110000600037341L", True),  # published with the peer library python-stdnum
        ("91110000600037342L", False),
        ("９１３５０１００Ｍ０００１００Ｙ４３", True),
        (" 9135 0100-m000100y43 ", True),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("91350100I000100Y43", False),
        ("", False),
        (None, False),
        ("无", False),
    ],
)
def test_credit_codes(code, valid):
    assert one(is_valid_uscc, code) == valid


@given(st.integers(0, 17), st.sampled_from(USCC_SIGNS))
def test_one_wrong_character_of_a_credit_code_is_always_found(place, sign):
    code = "91350100M000100Y43"
    wrong = code[:place] + sign + code[place + 1 :]
    assert one(is_valid_uscc, wrong) == (wrong == code)


@given(st.integers(8, 16))
def test_exchanged_neighbours_in_a_credit_code_are_always_found(place):
    code = "91110000600037341L"
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert one(is_valid_uscc, wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("D2143569-X", True),  # 13*3+2*7+1*9+4*10+3*5+5*8+6*4+9*2 = 199 = 18*11 + 1: check 10, written X
        ("D2143569X", True),
        ("D2143569-1", False),
        ("M000100Y-4", True),  # 22*3+1*5+34*2 = 139 = 12*11 + 7: check 4
        ("00000000-0", True),  # sum 0: check 11, written 0
        ("1234567", False),
    ],
)
def test_organisation_codes(code, valid):
    assert one(is_valid_organisation_code, code) == valid


@given(st.integers(1, 8), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_organisation_code_is_always_found(place, digit):
    code = "D2143569X"
    wrong = code[:place] + digit + code[place + 1 :]
    assert one(is_valid_organisation_code, wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),  # both from the appendix of GB 11643-1999
        ("440524188001010014", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("11010519491331002X", False),  # no 13th month
        ("00010519491231002X", False),
    ],
)
def test_citizen_numbers(number, valid):
    assert one(is_valid_citizen_id, number) == valid


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_of_a_citizen_number_is_always_found(place, sign):
    number = "11010519491231002X"
    wrong = number[:place] + sign + number[place + 1 :]
    assert one(is_valid_citizen_id, wrong) == (wrong == number)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (UNIT, True),
        ("330702 001001 GB00012 W00000000", True),
        ("330702001001GB00012F00010001", True),
        ("330702001001GB00012W00000001", False),  # W is land without a fixture
        ("330702001001XB00012W00000000", False),
        ("330702001001GB00012", False),
        (None, False),
    ],
)
def test_real_estate_units(number, valid):
    assert one(is_valid_unit_no, number) == valid


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("浙（2021）金华市不动产权第0012345号", "浙(2021)金华市不动产权第0012345号"),
        ("浙〔２０２１〕金华市不动产权第 12345 号", "浙(2021)金华市不动产权第0012345号"),
        ("浙[2021]金华市不动产权第0012345", "浙(2021)金华市不动产权第0012345号"),
        (
            "浙(2021)金华市不动产权第0012345号、浙(2021)金华市不动产权第0012346号",
            "浙(2021)金华市不动产权第0012345号|浙(2021)金华市不动产权第0012346号",
        ),
        ("金市国用（2008）第001-12345号", "金市国用(2008)第001-12345号"),
        ("无", "无"),
    ],
)
def test_certificates_have_one_spelling(written, spelt):
    assert normalise_certificate(pd.Series([written])).tolist() == [spelt]
    assert normalise_certificate(pd.Series([spelt])).tolist() == [spelt]


@pytest.mark.parametrize(
    ("written", "valid"),
    [
        ("浙（2021）金华市不动产权第12345号", True),
        ("金市国用(2008)第001-12345号", True),
        ("浙(2021)金华市不动产证明第0012345号", False),  # of a mortgage, not of a right
        ("办理中", False),
        ("12345", False),
        (None, False),
    ],
)
def test_what_is_a_certificate(written, valid):
    assert one(is_valid_certificate, written) == valid


def test_gaps_stay_gaps():
    assert normalise_code(pd.Series(["ab-1", None, " "], dtype="str")).isna().tolist() == [False, True, True]


def test_personal_numbers_are_found_in_text_and_not_in_credit_codes_or_areas():
    frame = pd.DataFrame(
        {
            "note": ["张某 11010519491231002X", "电话138 0013 8000", "91350100M000100Y43", UNIT],
            "phone": [13800138000.0, 1.5, float("nan"), 12345678901.0],
            "area": [1380013.8, 2.0, 3.0, 4.0],
        },
        index=[3, 5, 7, 9],
    )
    found = personal_data(frame)
    assert list(found.columns) == ["row", "column", "kind"]
    assert found.to_numpy().tolist() == [[3, "note", "citizen_id"], [5, "note", "mobile"], [3, "phone", "mobile"]]
    assert personal_data(frame[["area"]]).empty
