"""Shapefiles: text in whatever encoding, and the records that a reader would pass over in silence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landkit.errors import InputError
from landkit.sources.dbf import Encoding, encoding_of, given_encoding, read_dbf
from landkit.sources.kinds import Kind, sidecar
from landkit.sources.layer import Note
from landkit.sources.records import Records, read_gdal

_BYTE_FOR_BYTE = "ISO-8859-1"


def read_shapefile(
    path: Path,
    kind: Kind,
    *,
    columns: Collection[str] | None = None,
    codec: str | None = None,
    packed: bool = False,
) -> Records:
    """Read every record, with its text decoded and the reason where its shape or its attributes are lost.

    `codec` (Python's name) stands above what the files say of their text.

    Raises
    ------
    InputError
        The index is missing, or a file of the set is damaged.
    """
    index = _read_index(path)
    return _with_every_record(_read_text(path, kind, columns, codec, packed=packed), index)


def read_dbase(path: Path, kind: Kind, *, codec: str | None = None) -> Records:
    """Read a ``.dbf`` that has no shapefile beside it: a row for each record that its header announces.

    Raises
    ------
    InputError
        It is damaged, or announces more records than it can hold.
    """
    table = read_dbf(path)
    whole = len(table.records)
    if table.count - whole > path.stat().st_size:
        raise InputError("files.broken", file=path, kind=kind.name, detail=f"{whole} / {table.count}")
    complete = np.arange(max(table.count, whole)) < whole
    deleted = np.zeros(len(complete), dtype=bool)
    deleted[:whole] = table.deleted
    records = _read_text(path, kind, None, codec)
    records.reasons.update({int(row): "cut_off" for row in np.flatnonzero(records.fids >= whole)})
    return _with_every_record(records, _Index(np.zeros(len(complete), dtype=bool), complete, deleted))


def write_index(path: Path) -> None:
    """Write the ``.shx`` that a shapefile lacks, from the lengths that stand before its records."""
    data = path.read_bytes()
    at, pairs = 100, []
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "big", signed=True)
        if length < 2:
            break
        pairs += [at // 2, length]
        at += 8 + 2 * length
    head = bytearray(data[:100])
    head[24:28] = (50 + 2 * len(pairs)).to_bytes(4, "big")
    path.with_suffix(".shx").write_bytes(bytes(head) + np.array(pairs, dtype=">i4").tobytes())


def _read_text(
    path: Path, kind: Kind, columns: Collection[str] | None, codec: str | None, *, packed: bool = False
) -> Records:
    encoding = encoding_of(path) if codec is None else given_encoding(path, codec)
    if encoding.is_whole:
        records = read_gdal(path, kind, columns=columns, encoding=_gdal_name(encoding.codec), packed=packed)
    else:
        records = read_gdal(path, kind, encoding=_BYTE_FOR_BYTE, packed=packed)
        records.attributes = _decoded(records.attributes, encoding, columns)
    if encoding.basis in ("utf8", "gb18030", "unknown"):
        records.notes.append(Note(f"files.note.encoding_{encoding.basis}"))
    if not encoding.is_whole:
        records.notes.append(Note("files.note.text_cut", {"codec": encoding.codec}))
    return records


def shapefile_columns(path: Path) -> list[str]:
    """Return the names of the attribute columns."""
    table = sidecar(path, ".dbf")
    if table is None:
        return []
    codec = encoding_of(path).codec
    return [name.decode(codec, "replace") for name in read_dbf(table).names]


def _gdal_name(codec: str) -> str:
    return codec.replace("iso8859-", "ISO-8859-").upper()


def _decoded(attributes: pd.DataFrame, encoding: Encoding, columns: Collection[str] | None) -> pd.DataFrame:
    def decode(text: str) -> str:
        return text.encode("latin-1", "replace").decode(encoding.codec, "replace")

    named = attributes.rename(columns=decode)
    for name in named.columns[named.dtypes == "str"]:
        named[name] = named[name].map(decode, na_action="ignore").astype("str")
    return named if columns is None else named[[name for name in named.columns if name in columns]]


@dataclass(frozen=True)
class _Index:
    """What the set of files says of its records, each of shape (n,).

    Attributes
    ----------
    filled
        The record is more than a null shape.
    complete
        The record lies within the file.
    deleted
        Its attributes are marked as deleted.
    """

    filled: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    deleted: NDArray[np.bool_]


def _read_index(path: Path) -> _Index:
    shx = sidecar(path, ".shx")
    if shx is None:
        raise InputError("files.no_shx", file=path)
    words = np.fromfile(shx, dtype=">i4", offset=100) if shx.stat().st_size > 100 else np.empty(0, dtype=">i4")
    pairs = words[: len(words) // 2 * 2].reshape(-1, 2).astype(np.int64)
    table = sidecar(path, ".dbf")
    marks = read_dbf(table).deleted if table is not None else np.empty(0, dtype=bool)
    count = max(len(pairs), len(marks))
    filled, deleted = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    complete = np.ones(count, dtype=bool)
    filled[: len(pairs)] = pairs[:, 1] > 2
    complete[: len(pairs)] = pairs.sum(axis=1) * 2 + 8 <= path.stat().st_size
    deleted[: len(marks)] = marks
    return _Index(filled, complete, deleted)


def _with_every_record(records: Records, index: _Index) -> Records:
    numbers = records.fids
    known = (numbers >= 0) & (numbers < len(index.filled))
    lost = pd.isna(records.shapes) & known
    for row in np.flatnonzero(lost):
        number = numbers[row]
        if index.filled[number]:
            records.reasons[int(row)] = "unreadable" if index.complete[number] else "cut_off"
    read = np.zeros(len(index.filled), dtype=bool)
    read[numbers[known]] = True
    absent = np.flatnonzero(~read & ~index.deleted)
    if len(absent) and not (numbers < 0).any():
        reasons = ["no_record" if index.complete[number] else "cut_off" for number in absent]
        records.append_lost(reasons)
    if index.deleted.any():
        records.notes.append(Note("files.note.deleted", {"count": int(index.deleted.sum())}))
    return records
