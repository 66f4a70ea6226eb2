"""The totals of a sheet as a control: what a row of totals says against the sum of its records."""

from __future__ import annotations

import math
import re

import pandas as pd

from landkit.sources.grid import Cell, Grid, cell_text
from landkit.sources.layer import Note
from landkit.sources.table_header import Header
from landkit.sources.table_rows import Rows, Total
from landkit.values import numbers

# A total of these is no sum: rates, means, ratios, years, numbers of things
_NO_SUM = re.compile(r"率|%|％|比例|占比|均|容积|密度|年份|年度|年代|编号|序号|排名|坐标|代码|电话")
_DECIMALS = 2  # that a total keeps, however it is rounded for show
_UNIT_WORDS = (
    ("公顷", "ha"),
    ("平方公里", "km2"),
    ("平方米", "m2"),
    ("㎡", "m2"),
    ("万元", "万元"),
    ("亩", "mu"),
    ("户", "户"),
)


def check_totals(grid: Grid, header: Header, rows: Rows) -> tuple[dict[str, str], list[Note]]:
    """Compare each row of totals with the sums of its records.

    Returns
    -------
    tuple
        ``control.<column>`` -> ``declared|computed`` of the row that sums up the sheet, and notes: what was left out as
        a total, each sum that disagrees, how many agree, and totals whose value the file does not hold.
    """
    says: dict[str, str] = {}
    notes = [
        Note("sheets.note.total", {"row": grid.numbers[total.place], "text": _quoted(grid, total)})
        for total in rows.totals
    ]
    agreeing = 0
    for total in rows.totals:
        parts = _summed(rows, total)
        for column, name in header.columns.items():
            if (total.place, column) in grid.faults:
                notes.append(Note("sheets.note.total_lost", {"row": grid.numbers[total.place], "column": name}))
            declared, _ = ([], 0) if _NO_SUM.search(name) else _figures(grid, [total.place], column, name)
            if not declared or _is_wordy(grid, rows, column, name):
                continue
            sums = [_sum(grid, part, column, name) for part in parts]
            computed, unread = min(sums, key=lambda found: abs(found[0] - declared[0]))
            if not total.is_partial:
                says[f"control.{name}"] = f"{_shown(declared[0])}|{_shown(computed)}"
            if _agree(declared[0], computed):
                agreeing += 1
            else:
                values = {
                    "column": name,
                    "declared": _shown(declared[0]),
                    "computed": _shown(computed),
                    "unread": unread,
                }
                notes.append(Note("sheets.note.total_differs", {"row": grid.numbers[total.place], **values}))
    if agreeing:
        notes.append(Note("sheets.note.totals_agree", {"count": agreeing}))
    return says, notes


def _quoted(grid: Grid, total: Total) -> str:
    return " ".join(cell_text(cell) for cell in grid.rows[total.place] if cell is not None)


def _summed(rows: Rows, total: Total) -> list[list[int]]:
    """Return the records that a total may be the sum of: its own block, and for a grand total all above it too.

    A total that stands before its records sums up those that follow.
    """
    stops = [other.place for other in rows.totals if other.is_partial == total.is_partial or not other.is_partial]
    before = max((stop for stop in stops if stop < total.place), default=-1)
    after = min((stop for stop in stops if stop > total.place), default=math.inf)
    block = [place for place in rows.records if before < place < total.place]
    if total.is_partial:
        return [block or [place for place in rows.records if total.place < place < after]]
    above = [place for place in rows.records if place < total.place]
    return [above, block] if above else [[place for place in rows.records if place > total.place]]


def _is_wordy(grid: Grid, rows: Rows, column: int, name: str) -> bool:
    """Return whether a column holds words: what stands below them is a count of things (3家), not their sum."""
    is_filled = any(column < len(grid.rows[place]) and grid.rows[place][column] is not None for place in rows.records)
    return is_filled and not _figures(grid, rows.records, column, name)[0]


def _sum(grid: Grid, places: list[int], column: int, name: str) -> tuple[float, int]:
    figures, unread = _figures(grid, places, column, name)
    return math.fsum(figures), unread


def _figures(grid: Grid, places: list[int], column: int, name: str) -> tuple[list[float], int]:
    """Return the numbers in the cells of a column, and how many of the cells hold something else."""
    cells: list[Cell] = [grid.rows[place][column] if column < len(grid.rows[place]) else None for place in places]
    unit = next((unit for word, unit in _UNIT_WORDS if word in name), None)
    read = numbers(pd.Series(cells, dtype=object), unit=unit)
    return [float(value) for value in read.values.dropna()], int(read.bad.sum())


def _shown(value: float) -> str:
    return f"{value:.12g}" if abs(value) < 1e12 else f"{value:.0f}"


def _agree(declared: float, computed: float) -> bool:
    """Return whether a sum is what is declared, to its last decimal but to two at least."""
    decimals = max(_DECIMALS, len(_shown(declared).partition(".")[2]))
    return abs(declared - computed) <= 0.5 * 10.0**-decimals + 1e-9 * abs(declared)
