"""Where the header of a sheet is, and what its columns are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from landkit.schema import schema
from landkit.sources.grid import Cell, Grid, Row, cell_text, letters
from landkit.sources.layer import Note

_SEARCHED = 60  # rows that hold something, from the top; a header further down belongs to another table
_LONGEST_HEADING = 60
_FIGURE = re.compile(r"[\s\d.,:/%+\-()年月日]+")
# Well-known text, also of kinds of shape that are not read, and GeoJSON
SHAPE_TEXT = re.compile(
    r"\s*(?:SRID=(?P<srid>\d+);\s*)?(?:MULTI|CURVE|COMPOUND|CIRCULAR|TIN|TRIANGLE|POLYHEDRAL|POINT|LINE|POLYGON|GEOMETRY)"
    r'[A-Z]*\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)|\s*\{\s*"(?:type|coordinates)"',
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:19|20)\d\d\s*年?|\d{1,2}月")
_UNIT_LINE = re.compile(r"(?<![一-鿿])(?:计量|面积|金额)?单位\s*[:：]\s*(.{1,20}?)\s*[)）]?$")
_BRACKETS = re.compile(r"\([^)]*\)$")
_AREA_UNITS = ("亩", "公顷", "平方米", "㎡", "m²", "m2", "平方公里", "km2", "万方", "万平方米")
_UNITS = frozenset(
    (*_AREA_UNITS, "万元", "元", "亿元", "万元/亩", "%", "户", "人", "家", "宗", "个", "栋", "幢", "件", "台")
)
# Headings of ledgers and of lists of points that are no fields of a layer
_POINTS = (
    "点号",
    "界址点号",
    "圈号",
    "地块圈号",
    "x坐标",
    "y坐标",
    "x",
    "y",
    "东坐标",
    "北坐标",
    "经度",
    "纬度",
    "lon",
    "lat",
)
_OTHERS = (
    *_POINTS,
    "wkt",
    "序号",
    "面积",
    "单位名称",
    "联系人",
    "联系电话",
    "地址",
    "坐落",
    "地块号",
    "完成情况",
    "完成率",
)


@dataclass(frozen=True)
class Header:
    """The header rows ``top`` to ``bottom`` of a grid (bottom is above top where there is none).

    Attributes
    ----------
    top, bottom
        Places in `Grid.rows`.
    columns
        Column of the grid -> its name; columns without a name and without data are left out.
    says
        What the rows above say: ``title`` and ``unit``.
    notes
        What is to be said of the header.
    """

    top: int
    bottom: int
    columns: dict[int, str]
    says: dict[str, str]
    notes: list[Note]


def find_header(grid: Grid) -> Header:
    """Return the header of a sheet: the row with the most names that the schema knows, else the first of texts only.

    Rows above it are titles. Names of several rows that belong together through merged cells are joined.
    """
    filled = [place for place, row in enumerate(grid.rows) if any(cell is not None for cell in row)]
    row = _header_row(grid, filled)
    if row is None:
        notes = [Note("sheets.note.no_header")]
        return Header(0, -1, _named(grid, {}, -1, notes), {}, notes)
    top, bottom = _upwards(grid, row), _downwards(grid, row)
    notes = []
    if bottom > 0:
        rows = dict.fromkeys((grid.numbers[top], grid.numbers[bottom]))
        notes.append(Note("sheets.note.header", {"rows": "-".join(map(str, rows))}))
    names = _joined(grid, top, bottom)
    return Header(top, bottom, _named(grid, names, bottom, notes), _said(grid, top), notes)


def heading_key(text: str) -> str:
    """Return a heading as it is compared: plain characters, no spaces, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def bare_key(text: str) -> str:
    """Return a heading as it is compared without what stands in brackets behind it, such as a unit."""
    return _BRACKETS.sub("", heading_key(text))


@cache
def _known() -> frozenset[str]:
    known = schema()
    fields = [*known.common.values(), *(field for layer in known.layers.values() for field in layer.fields.values())]
    names = {name for field in fields for name in (field.name, *field.zh, *field.std)} | set(_OTHERS)
    keys = {heading_key(name) for name in names}
    return frozenset(keys | {_BRACKETS.sub("", key) for key in keys})


def count_known(row: Sequence[Cell]) -> int:
    """Return how many headings that the schema knows stand in a row."""
    return len({heading_key(str(cell)) for cell in row if _is_known(cell)})


def _is_known(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    return heading_key(cell) in _known() or bare_key(cell) in _known()


def _is_heading(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and len(cell) <= _LONGEST_HEADING
        and (_PERIOD.fullmatch(cell) is not None or not _FIGURE.fullmatch(cell))
        and not SHAPE_TEXT.match(cell)
    )


def _header_row(grid: Grid, filled: list[int]) -> int | None:
    searched = filled[:_SEARCHED]
    width = len({column for place in searched for column, cell in enumerate(grid.rows[place]) if cell is not None})
    candidates = []
    for place in searched:
        cells = [cell for cell in grid.rows[place] if cell is not None]
        known = count_known(cells)
        headings = sum(map(_is_heading, cells))
        if known >= 2 and headings >= 0.6 * len(cells):
            candidates.append((known, -place))
        elif len(cells) >= 2 and len(cells) >= 0.5 * width and headings < len(cells):
            break  # here the data begin
    if candidates:
        best = -max(candidates)[1]
        top = _upwards(grid, best)
        above = [sum(cell is not None for cell in grid.rows[place]) for place in searched if place < top]
        if max(above, default=0) < max(2, 0.5 * width):  # else records stand above it, as in a list of fields
            return best
    return _plain_header(grid, searched, width)


def _plain_header(grid: Grid, filled: list[int], width: int) -> int | None:
    """Return the first row that is no title where it has texts only and rows follow."""
    for place in filled[:-1]:
        cells = [cell for cell in grid.rows[place] if cell is not None]
        if width == 1:
            rest = [cell for other in filled for cell in grid.rows[other] if other > place and cell is not None]
            return place if _is_heading(cells[0]) and (_is_known(cells[0]) or not all(map(_is_heading, rest))) else None
        if len(cells) >= max(2, 0.5 * width):
            return place if all(map(_is_heading, cells)) else None
    return None


def _upwards(grid: Grid, row: int) -> int:
    """Return the first row of the header: rows above that group columns of it, without being a title."""
    top = row
    while top > 0:
        cells = [cell for cell in grid.rows[top - 1] if cell is not None]
        groups = [merge for merge in grid.merges if merge.top == top - 1 and merge.right > merge.left]
        if (
            len(cells) < 2
            or not groups
            or not all(map(_is_heading, cells))
            or any(_unit_line(cell_text(cell)) for cell in cells)
        ):
            break
        top -= 1
    return top


def _downwards(grid: Grid, row: int) -> int:
    """Return the last row of the header: merged cells that begin in it reach there, or its groups are divided there."""
    bottom = max((merge.bottom for merge in grid.merges if merge.top <= row <= merge.bottom), default=row)
    bottom = min(bottom, row + 3, len(grid.rows) - 1)
    while bottom == row or any(merge.top == bottom and merge.right > merge.left for merge in grid.merges):
        if bottom + 1 >= len(grid.rows) or not _divides(grid, bottom):
            break
        bottom += 1
    return bottom


def _divides(grid: Grid, row: int) -> bool:
    """Return whether the next row names the parts of groups in `row`, and nothing else."""
    above, below = grid.rows[row], grid.rows[row + 1]
    parts = [column for column, cell in enumerate(below) if cell is not None]
    if len(parts) < 2 or not all(_is_heading(below[column]) for column in parts):
        return False
    merged = [merge for merge in grid.merges if merge.top == row and merge.right > merge.left]
    if merged:
        return all(any(merge.left <= column <= merge.right for merge in merged) for column in parts)
    # A format without merged ranges: a group is a heading with empty places to its right, all of them named below
    gaps = [column for column in range(len(above)) if above[column] is None and any(above[:column])]
    groups = {column - 1 for column in gaps if above[column - 1] is not None}
    return bool(gaps) and set(parts) == set(gaps) | groups


def _joined(grid: Grid, top: int, bottom: int) -> dict[int, str]:
    """Return the name of each column: what stands over it from the first header row to the last."""
    width = max(len(grid.rows[place]) for place in range(top, bottom + 1))
    spread = [_spread(grid, place, width, has_parts=place < bottom) for place in range(top, bottom + 1)]
    names = {}
    for column in range(width):
        parts = list(dict.fromkeys(_one_line(row[column]) for row in spread if row[column] is not None))
        if parts:
            names[column] = _with_unit(parts)
    return names


def _spread(grid: Grid, place: int, width: int, *, has_parts: bool) -> Row:
    """Return a header row with the heading of a group over each of its columns."""
    row = [*grid.rows[place], *[None] * (width - len(grid.rows[place]))]
    for merge in grid.merges:
        if merge.top == place and merge.right > merge.left:
            row[merge.left : merge.right + 1] = [row[merge.left]] * (min(merge.right, width - 1) - merge.left + 1)
    if has_parts and not grid.merges:
        below = grid.rows[place + 1]
        for column in range(1, width):
            if row[column] is None and column < len(below) and below[column] is not None:
                row[column] = row[column - 1]
    return row


def _one_line(cell: Cell) -> str:
    """Return a heading on one line: a break between Chinese characters is none, any other is a space."""
    text = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", cell_text(cell))
    return re.sub(r"\s+", " ", text)


def _with_unit(parts: list[str]) -> str:
    *parents, last = parts
    if parents and last in _UNITS:
        return f"{' '.join(parents)}({last})"
    return " ".join(parts)


def _named(grid: Grid, names: dict[int, str], bottom: int, notes: list[Note]) -> dict[int, str]:
    """Return a name of its own for each column with a name or data, with notes on those that were given one."""
    data = grid.rows[bottom + 1 :]
    used = {column for row in data for column, cell in enumerate(row) if cell is not None}
    used |= {column for row, column in grid.faults if row > bottom}
    columns: dict[int, str] = {}
    unnamed = [letters(column) for column in sorted(used - names.keys())]
    for column in sorted(used | names.keys()):
        name = names.get(column, letters(column))
        unique, number = name, 0
        while unique in columns.values():
            number += 1
            unique = f"{name}_{number}"
        if unique != name:
            notes.append(Note("files.note.renamed", {"name": name, "new": unique}))
        columns[column] = unique
    if unnamed and names:
        notes.append(Note("sheets.note.unnamed", {"columns": ", ".join(unnamed)}))
    return columns


def _unit_line(text: str) -> str:
    """Return the units that a line like 单位：亩、万元 names, empty for any other line (填报单位：某局)."""
    found = _UNIT_LINE.search(text)
    return found[1] if found and set(re.split(r"[、,，/;； ]+", found[1])) <= _UNITS else ""


def _said(grid: Grid, top: int) -> dict[str, str]:
    texts = [_one_line(cell) for row in grid.rows[:top] for cell in row if cell is not None]
    units = [unit for text in texts if (unit := _unit_line(text))]
    titles = [text for text in texts if not _unit_line(text)]
    says = {"title": " / ".join(titles)} if titles else {}
    return says | ({"unit": units[0]} if units else {})
