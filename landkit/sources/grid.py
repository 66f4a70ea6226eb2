"""A sheet or text table as its cells, before anything is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from landkit.sources.layer import Note

# int and bool are floats to the type checker; None is an empty cell
Cell: TypeAlias = str | float | date | datetime | time | timedelta | None
Row: TypeAlias = list[Cell]


@dataclass(frozen=True)
class Merge:
    """A merged range, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet, from its cell A1.

    Attributes
    ----------
    name
        The sheet's name, or the stem of a text table.
    rows
        Its cells; rows may differ in length, and texts are without spaces around them.
    numbers
        The 1-based row (line of a text table) of each of `rows`.
    merges
        Merged ranges by their place in `rows`, where the format tells them.
    faults
        Cells whose value the file does not hold: (row, column) -> the spreadsheet's error, or ``=`` for a formula
        that was saved without its result.
    notes
        What is to be said of the sheet as a whole.
    """

    name: str
    rows: list[Row]
    numbers: list[int]
    merges: tuple[Merge, ...] = ()
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def letters(column: int) -> str:
    """Return the letters of a 0-based column, as spreadsheets write them (27 is AB)."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def cell_text(cell: Cell) -> str:
    """Return a cell as a person reads it: numbers plain, dates in ISO 8601, nothing for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**63 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
