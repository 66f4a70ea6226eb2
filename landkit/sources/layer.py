"""A layer as it was delivered: its rows, those that could not be read, and what the reader has to say about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd

from landkit import words
from landkit.sources.kinds import files_of, kind_of


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
    """A polygon layer of a delivered file.

    Attributes
    ----------
    name
        The layer's own name where the file has several, else the file's stem.
    frame
        Every record, with a RangeIndex and the columns as delivered; two-dimensional shapes, null where there
        is none or it cannot be read. Its ``crs`` is None only where it has no rows.
    path
        The file.
    unmeasured
        Records whose shape the reader had to give up, columns ``row`` (label in `frame`) and ``reason`` (the
        ``reason.*`` key of `landkit.words` without its prefix). What a readable shape lacks is `screen`'s to say.
    notes
        What was assumed or left out.
    """

    name: str
    frame: gpd.GeoDataFrame
    path: Path
    unmeasured: pd.DataFrame
    notes: tuple[Note, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The hash of the file; of a set (.shp .shx .dbf .prj .cpg), that of their bytes one after another."""
        return hash_files(files_of(self.path, kind_of(self.path)))


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
