"""Rounding in which the displayed parts add up to the displayed total.

Single figures are rounded half away from zero, as a spreadsheet does. Parts of one total follow by largest remainder; a
table with row and column totals by controlled rounding, which exists for every two-way table (Bacharach 1966; Cox and
Ernst 1982). Arithmetic is on integers throughout: figures are first read to a millionth of the last digit shown, so
that the noise of floating-point sums cannot move a figure that is already decimal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landkit.errors import LandkitError, UsageError

_GRAIN = 10**6  # parts of one unit of the last digit
_MOST = 10**15  # decimals of up to 15 digits survive the way through a float
_FAR = 2**60  # longer than any path, and twice it still fits int64
_TOTALS_WEIGH = 1000  # a total is read more often than a cell: it gives way last

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class RoundedTable:
    """A rounded table: cells of shape (rows, columns), and the totals they add up to."""

    cells: NDArray[np.float64]
    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    total: float


def rounded(value: float, *, digits: int) -> float:
    """Return `value` with `digits` decimals, halves away from zero, as the other functions round a total.

    Raises
    ------
    UsageError
        If `digits` is negative or asks for more than a float can hold.
    """
    return _decimal(_nearest(_grains(value, digits)), digits)


def largest_remainder(parts: Sequence[float], *, digits: int, total: float | None = None) -> list[float]:
    """Return `parts` rounded so that they add up to their rounded total.

    Every part is rounded down, then the units missing from the total go to the largest remainders, the first one where
    remainders are equal. Each part ends within one unit of the last digit, and one that is already decimal (zero too)
    stays as it is.

    Parameters
    ----------
    parts
        Finite numbers of either sign.
    digits
        Decimals to keep.
    total
        The unrounded total where it was summed elsewhere; by default the sum of `parts`.

    Raises
    ------
    UsageError
        If `digits` is negative or asks for more than a float can hold.
    LandkitError
        If a part is not finite, or `parts` and `total` do not belong together.
    """
    grains = [_grains(part, digits) for part in parts]
    target = _nearest(sum(grains) if total is None else _grains(total, digits))
    units = [grain // _GRAIN for grain in grains]
    by_remainder = sorted(range(len(grains)), key=lambda i: -(grains[i] % _GRAIN))
    open_parts = [i for i in by_remainder if grains[i] % _GRAIN]
    missing = target - sum(units)
    if not 0 <= missing <= len(open_parts):
        raise LandkitError("rounding.total", total=total)
    for i in open_parts[:missing]:
        units[i] += 1
    return [_decimal(unit, digits) for unit in units]


def controlled(table: ArrayLike, *, digits: int) -> RoundedTable:
    """Return `table` rounded with its row, column and grand totals, so that all of them add up.

    The grand total is rounded as it would be alone. Each cell ends within one unit of the last digit, each row and
    column total within one unit too (and the millionth per cell to which figures are read); a figure that is already
    decimal (zero too) stays as it is. Among all such tables this is the one with the least deviation: first of the
    totals, then of the cells.

    Parameters
    ----------
    table
        Finite numbers of either sign, of shape (rows, columns).
    digits
        Decimals to keep.

    Raises
    ------
    UsageError
        If `digits` is negative or asks for more than a float can hold.
    LandkitError
        If a cell is not finite.
    """
    cells = np.asarray(table, dtype=np.float64)
    floors, fractions = _bordered([[_grains(cell, digits) for cell in row] for row in cells.tolist()], cells.shape[1])
    units = _balanced(floors, fractions)
    values = np.array([[_decimal(int(unit), digits) for unit in row] for row in units], dtype=np.float64)
    # `+ 0.0` because the border is stored with its sign turned, and the negative of zero is still shown as -0.
    return RoundedTable(
        cells=values[:-1, :-1],
        rows=-values[:-1, -1] + 0.0,
        columns=-values[-1, :-1] + 0.0,
        total=float(values[-1, -1]),
    )


def _grains(value: float, digits: int) -> int:
    """Return `value` in millionths of its last digit, to the nearest."""
    if not math.isfinite(value):
        raise LandkitError("rounding.finite")
    if digits < 0 or abs(value) * 10.0 ** min(digits, 300) >= _MOST:
        raise UsageError("rounding.digits", digits=digits)
    numerator, denominator = float(value).as_integer_ratio()
    scale: int = 10**digits * _GRAIN
    return (2 * numerator * scale + denominator) // (2 * denominator)


def _nearest(grains: int) -> int:
    units = (abs(grains) + _GRAIN // 2) // _GRAIN
    return units if grains >= 0 else -units


def _decimal(units: int, digits: int) -> float:
    # Dividing integers is correctly rounded in Python: the float nearest to the decimal, whose repr is the decimal.
    if abs(units) >= _MOST:
        raise UsageError("rounding.digits", digits=digits)
    scale: int = 10**digits
    return units / scale


def _bordered(grains: list[list[int]], width: int) -> tuple[_Ints, _Ints]:
    """Return floors and fractions of the table with its totals as a border.

    The row and column totals carry the opposite sign, the grand total its own: then every row and every column of the
    bordered table sums to zero, and that is all that a rounding has to keep.
    """
    rows = [[*row, -sum(row)] for row in grains]
    rows.append([-sum(row[j] for row in rows) for j in range(width + 1)])
    floors = np.array([[grain // _GRAIN for grain in row] for row in rows], dtype=np.int64)
    fractions = np.array([[grain % _GRAIN for grain in row] for row in rows], dtype=np.int64)
    return floors, fractions


def _balanced(floors: _Ints, fractions: _Ints) -> _Ints:
    """Return each entry's floor or ceiling so that rows and columns sum to zero, at the least deviation.

    This is a minimum-cost flow. It starts with every entry at its nearest integer, the cheapest of all, and mends the
    sums that are then off along shortest paths, one unit at a time; a path takes an entry of a row down, another one in
    that column up, and so on. A flow exists because the unrounded table is one (in fractions), also with the grand
    total held at either neighbour.
    """
    up = (2 * fractions > _GRAIN) | ((2 * fractions == _GRAIN) & (floors >= 0))  # halves away from zero
    units: _Ints = floors + up
    price = _GRAIN - 2 * fractions  # of going up; of going down it is the negative
    price[-1, :] *= _TOTALS_WEIGH
    price[:, -1] *= _TOTALS_WEIGH
    free = fractions > 0
    free[-1, -1] = False
    rows, columns = units.sum(axis=1), units.sum(axis=0)
    falling = np.where(free & up, -price, _FAR)
    rising = np.where(free & ~up, price, _FAR)
    while rows.any() or columns.any():
        for i, j, step in _shortest_path(rows, columns, falling, rising):
            units[i, j] += step
            rows[i] += step
            columns[j] += step
            falling[i, j] = -price[i, j] if step > 0 else _FAR
            rising[i, j] = price[i, j] if step < 0 else _FAR
    return units


def _shortest_path(rows: _Ints, columns: _Ints, falling: _Ints, rising: _Ints) -> list[tuple[int, int, int]]:
    """Return the cheapest steps (row, column, +1 or -1) that bring two sums one unit nearer to zero.

    Bellman and Ford's method, all entries at once: prices may be negative, but never add up to less than zero around a
    cycle, since the units are the cheapest for the sums they have.
    """
    to_row = np.where(rows > 0, 0, _FAR)
    to_column = np.where(columns < 0, 0, _FAR)
    row_from = np.full(len(rows), -1)
    column_from = np.full(len(columns), -1)
    while True:
        reached_columns = _relax(to_column, column_from, to_row[:, None] + falling)
        reached_rows = _relax(to_row, row_from, (to_column[None, :] + rising).T)
        if not (reached_columns or reached_rows):
            break
    row_ends = np.where(rows < 0, to_row, _FAR)
    column_ends = np.where(columns > 0, to_column, _FAR)
    i, j = int(row_ends.argmin()), int(column_ends.argmin())
    at_row, at = (True, i) if row_ends[i] <= column_ends[j] else (False, j)
    steps = []
    while (before := int(row_from[at] if at_row else column_from[at])) >= 0:
        steps.append((at, before, 1) if at_row else (before, at, -1))
        at_row, at = not at_row, before
    return steps


def _relax(distances: _Ints, origins: _Ints, candidates: _Ints) -> bool:
    """Lower `distances` in place to the least of each column of `candidates`; say whether any was."""
    nearest = candidates.argmin(axis=0)
    found = candidates[nearest, np.arange(len(distances))]
    better = (found < distances) & (found < _FAR // 2)
    distances[better] = found[better]
    origins[better] = nearest[better]
    return bool(better.any())
