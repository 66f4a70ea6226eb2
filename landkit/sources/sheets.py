"""The sheets of a workbook (xlsx, xls, ods) as grids of cells."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from landkit.errors import InputError
from landkit.sources.grid import Cell, Grid, Merge, Row
from landkit.sources.layer import Note
from landkit.sources.workbook_parts import Remarkable, check_package, remarkable_cells

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
MOST_CELLS = 5_000_000  # with something in them
_MOST_PLACES = 50_000_000  # cells of the rectangle that they span
# calamine raises its own errors, those of files, and a panic of its own (a BaseException) over damaged content
_FAILURES = (python_calamine.CalamineError, OSError, ValueError, LookupError, OverflowError)


def is_workbook(head: bytes) -> bool:
    """Return whether the first bytes are those of a zipped (xlsx, ods) or a compound (xls) file."""
    return head.startswith((ZIP, OLE))


def read_sheets(path: Path, *, kind: str) -> list[Grid]:
    """Return the cells of each worksheet that holds any, in the workbook's order.

    Errors and formulas without a result are told for xlsx only: the other formats give an empty cell.

    Raises
    ------
    InputError
        The workbook is damaged, encrypted or too large.
    """
    if kind == "XLS":
        _check_unlocked(path)
    else:
        check_package(path, kind)
    remarkable = remarkable_cells(path) if kind == "XLSX" else {}
    for name, cells in remarkable.items():
        _check_extent(path, name, cells.bottom + 1, cells.right + 1)
    try:
        # given open, so that its content decides what it is and not its name
        with path.open("rb") as file, closing(python_calamine.load_workbook(file)) as book:
            sheets = [
                _grid(path, book.get_sheet_by_name(entry.name), entry, remarkable.get(entry.name, Remarkable()))
                for entry in book.sheets_metadata
                if entry.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError as error:
        raise InputError("sheets.encrypted", file=path) from error
    except InputError:
        raise
    except _FAILURES as error:
        raise InputError("sheets.broken", file=path, kind=kind, detail=str(error).split("\n")[0]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise InputError("sheets.broken", file=path, kind=kind, detail="panic") from error
    return [sheet for sheet in sheets if any(cell is not None for row in sheet.rows for cell in row)]


def _check_unlocked(path: Path) -> None:
    """Refuse a compound file that is no xls but holds an encrypted xlsx."""
    if _ENCRYPTED in path.read_bytes():
        raise InputError("sheets.encrypted", file=path)


def _check_extent(path: Path, name: str, rows: int, columns: int) -> None:
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS or rows * columns > _MOST_PLACES:
        raise InputError("sheets.too_large", file=path, sheet=name, rows=rows, columns=columns)


def check_filled(path: Path, name: str, rows: list[Row]) -> None:
    """Refuse a sheet with more cells than a table of people's making has.

    Raises
    ------
    InputError
        It has more than `MOST_CELLS` cells with something in them, too many rows, or too many columns.
    """
    width = max(map(len, rows), default=0)
    filled = sum(len(row) - row.count(None) for row in rows)
    if len(rows) > _MOST_ROWS or width > _MOST_COLUMNS or filled > MOST_CELLS:
        raise InputError("sheets.too_large", file=path, sheet=name, rows=len(rows), columns=width)


def _grid(path: Path, sheet: Any, entry: Any, remarkable: Remarkable) -> Grid:
    _check_extent(path, entry.name, sheet.total_height, sheet.total_width)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    check_filled(path, entry.name, rows)
    for row, column in remarkable.percents:
        _show_percent(rows, row, column)
    bottom = max((row for row, _ in remarkable.faults), default=-1)
    rows.extend([] for _ in range(bottom + 1 - len(rows)))
    is_hidden = entry.visible != python_calamine.SheetVisibleEnum.Visible
    ranges = sheet.merged_cell_ranges or ()
    return Grid(
        entry.name,
        rows,
        list(range(1, len(rows) + 1)),
        tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in ranges),
        remarkable.faults,
        (Note("sheets.note.hidden"),) if is_hidden else (),
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    cell: Cell = value
    return cell


def _show_percent(rows: list[Row], row: int, column: int) -> None:
    """Put what people see into a cell that holds 0.125 and shows 12.5%."""
    if row < len(rows) and column < len(rows[row]):
        value = rows[row][column]
        if isinstance(value, float):
            rows[row][column] = f"{(Decimal(repr(value)) * 100).normalize():f}%"
