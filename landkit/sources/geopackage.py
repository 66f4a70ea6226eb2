"""What a GeoPackage says it holds, asked of SQLite itself before GDAL opens the file.

Only real tables are read: a view may run for ever, and its text comes from whoever made the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from landkit.errors import InputError
from landkit.sources.kinds import Kind
from landkit.sources.records import NO_OPTIONS, Records, read_gdal

_FEATURES = """
    SELECT c.table_name, g.geometry_type_name, m.type = 'table'
    FROM gpkg_contents AS c
    JOIN gpkg_geometry_columns AS g ON lower(g.table_name) = lower(c.table_name)
    JOIN sqlite_master AS m ON lower(m.name) = lower(c.table_name)
    WHERE c.data_type = 'features' ORDER BY c.rowid
"""
# The other tables: plain ones, and what the contents do not list or list without saying where the shapes are
_OTHERS = """
    SELECT m.name, c.data_type = 'attributes' AND m.type = 'table'
    FROM sqlite_master AS m LEFT JOIN gpkg_contents AS c ON lower(m.name) = lower(c.table_name)
    WHERE m.type IN ('table', 'view') AND lower(m.name) NOT IN (SELECT lower(table_name) FROM gpkg_geometry_columns)
    AND m.name NOT LIKE 'gpkg~_%' ESCAPE '~' AND m.name NOT LIKE 'rtree~_%' ESCAPE '~'
    AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY c.rowid, m.name
"""
_IN_CHUNKS = 500
# How the map is drawn, kept by QGIS in a table of its own
_OF_QGIS = ("layer_styles", "qgis_projects")


@dataclass(frozen=True)
class Table:
    """A feature table: its name, declared geometry type, and whether it is a table and no view."""

    name: str
    geometry_type: str
    is_real: bool


def feature_tables(path: Path) -> list[Table]:
    """Return the feature tables in the order of the file's contents.

    Raises
    ------
    InputError
        SQLite cannot read the file, or it is no GeoPackage.
    """
    with _open(path) as connection:
        return [Table(name, kind or "", bool(real)) for name, kind, real in connection.execute(_FEATURES)]


def other_tables(path: Path) -> tuple[list[str], list[str]]:
    """Return the plain tables, and what else there is that is not read: views, and tables that no contents list.

    Raises
    ------
    InputError
        SQLite cannot read the file, or it is no GeoPackage.
    """
    with _open(path) as connection:
        found = [(str(name), bool(is_plain)) for name, is_plain in connection.execute(_OTHERS)]
    data = [(name, is_plain) for name, is_plain in found if name.lower() not in _OF_QGIS]
    return [name for name, is_plain in data if is_plain], [name for name, is_plain in data if not is_plain]


def read_geopackage(
    path: Path,
    kind: Kind,
    *,
    table: str,
    columns: Collection[str] | None = None,
    options: Mapping[str, str] = NO_OPTIONS,
    packed: bool = False,
) -> Records:
    """Read a table; a shape that is there and that no reader understands is told from one that is not there."""
    records = read_gdal(path, kind, layer=table, columns=columns, options=options, packed=packed)
    absent = np.flatnonzero(pd.isna(records.shapes) & (records.fids >= 0))
    if len(absent) and records.fid_column and records.geometry_type != "None":
        filled = _filled(path, table, records.geometry_column, records.fid_column, records.fids[absent].tolist())
        records.reasons.update({int(row): "unreadable" for row in absent if int(records.fids[row]) in filled})
    return records


def _filled(path: Path, table: str, column: str, fid: str, fids: Sequence[int]) -> set[int]:
    """Return those of `fids` whose geometry is not null in the file, whatever a reader made of it."""
    found: set[int] = set()
    quoted = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (fid, table, column)]
    with _open(path) as connection:
        for start in range(0, len(fids), _IN_CHUNKS):
            chunk = [int(value) for value in fids[start : start + _IN_CHUNKS]]
            marks = ",".join("?" * len(chunk))
            # names are quoted above; values are bound
            query = "SELECT {0} FROM {1} WHERE {2} IS NOT NULL AND {0} IN ({marks})".format(*quoted, marks=marks)  # noqa: S608
            found.update(row[0] for row in connection.execute(query, chunk))
    return found


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            yield connection
    except sqlite3.Error as error:
        raise InputError("files.broken", file=path, kind="GeoPackage", detail=error) from error
