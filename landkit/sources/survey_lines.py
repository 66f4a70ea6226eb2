"""The lines of a survey boundary-point file: entries of its header, records of parcels, and their points.

A record starts with a line that ends in ``@``; the lines of its points follow. Lines that are neither are named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from landkit.sources.survey_zone import is_grid_point

Remark: TypeAlias = tuple[str, dict[str, object]]

DESCRIPTION, COORDINATES = "属性描述", "地块坐标"
BLANK = " \t\u3000\xa0\ufeff\u200b\v\f\0"
# What the reader adds to the header in its own words; an entry of the file that is called so goes by its section.
OWN_ENTRIES = ("zone", "degrees", "datum", "prefixed", "encoding")
COUNT, AREA, KIND = "界址点数", "声明面积原文", "图形属性"
COLUMNS = (COUNT, AREA, "地块编号", "地块名称", KIND, "图幅号", "地块用途", "地类编码")
FURTHER = ("TBLX", "DL", "GZQ", "GZH", "BZ")  # of the layout with 13 columns
OTHER = "其他列"
KINDS = ("点", "线", "面")
FULL_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_KIND_AT, _NAME_AT = COLUMNS.index(KIND), COLUMNS.index("地块名称")
_LINE_END = re.compile(r"\r\n?|\n")
_HEADING = re.compile(r"[\[【［]([^\[\]【】［］=＝,，@＠]{1,40})[\]】］]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_COMMAS = BLANK + ",，"
_MOST_CELLS = 64
_MOST_NAMED = 20  # lines of one record that are named; the others are counted
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Point:
    """A boundary point as written: `x` is the northing, if the file keeps to the format."""

    line: int
    name: str
    ring: str
    x: float
    y: float


@dataclass(slots=True)
class Record:
    """A parcel: its cells by column, its points, and what was remarked while reading them.

    Attributes
    ----------
    line
        Where it starts, from 1.
    is_broken
        A line that may have been a point could not be read.
    """

    line: int
    cells: dict[str, str]
    remarks: list[Remark]
    points: list[Point] = field(default_factory=list)
    is_broken: bool = False
    unread: int = 0
    widened: int = 0


@dataclass(slots=True)
class Document:
    """A file taken apart.

    Attributes
    ----------
    header
        Entries of the description by their key, of other sections by ``[section]key``; a line that is no entry
        under ``[section]#1``, ``#2``, and so on.
    stray
        Lines among the coordinates that stand before any record: (line, text).
    """

    header: dict[str, str] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    stray: list[tuple[int, str]] = field(default_factory=list)


def parse(text: str) -> Document:
    """Take the text of a file apart; never fails, and takes time in proportion to its length."""
    document, section, is_padded = Document(), "", False
    taken: dict[str, int] = {}
    for number, raw in enumerate(_LINE_END.split(text), start=1):
        line = _unquoted(raw.strip(BLANK))
        bare = line.rstrip(_COMMAS)
        if not bare:
            continue
        heading = _HEADING.fullmatch(bare)
        if heading:
            section, is_padded = heading[1].strip(BLANK), is_padded or bare != line
        elif section == COORDINATES or _starts_record(line):
            section = COORDINATES
            _read_coordinates(document, number, line)
        else:
            _read_entry(document.header, taken, section, bare if is_padded else line)
    return document


def _unquoted(line: str) -> str:
    """Return a line without the quotes that a spreadsheet puts around one that it holds in a single cell."""
    is_quoted = len(line) > 1 and line[0] == line[-1] == '"' and line.count('"') == 2
    return line[1:-1].strip(BLANK) if is_quoted else line


def _is_marked(line: str) -> bool:
    return line.rstrip(_COMMAS).endswith(("@", "＠"))


def _starts_record(line: str) -> bool:
    """Return whether a line outside the coordinates is a record all the same, the heading before it being lost."""
    return _is_marked(line) and "=" not in line and len(split_record(line)) >= len(COLUMNS) - 1


def _read_entry(header: dict[str, str], taken: dict[str, int], section: str, line: str) -> None:
    at = min((place for place in (line.find("="), line.find("＝")) if place >= 0), default=-1)
    key, value = line[: max(at, 0)].rstrip(BLANK), line[at + 1 :].lstrip(BLANK)
    if at < 0:
        key, value = f"[{section or DESCRIPTION}]#", line
    elif section not in ("", DESCRIPTION) or key in OWN_ENTRIES or key.startswith("["):
        key = f"[{section or DESCRIPTION}]{key}"
    taken[key] = taken.get(key, 0) + 1
    if at < 0 or taken[key] > 1:
        key = f"{key.removesuffix('#')}#{taken[key]}"
    header[key] = value


def _read_coordinates(document: Document, number: int, line: str) -> None:
    record = document.records[-1] if document.records else None
    if _is_marked(line):
        document.records.append(_record(number, line))
        return
    found = _point(number, line)
    if found is None and _is_unmarked_record(line):
        document.records.append(_record(number, line))
        document.records[-1].remarks.append(("survey.remark.no_mark", {"line": number}))
    elif record is None:
        document.stray.append((number, line[:_EXCERPT]))
    elif found is None:
        _leave(record, number, line)
    else:
        point, further = found
        record.points.append(point)
        if further:
            record.widened += 1
            if record.widened == 1:
                record.remarks.append(("survey.remark.point_columns", {"line": number, "text": further[:_EXCERPT]}))


def _is_unmarked_record(line: str) -> bool:
    cells = split_record(line)
    return len(cells) >= len(COLUMNS) - 1 and _kind_at(cells) is not None


def _leave(record: Record, number: int, line: str) -> None:
    """Remark a line that cannot be read; one with a digit or a comma may have been a point, and a corner is missing."""
    record.unread += 1
    record.is_broken |= any(sign in line for sign in ",，") or any(sign.isdigit() for sign in line)
    if record.unread <= _MOST_NAMED:
        record.remarks.append(("survey.remark.line", {"line": number, "text": line[:_EXCERPT]}))
    elif record.unread == _MOST_NAMED + 1:
        record.remarks.append(("survey.remark.lines", {"line": number}))


def _point(number: int, line: str) -> tuple[Point, str] | None:
    """Return a point and what stands behind its coordinates, or None where the line is none."""
    narrow = line.translate(FULL_TO_ASCII)
    cells = [cell.strip(BLANK) for cell in (narrow.split(",", 8) if "," in narrow else narrow.split(None, 8))]
    while cells and not cells[-1].strip(","):
        cells.pop()
    if len(cells) == 3:
        cells = [cells[0], "", *cells[1:]]
        is_bare = True
    else:
        is_bare = False
    if len(cells) < 4:
        return None
    x, y = read_number(cells[2]), read_number(cells[3])
    # without its ring a line has the look of one that was cut off: "J5,1,32184"
    if x is None or y is None or (is_bare and not is_grid_point(x, y)):
        return None
    return Point(number, cells[0], cells[1], x, y), ",".join(cells[4:])


def read_number(cell: str) -> float | None:
    """Return a plain decimal of at most nine digits before the point, or None: no exponent, no nan, no infinity."""
    return float(cell) if _NUMBER.fullmatch(cell) else None


def split_record(line: str) -> list[str]:
    """Return the cells of a record, without the mark at its end.

    Full-width commas separate only where the others alone make no known layout: a name may hold one.
    """
    body = line
    if _is_marked(line):  # a spreadsheet adds commas behind the mark
        body = line.rstrip(_COMMAS).rstrip(BLANK + "@＠")
        body = body.removesuffix(",") if body.endswith(",") else body.removesuffix("，")
    cells = _cells(body)
    return cells if _fits(cells) else _cells(body.replace("，", ","))


def _cells(body: str) -> list[str]:
    return [cell.strip(BLANK) for cell in body.split(",", _MOST_CELLS)]


def _fits(cells: list[str]) -> bool:
    standard = len(cells) in (len(COLUMNS), len(COLUMNS) + len(FURTHER)) and cells[_KIND_AT] in (*KINDS, "")
    return standard or (len(cells) == len(COLUMNS) - 1 and cells[_KIND_AT - 1] in KINDS)


def _kind_at(cells: list[str]) -> int | None:
    """Return where the kind of shape stands: it tells which column is missing, or how many commas a name holds."""
    usual = (_KIND_AT - 1, _KIND_AT) if len(cells) == len(COLUMNS) - 1 else (_KIND_AT, _KIND_AT - 1)
    places = (*usual, *range(_KIND_AT + 1, len(cells)))
    return next((place for place in places if place < len(cells) and cells[place] in KINDS), None)


def _record(number: int, line: str) -> Record:
    cells = split_record(line)
    remarks: list[Remark] = []
    place = _kind_at(cells)
    surplus = 0 if place is None else place - _KIND_AT
    starts_with_area = place is None and len(cells) == len(COLUMNS) - 1 and not (cells[0].isdigit() or not cells[0])
    if surplus == -1 or starts_with_area:
        cells = ["", *cells]
        if starts_with_area:
            remarks.append(("survey.remark.no_count", {"line": number}))
    elif surplus > 0 and len(cells) - surplus in (len(COLUMNS), len(COLUMNS) + len(FURTHER)):
        name = ",".join(cells[_NAME_AT : _KIND_AT + surplus])
        cells = [*cells[:_NAME_AT], name, *cells[_KIND_AT + surplus :]]
        remarks.append(("survey.remark.comma", {"line": number, "text": name[:_EXCERPT]}))
    whole = len(COLUMNS) + len(FURTHER)
    if len(cells) not in (len(COLUMNS), whole):
        remarks.append(("survey.remark.columns", {"line": number, "count": len(cells)}))
    names = (*COLUMNS, *FURTHER) if len(cells) >= whole else COLUMNS
    named = dict(zip(names, cells, strict=False))
    if len(cells) > len(names):
        named[OTHER] = ",".join(cells[len(names) :])
    return Record(number, named, remarks)
