"""Layers on their way from one process to another: Arrow files for what is bulky, JSON for the rest; never pickle."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from landkit import errors
from landkit.errors import LandkitError
from landkit.sources.layer import Note, SourceLayer, remark_rows
from landkit.words import Phrase

_SHAPES = "shapes"
_ROWS = "rows"
_PART = 1 << 16
_TAG = "$"
# Columns of Python objects that Arrow keeps as they are; in others each cell is written with its own type
_EVEN = ("string", "bytes", "date", "boolean", "empty")
_READ: dict[str, Callable[[Any], object]] = {
    "path": Path,
    "phrase": Phrase,
    "bytes": base64.b64decode,
    "timestamp": pd.Timestamp,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "decimal": decimal.Decimal,
    "table": lambda pairs: {name: _from_plain(value) for name, value in pairs},
}


def write_layer(layer: SourceLayer, folder: Path, number: int) -> None:
    """Write `layer` as ``<number>.arrow`` and ``<number>.json`` into `folder`."""
    frame = pd.DataFrame(layer.frame.drop(columns="geometry"))
    names = [str(name) for name in frame.columns]
    frame.columns = pd.Index([str(position) for position in range(len(names))])
    objects = [name for name in frame.columns if frame[name].dtype == object]
    mixed = [name for name in objects if pd.api.types.infer_dtype(frame[name], skipna=True) not in _EVEN]
    # an index of its own, so that a layer without columns keeps its rows
    table = pa.Table.from_pandas(
        frame.drop(columns=mixed).assign(**{_ROWS: np.arange(len(frame))}), preserve_index=False
    )
    shapes = np.asarray(layer.frame.geometry.array, dtype=object) if layer.wkb is None else layer.wkb
    schema = table.schema.append(pa.field(_SHAPES, pa.large_binary()))
    with pa.OSFile(str(folder / f"{number}.arrow"), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        # part by part, so that shapes and their bytes are never all there
        for start in range(0, len(shapes), _PART):
            part = shapes[start : start + _PART]
            wkb = pa.array(shapely.to_wkb(part) if layer.wkb is None else part, type=pa.large_binary())
            writer.write_table(table.slice(start, _PART).append_column(schema.field(_SHAPES), wkb))
    meta = {
        "name": layer.name,
        "path": _to_plain(layer.path),
        "kind": layer.kind,
        "member": layer.member,
        "has_shapes": layer.has_shapes,
        "header": layer.header,
        "columns": names,
        "rows": layer.rows,
        "objects": [name for name in objects if name not in mixed],
        "mixed": {name: [_to_plain(cell) for cell in frame[name]] for name in mixed},
        "crs": None if layer.frame.crs is None else layer.frame.crs.srs,
        "unmeasured": layer.unmeasured.to_dict("list"),
        "notes": [[note.key, _to_plain(note.values)] for note in layer.notes],
        "remarks": [
            [int(row), key, _to_plain(values)]
            for row, key, values in layer.remarks[["row", "key", "values"]].itertuples(index=False)
        ],
    }
    (folder / f"{number}.json").write_text(json.dumps(meta), encoding="ascii")


def read_layer(folder: Path, number: int) -> SourceLayer:
    """Return the layer that `write_layer` wrote, and remove its files."""
    described, bulk = folder / f"{number}.json", folder / f"{number}.arrow"
    meta = json.loads(described.read_text(encoding="ascii"))
    # an open file can be removed on POSIX only
    with pa.memory_map(str(bulk)) if os.name == "posix" else pa.OSFile(str(bulk)) as source:
        table = pa.ipc.open_file(source).read_all()
        chunks = table.column(_SHAPES).chunks
        parts = [shapely.from_wkb(chunk.to_numpy(zero_copy_only=False)) for chunk in chunks]
        shapes = np.concatenate([np.empty(0, dtype=object), *parts])
        frame = table.drop_columns(_SHAPES).to_pandas()
    described.unlink()
    bulk.unlink()
    for name in meta["objects"]:
        texts = frame[name].astype(object)
        frame[name] = texts.where(texts.notna(), None)
    columns = {
        name: pd.Series([_from_plain(cell) for cell in meta["mixed"][str(at)]], dtype=object)
        if str(at) in meta["mixed"]
        else frame[str(at)]
        for at, name in enumerate(meta["columns"])
    }
    attributes = pd.DataFrame(columns, index=pd.RangeIndex(len(shapes)))
    crs = None if meta["crs"] is None else pyproj.CRS.from_user_input(meta["crs"])
    unmeasured = pd.DataFrame(
        {
            "row": pd.Series(meta["unmeasured"]["row"], dtype="int64"),
            "reason": pd.Series(meta["unmeasured"]["reason"], dtype="str"),
        }
    )
    return SourceLayer(
        meta["name"],
        gpd.GeoDataFrame(attributes, geometry=shapes, crs=crs),
        _path(meta["path"]),
        unmeasured,
        tuple(Note(key, _values(values)) for key, values in meta["notes"]),
        kind=meta["kind"],
        member=meta["member"],
        has_shapes=meta["has_shapes"],
        header=meta["header"],
        rows=meta["rows"],
        remarks=remark_rows([(row, key, _values(values)) for row, key, values in meta["remarks"]]),
    )


def error_to_plain(error: LandkitError) -> list[object]:
    """Return `error` in what JSON can say."""
    return [type(error).__name__, error.key, _to_plain(error.values)]


def error_from_plain(plain: list[Any], shown: dict[str, str]) -> LandkitError:
    """Return the error that `error_to_plain` described, with the paths in it (keys of `shown`) as they are shown."""
    name, key, values = plain
    kind: type[LandkitError] = getattr(errors, name)
    return kind(key, **{name: _shown(value, shown) for name, value in _values(values).items()})


def _shown(value: object, shown: dict[str, str]) -> object:
    if not isinstance(value, str | Path):
        return value
    text = str(value)
    for path, name in shown.items():
        text = text.replace(path, name)
    return type(value)(text)


def _to_plain(value: Any) -> object:
    """Return `value` in what JSON can say; what has a type of its own as ``{"$": type, "v": text}``."""
    match value:
        case None | str() | int() | float():
            plain: object = value
        case np.generic():
            plain = _to_plain(value.item())
        case dict():
            plain = {_TAG: "table", "v": [[str(name), _to_plain(inner)] for name, inner in value.items()]}
        case list() | tuple() | set() | np.ndarray():
            plain = [_to_plain(inner) for inner in value]
        case _:
            plain = None if value is pd.NA or value is pd.NaT else _tagged(value)
    return plain


def _tagged(value: object) -> dict[str, object]:
    tag, text = type(value).__name__.lower(), str(value)
    match value:
        case Path():
            tag = "path"
        case Phrase(key=key):
            text = key
        case bytes():
            text = base64.b64encode(value).decode("ascii")
        case datetime.datetime() | datetime.date() | datetime.time():
            text = value.isoformat()
    return {_TAG: tag, "v": text}


def _from_plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_plain(inner) for inner in value]
    if isinstance(value, dict):
        return _READ.get(value[_TAG], str)(value["v"])
    return value


def _values(plain: Any) -> dict[str, object]:
    values = _from_plain(plain)
    return values if isinstance(values, dict) else {}


def _path(plain: Any) -> Path:
    return Path(_from_plain(plain))
