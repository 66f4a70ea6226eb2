"""SQLite databases with shapes, as SpatiaLite and GDAL write them, asked of SQLite itself.

No driver of GDAL's opens them: it would follow the virtual tables in which such a file names other files. Only what
real tables store is read: no views, no virtual tables, no computed columns.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from landkit.errors import InputError
from landkit.sources.layer import Note
from landkit.sources.records import Records, read_names, unreadable
from landkit.sources.shapes import Packed, decode, pack

_NAME = "SQLite"
_REAL = re.compile(r"\s*create\s+table\s", re.IGNORECASE)
_VIRTUAL = re.compile(r"\s*create\s+virtual\s", re.IGNORECASE)
# What SpatiaLite, GDAL and QGIS keep for themselves
_OF_PROGRAMS = re.compile(
    r"sqlite_.*|(views_|virts_)?geometry_columns(_.*)?|(views_|virts_)?layer_(statistics|params|sub_classes|table_layout)"
    r"|spatial_ref_sys(_aux|_all)?|spatialite_history|sql_statements_log|data_licenses|raster_coverages(_.*)?"
    r"|vector_coverages(_.*)?|wms_.*|iso_metadata(_.*)?|se_.*|rl2map_.*|stored_(procedures|variables)|topologies|networks"
    r"|elementarygeometries|layer_styles|qgis_projects|geom_cols_ref_sys|spatialindex|knn2?|vector_layers(_.*)?",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"[A-Za-z]+")
_WELL_KNOWN = re.compile(r"\s*[A-Z_]+\[", re.IGNORECASE)
_FRAME, _START, _MARK, _MEMBER, _END = 0, 39, 0x7C, 0x69, 0xFE  # of a shape as SpatiaLite keeps it
_MULTIPLE = (4, 5, 6, 7)
_COMPRESSED = 1_000_000  # added to the type of what has single steps between its end points
_EXACT = 2**53


@dataclass(frozen=True)
class Shelf:
    """A table, and the column in which its shapes are; ``column`` is empty in a plain one."""

    name: str
    table: str
    column: str = ""
    srid: int = 0


def shelves(path: Path) -> tuple[list[Shelf], list[str]]:
    """Return the tables that hold data, once for each of their geometry columns, and the names of what is not read.

    Raises
    ------
    InputError
        SQLite cannot read the file.
    """
    with _open(path) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY rowid"
        listed = connection.execute(query)
        found = {str(name): str(sql or "") for name, sql in listed}
        declared = _declared(connection, found)
    virtual = [f"{name}_".lower() for name, sql in found.items() if _VIRTUAL.match(sql)]
    real, left = [], []
    for name, sql in found.items():
        if _OF_PROGRAMS.fullmatch(name) or name.lower().startswith(tuple(virtual)):
            continue
        if _REAL.match(sql):
            real.append(name)
        elif not (_VIRTUAL.match(sql) and name.lower().startswith("idx_")):  # an index of shapes is no data
            left.append(name)
    entries = []
    for name in real:
        columns = [(column, srid) for table, column, srid in declared if table.lower() == name.lower()]
        several = len(columns) > 1
        entries += [Shelf(f"{name}({column})" if several else name, name, column, srid) for column, srid in columns]
        entries += [] if columns else [Shelf(name, name)]
    return entries, left


def _declared(connection: sqlite3.Connection, found: dict[str, str]) -> list[tuple[str, str, int]]:
    """Return table, column and system number of each geometry column that the file lists and its table has."""
    listing = next((name for name in found if name.lower() == "geometry_columns" and _REAL.match(found[name])), None)
    wanted = {"f_table_name", "f_geometry_column", "srid"}
    if listing is None or not wanted <= {name.lower() for name in _stored(connection, listing)}:
        return []
    query = f"SELECT f_table_name, f_geometry_column, srid FROM {_quoted(listing)} ORDER BY rowid"  # noqa: S608
    declared = []
    for table, column, srid in connection.execute(query):
        held = next((name for name in found if name.lower() == str(table).lower()), None)
        names = [] if held is None or not _REAL.match(found[held]) else _stored(connection, held)
        there = next((name for name in names if name.lower() == str(column).lower()), None)
        if there is not None:
            declared.append((str(table), there, srid if isinstance(srid, int) else 0))
    return declared


def _stored(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that a table stores: computed ones are not listed."""
    return [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]


def read_sqlite(path: Path, shelf: Shelf, *, codec: str | None = None) -> Records:
    """Read every row of a table; a shape that is there and that cannot be read has its reason.

    Raises
    ------
    InputError
        SQLite cannot read it.
    """
    others = {one.column for one in shelves(path)[0] if one.table == shelf.table}
    notes = []
    with _open(path) as connection:
        names = _stored(connection, shelf.table)
        plain = [name for name in names if name not in others]
        wanted = [*plain, *([shelf.column] if shelf.column else [])]
        try:
            rows = _rows(connection, shelf.table, wanted, codec or "utf-8", strict=codec is None)
        except UnicodeDecodeError:
            rows = _rows(connection, shelf.table, wanted, "gb18030", strict=False)
            notes.append(Note("files.note.encoding_gb18030"))
        crs, is_unknown = _system(connection, shelf.srid) if shelf.column else (None, False)
    if is_unknown:
        notes.append(Note("archive.note.srid", {"layer": shelf.name, "srid": shelf.srid}))
    unique = read_names(plain)
    notes += [
        Note("files.note.renamed", {"name": name, "new": new})
        for name, new in zip(plain, unique, strict=True)
        if name != new
    ]
    columns = {new: _series([row[at] for row in rows]) for at, new in enumerate(unique)}
    cells = [row[len(plain)] for row in rows] if shelf.column else [None] * len(rows)
    packed = _packed(cells)
    if packed.is_flattened:
        notes.append(Note("files.note.flattened"))
    return Records(
        pd.DataFrame(columns, index=pd.RangeIndex(len(rows))), packed.wkb, unreadable(packed.broken),
        np.arange(len(rows)), crs, "Unknown" if shelf.column else "None", shelf.column, notes=notes, is_packed=True,
        closed=packed.closed,
    )  # fmt: skip


def _rows(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], codec: str, *, strict: bool
) -> list[tuple[Any, ...]]:
    connection.text_factory = _decoder(codec, "strict" if strict else "replace")
    names = ", ".join(_quoted(name) for name in columns) or "1"
    try:
        return connection.execute(f"SELECT {names} FROM {_quoted(table)}").fetchall()  # noqa: S608 - quoted
    finally:
        connection.text_factory = str


def _decoder(codec: str, errors: str) -> Callable[[bytes], str]:
    return lambda text: text.decode(codec, errors)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _system(connection: sqlite3.Connection, srid: int) -> tuple[str | None, bool]:
    """Return the reference system that the file gives the number `srid`, and whether the number is left unexplained."""
    if srid <= 0:
        return None, False
    listing = "SELECT sql FROM sqlite_master WHERE lower(name) = 'spatial_ref_sys' AND type = 'table'"
    sql = connection.execute(listing).fetchone()
    if sql is None or not _REAL.match(str(sql[0])):
        return None, True
    columns = {name.lower() for name in _stored(connection, "spatial_ref_sys")}
    told = [name for name in ("auth_name", "auth_srid", "srtext", "srs_wkt") if name in columns]
    row = connection.execute(f"SELECT {', '.join(told) or 1} FROM spatial_ref_sys WHERE srid = ?", [srid]).fetchone()  # noqa: S608
    values = {name: str(value or "") for name, value in zip(told, row or (), strict=False)}
    authority, code = values.get("auth_name", ""), values.get("auth_srid", "")
    if _AUTHORITY.fullmatch(authority) and authority.upper() != "NONE" and code.isdecimal():
        return f"{authority.upper()}:{int(code)}", False
    text = values.get("srtext") or values.get("srs_wkt") or ""
    return (text, False) if _WELL_KNOWN.match(text) else (None, True)


def _series(cells: list[Any]) -> pd.Series[Any]:
    """Return a column with the type of its cells; a mixed one keeps each as it is."""
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds == {int}:
        return pd.Series(cells, dtype="int64" if None not in cells else "Int64")
    exact = all(abs(cell) <= _EXACT for cell in cells if isinstance(cell, int))
    if kinds and kinds <= {int, float} and exact:
        return pd.Series(cells, dtype="float64")
    if kinds <= {str}:
        return pd.Series(cells, dtype="str")
    return pd.Series(cells, dtype=object)


def _packed(cells: Sequence[object]) -> Packed:
    """Return the shapes of `cells`; a curve, which GEOS does not know, cannot be read."""
    wkb = np.full(len(cells), None, dtype=object)
    wkb[:] = [_wkb_of(cell) for cell in cells]
    try:
        packed = pack(wkb)
    except NotImplementedError:
        for row in range(len(wkb)):
            try:
                decode(wkb[row : row + 1])
            except NotImplementedError:
                wkb[row] = None
        packed = pack(wkb)
    filled = np.array([cell is not None for cell in cells], dtype=bool)
    return packed._replace(broken=filled & pd.isna(packed.wkb))


def _wkb_of(cell: object) -> bytes | None:
    if isinstance(cell, str):
        shape = shapely.from_wkt(cell, on_invalid="ignore")
        return None if shape is None else bytes(shapely.to_wkb(shape))
    if not isinstance(cell, bytes):
        return None
    if len(cell) > _START + 5 and cell[0] == _FRAME and cell[_START - 1] == _MARK and cell[-1] == _END:
        try:
            return _unframed(cell)
        except (struct.error, IndexError, ValueError):
            return None
    return cell


def _unframed(blob: bytes) -> bytes | None:
    """Return the WKB of a shape in SpatiaLite's frame: members of a collection have a mark of their own there."""
    order, body = blob[1:2], blob[_START:-1]
    if order not in (b"\0", b"\1"):
        return None
    mark = "<" if order == b"\1" else ">"
    kind, count = struct.unpack_from(f"{mark}II", body)
    if kind % 1000 not in _MULTIPLE:
        return order + _part(body, 0, mark)[0]
    parts, at = [order + body[:8]], 8
    for _ in range(count):
        if body[at] != _MEMBER:
            return None
        part, at = _part(body, at + 1, mark)
        parts.append(order + part)
    return b"".join(parts)


def _part(body: bytes, at: int, mark: str) -> tuple[bytes, int]:
    """Return the point, line or polygon whose type stands at `at`, uncompressed, and where it ends."""
    (kind,) = struct.unpack_from(f"{mark}I", body, at)
    is_compressed, kind = kind >= _COMPRESSED, kind % _COMPRESSED
    size = 8 * (2, 3, 3, 4)[kind // 1000]
    form = kind % 1000
    if form not in (1, 2, 3) or (is_compressed and size > 16):
        raise ValueError(kind)
    if form == 1:
        return body[at : at + 4 + size], at + 4 + size
    start, at, count = at, at + 4, 1
    parts = [struct.pack(f"{mark}I", kind)]
    if form == 3:
        (count,) = struct.unpack_from(f"{mark}I", body, at)
        parts.append(body[at : at + 4])
        at += 4
    for _ in range(count):
        (points,) = struct.unpack_from(f"{mark}I", body, at)
        if is_compressed:
            parts += [body[at : at + 4], _expanded(body, at + 4, points, mark)]
            at += 4 + 32 + 8 * (points - 2)
        else:
            at += 4 + points * size
    return (b"".join(parts) if is_compressed else body[start:at]), at


def _expanded(body: bytes, at: int, points: int, mark: str) -> bytes:
    """Return the coordinates of points of which the first and the last are whole, the others single steps."""
    if points < 2 or at + 32 + 8 * (points - 2) > len(body):
        raise ValueError(points)
    first = np.frombuffer(body, f"{mark}f8", 2, at)
    steps = np.frombuffer(body, f"{mark}f4", 2 * (points - 2), at + 16).reshape(-1, 2).astype(np.float64)
    last = np.frombuffer(body, f"{mark}f8", 2, at + 16 + 8 * (points - 2))
    whole = np.vstack([np.cumsum(np.vstack([first, steps]), axis=0), last])
    return whole.astype(f"{mark}f8").tobytes()


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            # no cell is longer than the file
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(path.stat().st_size, 1 << 20))
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            yield connection
    except (sqlite3.Error, OverflowError) as error:
        raise InputError("files.broken", file=path, kind=_NAME, detail=error) from error
    except UnicodeDecodeError as error:
        raise InputError("files.broken", file=path, kind=_NAME, detail=error.reason) from error
