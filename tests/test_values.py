"""Values in cells. Expected values are written by hand: 1 ha is 15 mu, 1 km2 is 1500 mu, 1 mu is 10000/15 m2."""

import math
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit.values import dates, enums, numbers, truths


def cells(*values):
    return pd.Series(list(values), dtype=object)


def read_number(text, unit=None):
    found = numbers(cells(text), unit=unit)
    assert not (found.bad[0] and not math.isnan(found.values[0]))
    return "bad" if found.bad[0] else None if math.isnan(found.values[0]) else found.values[0]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12.5", "mu", 12.5),
        ("1,234.5", "mu", 1234.5),
        ("1，234.5", "mu", 1234.5),
        ("１２.５亩", "mu", 12.5),
        ("3.2公顷", "mu", 48.0),
        ("3.2 公顷", "m2", 32000.0),
        ("0.3平方公里", "mu", 450.0),
        ("15亩", "m2", 10000.0),
        ("15亩", "ha", 1.0),
        ("1500亩", "km2", 1.0),
        ("1.2万亩", "mu", 12000.0),
        ("1.2万", "mu", 12000.0),
        ("0.5万方", "m2", 5000.0),
        ("0.5万平方米", "m2", 5000.0),
        ("12.5㎡", "m2", 12.5),
        ("12.5m²", "m2", 12.5),
        ("1.2万", "万元", 1.2),
        ("1.2万元", "万元", 1.2),
        ("1.2亿", "万元", 12000.0),
        ("3500元", "万元", 0.35),
        ("30", "万元/亩", 30.0),
        ("30万元/亩", "万元/亩", 30.0),
        ("12.5 %", "%", 12.5),
        ("12.5％", "%", 12.5),
        ("50%", None, 0.5),
        ("68户", "户", 68.0),
        ("6幢", "栋", 6.0),
        ("1998年", "year", 1998.0),
        ("68家", None, 68.0),
        ("-3", None, -3.0),
        ("−3", None, -3.0),
        ("+3", None, 3.0),
        ("1e3", None, 1000.0),
        (".5", None, 0.5),
        (True, None, "bad"),
        ("约12亩", "mu", "bad"),
        ("12-15", "mu", "bad"),
        ("12+3", "mu", "bad"),
        ("12.5亩左右", "mu", "bad"),
        ("1,23", "mu", "bad"),
        ("12 34", "mu", "bad"),
        ("十二亩", "mu", "bad"),
        ("(12.5)", "mu", "bad"),
        ("12亩", "户", "bad"),
        ("12户", "mu", "bad"),
        ("12%", "mu", "bad"),
        ("12亩", None, "bad"),
        ("12亩", "万元", "bad"),
        ("1.2万", "%", "bad"),
        ("待定", "mu", "bad"),
        ("1e999", None, "bad"),
        (math.inf, None, "bad"),
        ("—", "mu", None),
        ("/", "mu", None),
        ("无", "mu", None),
        ("  ", "mu", None),
        (None, "mu", None),
    ],
)
def test_numbers(text, unit, value):
    assert read_number(text, unit) == value


def test_numbers_say_which_unit_stood_in_the_cell():
    found = numbers(cells("3.2公顷", "48", "0.5万方"), unit="mu")
    assert found.units.tolist() == ["公顷", "", "万方"]
    assert found.values.tolist() == [48.0, 48.0, 7.5]


def test_numbers_keep_the_index_and_take_numeric_columns_as_they_are():
    found = numbers(pd.Series([1.5, math.nan, math.inf], index=[7, 8, 9]), unit="mu")
    assert found.values.index.tolist() == [7, 8, 9]
    assert found.values[7] == 1.5
    assert found.bad.tolist() == [False, False, True]
    assert found.values.isna().tolist() == [False, True, True]
    assert numbers(pd.Series([1, None], dtype="Int64")).values.isna().tolist() == [False, True]


def test_true_is_not_one():
    assert numbers(cells(1, True, 1.0)).bad.tolist() == [False, True, False]
    assert numbers(pd.Series([True])).bad.tolist() == [True]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_read_back(value):
    assert read_number(repr(value)) == value


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(["亩", "公顷", "平方米"]))
def test_units_are_converted_exactly_and_rounded_once(value, unit):
    metres = {"亩": Fraction(10000, 15), "公顷": Fraction(10000), "平方米": Fraction(1)}
    assert read_number(f"{value}{unit}", "mu") == float(Fraction(value) * metres[unit] * 15 / 10000)


@given(st.integers(min_value=0, max_value=10**15))
def test_thousands_separators(value):
    assert read_number(f"{value:,}") == value


@given(st.text(max_size=8), st.sampled_from("0123456789０９"), st.text(max_size=8))
def test_a_cell_with_a_digit_is_never_taken_for_an_empty_one(before, digit, after):
    text = cells(f"{before}{digit}{after}")
    for found in (numbers(text, unit="mu"), dates(text), truths(text)):
        assert found.bad[0] == found.values.isna()[0]


DAY, MONTH, YEAR, SERIAL = "day", "month", "year", "serial"


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2022-6-1", "2022-06-01", DAY),
        ("2022.6.1", "2022-06-01", DAY),
        ("2022/06/01", "2022-06-01", DAY),
        ("2022年6月1日", "2022-06-01", DAY),
        ("2022 年 6 月 1 日", "2022-06-01", DAY),
        ("２０２２年６月１日", "2022-06-01", DAY),
        ("二〇二二年六月一日", "2022-06-01", DAY),
        ("二零二二年十二月三十一日", "2022-12-31", DAY),
        ("二〇二二年十月二十日", "2022-10-20", DAY),
        ("22年6月1日", "2022-06-01", DAY),
        ("98年6月1日", "1998-06-01", DAY),
        ("20220601", "2022-06-01", DAY),
        (20220601, "2022-06-01", DAY),
        (20220601.0, "2022-06-01", DAY),
        ("2022-06-01 09:30:15", "2022-06-01 09:30:15", DAY),
        ("2022/6/1 9:30", "2022-06-01 09:30", DAY),
        ("2022-06-01T18:00:00Z", "2022-06-02 02:00", DAY),
        ("2022-06-01T18:00:00+08:00", "2022-06-01 18:00", DAY),
        (date(2022, 6, 1), "2022-06-01", DAY),
        (datetime(2022, 6, 1, 3), "2022-06-01 03:00", DAY),
        (datetime(2022, 6, 1, 18, tzinfo=UTC), "2022-06-02 02:00", DAY),
        ("2024年2月", "2024-02-29", MONTH),
        ("2022.6", "2022-06-30", MONTH),
        ("2022.10", "2022-10-31", MONTH),
        ("2022-06", "2022-06-30", MONTH),
        ("202206", "2022-06-30", MONTH),
        ("2022年6月底", "2022-06-30", MONTH),
        ("2022年", "2022-12-31", YEAR),
        (2022, "2022-12-31", YEAR),
        (44713, "2022-06-01", SERIAL),  # the day after 44712, 31 May 2022, in every spreadsheet
        (44713.25, "2022-06-01 06:00", SERIAL),
    ],
)
def test_dates(text, value, precision):
    found = dates(cells(text))
    assert not found.bad[0]
    assert found.values[0] == pd.Timestamp(value)
    assert found.precision[0] == precision


@pytest.mark.parametrize(
    "text",
    [
        *("2022-2-30", "2022-13-1", "2022年13月", "1812-1-1", "20221301", "22.6.1", "6/1/2022", "6月底", "2022.1"),
        *("近期", "2022年6月上旬", "12"),
        *("2022-6-1至2022-6-30", "2022-06-01 25:00", "0000-00-00", 2022.1, 12, True, 9e9),
    ],
)
def test_dates_that_are_none_or_could_be_two(text):
    found = dates(cells(text))
    assert found.bad[0]
    assert found.values.isna()[0]
    assert found.precision[0] == ""


@pytest.mark.parametrize("text", ["", "—", "/", "无", None, math.nan, pd.NaT])
def test_dates_that_are_not_there(text):
    found = dates(cells(text))
    assert not found.bad[0]
    assert found.values.isna()[0]


def test_datetime_columns_are_taken_as_they_are():
    moments = pd.Series(pd.to_datetime(["2022-06-01 18:00", None]), index=[3, 4])
    assert dates(moments).values.tolist()[0] == pd.Timestamp("2022-06-01 18:00")
    assert dates(moments).precision.tolist() == [DAY, ""]
    assert dates(moments.dt.tz_localize("UTC")).values[3] == pd.Timestamp("2022-06-02 02:00")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_in_every_form(day):
    forms = [day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month}/{day.day}"]
    forms += [f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"]
    assert dates(cells(*forms)).values.dt.date.tolist() == [day] * len(forms)


@given(st.integers(min_value=20_000, max_value=80_000))
def test_every_serial_is_that_many_days_from_the_last_day_but_one_of_1899(serial):
    assert dates(cells(serial)).values[0] == datetime(1899, 12, 30) + timedelta(days=serial)


def test_truths():
    yes = ["是", "有", "√", "✓", "Y", "yes", "True", "TRUE", "1", 1, 1.0, True]
    no = ["否", "无", "×", "N", "no", "false", "0", 0, 0.0, False]
    assert truths(cells(*yes)).values.tolist() == [True] * len(yes)
    assert truths(cells(*no)).values.tolist() == [False] * len(no)
    found = truths(cells("也许", 2, "—", None))
    assert found.bad.tolist() == [True, True, False, False]
    assert found.values.isna().all()
    assert truths(pd.Series([True, False])).values.tolist() == [True, False]


def test_enums():
    domain = {"signed": "签约", "vacated": "腾空交地", "1": "未到计划时序"}
    found = enums(cells("signed", "签约", " 腾空交地 ", "Signed", "1", 1, 1.0, "1 未到计划时序"), domain=domain)
    assert found.values.tolist() == ["signed", "signed", "vacated", "signed", "1", "1", "1", "1"]
    assert not found.bad.any()
    found = enums(cells("腾空", "签约中", "无", None), domain=domain)
    assert found.bad.tolist() == [True, True, False, False]
    assert found.values.isna().all()


def test_enums_know_a_term_that_elsewhere_stands_for_nothing_and_refuse_a_label_of_two():
    assert enums(cells("无"), domain={"none": "无"}).values.tolist() == ["none"]
    assert enums(cells("其他"), domain={"a": "其他", "b": "其他"}).bad.tolist() == [True]
