"""A layer as it was delivered: its rows, those that could not be read, and what the reader has to say about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landkit import words
from landkit.sources.kinds import files_of


@dataclass(frozen=True)
class Note:
    """Something to know about a layer, in words of either language.

    Attributes
    ----------
    key
        The entry of `landkit.words`.
    values
        What fills it.
    """

    key: str
    values: dict[str, object] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Return the note in `lang`."""
        return words.text(self.key, lang, **self.values)


@dataclass(frozen=True, eq=False)
class SourceLayer:
    """A layer, sheet or list of a delivered file.

    Attributes
    ----------
    name
        The layer's own name where the file has several, else the file's stem.
    frame
        Every record, with a RangeIndex and the columns as delivered; two-dimensional shapes, null where there
        is none or it cannot be read. Its ``crs`` is None where the file names none.
    path
        The file.
    unmeasured
        Records whose shape the reader had to give up, columns ``row`` (label in `frame`) and ``reason`` (the
        ``reason.*`` key of `landkit.words` without its prefix). What a readable shape lacks is `screen`'s to say.
    notes
        What was assumed or left out.
    kind
        What its reader calls the file: the name of its `Kind`.
    member
        The file inside an archive that it came from; empty for a file of its own.
    has_shapes
        Whether the delivery holds shapes at all; of a plain table every geometry is null.
    header
        What the file says of itself: the header of a survey TXT, the units of a drawing, the control totals of a sheet.
    rows
        The number of each record for people where it is not its place: its row in a sheet, its line in a text; shape
        (n,), counted from 1.
    remarks
        What was assumed or mended while reading single rows: columns ``row`` (label in `frame`), ``key`` (of
        `landkit.words`) and ``values`` (a dict that fills it).
    wkb
        The shapes while they are on their way to another process, shape (n,); those of `frame` are null as long. None
        in every layer that has arrived.
    """

    name: str
    frame: gpd.GeoDataFrame
    path: Path
    unmeasured: pd.DataFrame
    notes: tuple[Note, ...] = ()
    kind: str = ""
    member: str = ""
    has_shapes: bool = True
    header: dict[str, str] = field(default_factory=dict)
    rows: list[int] | None = None
    remarks: pd.DataFrame = field(default_factory=lambda: remark_rows([]))
    wkb: NDArray[np.object_] | None = None

    @cached_property
    def sha256(self) -> str:
        """The hash of the file; of a set (.shp .shx .dbf .prj .cpg), that of their bytes one after another."""
        return hash_files(files_of(self.path))


def remark_rows(remarks: list[tuple[int, str, dict[str, object]]]) -> pd.DataFrame:
    """Return the table of remarks on rows (columns row, key, values) from (row label, key, values)."""
    return pd.DataFrame(
        {
            "row": pd.Series([row for row, _, _ in remarks], dtype="int64"),
            "key": pd.Series([key for _, key, _ in remarks], dtype="str"),
            "values": pd.Series([values for _, _, values in remarks], dtype=object),
        }
    )


def hash_files(files: list[Path]) -> str:
    """Return the SHA-256 of the bytes of `files` one after another, in hexadecimal."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            hashlib.file_digest(stream, lambda: digest)
    return digest.hexdigest()


def unmeasured_rows(rows: dict[int, str]) -> pd.DataFrame:
    """Return the table of unmeasured rows (columns row, reason) from row label -> reason."""
    ordered = sorted(rows.items())
    return pd.DataFrame(
        {
            "row": pd.Series([row for row, _ in ordered], dtype="int64"),
            "reason": pd.Series([reason for _, reason in ordered], dtype="str"),
        }
    )
