"""The workspace: a folder with a ``landkit.toml`` that says which file holds which layer.

Only this module opens what landkit keeps.
"""

from __future__ import annotations

import csv
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from landkit.errors import InputError, UsageError
from landkit.schema import Field, schema
from landkit.settings import SUFFIXES, LayerSpec, Zone, read_settings
from landkit.sources import SourceLayer, read_layers

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["LayerSpec", "Workspace", "Zone", "open_workspace", "write_example"]

SETTINGS = "landkit.toml"
_TRUTHS = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}


@dataclass(frozen=True)
class Workspace:
    """An open workspace; its files are read when they are asked for."""

    root: Path
    zone: Zone
    sliver_m2: float
    layers: Mapping[str, LayerSpec]

    @property
    def plan_path(self) -> Path:
        """Where the plan's targets stand; the file may be missing."""
        return self.root / "plan.toml"

    def source(self, layer_id: str, *, columns: Collection[str] | None = None) -> SourceLayer:
        """Read a polygon layer with what its reader has to say about it.

        Parameters
        ----------
        columns
            The columns that are needed; all where None.

        Raises
        ------
        UsageError
            There is no such layer, or it is a table.
        InputError, CrsError
            Its file cannot be read, or a value is not of the type that the schema gives its field.
        """
        spec = self.polygons(layer_id)
        found = read_layers(spec.path, columns=columns)
        if len(found) > 1:
            found = read_layers(spec.path, source_layer=layer_id, columns=columns)
        frame = found[0].frame
        _set_types(frame, _fields(layer_id), spec.path, range(1, len(frame) + 1))
        return replace(found[0], name=layer_id)

    def layer(self, layer_id: str, *, columns: Collection[str] | None = None) -> gpd.GeoDataFrame:
        """Read a polygon layer: every row, with a RangeIndex; a row without a shape has a null geometry.

        Raises
        ------
        UsageError, InputError, CrsError
            As `source`.
        """
        return self.source(layer_id, columns=columns).frame

    def table(self, layer_id: str) -> pd.DataFrame:
        """Read a table: text as text, dates as datetime64, numbers and truth values nullable, all by the schema.

        Raises
        ------
        UsageError
            There is no such layer, or it has shapes.
        InputError
            Its file cannot be read, or a value is not of the type that the schema gives its field.
        """
        spec = self._spec(layer_id)
        if not spec.is_table:
            raise UsageError("workspace.is_layer", layer=layer_id, file=spec.path)
        names, rows, lines = _read_csv(spec.path)
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        cells = {name: [cell or None for cell in column] for name, column in zip(names, columns, strict=True)}
        frame = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in cells.items()})
        _set_types(frame, _fields(layer_id), spec.path, lines)
        return frame

    def polygons(self, layer_id: str) -> LayerSpec:
        """Return what is said of a polygon layer.

        Raises
        ------
        UsageError
            There is no such layer, or it is a table.
        """
        spec = self._spec(layer_id)
        if spec.is_table:
            raise UsageError("workspace.is_table", layer=layer_id, file=spec.path)
        return spec

    def _spec(self, layer_id: str) -> LayerSpec:
        if layer_id not in self.layers:
            raise UsageError("workspace.no_layer", layer=layer_id, layers=", ".join(self.layers))
        return self.layers[layer_id]


def open_workspace(path: str | PathLike[str] | None = None) -> Workspace:
    """Open the workspace at `path` (its folder or its ``landkit.toml``), else ``.``, else ``./layers``.

    Raises
    ------
    UsageError
        There is no workspace.
    InputError
        Its ``landkit.toml`` is corrupt, or names a file that is missing or outside the folder.
    """
    settings = _find(path)
    said = read_settings(settings)
    return Workspace(settings.parent, said.zone, said.sliver_m2, said.layers)


def _find(path: str | PathLike[str] | None) -> Path:
    if path is not None:
        settings = Path(path) if Path(path).name == SETTINGS else Path(path) / SETTINGS
        if not settings.is_file():
            raise UsageError("workspace.not_there", folder=path)
        return settings
    for settings in (Path(SETTINGS), Path("layers", SETTINGS)):
        if settings.is_file():
            return settings
    raise UsageError("workspace.none")


def _fields(layer_id: str) -> Mapping[str, Field]:
    known = schema()
    return known.layers[layer_id].fields if layer_id in known.layers else known.common


def _read_csv(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the headings, the rows and the line on which each row ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader, [])
            rows, lines = [], []
            for row in reader:
                if not row:
                    continue
                if len(row) != len(names):
                    raise InputError(
                        "workspace.ragged", file=path, line=reader.line_num, found=len(row), wanted=len(names)
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise InputError("workspace.csv", file=path, detail=str(error)) from error
    if len(set(names)) < len(names) or not names:
        raise InputError("workspace.headings", file=path)
    return names, rows, lines


def _set_types(frame: pd.DataFrame, fields: Mapping[str, Field], path: Path, places: Sequence[int]) -> None:
    """Give the text columns of `frame` the types of the schema, in place."""
    for name in frame.columns:
        if name in fields and frame[name].dtype == "str":
            typed = _typed(frame[name], fields[name].type)
            bad = frame[name].notna() & typed.isna()
            if bad.any():
                row = int(bad.to_numpy().argmax())
                raise InputError(
                    "workspace.cell", file=path, line=places[row], column=name, value=frame[name].iloc[row],
                    type=fields[name].type,
                )  # fmt: skip
            frame[name] = typed


def _typed(text: pd.Series[str], kind: str) -> pd.Series[Any]:
    if kind == "float":
        numbers = pd.to_numeric(text, errors="coerce").astype("float64")
        return numbers.where(numbers.abs() < float("inf"))
    if kind == "int":
        whole = text.where(text.str.fullmatch(r"[+-]?\d{1,18}"))
        return pd.to_numeric(whole).astype("Int64")
    if kind == "bool":
        return text.str.lower().map(_TRUTHS).astype("boolean")
    if kind in ("date", "datetime"):
        return pd.to_datetime(text, format="ISO8601", errors="coerce")
    return text


def write_example(path: str | PathLike[str], *, force: bool = False) -> Path:
    """Write the example workspace, Jinhua Development Zone 2022, into a new or empty folder.

    Parameters
    ----------
    force
        Write into a folder that holds something, replacing files of the same names and leaving the others.

    Returns
    -------
    Path
        The folder. It is there with every file or, after an error, not at all.

    Raises
    ------
    UsageError
        There is a file of that name, the folder is not empty, or it cannot be written.
    """
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise UsageError("workspace.target_file", folder=target)
    occupied = target.is_dir() and any(target.iterdir())
    if occupied and not force:
        raise UsageError("workspace.target_taken", folder=target)
    try:
        _put_in_place(target, occupied)
    except OSError as error:
        raise UsageError("workspace.target_failed", folder=target, detail=error.strerror) from error
    return target


def _put_in_place(target: Path, occupied: bool) -> None:
    """Write the files beside `target`, then rename: the folder where it is new or empty, else file by file."""
    beside = target.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    draft = beside / f".landkit-{secrets.token_hex(8)}"
    draft.mkdir()
    try:
        for file in _example_files():
            (draft / file.name).write_bytes(file.read_bytes())
        if occupied:
            for written in draft.iterdir():
                written.replace(target / written.name)
        else:
            if target.is_dir():
                target.rmdir()
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _example_files() -> list[Traversable]:
    """Return the files of the example: those of the checkout, else those that the wheel carries."""
    checkout = Path(__file__).parents[1] / "layers"
    folder: Traversable = checkout if (checkout / SETTINGS).is_file() else resources.files("landkit.example")
    kept = (".toml", ".md", *SUFFIXES)
    return sorted((file for file in folder.iterdir() if file.name.endswith(kept)), key=lambda file: file.name)
