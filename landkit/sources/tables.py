"""A grid of cells as a table: its records under their headings, and all that had to be assumed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import pandas as pd

from landkit.sources.grid import Cell, Grid, Merge, cell_text, letters
from landkit.sources.layer import Note
from landkit.sources.table_header import Header, find_header
from landkit.sources.table_rows import sort_rows
from landkit.sources.table_totals import check_totals

_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))


Remark: TypeAlias = tuple[int, str, dict[str, object]]


@dataclass
class Table:
    """The records of a sheet.

    Attributes
    ----------
    name
        The sheet's name.
    attributes
        A row for each record, with a RangeIndex. A column of one type keeps it; a mixed one is text.
    numbers
        The 1-based sheet row of each record.
    header
        Title, unit and control totals.
    notes, remarks
        What was assumed or left out, of the sheet and of single rows (row label, key, values).
    """

    name: str
    attributes: pd.DataFrame
    numbers: list[int]
    header: dict[str, str]
    notes: list[Note]
    remarks: list[Remark]


@dataclass
class _Draft:
    """A table in the making: ``cells`` by column name, ``labels`` of records by their place in the grid."""

    grid: Grid
    header: Header
    labels: dict[int, int]
    cells: dict[str, list[Cell]]
    notes: list[Note]
    remarks: list[Remark]


def read_table(grid: Grid) -> Table:
    """Return the records of a sheet; what is no record (blank rows apart) is said in the notes."""
    header = find_header(grid)
    rows = sort_rows(grid, header)
    says, controls = check_totals(grid, header, rows)
    labels = {place: label for label, place in enumerate(rows.records)}
    notes = [*grid.notes, *header.notes, *rows.notes, *controls]
    draft = _Draft(grid, header, labels, _cells(grid, rows.records, header), notes, [])
    _fill_down(draft)
    _name_faults(draft)
    numbers = [grid.numbers[place] for place in rows.records]
    attributes = {
        name: _series(draft.cells[name], name, [f"{letters(column)}{number}" for number in numbers], draft.remarks)
        for column, name in header.columns.items()
    }
    frame = pd.DataFrame(attributes, index=pd.RangeIndex(len(numbers)))
    remarks = sorted(draft.remarks, key=lambda remark: remark[0])
    sections = {f"section.{grid.numbers[place]}": text for place, text in rows.sections.items()}
    return Table(grid.name, frame, numbers, header.says | sections | says, draft.notes, remarks)


def _cells(grid: Grid, records: list[int], header: Header) -> dict[str, list[Cell]]:
    rows = [grid.rows[place] for place in records]
    return {
        name: [row[column] if column < len(row) else None for row in rows] for column, name in header.columns.items()
    }


def _fill_down(draft: _Draft) -> None:
    """Give the text or date of a merged cell to each of its records.

    A number stays in the first: three tenants of one plot have its area once.
    """
    filled: Counter[str] = Counter()
    for merge in draft.grid.merges:
        name = draft.header.columns.get(merge.left)
        covered = [draft.labels[place] for place in range(merge.top, merge.bottom + 1) if place in draft.labels]
        if name is None or len(covered) < 2 or merge.top not in draft.labels:
            continue
        value = draft.cells[name][covered[0]]
        for label in covered[1:]:
            if isinstance(value, str | datetime):
                draft.cells[name][label] = value
                filled[name] += 1
            elif value is not None:
                said = {"column": name, "cells": _range(draft.grid, merge), "value": cell_text(value)}
                draft.remarks.append((label, "sheets.remark.merged_number", {**said}))
    draft.notes += [Note("sheets.note.filled", {"column": name, "count": count}) for name, count in filled.items()]


def _range(grid: Grid, merge: Merge) -> str:
    return f"{letters(merge.left)}{grid.numbers[merge.top]}:{letters(merge.right)}{grid.numbers[merge.bottom]}"


def _name_faults(draft: _Draft) -> None:
    """Remark on each cell whose value the file does not hold."""
    for (place, column), fault in draft.grid.faults.items():
        if place not in draft.labels or column not in draft.header.columns:
            continue
        label, name = draft.labels[place], draft.header.columns[column]
        said = {"cell": f"{letters(column)}{draft.grid.numbers[place]}", "column": name}
        if fault == "=":
            draft.remarks.append((label, "sheets.remark.formula", {**said}))
        else:
            draft.remarks.append((label, "sheets.remark.error", {**said, "error": fault}))


def _series(cells: list[Cell], name: str, addresses: list[str], remarks: list[Remark]) -> pd.Series[Any]:
    """Return a column with the type that its cells share, or as text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {datetime}:
        return pd.to_datetime(pd.Series(cells, dtype=object)).astype("datetime64[us]")
    if kinds == {bool}:
        return pd.Series(cells, dtype="boolean" if None in cells else "bool")
    if kinds and kinds <= {float, int}:
        figures = pd.Series(cells, dtype="float64")
        if (figures.dropna() % 1 != 0).any():
            return figures
        if figures.abs().max() < _EXACT:
            return figures.astype("Int64" if figures.hasnans else "int64")
    return pd.Series(_as_texts(cells, name, addresses, remarks), dtype="str")


def _as_texts(cells: list[Cell], name: str, addresses: list[str], remarks: list[Remark]) -> list[str | None]:
    """Return cells as text, an error among them as an empty one."""
    texts: list[str | None] = []
    for label, cell in enumerate(cells):
        text = None if cell is None else cell_text(cell)
        said = {"cell": addresses[label], "column": name}
        if isinstance(cell, float) and cell.is_integer() and abs(cell) >= _EXACT:
            remarks.append((label, "sheets.remark.digits_lost", {**said, "value": text}))
        elif text in _ERRORS:
            remarks.append((label, "sheets.remark.error", {**said, "error": text}))
            text = None
        texts.append(text)
    return texts
