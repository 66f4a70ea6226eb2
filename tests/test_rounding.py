"""Rounded parts add up: against Decimal, brute force and tables worked out by hand."""

import itertools
import math
import time
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from landkit.errors import LandkitError, UsageError
from landkit.rounding import controlled, largest_remainder, rounded

DIGITS = st.integers(min_value=0, max_value=6)
FIGURES = st.one_of(
    st.just(0.0),
    st.floats(min_value=-1e6, max_value=1e6),
    st.integers(min_value=-(10**8), max_value=10**8).map(lambda n: n / 100),
    st.integers(min_value=-100, max_value=100).map(lambda n: n + 0.5),
)


def tables(most_rows, most_columns):
    shapes = arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=max(most_rows, most_columns))
    return shapes.filter(lambda s: s[0] <= most_rows and s[1] <= most_columns).flatmap(
        lambda shape: arrays.arrays(np.float64, shape, elements=FIGURES, fill=st.just(0.0))
    )


def decimals(values):
    """The decimals a reader sees: the shortest text of each float."""
    return [Decimal(repr(float(value))) for value in np.ravel(values)]


def step(digits):
    return Decimal(1).scaleb(-digits)


# --- one figure ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (0.125, 2, 0.13),
        (2.675, 2, 2.68),  # the float lies below 2.675; a planner typed 2.675
        (1.0999999999999999, 2, 1.1),
        (-0.001, 2, 0.0),
        (1412.6, 4, 1412.6),
    ],
)
def test_rounded(value, digits, expected):
    result = rounded(value, digits=digits)
    assert result == expected
    assert math.copysign(1, result) == math.copysign(1, expected)


@given(cents=st.integers(min_value=-(10**10), max_value=10**10), digits=st.integers(min_value=0, max_value=4))
def test_rounded_as_decimal_does(cents, digits):
    typed = Decimal(cents).scaleb(-3)
    expected = typed.quantize(step(digits), rounding=ROUND_HALF_UP)
    assert Decimal(repr(rounded(float(typed), digits=digits))) == expected


# --- parts of one total -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "digits", "expected"),
    [
        ([1 / 3, 1 / 3, 1 / 3], 2, [0.34, 0.33, 0.33]),
        ([0.5, 0.5, 0.5], 0, [1.0, 1.0, 0.0]),
        ([0.2, 0.7, 0.4, 0.7], 0, [0.0, 1.0, 0.0, 1.0]),
        ([-0.2, -0.7, -0.4, -0.7], 0, [0.0, -1.0, 0.0, -1.0]),
        ([10.4, 0.0, -3.4, 0.0], 0, [10.0, 0.0, -3.0, 0.0]),
        ([], 2, []),
        ([0.0, 0.0], 2, [0.0, 0.0]),
        ([1.1, 2.2, 3.3], 1, [1.1, 2.2, 3.3]),  # their float sum is 6.6000000000000005
    ],
)
def test_largest_remainder_by_hand(parts, digits, expected):
    assert largest_remainder(parts, digits=digits) == expected


@given(parts=st.lists(FIGURES, max_size=60), digits=DIGITS)
def test_largest_remainder_adds_up(parts, digits):
    result = largest_remainder(parts, digits=digits)
    shown = decimals(result)
    assert all(value == value.quantize(step(digits)) for value in shown)
    exact = sum((Decimal(part) for part in parts), Decimal(0))
    assert abs(sum(shown) - exact) <= step(digits) / 2 + step(digits) * len(parts) / 10**6
    assert sum(shown) == decimals([rounded(float(exact), digits=digits)])[0] or len(parts) > 1
    for part, value in zip(parts, shown, strict=True):
        assert abs(value - Decimal(part)) < step(digits)
        assert part != 0 or value == 0
    assert "-0.0" not in map(repr, result)


@given(parts=st.lists(FIGURES, max_size=8), digits=st.integers(min_value=0, max_value=2))
def test_largest_remainder_deviates_least(parts, digits):
    result = decimals(largest_remainder(parts, digits=digits))
    scaled = [Decimal(part).scaleb(digits) for part in parts]
    total = int(sum(result).scaleb(digits)) if result else 0
    neighbours = [{math.floor(value), math.ceil(value)} for value in scaled]
    least = min(
        sum((abs(n - v) for n, v in zip(choice, scaled, strict=True)), Decimal(0))
        for choice in itertools.product(*neighbours)
        if sum(choice) == total
    )
    own = sum((abs(r.scaleb(digits) - v) for r, v in zip(result, scaled, strict=True)), Decimal(0))
    assert own <= least + Decimal("1e-5")


def test_total_summed_elsewhere():
    assert largest_remainder([0.25, 0.25], digits=1, total=0.5000000001) == [0.3, 0.2]
    # 0.35 is rounded up when alone; the ledger's own total, a hair below, is not.
    assert largest_remainder([0.1, 0.25], digits=1) == [0.1, 0.3]
    assert largest_remainder([0.1, 0.25], digits=1, total=0.3499) == [0.1, 0.2]


@pytest.mark.parametrize("total", [3.0, 5.0, -1.0])
def test_total_of_something_else(total):
    with pytest.raises(LandkitError) as caught:
        largest_remainder([0.5, 1.0, 0.0], digits=0, total=total)
    assert caught.value.key == "rounding.total"
    assert str(total) in caught.value.message("zh")


# --- two-way tables -----------------------------------------------------------------------------------------------


def check(table, digits):
    result = controlled(table, digits=digits)
    rows, columns = np.shape(table)
    unit = step(digits)
    cells = np.array(decimals(result.cells), dtype=object).reshape(rows, columns)
    exact = np.array([Decimal(float(v)) for v in np.ravel(table)], dtype=object).reshape(rows, columns)
    shown_rows, shown_columns, total = decimals(result.rows), decimals(result.columns), Decimal(repr(result.total))
    for value in [*cells.ravel(), *shown_rows, *shown_columns, total]:
        assert value == value.quantize(unit)
    assert [sum(row) for row in cells] == shown_rows
    assert [sum(column) for column in cells.T] == shown_columns
    assert sum(shown_rows) == sum(shown_columns) == total
    for value, true in zip(cells.ravel(), exact.ravel(), strict=True):
        assert abs(value - true) < unit
        assert true != 0 or value == 0
    grain = unit / 10**6
    for value, true in zip(shown_rows, [sum(row) for row in exact], strict=True):
        assert abs(value - true) < unit + columns * grain
    for value, true in zip(shown_columns, [sum(column) for column in exact.T], strict=True):
        assert abs(value - true) < unit + rows * grain
    assert abs(total - sum(exact.ravel())) <= unit / 2 + rows * columns * grain
    for part in (result.cells, result.rows, result.columns, result.total):
        assert not (np.signbit(part) & (np.asarray(part) == 0)).any()
    return result


@given(table=tables(12, 8), digits=DIGITS)
def test_controlled_adds_up(table, digits):
    check(table, digits)


@given(table=arrays.arrays(np.float64, (60, 6), elements=FIGURES), digits=DIGITS)
@settings(max_examples=15)
def test_controlled_adds_up_in_a_long_table(table, digits):
    check(table, digits)


def test_controlled_by_hand():
    # Rounded alone: cells 0 0 / 0 0, rows 1 1, columns 1 1, total 2: nothing adds up.
    result = check(np.full((2, 2), 0.45), 0)
    assert result.total == 2.0
    assert result.rows.tolist() == [1.0, 1.0]
    assert result.columns.tolist() == [1.0, 1.0]
    assert sorted(result.cells.ravel().tolist()) == [0.0, 0.0, 1.0, 1.0]


def test_grand_total_is_the_one_printed_alone():
    table = np.array([[0.4, 0.0], [0.0, 0.4]])
    assert check(table, 0).total == rounded(0.8, digits=0) == 1.0


def test_what_is_decimal_stays():
    table = np.array([[0.1, 0.2, 0.7], [1.1, 2.2, 3.3]])  # float sums are off in the 16th digit
    result = check(table, 1)
    assert result.cells.tolist() == table.tolist()
    assert result.rows.tolist() == [1.0, 6.6]
    assert result.columns.tolist() == [1.2, 2.4, 4.0]


@given(table=tables(3, 3), digits=st.integers(min_value=0, max_value=2))
def test_controlled_deviates_least(table, digits):
    """Every table of neighbours, counted out: none deviates less, totals first."""
    exact = [[Decimal(float(v)).scaleb(digits).quantize(Decimal("1e-6")) for v in row] for row in table]
    result = controlled(table, digits=digits)
    target = int(Decimal(repr(result.total)).scaleb(digits))
    neighbours = [sorted({math.floor(v), math.ceil(v)}) for row in exact for v in row]

    def deviation(flat):
        width = len(exact[0])
        rows = [flat[i : i + width] for i in range(0, len(flat), width)]
        sums = [(sum(a), sum(b)) for a, b in zip(rows, exact, strict=True)]
        sums += [(sum(a), sum(b)) for a, b in zip(zip(*rows, strict=True), zip(*exact, strict=True), strict=True)]
        if any(abs(a - b) >= 1 for a, b in sums):
            return Decimal("Infinity")
        inner = sum(abs(a - b) for row, true in zip(rows, exact, strict=True) for a, b in zip(row, true, strict=True))
        return 1000 * sum(abs(a - b) for a, b in sums) + inner

    least = min(deviation(flat) for flat in itertools.product(*neighbours) if sum(flat) == target)
    own = [int(value.scaleb(digits)) for value in decimals(result.cells)]
    assert deviation(own) == least


@given(parts=st.lists(FIGURES, min_size=1, max_size=12), digits=DIGITS)
def test_one_column_is_a_largest_remainder(parts, digits):
    assume(len({Decimal(part) % step(digits) for part in parts}) == len(parts))  # no ties
    result = controlled(np.array(parts)[:, None], digits=digits)
    straight = largest_remainder(parts, digits=digits)
    deviations = [
        sum(abs(Decimal(repr(a)) - Decimal(b)) for a, b in zip(x, parts, strict=True))
        for x in (result.cells[:, 0].tolist(), straight)
    ]
    assert sum(decimals(result.cells)) == sum(decimals(straight))
    assert abs(deviations[0] - deviations[1]) <= step(digits) * len(parts) / 10**5


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_tables(shape):
    result = controlled(np.zeros(shape), digits=2)
    assert result.cells.shape == shape
    assert result.rows.tolist() == [0.0] * shape[0]
    assert result.columns.tolist() == [0.0] * shape[1]
    assert result.total == 0.0


def test_same_table_same_answer():
    table = np.full((7, 5), 0.5)
    first, second = controlled(table, digits=0), controlled(table, digits=0)
    assert first.cells.tolist() == second.cells.tolist()


@pytest.mark.parametrize("shape", [(12, 8), (60, 6)])
def test_tables_of_a_report_are_quick(shape):
    table = np.floor(np.random.default_rng(7).random(shape) * 1000) + 0.4999  # every cell the wrong way round
    start = time.process_time()
    check(table, 0)
    assert time.process_time() - start < 0.5  # 10 ms; the rest is for a busy machine


# --- what cannot be rounded ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_not_finite(bad):
    for call in (
        lambda: rounded(bad, digits=2),
        lambda: largest_remainder([1.0, bad], digits=2),
        lambda: controlled([[1.0, bad]], digits=2),
    ):
        with pytest.raises(LandkitError) as caught:
            call()
        assert caught.value.key == "rounding.finite"
        assert caught.value.exit_code == 1


@pytest.mark.parametrize(("value", "digits"), [(1.0, -1), (1e9, 6), (1e300, 2), (1.0, 400)])
def test_too_many_digits(value, digits):
    for call in (
        lambda: rounded(value, digits=digits),
        lambda: largest_remainder([value], digits=digits),
        lambda: controlled([[value]], digits=digits),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.key == "rounding.digits"
        assert str(digits) in caught.value.message("en")


def test_total_with_too_many_digits():
    with pytest.raises(UsageError):
        controlled([[6e14, 6e14]], digits=0)
