"""CSV that a spreadsheet opens as it is meant: UTF-8 with a mark, plain decimals, no text taken for a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from numbers import Integral, Real
from typing import TypeAlias

from landkit.errors import LandkitError

Cell: TypeAlias = str | float | date | None  # int and bool are floats to the type checker

# What spreadsheets take for the start of a formula, also in the full-width forms of a Chinese keyboard, and the guard
# itself, so that every text can be read back.
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file: UTF-8 with a byte order mark, lines ending in CR LF.

    Numbers are written as plain decimals that read back as the same number, dates as ISO 8601, None as an empty cell.
    A text that a spreadsheet would take for a formula starts with an apostrophe; `unguard` takes it off again.

    Parameters
    ----------
    columns
        Headings, units included.
    rows
        A cell for each column. NaN and infinity are no cells: what is unknown is None.

    Raises
    ------
    LandkitError
        If a cell is of another kind.
    ValueError
        If a row is shorter or longer than `columns`.
    """
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in columns])
    for row in rows:
        writer.writerow([_written(cell, column) for column, cell in zip(columns, row, strict=True)])
    # Half a surrogate pair has no UTF-8: it is spelt out rather than dropped.
    return page.getvalue().encode("utf-8-sig", errors="backslashreplace")


def unguard(text: str) -> str:
    """Return the text that a text cell of `csv_bytes` was made of."""
    return text.removeprefix("'")


def guarded(text: str) -> str:
    """Return `text`, with an apostrophe first where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def _written(cell: Cell, column: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Integral):
        return str(int(cell))
    if isinstance(cell, Real) and math.isfinite(cell):
        # `+ 0.0` makes the negative zero a plain one; Decimal spells out what repr writes with an exponent.
        return f"{Decimal(repr(float(cell) + 0.0)):f}"
    if isinstance(cell, date) and cell == cell:  # noqa: PLR0124 - pandas' NaT is a date unequal to itself
        return cell.isoformat()
    raise LandkitError("csv.cell", value=repr(cell), column=column)
