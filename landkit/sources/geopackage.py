"""What a GeoPackage says it holds, asked of SQLite itself before GDAL opens the file.

Only real tables are read: a view may run for ever, and its text comes from whoever made the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from landkit.errors import InputError
from landkit.sources.kinds import Kind
from landkit.sources.records import Records, read_gdal

_FEATURES = """
    SELECT c.table_name, g.geometry_type_name, m.type = 'table'
    FROM gpkg_contents AS c
    JOIN gpkg_geometry_columns AS g ON lower(g.table_name) = lower(c.table_name)
    JOIN sqlite_master AS m ON lower(m.name) = lower(c.table_name)
    WHERE c.data_type = 'features' ORDER BY c.rowid
"""
_IN_CHUNKS = 500


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


def read_geopackage(path: Path, kind: Kind, *, table: str, columns: Collection[str] | None) -> Records:
    """Read a feature table; a shape that is there and that no reader understands is told from one that is not there."""
    records = read_gdal(path, kind, layer=table, columns=columns)
    absent = np.flatnonzero(pd.isna(records.shapes) & (records.fids >= 0))
    if len(absent) and records.fid_column:
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
