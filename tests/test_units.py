"""Areas in mu, hectares and the rest, against exact fractions and the domain's own figures."""

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit import units
from landkit.errors import UsageError

# m2 in a unit, written out by hand and independent of the module: 15 mu = 1 ha.
PER_UNIT = {
    "mu": Fraction(2000, 3),
    "ha": Fraction(10_000),
    "m2": Fraction(1),
    "km2": Fraction(1_000_000),
    "wanmu": Fraction(20_000_000, 3),
}
AREAS = st.floats(min_value=1e-6, max_value=1e14)


def test_units_are_exact():
    assert {name: unit.square_metres for name, unit in units.UNITS.items()} == PER_UNIT


@pytest.mark.parametrize(
    ("m2", "unit", "expected"),
    [
        (10_000, "mu", 15.0),
        (2_000, "mu", 3.0),
        (28e6, "mu", 42_000.0),  # the Qiubin block, 28 km2
        (3.3e6, "mu", 4_950.0),  # west of Huhaitang, 3.3 km2
        (2_000_010, "mu", 3_000.015),  # 3000 plots of "666.67 m2"
        (667 * 3000, "mu", 3_001.5),
        (12_345, "ha", 1.2345),
        (28e6, "km2", 28.0),
        (28e6, "wanmu", 4.2),
        (12.5, "m2", 12.5),
        (0.0, "mu", 0.0),
    ],
)
def test_known_areas(m2, unit, expected):
    assert units.convert(m2, unit=unit) == expected


@pytest.mark.parametrize("unit", PER_UNIT)
@given(whole=st.integers(min_value=0, max_value=2**51))
def test_whole_square_metres_are_correctly_rounded(unit, whole):
    assert units.convert(float(whole), unit=unit) == float(whole / PER_UNIT[unit])


@pytest.mark.parametrize("unit", PER_UNIT)
@given(m2=AREAS)
def test_any_area_is_rounded_twice_at_most(unit, m2):
    exact = Fraction(m2) / PER_UNIT[unit]
    result = units.convert(m2, unit=unit)
    unit_roundoff = Fraction(1, 2**53)
    assert abs(Fraction(result) - exact) <= exact * ((1 + unit_roundoff) ** 2 - 1)


@pytest.mark.parametrize("unit", PER_UNIT)
@given(m2=AREAS)
def test_there_and_back(unit, m2):
    back = units.to_m2(units.convert(m2, unit=unit), unit=unit)
    assert abs(back - m2) <= 3 * math.ulp(m2)


def test_arrays_and_series_keep_their_kind():
    array = units.convert(np.array([10_000.0, 2_000.0]), unit="mu")
    assert array.dtype == np.float64
    assert array.tolist() == [15.0, 3.0]
    series = pd.Series([1.0, math.nan], index=["a", "b"], name="net")
    pd.testing.assert_series_equal(
        units.to_m2(series, unit="ha"), pd.Series([10_000.0, math.nan], index=["a", "b"], name="net")
    )


def test_small_integers_do_not_overflow():
    assert units.convert(np.array([2_000_000_000], dtype=np.int32), unit="mu").tolist() == [3_000_000.0]


def test_square_metres_are_a_new_array():
    before = np.array([1.0])
    after = units.convert(before, unit="m2")
    after[0] = 2.0
    assert before[0] == 1.0


@pytest.mark.parametrize("function", [units.convert, units.to_m2])
def test_unknown_unit(function):
    with pytest.raises(UsageError) as caught:
        function(1.0, unit="acre")
    assert caught.value.exit_code == 2
    assert "acre" in caught.value.message("en")
    assert "acre" in caught.value.message("zh")
    assert "mu, ha, m2, km2, wanmu" in caught.value.hint("en")


def test_names_can_be_printed_on_a_chinese_console():
    names = [(unit.name("en"), unit.name("zh")) for unit in units.UNITS.values()]
    assert ("mu", "亩") in names
    assert ("10,000 mu", "万亩") in names
    for english, chinese in names:
        english.encode("ascii")
        chinese.encode("gbk")


def test_units_load_no_array_library():
    code = "import sys, landkit.units; print([m for m in ('numpy', 'pandas', 'geopandas') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
