"""The records of one layer: read in bulk, or one by one where a bad one breaks that."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import fiona
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from fiona._err import CPLE_BaseError
from fiona.errors import FionaError
from numpy.typing import NDArray
from pyogrio.raw import open_arrow, read
from shapely.geometry import shape

from landkit.errors import InputError
from landkit.sources.kinds import Kind
from landkit.sources.layer import Note
from landkit.sources.shapes import Packed, decode, pack

# What the readers raise over a bad file: pyogrio's errors are RuntimeErrors, pyarrow's and those of text ValueErrors
FAILURES = (RuntimeError, OSError, ValueError, LookupError)
_FIONA_FAILURES = (*FAILURES, FionaError, CPLE_BaseError)
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
_SYNTHETIC_FID = "OGC_FID"
_MOST_REMARKS = 3
_XML_CHINESE = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?:gbk|gb2312|gb18030)["'][^>]*\?>""", re.IGNORECASE)
# Nothing listens there: a schema or reference system that a file points to is not fetched
_OFFLINE = {"GDAL_HTTP_PROXY": "http://127.0.0.1:9", "GDAL_HTTP_MAX_RETRY": "0"}


@dataclass
class Records:
    """A layer's records.

    Attributes
    ----------
    attributes
        The columns as delivered, with a RangeIndex.
    shapes
        Shape (n,); null where there is none or it cannot be read. Where `is_packed` as WKB in two dimensions, which
        takes a third of the memory and is what the next process wants.
    reasons
        Row -> why its shape had to be given up.
    fids
        Shape (n,): the reader's number of each record, or -1.
    crs
        The reference system as the reader words it, or None.
    geometry_type
        As declared, ``Unknown`` where it is not.
    geometry_column, fid_column
        Their names in the file, or empty.
    notes
        What was assumed or left out, and what the reader remarked.
    closed
        Which of the first records had a ring that was not closed; empty where nothing is closed.
    """

    attributes: pd.DataFrame
    shapes: NDArray[np.object_]
    reasons: dict[int, str]
    fids: NDArray[np.int64]
    crs: Any
    geometry_type: str
    geometry_column: str = ""
    fid_column: str = ""
    notes: list[Note] = field(default_factory=list)
    is_packed: bool = False
    closed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def append_lost(self, reasons: list[str]) -> None:
        """Add a row without shape or attributes for each record that is known to be there, with why it is lost."""
        start, count = len(self.shapes), len(reasons)
        self.reasons.update(zip(range(start, start + count), reasons, strict=True))
        self.attributes = self.attributes.reindex(pd.RangeIndex(start + count))
        self.shapes = np.append(self.shapes, np.full(count, None, dtype=object))
        self.fids = np.append(self.fids, np.full(count, -1))


def unreadable(broken: NDArray[np.bool_]) -> dict[int, str]:
    """Return the reasons of the rows that `broken`, shape (n,), marks."""
    return {int(row): "unreadable" for row in np.flatnonzero(broken)}


@contextmanager
def offline() -> Iterator[list[warnings.WarningMessage]]:
    """Keep GDAL from the network, and collect its remarks instead of printing them."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in _OFFLINE}
    pyogrio.set_gdal_config_options(_OFFLINE)
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            yield remarks
    finally:
        pyogrio.set_gdal_config_options(before)


def read_gdal(
    path: Path,
    kind: Kind,
    *,
    layer: int | str | None = None,
    columns: Collection[str] | None = None,
    encoding: str | None = None,
    options: Mapping[str, str] = NO_OPTIONS,
    packed: bool = False,
) -> Records:
    """Read a layer in bulk, or record by record where one bad record breaks that; `options` are the driver's own.

    With `packed` a layer that is read in bulk has its shapes as WKB.

    Raises
    ------
    InputError
        Neither way can read it.
    """
    target = gdal_target(path, kind)
    try:
        return _read_bulk(target, layer=layer, columns=columns, encoding=encoding, options=options, packed=packed)
    except FAILURES as error:
        if kind.is_markup:
            raise InputError("files.broken", file=path, kind=kind.name, detail=one_line(error)) from error
    return _read_each(path, kind, layer=layer, columns=columns, encoding=encoding, options=options)


def gdal_target(path: Path, kind: Kind) -> Path | bytes:
    """Return what GDAL is given: markup as bytes, so that nothing beside it is read and nothing is written there.

    Raises
    ------
    InputError
        The markup declares a document type.
    """
    if not kind.is_markup:
        return path.resolve()
    data = _as_utf8(path.read_bytes())
    # expat takes UTF-16 too, in which every other byte is 0
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise InputError("files.doctype", file=path)
    return data


def _as_utf8(markup: bytes) -> bytes:
    """Return XML in GBK, which GDAL's parser does not know, as UTF-8; any other as it is."""
    declared = _XML_CHINESE.match(markup)
    if declared is None:
        return markup
    body = markup[declared.end() :].decode("gb18030", "replace")
    return b'<?xml version="1.0" encoding="UTF-8"?>' + body.encode("utf-8")


def _read_bulk(
    target: Path | bytes,
    *,
    layer: int | str | None,
    columns: Collection[str] | None,
    encoding: str | None,
    options: Mapping[str, str],
    packed: bool,
) -> Records:
    wanted = None if columns is None else list(columns)
    notes = []
    with offline() as remarks:
        with open_arrow(
            target, layer=layer, columns=wanted, encoding=encoding, return_fids=True, use_pyarrow=True, **options
        ) as (meta, stream):
            geometry, fid = meta["geometry_name"] or "wkb_geometry", meta["fid_column"]
            table, parts = _decoded(stream, geometry, pack if packed else _whole)
        if parts is None:
            notes.append(Note("files.note.curves"))
            parts = [(pack if packed else _whole)(_linear(target, layer, options))]
    shapes, broken, closed = (np.concatenate([part[which] for part in parts]) for which in (0, 1, 3))
    if any(part.is_flattened for part in parts):
        notes.append(Note("files.note.flattened"))
    fids = table.column(fid).to_numpy() if fid in table.column_names else np.full(table.num_rows, -1)
    is_asked_for = fid != _SYNTHETIC_FID and (wanted is None or fid in wanted)
    attributes, renamed = to_frame(table, dropped={geometry} if is_asked_for else {geometry, fid})
    notes += [*renamed, *_remarks(remarks)]
    return Records(
        attributes, shapes, unreadable(broken), fids, meta["crs"], str(meta["geometry_type"]), geometry, fid, notes,
        packed, closed,
    )  # fmt: skip


def _whole(wkb: NDArray[np.object_]) -> Packed:
    shapes, broken = decode(wkb)
    return Packed(shapes, broken, is_flattened=False, closed=np.zeros(len(wkb), dtype=bool))


def _decoded(
    stream: pa.RecordBatchReader, geometry: str, take: Callable[[NDArray[np.object_]], Packed]
) -> tuple[pa.Table, list[Packed] | None]:
    """Return the attributes, and what `take` makes of the shapes part by part, never all there twice; None: curves."""
    kept: list[pa.Table] = []
    parts: list[Packed] | None = []
    for table in (pa.Table.from_batches(batches, stream.schema) for batches in _batches(stream)):
        if parts is not None:
            try:
                parts.append(take(_wkb(table, geometry)))
            except NotImplementedError:
                parts = None
        # the name of the column tells later that there were shapes
        emptied = pa.nulls(table.num_rows)
        at = table.schema.get_field_index(geometry)
        kept.append(table if at < 0 else table.set_column(at, geometry, emptied))
    return pa.concat_tables(kept), parts


def _batches(stream: pa.RecordBatchReader) -> Iterator[list[pa.RecordBatch]]:
    """Yield the batches one by one, and none of them at first: a layer without records has its columns as well."""
    yield []
    for batch in stream:
        yield [batch]


def _wkb(table: pa.Table, geometry: str) -> NDArray[np.object_]:
    if geometry not in table.column_names:
        return np.full(table.num_rows, None, dtype=object)
    return np.asarray(table.column(geometry).to_numpy(zero_copy_only=False), dtype=object)


def _remarks(warned: list[warnings.WarningMessage]) -> list[Note]:
    unique = dict.fromkeys(one_line(warning.message) for warning in warned)
    return [Note("files.note.reader", {"text": text}) for text in list(unique)[:_MOST_REMARKS]]


def _linear(target: Path | bytes, layer: int | str | None, options: Mapping[str, str]) -> NDArray[np.object_]:
    """Return the shapes as WKB with their arcs in short chords (GDAL's, 4 degrees of arc)."""
    _, _, wkb, _ = read(target, layer=layer, columns=[], **options)
    return np.asarray(wkb, dtype=object)


def to_frame(table: pa.Table, *, dropped: Collection[str]) -> tuple[pd.DataFrame, list[Note]]:
    """Return the attributes of `table`, and a note for each column that had to be renamed.

    Whole numbers with gaps stay whole, dates become datetimes, and a name that occurs twice gets a number.
    """
    pairs = zip(table.column_names, table.columns, strict=True)
    kept = [(name, column) for name, column in pairs if name not in dropped]
    names = read_names([name for name, _ in kept])
    columns = {new: _to_series(column) for new, (_, column) in zip(names, kept, strict=True)}
    changed = [(name, new) for new, (name, _) in zip(names, kept, strict=True) if new != name]
    renamed = [Note("files.note.renamed", {"name": name, "new": new}) for name, new in changed]
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows)), renamed


def read_names(delivered: Iterable[str]) -> list[str]:
    """Return what columns are called once they are read: none like another, none like the shapes."""
    names: list[str] = []
    for name in delivered:
        unique, number = name, 0
        while unique in names or unique == "geometry":
            number += 1
            unique = f"{name}_{number}"
        names.append(unique)
    return names


def _to_series(column: pa.ChunkedArray) -> pd.Series[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_time(column.type):
        column = column.cast(pa.string())  # pandas knows times of day to the microsecond only
    if pa.types.is_integer(column.type) and column.null_count:
        return pd.Series(column.to_pandas(types_mapper={column.type: pd.Int64Dtype()}.get))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pd.Series(column.to_pandas(), dtype="str")
    return pd.Series(column.to_pandas(date_as_object=False))


def _read_each(
    path: Path,
    kind: Kind,
    *,
    layer: int | str | None,
    columns: Collection[str] | None,
    encoding: str | None,
    options: Mapping[str, str],
) -> Records:
    try:
        with (
            offline() as remarks,
            fiona.Env(**_OFFLINE),
            fiona.open(path, layer=layer, driver=kind.driver, encoding=encoding, **options) as collection,
        ):
            records, announced = _collect(collection, columns), len(collection)
        records.notes = _remarks(remarks)
    except _FIONA_FAILURES as error:
        raise InputError("files.broken", file=path, kind=kind.name, detail=one_line(error)) from error
    read = len(records.shapes)
    # a count that the file is too small for is no count
    if not read or announced - read > path.stat().st_size:
        raise InputError("files.broken", file=path, kind=kind.name, detail=f"{read} / {announced}")
    records.append_lost(["unreadable"] * max(announced - read, 0))
    return records


def _collect(collection: fiona.Collection, columns: Collection[str] | None) -> Records:
    crs, schema = collection.crs_wkt or None, collection.schema
    names = [name for name in schema["properties"] if columns is None or name in columns]
    survivors = list(_survivors(collection))
    pairs = [_shape_of(record) for record in survivors]
    shapes = np.full(len(pairs), None, dtype=object)
    shapes[:] = [found for found, _ in pairs]
    rows = [{} if record is None else {name: record.properties[name] for name in names} for record in survivors]
    fids = np.array([-1 if record is None else int(record.id) for record in survivors], dtype=np.int64)
    attributes = pd.DataFrame(rows, columns=names, index=pd.RangeIndex(len(rows)))
    broken = np.array([is_broken for _, is_broken in pairs], dtype=bool)
    return Records(attributes, shapes, unreadable(broken), fids, crs, str(schema["geometry"]))


def _survivors(collection: fiona.Collection) -> Iterator[fiona.Feature | None]:
    """Yield each record, None for one that cannot be read; the caller counts what a reader that gives up leaves."""
    records = iter(collection)
    for _ in range(len(collection)):
        try:
            yield next(records)
        except StopIteration:
            return
        except _FIONA_FAILURES:
            yield None


def _shape_of(record: fiona.Feature | None) -> tuple[Any, bool]:
    if record is None or record.geometry is None:
        return None, record is None
    try:
        return shapely.force_2d(shape(record.geometry)), False
    except (*FAILURES, TypeError, AttributeError, shapely.errors.ShapelyError):
        return None, True


def one_line(error: object) -> str:
    """Return what `error` says, on one line and not too long."""
    return " ".join(str(error).split())[:200]
