"""The sheet on which a person decides about doubtful matches, and the reading of it."""

from __future__ import annotations

import io
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import python_calamine
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from landkit import words
from landkit.errors import InputError
from landkit.matching import NO, YES, Joined
from landkit.sources.workbook_parts import check_package

_COLUMNS = {
    "decision": 16, "id": 14, "ledger_name": 34, "parcel_name": 34, "ledger_mu": 14, "parcel_mu": 14, "diff_pct": 12,
    "score": 12, "reason": 40, "row": 10, "key": 60,
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FAILURES = (python_calamine.CalamineError, OSError, ValueError, LookupError, OverflowError)


def review_sheet(joined: Joined, *, lang: str = "zh") -> bytes:
    """Return the XLSX on which a person decides about `joined.review`.

    A line for each row and parcel in question, its first column to be filled in: 是, 否, or the id of another parcel.
    Texts are texts, whatever they start with: no program takes them for formulas.

    Parameters
    ----------
    joined
        What `landkit.matching.join` returned.
    lang
        The language of the headings and reasons; `read_review` reads either.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(words.text("mapping.sheet.title", lang))
    sheet.freeze_panes = "B2"
    for number, width in enumerate(_COLUMNS.values()):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.append([_heading(sheet, words.text(f"mapping.sheet.{name}", lang)) for name in _COLUMNS])
    for line in joined.review.to_dict("records"):
        shown = {**line, "decision": None, "row": _number(line["row"]), "reason": words.text(line["reason"], lang)}
        sheet.append([_cell(sheet, shown[name]) for name in _COLUMNS])
    sheet.data_validations.append(_choice(len(joined.review), lang))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def read_review(path: Path) -> pd.DataFrame:
    """Return the decisions on a review sheet: ``key``, ``id``, ``decision`` (``yes``, ``no`` or an id).

    Lines without a decision are left out. Order, further columns and other sheets do not matter.

    Raises
    ------
    InputError
        The file is no workbook that can be read, lacks a column, or a decision stands on a line without key or id.
    """
    names, rows = _read(path)
    found: list[tuple[str, str, str]] = []
    for number, row in rows:
        cells = {name: _text(row[at]) if at < len(row) else "" for name, at in names.items()}
        if not cells["decision"]:
            continue
        if not cells["key"] or not cells["id"]:
            raise InputError("mapping.review_row", file=path, row=number)
        found.append((cells["key"], cells["id"], _decision(cells["decision"])))
    return pd.DataFrame(found, columns=["key", "id", "decision"]).astype("str")


def _read(path: Path) -> tuple[dict[str, int], list[tuple[int, list[Any]]]]:
    """Return where the columns are, and the numbered rows below the headings."""
    wanted = {
        words.text(f"mapping.sheet.{name}", lang): name for name in ("decision", "id", "key") for lang in ("en", "zh")
    }
    try:
        check_package(path, "XLSX")
        with closing(python_calamine.load_workbook(path)) as book:
            sheets = [
                book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(len(book.sheet_names))
            ]
    except InputError:
        raise
    except _FAILURES as error:
        raise InputError("mapping.review_file", file=path, reason=str(error).split("\n")[0]) from error
    for rows in sheets:
        heads = {wanted[_text(cell)]: at for at, cell in enumerate(rows[0] if rows else []) if _text(cell) in wanted}
        if set(heads) == {"decision", "id", "key"}:
            return heads, list(enumerate(rows[1:], start=2))
    raise InputError("mapping.review_file", file=path, reason=", ".join(wanted))


def _decision(text: str) -> str:
    for key, meaning in (("mapping.sheet.yes", YES), ("mapping.sheet.no", NO)):
        if text.casefold() in {words.text(key, lang).casefold() for lang in ("en", "zh")}:
            return meaning
    return text


def _text(cell: object) -> str:
    """Return a cell as text, whole floats without their point: a spreadsheet makes numbers of ids."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _number(row: object) -> object:
    """Return the number of a row as a person counts, the label itself where it is none."""
    return row + 1 if isinstance(row, int) else row


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDDDDD")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: Any, value: object) -> Any:
    """Return a cell; a text is stored as text, and a mark keeps it one when it is edited."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return WriteOnlyCell(sheet, None)
    if isinstance(value, int | float):
        return WriteOnlyCell(sheet, round(value, 4))
    cell = WriteOnlyCell(sheet, _CONTROL.sub("\ufffd", str(value)))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _choice(lines: int, lang: str) -> DataValidation:
    allowed = ",".join(words.text(key, lang) for key in ("mapping.sheet.yes", "mapping.sheet.no"))
    choice = DataValidation(type="list", formula1=f'"{allowed}"', allow_blank=True, showErrorMessage=False)
    choice.promptTitle = words.text("mapping.sheet.decision", lang)
    choice.prompt = words.text("mapping.sheet.prompt", lang)
    choice.showInputMessage = True
    choice.add(f"A2:A{max(lines, 1) + 1}")
    return choice
