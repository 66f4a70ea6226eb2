"""What the XML of an xlsx workbook says that its cells do not: errors, formulas without results, percentages.

The parts are looked through with patterns rather than parsed: nothing in them is expanded, followed or run.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from landkit.errors import InputError

_MOST_BYTES = 1 << 30
_MOST_TIMES = 300  # how much smaller a member may be packed; what people make stays under 60
_SMALL = 10 << 20  # members below this are harmless however well they pack
_MOST_MEMBERS = 10_000
_CHUNK = 4 << 20
_LONGEST_CELL = 200_000  # a text cell holds 32,767 characters; escaped ones take up to 6 bytes

_ELEMENT = rb"<(?:\w+:)?%s\b([^>]*?)/?>"
_SHEET = re.compile(_ELEMENT % b"sheet")
_RELATION = re.compile(_ELEMENT % b"Relationship")
_FORMAT = re.compile(_ELEMENT % b"numFmt")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(_ELEMENT % b"xf")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_PERCENT_FORMATS = {b"9", b"10"}
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")


@dataclass
class Remarkable:
    """Cells of a sheet by (row, column), 0-based: those without a value, those shown as a percentage, and its extent.

    ``faults`` maps a cell to the spreadsheet's error or ``=``; ``bottom`` and ``right`` are the last row and column
    that hold anything.
    """

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    bottom: int = -1
    right: int = -1


def check_package(path: Path, kind: str) -> None:
    """Refuse a zipped workbook that unpacks to more than a workbook of people's making does.

    Raises
    ------
    InputError
        It is no zip file, encrypted, or too large unpacked.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError("sheets.broken", file=path, kind=kind, detail=str(error)) from error
    total = sum(member.file_size for member in members)
    is_bomb = any(
        member.file_size > _SMALL and member.file_size > _MOST_TIMES * max(1, member.compress_size)
        for member in members
    )
    if is_bomb or total > _MOST_BYTES or len(members) > _MOST_MEMBERS:
        raise InputError("sheets.too_large_unpacked", file=path, megabytes=total >> 20)
    if any(member.flag_bits & 1 for member in members):
        raise InputError("sheets.encrypted", file=path)


def remarkable_cells(path: Path) -> dict[str, Remarkable]:
    """Return the remarkable cells of each sheet of an xlsx workbook by its name.

    Raises
    ------
    InputError
        The package is damaged.
    """
    try:
        with zipfile.ZipFile(path) as package:
            percents = _percent_styles(package)
            return {name: _look_through(package, part, percents) for name, part in _parts(package).items()}
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError, zlib.error) as error:
        raise InputError("sheets.broken", file=path, kind="XLSX", detail=str(error)) from error


def _attributes(element: bytes) -> dict[bytes, bytes]:
    found = _ATTRIBUTE.findall(element)
    return {name.rpartition(b":")[2]: double or single for name, double, single in found}


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the member of each sheet by its name."""
    names = set(package.namelist())
    book = next((name for name in names if name.lower() == "xl/workbook.xml"), "")
    links = f"{PurePosixPath(book).parent}/_rels/{PurePosixPath(book).name}.rels"
    if not book or links not in names:
        return {}
    targets = {
        relation[b"Id"]: relation[b"Target"].decode()
        for relation in map(_attributes, _RELATION.findall(package.read(links)))
        if b"Id" in relation and b"Target" in relation
    }
    parts = {}
    for sheet in map(_attributes, _SHEET.findall(package.read(book))):
        target = targets.get(sheet.get(b"id", b""), "")
        part = target.lstrip("/") if target.startswith("/") else f"{PurePosixPath(book).parent}/{target}"
        if part in names:
            parts[html.unescape(sheet.get(b"name", b"").decode())] = part
    return parts


def _percent_styles(package: zipfile.ZipFile) -> set[bytes]:
    """Return the numbers of the cell styles that show a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    styles = package.read("xl/styles.xml")
    formats = _PERCENT_FORMATS | {
        attributes.get(b"numFmtId", b"")
        for attributes in map(_attributes, _FORMAT.findall(styles))
        if b"%" in attributes.get(b"formatCode", b"")
    }
    block = _STYLES.search(styles)
    used = _STYLE.findall(block[0]) if block else []
    return {b"%d" % number for number, style in enumerate(used) if _attributes(style).get(b"numFmtId") in formats}


def _look_through(package: zipfile.ZipFile, part: str, percents: set[bytes]) -> Remarkable:
    found = Remarkable()
    for cell, content in _cells(package, part):
        place = _PLACE.search(cell)
        if place is None:
            continue
        row, column = int(place[2]) - 1, _column(place[1])
        found.bottom, found.right = max(found.bottom, row), max(found.right, column)
        is_formula = b"f" in content and _FORMULA.search(content) is not None
        if is_formula or percents or b"e" in cell:  # the cells that need a closer look
            _note(found, (row, column), _attributes(cell), content, percents, is_formula=is_formula)
    return found


def _note(
    found: Remarkable,
    place: tuple[int, int],
    attributes: dict[bytes, bytes],
    content: bytes,
    percents: set[bytes],
    *,
    is_formula: bool,
) -> None:
    value = _VALUE.search(content)
    kind = attributes.get(b"t")
    if kind == b"e":
        found.faults[place] = value[1].decode() if value else "#"
    elif is_formula and value is None and kind != b"str":  # a text formula may well have the empty text as its result
        found.faults[place] = "="
    elif attributes.get(b"s") in percents:
        found.percents.add(place)


def _cells(package: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the attributes and the content of every cell that has any, reading the part piece by piece."""
    rest = b""
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            rest += piece
            end = 0
            for cell in _CELL.finditer(rest):
                yield cell[1], cell[2]
                end = cell.end()
            rest = rest[end:] if len(rest) - end < _LONGEST_CELL else rest[-_LONGEST_CELL:]


@cache
def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = 26 * number + letter - ord("A") + 1
    return number - 1
