"""Which rows below a header are records, and which are totals, footnotes, or the header over again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from landkit.sources.grid import Cell, Grid, Row, cell_text
from landkit.sources.layer import Note
from landkit.sources.table_header import Header, count_known, heading_key

_TOTAL = re.compile(r"(?P<of>.{0,14}?)(?P<word>合计|总计|总合计|共计|累计|小计|subtotal|total)(\(.*\))?[:：]?")
_TOTAL_WORD = re.compile("计|total", re.IGNORECASE)
_ORDINAL = re.compile(r"[(（]?[一二三四五六七八九十]+[)）、.．]?")
_NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]\s*\S")
_LEAST_WIDTH = 3  # columns of a table in which a row with a single text can be a heading of a block
_PARTIAL = frozenset(("小计", "subtotal"))
_LABELS = 3  # the label of a total row stands in one of the first cells that hold something
_OTHER_TABLE = 3  # known headings in a row below a gap
_MOST_TEXTS = 2  # beside it
_FOOTNOTE = re.compile(
    r"[(（]?(注\d*|备注|附注|说明|数据来源|资料来源)\s*[:：]"
    r"|(制表|填表|填报|审核|复核|统计|编制|经办|报送|联系|单位负责|负责|分管领导)(人|单位|日期|时间|电话|部门)?\s*[:：]"
)


@dataclass(frozen=True)
class Total:
    """A row of totals: its place in the grid, its label, and whether it is one of a part (小计)."""

    place: int
    label: str
    is_partial: bool


@dataclass
class Rows:
    """The rows below a header, by their place in the grid; ``sections`` are headings of blocks with their text."""

    records: list[int] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def sort_rows(grid: Grid, header: Header) -> Rows:
    """Tell records from what else stands below a header; no row that holds something is left out unsaid."""
    found = Rows()
    repeated, numbered = [], []
    with_faults = {row for row, _ in grid.faults}
    above = {_row_key(row) for row in grid.rows[: header.bottom + 1]}
    starts = {_first(row) for row in grid.rows[: header.bottom + 1]}  # a cheap question before the full one
    end = _footnotes_from(grid, header.bottom + 1)
    after_gap = False
    for place in range(header.bottom + 1, end):
        row = grid.rows[place]
        if not any(cell is not None for cell in row) and place not in with_faults:
            after_gap = True
            continue
        if _first(row) in starts and _row_key(row) in above:
            repeated.append(grid.numbers[place])
        elif not found.records and _is_numbering(grid, place):
            numbered.append(grid.numbers[place])
        elif section := _section(grid, place, len(header.columns)):
            found.sections[place] = section
        elif header.columns and header.bottom >= 0 and (label := _total_label(row)):
            word = _TOTAL.fullmatch(label)
            found.totals.append(Total(place, label, word is not None and word["word"] in _PARTIAL))
        else:
            found.records.append(place)
            if after_gap and count_known(row) >= _OTHER_TABLE:
                found.notes.append(Note("sheets.note.second_header", {"row": grid.numbers[place]}))
        after_gap = False
    found.notes += _said(grid, found, repeated, numbered)
    below = ([cell_text(cell) for cell in row if cell is not None] for row in grid.rows[end:])
    quotes = [" ".join(cells) for cells in below if cells]
    if quotes:
        found.notes.append(Note("sheets.note.footnotes", {"text": " / ".join(quotes)}))
    return found


def _said(grid: Grid, found: Rows, repeated: list[int], numbered: list[int]) -> list[Note]:
    ordinals = [grid.numbers[place] for place in found.records if _is_ordinal(grid.rows[place])]
    listed = {
        "sheets.note.repeated": repeated,
        "sheets.note.numbering": numbered,
        "sheets.note.ordinals": ordinals if len(ordinals) < len(found.records) else [],
    }
    return [
        *(Note(key, {"rows": ", ".join(map(str, rows))}) for key, rows in listed.items() if rows),
        *(
            Note("sheets.note.section", {"row": grid.numbers[place], "text": text})
            for place, text in found.sections.items()
        ),
    ]


def _first(row: Row) -> Cell:
    return next((cell for cell in row if cell is not None), None)


def _row_key(row: Row) -> tuple[str, ...]:
    """Return what a row says, however its cells are laid out; empty for a row that no header can be."""
    return tuple(heading_key(cell_text(cell)) for cell in row if cell is not None)


def _section(grid: Grid, place: int, width: int) -> str:
    """Return the text of a row that only heads a block of records (一、秋滨片区), empty for any other row."""
    cells = [(column, cell) for column, cell in enumerate(grid.rows[place]) if cell is not None]
    if len(cells) != 1 or width < _LEAST_WIDTH or not isinstance(cells[0][1], str):
        return ""
    column, text = cells[0][0], str(cells[0][1])
    is_spread = any(
        merge.top == place == merge.bottom and merge.left == column and 2 * (merge.right - merge.left + 1) >= width
        for merge in grid.merges
    )
    return text if is_spread or _NUMBERED.match(text) else ""


def _is_ordinal(row: Row) -> bool:
    """Return whether a row is counted 一, 二, 三 where records are counted 1, 2, 3: it may sum up those below."""
    first = _first(row)
    return isinstance(first, str) and _ORDINAL.fullmatch(first) is not None


def _is_numbering(grid: Grid, place: int) -> bool:
    """Return whether a row only numbers its columns (栏次 1 2 3 4): most of these hold texts further down."""
    cells = [(column, cell) for column, cell in enumerate(grid.rows[place]) if cell is not None]
    figures = [re.sub(r"[()（）]", "", cell_text(cell)) for _, cell in cells]
    if len(cells) < 4 or figures != [str(number) for number in range(1, len(cells) + 1)]:
        return False
    below = [column for column, _ in cells if any(_has_letters(row, column) for row in grid.rows[place + 1 :])]
    return 2 * len(below) >= len(cells)


def _has_letters(row: Row, column: int) -> bool:
    return column < len(row) and isinstance(row[column], str) and not re.fullmatch(r"[\d.,\s-]+", str(row[column]))


def _total_label(row: Row) -> str:
    """Return the label of a row of totals, empty for any other row."""
    cells = [cell for cell in row if cell is not None]
    candidates = [cell for cell in cells[:_LABELS] if isinstance(cell, str) and _TOTAL_WORD.search(cell)]
    if not candidates or sum(map(_is_words, cells)) > 1 + _MOST_TEXTS:
        return ""
    labels = (re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).lower() for cell in candidates)
    return next((label for label in labels if _TOTAL.fullmatch(label)), "")


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and not re.match(r"[\d.,+-]", unicodedata.normalize("NFKC", cell))


def _footnotes_from(grid: Grid, start: int) -> int:
    """Return the place of the first footnote: from there on, rows are footnotes or single texts."""
    end = first = len(grid.rows)
    for place in range(len(grid.rows) - 1, start - 1, -1):
        cells = [cell for cell in grid.rows[place] if cell is not None]
        if not cells:
            continue
        is_footnote = _is_footnote(cells)
        if not is_footnote and (len(cells) > 1 or not isinstance(cells[0], str)):
            break
        end = place
        first = end if is_footnote else first
    return first


def _is_footnote(cells: Sequence[Cell]) -> bool:
    if not isinstance(cells[0], str) or not _FOOTNOTE.match(cells[0]):
        return False
    spoken = sum(1 for cell in cells if isinstance(cell, str) and re.search(r"[:：]", cell))
    return len(cells) <= 2 or 2 * spoken >= len(cells)
